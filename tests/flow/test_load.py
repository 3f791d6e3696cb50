"""An initial load: every number of a file once, whatever stops it, and not so fast that others wait."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice

import orjson
import pytest
import structlog

from adapters.brp.simulator import create as create_brp
from adapters.brp.simulator.records import PERSONEN as PERSONS
from hub.config import policy
from hub.desk.load import Line, Loader, Progress
from hub.errors import ActRefused
from hub.ledger.entries import FailureState
from hub.ledger.loads import Load
from hub.ports.simulator import Gedrag
from hub.security.personal import is_bsn
from tests.support.tap import records_on
from tests.support.volgen import BEDRIJVEN, PERSONEN, Volgend, volgend

REASON = "de eerste vulling"


class Killed(Exception):
    """The process is no more."""


def bsns() -> Iterator[str]:
    """Give test numbers, one after another."""
    return (digits for number in range(999900000, 999999999) if is_bsn(digits := f"{number:09d}"))


def file_of(numbers: Iterable[str]) -> bytes:
    return "\n".join(["burgerservicenummer", *numbers]).encode()


def inhabitants(count: int) -> list[str]:
    return list(islice(bsns(), count))


def brp_with(numbers: Iterable[str]) -> list[dict[str, object]]:
    return [{**PERSONS[0], "burgerservicenummer": each, "aNummer": f"9{each}"} for each in numbers]


async def begun(here: Volgend, content: bytes, *, name: str = "") -> tuple[Loader, Load, list[Line]]:
    loader = here.hub.app.loader(PERSONEN)
    return loader, *await loader.begin(content, by="beheerder", reason=REASON, name=name)


async def loaded(here: Volgend, content: bytes, *, name: str = "", for_s: float = 600.0) -> Progress:
    """Load a file to its end, in the time of the hub."""
    running = asyncio.create_task(_last(*await begun(here, content, name=name)))
    until = here.memory.clock.monotonic() + for_s
    while not running.done():
        assert here.memory.clock.monotonic() < until, "the load stands still"
        await here.hub.pause(0.5)
    return await running


@pytest.fixture
def people() -> list[str]:
    return inhabitants(300)


async def test_everybody_is_told_once_in_as_few_calls_as_the_brp_allows() -> None:
    """Two thousand five hundred persons, twenty in a call; nothing failed, nothing waits."""
    numbers = inhabitants(2_500)
    async with volgend(brp=create_brp(data=brp_with(numbers))) as here:
        progress = await loaded(here, file_of(numbers))

        assert Counter(each["burgerservicenummer"] for each in await here.persons()) == Counter(numbers)
        assert len(here.asked()) < 2_500 / 20 * 2
        assert progress.counts.done == 2_500
        assert (progress.ended, progress.under_way, progress.expected_s) == (True, 0, 0.0)
        assert await here.hub.failures() == []


async def test_a_load_that_was_done_does_nothing_the_second_time(people: list[str]) -> None:
    """Under another name it is loaded again, and then nothing is new."""
    async with volgend(brp=create_brp(data=brp_with(people))) as here:
        await loaded(here, file_of(people))
        calls = len(here.asked())
        again = await loaded(here, file_of(people))
        assert (again.counts.done, len(here.asked())) == (300, calls)

        once_more = await loaded(here, file_of(people), name="november")

        assert (once_more.counts.done, once_more.counts.unchanged) == (0, 300)
        assert len(await here.persons()) == 300
        assert [each.lines for each in await here.hub.app.ledger.loads(10)] == [300, 300]


async def test_a_load_that_is_stopped_goes_on_where_it_was(people: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """At the worst moment: what was offered last is on the bus, and the ledger does not know yet how far that was."""
    monkeypatch.setattr(policy, "LOAD_GROUP_MAX", 20)
    monkeypatch.setattr(policy, "LOAD_UNDER_WAY_MAX", 40)
    async with volgend(brp=create_brp(data=brp_with(people))) as here:
        ledger = here.hub.app.ledger
        kept = ledger.load_offered

        async def killed(load_id: str, *, offered: int, wrong: int) -> None:
            if offered > 100:
                raise Killed
            await kept(load_id, offered=offered, wrong=wrong)

        monkeypatch.setattr(ledger, "load_offered", killed)
        with pytest.raises(Killed):
            await loaded(here, file_of(people))
        monkeypatch.setattr(ledger, "load_offered", kept)
        assert 0 < len(await here.persons()) < 300

        here.hub.app.door._recent.clear()  # another process
        progress = await loaded(here, file_of(people))

        assert Counter(each["burgerservicenummer"] for each in await here.persons()) == Counter(people)
        assert progress.counts.done == 300


async def test_what_is_wrong_in_the_file_is_told_by_its_line_and_the_rest_goes_on(people: list[str]) -> None:
    """Numbers that fail the 11-test, and rows without one; who the BRP does not know is a failure as every other."""
    unknown = people.pop()
    wrong = [*people[:5], "999900001", "", "x", *people[5:], unknown]
    content = file_of(wrong).replace(b"\n\n", b"\n-\n")
    async with volgend(brp=create_brp(data=brp_with(people))) as here:
        progress = await loaded(here, content)

        assert list(progress.wrong) == [7, 8, 9]
        assert (progress.load.wrong, progress.counts.done, progress.counts.failed) == (3, 299, 1)
        assert progress.ended
        [failure] = await here.hub.failures()
        assert (failure.state, failure.code) == (FailureState.OPEN, "onbekend-persoon")
        operator = here.hub.app.operator()
        await operator.drop(failure.id, by="beheerder", reason="verhuisd naar het buitenland")
        again = await loaded(here, content)
        assert (again.counts.failed, again.counts.dropped, again.ended) == (0, 1, True)


@pytest.mark.parametrize("twice", [True, False])
async def test_who_waits_behind_a_failure_does_not_keep_a_load_from_its_end(*, twice: bool) -> None:
    """Somebody whom the BRP does not know, twice in a file or in a second load; it takes no room either."""
    *people, unknown = inhabitants(5)
    async with volgend(brp=create_brp(data=brp_with(people))) as here:
        if twice:
            progress = await loaded(here, file_of([*people, unknown, unknown]), for_s=100)
        else:
            await loaded(here, file_of([*people, unknown]))
            progress = await loaded(here, file_of([*people, unknown]), name="november", for_s=100)

        assert (progress.ended, progress.counts.waiting, progress.under_way) == (True, 1, 0)
        assert progress.counts.failed == int(twice)


async def test_no_more_is_under_way_than_others_can_wait_for(
    people: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the BRP is down nothing more is offered; when it is back all goes on."""
    monkeypatch.setattr(policy, "LOAD_GROUP_MAX", 20)
    monkeypatch.setattr(policy, "LOAD_UNDER_WAY_MAX", 50)
    async with volgend(brp=create_brp(data=brp_with(people))) as here:
        here.brp.misbehave(Gedrag(kind="answer", status=503, times=None))
        loader, load, lines = await begun(here, file_of(people))
        seen: list[Progress] = []
        running = asyncio.create_task(_last(loader, load, lines, seen))
        await here.hub.pause(60)
        assert max(each.under_way for each in seen) <= 50
        assert seen[-1].counts.retrying > 0
        assert seen[-1].expected_s is None
        assert not running.done()
        here.brp.behave()
        while not running.done():
            await here.hub.pause(60)

        assert seen[-1].counts.done == 300
        assert max(each.under_way for each in seen) <= 50


