"""The model of everything that a mapping may give to the hub, by name: events, questions, and answers to questions.

It puts together the catalogue and the questions. It refuses to know who gives what.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import create_model

from hub.event.canonical import Canonical
from hub.event.catalogue import EVENT_TYPES
from hub.event.vragen import QUESTION_TYPES, answer_kind

ANSWERS: dict[str, type[Canonical]] = {answer_kind(name): each.answer for name, each in QUESTION_TYPES.items()}
"""What a target's mapping makes of its answer, by the name of that mapping."""

ASKED: dict[str, str] = {
    **{name: each.summary for name, each in EVENT_TYPES.items()},
    **{name: each.summary for name, each in QUESTION_TYPES.items()},
}
"""What a message of a sender may become, each with what it says: an event or a question."""

MODELS: dict[str, type[Canonical]] = {
    **{name: each.model for name, each in EVENT_TYPES.items()},
    **{name: each.question for name, each in QUESTION_TYPES.items()},
    **ANSWERS,
}
"""The model of each, by the name that a mapping `gives`."""


@cache
def answer_with_question(question: str) -> type[Canonical]:
    """Give the model of what the asker's mapping of an answer reads: the canonical answer, and its `vraag`."""
    asked = QUESTION_TYPES[question]
    fields: dict[str, Any] = {"vraag": (asked.question, ...)}
    return create_model(f"{asked.answer.__name__}OpVraag", __base__=asked.answer, **fields)
