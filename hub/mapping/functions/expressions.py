"""JSONata, for the rare value that no rule can give: an escape hatch that a mapping must `allow`.

It knows how to keep an expression within bounds: no clock, no chance, no patterns, no text taken for an expression, and
a limit on time, depth and size. What goes wrong inside is told without the values it went wrong with.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NoReturn

from lxml import etree

from hub.config.policy import (
    JSONATA_CHARS_MAX,
    JSONATA_DEPTH_MAX,
    JSONATA_SIZE_MAX,
    JSONATA_TIME_MS,
    JSONATA_WORK_MAX,
)
from hub.mapping.functions.contract import FAILS, Apply, Example, Function, Setting, Unfit, is_element

_NAMED = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)")
# What gives the same every time, in a time that follows from the size of what it is given. A function that a later
# version of the library adds is not among them.
_ALLOWED = """
    abs append assert average boolean ceil contains count distinct each error exists filter floor join keys length
    lookup lowercase map max merge min not number reduce reverse round sift single sort split spread string substring
    substringAfter substringBefore sum trim type uppercase zip
"""
_RUNAWAY = frozenset({"D1011", "D1012"})
"""What the library says of an expression that goes too deep, or on for too long."""
_STEP = 10
"""What a step costs beside the size of its result."""


def _jsonata(expression: str) -> Apply:
    compiled = _compiled(expression)

    def apply(value: object) -> object:
        given = _Size("goes into").plain(_view(value) if is_element(value) else value)
        try:
            found = compiled.evaluate(given, _Bounds().callbacks)
        except _TooMuch as problem:
            raise Unfit(str(problem)) from None
        except Exception as problem:  # noqa: BLE001 - the library raises whatever Python does; its texts hold values
            if getattr(problem, "error", "") in _RUNAWAY:
                raise Unfit("the expression takes too long or nests too deep") from None
            raise Unfit("the expression cannot be worked out for this value") from None
        return _Size("comes out of").plain(found)

    return apply


class _TooMuch(Exception):
    """The expression goes beyond its bounds."""


@cache
def _library() -> type[Any]:
    """Give the library. It is loaded when a mapping asks for it, and raises a limit of the whole process: undone."""
    limit = sys.getrecursionlimit()
    import jsonata  # noqa: PLC0415 - see above

    sys.setrecursionlimit(limit)
    made: type[Any] = jsonata.Jsonata
    return made


def _compiled(expression: str) -> Any:  # noqa: ANN401 - the library has no types
    """Compile; raises ValueError with what is wrong, in our own words."""
    if len(expression) > JSONATA_CHARS_MAX:
        raise ValueError(f"an expression has at most {JSONATA_CHARS_MAX} characters")
    library = _library()
    for name in _NAMED.findall(expression):
        if name in library.static_frame.bindings and name not in _ALLOWED.split():
            raise ValueError(f"`${name}` is not allowed here")
    try:
        compiled = library(expression, _no_patterns)
    except _TooMuch as problem:
        raise ValueError(str(problem)) from None
    except Exception as problem:  # noqa: BLE001 - the library raises whatever Python does
        at = getattr(problem, "location", -1)
        where = f" at character {at}" if isinstance(at, int) and at > 0 else ""
        raise ValueError(f"this is not a JSONata expression{where}") from None
    compiled.environment.bind("join", library.JLambda(_join))
    return compiled


def _no_patterns(_pattern: str, _flags: object) -> NoReturn:
    # Some patterns take forever on some texts, and nothing can stop them.
    raise _TooMuch("a pattern is not allowed in an expression")


def _join(texts: object, between: object = "") -> str | None:
    """Do `$join`, which could make much of little."""
    if texts is None:
        return None
    found = [texts] if isinstance(texts, str) else texts
    separator = "" if between is None else between
    if not isinstance(found, list) or not isinstance(separator, str) or not all(isinstance(one, str) for one in found):
        raise TypeError
    if sum(map(len, found)) + len(found) * len(separator) > JSONATA_SIZE_MAX:
        raise _TooMuch("the expression makes too much")
    return separator.join(found)


class _Bounds:
    """How far one run has come: called by the library before and after each step."""

    def __init__(self) -> None:
        from jsonata.timebox import Timebox  # noqa: PLC0415 - see _library

        self._left = JSONATA_WORK_MAX
        self._weights: dict[int, tuple[object, int]] = {}
        self._timed: dict[str, Callable[..., None]] = {}
        Timebox(self, JSONATA_TIME_MS, JSONATA_DEPTH_MAX)
        self.callbacks: Mapping[str, Callable[..., None]] = {
            "__evaluate_entry": self._timed["entry"],
            "__evaluate_exit": self._exit,
        }

    def set_evaluate_entry_callback(self, timed: Callable[..., None]) -> None:
        """Take what looks at the time before a step."""
        self._timed["entry"] = timed

    def set_evaluate_exit_callback(self, timed: Callable[..., None]) -> None:
        """Take what looks at the time after a step."""
        self._timed["exit"] = timed

    def _exit(self, expression: object, given: object, environment: object, result: object) -> None:
        self._timed["exit"](expression, given, environment, result)
        size = len(result) if isinstance(result, str | list | dict) else 0
        self._left -= _STEP + size
        if self._left < 0 or size > JSONATA_SIZE_MAX or self._weight(result) > JSONATA_SIZE_MAX:
            raise _TooMuch("the expression makes too much")

    def _weight(self, value: object) -> int:
        """Give the size of all that a value holds: parts that are shared count as often as they are seen."""
        if isinstance(value, str):
            return len(value)
        if not isinstance(value, list | dict):
            return 1
        known = self._weights.get(id(value))
        if known is None:
            inner = value.values() if isinstance(value, dict) else value
            known = self._weights[id(value)] = (value, 1 + sum(map(self._weight, inner)))
        return known[1]


class _Size:
    """Copies JSON, as long as there is not too much of it."""

    def __init__(self, how: str) -> None:
        self._left = JSONATA_SIZE_MAX
        self._how = how

    def plain(self, value: object, depth: int = 0) -> Any:  # noqa: ANN401 - JSON
        """Give the copy; raises Unfit."""
        self._left -= 1 + (len(value) if isinstance(value, str) else 0)
        if self._left < 0 or depth > JSONATA_DEPTH_MAX:
            raise Unfit(f"too much {self._how} the expression")
        if isinstance(value, dict):
            return {self._key(name): self.plain(each, depth + 1) for name, each in value.items()}
        if isinstance(value, list):
            return [self.plain(each, depth + 1) for each in value]
        if isinstance(value, float) and not math.isfinite(value):
            raise Unfit(f"what {self._how} the expression is not a number")
        if isinstance(value, int) and abs(value) > sys.maxsize:
            raise Unfit(f"what {self._how} the expression is too large a number")
        if value is not None and not isinstance(value, str | int | float | bool):
            raise Unfit(f"what {self._how} the expression is not data")
        return value

    def _key(self, name: object) -> str:
        if not isinstance(name, str):
            raise Unfit(f"what {self._how} the expression is not data")
        self._left -= len(name)
        return name


def _view(element: etree._Element, depth: int = 0) -> Any:  # noqa: ANN401 - JSON
    """Give an element as JSON: its text; or an object of `@attribute`, local names, and `#text` if it has any.

    A name that occurs more than once is a list.
    """
    if depth > JSONATA_DEPTH_MAX:
        raise Unfit("too much goes into the expression")
    found: dict[str, Any] = {f"@{_local(name)}": str(value) for name, value in element.items()}
    for child in element.iterchildren("{*}*"):
        name, below = _local(child.tag), _view(child, depth + 1)
        if name not in found:
            found[name] = below
        elif isinstance(found[name], list):
            found[name].append(below)
        else:
            found[name] = [found[name], below]
    text = ((element.text or "") + "".join(child.tail or "" for child in element)).strip()
    if not found:
        return text
    return {**found, "#text": text} if text else found


def _local(name: object) -> str:
    return str(name).rpartition("}")[2]


FUNCTIONS = (
    Function(
        "jsonata",
        "What a JSONata expression gives; of a message, elements are objects of their names, their `@attributes` and"
        " their `#text`. Only in a mapping that says `allow: [jsonata]`.",
        "any",
        "any",
        _jsonata,
        (
            Example({"a": 1, "b": 2}, 3, {"expression": "a + b"}),
            Example(
                '<kenmerk soort="x"><bron>OLO</bron><bron>DSO</bron></kenmerk>',
                "OLO, DSO; x",
                {"expression": '$join(bron, ", ") & "; " & `@soort`'},
            ),
            Example({"a": "x"}, None, {"expression": "b"}),
            Example({"a": "x"}, FAILS, {"expression": "a + 1"}),
        ),
        settings=(Setting("expression", "the expression", "text", required=True),),
        whole=True,
    ),
)
