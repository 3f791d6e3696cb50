"""What must never stand in a file: secrets, and data of persons.

It knows how such values look and under which names they stand. It never repeats one.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

from hub.config.yaml import Node, Place
from hub.mapping.lint.findings import Finding
from hub.mapping.lint.written import File
from hub.security.personal import NOBODYS

_SECRET_NAME = re.compile(
    r"(?:^|[^a-z])(?:secret|password|passwd|wachtwoord|token|api[_-]?key|x-api-key|private[_-]?key|credentials?|key)$",
    re.IGNORECASE,
)
_VARIABLE = re.compile(r"\$\{[^}]*\}")
_ORGANISATION = re.compile(r"rsin|organisatie|\boin\b|nnpid", re.IGNORECASE)
_OFFICE = re.compile(
    r"^(?:info|contact|gemeente|postbus|noreply|no-reply|no_reply|servicedesk|helpdesk|klantcontact|kcc|beheer|support"
    r"|functioneelbeheer|privacy|security|webmaster|loket|balie|post|mail|zaakhub)(?:[._+-].*)?$",
    re.IGNORECASE,
)
_RESERVED = re.compile(r"(?:^|\.)(?:example(?:\.(?:com|net|org|nl))?|test|invalid|localhost)$", re.IGNORECASE)
_DIGITS_MIN = 4
"""Names of messages and types have two or three: `voegZaakdocumentToe_Lk01`."""
_BITS_MIN = 3.6
"""Entropy per character above which a word of letters and digits was made by a machine; Dutch words have about 3."""


class _Pattern(NamedTuple):
    rule_id: str
    found: re.Pattern[str]
    what: str
    is_one: Callable[[str, str], bool]


def _always(_: str, __: str) -> bool:
    return True


def _bsn(digits: str, beside: str) -> bool:
    """Tell a BSN that could be somebody's: the 11-test, not the range for tests, and not called an organisation."""
    if digits in NOBODYS:
        return False
    numbers = [int(each) for each in digits]
    total = sum(weight * each for weight, each in zip((9, 8, 7, 6, 5, 4, 3, 2, -1), numbers, strict=True))
    return total % 11 == 0 and any(numbers) and not digits.startswith("9999") and not _ORGANISATION.search(beside)


def _iban(text: str, _: str) -> bool:
    packed = text.replace(" ", "").upper()
    return int("".join(str(int(each, 36)) for each in packed[4:] + packed[:4])) % 97 == 1


def _somebody(address: str, _: str) -> bool:
    name, _, domain = address.partition("@")
    return not _OFFICE.match(name) and not _RESERVED.search(domain)


def _random(word: str, beside: str) -> bool:
    counts = Counter(word)
    bits = -sum(n / len(word) * math.log2(n / len(word)) for n in counts.values())
    mixed = sum(each.isdigit() for each in word) >= _DIGITS_MIN and any(each.isalpha() for each in word)
    return mixed and bits >= _BITS_MIN and "/" not in beside[-1:] and not _UUID.match(word)


