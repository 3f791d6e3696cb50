"""What a field of a message holds, in XML and in JSON: its value, or why it has none.

It knows how a field is empty in StUF and in JSON, and how a predicate chooses. It refuses to know rules and targets; it
changes nothing in a message and does not recurse into what no rule names, however deep a sender nests it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from lxml import etree

from hub.mapping.engine.ignore import Ignored
from hub.mapping.paths import Predicate
from hub.mapping.rules import Reason

Value = Any
"""What a message holds: a text, JSON, a Reason when empty, Repeated; or the element or JSON it comes from."""

Stray = Callable[[str], None]
"""Takes the path of a field that no rule names."""

Attributes = Sequence[tuple[str | bytes, str | bytes]]
"""As lxml gives them; they are texts, its stubs allow for the bytes one may set."""

XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
# Attributes that carry no value of the sender: the kind of entity follows from the path (StUF 03.01 §7), noValue is the
# reason of the element itself (§6). Matched by local name: senders put them in the sector namespace too.
SILENT = frozenset({"", "entiteittype", "noValue"})
# The reasons that say something about the value: §6 has them "always written".
TELLING = frozenset({Reason.GEEN_WAARDE, Reason.VASTGESTELD_ONBEKEND})
_REASONS: dict[str, Reason] = {each.value: each for each in Reason if each is not Reason.AFWEZIG}
NAMES_MAX = 4096  # names of StUF-BG and StUF-ZKN together; more comes only from a sender who makes names up


class Repeated:
    """A value that stands where one is expected, more than once."""

    __slots__ = ("times",)

    def __init__(self) -> None:
        """Begin at the second occurrence."""
        self.times = 2


class _Names(dict[Any, str]):
    """Local names by tag; comments and processing instructions have the empty name, as have attributes of xsi."""

    def __missing__(self, tag: Value) -> str:
        local = "" if not isinstance(tag, str) or tag.startswith(XSI) else tag.rpartition("}")[2]
        if len(self) < NAMES_MAX:
            self[tag] = local
        return local


NAMES = _Names()


def tells(value: Value) -> bool:
    """Tell whether a field says something: a value, or that it is known to have none."""
    return value.__class__ is not Reason or value in TELLING


def reason_of(attributes: Attributes) -> Reason:
    """Give why an element without text, with these attributes, has no value."""
    for name, value in attributes:
        if NAMES[name] == "noValue":
            return _REASONS.get(str(value), Reason.LEEG)
    return Reason.LEEG


def text_in(element: etree._Element) -> str:
    """Give the text of an element without the white space around it, also when comments cut it in pieces."""
    text = element.text or ""
    if len(element):
        text += "".join(each.tail or "" for each in element if not NAMES[each.tag])
    return text.strip()


def attributes_of(item: Value) -> dict[str, str]:
    """Give the attributes of an element by local name; JSON has none."""
    if etree.iselement(item):
        return {NAMES[name]: str(value) for name, value in item.items()}
    return {}


def said_empty(element: etree._Element) -> Reason | None:
    """Give the reason when the sender says that a whole item has no value (StUF 03.01 §6), else None."""
    if len(element) or ((text := element.text) and not text.isspace()):
        return None
    reason = reason_of(element.items())
    return None if reason is Reason.LEEG else reason


def there(value: Value) -> bool:
    """Tell whether JSON says anything: texts, objects and lists that are empty, and null, do not."""
    return bool(value) if value.__class__ in (str, dict, list) else value is not None


def as_text(value: Value) -> str:
    """Give a value as it is written in XML and in YAML, to compare it with what a rule says."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def copied(value: Value, spend: Callable[[int], None]) -> Value:
    """Copy JSON: a result never shares an object with its source. `spend` is told of every part."""
    if value.__class__ is dict:
        spend(len(value))
        return {name: copied(each, spend) if each.__class__ in NESTED else each for name, each in value.items()}
    if value.__class__ is list:
        spend(len(value))
        return [copied(each, spend) if each.__class__ in NESTED else each for each in value]
    return value


NESTED = (dict, list)


def chosen(element: etree._Element, predicate: Predicate) -> bool:
    """Tell whether an element is among those that a predicate chooses."""
    if predicate.attribute:
        return any(NAMES[name] == predicate.attribute and value == predicate.value for name, value in element.items())
    if predicate.child:
        return any(
            NAMES[child.tag] == predicate.child and (child.text or "").strip() == predicate.value for child in element
        )
    own = NAMES[element.tag]
    before = predicate.position > 0
    found = 1
    # Stops at the next sibling of this name, so a list of n costs n steps in all and not n².
    for sibling in element.itersiblings(preceding=before):
        if NAMES[sibling.tag] == own:
            found += 1
            if not before or found > predicate.position:
                return False
    return found == predicate.position if before else True


def chosen_in_json(value: Value, predicate: Predicate, at: int, of: int) -> bool:
    """Tell whether the `at`th value of `of` is among those that a predicate chooses."""
    if predicate.position:
        return at == (predicate.position - 1 if predicate.position > 0 else of - 1)
    name = predicate.attribute or predicate.child
    return isinstance(value, dict) and name in value and as_text(value[name]) == predicate.value


def unnamed(element: etree._Element, path: str, state: Ignored, stray: Stray) -> None:
    """Note every value in an element that no rule names."""
    waiting = [(element, path, state)]
    while waiting:
        current, here, ignored = waiting.pop()
        if ignored.covers:
            continue
        named = current.items()
        for name, value in named:
            local = NAMES[name]
            if local not in SILENT and value and not ignored.step(f"@{local}").covers:
                stray(f"{here}/@{local}")
        text = current.text
        if (text and not text.isspace()) or (named and not len(current) and reason_of(named) in TELLING):
            stray(here)
        for child in current:
            name = NAMES[child.tag]
            if name:
                waiting.append((child, f"{here}/{name}", ignored.step(name)))


def unnamed_in_json(value: Value, path: str, state: Ignored, stray: Stray) -> None:
    """Note every value in a part that no rule names."""
    waiting = [(value, path, state)]
    while waiting:
        current, here, ignored = waiting.pop()
        if ignored.covers:
            continue
        if isinstance(current, dict):
            waiting.extend((each, f"{here}/{name}", ignored.step(name)) for name, each in current.items())
        elif isinstance(current, list):
            waiting.extend((each, here, ignored) for each in current)
        elif current != "":
            stray(here)
