"""Zaakobjecten: what a zaak is about."""

from __future__ import annotations

from typing import Any

from adapters.zgw.attempt import Attempt, Zaak, ref_of
from adapters.zgw.calls import Row
from adapters.zgw.compare import holds, same_object
from adapters.zgw.rollen import betrokkene_for
from hub.ports.contracts import Receipt


async def add(attempt: Attempt, body: dict[str, Any]) -> Receipt:
    """Add an object, unless the zaak has it."""
    ref = ref_of(body)
    zaak = await attempt.zaak(ref)
    if url := attempt.made_with(ref):
        return Receipt(url, "made with the zaak")
    wanted = wanted_of(attempt, zaak, body["zaakobject"])
    if not attempt.fresh(ref) or attempt.registered_with(ref):
        for row in await _of_type(attempt, zaak, wanted):
            if same_object(row, wanted):
                return Receipt(row["url"], "was there already")
    return await _create(attempt, wanted)


async def remove(attempt: Attempt, body: dict[str, Any]) -> Receipt:
    """Remove an object that the message takes away."""
    zaak = await attempt.zaak(ref_of(body))
    wanted = wanted_of(attempt, zaak, body["zaakobject"])
    leaving = [row for row in await _of_type(attempt, zaak, wanted) if same_object(row, wanted)]
    for row in leaving:
        await attempt.calls.remove("zaken", row["url"], what="zaakobject verwijderen")
    return Receipt(note="" if leaving else "was not there")


async def replace(attempt: Attempt, body: dict[str, Any]) -> Receipt:
    """Put an object in the place of the same object with other details."""
    zaak = await attempt.zaak(ref_of(body))
    wanted = wanted_of(attempt, zaak, body["zaakobject"])
    same = [row for row in await _of_type(attempt, zaak, wanted) if same_object(row, wanted)]
    there = next((row for row in same if holds(row, wanted)), None)
    for row in same:
        if row is not there:
            await attempt.calls.remove("zaken", row["url"], what="oud zaakobject verwijderen")
    return Receipt(there["url"], "was there already") if there else await _create(attempt, wanted)


def wanted_of(attempt: Attempt, zaak: Zaak, zaakobject: Row) -> Row:
    """Give a zaakobject as the Zaken API takes it."""
    wanted = {name: value for name, value in zaakobject.items() if name != "mutatie" and value is not None}
    if wanted.get("objectType") == "niet_natuurlijk_persoon" and wanted.get("objectIdentificatie"):
        wanted["objectIdentificatie"] = betrokkene_for(
            wanted["objectIdentificatie"], kvk_nummer_in=attempt.options.kvk_nummer_in
        )
    return {**wanted, "zaak": zaak.url}


async def _of_type(attempt: Attempt, zaak: Zaak, wanted: Row) -> list[Row]:
    query = {"zaak": zaak.url, "objectType": wanted.get("objectType", "")}
    return await attempt.calls.rows("zaken", "zaakobjecten", query, what="zaakobjecten lezen")


async def _create(attempt: Attempt, wanted: Row) -> Receipt:
    return Receipt((await attempt.calls.create("zaken", "zaakobjecten", wanted, what="zaakobject toevoegen"))["url"])
