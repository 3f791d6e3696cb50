"""A question: mapped, asked, its answer mapped back, in the call in which it came. The bus gets the audit record only.

Three mappings: the asker's makes a canonical question of the message; the target's makes the canonical answer of what
the target says; the asker's own makes the message that goes back. A number is the one question that the hub can answer
itself. What goes wrong is raised, as everywhere; how that is said to the sender is for `receive` and the adapter.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from collections.abc import Mapping as Table
from typing import Any, NamedTuple

import orjson
import structlog

from hub.bus.contract import Bus, Record
from hub.clock import Clock
from hub.config.connection import Connection
from hub.config.numbers import frame
from hub.errors import HubError, HubUnavailable, MappingFailed, TargetMisconfigured, TargetUnavailable
from hub.event.vragen import NUMMER, QUESTION_TYPES, QuestionType, answer_kind
from hub.flow.fit import check_event
from hub.flow.keep import Keeper
from hub.flow.outcome import TOO_LATE, UNEXPECTED
from hub.flow.source import Source
from hub.ledger.contract import Ledger
from hub.ledger.entries import MessageKey
from hub.mapping.run import Made, Mapping
from hub.observe.metrics import Count, Metrics
from hub.payloads.contract import Payloads
from hub.ports.contracts import Client, Document, Inquiry, Lookup

log = structlog.get_logger()

Current = Callable[[], Table[str, Mapping]]
"""Gives the mappings of a connection as they are at this moment."""

_ANSWERED = "beantwoord"


class Answerer(NamedTuple):
    """An outbound connection that answers questions."""

    connection: str
    lookup: Lookup
    client: Client
    mappings: Current


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
        mappings: Current,
        answerer: Answerer | None,
        gemeente: str,
        audit_topic: str,
        bus: Bus,
        ledger: Ledger,
        payloads: Payloads,
        clock: Clock,
        metrics: Metrics,
    ) -> None:
        """Take who answers: without anybody only numbers of the hub's own are given out."""
        self._connection = connection
        self._mappings = mappings
        self._answerer = answerer
        self._gemeente = gemeente
        self._audit_topic = audit_topic
        self._bus = bus
        self._ledger = ledger
        self._payloads = payloads
        self._clock = clock
        self._metrics = metrics

    async def ask(self, document: Document) -> Answer:
        """Answer one question; raises MappingFailed, TargetFailed or HubUnavailable, and TimeoutError never.

        What takes longer than the sender waits is TargetUnavailable.
        """
        outcome = UNEXPECTED
        keeper = Keeper(self._payloads)
        try:
            async with asyncio.timeout(self._connection.policy.answer_within_s):
                answer = await self._answer(document, keeper)
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
            await self._account(document, outcome)

    async def _answer(self, document: Document, keeper: Keeper) -> dict[str, Any] | bytes:
        source = Source.of_message(document, sender=document.sender)
        mapping = self._mapping(self._mappings(), document.kind, self._connection.connection)
        question = _data(mapping, self._made(mapping, source))
        asked = QUESTION_TYPES.get(mapping.gives)
        if asked is None:
            raise MappingFailed(f"{mapping.gives} is no question type", rule=mapping.file)
        if asked.name == NUMMER and self._connection.numbers.source == "hub":
            answer = {"identificatie": await self._number(document, question)}
        elif asked.name == NUMMER:
            answer = {"identificatie": await self._number_of_target(document, asked, question, keeper)}
        else:
            answer = await self._answer_of_target(asked, question, keeper)
        back = self._mapping(self._mappings(), answer_kind(document.kind), self._connection.connection)
        return self._made(back, Source({**answer, "vraag": question}, source.context)).body

    async def _answer_of_target(self, asked: QuestionType, question: dict[str, Any], keeper: Keeper) -> dict[str, Any]:
        answerer = self._answerer
        if answerer is None:
            raise TargetMisconfigured(
                "nobody answers the questions of this connection",
                code="geen-beantwoorder",
                advice=f"write asks: in {self._connection.file}",
            )
        inquiry = Inquiry(answerer.client, keeper.keep, self._clock.now())
        said = await answerer.lookup.ask(asked.name, question, inquiry)
        mapping = self._mapping(answerer.mappings(), answer_kind(asked.name), answerer.connection)
        return _data(mapping, self._made(mapping, Source(said, {"type": asked.name})))

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
