"""Numbers that name a person, a company or an address.

As a step in `via` each refuses what is no such number; as `matches` in a condition it tells which kind of number a
field holds. None of them ever repeats the number it refuses.
"""

from __future__ import annotations

import re
from itertools import pairwise

from hub.mapping.functions.contract import FAILS, Apply, Example, Function, Setting, Unfit, always, digits_of, text_of

_POSTCODE = re.compile(r"^([1-9][0-9]{3}) ?([A-Za-z]{2})$")
_BSN_DIGITS, _KVK_DIGITS, _VESTIGING_DIGITS = 9, 8, 12
_A_NUMMER_DIGITS, _OIN_DIGITS, _BAG_DIGITS, _GEMEENTE_DIGITS = 10, 20, 16, 4
# OIN of an organisation that is known by its RSIN: prefix, RSIN, three zeros (Logius, OIN-stelsel).
_OIN_OF_RSIN, _OIN_END = "00000001", "000"
# The 5th and 6th digit of a BAG identification say what it is of (Catalogus BAG 2018, chapter 7).
_BAG = {
    "01": "verblijfsobject",
    "02": "ligplaats",
    "03": "standplaats",
    "10": "pand",
    "20": "nummeraanduiding",
    "30": "openbareruimte",
}
_BAG_KINDS = tuple(_BAG.values())
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
    return digits_of(_whole(value, _KVK_DIGITS), (_KVK_DIGITS,), "a KvK number")


def _vestigingsnummer(value: object) -> str:
    return digits_of(_whole(value, _VESTIGING_DIGITS), (_VESTIGING_DIGITS,), "a vestigingsnummer")


def _gemeentecode(value: object) -> str:
    return digits_of(_whole(value, _GEMEENTE_DIGITS), (_GEMEENTE_DIGITS,), "a gemeentecode")


def _whole(value: object, digits: int) -> object:
    """Give a whole number its zeros back: JSON cannot keep them, and as a text they are never missing."""
    return str(value).zfill(digits) if type(value) is int and 0 < value < 10**digits else value


def _a_nummer(value: object) -> str:
    text = digits_of(value, (_A_NUMMER_DIGITS,), "an A-nummer")
    digits = [int(each) for each in text]
    # Logisch Ontwerp BRP, element 01.10: two proofs, no 0 in front, no digit twice in a row.
    weighted = sum(digit << place for place, digit in enumerate(digits))
    repeated = any(one == other for one, other in pairwise(digits))
    if digits[0] == 0 or repeated or sum(digits) % _PROOF not in {0, 5} or weighted % _PROOF:
        raise Unfit("the A-nummer fails its proof")
    return text


def _oin(value: object) -> str:
    return digits_of(value, (_OIN_DIGITS,), "an OIN")


def _oin_van_rsin(value: object) -> str:
    return _OIN_OF_RSIN + _rsin(value) + _OIN_END


def _rsin_van_oin(value: object) -> str:
    text = _oin(value)
    if not (text.startswith(_OIN_OF_RSIN) and text.endswith(_OIN_END)):
        raise Unfit("the OIN is not made of an RSIN")
    return _rsin(text[len(_OIN_OF_RSIN) : -len(_OIN_END)])


def _bag_identificatie(soort: str = "") -> Apply:
    def apply(value: object) -> str:
        text = digits_of(value, (_BAG_DIGITS,), "a BAG identification")
        found = _bag_soort(text)
        if soort and found != soort:
            raise Unfit(f"the BAG identification is not that of a {soort}")
        return text

    return apply


def _bag_soort(value: object) -> str:
    found = _BAG.get(digits_of(value, (_BAG_DIGITS,), "a BAG identification")[4:6])
    if found is None:
        raise Unfit("the BAG identification is of no kind of object that the BAG has")
    return found


def _postcode(value: object) -> str:
    match = _POSTCODE.match(text_of(value))
    if not match:
        raise Unfit("a postcode has 4 digits and 2 letters")
    return match[1] + match[2].upper()


def _postcode_met_spatie(value: object) -> str:
    text = _postcode(value)
    return f"{text[:4]} {text[4:]}"


