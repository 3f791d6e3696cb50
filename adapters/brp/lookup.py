"""Questions about persons to the BRP: the way of asking, the fields, and what the BRP cannot do itself.

A search of the BRP gives little of a person: where more is wanted, who was found is read by number, and nobody else.
Sorting, a maximum and going on after the answer before are done here. Which field becomes which is in the mappings.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from adapters.brp.calls import Calls
from adapters.brp.options import Options
from adapters.brp.velden import NUMMER, beperkt, erbij, van_personen, van_reisdocumenten, zonder
from adapters.brp.volgorde import gesneden, gesorteerd, paden
from adapters.brp.wegen import WEGEN, weg_van
from hub.config.policy import ANSWER_ITEMS_MAX
from hub.event.vragen import BEWONINGEN, PERSONEN, REISDOCUMENTEN, VERBLIJFPLAATSEN
from hub.net.problems import complaints, refused
from hub.ports.contracts import Client, Inquiry

Json = dict[str, Any]


def create(options: Options) -> BrpLookup:
    """Make the lookup for one connection."""
    return BrpLookup(options)


class BrpLookup:
    """Implements hub.ports.contracts.Asking."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._asked: dict[str, Callable[[Calls, Json], Awaitable[Json]]] = {
            PERSONEN: self._personen,
            BEWONINGEN: _bewoningen,
            VERBLIJFPLAATSEN: _verblijfplaatsen,
            REISDOCUMENTEN: _reisdocumenten,
        }

    async def ask(self, kind: str, question: dict[str, Any], inquiry: Inquiry) -> dict[str, Any]:
        """Ask: see `hub.ports.contracts.Lookup`."""
        asked = self._asked.get(kind)
        if asked is None:
            raise refused(f"the BRP has no answer to {kind}", advice="see the manifest")
        if self._options.gemeente is not None and kind != PERSONEN:
            raise refused(
                "this connection asks only about its own municipality, and the BRP can only keep to that for persons",
                advice="answer this by a connection of its own, without options.gemeente",
            )
        return await asked(Calls(inquiry.client, inquiry.now), question)

    async def check(self, client: Client) -> Sequence[str]:
        """Say what is wrong with reach and credentials: see `hub.ports.contracts.Asking`."""
        return await complaints("brp", Calls(client, None).bereikbaar())

    async def _personen(self, calls: Calls, question: Json) -> Json:
        weg, parameters = weg_van(question, gemeente=self._options.gemeente)
        volgorde: list[str] = question.get("volgorde") or []
        velden = van_personen(question["velden"], buitenland=self._options.buitenland)
        sorteer = van_personen(paden(volgorde), buitenland=self._options.buitenland)
        # To go on after a person is to know who that is; without a field there is no question.
        nodig = [NUMMER] if question.get("na") or not velden else []
        extra: Sequence[str] = erbij(velden, [*nodig, *sorteer])
        hoogstens = min(int(question.get("maximum") or ANSWER_ITEMS_MAX), ANSWER_ITEMS_MAX)

        def chosen(rows: list[Json]) -> tuple[list[Json], bool]:
            return gesneden(gesorteerd(rows, volgorde), na=question.get("na"), hoogstens=hoogstens)

        if weg is WEGEN[0]:
            found = await calls.raadpleeg(question["burgerservicenummers"], [*velden, *extra], parameters)
            rows, more = chosen(found)
        elif beperkt([*velden, *extra]):
            rows, more = chosen(await calls.zoek({"type": weg.type, **parameters, "fields": [*velden, *extra]}))
        else:
            rows, more, extra = await _gelezen(calls, {"type": weg.type, **parameters}, velden, nodig, sorteer, chosen)
        return {"personen": [zonder(row, extra) for row in rows], "meer": more}


Chosen = Callable[[list[Json]], tuple[list[Json], bool]]


async def _gelezen(  # noqa: PLR0917 - what is asked, and what is needed for it
    calls: Calls, zoek: Json, velden: Sequence[str], nodig: Sequence[str], sorteer: Sequence[str], chosen: Chosen
) -> tuple[list[Json], bool, Sequence[str]]:
    """Find persons, then read those that are given; who can be sorted by what a search gives, is not read in vain.

    Gives what was asked beside the fields, too.
    """
    eerst = [NUMMER, *(veld for veld in sorteer if veld != NUMMER)]
    kan_eerst = beperkt(eerst)
    found = await calls.zoek({**zoek, "fields": eerst if kan_eerst else [NUMMER]})
    gekozen, more = chosen(found) if kan_eerst else (found, False)
    nummers = [str(row[NUMMER]) for row in gekozen if NUMMER in row]
    if not nummers:
        return [], more, ()
    later = [] if kan_eerst else sorteer
    # Several persons come back in an order of the BRP: only their numbers tell who is who.
    wie = [NUMMER] if nummers[1:] else nodig
    extra = erbij(velden, [*wie, *later])
    rows = await calls.raadpleeg(nummers, [*velden, *extra], {})
    return (rows, more, extra) if kan_eerst else (*chosen(rows), extra)


async def _bewoningen(calls: Calls, question: Json) -> Json:
    peildatum, periode = "BewoningMetPeildatum", "BewoningMetPeriode"
    rows = await calls.bewoningen(
        {
            "adresseerbaarObjectIdentificatie": question["adresseerbaarObjectIdentificatie"],
            **_wanneer(question, peildatum, periode),
        }
    )
    return {"bewoningen": rows}


async def _verblijfplaatsen(calls: Calls, question: Json) -> Json:
    wanneer = _wanneer(question, "RaadpleegMetPeildatum", "RaadpleegMetPeriode")
    return await calls.historie({NUMMER: question[NUMMER], **wanneer})


async def _reisdocumenten(calls: Calls, question: Json) -> Json:
    velden = van_reisdocumenten(question["velden"])
    nummer, houder = question.get("reisdocumentnummer"), question.get(NUMMER)
    if (nummer is None) is (houder is None):
        raise refused(
            "travel documents are asked for by number or by holder", advice=f"ask with reisdocumentnummer or {NUMMER}"
        )
    wie: Json = {"type": "ZoekMetBurgerservicenummer", NUMMER: houder}
    if nummer is not None:
        wie = {"type": "RaadpleegMetReisdocumentnummer", "reisdocumentnummer": [nummer]}
    return {"reisdocumenten": await calls.reisdocumenten({**wie, "fields": velden})}


def _wanneer(question: Json, peildatum: str, periode: str) -> Json:
    """Give the day or the time that is asked about, and the way that goes with it."""
    dag, van, tot = (question.get(naam) for naam in ("peildatum", "datumVan", "datumTot"))
    if dag is not None and van is None and tot is None:
        return {"type": peildatum, "peildatum": str(dag)}
    if dag is None and van is not None and tot is not None:
        return {"type": periode, "datumVan": str(van), "datumTot": str(tot)}
    raise refused("a day or a time is asked about", advice="ask with peildatum, or with datumVan and datumTot")
