"""Routes of replay plans."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from hub.console.api.answers import answers, stream_of
from hub.console.api.caller import Who, needs
from hub.console.api.etag import tagged
from hub.console.api.events import stream
from hub.console.api.given import Api, Identifier, Paged
from hub.console.api.route import GuardedRoute
from hub.console.models.plans import PlanCommand, PlanItemView, PlanRequest, PlanView
from hub.console.models.wire import Page
from hub.ledger.plans import PlanItemState
from hub.security.roles import Right

router = APIRouter(route_class=GuardedRoute, tags=["herhaalplannen"])


@router.post("/plans", responses=answers(404, 409, body=True), status_code=201)
@needs(Right.REPLAY, why=f"and `{Right.REDIRECT}` for another target")
async def create_plan(service: Api, who: Who, plan: PlanRequest, response: Response) -> PlanView:
    """Freeze a plan: which messages, to what, in which steps. Nothing is sent before it is started."""
    made = await service.plans.freeze(who.actor, plan)
    tagged(response, made.version)
    return made.shown


@router.get("/plans", responses=answers())
@needs(Right.SEE)
async def list_plans(service: Api, who: Who, paging: Paged) -> Page[PlanView]:
    """List plans, the newest first."""
    part = await service.plans.list(who.actor, after=paging.after("plans"), limit=paging.limit)
    return paging.page(part, "plans")


@router.get("/plans/{id}", responses=answers(404))
@needs(Right.SEE)
async def get_plan(service: Api, who: Who, id: Identifier, response: Response) -> PlanView:  # noqa: A002
    """Give one plan and how far it is."""
    found = await service.plans.get(who.actor, id)
    tagged(response, found.version)
    return found.shown


@router.get("/plans/{id}/items", responses=answers(404))
@needs(Right.SEE)
async def list_plan_items(
    service: Api,
    who: Who,
    id: Identifier,  # noqa: A002
    paging: Paged,
    state: PlanItemState | None = None,
) -> Page[PlanItemView]:
    """List the messages of a plan in their order, and what came of each."""
    after = paging.after("items", id, state)
    part = await service.plans.items(who.actor, id, state=state, after=after, limit=paging.limit)
    return paging.page(part, "items", id, state)


@router.post("/plans/{id}/commands", responses=answers(404, 409, body=True))
@needs(Right.REPLAY, Right.APPROVE, why=f"`{Right.APPROVE}` to approve, `{Right.REPLAY}` for anything else")
async def command_plan(
    service: Api,
    who: Who,
    id: Identifier,  # noqa: A002
    command: PlanCommand,
    response: Response,
) -> PlanView:
    """Start, pause, resume, cancel or approve a plan; `again` makes a new one of what failed in it."""
    found = await service.plans.command(who.actor, id, command)
    tagged(response, found.version)
    return found.shown


@router.get(
    "/plans/{id}/events",
    responses=stream_of("`plan`: the PlanView, now and after each change.") | answers(404),
    response_class=StreamingResponse,
)
@needs(Right.SEE)
async def follow_plan(service: Api, who: Who, id: Identifier, request: Request) -> StreamingResponse:  # noqa: A002
    """Follow a plan: an event now, and one for every change, until the session ends."""
    return await stream(request, who, lambda actor: service.plans.look(actor, id), name="plan", clock=service.clock)
