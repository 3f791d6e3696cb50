"""Routes of who is logged in, of connections and how they fare, and of alerts."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from hub.console.api.answers import answers, stream_of
from hub.console.api.caller import Who, needs
from hub.console.api.events import stream
from hub.console.api.given import Api, ConnectionName, Paged
from hub.console.api.route import GuardedRoute
from hub.console.models.alerts import AlertView
from hub.console.models.connections import ConnectionSheet, ConnectionSummary, FlowChange, FlowMap
from hub.console.models.sessions import SessionView, Unmasking, UnmaskRequest
from hub.console.models.wire import Page
from hub.security.roles import Right

router = APIRouter(route_class=GuardedRoute)


@router.get("/session", responses=answers(), tags=["wie"])
@needs()
async def get_session(service: Api, who: Who) -> SessionView:
    """Tell who is logged in, and what that person may do."""
    return service.session(who.actor, csrf=who.csrf, ends_at=who.ends_at)


@router.post("/unmaskings", responses=answers(404, 409, body=True), status_code=201, tags=["wie"])
@needs(Right.CONTENT)
async def create_unmasking(service: Api, who: Who, request: UnmaskRequest) -> Unmasking:
    """Show the content of one message to this session, for a while. It is written in the audit."""
    return await service.unmaskings.unmask(who.actor, who.session, request)


@router.get("/connections", responses=answers(), tags=["koppelingen"])
@needs(Right.SEE)
async def list_connections(service: Api, who: Who, paging: Paged) -> Page[ConnectionSummary]:
    """List the connections with how they fare."""
    part = await service.connections.summaries(who.actor, paging.after("connections"), paging.limit)
    return paging.page(part, "connections")


@router.get("/connections/{name}", responses=answers(404), tags=["koppelingen"])
@needs(Right.SEE)
async def get_connection(service: Api, who: Who, name: ConnectionName) -> ConnectionSheet:
    """Tell all that is known of a connection: what a tender or an architect asks."""
    return await service.sheets.sheet(who.actor, name)


@router.put("/connections/{name}/flow", responses=answers(404, 409, body=True), tags=["koppelingen"])
@needs(Right.PAUSE)
async def change_flow(service: Api, who: Who, name: ConnectionName, change: FlowChange) -> ConnectionSummary:
    """Pause or resume a connection."""
    return await service.connections.change_flow(who.actor, name, change)


@router.get("/flow-map", responses=answers(), tags=["koppelingen"])
@needs(Right.SEE)
async def get_flow_map(service: Api, who: Who) -> FlowMap:
    """Draw where data goes: systems, connections, domains of events."""
    return await service.flow_maps.of(who.actor)


@router.get("/alerts", responses=answers(), tags=["koppelingen"])
@needs(Right.SEE)
async def list_alerts(service: Api, who: Who, paging: Paged) -> Page[AlertView]:
    """List what somebody was warned of, the newest first."""
    part = await service.alerts.newest(who.actor, paging.after("alerts"), paging.limit)
    return paging.page(part, "alerts")


@router.get(
    "/events",
    responses=stream_of("`overzicht`: an Overview, now and after each change.") | answers(),
    response_class=StreamingResponse,
    tags=["koppelingen"],
)
@needs(Right.SEE)
async def follow_overview(service: Api, who: Who, request: Request) -> StreamingResponse:
    """Follow the overview: an event now, and one for every change, until the session ends."""
    return await stream(request, who, service.connections.overview, name="overzicht", clock=service.clock)
