"""Rollen: add, remove and replace the betrokkenen of a zaak.

A rol has no identification of its own: it is told by roltype and betrokkene. A zaak has at most one initiator and one
zaakcoordinator, so the old one goes before the new one comes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from adapters.zgw.attempt import Attempt, Zaak, ref_of
from adapters.zgw.calls import Row
from adapters.zgw.compare import holds, is_identified, same_betrokkene
from hub.errors import TargetRefused
from hub.ports.contracts import Receipt

_OURS = frozenset({"mutatie", "roltype", "vorige"})
"""Fields of the document that are not fields of a Rol."""

KVK_DIGITS = 8


async def add(attempt: Attempt, body: dict[str, Any]) -> Receipt:
    """Add a rol, unless this betrokkene has it."""
    ref, rol = ref_of(body), body["rol"]
    if url := attempt.made_with(ref):
        return Receipt(url, "made with the zaak")
    zaak = await attempt.zaak(ref)
    wanted = await wanted_of(attempt, zaak, rol)
    if not attempt.fresh(ref) or attempt.registered_with(ref):
        for row in await _of_roltype(attempt, zaak, wanted["roltype"]):
            # In a zaak of our own making one betrokkene may have the rol twice, as the message said it.
            ours = not ref.step or holds(row.get("roltoelichting"), wanted["roltoelichting"])
            if ours and same_betrokkene(row, wanted):
                return Receipt(row["url"], "was there already")
    return await _create(attempt, wanted)


async def remove(attempt: Attempt, body: dict[str, Any]) -> Receipt:
    """Remove a rol that the message takes away."""
    rol = body["rol"]
    zaak = await attempt.zaak(ref_of(body))
    wanted = await wanted_of(attempt, zaak, rol)
    rows = await _of_roltype(attempt, zaak, wanted["roltype"])
    leaving = _meant(rows, _vorige(attempt, rol) or wanted)
    for row in leaving:
        await attempt.calls.remove("zaken", row["url"], what="rol verwijderen")
    return Receipt(note="" if leaving else "was not there")


async def replace(attempt: Attempt, body: dict[str, Any]) -> Receipt:
    """Put a rol in the place of the old one. Looks first, always, so that doing it twice is doing it once."""
    rol = body["rol"]
    zaak = await attempt.zaak(ref_of(body))
    wanted = await wanted_of(attempt, zaak, rol)
    rows = await _of_roltype(attempt, zaak, wanted["roltype"])
    there = next((row for row in rows if same_betrokkene(row, wanted) and holds(row, wanted)), None)
    vorige = _vorige(attempt, rol)
    leaving = [row for row in rows if same_betrokkene(row, wanted) or (vorige and same_betrokkene(row, vorige))]
    if not leaving and vorige is None and len(rows) == 1:
        leaving = rows  # another betrokkene, and the old one is not named: it is the only rol of this kind
    for row in leaving:
        if row is not there:
            await attempt.calls.remove("zaken", row["url"], what="oude rol verwijderen")
    return Receipt(there["url"], "was there already") if there else await _create(attempt, wanted)


def betrokkene_for(
    fields: Mapping[str, Any], *, kvk_nummer_in: Literal["kvkNummer", "annIdentificatie"]
) -> dict[str, Any]:
    """Put a KvK number where the target wants it.

    innNnpId is a RSIN: senders put the eight digits of a KvK number there, and Open Zaak refuses them.
    """
    fitted = dict(fields)
    number = str(fitted.get("innNnpId") or "")
    if len(number) == KVK_DIGITS and number.isdigit():
        del fitted["innNnpId"]
        fitted["kvkNummer"] = fitted.get("kvkNummer") or number
    if kvk_nummer_in == "annIdentificatie" and (kvk := fitted.pop("kvkNummer", None)):
        fitted["annIdentificatie"] = fitted.get("annIdentificatie") or kvk
    return fitted


async def wanted_of(attempt: Attempt, zaak: Zaak, rol: Mapping[str, Any]) -> Row:
    """Give a rol as the Zaken API takes it."""
    now = attempt.exchange.now
    roltype = await attempt.catalogue.roltype(attempt.calls, zaak.zaaktype, rol.get("roltype") or {}, now=now)
    wanted = {name: value for name, value in _fitted(attempt, rol).items() if name not in _OURS and value is not None}
    # The standard asks for roltoelichting; a sender that has none means the roltype itself.
    return {"roltoelichting": roltype.omschrijving, **wanted, "zaak": zaak.url, "roltype": roltype.url}


def _vorige(attempt: Attempt, rol: Mapping[str, Any]) -> Row | None:
    vorige = rol.get("vorige")
    return _fitted(attempt, vorige) if vorige and is_identified(vorige) else None


def _fitted(attempt: Attempt, betrokkene: Mapping[str, Any]) -> Row:
    fitted = dict(betrokkene)
    if fitted.get("betrokkeneType") == "niet_natuurlijk_persoon" and fitted.get("betrokkeneIdentificatie"):
        fitted["betrokkeneIdentificatie"] = betrokkene_for(
            fitted["betrokkeneIdentificatie"], kvk_nummer_in=attempt.options.kvk_nummer_in
        )
    return fitted


def _meant(rows: list[Row], wanted: Mapping[str, Any]) -> list[Row]:
    if is_identified(wanted):
        return [row for row in rows if same_betrokkene(row, wanted)]
    if len(rows) > 1:
        raise TargetRefused(
            "the zaak has several rollen of this roltype and the message does not say which one goes",
            code="rol-onduidelijk",
            advice="remove the rol at the target and drop the message, or add the betrokkene to it",
        )
    return rows


async def _of_roltype(attempt: Attempt, zaak: Zaak, roltype: str) -> list[Row]:
    # Never by BSN: a query ends up in the logs of every proxy on the way.
    return await attempt.calls.rows("zaken", "rollen", {"zaak": zaak.url, "roltype": roltype}, what="rollen lezen")


async def _create(attempt: Attempt, wanted: Row) -> Receipt:
    return Receipt((await attempt.calls.create("zaken", "rollen", wanted, what="rol toevoegen"))["url"])
