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
from hub.wire.schemaset import Definitions, SchemaSet, reached, with_claims
from hub.wire.xsd import Definition, Finding

ENTRY = "zds0120.xsd"
"""The document that leads to all others."""

_BASE64 = b'<restriction base="base64Binary"/>'
_CLAIM = b'<restriction base="string"/>'


@cache
def documents() -> dict[str, bytes]:
    """Give the documents of the definition by name, as partners may see them."""
    return reached({file.name: file.read_bytes() for file in (shipped("schemas") / "stuf").glob("*.xsd")}, ENTRY)


@cache
def definition() -> Definition:
    """Compile the definition of what reaches the adapter: there a claim stands where a partner put base64."""
    within = {name: text.replace(_BASE64, _CLAIM) for name, text in documents().items()}
    return Definition(within, ENTRY)


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
    return Definitions(with_claims(SchemaSet(official.documents_of(name), manifest.entries)))
