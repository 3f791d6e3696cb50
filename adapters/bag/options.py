"""What a municipality may set on a connection to the BAG."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Options(BaseModel):
    """Options of a connection to the BAG."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    exacte_match: bool = False
    """Whether an address without huisletter and toevoeging in the question is only the one that has none. By itself
    what is not asked is not looked at: 12 gives 12, 12A and 12A-3."""
