"""A message or an event as a flat list: every value by its path. Pure; what is compared field by field begins here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any

from lxml import etree

from hub.wire.xml import local_name


def fields_of_json(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - plain JSON data
    """Give every value by its path; an object or list without any is a value itself."""
    if isinstance(value, dict) and (value or not path):
        for name, each in value.items():
            yield from fields_of_json(each, f"{path}.{name}" if path else name)
    elif isinstance(value, list) and value:
        for at, each in enumerate(value):
            yield from fields_of_json(each, f"{path}[{at}]")
    else:
        yield path, value


def fields_of_xml(
    element: etree._Element, path: str = "", *, ignore: Collection[str] = ()
) -> Iterator[tuple[str, Any]]:
    """Give every text and attribute by its path of local names; what comes more than once is numbered.

    Elements with a local name in `ignore` are left out.
    """
    for name, value in element.items():
        yield f"{path}.@{etree.QName(name).localname}".removeprefix("."), value
    children = [each for each in element.iterchildren("*") if local_name(each) not in ignore]
    if not children:
        yield path, (element.text or "").strip()
    names = Counter(local_name(child) for child in children)
    seen: Counter[str] = Counter()
    for child in children:
        name = local_name(child)
        number = f"[{seen[name]}]" if names[name] > 1 else ""
        seen[name] += 1
        yield from fields_of_xml(child, f"{path}.{name}{number}".removeprefix("."), ignore=ignore)


def general(exact: str) -> str:
    """Give a path with the numbers of items left out: `rollen[3].naam` → `rollen[].naam`."""
    parts = exact.split("[")
    return "[".join([parts[0], *(part[part.index("]") :] for part in parts[1:])])
