"""How many ZGW requests each operation costs: measured at the simulator, with the catalogus in memory.

Run `python -m tests.support.zgw_calls` for the table of the README of the adapter.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any, NamedTuple

from adapters.zgw.simulator import RSIN
from tests.support.zgw import (
    AANGEMAAKT,
    BESLUIT_BIJGEWERKT,
    BESLUIT_GENOMEN,
    BIJGEWERKT,
    DOCUMENT_BIJGEWERKT,
    DOCUMENT_ONTKOPPELD,
    DOCUMENT_TOEGEVOEGD,
    DOCUMENT_VRIJGEGEVEN,
    HOST,
    STATUS_GEZET,
    Delivery,
    a_document,
    a_person,
)
from tests.support.zgw_events import (
    BESLUIT,
    DOCUMENT,
    NEW_CONTENT,
    ZAAK,
    Far,
    a_besluit,
    a_change,
    inhoud,
    new_document,
)

NEW_ZAAK = "ZAAK-2026-0002"
_WITHOUT = {"zaak_registreren"}


class Operation(NamedTuple):
    """An event, as which StUF service brings it, and what stands before it."""

    service: str
    says: str
    kind: str
    message: dict[str, Any]
    locked: bool = False
    besluit: bool = False


class Cost(NamedTuple):
    """What an operation cost: with zaak_registreren, and at a target without it. The requests, in order."""

    operation: Operation
    requests: list[str]
    plain: list[str]


def operations() -> list[Operation]:
    """Give what is measured: a warm catalogus, and the zaak not seen before by this process but for a new one."""
    zaak = {"identificatie": ZAAK}
    rollen = [
        a_person(),
        a_person("999993653", roltype={"omschrijving": "Belanghebbende"}, roltoelichting="belanghebbende"),
    ]
    status = {"statustype": {"volgnummer": 1}, "datumStatusGezet": "2026-03-01T10:00:00+01:00"}
    later = {"statustype": {"volgnummer": 2}, "datumStatusGezet": "2026-03-01T11:00:00+01:00"}
    new = {"identificatie": NEW_ZAAK}
    changed: dict[str, Any] = {"titel": "Anders", "inhoud": inhoud("new", NEW_CONTENT)}
    place = [{"identificatie": DOCUMENT}]
    return [
        Operation("creeerZaak", "a zaak", AANGEMAAKT, a_document(zaak=new)),
        Operation(
            "creeerZaak",
            "with two rollen and a status",
            AANGEMAAKT,
            a_document(zaak=new, rollen=rollen, statussen=[status]),
        ),
        Operation("updateZaak", "fields", BIJGEWERKT, {"zaak": {**zaak, "omschrijving": "Anders"}}),
        Operation("updateZaak", "a rol more", BIJGEWERKT, {"zaak": zaak, "rollen": [a_person()]}),
        Operation("actualiseerZaakstatus", "a status", STATUS_GEZET, {"zaak": zaak, "statussen": [later]}),
        Operation(
            "actualiseerZaakstatus",
            "closes with a resultaat",
            STATUS_GEZET,
            {
                "zaak": zaak,
                "statussen": [{**later, "statustype": {"volgnummer": 3}}],
                "resultaat": {"resultaattype": {"omschrijving": "Toegekend"}},
            },
        ),
        Operation("voegZaakdocumentToe", "a document", DOCUMENT_TOEGEVOEGD, new_document(identificatie="DOC-2")),
        Operation(
            "maakZaakdocument",
            "a document without content",
            DOCUMENT_TOEGEVOEGD,
            new_document(identificatie="DOC-2", inhoud=None),
        ),
        Operation("updateZaakdocument", "with the lock of the sender", DOCUMENT_BIJGEWERKT, a_change(**changed), True),
        Operation("edcLk01", "a change without a lock", DOCUMENT_BIJGEWERKT, a_change(**changed)),
        Operation("cancelCheckout", "a lock given back", DOCUMENT_VRIJGEGEVEN, a_change(), True),
        Operation(
            "ontkoppelZaakdocument", "a document leaves its zaak", DOCUMENT_ONTKOPPELD, {**a_change(), "zaak": zaak}
        ),
        Operation("voegBesluitToe", "with a document", BESLUIT_GENOMEN, {**a_besluit(), "documenten": place}),
        Operation(
            "updateBesluit",
            "fields",
            BESLUIT_BIJGEWERKT,
            {"besluit": {"identificatie": BESLUIT, "verantwoordelijkeOrganisatie": RSIN, "toelichting": "Anders"}},
            besluit=True,
        ),
    ]


async def measure() -> list[Cost]:
    """Do each operation on a fresh simulator, twice: with and without zaak_registreren."""
    return [Cost(each, await _requests(each), await _requests(each, without=_WITHOUT)) for each in operations()]


async def _requests(operation: Operation, **settings: Any) -> list[str]:  # noqa: ANN401 - those of the simulator
    far = await Far(**settings).with_document()
    delivery = far.delivery()
    await _warm(delivery, operation)
    message = operation.message
    if operation.locked:
        answer = await far.client.request("POST", "documenten", f"{HOST}{far.document['url']}/lock", json={})
        message = {**message, "lock": answer.json()["lock"]}
    far.client.calls.clear()
    await delivery.once(operation.kind, message)
    assert not [call for call in far.client.calls if call.path.startswith("/catalogi")]
    return far.did()


async def _warm(delivery: Delivery, operation: Operation) -> None:
    """Let this process know the catalogus, and what the target can do, from zaken of before."""
    everything = a_document(
        zaak={"identificatie": "ZAAK-2026-0009"},
        rollen=[a_person(), a_person("999993653", roltype={"omschrijving": "Belanghebbende"})],
        statussen=[{"statustype": {"volgnummer": 1}, "datumStatusGezet": "2026-03-01T10:00:00+01:00"}],
        resultaat={"resultaattype": {"omschrijving": "Toegekend"}},
    )
    await delivery.once(AANGEMAAKT, everything)
    await delivery.once(
        DOCUMENT_TOEGEVOEGD,
        {**new_document(identificatie="DOC-9"), "zaak": {"identificatie": "ZAAK-2026-0009"}},
    )
    besluit = a_besluit(identificatie=BESLUIT if operation.besluit else "BSL-9")
    await delivery.once(BESLUIT_GENOMEN, {**besluit, "zaak": {"identificatie": "ZAAK-2026-0009"}})


def table(costs: list[Cost]) -> str:
    """Write what each operation costs, for the README of the adapter."""
    lines = ["| Service | Says | Requests | Without zaak_registreren |", "|---|---|---|---|"]
    for cost in costs:
        plain = str(len(cost.plain)) if cost.plain != cost.requests else ""
        told = f"{len(cost.requests)}: {', '.join(cost.requests)}"
        lines.append(f"| {cost.operation.service} | {cost.operation.says} | {told} | {plain} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(table(asyncio.run(measure())) + "\n")
