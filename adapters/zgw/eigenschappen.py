"""Eigenschappen: named values that the zaaktype defines."""

from __future__ import annotations

from typing import Any

from adapters.zgw.attempt import Attempt, ref_of
from adapters.zgw.typen import same
from hub.errors import TargetMisconfigured
from hub.ports.contracts import Receipt

_UNKNOWN = "onbekend-eigenschap"


async def put(attempt: Attempt, body: dict[str, Any]) -> Receipt:
    """Give an eigenschap its value, or take it away when the message says that there is none."""
    ref, naam, waarde = ref_of(body), body["naam"], body["waarde"]
    zaak = await attempt.zaak(ref)
    calls = attempt.calls
    try:
        eigenschap = await attempt.catalogue.eigenschap(calls, zaak.zaaktype, naam, now=attempt.exchange.now)
    except TargetMisconfigured as unknown:
        if unknown.code != _UNKNOWN or attempt.options.onbekende_eigenschap == "refuse":
            raise
        return Receipt(note=f"not delivered: {unknown.reason}")
    path = f"{zaak.url}/zaakeigenschappen"
    there = None
    if not attempt.fresh(ref):
        rows = await calls.rows("zaken", path, {}, what="eigenschappen lezen")
        there = next((row for row in rows if same(row.get("naam"), eigenschap.naam)), None)
    if waarde is None:
        if there is None:
            return Receipt(note="was not there")
        await calls.remove("zaken", there["url"], what="eigenschap verwijderen")
        return Receipt()
    if there is None:
        fields = {"zaak": zaak.url, "eigenschap": eigenschap.url, "waarde": waarde}
        return Receipt((await calls.create("zaken", path, fields, what="eigenschap toevoegen"))["url"])
    if there.get("waarde") == waarde:
        return Receipt(there["url"], "was so already")
    fields = {"zaak": zaak.url, "eigenschap": eigenschap.url, "waarde": waarde}
    await calls.change("zaken", there["url"], fields, what="eigenschap bijwerken")
    return Receipt(there["url"])
