"""What is wrong with a question: the rules of each way to ask, and the lines of `invalidParams`.

Knows the seven ways of BRP API Personen 2.7, and those of bewoning, verblijfplaatshistorie and reisdocumenten. Knows
no person. Patterns are those that the API tells in its errors.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any, NamedTuple

from adapters.brp.simulator.velden import automatisch
from adapters.brp.vormen import GEZAG_PERSOON_BEPERKT, PERSOON, PERSOON_BEPERKT, REISDOCUMENT, Vorm, paden

Json = dict[str, Any]


class Fout(NamedTuple):
    """One line of `invalidParams`."""

    code: str
    name: str
    reason: str


Regel = Callable[[str, Any], list[Fout]]
"""Checks the value of one parameter."""

VELDEN_MAX, NUMMERS_MAX = 130, 20
HUISNUMMER_MAX = 99_999
_VELD = r"^[a-zA-Z0-9\._]{1,200}$"


def patroon(uitdrukking: str, *, gemeld: str = "") -> Regel:
    """Check a text; `gemeld` is the pattern that the API tells where it is not the one that it keeps to."""
    past = re.compile(uitdrukking)

    def regel(naam: str, waarde: Any) -> list[Fout]:  # noqa: ANN401 - whatever came
        if isinstance(waarde, str) and past.fullmatch(waarde):
            return []
        return [Fout("pattern", naam, f"Waarde voldoet niet aan patroon {gemeld or uitdrukking}.")]

    return regel


def _datum(naam: str, waarde: Any) -> list[Fout]:  # noqa: ANN401 - whatever came
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", waarde):
            date.fromisoformat(waarde)
            return []
    except (TypeError, ValueError):
        pass
    return [Fout("date", naam, "Waarde is geen geldige datum.")]


def _boolean(naam: str, waarde: Any) -> list[Fout]:  # noqa: ANN401 - whatever came
    return [] if isinstance(waarde, bool) else [Fout("boolean", naam, "Waarde is geen boolean.")]


def _huisnummer(naam: str, waarde: Any) -> list[Fout]:  # noqa: ANN401 - whatever came
    if not isinstance(waarde, int) or isinstance(waarde, bool):
        return [Fout("integer", naam, "Waarde is geen geldig getal.")]
    if waarde < 1:
        return [Fout("minimum", naam, "Waarde is lager dan minimum 1.")]
    if waarde > HUISNUMMER_MAX:
        return [Fout("maximum", naam, f"Waarde is hoger dan maximum {HUISNUMMER_MAX}.")]
    return []


def reeks(elk: Regel, *, hoogstens: int) -> Regel:
    """Check an array, and each of its items."""

    def regel(naam: str, waarde: Any) -> list[Fout]:  # noqa: ANN401 - whatever came
        if not isinstance(waarde, list):
            return [Fout("array", naam, "Parameter is geen array.")]
        if not waarde:
            return [Fout("minItems", naam, "Array bevat minder dan 1 items.")]
        if len(waarde) > hoogstens:
            return [Fout("maxItems", naam, f"Array bevat meer dan {hoogstens} items.")]
        return [fout for plek, each in enumerate(waarde) for fout in elk(f"{naam}[{plek}]", each)]

    return regel


def _veld(bestaand: Collection[str]) -> Regel:
    past = patroon(_VELD)

    def regel(naam: str, waarde: Any) -> list[Fout]:  # noqa: ANN401 - whatever came
        fouten = past(naam, waarde)
        if fouten or waarde in bestaand:
            return fouten
        if automatisch(waarde):
            return [Fout("fields", naam, "Parameter bevat een niet toegestane veldnaam.")]
        return [Fout("fields", naam, "Parameter bevat een niet bestaande veldnaam.")]

    return regel


class Manier(NamedTuple):
    """One way to ask: what it must have (in the order in which the API tells what is missing) and what it may have.

    `vorm` is the shape of what may be asked for with `fields`; without it there is no `fields`.
    """

    verplicht: Mapping[str, Regel]
    mag: Mapping[str, Regel]
    vorm: Vorm | None = None
    velden_max: int = VELDEN_MAX


_NAAM = patroon(r"^[a-zA-Z0-9À-ž \.\-\']{1,200}$|^[a-zA-Z0-9À-ž \.\-\']{3,199}\*{1}$")
_VOORNAMEN = patroon(r"^[a-zA-Z0-9À-ž \.\-\']{1,199}\*{0,1}$")
_VOORVOEGSEL = patroon(r"^[a-zA-Z \']{1,10}$")
_GESLACHT = patroon(r"^([Mm]|[Vv]|[Oo])$")
_STRAAT = patroon(
    r"^[a-zA-Z0-9À-ž \-\'\.]{1,80}$|^[a-zA-Z0-9À-ž \-\'\.]{7,79}\*{1}$|^\*{1}[a-zA-Z0-9À-ž \-\'\.]{7,79}$"
)
_GEMEENTE = patroon(r"^[0-9]{4}$")
_POSTCODE = patroon(r"^[1-9]{1}[0-9]{3}[ ]?[A-Za-z]{2}$")
_BSN = patroon(r"^[0-9]{9}$")
_IDENTIFICATIE = patroon(r"^(?!0{16})[0-9]{16}$", gemeld=r"^[0-9]{16}$")
_REISDOCUMENT = patroon(r"^[A-Z0-9]{9}$")
_TOEVOEGING: Mapping[str, Regel] = {
    "huisletter": patroon(r"^[a-zA-Z]{1}$"),
    "huisnummertoevoeging": patroon(r"^[a-zA-Z0-9 \-]{1,4}$"),
}
_OVERLEDEN: Mapping[str, Regel] = {"inclusiefOverledenPersonen": _boolean}
_GEMEENTE_ERBIJ: Mapping[str, Regel] = {"gemeenteVanInschrijving": _GEMEENTE}

PERSONEN: Mapping[str, Manier] = {
    "RaadpleegMetBurgerservicenummer": Manier(
        {"burgerservicenummer": reeks(_BSN, hoogstens=NUMMERS_MAX)}, _GEMEENTE_ERBIJ, PERSOON
    ),
    "ZoekMetGeslachtsnaamEnGeboortedatum": Manier(
        {"geboortedatum": _datum, "geslachtsnaam": _NAAM},
        {
            "voornamen": _VOORNAMEN,
            "voorvoegsel": _VOORVOEGSEL,
            "geslacht": _GESLACHT,
            **_OVERLEDEN,
            **_GEMEENTE_ERBIJ,
        },
        PERSOON_BEPERKT,
    ),
    "ZoekMetNaamEnGemeenteVanInschrijving": Manier(
        {"gemeenteVanInschrijving": _GEMEENTE, "geslachtsnaam": _NAAM, "voornamen": _NAAM},
        {"voorvoegsel": _VOORVOEGSEL, "geslacht": _GESLACHT, **_OVERLEDEN},
        PERSOON_BEPERKT,
    ),
    "ZoekMetPostcodeEnHuisnummer": Manier(
        {"postcode": _POSTCODE, "huisnummer": _huisnummer},
        {**_TOEVOEGING, "geboortedatum": _datum, "geslachtsnaam": _NAAM, **_OVERLEDEN, **_GEMEENTE_ERBIJ},
        PERSOON_BEPERKT,
    ),
    "ZoekMetStraatHuisnummerEnGemeenteVanInschrijving": Manier(
        {"gemeenteVanInschrijving": _GEMEENTE, "huisnummer": _huisnummer, "straat": _STRAAT},
        {**_TOEVOEGING, **_OVERLEDEN},
        PERSOON_BEPERKT,
    ),
    "ZoekMetNummeraanduidingIdentificatie": Manier(
        {"nummeraanduidingIdentificatie": _IDENTIFICATIE}, {**_OVERLEDEN, **_GEMEENTE_ERBIJ}, PERSOON_BEPERKT
    ),
    "ZoekMetAdresseerbaarObjectIdentificatie": Manier(
        {"adresseerbaarObjectIdentificatie": _IDENTIFICATIE}, {**_OVERLEDEN, **_GEMEENTE_ERBIJ}, GEZAG_PERSOON_BEPERKT
    ),
}

_REISDOCUMENTVELDEN_MAX = 25

BEWONINGEN: Mapping[str, Manier] = {
    "BewoningMetPeildatum": Manier({"adresseerbaarObjectIdentificatie": _IDENTIFICATIE, "peildatum": _datum}, {}),
    "BewoningMetPeriode": Manier(
        {"adresseerbaarObjectIdentificatie": _IDENTIFICATIE, "datumVan": _datum, "datumTot": _datum}, {}
    ),
}
HISTORIE: Mapping[str, Manier] = {
    "RaadpleegMetPeildatum": Manier({"burgerservicenummer": _BSN, "peildatum": _datum}, {}),
    "RaadpleegMetPeriode": Manier({"burgerservicenummer": _BSN, "datumVan": _datum, "datumTot": _datum}, {}),
}
REISDOCUMENTEN: Mapping[str, Manier] = {
    "RaadpleegMetReisdocumentnummer": Manier(
        {"reisdocumentnummer": reeks(_REISDOCUMENT, hoogstens=1)}, {}, REISDOCUMENT, _REISDOCUMENTVELDEN_MAX
    ),
    "ZoekMetBurgerservicenummer": Manier({"burgerservicenummer": _BSN}, {}, REISDOCUMENT, _REISDOCUMENTVELDEN_MAX),
}


def fouten_in(vraag: Json, manieren: Mapping[str, Manier]) -> list[Fout]:
    """Give all that is wrong with a question."""
    if "type" not in vraag:
        return [Fout("required", "type", "Parameter is verplicht.")]
    manier = manieren.get(vraag["type"]) if isinstance(vraag["type"], str) else None
    if manier is None:
        return [Fout("value", "type", "Waarde is geen geldig zoek type.")]
    regels = {**manier.verplicht, **manier.mag}
    verplicht = [*manier.verplicht]
    if manier.vorm:
        regels["fields"] = reeks(_veld(frozenset(paden(manier.vorm))), hoogstens=manier.velden_max)
        verplicht.append("fields")
    fouten: list[Fout] = []
    for naam in (*verplicht, *manier.mag):
        waarde = vraag.get(naam)
        if naam in verplicht and (waarde is None or waarde == ""):
            fouten.append(Fout("required", naam, "Parameter is verplicht."))
        elif waarde is not None:
            fouten.extend(regels[naam](naam, waarde))
    onbekend = [naam for naam in vraag if naam not in regels and naam != "type"]
    return [*fouten, *(Fout("unknownParam", naam, "Parameter is niet verwacht.") for naam in onbekend)]
