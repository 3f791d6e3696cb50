"""The calls to the BAG API Individuele Bevragingen 2: HAL in, rows out, all pages.

It knows paging, the coordinate system and which problem means that there is nothing. It refuses to know what an address
is, beyond that it has a number.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any

from adapters.bag.vraag import ADRESSEN, UITGEBREID, Row
from hub.config.policy import PAGES_MAX
from hub.errors import TargetFailed
from hub.net.problems import broken, failure_of, nothing_found, object_of, succeeded, wait_s
from hub.ports.contracts import Client, Response

_SERVICE = "bag"
_CRS = {"Accept-Crs": "epsg:28992"}
_HAL = "application/hal+json"
_PAGE_SIZE = 100
"""The most that the BAG gives; at least 10."""
_NOTHING = frozenset({"notFound"})
_DAY_LEFT, _DAY_RESET = "kadaster-ratelimit-daylimit-remaining", "kadaster-ratelimit-daylimit-reset"
_RESET = "ratelimit-reset"


class Calls:
    """See the module. `what` names a call for an operator, in errors."""

    def __init__(self, client: Client, now: datetime | None) -> None:
        """Take the client and the time of the question."""
        self._client = client
        self._now = now

    async def address(self, nummeraanduiding: str, *, uitgebreid: bool) -> Row | None:
        """Read one address by its number; None when there is none (any more)."""
        path = f"{UITGEBREID if uitgebreid else ADRESSEN}/{nummeraanduiding}"
        what = "adres lezen"
        response = await self._got(path, {}, what=what)
        return None if response is None else _row(object_of(response, what=what), what)

    async def uitgebreid(self, query: Mapping[str, str]) -> list[Row]:
        """Find addresses with the objects they are of; this list has no pages."""
        what = "adressen zoeken"
        response = await self._got(UITGEBREID, query, what=what)
        return [] if response is None else _listed(object_of(response, what=what), "adressen", what)[0]

    async def adressen(self, query: Mapping[str, str]) -> AsyncIterator[Row]:
        """Find addresses, page by page, for one who may have enough before the end."""
        async for row in self._pages(ADRESSEN, "adressen", query, what="adressen zoeken"):
            yield row

    async def search(self, query: Mapping[str, str]) -> AsyncIterator[str]:
        """Search in free text; gives what each result is fetched by."""
        what = "adressen zoeken op zoekterm"
        async for row in self._pages(f"{ADRESSEN}/zoek", "zoekresultaten", query, what=what):
            if not isinstance(row.get("identificatie"), str):
                raise broken(what, "a search result has no identificatie")
            yield row["identificatie"]

    async def found(self, zoekresultaat: str) -> list[Row]:
        """Fetch what a search result stands for; nothing when it is gone."""
        query = {"zoekresultaatIdentificatie": zoekresultaat}
        return [row async for row in self._pages(ADRESSEN, "adressen", query, what="zoekresultaat lezen")]

    async def info(self) -> None:
        """Ask whether the API answers and takes our key."""
        response = await self._client.request("GET", _SERVICE, "info")
        if not succeeded(response):
            raise self._failure(response, "info lezen")

    async def _pages(self, path: str, name: str, query: Mapping[str, str], *, what: str) -> AsyncIterator[Row]:
        for page in range(1, PAGES_MAX + 1):
            asked = {**query, "page": str(page), "pageSize": str(_PAGE_SIZE)}
            response = await self._got(path, asked, what=what)
            if response is None:
                return
            rows, last = _listed(object_of(response, what=what), name, what)
            for row in rows:
                yield row
            if last:
                return
        raise broken(what, "the list has no end")

    async def _got(self, path: str, query: Mapping[str, str], *, what: str) -> Response | None:
        headers = {"Accept": _HAL} if path.endswith("/zoek") else {"Accept": _HAL, **_CRS}
        response = await self._client.request("GET", _SERVICE, path, query=query, headers=headers)
        if succeeded(response):
            return response
        if nothing_found(response, _NOTHING):
            return None
        raise self._failure(response, what)

    def _failure(self, response: Response, what: str) -> TargetFailed:
        return failure_of(_with_wait(response, self._now), what=what, now=self._now)


def _with_wait(response: Response, now: datetime | None) -> Response:
    """Let a 429 say how long to wait: the BAG says it in headers of its own, of the day when that is used up."""
    headers = response.headers
    if response.status != HTTPStatus.TOO_MANY_REQUESTS or wait_s(headers.get("retry-after", ""), now) is not None:
        return response
    reset = headers.get(_DAY_RESET if headers.get(_DAY_LEFT) == "0" else _RESET, "")
    return response._replace(headers={**headers, "retry-after": reset})


def _listed(body: dict[str, Any], name: str, what: str) -> tuple[list[Row], bool]:
    """Give the rows of a page and whether it is the last. Nothing found is a page without collection."""
    embedded, links = body.get("_embedded", {}), body.get("_links", {})
    if not ({"_embedded", "_links"} & body.keys()) or not isinstance(embedded, dict) or not isinstance(links, dict):
        raise broken(what, "the answer is no HAL collection")
    rows = embedded.get(name, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise broken(what, f"_embedded.{name} is no list of objects")
    return [row if name != "adressen" else _row(row, what) for row in rows], "next" not in links


def _row(row: Row, what: str) -> Row:
    if not isinstance(row.get("nummeraanduidingIdentificatie"), str) or not isinstance(row.get("huisnummer"), int):
        raise broken(what, "an address has no nummeraanduidingIdentificatie or huisnummer")
    return row
