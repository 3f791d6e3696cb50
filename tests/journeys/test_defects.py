"""What existing bridges between StUF-ZDS and ZGW lose or damage, each through a whole hub: StUF bytes in, ZGW out.

One test per defect that was found in them; the dangers that every bridge meets are in test_dangers. Two of the defects
lie in the direction from ZGW to StUF (`P1M15D` read back as 115 days, a missing ontvangstdatum answered as 00010101):
the hub does not answer questions about zaken yet, so only the way in can be tested.
"""

from __future__ import annotations

import pytest

from tests.support.berichten import (
    DAY,
    OTHER_RSIN,
    creeer_zaak,
    extra_elementen,
    heeft_status,
    leaf,
    natuurlijk_persoon,
    niet_natuurlijk_persoon,
    rol,
    update_zaak,
    voeg_document_toe,
    zet_status,
)
from tests.support.gemeente import eigenschappen_of, identified, local, rol_of, stand_after
from tests.support.zaaksysteem import Municipality


async def test_uiterlijke_einddatum_is_kept_in_an_update(hub: Municipality) -> None:
    """The StUF name uiterlijkeEinddatum is read in updateZaak as in creeerZaak."""
    stand = await stand_after(
        hub, creeer_zaak(uiterlijkeEinddatum="20260501"), update_zaak(old={}, uiterlijkeEinddatum="20260630")
    )

    assert stand["uiterlijkeEinddatumAfdoening"] == "2026-06-30"


async def test_datum_vernietiging_dossier_is_kept_in_an_update(hub: Municipality) -> None:
    """It becomes the archiefactiedatum, also when it changes later."""
    stand = await stand_after(
        hub,
        creeer_zaak(archiefnominatie="J", datumVernietigingDossier="20310302"),
        update_zaak(old={}, datumVernietigingDossier="20360302"),
    )

    assert (stand["archiefnominatie"], stand["archiefactiedatum"]) == ("vernietigen", "2036-03-02")


@pytest.mark.parametrize("digits", ["20260302", "20260302103000"])
async def test_laatste_betaaldatum_of_eight_digits_is_kept_in_a_new_zaak(hub: Municipality, digits: str) -> None:
    """A StUF tijdstip may end after the day; the moment is local time."""
    stand = await stand_after(hub, creeer_zaak(betalingsIndicatie="Geheel", laatsteBetaaldatum=digits))

    assert local(stand["laatsteBetaaldatum"]) == f"{digits:0<14}"


async def test_laatste_betaaldatum_of_eight_digits_is_kept_in_an_update(hub: Municipality) -> None:
    """It is not silently dropped either."""
    stand = await stand_after(
        hub, creeer_zaak(), update_zaak(betalingsIndicatie="Gedeeltelijk", laatsteBetaaldatum=DAY)
    )

    assert (stand["betalingsindicatie"], local(stand["laatsteBetaaldatum"])) == ("gedeeltelijk", f"{DAY}000000")


async def test_a_verlenging_of_many_days_stays_that_many_days(hub: Municipality) -> None:
    """45 days are P45D, never months and days that somebody must add up again."""
    verlenging = f"<ZKN:verlenging>{leaf('duur', '45')}{leaf('reden', 'Advies nodig')}</ZKN:verlenging>"
    stand = await stand_after(hub, creeer_zaak(), update_zaak(verlenging=verlenging))

    assert stand["verlenging"] == {"reden": "Advies nodig", "duur": "P45D"}


async def test_statustoelichting_is_the_one_of_the_sender(hub: Municipality) -> None:
    """Not the omschrijving of the statustype."""
    status = heeft_status("In behandeling", "20260303120000", toelichting="Wacht op stukken")
    stand = await stand_after(hub, creeer_zaak(), zet_status(status))

    assert [each["statustoelichting"] for each in stand["statussen"]] == ["Wacht op stukken"]


@pytest.mark.parametrize(
    ("digits", "indicatie", "known"),
    [
        ("19600700", "D", "jaar 1960, maand 7"),
        ("196007", "D", "jaar 1960, maand 7"),
        ("19600101", "M", "jaar 1960"),
        ("1960", "M", "jaar 1960"),
    ],
)
async def test_a_partial_birth_date_is_no_date_and_is_not_lost(
    hub: Municipality, digits: str, indicatie: str, known: str
) -> None:
    """ZGW takes whole dates only: what is known stands in the roltoelichting, and no `1960-07-` anywhere."""
    born = leaf("geboortedatum", digits, "BG", f' StUF:indOnvolledigeDatum="{indicatie}"')
    stand = await stand_after(
        hub, creeer_zaak(heeftAlsInitiator=rol("heeftAlsInitiator", natuurlijk_persoon(geboren=born)))
    )

    assert identified(stand, "Initiator")["geboortedatum"] == ""
    assert rol_of(stand, "Initiator")["roltoelichting"] == f"geboortedatum: {known}"


@pytest.mark.parametrize(
    ("rechtsvorm", "zgw"),
    [
        ("Vereniging van Eigenaars", "vereniging_van_eigenaars"),
        ("Vereniging", "vereniging"),
        ("Besloten Vennootschap", "besloten_vennootschap"),
        ("Commanditaire Vennootschap", "commanditaire_vennootschap"),
    ],
)
async def test_a_rechtsvorm_is_known_by_its_whole_name(hub: Municipality, rechtsvorm: str, zgw: str) -> None:
    """A vereniging van eigenaars is not a vereniging."""
    who = niet_natuurlijk_persoon(OTHER_RSIN, rechtsvorm=rechtsvorm)
    stand = await stand_after(hub, creeer_zaak(heeftAlsInitiator=rol("heeftAlsInitiator", who)))

    assert identified(stand, "Initiator")["innRechtsvorm"] == zgw


