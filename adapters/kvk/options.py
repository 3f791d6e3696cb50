"""What a municipality may set on a connection to the KVK."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Options(BaseModel):
    """Options of a connection to the KVK."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    afgeschermde_adressen: bool = False
    """Whether the municipality is authorised for addresses that are shielded (indAfgeschermd). Otherwise they are
    withheld here, also when the key would give them."""
