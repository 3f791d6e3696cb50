"""Whether messages of a connection go on, and if not: by whom, why and until when. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from hub.config.windows import Window
from hub.flow.windows import open_window
from hub.ledger.valves import Pause, PauseKind

HUB = "zaakhub"
"""Who paused a connection that paused itself, or whose maintenance window is open."""


class Flow(StrEnum):
    """Whether messages of a connection go on."""

    RUNNING = "loopt"
    PAUSED = "gepauzeerd"  # by a person
    HELD = "gestopt"  # by the hub itself: too much failed
    WINDOW = "onderhoud"  # a maintenance window


class Standing(NamedTuple):
    """How it stands. `until` is when it goes on by itself; of one that the hub stopped, when that is tried next."""

    flow: Flow
    by: str = ""
    reason: str = ""
    since: datetime | None = None
    until: datetime | None = None


RUNNING = Standing(Flow.RUNNING)


def standing(pauses: Iterable[Pause], windows: Sequence[Window], now: datetime) -> Standing:
    """Say how a stage stands. What a person said goes before a window, and that before the hub's own pause."""
    known = {pause.kind: pause for pause in pauses}
    person, own = known.get(PauseKind.PERSON), known.get(PauseKind.HUB)
    if person is not None and not is_over(person, now):
        return Standing(Flow.PAUSED, person.by, person.reason, person.since, person.until)
    if (window := open_window(windows, now)) is not None:
        return Standing(Flow.WINDOW, HUB, window.reason, window.since, window.until)
    if own is not None:
        return Standing(Flow.HELD, own.by, own.reason, own.since, own.probe_at)
    return RUNNING


def is_over(pause: Pause, now: datetime) -> bool:
    """Say whether a pause ended by itself."""
    return pause.until is not None and pause.until <= now
