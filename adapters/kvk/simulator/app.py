"""What the KVK answers: its search, its profiles in the forms in which they are given, its codes.

Source: API Zoeken 2.0.0, Basisprofiel 1.5.0, Vestigingsprofiel 1.4 (OpenAPI); Naamgeving 1.1.1, of which the fields are
known and no file is at hand. Its problems repeat what was asked, as the KVK does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from adapters.kvk.simulator.mutaties import Mutatieservice
from adapters.kvk.simulator.records import Inschrijving
from adapters.kvk.simulator.vormen import branch, company, items, without_geo
from hub.clock import Clock
from hub.ports.simulator import Answer, Json, Request
from hub.ports.simulator import Simulator as Keyed

KEY_HEADER = "apikey"
_HAL = "application/hal+json"
_PAGE_SIZE, _RESULTS_MAX = 10, 1000
_PATTERNS = {
    "kvkNummer": r"[0-9]{8}",
    "rsin": r"[0-9]{9}",
    "vestigingsnummer": r"[0-9]{12}",
    "postcode": r"[0-9]{4}[a-zA-Z]{2}",
    "huisnummer": r"[0-9]{1,5}",
    "postbusnummer": r"[0-9]{1,5}",
    "huisletter": r"[a-zA-Z]",
    "type": r"hoofdvestiging|nevenvestiging|rechtspersoon",
    "inclusiefInactieveRegistraties": r"true|false",
    "pagina": r"[0-9]{1,4}",
    "resultatenPerPagina": r"[0-9]{1,3}",
}
_BESIDE = frozenset({"type", "inclusiefInactieveRegistraties", "pagina", "resultatenPerPagina"})
_PARTS: tuple[list[str], ...] = ([], ["eigenaar"], ["hoofdvestiging"], ["vestigingen"])
_PLACE = ("straatnaam", "plaats", "postcode", "huisnummer", "huisletter", "postbusnummer")
_CODES = {400: "IPD1999", 404: "IPD0001", 500: "IPD9999"}


class Simulator(Keyed):
    """A Handelsregister that forgets everything when it stops."""

    key_header = KEY_HEADER

    def __init__(
        self,
        *,
        data: Sequence[Inschrijving],
        key: str,
        page_size_max: int,
        signalen_per_page_max: int,
        clock: Clock | None,
    ) -> None:
        """See `create`."""
        super().__init__(key=key, clock=clock)
        self._inschrijvingen = {each.basisprofiel["kvkNummer"]: each for each in data}
        self._page_size_max = page_size_max
        self.mutaties = Mutatieservice(self.clock, page_size_max=signalen_per_page_max)

    async def answered(self, request: Request) -> Answer:
        """Answer a request that was let in."""
        base, _, rest = request.path.rpartition("/api/")
        base = f"{request.base}{base}/api"
        geo = request.query.get("geoData") == "true"
        parts = rest.split("/")
        if request.method != "GET":
            return self.problem(405, request)
        if parts[:2] == ["v1", "abonnementen"]:
            return self._of_mutatieservice(parts[2:], request)
        return self._of_register(request, parts, base, geo=geo)

    def _of_register(self, request: Request, parts: Sequence[str], base: str, *, geo: bool) -> Answer:
        match parts:
            case ["v2", "zoeken"]:
                return self._searched(request, base)
            case ["v1", "basisprofielen", kvk, *part] if part in _PARTS:
                return self._of_company(kvk, "".join(part), base, geo=geo)
            case ["v1", "vestigingsprofielen", nummer]:
                return self._of_branch(nummer, base, geo=geo)
            case ["v1", "naamgevingen", "kvknummer", kvk]:
                return self._of_company(kvk, "naamgeving", base, geo=geo)
            case _:
                return self.problem(404, request)

    def change(self, inschrijving: Inschrijving) -> None:
        """Let the register have another registration, or the same one changed."""
        self._inschrijvingen[inschrijving.basisprofiel["kvkNummer"]] = inschrijving

    def problem(self, status: int, request: Request) -> Answer:
        """Say what is wrong, as the KVK does; its Mutatieservice says it in a problem document."""
        if "/v1/abonnementen" in request.path:
            return self.mutaties.problem(status, request)
        return _fault(status, _CODES.get(status, str(status)), f"Fout bij {request.path}.")

    def _of_mutatieservice(self, path: Sequence[str], request: Request) -> Answer:
        found = self.mutaties.answered(path, request.query)
        return Answer.of(found) if isinstance(found, dict) else self.mutaties.problem(found, request)

    def _of_company(self, kvk: str, part: str, base: str, *, geo: bool) -> Answer:
        if not re.fullmatch(_PATTERNS["kvkNummer"], kvk):
            return _fault(400, "IPD0004", f"Het KVK-nummer {kvk} is niet valide.")
        found = self._inschrijvingen.get(kvk)
        if found is not None and found.busy:
            return _fault(404, "IPD1003", f"{kvk} wordt verwerkt. Probeer het over 5 minuten opnieuw.")
        body = None if found is None or found.ended else company(found, part, base)
        if body is None:
            return _fault(404, "IPD0005", f"Op basis van het KVK-nummer {kvk} kan het product niet worden geleverd.")
        return Answer.of(body if geo else without_geo(body), media=_HAL)

    def _of_branch(self, nummer: str, base: str, *, geo: bool) -> Answer:
        if not re.fullmatch(_PATTERNS["vestigingsnummer"], nummer):
            return _fault(400, "IPD0006", f"Het vestigingsnummer {nummer} is niet valide.")
        for each in self._inschrijvingen.values():
            for profiel in each.profielen:
                if profiel["vestigingsnummer"] == nummer:
                    shown = branch(profiel, base)
                    return Answer.of(shown if geo else without_geo(shown), media=_HAL)
        return _fault(404, "IPD0007", f"Op basis van het vestigingsnummer {nummer} kan niet worden geleverd.")

    def _searched(self, request: Request, base: str) -> Answer:
        query = request.query
        wrong = [name for name, value in query.items() if not re.fullmatch(_PATTERNS.get(name, r".+"), value)]
        if wrong or not query.keys() - _BESIDE:
            return _fault(400, "IPD1999", f"Ongeldige parameters: {dict(query)}.")
        if ("postcode" in query) is not bool({"huisnummer", "postbusnummer"} & query.keys()):
            return _fault(400, "IPD1998", f"Ongeldige combinatie: {dict(query)}.")
        found = [item for each in self._inschrijvingen.values() for item in items(each, base) if _fits(item, query)]
        size = min(int(query.get("resultatenPerPagina", _PAGE_SIZE)), self._page_size_max)
        page = int(query.get("pagina", 1))
        rows = found[:_RESULTS_MAX][(page - 1) * size : page * size]
        if not rows:
            return _fault(404, "IPD5200", "Er zijn geen gegevens gevonden die voldoen aan de opgegeven zoekparameters.")
        href = f"{base}/v2/zoeken?{urlencode(query)}"
        near = {"vorige": href} if page > 1 else {}
        far = {"volgende": href} if page * size < min(len(found), _RESULTS_MAX) else {}
        answer: Json = {"pagina": page, "resultatenPerPagina": size, "totaal": len(found), **near, **far}
        shown = [item["shown"] for item in rows]
        return Answer.of({**answer, "resultaten": shown, "_links": {"self": {"href": href}}}, media=_HAL)


def _fits(item: Json, query: Mapping[str, str]) -> bool:
    words = set(re.findall(r"\w+", item["naam"].casefold()))
    wanted = set(re.findall(r"\w+", query.get("naam", "").casefold()))
    plain = ("kvkNummer", "rsin", "vestigingsnummer", "type")
    place = [name for name in _PLACE if name in query]
    return (
        (not item["ended"] or query.get("inclusiefInactieveRegistraties") == "true")
        and all(item.get(name) == query[name] for name in plain if name in query)
        and wanted <= words
        and (bool(wanted) or not item["former"])
        and (not place or any(all(_same(adres.get(name), query[name]) for name in place) for adres in item["adressen"]))
    )


def _same(value: object, wanted: str) -> bool:
    return value is not None and str(value).casefold() == wanted.casefold()


def _fault(status: int, code: str, omschrijving: str) -> Answer:
    return Answer.of({"fout": [{"code": code, "omschrijving": omschrijving}]}, status=status)
