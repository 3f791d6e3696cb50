"""Besluiten: made once, changed, brought to their zaak, and the documents they are laid down in."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.zgw.simulator import RSIN
from hub.errors import TargetMisconfigured, TargetRefused
from tests.support.zgw import AANGEMAAKT, BESLUIT_BIJGEWERKT, BESLUIT_GENOMEN, BIJGEWERKT, a_document, outgoing
from tests.support.zgw_events import BESLUIT, DOCUMENT, ZAAK, Far, a_besluit

BESLUITEN = "/besluiten/api/v1/besluiten"
LINKS = "/besluiten/api/v1/besluitinformatieobjecten"


def besluiten(far: Far) -> list[dict[str, Any]]:
    return list(far.simulator.state.collections.get(BESLUITEN, {}).values())


def links(far: Far) -> list[str]:
    state = far.simulator.state
    return [
        str(state.at(each["informatieobject"])["identificatie"]) for each in state.collections.get(LINKS, {}).values()
    ]


async def test_a_besluit_is_made_with_its_zaak_and_document() -> None:
    """It takes effect on its own date when the sender names no other."""
    far = await Far().with_document()

    await far.delivery().once(BESLUIT_GENOMEN, {**a_besluit(), "documenten": [{"identificatie": DOCUMENT}]})

    [besluit] = besluiten(far)
    assert (besluit["identificatie"], besluit["datum"], besluit["ingangsdatum"]) == (BESLUIT, *["2026-03-01"] * 2)
    assert besluit["zaak"] == far.simulator.state.zaak(ZAAK).zaak["url"]
    assert links(far) == [DOCUMENT]
    assert far.did() == [
        "GET zaken",
        "POST besluiten",
        "GET enkelvoudiginformatieobjecten",
        "POST besluitinformatieobjecten",
    ]


@pytest.mark.parametrize("fault", ["busy", "lost before", "lost after"])
@pytest.mark.parametrize("write", [0, 1])
async def test_after_any_failure_there_is_one_besluit_with_one_document(write: int, fault: str) -> None:
    """Found back by identificatie and organisatie, and by besluit and document."""
    far = await Far().with_document()
    delivery = far.delivery(client=far.client_of((write, fault)))

    await delivery.until_done(BESLUIT_GENOMEN, {**a_besluit(), "documenten": [{"identificatie": DOCUMENT}]})

    assert (len(besluiten(far)), links(far)) == (1, [DOCUMENT])


async def test_a_besluit_that_somebody_else_made_is_refused() -> None:
    """Compare the two: a person decides."""
    far = await Far().with_document()
    await far.delivery().once(BESLUIT_GENOMEN, a_besluit())

    with pytest.raises(TargetRefused) as caught:
        await far.delivery().once(BESLUIT_GENOMEN, a_besluit())

    assert caught.value.code == "identificatie-niet-uniek"


async def test_only_what_differs_is_changed() -> None:
    """Null clears; the same message again asks and changes nothing."""
    far = await Far().with_document()
    await far.delivery().once(BESLUIT_GENOMEN, a_besluit(toelichting="Toegekend"))
    message = a_besluit(vervaldatum="2026-06-01", vervalreden="ingetrokken_overheid", toelichting=None)

    await far.delivery().once(BESLUIT_BIJGEWERKT, message)
    again = await far.delivery().once(BESLUIT_BIJGEWERKT, message)

    [besluit] = besluiten(far)
    assert (besluit["vervaldatum"], besluit["vervalreden"], besluit["toelichting"]) == (
        "2026-06-01",
        "ingetrokken_overheid",
        "",
    )
    assert [receipt.note for receipt in again.values()] == ["was so already"]


async def test_another_document_takes_the_place_of_the_first() -> None:
    """And one that leaves, leaves; both documents stay."""
    far = await Far().with_document()
    await far.delivery().once(BESLUIT_GENOMEN, {**a_besluit(), "documenten": [{"identificatie": DOCUMENT}]})

    gone = [{"mutatie": "verwijderen", "vorige": {"identificatie": DOCUMENT}}]
    await far.delivery().once(BESLUIT_BIJGEWERKT, {**a_besluit(), "documenten": gone})
    assert links(far) == []

    replaced = [{"mutatie": "wijzigen", "identificatie": DOCUMENT, "vorige": {"identificatie": DOCUMENT}}]
    await far.delivery().once(BESLUIT_BIJGEWERKT, {**a_besluit(), "documenten": replaced})
    assert links(far) == [DOCUMENT]


async def test_an_unknown_besluit_is_not_changed() -> None:
    """The message that tells of it may still be waiting."""
    far = await Far().with_document()

    with pytest.raises(TargetRefused) as caught:
        await far.delivery().once(BESLUIT_BIJGEWERKT, a_besluit())

    assert caught.value.code == "besluit-onbekend"


@pytest.mark.parametrize("kind", [BESLUIT_GENOMEN, BESLUIT_BIJGEWERKT])
async def test_a_besluit_of_an_unknown_zaak_is_refused(kind: str) -> None:
    """Nothing is made."""
    far = await Far().with_document()
    if kind == BESLUIT_BIJGEWERKT:
        await far.delivery().once(BESLUIT_GENOMEN, a_besluit())
    before = besluiten(far)

    with pytest.raises(TargetRefused) as caught:
        await far.delivery().once(kind, {**a_besluit(), "zaak": {"identificatie": "ZAAK-2026-9999"}})

    assert (caught.value.code, besluiten(far)) == ("zaak-onbekend", before)


async def test_a_besluittype_that_is_not_in_the_catalogus_is_told_with_the_nearest() -> None:
    """For the koppelbeheerder."""
    far = await Far().with_document()

    with pytest.raises(TargetMisconfigured, match='nearest: "Besluit op aanvraag"') as caught:
        await far.delivery().once(BESLUIT_GENOMEN, a_besluit(besluittype={"omschrijving": "Besluit op aanvrage"}))

    assert caught.value.code == "onbekend-besluittype"


async def test_the_besluiten_of_a_zaak_are_found_or_made() -> None:
    """A zaak message names them by their kerngegevens; doing it twice is doing it once."""
    far = await Far().with_document()
    named = a_besluit()["besluit"]
    message = a_document(besluiten=[named], zaak={"identificatie": "ZAAK-2026-0002"})

    await far.delivery().once(AANGEMAAKT, message)
    again = await far.delivery().once(BIJGEWERKT, {"zaak": {"identificatie": "ZAAK-2026-0002"}, "besluiten": [named]})

    [besluit] = besluiten(far)
    assert besluit["zaak"] == far.simulator.state.zaak("ZAAK-2026-0002").zaak["url"]
    assert [receipt.note for receipt in again.values()] == ["was there already"]


async def test_a_besluit_without_a_number_is_found_by_zaak_besluittype_and_datum() -> None:
    """The target gives it a number."""
    far = await Far().with_document()
    named = {**a_besluit()["besluit"], "identificatie": None}
    message = {"zaak": {"identificatie": ZAAK}, "besluiten": [named]}

    for _ in range(2):
        await far.delivery().once(BIJGEWERKT, message)

    assert [each["identificatie"] for each in besluiten(far)] == ["BESLUIT-2026-0000000001"]


async def test_a_loose_besluit_is_brought_to_its_zaak_and_one_of_another_zaak_is_not() -> None:
    """A besluit is of one zaak."""
    far = await Far().with_document()
    await far.delivery().once(BESLUIT_GENOMEN, {"besluit": a_besluit()["besluit"]})
    named = a_besluit()["besluit"]

    await far.delivery().once(BIJGEWERKT, {"zaak": {"identificatie": ZAAK}, "besluiten": [named]})
    await far.delivery().once(AANGEMAAKT, a_document(zaak={"identificatie": "ZAAK-2026-0002"}))
    with pytest.raises(TargetRefused) as caught:
        await far.delivery().once(BIJGEWERKT, {"zaak": {"identificatie": "ZAAK-2026-0002"}, "besluiten": [named]})

    assert caught.value.code == "besluit-van-andere-zaak"
    assert besluiten(far)[0]["zaak"] == far.simulator.state.zaak(ZAAK).zaak["url"]


async def test_a_besluit_that_leaves_its_zaak_stays_and_is_told() -> None:
    """A besluit has legal effect: no message takes it away."""
    far = await Far().with_document()
    await far.delivery().once(BESLUIT_GENOMEN, a_besluit())
    gone = {**a_besluit()["besluit"], "mutatie": "verwijderen"}

    done = await far.delivery().once(BIJGEWERKT, {"zaak": {"identificatie": ZAAK}, "besluiten": [gone]})

    assert [receipt.note for receipt in done.values()] == ["not delivered: the relation to besluit BSL-1 has ended"]
    assert len(besluiten(far)) == 1


async def test_a_besluit_without_a_date_is_not_made() -> None:
    """ZGW asks for one, and none is invented."""
    far = await Far().with_document()

    with pytest.raises(TargetRefused) as caught:
        await far.delivery().once(BESLUIT_GENOMEN, a_besluit(datum=None))

    assert caught.value.code == "geen-datum"


async def test_the_besluit_is_of_the_organisatie_of_its_zaak_unless_it_says_so() -> None:
    """Senders name the organisatie once."""
    far = await Far().with_document()
    message = a_besluit(verantwoordelijkeOrganisatie=None)

    [step] = far.delivery().outbound.steps(outgoing(BESLUIT_GENOMEN, message))

    assert step.body["besluit"]["verantwoordelijkeOrganisatie"] == RSIN
