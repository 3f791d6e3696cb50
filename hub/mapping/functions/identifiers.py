"""Numbers that name a person, a company or an address.

As a step in `via` each refuses what is no such number; as `matches` in a condition it tells which kind of number a
field holds. None of them ever repeats the number it refuses.
"""

from __future__ import annotations

import re

from hub.mapping.functions.contract import FAILS, Example, Function, Unfit, always, digits_of, text_of

_POSTCODE = re.compile(r"^([1-9][0-9]{3}) ?([A-Za-z]{2})$")
_BSN_DIGITS, _KVK_DIGITS, _VESTIGING_DIGITS = 9, 8, 12
_PROOF = 11


def _eleven_proof(text: str) -> bool:
    """Do the 11-test of BSN and RSIN: weights 9 to 2, the last digit weighs -1."""
    total = sum(weight * int(digit) for weight, digit in zip((9, 8, 7, 6, 5, 4, 3, 2, -1), text, strict=True))
    return total % _PROOF == 0 and int(text) != 0


def _bsn(value: object) -> str:
    # Leading zeros are lost by senders that keep the number as a number: 8 digits are a BSN that begins with 0.
    text = digits_of(value, (_BSN_DIGITS - 1, _BSN_DIGITS), "a BSN").zfill(_BSN_DIGITS)
    if not _eleven_proof(text):
        raise Unfit("the BSN fails the 11-test")
    return text


def _rsin(value: object) -> str:
    text = digits_of(value, (_BSN_DIGITS,), "an RSIN")
    if not _eleven_proof(text):
        raise Unfit("the RSIN fails the 11-test")
    return text


def _kvk_nummer(value: object) -> str:
    return digits_of(value, (_KVK_DIGITS,), "a KvK number")


def _vestigingsnummer(value: object) -> str:
    return digits_of(value, (_VESTIGING_DIGITS,), "a vestigingsnummer")


def _postcode(value: object) -> str:
    match = _POSTCODE.match(text_of(value))
    if not match:
        raise Unfit("a postcode has 4 digits and 2 letters")
    return match[1] + match[2].upper()


FUNCTIONS = (
    Function(
        "bsn",
        "A burgerservicenummer that passes the 11-test, in 9 digits.",
        "text",
        "text",
        always(_bsn),
        (Example("999990019", "999990019"), Example("999990018", FAILS), Example("99999001X", FAILS)),
    ),
    Function(
        "rsin",
        "An RSIN: 9 digits that pass the 11-test.",
        "text",
        "text",
        always(_rsin),
        (Example("999990019", "999990019"), Example("999990018", FAILS), Example("12345678", FAILS)),
    ),
    Function(
        "kvk-nummer",
        "A KvK number: 8 digits.",
        "text",
        "text",
        always(_kvk_nummer),
        (Example("12345678", "12345678"), Example("123456789", FAILS)),
    ),
    Function(
        "vestigingsnummer",
        "A vestigingsnummer: 12 digits.",
        "text",
        "text",
        always(_vestigingsnummer),
        (Example("000012345678", "000012345678"), Example("12345678", FAILS)),
    ),
    Function(
        "postcode",
        "A postcode without the space, in capitals.",
        "text",
        "text",
        always(_postcode),
        (Example("1234 ab", "1234AB"), Example("1234AB", "1234AB"), Example("0123AB", FAILS)),
    ),
)
