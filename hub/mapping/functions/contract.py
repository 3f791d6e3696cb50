"""What a mapping function is: a name, one line, types, settings, examples, and a pure callable.

The examples are the documentation and the test. A function refuses to know rules, messages, files and the clock; when
a value does not fit it raises Unfit with a reason that never repeats the value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, TypeGuard

from lxml import etree

_WHOLE_MAX = 10**18  # 18 digits fit the 64 bits that JSON readers keep

Attributes = Mapping[str, str]
"""The attributes of the element that a value came from, by local name."""

Apply = Callable[..., Any]
"""`apply(value)`, or `apply(value, attributes)` when the function names attributes; None: nothing comes out."""

Kind = Literal["text", "element", "object", "number", "boolean", "any"]


class Unfit(ValueError):
    """The value is not what the function takes. The reason never holds the value."""


class _Fails:
    def __repr__(self) -> str:
        return "FAILS"


FAILS = _Fails()
"""The outcome of an example that is refused."""


class Example(NamedTuple):
    """`given` becomes `gives` (or FAILS, or None for nothing), with these settings and attributes."""

    given: Any
    gives: Any
    settings: Mapping[str, Any] = MappingProxyType({})
    attributes: Attributes = MappingProxyType({})


class Marked(NamedTuple):
    """A text with the attributes that stand beside it, by local name: for writing an element that has both.

    Without a text they say why there is none.
    """

    text: str | None
    attributes: Attributes


class Setting(NamedTuple):
    """A setting of a function. `kind` is text, number, table (a lookup table by its name) or the words to choose from.

    The first setting may be written without its name.
    """

    name: str
    summary: str
    kind: Literal["text", "number", "table"] | tuple[str, ...]
    required: bool = False


@dataclass(frozen=True, slots=True)
class Function:
    """One function. `make(**settings)` gives the callable; a table arrives as a dict of text to text.

    `attributes` names the attributes it reads beside the value; naming one makes it count as read. `whole`: it takes
    any value, and of a message the element itself. `bare`: it takes an object without fields too, which is an empty
    field to others.

    `inverse` names the function that undoes it, given the settings of the same name: what this one gives, put through
    the inverse and through this one again, is the same.
    """

    name: str
    summary: str
    takes: Kind
    gives: Kind
    make: Callable[..., Apply]
    examples: tuple[Example, ...]
    settings: tuple[Setting, ...] = ()
    attributes: tuple[str, ...] = ()
    inverse: str = ""
    whole: bool = False
    bare: bool = False


def always(apply: Apply) -> Callable[[], Apply]:
    """Make a function without settings."""
    return lambda: apply


def is_element(value: object) -> TypeGuard[etree._Element]:
    """Tell whether a value is an element of a message, and not JSON."""
    return etree.iselement(value)


def text_of(value: object) -> str:
    """Give a text or whole number as text; raises Unfit for anything else."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _WHOLE_MAX:
        return str(value)
    raise Unfit("this is not a text")


def object_of(value: object, what: str) -> dict[str, Any]:
    """Give an object; raises Unfit for anything else."""
    if not isinstance(value, dict):
        raise Unfit(f"this is not {what}")
    return value


def digits_of(value: object, counts: tuple[int, ...], what: str) -> str:
    """Give a text that is only digits, as many as one of `counts`; raises Unfit."""
    text = text_of(value)
    if not (text.isascii() and text.isdigit()) or len(text) not in counts:
        expected = " or ".join(str(count) for count in counts)
        raise Unfit(f"{what} has {expected} digits")
    return text
