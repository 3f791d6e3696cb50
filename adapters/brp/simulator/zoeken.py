"""Which persons a question finds. Text is compared without case, and a name also without its diacritics."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Any

Json = dict[str, Any]

NAAM_MAX, ADRES_MAX = 10, 30
"""A search that finds more is turned down, for the BRP has no paging; at one address there may be more people."""
_OP_ADRES = frozenset({"postcode", "straat", "nummeraanduidingIdentificatie", "adresseerbaarObjectIdentificatie"})

_ZONDER_TEKEN = str.maketrans("øØłŁđĐŀħĦŧŦ", "oOlLdDlhHtT")
"""Letters with a stroke or a dot that are no letter and a sign apart."""


def zonder_diakrieten(tekst: str) -> str:
    """Give a text in plain lower-case letters."""
    los = unicodedata.normalize("NFKD", tekst.translate(_ZONDER_TEKEN))
    return "".join(teken for teken in los if not unicodedata.combining(teken)).casefold()


def past(gezocht: str, gevonden: str | None) -> bool:
    """Say whether a value fits what is searched for; a `*` at an end stands for anything.

    Who writes diacritics means them.
    """
    if not gevonden:
        return False
    waarde, doel = gezocht.casefold(), gevonden.casefold()
    if waarde == zonder_diakrieten(gezocht):
        doel = zonder_diakrieten(gevonden)
    if waarde.endswith("*"):
        return doel.startswith(waarde[:-1])
    if waarde.startswith("*"):
        return doel.endswith(waarde[1:])
    return doel == waarde


def _naam(gba: Json, wat: str) -> str:
    return str((gba.get("naam") or {}).get(wat) or "")


def _adres(gba: Json, wat: str) -> str:
    return str((gba.get("verblijfplaats") or {}).get(wat) or "")


def _kort(postcode: str) -> str:
    return postcode.replace(" ", "").casefold()


_CRITERIA: Mapping[str, Callable[[Json, Any], bool]] = {
    "geslachtsnaam": lambda gba, waarde: past(waarde, _naam(gba, "geslachtsnaam")),
    "voornamen": lambda gba, waarde: past(waarde, _naam(gba, "voornamen")),
    "voorvoegsel": lambda gba, waarde: past(waarde, _naam(gba, "voorvoegsel")),
    "geslacht": lambda gba, waarde: (gba.get("geslacht") or {}).get("code") == waarde.upper(),
    "geboortedatum": lambda gba, waarde: (gba.get("geboorte") or {}).get("datum") == waarde.replace("-", ""),
    "gemeenteVanInschrijving": lambda gba, waarde: (gba.get("gemeenteVanInschrijving") or {}).get("code") == waarde,
    "postcode": lambda gba, waarde: _kort(_adres(gba, "postcode")) == _kort(waarde),
    "huisnummer": lambda gba, waarde: _adres(gba, "huisnummer") == str(waarde),
    "huisletter": lambda gba, waarde: _adres(gba, "huisletter").casefold() == waarde.casefold(),
    "huisnummertoevoeging": lambda gba, waarde: _adres(gba, "huisnummertoevoeging").casefold() == waarde.casefold(),
    "straat": lambda gba, waarde: (
        past(waarde, _adres(gba, "straat")) or past(waarde, _adres(gba, "naamOpenbareRuimte"))
    ),
    "nummeraanduidingIdentificatie": lambda gba, waarde: _adres(gba, "nummeraanduidingIdentificatie") == waarde,
    "adresseerbaarObjectIdentificatie": lambda gba, waarde: _adres(gba, "adresseerbaarObjectIdentificatie") == waarde,
}


def gevonden(vraag: Json, personen: Iterable[Json]) -> list[Json]:
    """Give the persons of the source that a question finds, in the order of the source (of the numbers, by number)."""
    nummers = vraag.get("burgerservicenummer")
    criteria = [(_CRITERIA[naam], waarde) for naam, waarde in vraag.items() if naam in _CRITERIA]
    treffers = [gba for gba in personen if _geldig(gba) and all(voldoet(gba, waarde) for voldoet, waarde in criteria)]
    if nummers is not None:
        return [gba for gba in treffers if gba.get("burgerservicenummer") in nummers]
    if vraag.get("inclusiefOverledenPersonen"):
        return treffers
    return [gba for gba in treffers if _reden(gba) != "O"]


def hoogstens(vraag: Json) -> int:
    """Give how many persons a question may find; of numbers as many as there are."""
    if "burgerservicenummer" in vraag:
        return len(vraag["burgerservicenummer"])
    return NAAM_MAX if _OP_ADRES.isdisjoint(vraag) else ADRES_MAX


def _geldig(gba: Json) -> bool:
    """Say whether a list counts: one that was made by mistake (opschorting F) is never found."""
    return _reden(gba) not in {"F", "W"}


def _reden(gba: Json) -> str:
    return str(((gba.get("opschortingBijhouding") or {}).get("reden") or {}).get("code") or "")
