"""A message definition (XSD) and what it has against a message, in our own words.

It knows libxml2's kinds of validation error. It refuses to pass its texts on: they repeat values from the message. The
files of a definition are given to it; it opens none.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, cast

from lxml import etree

from hub.wire.xml import XSI, path_of

FINDINGS_MAX = 5
"""What a person reads of a refused message; a wrong order alone can give hundreds."""


class Finding(NamedTuple):
    """One thing wrong: a sentence without values, the path in local names, the line in the message."""

    sentence: str
    path: str
    line: int


class Definition:
    """A compiled XSD; `files` are all its documents by name, `entry` the one to begin with."""

    def __init__(self, files: Mapping[str, bytes], entry: str) -> None:
        parser = etree.XMLParser(no_network=True, resolve_entities=False, load_dtd=False)
        parser.resolvers.add(_Given(files))
        self._schema = etree.XMLSchema(etree.fromstring(files[entry], parser, base_url=f"{_BASE}{entry}"))
        self._one_at_a_time = threading.Lock()

    def check(self, element: etree._Element) -> tuple[Finding, ...]:
        """Validate one element as a whole message; empty when it fits. Takes `xsi:type` off: a sender chooses no types.

        An error of a value comes twice from libxml2 (facet, then type); the first of each element is given.
        """
        etree.strip_attributes(element, f"{{{XSI}}}type")
        # The errors stand in the schema until the next message: of two at once one would have those of the other.
        with self._one_at_a_time:
            if self._schema.validate(element):
                return ()
            errors = list(cast("Iterable[Any]", self._schema.error_log))
        found: dict[str, Finding] = {}
        for error in errors:
            place: str = error.path or ""
            if place not in found and len(found) < FINDINGS_MAX:
                found[place] = Finding(_sentence(error), _path(element, place), error.line)
        return tuple(found.values())


_BASE = "zaakhub:///"


class _Given(etree.Resolver):
    """Gives the documents it was made with, and nothing for any other address."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files

    def resolve(self, url: str, public_id: str, context: object) -> object:  # type: ignore[override]  # noqa: ARG002
        return self.resolve_string(self._files[url.rpartition("/")[2]], context, base_url=url)


_Kinds = etree.ErrorTypes
_EXPECTED = re.compile(r"Expected is (?:one of )?\( ([^'\"]*) \)\.\s*$").search
_ATTRIBUTE = re.compile(r"[Tt]he attribute '([\w.:{}/-]{1,120})' is (?:required but missing|not allowed)\.\s*$").search
_LIMIT = re.compile(r"'(\d{1,6})'[).]*\s*$").search
_TYPE = re.compile(r"atomic type '(?:\{[^}']*\}|xs:)?([\w.-]+)'\.\s*$").search
_NAMESPACE = re.compile(r"\{[^}]*\}")

UNDEFINED = "this message is not defined"
"""The finding of a definition that does not have the message element at all."""

_PLAIN = {
    _Kinds.SCHEMAV_CVC_ELT_1: UNDEFINED,
    _Kinds.SCHEMAV_CVC_ELT_3_1: "this element may not be nil",
    _Kinds.SCHEMAV_CVC_ELT_3_2_1: "an element that is nil must be empty",
    _Kinds.SCHEMAV_CVC_ELT_5_2_2_2_2: "the value is not the one prescribed here",
    _Kinds.SCHEMAV_CVC_AU: "an attribute has not the value prescribed here",
    _Kinds.SCHEMAV_CVC_COMPLEX_TYPE_2_1: "this element must be empty",
    _Kinds.SCHEMAV_CVC_TYPE_3_1_2: "this element holds elements where a value is expected",
    _Kinds.SCHEMAV_CVC_COMPLEX_TYPE_2_2: "this element holds elements where a value is expected",
    _Kinds.SCHEMAV_CVC_COMPLEX_TYPE_2_3: "this element holds text where elements are expected",
    _Kinds.SCHEMAV_CVC_COMPLEX_TYPE_3_1: "an attribute has not the value prescribed here",
    _Kinds.SCHEMAV_CVC_PATTERN_VALID: "the value has not the prescribed form",
    _Kinds.SCHEMAV_CVC_ENUMERATION_VALID: "the value is not one of those allowed",
}
_LIMITED = {
    _Kinds.SCHEMAV_CVC_MAXLENGTH_VALID: "the value is longer than {} characters",
    _Kinds.SCHEMAV_CVC_MINLENGTH_VALID: "the value is shorter than {} characters",
    _Kinds.SCHEMAV_CVC_LENGTH_VALID: "the value is not {} characters long",
    _Kinds.SCHEMAV_CVC_TOTALDIGITS_VALID: "the value has more than {} digits",
    _Kinds.SCHEMAV_CVC_MININCLUSIVE_VALID: "the value is less than {}",
    _Kinds.SCHEMAV_CVC_MAXINCLUSIVE_VALID: "the value is more than {}",
}


def _sentence(error: etree._LogEntry) -> str:
    """Translate by kind. What is quoted from the text stands at its end, where only words of the definition can."""
    message = error.message or ""
    if error.type == _Kinds.SCHEMAV_ELEMENT_CONTENT:
        expected = _EXPECTED(message)
        names = _NAMESPACE.sub("", expected[1])[:300] if expected else ""
        what = "an element is missing" if "Missing child element" in message else "this element is not expected here"
        return f"{what}; expected: {names}" if names else what
    if error.type in _LIMITED:
        limit = _LIMIT(message)
        return _LIMITED[error.type].format(limit[1] if limit else "allowed")
    if error.type in (_Kinds.SCHEMAV_CVC_COMPLEX_TYPE_4, _Kinds.SCHEMAV_CVC_COMPLEX_TYPE_3_2_1):
        attribute = _ATTRIBUTE(message)
        name = _NAMESPACE.sub("", attribute[1]) if attribute else "?"
        missing = error.type == _Kinds.SCHEMAV_CVC_COMPLEX_TYPE_4
        return f"the attribute {name} is missing" if missing else f"the attribute {name} is not allowed here"
    if error.type == _Kinds.SCHEMAV_CVC_DATATYPE_VALID_1_2_1:
        kind = _TYPE(message)
        return f"the value does not fit the type {kind[1]}" if kind else "the value does not fit its type"
    return _PLAIN.get(error.type, "this element does not fit the definition of the message")


def _path(message: etree._Element, found: str) -> str:
    """Give libxml2's path (`/*/*[3]/BG:x[2]`) in local names; it counts places per step from the message down."""
    current = message
    for step in found.split("/")[2:]:
        name, _, place = step.partition("[")
        number = int(place.rstrip("]") or 1) if place else 1
        wanted = name.rpartition(":")[2]
        matching = [child for child in current if wanted == "*" or _qname(child) == name]
        if number > len(matching):
            return path_of(current, below=message)
        current = matching[number - 1]
    return path_of(current, below=message)


def _qname(element: etree._Element) -> str:
    prefix = f"{element.prefix}:" if element.prefix else ""
    return prefix + str(element.tag).rpartition("}")[2]