FUNCTIONS = (
    Function(
        "bsn",
        "A burgerservicenummer that passes the 11-test, in 9 digits.",
        "text",
        "text",
        always(_bsn),
        (Example("999990019", "999990019"), Example("999990018", FAILS), Example("99999001X", FAILS)),
        inverse="bsn",
    ),
    Function(
        "rsin",
        "An RSIN: 9 digits that pass the 11-test.",
        "text",
        "text",
        always(_rsin),
        (Example("999990019", "999990019"), Example("999990018", FAILS), Example("12345678", FAILS)),
        inverse="rsin",
    ),
    Function(
        "a-nummer",
        "An A-nummer: 10 digits that pass their two proofs.",
        "text",
        "text",
        always(_a_nummer),
        (Example("1234567849", "1234567849"), Example("1234567890", FAILS), Example("0123456789", FAILS)),
        inverse="a-nummer",
    ),
    Function(
        "kvk-nummer",
        "A KvK number: 8 digits, of which a number of JSON has lost the zeros in front.",
        "text",
        "text",
        always(_kvk_nummer),
        (
            Example("12345678", "12345678"),
            Example("01234567", "01234567"),
            Example(1234567, "01234567"),
            Example("1234567", FAILS),
            Example("123456789", FAILS),
        ),
        inverse="kvk-nummer",
    ),
    Function(
        "vestigingsnummer",
        "A vestigingsnummer: 12 digits, of which a number of JSON has lost the zeros in front.",
        "text",
        "text",
        always(_vestigingsnummer),
        (
            Example("000012345678", "000012345678"),
            Example(12345678, "000012345678"),
            Example("12345678", FAILS),
        ),
        inverse="vestigingsnummer",
    ),
    Function(
        "gemeentecode",
        "A gemeentecode: 4 digits, of which a number of JSON has lost the zeros in front.",
        "text",
        "text",
        always(_gemeentecode),
        (Example("0363", "0363"), Example(363, "0363"), Example("363", FAILS)),
        inverse="gemeentecode",
    ),
    Function(
        "oin",
        "An OIN: 20 digits.",
        "text",
        "text",
        always(_oin),
        (Example("00000001999990019000", "00000001999990019000"), Example("999990019", FAILS)),
        inverse="oin",
    ),
    Function(
        "oin-van-rsin",
        "The OIN of an organisation by its RSIN.",
        "text",
        "text",
        always(_oin_van_rsin),
        (Example("999990019", "00000001999990019000"), Example("999990018", FAILS)),
        inverse="rsin-van-oin",
    ),
    Function(
        "rsin-van-oin",
        "The RSIN that an OIN is made of; other OINs are refused.",
        "text",
        "text",
        always(_rsin_van_oin),
        (Example("00000001999990019000", "999990019"), Example("00000003123456780000", FAILS)),
        inverse="oin-van-rsin",
    ),
    Function(
        "bag-identificatie",
        "A BAG identification of 16 digits, of any object or of one kind; a woonplaats has 4 digits.",
        "text",
        "text",
        _bag_identificatie,
        (
            Example("0363010000000001", "0363010000000001"),
            Example("0363200000000001", "0363200000000001", {"soort": "nummeraanduiding"}),
            Example("0363010000000001", FAILS, {"soort": "pand"}),
            Example("0363990000000001", FAILS),
            Example("363010000000001", FAILS),
        ),
        settings=(Setting("soort", "of what kind of object; any when not given", _BAG_KINDS),),
        inverse="bag-identificatie",
    ),
    Function(
        "bag-soort",
        "The kind of object that a BAG identification is of.",
        "text",
        "text",
        always(_bag_soort),
        (Example("0363100000000001", "pand"), Example("0363990000000001", FAILS)),
    ),
    Function(
        "postcode",
        "A postcode without the space, in capitals.",
        "text",
        "text",
        always(_postcode),
        (Example("1234 ab", "1234AB"), Example("1234AB", "1234AB"), Example("0123AB", FAILS)),
        inverse="postcode",
    ),
    Function(
        "postcode-met-spatie",
        "A postcode with a space, in capitals, as it stands on post.",
        "text",
        "text",
        always(_postcode_met_spatie),
        (Example("1234ab", "1234 AB"), Example("0123AB", FAILS)),
        inverse="postcode",
    ),
)
