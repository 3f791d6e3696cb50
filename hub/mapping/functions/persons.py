"""Names of persons: what stands before a surname, initials, and the name as it stands on an envelope.

It knows how Dutch names are written (BRP, tabel 36 voorvoegsels); it refuses to know who anybody is.
"""

from __future__ import annotations

import re
import unicodedata

from hub.mapping.functions.contract import (
    FAILS,
    Apply,
    Example,
    Function,
    Setting,
    Unfit,
    always,
    object_of,
    text_of,
)

_NAME_CHARS_MAX = 500
"""Longer than any name of the BRP (200 for a part)."""

_NAMES = """
    'm 's 's-' 't a à al am am' an an' auf auf' aus aus' bei bei' ben bij bin boven ca d' da dal dal' dalla das das' de
    degli dei del del' della den der der' des deur di do don dos du e een el gli i ibn il im in kan la las le les lo los
    met naar of onder op opde opden opder opgen over pietro san santa sint te ten ter thoe tho thor to toe tot über uit
    uijt unter van vande vanden vander vandit vom von voor vor zu zum zur
"""
_VOORVOEGSELS = frozenset(_NAMES.split())
_ALONE = frozenset({"'s-", "d'", "l'", "m'"})
"""Written to the name without a space."""

_INITIALS = re.compile(r"(?:[^\W\d_]{1,4}\.)+").fullmatch
"""Initials as the BRP writes them: letters with points, `A.B.`, `Th.M.`."""


def _geslachtsnaam_splitsen(value: object) -> dict[str, str]:
    words = _name(value).split()
    if not words:
        raise Unfit("this is not a name")
    before = 0
    while before < len(words) - 1 and words[before].lower() in _VOORVOEGSELS - _ALONE:
        before += 1
    prefix, name = " ".join(words[:before]), " ".join(words[before:])
    # With a space after it, it is no voorvoegsel: put together again it would lose the space.
    glued = next((each for each in sorted(_ALONE) if name.lower().startswith(each) and name[len(each) :].strip()), "")
    glued = "" if name[len(glued) : len(glued) + 1].isspace() else glued
    if glued:
        prefix, name = f"{prefix} {name[: len(glued)]}".strip(), name[len(glued) :].strip()
    return {"voorvoegselGeslachtsnaam": prefix, "geslachtsnaam": name} if prefix else {"geslachtsnaam": name}


def _geslachtsnaam_samenvoegen(value: object) -> str:
    person = object_of(value, "a person")
    name = _part(person, "geslachtsnaam")
    if not name:
        raise Unfit("there is no geslachtsnaam")
    return _name(_joined(_part(person, "voorvoegselGeslachtsnaam"), name))


def _voorletters(value: object) -> str | None:
    words = _name(value).replace("-", " ").split()
    return "".join(filter(None, map(_initial, words))) or None


def _aanschrijfnaam(value: object) -> str:
    person = object_of(value, "a person")
    initials = _part(person, "voorletters") or _voorletters(_part(person, "voornamen"))
    if initials and "." not in initials:
        initials = "".join(f"{letter}." for letter in initials.replace(" ", ""))
    return f"{initials or ''} {_geslachtsnaam_samenvoegen(person)}".strip()


def _aanschrijfwijze(deel: str) -> Apply:
    def apply(value: object) -> str | None:
        words = _name(value).split()
        # `jonkheer A.B. van der Berg`: a predicate before the initials is no part of the surname.
        last = max((place for place, word in enumerate(words) if _INITIALS(word)), default=-1)
        first = next((place for place, word in enumerate(words) if _INITIALS(word)), 0)
        chosen = words[first : last + 1] if deel == "voorletters" else words[last + 1 :]
        return " ".join(chosen) or None

    return apply


def _initial(word: str) -> str:
    """Give the initial of one name; one that ends with a point is an initial already: `Th.` stays."""
    if word.endswith("."):
        return "".join(word.split()) if word.strip(".") else ""
    found = unicodedata.normalize("NFC", word)
    if found[:2].upper() == "IJ":
        return "IJ."  # one letter of Dutch
    letter = next((each for each in found if each.isalpha()), "")
    return f"{letter.upper()}." if letter else ""


