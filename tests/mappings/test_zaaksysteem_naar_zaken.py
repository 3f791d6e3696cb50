"""The example connection that listens to a zaaksysteem: what people do there becomes events, field by field."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.zgw.melding import KINDS
from adapters.zgw.simulator import RSIN
from hub.event.envelope import Event
from tests.support.examples import with_examples
from tests.support.meldingen import CONNECTION, HOST, Situation, listening
from tests.support.zaakbeheer import CATALOGI, ZAKEN, Behandelaar, Json

DOCUMENTEN, BESLUITEN = f"{HOST}/documenten/api/v1", f"{HOST}/besluiten/api/v1"


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Situation]:
    async with listening(with_examples(tmp_path)) as situation:
        yield situation


@pytest.fixture
async def behandelaar(here: Situation) -> Behandelaar:
    return Behandelaar(here)


async def last(here: Situation) -> Event:
    """Give the newest event; nothing failed."""
    events = await here.told()
    assert await here.hub.failures() == []
    return events[-1]


async def a_document(behandelaar: Behandelaar, zaak: str) -> tuple[Json, Json]:
    """Put a document in a zaak: give it and its place."""
    document = await behandelaar.send(
        "POST",
        f"{DOCUMENTEN}/enkelvoudiginformatieobjecten",
        {
            "identificatie": "DOC-1",
            "bronorganisatie": RSIN,
            "creatiedatum": "2026-11-01",
            "titel": "Aanvraag",
            "auteur": "A. de Vries",
            "taal": "nld",
            "formaat": "application/pdf",
            "bestandsnaam": "aanvraag.pdf",
            "bestandsomvang": 5,
            "inhoud": "aGFsbG8=",
            "informatieobjecttype": await behandelaar.type_url(
                "informatieobjecttypen", omschrijving="Aanvraagformulier"
            ),
        },
    )
    body = {"zaak": zaak, "informatieobject": document["url"]}
    return document, await behandelaar.send("POST", f"{ZAKEN}/zaakinformatieobjecten", body)


def test_there_is_a_mapping_for_everything_that_is_told() -> None:
    """A notification without a mapping would wait for a person."""
    folder = Path(__file__).parents[2] / "mappings" / "_voorbeelden" / CONNECTION

    assert {path.name.removesuffix(".map.yaml") for path in folder.glob("*.map.yaml")} == set(KINDS)


async def test_a_rol_is_told_with_the_whole_zaak(here: Situation, behandelaar: Behandelaar) -> None:
    """What changed is fetched as it is now: the zaak with all its rollen."""
    zaak = await behandelaar.maakt_zaak("ZAAK-1")
    await behandelaar.send(
        "POST",
        f"{ZAKEN}/rollen",
        {
            "zaak": zaak,
            "roltype": await behandelaar.type_url("roltypen", omschrijving="Belanghebbende"),
            "roltoelichting": "aanvrager",
            "betrokkeneType": "natuurlijk_persoon",
            "betrokkeneIdentificatie": {"inpBsn": "999990019", "geslachtsnaam": "Vries"},
        },
    )

    event = await last(here)

    [rol] = event.data["zaak"]["rollen"]
    assert event.type == "nl.zaken.zaak-bijgewerkt.v1"
    assert (rol["omschrijvingGeneriek"], rol["natuurlijkPersoon"]["bsn"]) == ("belanghebbende", "999990019")


async def test_a_document_comes_with_its_content(here: Situation, behandelaar: Behandelaar) -> None:
    """In the payload store, so that it can be delivered to a system that has no access to the zaaksysteem."""
    zaak = await behandelaar.maakt_zaak("ZAAK-1")
    await a_document(behandelaar, zaak)

    event = await last(here)

    bestand = event.data["document"]["bestand"]
    content = b"".join([chunk async for chunk in here.hub.app.payloads.open(bestand["verwijzing"])])
    assert (event.type, event.subject) == ("nl.zaken.zaakdocument-toegevoegd.v1", "ZAAK-1")
    assert (content, bestand["omvang"], bestand["bestandsnaam"]) == (b"hallo", 5, "aanvraag.pdf")


async def test_a_document_that_is_told_twice_is_kept_once(here: Situation, behandelaar: Behandelaar) -> None:
    """The content of a fetch that had no effect is dropped again."""
    zaak = await behandelaar.maakt_zaak("ZAAK-1")
    document, _ = await a_document(behandelaar, zaak)
    lock = (await behandelaar.send("POST", f"{document['url']}/lock", {}))["lock"]
    for _ in range(2):
        here.clock.advance(1)
        await behandelaar.send("PATCH", document["url"], {"lock": lock, "titel": "Aangevuld"})

    events = await here.told()

    told = [each for each in events if "document" in each.data]
    kept = [each.data["document"]["bestand"]["verwijzing"] for each in told]
    assert len(here.around.nrc.published) == 5
    assert {each.type.split(".")[2] for each in told} == {"zaakdocument-toegevoegd", "zaakdocument-bijgewerkt"}
    assert sorted(here.memory.payloads._contents) == sorted(kept)


async def test_a_document_that_leaves_a_zaak_is_told_by_its_number(here: Situation, behandelaar: Behandelaar) -> None:
    """There is nothing left to fetch; a hub that never saw it can only tell that the zaak changed."""
    zaak = await behandelaar.maakt_zaak("ZAAK-1")
    _, place = await a_document(behandelaar, zaak)
    await here.told()
    await behandelaar.verwijdert(place["url"])

    event = await last(here)

    assert event.type == "nl.zaken.zaakdocument-ontkoppeld.v1"
    assert (event.data["zaak"]["identificatie"], event.data["document"]) == ("ZAAK-1", {"identificatie": "DOC-1"})


async def test_a_besluit_is_told_with_its_zaak(here: Situation, behandelaar: Behandelaar) -> None:
    """And so is a change of it."""
    zaak = await behandelaar.maakt_zaak("ZAAK-1")
    types = (await behandelaar.send("GET", f"{CATALOGI}/besluittypen"))["results"]
    besluit = await behandelaar.send(
        "POST",
        f"{BESLUITEN}/besluiten",
        {
            "identificatie": "BESLUIT-1",
            "verantwoordelijkeOrganisatie": RSIN,
            "besluittype": types[0]["url"],
            "zaak": zaak,
            "datum": "2026-11-02",
            "ingangsdatum": "2026-11-03",
        },
    )
    made = await last(here)
    await behandelaar.send("PATCH", besluit["url"], {"toelichting": "Toegekend"})

    changed = await last(here)

    assert [each.type.split(".")[2] for each in (made, changed)] == ["besluit-genomen", "besluit-bijgewerkt"]
    assert (made.subject, changed.data["besluit"]["toelichting"]) == ("ZAAK-1", "Toegekend")


async def test_a_closed_zaak_is_told_with_its_resultaat(here: Situation, behandelaar: Behandelaar) -> None:
    """The status that closes it says when."""
    zaak = await behandelaar.maakt_zaak("ZAAK-1")
    resultaattype = await behandelaar.type_url("resultaattypen", omschrijving="Toegekend")
    await behandelaar.send("POST", f"{ZAKEN}/resultaten", {"zaak": zaak, "resultaattype": resultaattype})
    await behandelaar.zet_status(zaak, "Afgehandeld")

    event = await last(here)

    assert event.data["zaak"]["einddatum"] == "2026-11-02"
    assert event.data["zaak"]["resultaat"] == {"omschrijving": "Toegekend"}
    assert [each["omschrijving"] for each in event.data["zaak"]["statussen"]] == ["Afgehandeld"]
