"""Routes of whom receivers follow. A BSN stands in bodies only: a URL is kept in logs."""

from __future__ import annotations

from typing import cast

from fastapi import APIRouter, Request

from hub.console.api.answers import answers
from hub.console.api.caller import Who, needs
from hub.console.api.cursor import Cursors
from hub.console.api.given import Api, ConnectionName, Paged, Paging
from hub.console.api.route import GuardedRoute
from hub.console.models.indicaties import (
    IndicatieRemoval,
    IndicatieRequest,
    IndicatieUnmasking,
    IndicatieView,
    RemovedIndicatie,
    UnmaskedIndicatie,
)
from hub.console.models.wire import Page
from hub.security.roles import Right

router = APIRouter(route_class=GuardedRoute, tags=["koppelingen"])


@router.get("/connections/{name}/indicaties", responses=answers(404))
@needs(Right.FOLLOW)
async def list_indicaties(service: Api, who: Who, name: ConnectionName, paging: Paged) -> Page[IndicatieView]:
    """List of whom a connection tells its receiver, the oldest first; who they are is not said."""
    after = paging.after("indicaties", name)
    part = await service.indicaties.list(who.actor, name, after=after, limit=paging.limit)
    return paging.page(part, "indicaties", name)


@router.post("/connections/{name}/indicaties", responses=answers(404, 409, body=True), status_code=201)
@needs(Right.FOLLOW)
async def place_indicatie(service: Api, who: Who, name: ConnectionName, indicatie: IndicatieRequest) -> IndicatieView:
    """Follow a person: the receiver is told of changes from now on. It is written in the audit."""
    return await service.indicaties.place(who.actor, name, indicatie)


@router.post("/connections/{name}/indicaties/removals", responses=answers(404, 409, body=True))
@needs(Right.FOLLOW)
async def remove_indicatie(service: Api, who: Who, name: ConnectionName, removal: IndicatieRemoval) -> RemovedIndicatie:
    """Follow a person no longer. It is written in the audit."""
    return await service.indicaties.remove(who.actor, name, removal)


@router.post("/connections/{name}/indicaties/unmaskings", responses=answers(404, 409, body=True))
@needs(Right.SUBJECT, harmless=True)
async def unmask_indicaties(
    service: Api, who: Who, name: ConnectionName, asked: IndicatieUnmasking, request: Request
) -> Page[UnmaskedIndicatie]:
    """List of whom a connection tells its receiver, with who they are. It is written in the audit."""
    paging = Paging(cast("Cursors", request.app.state.cursors), asked.cursor, asked.limit)
    after = paging.after("unmasked-indicaties", name)
    part = await service.indicaties.unmask(who.actor, name, asked, after=after)
    return paging.page(part, "unmasked-indicaties", name)
