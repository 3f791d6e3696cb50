"""A question: mapped, asked, its answer mapped back, in the call in which it came. The bus gets the audit record only.

Three mappings: the asker's makes a canonical question of the message; the target's makes the canonical answer of what
the target says; the asker's own makes the message that goes back. A number is the one question that the hub can answer
itself. What goes wrong is raised, as everywhere; how that is said to the sender is for `receive` and the adapter.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from collections.abc import Mapping as Table
from datetime import datetime
from typing import Any, NamedTuple

import orjson
import structlog

from hub.bus.contract import Bus, Record
from hub.clock import Clock
from hub.config.connection import Connection
from hub.config.numbers import frame
from hub.errors import (
    HubError,
    HubUnavailable,
    MappingFailed,
    MessageRefused,
    TargetMisconfigured,
    TargetUnavailable,
)
from hub.event.vragen import NUMMER, QUESTION_TYPES, QuestionType, answer_kind
from hub.flow.fit import check_event
from hub.flow.keep import Keeper
from hub.flow.logboek import Processing, Seal, records
from hub.flow.minimise import NOT_AUTHORISED, Minimised, minimise, narrowed, permission, without_others
from hub.flow.outcome import TOO_LATE, UNEXPECTED
from hub.flow.remembered import Given, Remembered
from hub.flow.source import Source
from hub.ledger.contract import Ledger
from hub.ledger.entries import MessageKey
from hub.mapping.demand import Reading, wanted
from hub.mapping.run import Made, Mapping
from hub.observe import trace
from hub.observe.metrics import Count, Metrics
from hub.payloads.contract import Payloads
from hub.ports.contracts import Client, Document, Inbound, Inquiry, Lookup, Scoped

log = structlog.get_logger()

Current = Callable[[], Table[str, Mapping]]
"""Gives the mappings of a connection as they are at this moment."""

_ANSWERED = "beantwoord"


class Answerer(NamedTuple):
    """A connection that answers questions; its answers are `remembered` where it says so."""

    connection: str
    lookup: Lookup
    client: Client
    mappings: Current
    remembered: Remembered | None = None


class Answer(NamedTuple):
    """What goes back: a message or data. When it is sent, `forget` drops the contents that were kept for it."""

    body: dict[str, Any] | bytes
    forget: Callable[[], Awaitable[None]]


class Asker:
    """Answers the questions of one inbound connection."""

    def __init__(
        self,
        connection: Connection,
        *,
        inbound: Inbound,
        mappings: Current,
        answerers: Sequence[Answerer],
        gemeente: str,
        audit_topic: str,
        log_topic: str,
        seal: Seal,
        bus: Bus,
        ledger: Ledger,
        payloads: Payloads,
        clock: Clock,
        metrics: Metrics,
    ) -> None:
        """Take who answers: without anybody only numbers of the hub's own are given out."""
        self._connection = connection
        self._inbound = inbound
        self._mappings = mappings
        self._answerers = answerers
        self._gemeente = gemeente
        self._audit_topic = audit_topic
        self._log_topic = log_topic
        self._seal = seal
        self._bus = bus
        self._ledger = ledger
        self._payloads = payloads
        self._clock = clock
        self._metrics = metrics

    async def ask(self, document: Document) -> Answer:
        """Answer one question; raises MappingFailed, MessageRefused, TargetFailed or HubUnavailable.

        What takes longer than the sender waits is TargetUnavailable.
        """
        outcome, begun = UNEXPECTED, self._clock.now()
        keeper, processing = Keeper(self._payloads), Processing()
        try:
            async with asyncio.timeout(self._connection.policy.answer_within_s):
                answer = await self._answer(document, keeper, processing)
            await self._log(document, processing, begun, ok=True)
            outcome = _ANSWERED
            return Answer(answer, keeper.forget)
        except TimeoutError:
            outcome = TOO_LATE
            raise TargetUnavailable(
                f"no answer within {self._connection.policy.answer_within_s:g} s", code=outcome, advice="ask again"
            ) from None
        except HubError as error:
            outcome = error.code
            raise
        finally:
            if outcome != _ANSWERED:
                await keeper.forget()
                await self._log_failed(document, processing, begun)
            await self._account(document, outcome)

    async def _answer(self, document: Document, keeper: Keeper, processing: Processing) -> dict[str, Any] | bytes:
        source = Source.of_message(document, sender=document.sender)
        mapping = self._mapping(self._mappings(), document.kind, self._connection.connection)
        question = _data(mapping, self._made(mapping, source))
        asked = QUESTION_TYPES.get(mapping.gives)
        if asked is None:
            raise MappingFailed(f"{mapping.gives} is no question type", rule=mapping.file)
        back = self._mapping(self._mappings(), answer_kind(document.kind), self._connection.connection)
        minimised = None
        if asked.has_velden:
            minimised = self._minimised(asked, document, question, back.readings(context=source.context), processing)
            question["velden"] = list(minimised.velden)
        if asked.name == NUMMER and self._connection.numbers.source == "hub":
            answer = {"identificatie": await self._number(document, question)}
        elif asked.name == NUMMER:
            answer = {"identificatie": await self._number_of_target(document, asked, question, keeper)}
        else:
            answer = await self._answer_of_target(asked, question, keeper)
        if minimised is None:
            return self._made(back, Source({**answer, "vraag": question}, source.context)).body
        answer = without_others(answer, asked, minimised.velden)
        processing.saw(answer)
        body = self._made(back, Source({**answer, "vraag": question}, source.context)).body
        if minimised.withheld and isinstance(self._inbound, Scoped) and isinstance(body, bytes):
            return self._inbound.withhold(document, body, minimised.withheld)
        return body

    def _minimised(
        self,
        asked: QuestionType,
        document: Document,
        question: dict[str, Any],
        read: Sequence[Reading],
        processing: Processing,
    ) -> Minimised:
        """Say what is asked for this asker; raises MessageRefused when it may see nothing of what it asks."""
        found, model = asked.found
        allowed: Sequence[str] = tuple(model.model_fields)
        if asked.personal:
            allowed, processing.verwerking = permission(self._connection, document.sender, found)
            processing.saw(question)
        if question.get("velden"):
            minimised = Minimised(narrowed(question["velden"], allowed), ())
        else:
            scope = self._inbound.asked(document) if isinstance(self._inbound, Scoped) else None
            minimised = minimise(read if scope is None else wanted(read, scope), found, model, allowed)
        if not minimised.velden:
            raise MessageRefused(
                "this application may see nothing of what it asks for",
                code=NOT_AUTHORISED,
                advice=f"write its fields under afnemers: in {self._connection.file}",
            )
        return minimised

    async def _answer_of_target(self, asked: QuestionType, question: dict[str, Any], keeper: Keeper) -> dict[str, Any]:
        answerer = self._answerer_of(asked)
        mapping = self._mapping(answerer.mappings(), answer_kind(asked.name), answerer.connection)

        async def ask() -> Given:
            inquiry = Inquiry(answerer.client, keeper.keep, self._clock.now())
            said = await answerer.lookup.ask(asked.name, question, inquiry)
            answer = _data(mapping, self._made(mapping, Source(said, {"type": asked.name})))
            return Given(answer, passing=keeper.keeps)

        if answerer.remembered is None:
            return (await ask()).answer
        return await answerer.remembered.answer(asked, question, mapping.revision, ask)

    def _answerer_of(self, asked: QuestionType) -> Answerer:
        if not self._answerers:
            raise TargetMisconfigured(
                "nobody answers the questions of this connection",
                code="geen-beantwoorder",
                advice=f"write asks: in {self._connection.file}",
            )
        kind = answer_kind(asked.name)
        # Of one alone it is told what is missing there.
        return next((each for each in self._answerers if kind in each.mappings()), self._answerers[0])

    async def _number(self, document: Document, question: dict[str, Any]) -> str:
        soort = str(question["soort"])
        form = self._connection.numbers.form(soort)
        filled = frame(form.template, gemeente=self._gemeente, at=self._clock.now())
        return await self._ledger.reserve(
            self._key(document), soort, counter=f"{soort} {filled}", begin=form.begin, written=filled.format
        )

    async def _number_of_target(
        self, document: Document, asked: QuestionType, question: dict[str, Any], keeper: Keeper
    ) -> str:
        key, soort = self._key(document), str(question["soort"])
        known = await self._ledger.reserved(key, soort)
        if known is not None:
            return known
        number = str((await self._answer_of_target(asked, question, keeper))["identificatie"])
        await self._ledger.keep_reservation(key, soort, number)
        return number

    def _key(self, document: Document) -> MessageKey:
        return MessageKey(self._connection.connection, document.sender, document.reference)

    def _mapping(self, mappings: Table[str, Mapping], kind: str, connection: str) -> Mapping:
        mapping = mappings.get(kind)
        if mapping is None:
            raise MappingFailed(f"no mapping for {kind}", rule=f"mappings/{connection}")
        return mapping

    def _made(self, mapping: Mapping, source: Source) -> Made:
        made = mapping.make(source.body, context=source.context)
        if made.unread:
            connection = self._connection.connection
            log.warning("fields_unread", connection=connection, kind=mapping.message, fields=made.unread)
        return made

    async def _log(self, document: Document, processing: Processing, begun: datetime, *, ok: bool) -> None:
        """Write down whose data this was, before it goes out; raises HubUnavailable: then it does not go."""
        lines = records(
            processing,
            trace.current() or trace.new(),
            name=f"{self._connection.connection} {document.kind}",
            begun=begun,
            ended=self._clock.now(),
            ok=ok,
            seal=self._seal,
        )
        logged = [Record(self._log_topic, b"", line) for line in lines]
        if logged:
            await self._bus.publish(logged)

    async def _log_failed(self, document: Document, processing: Processing, begun: datetime) -> None:
        try:
            await self._log(document, processing, begun, ok=False)
        except HubUnavailable:
            # Nothing of anybody went out.
            log.warning("processing_not_logged", connection=self._connection.connection, kind=document.kind)

    async def _account(self, document: Document, outcome: str) -> None:
        """Write down that it was asked: who, what kind, of which zaak; never what the answer held."""
        name = self._connection.connection
        self._metrics.count(Count.ASKED, name, outcome)
        said = {
            "tijdstip": self._clock.now().isoformat(),
            "koppeling": name,
            "afzender": document.sender,
            "referentienummer": document.reference,
            "vraag": document.kind,
            "zaak": document.zaak,
            "uitkomst": outcome,
        }
        try:
            await self._bus.publish([Record(self._audit_topic, document.zaak.encode(), orjson.dumps(said))])
        except HubUnavailable:
            log.warning("question_not_audited", connection=name, kind=document.kind, outcome=outcome)


def kinds_asked(mappings: Table[str, Mapping]) -> Iterator[str]:
    """Give the kinds of message that are questions."""
    return (kind for kind, mapping in mappings.items() if mapping.gives in QUESTION_TYPES)


def _data(mapping: Mapping, made: Made) -> dict[str, Any]:
    if not isinstance(made.body, dict):
        raise MappingFailed(f"{mapping.gives} is a message, and data was meant", rule=mapping.file)
    check_event(made.body, mapping)
    return made.body
