"""How many requests a question takes: measured at the simulator, with the names of types in memory.

Run `python -m tests.support.zgw_lookup_calls` for the table of the README of the adapter.
"""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from typing import Any, NamedTuple

from adapters.zgw.simulator import RSIN, create
from adapters.zgw.simulator.vermogens import EXPAND, ZOEKEN
from tests.support.zgw_asked import (
    BESLUITEN_OPVRAGEN,
    DOCUMENTEN_OPVRAGEN,
    NUMMER,
    VERGRENDELEN,
    ZAKEN_OPVRAGEN,
    Asker,
)
from tests.support.zgw_simulated import EIO, ZAKEN, Client, FixedClock, a_rol

PERSON = {"natuurlijkPersoon": {"bsn": "999990019"}}
ALL = [
    "rollen", "statussen", "resultaat", "zaakobjecten", "eigenschappen", "gerelateerdeZaken", "besluiten", "documenten",
]  # fmt: skip


class Asked(NamedTuple):
    """A question: the service that asks it so, in words, its type and its fields."""

    service: str
    says: str
    kind: str
    question: dict[str, Any]


QUESTIONS = (
    Asked("geefZaakstatus", "the latest status", ZAKEN_OPVRAGEN, {
        "identificatie": "ZAAK-00", "onderdelen": ["statussen"], "alleenLaatsteStatus": True,
    }),
    Asked("geefZaakdetails", "a zaak with rollen and all its statussen", ZAKEN_OPVRAGEN, {
        "identificatie": "ZAAK-00", "onderdelen": ["rollen", "statussen"],
    }),
    Asked("geefZaakdetails", "a zaak with everything", ZAKEN_OPVRAGEN, {"identificatie": "ZAAK-00", "onderdelen": ALL}),
    Asked("zakLv01", "fifteen zaken of a person, with rollen and resultaat", ZAKEN_OPVRAGEN, {
        "betrokkene": PERSON, "onderdelen": ["rollen", "resultaat"], "maximum": 15,
    }),
    Asked("zakLv01", "the next fifteen of a zaaktype, with rollen", ZAKEN_OPVRAGEN, {
        "zaaktype": "B1026", "na": "ZAAK-14", "onderdelen": ["rollen"], "maximum": 15,
    }),
    Asked("geefLijstZaakdocumenten", "three documents", DOCUMENTEN_OPVRAGEN, {"zaak": "ZAAK-00"}),
    Asked("geefZaakdocumentLezen", "a document with its content", DOCUMENTEN_OPVRAGEN, {
        "identificatie": "DOC-0", "inhoud": True,
    }),
    Asked("geefZaakdocumentBewerken", "the same, locked", VERGRENDELEN, {"identificatie": "DOC-0", "inhoud": True}),
    Asked("geefLijstBesluiten", "one besluit with its document", BESLUITEN_OPVRAGEN, {"zaak": "ZAAK-00"}),
    Asked("geefBesluitdetails", "one besluit with its document", BESLUITEN_OPVRAGEN, {"identificatie": "BESLUIT-1"}),
    Asked("genereerZaakIdentificatie", "a number of the target", NUMMER, {"soort": "zaak"}),
)  # fmt: skip


async def report() -> str:
    """Give the table."""
    lines = ["| Service | Asks | Requests | Without expand and _zoek |", "|---|---|---|---|"]
    for asked in QUESTIONS:
        best = await _counted(asked, ())
        # Without `_zoek` nobody asks for a person.
        plain = "" if "betrokkene" in asked.question else await _counted(asked, (EXPAND, ZOEKEN))
        told = f"{best.total()}: {_told(best)}"
        rest = plain.total() if isinstance(plain, Counter) else "refused"
        lines.append(f"| {asked.service} | {asked.says} | {told} | {'' if rest == best.total() else rest} |")
    return "\n".join(lines) + "\n"


async def _counted(asked: Asked, without: tuple[str, ...]) -> Counter[str]:
    """Count, with the names of types in memory and what the server lacks known."""
    simulator = create(clock=FixedClock(), without=without)
    await _fill(Client(simulator))
    asker = Asker(simulator)
    for kind, question in (
        (ZAKEN_OPVRAGEN, {"identificatie": "ZAAK-00", "onderdelen": ALL}),
        (asked.kind, asked.question),
    ):
        if kind != VERGRENDELEN:
            await asker.ask(kind, **question)
    await asker.ask(DOCUMENTEN_OPVRAGEN, identificatie="DOC-0")
    return await asker.counted(asked.kind, **asked.question)


async def _fill(client: Client) -> None:
    """Make thirty zaken of one person; the first has everything."""
    resultaattype = await client.type_url("resultaattypen", omschrijving="Toegekend")
    statustypen = [await client.type_url("statustypen", omschrijving=name) for name in ("Ontvangen", "In behandeling")]
    zaken = [await client.zaak(f"ZAAK-{number:02}") for number in range(30)]
    for zaak in zaken:
        await client.post(f"{ZAKEN}/rollen", await a_rol(client, zaak["url"]))
        await client.post(f"{ZAKEN}/resultaten", {"zaak": zaak["url"], "resultaattype": resultaattype})
    whole = {"zaak": zaken[0]["url"]}
    for day, statustype in enumerate(statustypen, start=1):
        moment = f"2026-06-0{day}T08:00:00Z"
        await client.post(f"{ZAKEN}/statussen", {**whole, "statustype": statustype, "datumStatusGezet": moment})
    pand = {"objectType": "pand", "objectIdentificatie": {"identificatie": "9999100000000001"}}
    await client.post(f"{ZAKEN}/zaakobjecten", {**whole, **pand})
    eigenschap = await client.type_url("eigenschappen")
    await client.post(f"{zaken[0]['url']}/zaakeigenschappen", {**whole, "eigenschap": eigenschap, "waarde": "web"})
    relation = [{"url": zaken[1]["url"], "aardRelatie": "onderwerp", "overigeRelatie": "", "toelichting": ""}]
    await client.send("PATCH", zaken[0]["url"], {"relevanteAndereZaken": relation})
    for number in range(3):
        body = await client.document(f"DOC-{number}", inhoud="aGFsbG8=", bestandsomvang=5)
        document = await client.post(EIO, body)
        await client.post(f"{ZAKEN}/zaakinformatieobjecten", {**whole, "informatieobject": document["url"]})
    besluittype = (await client.get("/catalogi/api/v1/besluittypen"))["results"][0]
    besluit = await client.post("/besluiten/api/v1/besluiten", {
        "identificatie": "BESLUIT-1", "verantwoordelijkeOrganisatie": RSIN, "besluittype": besluittype["url"], **whole,
        "datum": "2026-06-01", "ingangsdatum": "2026-06-02",
    })  # fmt: skip
    types = client.simulator.state.at(besluittype["url"].removeprefix("http://zgw.test"))["informatieobjecttypen"]
    types.append(document["informatieobjecttype"].removeprefix("http://zgw.test"))
    link = {"besluit": besluit["url"], "informatieobject": document["url"]}
    await client.post("/besluiten/api/v1/besluitinformatieobjecten", link)


def _told(counts: Counter[str]) -> str:
    return ", ".join(call if times == 1 else f"{times} times {call}" for call, times in counts.items())


if __name__ == "__main__":
    sys.stdout.write(asyncio.run(report()))
