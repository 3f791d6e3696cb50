"""How a place in a message and a place in the result are written.

    source   object/kenmerk[1]/bron   heeft[@entiteittype=ZAKSTT]/code   @verwerkingssoort   .   /object/identificatie
             $kind
    target   zaak.kenmerken[]   object.@verwerkingssoort (of a message that is written)
    ignored  object/**/tijdvakGeldigheid   object/*/code

It knows the notation only; it refuses to know messages, elements and rules.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_NAME = r"[^\W\d][\w.\-]*"
_STEP = re.compile(rf"^({_NAME})(?:\[([^\[\]]+)\])?$")
_EQUALS = re.compile(rf"^(@?)({_NAME})=(.*)$")
_POSITION = re.compile(r"^(?:-1|[1-9][0-9]{0,3})$")
_ATTRIBUTE = re.compile(rf"^@({_NAME})$")
_CONTEXT = re.compile(rf"^\$({_NAME})$")
_TARGET = re.compile(rf"^{_NAME}$")


OWN = "."
"""The target that is the text of the element itself, for one that has attributes beside it."""


class PathError(ValueError):
    """The notation is wrong; the message says how."""


class Predicate(NamedTuple):
    """A choice among siblings: the nth (`position`, -1 is the last), or those whose attribute or child is `value`."""

    position: int = 0
    attribute: str = ""
    child: str = ""
    value: str = ""


class Step(NamedTuple):
    """One element down, by local name."""

    name: str
    predicate: Predicate | None


class Source(NamedTuple):
    """A place in the message: steps from the current item, or from the root; perhaps ending at an attribute.

    `context` names a value that the caller gives with the message; then the rest is empty.
    """

    text: str
    steps: tuple[Step, ...] = ()
    attribute: str = ""
    root: bool = False
    context: str = ""


class Target(NamedTuple):
    """A place in the result. `many`: append to a list."""

    text: str
    names: tuple[str, ...]
    many: bool


def read_source(text: str) -> Source:
    """Read a source path; raises PathError."""
    if named := _CONTEXT.match(text):
        return Source(text, context=named[1])
    if text in {".", "/"}:
        return Source(text, root=text == "/")
    root = text.startswith("/")
    *inner, last = _split(text.removeprefix("/"))
    attribute = _ATTRIBUTE.match(last)
    steps = tuple(_step(part) for part in (inner if attribute else [*inner, last]))
    return Source(text, steps, attribute[1] if attribute else "", root)


def read_target(text: str) -> Target:
    """Read a target path; raises PathError."""
    if text == OWN:
        return Target(text, (OWN,), many=False)
    many = text.endswith("[]")
    names = tuple(text.removesuffix("[]").split("."))
    for name in names:
        attribute = name is names[-1] and not many and _ATTRIBUTE.match(name)
        if not (attribute or _TARGET.match(name)):
            raise PathError(f"`{text}` is not a target: write names with dots between them, `[]` only at the end")
    return Target(text, names, many)


def read_ignored(text: str) -> tuple[str, ...]:
    """Read an ignored path as its steps, in which `*` is one step and `**` any number; raises PathError."""
    steps = tuple(text.removeprefix("/").split("/"))
    for step in steps:
        if step not in {"*", "**"} and not _ATTRIBUTE.match(step) and not _TARGET.match(step):
            raise PathError(f"`{text}` is not a path to ignore: write names, `*`, `**` or a last `@attribute`")
    return steps


def beside(path: Source, attribute: str) -> Source:
    """Give the path of an attribute of the element at `path`."""
    text = {".": "", "/": "/"}.get(path.text, f"{path.text}/")
    return path._replace(text=f"{text}@{attribute}", attribute=attribute)


def _split(text: str) -> list[str]:
    """Split on `/` outside brackets: a value in a predicate may hold one."""
    return re.split(r"/(?![^\[]*\])", text)


def _step(part: str) -> Step:
    if not part:
        raise PathError("a path has no empty steps")
    match = _STEP.match(part)
    if not match:
        reason = "`..` is not supported, begin with `/` for the root" if part == ".." else f"`{part}` is not a step"
        raise PathError(reason)
    name, choice = match.groups()
    if choice is None:
        return Step(name, None)
    if _POSITION.match(choice):
        return Step(name, Predicate(position=int(choice)))
    equals = _EQUALS.match(choice)
    if not equals:
        raise PathError(f"`[{choice}]` is not a choice: write [1], [-1], [@attribute=value] or [element=value]")
    at, field, value = equals.groups()
    value = value.strip().strip("'\"")
    return Step(name, Predicate(attribute=field, value=value) if at else Predicate(child=field, value=value))
