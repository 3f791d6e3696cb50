"""A zaaksysteem tells that something happened; the hub fetches what, and says it on the bus."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import orjson
import pytest

from hub.configuration import Configuration
from hub.desk.recall import Recalled, source_of
from hub.errors import MessageRefused
from hub.ledger.entries import Place
from tests.support.gemeente import configuration as shipped_configuration
from tests.support.meldingen import AUTHORIZATION, CONNECTION, OPTIONS, Situation, listening
from tests.support.tap import records_on
from tests.support.zaakbeheer import Behandelaar

_MAPPINGS = {
    "zaken.zaak.create": ("nl.zaken.zaak-aangemaakt.v1", ""),
    "zaken.zaak.update": ("nl.zaken.zaak-bijgewerkt.v1", ""),
    "zaken.zaak.destroy": ("nl.zaken.zaak-verwijderd.v1", ""),
    "zaken.status.create": (
        "nl.zaken.zaakstatus-gezet.v1",
        '- {to: "zaak.statussen[]", each: zaak/statussen, rules: [{to: omschrijving, from: statustype/omschrijving}]}',
    ),
}


@pytest.fixture
def mappings(tmp_path: Path) -> Path:
    folder = tmp_path / "mappings" / CONNECTION
    folder.mkdir(parents=True)
    for kind, (gives, more) in _MAPPINGS.items():
        (folder / f"{kind}.map.yaml").write_text(
            f"message: {kind}\ngives: {gives}\nrules:\n"
            "- {to: zaak.identificatie, from: zaak/identificatie, required: true}\n"
            "- {to: zaak.omschrijving, from: zaak/omschrijving, empty: omit}\n"
            f"{more}\n"
            "ignore:\n- {path: zaak, reason: not in this test}\n- {path: melding, reason: not in this test}\n"
        )
    return tmp_path / "mappings"


@pytest.fixture
async def here(mappings: Path) -> AsyncIterator[Situation]:
    async with listening(mappings) as situation:
        yield situation


async def test_what_happens_in_the_zaaksysteem_comes_on_the_bus(here: Situation) -> None:
    """One event per change, with the number of the zaak as its subject and key."""
    behandelaar = Behandelaar(here)
    zaak = await behandelaar.maakt_zaak("ZAAK-1", omschrijving="Een")
    await here.told()
    await behandelaar.wijzigt(zaak, omschrijving="Twee")
    await here.told()
    await behandelaar.zet_status(zaak, "In behandeling")

    events = await here.told()

    assert [(each.type.split(".")[2], each.subject, each.data["zaak"].get("omschrijving")) for each in events] == [
        ("zaak-aangemaakt", "ZAAK-1", "Een"),
        ("zaak-bijgewerkt", "ZAAK-1", "Twee"),
        ("zaakstatus-gezet", "ZAAK-1", "Twee"),
    ]
    assert events[2].data["zaak"]["statussen"] == [{"omschrijving": "In behandeling"}]
    assert await here.hub.failures() == []


async def test_twice_and_in_another_order_is_once(here: Situation) -> None:
    """The NRC promises neither: each event tells what stands at that moment, and the last one the last of it."""
    behandelaar = Behandelaar(here)
    zaak = await behandelaar.maakt_zaak("ZAAK-1", omschrijving="Een")
    await behandelaar.wijzigt(zaak, omschrijving="Twee")
    here.around.nrc.gedrag.reverse = True
    here.around.nrc.gedrag.double = 2

    events = await here.told()

    assert sorted(each.type.split(".")[2] for each in events) == ["zaak-aangemaakt", "zaak-bijgewerkt"]
    assert {each.data["zaak"]["omschrijving"] for each in events} == {"Twee"}


async def test_a_removed_zaak_is_told_by_the_number_it_had(here: Situation) -> None:
    """There is nothing left to fetch."""
    behandelaar = Behandelaar(here)
    zaak = await behandelaar.maakt_zaak("ZAAK-1")
    await here.told()
    await behandelaar.verwijdert(zaak)

    events = await here.told()

    assert [(each.type, each.subject) for each in events][1:] == [("nl.zaken.zaak-verwijderd.v1", "ZAAK-1")]


async def test_what_is_gone_before_it_is_fetched_says_nothing(here: Situation) -> None:
    """A zaak that is made and removed before the hub looks: what is left is that it was removed, for a person."""
    behandelaar = Behandelaar(here)
    zaak = await behandelaar.maakt_zaak("ZAAK-1")
    await behandelaar.verwijdert(zaak)

    assert await here.told() == []
    [failure] = await here.hub.failures()
    assert failure.code == "zaak-verwijderd"


async def test_a_lost_notification_is_found_by_the_backstop(here: Situation) -> None:
    """And what did come is not told again."""
    behandelaar = Behandelaar(here)
    await behandelaar.maakt_zaak("ZAAK-1")
    await here.told()
    here.around.nrc.gedrag.lose = 2
    lost = await behandelaar.maakt_zaak("ZAAK-2")
    await behandelaar.zet_status(lost, "In behandeling")
    assert [each.subject for each in await here.told()] == ["ZAAK-1"]

    await here.hub.let_pass(70)

    events = await here.events()
    assert {(each.type.split(".")[2], each.subject) for each in events} >= {
        ("zaak-aangemaakt", "ZAAK-2"),
        ("zaakstatus-gezet", "ZAAK-2"),
    }
    assert [each.subject for each in events if each.type == "nl.zaken.zaak-aangemaakt.v1"] == ["ZAAK-1", "ZAAK-2"]
    count = len(events)
    await here.hub.let_pass(70)
    assert len(await here.events()) == count


async def test_a_hub_that_was_away_gets_it_when_it_is_back(here: Situation) -> None:
    """Open Notificaties tries again after 25 s, 100 s and so on."""
    behandelaar = Behandelaar(here)
    there = here.around.nrc.post

    async def nobody(*_: object) -> int:
        raise ConnectionError

    here.around.nrc.post = nobody
    await behandelaar.maakt_zaak("ZAAK-1")
    assert await here.told() == []
    here.around.nrc.post = there
    here.clock.advance(25)

    assert [each.subject for each in await here.told()] == ["ZAAK-1"]


async def test_a_zaaksysteem_that_is_down_is_asked_again(here: Situation) -> None:
    """The notification was accepted, so it is kept until the zaak can be read."""
    behandelaar = Behandelaar(here)
    await behandelaar.maakt_zaak("ZAAK-1")
    here.client.weather = here.client.weather._replace(busy=1.0)
    assert await here.told() == []
    here.client.weather = here.client.weather._replace(busy=0.0)

    await here.hub.let_pass(120)

    assert [each.subject for each in await here.events()] == ["ZAAK-1"]


@pytest.mark.parametrize("authorization", ["", "Bearer a-guess", AUTHORIZATION + "x", AUTHORIZATION[:-1]])
async def test_a_forged_webhook_is_turned_away(here: Situation, authorization: str) -> None:
    """Who does not know the secret makes the hub fetch nothing."""
    headers = {"content-type": "application/json", **({"authorization": authorization} if authorization else {})}
    body = orjson.dumps({"kanaal": "zaken"})
    before = len(here.client.log)
    ingress = here.around.nrc.post

    assert await ingress(f"http://zaakhub.test/in/{CONNECTION}", headers, body) in (401, 403)
    await here.hub.settle()
    assert len(here.client.log) == before


async def test_the_probe_of_an_abonnement_is_answered_and_nothing_else(here: Situation) -> None:
    """With the secret 204, without it refused: that is what `subscribe` went through already."""
    assert len(here.around.nrc.abonnementen) == 1
    assert await here.told() == []


async def test_what_the_hub_did_itself_is_no_news(mappings: Path) -> None:
    """An outbound connection changed the zaaksysteem, which tells of that too: the audit trail says who it was."""
    async with listening(mappings, options=OPTIONS.model_copy(update={"own_user": "zaakhub"})) as here:
        zaak = await Behandelaar(here, user="zaakhub").maakt_zaak("ZAAK-1", omschrijving="Een")
        assert await here.told() == []
        await Behandelaar(here).wijzigt(zaak, omschrijving="Twee")
        await here.told()
        here.clock.advance(60)
        await Behandelaar(here, user="zaakhub").wijzigt(zaak, omschrijving="Drie")

        assert [each.data["zaak"]["omschrijving"] for each in await here.told()] == ["Twee"]


async def test_a_mapping_that_fails_is_explained_with_what_was_fetched(mappings: Path) -> None:
    """The explanation is kept with the failure; later the zaak may be another."""
    (mappings / CONNECTION / "zaken.zaak.create.map.yaml").write_text(
        "message: zaken.zaak.create\ngives: nl.zaken.zaak-aangemaakt.v1\nrules:\n"
        "- {to: zaak.identificatie, from: zaak/identificatie, required: true}\n"
        "- {to: zaak.startdatum, from: zaak/omschrijving, required: true}\n"
    )
    async with listening(mappings) as here:
        await Behandelaar(here).maakt_zaak("ZAAK-1", omschrijving="geen datum")
        await here.told()

        [failure] = await here.hub.failures()
        kept = await here.hub.app.ledger.trace(failure.id)
        assert kept is not None
        assert b"geen datum" in (kept.content or b"")
        [record] = await records_on(here.hub.app, here.hub.app.topics.inbound(CONNECTION))
        recalled = Recalled(
            CONNECTION, "x", failure.kind, record.value, record.headers, Place(record.partition.topic, 0, record.offset)
        )
        with pytest.raises(MessageRefused, match="not kept"):
            source_of(recalled, here.hub.app.configuration)


async def test_the_zaaksysteem_is_not_told_its_own_news(mappings: Path) -> None:
    """A connection that delivers to the system from which an event came leaves it: else it would go round for ever."""
    async with listening(mappings, beside=_delivering_back) as here:
        zaak = await Behandelaar(here).maakt_zaak("ZAAK-1")
        await here.told()
        await Behandelaar(here).wijzigt(zaak, omschrijving="Twee")
        events = await here.told()

        assert [each.type.split(".")[2] for each in events] == ["zaak-aangemaakt", "zaak-bijgewerkt"]
        assert {line["gebruikersId"] for line in here.around.trail} == {"behandelaar"}
        assert await here.hub.failures() == []
        assert await here.told() == events


def _delivering_back(alone: Configuration) -> Configuration:
    shipped = shipped_configuration()
    name = "zaken-naar-zgw"
    return alone._replace(
        connections={**alone.connections, name: shipped.connections[name]},
        outbound={name: shipped.outbound[name]},
        mappings={**alone.mappings, name: shipped.mappings[name]},
    )
