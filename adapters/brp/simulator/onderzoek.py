"""What is under investigation: from an LO3 `aanduiding gegevens in onderzoek` (83.10) to the fields of the API.

An aanduiding is category, group and element (`010240`); a group or element of zeros means all of it. It knows which
elements a field is made of, so that what is derived is under investigation with its source.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from adapters.brp.simulator.datum import datum
from adapters.brp.simulator.velden import Gevraagd

Json = dict[str, Any]
Elementen = Mapping[str, tuple[str, ...]]
"""A field to the LO3 elements that it is made of."""

NIET_OP_ADRES = "089999"
"""Found not to live at the address: everything about the address is under investigation."""

NAAM_GERELATEERDE: Elementen = {
    "voornamen": ("0210",),
    "adellijkeTitelPredicaat": ("0220",),
    "voorvoegsel": ("0230",),
    "geslachtsnaam": ("0240",),
    "voorletters": ("0210",),
}
NAAM: Elementen = {
    **NAAM_GERELATEERDE,
    "volledigeNaam": ("0210", "0220", "0230", "0240", "0410"),
    "aanduidingNaamgebruik": ("6110",),
}
GEBOORTE: Elementen = {"datum": ("0310",), "plaats": ("0320",), "land": ("0330",)}
OVERLIJDEN: Elementen = {"datum": ("0810",), "plaats": ("0820",), "land": ("0830",)}
AANGAAN: Elementen = {"datum": ("0610",), "plaats": ("0620",), "land": ("0630",)}
ONTBINDING: Elementen = {"datum": ("0710",)}
PERSOON: Elementen = {"burgerservicenummer": ("0120",), "geslacht": ("0410",), "leeftijd": ("0310",)}
GEMEENTE: Elementen = {"gemeenteVanInschrijving": ("0910",), "datumInschrijvingInGemeente": ("0920",)}
GEZAGSVERHOUDING: Elementen = {"indicatieGezagMinderjarige": ("3210",), "indicatieCurateleRegister": ("3310",)}
KIND: Elementen = {"burgerservicenummer": ("0120",)}
OUDER: Elementen = {
    "burgerservicenummer": ("0120",),
    "geslacht": ("0410",),
    "datumIngangFamilierechtelijkeBetrekking": ("6210",),
}
PARTNER: Elementen = {"burgerservicenummer": ("0120",), "geslacht": ("0410",), "soortVerbintenis": ("1510",)}
NATIONALITEIT: Elementen = {"type": ("0510", "6510"), "redenOpname": ("6310",)}
NATIONALITEIT_BEKEND: Elementen = {**NATIONALITEIT, "nationaliteit": ("0510",)}
VERBLIJFSTITEL: Elementen = {"aanduiding": ("3910",), "datumEinde": ("3920",), "datumIngang": ("3930",)}
IMMIGRATIE: Elementen = {
    "landVanwaarIngeschreven": ("1410",),
    "datumVestigingInNederland": ("1420",),
    "vanuitVerblijfplaatsOnbekend": ("1410",),
    "indicatieVestigingVanuitBuitenland": ("1420",),
}
VERBLIJFPLAATS: Mapping[str, Elementen] = {
    "Adres": {
        "type": ("1110",),
        "datumVan": ("1030",),
        "datumIngangGeldigheid": ("8510",),
        "functieAdres": ("1010",),
        "adresseerbaarObjectIdentificatie": ("1180",),
        "nummeraanduidingIdentificatie": ("1190",),
    },
    "Locatie": {
        "type": ("1210",),
        "datumVan": ("1030",),
        "datumIngangGeldigheid": ("8510",),
        "functieAdres": ("1010",),
    },
    "VerblijfplaatsBuitenland": {"type": ("1310",), "datumVan": ("1320",), "datumIngangGeldigheid": ("8510",)},
    "VerblijfplaatsOnbekend": {"type": ("1310",), "datumVan": ("1320",), "datumIngangGeldigheid": ("8510",)},
}
VERBLIJFADRES: Mapping[str, Elementen] = {
    "Adres": {
        "korteStraatnaam": ("1110",),
        "officieleStraatnaam": ("1115",),
        "huisnummer": ("1120",),
        "huisletter": ("1130",),
        "huisnummertoevoeging": ("1140",),
        "aanduidingBijHuisnummer": ("1150",),
        "postcode": ("1160",),
        "woonplaats": ("1170",),
    },
    "Locatie": {"locatiebeschrijving": ("1210",)},
    "VerblijfplaatsBuitenland": {"land": ("1310",), "regel1": ("1330",), "regel2": ("1340",), "regel3": ("1350",)},
    "VerblijfplaatsOnbekend": {},
}
ADRESREGELS: Elementen = {
    "adresregel1": ("1110", "1120", "1130", "1140", "1150", "1210", "1330"),
    "adresregel2": ("0910", "1160", "1170", "1340"),
    "adresregel3": ("1350",),
    "land": ("1310",),
}
_NAAM_PERSOON = ("0210", "0220", "0230", "0240", "0410", "6110")
_NAAM_PARTNER = ("0220", "0230", "0240")
AANSCHRIJVEN_PERSOON: Elementen = dict.fromkeys(("aanhef", "aanschrijfwijze", "gebruikInLopendeTekst"), _NAAM_PERSOON)
AANSCHRIJVEN_PARTNER: Elementen = dict.fromkeys(("aanhef", "aanschrijfwijze", "gebruikInLopendeTekst"), _NAAM_PARTNER)

DATUM_INGANG = "datumIngangOnderzoek"


class Veld(NamedTuple):
    """One field under investigation, since when, and under which name that date is told."""

    naam: str
    datumnaam: str
    ingang: str


class InOnderzoek(NamedTuple):
    """The fields of one group that are under investigation, whether they are asked for or not."""

    velden: tuple[Veld, ...]

    def gekozen(self, gevraagd: Gevraagd) -> Json:
        """Give what is told to who asked for these members; a `type` is always told."""
        uit: Json = {}
        for veld in self.velden:
            if veld.naam == "type" or veld.naam in gevraagd:
                uit[veld.naam] = True
                uit[veld.datumnaam] = datum(veld.ingang)
        return uit


def in_onderzoek(onderzoek: Json | None, elementen: Elementen, *, datumnaam: str = DATUM_INGANG) -> InOnderzoek:
    """Give which of these fields an investigation (GBA `inOnderzoek` of a category) concerns."""
    if not onderzoek:
        return InOnderzoek(())
    aanduiding, ingang = onderzoek["aanduidingGegevensInOnderzoek"], onderzoek["datumIngangOnderzoek"]
    return InOnderzoek(
        tuple(Veld(naam, datumnaam, ingang) for naam, eigen in elementen.items() if _raakt(aanduiding, eigen))
    )


def samen(*onderzoeken: InOnderzoek) -> InOnderzoek:
    """Give several investigations of one group as one."""
    return InOnderzoek(tuple(veld for onderzoek in onderzoeken for veld in onderzoek.velden))


def van_het_adres(onderzoek: Json | None, elementen: Elementen, *, datumnaam: str = DATUM_INGANG) -> InOnderzoek:
    """Give which fields of an address an investigation concerns: all, where somebody is found not to live there."""
    if onderzoek and onderzoek["aanduidingGegevensInOnderzoek"] == NIET_OP_ADRES:
        onderzoek = {**onderzoek, "aanduidingGegevensInOnderzoek": "080000"}
    return in_onderzoek(onderzoek, elementen, datumnaam=datumnaam)


def _raakt(aanduiding: str, elementen: Iterable[str]) -> bool:
    groep, element = aanduiding[2:4], aanduiding[2:]
    if groep == "00":
        return True
    if element.endswith("00"):
        return any(each.startswith(groep) for each in elementen)
    return element in elementen
