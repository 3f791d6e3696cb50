"""The definition of the messages this adapter receives: our own XSDs, as they are shipped in `schemas/stuf`.

The only file reading of the adapter, once, at start.
"""

from __future__ import annotations

from functools import cache

from hub.config.shipped import shipped
from hub.wire.xsd import Definition

ENTRY = "zds0120.xsd"
"""The document that leads to all others."""

_BASE64 = b'<restriction base="base64Binary"/>'
_CLAIM = b'<restriction base="string"/>'


@cache
def documents() -> dict[str, bytes]:
    """Give all documents by name, as partners may see them."""
    return {file.name: file.read_bytes() for file in sorted((shipped("schemas") / "stuf").glob("*.xsd"))}


@cache
def definition() -> Definition:
    """Compile the definition of what reaches the adapter: there a claim stands where a partner put base64."""
    within = {name: text.replace(_BASE64, _CLAIM) for name, text in documents().items()}
    return Definition(within, ENTRY)
