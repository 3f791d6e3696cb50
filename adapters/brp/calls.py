"""The calls to the BRP APIs: a question in, the rows of the answer out, several calls where one takes too few numbers.

It knows the four services, and that nothing is changed by asking. It refuses to know which field is which.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import Any

from hub.config.policy import BRP_NUMMERS_MAX, SOURCE_CALLS_MAX
from hub.errors import TargetUncertain
from hub.net.failures import unanswered
from hub.net.problems import broken, failure_of, object_of, read_problem, succeeded
from hub.net.together import together
from hub.ports.contracts import Client

Json = dict[str, Any]
Row = dict[str, Any]

_MEDIA = {"Content-Type": "application/json; charset=utf-8", "Accept": "application/json; charset=utf-8"}
_RAADPLEEG = "RaadpleegMetBurgerservicenummer"
_NUMMER = "burgerservicenummer"


class Calls:
    """See the module."""

    def __init__(self, client: Client, now: datetime | None) -> None:
        """Take the client and the time of the question."""
        self._client = client
        self._now = now

    async def zoek(self, vraag: Json) -> list[Row]:
        """Find persons."""
        return _rijen(await self._vraag("personen", "personen", vraag, what="personen zoeken"), "personen", "zoeken")

    async def raadpleeg(self, nummers: Sequence[str], velden: Sequence[str], erbij: Json) -> list[Row]:
        """Read persons by number; of whom is unknown there is no row.

        Where `velden` hold the number they come in the order of the numbers, and a person who was not asked for is
        found out: it would be somebody else's data.
        """
        uniek = list(dict.fromkeys(nummers))
        delen = [uniek[begin : begin + BRP_NUMMERS_MAX] for begin in range(0, len(uniek), BRP_NUMMERS_MAX)]
        works = [partial(self._raadpleeg, deel, velden, erbij) for deel in delen]
        rijen = [rij for deel in await together(works, at_once=SOURCE_CALLS_MAX) for rij in deel]
        if _NUMMER not in velden:
            return rijen
        gevonden = {rij[_NUMMER]: rij for rij in rijen}
        return [gevonden[nummer] for nummer in uniek if nummer in gevonden]

    async def bewoningen(self, vraag: Json) -> list[Row]:
        """Ask who lived in an object."""
        return _rijen(
            await self._vraag("bewoning", "bewoningen", vraag, what="bewoning raadplegen"), "bewoningen", "bewoning"
        )

    async def historie(self, vraag: Json) -> Json:
        """Ask where somebody lived."""
        antwoord = await self._vraag("historie", "verblijfplaatshistorie", vraag, what="historie raadplegen")
        _rijen(antwoord, "verblijfplaatsen", "historie")
        return antwoord

    async def reisdocumenten(self, vraag: Json) -> list[Row]:
        """Ask for travel documents."""
        what = "reisdocumenten raadplegen"
        return _rijen(await self._vraag("reisdocumenten", "reisdocumenten", vraag, what=what), "reisdocumenten", what)

    async def bereikbaar(self) -> None:
        """See whether the BRP answers and knows us, without asking about anybody: it turns down an empty question."""
        what = "verbinding controleren"
        response = await self._client.request("POST", "personen", "personen", json={}, headers=_MEDIA)
        leeg = response.status == HTTPStatus.BAD_REQUEST and ("type", "required") in read_problem(response).parameters
        if not leeg:
            if succeeded(response):
                raise broken(what, "an empty question was answered")
            raise failure_of(response, what=what, now=self._now)

    async def _raadpleeg(self, nummers: Sequence[str], velden: Sequence[str], erbij: Json) -> list[Row]:
        vraag = {"type": _RAADPLEEG, _NUMMER: list(nummers), "fields": list(velden), **erbij}
        what = "personen raadplegen"
        rijen = _rijen(await self._vraag("personen", "personen", vraag, what=what), "personen", what)
        anderen = _NUMMER in velden and any(rij.get(_NUMMER) not in nummers for rij in rijen)
        if anderen or len(rijen) > len(nummers):
            raise broken(what, "a person in the answer was not asked for")
        return rijen

    async def _vraag(self, service: str, path: str, vraag: Json, *, what: str) -> Json:
        try:
            response = await self._client.request("POST", service, path, json=vraag, headers=_MEDIA)
        except TargetUncertain as failure:
            raise unanswered(failure, what=what) from None
        if not succeeded(response):
            raise failure_of(response, what=what, now=self._now)
        return object_of(response, what=what)


def _rijen(antwoord: Json, naam: str, what: str) -> list[Row]:
    rijen = antwoord.get(naam)
    if rijen is None or not isinstance(rijen, list) or any(not isinstance(rij, dict) for rij in rijen):
        raise broken(what, f"the answer has no list {naam}")
    return rijen
