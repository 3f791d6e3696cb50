"""What can be asked, each at an address of its own: a table. It knows which question type each is."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from pydantic import Field, create_model

from adapters.bevragen.options import Dienst as Naam
from hub.event.canonical import Canonical
from hub.event.velden import ONDERZOEK, velden_of
from hub.event.vragen import (
    ADRESSEN,
    BEDRIJVEN,
    ONROERENDE_ZAKEN,
    PERSONEN,
    QUESTION_TYPES,
    WOZ_OBJECTEN,
    QuestionType,
)

VERSION = "1.0.0"
"""Of the API, in the header of every answer."""
PREFIX = "v1"
"""Its major version, in every address."""
VELDEN_MAX = 130
"""As many fields as the BRP takes in one question."""

_NEEDED = (
    "The fields that are needed, as dotted paths of what is found, or groups of them. What this application may not "
    "see is left out of the answer."
)


class Dienst(NamedTuple):
    """One thing that can be asked."""

    naam: Naam
    asked: QuestionType
    question: type[Canonical]
    """The canonical question, of which an application must say which fields it needs."""

    velden: frozenset[str]
    """Those that there are."""

    @property
    def kind(self) -> str:
        """The name of its mapping."""
        return f"{self.naam}-opvragen"

    @property
    def by_get(self) -> bool:
        """Whether it may be asked by GET as well: what is about nobody, and is one of what stands there."""
        return not self.asked.personal and self.naam == "adressen"

    @property
    def methods(self) -> list[str]:
        """By which methods it is asked."""
        return ["GET", "POST"] if self.by_get else ["POST"]

    @property
    def path(self) -> str:
        """Its address, behind the door of the connection."""
        return f"{PREFIX}/{self.naam}"


def _dienst(naam: Naam, name: str) -> Dienst:
    asked = QUESTION_TYPES[name]
    base, (_, found) = asked.question, asked.found
    names = tuple(each for each in velden_of(found) if not each.endswith(f".{ONDERZOEK}"))
    # The schema names them; they are checked apart, so that a refusal need not name them all.
    one = Annotated[str, Field(json_schema_extra={"enum": list(names)})]
    velden = Annotated[list[one], Field(min_length=1, max_length=VELDEN_MAX, description=_NEEDED)]
    question = create_model(base.__name__, __base__=base, __doc__=base.__doc__, velden=(velden, ...))
    return Dienst(naam, asked, question, frozenset(names))


DIENSTEN = (
    _dienst("personen", PERSONEN),
    _dienst("adressen", ADRESSEN),
    _dienst("bedrijven", BEDRIJVEN),
    _dienst("woz-objecten", WOZ_OBJECTEN),
    _dienst("onroerende-zaken", ONROERENDE_ZAKEN),
)
