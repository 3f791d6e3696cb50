"""Which besluiten there are: one by its number, or those of a zaak; with the documents they are laid down in.

It knows the Besluiten API 1.1.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from adapters.zgw.calls import Row
from adapters.zgw.lookup import eio
from adapters.zgw.lookup.asking import Asking, beside, wanted
from adapters.zgw.lookup.zoeken import one, verwezen, which
from hub.errors import TargetRefused


async def answer(asking: Asking, question: dict[str, Any]) -> dict[str, Any]:
    """Answer which besluiten there are."""
    zaak = question.get("zaak")
    of_zaak = await one(asking, zaak, question.get("organisatie")) if zaak else None
    if zaak and of_zaak is None:
        return {"besluiten": [], "meer": False}
    rows = await _found(asking, question, of_zaak)
    most = wanted(question)
    chosen = sorted(rows, key=lambda row: str(row.get("identificatie") or ""))[:most]
    await beside([partial(asking.named, row, "besluittype", "besluittype") for row in chosen])
    links = await beside([partial(_links, asking, row) for row in chosen])
    documents = await eio.by_url(asking, [link["informatieobject"] for each in links for link in each])
    if of_zaak is not None:
        zaken = {of_zaak["url"]: await which(asking, of_zaak)}
    else:
        zaken = await verwezen(asking, [row["zaak"] for row in chosen if row.get("zaak")])
    for row, mine in zip(chosen, links, strict=True):
        row["documenten"] = [
            documents[link["informatieobject"]] for link in mine if link["informatieobject"] in documents
        ]
        row["zaak"] = zaken.get(row.get("zaak") or "")
    return {"besluiten": chosen, "meer": len(rows) > most}


async def _found(asking: Asking, question: dict[str, Any], of_zaak: Row | None) -> list[Row]:
    identificatie = question.get("identificatie")
    query: dict[str, str] = {}
    if identificatie:
        organisatie = asking.options.rsin_of(question.get("organisatie"))
        query = {"identificatie": identificatie, "verantwoordelijkeOrganisatie": organisatie}
    if of_zaak is not None:
        query["zaak"] = of_zaak["url"]
    if not query:
        raise TargetRefused(
            "besluiten are found by their identificatie or by their zaak",
            code="zoekcriterium",
            advice="let the question name one of the two",
        )
    return await asking.calls.rows("besluiten", "besluiten", query, what="besluiten zoeken")


async def _links(asking: Asking, row: Row) -> list[Row]:
    query = {"besluit": row["url"]}
    return await asking.calls.rows("besluiten", "besluitinformatieobjecten", query, what="documenten van besluit lezen")
