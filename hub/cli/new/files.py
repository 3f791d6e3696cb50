"""Files that are written once: from a template or a text, never over one that is there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from rich.markup import escape

from hub.cli.screen import out
from hub.errors import ConfigurationWrong

_TEMPLATES = Path(__file__).with_name("templates")
_WORD = re.compile(r"\{\{(\w+)\}\}")


def template(name: str, /, **words: str) -> str:
    """Give a template with its words filled in; raises KeyError for one that is not given."""
    return _WORD.sub(lambda found: words[found[1]], (_TEMPLATES / name).read_text(encoding="utf-8"))


def write(files: Mapping[Path, str | bytes]) -> None:
    """Write every file, or none when one of them is there; raises ConfigurationWrong. Names them on the screen."""
    for path in files:
        if path.exists():
            raise ConfigurationWrong(
                "is there already; nothing was written", file=path, advice="choose another name, or remove it first"
            )
    for path, content in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        out.print(f"[green]✓[/] {escape(str(path))}", soft_wrap=True)


def next_steps(steps: Iterable[str]) -> None:
    """Say what to do next."""
    for each in steps:
        out.print(f"[cyan]→[/] {escape(each)}", soft_wrap=True)
