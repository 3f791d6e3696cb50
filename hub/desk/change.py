"""Content with some fields changed, and what differs between two contents, field by field. Pure.

It knows JSON and XML. It refuses to know whether what comes out is right: that is for the model, the adapter and the
mapping.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

import orjson
from lxml import etree

from hub.config import policy
from hub.desk.display import JSON, XML, media_of
from hub.errors import ActRefused, MessageRefused
from hub.flow.fields import fields_of_json, fields_of_xml
from hub.wire import xml
from hub.wire.xml import local_name

LAYOUT = "(layout)"
"""The path of what differs and is no field: comments, white space, text between elements."""

_INDEX = re.compile(r"\[(\d+)\]")
_NUMBER = re.compile(r"[0-9]{1,9}")
_ABSENT = object()


class Difference(NamedTuple):
    """One field that differs; `before` and `after` are None where there is none, and `kind` tells that from null."""

    path: str
    kind: Literal["anders", "nieuw", "weg"]
    before: Any
    after: Any


def changed(content: bytes, changes: Mapping[str, Any]) -> bytes:
    """Give the content with other values: path of a field → value; None clears it.

    Paths are those of `differences`; of JSON also with dots before the number of an item. Raises ActRefused for a path
    that is not there, or content that has no fields.
    """
    match media_of(content):
        case "application/json":
            data = read_json(content)
            for path, value in changes.items():
                _put(data, path, value)
            return orjson.dumps(data)
        case "application/xml":
            root = _parsed(content)
            places = {path: (element, attribute) for path, element, attribute in _places(root)}
            for path, value in changes.items():
                if path not in places:
                    raise _no_such(path)
                _set(*places[path], value)
            return xml.serialise(root)
        case _:
            raise ActRefused(
                "this content has no fields",
                code="geen-velden",
                advice="replace it as a whole: zaakhub failures edit ID --file message.txt",
            )


def differences(before: bytes, after: bytes) -> list[Difference]:
    """Tell which fields differ."""
    differ = differences_of(_fields(before), _fields(after))
    return differ or ([Difference(LAYOUT, "anders", None, None)] if before != after else [])


def differences_of(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Tell which fields differ, of fields by their paths."""
    paths = dict.fromkeys((*before, *after))
    found = (_difference(path, before.get(path, _ABSENT), after.get(path, _ABSENT)) for path in paths)
    return [each for each in found if each is not None]


def fields_of(body: dict[str, Any] | bytes) -> dict[str, Any]:
    """Give the fields of what a mapping made, by their paths."""
    return _fields(body) if isinstance(body, bytes) else dict(fields_of_json(body))


def read_json(content: bytes) -> Any:  # noqa: ANN401 - JSON data
    """Read JSON as deep as anything of ours nests; raises ActRefused with the place of the mistake."""
    try:
        data = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise ActRefused(
            f"not JSON at line {error.lineno}, column {error.colno}", code="geen-json", advice="correct it there"
        ) from None
    if _too_deep(data, policy.SHOWN_DEPTH_MAX):
        raise ActRefused("it nests deeper than any message", code="geen-json", advice="is this the right content?")
    return data


def _too_deep(data: Any, depth: int) -> bool:  # noqa: ANN401 - JSON data
    if not isinstance(data, dict | list):
        return False
    inner = data.values() if isinstance(data, dict) else data
    return not depth or any(_too_deep(each, depth - 1) for each in inner)


def _parsed(content: bytes) -> etree._Element:
    try:
        return xml.parse(content, bytes_max=max(len(content), 1))
    except MessageRefused as refused:
        raise ActRefused(
            f"{refused.reason} (line {refused.line})", code="geen-xml", advice="correct it there"
        ) from None


def _fields(content: bytes) -> dict[str, Any]:
    media = media_of(content)
    if media == JSON:
        return dict(fields_of_json(read_json(content)))
    if media == XML:
        return dict(fields_of_xml(_parsed(content)))
    return {f"line {at}": line for at, line in enumerate(content.decode("utf-8", "replace").splitlines(), 1)}


def _difference(path: str, old: Any, new: Any) -> Difference | None:  # noqa: ANN401 - JSON data
    if old is _ABSENT:
        return Difference(path, "nieuw", None, new)
    if new is _ABSENT:
        return Difference(path, "weg", old, None)
    return None if old == new and type(old) is type(new) else Difference(path, "anders", old, new)


def _put(data: Any, path: str, value: Any) -> None:  # noqa: ANN401 - JSON data
    *parents, last = _INDEX.sub(r".\1", path).split(".")
    here = data
    for part in parents:
        here = _child(here, part)
        if not isinstance(here, dict | list):
            raise _no_such(path)
    if isinstance(here, dict):
        here[last] = value
    elif isinstance(here, list) and _child(here, last) is not None:
        here[int(last)] = value
    else:
        raise _no_such(path)


def _child(here: Any, part: str) -> Any:  # noqa: ANN401 - JSON data
    if isinstance(here, dict):
        return here.get(part)
    return here[int(part)] if _NUMBER.fullmatch(part) and int(part) < len(here) else None


def _places(element: etree._Element, path: str = "") -> Iterator[tuple[str, etree._Element, str]]:
    """Give every element and attribute that has a value, by the path that `fields_of_xml` gives it."""
    for name in element.attrib:
        yield f"{path}.@{etree.QName(name).localname}".removeprefix("."), element, str(name)
    children = list(element.iterchildren("*"))
    if not children:
        yield path, element, ""
    names = Counter(map(local_name, children))
    seen: Counter[str] = Counter()
    for child in children:
        name = local_name(child)
        number = f"[{seen[name]}]" if names[name] > 1 else ""
        seen[name] += 1
        yield from _places(child, f"{path}.{name}{number}".removeprefix("."))


def _set(element: etree._Element, attribute: str, value: Any) -> None:  # noqa: ANN401 - JSON data
    text = None if value is None else value if isinstance(value, str) else orjson.dumps(value).decode()
    try:
        if attribute and text is None:
            del element.attrib[attribute]
        elif attribute:
            element.set(attribute, text or "")
        elif text is None and (parent := element.getparent()) is not None:
            parent.remove(element)
        else:
            element.text = text
    except ValueError:
        raise ActRefused("XML cannot hold this value", code="geen-xml", advice="leave control characters out") from None


def _no_such(path: str) -> ActRefused:
    return ActRefused(
        f"there is no {path} in this content", code="pad", advice="see the fields: zaakhub failures show ID --content"
    )
