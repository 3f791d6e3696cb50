"""Whether what a message says and what the target has are the same thing. Pure.

A target gives back more than it was given (empty strings, nulls, its own fields) and other spellings of a time; a
person is the same person when a number says so, and by kerngegevens only when no number can be compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from adapters.zgw.typen import same

_EMPTY: tuple[object, ...] = (None, "", [], {})

_NUMBERS = {
    "natuurlijk_persoon": ("inpBsn", "anpIdentificatie", "inpA_nummer"),
    "niet_natuurlijk_persoon": ("innNnpId", "kvkNummer", "annIdentificatie", "vestigingsNummer"),
    "vestiging": ("vestigingsNummer", "kvkNummer"),
    "medewerker": ("identificatie",),
    "organisatorische_eenheid": ("identificatie",),
}
_KERNGEGEVENS = {
    "natuurlijk_persoon": ("geslachtsnaam", "voorvoegselGeslachtsnaam", "voorletters", "voornamen", "geboortedatum"),
    "niet_natuurlijk_persoon": ("statutaireNaam",),
    "vestiging": ("handelsnaam",),
    "medewerker": ("achternaam", "voorvoegselAchternaam", "voorletters"),
    "organisatorische_eenheid": ("naam",),
}


def holds(has: object, wanted: object) -> bool:
    """Say whether all that is wanted is there; what the target has beyond it does not count."""
    if wanted in _EMPTY:
        return has in _EMPTY or (isinstance(has, Mapping) and all(holds(value, None) for value in has.values()))
    if isinstance(wanted, Mapping):
        return isinstance(has, Mapping) and all(holds(has.get(name), value) for name, value in wanted.items())
    if isinstance(wanted, list):
        return (
            isinstance(has, list)
            and len(has) == len(wanted)
            and all(holds(mine, theirs) for mine, theirs in zip(has, wanted, strict=True))
        )
    if isinstance(wanted, str) and isinstance(has, str):
        return has.strip() == wanted.strip() or _same_moment(has, wanted)
    return has == wanted or str(has) == str(wanted)


def same_betrokkene(has: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Say whether two rollen are of the same betrokkene, each with betrokkeneType and betrokkeneIdentificatie."""
    soort = wanted.get("betrokkeneType")
    if has.get("betrokkeneType") != soort:
        return False
    theirs, ours = has.get("betrokkeneIdentificatie") or {}, wanted.get("betrokkeneIdentificatie") or {}
    if not is_identified(wanted):
        return holds(theirs, ours)
    numbers = [name for name in _NUMBERS.get(str(soort), ()) if ours.get(name) and theirs.get(name)]
    if numbers:
        # One company has one KvK number and many vestigingen.
        deciding = {numbers[0], *(name for name in numbers if name == "vestigingsNummer")}
        return all(same(theirs[name], ours[name]) for name in deciding)
    asked = [name for name in _KERNGEGEVENS.get(str(soort), ()) if ours.get(name)]
    return bool(asked) and all(_same_text(theirs.get(name), ours[name]) for name in asked)


def is_identified(betrokkene: Mapping[str, Any]) -> bool:
    """Say whether anything tells this betrokkene from another."""
    soort, ours = str(betrokkene.get("betrokkeneType")), betrokkene.get("betrokkeneIdentificatie") or {}
    return any(ours.get(name) for name in (*_NUMBERS.get(soort, ()), *_KERNGEGEVENS.get(soort, ())))


def same_object(has: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Say whether two zaakobjecten are of the same object: by URL, by identificatie, or else by all that is said."""
    if has.get("objectType") != wanted.get("objectType"):
        return False
    if wanted.get("objectTypeOverige") and not same(has.get("objectTypeOverige"), wanted["objectTypeOverige"]):
        return False
    if wanted.get("object"):
        return bool(has.get("object") == wanted["object"])
    theirs, ours = has.get("objectIdentificatie") or {}, wanted.get("objectIdentificatie") or {}
    if ours.get("identificatie") and theirs.get("identificatie"):
        return same(theirs["identificatie"], ours["identificatie"])
    person = {"betrokkeneType": wanted.get("objectType"), "betrokkeneIdentificatie": ours}
    if is_identified(person):
        return same_betrokkene({**person, "betrokkeneIdentificatie": theirs}, person)
    return bool(ours) and holds(theirs, ours)


def _same_text(has: object, wanted: object) -> bool:
    if isinstance(wanted, list):
        return isinstance(has, list) and len(has) == len(wanted) and all(map(same, has, wanted))
    return same(has, wanted)


def _same_moment(one: str, other: str) -> bool:
    """Compare moments: a target answers in UTC with a Z whatever it was sent."""
    try:
        return len(one) > len("2024-01-01") and datetime.fromisoformat(one) == datetime.fromisoformat(other)
    except (ValueError, TypeError):
        return False
