"""Values that stand for real ones: the same for the same, never a real one of the message, and not to be traced back.

What is right about a number stays right, and what is wrong stays wrong: a BSN that fails the 11-test makes one that
fails it. It knows numbers, names and addresses; it refuses to know messages. The salt is forgotten by whoever gave it.
"""

from __future__ import annotations

import hmac
import re
import string
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import PurePath

from hub.config import policy
from hub.mapping.fictitious.fields import Kind
from hub.security.personal import BSN_DIGITS, is_bsn
from hub.wire.claim import Claim, read_claim

_STEMS = ("Abel", "Brem", "Cor", "Dorr", "Elz", "Fenn", "Gild", "Hamm", "Iepen", "Jorr", "Kell", "Lomm", "Munn", "Noll",
          "Orr", "Pell", "Quir", "Roff", "Stell", "Tamm", "Uding", "Venn", "Wemm", "Yss", "Zell")  # fmt: skip
_SURNAMES = ("inga", "ema", "straat", "aard", "beker", "hofman", "mans", "velder", "wijker", "oord")
_FIRSTS = ("Ba", "De", "Fe", "Ga", "Hi", "Jo", "Li", "Mi", "No", "Pa", "Ra", "Sa", "Ti", "Wu", "Ze")
_FIRST_ENDS = ("bran", "delin", "fomo", "kerik", "lona", "nisse", "ravi", "teko", "vinne", "zamir")
_PREFIXES = ("van", "de", "van de", "van der", "ter", "ten", "op den", "in 't")
_STREETS = ("straat", "laan", "weg", "plein", "hof", "pad", "kade", "dreef")
_TOWNS = ("dorp", "stad", "veen", "drecht", "huizen", "broek")
_ADDITIONS = ("bis", "hs", "rd", "bov", "lnk", "acht")

