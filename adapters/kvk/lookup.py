"""Questions about companies to the KVK: search where that is needed, and no profile that nobody asked for.

It knows which call follows which. Which field of the KVK becomes which is in the mapping of the answer; what may not be
passed on at all is left out here (`adapters.kvk.afscherming`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from adapters.kvk.afscherming import passed_on
from adapters.kvk.calls import RESULTS_MAX, Calls
from adapters.kvk.options import Options
from adapters.kvk.profielen import Profielen
from adapters.kvk.velden import Velden
from adapters.kvk.vraag import Row, Vraag
from adapters.kvk.zoeken import Found, search
from hub.config.policy import KVK_PROFIELEN_MAX, SOURCE_CALLS_MAX
from hub.net.problems import complaints, refused
from hub.net.together import together
from hub.ports.contracts import Client, Inquiry

_QUESTION = "nl.bedrijven.bedrijven-opvragen.v1"


def create(options: Options) -> KvkLookup:
    """Make the lookup for one connection."""
    return KvkLookup(options)


class KvkLookup:
    """Implements hub.ports.contracts.Asking."""

    def __init__(self, options: Options) -> None:
        self._options = options

    async def ask(self, kind: str, question: dict[str, Any], inquiry: Inquiry) -> dict[str, Any]:
        """Ask: see `hub.ports.contracts.Lookup`."""
        if kind != _QUESTION:
            raise refused(f"the KVK has no answer to {kind}", advice="see the manifest")
        vraag = Vraag.of(question)
        velden = Velden.of(question.get("velden"), branches=vraag.about_branches)
        asking = _Asking(Calls(inquiry.client, inquiry.now), vraag, velden)
        rows, more = await asking.answer(most=question.get("maximum") or RESULTS_MAX)
        authorised = self._options.afgeschermde_adressen
        return {"bedrijven": passed_on(rows, authorised=authorised), "meer": more}

    async def check(self, client: Client) -> Sequence[str]:
        """Say what is wrong with reach and key: see `hub.ports.contracts.Asking`."""
        return await complaints("kvk", Calls(client, None).probe())


class _Asking:
    """One question as it is being answered."""

    def __init__(self, calls: Calls, vraag: Vraag, velden: Velden) -> None:
        self._calls = calls
        self._vraag = vraag
        self._velden = velden
        self._profielen = Profielen(calls, velden)

    async def answer(self, *, most: int) -> tuple[list[Row], bool]:
        """Choose the shortest way: by the number itself, or by a search."""
        vraag, velden = self._vraag, self._velden
        searched = velden.of_search() or velden.wants("vestigingen.naam")
        if vraag.one_branch and velden.needs_profiles() and not searched:
            return await self._one_branch(vraag.one_branch), False
        named = not velden.wants("naam") or "" in velden.of_company()
        if vraag.one_company and named and velden.needs_company() and not velden.of_search():
            return await self._one_company(vraag.one_company), False
        profiles = velden.of_company() or velden.needs_profiles()
        found, more = await search(self._calls, vraag, most=min(most, KVK_PROFIELEN_MAX) if profiles else most)
        return await together([partial(self._whole, each) for each in found], at_once=SOURCE_CALLS_MAX), more

    async def _one_branch(self, vestigingsnummer: str) -> list[Row]:
        profile = await self._calls.branch(vestigingsnummer, geo=self._velden.geo("vestigingen"))
        wanted = self._vraag.criteria.get("kvkNummer")
        if profile is None or wanted not in (None, profile["kvkNummer"]):
            return []
        company = await self._profielen.company(profile["kvkNummer"], named=False)
        return [{"kvkNummer": profile["kvkNummer"], **(company or {}), "vestigingen": [profile]}]

    async def _one_company(self, kvk_nummer: str) -> list[Row]:
        company = await self._profielen.company(kvk_nummer, named=True)
        branches = await self._profielen.branches(kvk_nummer)
        if company or branches:
            return [{"kvkNummer": kvk_nummer, **(company or {}), **(branches or {})}]
        # Unknown, or there without what is wanted of it: only a search can tell.
        found, _ = await search(self._calls, self._vraag, most=1)
        return [each.row(typed=False) for each in found]

    async def _whole(self, found: Found) -> Row:
        """Add to what a search says; what the KVK gives no profile of (deregistered) stays as it was found."""
        row = found.row(typed="type" in self._vraag.criteria)
        company = await self._profielen.company(row["kvkNummer"], named="naam" in row) or {}
        if self._vraag.by_number:
            branches = await self._profielen.branches(row["kvkNummer"]) or {}
        elif self._velden.wants("vestigingen") and found.branches():
            branches = {"vestigingen": await self._profielen.read(found.branches())}
        else:
            branches = {}
        return {**row, **company, **branches}
