"""What is read of a company and its branches beside a search: as much as the fields that are wanted need.

It knows which API says what: Basisprofiel or one part of it, the list of branches, their names, or their profiles.
"""

from __future__ import annotations

from functools import partial

from adapters.kvk.calls import Calls
from adapters.kvk.velden import Velden
from adapters.kvk.vraag import Row
from hub.config.policy import KVK_PROFIELEN_MAX, SOURCE_CALLS_MAX
from hub.net.problems import refused
from hub.net.together import together


class Profielen:
    """See the module."""

    def __init__(self, calls: Calls, velden: Velden) -> None:
        """Take what is wanted."""
        self._calls = calls
        self._velden = velden
        self._read: dict[str, Row | None] = {}

    async def company(self, kvk_nummer: str, *, named: bool) -> Row | None:
        """Read what is wanted of a company; empty when that is nothing, None when the KVK has none of it.

        `named` says that its name is known already. A part that is read by itself stands where it stands in the
        Basisprofiel.
        """
        velden = self._velden
        parts = velden.of_company(named=named)
        row: Row = {}
        for part in parts:
            geo = velden.geo(part) if part else velden.geo("eigenaar") or velden.geo("hoofdvestiging")
            body = await self._calls.company(kvk_nummer, part, geo=geo)
            # A rechtspersoon need not have a hoofdvestiging.
            if body is not None:
                row = {**row, "_embedded": {**row.get("_embedded", {}), part: body}} if part else body
        names = await self._names(kvk_nummer) if velden.wants("ookGenoemd") else None
        if names is not None:
            row = {**row, "ookGenoemd": names.get("ookGenoemd")}
        return row or (None if parts or velden.wants("ookGenoemd") else row)

    async def branches(self, kvk_nummer: str) -> Row | None:
        """Read what is wanted of all branches of a company, as `company` does."""
        velden = self._velden
        if not velden.wants("vestigingen"):
            return {}
        if velden.names_of_branches() and not velden.list_of_branches():
            names = await self._names(kvk_nummer)
            return None if names is None else {"vestigingen": names["vestigingen"]}
        listed = await self._calls.branches(kvk_nummer)
        if listed is None:
            return None
        return {"vestigingen": listed if velden.list_of_branches() else await self.read(listed)}

    async def read(self, branches: list[Row]) -> list[Row]:
        """Give branches with their profiles, where these are wanted; one without a profile stays as it is."""
        if not self._velden.needs_profiles():
            return branches
        if len(branches) > KVK_PROFIELEN_MAX:
            raise refused(
                f"more than {KVK_PROFIELEN_MAX} branches would have to be read one by one",
                advice="ask for fewer fields of the branches (names, or the address in one line), or for one branch",
            )
        return await together([partial(self._profile, each) for each in branches], at_once=SOURCE_CALLS_MAX)

    async def _profile(self, branch: Row) -> Row:
        geo = self._velden.geo("vestigingen")
        return {**branch, **(await self._calls.branch(branch["vestigingsnummer"], geo=geo) or {})}

    async def _names(self, kvk_nummer: str) -> Row | None:
        if kvk_nummer not in self._read:
            self._read[kvk_nummer] = await self._calls.names(kvk_nummer)
        return self._read[kvk_nummer]
