"""What a municipality may set on a connection to the BRP."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class InboundOptions(BaseModel):
    """Options of a connection that hears whom something happened to."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    buitenland: bool = True
    """Whether we may see addresses abroad. `false` asks for `verblijfplaatsBinnenland` and `adresseringBinnenland`, as
    the BRP demands of who may not."""


class Options(InboundOptions):
    """Options of a connection that asks the BRP."""

    gemeente: Annotated[str, Field(pattern=r"^[0-9]{4}$")] | None = None
    """Find only persons who live in this municipality (its code). Other questions can't be kept to it: refused."""
