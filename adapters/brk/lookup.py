"""Questions about land to the BRK: one way of finding it, then what the fields need of each, a few calls at a time.

It knows which call follows which. Which field of the BRK becomes which is in the mapping of the answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from operator import itemgetter
from typing import Any

from adapters.brk.calls import Calls
from adapters.brk.options import Options
from adapters.brk.velden import Gevraagd, gevraagd
from adapters.brk.vraag import BSN, NUMBER, asked_by
from hub.config.policy import ANSWER_ITEMS_MAX, BRK_ORGANISATIES_MAX, BRK_ZAKEN_MAX, SOURCE_CALLS_MAX
from hub.event.vragen import ONROERENDE_ZAKEN
from hub.net.criteria import Way, after, fits
from hub.net.problems import broken, complaints, refused
from hub.net.together import together
from hub.ports.contracts import Client, Inquiry
from hub.ports.hal import Row

_UNREGISTERED = "kadaster_niet_natuurlijk_persoon"


def create(options: Options) -> BrkLookup:
    """Make the lookup for one connection."""
    del options
    return BrkLookup()


class BrkLookup:
    """Implements hub.ports.contracts.Asking."""

    async def ask(self, kind: str, question: dict[str, Any], inquiry: Inquiry) -> dict[str, Any]:
        """Ask: see `hub.ports.contracts.Lookup`."""
        if kind != ONROERENDE_ZAKEN:
            raise refused(f"the BRK has no answer to {kind}", advice="see the manifest")
        way = asked_by(question)
        asked = gevraagd(question.get("velden"), list(way.compared))
        calls = Calls(inquiry.client, inquiry.now)
        found = [row for row in await _found(calls, way, asked) if fits(row, way.compared)]
        rows = after(found, question.get("na"), itemgetter(NUMBER), thing="land")
        most = min(int(question.get("maximum") or ANSWER_ITEMS_MAX), BRK_ZAKEN_MAX if asked.delen else ANSWER_ITEMS_MAX)
        whole = await _with_organisations(calls, await _with_parts(calls, rows[:most], asked), asked)
        return {"kadastraalOnroerendeZaken": whole, "meer": len(rows) > most}

    async def check(self, client: Client) -> Sequence[str]:
        """Say what is wrong with reach and key: see `hub.ports.contracts.Asking`."""
        return await complaints("brk", Calls(client, None).probe())


async def _found(calls: Calls, way: Way, asked: Gevraagd) -> list[Row]:
    if way.by == BSN:
        return await calls.zaken_of(way.query[BSN], asked.zaak)
    if way.by != NUMBER:
        return await calls.zaken(way.query, asked.zaak)
    row = await calls.zaak(way.query[NUMBER], asked.zaak)
    return [] if row is None else [row]


async def _with_parts(calls: Calls, rows: list[Row], asked: Gevraagd) -> list[Row]:
    """Add rights, mortgages and so on, where they are wanted: a call for each kind of each."""
    works = [partial(calls.deel, deel, row[NUMBER], fields) for row in rows for deel, fields in asked.delen.items()]
    said = iter(await together(works, at_once=SOURCE_CALLS_MAX))
    return [{**row, **{deel: next(said) for deel in asked.delen}} for row in rows]


async def _with_organisations(calls: Calls, rows: list[Row], asked: Gevraagd) -> list[Row]:
    """Add what is known of organisations that are in no other register, where that is wanted; each is read once."""
    if not asked.organisatie:
        return rows
    places = [tuple(each.split(".")) for each in asked.organisaties]
    persons = [each for row in rows for place in places for each in _at(row, place)]
    unregistered = [each for each in persons if each.get("type") == _UNREGISTERED and each.get(NUMBER)]
    numbers = list(dict.fromkeys(str(each[NUMBER]) for each in unregistered))
    if len(numbers) > BRK_ORGANISATIES_MAX:
        raise refused(
            f"more than {BRK_ORGANISATIES_MAX} organisations would have to be read one by one",
            advice="ask for fewer fields of persons (identificatie, omschrijving), or for less land",
        )
    works = [partial(calls.organisatie, each, asked.organisatie) for each in numbers]
    known = dict(zip(numbers, await together(works, at_once=SOURCE_CALLS_MAX), strict=True))
    for each in unregistered:
        each.update({name: value for name, value in known[str(each[NUMBER])].items() if name in asked.organisatie})
    return rows


def _at(part: Any, place: Sequence[str]) -> Iterator[Row]:  # noqa: ANN401 - any part of an answer in JSON
    """Give the objects at a place, through lists; raises TargetMisconfigured where there is something else."""
    if isinstance(part, list):
        for each in part:
            yield from _at(each, place)
    elif not isinstance(part, dict):
        raise broken("persons in an answer", "there is no object where one was meant")
    elif not place:
        yield part
    elif part.get(place[0]) is not None:
        yield from _at(part[place[0]], place[1:])
