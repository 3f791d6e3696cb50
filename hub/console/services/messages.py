"""The content of messages, for who may see it; for everybody else its structure.

A message is seen where somebody looks at it. What it came from, or became, lies at other connections: there the same
right is asked (ADR 0022).
"""

from __future__ import annotations

import asyncio
from datetime import datetime

from hub.console.models.content import Content, Pane, Trace
from hub.console.services.places import Places
from hub.console.services.rights import unknown
from hub.console.services.traces import trace_of
from hub.console.services.unmaskings import Unmaskings
from hub.desk.content import Contents, Shape, Shapes, Traced
from hub.errors import ActRefused
from hub.security.roles import Actor, Right


class Messages:
    """Shows messages."""

    def __init__(self, contents: Contents, places: Places, unmaskings: Unmaskings) -> None:
        self._contents = contents
        self._places = places
        self._unmaskings = unmaskings

    async def content(self, actor: Actor, session: str, given: str, *, connection: str | None) -> Content:
        """Give a message in its three shapes, by the id of a failure, message or event."""
        places = [each for each in await self._places.of(actor, given) if connection in (None, each.stage)]
        if not places:
            raise unknown("message")
        if len(places) > 1:
            stages = " or ".join(sorted(each.stage for each in places))
            raise ActRefused(
                "this message is known at more than one connection",
                code="dubbelzinnig",
                advice=f"say which with `connection`: {stages}",
            )
        place = places[0]
        right = Right.CONTENT if actor.may(Right.CONTENT, place.stage) else Right.SEE
        found = await self._contents.of(
            place.failure or place.item_id, connection=place.stage, may=lambda stage: actor.may(right, stage)
        )
        until = await self._unmaskings.until(actor, session, found.connection, found.message)
        # Beside the loop: a message of megabytes takes a second to mask.
        return await asyncio.to_thread(_content, found, until)


def _content(found: Shapes, until: datetime | None) -> Content:
    hidden = until is None
    return Content(
        message=found.message,
        connection=found.connection,
        masked=hidden,
        unmasked_until=until,
        raw=_pane(found.raw, hidden=hidden),
        event=_pane(found.event, hidden=hidden),
        request=_pane(found.request, hidden=hidden),
        to_event=_trace(found.to_event, hidden=hidden),
        to_request=_trace(found.to_request, hidden=hidden),
    )


def _pane(shape: Shape, *, hidden: bool) -> Pane:
    shown = shape.shown(masked=hidden)
    if shown is None:
        return Pane(media=shape.media, text=None, note=shape.note, lacks=shape.lacks)
    return Pane(media=shape.media, text=shown.text, note=shape.note, cut=shown.cut, lacks=shape.lacks)


def _trace(traced: Traced | None, *, hidden: bool) -> Trace | None:
    if traced is None:
        return None
    return trace_of(traced.explanation, gives=traced.gives, revision=traced.revision, hidden=hidden)
