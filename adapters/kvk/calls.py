"""The calls to the APIs of the KVK: JSON in, rows out, and the codes (IPD) with which it says what is wrong.

It knows which code means that there is nothing, and which that it is to be asked later. It refuses to know which call
is needed.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import datetime

from adapters.kvk.vraag import Row
from hub.errors import TargetFailed
from hub.net.problems import broken, failure_of, nothing_found, object_of, succeeded
from hub.ports.contracts import Client, Response

_SERVICE = "kvk"
_HAL = {"Accept": "application/hal+json, application/json"}
_PAGE_SIZE, RESULTS_MAX = 100, 1000
"""API Zoeken 2.0.0: at most 100 on a page, and 1000 in all."""
_NO_RESULTS = frozenset({"IPD5200"})
_NOT_DELIVERED = frozenset({"IPD0005", "IPD0007", "IPD5200"})
"""There is no product for this number: unknown, or deregistered."""
_WAIT_S = 300.0
_TEMPORARY = {"IPD1002": _WAIT_S, "IPD1003": _WAIT_S}
"""The registration is being worked on: "probeer het over 5 minuten opnieuw". They come with 404."""
_NOBODY = {"kvkNummer": "00000000"}


class Calls:
    """See the module. `what` names a call for an operator, in errors."""

    def __init__(self, client: Client, now: datetime | None) -> None:
        """Take the client and the time of the question."""
        self._client = client
        self._now = now
        self.unreachable = False
        """Whether a search had more results than the KVK shows."""

    async def search(self, query: Mapping[str, str]) -> AsyncIterator[Row]:
        """Search, page by page, for one who may have enough before the end."""
        what = "zoeken"
        for page in range(1, RESULTS_MAX // _PAGE_SIZE + 1):
            asked = {**query, "pagina": str(page), "resultatenPerPagina": str(_PAGE_SIZE)}
            body = await self._got("v2/zoeken", asked, what=what, nothing=_NO_RESULTS)
            if body is None:
                return
            rows, total = _listed(body, "resultaten", what), body.get("totaal")
            if not isinstance(total, int):
                raise broken(what, "totaal is no number")
            for row in rows:
                yield _numbered(row, "kvkNummer", what)
            if not rows or page * _PAGE_SIZE >= total:
                return
        self.unreachable = True

    async def company(self, kvk_nummer: str, part: str, *, geo: bool) -> Row | None:
        """Read the Basisprofiel (`part` is empty), or its eigenaar or hoofdvestiging; None when there is none."""
        path = f"v1/basisprofielen/{kvk_nummer}" + (f"/{part}" if part else "")
        what = f"{part or 'basisprofiel'} lezen"
        body = await self._got(path, {"geoData": "true"} if geo else {}, what=what, nothing=_NOT_DELIVERED)
        return body if body is None or part else _numbered(body, "kvkNummer", what)

    async def branches(self, kvk_nummer: str) -> list[Row] | None:
        """List the branches of a company; None when there is no such company."""
        what = "vestigingen lezen"
        path = f"v1/basisprofielen/{kvk_nummer}/vestigingen"
        body = await self._got(path, {}, what=what, nothing=_NOT_DELIVERED)
        return None if body is None else _branches(body, what)

    async def branch(self, vestigingsnummer: str, *, geo: bool) -> Row | None:
        """Read the profile of a branch; None when there is none."""
        what = "vestigingsprofiel lezen"
        path = f"v1/vestigingsprofielen/{vestigingsnummer}"
        body = await self._got(path, {"geoData": "true"} if geo else {}, what=what, nothing=_NOT_DELIVERED)
        return None if body is None else _numbered(_numbered(body, "kvkNummer", what), "vestigingsnummer", what)

    async def names(self, kvk_nummer: str) -> Row | None:
        """Read the names of a company and its branches; None when there is no such company."""
        what = "naamgeving lezen"
        path = f"v1/naamgevingen/kvknummer/{kvk_nummer}"
        body = await self._got(path, {}, what=what, nothing=_NOT_DELIVERED)
        return None if body is None else {**body, "vestigingen": _branches(body, what)}

    async def probe(self) -> None:
        """Ask whether the APIs answer and take our key: by a number that nobody has."""
        response = await self._client.request("GET", _SERVICE, "v2/zoeken", query=_NOBODY, headers=_HAL)
        if not succeeded(response) and not nothing_found(response, _NO_RESULTS):
            raise self._failure(response, "zoeken")

    async def _got(self, path: str, query: Mapping[str, str], *, what: str, nothing: frozenset[str]) -> Row | None:
        response = await self._client.request("GET", _SERVICE, path, query=query, headers=_HAL)
        if succeeded(response):
            return object_of(response, what=what)
        if nothing_found(response, nothing):
            return None
        raise self._failure(response, what)

    def _failure(self, response: Response, what: str) -> TargetFailed:
        return failure_of(response, what=what, now=self._now, temporary=_TEMPORARY)


def _branches(body: Row, what: str) -> list[Row]:
    return [_numbered(row, "vestigingsnummer", what) for row in _listed(body, "vestigingen", what)]


def _listed(body: Row, name: str, what: str) -> list[Row]:
    rows = body.get(name)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise broken(what, f"{name} is no list of objects")
    return rows


def _numbered(row: Row, name: str, what: str) -> Row:
    if not isinstance(row.get(name), str):
        raise broken(what, f"there is no {name}")
    return row
