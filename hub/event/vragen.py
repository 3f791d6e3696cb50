"""The question types: what an asker may ask, and what comes back. Canonical, as the events are.

A question passes three mappings: of the asker (message to question), of the target (its answer to the canonical
answer, `<question type>.antwoord`), and of the asker again (`<message>.antwoord`). It knows nothing of who answers.
"""

from __future__ import annotations

from typing import NamedTuple, get_args

from hub.event.adressen import AdressenAntwoord, AdressenVraag
from hub.event.bedrijven import BedrijvenAntwoord, BedrijvenVraag
from hub.event.canonical import Canonical
from hub.event.kadaster import OnroerendeZakenAntwoord, OnroerendeZakenVraag
from hub.event.personen import PersonenAntwoord, PersonenVraag
from hub.event.persoonsvragen import (
    BewoningenAntwoord,
    BewoningenVraag,
    ReisdocumentenAntwoord,
    ReisdocumentenVraag,
    VerblijfplaatsenAntwoord,
    VerblijfplaatsenVraag,
)
from hub.event.woz import WozObjectenAntwoord, WozObjectenVraag
from hub.event.zaakvragen import (
    BesluitenAntwoord,
    BesluitenVraag,
    DocumentenAntwoord,
    DocumentenVraag,
    NummerAntwoord,
    NummerVraag,
    ZakenAntwoord,
    ZakenVraag,
)


class QuestionType(NamedTuple):
    """One question type. `locks`: asking changes something at the target, so it is not asked twice.

    `personal`: the answer holds data of persons, so an asker says for which processing it needs them.
    """

    name: str
    question: type[Canonical]
    answer: type[Canonical]
    summary: str
    locks: bool = False
    personal: bool = False

    @property
    def has_velden(self) -> bool:
        """Whether a question of this type says which fields it wants."""
        return "velden" in self.question.model_fields

    @property
    def found(self) -> tuple[str, type[Canonical]]:
        """The list of an answer that holds what was found, and the model of its items."""
        return next(
            (name, item)
            for name, field in self.answer.model_fields.items()
            for item in get_args(field.annotation)
            if isinstance(item, type) and issubclass(item, Canonical)
        )


NUMMER = "nl.zaken.nummer-reserveren.v1"
PERSONEN = "nl.personen.personen-opvragen.v1"
BEWONINGEN = "nl.personen.bewoningen-opvragen.v1"
VERBLIJFPLAATSEN = "nl.personen.verblijfplaatsen-opvragen.v1"
REISDOCUMENTEN = "nl.personen.reisdocumenten-opvragen.v1"
ADRESSEN = "nl.adressen.adressen-opvragen.v1"
BEDRIJVEN = "nl.bedrijven.bedrijven-opvragen.v1"
WOZ_OBJECTEN = "nl.woz.objecten-opvragen.v1"
ONROERENDE_ZAKEN = "nl.kadaster.onroerende-zaken-opvragen.v1"

QUESTION_TYPES: dict[str, QuestionType] = {
    each.name: each
    for each in (
        QuestionType(
            "nl.zaken.zaken-opvragen.v1", ZakenVraag, ZakenAntwoord, "Which zaken are there, and what of them?"
        ),
        QuestionType(
            "nl.zaken.documenten-opvragen.v1", DocumentenVraag, DocumentenAntwoord, "Which documents are there?"
        ),
        QuestionType(
            "nl.zaken.document-vergrendelen.v1",
            DocumentenVraag,
            DocumentenAntwoord,
            "Give me this document to edit, and nobody else.",
            locks=True,
        ),
        QuestionType("nl.zaken.besluiten-opvragen.v1", BesluitenVraag, BesluitenAntwoord, "Which besluiten are there?"),
        QuestionType(NUMMER, NummerVraag, NummerAntwoord, "Reserve a number.", locks=True),
        QuestionType(
            PERSONEN, PersonenVraag, PersonenAntwoord, "Which persons are there, and what of them?", personal=True
        ),
        QuestionType(
            BEWONINGEN, BewoningenVraag, BewoningenAntwoord, "Who lives, or lived, in this object?", personal=True
        ),
        QuestionType(
            VERBLIJFPLAATSEN,
            VerblijfplaatsenVraag,
            VerblijfplaatsenAntwoord,
            "Where does this person live, and where did he live?",
            personal=True,
        ),
        QuestionType(
            REISDOCUMENTEN,
            ReisdocumentenVraag,
            ReisdocumentenAntwoord,
            "Which travel documents are there?",
            personal=True,
        ),
        QuestionType(ADRESSEN, AdressenVraag, AdressenAntwoord, "Which addresses are there?"),
        QuestionType(
            BEDRIJVEN, BedrijvenVraag, BedrijvenAntwoord, "Which companies and branches are there?", personal=True
        ),
        QuestionType(
            WOZ_OBJECTEN,
            WozObjectenVraag,
            WozObjectenAntwoord,
            "Which WOZ objects are there, what are they worth, and whose are they?",
            personal=True,
        ),
        QuestionType(
            ONROERENDE_ZAKEN,
            OnroerendeZakenVraag,
            OnroerendeZakenAntwoord,
            "Which land is there, and whose is it?",
            personal=True,
        ),
    )
}


ANSWER = ".antwoord"
"""How the name of the mapping of an answer ends."""


def answer_kind(kind: str) -> str:
    """Name the mapping of the answer to a message or question type."""
    return f"{kind}{ANSWER}"
