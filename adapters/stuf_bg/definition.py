"""The definition of the messages of this adapter: our own XSDs, as they are shipped in `schemas/stuf`.

Beside it the XSDs of the standard itself, where an operator imported them. The only file reading of the adapter, once,
at start.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from lxml import etree

from hub.config import official
from hub.config.shipped import shipped
from hub.wire.schemaset import Definitions, SchemaSet, reached
from hub.wire.xsd import Definition, Finding

ENTRY = "bg0310-berichten.xsd"
"""The document that leads to all others."""


@cache
def documents() -> dict[str, bytes]:
    """Give the documents of the definition by name, as partners may see them."""
    return reached({file.name: file.read_bytes() for file in (shipped("schemas") / "stuf").glob("*.xsd")}, ENTRY)


@cache
def definition() -> Definition:
    """Compile the definition."""
    return Definition(documents(), ENTRY)


def imported(name: str) -> Definitions:
    """Compile what an operator imported under this name; raises ConfigurationWrong when it is not there unchanged."""
    return _imported(official.folder(), name)


def findings(message: etree._Element, *, imported_as: str = "") -> tuple[Finding, ...]:
    """Say what our own definition has against a message, and after that the one that was imported under a name."""
    found = definition().check(message)
    return found or (imported(imported_as).check(message) if imported_as else ())


@cache
def _imported(folder: Path, name: str) -> Definitions:
    del folder  # with another ZAAKHUB_HOME it is another set
    manifest = official.manifest_of(name)
    return Definitions(SchemaSet(official.documents_of(name), manifest.entries))
