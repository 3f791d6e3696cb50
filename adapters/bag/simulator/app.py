"""What the BAG answers: which combinations of criteria it takes, its pages, its problems and its limits.

Source: BAG API Individuele Bevragingen 2.0.0 (OpenAPI), and its features exacte_match, foutafhandeling, paginering and
rate-limiting.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from hashlib import md5
from typing import NamedTuple

from hub.clock import Clock
from hub.ports.simulator import Answer, Json, Request
from hub.ports.simulator_hal import HalSimulator, Wrong, check_values, collection, href

KEY_HEADER = "X-Api-Key"
_PAGE_SIZE_MIN = 10
_DAY_S = 86_400.0

_PATTERNS = {
    "postcode": r"[1-9][0-9]{3}[a-zA-Z]{2}",
    "huisletter": r"[a-zA-Z]",
    "huisnummertoevoeging": r"[0-9a-zA-Z]{1,4}",
    "adresseerbaarObjectIdentificatie": r"[0-9]{4}(01|02|03)[0-9]{10}",
    "pandIdentificatie": r"[0-9]{4}10[0-9]{10}",
    "nummeraanduidingIdentificatie": r"[0-9]{4}20[0-9]{10}",
    "exacteMatch": r"true|false",
}
_NUMBERS = {"huisnummer": (1, 99_999), "page": (1, None), "pageSize": (_PAGE_SIZE_MIN, 100)}
_ALONE = ("zoekresultaatIdentificatie", "pandIdentificatie", "adresseerbaarObjectIdentificatie")
_TOGETHER = (("postcode", "huisnummer"), ("woonplaatsNaam", "openbareRuimteNaam", "huisnummer"))
_BESIDE = frozenset({"huisletter", "huisnummertoevoeging", "exacteMatch", "page", "pageSize", "expand"})
_NOT_UITGEBREID = frozenset({"zoekresultaatIdentificatie", "pandIdentificatie"})
_OF_THE_OBJECT = frozenset({
    "typeAdresseerbaarObject", "adresseerbaarObjectGeometrie", "adresseerbaarObjectStatus", "gebruiksdoelen",
    "oppervlakte", "oorspronkelijkBouwjaar", "adresseerbaarObjectheeftAlsHoofdadres",
    "adresseerbaarObjectheeftAlsNevenadres", "maaktDeelUitVan", "ligplaats", "standplaats", "verblijfsobject", "pand",
})  # fmt: skip
"""Fields of /adressenuitgebreid alone, at the top and in the groups."""
_GROUPS = frozenset({"inonderzoek", "geconstateerd"})
_RELATED = (
    ("openbareRuimte", "openbareruimten", "openbareRuimteIdentificatie"),
    ("nummeraanduiding", "nummeraanduidingen", "nummeraanduidingIdentificatie"),
    ("woonplaats", "woonplaatsen", "woonplaatsIdentificatie"),
)


class Limits(NamedTuple):
    """How many requests a key has: the BAG gives 50 a second and 50,000 a day."""

    per_second: int = 50
    per_day: int = 50_000


class Simulator(HalSimulator):
    """An LVBAG that forgets everything when it stops."""

    key_header = KEY_HEADER
    version = "2.0.0"
    invalid_params = "invalid-params"
    links_to_last = True

    def __init__(
        self, *, data: Sequence[Json], key: str, limits: Limits, page_size_max: int, clock: Clock | None
    ) -> None:
        """See `create`."""
        super().__init__(key=key, clock=clock)
        self._adressen = list(data)
        self._limits = limits
        self._page_size_max = page_size_max
        self._second = self._day = _Window(0.0, 0)

    def refusal(self, request: Request) -> Answer | None:
        """Let nobody in without the key, or above the limits."""
        return super().refusal(request) or self._above_limits(request)

    def routed(self, request: Request) -> Answer:
        """Answer a request that was let in."""
        before, _, rest = request.path.partition("/v2/")
        base = f"{request.base}{before}/v2"
        name, _, number = rest.partition("/")
        match name, number:
            case "info", "":
                version = {"api-version": self.version}
                return Answer.of({"api-name": "LVBAG", **version}, headers=version)
            case "adressen", "zoek":
                return self._searched(request, base)
            case "adressen" | "adressenuitgebreid", "":
                return self._listed(request, base, whole=name == "adressenuitgebreid")
            case "adressen" | "adressenuitgebreid", _:
                return self._one(request, base, number, whole=name == "adressenuitgebreid")
            case _:
                return self.problem(404, request)

    def _one(self, request: Request, base: str, number: str, *, whole: bool) -> Answer:
        if not re.fullmatch(_PATTERNS["nummeraanduidingIdentificatie"], number):
            raise Wrong("paramsValidation", ("nummeraanduidingIdentificatie", "pattern"))
        for adres in self._adressen:
            if adres["nummeraanduidingIdentificatie"] == number:
                return self.given(_shown(adres, base, whole=whole))
        return self.problem(404, request)

    def _listed(self, request: Request, base: str, *, whole: bool) -> Answer:
        query = dict(request.query)
        check_values(query, patterns=_PATTERNS, numbers=_NUMBERS)
        _check_combination(query, whole=whole)
        found = [_shown(adres, base, whole=whole) for adres in self._adressen if _fits(adres, query)]
        if whole:
            return self.given(collection("adressen", found, {"self": {"href": href(request, query)}}))
        return self.page("adressen", found, request, size_max=self._page_size_max)

    def _searched(self, request: Request, base: str) -> Answer:
        query = dict(request.query)
        check_values(query, patterns=_PATTERNS, numbers=_NUMBERS)
        if not query.get("zoek"):
            raise Wrong("paramsRequired")
        words = re.split(r"[\s,]+", query["zoek"].casefold())
        found = [
            {
                "omschrijving": _described(adres),
                "identificatie": _result_id(adres),
                "_links": {"adres": {"href": f"{base}/adressen?zoekresultaatIdentificatie={_result_id(adres)}"}},
            }
            for adres in self._adressen
            if all(any(part.startswith(word) for part in _parts(adres)) for word in words if word)
        ]
        return self.page("zoekresultaten", found, request, size_max=self._page_size_max)

    def _above_limits(self, request: Request) -> Answer | None:
        now = self.clock.monotonic()
        self._second = self._second.at(now, 1.0)
        self._day = self._day.at(now, _DAY_S)
        if self._second.requests <= self._limits.per_second and self._day.requests <= self._limits.per_day:
            return None
        day_left = max(0, self._limits.per_day - self._day.requests)
        waits = (
            ("RateLimit-Limit", str(self._limits.per_second)),
            ("RateLimit-Remaining", "0"),
            ("RateLimit-Reset", "1"),
            ("Kadaster-RateLimit-DayLimit", str(self._limits.per_day)),
            ("Kadaster-RateLimit-DayLimit-Remaining", str(day_left)),
            ("Kadaster-RateLimit-DayLimit-Reset", str(int(self._day.ends - now))),
        )
        given = self.problem(429, request)
        return given._replace(headers=(*given.headers, *waits))


class _Window(NamedTuple):
    """How many requests came until when."""

    ends: float
    requests: int

    def at(self, now: float, length_s: float) -> _Window:
        return _Window(now + length_s, 1) if now >= self.ends else self._replace(requests=self.requests + 1)


def _check_combination(query: Mapping[str, str], *, whole: bool) -> None:
    """See the rules of foutafhandeling.feature: none, not enough, or more than one way of asking."""
    given = {name for name, value in query.items() if value} - _BESIDE - (_NOT_UITGEBREID if whole else set())
    if not given:
        raise Wrong("paramsRequired")
    ways = [{name} for name in _ALONE] + [set(names) for names in _TOGETHER]
    if given in ways:
        return
    if any(given > way for way in ways):
        raise Wrong("unsupportedCombination")
    raise Wrong("unsupportedCombination" if len(given & set(_ALONE)) and len(given) > 1 else "paramsCombination")


def _fits(adres: Json, query: Mapping[str, str]) -> bool:
    compared: dict[str, Callable[[str], bool]] = {
        "zoekresultaatIdentificatie": lambda value: value == _result_id(adres),
        "pandIdentificatie": lambda value: value in adres.get("pandIdentificaties", ()),
    }
    plain = ("adresseerbaarObjectIdentificatie", "postcode", "huisnummer", "woonplaatsNaam", "openbareRuimteNaam")
    exact = query.get("exacteMatch") == "true"
    letters = {
        name: query.get(name, "")
        for name in ("huisletter", "huisnummertoevoeging")
        if name in query or (exact and "huisnummer" in query)
    }
    return (
        all(fits(query[name]) for name, fits in compared.items() if name in query)
        and all(_folded(adres.get(name)) == query[name].casefold() for name in plain if name in query)
        and all(_folded(adres.get(name)) == value.casefold() for name, value in letters.items())
    )


def _folded(value: object) -> str:
    return "" if value is None else str(value).casefold()


def _shown(adres: Json, base: str, *, whole: bool) -> Json:
    shown = adres if whole else {name: value for name, value in adres.items() if name not in _OF_THE_OBJECT}
    if not whole:
        for group in _GROUPS & shown.keys():
            of_address = {name: value for name, value in shown[group].items() if name not in _OF_THE_OBJECT}
            shown = {**shown, group: of_address}
    name = "adressenuitgebreid" if whole else "adressen"
    number, thing = adres["nummeraanduidingIdentificatie"], adres["adresseerbaarObjectIdentificatie"]
    kind = {"01": "verblijfsobjecten", "02": "ligplaatsen", "03": "standplaatsen"}[thing[4:6]]
    links: Json = {"self": {"href": f"{base}/{name}/{number}"}}
    links |= {rel: {"href": f"{base}/{path}/{adres[field]}"} for rel, path, field in _RELATED}
    links["adresseerbaarObject"] = {"href": f"{base}/{kind}/{thing}"}
    if adres.get("pandIdentificaties"):
        links["panden"] = [{"href": f"{base}/panden/{each}"} for each in adres["pandIdentificaties"]]
    return {**shown, "_links": links}


def _described(adres: Json) -> str:
    return f"{adres['adresregel5']}, {adres.get('postcode', '')} {adres['woonplaatsNaam']}"


def _parts(adres: Json) -> list[str]:
    return re.split(r"[\s,-]+", f"{adres['openbareRuimteNaam']} {_described(adres)}".casefold())


def _result_id(adres: Json) -> str:
    return f"adr-{md5(adres['nummeraanduidingIdentificatie'].encode(), usedforsecurity=False).hexdigest()}"
