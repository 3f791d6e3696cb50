"""What one sector model says beyond StUF 03.01: its namespace, its kerngegevens, and what may be empty in it.

It holds no words of a message; the machinery of questions and answers (`vraag`, `scope`, `antwoord`) works with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from lxml import etree

from hub.wire.stuf import stuurgegevens
from hub.wire.stuf.stuurgegevens import Stuurgegevens


class Sector(NamedTuple):
    """A sector model.

    `prefix` and `namespace` are its own, `prefixes` all that its messages are written with. `kerngegevens` identify an
    entity, by entiteittype: the least that a scope gives of it. Of `groepen` all members are there when one is (StUF
    03.01 §3.4). Of `keuzes` an answer has one. `niet_ondersteund` are elements that nothing behind the hub keeps.
    `nooit_leeg` are those that the schema does not let be empty: asked and not there, they are left out. `nooit_nil`
    are groups that may not be nil themselves: what was asked of them is.
    """

    prefix: str
    namespace: str
    prefixes: Mapping[str, str]
    kerngegevens: Mapping[str, tuple[str, ...]]
    groepen: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    keuzes: tuple[tuple[str, ...], ...] = ()
    niet_ondersteund: frozenset[str] = frozenset()
    nooit_leeg: frozenset[str] = frozenset()
    nooit_nil: frozenset[str] = frozenset()

    def made(self, name: str, text: str | None = None) -> etree._Element:
        """Make an element of this sector."""
        element = etree.Element(f"{{{self.namespace}}}{name}", nsmap=self.prefixes)
        element.text = text
        return element

    def stuurgegevens(self, said: Stuurgegevens) -> etree._Element:
        """Make the stuurgegevens of a message of this sector."""
        spaces = " ".join(f'xmlns:{prefix}="{space}"' for prefix, space in self.prefixes.items())
        return etree.fromstring(f"<x {spaces}>{stuurgegevens.write(said, self.prefix)}</x>")[0]


HISTORIE = frozenset(
    (
        "tijdvakGeldigheid", "tijdvakRelatie", "tijdvakObject", "tijdstipRegistratie", "historieMaterieel",
        "historieFormeel", "historieFormeelRelatie",
    )
)  # fmt: skip
"""When facts were true and when they were registered: nothing behind the hub gives it."""

HISTORIE_NOOIT_LEEG = frozenset(("historieMaterieel", "historieFormeel", "historieFormeelRelatie", "extraElementen"))
"""What no sector model lets be empty."""
