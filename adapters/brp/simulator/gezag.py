"""Authority over minors, as the gezag service derived it: the source names who has it, the answer names them in full.

Version 2 is that of Personen 2.7: names, the age of the minor, `GezamenlijkOuderlijkGezag`. Version 1 is what went
before it: numbers only, and a parent without a number makes that it can't be told (`GezagNietTeBepalen`).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from adapters.brp.simulator.datum import leeftijd
from adapters.brp.simulator.naam import geslacht_van, volledige_naam
from adapters.brp.simulator.waarden import gevuld

Json = dict[str, Any]

OUDE_VERSIE, VERSIE = 1, 2
_TYPEN = {"TweehoofdigOuderlijkGezag": "GezamenlijkOuderlijkGezag"}
_ZONDER_NUMMER = "Van één of beide ouders is de burgerservicenummer niet bekend"


def gezag(persoon: Json, *, versie: int, vandaag: date) -> list[Json]:
    """Give the authority relations of a person; one that does not say about whom it is, is about himself."""
    zelf = {naam: persoon[naam] for naam in ("burgerservicenummer", "naam", "geslacht", "geboorte") if naam in persoon}
    relaties = [{"minderjarige": zelf, **relatie} for relatie in persoon.get("gezag") or []]
    if versie == OUDE_VERSIE:
        return [_oud(relatie) for relatie in relaties]
    return [_nieuw(relatie, vandaag) for relatie in relaties]


def _oud(relatie: Json) -> Json:
    if any("burgerservicenummer" not in ouder for ouder in relatie.get("ouders") or []):
        return {
            "type": "GezagNietTeBepalen",
            "minderjarige": _nummer(relatie["minderjarige"]),
            "toelichting": _ZONDER_NUMMER,
        }
    return gevuld(
        type=relatie["type"],
        minderjarige=_nummer(relatie["minderjarige"]),
        ouder=_nummer(relatie["ouder"]) if relatie.get("ouder") else None,
        ouders=[_nummer(each) for each in relatie["ouders"]] if "ouders" in relatie else None,
        derde=_nummer(relatie["derde"]) if relatie.get("derde") else None,
        derden=[_nummer(each) for each in relatie["derden"]] if "derden" in relatie else None,
        toelichting=relatie.get("toelichting"),
        inOnderzoek=relatie.get("inOnderzoek") or None,
    )


def _nummer(houder: Json) -> Json:
    return gevuld(burgerservicenummer=houder.get("burgerservicenummer"))


def _nieuw(relatie: Json, vandaag: date) -> Json:
    minderjarige = relatie["minderjarige"]
    geboren = (minderjarige.get("geboorte") or {}).get("datum")
    return gevuld(
        type=_TYPEN.get(relatie["type"], relatie["type"]),
        minderjarige={**_houder(minderjarige), **gevuld(leeftijd=leeftijd(geboren, vandaag))},
        ouder=_ouder(relatie["ouder"]) if relatie.get("ouder") else None,
        ouders=[_ouder(each) for each in relatie["ouders"]] if "ouders" in relatie else None,
        derde=_derde(relatie["derde"]) if "derde" in relatie else None,
        derden=[_derde(each) for each in relatie["derden"]] if "derden" in relatie else None,
        toelichting=relatie.get("toelichting") or _toelichting(relatie["type"]),
        inOnderzoek=relatie.get("inOnderzoek") or None,
    )


def _toelichting(wat: str) -> str | None:
    """Give an explanation, which these two must have, where the source has none."""
    return "Geen toelichting." if wat in {"TijdelijkGeenGezag", "GezagNietTeBepalen"} else None


def _houder(houder: Json) -> Json:
    naam = volledige_naam(houder.get("naam") or {}, geslacht_van(houder))
    return {**_nummer(houder), **({"naam": {"volledigeNaam": naam}} if naam else {})}


def _ouder(houder: Json) -> Json:
    return {"naam": {}, **_houder(houder)}


def _derde(houder: Json) -> Json:
    if not houder or houder.get("type") == "OnbekendeDerde":
        return {"type": "OnbekendeDerde"}
    return {"type": "BekendeDerde", **_houder(houder)}
