"""What somebody may do with a thing whose connection is known."""

from __future__ import annotations

from collections.abc import Iterable

from hub.errors import ActRefused, NotAllowed
from hub.security.roles import Actor, Right


def check_seen(actor: Actor, stage: str, what: str) -> None:
    """Raise ActRefused when the person may not see the connection: as if the thing were not there."""
    if not actor.may(Right.SEE, stage):
        raise unknown(what)


def check_may(actor: Actor, right: Right, stage: str, what: str) -> None:
    """Raise ActRefused when the person may not see the connection, NotAllowed when they may not do this there."""
    check_seen(actor, stage, what)
    if not actor.may(right, stage):
        raise NotAllowed(
            f"this needs the right {right.value} at {stage}",
            code="geen-recht",
            advice="ask who gives roles in your municipality",
        )


def seen_of(actor: Actor, stages: Iterable[str]) -> frozenset[str]:
    """Give those connections that the person may see."""
    return frozenset(each for each in stages if actor.may(Right.SEE, each))


def unknown(what: str) -> ActRefused:
    """Say that there is no such thing, or that it is not for this person: which of the two is not said."""
    return ActRefused(f"there is no such {what}, or you may not see it", code="onbekend", advice="look in the list")
