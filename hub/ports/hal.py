"""Questions to a service that answers in HAL: objects out, lists page by page, nothing where the service says so.

It knows `_embedded`, `_links.next` and the code for "not found" of the Haal Centraal services. It refuses to know what
an object is.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any

from hub.config.policy import PAGES_MAX
from hub.errors import TargetFailed, TargetUncertain
from hub.net.failures import unanswered
from hub.net.problems import broken, failure_of, nothing_found, object_of, succeeded
from hub.ports.contracts import Client, Response

Row = dict[str, Any]

PAGE_SIZE = 100
"""The most that BAG and WOZ give."""
_NOTHING = frozenset({"notFound"})


class Hal:
    """See the module. `what` names a call for an operator, in errors."""

    def __init__(self, client: Client, service: str, now: datetime | None) -> None:
        """Take the client, the name of the service, and the time of the question."""
        self._client = client
        self._service = service
        self._now = now

    async def one(
        self, path: str, *, what: str, query: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> Row | None:
        """Get one object; None when there is none (any more)."""
        return await self._asked("GET", path, what, query=query, headers=headers)

    async def listed(
        self,
        path: str,
        name: str,
        *,
        what: str,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> list[Row]:
        """Get a list that has no pages."""
        found = await self.one(path, what=what, query=query, headers=headers)
        return [] if found is None else _listed(found, name, what)[0]

    async def posted(self, path: str, name: str, question: Row, *, what: str, headers: Mapping[str, str]) -> list[Row]:
        """Get a list by a question that is no part of the URL. It changes nothing, so it may be asked again."""
        try:
            found = await self._asked("POST", path, what, json=question, headers=headers)
        except TargetUncertain as failure:
            raise unanswered(failure, what=what) from None
        return [] if found is None else _listed(found, name, what)[0]

    async def pages(
        self, path: str, name: str, *, what: str, query: Mapping[str, str], headers: Mapping[str, str] | None = None
    ) -> AsyncIterator[Row]:
        """Get a list page by page, for one who may have enough before the end."""
        for page in range(1, PAGES_MAX + 1):
            asked = {**query, "page": str(page), "pageSize": str(PAGE_SIZE)}
            found = await self.one(path, what=what, query=asked, headers=headers)
            if found is None:
                return
            rows, last = _listed(found, name, what)
            for row in rows:
                yield row
            if last:
                return
        raise broken(what, "the list has no end")

    def failure(self, response: Response, what: str) -> TargetFailed:
        """Translate an answer that is no success; a service that says more in its headers adds that."""
        return failure_of(response, what=what, now=self._now)

    async def _asked(
        self,
        method: str,
        path: str,
        what: str,
        *,
        query: Mapping[str, str] | None = None,
        json: Row | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Row | None:
        """Ask; None when the service says itself that there is nothing."""
        sent = {"Accept": "application/hal+json", **(headers or {})}
        response = await self._client.request(method, self._service, path, query=query, json=json, headers=sent)
        if succeeded(response):
            return object_of(response, what=what)
        if nothing_found(response, _NOTHING):
            return None
        raise self.failure(response, what)


def _listed(body: Row, name: str, what: str) -> tuple[list[Row], bool]:
    """Give the rows of a page and whether it is the last. Nothing found is a page without collection."""
    embedded, links = body.get("_embedded", {}), body.get("_links", {})
    if not ({"_embedded", "_links"} & body.keys()) or not isinstance(embedded, dict) or not isinstance(links, dict):
        raise broken(what, "the answer is no HAL collection")
    rows = embedded.get(name, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise broken(what, f"_embedded.{name} is no list of objects")
    return rows, "next" not in links
