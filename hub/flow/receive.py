"""A message comes in: its documents are kept, it is read, and it is accepted, answered or turned away.

This is the first chapter of a message's life: claim-check (`intake`), read and validate (the adapter), judge and
publish (`accept`); a question goes to `ask` instead, and a sender that waits for the outcome waits with `witness`. It
answers with a value; how that is said to the sender is for the adapter and the ingress.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta
from functools import partial

import structlog

from hub.clock import Clock
from hub.errors import HubUnavailable, MessageRefused
from hub.flow.accept import Door
from hub.flow.cross import Crosser
from hub.flow.dedupe import refusal_id
from hub.flow.entrance import Answered, Entrance, Fulfilled, Ignored, Incoming, Received, TurnedAway, Welcome
from hub.flow.gate import Denial, NotAdmitted
from hub.flow.intake import Intake, TakenIn
from hub.flow.keepable import check_keys, worded
from hub.flow.outcome import TOO_LATE, Reason, reason_of
from hub.flow.status import retry_after_of, status_of
from hub.flow.witness import Done, NotDone, Witness
from hub.ledger.contract import Ledger
from hub.ledger.entries import Asked, MessageKey, Refusal, Seen
from hub.observe import trace
from hub.observe.metrics import Count, Metrics
from hub.payloads.contract import Payloads
from hub.ports.contracts import Batch, Batched, Document, Expects, MessageRefusal, Part, Selective

log = structlog.get_logger()

NOT_SUPPORTED = "StUF040"

_TOO_LATE = Reason(TOO_LATE, "it is not known in time whether it was done", "doelsysteem", "send it again", "")

# StUF 03.01 table 8.1: the message cannot be stored. The sender offers it again.
_CANNOT_STORE = MessageRefusal("StUF046", "Het bericht kan niet worden opgeslagen", "", 0, 503)


class Reception:
    """Receives the messages of all inbound connections of one process."""

    def __init__(self, *, door: Door, payloads: Payloads, ledger: Ledger, clock: Clock, metrics: Metrics) -> None:
        self._door = door
        self._witness = Witness(ledger=ledger, clock=clock)
        self._intake = Intake(payloads)
        self._ledger = ledger
        self._clock = clock
        self._metrics = metrics
        self._crosser = Crosser(self._take, payloads=payloads, ledger=ledger, clock=clock)

    async def receive(
        self, entrance: Entrance, chunks: AsyncIterator[bytes], headers: Mapping[str, str], *, path: str = ""
    ) -> Received:
        """Receive one message; `headers` are those of HTTP, with lower-case names, `path` what the URL ends with."""
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
            entrance.gate.admit_message(taken.body, headers, self._clock.now())
            if (early := await self._early(entrance, taken, headers)) is not None:
                return early
            incoming = Incoming(entrance, taken, headers, path)
            with trace.begun(headers.get(trace.HEADER, "")):
                if entrance.old is None:
                    return await self._take(incoming)
                return await self._crosser.cross(incoming, entrance.old)
        except MessageRefused as refused:
            await self._intake.forget(taken)
            return await self._turn_away(name, refused, taken)
        except HubUnavailable as down:
            # Its documents stay: the bus may have the message although it did not say so, and then they are needed.
            log.warning("not_accepted", connection=name, code=down.code, reason=down.reason)
            now = self._clock.now()
            return TurnedAway(_CANNOT_STORE, taken.body, refusal_id(name, taken.body, now), now)

    async def _take(self, incoming: Incoming) -> Received:
        """Do what a message asks for; raises MessageRefused or HubUnavailable."""
        entrance, taken, headers, _ = incoming
        name = entrance.connection.connection
        document = _read(entrance, taken.body, headers)
        self._say_remarks(name, document)
        if document.expects is Expects.ANSWER:
            return await self._answer(entrance, document, taken, headers)
        accepted = await self._door.accept(
            document,
            taken.body,
            connection=name,
            topic=entrance.topic,
            http=headers,
            references=taken.references,
            until=self._until(entrance, document),
        )
        if accepted.resent:
            await self._intake.forget(taken)
            self._metrics.count(Count.DUPLICATES, name)
        self._metrics.count(Count.ACCEPTED, name)
        if document.expects is Expects.OUTCOME or entrance.connection.acknowledge == "delivered":
            return await self._outcome(entrance, document, accepted.seen, taken)
        return Welcome(document, accepted.seen)

    def not_admitted(self, name: str, denial: Denial, *, body: bytes = b"", caller: str = "") -> TurnedAway:
        """Turn away somebody who may not send here. It is counted and logged; the ledger is for who may.

        `caller` is the address, for the log.
        """
        now = self._clock.now()
        self._metrics.count(Count.NOT_ADMITTED, name, denial.check)
        log.warning("not_admitted", connection=name, check=denial.check, reason=denial.reason, address=caller)
        return TurnedAway(denial.refusal, body, refusal_id(name, body, now), now)

    async def _answer(
        self, entrance: Entrance, document: Document, taken: TakenIn, headers: Mapping[str, str]
    ) -> Answered | TurnedAway:
        now = self._clock.now()
        identity = refusal_id(entrance.connection.connection, taken.body, now)
        await self._intake.forget(taken)
        say = partial(entrance.conversing.answered, document, message_id=identity, at=now, headers=headers)
        try:
            return Answered(document, await entrance.asker.ask(document, say))
        except MessageRefused:
            raise
        except Exception as error:  # noqa: BLE001 - the sender gets a fault whatever it was
            reason = reason_of(error)
            told = _told(reason)._replace(http_status=status_of(error), retry_after_s=retry_after_of(error))
        return self._not_done(entrance, document, reason, TurnedAway(told, taken.body, identity, now))

    async def _outcome(
        self, entrance: Entrance, document: Document, seen: Seen, taken: TakenIn
    ) -> Fulfilled | Welcome | TurnedAway:
        """Wait with the sender. An asynchronous message is kept whatever comes: it is acknowledged in any case."""
        connection = entrance.connection
        if not entrance.delivers(document.kind):
            return Welcome(document, seen)
        asked = Asked(seen.message_id, connection.connection, connection.delivers_to)
        settled = await self._witness.settled(asked, within_s=connection.policy.answer_within_s)
        if isinstance(settled, Done):
            return Fulfilled(document, seen)
        if document.expects is Expects.RECEIPT:
            return Welcome(document, seen)
        self._door.forget(MessageKey(connection.connection, document.sender, document.reference))
        reason = settled.reason if isinstance(settled, NotDone) else _TOO_LATE
        told = TurnedAway(_told(reason), taken.body, seen.message_id, self._clock.now())
        return self._not_done(entrance, document, reason, told)

    def _until(self, entrance: Entrance, document: Document) -> datetime | None:
        """Say until when a synchronous change may be done; raises MessageRefused where nobody could do it."""
        if document.expects is not Expects.OUTCOME:
            return None
        if not entrance.delivers(document.kind):
            raise MessageRefused(
                "no system takes this change from here", code=NOT_SUPPORTED, advice="write asks: in connection.yaml"
            )
        return self._clock.now() + timedelta(seconds=entrance.connection.policy.answer_within_s)

    def _not_done(self, entrance: Entrance, document: Document, reason: Reason, told: TurnedAway) -> TurnedAway:
        name = entrance.connection.connection
        log.warning(
            "not_done",
            connection=name,
            kind=document.kind,
            message=told.message_id,
            code=reason.code,
            fault=reason.fault,
            reason=reason.text,
            where=reason.where,
        )
        return told

    async def _early(self, entrance: Entrance, taken: TakenIn, headers: Mapping[str, str]) -> Received | None:
        """Deal with what is not one message to keep: several in one request, or nothing; None for what is one."""
        inbound = entrance.inbound
        if isinstance(inbound, Batched) and (batch := inbound.batch(taken.body, headers)) is not None:
            return await self._several(entrance, batch)
        if isinstance(inbound, Selective) and inbound.ignores(taken.body, headers):
            await self._intake.forget(taken)
            self._metrics.count(Count.IGNORED, entrance.connection.connection)
            return Ignored()
        return None

    async def _several(self, entrance: Entrance, batch: Batch) -> Welcome | Ignored:
        """Accept the messages of one request, all or none; after a failure halfway the sender sends all again."""
        name, inbound = entrance.connection.connection, entrance.inbound
        wanted = [
            part
            for part in batch.parts
            if not (isinstance(inbound, Selective) and inbound.ignores(part.body, part.headers))
        ]
        documents = [_read_part(entrance, part) for part in wanted]
        welcome: Welcome | Ignored = Ignored()
        for part, document in zip(wanted, documents, strict=True):
            self._say_remarks(name, document)
            accepted = await self._door.accept(
                document, part.body, connection=name, topic=entrance.topic, http=part.headers, references=()
            )
            if accepted.resent:
                self._metrics.count(Count.DUPLICATES, name)
            self._metrics.count(Count.ACCEPTED, name)
            welcome = Welcome(batch.whole or document, accepted.seen)
        return welcome

    def _say_remarks(self, name: str, document: Document) -> None:
        if document.remarks:
            self._metrics.count(Count.REMARKED, name)
            log.warning("message_wrong_but_taken", connection=name, kind=document.kind, remarks=document.remarks)

    async def _turn_away(self, name: str, refused: MessageRefused, taken: TakenIn) -> TurnedAway:
        if isinstance(refused, NotAdmitted):
            return self.not_admitted(name, refused.denial, body=taken.body)
        now = self._clock.now()
        identity = refusal_id(name, taken.body, now)
        self._metrics.count(Count.REFUSED, name, refused.code)
        reason, path = worded(refused.reason), worded(refused.path)
        log.info("refused", connection=name, message=identity, code=refused.code, path=path, line=refused.line)
        refusal = Refusal(name, identity, refused.code, reason, path, refused.line, taken.size_bytes, now)
        try:
            await self._ledger.refused([refusal])
        except HubUnavailable:
            log.warning("refusal_not_recorded", connection=name, message=identity)
        answer = MessageRefusal(refused.code, reason, path, refused.line, refused.status, status_of(refused))
        return TurnedAway(answer, taken.body, identity, now)


def _read(entrance: Entrance, body: bytes, headers: Mapping[str, str]) -> Document:
    """Read and validate a message; raises MessageRefused, also for one that the hub could not keep."""
    document = entrance.inbound.read(body, headers, validate=True)
    check_keys(document)
    return document


def _read_part(entrance: Entrance, part: Part) -> Document:
    document = _read(entrance, part.body, part.headers)
    return document._replace(remarks=(*document.remarks, *part.remarks))


def _told(reason: Reason) -> MessageRefusal:
    return MessageRefusal(reason.code, reason.text, "", 0, 500)
