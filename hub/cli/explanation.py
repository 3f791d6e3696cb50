"""How a mapping came to what it gave, on the screen: target by target, grouped as the result is.

It knows widths and colours. It refuses to know where an explanation came from, and hides nothing: whoever gives it has
masked it or was asked for the values.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from rich.cells import cell_len
from rich.text import Text

from hub.cli.screen import out
from hub.config.likely import did_you_mean
from hub.flow.explain import folded, is_empty
from hub.mapping.trace import NOTHING, Converted, Explained, Explanation
from hub.security.personal import HIDDEN

_INDENT = 2
_NAME_SHARE = 4
"""Names take a quarter of the width at most; a longer one has its line for itself."""
_PIECE_MIN = 24
"""Room that a value has at the least, however deep and narrow it stands."""
_INDEX = re.compile(r"\[\d*\]")


class Chosen(NamedTuple):
    """The fields that somebody asked for, and the names to tell when there are none."""

    explanation: Explanation
    advice: str


def choose(explanation: Explanation, *, field: str | None, empty: bool) -> Chosen:
    """Keep the fields of `field` (a target, the beginning of one, or a pattern with `*`), or only the empty ones.

    `zaak.rollen.naam` is of every item, `zaak.rollen[1].naam` of one. What nobody read is kept when all fields are.
    """
    wanted = _matcher(field) if field else _any
    fields = tuple(each for each in explanation.fields if wanted(each.target) and (not empty or is_empty(each)))
    unread = explanation.unread if field is None else ()
    known = {_INDEX.sub("", each.target) for each in explanation.fields}
    advice = did_you_mean(field, known) if field and not fields else ""
    return Chosen(explanation._replace(fields=fields, unread=unread), advice)


def show(explanation: Explanation, *, left_out: int = 0) -> None:
    """Print the fields as a tree, then what nobody read, then why the run stopped."""
    explanation = folded(explanation)
    at_fault = explanation.fields[-1] if explanation.failure and explanation.fields else None
    for line in _lines(_tree(explanation.fields), at_fault, depth=0, width=out.width):
        out.print(line, soft_wrap=True)
    if left_out:
        out.print(Text(f"… {left_out} fields are left out: it was too much to keep", style="dim"), soft_wrap=True)
    if explanation.unread:
        out.print()
        out.print(Text("not read", style="bold yellow"), Text("by any rule, nor ignored", style="dim"))
        for path in explanation.unread:
            out.print(Text(f"{' ' * _INDENT}{_shown_text(path)}"), soft_wrap=True)
    if explanation.failure:
        out.print()
        named = f"{at_fault.target}: " if at_fault is not None and at_fault.target else ""
        out.print(Text.assemble(("✗ ", "bold red"), (f"{named}{explanation.failure}", "bold")), soft_wrap=True)
        if at_fault is not None:
            out.print(Text.assemble(("→ ", "cyan"), at_fault.rule), soft_wrap=True)


def summary(explanation: Explanation) -> str:
    """Count what is there."""
    empty = sum(map(is_empty, explanation.fields))
    counts = [f"{len(explanation.fields) - empty} filled", f"{empty} empty"]
    if explanation.unread:
        counts.append(f"{len(explanation.unread)} not read")
    return ", ".join(counts)


class _Node:
    """A field or an object of the result; an object may have been filled as a whole as well."""

    def __init__(self) -> None:
        self.fields: list[Explained] = []
        self.parts: dict[str, _Node] = {}


def _tree(fields: Iterable[Explained]) -> _Node:
    root = _Node()
    for field in fields:
        node = root
        for name in field.target.split("."):
            node = node.parts.setdefault(name, _Node())
        node.fields.append(field)
    return root


def _lines(node: _Node, at_fault: Explained | None, *, depth: int, width: int) -> Iterable[Text]:
    leaves = [name for name, each in node.parts.items() if each.fields]
    column = min(max(map(cell_len, leaves), default=0), width // _NAME_SHARE)
    for name, each in node.parts.items():
        for at, field in enumerate(each.fields):
            shown = "" if at else name
            yield from _field(field, shown, column, depth=depth, width=width, failed=field is at_fault)
        if each.parts:
            if not each.fields:
                yield Text(f"{' ' * depth * _INDENT}{name}", style="bold")
            yield from _lines(each, at_fault, depth=depth + 1, width=width)


def _field(field: Explained, name: str, column: int, *, depth: int, width: int, failed: bool) -> Iterable[Text]:
    """Give the lines of one field: as many pieces on a line as fit, the rest below the value."""
    start = min(depth * _INDENT + column + 2, width - _PIECE_MIN)
    room = max(width - start, _PIECE_MIN)
    style = "bold red" if failed else "dim" if is_empty(field) else ""
    line = Text.assemble(" " * depth * _INDENT, (name, style))
    # A name that is longer than the column takes the line for itself.
    if line.cell_len > start - 1:
        yield line
        line = Text()
    line.pad_right(start - line.cell_len)
    fresh = True
    for piece in (*_pieces(field, room, failed=failed), *_places(field, width - (depth + 1) * _INDENT)):
        if line.cell_len + 2 * (not fresh) + piece.cell_len > width:
            if not fresh:
                yield line
            # A place that is too wide for its column begins before it.
            line, fresh = Text(" " * min(start, width - piece.cell_len)), True
        line = Text.assemble(line, "" if fresh else "  ", piece)
        fresh = False
    yield line


def _pieces(field: Explained, room: int, *, failed: bool) -> Iterable[Text]:
    """Give value, conversion and reason; what is wider than the room is cut."""
    quiet = is_empty(field) and not failed
    reason = field.reason if field.reason not in {step.refused for step in field.steps} else ""
    if quiet and not field.steps:
        yield from _wrapped(Text(_value(field.value), style="dim"), reason, room, style="dim italic")
        return
    if field.value is not NOTHING:
        yield _cut(Text(_value(field.value), style="dim" if quiet else "green"), room)
    if field.steps:
        yield from _conversion(field.raw, field.steps, room, quiet=quiet)
    elif field.raw is not None and field.raw != field.value:
        yield _cut(Text(f"from {_value(field.raw)}"), room)
    if reason:
        yield from _wrapped(Text(), reason, room, style="red" if failed else "dim italic")


def _places(field: Explained, room: int) -> Iterable[Text]:
    """Give where the value came from, the rule, and its layer when it is not that of the connection."""
    source = f"{field.source}{f', line {field.line}' if field.line else ''}"
    layer = field.layer if field.layer not in {"", "connection"} else ""
    for text in (source, field.rule, layer):
        if text:
            yield _cut(Text(_shown_text(text), style="dim"), room, end=True)


def _conversion(raw: Any, steps: tuple[Converted, ...], room: int, *, quiet: bool) -> Iterable[Text]:  # noqa: ANN401
    """Give `"20240229" → stuf-datum → "2024-02-29"`, over more lines when it is wide."""
    style = "dim" if quiet else ""
    given = steps[0].given if steps[0].given is not None else raw
    parts = [Text(_value(given), style=style)]
    for step in steps:
        parts.append(Text.assemble(("→ ", "dim"), (step.function, "dim" if quiet else "cyan")))
        gave = f"✗ {step.refused}" if step.refused else f"→ {_value(step.gives)}"
        parts.append(Text(gave, style="red" if step.refused and not quiet else style))
    line = Text()
    for part in parts:
        piece = _cut(part, room)
        if line and line.cell_len + 1 + piece.cell_len > room:
            yield line
            line = Text()
        line = Text.assemble(line, " " if line else "", piece)
    yield line


def _wrapped(before: Text, text: str, room: int, *, style: str) -> Iterable[Text]:
    """Give a sentence behind something short, over more lines when it is long."""
    line, gap = before, "  " if before else ""
    for word in _shown_text(text).split():
        if line and line.cell_len + len(gap) + cell_len(word) > room:
            yield line
            line, gap = Text(), ""
        line, gap = Text.assemble(line, gap, (word, style)), " "
    yield _cut(line, room)


def _cut(text: Text, room: int, *, end: bool = False) -> Text:
    """Cut what does not fit; of a path or place the end says most."""
    if text.cell_len <= room:
        return text
    if end:
        plain = text.plain
        while cell_len(plain) > room - 1:
            plain = plain[1:]
        return Text(f"…{plain}", style=text.style)
    cut = text.copy()
    cut.truncate(room, overflow="ellipsis")
    return cut


def _value(value: Any) -> str:  # noqa: ANN401 - JSON data
    """Write a value as JSON does, so that text and number differ; a masked one as it is masked."""
    if value is NOTHING or value is None:
        return "null" if value is None else "-"
    return HIDDEN if value == HIDDEN else _shown_text(json.dumps(value, ensure_ascii=False, default=_unknown))


def _unknown(value: object) -> str:
    return f"<{type(value).__name__}>"


def _shown_text(text: str) -> str:
    """Write out what a terminal would obey or not show: a value comes from outside."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


def _matcher(pattern: str) -> Callable[[str], bool]:
    # An index that is not written is any.
    written = re.escape(pattern.removesuffix("[]")).replace(r"\*", ".*").replace(r"\[\]", "")
    whole = re.compile(rf"{written}(?:[.\[].*)?")

    def matches(target: str) -> bool:
        return bool(whole.fullmatch(target) or whole.fullmatch(_INDEX.sub("", target)))

    return matches


def _any(_target: str) -> bool:
    return True