async def test_a_rechtsvorm_that_zgw_does_not_know_is_told_in_words(hub: Municipality) -> None:
    """It is neither guessed nor lost."""
    who = niet_natuurlijk_persoon(OTHER_RSIN, rechtsvorm="Boerderij in familieverband")
    stand = await stand_after(hub, creeer_zaak(heeftAlsInitiator=rol("heeftAlsInitiator", who)))

    assert identified(stand, "Initiator")["innRechtsvorm"] == ""
    assert "Boerderij in familieverband" in rol_of(stand, "Initiator")["roltoelichting"]


async def test_a_verblijfsadres_without_bag_number_is_kept(hub: Municipality) -> None:
    """Form engines have no aoa.identificatie, and the address is no less an address."""
    adres = (
        "<BG:verblijfsadres><BG:wpl.woonplaatsNaam>Voorbeeldstad</BG:wpl.woonplaatsNaam>"
        "<BG:gor.openbareRuimteNaam>Dorpsstraat</BG:gor.openbareRuimteNaam><BG:aoa.postcode>1234AB</BG:aoa.postcode>"
        "<BG:aoa.huisnummer>12</BG:aoa.huisnummer></BG:verblijfsadres>"
    )
    stand = await stand_after(
        hub, creeer_zaak(heeftAlsInitiator=rol("heeftAlsInitiator", natuurlijk_persoon(rest=adres)))
    )

    verblijfsadres = identified(stand, "Initiator")["verblijfsadres"]
    assert verblijfsadres["gorOpenbareRuimteNaam"] == "Dorpsstraat"
    assert (verblijfsadres["aoaHuisnummer"], verblijfsadres["aoaIdentificatie"]) == (12, "")


async def test_an_address_that_zgw_cannot_hold_is_told_in_words(hub: Municipality) -> None:
    """ZGW asks for woonplaats, straat and huisnummer; a postcode alone is kept in the roltoelichting."""
    adres = "<BG:verblijfsadres><BG:aoa.postcode>1234AB</BG:aoa.postcode></BG:verblijfsadres>"
    stand = await stand_after(
        hub, creeer_zaak(heeftAlsInitiator=rol("heeftAlsInitiator", natuurlijk_persoon(rest=adres)))
    )

    assert identified(stand, "Initiator")["verblijfsadres"] is None
    assert "1234AB" in rol_of(stand, "Initiator")["roltoelichting"]


async def test_an_address_abroad_is_in_its_own_country(hub: Municipality) -> None:
    """The landcode is that of the message, not NL."""
    abroad = (
        "<BG:sub.verblijfBuitenland><BG:lnd.landcode>5010</BG:lnd.landcode><BG:lnd.landnaam>België</BG:lnd.landnaam>"
        "<BG:sub.adresBuitenland1>Dorpsplein 1</BG:sub.adresBuitenland1></BG:sub.verblijfBuitenland>"
    )
    stand = await stand_after(
        hub, creeer_zaak(heeftAlsInitiator=rol("heeftAlsInitiator", natuurlijk_persoon(rest=abroad)))
    )

    buitenland = identified(stand, "Initiator")["subVerblijfBuitenland"]
    assert (buitenland["lndLandcode"], buitenland["lndLandnaam"]) == ("5010", "België")
    assert buitenland["subAdresBuitenland_1"] == "Dorpsplein 1"


@pytest.mark.parametrize(
    ("stuf", "zgw"),
    [
        ("BEPERKT OPENBAAR", "beperkt_openbaar"),
        ("ZEER GEHEIM", "zeer_geheim"),
        ("ZAAKVERTROUWELIJK", "zaakvertrouwelijk"),
        ("OPENBAAR", "openbaar"),
    ],
)
async def test_a_vertrouwelijk_aanduiding_with_a_space_is_known(hub: Municipality, stuf: str, zgw: str) -> None:
    """Lower case is not enough: ZGW writes an underscore."""
    await stand_after(hub, creeer_zaak(), voeg_document_toe(vertrouwelijkAanduiding=stuf))

    document, _ = hub.zaaksysteem.state.document("1900000000042001")
    assert document["vertrouwelijkheidaanduiding"] == zgw


async def test_a_payment_in_one_object_empties_nothing_and_loses_nothing(hub: Municipality) -> None:
    """Open Forms sends identificatie, payment and extraElementen in one object: nothing else changes."""
    first = creeer_zaak(
        omschrijving="Aanvraag",
        toelichting="Met spoed",
        heeftAlsInitiator=rol("heeftAlsInitiator", natuurlijk_persoon()),
        extraElementen=extra_elementen(kanaal="website"),
    )
    payment = update_zaak(
        betalingsIndicatie="Geheel", laatsteBetaaldatum=DAY, extraElementen=extra_elementen(language_code="nl")
    )
    stand = await stand_after(hub, first, payment)

    assert (stand["omschrijving"], stand["toelichting"]) == ("Aanvraag", "Met spoed")
    assert (stand["betalingsindicatie"], local(stand["laatsteBetaaldatum"])) == ("geheel", f"{DAY}000000")
    assert len(stand["rollen"]) == 1
    assert eigenschappen_of(stand) == {"kanaal": "website", "language_code": "nl"}
