"""What a municipality may set on a connection that speaks CloudEvents."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

_STRICT = ConfigDict(extra="forbid", frozen=True)


class Options(BaseModel):
    """Options of a connection that posts events to a webhook."""

    model_config = _STRICT

    source: Annotated[
        str,
        Field(pattern=r"^[A-Za-z][A-Za-z0-9+.-]*:\S+$", examples=["urn:nld:oin:00000001002220647000:systeem:zaakhub"]),
    ]
    """Who publishes: an URN with the OIN of the organisation and the name of the system (NL GOV profile)."""

    mode: Literal["structured", "binary"] = "structured"
    """How an event stands in the request: whole in the body, or its attributes in `ce-` headers."""


class InboundOptions(BaseModel):
    """Options of a connection that takes events."""

    model_config = _STRICT

    zaak: Annotated[str, Field(pattern=r"^[A-Za-z0-9_]+(/[A-Za-z0-9_]+)*$")] = "subject"
    """Where the zaakidentificatie stands, which keeps the order: an attribute, or a path such as `data/zaak/nummer`."""

    types: tuple[str, ...] = ()
    """Types that this connection is for; others are answered and go no further. Empty: all, each with a mapping."""