def _joined(prefix: str, name: str) -> str:
    glued = any(prefix.lower() == each or prefix.lower().endswith(f" {each}") for each in _ALONE)
    return f"{prefix}{'' if glued else ' '}{name}".strip()


def _part(person: dict[str, object], name: str) -> str:
    found = person.get(name)
    return "" if found is None else " ".join(_name(found).split())


def _name(value: object) -> str:
    text = text_of(value)
    if len(text) > _NAME_CHARS_MAX:
        raise Unfit(f"a name has at most {_NAME_CHARS_MAX} characters")
    return text


FUNCTIONS = (
    Function(
        "geslachtsnaam-splitsen",
        "A surname as its voorvoegselGeslachtsnaam and geslachtsnaam.",
        "text",
        "object",
        always(_geslachtsnaam_splitsen),
        (
            Example("van der Berg", {"voorvoegselGeslachtsnaam": "van der", "geslachtsnaam": "Berg"}),
            Example("d'Artagnan", {"voorvoegselGeslachtsnaam": "d'", "geslachtsnaam": "Artagnan"}),
            Example("Jansen", {"geslachtsnaam": "Jansen"}),
            Example(" ", FAILS),
        ),
        inverse="geslachtsnaam-samenvoegen",
    ),
    Function(
        "geslachtsnaam-samenvoegen",
        "The voorvoegselGeslachtsnaam and geslachtsnaam of an object as one surname.",
        "object",
        "text",
        always(_geslachtsnaam_samenvoegen),
        (
            Example({"voorvoegselGeslachtsnaam": "van der", "geslachtsnaam": "Berg"}, "van der Berg"),
            Example({"geslachtsnaam": "Jansen"}, "Jansen"),
            Example({"voorvoegselGeslachtsnaam": "van"}, FAILS),
        ),
        inverse="geslachtsnaam-splitsen",
    ),
    Function(
        "voorletters",
        "The initials of first names, each with a point; what is an initial already stays as it is written.",
        "text",
        "text",
        always(_voorletters),
        (
            Example("Jan Pieter", "J.P."),
            Example("IJsbrand Jan-Willem", "IJ.J.W."),
            Example("Th. Maria", "Th.M."),
            Example(".", None),
            Example({}, FAILS),
        ),
    ),
    Function(
        "aanschrijfnaam",
        "The name of a person on an envelope: voorletters (or those of voornamen), voorvoegselGeslachtsnaam and"
        " geslachtsnaam.",
        "object",
        "text",
        always(_aanschrijfnaam),
        (
            Example(
                {"voorletters": "A.B.", "voorvoegselGeslachtsnaam": "de", "geslachtsnaam": "Vries"}, "A.B. de Vries"
            ),
            Example({"voornamen": "Jan Pieter", "geslachtsnaam": "Jansen"}, "J.P. Jansen"),
            Example({"voorletters": "JP", "geslachtsnaam": "Jansen"}, "J.P. Jansen"),
            Example({"voornamen": "Jan"}, FAILS),
        ),
    ),
    Function(
        "aanschrijfwijze",
        "Of a name as the BRP writes it on an envelope the voorletters, or the geslachtsnaam as it is used.",
        "text",
        "text",
        _aanschrijfwijze,
        (
            Example("A.B. de Vries-van der Berg", "de Vries-van der Berg", {"deel": "geslachtsnaam"}),
            Example("A.B. de Vries-van der Berg", "A.B.", {"deel": "voorletters"}),
            Example("jonkheer Th. van Dijk", "van Dijk", {"deel": "geslachtsnaam"}),
            Example("de Vries", None, {"deel": "voorletters"}),
            Example({}, FAILS, {"deel": "geslachtsnaam"}),
        ),
        settings=(Setting("deel", "which part of the name", ("voorletters", "geslachtsnaam"), required=True),),
    ),
)
