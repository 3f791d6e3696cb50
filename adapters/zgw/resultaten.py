"""The resultaat of a zaak: one at most, of a resultaattype of its zaaktype."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from adapters.zgw.attempt import Attempt, Zaak, ref_of
from hub.ports.contracts import Receipt


async def put(attempt: Attempt, body: dict[str, Any]) -> Receipt:
    """Give the zaak its resultaat. A resultaattype can't be changed, so a resultaat of another type takes its place."""
    ref, resultaat = ref_of(body), body["resultaat"]
    zaak = await attempt.zaak(ref)
    calls = attempt.calls
    asked = [resultaat["resultaattype"].get("omschrijving") or ""]
    resultaattype = await attempt.catalogue.resultaattype(calls, zaak.zaaktype, asked, now=attempt.exchange.now)
    toelichting = resultaat.get("toelichting") or ""
    rows = [] if attempt.fresh(ref) else await _of(attempt, zaak)
    for row in rows:
        if row.get("resultaattype") != resultaattype.url:
            await calls.remove("zaken", row["url"], what="oud resultaat vervangen")
        elif (row.get("toelichting") or "") == toelichting:
            return Receipt(row["url"], "was so already")
        else:
            await calls.change("zaken", row["url"], {"toelichting": toelichting}, what="resultaat bijwerken")
            return Receipt(row["url"])
    fields = {"zaak": zaak.url, "resultaattype": resultaattype.url, "toelichting": toelichting}
    return Receipt((await calls.create("zaken", "resultaten", fields, what="resultaat toevoegen"))["url"])


async def put_default(attempt: Attempt, zaak: Zaak, asked: Sequence[str], *, look_first: bool) -> bool:
    """Give a zaak that is about to be closed a resultaat if it has none; say whether that was needed."""
    if look_first and await _of(attempt, zaak):
        return False
    now = attempt.exchange.now
    resultaattype = await attempt.catalogue.resultaattype(attempt.calls, zaak.zaaktype, asked, now=now)
    fields = {"zaak": zaak.url, "resultaattype": resultaattype.url, "toelichting": ""}
    await attempt.calls.create("zaken", "resultaten", fields, what="resultaat aanvullen")
    return True


async def _of(attempt: Attempt, zaak: Zaak) -> list[dict[str, Any]]:
    return await attempt.calls.rows("zaken", "resultaten", {"zaak": zaak.url}, what="resultaat lezen")
