"""Answers that are kept for a while: which, for how long, how many, and for whom."""

from __future__ import annotations

import asyncio
import tracemalloc
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from hub.config.cache import Cache
from hub.errors import TargetUnavailable
from hub.event.vragen import ADRESSEN, NUMMER, PERSONEN, QUESTION_TYPES
from hub.flow.remembered import HIT, MISS, Given, Remembered
from hub.observe.metrics import Count, Metrics
from hub.testkit.clock import FakeClock

ASKED = QUESTION_TYPES[ADRESSEN]
QUESTION = {"postcode": "9999ZZ", "huisnummer": 1, "velden": ["postcode"]}


class Source:
    """Answers with a number that goes up; what it does meanwhile is the test's to say."""

    def __init__(self) -> None:
        self.asked = 0
        self.passing = False
        self.meanwhile: Callable[[], Awaitable[None]] | None = None

    async def __call__(self) -> Given:
        """Answer."""
        self.asked += 1
        number = self.asked
        if self.meanwhile is not None:
            await self.meanwhile()
        return Given({"adressen": [{"huisnummer": number}]}, passing=self.passing)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def remembered(clock: FakeClock, metrics: Metrics) -> Remembered:
    return of(clock, metrics)


def of(clock: FakeClock, metrics: Metrics, *, bytes_max: int = 1_000_000, **said: Any) -> Remembered:  # noqa: ANN401 - any key
    cache = Cache.model_validate({"ttl_s": 60, **said})
    return Remembered("bag", cache, clock=clock, metrics=metrics, bytes_max=bytes_max)


def counted(metrics: Metrics) -> tuple[float, float]:
    return metrics.value(Count.REMEMBERED, "bag", HIT), metrics.value(Count.REMEMBERED, "bag", MISS)


async def test_the_same_question_is_asked_once_while_its_answer_is_young(
    remembered: Remembered, source: Source, clock: FakeClock, metrics: Metrics
) -> None:
    """In whatever order its criteria stand."""
    first = await remembered.answer(ASKED, QUESTION, "r1", source)
    clock.advance(59.9)
    again = await remembered.answer(ASKED, dict(reversed(QUESTION.items())), "r1", source)

    assert first == again == {"adressen": [{"huisnummer": 1}]}
    assert counted(metrics) == (1, 1)
    clock.advance(0.1)
    assert await remembered.answer(ASKED, QUESTION, "r1", source) == {"adressen": [{"huisnummer": 2}]}
    assert counted(metrics) == (1, 2)


async def test_what_one_asker_does_to_an_answer_another_does_not_see(remembered: Remembered, source: Source) -> None:
    """Each gets its own."""
    for _ in range(3):
        answer = await remembered.answer(ASKED, QUESTION, "r1", source)
        assert answer == {"adressen": [{"huisnummer": 1}]}
        answer["adressen"].clear()


@pytest.mark.parametrize(
    ("question", "revision"),
    [
        ({**QUESTION, "huisnummer": 2}, "r1"),
        ({**QUESTION, "huisnummer": "1"}, "r1"),
        ({**QUESTION, "velden": ["postcode", "oppervlakte"]}, "r1"),
        ({**QUESTION, "huisletter": None}, "r1"),
        (QUESTION, "r2"),
    ],
)
async def test_another_question_is_asked(
    remembered: Remembered, source: Source, question: dict[str, Any], revision: str
) -> None:
    """Also one that may see other fields, and one after the mapping of the answer was changed."""
    await remembered.answer(ASKED, QUESTION, "r1", source)
    await remembered.answer(ASKED, question, revision, source)

    assert source.asked == 2


async def test_a_failure_is_not_kept(remembered: Remembered, source: Source) -> None:
    """Who asks next asks the source."""

    async def fail() -> None:
        raise TargetUnavailable("down", code="503")

    source.meanwhile = fail
    with pytest.raises(TargetUnavailable):
        await remembered.answer(ASKED, QUESTION, "r1", source)
    source.meanwhile = None

    assert await remembered.answer(ASKED, QUESTION, "r1", source) == {"adressen": [{"huisnummer": 2}]}


