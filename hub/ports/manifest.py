"""What an adapter says of itself: `manifest.yaml` in its folder.

It knows the shape of a manifest. It refuses to know whether the adapter does what it says: the conformance kit does.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from hub.config.connection import Direction

Text = Annotated[str, Field(min_length=1)]


class Manifest(BaseModel):
    """The head of an adapter's documentation and the start of its conformance test."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    """The folder; `adapter:` in a connection.yaml."""

    version: Text
    """Of the protocol as this adapter speaks it: `1.2`."""

    title: Text
    """The protocol, for a person who chooses an adapter."""

    directions: Annotated[tuple[Direction, ...], Field(min_length=1)]
    """Whether it receives (`inbound`), delivers (`outbound`), or both."""

    messages: tuple[str, ...] = ()
    """Kinds of document an inbound adapter reads: what mappings may be named after."""

    events: tuple[str, ...] = ()
    """Event types an outbound adapter can express at its target."""

    questions: tuple[str, ...] = ()
    """Question types that its target can answer: then it has a module `lookup`."""

    services: tuple[str, ...] = ()
    """Services of the target that an outbound adapter calls: the names under `target.services`."""

    inbound_services: tuple[str, ...] = ()
    """Services that an inbound adapter calls to fetch what its messages point at: then it has a module `fetch`."""

    personal_data: Text
    """Which personal data passes, for the register of processing activities (AVG art. 30)."""

    sender_in_message: bool = False
    """Whether its messages say themselves who sends them: the door proves only that somebody may pass."""

    content_elements: tuple[str, ...] = ()
    """Elements whose text the intake moves to the payload store."""
