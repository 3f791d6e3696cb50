"""Questions to a legacy zaaksysteem: which service is asked, and that the answer is canonical."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.stuf_zds.zaaksysteem import Gedrag
from hub.errors import TargetFailed, TargetMisconfigured, TargetRefused, TargetUnavailable, TargetUncertain
from tests.support.zds_legacy import EVENT, OPTIONS, Legacy

AANGEMAAKT, TOEGEVOEGD = "nl.zaken.zaak-aangemaakt.v1", "nl.zaken.zaakdocument-toegevoegd.v1"
ZAKEN, DOCUMENTEN = "nl.zaken.zaken-opvragen.v1", "nl.zaken.documenten-opvragen.v1"
VERGRENDELEN, BESLUITEN = "nl.zaken.document-vergrendelen.v1", "nl.zaken.besluiten-opvragen.v1"
NUMMER = "nl.zaken.nummer-reserveren.v1"
BSN = "999990019"


async def _filled(zds: str = "1.2") -> Legacy:
    """Three zaken in a row; the first has an initiator and a document, the last a behandelaar."""
    legacy = Legacy(options=OPTIONS.model_copy(update={"zds": zds}))
    betrokkene = {"betrokkeneType": "natuurlijk_persoon", "natuurlijkPersoon": {"bsn": BSN}}
    initiator = {"omschrijvingGeneriek": "initiator", "relatie": "heeftAlsInitiator", **betrokkene}
    medewerker = {"betrokkeneType": "medewerker", "medewerker": {"identificatie": "m-1"}}
    behandelaar = {"omschrijvingGeneriek": "behandelaar", "relatie": "heeftAlsUitvoerende", **medewerker}
    for number, rol in ((1, initiator), (2, None), (3, behandelaar)):
        zaak: dict[str, Any] = {
            "identificatie": f"1900000000000{number}",
            "zaaktype": "B1" if number < 3 else "B2",
            "startdatum": f"2026-03-0{number}",
        }
        await legacy.deliver(
            AANGEMAAKT, {"zaak": zaak | ({"rollen": [rol]} if rol else {})}, event=f"{EVENT[:-1]}{number}"
        )
    document = {
        "identificatie": "D-1",
        "informatieobjecttype": "Brief",
        "creatiedatum": "2026-03-02",
        "titel": "Brief aan de aanvrager",
        "formaat": "application/pdf",
        "taal": "nld",
        "auteur": "Proef",
        "vertrouwelijkheidaanduiding": "openbaar",
        "zaaktitel": "Ontvangen",
    }
    data = {"zaak": {"identificatie": "19000000000001"}, "document": document}
    await legacy.deliver(TOEGEVOEGD, data, event=f"{EVENT[:-1]}4")
    legacy.zaaksysteem.log.clear()
    return legacy


@pytest.mark.parametrize(
    ("question", "found", "service"),
    [
        ({"identificatie": "19000000000002"}, "2", "geefZaakdetails_Lv01"),
        ({"identificatie": "19000000000099"}, "", "geefZaakdetails_Lv01"),
        ({"zaaktype": "B1"}, "12", "zakLv01"),
        ({"startdatum": "2026-03-03"}, "3", "zakLv01"),
        ({"startdatumVanaf": "2026-03-02"}, "23", "zakLv01"),
        ({"startdatumVanaf": "2026-03-01", "startdatumTotEnMet": "2026-03-02"}, "12", "zakLv01"),
        ({"betrokkene": {"rol": "initiator", "natuurlijkPersoon": {"bsn": BSN}}}, "1", "zakLv01"),
        ({"betrokkene": {"rol": "behandelaar", "medewerker": {"identificatie": "m-1"}}}, "3", "zakLv01"),
        ({"betrokkene": {"rol": "initiator", "medewerker": {"identificatie": "m-1"}}}, "", "zakLv01"),
    ],
)
@pytest.mark.parametrize("zds", ["1.1", "1.2"])
async def test_zaken_are_found_by_what_is_asked(question: dict[str, Any], found: str, service: str, zds: str) -> None:
    """One by its identificatie, others by a search; nothing found is an empty answer."""
    legacy = await _filled(zds)

    answer = await legacy.ask(ZAKEN, question)

    assert [each["identificatie"][-1] for each in answer.get("zaken", [])] == list(found)
    assert [each.service for each in legacy.zaaksysteem.log] == [service]


async def test_what_does_not_fit_in_one_answer_is_asked_on() -> None:
    """`na` is the last zaak of the answer before (StUF 03.01 vervolgvraag)."""
    legacy = await _filled()

    first = await legacy.ask(ZAKEN, {"zaaktype": "B1", "maximum": 1})
    second = await legacy.ask(ZAKEN, {"zaaktype": "B1", "maximum": 1, "na": first["zaken"][-1]["identificatie"]})

    assert (first["meer"], second["meer"]) == (True, False)
    assert [each["identificatie"][-1] for each in (*first["zaken"], *second["zaken"])] == ["1", "2"]


async def test_the_documents_of_a_zaak_come_with_the_zaak() -> None:
    """They are another service: two questions, one answer."""
    legacy = await _filled()

    answer = await legacy.ask(ZAKEN, {"identificatie": "19000000000001", "onderdelen": ["rollen", "documenten"]})

    [zaak] = answer["zaken"]
    assert zaak["rollen"][0]["natuurlijkPersoon"] == {"bsn": BSN}
    assert [(each["identificatie"], each["zaaktitel"]) for each in zaak["documenten"]] == [("D-1", "Ontvangen")]
    services = [each.service for each in legacy.zaaksysteem.log]
    assert services == ["geefZaakdetails_Lv01", "geefLijstZaakdocumenten_Lv01"]


@pytest.mark.parametrize(
    ("question", "service"),
    [
        ({"identificatie": "D-1"}, "geefZaakdocumentLezen_Lv01"),
        ({"zaak": "19000000000001"}, "geefLijstZaakdocumenten_Lv01"),
        ({"titel": "Brief aan de aanvrager"}, "edcLv01"),
    ],
)
@pytest.mark.parametrize("zds", ["1.1", "1.2"])
async def test_documents_are_found_by_what_is_asked(question: dict[str, Any], service: str, zds: str) -> None:
    """Each with the zaak it belongs to, whichever service told of it."""
    legacy = await _filled(zds)

    [document] = (await legacy.ask(DOCUMENTEN, question))["documenten"]

    assert document["identificatie"] == "D-1"
    assert [each["identificatie"] for each in document["zaken"]] == ["19000000000001"]
    assert [each.service for each in legacy.zaaksysteem.log] == [service]


async def test_a_document_is_locked_once() -> None:
    """Who comes second hears that it is not to be had."""
    legacy = await _filled()

    [document] = (await legacy.ask(VERGRENDELEN, {"identificatie": "D-1"}))["documenten"]

    assert document["lock"] == legacy.zaaksysteem.locks["D-1"]
    with pytest.raises(TargetFailed):
        await legacy.ask(VERGRENDELEN, {"identificatie": "D-1"})


@pytest.mark.parametrize("soort", ["zaak", "document", "besluit"])
async def test_a_number_is_never_given_twice(soort: str) -> None:
    """Of each kind."""
    legacy = await _filled()

    numbers = [(await legacy.ask(NUMMER, {"soort": soort}))["identificatie"] for _ in range(3)]

    assert len(set(numbers)) == 3


@pytest.mark.parametrize(
    ("kind", "question"),
    [
        (ZAKEN, {}),
        (ZAKEN, {"betrokkene": {"natuurlijkPersoon": {"bsn": BSN}}}),
        (ZAKEN, {"betrokkene": {"rol": "initiator", "natuurlijkPersoon": {"geslachtsnaam": "Voorbeeld"}}}),
        (DOCUMENTEN, {}),
        (VERGRENDELEN, {"zaak": "1"}),
        (BESLUITEN, {}),
    ],
)
async def test_what_cannot_be_asked_is_refused_and_not_asked(kind: str, question: dict[str, Any]) -> None:
    """A question without a criterion would be one about everybody."""
    legacy = await _filled()

    with pytest.raises(TargetRefused, match=r"asked|criterion"):
        await legacy.ask(kind, question)

    assert legacy.zaaksysteem.log == []


@pytest.mark.parametrize(
    ("order", "kind"),
    [
        (Gedrag("fout", code="StUF013"), TargetMisconfigured),
        (Gedrag("fout", code="StUF049"), TargetUnavailable),
        (Gedrag("html"), TargetUncertain),
        (Gedrag("empty", status=200), TargetUncertain),
    ],
)
async def test_a_question_that_fails_says_why(order: Gedrag, kind: type[TargetFailed]) -> None:
    """In one of the kinds that the flow knows."""
    legacy = await _filled()
    legacy.zaaksysteem.misbehave(order)

    with pytest.raises(kind):
        await legacy.ask(ZAKEN, {"identificatie": "19000000000001"})


async def test_a_service_that_the_version_does_not_have_is_for_who_configures() -> None:
    """ZDS 1.1 has no besluiten."""
    legacy = await _filled("1.1")

    with pytest.raises(TargetMisconfigured):
        await legacy.ask(BESLUITEN, {"zaak": "19000000000001"})