async def test_an_empty_answer_is_an_answer(remembered: Remembered) -> None:
    """That there is nothing is known too."""
    times = 0

    async def nothing() -> Given:
        nonlocal times
        times += 1
        return Given({})

    for _ in range(2):
        assert await remembered.answer(ASKED, QUESTION, "r1", nothing) == {}
    assert times == 1


async def test_an_answer_with_contents_is_not_kept(remembered: Remembered, source: Source) -> None:
    """They are gone when it has been sent."""
    source.passing = True
    for _ in range(2):
        await remembered.answer(ASKED, QUESTION, "r1", source)

    assert (source.asked, len(remembered)) == (2, 0)


@pytest.mark.parametrize(
    ("kind", "personal", "kept"),
    [
        (ADRESSEN, False, True),
        (PERSONEN, False, False),
        (PERSONEN, True, True),
        ("nl.zaken.zaken-opvragen.v1", False, False),
        ("nl.zaken.zaken-opvragen.v1", True, True),
        (NUMMER, True, False),
        ("nl.zaken.document-vergrendelen.v1", True, False),
    ],
)
async def test_what_is_kept_is_said(  # noqa: PLR0917 - fixtures and cases
    clock: FakeClock,
    metrics: Metrics,
    source: Source,
    kind: str,
    personal: bool,  # noqa: FBT001 - a case
    kept: bool,  # noqa: FBT001 - a case
) -> None:
    """Data of persons only where the connection says so (a zaak has its betrokkenen); what changes something never."""
    remembered = of(clock, metrics, personal=personal)
    for _ in range(2):
        await remembered.answer(QUESTION_TYPES[kind], QUESTION, "r1", source)

    assert source.asked == 2 - kept
    assert counted(metrics) == ((1, 1) if kept else (0, 0))


async def test_of_many_that_ask_the_same_one_asks_the_source(
    remembered: Remembered, source: Source, metrics: Metrics
) -> None:
    """The others have its answer; who asks something else does not wait."""
    gate = asyncio.Event()

    async def wait() -> None:
        await gate.wait()

    source.meanwhile = wait
    same = [asyncio.create_task(remembered.answer(ASKED, QUESTION, "r1", source)) for _ in range(20)]
    else_ = asyncio.create_task(remembered.answer(ASKED, {**QUESTION, "huisnummer": 2}, "r1", source))
    for _ in range(10):
        await asyncio.sleep(0)
    assert source.asked == 2
    gate.set()

    assert await asyncio.gather(*same) == [{"adressen": [{"huisnummer": 1}]}] * 20
    assert await else_ == {"adressen": [{"huisnummer": 2}]}
    assert counted(metrics) == (19, 2)


async def test_an_answer_that_is_too_large_to_keep_serves_who_waits_for_it(clock: FakeClock, metrics: Metrics) -> None:
    """Else each would ask after the one before it, and the last would have waited for all of them."""
    remembered = of(clock, metrics, bytes_max=1_000)
    gate, asked = asyncio.Event(), 0

    async def large() -> Given:
        nonlocal asked
        asked += 1
        await gate.wait()
        return Given({"adressen": ["x" * 2_000]})

    same = [asyncio.create_task(remembered.answer(ASKED, QUESTION, "r1", large)) for _ in range(20)]
    for _ in range(10):
        await asyncio.sleep(0)
    gate.set()

    assert await asyncio.gather(*same) == [{"adressen": ["x" * 2_000]}] * 20
    assert (asked, len(remembered)) == (1, 0)
    assert counted(metrics) == (19, 1)


async def test_who_waits_for_an_answer_that_is_of_no_use_to_it_asks_beside_the_others(
    remembered: Remembered, source: Source
) -> None:
    """Its contents go when they are sent to the one that asked: nobody queues for that."""
    first, rest = asyncio.Event(), asyncio.Event()

    async def wait() -> None:
        await (first if source.asked == 1 else rest).wait()

    source.passing, source.meanwhile = True, wait
    same = [asyncio.create_task(remembered.answer(ASKED, QUESTION, "r1", source)) for _ in range(20)]
    await asyncio.sleep(0)
    first.set()
    for _ in range(10):
        await asyncio.sleep(0)
    assert source.asked == 20
    rest.set()

    assert len(await asyncio.gather(*same)) == 20


