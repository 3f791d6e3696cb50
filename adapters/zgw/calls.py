"""The ZGW calls of one attempt: JSON in and out, headers of the standard, all pages, errors of the hub.

It knows HTTP as ZGW uses it. It refuses to know what a zaak is.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from adapters.zgw.errors import GONE, failure_of, succeeded
from hub.config.policy import PAGES_MAX
from hub.errors import TargetMisconfigured, TargetUncertain
from hub.net.failures import unanswered
from hub.ports.contracts import Client, Response

Row = dict[str, Any]

_CRS = {"Accept-Crs": "EPSG:4326", "Content-Crs": "EPSG:4326"}
"""The Zaken API answers 406 or 412 without them, as soon as a zaakgeometrie may be in play."""


class Streamed(NamedTuple):
    """A body in chunks: its media type and its exact size."""

    content_type: str
    size_bytes: int
    chunks: AsyncIterator[bytes]


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
        return [row async for page in self.pages(service, path, query=query, what=what) for row in page]

    async def pages(
        self,
        service: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        search: Row | None = None,
        what: str,
    ) -> AsyncIterator[list[Row]]:
        """Read a list page by page, for one who may have enough before the end.

        `search` is the body of a `_zoek`, which is sent for every page: what it asks stands in no URL.
        """
        method = "GET" if search is None else "POST"
        following: str = path
        asked = query
        for _ in range(PAGES_MAX):
            page = await self._asked(method, service, following, query=asked, json=search, what=what)
            if isinstance(page, list):
                yield page
                return
            if not isinstance(page, dict) or not isinstance(page.get("results"), list):
                raise TargetMisconfigured(
                    f"{what}: the answer is no list of the standard", code="zgw-lijst", advice="see target.services"
                )
            yield page["results"]
            if not page.get("next"):
                return
            following, asked = page["next"], None
        raise TargetMisconfigured(f"{what}: the list has no end", code="zgw-lijst", advice="see the target")

    async def _asked(
        self, method: str, service: str, path: str, *, query: Mapping[str, str] | None, json: Row | None, what: str
    ) -> Any:  # noqa: ANN401 - whatever JSON the target gives
        """Ask something that changes nothing, also with a POST: what went wrong then left nothing behind."""
        headers = _CRS if service == "zaken" else {}
        try:
            response = await self._client.request(method, service, path, query=query, json=json, headers=headers)
            if succeeded(response):
                return response.json()
        except TargetUncertain as lost:
            raise unanswered(lost, what=what) from lost
        raise failure_of(response, method="GET", what=what, now=self._now)

    async def create(self, service: str, path: str, body: Row, *, what: str) -> Row:
        """Make a resource; the answer holds its `url`."""
        return _made(await self._send("POST", service, path, json=body, what=what), what)

    async def act(self, service: str, path: str, body: Row, *, what: str) -> Row:
        """Ask for an operation that is no resource of its own; an answer without content is an empty row."""
        response = await self._send("POST", service, path, json=body, what=what)
        return _row(response, what) if response.body else {}

    async def stream(self, method: str, service: str, path: str, streamed: Streamed, *, what: str) -> Row:
        """Send a body that comes in chunks and whose size is known; POST makes, PATCH and PUT change."""
        headers = {"Content-Type": streamed.content_type, "Content-Length": str(streamed.size_bytes)}
        makes = method == "POST"
        response = await self._send(
            method, service, path, body=streamed.chunks, headers=headers, what=what, resource=not makes
        )
        return _made(response, what) if makes else _row(response, what)

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
