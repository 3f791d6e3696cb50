"""The persons of one message replaced, in every place where they are named: their own fields, and texts of others.

XML keeps its names, namespaces and values, and is indented for whoever reads it (comments go); JSON keeps its types.
What a field holds is told by its name, of an unknown field by its look. A value that was replaced is replaced wherever
else it stands as a word; of free texts nothing stays but their form. It knows fields; it refuses to know protocols. It
can't see that a label or a code is a person's name: `Report.check` says what a person must read before it is kept.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

from lxml import etree

from hub.config import policy
from hub.mapping.fictitious.dates import is_date, moved, moved_parts
from hub.mapping.fictitious.fields import Kind, kind_of
from hub.mapping.fictitious.invent import Inventor
from hub.security.personal import is_bsn
from hub.wire import xml
from hub.wire.claim import read_claim


class Report(NamedTuple):
    """What was done: how many different values of each kind were replaced, and what a person must still read.

    `neutral`: paths of free texts, whose words are others now. `check`: paths of values that stayed as they were.
    """

    counts: dict[Kind, int]
    neutral: tuple[str, ...]
    check: tuple[str, ...]


def fictitious_message(content: bytes, *, salt: bytes, charset: str = "") -> tuple[bytes, Report]:
    """Rewrite an XML message; raises MessageRefused when it is none."""
    root = xml.parse(content, charset=charset, bytes_max=len(content))
    report = _rewrite(list(_of_element(root, ())), salt)
    etree.indent(root)
    return xml.serialise(root) + b"\n", report


def fictitious_event(event: dict[str, Any], *, salt: bytes) -> tuple[dict[str, Any], Report]:
    """Rewrite an event, or other JSON data."""
    made = copy.deepcopy(event)
    report = _rewrite(list(_of_json(made, "", (), partial(_nothing, made))), salt)
    return made, report


class _Field(NamedTuple):
    """One value. `known` is its indOnvolledigeDatum, `first` the first names beside it, `parts` those of a date."""

    name: str
    above: tuple[str, ...]
    text: str
    put: Callable[[str], None]
    known: str = "V"
    first: str = ""
    parts: dict[str, int] | None = None

    @property
    def path(self) -> str:
        return "/".join(each for each in (*self.above, self.name) if each not in _WRAPPING)


_WRAPPING = frozenset({"Envelope", "Body", "data"})
_TEXTUAL = frozenset({Kind.TEXT, Kind.LABEL, Kind.CODE, Kind.DATE, Kind.PLACE, Kind.LOOK})
_SHORT = frozenset({Kind.HOUSE, Kind.ADDITION, Kind.PREFIX, Kind.INITIALS})
_BY_WORDS = frozenset({Kind.SURNAME, Kind.FIRST, Kind.PERSON})
_SAYS_LITTLE = frozenset({"true", "false", "ja", "nee", "waar", "onwaar", "yes", "no", "onbekend"})
_LITTLE_CHARS_MAX, _LITTLE_DIGITS_MAX = 2, 4

_WORD = re.compile(r"[^\W\d_]+")
_PART = r"[^\s@<>()\"',;:]"
# Begins where a word begins and has an end (RFC 5321 §4.5.3.1): a megabyte without @ is looked at once.
_EMAIL = rf"(?<!{_PART}){_PART}{{1,64}}@{_PART}{{1,251}}\.[A-Za-z]{{2,}}"
_IBAN = r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?!\w)"
_PHONE = r"(?<![\w+])(?:\+31|0031|0)[ -]?(?:\(0\))?(?:\d[ -]?){8}\d(?!\w)"
_POSTCODE = r"(?<!\w)[1-9]\d{3} ?[A-Z]{2}(?!\w)"
_NINE = r"(?<![\d-])(?:\d{9}|\d{4}[. ]\d{2}[. ]\d{3}|\d{3}[. ]\d{3}[. ]\d{3})(?![\d-])"
_DATE = r"(?<!\d)(?:\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|\d{4}-\d{2}-\d{2})(?!\d)"
_TAG = r"</?[A-Za-z][^<>]*>"
_LOOKS = {
    Kind.EMAIL: re.compile(rf"^{_EMAIL}$"),
    Kind.IBAN: re.compile(rf"^{_IBAN}$"),
    Kind.PHONE: re.compile(rf"^{_PHONE}$"),
    Kind.POSTCODE: re.compile(rf"^{_POSTCODE}$", re.IGNORECASE),
    Kind.IDENTIFICATION: re.compile(
        r"^(?=(?:.*\d){5})[\d.\-/]+$|^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"
    ),
}
_FILLERS = ("", "x", "de", "een", "vaak", "tekst", "zonder", "woorden", "gebruikt", "voorbeeld")
_DIGITS = "1234567890"


def _rewrite(fields: list[_Field], salt: bytes) -> Report:
    told = [(each, *_kind(each)) for each in fields]
    named = [(each, kind) for each, kind, _ in told if kind not in _TEXTUAL]
    inventor = Inventor(salt, (each.text for each, _ in named))
    known: dict[str, str] = {}
    for field, kind in named:
        known.update(_literals(field, kind, inventor))
    rewriting = _Rewriting(inventor, known, _days([each for each, kind, _ in told if kind is Kind.DATE], inventor))
    changed: dict[Kind, set[str]] = {}
    neutral: set[str] = set()
    check: set[str] = set()
    for field, kind, sure in told:
        made = rewriting.made(field, kind)
        if made != field.text:
            field.put(made)
            changed.setdefault(kind, set()).add(field.text.casefold())
        if kind is Kind.TEXT:
            neutral.add(field.path)
        elif kind is Kind.LABEL or not sure:
            check.add(field.path)
    counts = {kind: len(changed[kind]) for kind in Kind if kind in changed}
    return Report(counts, tuple(sorted(neutral)), tuple(sorted(check)))


class _Rewriting:
    """Gives what stands for each value. `known`: replaced values, to find them back in other texts."""

    def __init__(self, inventor: Inventor, known: dict[str, str], days: int) -> None:
        self._inventor = inventor
        self._known = known
        self._days = days
        literals = "|".join(map(_literal, sorted(known, key=len, reverse=True)))
        self._swept = re.compile("|".join(filter(None, (literals, _EMAIL, _IBAN, _NINE))), re.IGNORECASE)
        looks = (_TAG, literals, _EMAIL, _IBAN, _DATE, _NINE, _PHONE, _POSTCODE)
        self._found = re.compile("|".join(filter(None, looks)), re.IGNORECASE)

    def made(self, field: _Field, kind: Kind) -> str:
        """Give what stands for the value of a field."""
        text = field.text
        match kind:
            case Kind.CODE:
                made = text
            case Kind.LABEL:
                made = self._swept.sub(lambda found: self._token(found[0]) or found[0], text)
            case Kind.TEXT:
                made = self._neutral(text)
            case Kind.DATE if field.parts is not None:
                field.parts.update(moved_parts(field.parts, self._days))
                made = str(field.parts["jaar"])
            case Kind.DATE:
                made = moved(text, self._days, known=field.known)
            case Kind.INITIALS:
                first = self._inventor.value(Kind.FIRST, field.first) if field.first else ""
                made = self._inventor.initials(text, first)
            case _:
                made = self._inventor.value(kind, text)
        return made

    def _neutral(self, text: str) -> str:
        """Give a text of the same form, without its words: what is known of persons is replaced as everywhere."""
        made, end = [], 0
        for found in self._found.finditer(text):
            token = self._token(found[0])
            if token:
                made += [self._filled(text[end : found.start()]), token]
                end = found.end()
        return "".join((*made, self._filled(text[end:])))

    def _token(self, text: str) -> str:
        """Give what stands for a part of a text; nothing when it is nobody's."""
        if text.casefold() in self._known:
            return self._known[text.casefold()]
        if text.startswith("<"):
            return re.sub(r"^(</?\w+).*?(/?>)$", r"\1\2", text, flags=re.DOTALL)
        if "@" in text:
            return self._inventor.value(Kind.EMAIL, text)
        if is_date(text):
            return moved(text, self._days)
        for kind in (Kind.PHONE, Kind.POSTCODE, Kind.IBAN):
            if _LOOKS[kind].match(text):
                return self._inventor.value(kind, text)
        return self._inventor.number(text) if is_bsn(re.sub(r"[. ]", "", text)) else ""

    def _filled(self, text: str) -> str:
        return re.sub(r"\d+", self._digits, _WORD.sub(self._word, text))

    def _word(self, found: re.Match[str]) -> str:
        size = len(found[0])
        filler = _FILLERS[size] if size < len(_FILLERS) else ("voorbeeld" + "tekst" * size)[:size]
        if self._inventor.is_real(filler):
            filler = "x" * size
        return filler.upper() if found[0].isupper() else filler.capitalize() if found[0][0].isupper() else filler

    def _digits(self, found: re.Match[str]) -> str:
        size = len(found[0])
        digits = (_DIGITS * size)[:size]
        return "9" * size if digits == found[0] or self._inventor.is_real(digits) else digits


