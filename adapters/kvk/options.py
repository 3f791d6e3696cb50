"""What a municipality may set on a connection to the KVK."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from hub.config.policy import KVK_SIGNALEN_BEWAARD_DAGEN, KVK_SIGNALEN_OVERLAP_UREN

_STRICT = ConfigDict(extra="forbid", frozen=True)


class Options(BaseModel):
    """Options of a connection that asks the KVK."""

    model_config = _STRICT

    afgeschermde_adressen: bool = False
    """Whether the municipality is authorised for addresses that are shielded (indAfgeschermd). Otherwise they are
    withheld here, also when the key would give them."""


class InboundOptions(Options):
    """Options of a connection that follows companies by the Mutatieservice."""

    abonnementen: tuple[Annotated[str, Field(pattern=r"^[0-9a-fA-F-]{36}$")], ...] = ()
    """Which abonnementen, by their id; empty: all that are active."""

    overlap_uren: Annotated[int, Field(ge=0, le=24 * 31)] = KVK_SIGNALEN_OVERLAP_UREN
    """How much later than its own time a signal may appear in the list: so far back is looked once more."""

    bewaard_dagen: Annotated[int, Field(ge=1, le=3660)] = KVK_SIGNALEN_BEWAARD_DAGEN
    """How long the KVK keeps signals: the hub never asks for older ones. What your contract says."""

    @property
    def overlap(self) -> timedelta:
        """Give it as a time."""
        return timedelta(hours=self.overlap_uren)

    @property
    def bewaard(self) -> timedelta:
        """Give it as a time."""
        return timedelta(days=self.bewaard_dagen)
