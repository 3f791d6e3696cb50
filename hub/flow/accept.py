"""At the door: a message is judged, put on the bus, and only then acknowledged (promise 1).

Messages that arrive together are judged with one look in the ledger and published with one flush. When the ledger is
down accepting goes on: the bus holds the truth, and the worker judges again with authority.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import NamedTuple

import structlog

from hub.bus.contract import Bus, Record
from hub.clock import Clock
from hub.config import policy
from hub.errors import HubUnavailable, MessageRefused
from hub.flow.dedupe import content_hash, message_id
from hub.flow.group import Group
from hub.flow.keepable import check_keys
from hub.flow.persons import Pseudonym, keyed
from hub.flow.records import Origin
from hub.ledger.contract import Ledger
from hub.ledger.entries import MessageKey, Seen
from hub.ports.contracts import Document
from hub.wire.xml import NOT_XML

log = structlog.get_logger()


class Accepted(NamedTuple):
    """The bus has it. A resend gets the id and time of the first, so that its acknowledgement is the same."""

    seen: Seen
    resent: bool


class _Candidate(NamedTuple):
    key: MessageKey
    seen: Seen
    record: Record


class Door:
    """Accepts the messages of all inbound connections of one process."""

    def __init__(self, *, bus: Bus, ledger: Ledger, clock: Clock, pseudonym: Pseudonym) -> None:
        self._pseudonym = pseudonym
        self._bus = bus
        self._ledger = ledger
        self._clock = clock
        self._recent: OrderedDict[MessageKey, Seen] = OrderedDict()
        self._decide = Group[_Candidate, Accepted | None](self._decide_all, size_max=policy.INTAKE_GROUP_MAX)

    async def accept(
        self,
        document: Document,
        body: bytes,
        *,
        connection: str,
        topic: str,
        http: Mapping[str, str],
        references: Sequence[str],
        until: datetime | None = None,
    ) -> Accepted:
        """Return when the message is durable, or was so already.

        `references` name the contents that were taken out of `body`; `until` see `Origin`. Raises MessageRefused
        (StUF016: the number was used for another message; or it can't be kept as it is) or HubUnavailable (nothing
        kept; the sender may try again).
        """
        if len(self._decide) >= policy.INTAKE_WAITING_MAX:
            raise HubUnavailable("too many messages wait for the bus", code="druk", advice="send again later")
        document = keyed(document, self._pseudonym)
        # What the bus or the ledger would not take is told here: below, others are in the same group.
        check_keys(document)
        hashed = _hashed(document, references)
        now = self._clock.now()
        name = message_id(connection, document, hashed, now)
        origin = Origin.of(document, message_id=name, content_hash=hashed, at=now, http=http, until=until)
        key = MessageKey(connection, document.sender, document.reference)
        record = origin.record(topic, body)
        _check_size(origin, record)
        accepted = await self._decide(_Candidate(key, Seen(name, hashed, now), record))
        if accepted is None:
            # StUF 03.01 §4.4: the same zender and referentienummer with other content.
            raise MessageRefused(
                "Combinatie zender en referentienummer niet uniek",
                code="StUF016",
                path="stuurgegevens/referentienummer",
                advice="send it under a new referentienummer",
            )
        return accepted

    def forget(self, key: MessageKey) -> None:
        """Forget a message that was not done after all: its sender may offer it again."""
        self._recent.pop(key, None)

    async def _decide_all(self, group: Sequence[_Candidate]) -> list[Accepted | None]:
        known = await self._known([each.key for each in group])
        first: dict[MessageKey, Seen] = {}
        fresh: list[_Candidate] = []
        for each in group:
            if not each.key.reference:
                fresh.append(each)
            elif each.key not in known and each.key not in first:
                first[each.key] = each.seen
                fresh.append(each)
        if fresh:
            await self._bus.publish([each.record for each in fresh])
        for key, seen in first.items():
            self._remember(key, seen)
        new = {id(each) for each in fresh}
        return [
            Accepted(each.seen, resent=False) if id(each) in new else _resend(each, (known | first)[each.key])
            for each in group
        ]

    async def _known(self, keys: Sequence[MessageKey]) -> dict[MessageKey, Seen]:
        recent = {key: self._recent[key] for key in keys if key in self._recent}
        asked = [key for key in keys if key.reference and key not in recent]
        try:
            return (await self._ledger.seen(asked) if asked else {}) | recent
        except HubUnavailable:
            log.warning("ledger_unavailable_at_the_door", keys=len(asked))
            return recent

    def _remember(self, key: MessageKey, seen: Seen) -> None:
        self._recent[key] = seen
        if len(self._recent) > policy.INTAKE_RECENT_MAX:
            self._recent.popitem(last=False)


def _hashed(document: Document, references: Sequence[str]) -> str:
    try:
        return content_hash(document, references)
    except TypeError:
        # orjson reads JSON that nests 1,024 deep, and writes 254.
        raise MessageRefused("the message nests too deep", code=NOT_XML, status=HTTPStatus.BAD_REQUEST) from None


def _check_size(origin: Origin, record: Record) -> None:
    if sum(len(name) + len(value) for name, value in origin.http.items()) > policy.HTTP_HEADERS_BYTES_MAX:
        raise MessageRefused(
            f"the headers are more than {policy.HTTP_HEADERS_BYTES_MAX} bytes",
            code=NOT_XML,
            status=HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
        )
    if record.size_bytes > policy.RECORD_BYTES_MAX:
        raise MessageRefused(
            f"the message without its documents is larger than {policy.RECORD_BYTES_MAX} bytes",
            code=NOT_XML,
            status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        )


def _resend(candidate: _Candidate, first: Seen) -> Accepted | None:
    return Accepted(first, resent=True) if first.content_hash == candidate.seen.content_hash else None