async def test_what_happens_today_goes_beside_a_load(people: list[str]) -> None:
    """A signal of a change is of the same person as one of the load, and comes after it."""
    async with volgend(brp=create_brp(data=brp_with(people)), recheck=None) as here:
        loading = asyncio.create_task(loaded(here, file_of(people)))
        await asyncio.sleep(0)
        await here.signal(people[-1])
        await loading

        assert len(await here.persons()) == 300


async def test_it_shows_how_far_it_is_and_how_long_it_takes(people: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted from the ledger, so whoever looks sees the same."""
    monkeypatch.setattr(policy, "LOAD_GROUP_MAX", 20)
    monkeypatch.setattr(policy, "LOAD_UNDER_WAY_MAX", 20)
    async with volgend(brp=create_brp(data=brp_with(people))) as here:
        loader, load, lines = await begun(here, file_of(people))
        seen: list[Progress] = []
        running = asyncio.create_task(_last(loader, load, lines, seen))
        while len(seen) < 5:
            await here.hub.pause(0.25)
        running.cancel()

        done = [each.counts.done for each in seen]
        assert done == sorted(done)
        assert 0 < done[-1] < 300
        assert seen[-1].per_s > 0
        assert seen[-1].expected_s == pytest.approx((300 - done[-1]) / seen[-1].per_s)


async def test_nothing_of_a_file_is_in_a_log_a_key_or_the_ledger_of_loads(people: list[str]) -> None:
    """Not of those that go well, nor of those that are wrong."""
    unknown = people[-1]
    content = file_of([*people, "999900001"])
    with structlog.testing.capture_logs() as logs:
        async with volgend(brp=create_brp(data=brp_with(people[:-1]))) as here:
            await loaded(here, content)
            app = here.hub.app
            said = [repr(logs), repr(await app.ledger.loads(10)), repr(await app.ledger.unmirrored(10))]
            raw = await records_on(app, app.topics.inbound(PERSONEN))
            said += [repr((each.key, each.headers)) for each in raw]
    for number in (people[0], people[7], unknown, "999900001"):
        assert not any(number in text for text in said)


async def test_who_begins_a_load_and_why_is_in_the_audit(people: list[str]) -> None:
    """Once for a load; without a reason there is none."""
    async with volgend(brp=create_brp(data=brp_with(people))) as here:
        loader, load, _ = await begun(here, file_of(people))
        await begun(here, file_of(people))

        [line] = await here.hub.app.ledger.unmirrored(10)
        assert (line.by, line.act, line.reason, line.about) == ("beheerder", "load", REASON, f"koppeling:{PERSONEN}")
        assert orjson.loads(line.detail) == {"load": load.id, "lines": 300}
        with pytest.raises(ActRefused):
            await loader.begin(file_of(people[:5]), by="beheerder", reason="")
        with pytest.raises(ActRefused):
            await loader.begin(b"burgerservicenummer\n", by="beheerder", reason=REASON)


async def test_companies_are_loaded_the_same_way() -> None:
    """By their kvkNummer; of one that is not there is no event."""
    async with volgend() as here:
        loader = here.hub.app.loader(BEDRIJVEN)
        load, lines = await loader.begin(b"kvkNummer\n99990001\n99990002\n99999999\nx\n", by="b", reason=REASON)
        running = asyncio.create_task(_last(loader, load, lines))
        while not running.done():
            await here.hub.pause(0.5)
        progress = await running

        assert (progress.counts.done, progress.counts.failed, progress.load.wrong) == (2, 1, 1)
        assert sorted(each.subject for each in await here.events("bedrijven")) == ["99990001", "99990002"]


async def test_what_cannot_be_loaded_says_so() -> None:
    """No such connection."""
    async with volgend() as here:
        with pytest.raises(ActRefused):
            here.hub.app.loader("onbekend")


async def _last(loader: Loader, load: Load, lines: list[Line], seen: list[Progress] | None = None) -> Progress:
    """Follow a load to its end; `seen` takes every look."""
    looks: list[Progress] = [] if seen is None else seen
    async for progress in loader.run(load, lines):
        looks += [progress]
    return looks[-1]
