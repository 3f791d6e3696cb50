"""The canonical event: a CloudEvent in the NL GOV profile, and its Kafka binary-mode binding.

Source: CloudEvents 1.0 §2 and its Kafka binding §3.2 (`ce_*` headers, value = data); NL GOV profile for CloudEvents
(source = URN with the OIN, reverse-DNS type with version).
It knows nothing of a bus or an adapter.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

import orjson

Headers = tuple[tuple[str, bytes], ...]


class Event(NamedTuple):
    """One canonical event.

    `id` is a UUIDv5 of what the sender said, so that a resend has the same id. `subject` is the zaakidentificatie, the
    ordering key; never personal data. `data` follows the event type's model in `hub.event.catalogue`.
    `trace` names what caused it: connection, message id, revision of the mapping.
    """

    id: str
    type: str
    source: str
    subject: str
    time: datetime
    data: dict[str, Any]
    connection: str
    cause: str
    revision: str

    def value(self) -> bytes:
        """Give the record value: the data as JSON."""
        return orjson.dumps(self.data)

    def headers(self) -> Headers:
        """Give the `ce_*` headers of CloudEvents Kafka binary mode; our extensions are lower case letters only."""
        return (
            ("content-type", b"application/json; charset=utf-8"),
            ("ce_specversion", b"1.0"),
            ("ce_id", self.id.encode()),
            ("ce_type", self.type.encode()),
            ("ce_source", self.source.encode()),
            ("ce_subject", self.subject.encode()),
            ("ce_time", self.time.isoformat().encode()),
            ("ce_koppeling", self.connection.encode()),
            ("ce_oorzaak", self.cause.encode()),
            ("ce_revisie", self.revision.encode()),
        )

    @classmethod
    def read(cls, headers: Headers, value: bytes) -> Event:
        """Read an event from a record; raises KeyError or ValueError when it is not one of ours."""
        attributes = dict(headers)

        def text(name: str) -> str:
            return attributes[name].decode()

        return cls(
            id=text("ce_id"),
            type=text("ce_type"),
            source=text("ce_source"),
            subject=text("ce_subject"),
            time=datetime.fromisoformat(text("ce_time")),
            data=orjson.loads(value),
            connection=text("ce_koppeling"),
            cause=text("ce_oorzaak"),
            revision=text("ce_revisie"),
        )
