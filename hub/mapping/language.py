"""The tables of the reference page of the language, made from what the reader checks.

A page has a table between `<!-- made: <name> -->` and `<!-- end -->`; what stands around it is written by people.
`python -m hub.mapping.language docs/reference/mapping-language.md` puts the present tables in the page; a test says
when that was forgotten.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from hub.mapping import grammar
from hub.mapping.grammar import Keys, Kind
from hub.mapping.rules import Action, Reason, unsaid

_MADE = re.compile(r"(?<=<!-- made: )([\w ]+)( -->\n)(?:\|.*\n)*(?=<!-- end -->)")

_BEHIND: Mapping[Kind, str] = {
    "text": "text",
    "scalar": "a single value",
    "scalars": "a list of values",
    "boolean": "`true` or `false`",
    "source": "a path",
    "sources": "a list of paths",
    "target": "a target",
    "ignored": "a path",
    "rules": "a list of rules",
    "part": "the name of a part",
    "calls": "a list of functions",
    "call": "a function",
    "lookup": "the name of a table, its settings, or a question",
    "condition": "a condition",
    "conditions": "a list of conditions",
    "empty": "what to do, or that for each reason",
    "ignore": "a list of paths",
    "layer": "`sender`, `zaaktype` or `dialect`",
    "names": "a text, or a list",
    "hatches": "a list of names",
    "mapping": "text",
    "by": "fields of the question",
    **{kind: " or ".join(f"`{each}`" for each in words) for kind, words in grammar.CHOICES.items()},
}


def tables() -> dict[str, str]:
    """Give every table as Markdown, by the name that a page has for it."""
    beside = tuple(each for each in grammar.RULE if each not in grammar.SOURCES)
    return {
        "the head of a mapping": _keys(grammar.MAPPING),
        "the head of a layer": _keys((*grammar.LAYER, *grammar.LAYER_FOR)),
        "the head of a part": _keys(grammar.PART),
        "sources": _keys(grammar.SOURCES),
        "beside a source": _keys(beside),
        "a lookup": _keys(grammar.LOOKUP),
        "failures of a lookup": _table(
            ("Key", "Says", "Then"),
            (
                (f"`{key}`", f"`{word}`", means)
                for key, words in grammar.CHOICES.items()
                for word, means in words.items()
            ),
        ),
        "conditions": _keys(grammar.CONDITION),
        "ignored": _keys(grammar.IGNORED),
        "source paths": _notations(grammar.SOURCE_PATHS, "Reads"),
        "target paths": _notations(grammar.TARGET_PATHS, "Fills"),
        "ignored paths": _notations(grammar.IGNORED_PATHS, "Covers"),
        "reasons": _table(
            ("Reason", "The message has", "Without `empty`"),
            ((f"`{each}`", each.summary, f"`{unsaid()[each]}`") for each in Reason),
        ),
        "actions": _table(("Action", "Does"), ((f"`{each}`", each.summary) for each in Action)),
    }


def filled(page: str) -> str:
    """Give a page with the present tables in it; raises KeyError for a table that there is not."""
    made = tables()
    return _MADE.sub(lambda found: f"{found[1]}{found[2]}{made[found[1]]}\n", page)


def _keys(keys: Keys) -> str:
    rows = ((f"`{key.name}`", _BEHIND[key.kind] + (", required" if key.needed else ""), key.summary) for key in keys)
    return _table(("Key", "Is", ""), rows)


def _notations(notations: Iterable[grammar.Notation], head: str) -> str:
    return _table(("Path", head), ((", ".join(f"`{each}`" for each in one.examples), one.reads) for one in notations))


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    columns = tuple(head)
    lines = [_row(columns), "|".join(("", *("---" for _ in columns), ""))]
    return "\n".join(lines + [_row(row) for row in rows])


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |".replace("|  |", "| |")


if __name__ == "__main__":
    page = Path(sys.argv[1])
    page.write_text(filled(page.read_text(encoding="utf-8")), encoding="utf-8")
