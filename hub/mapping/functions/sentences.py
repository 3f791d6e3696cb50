"""Parts of an object as sentences, for a field of text where the other side has no field of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from hub.mapping.functions.contract import FAILS, Apply, Example, Function, Setting, Unfit, text_of

_PART = re.compile(r"\{([^{}]+)\}")
_WITHOUT = re.compile(r"^\s*(\S+)(?:\s+zonder\s+(.+?))?\s*$")


def _zinnen(zinnen: str) -> Apply:
    sentences = [_sentence(each.strip()) for each in zinnen.split(";") if each.strip()]

    def apply(value: object) -> str | None:
        if not isinstance(value, dict):
            raise Unfit("this is not an object")
        said = [text for text in (sentence(value) for sentence in sentences) if text]
        return "; ".join(said) or None

    return apply


def _sentence(written: str) -> Callable[[dict[str, Any]], str]:
    pieces = _PART.split(written)
    parts = [_part(each) for each in pieces[1::2]]

    def say(value: dict[str, Any]) -> str:
        said = [part(value) for part in parts]
        if not any(said):
            return ""
        # What follows a part without value says nothing either: `{voorletters} {achternaam}` leaves no double space.
        text = "".join(piece for pair in zip(pieces[::2], [*said, ""], strict=True) for piece in pair)
        return " ".join(text.split())

    return say


def _part(written: str) -> Callable[[dict[str, Any]], str]:
    match = _WITHOUT.match(written)
    path, without = (match[1], match[2] or "") if match else (written, "")
    needed = [[one.strip() for one in each.split("|")] for each in without.split(",") if each.strip()]

    def say(value: dict[str, Any]) -> str:
        found = _at(value, path)
        if isinstance(found, dict) and needed and all(any(_says(found.get(one)) for one in ways) for ways in needed):
            return ""
        return ", ".join(_told(found))

    return say


def _at(value: object, path: str) -> object:
    found = value
    for name in path.split("/"):
        found = found.get(name) if isinstance(found, dict) else None
    return found


def _says(value: object) -> bool:
    return value not in (None, "", [], {})


def _told(value: object) -> Iterator[str]:
    # Without recursion: a sender may nest as deep as a message may be.
    waiting: list[tuple[object, str]] = [(value, "")]
    while waiting:
        current, name = waiting.pop()
        if isinstance(current, dict):
            waiting.extend((each, inner) for inner, each in reversed(current.items()))
        elif isinstance(current, list):
            waiting.extend((each, name) for each in reversed(current))
        elif isinstance(current, bool):
            yield f"{name} {'ja' if current else 'nee'}".strip()
        elif isinstance(current, float):
            yield f"{name} {current}".strip()
        elif _says(current):
            yield f"{name} {text_of(current)}".strip()


FUNCTIONS = (
    Function(
        "zinnen",
        "Parts of an object as sentences, `;` between them. `{path}` is a part; a sentence whose parts have no value is"
        " left out. `{path zonder a,b|c}` speaks only when that part lacks a, or lacks both b and c.",
        "object", "text", _zinnen,
        (
            Example(
                {"toelichting": "Spoed", "omschrijving": "partner"}, "Spoed; rol: partner",
                {"zinnen": "{toelichting}; rol: {omschrijving}; kanaal: {kanaal}"},
            ),
            Example(
                {"geboren": {"jaar": 1960, "maand": 7}}, "geboren: jaar 1960, maand 7",
                {"zinnen": "geboren: {geboren zonder dag}"},
            ),
            Example(
                {"geboren": {"jaar": 1960, "maand": 7, "dag": 4}}, None, {"zinnen": "geboren: {geboren zonder dag}"}
            ),
            Example(
                {"persoon": {"voorletters": "A.", "achternaam": "Jansen"}}, "door A. Jansen",
                {"zinnen": "door {persoon/voorletters} {persoon/voorvoegsel} {persoon/achternaam}"},
            ),
            Example("tekst", FAILS, {"zinnen": "{toelichting}"}),
        ),
        settings=(Setting("zinnen", "the sentences", "text", required=True),),
    ),
)  # fmt: skip
