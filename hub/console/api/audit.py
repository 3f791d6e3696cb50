"""Routes of the audit."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from hub.console.api.answers import answers
from hub.console.api.caller import Who, needs
from hub.console.api.given import Api, Name, Paged
from hub.console.api.route import GuardedRoute
from hub.console.models.audit import AuditLine, AuditVerification
from hub.console.models.wire import Instant, Page
from hub.security.roles import Right

router = APIRouter(route_class=GuardedRoute, tags=["audit"])


@router.get("/audit", responses=answers())
@needs(Right.AUDIT)
async def list_audit(
    service: Api,
    who: Who,
    *,
    paging: Paged,
    by: Annotated[Name | None, Query(description="Who did it.")] = None,
    act: Annotated[Name | None, Query(description="What was done.")] = None,
    since: Instant | None = None,
    until: Instant | None = None,
) -> Page[AuditLine]:
    """List what people did, the newest first."""
    filters = by, act, since, until
    after = paging.after("audit", *filters)
    part = await service.audit.lines(
        who.actor, by=by, act=act, since=since, until=until, after=after, limit=paging.limit
    )
    return paging.page(part, "audit", *filters)


@router.get("/audit-verification", responses=answers())
@needs(Right.AUDIT)
async def verify_audit(service: Api, who: Who) -> AuditVerification:
    """Check that nothing was changed in the audit or taken from it."""
    return await service.audit.verify(who.actor)
