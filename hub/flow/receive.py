"""A message comes in: its documents are kept, it is read, and it is accepted or turned away.

This is the first chapter of a message's life: claim-check (`intake`), read and validate (the adapter), judge and
publish (`accept`). It answers with a value; how that is said to the sender is for the adapter and the ingress.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import NamedTuple

import structlog

from hub.clock import Clock
from hub.config.connection import Connection
from hub.errors import HubUnavailable, MessageRefused
from hub.flow.accept import Door
from hub.flow.dedupe import refusal_id
from hub.flow.intake import Intake, TakenIn
from hub.ledger.contract import Ledger
from hub.ledger.entries import Refusal, Seen
from hub.observe.metrics import Count, Metrics
from hub.payloads.contract import Payloads
from hub.ports.contracts import Document, Inbound, MessageRefusal

log = structlog.get_logger()

# StUF 03.01 table 8.1: the message cannot be stored. The sender offers it again.
_CANNOT_STORE = MessageRefusal("StUF046", "Het bericht kan niet worden opgeslagen", "", 0, 503)


class Entrance(NamedTuple):
    """An inbound connection: its adapter, and the topic that takes its messages."""

    connection: Connection
    inbound: Inbound
    topic: str


class Welcome(NamedTuple):
    """The bus has the message; `seen` is the same for a resend as it was for the first."""

    document: Document
    seen: Seen


class TurnedAway(NamedTuple):
    """The message is not accepted; `body` is what there is of it, enough to tell whom to answer."""

    refusal: MessageRefusal
    body: bytes
    message_id: str
    at: datetime


class Reception:
    """Receives the messages of all inbound connections of one process."""

    def __init__(self, *, door: Door, payloads: Payloads, ledger: Ledger, clock: Clock, metrics: Metrics) -> None:
        self._door = door
        self._intake = Intake(payloads)
        self._ledger = ledger
        self._clock = clock
        self._metrics = metrics

    async def receive(
        self, entrance: Entrance, chunks: AsyncIterator[bytes], headers: Mapping[str, str]
    ) -> Welcome | TurnedAway:
        """Receive one message; `headers` are those of HTTP, with lower-case names."""
        name = entrance.connection.connection
        taken = TakenIn(b"", (), 0)
        try:
            taken = await self._intake.take(
                chunks,
                headers,
                content_elements=entrance.inbound.content_elements,
                limits=entrance.connection.policy,
            )
            if taken.wrong is not None:
                raise taken.wrong
            document = entrance.inbound.read(taken.body, headers, validate=True)
            accepted = await self._door.accept(
                document, taken.body, connection=name, topic=entrance.topic, http=headers, references=taken.references
            )
        except MessageRefused as refused:
            await self._intake.forget(taken)
            return await self._turn_away(name, refused, taken)
        except HubUnavailable as down:
            # Its documents stay: the bus may have the message although it did not say so, and then they are needed.
            log.warning("not_accepted", connection=name, code=down.code, reason=down.reason)
            now = self._clock.now()
            return TurnedAway(_CANNOT_STORE, taken.body, refusal_id(name, taken.body, now), now)
        if accepted.resent:
            await self._intake.forget(taken)
            self._metrics.count(Count.DUPLICATES, name)
        self._metrics.count(Count.ACCEPTED, name)
        return Welcome(document, accepted.seen)

    async def _turn_away(self, name: str, refused: MessageRefused, taken: TakenIn) -> TurnedAway:
        now = self._clock.now()
        identity = refusal_id(name, taken.body, now)
        self._metrics.count(Count.REFUSED, name, refused.code)
        log.info("refused", connection=name, message=identity, code=refused.code, path=refused.path, line=refused.line)
        refusal = Refusal(
            name, identity, refused.code, refused.reason, refused.path, refused.line, taken.size_bytes, now
        )
        try:
            await self._ledger.refused([refusal])
        except HubUnavailable:
            log.warning("refusal_not_recorded", connection=name, message=identity)
        told = MessageRefusal(refused.code, refused.reason, refused.path, refused.line, refused.status)
        return TurnedAway(told, taken.body, identity, now)
