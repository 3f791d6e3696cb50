"""What all canonical data has in common.

Absent means "nothing said"; null means "it is known that there is no value" (StUF 03.01 §6 geenWaarde), so that a
consumer can clear a field without guessing. Dates are ISO 8601; incomplete dates say how much is known.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Canonical(BaseModel):
    """Base: closed, so that a typing error in a mapping is an error and not a new field."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class OnvolledigeDatum(Canonical):
    """A date of which a part may be unknown (StUF 03.01 §3.3 indOnvolledigeDatum); unknown parts are absent."""

    jaar: Annotated[int, Field(ge=0, le=9999)] | None = None
    maand: Annotated[int, Field(ge=1, le=12)] | None = None
    dag: Annotated[int, Field(ge=1, le=31)] | None = None


class Waarde(Canonical):
    """A value of a code table."""

    code: str | None = None
    omschrijving: str | None = None
