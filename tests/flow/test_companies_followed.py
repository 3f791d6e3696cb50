"""The hub follows companies: it asks the KVK what changed, from where it had looked, and tells what is new."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import orjson
import pytest
import structlog

from adapters.kvk.options import InboundOptions
from adapters.kvk.simulator import INSCHRIJVINGEN
from adapters.kvk.simulator.records import Inschrijving
from hub.ledger.finding import Criteria, MessageState
from hub.observe.metrics import Count
from hub.ports.simulator import Gedrag
from tests.support.volgen import BEDRIJVEN, DAY, HOUR, Volgend, volgend

COMPANY, BRANCH, ENDED, NEW = "99990002", "999900000022", "99990004", "99990003"


def looks(here: Volgend) -> list[tuple[str, str]]:
    """Give from when until when signals were asked for."""
    lists = [each for each in here.kvk.requests if each.path.rpartition("/")[0].endswith("abonnementen")]
    return [(each.query["vanaf"], each.query["tot"]) for each in lists]


def renamed(naam: str) -> Inschrijving:
    """Give the company under another name."""
    [found] = [each for each in INSCHRIJVINGEN if each.basisprofiel["kvkNummer"] == COMPANY]
    return found._replace(basisprofiel={**found.basisprofiel, "naam": naam})


async def told(here: Volgend) -> list[tuple[str, dict[str, Any]]]:
    """Give what was told, in order."""
    return [(each.type.rpartition("-")[2], each.data["bedrijf"]) for each in await here.events("bedrijven")]


async def test_what_changed_is_told_with_what_there_is_now() -> None:
    """New, changed, a branch, ended: each with its number as the key, none with the signal."""
    async with volgend() as here:
        here.kvk.mutaties.signal(NEW, "SignaalNieuweInschrijving")
        here.kvk.mutaties.signal(COMPANY, "SignaalAdreswijziging_2025_01")
        here.kvk.mutaties.signal(COMPANY, "SignaalGewijzigdeVestiging", vestigingsnummer=BRANCH)
        here.kvk.mutaties.signal(ENDED, "SignaalBeeindiging_2025_01")

        await here.hub.let_pass(70)

        events = await here.events("bedrijven")
        assert sorted((each.type, each.subject) for each in events) == [
            ("nl.bedrijven.bedrijf-bijgewerkt.v1", COMPANY),
            ("nl.bedrijven.bedrijf-bijgewerkt.v1", COMPANY),
            ("nl.bedrijven.bedrijf-opgevoerd.v1", NEW),
            ("nl.bedrijven.bedrijf-verwijderd.v1", ENDED),
        ]
        assert await here.hub.failures() == []
        assert here.hub.app.metrics.value(Count.ACCEPTED, BEDRIJVEN) == 4


async def test_signals_of_the_same_are_one_change() -> None:
    """Three signals about one address, and one of the next day: what did not change for who follows it is no news."""
    async with volgend() as here:
        for soort in ("SignaalGewijzigdeInschrijving", "SignaalAdreswijziging_2025_01", "SignaalNaamgeving_2025_01"):
            here.kvk.mutaties.signal(COMPANY, soort)
        await here.hub.let_pass(70)
        assert len(await told(here)) == 1

        here.kvk.change(renamed("Luchtkasteel Sloop"))
        here.kvk.mutaties.signal(COMPANY, "SignaalNaamgeving_2025_01")
        await here.passes(HOUR)

        assert [each["naam"] for _, each in await told(here)] == ["Luchtkasteel Bouw", "Luchtkasteel Sloop"]


async def test_each_look_begins_where_the_last_one_ended_and_a_little_before() -> None:
    """The first some days back; what is found twice is told once."""
    async with volgend() as here:
        here.kvk.mutaties.signal(COMPANY, "SignaalNaamgeving_2025_01")
        await here.hub.let_pass(70)
        await here.passes(2 * HOUR)

        assert looks(here)[:2] == [
            ("2026-10-26T08:01:00.000000Z", "2026-11-02T08:01:00.000000Z"),
            ("2026-11-01T08:01:00.000000Z", looks(here)[1][1]),
        ]
        assert len(looks(here)) >= 2
        assert len(await told(here)) == 1


async def test_a_signal_that_appears_late_is_found_in_the_overlap() -> None:
    """With a time from before the last look; one that is later than the overlap is not, and that is what it is for."""
    async with volgend(kvk_options=InboundOptions(overlap_uren=24)) as here:
        await here.hub.let_pass(70)
        here.kvk.mutaties.signal(COMPANY, "SignaalNaamgeving_2025_01", late_by=timedelta(hours=20))
        here.kvk.mutaties.signal(NEW, "SignaalNaamgeving_2025_01", late_by=timedelta(hours=40))

        await here.passes(HOUR)

        assert [each["kvkNummer"] for _, each in await told(here)] == [COMPANY]


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
async def test_a_look_that_fails_moves_nothing(status: int) -> None:
    """The next one begins where that one did; it is counted and logged."""
    async with volgend() as here:
        await here.hub.let_pass(70)
        here.kvk.mutaties.signal(COMPANY, "SignaalNaamgeving_2025_01")
        here.kvk.misbehave(Gedrag(kind="answer", status=status, path=re.compile("abonnementen/")))
        with structlog.testing.capture_logs() as logs:
            await here.passes(HOUR)
        assert await told(here) == []
        assert [each["connection"] for each in logs if each["event"] == "backstop_failed"] == [BEDRIJVEN]
        assert here.hub.app.metrics.value(Count.LOOKS_FAILED, BEDRIJVEN) == 1

        await here.passes(HOUR)

        assert len(await told(here)) == 1
        assert looks(here)[1][0] == looks(here)[2][0]


async def test_after_an_outage_everything_since_the_last_look_is_asked_for() -> None:
    """Longer ago than the days that are looked back the first time."""
    async with volgend() as here:
        await here.hub.let_pass(70)
        here.kvk.mutaties.signal(COMPANY, "SignaalNaamgeving_2025_01")
        here.kvk.misbehave(Gedrag(kind="cut", times=None))
        for _ in range(8):
            here.memory.clock.advance(DAY)
            await here.hub.let_pass(3)
        here.kvk.behave()

        await here.passes(HOUR + 60)

        assert len(await told(here)) == 1
        assert looks(here)[-1][0] == "2026-11-01T08:01:00.000000Z"


async def test_what_the_kvk_no_longer_keeps_is_not_asked_for_and_that_is_said() -> None:
    """Who was away for longer must load all companies once more."""
    async with volgend(kvk_options=InboundOptions(bewaard_dagen=2)) as here:
        await here.hub.let_pass(70)
        here.kvk.misbehave(Gedrag(kind="cut", times=None))
        for _ in range(4):
            here.memory.clock.advance(DAY)
            await here.hub.let_pass(3)
        here.kvk.behave()

        with structlog.testing.capture_logs() as logs:
            await here.passes(HOUR + 60)

        assert [each["connection"] for each in logs if each["event"] == "changes_missed"] == [BEDRIJVEN]
        assert f'zaakhub_changes_missed_total{{connection="{BEDRIJVEN}"}} 1.0' in here.hub.app.metrics.render().decode()
        page = await here.hub.app.ledger.find(Criteria(state=MessageState.REFUSED))
        assert [(each.connection, each.kind) for each in page.found] == [(BEDRIJVEN, "gemist")]
        since, until = looks(here)[-1]
        assert until[:10] > since[:10] >= "2026-11-04"


async def test_a_company_that_is_being_worked_on_is_asked_for_later() -> None:
    """The KVK says when; meanwhile it shows as what it is."""
    async with volgend() as here:
        here.kvk.mutaties.signal("99990006", "SignaalNaamgeving_2025_01")
        await here.hub.let_pass(70)
        [failure] = await here.hub.failures()
        assert failure.code == "tijdelijk-niet-beschikbaar"
        [busy] = [each for each in INSCHRIJVINGEN if each.busy]
        here.kvk.change(busy._replace(busy=False))

        await here.passes(HOUR)

        assert [each["kvkNummer"] for _, each in await told(here)] == ["99990006"]


async def test_shielded_addresses_reach_no_event() -> None:
    """Whatever the key would give."""
    async with volgend() as here:
        here.kvk.mutaties.signal("99990001", "SignaalAdreswijziging_2025_01")
        await here.hub.let_pass(70)

        [(_, bedrijf)] = await told(here)
        assert b"straatnaam" not in orjson.dumps(bedrijf["hoofdvestiging"])
