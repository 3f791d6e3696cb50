"""Events reach a legacy zaaksysteem through the whole hub: once each, in order, through a storm."""

from __future__ import annotations

import pytest

from adapters.stuf_zds.afzender import Afzender
from adapters.stuf_zds.fragments import documentidentificatie, zaakidentificatie
from adapters.stuf_zds.zaaksysteem import Gedrag, Zaaksysteem
from hub.configuration import Configuration
from hub.testkit.network import STORM
from tests.support.legacy_municipality import legacy_configuration, legacy_municipality

ENGINE = Afzender()


@pytest.fixture(scope="module")
def configuration(tmp_path_factory: pytest.TempPathFactory) -> Configuration:
    """Load it once."""
    return legacy_configuration(tmp_path_factory.mktemp("installation"))


async def test_a_form_engine_reaches_a_legacy_zaaksysteem(configuration: Configuration) -> None:
    """A zaak, a change, a status and a document with its content, each under the id of its event."""
    content = bytes(range(256)) * 300
    async with legacy_municipality(configuration) as municipality:
        await municipality.send(
            ENGINE.creeer_zaak(1),
            ENGINE.update_zaak(1),
            ENGINE.actualiseer_zaakstatus(1),
            ENGINE.voeg_zaakdocument_toe(1, content),
        )

        zaaksysteem = municipality.zaaksysteem
        assert await municipality.hub.failures() == []
        assert list(zaaksysteem.zaken) == [zaakidentificatie(1)]
        assert zaaksysteem.content(documentidentificatie(1)) == content
        assert [each.service for each in zaaksysteem.log] == [
            "creeerZaak_Lk01",
            "updateZaak_Lk01",
            "actualiseerZaakstatus_Lk01",
            "voegZaakdocumentToe_Lk01",
        ]
        assert len({each.referentienummer for each in zaaksysteem.log}) == 4


async def test_a_resend_of_the_form_engine_is_no_second_message(configuration: Configuration) -> None:
    """The hub has seen it before."""
    async with legacy_municipality(configuration) as municipality:
        await municipality.send(ENGINE.creeer_zaak(1), ENGINE.creeer_zaak(1))

        assert len(municipality.zaaksysteem.log) == 1


@pytest.mark.parametrize("seed", range(2))
async def test_through_a_storm_every_zaak_is_there_once(configuration: Configuration, seed: int) -> None:
    """Requests and answers get lost: what is sent again goes under the same number."""
    async with legacy_municipality(configuration, seed=seed, weather=STORM) as municipality:
        for number in range(1, 6):
            await municipality.send(ENGINE.creeer_zaak(number), ENGINE.actualiseer_zaakstatus(number))
        await municipality.hub.let_pass(4 * 3600)

        assert await municipality.hub.app.ledger.counts() == {
            "failures_open": 0,
            "failures_retrying": 0,
            "parked_items": 0,
            "parked_lanes": 0,
            "refusals": 0,
        }
        assert list(municipality.zaaksysteem.zaken) == [zaakidentificatie(number) for number in range(1, 6)]


async def test_a_fault_of_the_zaaksysteem_is_retried_and_a_wrong_message_is_not(configuration: Configuration) -> None:
    """By who must mend it; a change waits for its zaak."""
    zaaksysteem = Zaaksysteem()
    zaaksysteem.misbehave(Gedrag("fout", times=5), Gedrag("fout", code="StUF055"))
    async with legacy_municipality(configuration, zaaksysteem=zaaksysteem) as municipality:
        await municipality.send(ENGINE.creeer_zaak(1), ENGINE.update_zaak(1))
        await municipality.hub.let_pass(4 * 3600)

        [failure] = [each for each in await municipality.hub.failures() if each.next_at is None]
        assert (failure.code, failure.fault) == ("StUF055", "afzender")
        assert list(zaaksysteem.zaken) == []
        assert {each.service for each in zaaksysteem.log} == {"creeerZaak_Lk01"}
