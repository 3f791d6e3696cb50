"""The calls to the APIs of the KVK: JSON in, rows out, and the codes (IPD) with which it says what is wrong.

It knows which code means that there is nothing, and which that it is to be asked later. It refuses to know which call
is needed.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime

from adapters.kvk.vraag import Row
from hub.config.policy import KVK_SIGNALEN_PAGINAS_MAX
from hub.errors import TargetFailed, TargetMisconfigured
from hub.net.problems import broken, failure_of, nothing_found, object_of, succeeded
from hub.ports.contracts import Client, Response

_SERVICE = "kvk"
_HAL = {"Accept": "application/hal+json, application/json"}
_PAGE_SIZE, RESULTS_MAX = 100, 1000
"""API Zoeken 2.0.0: at most 100 on a page, and 1000 in all."""
_NO_RESULTS = frozenset({"IPD5200"})
_NOT_DELIVERED = frozenset({"IPD0005", "IPD0007", "IPD5200"})
"""There is no product for this number: unknown, or deregistered."""
_SIGNALEN_PER_PAGE = 500
"""Mutatieservice: 10 to 500."""
_WAIT_S = 300.0
_TEMPORARY = {"IPD1002": _WAIT_S, "IPD1003": _WAIT_S}
"""The registration is being worked on: "probeer het over 5 minuten opnieuw". They come with 404."""
_NOBODY = {"kvkNummer": "00000000"}
_UUID = re.compile(r"[0-9a-fA-F-]{36}")


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

    async def abonnementen(self) -> list[str]:
        """List the abonnementen of our key that are active, by id."""
        what = "abonnementen lezen"
        body = await self._read("v1/abonnementen", {}, what=what)
        return [_id(row, what) for row in _listed(body, "abonnementen", what) if row.get("actief") is not False]

    async def signalen(self, abonnement: str, *, since: datetime, until: datetime) -> AsyncIterator[Row]:
        """List the signals of an abonnement, page by page."""
        what = "signalen lezen"
        path = f"v1/abonnementen/{abonnement}"
        for page in range(1, KVK_SIGNALEN_PAGINAS_MAX + 1):
            query = {
                "vanaf": _moment(since),
                "tot": _moment(until),
                "pagina": str(page),
                "aantal": str(_SIGNALEN_PER_PAGE),
            }
            body = await self._read(path, query, what=what)
            rows, pages = _listed(body, "signalen", what), body.get("totaalPaginas")
            if not isinstance(pages, int):
                raise broken(what, "totaalPaginas is no number")
            for row in rows:
                yield row
            if page >= pages:
                return
        raise TargetMisconfigured(
            f"{what}: there are more than {KVK_SIGNALEN_PAGINAS_MAX * _SIGNALEN_PER_PAGE} signals",
            code="te-veel-gevonden",
            advice="lower backstop_days in the policy of the connection: so far back is looked the first time",
        )

    async def probe(self) -> None:
        """Ask whether the APIs answer and take our key: by a number that nobody has."""
        response = await self._client.request("GET", _SERVICE, "v2/zoeken", query=_NOBODY, headers=_HAL)
        if not succeeded(response) and not nothing_found(response, _NO_RESULTS):
            raise self._failure(response, "zoeken")

    async def _read(self, path: str, query: Mapping[str, str], *, what: str) -> Row:
        response = await self._client.request("GET", _SERVICE, path, query=query, headers=_HAL)
        if not succeeded(response):
            raise self._failure(response, what)
        return object_of(response, what=what)

    async def _got(self, path: str, query: Mapping[str, str], *, what: str, nothing: frozenset[str]) -> Row | None:
        response = await self._client.request("GET", _SERVICE, path, query=query, headers=_HAL)
        if succeeded(response):
            return object_of(response, what=what)
        if nothing_found(response, nothing):
            return None
        raise self._failure(response, what)

    def _failure(self, response: Response, what: str) -> TargetFailed:
        return failure_of(response, what=what, now=self._now, temporary=_TEMPORARY)


def _id(row: Row, what: str) -> str:
    """Give an id that goes into a path."""
    found = row.get("id")
    if not isinstance(found, str) or not _UUID.fullmatch(found):
        raise broken(what, "an abonnement has no id")
    return found


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


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
