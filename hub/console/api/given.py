"""What routes have in common of what they are given: the services, a page of a list, names in a path."""

from __future__ import annotations

import json
from typing import Annotated, Any, NamedTuple, TypeVar, cast

from fastapi import Depends, Path, Query, Request
from pydantic import AfterValidator, Field

from hub.config import policy
from hub.console.api.cursor import Cursors
from hub.console.models.wire import Page, plain
from hub.console.service import Service
from hub.console.services.part import Part

T = TypeVar("T")


def _service(request: Request) -> Service:
    return cast("Service", request.app.state.service)


Api = Annotated[Service, Depends(_service)]

Name = Annotated[str, Field(max_length=200), AfterValidator(plain)]
"""Text in a query."""

Limit = Annotated[int, Query(ge=1, le=policy.API_PAGE_MAX, description="Items in one page.")]
Cursor = Annotated[str | None, Query(max_length=2_000, description="`next` of the page before it.")]

ConnectionName = Annotated[str, Path(max_length=100, description="Name of a connection."), AfterValidator(plain)]
Identifier = Annotated[str, Path(max_length=200, description="Its whole id."), AfterValidator(plain)]


class Paging(NamedTuple):
    """Which page is asked for."""

    cursors: Cursors
    cursor: str | None
    limit: int

    def after(self, of: str, *filters: object) -> Any:  # noqa: ANN401 - what the list itself gave
        """Give where the page begins; raises ActRefused for a cursor of something else."""
        return self.cursors.read(_list(of, filters), self.cursor) if self.cursor is not None else None

    def page(self, part: Part[T], of: str, *filters: object) -> Page[T]:
        """Make the page."""
        behind = self.cursors.written(_list(of, filters), part.after) if part.after is not None else None
        return Page(items=list(part.items), next=behind)


def paging(request: Request, cursor: Cursor = None, limit: Limit = policy.API_PAGE) -> Paging:
    """Read which page is asked for."""
    return Paging(cast("Cursors", request.app.state.cursors), cursor, limit)


Paged = Annotated[Paging, Depends(paging)]


def _list(of: str, filters: tuple[object, ...]) -> str:
    return json.dumps([of, *map(str, filters)])
