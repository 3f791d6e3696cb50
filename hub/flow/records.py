"""What a raw inbound record carries beside its bytes: the `zh_*` headers, written at the door, read by the worker.

Also the packing of headers for the ledger, where a parked record is kept whole. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

import orjson

from hub.bus.contract import Headers, Received, Record
from hub.config import policy
from hub.observe.trace import HEADER, is_traceparent
from hub.ports.contracts import Document
from hub.wire.text import plain

UNTIL = "zh_until"
"""Header of a record, raw or canonical, whose sender waits for the outcome: until when."""

TRACEPARENT = "ce_traceparent"
"""Header of an event whose sender said which trace its message is part of (CloudEvents, Distributed Tracing)."""

REMARKS = "zh_remarks"
"""Header of a raw record: what was wrong with the message although it was taken. Most have none."""

EFFECT = "zh_effect"
"""Header beside it on the event: the key of its effect, which is forgotten when it is not done."""


class Origin(NamedTuple):
    """Where a message came from, and what the door made of it. `http` are the HTTP headers a protocol needs.

    `until` is how long a sender waits for the outcome of a synchronous change: what is not done by then is not done.
    `remarks` are those of the document, shortened.
    """

    message_id: str
    accepted_at: datetime
    kind: str
    sender: str
    reference: str
    zaak: str
    subject: str
    content_hash: str
    http: dict[str, str]
    until: datetime | None = None
    remarks: str = ""

    @classmethod
    def of(
        cls,
        document: Document,
        *,
        message_id: str,
        content_hash: str,
        at: datetime,
        http: Mapping[str, str],
        until: datetime | None = None,
    ) -> Origin:
        """Take over what the document says."""
        return cls(
            message_id=message_id,
            accepted_at=at,
            kind=document.kind,
            sender=document.sender,
            reference=document.reference,
            zaak=document.zaak,
            subject=document.subject,
            content_hash=content_hash,
            http={name: value for name, value in http.items() if _describes(name) or _traces(name, value)},
            until=until,
            remarks=shortened(document.remarks),
        )

    def record(self, topic: str, body: bytes) -> Record:
        """Give the record for the bus: the zaak is the key, so its messages keep their order."""
        return Record(topic, self.zaak.encode(), body, self.headers())

    def headers(self) -> Headers:
        """Give the headers of the record."""
        return (
            ("zh_id", self.message_id.encode()),
            ("zh_at", self.accepted_at.isoformat().encode()),
            ("zh_kind", self.kind.encode()),
            ("zh_sender", self.sender.encode()),
            ("zh_reference", self.reference.encode()),
            ("zh_zaak", self.zaak.encode()),
            ("zh_subject", self.subject.encode()),
            ("zh_hash", self.content_hash.encode()),
            *((name, value.encode()) for name, value in self.http.items()),
            *(((UNTIL, self.until.isoformat().encode()),) if self.until else ()),
            *(((REMARKS, self.remarks.encode()),) if self.remarks else ()),
        )

    @classmethod
    def read(cls, headers: Headers) -> Origin:
        """Read the headers back; raises KeyError when the record was not written by a door of this hub."""
        text = {name: value.decode() for name, value in headers}
        return cls(
            message_id=text["zh_id"],
            accepted_at=datetime.fromisoformat(text["zh_at"]),
            kind=text["zh_kind"],
            sender=text["zh_sender"],
            reference=text["zh_reference"],
            zaak=text["zh_zaak"],
            subject=text["zh_subject"],
            content_hash=text["zh_hash"],
            http={name: value for name, value in text.items() if _describes(name) or name == HEADER},
            until=datetime.fromisoformat(text[UNTIL]) if UNTIL in text else None,
            remarks=text.get(REMARKS, ""),
        )


def _describes(name: str) -> bool:
    """Say whether an HTTP header tells what the body is; CloudEvents in binary mode are told by `ce-` headers."""
    return name in {"content-type", "soapaction"} or name.startswith("ce-")


def _traces(name: str, value: str) -> bool:
    return name == HEADER and is_traceparent(value)


def shortened(places: Iterable[str]) -> str:
    """Give what is kept with a message of places in it: sentences or paths, no values."""
    told = plain("; ".join(places))
    return told if len(told) <= policy.REMARKS_CHARS_MAX else f"{told[: policy.REMARKS_CHARS_MAX - 1]}…"


def awaited(headers: Headers, effect_key: str) -> Headers:
    """Give what an event carries on of a raw record whose sender waits; nothing of one whose sender does not."""
    until = tuple(each for each in headers if each[0] == UNTIL)
    return (*until, (EFFECT, effect_key.encode())) if until else ()


def traced(headers: Headers) -> Headers:
    """Give what an event carries on of the trace that its sender named."""
    return tuple((TRACEPARENT, value) for name, value in headers if name == HEADER)


def pack_headers(headers: Headers) -> bytes:
    """Pack headers as JSON; every header of ours is UTF-8 text."""
    return orjson.dumps([[name, value.decode()] for name, value in headers])


def unpack_headers(packed: bytes) -> Headers:
    """Undo `pack_headers`."""
    return tuple((name, value.encode()) for name, value in orjson.loads(packed))


def lane_of(record: Received) -> str:
    """Give the ordering key of a record: the zaak."""
    return record.key.decode()
