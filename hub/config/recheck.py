"""How long a source is given to show what a message announced: `recheck:` of an inbound connection.

It knows the waits. It refuses to know what is asked, and what is new (`hub.flow.patience`).
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Recheck(BaseModel):
    """When a source is asked, that may be later with a change than who tells of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    first_s: Annotated[float, Field(ge=0, le=7 * 24 * 3600)] = 3600.0
    """How long after the message the source is asked for the first time. The BRP is often an hour behind; nobody knows
    of a person who is new here what there was before."""

    every_s: Annotated[float, Field(gt=0, le=7 * 24 * 3600)] = 24 * 3600.0
    """How long after an answer that shows nothing new it is asked again."""

    times: Annotated[int, Field(ge=0, le=30)] = 3
    """How often it is asked again. After the last time nothing is told: it shows in the metrics as unchanged."""

    weekdays: bool = True
    """Whether it is asked again on weekdays only: nobody works on the source in a weekend."""
