"""Routes that find messages and tell the life of a zaak."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import APIRouter, Path, Request
from pydantic import AfterValidator

from hub.console.api.answers import answers
from hub.console.api.caller import Who, needs
from hub.console.api.cursor import Cursors
from hub.console.api.given import Api, Paged, Paging
from hub.console.api.route import GuardedRoute
from hub.console.models.search import Found, SearchRequest, TimelineView
from hub.console.models.wire import Page, plain
from hub.security.roles import Right

router = APIRouter(route_class=GuardedRoute, tags=["zoeken"])

Zaak = Annotated[
    str, Path(min_length=1, max_length=100, description="Identificatie of the zaak."), AfterValidator(plain)
]


@router.post("/searches", responses=answers(404, 409, body=True))
@needs(Right.SEE, why=f"and `{Right.SUBJECT}` to find by BSN; that is written in the audit", harmless=True)
async def search(service: Api, who: Who, search: SearchRequest, request: Request) -> Page[Found]:
    """Find messages. It is a POST because a BSN belongs in no URL, and in no log of URLs."""
    paging = Paging(cast("Cursors", request.app.state.cursors), search.cursor, search.limit)
    filters = search.model_dump_json(exclude={"cursor", "limit", "reason"})
    after = paging.after("searches", filters)
    part = await service.searches.find(who.actor, search, after=after)
    return paging.page(part, "searches", filters)


@router.get("/timelines/{zaak:path}", responses=answers(404))
@needs(Right.SEE)
async def get_timeline(service: Api, who: Who, zaak: Zaak, paging: Paged) -> Page[TimelineView]:
    """Tell the life of a zaak over all connections, in order of time; nothing for one that the hub never met."""
    part = await service.searches.timeline(who.actor, zaak, after=paging.after("timelines", zaak), limit=paging.limit)
    return paging.page(part, "timelines", zaak)
