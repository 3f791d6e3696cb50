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
from hub.event.vragen import NUMMER, PERSONEN, QUESTION_TYPES, QuestionType, answer_kind
from hub.flow.answerer import Answerer, Current, data_of, made, mapping_of
from hub.flow.enrich import Enricher
from hub.flow.keep import Keeper
from hub.flow.logboek import Processing, Seal, records
from hub.flow.minimise import (
    NOT_AUTHORISED,
    Minimised,
    Minimiser,
    afnemer_of,
    check_asked_by,
    narrowed,
    permission,
    without_others,
)
from hub.flow.outcome import TOO_LATE, UNEXPECTED
from hub.flow.source import Source
from hub.flow.volgen import Volger
from hub.ledger.contract import Ledger
from hub.ledger.entries import MessageKey
from hub.mapping.demand import Reading
from hub.mapping.run import Made, Mapping
from hub.observe import trace
from hub.observe.metrics import Count, Metrics
from hub.payloads.contract import Payloads
from hub.ports.contracts import Document, Inbound, Placing, Reply, Scoped

log = structlog.get_logger()

_ANSWERED, _NO_ANSWER = "beantwoord", "geen-antwoord-te-geven"
_FAILING = 400
"""From here on an HTTP status says that it failed."""


class Answer(NamedTuple):
    """What goes back: a message or data, and the `reply` that says it.

    When it is sent, `forget` drops the contents that were kept for it.
    """

    body: dict[str, Any] | bytes
    reply: Reply
    forget: Callable[[], Awaitable[None]]


Say = Callable[[dict[str, Any] | bytes], Reply]
"""Makes the reply of an answer, as the adapter of the asker says it."""


