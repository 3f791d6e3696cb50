"""Zaken at a scripted target: made in one call, found back after a lost answer, changed and related."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.zgw.options import Options
from adapters.zgw.simulator import RSIN
from hub.errors import TargetMisconfigured, TargetRefused
from tests.support.zgw import (
    AANGEMAAKT,
    BIJGEWERKT,
    OPTIONS,
    ZAAK_URL,
    ZAAKTYPE,
    ZAKEN,
    Delivery,
    Scripted,
    a_document,
    a_zaak,
    json_response,
    page,
    problem,
    with_catalogue,
)


def a_change(**fields: Any) -> dict[str, Any]:  # noqa: ANN401 - a document is JSON
    return {"zaak": {"identificatie": "ZAAK-2026-0001", **fields}}


def body_of(client: Scripted, call: str) -> Any:  # noqa: ANN401 - a body is JSON
    return next(each.body for each in reversed(client.calls) if str(each) == call)


async def test_a_plain_zaak_is_one_call_when_its_zaaktype_is_in_memory() -> None:
    """Nothing is asked beforehand on a first attempt."""
    client = with_catalogue()
    delivery = Delivery(client)
    await delivery.once(AANGEMAAKT, a_document(zaak={"identificatie": "ZAAK-1"}))
    client.calls.clear()
    await delivery.once(AANGEMAAKT, a_document(zaak={"identificatie": "ZAAK-2"}))

    assert [str(call) for call in client.calls] == ["POST zaken/zaken"]


async def test_a_zaak_is_sent_with_its_types_as_urls_and_without_what_nobody_said() -> None:
    """Null on a new zaak means that there is nothing: most fields of the standard can't be null."""
    client = with_catalogue()
    await Delivery(client).once(AANGEMAAKT, a_document(zaak={"toelichting": None, "kenmerken": []}))

    assert client.calls[-1].body == {
        "identificatie": "ZAAK-2026-0001",
        "bronorganisatie": RSIN,
        "verantwoordelijkeOrganisatie": RSIN,
        "omschrijving": "Aanvraag",
        "startdatum": "2026-03-01",
        "kenmerken": [],
        "zaaktype": ZAAKTYPE["url"],
    }
    assert client.calls[-1].headers == {"Accept-Crs": "EPSG:4326", "Content-Crs": "EPSG:4326"}


async def test_after_a_lost_answer_the_zaak_is_found_by_its_natural_key() -> None:
    """It is taken as it is, and the receipt says in which fields it differs, not how."""
    client = with_catalogue()
    client.on("GET zaken/zaken", page(a_zaak(omschrijving="Anders", bronorganisatie=RSIN, startdatum="2026-03-01")))
    done = await Delivery(client).once(AANGEMAAKT, a_document(), resumed=True)
    receipt = next(iter(done.values()))

    assert client.asked() == ["GET zaken/zaken"]
    assert receipt.url == ZAAK_URL
    assert receipt.note == "was there already; other at the target: omschrijving, verantwoordelijkeOrganisatie"


async def test_a_zaak_that_is_not_there_after_a_lost_answer_is_made() -> None:
    """The request was lost, not the answer."""
    client = with_catalogue()
    await Delivery(client).once(AANGEMAAKT, a_document(), resumed=True)

    assert client.asked() == ["GET zaken/zaken", "POST zaken/zaken"]


async def test_a_zaak_of_another_zaaktype_is_not_ours() -> None:
    """Somebody else uses the number."""
    client = with_catalogue()
    client.on("GET zaken/zaken", page(a_zaak(zaaktype="other")))
    with pytest.raises(TargetRefused) as caught:
        await Delivery(client).once(AANGEMAAKT, a_document(), resumed=True)

    assert caught.value.code == "identificatie-niet-uniek"


async def test_a_zaak_that_exists_on_a_first_attempt_is_refused() -> None:
    """We did not make it, so a person decides."""
    client = with_catalogue()
    client.on("POST zaken/zaken", problem(400, "invalid", ("identificatie", "identificatie-niet-uniek")))
    with pytest.raises(TargetRefused, match="zaak aanmaken: it exists already at the target"):
        await Delivery(client).once(AANGEMAAKT, a_document())


async def test_a_failing_step_removes_nothing() -> None:
    """There is no compensation: the delivery goes on at the step that failed."""
    client = with_catalogue()
    client.on(
        "POST zaken/resultaten",
        problem(400, "invalid", ("toelichting", "max_length")),
        json_response(201, {"url": "r"}),
    )
    delivery = Delivery(client)
    document = a_document(resultaat={"resultaattype": {"omschrijving": "Toegekend"}})
    done: dict[str, Any] = {}
    with pytest.raises(TargetRefused):
        await delivery.once(AANGEMAAKT, document, done=done)
    await delivery.once(AANGEMAAKT, document, done=done, resumed=True)

    assert client.asked() == [
        "POST zaken/zaken",
        "POST zaken/resultaten",
        "GET zaken/resultaten",
        "POST zaken/resultaten",
    ]


