"""Server-sent events: an answer that goes on while something changes.

It knows how often to look, how to stay alive through proxies, and when to end: with the session. What it looks at is
given to it. Who connects again gets how things stand, so `Last-Event-ID` needs no memory here.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import cast

from fastapi import Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel
from starlette.types import Receive, Scope, Send

from hub.clock import Clock
from hub.config import policy
from hub.console.api.caller import Caller, Identity
from hub.errors import ActRefused, HubError, HubUnavailable
from hub.security.roles import Actor

MEDIA_TYPE = "text/event-stream"

Look = Callable[[Actor], Awaitable[tuple[str, BaseModel]]]
"""Gives what somebody sees now, and a text that changes when it does."""


class Streams:
    """The streams that are open in this process: each costs a look every second, so there is an end to them."""

    def __init__(self) -> None:
        self._open: dict[str, int] = {}

    def enter(self, session: str) -> None:
        """Open one more; raises ActRefused when there are too many."""
        open_here = self._open.get(session, 0)
        if sum(self._open.values()) >= policy.STREAMS_MAX or open_here >= policy.STREAMS_SESSION_MAX:
            raise ActRefused(
                "too many streams of events are open", code="te-druk", advice="close other windows of the console"
            )
        self._open[session] = open_here + 1

    def leave(self, session: str) -> None:
        """Close one."""
        self._open[session] -= 1
        if not self._open[session]:
            del self._open[session]


async def stream(request: Request, caller: Caller, look: Look, *, name: str, clock: Clock) -> StreamingResponse:
    """Answer with one event now and one for every change; raises what the first look raises."""
    streams = cast("Streams", request.app.state.streams)
    # Before the look, which waits: of those that come at once each must see the others.
    streams.enter(caller.session)
    try:
        first = await look(caller.actor)
    except BaseException:
        streams.leave(caller.session)
        raise
    events = _events(request, caller, look, first, name=name, clock=clock)
    return _Counted(events, lambda: streams.leave(caller.session))


class _Counted(StreamingResponse):
    """A stream that makes room when it is over, also when nobody waited for its first event."""

    def __init__(self, events: AsyncIterator[str], leave: Callable[[], None]) -> None:
        super().__init__(
            events, media_type=MEDIA_TYPE, headers={"cache-control": "no-store", "x-accel-buffering": "no"}
        )
        self._leave = leave

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._leave()


async def _events(
    request: Request, caller: Caller, look: Look, first: tuple[str, BaseModel], *, name: str, clock: Clock
) -> AsyncIterator[str]:
    identity = cast("Identity", request.app.state.identity)
    yield f"retry: {policy.STREAM_RETRY_MS}\n\n"
    version, shown = first
    number = 1
    yield _event(name, number, shown)
    said_at = checked_at = clock.monotonic()
    while True:
        await clock.sleep(policy.STREAM_LOOK_S)
        now = clock.monotonic()
        if now - checked_at >= policy.STREAM_SESSION_CHECK_S:
            checked_at = now
            try:
                caller = await identity.caller(request)
            except HubUnavailable:
                continue
            except HubError:
                break
        if clock.now() >= caller.ends_at:
            break
        try:
            newer, shown = await look(caller.actor)
        except HubUnavailable:
            newer = version
        except HubError:
            # It is not there any more, or not for this person: the session may have got other rights meanwhile.
            break
        if newer != version:
            version, number, said_at = newer, number + 1, now
            yield _event(name, number, shown)
        if now - said_at >= policy.STREAM_HEARTBEAT_S:
            said_at = now
            yield ": nog hier\n\n"
    yield "event: einde\ndata: {}\n\n"


def _event(name: str, number: int, shown: BaseModel) -> str:
    return f"event: {name}\nid: {number}\ndata: {shown.model_dump_json(by_alias=True)}\n\n"
