"""Which of the seven ways of the BRP a question takes: the first that can take all that it asks.

A criterion that no way can take is never left out, for then others would be found: the question is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from hub.net.problems import refused

Json = dict[str, Any]

_OVERLEDEN = "inclusiefOverledenPersonen"
_GEMEENTE = "gemeenteVanInschrijving"
_NUMMERS = "burgerservicenummers"
_TOEVOEGING = frozenset({"huisletter", "huisnummertoevoeging"})
_NAAM = frozenset({"voorvoegsel", "geslacht"})
_BESTURING = frozenset({"velden", "volgorde", "maximum", "na"})


class Weg(NamedTuple):
    """One way: what it needs, and what it may have besides."""

    type: str
    nodig: frozenset[str]
    mag: frozenset[str]


WEGEN: tuple[Weg, ...] = (
    Weg("RaadpleegMetBurgerservicenummer", frozenset({_NUMMERS}), frozenset({_GEMEENTE, _OVERLEDEN})),
    Weg(
        "ZoekMetAdresseerbaarObjectIdentificatie",
        frozenset({"adresseerbaarObjectIdentificatie"}),
        frozenset({_GEMEENTE, _OVERLEDEN}),
    ),
    Weg(
        "ZoekMetNummeraanduidingIdentificatie",
        frozenset({"nummeraanduidingIdentificatie"}),
        frozenset({_GEMEENTE, _OVERLEDEN}),
    ),
    Weg(
        "ZoekMetPostcodeEnHuisnummer",
        frozenset({"postcode", "huisnummer"}),
        _TOEVOEGING | {"geboortedatum", "geslachtsnaam", _GEMEENTE, _OVERLEDEN},
    ),
    Weg(
        "ZoekMetGeslachtsnaamEnGeboortedatum",
        frozenset({"geslachtsnaam", "geboortedatum"}),
        _NAAM | {"voornamen", _GEMEENTE, _OVERLEDEN},
    ),
    Weg(
        "ZoekMetStraatHuisnummerEnGemeenteVanInschrijving",
        frozenset({"straat", "huisnummer", _GEMEENTE}),
        _TOEVOEGING | {_OVERLEDEN},
    ),
    Weg(
        "ZoekMetNaamEnGemeenteVanInschrijving",
        frozenset({"geslachtsnaam", "voornamen", _GEMEENTE}),
        _NAAM | {_OVERLEDEN},
    ),
)


def weg_van(vraag: Mapping[str, Any], *, gemeente: str | None) -> tuple[Weg, Json]:
    """Give the way of a question, and its parameters at the BRP but for the numbers and fields.

    `gemeente` is where everybody that is found must live.
    """
    criteria = {naam: waarde for naam, waarde in vraag.items() if naam not in _BESTURING and waarde is not None}
    if gemeente is not None and criteria.setdefault(_GEMEENTE, gemeente) != gemeente:
        raise refused(
            "this connection asks only about its own municipality",
            advice="leave gemeenteVanInschrijving out of the question, or see options.gemeente of the connection",
        )
    weg = next((each for each in WEGEN if each.nodig <= set(criteria) <= each.nodig | each.mag), None)
    if weg is None:
        raise _geen_weg(frozenset(criteria))
    parameters = {naam: waarde for naam, waarde in criteria.items() if naam != _NUMMERS}
    if weg is WEGEN[0]:
        parameters.pop(_OVERLEDEN, None)  # who is asked for by number is given, also when he died
    return weg, {naam: _naar_brp(naam, waarde) for naam, waarde in parameters.items()}


def _naar_brp(naam: str, waarde: object) -> object:
    return str(waarde) if naam == "geboortedatum" else waarde


def _geen_weg(criteria: frozenset[str]) -> Exception:
    gegeven = ", ".join(sorted(criteria)) or "nothing"
    bijna = [each for each in WEGEN if each.nodig <= criteria]
    if bijna:
        teveel = sorted(criteria - bijna[0].nodig - bijna[0].mag)
        reason = f"the BRP cannot be searched on {gegeven} together"
        advice = f"leave out {', '.join(teveel)}"
    else:
        reason = f"the BRP cannot be searched on {gegeven}"
        wegen = "; ".join(" and ".join(sorted(each.nodig)) for each in WEGEN)
        advice = f"ask with one of: {wegen}"
    return refused(reason, advice=advice)