async def test_a_change_finds_the_zaak_once_and_sends_what_changes() -> None:
    """The URL is remembered; null clears, in the way that the standard allows for the field."""
    client = with_catalogue()
    client.on("GET zaken/zaken", page(a_zaak()))
    delivery = Delivery(client)
    cleared = {"toelichting": None, "einddatumGepland": None, "opschorting": None, "kenmerken": None}
    await delivery.once(BIJGEWERKT, a_change(betalingsindicatie="geheel", **cleared))
    await delivery.once(BIJGEWERKT, a_change(omschrijving="Nieuw"))

    assert client.asked() == ["GET zaken/zaken", "PATCH zaken/zaken/new", "PATCH zaken/zaken/new"]
    assert client.calls[0].query == {"identificatie": "ZAAK-2026-0001", "bronorganisatie": RSIN}
    assert client.calls[1].body == {
        "betalingsindicatie": "geheel",
        "toelichting": "",
        "einddatumGepland": None,
        "opschorting": {"indicatie": False, "reden": ""},
        "kenmerken": [],
    }
    assert client.calls[2].body == {"omschrijving": "Nieuw"}


async def test_a_change_that_was_made_already_is_not_made_again() -> None:
    """The target writes moments in UTC and gives more fields than it was sent."""
    client = with_catalogue()
    there = a_zaak(
        laatsteBetaaldatum="2026-03-01T23:00:00Z",
        toelichting="",
        opschorting={"indicatie": False, "eerdereOpschorting": False, "reden": ""},
    )
    client.on("GET zaken/zaken", page(there))
    client.on("GET zaken/zaken/new", json_response(200, there))
    change = a_change(laatsteBetaaldatum="2026-03-02T00:00:00+01:00", toelichting=None, opschorting=None)
    done = await Delivery(client).once(BIJGEWERKT, change, resumed=True)

    assert client.asked() == ["GET zaken/zaken", "GET zaken/zaken/new"]
    assert next(iter(done.values())).note == "was so already"


async def test_a_change_of_a_zaak_that_is_not_there_is_refused() -> None:
    """Order per zaak holds, so the message that makes it failed or never came."""
    with pytest.raises(TargetRefused) as caught:
        await Delivery(with_catalogue()).once(BIJGEWERKT, a_change(omschrijving="x"))

    assert caught.value.code == "zaak-onbekend"


async def test_a_zaak_that_was_removed_is_looked_for_again_by_the_next_message() -> None:
    """A remembered URL must not outlive the zaak."""
    client = with_catalogue()
    client.on("GET zaken/zaken", page(a_zaak()))
    client.on("PATCH zaken/zaken/new", json_response(404, {}), json_response(200, a_zaak()))
    delivery = Delivery(client)
    with pytest.raises(TargetRefused):
        await delivery.once(BIJGEWERKT, a_change(omschrijving="x"))
    await delivery.once(BIJGEWERKT, a_change(omschrijving="x"))

    assert client.asked().count("GET zaken/zaken") == 2


async def test_another_zaaktype_in_a_change_is_refused_and_not_ignored() -> None:
    """ZGW can't change it; leaving it out silently would be a lie."""
    client = with_catalogue()
    client.on("GET zaken/zaken", page(a_zaak()))
    delivery = Delivery(client)
    await delivery.once(BIJGEWERKT, a_change(omschrijving="x", zaaktype={"identificatie": "b1026"}))
    with pytest.raises(TargetRefused, match="zaaktype of a zaak can't be changed"):
        await delivery.once(BIJGEWERKT, a_change(omschrijving="x", zaaktype={"identificatie": "B9999"}))


async def test_related_zaken_are_added_to_those_that_are_there() -> None:
    """A PATCH replaces the whole list, so what the zaak has goes along."""
    old = {"url": "http://elders.test/1", "aardRelatie": "vervolg"}
    client = with_catalogue()
    client.on("GET zaken/zaken", page(a_zaak()), page(a_zaak(url=f"{ZAKEN}zaken/2")))
    client.on("GET zaken/zaken/new", json_response(200, a_zaak(relevanteAndereZaken=[old])))
    document = {**a_change(), "relevanteZaken": [{"identificatie": "ZAAK-2"}]}
    await Delivery(client).once(BIJGEWERKT, document)

    new = {"url": f"{ZAKEN}zaken/2", "aardRelatie": "onderwerp"}
    assert client.calls[-1].body == {"relevanteAndereZaken": [old, new]}


async def test_a_relation_that_is_there_is_left() -> None:
    """Twice is once."""
    there = {"url": f"{ZAKEN}zaken/2", "aardRelatie": "onderwerp", "toelichting": ""}
    client = with_catalogue()
    client.on("GET zaken/zaken", page(a_zaak()), page(a_zaak(url=f"{ZAKEN}zaken/2")))
    client.on("GET zaken/zaken/new", json_response(200, a_zaak(relevanteAndereZaken=[there])))
    await Delivery(client).once(BIJGEWERKT, {**a_change(), "relevanteZaken": [{"identificatie": "ZAAK-2"}]})

    assert "PATCH zaken/zaken/new" not in client.asked()


