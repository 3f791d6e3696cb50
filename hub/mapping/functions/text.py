"""Texts and whole numbers."""

from __future__ import annotations

import re

from hub.mapping.functions.contract import FAILS, Apply, Example, Function, Setting, Unfit, always, text_of

_WHOLE = re.compile(r"^[+-]?[0-9]{1,18}$")  # 18 digits fit the 64 bits that JSON readers keep


def _tekst(max: int, longer: str = "fail") -> Apply:  # noqa: A002 - the name in the mapping file
    def apply(value: object) -> str:
        text = text_of(value)
        if len(text) <= max:
            return text
        if longer == "fail":
            raise Unfit(f"the text is longer than {max} characters")
        return text[:max].rstrip()

    return apply


def _kleine_letters(value: object) -> str:
    return text_of(value).lower()


def _geheel_getal(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    text = text_of(value)
    if not _WHOLE.match(text):
        raise Unfit("this is not a whole number of at most 18 digits")
    return int(text)


FUNCTIONS = (
    Function(
        "tekst",
        "A text of at most `max` characters; a longer one is refused, or cut when the rule says so.",
        "text",
        "text",
        _tekst,
        (
            Example(" Kapvergunning ", "Kapvergunning", {"max": 80}),
            Example("Kapvergunning", FAILS, {"max": 10}),
            Example("Kap vergunning", "Kap", {"max": 4, "longer": "cut"}),
        ),
        settings=(
            Setting("max", "most characters", "number", required=True),
            Setting("longer", "what to do with a longer text; fail when not given", ("fail", "cut")),
        ),
    ),
    Function(
        "kleine-letters",
        "The text in lower case.",
        "text",
        "text",
        always(_kleine_letters),
        (Example("(Nog) Niet", "(nog) niet"), Example({}, FAILS)),
    ),
    Function(
        "geheel-getal",
        "A whole number.",
        "text",
        "number",
        always(_geheel_getal),
        (Example("007", 7), Example("-1", -1), Example("1.5", FAILS), Example("\u0663", FAILS)),
    ),
)
