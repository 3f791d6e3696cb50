"""For which processing personal data passes a connection, and who may see which fields of it.

It knows the shape of `verwerking:` and `afnemers:` in a connection.yaml. It refuses to know which fields there are.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

_STRICT = ConfigDict(extra="forbid", frozen=True)

Veld = Annotated[str, Field(pattern=r"^[A-Za-z]\w*(\.[A-Za-z]\w*)*$", max_length=200)]
"""A field of the canonical answer, or a group of them: `naam`, `verblijfplaats.verblijfadres.postcode`."""


Velden = Annotated[tuple[Veld, ...], Field(min_length=1, max_length=1_000)]
Lijst = Annotated[str, Field(pattern=r"^[a-z][A-Za-z]*$", max_length=60)]
"""What was found or changed, as the canonical answer calls it: `personen`."""


class Verwerking(BaseModel):
    """A processing activity of the municipality (AVG art. 30) and the ground that it stands on (art. 6)."""

    model_config = _STRICT

    activiteit: Annotated[str, Field(pattern=r"^https?://\S+$", max_length=500)]
    """Where the activity stands in the register (Logboek Dataverwerkingen: `dpl.core.processing_activity_id`)."""

    grondslag: Annotated[str, Field(min_length=4, max_length=500)]
    """The legal ground: `Wet BRP art. 3.5; Besluit BRP bijlage 4`."""


class Afnemer(BaseModel):
    """An application that asks: which fields it may see, and for what."""

    model_config = _STRICT

    zender: Annotated[str, Field(min_length=1, max_length=200)]
    """Who it is, as in `$zender`; `*` stands for any part of it. The first that fits counts."""

    velden: Annotated[dict[Lijst, Velden], Field(min_length=1)]
    """The fields it is authorised for, of `personen`, `bedrijven` and so on; a group stands for all of its fields."""

    verwerking: Verwerking | None = None
    """Its own processing activity, where it differs from that of the connection."""

    volgt: Annotated[str, Field(max_length=60)] = ""
    """The outbound connection by which it is told of changes, where it may follow persons with its questions (StUF
    `indicatorAfnemerIndicatie`)."""