async def test_a_deelzaak_is_told_its_hoofdzaak() -> None:
    """ZGW keeps the relation at the deelzaak, whichever of the two the message is about."""
    client = with_catalogue()
    client.on("GET zaken/zaken", page(a_zaak(url=f"{ZAKEN}zaken/2")))
    await Delivery(client).once(AANGEMAAKT, a_document(deelzaken=[{"identificatie": "ZAAK-2"}]))

    assert client.asked() == ["POST zaken/zaken", "GET zaken/zaken", "PATCH zaken/zaken/2"]
    assert client.calls[-1].body == {"hoofdzaak": ZAAK_URL}


async def test_a_hoofdzaak_is_found_and_goes_along() -> None:
    """A deelzaak is made under its hoofdzaak, not moved there afterwards."""
    client = with_catalogue()
    client.on("GET zaken/zaken", page(a_zaak(url=f"{ZAKEN}zaken/2")))
    await Delivery(client).once(AANGEMAAKT, a_document(zaak={"hoofdzaak": {"identificatie": "ZAAK-2"}}))

    assert body_of(client, "POST zaken/zaken")["hoofdzaak"] == f"{ZAKEN}zaken/2"


async def test_an_eigenschap_of_the_zaaktype_is_set_and_another_is_told() -> None:
    """Form engines send every field of a form; what is not delivered stands in the receipt."""
    client = with_catalogue()
    eigenschappen = [{"naam": "Kanaal", "waarde": "web"}, {"naam": "kanaall", "waarde": "web"}]
    done = await Delivery(client).once(AANGEMAAKT, a_document(eigenschappen=eigenschappen))

    assert client.asked() == ["POST zaken/zaken", "POST zaken/zaken/new/zaakeigenschappen"]
    notes = [receipt.note for receipt in done.values() if receipt.note]
    assert notes == [
        'not delivered: eigenschap "kanaall" is not in the zaaktype of this zaak; nearest: "kanaal"',
    ]


async def test_an_unknown_eigenschap_parks_the_zaak_for_who_asked_for_that() -> None:
    """Strictness is an option."""
    options = Options(rsin=RSIN, onbekende_eigenschap="refuse")
    with pytest.raises(TargetMisconfigured, match='eigenschap "kleur"'):
        await Delivery(with_catalogue(), options).once(
            AANGEMAAKT, a_document(eigenschappen=[{"naam": "kleur", "waarde": "rood"}])
        )


@pytest.mark.parametrize(
    ("there", "waarde", "call"),
    [
        (None, "web", "POST zaken/zaken/new/zaakeigenschappen"),
        ("balie", "web", "PATCH zaken/eigenschap"),
        ("web", "web", None),
        ("web", None, "DELETE zaken/eigenschap"),
        (None, None, None),
    ],
)
async def test_an_eigenschap_of_a_known_zaak_is_added_changed_left_or_taken_away(
    there: str | None, waarde: str | None, call: str | None
) -> None:
    """The list of a zaak has no pages; the natural key is the naam."""
    client = with_catalogue()
    client.on("GET zaken/zaken", page(a_zaak()))
    rows = [{"url": f"{ZAKEN}eigenschap", "naam": "kanaal", "waarde": there}] if there else []
    client.on("GET zaken/zaken/new/zaakeigenschappen", json_response(200, rows))
    await Delivery(client, OPTIONS).once(
        BIJGEWERKT, {**a_change(), "eigenschappen": [{"naam": "kanaal", "waarde": waarde}]}
    )

    assert client.asked()[2:] == ([call] if call else [])


@pytest.mark.parametrize(
    ("there", "calls"),
    [
        (None, ["POST zaken/resultaten"]),
        (("Toegekend", "want"), []),
        (("Toegekend", "anders"), ["PATCH zaken/resultaat"]),
        (("Afgewezen", "want"), ["DELETE zaken/resultaat", "POST zaken/resultaten"]),
    ],
)
async def test_a_zaak_has_one_resultaat(there: tuple[str, str] | None, calls: list[str]) -> None:
    """A resultaat of another type is replaced: the standard does not let its type change."""
    client = with_catalogue()
    client.on("GET zaken/zaken", page(a_zaak()))
    if there:
        catalogi = ZAKEN.replace("/zaken/", "/catalogi/")
        row = {
            "url": f"{ZAKEN}resultaat",
            "resultaattype": f"{catalogi}resultaattypen/{there[0]}",
            "toelichting": there[1],
        }
        client.on("GET zaken/resultaten", page(row))
    resultaat = {"resultaattype": {"omschrijving": "toegekend"}, "toelichting": "want"}
    await Delivery(client).once(BIJGEWERKT, {**a_change(), "resultaat": resultaat})

    assert client.asked()[2:] == calls
