"""The functions of the mapping language: `FUNCTIONS` by name, and their reference page.

Found here and nowhere else: a function exists when its module lists it.
"""

from __future__ import annotations

import json

from hub.mapping.functions import (
    addresses,
    brp,
    codes,
    dates,
    expressions,
    geometry,
    identifiers,
    markup,
    payload,
    persons,
    sentences,
    text,
)
from hub.mapping.functions.contract import FAILS, Example, Function, Marked, Setting, Unfit

__all__ = ["FAILS", "FUNCTIONS", "Example", "Function", "Marked", "Setting", "Unfit", "reference"]

_GROUPS = {
    "Texts and numbers": text,
    "Sentences": sentences,
    "Dates and times": dates,
    "Codes": codes,
    "Persons": persons,
    "Addresses": addresses,
    "BRP": brp,
    "Identifiers": identifiers,
    "Geometry": geometry,
    "XML": markup,
    "Documents": payload,
    "Expressions": expressions,
}

FUNCTIONS: dict[str, Function] = {each.name: each for module in _GROUPS.values() for each in module.FUNCTIONS}
"""Every function by its name in a mapping file."""


def reference() -> str:
    """Give the reference page, as Markdown."""
    parts = [_HEAD]
    for title, module in _GROUPS.items():
        parts += [f"## {title}\n", *(_section(each) for each in sorted(module.FUNCTIONS, key=lambda each: each.name))]
    return "\n".join(parts)


_HEAD = """# Mapping functions

Generated from `hub/mapping/functions`; every example is run as a test. A function stands in `via`, in order; each takes
what the one before gave. Any of them may stand in a condition: `{path: inn.nnpId, matches: kvk-nummer}`.

Where a function is undone by another, a rule that uses it can be done backwards: what it gives, put through the other
and through it again, is the same. A function that undoes itself brings a value in a form that stays as it is.
"""


def _section(function: Function) -> str:
    inverse = function.inverse and (
        " Undone by itself." if function.inverse == function.name else f" Undone by `{function.inverse}`."
    )
    types = f"Takes {function.takes}, gives {function.gives}.{inverse}"
    lines = [f"### `{function.name}`", "", function.summary, "", types, ""]
    if function.settings:
        lines += ["| Setting | | |", "|---|---|---|"]
        lines += [f"| `{each.name}` | {_kind(each)} | {each.summary} |" for each in function.settings]
        lines.append("")
    if function.attributes:
        names = ", ".join(f"`@{name}`" for name in function.attributes)
        lines += [f"Reads the attribute {names} of the element beside its value.", ""]
    lines += ["| Given | Gives |", "|---|---|"]
    lines += [f"| {_given(each)} | {_outcome(each.gives)} |" for each in function.examples]
    lines.append("")
    return "\n".join(lines)


def _kind(setting: Setting) -> str:
    kind = setting.kind if isinstance(setting.kind, str) else " or ".join(f"`{word}`" for word in setting.kind)
    return f"{kind}, required" if setting.required else kind


def _given(example: Example) -> str:
    notes = [f"`@{name}={value}`" for name, value in example.attributes.items()]
    notes += [f"`{name}: {_shown(value)}`" for name, value in example.settings.items()]
    return " with ".join([f"`{_shown(example.given)}`", *([", ".join(notes)] if notes else [])])


def _outcome(value: object) -> str:
    if value is FAILS:
        return "refused"
    return "nothing" if value is None else f"`{_shown(value)}`"


def _shown(value: object) -> str:
    if isinstance(value, Marked):
        content = [value.text] if value.text else []
        return " ".join([*content, *(f"@{name}={each}" for name, each in value.attributes.items())])
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text.replace("|", "\\|")  # a bar ends a cell
