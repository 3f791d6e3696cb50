"""Routes of corrections of messages. Values in them are shown under the same rule as content, and only by GET."""

from __future__ import annotations

from fastapi import APIRouter

from hub.console.api.answers import answers
from hub.console.api.caller import Who, needs
from hub.console.api.given import Api, Identifier
from hub.console.api.route import GuardedRoute
from hub.console.models.edits import EditRequest, EditView, Suggestion
from hub.console.models.wire import Reasoned
from hub.security.roles import Right

router = APIRouter(route_class=GuardedRoute, tags=["correcties"])


@router.post("/edits", responses=answers(404, 409, body=True), status_code=201)
@needs(Right.EDIT, why="and to have unmasked the message in this session")
async def propose_edit(service: Api, who: Who, edit: EditRequest) -> EditView:
    """Propose a corrected content; the answer says what would come of it, and no values."""
    return await service.edits.propose(who.actor, who.session, edit)


@router.get("/edits/{id}", responses=answers(404))
@needs(Right.SEE, why="values are shown to who has the right `inhoud` and unmasked the message in this session")
async def get_edit(service: Api, who: Who, id: Identifier) -> EditView:  # noqa: A002
    """Give one correction."""
    return await service.edits.get(who.actor, who.session, id)


@router.post("/edits/{id}/approvals", responses=answers(404, 409, body=True))
@needs(Right.APPROVE, why="and not to have made it")
async def approve_edit(service: Api, who: Who, id: Identifier, act: Reasoned) -> EditView:  # noqa: A002
    """Approve the correction of somebody else."""
    return await service.edits.approve(who.actor, id, act)


@router.post("/edits/{id}/rejections", responses=answers(404, 409, body=True))
@needs(Right.APPROVE, Right.EDIT)
async def reject_edit(service: Api, who: Who, id: Identifier, act: Reasoned) -> EditView:  # noqa: A002
    """Reject a correction, or take one's own back."""
    return await service.edits.reject(who.actor, id, act)


@router.post("/edits/{id}/applications", responses=answers(404, 409, 412, body=True))
@needs(Right.EDIT)
async def apply_edit(service: Api, who: Who, id: Identifier, act: Reasoned) -> EditView:  # noqa: A002
    """Put the correction in the place of the content, and try the message again."""
    return await service.edits.apply(who.actor, id, act)


@router.get("/edits/{id}/rule", responses=answers(404, 409))
@needs(Right.EDIT, why="and to have unmasked the message in this session")
async def suggest_rule(service: Api, who: Who, id: Identifier) -> Suggestion:  # noqa: A002
    """Suggest a rule of the mapping that would make the correction unnecessary."""
    return await service.edits.rule(who.actor, who.session, id)


@router.get("/edits/{id}/case", responses=answers(404, 409))
@needs(Right.EDIT, why="and to have unmasked the message in this session")
async def suggest_case(service: Api, who: Who, id: Identifier) -> Suggestion:  # noqa: A002
    """Make a test case of the corrected message, with fictitious persons in it."""
    return await service.edits.case(who.actor, who.session, id)
