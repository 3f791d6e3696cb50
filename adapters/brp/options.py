"""What a municipality may set on a connection to the BRP."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Options(BaseModel):
    """Options of a connection to the BRP."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    gemeente: Annotated[str, Field(pattern=r"^[0-9]{4}$")] | None = None
    """Find only persons who live in this municipality (its code), whatever the question asks."""

    buitenland: bool = True
    """Whether we may see addresses abroad. `false` asks for `verblijfplaatsBinnenland` and `adresseringBinnenland`, as
    the BRP demands of who may not."""
