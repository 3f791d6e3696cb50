"""The table of the packs, as `mappings/_dialects/README.md` has it: `python -m hub.cli.dialects`.

It knows what each dialect.yaml says. It refuses to know what the layers say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from hub.config.dialects import FILE, FOLDER, Dialect, dialects_below, read_dialect_file
from hub.config.shipped import shipped

README = "README.md"
_HANDLED = {
    "pack": "rules of this pack",
    "options": "options of this pack",
    "mappings": "mappings of all senders",
    "adapter": "adapter, for everybody",
}
_MADE = re.compile(r"(?<=<!-- made: the packs -->\n).*?(?=<!-- end -->)", re.DOTALL)


def tables(root: Path) -> str:
    """Give what stands between the marks of the README: one table for all packs, and one for each."""
    packs = [read_dialect_file(root / FOLDER / name / FILE)[0] for name in dialects_below(root)]
    lines = ["| Pack | Sender | Versions |", "|---|---|---|"]
    lines += [f"| [`{each.dialect}`](#{each.dialect}) | {each.title} | {each.versions} |" for each in packs]
    return "\n".join([*lines, *(line for each in packs for line in _section(each)), ""])


def with_tables(page: str, root: Path) -> str:
    """Give a page with the tables as they are now."""
    return _MADE.sub(lambda _: tables(root), page)


def _section(dialect: Dialect) -> Iterator[str]:
    yield from ("", f"## {dialect.dialect}", "", f"{dialect.title}. Known: {dialect.versions}.")
    if dialect.options:
        said = ", ".join(f"`{name}: {value}`" for name, value in dialect.options.items())
        yield from ("", f"Options: {said}.")
    if dialect.differs:
        yield from ("", "| What it does | Handled by | Case | Seen in |", "|---|---|---|---|")
    for each in dialect.differs:
        yield f"| {each.what} | {_HANDLED[each.handled]} | {f'`{each.case}`' if each.case else ''} | {each.source} |"


if __name__ == "__main__":
    root = shipped("mappings")
    readme = root / FOLDER / README
    readme.write_text(with_tables(readme.read_text(encoding="utf-8"), root), encoding="utf-8")
