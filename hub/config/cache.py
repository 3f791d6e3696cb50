"""How long answers of a source may serve again: `cache:` of a connection that answers questions.

It refuses to know how they are kept (`hub.flow.remembered`).
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Cache(BaseModel):
    """Answers that a process remembers, in its memory only."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ttl_s: Annotated[float, Field(gt=0, le=30 * 24 * 3600)]
    """How old an answer may be: nobody hears sooner of what changed at the source. A day: 86400."""

    answers_max: Annotated[int, Field(ge=1, le=1_000_000)] = 10_000
    """Answers remembered by each process; the one that was asked for longest ago goes first."""

    personal: bool = False
    """Whether answers with data of persons are remembered too. Say it only when the agreement with the source lets
    you: what somebody no longer may know is known here until it is too old."""
