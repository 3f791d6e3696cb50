"""Whom a message is about: the BSNs in it, by the names of the fields that hold them, and the key of a person. Pure.

The canonical models call such a field `bsn`, ZGW `inpBsn`, StUF `inp.bsn`; a form may send it as the value of an
eigenschap that it calls so. It refuses to guess: nine digits that pass the 11-test under another name may be the number
of an organisation, or of nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from lxml import etree

from hub.ports.contracts import Document
from hub.security.personal import BSN_DIGITS, NOBODYS, Bsn, is_bsn
from hub.wire.xml import local_name

_NAME = re.compile(r"bsn|burgerservicenummer", re.IGNORECASE).search
_ANY_NAME = re.compile(rb"bsn|burgerservicenummer", re.IGNORECASE).search


Pseudonym = Callable[[Bsn], str]
"""What stands for a person where no BSN may: the same one the same way, and only who has the key finds it."""


def keyed(document: Document, pseudonym: Pseudonym) -> Document:
    """Give a document with keys that say nothing: of what is about a person, a pseudonym keeps the order."""
    if document.person is None:
        return document
    key = f"persoon-{pseudonym(document.person)}"
    return document._replace(zaak=key, subject=key)


def persons_of_event(value: bytes, data: Any) -> set[Bsn]:  # noqa: ANN401 - JSON data
    """Give the BSNs in the data of an event; `value` are its bytes, which mostly say at once that there are none."""
    return set(_in_data(data, of_person=False)) if _ANY_NAME(value) else set()


def persons_of_document(body: etree._Element | dict[str, Any]) -> set[Bsn]:
    """Give the BSNs in a message as it came."""
    if isinstance(body, dict):
        return set(_in_data(body, of_person=False))
    return {
        bsn
        for element in body.iter("*")
        if any(map(_NAME, (local_name(element), *map(str, element.attrib.values()))))
        and (bsn := _bsn(element.text or "")) is not None
    }


def _in_data(data: Any, *, of_person: bool) -> Iterator[Bsn]:  # noqa: ANN401 - JSON data
    match data:
        case dict():
            called = data.get("naam")
            so_called = isinstance(called, str) and _NAME(called) is not None
            for name, value in data.items():
                yield from _in_data(value, of_person=(so_called and name == "waarde") or _NAME(name) is not None)
        case list():
            for value in data:
                yield from _in_data(value, of_person=of_person)
        case str() | int() if of_person and (bsn := _bsn(str(data))) is not None:
            yield bsn


def _bsn(written: str) -> Bsn | None:
    """Read a BSN as people and systems write it; some leave out the zero it begins with."""
    digits = re.sub(r"[\s.-]", "", written) if len(written) < 3 * BSN_DIGITS else ""
    digits = f"0{digits}" if len(digits) == BSN_DIGITS - 1 else digits
    return Bsn(digits) if is_bsn(digits) and digits not in NOBODYS else None
