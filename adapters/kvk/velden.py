"""Which fields are wanted, and so which calls are needed. Pure.

A name is a path of the canonical company (`hoofdvestiging.adressen.postcode`) or a group of it (`hoofdvestiging`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

_UNASKED = (
    "kvkNummer", "naam", "statutaireNaam", "handelsnamen", "indNonMailing", "datumAanvang", "datumEinde",
    "formeleRegistratiedatum", "totaalWerkzamePersonen", "activiteiten", "eigenaar", "hoofdvestiging",
)  # fmt: skip
"""What is given when nobody says what is wanted: the Basisprofiel, and no branches, of which there may be thousands."""
_UNASKED_BRANCH = ("kvkNummer", "vestigingen")
_BASISPROFIEL = frozenset({
    "statutaireNaam", "handelsnamen", "indNonMailing", "datumAanvang", "datumEinde", "formeleRegistratiedatum",
    "totaalWerkzamePersonen", "activiteiten",
})  # fmt: skip
_NOT_EMBEDDED = ("hoofdvestiging.rsin", "hoofdvestiging.handelsnamen")
"""Basisprofiel 1.5: the hoofdvestiging within it has all but these."""
_IN_ZOEKEN = frozenset({"vestigingsnummer", "kvkNummer", "naam", "indHoofdvestiging"})
"""Not eersteHandelsnaam: a search says `naam` for that and for what is none. Not the address: is it shielded?"""
_IN_LIST = frozenset({
    "vestigingsnummer", "kvkNummer", "indHoofdvestiging", "eersteHandelsnaam", "indCommercieleVestiging",
    "adressen.volledigAdres", "adressen.indAfgeschermd",
})  # fmt: skip
_IN_NAMES = frozenset({"vestigingsnummer", "kvkNummer", "eersteHandelsnaam", "handelsnamen", "naam", "ookGenoemd"})
_BAG = ("adresseerbaarObjectIdentificatie", "nummeraanduidingIdentificatie")


class Velden(NamedTuple):
    """See the module."""

    names: tuple[str, ...]

    @classmethod
    def of(cls, asked: Sequence[str] | None, *, branches: bool) -> Velden:
        """Read what is wanted; `branches` says that the question is about these."""
        if asked is not None:
            return cls(tuple(asked))
        return cls(_UNASKED_BRANCH if branches else _UNASKED)

    def wants(self, path: str) -> bool:
        """Say whether a field is wanted, or something in that group, or the group it is in."""
        return any(_within(path, name) or _within(name, path) for name in self.names)

    def of_search(self) -> bool:
        """Say whether something is wanted that only a search says."""
        return any(self.wants(name) for name in ("type", "actief", "vervallenNaam"))

    def of_company(self, *, named: bool = True) -> tuple[str, ...]:
        """Name the parts of the Basisprofiel that are needed, as paths below it; `""` is the whole.

        `named` says that the name of the company is known, as a search mostly says it: that costs nothing.
        """
        eigenaar, hoofdvestiging = self.wants("eigenaar"), self.wants("hoofdvestiging")
        naam = not named and self.wants("naam")
        if naam or any(map(self.wants, _BASISPROFIEL)) or (eigenaar and hoofdvestiging):
            return ("", "hoofdvestiging") if any(map(self.wants, _NOT_EMBEDDED)) else ("",)
        return ("eigenaar",) if eigenaar else ("hoofdvestiging",) if hoofdvestiging else ()

    def needs_company(self) -> bool:
        """Say whether something is wanted that is read by the number of a company."""
        return bool(self.of_company()) or self.wants("vestigingen") or self.wants("ookGenoemd")

    def needs_profiles(self) -> bool:
        """Say whether a branch must be read to know what is wanted of it, when a search has found it."""
        return not self._of_branches() <= _IN_ZOEKEN

    def list_of_branches(self) -> bool:
        """Say whether the list of branches of a company says enough."""
        return self._of_branches() <= _IN_LIST

    def names_of_branches(self) -> bool:
        """Say whether the names of a company and its branches say enough."""
        return self._of_branches() <= _IN_NAMES

    def geo(self, group: str) -> bool:
        """Say whether the numbers of the BAG are wanted with the addresses of a group."""
        return any(self.wants(f"{group}.adressen.{name}") for name in _BAG)

    def _of_branches(self) -> frozenset[str]:
        group = "vestigingen"
        return frozenset(name.removeprefix(group).removeprefix(".") for name in self.names if _within(name, group))


def _within(path: str, group: str) -> bool:
    return path == group or path.startswith(f"{group}.")
