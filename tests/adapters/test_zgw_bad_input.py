"""What comes of a message that is wrong for the target: the right refusal, nothing half-done, nobody's data told."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.zgw.simulator import Simulator
from hub.errors import TargetRefused
from hub.ports.contracts import Receipt
from tests.support.zgw import (
    AANGEMAAKT,
    BESLUIT_GENOMEN,
    BIJGEWERKT,
    DOCUMENT_BIJGEWERKT,
    DOCUMENT_ONTKOPPELD,
    DOCUMENT_TOEGEVOEGD,
    STATUS_GEZET,
    a_document,
    a_person,
)
from tests.support.zgw_events import DOCUMENT, ZAAK, Far, a_besluit, a_change, new_document

UNKNOWN = "ZAAK-2026-9999"
TOO_LONG = "Z" * 41
PAND = {"objectType": "pand", "objectIdentificatie": {"identificatie": "0344100000000001"}}
STATUS = {"statustype": {"volgnummer": 2}, "datumStatusGezet": "2026-03-01T10:00:00+01:00"}


def on_zaak(identificatie: str) -> list[tuple[str, dict[str, Any]]]:
    """Give an event of each kind that works on a zaak."""
    zaak = {"identificatie": identificatie}
    return [
        (BIJGEWERKT, {"zaak": {**zaak, "omschrijving": "Anders"}}),
        (BIJGEWERKT, {"zaak": zaak, "rollen": [a_person()]}),
        (BIJGEWERKT, {"zaak": zaak, "zaakobjecten": [PAND]}),
        (BIJGEWERKT, {"zaak": zaak, "eigenschappen": [{"naam": "kanaal", "waarde": "balie"}]}),
        (STATUS_GEZET, {"zaak": zaak, "statussen": [STATUS]}),
        (DOCUMENT_ONTKOPPELD, {**a_change(), "zaak": zaak}),
    ]


def standing(simulator: Simulator) -> dict[str, Any]:
    """Give all that stands, and what was done to it."""
    stand = simulator.state.stand()
    return {**stand, "besluiten": len(simulator.state.collections.get("/besluiten/api/v1/besluiten", {}))}


async def refusal_of(far: Far, kind: str, message: dict[str, Any]) -> str:
    """Deliver, and give the code; nothing may have changed, nor may anything be told of a person."""
    before = standing(far.simulator)
    with pytest.raises(TargetRefused) as caught:
        await far.delivery().once(kind, message)
    assert standing(far.simulator) == before
    assert caught.value.advice
    assert not any(told in f"{caught.value} {caught.value.advice}" for told in ("999990019", "Voorbeeld", TOO_LONG))
    return caught.value.code


@pytest.mark.parametrize("index", range(len(on_zaak(UNKNOWN))))
async def test_an_unknown_zaak_is_refused(index: int) -> None:
    """Whatever was to be done with it."""
    kind, message = on_zaak(UNKNOWN)[index]

    assert await refusal_of(await Far().with_document(), kind, message) == "zaak-onbekend"


async def test_a_document_of_an_unknown_zaak_is_not_made() -> None:
    """Its zaak is looked for first: a document without a place is no use to anybody."""
    message = {**new_document(identificatie="DOC-2"), "zaak": {"identificatie": UNKNOWN}}

    assert await refusal_of(await Far().with_document(), DOCUMENT_TOEGEVOEGD, message) == "zaak-onbekend"


@pytest.mark.parametrize("index", [each for each, (kind, _) in enumerate(on_zaak(ZAAK)) if kind != STATUS_GEZET])
async def test_a_closed_zaak_takes_no_change(index: int) -> None:
    """Said as what it is, and what an operator can do: reopen, or give the right."""
    kind, message = on_zaak(ZAAK)[index]
    far = await Far().with_document()
    far.simulator.state.zaak(ZAAK).zaak["einddatum"] = "2026-03-01"

    assert await refusal_of(far, kind, message) == "zaak-closed"


async def test_a_client_with_the_right_to_may_change_a_closed_zaak() -> None:
    """zaken.geforceerd-bijwerken."""
    far = await Far(may_force=True).with_document()
    far.simulator.state.zaak(ZAAK).zaak["einddatum"] = "2026-03-01"

    await far.delivery().once(BIJGEWERKT, {"zaak": {"identificatie": ZAAK, "omschrijving": "Anders"}})

    assert far.simulator.state.zaak(ZAAK).zaak["omschrijving"] == "Anders"


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (AANGEMAAKT, a_document(zaak={"identificatie": TOO_LONG})),
        (AANGEMAAKT, a_document(zaak={"identificatie": TOO_LONG}, rollen=[a_person()], statussen=[STATUS])),
        (DOCUMENT_TOEGEVOEGD, new_document(identificatie=TOO_LONG)),
        (BESLUIT_GENOMEN, a_besluit(identificatie=TOO_LONG * 2)),
        (BIJGEWERKT, {"zaak": {"identificatie": ZAAK, "kenmerken": [{"kenmerk": TOO_LONG, "bron": "x"}]}}),
    ],
    ids=["zaak", "zaak with parts", "document", "besluit", "kenmerk"],
)
async def test_a_number_that_is_too_long_is_refused_and_not_cut(kind: str, message: dict[str, Any]) -> None:
    """Cut off, two numbers could become one. The mappings refuse it before it gets here."""
    assert await refusal_of(await Far().with_document(), kind, message) == "max_length"


async def test_a_document_of_a_closed_zaak_stays_for_the_delivery_that_goes_on() -> None:
    """The one thing that is done is found back: a second attempt after reopening places it, once."""
    far = await Far().with_document()
    zaak = far.simulator.state.zaak(ZAAK).zaak
    zaak["einddatum"] = "2026-03-01"
    message = new_document(identificatie="DOC-2")
    done: dict[str, Receipt] = {}

    with pytest.raises(TargetRefused, match="closed"):
        await far.delivery().once(DOCUMENT_TOEGEVOEGD, message, done=done)
    zaak["einddatum"] = None
    await far.delivery().once(DOCUMENT_TOEGEVOEGD, message, done=done, resumed=True)

    assert [each["identificatie"] for each in far.simulator.state.stand()["zaken"][ZAAK]["documenten"]] == [
        DOCUMENT,
        "DOC-2",
    ]


async def test_fields_that_the_target_does_not_take_are_named_without_their_values() -> None:
    """Which field, and which rule; what stood in it never."""
    far = await Far().with_document()
    with pytest.raises(TargetRefused, match=r"titel: max_length") as caught:
        await far.delivery().once(DOCUMENT_BIJGEWERKT, a_change(titel="Voorbeeld" * 30))

    assert "Voorbeeld" not in str(caught.value)
    assert not far.document["locked"]