class Asker:
    """Answers the questions of one inbound connection."""

    def __init__(
        self,
        connection: Connection,
        *,
        inbound: Inbound,
        mappings: Current,
        answerers: Sequence[Answerer],
        enricher: Enricher,
        volger: Volger,
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
        self._mappings = mappings
        self._answerers = answerers
        self._enricher = enricher
        self._gemeente = gemeente
        self._audit_topic = audit_topic
        self._log_topic = log_topic
        self._seal = seal
        self._bus = bus
        self._ledger = ledger
        self._payloads = payloads
        self._clock = clock
        self._metrics = metrics
        self._minimiser = Minimiser()
        self._scoped = inbound if isinstance(inbound, Scoped) else None
        self._placing = inbound if isinstance(inbound, Placing) else None
        self._volger = volger

    async def ask(self, document: Document, say: Say) -> Answer:
        """Answer one question; raises MappingFailed, MessageRefused, TargetFailed or HubUnavailable.

        What takes longer than the sender waits is TargetUnavailable. An adapter may say that there is no answer to give
        (a form about nobody): then nobody's data goes out, and that is what is written down.
        """
        outcome, begun = UNEXPECTED, self._clock.now()
        keeper, processing = Keeper(self._payloads), Processing()
        try:
            async with asyncio.timeout(self._connection.policy.answer_within_s):
                answer = await self._answer(document, keeper, processing)
            reply = say(answer)
            if reply.status >= _FAILING:
                outcome = _NO_ANSWER
                return Answer(answer, reply, keeper.forget)
            await self._write_down(document, processing, begun, _ANSWERED)
            outcome = _ANSWERED
            return Answer(answer, reply, keeper.forget)
        except TimeoutError:
            outcome = TOO_LATE
            raise TargetUnavailable(
                f"no answer within {self._connection.policy.answer_within_s:g} s", code=outcome, advice="ask again"
            ) from None
        except HubError as error:
            outcome = error.code
            raise
        finally:
            self._metrics.count(Count.ASKED, self._connection.connection, outcome)
            if outcome != _ANSWERED:
                await keeper.forget()
                await self._write_down(document, processing, begun, outcome)

    async def _answer(self, document: Document, keeper: Keeper, processing: Processing) -> dict[str, Any] | bytes:
        source = Source.of_message(document, sender=document.sender)
        mapping = mapping_of(self._mappings(), document.kind, self._connection.connection)
        question = data_of(mapping, await self._made(mapping, source, processing))
        asked = QUESTION_TYPES.get(mapping.gives)
        if asked is None:
            raise MappingFailed(f"{mapping.gives} is no question type", rule=mapping.file)
        back = mapping_of(self._mappings(), answer_kind(document.kind), self._connection.connection)
        minimised = None
        if asked.has_velden:
            minimised = self._minimised(asked, document, question, back.readings(context=source.context), processing)
            question["velden"] = list(minimised.velden)
        else:
            self._saw_betrokkenen(document, question, processing)
        if asked.name == NUMMER and self._connection.numbers.source == "hub":
            answer: dict[str, Any] = {"identificatie": await self._number(document, question)}
        elif asked.name == NUMMER:
            answer = {"identificatie": await self._number_of_target(document, asked, question, keeper)}
        else:
            answer = await self._answer_of_target(asked, question, keeper)
        if minimised is None:
            self._saw_betrokkenen(document, answer, processing)
            return (await self._made(back, Source({**answer, "vraag": question}, source.context), processing)).body
        answer = without_others(answer, asked, minimised.velden)
        if asked.personal:
            processing.found(question, answer)
        body = (await self._made(back, Source({**answer, "vraag": question}, source.context), processing)).body
        if (minimised.withheld or minimised.partly) and self._scoped is not None and isinstance(body, bytes):
            body = self._scoped.withhold(document, body, minimised.withheld, minimised.partly)
        if asked.name == PERSONEN and isinstance(body, bytes):
            return await self._followed(document, question, answer["personen"], body)
        return body

    async def _followed(
        self, document: Document, question: dict[str, Any], found: Sequence[dict[str, Any]], body: bytes
    ) -> bytes:
        """Follow who was found, where the question asks for that, and say in the answer that it is done."""
        if self._placing is None or not self._placing.follows(document):
            return body
        placed = await self._volger.place(document.sender, question, found)
        return self._placing.followed(body) if placed else body

    def _minimised(
        self,
        asked: QuestionType,
        document: Document,
        question: dict[str, Any],
        read: tuple[Reading, ...],
        processing: Processing,
    ) -> Minimised:
        """Say what is asked for this asker; raises MessageRefused when it may see nothing of what it asks."""
        found, model = asked.found
        allowed: Sequence[str] = tuple(model.model_fields)
        if asked.personal:
            allowed, processing.verwerking = permission(self._connection, document.sender, found)
            processing.saw(question)
            check_asked_by(asked, question, allowed)
        if question.get("velden"):
            minimised = narrowed(question["velden"], allowed, model)
        else:
            scope = None if self._scoped is None else self._scoped.asked(document)
            afnemer = afnemer_of(self._connection, document.sender)
            elsewhere = afnemer.velden if afnemer is not None else {}
            minimised = self._minimiser.minimised(read, scope, asked, allowed, elsewhere)
        if minimised.blind:
            raise MessageRefused(
                "this application may see nothing of what it asks for",
                code=NOT_AUTHORISED,
                advice=f"write its fields under afnemers: in {self._connection.file}",
            )
        return minimised

    def _saw_betrokkenen(self, document: Document, said: dict[str, Any], processing: Processing) -> None:
        """Take note of who is in a zaak or besluit, where it is known for which processing activity that is."""
        processing.saw(said)
        if processing.verwerking is None and processing.persons:
            afnemer = afnemer_of(self._connection, document.sender)
            processing.verwerking = (afnemer and afnemer.verwerking) or self._connection.verwerking

    async def _answer_of_target(self, asked: QuestionType, question: dict[str, Any], keeper: Keeper) -> dict[str, Any]:
        return (await self._answerer_of(asked).answer(asked, question, keeper=keeper, clock=self._clock)).answer

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

    async def _made(self, mapping: Mapping, source: Source, processing: Processing) -> Made:
        """Map, with what the mapping looks up; raises MappingFailed, MessageRefused, TargetFailed."""
        if mapping.looks_up:
            source = await self._enricher.enriched(mapping, source, processing)
        return made(mapping, source, self._connection.connection)

    async def _write_down(self, document: Document, processing: Processing, begun: datetime, outcome: str) -> None:
        """Write down that it was asked, and whose data this was, in one go: for each a disk may have to be waited for.

        Raises HubUnavailable when it is an answer with somebody's data that can't be written down: it does not go out.
        """
        name, answered = self._connection.connection, outcome == _ANSWERED
        lines = records(
            processing,
            trace.current() or trace.new(),
            name=f"{name} {document.kind}",
            begun=begun,
            ended=self._clock.now(),
            ok=answered,
            seal=self._seal,
        )
        logged = [Record(self._log_topic, b"", line) for line in lines]
        try:
            await self._bus.publish([*logged, self._account(document, outcome)])
        except HubUnavailable:
            if logged and answered:
                raise
            said = {"connection": name, "kind": document.kind, "outcome": outcome}
            log.warning("question_not_audited", **said, processing_not_logged=bool(logged))

    def _account(self, document: Document, outcome: str) -> Record:
        """Say that it was asked: who, what kind, of which zaak; never what the answer held."""
        said = {
            "tijdstip": self._clock.now().isoformat(),
            "koppeling": self._connection.connection,
            "afzender": document.sender,
            "referentienummer": document.reference,
            "vraag": document.kind,
            "zaak": document.zaak,
            "uitkomst": outcome,
        }
        return Record(self._audit_topic, document.zaak.encode(), orjson.dumps(said))


def kinds_asked(mappings: Table[str, Mapping]) -> Iterator[str]:
    """Give the kinds of message that are questions."""
    return (kind for kind, mapping in mappings.items() if mapping.gives in QUESTION_TYPES)