_UUID = re.compile(r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")
_HEXADECIMAL = re.compile(r"^[0-9a-f]{32,}$")
_IBAN = re.compile(r"^([A-Z]{2})\d{2}([A-Z0-9]{10,30})$")
_POSTCODE = re.compile(r"^\d{4}( ?)[A-Za-z]{2}$")
_EMAIL = re.compile(r"^[^\s@]+@[^\s@]+\.[A-Za-z]{2,}$")
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_PREFIX_DIGITS = 4
"""An identification begins with the gemeentecode: that of no person."""
_BAG_DIGITS, _BAG_PREFIX_DIGITS = 16, 6
"""An identification of the BAG says after the gemeentecode what it identifies."""
_LONG_DIGITS = 8
_METRES_MIN = 1000.0
"""A coordinate above it is in metres (RD), below it in degrees."""

Make = Callable[[int], str]


class Inventor:
    """Invents for one message. `real` are the values that are replaced: none of them is ever invented."""

    def __init__(self, salt: bytes, real: Iterable[str]) -> None:
        """Take a salt that nobody keeps."""
        self._salt = salt
        self._real = {each.casefold() for each in real}
        self._words = {word.casefold() for each in self._real for word in _WORD.findall(each)}
        self._made: dict[tuple[str, str], str] = {}
        self._taken: dict[str, set[str]] = {}
        self._by_kind: dict[Kind, Callable[[str], str]] = {
            Kind.ELEVEN: self.number,
            Kind.NUMBER: self.number,
            Kind.SURNAME: lambda real: _by_word(real, lambda word: self._name("surname", word, _surname)),
            Kind.FIRST: lambda real: _by_word(real, lambda word: self._name("first", word, _first)),
            Kind.INITIALS: lambda real: self.initials(real, ""),
            Kind.PERSON: lambda real: self._name("person", real, lambda at: f"{_first(at)} {_surname(at // 7)}"),
            Kind.COMPANY: lambda real: self._name("company", real, lambda at: f"Voorbeeldbedrijf {_surname(at)}"),
            Kind.STREET: lambda real: self._name("street", real, lambda at: _surname(at) + _at(_STREETS, at // 250)),
            Kind.TOWN: lambda real: self._name("town", real, lambda at: _at(_STEMS, at) + _at(_TOWNS, at // 25)),
            Kind.PREFIX: lambda real: self._once("prefix", real, lambda at: _cased(_at(_PREFIXES, at), real)),
            Kind.POSTCODE: self._postcode,
            Kind.HOUSE: self._house,
            Kind.ADDITION: self._addition,
            Kind.PHONE: self._phone,
            Kind.EMAIL: self._email,
            Kind.IBAN: self._iban,
            Kind.IDENTIFICATION: self.identification,
            Kind.CONTENT: self._content,
            Kind.FILE: self._file,
            Kind.LINK: lambda real: self._once("link", real, lambda at: f"https://example.nl/{at % 10**8:08}"),
            Kind.PLACE: self._coordinates,
        }

    def value(self, kind: Kind, real: str) -> str:
        """Give what stands for a value of this kind."""
        make = self._by_kind.get(kind, self._look)
        return make(real)

    def number(self, real: str) -> str:
        """Give a number of as many digits; one of nine passes the 11-test when the real one does, and only then."""
        digits = re.sub(r"[. -]", "", real)
        if not digits.isdecimal():
            return self._look(real)
        if len(digits) == BSN_DIGITS:
            return _spread(self._once("eleven", digits, lambda at: _eleven(at, right=is_bsn(digits))), real)
        zeros = len(digits) - len(digits.lstrip("0"))
        made = self._once("number", digits, lambda at: "0" * zeros + _digits(at, len(digits) - zeros))
        return _spread(made, real)

    def initials(self, real: str, first: str) -> str:
        """Give initials in the form of the real ones: of the invented names `first`, or any."""
        letters = iter(word[0] for word in _WORD.findall(first))

        def initial(found: re.Match[str]) -> str:
            if len(found[0]) > 1 and not found[0].isupper():
                return _cased(self._name("first", found[0], _first), found[0])
            return "".join(
                _cased(
                    next(letters, "") or self._once("initial", each, lambda at: _at(string.ascii_uppercase, at)), each
                )
                for each in found[0]
            )

        return _WORD.sub(initial, real)

    def identification(self, real: str) -> str:
        """Give an identification of the same look; letters and the gemeentecode in front of it stay."""
        if _UUID.match(real) or _HEXADECIMAL.match(real):
            return self._once("hexadecimal", real, lambda at: _as_hexadecimal(real, self._stream("hex", real, at)))
        digits = sum(each.isdecimal() for each in real)
        if digits <= 2:  # noqa: PLR2004 - with so few digits it is the letters that tell it apart
            return self._look(real)
        if real.isdecimal() and digits == BSN_DIGITS:
            return self.number(real)
        kept = _BAG_PREFIX_DIGITS if digits == _BAG_DIGITS else _PREFIX_DIGITS if digits >= _LONG_DIGITS else 0
        return self._once(
            "identification", real, lambda at: _with_digits(real, self._stream("id", real, at), kept=kept)
        )

    def pick(self, what: str, count: int) -> int:
        """Give a number below `count` for something that is said once in a message."""
        return self._number(what, "", 0) % count

    def is_real(self, text: str) -> bool:
        """Say whether a text is a value that is replaced."""
        return text.casefold() in self._real or text.casefold() in self._words

    def _name(self, what: str, real: str, make: Make) -> str:
        made = self._once(what, real, lambda at: _cased(make(at), real))
        # A name that is too long for a field stays too long for it.
        return made if len(real) <= policy.NAME_CHARS_MAX else (f"{made} " * len(real))[: len(real)].strip("- ") + "x"

    def _postcode(self, real: str) -> str:
        found = _POSTCODE.match(real)
        if not found:
            return self._look(real)
        key = real.replace(" ", "").upper()

        def make(at: int) -> str:
            return f"{9000 + at % 1000}{_at('UVWXYZ', at // 1000)}{_at('UVWXYZ', at // 6000)}"

        made = self._once("postcode", key, make)
        return _cased(f"{made[:4]}{found[1]}{made[4:]}", real)

    def _house(self, real: str) -> str:
        return self._once("house", real, lambda at: str(1 + at % 399)) if real.isdecimal() else self._look(real)

    def _addition(self, real: str) -> str:
        if len(real) <= 1 or not real.isalpha():
            return self._look(real)
        return self._once("addition", real, lambda at: _cased(_at(_ADDITIONS, at), real))

    def _phone(self, real: str) -> str:
        digits = re.sub(r"\D", "", real)
        code = next((each for each in ("0031", "31") if digits.startswith(each) and len(digits) == len(each) + 9), "")
        if not code and not (digits.startswith("0") and len(digits) == 10):  # noqa: PLR2004 - of a Dutch number
            return self._look(real)
        rest = digits.removeprefix(code) if code else digits[1:]
        # 060 and 099 are given to nobody (Nummerplan telefoon- en ISDN-diensten).
        begin = "60" if rest.startswith("6") else "99"
        made = self._once("phone", rest, lambda at: begin + _digits(at, 7, first="0"))
        return _spread((code or "0") + made, real)

    def _email(self, real: str) -> str:
        if not _EMAIL.match(real):
            return self._look(real)
        return self._once("email", real, lambda at: f"{_first(at).lower()}{at % 997}@example.nl")

    def _iban(self, real: str) -> str:
        found = _IBAN.match(real.replace(" ", "").upper())
        if not found or _check_digits(found[1], found[2]) != real.replace(" ", "")[2:4]:
            return self._look(real)
        size = len(found[2])

        def make(at: int) -> str:
            account = "TEST" + _digits(at, size - 4) if found[2][:4].isalpha() else _digits(at, size)
            return f"{found[1]}{_check_digits(found[1], account)}{account}"

        return _spread(self._once("iban", real.replace(" ", ""), make), real)

    def _content(self, real: str) -> str:
        claim = read_claim(real)
        if claim is None:
            return self.identification(real)
        return Claim(self.identification(claim.reference), claim.size_bytes, self.identification(claim.sha256)).text()

    def _file(self, real: str) -> str:
        suffix = PurePath(real).suffix
        kept = suffix if len(suffix) <= policy.FILE_SUFFIX_CHARS_MAX else ""
        return self._once("file", real, lambda at: f"bestand-{at % 10_000:04}{kept}")

    def _coordinates(self, real: str) -> str:
        """Move every number of a geometry by the same distance: some kilometres."""
        away = 1 + self.pick("place", 9)

        def moved(found: re.Match[str]) -> str:
            decimals = len(found[0].partition(".")[2])
            step = away * 1000.0 if abs(float(found[0])) >= _METRES_MIN else away * 0.01
            return f"{float(found[0]) + step:.{max(decimals, 0 if step >= _METRES_MIN else 2)}f}"

        return _NUMBER.sub(moved, real)

    def _look(self, real: str) -> str:
        return self._once("look", real, lambda at: _with_look(real, self._stream("look", real, at)))

    def _once(self, what: str, real: str, make: Make) -> str:
        """Make it once: the same for the same, another for another, and nothing that is real."""
        key = (what, real.casefold())
        if key in self._made:
            return self._made[key]
        taken = self._taken.setdefault(what, set())
        made = ""
        for attempt in range(policy.INVENT_ATTEMPTS_MAX):
            made = make(self._number(what, real, attempt))
            if made.casefold() not in taken and not self._is_known(made):
                break
        taken.add(made.casefold())
        self._made[key] = made
        return made

    def _is_known(self, made: str) -> bool:
        folded = made.casefold()
        return folded in self._real or any(
            len(word) >= policy.SWEPT_CHARS_MIN and word in self._words for word in _WORD.findall(folded)
        )

    def _number(self, what: str, real: str, attempt: int) -> int:
        message = f"{what}\0{real.casefold()}\0{attempt}".encode()
        return int.from_bytes(hmac.digest(self._salt, message, sha256), "big")

    def _stream(self, what: str, real: str, at: int) -> Callable[[], int]:
        """Give numbers, as many as are asked for."""
        seed = hmac.digest(self._salt, f"{what}\0{real.casefold()}\0{at}".encode(), sha256)
        state = [int.from_bytes(seed, "big"), 0]

        def more() -> int:
            if state[0] < 2**16:
                state[1] += 1
                state[0] = int.from_bytes(sha256(seed + str(state[1]).encode()).digest(), "big")
            state[0], rest = divmod(state[0], 2**16)
            return rest

        return more


def _surname(at: int) -> str:
    return _at(_STEMS, at) + _at(_SURNAMES, at // len(_STEMS))


def _first(at: int) -> str:
    return _at(_FIRSTS, at) + _at(_FIRST_ENDS, at // len(_FIRSTS))


def _eleven(at: int, *, right: bool) -> str:
    """Give nine digits of the range that no person has: 9999 (the test range of the BRP)."""
    first = f"9999{at % 10_000:04}"
    last = sum(weight * int(digit) for weight, digit in zip(range(9, 1, -1), first, strict=True)) % 11
    if last > 9:  # noqa: PLR2004 - no digit makes it right
        return _eleven(at + 1, right=right)
    return first + str(last if right else (last + 1) % 10)


def _check_digits(country: str, account: str) -> str:
    """ISO 7064 MOD 97-10, as of an IBAN."""
    number = "".join(str(int(each, 36)) for each in f"{account}{country}00")
    return f"{98 - int(number) % 97:02}"


def _digits(at: int, size: int, *, first: str = "") -> str:
    made = f"{at % 10**size:0{size}}" if size else ""
    return made if first or not made.startswith("0") else "9" + made[1:]


def _spread(digits: str, look: str) -> str:
    """Put the characters of `digits` at the places of those of `look`; what stands between them stays."""
    found = iter(digits)
    spread = "".join(next(found, "") if each.isalnum() else each for each in look)
    return spread + "".join(found)


def _with_digits(look: str, more: Callable[[], int], *, kept: int) -> str:
    made, seen = [], 0
    for each in look:
        seen += each.isdecimal()
        made.append(str(more() % 10) if each.isdecimal() and seen > kept else each)
    return "".join(made)


def _with_look(look: str, more: Callable[[], int]) -> str:
    def like(each: str) -> str:
        if each.isdecimal():
            return str(more() % 10)
        if not each.isalpha():
            return each
        return _cased(_at(string.ascii_lowercase, more()), each)

    return "".join(map(like, look))


def _as_hexadecimal(look: str, more: Callable[[], int]) -> str:
    return "".join(_cased(f"{more() % 16:x}", each) if each in string.hexdigits else each for each in look)


def _by_word(real: str, make: Callable[[str], str]) -> str:
    return _WORD.sub(lambda found: _cased(make(found[0]), found[0]), real)


def _cased(made: str, real: str) -> str:
    letters = [each for each in real if each.isalpha()]
    if letters and all(each.isupper() for each in letters) and (len(letters) > 1 or len(made) == 1):
        return made.upper()
    return made.lower() if letters and all(each.islower() for each in letters) else made


def _at(values: tuple[str, ...] | str, at: int) -> str:
    return values[at % len(values)]
