"""LO3 as the published rules of the BRP write it: elements by number to a person of the GBA source.

It knows which element is which field of the source, the published tables (read beside the checkout), and what the
source leaves out: corrected rows, an ended nationality, an ended investigation.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tests.support.shared import SHARED

Json = dict[str, Any]
Categorie = dict[str, str]
"""The elements of one category: `02.40` to its value."""

TABELLEN = SHARED / "standards" / "haalcentraal-brp" / "tabellen"
_ELEMENT = re.compile(r"\((\d\d\.\d\d)\)")
_DIAKRIETEN = {"voornamen (diakrieten)": "02.10", "geslachtsnaam (diakrieten)": "02.40"}

_FILES = {
    "land": ("tabel34-landentabel.csv", 4),
    "gemeente": ("tabel33-gemeententabel.csv", 4),
    "nationaliteit": ("tabel32-nationaliteitentabel.csv", 4),
    "reden": ("tabel37-reden-opnemen-beeindigen-nationaliteit.csv", 3),
    "titel": ("tabel38-adellijke-titel-predicaat.csv", 0),
    "verblijfstitel": ("tabel56-verblijfstiteltabel.csv", 2),
    "gezagsverhouding": ("tabel61-gezagsverhoudingtabel.csv", 0),
    "rni": ("tabel60-rni-deelnemerstabel.csv", 4),
}
_NAMEN = {"Adellijke_Titel_Predicaat": "titel", "Verblijfstitel": "verblijfstitel", "RNI-deelnemerstabel": "rni"}


def elementen(rijen: Iterable[Mapping[str, str]]) -> Categorie:
    """Give the elements of a step's table; an empty cell is no element, and what has diacritics wins."""
    uit: Categorie = {}
    for rij in rijen:
        for kop, waarde in rij.items():
            found = _ELEMENT.search(kop)
            if found and waarde and found[1] not in uit:
                uit[found[1]] = waarde
            if kop in _DIAKRIETEN and waarde:
                uit[_DIAKRIETEN[kop]] = waarde
    return uit


@cache
def _tabel(naam: str) -> Mapping[str, Json]:
    file, _ = _FILES[naam]
    with Path(TABELLEN / file).open(encoding="utf-8", newline="") as stream:
        _, *rijen = csv.reader(stream)
    return {
        rij[0]: {"code": rij[0], "omschrijving": rij[1], **({"soort": rij[2]} if naam == "titel" else {})}
        for rij in rijen
        if rij
    }


@cache
def _klein(naam: str) -> Mapping[str, Json]:
    with Path(TABELLEN / "tabelwaarden.csv").open(encoding="utf-8", newline="") as stream:
        return {
            rij["code"]: {"code": rij["code"], "omschrijving": rij["omschrijving"]}
            for rij in csv.DictReader(stream)
            if rij["tabelidentificatie"] == naam
        }


class Tabellen:
    """The tables, with what a scenario says of them."""

    def __init__(self) -> None:
        """Begin with what is published."""
        self._erbij: dict[str, dict[str, Json]] = {}

    def zet(self, naam: str, rijen: Iterable[Mapping[str, str]]) -> None:
        """Take the rows that a scenario says that a table has."""
        self._erbij.setdefault(_NAMEN[naam], {}).update({rij["code"]: dict(rij) for rij in rijen})

    def waarde(self, naam: str, code: str | None) -> Json | None:
        """Give a code with its description; a code that is in no table alone, free text as description."""
        if code is None:
            return None
        if naam in _FILES:
            code = code.zfill(_FILES[naam][1]) if code.isdigit() else code
            found = self._erbij.get(naam, {}).get(code) or _tabel(naam).get(code)
        else:
            found = _klein(naam).get(code)
        return dict(found) if found else {"code": code}

    def plaats(self, code: str | None) -> Json | None:
        """Give a place: a municipality, or abroad what it is called."""
        return {"omschrijving": code} if code and not code.isdigit() else self.waarde("gemeente", code)

    def gemeentecode(self, naam: str) -> str:
        """Give the code of a municipality as it is now."""
        return next(code for code, rij in _tabel("gemeente").items() if rij["omschrijving"] == naam)


