"""The adapter against its own far side: one effect, whichever request goes wrong and however."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from adapters.zgw.options import Options
from tests.support.zgw import (
    AANGEMAAKT,
    BIJGEWERKT,
    DOCUMENT_TOEGEVOEGD,
    STATUS_GEZET,
    Delivery,
    Simulated,
    Stored,
    a_document,
    a_person,
    a_simulator,
)

CONTENT = b"%PDF-1.7 " * 5000
WEATHER = ("lost before", "lost after", "busy")
MEDEWERKER = {
    "roltype": {"omschrijving": "Behandelaar"},
    "betrokkeneType": "medewerker",
    "betrokkeneIdentificatie": {"identificatie": "m1", "achternaam": "Voorbeeld"},
}
ADRES = {"wplWoonplaatsNaam": "Voorbeeldstad", "gorOpenbareRuimteNaam": "Dorpsstraat", "huisnummer": 1}

CREATED = a_document(
    rollen=[
        a_person(),
        a_person("999993653", roltype={"omschrijving": "Belanghebbende"}, roltoelichting="partner"),
        a_person("", roltype={"omschrijving": "Betrokkene"}, betrokkeneIdentificatie={"geslachtsnaam": "Anders"}),
    ],
    statussen=[
        {"statustype": {"volgnummer": 1}, "datumStatusGezet": "2026-03-01", "gezetdoor": MEDEWERKER},
        {"statustype": {"omschrijving": "In behandeling"}, "datumStatusGezet": "2026-03-01"},
    ],
    eigenschappen=[{"naam": "kanaal", "waarde": "web"}, {"naam": "kleur", "waarde": "rood"}],
    zaakobjecten=[{"objectType": "adres", "objectIdentificatie": ADRES}],
)
PLAIN = a_document()
OTHER = a_document(zaak={"identificatie": "ZAAK-2026-0002"})
CHANGED = {
    "zaak": {"identificatie": "ZAAK-2026-0001", "toelichting": "nieuw", "einddatumGepland": "2026-06-01"},
    "rollen": [
        a_person("999994177", mutatie="vervangen"),
        a_person("999993653", roltype={"omschrijving": "Belanghebbende"}, mutatie="verwijderen"),
        a_person("999990019", roltype={"omschrijving": "Gemachtigde"}, mutatie="toevoegen"),
    ],
    "zaakobjecten": [
        {"objectType": "adres", "objectIdentificatie": {**ADRES, "huisnummer": 2}, "mutatie": "toevoegen"}
    ],
    "eigenschappen": [{"naam": "kanaal", "waarde": "balie"}],
    "relevanteZaken": [{"identificatie": "ZAAK-2026-0002", "aardRelatie": "vervolg"}],
}
CLOSED = {
    "zaak": {"identificatie": "ZAAK-2026-0001"},
    "resultaat": {"resultaattype": {"omschrijving": "Toegekend"}, "toelichting": "akkoord"},
    "statussen": [{"statustype": {"omschrijving": "Afgehandeld"}, "datumStatusGezet": "2026-03-02"}],
}
WITH_DOCUMENT = {
    "zaak": {"identificatie": "ZAAK-2026-0001"},
    "document": {
        "identificatie": "DOC-1",
        "titel": "Aanvraag",
        "auteur": "Voorbeeld",
        "taal": "nld",
        "creatiedatum": "2026-03-01",
        "informatieobjecttype": {"omschrijving": "Aanvraagformulier"},
        "inhoud": {"verwijzing": "ref", "omvang": len(CONTENT), "sha256": sha256(CONTENT).hexdigest()},
    },
    "zaakinformatieobject": {"titel": "Aanvraag"},
}
STORY = [
    (AANGEMAAKT, CREATED),
    (AANGEMAAKT, OTHER),
    (DOCUMENT_TOEGEVOEGD, WITH_DOCUMENT),
    (BIJGEWERKT, CHANGED),
    (STATUS_GEZET, CLOSED),
]


async def told(fault: tuple[int, str] | None = None) -> tuple[dict[str, Any], int]:
    """Tell the whole story with one fault; give what stands in the end and how many writes that took."""
    far_side, clock = a_simulator()
    client = Simulated(far_side, clock, fault)
    delivery = Delivery(client, stored=Stored(ref=CONTENT))
    for kind, document in STORY:
        await delivery.until_done(kind, document)
    stand = far_side.state.stand()
    del stand["effecten"]
    for zaak in stand["zaken"].values():
        del zaak["url"]
    return stand, client.writes


async def test_a_whole_story_stands_as_it_was_told() -> None:
    """A zaak with all that belongs to it, a document, a change, a closing."""
    stand, _ = await told()
    zaak = stand["zaken"]["ZAAK-2026-0001"]

    expected = {
        "zaaktype": "B1026",
        "einddatum": "2026-03-02",
        "betalingsindicatie": "",
        "kenmerken": 0,
        "rollen": 4,
        "statussen": 3,
        "status": {"volgnummer": 3, "omschrijving": "Afgehandeld", "datumStatusGezet": "2026-03-02T08:00:00Z"},
        "resultaat": "Toegekend",
        "zaakobjecten": 2,
        "zaakeigenschappen": 1,
        "deelzaken": [],
        "relevanteAndereZaken": ["ZAAK-2026-0002"],
        "documenten": [{"identificatie": "DOC-1", "omvang": len(CONTENT), "sha256": sha256(CONTENT).hexdigest()}],
    }
    assert {name: zaak[name] for name in expected} == expected
    assert stand["losseDocumenten"] == []
    assert stand["genegeerd"] == {}


async def test_whichever_write_is_lost_the_target_stands_as_if_nothing_had_happened() -> None:
    """Every write of the story, lost before it was done, lost after it was done, or put off by a busy target."""
    clean, writes = await told()
    different = [
        (number, weather)
        for number in range(writes)
        for weather in WEATHER
        if (await told((number, weather)))[0] != clean
    ]

    assert writes > 15
    assert different == []


async def test_a_plain_zaak_is_exactly_one_request() -> None:
    """With its zaaktype in memory: what the throughput of the hub rests on."""
    far_side, clock = a_simulator()
    client = Simulated(far_side, clock)
    delivery = Delivery(client)
    await delivery.once(AANGEMAAKT, PLAIN)
    client.calls.clear()
    await delivery.once(AANGEMAAKT, OTHER)

    assert [str(call) for call in client.calls] == ["POST /zaken/api/v1/zaken"]


async def test_check_finds_nothing_wrong_with_a_target_that_is_well() -> None:
    """Reach, credentials and the right to read, at all three services."""
    far_side, clock = a_simulator()
    client = Simulated(far_side, clock)

    assert await Delivery(client).outbound.check(client) == []
    assert {call.method for call in client.calls} == {"GET"}


async def test_check_says_all_that_is_wrong() -> None:
    """A RSIN without catalogus, and a token that the target does not trust because the clocks differ."""
    far_side, clock = a_simulator()
    client = Simulated(far_side, clock)
    nobody = Delivery(client, Options(rsin="123456782"))
    without_catalogus = await nobody.outbound.check(client)
    _, fast_clock = a_simulator()
    fast_clock.advance(86_400)
    untrusted = await Delivery(client).outbound.check(Simulated(far_side, fast_clock))

    assert without_catalogus == ["catalogi: the target has no catalogus for RSIN 123456782"]
    assert [problem.split(":")[0] for problem in untrusted] == ["catalogi", "zaken", "documenten", "besluiten"]
    assert all("clocks" in problem for problem in untrusted)
