"""Routes of failures, alone and in groups, and of the content of messages."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from hub.console.api.answers import answers
from hub.console.api.caller import Who, needs
from hub.console.api.etag import IfMatch, tagged, version_in
from hub.console.api.given import Api, Identifier, Name, Paged
from hub.console.api.route import GuardedRoute
from hub.console.models.content import Content
from hub.console.models.failures import FailureDetail, FailureView, GroupChange, GroupMerge, GroupSplit, GroupView
from hub.console.models.wire import Instant, Page, Reasoned
from hub.console.services.failures import FailureCriteria
from hub.ledger.entries import FailureState
from hub.security.roles import Right

router = APIRouter(route_class=GuardedRoute)


@router.get("/groups", responses=answers(), tags=["groepen"])
@needs(Right.SEE)
async def list_groups(
    service: Api,
    who: Who,
    *,
    paging: Paged,
    state: FailureState | None = None,
    stage: Name | None = None,
    text: Annotated[Name | None, Query(description="Part of the reason, the note or the owner.")] = None,
) -> Page[GroupView]:
    """List failures that look alike as groups, those of now first."""
    filters = state, stage, text
    after = paging.after("groups", *filters)
    part = await service.groups.list(who.actor, state=state, stage=stage, text=text, after=after, limit=paging.limit)
    return paging.page(part, "groups", *filters)


@router.get("/groups/{id}", responses=answers(404), tags=["groepen"])
@needs(Right.SEE)
async def get_group(service: Api, who: Who, id: Identifier, response: Response) -> GroupView:  # noqa: A002
    """Give one group."""
    group = await service.groups.get(who.actor, id)
    tagged(response, group.version)
    return group.shown


@router.patch("/groups/{id}", responses=answers(404, 409, 412, 428, body=True), tags=["groepen"])
@needs(Right.NOTE)
async def change_group(
    service: Api,
    who: Who,
    *,
    id: Identifier,  # noqa: A002
    change: GroupChange,
    response: Response,
    if_match: IfMatch = None,
) -> GroupView:
    """Say what is known of a group: note, owner, link."""
    group = await service.groups.change(who.actor, id, change, expected=version_in(if_match))
    tagged(response, group.version)
    return group.shown


@router.post("/groups/{id}/merges", responses=answers(404, 409, body=True), tags=["groepen"])
@needs(Right.NOTE)
async def merge_groups(
    service: Api,
    who: Who,
    id: Identifier,  # noqa: A002
    merge: GroupMerge,
) -> GroupView:
    """Take other groups into this one, now and for what comes."""
    return await service.groups.merge(who.actor, id, merge)


@router.post("/groups/{id}/splits", responses=answers(404, 409, body=True), status_code=201, tags=["groepen"])
@needs(Right.NOTE)
async def split_group(
    service: Api,
    who: Who,
    id: Identifier,  # noqa: A002
    split: GroupSplit,
) -> GroupView:
    """Take failures out of a group into one of their own; gives the new one."""
    return await service.groups.split(who.actor, id, split)


@router.get("/failures", responses=answers(), tags=["fouten"])
@needs(Right.SEE)
async def list_failures(
    service: Api,
    who: Who,
    *,
    paging: Paged,
    group: Name | None = None,
    stage: Name | None = None,
    state: FailureState | None = None,
    kind: Name | None = None,
    code: Name | None = None,
    zaak: Name | None = None,
    text: Annotated[Name | None, Query(description="Part of the reason.")] = None,
    since: Instant | None = None,
    until: Instant | None = None,
) -> Page[FailureView]:
    """List failures, the newest first."""
    criteria = FailureCriteria(group, stage, state, kind, code, zaak, text, since, until)
    after = paging.after("failures", *criteria)
    part = await service.failures.list(who.actor, criteria, after=after, limit=paging.limit)
    return paging.page(part, "failures", *criteria)


@router.get("/failures/{id}", responses=answers(404), tags=["fouten"])
@needs(Right.SEE)
async def get_failure(service: Api, who: Who, id: Identifier, response: Response) -> FailureDetail:  # noqa: A002
    """Give one failure, with the queue of its zaak. Its ETag must come back with every act on it."""
    found = await service.failures.get(who.actor, id)
    tagged(response, found.version)
    return found.shown


@router.post("/failures/{id}/replays", responses=answers(404, 409, 412, 428, body=True), tags=["fouten"])
@needs(Right.REPLAY)
async def replay_failure(
    service: Api,
    who: Who,
    *,
    id: Identifier,  # noqa: A002
    act: Reasoned,
    response: Response,
    if_match: IfMatch = None,
) -> FailureDetail:
    """Try the message again now."""
    expected = version_in(if_match)
    found = await service.failures.replay(who.actor, id, act, expected=expected)
    tagged(response, found.version)
    return found.shown


@router.post("/failures/{id}/drops", responses=answers(404, 409, 412, 428, body=True), tags=["fouten"])
@needs(Right.REPLAY)
async def drop_failure(
    service: Api,
    who: Who,
    *,
    id: Identifier,  # noqa: A002
    act: Reasoned,
    response: Response,
    if_match: IfMatch = None,
) -> FailureDetail:
    """Give the message up: it is never delivered, and what waits behind it goes on."""
    expected = version_in(if_match)
    found = await service.failures.drop(who.actor, id, act, expected=expected)
    tagged(response, found.version)
    return found.shown


@router.get("/messages/{id}/content", responses=answers(404, 409), tags=["berichten"])
@needs(Right.SEE, why="values are shown to who has the right `inhoud` and unmasked it in this session")
async def get_content(
    service: Api,
    who: Who,
    id: Identifier,  # noqa: A002
    connection: Annotated[Name | None, Query(description="Which connection, when several have the event.")] = None,
) -> Content:
    """Give a message in its three shapes, by the id of a failure, message or event; masked unless it was unmasked."""
    return await service.messages.content(who.actor, who.session, id, connection=connection)
