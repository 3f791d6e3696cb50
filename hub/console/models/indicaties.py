"""Whom a receiver follows (afnemersindicaties)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field, model_validator

from hub.console.models.wire import Instant, Name, Reason, Told, Wire

BsnText = Annotated[str, Field(pattern=r"^[0-9]{9}$")]
Person = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
"""A person as the ledger knows him: a keyed hash, of which nobody finds who it is."""


class IndicatieView(Wire):
    """That a connection tells its receiver of a person's changes."""

    person: str
    """A keyed hash: nobody finds from it who it is."""
    placed_at: datetime
    placed_by: str
    reason: str
    ends_at: datetime | None
    """Until when; null until it is removed."""


class IndicatieRequest(Told):
    """Follow a person. Who is followed already has the new reason and end."""

    bsn: BsnText
    reason: Reason
    until: Instant | None = None


class IndicatieRemoval(Told):
    """Follow a person no longer: by BSN, or as the list names them."""

    bsn: BsnText | None = None
    person: Person | None = None
    reason: Reason

    @model_validator(mode="after")
    def _names_one(self) -> IndicatieRemoval:
        if (self.bsn is None) == (self.person is None):
            raise ValueError("name the person by one of the two: bsn or person")
        return self


class RemovedIndicatie(Wire):
    """Who is followed no longer."""

    person: str


class IndicatieUnmasking(Told):
    """Ask who the persons are that a connection follows."""

    reason: Reason
    cursor: Annotated[str, Field(max_length=2_000)] | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class UnmaskedIndicatie(IndicatieView):
    """The same, with who it is."""

    bsn: Name | None
    """Null where it was sealed with a key that this installation has no more."""
