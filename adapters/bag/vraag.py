"""In which way a question about addresses is asked of the BAG, and what must be looked at here. Pure.

The BAG takes one combination of criteria at a time (Individuele Bevragingen 2, /adressen and /adressenuitgebreid). The
rest of a question is compared here with what comes back: criteria are AND-ed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from hub.net.criteria import same, written
from hub.net.problems import refused

Row = dict[str, Any]

ADRESSEN, UITGEBREID = "adressen", "adressenuitgebreid"

_ONLY_UITGEBREID = frozenset({
    "typeAdresseerbaarObject", "adresseerbaarObjectStatus", "gebruiksdoelen", "oppervlakte", "oorspronkelijkBouwjaar",
    "geometrie",
})  # fmt: skip
"""Fields of the object that an address is of: /adressen does not have them."""
_NUMMERAANDUIDING = re.compile(r"[0-9]{4}20[0-9]{10}")
_EXACT = ("huisletter", "huisnummertoevoeging")
_CRITERIA = (
    "nummeraanduidingIdentificatie", "adresseerbaarObjectIdentificatie", "pandIdentificatie", "postcode", "huisnummer",
    *_EXACT, "openbareRuimteNaam", "woonplaatsNaam",
)  # fmt: skip
_WAYS = (
    ("nummeraanduidingIdentificatie",),
    ("adresseerbaarObjectIdentificatie",),
    ("pandIdentificatie",),
    ("postcode", "huisnummer"),
    ("openbareRuimteNaam", "woonplaatsNaam", "huisnummer"),
)
"""The combinations that the BAG takes, the narrowest first."""


class Way(NamedTuple):
    """How it is asked: `by` names the way, `query` what is sent, `asked` the criteria that the BAG looks at."""

    by: str
    query: dict[str, str]
    asked: frozenset[str]

    @property
    def by_number(self) -> bool:
        """Say whether it is about one address, by its number."""
        return self.by == "nummeraanduidingIdentificatie"


def way_of(question: Mapping[str, Any], *, exact: bool) -> Way:
    """Choose; raises TargetRefused for a question that the BAG has no way for."""
    given = {name: written(name, question[name]) for name in _CRITERIA if question.get(name) is not None}
    if question.get("zoekterm"):
        return Way("zoekterm", {"zoek": str(question["zoekterm"])}, frozenset({"zoekterm"}))
    for names in _WAYS:
        if not given.keys() >= set(names):
            continue
        way = Way(names[0], {name: given[name] for name in names}, frozenset(names))
        if way.by_number and not _NUMMERAANDUIDING.fullmatch(given[way.by]):
            raise refused(
                "a nummeraanduiding has 16 digits, of which the fifth and sixth are 20", advice="see what is asked"
            )
        return _with_huisletter(way, question, given, exact=exact) if "huisnummer" in names else way
    raise refused(
        "the BAG finds addresses by a number, by postcode and huisnummer, or by openbare ruimte, woonplaats and number",
        advice="let the question have one of these, or a zoekterm",
    )


def needs_uitgebreid(names: list[str] | None) -> bool:
    """Say whether fields are wanted that only /adressenuitgebreid has; without names everything is wanted."""
    return names is None or any(name.removeprefix("-").split(".")[0] in _ONLY_UITGEBREID for name in names)


def fits(row: Row, question: Mapping[str, Any], way: Way) -> bool:
    """Say whether an address is one that is meant, by what the BAG did not look at. Null: there is no value."""
    return all(_same(name, question[name], row) for name in _CRITERIA if name in question and name not in way.asked)


def _with_huisletter(way: Way, question: Mapping[str, Any], given: Mapping[str, str], *, exact: bool) -> Way:
    """Add letter and toevoeging. The BAG takes a missing one as "any", unless asked for the exact address."""
    extra = {name: given[name] for name in _EXACT if name in given}
    if exact or all(name in question for name in _EXACT):
        return way._replace(query={**way.query, **extra, "exacteMatch": "true"}, asked=way.asked | set(_EXACT))
    return way._replace(query={**way.query, **extra}, asked=way.asked | extra.keys())


def _same(name: str, wanted: object, row: Row) -> bool:
    if name == "pandIdentificatie":
        return same(wanted, row.get("pandIdentificaties") or [])
    if name == "openbareRuimteNaam":
        return same(wanted, [row.get("openbareRuimteNaam"), row.get("korteNaam")])
    return same(None if wanted is None else written(name, wanted), row.get(name))
