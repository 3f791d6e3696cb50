"""Routes of mappings: their files, the playground, and test cases. Nothing here sends or keeps a message."""

from __future__ import annotations

from fastapi import APIRouter

from hub.console.api.answers import answers
from hub.console.api.caller import Who, needs
from hub.console.api.given import Api, ConnectionName
from hub.console.api.route import GuardedRoute
from hub.console.models.edits import Suggestion
from hub.console.models.playground import CaseRequest, MappingFiles, PlaygroundRequest, PlaygroundResult
from hub.security.roles import Right

router = APIRouter(route_class=GuardedRoute, tags=["mappings"])


@router.get("/connections/{name}/mappings", responses=answers(404))
@needs(Right.MAPPING)
async def get_mappings(service: Api, who: Who, name: ConnectionName) -> MappingFiles:
    """Give the files of a connection's mappings, and the messages of its cases."""
    return await service.playground.files(who.actor, name)


@router.post("/playground-runs", responses=answers(404, body=True))
@needs(Right.MAPPING, harmless=True)
async def run_in_playground(service: Api, who: Who, run: PlaygroundRequest) -> PlaygroundResult:
    """Run a message through the mappings of a connection, with changed files. Nothing is sent, nothing is kept."""
    return await service.playground.run(who.actor, run)


@router.post("/cases", responses=answers(404, 409, body=True), status_code=201)
@needs(Right.MAPPING)
async def create_case(service: Api, who: Who, case: CaseRequest) -> Suggestion:
    """Make a test case of a message: persons in it become fictitious. It is written where the folder lets us."""
    return await service.playground.case(who.actor, case)
