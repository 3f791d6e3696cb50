"""What a municipality may set on a connection to the WOZ: nothing, beside its target."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Options(BaseModel):
    """Options of a connection to the WOZ."""

    model_config = ConfigDict(extra="forbid", frozen=True)
