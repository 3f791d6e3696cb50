"""What the simulators of services that answer in HAL have in common: problems, pages and `fields`.

Source: Haal Centraal, features foutafhandeling, paginering and fields. It refuses to know what an object is.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Collection, Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from hub.ports.simulator import Answer, Json, Request, Simulator

HAL, PROBLEM = "application/hal+json", "application/problem+json"
_PAGE_SIZE = 20
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
_WRONG = {
    "paramsRequired": "Ten minste één parameter moet worden opgegeven.",
    "paramsCombination": "Minimale combinatie van parameters moet worden opgegeven.",
    "unsupportedCombination": "De combinatie van opgegeven parameters is niet toegestaan.",
    "tooManyResults": "Teveel zoekresultaten.",
}


class Wrong(Exception):
    """The question is answered with a 400; each of `parameters` is a name with the code of what is wrong with it."""

    def __init__(self, code: str, *parameters: tuple[str, str]) -> None:
        super().__init__(code)
        self.code = code
        self.parameters = parameters


class HalSimulator(Simulator):
    """A service that answers in HAL.

    It says `version` with every answer, what is wrong under `invalid_params`, and perhaps where the last page is.
    """

    key_header = "X-Api-Key"
    methods: Collection[str] = ("GET",)
    version: str
    invalid_params = "invalidParams"
    links_to_last = False

    @abstractmethod
    def routed(self, request: Request) -> Answer:
        """Answer a request that was let in and can be read; raises Wrong."""

    async def answered(self, request: Request) -> Answer:
        """Answer a request that was let in."""
        if request.method not in self.methods:
            return self.problem(405, request)
        if "json" not in request.headers.get("accept", "*/*json"):
            return self.problem(406, request)
        try:
            return self.routed(request)
        except Wrong as wrong:
            title = _WRONG.get(wrong.code, _TITLES[400][1])
            return self._problem(400, wrong.code, title, request, wrong.parameters)

    def problem(self, status: int, request: Request) -> Answer:
        """Say what is wrong, as these services do."""
        code, title = _TITLES.get(status, ("serverError", "Fout."))
        return self._problem(status, code, title, request)

    def given(self, data: Json, **headers: str) -> Answer:
        """Give an object or a list."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Answer.of(data, media=HAL, headers={"api-version": self.version, **named})

    def page(self, name: str, found: list[Json], request: Request, *, size_max: int) -> Answer:
        """Give one page of what was found; a page that is not there is wrong."""
        query = request.query
        size = min(int(query.get("pageSize", _PAGE_SIZE)), size_max)
        page, last = int(query.get("page", 1)), max(1, -(-len(found) // size))
        if page > last:
            raise Wrong("paramsValidation", ("page", "page"))
        near = {"first": 1, "previous": page - 1} if page > 1 else {}
        far = {"next": page + 1, **({"last": last} if self.links_to_last else {})} if page < last else {}
        links = {"self": {"href": href(request, query)}}
        links |= {rel: {"href": href(request, {**query, "page": str(nr)})} for rel, nr in {**near, **far}.items()}
        rows = found[(page - 1) * size : page * size]
        return self.given(collection(name, rows, links), X_Pagination_Page=str(page), X_Pagination_Limit=str(size))

    def _problem(
        self, status: int, code: str, title: str, request: Request, parameters: Iterable[tuple[str, str]] = ()
    ) -> Answer:
        body: dict[str, Any] = {
            "type": "https://simulator.invalid/problemen",
            "title": title,
            "status": status,
            "detail": "The server could not understand the request due to invalid syntax.",
            "instance": href(request, request.query),
            "code": code,
        }
        wrong = [
            {"type": "https://simulator.invalid/regels", "name": name, "code": rule, "reason": rule}
            for name, rule in parameters
        ]
        if wrong:
            body[self.invalid_params] = wrong
        return Answer.of(body, status=status, media=PROBLEM, headers={"api-version": self.version})


def collection(name: str, rows: list[Json], links: Json) -> Json:
    """Make a list of what was found; of nothing there is none."""
    return {"_links": links, **({"_embedded": {name: rows}} if rows else {})}


def href(request: Request, query: Mapping[str, str]) -> str:
    """Write the address of a request with this query."""
    return f"{request.base}{request.path}" + (f"?{urlencode(query)}" if query else "")


def check_values(
    query: Mapping[str, str], *, patterns: Mapping[str, str], numbers: Mapping[str, tuple[int, int | None]]
) -> None:
    """See that parameters are what the API says they are; raises Wrong with all that are not."""
    wrong = [(name, each) for name, value in query.items() if (each := _wrong_with(name, value, patterns, numbers))]
    if wrong:
        raise Wrong("paramsValidation", *wrong)


def shape(text: str) -> frozenset[str]:
    """Read which fields there are, as paths: `naam(voorletters achternaam) leeftijd`."""
    at: list[str] = []
    paths: list[str] = []
    for word in re.findall(r"\w+|[()]", text):
        if word == "(":
            at.append(paths[-1])
        elif word == ")":
            at.pop()
        else:
            paths.append(f"{at[-1]}.{word}" if at else word)
    return frozenset(paths)


def only(row: Json, fields: str, known: frozenset[str]) -> Json:
    """Give of an object what `fields` names, with its self link; all of it when that is empty. Raises Wrong."""
    if not fields:
        return row
    paths = [each for each in fields.split(",") if not each.startswith("_links.")]
    if not known.issuperset(paths):
        raise Wrong("paramsValidation", ("fields", "fields"))
    return {**_kept(row, paths), "_links": {"self": row["_links"]["self"]}}


def _kept(row: Json, paths: list[str]) -> Json:
    kept: Json = {}
    for name, value in row.items():
        inner = [path.removeprefix(f"{name}.") for path in paths if path.startswith(f"{name}.")]
        if name in paths:
            kept[name] = value
        elif inner:
            kept[name] = [_kept(each, inner) for each in value] if isinstance(value, list) else _kept(value, inner)
    return kept


def _wrong_with(
    name: str, value: str, patterns: Mapping[str, str], numbers: Mapping[str, tuple[int, int | None]]
) -> str:
    if name in patterns and not re.fullmatch(patterns[name], value):
        return "boolean" if patterns[name] == "true|false" else "pattern"
    if name not in numbers:
        return ""
    least, most = numbers[name]
    if not value.isdecimal():
        return "integer"
    return "minimum" if int(value) < least else "maximum" if most is not None and int(value) > most else ""
