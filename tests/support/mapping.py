"""Mappings from texts, for tests of the language: no files of the project, no adapter."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent
from typing import Any

from lxml import etree

from hub.mapping.compile import load_mappings
from hub.mapping.run import Mapped, Mapping

NAMESPACES = (
    'xmlns="http://www.egem.nl/StUF/sector/zkn/0310" xmlns:StUF="http://www.egem.nl/StUF/StUF0301"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)


class Language:
    """A folder of its own for one mapping, with its parts and tables."""

    def __init__(self, folder: Path) -> None:
        """Use an empty folder."""
        self.root = folder / "mappings"
        self.connection = self.root / "proef"
        for shelf in ("_parts", "_codes"):
            (self.root / shelf).mkdir(parents=True)
            (self.connection / shelf).mkdir(parents=True)

    def part(self, name: str, text: str, *, local: bool = False) -> None:
        """Add a part."""
        self._write((self.connection if local else self.root) / "_parts" / f"{name}.yaml", text)

    def table(self, name: str, text: str, *, local: bool = False) -> None:
        """Add a lookup table."""
        self._write((self.connection if local else self.root) / "_codes" / f"{name}.csv", text)

    def file(self, text: str, *, name: str = "bericht") -> Mapping:
        """Compile a whole mapping file."""
        self._write(self.connection / f"{name}.map.yaml", text)
        return load_mappings(self.connection, root=self.root)[name]

    def rules(self, rules: str, *, ignore: str = "", gives: str = "vrij") -> Mapping:
        """Compile rules; they begin at line 4 of `mappings/proef/bericht.map.yaml`."""
        text = f"message: bericht\ngives: {gives}\nrules:\n{indent(dedent(rules).strip(), '  ')}\n"
        if ignore:
            text += f"ignore:\n{indent(dedent(ignore).strip(), '  ')}\n"
        return self.file(text)

    def run(self, rules: str, message: str | dict[str, Any], *, ignore: str = "", **context: str) -> Mapped:
        """Compile rules and map a message: JSON data, or what stands inside `<object>`."""
        return self.rules(rules, ignore=ignore).run(
            xml(message) if isinstance(message, str) else message, context=context
        )

    def _write(self, path: Path, text: str) -> None:
        path.write_text(dedent(text).lstrip("\n"))


def xml(inside: str) -> etree._Element:
    """Give a message whose `object` holds this."""
    return etree.fromstring(f"<bericht {NAMESPACES}><object>{inside}</object></bericht>")