def _kind(field: _Field) -> tuple[Kind, bool]:
    """Give what a field holds, and whether its name says so."""
    kind = kind_of(field.name, field.above)
    if kind is Kind.CONTENT and field.name == "inhoud" and read_claim(field.text) is None:
        return Kind.TEXT, True
    if kind not in (None, Kind.LOOK):
        return kind or Kind.LOOK, True
    return _look(field.text), False


def _look(text: str) -> Kind:
    """Tell by its look what a value of an unknown name holds."""
    if read_claim(text) is not None:
        return Kind.CONTENT
    if is_bsn(text):
        return Kind.ELEVEN
    if is_date(text):
        return Kind.DATE
    for kind, look in _LOOKS.items():
        if look.match(text):
            return kind
    digits = text.replace(".", "").replace("-", "").replace(",", "")
    little = len(text) <= _LITTLE_CHARS_MAX or (digits.isdecimal() and len(digits) <= _LITTLE_DIGITS_MAX)
    return Kind.CODE if little or text.casefold() in _SAYS_LITTLE else Kind.TEXT


def _literals(field: _Field, kind: Kind, inventor: Inventor) -> Iterator[tuple[str, str]]:
    """Give a replaced value and its words, each with what stands for it: what to look for in other texts."""
    if kind in _SHORT:
        return
    if len(field.text) >= policy.SWEPT_CHARS_MIN:
        yield field.text.casefold(), inventor.value(kind, field.text)
    for word in _WORD.findall(field.text) if kind in _BY_WORDS else ():
        if len(word) >= policy.SWEPT_CHARS_MIN and word != field.text:
            yield word.casefold(), inventor.value(Kind.FIRST if kind is Kind.FIRST else Kind.SURNAME, word)


