"""Who calls the API, and what a route asks of them.

It knows rights and sessions by name. It refuses to know how somebody proves who they are: an `Identity` does.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, NamedTuple, Protocol, TypeVar, cast

from fastapi import Depends, Request

from hub.console.rates import Budget
from hub.security.roles import Actor, Right

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


class Caller(NamedTuple):
    """Who calls. `session` names the login, or the token of a machine: what is unmasked is unmasked for it alone."""

    actor: Actor
    session: str
    csrf: str
    ends_at: datetime


class Identity(Protocol):
    """Tells who calls."""

    async def caller(self, request: Request) -> Caller:
        """Give who calls; raises NotIdentified when nobody is logged in, or the session has ended."""
        ...

    def budget(self, caller: Caller) -> Budget:
        """Say how many changes somebody may still make."""
        ...

    def check_change(self, request: Request, caller: Caller) -> None:
        """Raise NotAllowed when a change may have been sent by another site: without the token of the session."""
        ...


class Needs(NamedTuple):
    """What a route asks: one of these rights, at one connection at least. Without any: to be logged in."""

    rights: tuple[Right, ...]
    why: str = ""
    """What more is asked in some cases, for the documentation."""

    harmless: bool = False
    """It changes nothing: a request that comes twice may be done twice, and its answer is not kept."""


def needs(*rights: Right, why: str = "", harmless: bool = False) -> Callable[[Endpoint], Endpoint]:
    """Say which right a route asks for; at which connection is looked at where it is known."""

    def declared(endpoint: Endpoint) -> Endpoint:
        cast("Any", endpoint).needs = Needs(rights, why, harmless)
        return endpoint

    return declared


def needs_of(endpoint: Callable[..., Any] | None) -> Needs | None:
    """Give what a route asks; None for one that anybody may call."""
    found = getattr(endpoint, "needs", None)
    return found if isinstance(found, Needs) else None


def _caller(request: Request) -> Caller:
    found = request.state.caller
    assert isinstance(found, Caller), "a route without `needs` has no caller"
    return found


Who = Annotated[Caller, Depends(_caller)]
