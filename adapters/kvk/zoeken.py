"""What a search found, as it is one in the answer: a branch or rechtspersoon, or a company with those that fit.

It knows how hits are put together, ordered and cut. It refuses to know what else is read of them.
"""

from __future__ import annotations

from operator import attrgetter
from typing import NamedTuple

from adapters.kvk.calls import RESULTS_MAX, Calls
from adapters.kvk.vraag import Row, Vraag
from hub.net.criteria import after, ordered
from hub.net.problems import refused

_TYPES = ("hoofdvestiging", "rechtspersoon", "nevenvestiging")
"""Who speaks for the company: the first of these that was found. The name of a nevenvestiging is not that of it."""
_SAID = ("kvkNummer", "naam", "actief", "vervallenNaam")
_MAIN = {"hoofdvestiging": "Ja", "nevenvestiging": "Nee"}


class Found(NamedTuple):
    """One in the answer: `hits` are the search results, `key` is what a next question goes on after."""

    key: str
    hits: list[Row]

    @property
    def main(self) -> Row:
        """The hit that speaks for the company."""
        return min(self.hits, key=lambda hit: _TYPES.index(hit["type"]) if hit.get("type") in _TYPES else len(_TYPES))

    def row(self, *, typed: bool) -> Row:
        """Give what the search says of it."""
        main = self.main
        kind = main.get("type")
        row = {name: main[name] for name in _SAID if name in main and (name != "naam" or kind != _TYPES[-1])}
        return {**row, **({"type": kind} if typed and kind else {})}

    def branches(self) -> list[Row]:
        """Give what the search says of the branches that fit."""
        return [
            {
                "vestigingsnummer": hit["vestigingsnummer"],
                "kvkNummer": hit["kvkNummer"],
                **({"naam": hit["naam"]} if "naam" in hit else {}),
                **({"indHoofdvestiging": _MAIN[hit["type"]]} if hit.get("type") in _MAIN else {}),
            }
            for hit in self.hits
            if isinstance(hit.get("vestigingsnummer"), str)
        ]


async def search(calls: Calls, vraag: Vraag, *, most: int) -> tuple[list[Found], bool]:
    """Search, and give at most `most`, and whether there are more."""
    found: dict[str, list[Row]] = {}
    # A company is whole when all hits are read; a branch is one hit.
    stops_early = vraag.about_branches and not vraag.order and not vraag.after
    async for hit in calls.search(vraag.query()):
        found.setdefault(vraag.key(hit), []).append(hit)
        if stops_early and len(found) > most:
            break
    rows = [Found(key, hits) for key, hits in found.items()]
    rows = ordered(rows, vraag.order, lambda each, name: each.main.get(name))
    rows = after(rows, vraag.after, attrgetter("key"), thing="company")
    if not rows and calls.unreachable:
        raise refused(
            f"more than {RESULTS_MAX} fit, and the KVK shows no more",
            advice="ask for fewer: add a place, a type or a number",
        )
    return rows[:most], len(rows) > most or calls.unreachable
