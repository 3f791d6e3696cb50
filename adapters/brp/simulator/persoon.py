"""One person: from the GBA source to the answer of BRP API Personen 2.7 ("informatie API").

The source is the GBA-normalised person of the published test set: LO3 elements with the names of the API, dates as
`19750707`, table values with code and description, `persoonInOnderzoek` and `gezagInOnderzoek` of category 01 and 11.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from adapters.brp.simulator.aanschrijven import Aanschrijven, eerste_partner
from adapters.brp.simulator.adres import adresregels, immigratie, in_binnenland, verblijfplaats
from adapters.brp.simulator.datum import datum, leeftijd, voorbij
from adapters.brp.simulator.gezag import gezag
from adapters.brp.simulator.naam import bekend, geslacht_van, volledige_naam, voorletters
from adapters.brp.simulator.onderzoek import (
    AANGAAN,
    AANSCHRIJVEN_PARTNER,
    AANSCHRIJVEN_PERSOON,
    GEBOORTE,
    GEMEENTE,
    GEZAGSVERHOUDING,
    KIND,
    NAAM,
    NAAM_GERELATEERDE,
    NATIONALITEIT,
    NATIONALITEIT_BEKEND,
    ONTBINDING,
    OUDER,
    OVERLIJDEN,
    PARTNER,
    PERSOON,
    VERBLIJFSTITEL,
    Elementen,
    in_onderzoek,
    samen,
)
from adapters.brp.simulator.velden import Gevraagd, gekozen
from adapters.brp.simulator.waarden import gevuld, tekst, waarde

Json = dict[str, Any]

_NATIONALITEITEN = {
    "0000": "NationaliteitOnbekend",
    "0002": "BehandeldAlsNederlander",
    "0499": "Staatloos",
    "0500": "VastgesteldNietNederlander",
}
_BIJZONDER = {"B": "BehandeldAlsNederlander", "V": "VastgesteldNietNederlander"}
_CATEGORIEEN: dict[str, frozenset[str]] = {
    "Persoon": frozenset({"burgerservicenummer", "aNummer", "geslacht", "leeftijd", "naam", "geboorte"}),
    "Nationaliteit": frozenset({"nationaliteiten"}),
    "Overlijden": frozenset({"overlijden"}),
    "Verblijfplaats": frozenset(
        {
            "verblijfplaats",
            "verblijfplaatsBinnenland",
            "immigratie",
            "gemeenteVanInschrijving",
            "datumInschrijvingInGemeente",
        }
    ),
}
"""A category that an RNI-deelnemer gave, and the members of a person that come of it."""
_GEEN_VERBLIJFSTITEL = "98"
"""LO3 table 56: geen verblijfstitel (meer)."""
_ADRESREGELS = frozenset({"adresregel1", "adresregel2", "adresregel3", "land"})
_AANSCHRIJVEN = frozenset({"aanhef", "aanschrijfwijze", "gebruikInLopendeTekst"})


def persoon(gba: Json, gevraagd: Gevraagd, *, vandaag: date, gezag_versie: int) -> Json:
    """Give what was asked of a person, with what is always told."""
    heel = _heel(gba, vandaag=vandaag, gezag_versie=gezag_versie)
    uit = gekozen(heel, gevraagd)
    if "verblijfplaatsBinnenland" in gevraagd and "verblijfplaats" not in gevraagd and _binnenland(gba):
        uit |= gekozen({"verblijfplaats": heel["verblijfplaats"]}, _als(gevraagd, "verblijfplaats"))
    uit.pop("adressering", None)
    adressering = _adressering(gba, gevraagd)
    if adressering is not None:
        uit["adressering"] = adressering
    rni = [_deelnemer(each) for each in gba.get("rni") or [] if _gegeven(str(each.get("categorie")), gevraagd)]
    return {**uit, **_altijd(gba), **({"rni": rni} if rni else {})}


def _binnenland(gba: Json) -> bool:
    return in_binnenland(gba.get("verblijfplaats") or {})


def _als(gevraagd: Gevraagd, naam: str) -> Gevraagd:
    """Give what is asked of an alias under its own name."""
    uit = Gevraagd(())
    uit.leden = {naam: gevraagd[f"{naam}Binnenland"]}
    return uit


def _altijd(gba: Json) -> Json:
    """Give what is told with every person, asked for or not."""
    opschorting, verificatie = gba.get("opschortingBijhouding") or {}, gba.get("verificatie") or {}
    return gevuld(
        geheimhoudingPersoonsgegevens=True if int(gba.get("geheimhoudingPersoonsgegevens") or 0) else None,
        opschortingBijhouding=gevuld(reden=opschorting.get("reden"), datum=datum(opschorting.get("datum"))) or None,
        verificatie=gevuld(datum=datum(verificatie.get("datum")), omschrijving=tekst(verificatie.get("omschrijving")))
        or None,
    )


def _gegeven(categorie: str, gevraagd: Gevraagd) -> bool:
    leden = set(gevraagd.leden)
    for naam in ("adressering", "adresseringBinnenland"):
        adressering = gevraagd.get(naam)
        if adressering is not None:
            leden |= {"verblijfplaats"} if _ADRESREGELS & set(adressering.leden) else set()
            leden |= {"naam"} if _AANSCHRIJVEN & set(adressering.leden) else set()
    return not _CATEGORIEEN.get(categorie, frozenset()).isdisjoint(leden)


def _deelnemer(gba: Json) -> Json:
    return gevuld(
        deelnemer=gba.get("deelnemer"),
        omschrijvingVerdrag=tekst(gba.get("omschrijvingVerdrag")),
        categorie=gba.get("categorie"),
    )


def _heel(gba: Json, *, vandaag: date, gezag_versie: int) -> Json:
    """Give everything there is of a person, except how he is written to."""
    geboren = (gba.get("geboorte") or {}).get("datum")
    van_persoon = gba.get("persoonInOnderzoek")
    van_adres = (gba.get("verblijfplaats") or {}).get("inOnderzoek")
    partner = eerste_partners(gba.get("partners") or [])
    return gevuld(
        burgerservicenummer=gba.get("burgerservicenummer"),
        aNummer=gba.get("aNummer"),
        geslacht=waarde(gba.get("geslacht")),
        leeftijd=None if _overleden(gba) else leeftijd(geboren, vandaag),
        naam=_naam(gba),
        geboorte=_gebeurtenis(gba.get("geboorte"), van_persoon, GEBOORTE),
        overlijden=_gebeurtenis(gba.get("overlijden"), (gba.get("overlijden") or {}).get("inOnderzoek"), OVERLIJDEN),
        nationaliteiten=[_nationaliteit(each) for each in gba.get("nationaliteiten") or []],
        verblijfplaats=verblijfplaats(gba.get("verblijfplaats") or {}),
        immigratie=immigratie(gba) if gba.get("immigratie") or van_adres else None,
        verblijfstitel=_verblijfstitel(gba.get("verblijfstitel"), vandaag),
        gemeenteVanInschrijving=waarde(gba.get("gemeenteVanInschrijving")),
        datumInschrijvingInGemeente=datum(gba.get("datumInschrijvingInGemeente")),
        datumEersteInschrijvingGBA=datum(gba.get("datumEersteInschrijvingGBA")),
        uitsluitingKiesrecht=_uitsluiting(gba.get("uitsluitingKiesrecht") or {}, vandaag),
        europeesKiesrecht=_europees(gba.get("europeesKiesrecht") or {}, vandaag),
        indicatieCurateleRegister=True if gba.get("indicatieCurateleRegister") else None,
        indicatieGezagMinderjarige=waarde(gba.get("indicatieGezagMinderjarige")),
        gezag=gezag(gba, versie=gezag_versie, vandaag=vandaag),
        partners=[_partner(each) for each in partner],
        ouders=[_ouder(each) for each in gba.get("ouders") or []],
        kinderen=[_gerelateerde(each, KIND) for each in gba.get("kinderen") or []],
        inOnderzoek=samen(
            in_onderzoek(van_persoon, PERSOON, datumnaam="datumIngangOnderzoekPersoon"),
            in_onderzoek(van_adres, GEMEENTE, datumnaam="datumIngangOnderzoekGemeente"),
            in_onderzoek(gba.get("gezagInOnderzoek"), GEZAGSVERHOUDING, datumnaam="datumIngangOnderzoekGezag"),
        ),
    )


def eerste_partners(partners: list[Json]) -> list[Json]:
    """Give who is told as partner: everybody whom somebody is married to, else only who was so last."""
    actueel = [each for each in partners if not each.get("ontbindingHuwelijkPartnerschap")]
    laatste = None if actueel else eerste_partner(partners)
    return [laatste] if laatste else actueel


def _overleden(gba: Json) -> bool:
    reden = (gba.get("opschortingBijhouding") or {}).get("reden") or {}
    return reden.get("code") == "O" or bool(gba.get("overlijden"))


def _naam(gba: Json) -> Json | None:
    naam = gba.get("naam") or {}
    onderzoek = in_onderzoek(gba.get("persoonInOnderzoek"), NAAM)
    if not naam and not onderzoek.velden:
        return None
    return gevuld(
        **_namen(naam),
        volledigeNaam=volledige_naam(naam, geslacht_van(gba)),
        aanduidingNaamgebruik=waarde(naam.get("aanduidingNaamgebruik")),
        inOnderzoek=onderzoek,
    )


def _namen(naam: Json) -> Json:
    return gevuld(
        voornamen=tekst(naam.get("voornamen")),
        adellijkeTitelPredicaat=waarde(naam.get("adellijkeTitelPredicaat")),
        voorvoegsel=tekst(naam.get("voorvoegsel")),
        geslachtsnaam=bekend(naam.get("geslachtsnaam")) or None,
        voorletters=voorletters(naam.get("voornamen")),
    )


def _gebeurtenis(gba: Json | None, onderzoek: Json | None, elementen: Elementen) -> Json | None:
    velden = in_onderzoek(onderzoek, elementen)
    if not gba and not velden.velden:
        return None
    bron = gba or {}
    uit = gevuld(datum=datum(bron.get("datum")), plaats=waarde(bron.get("plaats")), land=waarde(bron.get("land")))
    return {**uit, "inOnderzoek": velden}


def _nationaliteit(gba: Json) -> Json:
    code = str((gba.get("nationaliteit") or {}).get("code") or "")
    soort = _BIJZONDER.get(str(gba.get("aanduidingBijzonderNederlanderschap")))
    soort = soort or _NATIONALITEITEN.get(code, "Nationaliteit")
    is_bekend = soort == "Nationaliteit"
    return gevuld(
        type=soort,
        nationaliteit=waarde(gba.get("nationaliteit")) if is_bekend else None,
        redenOpname=waarde(gba.get("redenOpname")),
        datumIngangGeldigheid=datum(gba.get("datumIngangGeldigheid")),
        inOnderzoek=in_onderzoek(gba.get("inOnderzoek"), NATIONALITEIT_BEKEND if is_bekend else NATIONALITEIT),
    )


def _verblijfstitel(gba: Json | None, vandaag: date) -> Json | None:
    """Give the right to stay; not after it ended."""
    aanduiding = (gba or {}).get("aanduiding") or {}
    if not gba or voorbij(gba.get("datumEinde"), vandaag) or aanduiding.get("code") == _GEEN_VERBLIJFSTITEL:
        return None
    return gevuld(
        aanduiding=aanduiding or None,
        datumIngang=datum(gba.get("datumIngang")),
        datumEinde=datum(gba.get("datumEinde")),
        inOnderzoek=in_onderzoek(gba.get("inOnderzoek"), VERBLIJFSTITEL),
    )


def _uitsluiting(gba: Json, vandaag: date) -> Json | None:
    if not gba.get("uitgeslotenVanKiesrecht") or voorbij(gba.get("einddatum"), vandaag):
        return None
    return gevuld(uitgeslotenVanKiesrecht=True, einddatum=datum(gba.get("einddatum")))


def _europees(gba: Json, vandaag: date) -> Json | None:
    if not gba.get("aanduiding") or voorbij(gba.get("einddatumUitsluiting"), vandaag):
        return None
    return gevuld(aanduiding=waarde(gba["aanduiding"]), einddatumUitsluiting=datum(gba.get("einddatumUitsluiting")))


def _gerelateerde(gba: Json, elementen: Elementen) -> Json:
    onderzoek = gba.get("inOnderzoek")
    naam, naam_io = gba.get("naam"), in_onderzoek(onderzoek, NAAM_GERELATEERDE)
    return gevuld(
        burgerservicenummer=gba.get("burgerservicenummer"),
        naam={**_namen(naam or {}), "inOnderzoek": naam_io} if naam or naam_io.velden else None,
        geboorte=_gebeurtenis(gba.get("geboorte"), onderzoek, GEBOORTE),
        inOnderzoek=in_onderzoek(onderzoek, elementen),
    )


def _ouder(gba: Json) -> Json:
    return _gerelateerde(gba, OUDER) | gevuld(
        ouderAanduiding=gba.get("ouderAanduiding"),
        geslacht=waarde(gba.get("geslacht")),
        datumIngangFamilierechtelijkeBetrekking=datum(gba.get("datumIngangFamilierechtelijkeBetrekking")),
    )


def _partner(gba: Json) -> Json:
    onderzoek = gba.get("inOnderzoek")
    return _gerelateerde(gba, PARTNER) | gevuld(
        geslacht=waarde(gba.get("geslacht")),
        soortVerbintenis=waarde(gba.get("soortVerbintenis")),
        aangaanHuwelijkPartnerschap=_gebeurtenis(gba.get("aangaanHuwelijkPartnerschap"), onderzoek, AANGAAN),
        ontbindingHuwelijkPartnerschap=_gebeurtenis(gba.get("ontbindingHuwelijkPartnerschap"), onderzoek, ONTBINDING),
    )


def _adressering(gba: Json, gevraagd: Gevraagd) -> Json | None:
    """Give how somebody is written to, asked for as a whole or as far as it is in the Netherlands."""
    alles, binnen = gevraagd.get("adressering"), gevraagd.get("adresseringBinnenland")
    if alles is None and binnen is None:
        return None
    uit: Json = {}
    if alles is not None:
        uit |= gekozen(_regels(gba, alles), alles)
    if binnen is not None:
        regels = _regels(gba, binnen) if _binnenland(gba) else {}
        eerder = uit.get("inOnderzoek", {})
        uit |= gekozen(regels, binnen)
        if eerder:
            uit["inOnderzoek"] = {**eerder, **uit.get("inOnderzoek", {})}
    for keuze in (alles, binnen):
        if keuze is not None and _AANSCHRIJVEN & set(keuze.leden):
            namen = gekozen(_aanschrijven(gba), keuze)
            onderzoek = {**uit.get("inOnderzoek", {}), **namen.pop("inOnderzoek", {})}
            uit |= namen
            if onderzoek:
                uit["inOnderzoek"] = onderzoek
    return uit


def _regels(gba: Json, gevraagd: Gevraagd) -> Json:
    if not _ADRESREGELS & set(gevraagd.leden):
        return {}
    return adresregels(gba.get("verblijfplaats") or {}, gba.get("gemeenteVanInschrijving"))


def _aanschrijven(gba: Json) -> Json:
    aanschrijven = Aanschrijven.van(gba)
    partner = eerste_partner(gba.get("partners") or []) or {}
    return gevuld(
        aanhef=aanschrijven.aanhef(),
        aanschrijfwijze=aanschrijven.aanschrijfwijze() or None,
        gebruikInLopendeTekst=aanschrijven.lopende_tekst(),
        inOnderzoek=samen(
            in_onderzoek(gba.get("persoonInOnderzoek"), AANSCHRIJVEN_PERSOON, datumnaam="datumIngangOnderzoekPersoon"),
            in_onderzoek(partner.get("inOnderzoek"), AANSCHRIJVEN_PARTNER, datumnaam="datumIngangOnderzoekPartner"),
        ),
    )
