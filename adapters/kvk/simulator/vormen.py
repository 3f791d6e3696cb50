"""The forms in which the KVK gives a registration: search results, the Basisprofiel and its parts, lists and names.

It refuses to know what was asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from adapters.kvk.simulator.records import Inschrijving
from hub.ports.simulator import Json

_NOT_EMBEDDED = frozenset({"rsin", "handelsnamen", "statutaireNaam"})
_IN_LIST = ("vestigingsnummer", "kvkNummer", "eersteHandelsnaam", "indHoofdvestiging", "indCommercieleVestiging")
_OF_NAMES = ("eersteHandelsnaam", "handelsnamen", "naam", "ookGenoemd")


def company(found: Inschrijving, part: str, base: str) -> Json | None:
    """Give the Basisprofiel, one part of it, its branches or its names; None where there is no such part."""
    basis, main = found.basisprofiel, next(iter(found.profielen), None)
    kvk = basis["kvkNummer"]
    links = {"links": _links(base, self=f"basisprofielen/{kvk}{'/' + part if part else ''}")}
    embedded = {name: each for name, each in basis.get("_embedded", {}).items() if name != "hoofdvestiging"}
    if part == "eigenaar":
        return {**embedded["eigenaar"], **links} if "eigenaar" in embedded else None
    if part == "hoofdvestiging":
        return {**_said(main, _named_in_profile), **links} if main else None
    if part == "vestigingen":
        rows = [_listed(each, base) for each in found.profielen]
        trading = sum(each["indCommercieleVestiging"] == "Ja" for each in found.profielen)
        counts = {
            "aantalCommercieleVestigingen": trading,
            "aantalNietCommercieleVestigingen": len(rows) - trading,
            "totaalAantalVestigingen": len(rows),
        }
        return {"kvkNummer": kvk, **counts, "vestigingen": rows, **links}
    if part == "naamgeving":
        names: Json = {
            name: basis[name] for name in ("kvkNummer", "statutaireNaam", "naam", "ookGenoemd") if name in basis
        }
        rsin = {"rsin": embedded["eigenaar"]["rsin"]} if "rsin" in embedded.get("eigenaar", {}) else {}
        start = {"startdatum": basis["materieleRegistratie"]["datumAanvang"]}
        branches = [
            {"vestigingsnummer": each["vestigingsnummer"], **{name: each[name] for name in _OF_NAMES if each.get(name)}}
            for each in found.profielen
        ]
        return {**names, **rsin, **start, "vestigingen": branches, **links}
    if main:
        shown = {name: value for name, value in _said(main, _named_in_profile).items() if name not in _NOT_EMBEDDED}
        embedded["hoofdvestiging"] = shown
    return {**_said(basis, lambda name: name not in {"ookGenoemd", "_embedded"}), **links, "_embedded": embedded}


def branch(profiel: Json, base: str) -> Json:
    """Give a Vestigingsprofiel."""
    links = {"links": _links(base, self=f"vestigingsprofielen/{profiel['vestigingsnummer']}")}
    return {**_said(profiel, _named_in_profile), **links}


def _listed(profiel: Json, base: str) -> Json:
    visit: Json = next((each for each in profiel["adressen"] if each["type"] == "bezoekadres"), {})
    return {
        **{name: profiel[name] for name in _IN_LIST if profiel.get(name) is not None},
        "indAdresAfgeschermd": visit.get("indAfgeschermd", "Nee"),
        "volledigAdres": visit.get("volledigAdres", ""),
        "links": _links(base, vestigingsprofiel=f"vestigingsprofielen/{profiel['vestigingsnummer']}"),
    }


def items(found: Inschrijving, base: str) -> Iterator[Json]:
    """Give the search results of a registration: what is shown, and what it is found by; `former` by that name only."""
    for item in _current(found, base):
        yield {**item, "former": False}
        if found.former:
            yield {
                **item, "former": True, "naam": found.former, "shown": {**item["shown"], "vervallenNaam": found.former},
            }  # fmt: skip


def _current(found: Inschrijving, base: str) -> Iterator[Json]:
    basis = found.basisprofiel
    kvk = basis["kvkNummer"]
    eigenaar = basis.get("_embedded", {}).get("eigenaar", {})
    active = {"actief": "Nee" if found.ended else "Ja"}
    links = {"_links": {"basisprofiel": {"href": f"{base}/v1/basisprofielen/{kvk}"}}}
    of_all = {"rsin": eigenaar.get("rsin"), "ended": found.ended, "kvkNummer": kvk}
    for profiel in found.profielen:
        kind = "hoofdvestiging" if profiel["indHoofdvestiging"] == "Ja" else "nevenvestiging"
        naam = profiel.get("eersteHandelsnaam") or profiel.get("naam", "")
        nummer = {"vestigingsnummer": profiel["vestigingsnummer"]}
        address = _short(profiel["adressen"])
        shown = {"kvkNummer": kvk, **nummer, "naam": naam, **address, "type": kind, **active, **links}
        yield {**of_all, **nummer, "naam": naam, "type": kind, "adressen": profiel["adressen"], "shown": shown}
    if "rsin" in eigenaar:
        naam, adressen = basis.get("statutaireNaam") or basis["naam"], eigenaar.get("adressen", [])
        shown = {"kvkNummer": kvk, "naam": naam, **_short(adressen), "type": "rechtspersoon", **active, **links}
        yield {**of_all, "naam": naam, "type": "rechtspersoon", "adressen": adressen, "shown": shown}


def _short(adressen: Sequence[Json]) -> Json:
    """Give the address of a search result; of a shielded one nothing."""
    for adres in adressen:
        if adres["indAfgeschermd"] == "Nee" and adres["type"] == "bezoekadres":
            names = ("type", "straatnaam", "plaats") if "straatnaam" in adres else (
                "type", "straatHuisnummer", "postcodeWoonplaats", "land",
            )  # fmt: skip
            kind = "binnenlandsAdres" if "straatnaam" in adres else "buitenlandsAdres"
            return {"adres": {kind: {name: adres[name] for name in names}}}
    return {}


def _named_in_profile(name: str) -> bool:
    return name not in {"naam", "ookGenoemd"}


def _said(part: Json, shown: Callable[[str], bool]) -> Json:
    """Give what there is: the KVK leaves out what has no value."""
    return {name: value for name, value in part.items() if shown(name) and value not in (None, [])}


def without_geo(part: Any) -> Any:  # noqa: ANN401 - any part of an answer in JSON
    """Leave out what is given with geoData only."""
    if isinstance(part, list):
        return [without_geo(each) for each in part]
    if isinstance(part, dict):
        return {name: without_geo(each) for name, each in part.items() if name != "geoData"}
    return part


def _links(base: str, **named: str) -> list[Json]:
    return [{"rel": name, "href": f"{base}/v1/{path}"} for name, path in named.items()]
