"""Whom the messages of a connection are addressed to, as a municipality writes it in its options."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from hub.wire.stuf.stuurgegevens import Systeem


class Ontvanger(BaseModel):
    """A system that receives, as its stuurgegevens name it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    organisatie: Annotated[str, Field(max_length=200)] = ""
    """Gemeentecode or OIN."""

    applicatie: Annotated[str, Field(min_length=3, max_length=50)]
    """Its name; a system that knows itself by another one answers StUF010."""

    administratie: Annotated[str, Field(max_length=50)] = ""
    """A part of it, where it has parts."""

    @property
    def systeem(self) -> Systeem:
        """Give it as stuurgegevens have it."""
        return Systeem(self.organisatie, self.applicatie, self.administratie)
