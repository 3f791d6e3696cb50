"""The functions of the mapping language: `FUNCTIONS` by name, and their reference page.

Found here and nowhere else: a function exists when its module lists it.
"""

from __future__ import annotations

import json

from hub.mapping.functions import codes, dates, geometry, identifiers, markup, payload, sentences, text
from hub.mapping.functions.contract import FAILS, Example, Function, Setting, Unfit

__all__ = ["FAILS", "FUNCTIONS", "Example", "Function", "Setting", "Unfit", "reference"]

_MODULES = (text, sentences, dates, codes, identifiers, geometry, markup, payload)

FUNCTIONS: dict[str, Function] = {each.name: each for module in _MODULES for each in module.FUNCTIONS}
"""Every function by its name in a mapping file."""


def reference() -> str:
    """Give the reference page, as Markdown."""
    parts = [_HEAD]
    parts += [_section(FUNCTIONS[name]) for name in sorted(FUNCTIONS)]
    return "\n".join(parts)


_HEAD = """# Mapping functions

Generated from `hub/mapping/functions`; every example is run as a test. A function stands in `via`, in order; each takes
what the one before gave. Any of them may stand in a condition: `{path: inn.nnpId, matches: kvk-nummer}`.
"""


def _section(function: Function) -> str:
    lines = [f"## `{function.name}`", "", function.summary, "", f"Takes {function.takes}, gives {function.gives}.", ""]
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
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text.replace("|", "\\|")  # a bar ends a cell