def _vol(**velden: Any) -> Json:  # noqa: ANN401 - members of a group
    return {naam: waarde for naam, waarde in velden.items() if waarde not in (None, {}, [])}


def _onderzoek(cat: Categorie) -> Json | None:
    if "83.10" not in cat or "83.30" in cat:
        return None
    return {"aanduidingGegevensInOnderzoek": cat["83.10"], "datumIngangOnderzoek": cat["83.20"]}


class Lijst:
    """A persoonslijst: what stands in each category now."""

    def __init__(self, bsn: str | None) -> None:
        """Begin with a person of whom only the number is known."""
        self.bsn = bsn
        self.enkel: dict[str, Categorie] = {}
        self.reeks: dict[str, list[Categorie]] = {}
        self.gezag: list[Json] = []

    def gba(self, tabellen: Tabellen) -> Json:
        """Give the person as the source gives it."""
        persoon, adres = self.enkel.get("persoon", {}), self.enkel.get("verblijfplaats", {})
        inschrijving = {**self.enkel.get("inschrijving", {}), **self.enkel.get("kiesrecht", {})}
        gezag, overlijden = self.enkel.get("gezagsverhouding", {}), self.enkel.get("overlijden", {})
        titel, waarde = self.enkel.get("verblijfstitel", {}), tabellen.waarde
        nationaliteiten = [each for each in self.reeks.get("nationaliteit", []) if "64.10" not in each]
        return _vol(
            burgerservicenummer=self.bsn,
            aNummer=persoon.get("01.10"),
            geslacht=waarde("Geslacht", persoon.get("04.10")),
            naam=_naam(persoon, tabellen) | _vol(aanduidingNaamgebruik=waarde("Naamgebruik", persoon.get("61.10"))),
            geboorte=_gebeurtenis(persoon, "03", tabellen),
            persoonInOnderzoek=_onderzoek(persoon),
            datumEersteInschrijvingGBA=inschrijving.get("68.10"),
            geheimhoudingPersoonsgegevens=inschrijving.get("70.10"),
            opschortingBijhouding=_vol(
                datum=inschrijving.get("67.10"), reden=waarde("Reden_Opschorting_Bijhouding", inschrijving.get("67.20"))
            ),
            verificatie=_vol(datum=inschrijving.get("71.10"), omschrijving=inschrijving.get("71.20")),
            uitsluitingKiesrecht=_vol(
                uitgeslotenVanKiesrecht="38.10" in inschrijving or None, einddatum=inschrijving.get("38.20")
            ),
            europeesKiesrecht=_vol(
                aanduiding=waarde("Europees_Kiesrecht", inschrijving.get("31.10")),
                einddatumUitsluiting=inschrijving.get("31.30"),
            ),
            indicatieGezagMinderjarige=waarde("gezagsverhouding", gezag.get("32.10")),
            indicatieCurateleRegister=gezag.get("33.10") == "1" or None,
            gezagInOnderzoek=_onderzoek(gezag),
            overlijden=_gebeurtenis(overlijden, "08", tabellen) | _vol(inOnderzoek=_onderzoek(overlijden)),
            verblijfstitel=_vol(
                aanduiding=waarde("verblijfstitel", titel.get("39.10")),
                datumEinde=titel.get("39.20"),
                datumIngang=titel.get("39.30"),
                inOnderzoek=_onderzoek(titel),
            ),
            gemeenteVanInschrijving=waarde("gemeente", adres.get("09.10")),
            datumInschrijvingInGemeente=adres.get("09.20"),
            verblijfplaats=_verblijfplaats(adres, tabellen),
            immigratie=_vol(
                landVanwaarIngeschreven=waarde("land", adres.get("14.10")), datumVestigingInNederland=adres.get("14.20")
            ),
            nationaliteiten=[_nationaliteit(each, tabellen) for each in nationaliteiten],
            partners=[found for each in self.reeks.get("partner", []) if (found := _partner(each, tabellen))],
            kinderen=[found for each in self.reeks.get("kind", []) if (found := _gerelateerde(each, tabellen))],
            ouders=[
                {**found, "ouderAanduiding": nummer}
                for nummer in ("1", "2")
                if (found := _ouder(self.enkel.get(f"ouder{nummer}", {}), tabellen))
            ],
            rni=[
                *_rni(persoon, "Persoon", tabellen),
                *(rij for each in nationaliteiten for rij in _rni(each, "Nationaliteit", tabellen)),
                *_rni(overlijden, "Overlijden", tabellen),
                *_rni(self.enkel.get("inschrijving", {}), "Inschrijving", tabellen),
                *_rni(adres, "Verblijfplaats", tabellen),
            ],
            gezag=self.gezag,
        )


