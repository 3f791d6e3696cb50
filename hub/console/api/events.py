"""Server-sent events: an answer that goes on while something changes.

It knows how often to look, how to stay alive through proxies, and when to end: with the session. What it looks at is
given to it. Who connects again gets how things stand, so `Last-Event-ID` needs no memory here.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import cast

from fastapi import Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from hub.clock import Clock
from hub.config import policy
from hub.console.api.caller import Caller, Identity
from hub.errors import ActRefused, HubError, HubUnavailable

MEDIA_TYPE = "text/event-stream"

Look = Callable[[], Awaitable[tuple[str, BaseModel]]]
"""Gives what there is now, and a text that changes when it does."""


class Streams:
    """The streams that are open in this process: each costs a look every second, so there is an end to them."""

    def __init__(self) -> None:
        self._open: dict[str, int] = {}

    def check(self, session: str) -> None:
        """Raise ActRefused when there are too many."""
        if sum(self._open.values()) >= policy.STREAMS_MAX or self._open.get(session, 0) >= policy.STREAMS_SESSION_MAX:
            raise ActRefused(
                "too many streams of events are open", code="te-druk", advice="close other windows of the console"
            )

    def enter(self, session: str) -> None:
        """Open one more."""
        self._open[session] = self._open.get(session, 0) + 1

    def leave(self, session: str) -> None:
        """Close one."""
        self._open[session] -= 1
        if not self._open[session]:
            del self._open[session]


async def stream(request: Request, caller: Caller, look: Look, *, name: str, clock: Clock) -> StreamingResponse:
    """Answer with one event now and one for every change; raises what the first look raises."""
    streams = cast("Streams", request.app.state.streams)
    streams.check(caller.session)
    first = await look()
    events = _events(request, caller, look, first, name=name, clock=clock)
    return StreamingResponse(
        _counted(events, streams, caller.session),
        media_type=MEDIA_TYPE,
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )


async def _counted(events: AsyncIterator[str], streams: Streams, session: str) -> AsyncIterator[str]:
    # Not before: of an answer that nobody waits for any more, no line of this runs.
    streams.enter(session)
    try:
        async for each in events:
            yield each
    finally:
        streams.leave(session)


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
        with suppress(HubUnavailable):
            newer, shown = await look()
            if newer != version:
                version, number, said_at = newer, number + 1, now
                yield _event(name, number, shown)
        if now - said_at >= policy.STREAM_HEARTBEAT_S:
            said_at = now
            yield ": nog hier\n\n"
    yield "event: einde\ndata: {}\n\n"


def _event(name: str, number: int, shown: BaseModel) -> str:
    return f"event: {name}\nid: {number}\ndata: {shown.model_dump_json(by_alias=True)}\n\n"