def _literal(text: str) -> str:
    """Give the pattern of a text that is no part of a longer word or number."""
    edge = {True: r"[^\W\d_]", False: r"\d"}
    before = rf"(?<!{edge[text[0].isalpha()]})" if text[0].isalnum() else ""
    after = rf"(?!{edge[text[-1].isalpha()]})" if text[-1].isalnum() else ""
    return before + re.escape(text) + after


def _days(dates: list[_Field], inventor: Inventor) -> int:
    """Choose how far to move: back, and so that no date becomes another real date of the message."""
    real = {each.text for each in dates}
    span = policy.MOVED_DAYS_MAX - policy.MOVED_DAYS_MIN
    begin = inventor.pick("days", span)
    choices = [-policy.MOVED_DAYS_MIN - (begin + more) % span for more in range(span)]
    whole = [each.text for each in dates if is_date(each.text)]
    return next((days for days in choices if not any(moved(each, days) in real for each in whole)), choices[0])


def _of_element(element: etree._Element, above: tuple[str, ...]) -> Iterator[_Field]:
    """Give the values in an element and below it."""
    waiting = [(element, above)]
    while waiting:
        current, around = waiting.pop()
        name = xml.local_name(current)
        here = (*around, name)
        for key, value in current.items():
            if value.strip() and not str(key).startswith(f"{{{xml.XSI}}}"):
                yield _Field(f"@{etree.QName(key).localname}", here, str(value), partial(current.set, key))
        text = current.text or ""
        if text.strip():
            known = next(
                (str(value) for key, value in current.items() if str(key).endswith("indOnvolledigeDatum")), "V"
            )
            put = partial(_put_text, current, text)
            yield _Field(name, around, text.strip(), put, known=known, first=_first_beside(current, name))
        if (current.tail or "").strip():
            yield _Field("tekst", around, (current.tail or "").strip(), partial(_put_tail, current))
        waiting.extend((each, here) for each in reversed(list(current.iterchildren("*"))))


def _of_json(value: Any, name: str, above: tuple[str, ...], put: Callable[[Any], None]) -> Iterator[_Field]:  # noqa: ANN401 - JSON
    """Give the values in JSON data and below it; it has at most as many levels as its parser takes."""
    if isinstance(value, dict):
        if _is_incomplete_date(value):
            yield _Field(f"{name}datum", above, str(value["jaar"]), partial(_nothing, value), parts=value)
            return
        here = (*above, name) if name else above
        for key in value:
            first = value.get("voornamen") if key == "voorletters" else None
            for each in _of_json(value[key], key, here, partial(value.__setitem__, key)):
                yield each._replace(first=first) if isinstance(first, str) else each
    elif isinstance(value, list):
        for at, each in enumerate(value):
            yield from _of_json(each, name, above, partial(value.__setitem__, at))
    elif isinstance(value, str) and value.strip():
        yield _Field(name, above, value, put)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield _Field(name, above, str(value), partial(_put_number, type(value), put))


def _is_incomplete_date(value: dict[str, Any]) -> bool:
    return (
        "jaar" in value
        and value.keys() <= {"jaar", "maand", "dag"}
        and all(type(each) is int for each in value.values())
    )


def _first_beside(element: etree._Element, name: str) -> str:
    if name != "voorletters":
        return ""
    return next(
        ((each.text or "").strip() for each in element.itersiblings("{*}voornamen", preceding=True)), ""
    ) or next(((each.text or "").strip() for each in element.itersiblings("{*}voornamen")), "")


def _put_text(element: etree._Element, before: str, made: str) -> None:
    element.text = before.replace(before.strip(), made, 1)


def _put_tail(element: etree._Element, made: str) -> None:
    element.tail = made


def _put_number(of: type[int | float], put: Callable[[Any], None], made: str) -> None:
    try:
        put(of(made))
    except ValueError:
        put(of())  # what is no number any more says nothing either


def _nothing(_whole: object, _made: object) -> None:
    """Leave it: the value changes in its place."""