def _naam(cat: Categorie, tabellen: Tabellen) -> Json:
    return _vol(
        voornamen=cat.get("02.10"),
        adellijkeTitelPredicaat=tabellen.waarde("titel", cat.get("02.20")),
        voorvoegsel=cat.get("02.30"),
        geslachtsnaam=cat.get("02.40"),
    )


def _gebeurtenis(cat: Categorie, groep: str, tabellen: Tabellen) -> Json:
    return _vol(
        datum=cat.get(f"{groep}.10"),
        plaats=tabellen.plaats(cat.get(f"{groep}.20")),
        land=tabellen.waarde("land", cat.get(f"{groep}.30")),
    )


def _rni(cat: Categorie, naam: str, tabellen: Tabellen) -> list[Json]:
    deelnemer = tabellen.waarde("rni", cat.get("88.10"))
    return [_vol(deelnemer=deelnemer, omschrijvingVerdrag=cat.get("88.20"), categorie=naam)] if deelnemer else []


def _nationaliteit(cat: Categorie, tabellen: Tabellen) -> Json:
    return _vol(
        nationaliteit=tabellen.waarde("nationaliteit", cat.get("05.10")),
        aanduidingBijzonderNederlanderschap=cat.get("65.10"),
        redenOpname=tabellen.waarde("reden", cat.get("63.10")),
        datumIngangGeldigheid=cat.get("85.10"),
        inOnderzoek=_onderzoek(cat),
    )


def _gerelateerde(cat: Categorie, tabellen: Tabellen) -> Json:
    return _vol(
        burgerservicenummer=cat.get("01.20"),
        naam=_naam(cat, tabellen),
        geboorte=_gebeurtenis(cat, "03", tabellen),
        inOnderzoek=_onderzoek(cat),
    )


def _ouder(cat: Categorie, tabellen: Tabellen) -> Json:
    return _gerelateerde(cat, tabellen) | _vol(
        geslacht=tabellen.waarde("Geslacht", cat.get("04.10")), datumIngangFamilierechtelijkeBetrekking=cat.get("62.10")
    )


def _partner(cat: Categorie, tabellen: Tabellen) -> Json:
    return _gerelateerde(cat, tabellen) | _vol(
        geslacht=tabellen.waarde("Geslacht", cat.get("04.10")),
        soortVerbintenis=tabellen.waarde("Soort_Verbintenis", cat.get("15.10")),
        aangaanHuwelijkPartnerschap=_gebeurtenis(cat, "06", tabellen),
        ontbindingHuwelijkPartnerschap=_vol(datum=cat.get("07.10")),
    )


_ADRES: Mapping[str, str] = {
    "straat": "11.10",
    "naamOpenbareRuimte": "11.15",
    "huisnummer": "11.20",
    "huisletter": "11.30",
    "huisnummertoevoeging": "11.40",
    "postcode": "11.60",
    "woonplaats": "11.70",
    "adresseerbaarObjectIdentificatie": "11.80",
    "nummeraanduidingIdentificatie": "11.90",
    "locatiebeschrijving": "12.10",
    "datumAanvangAdresBuitenland": "13.20",
    "regel1": "13.30",
    "regel2": "13.40",
    "regel3": "13.50",
    "datumAanvangAdreshouding": "10.30",
    "datumIngangGeldigheid": "85.10",
}


def _verblijfplaats(cat: Categorie, tabellen: Tabellen) -> Json:
    waarde: Callable[[str, str | None], Json | None] = tabellen.waarde
    return _vol(**{naam: cat.get(element) for naam, element in _ADRES.items()}) | _vol(
        functieAdres=waarde("Functie_Adres", cat.get("10.10")),
        aanduidingBijHuisnummer=waarde("Aanduiding_Bij_Huisnummer", cat.get("11.50")),
        land=waarde("land", cat.get("13.10")),
        inOnderzoek=_onderzoek(cat),
    )
