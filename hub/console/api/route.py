"""What is done with every request before its route looks at it, in this order: who, from which site, may they, again.

A body is read after all that, so that a stranger learns nothing of what a route takes.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any, cast

from fastapi import Request
from fastapi.responses import Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive

from hub.config import policy
from hub.console.api import idempotency
from hub.console.api.caller import Caller, Identity, needs_of
from hub.console.api.idempotency import Answers
from hub.errors import NotAllowed

_READS = frozenset({"GET", "HEAD"})


class GuardedRoute(APIRoute):
    """A route whose `needs` are looked at; one without is for anybody."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Give what handles a request."""
        handle = super().get_route_handler()
        asked = needs_of(self.endpoint)
        if asked is None:
            return handle

        async def guarded(request: Request) -> Response:
            identity = cast("Identity", request.app.state.identity)
            caller = await identity.caller(request)
            request.state.caller = caller
            try:
                if request.method not in _READS:
                    identity.check_change(request, caller)
            finally:
                # Said in every answer, also in that of the one too many.
                request.state.budget = identity.budget(caller)
            if asked.rights and not any(caller.actor.may(right) for right in asked.rights):
                wanted = " or ".join(asked.rights)
                raise NotAllowed(
                    f"this needs the right {wanted}",
                    code="geen-recht",
                    advice="ask who gives roles in your municipality",
                )
            bounded = Request(request.scope, _bounded(request))
            if asked.harmless:
                return await handle(bounded)
            return await _once(bounded, caller, handle)

        return guarded


def _bounded(request: Request) -> Receive:
    """Give what reads the body, up to a limit, whatever the request says of its length."""
    read = 0

    async def receive() -> Message:
        nonlocal read
        message = await request.receive()
        read += len(message.get("body", b""))
        if read > policy.API_BODY_BYTES_MAX:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return message

    return receive


async def _once(
    request: Request, caller: Caller, handle: Callable[[Request], Coroutine[Any, Any, Response]]
) -> Response:
    """Do it, or give the answer that was given when it was done."""
    key = idempotency.key_of(request) if request.method == "POST" else None
    if key is None:
        return await handle(request)
    answers = cast("Answers", request.app.state.answers)
    who = f"{caller.actor.name} {caller.session}"
    given = await answers.begin(who, key, await idempotency.asked(request))
    if given is not None:
        return idempotency.again(given)
    done = None
    try:
        response = await handle(request)
        if response.status_code < HTTPStatus.BAD_REQUEST:
            done = idempotency.kept(response)
    finally:
        # What was refused was not done: the same key may try again.
        await answers.end(who, key, done)
    return response
