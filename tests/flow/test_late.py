"""What a target says after it had acknowledged: Fo01 is a failure of the delivery, Bv01 a line in the timeline."""

from __future__ import annotations

import pytest

from adapters.stuf_zds.afzender import Afzender
from adapters.stuf_zds.behandelsysteem import Behandelsysteem
from adapters.stuf_zds.fragments import zaakidentificatie
from hub.configuration import Configuration
from hub.errors import ActRefused, Fault
from hub.ledger.entries import FailureState
from tests.support.legacy_municipality import LEGACY, LegacyMunicipality, legacy_configuration, legacy_municipality

ENGINE = Afzender()
LATER = Behandelsysteem(Afzender(applicatie="ZAAKSYSTEEM"))
ZAAK = zaakidentificatie(1)


@pytest.fixture(scope="module")
def configuration(tmp_path_factory: pytest.TempPathFactory) -> Configuration:
    """Load it once."""
    return legacy_configuration(tmp_path_factory.mktemp("installation"))


async def _delivered(municipality: LegacyMunicipality) -> str:
    """Deliver a zaak; gives the id of its event, under which it was sent."""
    await municipality.send(ENGINE.creeer_zaak(1))
    return municipality.sent_under("creeerZaak_Lk01")


async def test_a_late_fo01_is_a_failure_of_the_delivery(configuration: Configuration) -> None:
    """Of the connection that sent it, with the code of the target, for a person; said twice it is one failure."""
    async with legacy_municipality(configuration) as municipality:
        event = await _delivered(municipality)

        await municipality.send(LATER.meld_fout(1, event), LATER.meld_fout(2, event))

        [failure] = await municipality.hub.failures()
        assert (failure.stage, failure.item_id, failure.zaak) == (LEGACY, event, ZAAK)
        assert (failure.code, failure.where, failure.fault) == ("StUF058", "Fo01", Fault.TARGET.value)
        assert failure.state is FailureState.OPEN
        timeline = await municipality.hub.app.ledger.timeline(ZAAK)
        assert {each.what for each in timeline} >= {"geaccepteerd", "afgeleverd", "mislukt"}


async def test_a_late_failure_cannot_be_replayed_but_settled(configuration: Configuration) -> None:
    """It was delivered: a person mends it at the target, and says so. A failure that was settled stays so."""
    async with legacy_municipality(configuration) as municipality:
        event = await _delivered(municipality)
        await municipality.send(LATER.meld_fout(1, event))
        [failure] = await municipality.hub.failures()
        operator = municipality.hub.app.operator()

        with pytest.raises(ActRefused) as refused:
            await operator.replay(failure.id, by="proef", reason="")
        await operator.drop(failure.id, by="proef", reason="mended by hand")
        await municipality.send(LATER.meld_fout(2, event))

        assert refused.value.code == "was-afgeleverd"
        [settled] = await municipality.hub.failures()
        assert settled.state is FailureState.RESOLVED
        timeline = await municipality.hub.app.ledger.timeline(ZAAK)
        assert ("drop", "mended by hand") in [(each.what, each.detail) for each in timeline]


async def test_a_late_bv01_is_a_line_in_the_timeline(configuration: Configuration) -> None:
    """Said by the connection it was sent over."""
    async with legacy_municipality(configuration) as municipality:
        event = await _delivered(municipality)

        await municipality.send(LATER.bevestig(1, event))

        last = (await municipality.hub.app.ledger.timeline(ZAAK))[-1]
        assert (last.what, last.stage, last.item_id, last.detail) == ("bevestigd", LEGACY, event, "Bv01")
        assert await municipality.hub.failures() == []


async def test_a_refused_overdracht_is_a_failure_and_an_accepted_one_is_not(configuration: Configuration) -> None:
    """The other system says so in a Du01."""
    async with legacy_municipality(configuration) as municipality:
        await municipality.send(Behandelsysteem(ENGINE).overdragen(1))
        event = municipality.sent_under("overdragenZaak_Di01")

        await municipality.send(LATER.overgedragen(1, event))
        assert await municipality.hub.failures() == []
        await municipality.send(LATER.overgedragen(2, event, geaccepteerd=False))

        [failure] = await municipality.hub.failures()
        assert (failure.code, failure.where) == ("overdracht-geweigerd", "overdragenZaak_Du01")


@pytest.mark.parametrize("code", ["Bv01", "Fo01"])
async def test_of_a_number_that_we_never_sent_nothing_is_made(configuration: Configuration, code: str) -> None:
    """The sender is answered as always; it is logged and counted, and no zaak is parked."""
    async with legacy_municipality(configuration) as municipality:
        unknown = "00000000-0000-4000-8000-000000000000"

        await municipality.send(LATER.bevestig(1, unknown) if code == "Bv01" else LATER.meld_fout(1, unknown))

        assert await municipality.hub.failures() == []
        assert (await municipality.hub.app.ledger.counts())["parked_items"] == 0
