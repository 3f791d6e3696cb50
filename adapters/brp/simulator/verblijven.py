"""Who lived where, and when: Bewoning 2.1 (of an object) and Verblijfplaatshistorie 2.0 (of a person).

The source is a list of stays: a number, a verblijfplaats as the GBA keeps it, and where it ended
`datumEindeAdreshouding` in it. A date that is partly unknown makes a time in which it is not certain.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from adapters.brp.simulator.adres import adresregels, in_binnenland, soort, verblijfplaats
from adapters.brp.simulator.datum import datum
from adapters.brp.simulator.naam import geslacht_van, volledige_naam
from adapters.brp.simulator.velden import Gevraagd, gekozen
from adapters.brp.simulator.waarden import gevuld, waarde

Json = dict[str, Any]

BEWONERS_MAX = 100
_VAN_ADRES: dict[str, Any] = {
    "gemeenteVanInschrijving": (),
    "datumVan": (),
    "functieAdres": (),
    "adresseerbaarObjectIdentificatie": (),
    "nummeraanduidingIdentificatie": (),
    "verblijfadres": dict.fromkeys(
        (
            "officieleStraatnaam",
            "korteStraatnaam",
            "huisnummer",
            "huisletter",
            "huisnummertoevoeging",
            "aanduidingBijHuisnummer",
            "postcode",
            "woonplaats",
            "locatiebeschrijving",
            "regel1",
            "regel2",
            "regel3",
            "land",
        ),
        (),
    ),
}
_ADRESREGELS = dict.fromkeys(("adresregel1", "adresregel2", "adresregel3", "land"), ())


class Verblijf(NamedTuple):
    """One stay: the first and last day that each of its ends may be."""

    bron: Json
    begin: tuple[date, date]
    einde: tuple[date, date]

    def zeker(self, dag: date) -> bool:
        """Say whether somebody certainly lived there on a day."""
        return self.begin[1] <= dag < self.einde[0]

    def mogelijk(self, dag: date) -> bool:
        """Say whether somebody may have lived there on a day."""
        return self.begin[0] <= dag < self.einde[1]


def verblijven_van(personen: Iterable[Json], eerdere: Iterable[Json]) -> list[Verblijf]:
    """Give all stays: those of now, of persons, and those before."""
    nu = (gba for gba in personen if gba.get("verblijfplaats"))
    return [Verblijf(bron, _begin(bron["verblijfplaats"]), _einde(bron["verblijfplaats"])) for bron in (*nu, *eerdere)]


def bewoningen(vraag: Json, verblijven: Sequence[Verblijf], personen: Iterable[Json]) -> list[Json]:
    """Give who lived in an object, one bewoning for each time that the same people did."""
    object_id = vraag["adresseerbaarObjectIdentificatie"]
    hier = [each for each in verblijven if _object(each.bron) == object_id]
    van, tot = _periode(vraag)
    wisselingen = {dag for each in hier for dag in (*each.begin, *each.einde) if van < dag < tot}
    grenzen = [van, *sorted(wisselingen), tot]
    wie = {gba.get("burgerservicenummer"): gba for gba in personen}
    uit = []
    for begin, einde in itertools.pairwise(grenzen):
        bewoners = [_bewoner(each.bron, wie) for each in hier if each.zeker(begin)]
        mogelijk = [_bewoner(each.bron, wie) for each in hier if each.mogelijk(begin) and not each.zeker(begin)]
        if not bewoners and not mogelijk:
            continue
        bewoning: Json = {
            "adresseerbaarObjectIdentificatie": object_id,
            "periode": {"datumVan": begin.isoformat(), "datumTot": einde.isoformat()},
        }
        if len(bewoners) + len(mogelijk) > BEWONERS_MAX:
            uit.append({**bewoning, "indicatieVeelBewoners": True})
        else:
            uit.append({**bewoning, "bewoners": bewoners, "mogelijkeBewoners": mogelijk})
    return uit


def historie(vraag: Json, verblijven: Sequence[Verblijf], personen: Iterable[Json]) -> Json:
    """Give where somebody lived, what is newest first."""
    nummer = vraag["burgerservicenummer"]
    gba = next((each for each in personen if each.get("burgerservicenummer") == nummer), {})
    van, tot = _periode(vraag)
    eigen = [each for each in verblijven if each.bron.get("burgerservicenummer") == nummer]
    eigen = [each for each in eigen if each.begin[0] < tot and van < each.einde[1]]
    eigen.sort(key=lambda each: each.begin, reverse=True)
    opschorting = gba.get("opschortingBijhouding") or {}
    return gevuld(
        verblijfplaatsen=[_voorkomen(each.bron) for each in eigen],
        opschortingBijhouding=gevuld(reden=opschorting.get("reden"), datum=datum(opschorting.get("datum"))) or None,
        geheimhoudingPersoonsgegevens=True if int(gba.get("geheimhoudingPersoonsgegevens") or 0) else None,
    )


def _voorkomen(bron: Json) -> Json:
    gba = bron["verblijfplaats"]
    gemeente = bron.get("gemeenteVanInschrijving")
    uit = gekozen(verblijfplaats(gba) or {}, Gevraagd([""], _VAN_ADRES))
    uit.pop("indicatieVastgesteldVerblijftNietOpAdres", None)
    regels = gekozen(adresregels(gba, gemeente), Gevraagd([""], _ADRESREGELS))
    regels.pop("indicatieVastgesteldVerblijftNietOpAdres", None)
    # Personen 2.7 names the beginning of an investigation after its group; the history does not.
    onderzoek = regels.pop("inOnderzoek", {})
    ingang = onderzoek.pop("datumIngangOnderzoekVerblijfplaats", None)
    if ingang:
        regels["inOnderzoek"] = {
            **{naam: each for naam, each in onderzoek.items() if naam in regels or not in_binnenland(gba)},
            "datumIngangOnderzoek": ingang,
        }
    return uit | gevuld(
        datumTot=datum(gba.get("datumEindeAdreshouding")),
        gemeenteVanInschrijving=waarde(gemeente),
        adressering=regels if regels and soort(gba) != "VerblijfplaatsOnbekend" else None,
    )


def _bewoner(bron: Json, wie: dict[Any, Json]) -> Json:
    nummer = bron.get("burgerservicenummer")
    gba = wie.get(nummer, bron)
    naam = volledige_naam(gba.get("naam") or {}, geslacht_van(gba))
    geboren = datum((gba.get("geboorte") or {}).get("datum"))
    return gevuld(
        burgerservicenummer=nummer,
        geheimhoudingPersoonsgegevens=True if int(gba.get("geheimhoudingPersoonsgegevens") or 0) else None,
        inOnderzoek=True if bron["verblijfplaats"].get("inOnderzoek") else None,
        naam={"volledigeNaam": naam} if naam else None,
        geboorte={"datum": geboren} if geboren else None,
    )


def _object(bron: Json) -> str:
    return str(bron["verblijfplaats"].get("adresseerbaarObjectIdentificatie") or "")


def _periode(vraag: Json) -> tuple[date, date]:
    """Give the days that are asked about; the last is not one of them."""
    if "peildatum" in vraag:
        dag = date.fromisoformat(vraag["peildatum"])
        return dag, dag + timedelta(days=1)
    return date.fromisoformat(vraag["datumVan"]), date.fromisoformat(vraag["datumTot"])


def _begin(gba: Json) -> tuple[date, date]:
    naam = "datumAanvangAdreshouding" if in_binnenland(gba) else "datumAanvangAdresBuitenland"
    return _tussen(str(gba.get(naam) or ""))


def _einde(gba: Json) -> tuple[date, date]:
    gegeven = gba.get("datumEindeAdreshouding")
    return _tussen(str(gegeven)) if gegeven else (date.max, date.max)


def _tussen(gba: str) -> tuple[date, date]:
    """Give the first and last day that a date may be."""
    jaar, maand, dag = int(gba[:4] or 0), int(gba[4:6] or 0), int(gba[6:8] or 0)
    if not jaar:
        return date.min, date.max
    if not maand:
        return date(jaar, 1, 1), date(jaar, 12, 31)
    if not dag:
        volgende = date(jaar + maand // 12, maand % 12 + 1, 1)
        return date(jaar, maand, 1), volgende - timedelta(days=1)
    return date(jaar, maand, dag), date(jaar, maand, dag)
