"""The `fields` parameter: what of a person an asker gets, and what he may not ask for.

A path inside a date, a table value or gezag means the whole of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from adapters.brp.vormen import AUTOMATISCH, ERBIJ, PERSOON, Vorm

Json = dict[str, Any]


def automatisch(pad: str) -> bool:
    """Say whether a path is of what is always given: asking for it is wrong."""
    delen = pad.split(".")
    return delen[0] in AUTOMATISCH or not ERBIJ.isdisjoint(delen)


class Gevraagd:
    """What is asked of a group: everything, or some of its members."""

    def __init__(self, gevraagd: Iterable[str], vorm: Vorm | tuple[str, ...] = PERSOON) -> None:
        """Take paths relative to the group; an empty one asks for all of it."""
        onder: dict[str, list[str]] = {}
        alles = isinstance(vorm, tuple)
        for pad in gevraagd:
            if pad and not alles:
                naam, _, rest = pad.partition(".")
                onder.setdefault(naam, []).append(rest)
            else:
                alles = True
        if not isinstance(vorm, tuple):
            namen = {naam: [""] for naam in vorm} if alles else onder
            self.leden = {naam: Gevraagd(rest, vorm[naam]) for naam, rest in namen.items() if naam in vorm}
        else:
            self.leden = {}

    def __contains__(self, naam: object) -> bool:
        """Say whether a member is asked for."""
        return naam in self.leden

    def __getitem__(self, naam: str) -> Gevraagd:
        """Give what is asked of a member."""
        return self.leden[naam]

    def get(self, naam: str) -> Gevraagd | None:
        """Give what is asked of a member; None when it is not asked for."""
        return self.leden.get(naam)


def gekozen(groep: Json, gevraagd: Gevraagd) -> Json:
    """Give what was asked of a group. Its `type` and what is said of its address come along by themselves."""
    uit: Json = {}
    for naam, waarde in groep.items():
        if naam in {"type", "indicatieVastgesteldVerblijftNietOpAdres"}:
            uit[naam] = waarde
        elif naam == "inOnderzoek":
            velden = waarde.gekozen(gevraagd)
            if velden:
                uit[naam] = velden
        elif naam in gevraagd:
            uit[naam] = _gekozen(waarde, gevraagd[naam])
    return uit


def _gekozen(waarde: Any, gevraagd: Gevraagd) -> Any:  # noqa: ANN401 - whatever the member is
    if not gevraagd.leden:
        return waarde
    if isinstance(waarde, list):
        return [gekozen(each, gevraagd) for each in waarde]
    return gekozen(waarde, gevraagd)
