"""How a municipality moves from its old system to the new one, an operation and a zaaktype at a time.

It knows which messages go where. It refuses to know what a message is: it is given its kind and its zaaktype.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from hub.config.target import Target

OLD = "oud"
"""The service of the target of the old system: where its senders' messages go."""


class Mode(StrEnum):
    """Who does what is asked."""

    PROXY = "proxy"
    """The old system; the hub passes message and answer on."""

    SHADOW = "shadow"
    """The old system, whose answer the sender gets; the hub does the same and compares."""

    LIVE = "live"
    """The hub; the old system hears nothing of it."""


class Route(BaseModel):
    """Which messages, and who does them. What is left out stands for all."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    mode: Mode
    """Who does them: the old system (proxy), both (shadow), or the hub (live)."""

    messages: tuple[str, ...] = ()
    """Kinds of message, as mappings are named after: `creeerZaak_Lk01`."""

    zaaktypen: tuple[str, ...] = ()
    """Codes of zaaktypen. A message that names none is of no zaaktype."""

    def takes(self, kind: str, zaaktype: str) -> bool:
        """Say whether a message is on this route."""
        return (not self.messages or kind in self.messages) and (not self.zaaktypen or zaaktype in self.zaaktypen)


class Crossing(BaseModel):
    """The way over for one sender."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    old: Target
    """The old system: `services: {oud: <url>}`. What stands behind the connection in a URL goes behind it there."""

    routes: Annotated[tuple[Route, ...], Field(min_length=1)]
    """The first that takes a message decides; what none takes is passed on."""

    ignore: tuple[str, ...] = ("stuurgegevens",)
    """Local names of elements that are not compared, with all below them."""

    def mode(self, kind: str, zaaktype: str) -> Mode:
        """Say who does a message; a kind that is not known is an empty one."""
        return next((route.mode for route in self.routes if kind and route.takes(kind, zaaktype)), Mode.PROXY)
