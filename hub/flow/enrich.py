"""What mappings look up is asked before they run: each question once, several beside each other.

What comes back goes with the message as its answers. It knows questions, who may see what of the answers, and what a
failure means for the message. It refuses to know rules: a mapping tells its questions itself, and says what becomes of
it when nothing is found.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from collections.abc import Mapping as Table
from functools import partial

import structlog

from hub.clock import Clock
from hub.config.connection import Connection, Direction
from hub.config.policy import LOOKUPS_AT_ONCE_MAX
from hub.errors import TargetFailed, TargetMisconfigured, TargetUnavailable, TargetUncertain
from hub.event.velden import Velden
from hub.event.vragen import QUESTION_TYPES, QuestionType
from hub.flow.answerer import Answerer, Said
from hub.flow.fit import check
from hub.flow.keep import Keeper
from hub.flow.logboek import Processing
from hub.flow.minimise import NOT_AUTHORISED, Permission, narrowed, permission, without_others
from hub.flow.source import Source
from hub.mapping.lookups import ANSWERS, Answered, Key, Question
from hub.mapping.run import Mapping
from hub.net.together import together
from hub.payloads.contract import Payloads

log = structlog.get_logger()

_REMEMBERED = "answered before, and remembered"


class _Flight:
    """A question that is out: for these fields, until it is `landed` with what came of it."""

    def __init__(self, velden: Collection[str]) -> None:
        self.velden = Velden(velden)
        self.landed = asyncio.Event()
        self.said: Said | None = None
        self.failure: TargetFailed | None = None

    def serves(self, velden: Collection[str]) -> bool:
        return all(map(self.velden.hold, velden))


class Lookups:
    """Whom the mappings of this process may ask, and what is out at this moment.

    Who asks what is out already, for no more fields, waits for that answer: also where nothing is remembered.
    """

    def __init__(self, answerers: Table[str, Answerer], *, payloads: Payloads, clock: Clock) -> None:
        """Take who answers, by connection."""
        self._answerers = answerers
        self._payloads = payloads
        self._clock = clock
        self._out: dict[Key, list[_Flight]] = {}

    async def ask(self, question: Question, velden: Collection[str]) -> Said:
        """Ask for these fields; raises MappingFailed, TargetFailed."""
        asked = QUESTION_TYPES[question.kind]
        while (flight := self._flight(question.key, velden)) is not None:
            await flight.landed.wait()
            if flight.failure is not None:
                raise flight.failure
            if flight.said is not None:
                return flight.said._replace(answer=without_others(flight.said.answer, asked, velden))
            # Whoever asked was stopped before there was an answer: then it is for the next one to ask.
        flight = _Flight(velden)
        self._out.setdefault(question.key, []).append(flight)
        try:
            flight.said = said = await self._ask(question, asked, velden)
        except TargetFailed as failure:
            flight.failure = failure
            raise
        else:
            return said
        finally:
            self._out[question.key].remove(flight)
            if not self._out[question.key]:
                del self._out[question.key]
            flight.landed.set()

    def _flight(self, key: Key, velden: Collection[str]) -> _Flight | None:
        return next((each for each in self._out.get(key, ()) if each.serves(velden)), None)

    async def _ask(self, question: Question, asked: QuestionType, velden: Collection[str]) -> Said:
        answerer = self._answerers.get(question.asks)
        if answerer is None:
            raise TargetMisconfigured(
                f"there is no connection {question.asks} that answers questions",
                code="geen-beantwoorder",
                advice=f"mend the lookup at {question.rule}",
            )
        data = {**question.data, "velden": list(velden)} if asked.has_velden else question.data
        check(data, asked.name, rule=question.rule)
        keeper = Keeper(self._payloads)
        try:
            said = await answerer.answer(asked, data, keeper=keeper, clock=self._clock)
        finally:
            await keeper.forget()
        return said._replace(answer=without_others(said.answer, asked, velden))


class Enricher:
    """Asks what the mappings of one connection look up."""

    def __init__(self, connection: Connection, lookups: Lookups) -> None:
        """Take the connection that says for what persons may be looked up, and which of their fields."""
        self._connection = connection
        self._lookups = lookups

    async def enriched(self, mapping: Mapping, source: Source, processing: Processing) -> Source:
        """Give what a mapping is given, with the answers to what it looks up for this message.

        `processing` learns whose data it was, also when this fails. Raises MappingFailed, MessageRefused, TargetFailed:
        TargetUnavailable where a rule says that the message can't do without an answer.
        """
        questions = mapping.questions(source.body, context=source.context)
        works = [partial(self._answered, each, source, processing) for each in questions]
        answers = dict(await together(works, at_once=LOOKUPS_AT_ONCE_MAX))
        return source._replace(context={**source.context, ANSWERS: answers})

    async def _answered(
        self, question: Question, source: Source, processing: Processing
    ) -> tuple[Key, Answered | None]:
        asked = QUESTION_TYPES[question.kind]
        velden = self._velden(question, asked, source, processing)
        try:
            said = await self._lookups.ask(question, velden)
        except (TargetUnavailable, TargetUncertain) as failure:
            # Asking changes nothing, so what is uncertain of it is whether there was an answer.
            if question.retry:
                raise _unavailable(failure, question) from None
            name = self._connection.connection
            log.warning("lookup_left_out", connection=name, asks=question.asks, code=failure.code)
            return question.key, None
        except TargetFailed as failure:
            raise type(failure)(_named(failure, question), code=failure.code, advice=failure.advice) from None
        if asked.personal:
            processing.found(question.data, said.answer)
        found = tuple(said.answer.get(asked.found[0], ()))
        return question.key, Answered(found, _REMEMBERED) if said.remembered else Answered(found)

    def _velden(
        self, question: Question, asked: QuestionType, source: Source, processing: Processing
    ) -> tuple[str, ...]:
        if not asked.personal:
            return question.velden
        found, model = asked.found
        may = self._permission(found, source)
        narrow = narrowed(question.velden, may.velden, model)
        if narrow.blind:
            raise _not_authorised(f"nothing of what is looked up at {question.asks} may be seen", self._connection)
        processing.verwerking = processing.verwerking or may.verwerking
        processing.saw(question.data)
        return narrow.velden

    def _permission(self, found: str, source: Source) -> Permission:
        connection = self._connection
        if connection.direction is not Direction.OUTBOUND:
            return permission(connection, str(source.context.get("zender", "")), found)
        velden, verwerking = connection.velden.get(found), connection.verwerking
        if velden is None or verwerking is None:
            raise _not_authorised(f"{found} may not be looked up for this connection", connection)
        return Permission(velden, verwerking)


def _unavailable(failure: TargetFailed, question: Question) -> TargetUnavailable:
    said = failure if isinstance(failure, TargetUnavailable) else None
    return TargetUnavailable(
        _named(failure, question),
        code=failure.code,
        retry_after_s=said.retry_after_s if said is not None else None,
        advice=failure.advice,
        asked=said is None or said.asked,
    )


def _named(failure: TargetFailed, question: Question) -> str:
    """Say where it failed: not at the system that the message is for."""
    return f"looked up at {question.asks}: {failure.reason}"


def _not_authorised(reason: str, connection: Connection) -> TargetMisconfigured:
    return TargetMisconfigured(
        reason, code=NOT_AUTHORISED, advice=f"write verwerking: and velden: in {connection.file}, then replay"
    )