_UUID = re.compile(r"^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$", re.IGNORECASE)
_PATTERNS = (
    _Pattern("secret-literal", re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"), "a private key", _always),
    _Pattern(
        "secret-literal",
        re.compile(r"\beyJ[\w-]{6,}\.[\w-]{6,}\.[\w-]*"),
        "a token (JWT)",
        _always,
    ),
    _Pattern("secret-literal", re.compile(r"\b[Bb]earer [\w.~+/=-]{12,}"), "a token", _always),
    _Pattern(
        "secret-literal", re.compile(r"(?<=://)[^\s/:@'\"]+:[^\s/@'\"${}]+(?=@)"), "a password in an address", _always
    ),
    _Pattern("personal-literal", re.compile(r"(?<![\w.,-])\d{9}(?![\w-])"), "a BSN that could be somebody's", _bsn),
    _Pattern(
        "personal-literal",
        re.compile(r"\b[A-Z]{2}\d{2} ?[A-Z]{4} ?(?:\d{4} ?){2}\d{2}\b"),
        "a bank account number",
        _iban,
    ),
    _Pattern(
        "personal-literal",
        re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
        "an e-mail address of a person",
        _somebody,
    ),
    _Pattern(
        "secret-literal",
        re.compile(
            r"(?:password|passwd|wachtwoord|secret|token|api[-_ ]?key)[\"']?\s*[:=]\s*[\"']?(?=\S*\d)[^\s\"',{}$]{6,}",
            re.IGNORECASE,
        ),
        "a password or token",
        _always,
    ),
    _Pattern(
        "personal-literal",
        re.compile(
            r"(?<![\w+])(?:(?:\+|00)31[ -]?(?:\(0\))?[ -]?[1-9](?:[ -]?\d){8}"
            r"|06(?:[ -]?\d){8}|0\d{2,3}[ -]\d{6,7})(?!\w)"
        ),
        "a telephone number",
        _always,
    ),
    _Pattern(
        "secret-literal", re.compile(r"(?<![\w/+-])[A-Za-z0-9_+-]{24,}={0,2}(?![\w/-])"), "a key or token", _random
    ),
)


def literals(file: File) -> Iterator[Finding]:
    """Tell of every secret and every datum of a person in a file, comments too; one finding for each place."""
    taken: set[tuple[int, int]] = set()
    for place, name, width in _named_secrets(file):
        taken |= {(place.line, at) for at in range(place.column, place.column + width)}
        advice = "take it from the environment: ${NAME}; and have it replaced, it is known now"
        yield Finding("secret-literal", place, f"the value of `{name}` is a secret", advice, width=width, secret=True)
    names = _Names(file.root)
    for number, line in enumerate(file.lines, start=1):
        for pattern in _PATTERNS:
            for match in pattern.found.finditer(line):
                at = (number, match.start() + 1)
                if at in taken or not pattern.is_one(match[0], f"{names.above(*at)} {line[: match.start()]}"):
                    continue
                taken |= {(number, column) for column in range(at[1], match.end() + 1)}
                yield _finding(pattern, Place(file.name, *at), len(match[0]))


def _finding(pattern: _Pattern, place: Place, width: int) -> Finding:
    advice = (
        "take it from the environment: ${NAME}; and have it replaced, it is known now"
        if pattern.rule_id == "secret-literal"
        else "remove it; for an example take a fictitious person (a BSN that begins with 9999)"
    )
    return Finding(pattern.rule_id, place, f"this looks like {pattern.what}", advice, width=width, secret=True)


def _named_secrets(file: File) -> Iterator[tuple[Place, str, int]]:
    """Give the texts under a key that says it is a secret, unless they come from the environment."""
    if not file.name.endswith("connection.yaml") or file.root is None:
        return
    for each in file.sets():
        assert isinstance(each.value, dict)
        for name, node in each.value.items():
            if isinstance(node.value, str | int) and _SECRET_NAME.search(name) and not isinstance(node.value, bool):
                text = str(node.value)
                if text and not _VARIABLE.search(text):
                    yield node.place, name, len(text) + (2 if _quoted(file, node.place) else 0)


def _quoted(file: File, place: Place) -> bool:
    return file.lines[place.line - 1][place.column - 1 :][:1] in {"'", '"'}


class _Names:
    """Under which keys every value of a file stands."""

    def __init__(self, root: Node | None) -> None:
        self._starts: list[tuple[int, int]] = []
        self._names: list[str] = []
        if root is not None:
            found = sorted(_keys(root, ()))
            self._starts = [at for at, _ in found]
            self._names = [names for _, names in found]

    def above(self, line: int, column: int) -> str:
        """Give the keys above what stands at a place."""
        at = bisect_right(self._starts, (line, column)) - 1
        return self._names[at] if at >= 0 else ""


def _keys(node: Node, above: tuple[str, ...]) -> Iterator[tuple[tuple[int, int], str]]:
    if isinstance(node.value, dict):
        for name, each in node.value.items():
            yield from _keys(each, (*above, name))
    elif isinstance(node.value, tuple):
        for each in node.value:
            yield from _keys(each, above)
    else:
        yield (node.place.line, node.place.column), " ".join(above)
