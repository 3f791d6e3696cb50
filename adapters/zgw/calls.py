"""The ZGW calls of one attempt: JSON in and out, headers of the standard, all pages, errors of the hub.

It knows HTTP as ZGW uses it. It refuses to know what a zaak is.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any

from adapters.zgw.errors import GONE, failure_of, succeeded
from hub.config.policy import PAGES_MAX
from hub.errors import TargetMisconfigured, TargetUncertain
from hub.ports.contracts import Client, Response

Row = dict[str, Any]

_CRS = {"Accept-Crs": "EPSG:4326", "Content-Crs": "EPSG:4326"}
"""The Zaken API answers 406 or 412 without them, as soon as a zaakgeometrie may be in play."""


class Calls:
    """See the module. `what` names a call for an operator, in errors."""

    def __init__(self, client: Client, now: datetime | None) -> None:
        """Take the client of this attempt and its time; no time is needed when nothing is delivered."""
        self._client = client
        self._now = now

    async def get(self, service: str, url: str, *, what: str) -> Row:
        """Read one resource by its URL."""
        return _row(await self._send("GET", service, url, what=what, resource=True), what)

    async def rows(self, service: str, path: str, query: Mapping[str, str], *, what: str) -> list[Row]:
        """Read a list to its last page; also a list without pages (zaakeigenschappen, zaakinformatieobjecten)."""
        rows: list[Row] = []
        response = await self._send("GET", service, path, query=query, what=what)
        for _ in range(PAGES_MAX):
            page = response.json()
            if isinstance(page, list):
                return page
            if not isinstance(page, dict) or not isinstance(page.get("results"), list):
                raise TargetMisconfigured(
                    f"{what}: the answer is no list of the standard", code="zgw-lijst", advice="see target.services"
                )
            rows += page["results"]
            following = page.get("next")
            if not following:
                return rows
            response = await self._send("GET", service, following, what=what)
        raise TargetMisconfigured(f"{what}: the list has no end", code="zgw-lijst", advice="see the target")

    async def create(self, service: str, path: str, body: Row, *, what: str) -> Row:
        """Make a resource; the answer holds its `url`."""
        return _made(await self._send("POST", service, path, json=body, what=what), what)

    async def create_from_stream(
        self, service: str, path: str, body: AsyncIterator[bytes], *, size_bytes: int, what: str
    ) -> Row:
        """Make a resource from a JSON document that comes in chunks and whose size is known."""
        headers = {"Content-Type": "application/json", "Content-Length": str(size_bytes)}
        return _made(await self._send("POST", service, path, body=body, headers=headers, what=what), what)

    async def change(self, service: str, url: str, body: Row, *, what: str) -> Row:
        """Change fields of a resource."""
        return _row(await self._send("PATCH", service, url, json=body, what=what, resource=True), what)

    async def remove(self, service: str, url: str, *, what: str) -> None:
        """Remove a resource; one that is gone already is removed."""
        await self._send("DELETE", service, url, what=what, resource=True, gone_is_fine=True)

    async def _send(
        self,
        method: str,
        service: str,
        path: str,
        *,
        what: str,
        query: Mapping[str, str] | None = None,
        json: object = None,
        body: AsyncIterator[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
        resource: bool = False,
        gone_is_fine: bool = False,
    ) -> Response:
        extra = {**(_CRS if service == "zaken" else {}), **(headers or {})}
        response = await self._client.request(method, service, path, query=query, json=json, body=body, headers=extra)
        if succeeded(response) or (gone_is_fine and response.status in GONE):
            return response
        raise failure_of(response, method=method, what=what, now=self._now, resource=resource)


def _row(response: Response, what: str) -> Row:
    row = response.json()
    if not isinstance(row, dict):
        raise TargetUncertain(f"{what}: the answer is no object", code="geen-json")
    return row


def _made(response: Response, what: str) -> Row:
    row = _row(response, what)
    if not isinstance(row.get("url"), str):
        raise TargetUncertain(f"{what}: the answer has no url", code="geen-url")
    return row
