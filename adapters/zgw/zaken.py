"""Zaken: make one, change one, relate one to another, and remove one where a connection says so.

Source: Zaken API 1.5, zrc-001 and zrc-002.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from adapters.zgw import registreren
from adapters.zgw.attempt import Attempt, ZaakRef, ref_of
from adapters.zgw.calls import Row
from adapters.zgw.compare import holds
from adapters.zgw.typen import same
from hub.clock import AMSTERDAM
from hub.errors import TargetRefused
from hub.ports.contracts import Receipt

_CLEARED: dict[str, object] = {
    "omschrijving": "",
    "toelichting": "",
    "communicatiekanaal": "",
    "betalingsindicatie": "",
    "selectielijstklasse": "",
    "opdrachtgevendeOrganisatie": "",
    "productenOfDiensten": [],
    "kenmerken": [],
    "relevanteAndereZaken": [],
    "opschorting": {"indicatie": False, "reden": ""},
}
"""How a field is cleared that the standard does not let be null."""


async def make(attempt: Attempt, body: dict[str, Any]) -> Receipt:
    """Make a zaak. When this was tried before, the zaak may be there: then it is taken as it is, if it is ours."""
    ref, fields = ref_of(body), body["velden"]
    exchange = attempt.exchange
    zaaktype = await attempt.catalogue.zaaktype(
        attempt.calls, body["zaaktype"], rsin=ref.rsin, on=_startdatum(attempt, fields), now=exchange.now
    )
    wanted = {**fields, "zaaktype": zaaktype.url}
    if exchange.resumed and (there := await attempt.look_up(ref)) is not None:
        return _taken_over(attempt, ref, there, wanted)
    if body["hoofdzaak"]:
        wanted["hoofdzaak"] = (await attempt.zaak(ZaakRef(*body["hoofdzaak"]))).url
    receipt = await registreren.make(attempt, wanted, body["samen"])
    if receipt is None:
        row = await attempt.calls.create("zaken", "zaken", wanted, what="zaak aanmaken")
        receipt = Receipt(row["url"])
    attempt.remember(ref, {"url": receipt.url, "zaaktype": zaaktype.url})
    return receipt


async def change(attempt: Attempt, body: dict[str, Any]) -> Receipt:
    """Change fields of a zaak. When this was tried before, only if they are not so already."""
    ref = ref_of(body)
    zaak = await attempt.zaak(ref)
    asked = body["zaaktype"].get("identificatie")
    if asked:
        zaaktype = await attempt.catalogue.zaaktype_at(attempt.calls, zaak.zaaktype, now=attempt.exchange.now)
        if not same(zaaktype.identificatie, asked):
            raise TargetRefused(
                "the zaaktype of a zaak can't be changed (ZGW)",
                code="zaaktype-onveranderlijk",
                advice="make a new zaak at the source, or take the zaaktype out of the message",
            )
    wanted = {name: _CLEARED.get(name) if value is None else value for name, value in body["velden"].items()}
    if body["hoofdzaak"]:
        wanted["hoofdzaak"] = (await attempt.zaak(ZaakRef(*body["hoofdzaak"]))).url
    if not wanted:
        return Receipt(zaak.url, "nothing to change")
    if attempt.exchange.resumed:
        there = await attempt.calls.get("zaken", zaak.url, what="zaak lezen")
        if holds(there, wanted):
            return Receipt(zaak.url, "was so already")
    try:
        await attempt.calls.change("zaken", zaak.url, wanted, what="zaak bijwerken")
    except TargetRefused as refusal:
        if refusal.code == "niet-gevonden":
            attempt.known.drop(ref[:2])
        raise
    return Receipt(zaak.url)


async def make_deelzaak(attempt: Attempt, body: dict[str, Any]) -> Receipt:
    """Make another zaak a deelzaak of this one."""
    zaak = await attempt.zaak(ref_of(body))
    deelzaak = await attempt.zaak(ZaakRef(*body["deelzaak"]))
    wanted = {"hoofdzaak": zaak.url}
    if attempt.exchange.resumed:
        there = await attempt.calls.get("zaken", deelzaak.url, what="deelzaak lezen")
        if holds(there, wanted):
            return Receipt(deelzaak.url, "was so already")
    await attempt.calls.change("zaken", deelzaak.url, wanted, what="deelzaak koppelen")
    return Receipt(deelzaak.url)


async def relate(attempt: Attempt, body: dict[str, Any]) -> Receipt:
    """Add relevante andere zaken; those that the zaak has stay."""
    ref = ref_of(body)
    zaak = await attempt.zaak(ref)
    wanted = [{"url": (await attempt.zaak(ZaakRef(*other))).url, "aardRelatie": aard} for other, aard in body["andere"]]
    there: list[Row] = []
    if not attempt.fresh(ref):
        there = (await attempt.calls.get("zaken", zaak.url, what="zaak lezen")).get("relevanteAndereZaken") or []
    missing = [each for each in wanted if not any(holds(row, each) for row in there)]
    if not missing:
        return Receipt(zaak.url, "was so already")
    fields = {"relevanteAndereZaken": [*there, *missing]}
    await attempt.calls.change("zaken", zaak.url, fields, what="andere zaken koppelen")
    return Receipt(zaak.url)


async def report_gone(attempt: Attempt, body: dict[str, Any]) -> Receipt:
    """Say that a relation ended at the sender. It stays at the target: others may have made the same one."""
    del attempt
    return Receipt(note=f"not delivered: the relation to zaak {ZaakRef(*body['vervallen']).identificatie} has ended")


async def remove(attempt: Attempt, body: dict[str, Any]) -> Receipt:
    """Remove a zaak with all that hangs on it (options.verwijderde_zaak)."""
    ref = ref_of(body)
    there = await attempt.look_up(ref)
    attempt.known.drop(ref[:2])
    if there is None:
        return Receipt(note="was not there")
    await attempt.calls.remove("zaken", there["url"], what="zaak verwijderen")
    return Receipt()


def _taken_over(attempt: Attempt, ref: ZaakRef, there: Row, wanted: Mapping[str, Any]) -> Receipt:
    if there.get("zaaktype") != wanted["zaaktype"]:
        raise TargetRefused(
            f"zaak {ref.identificatie} exists already, with another zaaktype",
            code="identificatie-niet-uniek",
            advice="compare the two; give one another identificatie or drop the message",
        )
    attempt.remember(ref, there)
    other = sorted(name for name, value in wanted.items() if not holds(there.get(name), value))
    return Receipt(there["url"], "was there already" + (f"; other at the target: {', '.join(other)}" if other else ""))


def _startdatum(attempt: Attempt, fields: Mapping[str, Any]) -> date:
    startdatum = fields.get("startdatum")
    return date.fromisoformat(startdatum) if startdatum else attempt.exchange.now.astimezone(AMSTERDAM).date()
