"""A signal says whom something happened to; the hub asks the BRP, patiently, and tells what is new."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
import structlog

from adapters.brp.simulator import create as create_brp
from adapters.brp.simulator.records import BARON, GEHEIM, MOEDER, VADER
from hub.config.recheck import Recheck
from hub.desk.plan.plans import Command, Wanted
from hub.errors import MessageRefused
from hub.ledger.entries import FailureState
from hub.ledger.plans import PlanMode, Selected, Selection, Superseded
from hub.observe.metrics import Count
from hub.ports.simulator import Gedrag
from hub.testkit.memory import Memory
from tests.support.tap import records_on
from tests.support.volgen import DAY, ELDERS, HOUR, PERSONEN, volgend

NOBODY = "999990019"


async def test_a_signal_becomes_the_person_as_the_brp_has_it() -> None:
    """An hour later, with no more fields than the mapping reads, and the number nowhere but in the data."""
    async with volgend() as here:
        await here.signal(VADER, reden="verhuizing")
        await here.passes(HOUR - 60)
        assert here.asked() == []

        await here.passes(120)

        [event] = await here.events("personen")
        assert event.type == "nl.personen.persoon-gesynchroniseerd.v1"
        assert event.data["persoon"]["naam"]["geslachtsnaam"] == "Akkerwinde"
        assert event.data["volledig"] is True
        [asked] = here.asked()
        assert asked["type"] == "RaadpleegMetBurgerservicenummer"
        assert "leeftijd" not in asked["fields"]
        assert not any(each.startswith(("gezag", "adressering", "inOnderzoek", "rni")) for each in asked["fields"])
        assert event.subject.startswith("persoon-")
        assert VADER not in event.subject
        assert await here.hub.failures() == []


async def test_the_bsn_is_in_no_log_key_or_url(capsys: pytest.CaptureFixture[str]) -> None:
    """Not of a signal that goes well, nor of one about nobody, nor of one that is wrong."""
    with structlog.testing.capture_logs() as logs:
        async with volgend(recheck=None) as here:
            await here.signal(VADER, referentie="1")
            await here.signal(NOBODY, referentie="2")
            with pytest.raises(MessageRefused) as refused:
                await here.signal("999910001", referentie="3")
            await here.hub.settle()
            app = here.hub.app
            raw = await records_on(app, app.topics.inbound(PERSONEN))
            told = await records_on(app, app.topics.events("personen"))
            failures = await here.hub.failures()
            urls = [each.path for each in here.brp.requests]

    said = [repr(logs), capsys.readouterr().out, str(refused.value), repr(failures), *urls]
    said += [repr((each.key, each.headers)) for each in (*raw, *told)]
    assert len(raw) == 2
    for bsn in (VADER, NOBODY, "999910001"):
        assert not any(bsn in text for text in said)


async def test_nobody_finds_the_number_by_the_hash_of_a_signal() -> None:
    """There are few enough numbers to try them all: without the key of the installation that leads nowhere."""
    async with volgend() as here:
        await here.signal(VADER)
        await here.hub.settle()
        [raw] = await records_on(here.hub.app, here.hub.app.topics.inbound(PERSONEN))

    plain = orjson.dumps({"signaal": {"burgerservicenummer": VADER}}, option=orjson.OPT_SORT_KEYS)
    assert dict(raw.headers)["zh_hash"].decode() != hashlib.sha256(plain).hexdigest()


async def test_what_the_brp_shows_later_is_told_when_it_does_and_once() -> None:
    """The first answers are what was known already: it is asked again the next weekday, and is no failure meanwhile."""
    async with volgend() as here:
        await here.signal(VADER, wijziging=False)
        await here.hub.settle()
        await here.signal(VADER)
        await here.passes(HOUR + 60)
        assert len(here.asked()) == 2
        waiting = (await here.hub.app.ledger.waiting()).get(PERSONEN)
        assert waiting is None or waiting.parked == waiting.failures_retrying == 0
        assert await here.hub.failures() == []

        here.moves(VADER, 99)
        await here.passes(DAY)

        told = await here.persons()
        assert [each["verblijfplaats"]["verblijfadres"]["huisnummer"] for each in told] == [12, 99]
        await here.passes(10 * DAY)
        assert len(here.asked()) == 3
        assert len(await here.persons()) == 2
        assert await here.hub.failures() == []


async def test_after_the_last_time_it_is_told_that_nothing_changed() -> None:
    """After an hour, then on three weekdays: Tuesday to Thursday when it came on Monday. A metric and a log say it."""
    async with volgend() as here:
        await here.signal(VADER, wijziging=False)
        await here.hub.settle()
        await here.signal(VADER)
        with structlog.testing.capture_logs() as logs:
            await here.passes(HOUR + 4 * DAY)

        assert len(here.asked()) == 1 + 1 + 3
        assert here.hub.app.metrics.value(Count.UNCHANGED, PERSONEN) == 1
        assert [each["stage"] for each in logs if each["event"] == "unchanged"] == [PERSONEN]
        assert len(await here.persons()) == 1
        lane = (await here.events("personen"))[0].subject
        assert await here.hub.app.ledger.queue(PERSONEN, lane) == []


async def test_in_a_weekend_nothing_is_asked_again() -> None:
    """A signal of Friday is asked about on Friday, and then on Monday."""
    async with volgend() as here:
        await here.signal(VADER, wijziging=False)
        await here.passes(4 * DAY)  # it began on a Monday
        before = len(here.asked())
        await here.signal(VADER)
        await here.passes(2.5 * DAY)
        assert len(here.asked()) == before + 1

        await here.passes(DAY)

        assert len(here.asked()) == before + 2


async def test_it_waits_on_through_a_restart(tmp_path: Path) -> None:
    """When it is asked again, and how often it was, stands in the ledger; nothing of it is needed from the bus."""
    memory = Memory()
    memory._ledger = f"sqlite:{tmp_path / 'ledger.sqlite'}"
    async with volgend(memory=memory) as here:
        await here.signal(VADER, wijziging=False)
        await here.hub.settle()
        await here.signal(VADER)
        await here.passes(HOUR + 60)
        await here.passes(DAY)
        assert len(here.asked()) == 3
        brp = here.brp

    async with volgend(memory=memory, brp=brp) as here:
        await here.passes(HOUR)
        assert len(here.asked()) == 3
        for _ in range(3):
            await here.passes(DAY)

        assert len(here.asked()) == 5
        assert here.hub.app.metrics.value(Count.UNCHANGED, PERSONEN) == 1


async def test_a_later_signal_of_the_same_person_takes_its_place() -> None:
    """It is not made to wait behind the first, which ends: what is asked now is asked for both."""
    async with volgend() as here:
        await here.signal(VADER, wijziging=False)
        await here.hub.settle()
        await here.signal(VADER, referentie="een")
        await here.passes(HOUR + 60)
        await here.signal(VADER, referentie="twee")
        await here.passes(60)
        here.moves(VADER, 7)

        await here.passes(HOUR)

        assert [each["verblijfplaats"]["verblijfadres"]["huisnummer"] for each in await here.persons()] == [12, 7]
        assert await here.hub.app.ledger.parked_lanes(PERSONEN) == {}


async def test_signals_that_follow_each_other_closely_keep_nobody_waiting() -> None:
    """Every half hour one, for a day: the first is asked about after its hour, whatever comes behind it."""
    async with volgend() as here:
        await here.signal(VADER, wijziging=False)
        await here.hub.settle()
        here.moves(VADER, 7)
        for number in range(6):
            await here.signal(VADER, referentie=str(number))
            await here.passes(HOUR / 2)

        assert [each["verblijfplaats"]["verblijfadres"]["huisnummer"] for each in await here.persons()] == [12, 7]


async def test_a_load_does_not_end_what_is_asked_again() -> None:
    """It is asked once, and does not wait: the signal is asked about as often as was promised, and when."""
    async with volgend() as here:
        await here.signal(VADER, wijziging=False)
        await here.hub.settle()
        await here.signal(VADER, referentie="echt")
        await here.passes(2 * HOUR)
        for number in range(3):
            await here.signal(VADER, wijziging=False, referentie=f"vulling-{number}")
            await here.passes(HOUR)
        assert len(here.asked()) == 1 + 1 + 3
        here.moves(VADER, 7)
        await here.passes(DAY)

        assert _numbers(await here.persons()) == [12, 7]
        assert len(here.asked()) == 1 + 1 + 3 + 1
        assert await here.hub.app.ledger.parked_lanes(PERSONEN) == {}


async def test_a_load_that_fails_does_not_end_what_is_asked_again() -> None:
    """The BRP is down for a while when the load comes: both go on, and the signal keeps its times."""
    async with volgend() as here:
        await here.signal(VADER, wijziging=False)
        await here.hub.settle()
        await here.signal(VADER, referentie="echt")
        await here.passes(2 * HOUR)
        here.brp.misbehave(Gedrag(kind="answer", status=503, times=4))
        await here.signal(VADER, wijziging=False, referentie="vulling")
        await here.passes(6 * DAY)

        assert len(here.asked()) == 1 + 1 + 4 + 1 + 3
        assert here.hub.app.metrics.value(Count.UNCHANGED, PERSONEN) == 1
        assert await here.hub.app.ledger.parked_lanes(PERSONEN) == {}


async def test_signals_behind_each_other_and_a_load_among_them_end_as_one() -> None:
    """The last of them is asked about as often as was promised, and the others no more."""
    async with volgend() as here:
        await here.signal(VADER, wijziging=False)
        await here.hub.settle()
        await here.signal(VADER, referentie="een")
        await here.passes(2 * HOUR)
        await here.signal(VADER, referentie="twee")
        await here.signal(VADER, wijziging=False, referentie="vulling")
        await here.passes(2 * HOUR)
        here.moves(VADER, 7)
        await here.passes(6 * DAY)

        assert _numbers(await here.persons()) == [12, 7]
        assert await here.hub.app.ledger.parked_lanes(PERSONEN) == {}


def _numbers(persons: list[dict[str, Any]]) -> list[int]:
    return [each["verblijfplaats"]["verblijfadres"]["huisnummer"] for each in persons]


async def test_what_a_plan_sends_again_is_what_the_next_signal_is_compared_with() -> None:
    """The BRP says something else by the time of the plan, and takes that back: both are told."""
    async with volgend() as here:
        await here.signal(VADER, referentie="een")
        await here.passes(2 * HOUR)
        here.moves(VADER, 7)
        chosen = Selection(state=Selected.DELIVERED, stages=(PERSONEN,))
        plans, why = here.hub.app.plans(), "nog eens"
        wanted = Wanted(chosen, why, mode=PlanMode.RAW, superseded=Superseded.REPLAY, per_minute=60_000)
        plan = await plans.freeze(wanted, by="jan")
        await plans.command(plan.id, Command.START, by="jan", reason=why)
        await here.hub.let_pass(10)
        assert _numbers(await here.persons()) == [12, 7]

        here.moves(VADER, 12)
        await here.signal(VADER, referentie="twee")
        await here.passes(2 * HOUR)

        assert _numbers(await here.persons()) == [12, 7, 12]


async def test_what_another_source_told_is_not_undone_by_one_that_is_behind() -> None:
    """The BRP repeats what it said before: that is nothing new of it, and it is asked again."""
    memory = Memory()
    elders = create_brp(clock=memory.clock)
    async with volgend(memory=memory, elders=elders) as here:
        await here.signal(VADER, wijziging=False)
        await here.hub.settle()
        here._replace(brp=elders).moves(VADER, 7)
        body = orjson.dumps({"burgerservicenummer": VADER})
        await here.hub.accept(body, connection=ELDERS, headers={"content-type": "application/json"})
        await here.hub.settle()
        assert _numbers(await here.persons()) == [12, 7]

        await here.signal(VADER)
        await here.passes(2 * HOUR)
        assert _numbers(await here.persons()) == [12, 7]
        here.moves(VADER, 8)
        await here.passes(DAY)

        assert _numbers(await here.persons()) == [12, 7, 8]


async def test_a_resend_that_comes_while_the_first_waits_does_not_hide_the_change() -> None:
    """The same signal twice, before the ledger knows its number: what the second is asked about counts."""
    async with volgend() as here:
        await here.signal(VADER, wijziging=False)
        await here.hub.settle()
        await here.signal(VADER, referentie="een")
        here.hub.app.door._recent.clear()  # another gateway
        await here.signal(VADER, referentie="een")
        await here.passes(HOUR + 60)
        here.moves(VADER, 7)

        await here.passes(DAY)

        assert [each["verblijfplaats"]["verblijfadres"]["huisnummer"] for each in await here.persons()] == [12, 7]


async def test_a_brp_that_is_down_is_asked_again_and_that_does_not_count() -> None:
    """A failure in between shows as one, resolves itself, and leaves all times that were promised."""
    async with volgend() as here:
        await here.signal(VADER, wijziging=False)
        await here.hub.settle()
        await here.signal(VADER)
        here.brp.misbehave(Gedrag(kind="answer", status=503, times=4))
        await here.passes(HOUR + 10)
        assert [each.state for each in await here.hub.failures()] == [FailureState.RETRYING]

        await here.passes(5 * DAY)

        assert [each.state for each in await here.hub.failures()] == [FailureState.RESOLVED]
        assert here.hub.app.metrics.value(Count.UNCHANGED, PERSONEN) == 1
        assert len(here.asked()) == 1 + 4 + 1 + 3


async def test_somebody_whom_the_brp_does_not_know_is_refused_in_the_end() -> None:
    """Who is born may be known a day later; who never is, is for a person, with a reason and without the number."""
    async with volgend() as here:
        await here.signal(NOBODY)
        await here.passes(HOUR + 2 * DAY)
        assert await here.hub.failures() == []

        await here.passes(3 * DAY)

        [failure] = await here.hub.failures()
        assert (failure.state, failure.code, failure.fault) == (FailureState.OPEN, "onbekend-persoon", "afzender")
        assert NOBODY not in repr(failure)


async def test_somebody_whom_the_brp_knows_a_day_later_is_told() -> None:
    """A birth: the signal is ahead of the BRP."""
    async with volgend() as here:
        child = {**here.brp.personen[0], "burgerservicenummer": NOBODY}
        await here.signal(NOBODY)
        await here.passes(HOUR + 60)
        here.brp.personen.append(child)

        await here.passes(DAY)

        assert [each["burgerservicenummer"] for each in await here.persons()] == [NOBODY]


async def test_without_recheck_it_is_asked_at_once_and_once() -> None:
    """As every other inbound connection."""
    async with volgend(recheck=None) as here:
        for number in range(2):
            await here.signal(VADER, referentie=str(number))
            await here.hub.settle()

        assert len(here.asked()) == 2
        assert len(await here.persons()) == 1
        assert here.hub.app.metrics.value(Count.DUPLICATES, PERSONEN) == 1


async def test_several_in_one_request_go_to_the_brp_together() -> None:
    """What comes while a call is under way goes in the next; whom the BRP does not know is refused alone."""
    async with volgend(recheck=None) as here:
        here.brp.misbehave(Gedrag(kind="slow", seconds=1, times=None))
        signalen = [{"burgerservicenummer": each} for each in (VADER, MOEDER, NOBODY, GEHEIM, BARON)]
        await here.hub.accept(
            orjson.dumps({"signalen": signalen}), connection=PERSONEN, headers={"content-type": "application/json"}
        )
        await here.hub.settle()

        assert [len(each["burgerservicenummer"]) for each in here.asked()] == [1, 4]
        assert {each["burgerservicenummer"] for each in await here.persons()} == {VADER, MOEDER, GEHEIM, BARON}
        assert [each.code for each in await here.hub.failures()] == ["onbekend-persoon"]


async def test_everybody_who_is_asked_about_is_in_the_logboek() -> None:
    """One record for each, with the processing activity, whatever came of it; and nobody's number."""
    async with volgend(recheck=None) as here:
        await here.signal(VADER)
        await here.signal(NOBODY)
        await here.hub.settle()

        lines = [
            orjson.loads(each.value) for each in await records_on(here.hub.app, here.hub.app.topics.verwerkingen())
        ]
        sealed = {here.hub.app.keys.unsealed(each["attributes"]["dpl.core.data_subject_id"]).reveal() for each in lines}
        assert {VADER, NOBODY, MOEDER} <= sealed  # of the partner it tells too
        assert {each["attributes"]["dpl.core.processing_activity_id"] for each in lines} == {
            "https://register.example/verwerkingen/volgen"
        }
        assert not any(VADER in str(each) for each in lines)


