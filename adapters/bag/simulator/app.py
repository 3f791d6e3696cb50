"""What the BAG answers: which combinations of criteria it takes, its pages, its problems and its limits.

Source: BAG API Individuele Bevragingen 2.0.0 (OpenAPI), and its features exacte_match, foutafhandeling, paginering and
rate-limiting.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from hashlib import md5
from typing import Any, NamedTuple
from urllib.parse import urlencode

from hub.clock import Clock
from hub.ports.simulator import Answer, Json, Request
from hub.ports.simulator import Simulator as Keyed

KEY_HEADER = "X-Api-Key"
_HAL, _PROBLEM = "application/hal+json", "application/problem+json"
_VERSION = {"api-version": "2.0.0"}
_PAGE_SIZE, _PAGE_SIZE_MIN = 20, 10
_DAY_S = 86_400.0

_TITLES = {
    400: ("paramsValidation", "Een of meerdere parameters zijn niet correct."),
    401: ("authentication", "Niet correct geauthenticeerd."),
    403: ("autorisation", "U bent niet geautoriseerd voor deze operatie."),
    404: ("notFound", "Opgevraagde resource bestaat niet."),
    405: ("methodNotAllowed", "Deze methode is niet toegestaan"),
    406: ("notAcceptable", "Gevraagde contenttype wordt niet ondersteund."),
    429: ("tooManyRequests", "Too Many Requests"),
    500: ("serverError", "Interne server fout."),
    503: ("sourceUnavailable", "Bronservice is niet beschikbaar."),
}
_COMBINATIONS = {
    "paramsRequired": "Ten minste één parameter moet worden opgegeven.",
    "paramsCombination": "Minimale combinatie van parameters moet worden opgegeven.",
    "unsupportedCombination": "De combinatie van opgegeven parameters is niet toegestaan.",
}
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


class _Wrong(Exception):
    """The question is answered with a 400; `parameter` with the code of what is wrong with it."""

    def __init__(self, code: str, parameter: tuple[str, str] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.parameter = parameter


class Simulator(Keyed):
    """An LVBAG that forgets everything when it stops."""

    key_header = KEY_HEADER

    def __init__(
        self, *, data: Sequence[Json], key: str, limits: Limits, page_size_max: int, clock: Clock | None
    ) -> None:
        """See `create`."""
        super().__init__(key=key, clock=clock)
        self._adressen = list(data)
        self._limits = limits
        self._page_size_max = page_size_max
        self._second = self._day = _Window(0.0, 0)

    async def answered(self, request: Request) -> Answer:
        """Answer a request that was let in."""
        base, _, rest = request.path.partition("/v2/")
        if request.method != "GET":
            return self.problem(405, request)
        if "json" not in request.headers.get("accept", "*/*json"):
            return self.problem(406, request)
        try:
            return self._routed(request, f"{request.base}{base}/v2", rest)
        except _Wrong as wrong:
            return self._wrong(wrong, request)

    def problem(self, status: int, request: Request) -> Answer:
        """Say what is wrong, as the BAG does."""
        code, title = _TITLES.get(status, ("serverError", "Fout."))
        return _problem(status, code, title, request)

    def refusal(self, request: Request) -> Answer | None:
        """Let nobody in without the key, or above the limits."""
        return super().refusal(request) or self._above_limits(request)

    def _routed(self, request: Request, base: str, rest: str) -> Answer:
        name, _, number = rest.partition("/")
        match name, number:
            case "info", "":
                return Answer.of({"api-name": "LVBAG", "api-version": "2.0.0"}, headers=_VERSION)
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
            raise _Wrong("paramsValidation", ("nummeraanduidingIdentificatie", "pattern"))
        for adres in self._adressen:
            if adres["nummeraanduidingIdentificatie"] == number:
                return Answer.of(_shown(adres, base, whole=whole), media=_HAL, headers=_VERSION)
        return self.problem(404, request)

    def _listed(self, request: Request, base: str, *, whole: bool) -> Answer:
        query = dict(request.query)
        _check_values(query)
        _check_combination(query, whole=whole)
        found = [_shown(adres, base, whole=whole) for adres in self._adressen if _fits(adres, query)]
        if whole:
            links = {"self": {"href": _href(request, query)}}
            return Answer.of(_collection("adressen", found, links), media=_HAL, headers=_VERSION)
        return self._page("adressen", found, request, query)

    def _searched(self, request: Request, base: str) -> Answer:
        query = dict(request.query)
        _check_values(query)
        if not query.get("zoek"):
            raise _Wrong("paramsRequired")
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
        return self._page("zoekresultaten", found, request, query)

    def _page(self, name: str, found: list[Json], request: Request, query: Mapping[str, str]) -> Answer:
        size = min(int(query.get("pageSize", _PAGE_SIZE)), self._page_size_max)
        page, last = int(query.get("page", 1)), max(1, -(-len(found) // size))
        if page > last:
            raise _Wrong("paramsValidation", ("page", "page"))
        near = {"first": 1, "previous": page - 1} if page > 1 else {}
        far = {"next": page + 1, "last": last} if page < last else {}
        links = {"self": {"href": _href(request, query)}}
        links |= {rel: {"href": _href(request, {**query, "page": str(nr)})} for rel, nr in {**near, **far}.items()}
        rows = found[(page - 1) * size : page * size]
        headers = {**_VERSION, "X-Pagination-Page": str(page), "X-Pagination-Limit": str(size)}
        return Answer.of(_collection(name, rows, links), media=_HAL, headers=headers)

    def _wrong(self, wrong: _Wrong, request: Request) -> Answer:
        title = _COMBINATIONS.get(wrong.code, _TITLES[400][1])
        return _problem(400, wrong.code, title, request, wrong.parameter)

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


def _check_values(query: Mapping[str, str]) -> None:
    for name, value in query.items():
        if name in _PATTERNS and not re.fullmatch(_PATTERNS[name], value):
            raise _Wrong("paramsValidation", (name, "boolean" if name == "exacteMatch" else "pattern"))
        if name in _NUMBERS:
            least, most = _NUMBERS[name]
            if not value.isdecimal():
                raise _Wrong("paramsValidation", (name, "integer"))
            if int(value) < least or (most is not None and int(value) > most):
                raise _Wrong("paramsValidation", (name, "minimum" if int(value) < least else "maximum"))


def _check_combination(query: Mapping[str, str], *, whole: bool) -> None:
    """See the rules of foutafhandeling.feature: none, not enough, or more than one way of asking."""
    given = {name for name, value in query.items() if value} - _BESIDE - (_NOT_UITGEBREID if whole else set())
    if not given:
        raise _Wrong("paramsRequired")
    ways = [{name} for name in _ALONE] + [set(names) for names in _TOGETHER]
    if given in ways:
        return
    if any(given > way for way in ways):
        raise _Wrong("unsupportedCombination")
    raise _Wrong("unsupportedCombination" if len(given & set(_ALONE)) and len(given) > 1 else "paramsCombination")


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


def _collection(name: str, rows: list[Json], links: Json) -> Json:
    return {"_links": links, **({"_embedded": {name: rows}} if rows else {})}


def _href(request: Request, query: Mapping[str, str]) -> str:
    return f"{request.base}{request.path}" + (f"?{urlencode(query)}" if query else "")


def _described(adres: Json) -> str:
    return f"{adres['adresregel5']}, {adres.get('postcode', '')} {adres['woonplaatsNaam']}"


def _parts(adres: Json) -> list[str]:
    return re.split(r"[\s,-]+", f"{adres['openbareRuimteNaam']} {_described(adres)}".casefold())


def _result_id(adres: Json) -> str:
    return f"adr-{md5(adres['nummeraanduidingIdentificatie'].encode(), usedforsecurity=False).hexdigest()}"


def _problem(status: int, code: str, title: str, request: Request, parameter: tuple[str, str] | None = None) -> Answer:
    body: dict[str, Any] = {
        "type": "https://simulator.invalid/problemen",
        "title": title,
        "status": status,
        "detail": "The server could not understand the request due to invalid syntax.",
        "instance": _href(request, request.query),
        "code": code,
    }
    if parameter is not None:
        name, rule = parameter
        body["invalid-params"] = [
            {"type": "https://simulator.invalid/regels", "name": name, "code": rule, "reason": rule}
        ]
    return Answer.of(body, status=status, media=_PROBLEM, headers=_VERSION)
