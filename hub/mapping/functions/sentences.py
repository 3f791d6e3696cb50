"""Parts of an object as sentences, for a field of text where the other side has no field of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from typing import Any

from hub.event.canonical import Canonical, OnvolledigeDatum
from hub.event.zaken import Adres, VerblijfBuitenland
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


_BETWEEN = "; "
_BEGINS = re.compile(r"[a-z][a-z ]{0,39}: ")
"""How a sentence begins that says what it is about."""


def _zin(begin: str) -> Apply:
    def apply(value: object) -> str:
        for said in _about(text_of(value), begin):
            return said
        raise _no_sentence()

    return apply


def _zin_object(model: type[Canonical], numbers: frozenset[str]) -> Callable[[str], Apply]:
    def make(begin: str = "") -> Apply:
        def apply(value: object) -> dict[str, Any]:
            for said in _about(text_of(value), begin):
                if parts := _parts_of(said, model.model_fields.keys(), numbers):
                    return parts
            raise _no_sentence()

        return apply

    return make


def _no_sentence() -> Unfit:
    return Unfit("there is no such sentence")


def _about(text: str, begin: str) -> Iterator[str]:
    """Give what the sentences say that begin so; all of them when they are about nothing that is named."""
    for sentence in _sentences(text):
        if not begin or sentence.startswith(f"{begin}: "):
            yield sentence.removeprefix(f"{begin}: ").strip()


def _voor_zinnen(begin: str) -> Apply:
    begins = tuple(f"{each}: " for each in _names(begin))

    def apply(value: object) -> str | None:
        pieces = text_of(value).split(_BETWEEN)
        ends = next((at for at, each in enumerate(pieces) if each.startswith(begins)), len(pieces))
        return _BETWEEN.join(pieces[:ends]) or None

    return apply


def _names(written: str) -> list[str]:
    return [each.strip() for each in written.split(",") if each.strip()]


def _sentences(text: str) -> Iterator[str]:
    """Give the sentences of a text; what does not say what it is about goes on with the one before."""
    sentence = ""
    for piece in text.split(_BETWEEN):
        if sentence and not _BEGINS.match(piece):
            sentence += _BETWEEN + piece
            continue
        if sentence:
            yield sentence
        sentence = piece
    yield sentence


def _parts_of(said: str, names: Collection[str], numbers: frozenset[str]) -> dict[str, Any]:
    """Give the parts that a sentence names; nothing when it does not begin with one of them."""
    parts: dict[str, Any] = {}
    last = ""
    for piece in said.split(", "):
        name, _, text = piece.partition(" ")
        if name in names and name not in parts:
            parts[name], last = text, name
        elif last:  # a comma in a value
            parts[last] += f", {piece}"
        else:
            return {}
    whole = {name: int(text) for name, text in parts.items() if name in numbers and text.isascii() and text.isdigit()}
    return {**parts, **whole}


_ABOUT = Setting("begin", "what the sentence is about, before its colon; without it any sentence", "text")

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
    Function(
        "zin",
        "What one of the sentences says that `zinnen` wrote. Refused when there is none, so that a condition can ask.",
        "text", "text", _zin,
        (
            Example("Spoed; rol: partner; kanaal: web", "partner", {"begin": "rol"}),
            Example("Spoed", FAILS, {"begin": "rol"}),
        ),
        settings=(Setting("begin", "what the sentence is about, before its colon", "text", required=True),),
    ),
    Function(
        "zin-adres",
        "The address of which one of the sentences tells that `zinnen` wrote. Refused when there is none.",
        "text", "object", _zin_object(Adres, frozenset({"huisnummer"})),
        (
            Example(
                "Spoed; postadres: straatnaam Dorpsstraat, huisnummer 12",
                {"straatnaam": "Dorpsstraat", "huisnummer": 12}, {"begin": "postadres"},
            ),
            Example(
                "straatnaam Dorpsstraat, bij de kerk, postcode 9999XX",
                {"straatnaam": "Dorpsstraat, bij de kerk", "postcode": "9999XX"},
            ),
            Example("postadres: landnaam België", FAILS, {"begin": "postadres"}),
            Example("Spoed", FAILS, {"begin": "postadres"}),
        ),
        settings=(_ABOUT,),
    ),
    Function(
        "zin-adres-buitenland",
        "The address abroad of which one of the sentences tells that `zinnen` wrote. Refused when there is none.",
        "text", "object", _zin_object(VerblijfBuitenland, frozenset()),
        (
            Example(
                "postadres: landcode 5010, landnaam België", {"landcode": "5010", "landnaam": "België"},
                {"begin": "postadres"},
            ),
            Example("postadres: straatnaam Dorpsstraat", FAILS, {"begin": "postadres"}),
        ),
        settings=(_ABOUT,),
    ),
    Function(
        "zin-onvolledige-datum",
        "The incomplete date of which one of the sentences tells that `zinnen` wrote. Refused when there is none.",
        "text", "object", _zin_object(OnvolledigeDatum, frozenset(OnvolledigeDatum.model_fields)),
        (
            Example("geboren: jaar 1960, maand 7", {"jaar": 1960, "maand": 7}, {"begin": "geboren"}),
            Example("geboren: in de zomer", FAILS, {"begin": "geboren"}),
        ),
        settings=(_ABOUT,),
    ),
    Function(
        "voor-zinnen",
        "The text before the sentences that `zinnen` added to it.",
        "text", "text", _voor_zinnen,
        (
            Example("Spoed; met haast; rol: partner", "Spoed; met haast", {"begin": "rol, kanaal"}),
            Example("rol: partner", None, {"begin": "rol"}),
            Example("Spoed", "Spoed", {"begin": "rol"}),
            Example({}, FAILS, {"begin": "rol"}),
        ),
        settings=(
            Setting("begin", "what those sentences are about, with commas between them", "text", required=True),
        ),
    ),
)  # fmt: skip