async def test_without_a_processing_activity_nobody_is_asked_about() -> None:
    """Before the BRP hears of it: a person mends the connection."""
    async with volgend(recheck=None, verwerking=None) as here:
        await here.signal(VADER)
        await here.hub.settle()

        assert here.asked() == []
        assert [each.code for each in await here.hub.failures()] == ["geen-verwerking"]


@pytest.mark.parametrize("first_s", [0.0, HOUR])
async def test_how_long_is_waited_is_for_the_connection_to_say(first_s: float) -> None:
    """At once, or after an hour."""
    async with volgend(recheck=Recheck(first_s=first_s, times=0)) as here:
        await here.signal(VADER)
        await here.passes(60)

        assert len(here.asked()) == (0 if first_s else 1)


async def test_in_shadow_nothing_is_told_and_everything_is_known() -> None:
    """What would have been told is counted and logged; when the hub begins to tell, what was known is no news."""
    memory = Memory()
    with structlog.testing.capture_logs() as logs:
        async with volgend(recheck=None, shadow=True, memory=memory) as here:
            for number, bsn in enumerate((VADER, MOEDER, VADER)):
                await here.signal(bsn, referentie=str(number))
            await here.hub.settle()

            assert await here.persons() == []
            assert here.hub.app.metrics.value(Count.SHADOWED, PERSONEN) == 2
            assert here.hub.app.metrics.value(Count.DUPLICATES, PERSONEN) == 1
            now = here.memory.clock.now()
            since = now - timedelta(days=1)
            beside = await here.hub.app.ledger.beside(
                PERSONEN, "een-andere", since=since, until=now + timedelta(days=1), limit=10
            )
            assert (beside.both, beside.only_here, beside.only_there) == (0, 2, 0)

    told = [each["subject"] for each in logs if each["event"] == "not_told"]
    assert len(set(told)) == 2
    assert not any(VADER in each for each in told)
