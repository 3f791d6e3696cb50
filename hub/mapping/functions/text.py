"""Texts and numbers."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from hub.mapping.functions.contract import FAILS, Apply, Example, Function, Setting, Unfit, always, text_of

_DECIMAL = re.compile(r"^[+-]?[0-9]{1,15}(?:[.,][0-9]{1,15})?$")
_DIGITS = 15  # what a JSON number keeps exactly
_WHOLE = re.compile(r"^[+-]?[0-9]{1,18}$")  # 18 digits fit the 64 bits that JSON readers keep
_LENGTH_MAX = 40  # the longest key or number of any standard here


def _tekst(max: int, longer: str = "fail") -> Apply:  # noqa: A002 - the name in the mapping file
    def apply(value: object) -> str | None:
        text = text_of(value)
        if len(text) <= max:
            return text
        if longer == "omit":
            return None
        if longer == "fail":
            raise Unfit(f"the text is longer than {max} characters")
        return text[:max].rstrip()

    return apply


def _kleine_letters(value: object) -> str:
    return text_of(value).lower()


def _hoofdletters(value: object) -> str:
    return text_of(value).upper()


def _een_regel(value: object) -> str | None:
    return " ".join(text_of(value).split()) or None


def _tekst_ervoor(tekst: str) -> Apply:
    return lambda value: tekst + text_of(value)


def _zonder_tekst_ervoor(tekst: str) -> Apply:
    def apply(value: object) -> str:
        text = value if isinstance(value, str) else text_of(value)  # with the space that `tekst` may end with
        if not text.startswith(tekst):
            raise Unfit("the text does not begin as it should")
        return text.removeprefix(tekst).strip()

    return apply


def _tekst_erachter(tekst: str) -> Apply:
    return lambda value: text_of(value) + tekst


def _zonder_tekst_erachter(tekst: str) -> Apply:
    def apply(value: object) -> str:
        text = value if isinstance(value, str) else text_of(value)  # with the space that `tekst` may begin with
        if not text.endswith(tekst):
            raise Unfit("the text does not end as it should")
        return text.removesuffix(tekst).strip()

    return apply


def _voorloopnullen(lengte: int) -> Apply:
    if not 1 <= lengte <= _LENGTH_MAX:
        raise ValueError(f"`lengte` is 1 to {_LENGTH_MAX}")

    def apply(value: object) -> str:
        text = text_of(value)
        if not (text.isascii() and text.isdigit()) or len(text) > lengte:
            raise Unfit(f"this is not a number of at most {lengte} digits")
        return text.zfill(lengte)

    return apply


def _zonder_voorloopnullen(value: object) -> str:
    text = text_of(value)
    if not (text.isascii() and text.isdigit()) or len(text) > _LENGTH_MAX:
        raise Unfit(f"this is not a number of at most {_LENGTH_MAX} digits")
    return text.lstrip("0") or "0"


def _geheel_getal(value: object) -> int:
    text = text_of(value)
    if not _WHOLE.match(text):
        raise Unfit("this is not a whole number of at most 18 digits")
    return int(text)


def _getal(value: object) -> int | float:
    if isinstance(value, float):
        return _number(value)
    text = text_of(value)
    if _WHOLE.match(text):
        return int(text)
    if not _DECIMAL.match(text) or sum(map(str.isdigit, text.lstrip("+-0"))) > _DIGITS:
        raise Unfit(f"this is not a number of at most {_DIGITS} digits with one point or comma")
    return _number(float(text.replace(",", ".")))


def _getal_naar_tekst(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Unfit("this is not a number")
    number = value if isinstance(value, int) else _number(value)
    return format(Decimal(text_of(number) if isinstance(number, int) else repr(number)), "f")


def _afgerond(decimalen: int = 0) -> Apply:
    if decimalen > _DIGITS:
        raise ValueError(f"`decimalen` is at most {_DIGITS}")

    def apply(value: object) -> int | float:
        exact = Decimal(_getal_naar_tekst(value))
        # As people round: 2.5 becomes 3.
        return _number(float(exact.quantize(Decimal(1).scaleb(-decimalen), ROUND_HALF_UP)))

    return apply


def _number(value: float) -> int | float:
    """Give a number that JSON keeps as it is: whole ones without a fraction."""
    if not abs(value) < 10**_DIGITS:  # nor is NaN
        raise Unfit(f"this is not a number of at most {_DIGITS} digits")
    exact = round(float(f"{value:.{_DIGITS}g}"), _DIGITS)
    return int(exact) if exact.is_integer() else exact


FUNCTIONS = (
    Function(
        "tekst",
        "A text of at most `max` characters; a longer one is refused, cut or left out.",
        "text",
        "text",
        _tekst,
        (
            Example(" Kapvergunning ", "Kapvergunning", {"max": 80}),
            Example("Kapvergunning", FAILS, {"max": 10}),
            Example("Kap vergunning", "Kap", {"max": 4, "longer": "cut"}),
            Example("Kapvergunning", None, {"max": 4, "longer": "omit"}),
        ),
        inverse="tekst",
        settings=(
            Setting("max", "most characters", "number", required=True),
            Setting("longer", "what to do with a longer text; fail when not given", ("fail", "cut", "omit")),
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
        "hoofdletters",
        "The text in upper case.",
        "text",
        "text",
        always(_hoofdletters),
        (Example("openbaar", "OPENBAAR"), Example([], FAILS)),
        inverse="hoofdletters",
    ),
    Function(
        "een-regel",
        "The text on one line, with single spaces; nothing when there is only white space.",
        "text",
        "text",
        always(_een_regel),
        (Example("Kap\n  een boom", "Kap een boom"), Example(" ", None), Example({}, FAILS)),
        inverse="een-regel",
    ),
    Function(
        "tekst-ervoor",
        "The value with a text before it.",
        "text",
        "text",
        _tekst_ervoor,
        (Example("2024-1", "ZAAK-2024-1", {"tekst": "ZAAK-"}), Example({}, FAILS, {"tekst": "ZAAK-"})),
        settings=(Setting("tekst", "what comes before the value", "text", required=True),),
        inverse="zonder-tekst-ervoor",
    ),
    Function(
        "zonder-tekst-ervoor",
        "What comes after a text that the value must begin with.",
        "text",
        "text",
        _zonder_tekst_ervoor,
        (Example("ZAAK-2024-1", "2024-1", {"tekst": "ZAAK-"}), Example("2024-1", FAILS, {"tekst": "ZAAK-"})),
        settings=(Setting("tekst", "what the value begins with", "text", required=True),),
        inverse="tekst-ervoor",
    ),
    Function(
        "tekst-erachter",
        "The value with a text after it.",
        "text",
        "text",
        _tekst_erachter,
        (Example("Jans", "Jans*", {"tekst": "*"}), Example({}, FAILS, {"tekst": "*"})),
        settings=(Setting("tekst", "what comes after the value", "text", required=True),),
        inverse="zonder-tekst-erachter",
    ),
    Function(
        "zonder-tekst-erachter",
        "What comes before a text that the value must end with.",
        "text",
        "text",
        _zonder_tekst_erachter,
        (Example("Jans*", "Jans", {"tekst": "*"}), Example("Jans", FAILS, {"tekst": "*"})),
        settings=(Setting("tekst", "what the value ends with", "text", required=True),),
        inverse="tekst-erachter",
    ),
    Function(
        "voorloopnullen",
        "A number with zeros before it, up to a length.",
        "text",
        "text",
        _voorloopnullen,
        (Example("363", "0363", {"lengte": 4}), Example("10363", FAILS, {"lengte": 4})),
        settings=(Setting("lengte", "how many digits there are in all", "number", required=True),),
        inverse="voorloopnullen",
    ),
    Function(
        "zonder-voorloopnullen",
        "A number without the zeros before it.",
        "text",
        "text",
        always(_zonder_voorloopnullen),
        (Example("0363", "363"), Example("000", "0"), Example("12a", FAILS)),
        inverse="zonder-voorloopnullen",
    ),
    Function(
        "geheel-getal",
        "A whole number.",
        "text",
        "number",
        always(_geheel_getal),
        (Example("007", 7), Example("-1", -1), Example("1.5", FAILS), Example("\u0663", FAILS)),
        inverse="getal-naar-tekst",
    ),
    Function(
        "getal",
        "A number, with a point or a comma before its decimals.",
        "text",
        "number",
        always(_getal),
        (Example("12,50", 12.5), Example("12.00", 12), Example("1.234,56", FAILS), Example("1e3", FAILS)),
        inverse="getal-naar-tekst",
    ),
    Function(
        "getal-naar-tekst",
        "A number as a text, with a point before its decimals.",
        "number",
        "text",
        always(_getal_naar_tekst),
        (Example(12.5, "12.5"), Example(7, "7"), Example("7", FAILS)),
        inverse="getal",
    ),
    Function(
        "afgerond",
        "A number rounded to so many decimals; a half is rounded away from zero.",
        "number",
        "number",
        _afgerond,
        (Example(2.345, 2.35, {"decimalen": 2}), Example(2.5, 3), Example("2.5", FAILS)),
        settings=(Setting("decimalen", "how many decimals; none when not given", "number"),),
        inverse="afgerond",
    ),
)
