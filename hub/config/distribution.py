"""Which changes go to the receiver of an outbound connection, of all those that it has a mapping for.

It knows the shape of `distribution:` in a connection.yaml. It refuses to know which fields there are, and who is
followed: that stands in the ledger.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from hub.config.verwerking import Veld

Gemeentecode = Annotated[str, Field(pattern=r"^[0-9]{4}$")]
"""A municipality as the BRP numbers it (Landelijke tabel 33)."""


class Distribution(BaseModel):
    """Rules that must all hold. Without any, every change goes out of which the receiver may see something."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    followed: bool = False
    """Only changes of persons that this receiver follows: with an afnemersindicatie (`zaakhub follow`)."""

    changed: Annotated[tuple[Veld, ...], Field(max_length=1_000)] = ()
    """Only when one of these fields changed: `[naam, verblijfplaats]`. What is told whole, with nothing of before,
    counts as changed."""

    gemeenten: Annotated[tuple[Gemeentecode, ...], Field(max_length=400)] = ()
    """Only of persons who are, or were until now, in the list of one of these municipalities: `["0518"]`."""

    @property
    def of_persons(self) -> tuple[str, ...]:
        """Name the rules in use that only persons have."""
        return tuple(name for name in ("followed", "gemeenten") if getattr(self, name))