@pytest.mark.parametrize("how", ["fails", "gives up"])
async def test_when_the_one_that_asks_fails_the_next_one_asks(remembered: Remembered, source: Source, how: str) -> None:
    """Nobody fails because another did, or waited for less long; nobody waits for ever."""
    gate = asyncio.Event()

    async def wait() -> None:
        await gate.wait()
        if how == "fails" and source.asked == 1:
            raise TargetUnavailable("down", code="503")

    source.meanwhile = wait
    first, *others = [asyncio.create_task(remembered.answer(ASKED, QUESTION, "r1", source)) for _ in range(5)]
    await asyncio.sleep(0)
    if how == "gives up":
        first.cancel()
    others[0].cancel()
    gate.set()
    ended = await asyncio.wait_for(asyncio.gather(first, *others, return_exceptions=True), 5)

    assert isinstance(ended[0], TargetUnavailable if how == "fails" else asyncio.CancelledError)
    assert ended[2:] == [{"adressen": [{"huisnummer": 2}]}] * 3
    assert source.asked == 2


async def test_what_was_asked_for_longest_ago_goes_first(clock: FakeClock, metrics: Metrics, source: Source) -> None:
    """By number of answers."""
    remembered = of(clock, metrics, answers_max=2)
    for number in (1, 2, 1, 3, 1, 2):
        await remembered.answer(ASKED, {**QUESTION, "huisnummer": number}, "r1", source)

    assert (source.asked, len(remembered)) == (4, 2)


async def test_the_memory_it_takes_is_bounded(clock: FakeClock, metrics: Metrics) -> None:
    """What it says of itself is no less than what it takes; an answer that is too large is not kept."""
    remembered = of(clock, metrics, bytes_max=200_000)

    async def large(size: int) -> dict[str, Any]:
        async def ask() -> Given:
            return Given({"adressen": ["x" * size]})

        return await remembered.answer(ASKED, {**QUESTION, "huisnummer": number}, "r1", ask)

    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for number in range(5_000):
        await large(100 + number % 500)
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert 0 < remembered._bytes <= 200_000
    assert grown < 250_000

    kept = len(remembered)
    number = -1
    await large(200_000)
    assert len(remembered) == kept


async def test_what_is_too_old_is_not_kept_for_ever(remembered: Remembered, source: Source, clock: FakeClock) -> None:
    """Nobody asks for it again; something else is asked now and then."""
    for number in range(50):
        await remembered.answer(ASKED, {**QUESTION, "huisnummer": number}, "r1", source)
    clock.advance(61)
    await remembered.answer(ASKED, {**QUESTION, "huisnummer": 99}, "r1", source)

    assert len(remembered) == 1
    assert remembered._bytes == len(b'{"adressen":[{"huisnummer":51}]}') + 512


async def test_half_a_character_stops_nothing(remembered: Remembered, source: Source) -> None:
    """It is no text that can be written, in the question nor in the answer: such an answer is not kept."""

    async def odd() -> Given:
        return Given({"adressen": [{"openbareRuimteNaam": "\ud800"}]})

    assert await remembered.answer(ASKED, {**QUESTION, "zoekterm": "\ud800"}, "r1", source)
    assert await remembered.answer(ASKED, QUESTION, "r1", odd) == {"adressen": [{"openbareRuimteNaam": "\ud800"}]}
    assert len(remembered) == 0


async def test_nothing_of_what_it_holds_is_shown(remembered: Remembered) -> None:
    """Answers can be about somebody."""

    async def person() -> Given:
        return Given({"adressen": [{"openbareRuimteNaam": "Geheimstraat"}]})

    await remembered.answer(ASKED, {**QUESTION, "postcode": "9999GH"}, "r1", person)

    assert repr(remembered) == f"<Remembered bag: 1 answers, {remembered._bytes} bytes>"
    assert b"9999GH" not in b"".join(remembered._entries)
