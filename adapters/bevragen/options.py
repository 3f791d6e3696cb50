"""What a municipality may set on a connection of applications that ask."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Dienst = Literal["personen", "adressen", "bedrijven", "woz-objecten", "onroerende-zaken"]


class Options(BaseModel):
    """Options of a connection of an application that asks."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    vragen: Annotated[tuple[Dienst, ...], Field(min_length=1)] = ("personen", "adressen", "bedrijven")
    """What may be asked here, by the last part of the address. Each needs its mappings, and somebody in `asks` who
    answers it."""
