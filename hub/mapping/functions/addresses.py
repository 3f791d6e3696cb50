"""Addresses: the parts of a huisnummer, and a line of an address as its parts.

It knows how the BAG cuts an address in parts; it refuses to know which addresses there are.
"""

from __future__ import annotations

import re

from hub.mapping.functions.contract import FAILS, Example, Function, Unfit, always, object_of, text_of

_LINE_CHARS_MAX = 200
"""Longer than any line of an address: 80 for the street, 10 for the rest."""

# Number, one letter that no other letter follows, and at most four more letters and digits (BAG: huisnummertoevoeging).
_HUISNUMMER = re.compile(r"^0{0,4}([1-9][0-9]{0,4})(?![0-9])(?: ?([A-Za-z])(?![A-Za-z]))?(?:[ -]?([0-9A-Za-z]{1,4}))?$")
_NUMMER_MAX = 99_999
_TOEVOEGING = re.compile(r"^[0-9A-Za-z]{1,4}$")
_WORDS_MAX = 3
"""A number, a letter and an addition may be three words."""

Parts = dict[str, str | int]


def _huisnummer_splitsen(value: object) -> Parts:
    parts = _parts(_line(value))
    if parts is None:
        raise Unfit("this is not a huisnummer with a letter and toevoeging")
    return parts


def _huisnummer_samenvoegen(value: object) -> str:
    address = object_of(value, "an address")
    number, letter, more = (address.get(name) for name in ("huisnummer", "huisletter", "huisnummertoevoeging"))
    if not isinstance(number, int) or isinstance(number, bool) or not 0 < number <= _NUMMER_MAX:
        raise Unfit("a huisnummer is a number of at most 5 digits")
    if letter and not (isinstance(letter, str) and len(letter) == 1 and letter.isascii() and letter.isalpha()):
        raise Unfit("a huisletter is one letter")
    if more and not (isinstance(more, str) and _TOEVOEGING.match(more)):
        raise Unfit("a huisnummertoevoeging is 1 to 4 letters and digits")
    # With a hyphen: without, a toevoeging of one letter would be read as the huisletter.
    return f"{number}{letter or ''}{f'-{more}' if more else ''}"


def _huisnummertoevoeging(value: object) -> str | None:
    signs = "".join(sign for sign in _line(value) if sign.isascii() and sign.isalnum())
    # A part of a longer one would be the address of somebody else.
    return signs if _TOEVOEGING.match(signs) else None


def _adresregel_splitsen(value: object) -> Parts:
    words = _line(value).split()
    # The last words that are a number: of `Plein 1944 5` the number is 5.
    for count in range(1, min(_WORDS_MAX, len(words) - 1) + 1):
        parts = _parts(" ".join(words[-count:]))
        if parts is not None:
            return {"openbareRuimteNaam": " ".join(words[:-count]), **parts}
    raise Unfit("this is not a street with a huisnummer")


def _adresregel_samenvoegen(value: object) -> str:
    address = object_of(value, "an address")
    street = " ".join(_line(address.get("openbareRuimteNaam")).split())
    if not street:
        raise Unfit("there is no openbareRuimteNaam")
    return f"{street} {_huisnummer_samenvoegen(address)}"


def _parts(text: str) -> Parts | None:
    match = _HUISNUMMER.match(text)
    if match is None:
        return None
    parts: Parts = {"huisnummer": int(match[1])}
    if match[2]:
        parts["huisletter"] = match[2]
    if match[3]:
        parts["huisnummertoevoeging"] = match[3]
    return parts


def _line(value: object) -> str:
    text = text_of(value)
    if len(text) > _LINE_CHARS_MAX:
        raise Unfit(f"a line of an address has at most {_LINE_CHARS_MAX} characters")
    return text


FUNCTIONS = (
    Function(
        "huisnummer-splitsen",
        "A huisnummer as one finds it in one field, as huisnummer, huisletter and huisnummertoevoeging.",
        "text",
        "object",
        always(_huisnummer_splitsen),
        (
            Example("12A-2", {"huisnummer": 12, "huisletter": "A", "huisnummertoevoeging": "2"}),
            Example("12 bis", {"huisnummer": 12, "huisnummertoevoeging": "bis"}),
            Example("12 a", {"huisnummer": 12, "huisletter": "a"}),
            Example("A12", FAILS),
            Example("123456", FAILS),
        ),
        inverse="huisnummer-samenvoegen",
    ),
    Function(
        "huisnummertoevoeging",
        "A huisnummertoevoeging as the BAG and StUF-BG have it: its letters and digits; nothing when it has none, or "
        "more than four.",
        "text",
        "text",
        always(_huisnummertoevoeging),
        (
            Example("bis", "bis"),
            Example("-4a", "4a"),
            Example("-", None),
            Example("boven", None),
            Example({}, FAILS),
        ),
    ),
    Function(
        "huisnummer-samenvoegen",
        "The huisnummer, huisletter and huisnummertoevoeging of an object in one text.",
        "object",
        "text",
        always(_huisnummer_samenvoegen),
        (
            Example({"huisnummer": 12, "huisletter": "A", "huisnummertoevoeging": "2"}, "12A-2"),
            Example({"huisnummer": 12}, "12"),
            Example({"huisletter": "A"}, FAILS),
        ),
        inverse="huisnummer-splitsen",
    ),
    Function(
        "adresregel-splitsen",
        "A street with its huisnummer as openbareRuimteNaam, huisnummer, huisletter and huisnummertoevoeging.",
        "text",
        "object",
        always(_adresregel_splitsen),
        (
            Example("Plein 1944 5", {"openbareRuimteNaam": "Plein 1944", "huisnummer": 5}),
            Example("Dorpsstraat 12 A", {"openbareRuimteNaam": "Dorpsstraat", "huisnummer": 12, "huisletter": "A"}),
            Example("Dorpsstraat", FAILS),
        ),
        inverse="adresregel-samenvoegen",
    ),
    Function(
        "adresregel-samenvoegen",
        "The openbareRuimteNaam, huisnummer, huisletter and huisnummertoevoeging of an object as one line.",
        "object",
        "text",
        always(_adresregel_samenvoegen),
        (
            Example({"openbareRuimteNaam": "Dorpsstraat", "huisnummer": 12, "huisletter": "A"}, "Dorpsstraat 12A"),
            Example({"openbareRuimteNaam": "Dorpsstraat"}, FAILS),
        ),
        inverse="adresregel-splitsen",
    ),
)
