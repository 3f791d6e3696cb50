"""Besluiten: make one, change one, bring one to its zaak, and the documents it is laid down in.

Never removes a besluit. Source: Besluiten API 1.1: identificatie is unique within verantwoordelijkeOrganisatie.
"""

from __future__ import annotations

from typing import Any

from adapters.zgw import documenten
from adapters.zgw.attempt import Attempt, Zaak, ZaakRef
from adapters.zgw.calls import Row
from adapters.zgw.compare import holds
from adapters.zgw.typen import Besluittype
from hub.clock import AMSTERDAM
from hub.errors import TargetRefused
from hub.ports.contracts import Receipt

_CLEARED: dict[str, object] = {"toelichting": "", "bestuursorgaan": "", "vervalreden": "", "zaak": ""}
"""How a field is cleared that the standard does not let be null."""

_LINKS = "besluitinformatieobjecten"


async def make(attempt: Attempt, body: dict[str, Any]) -> Receipt:
    """Make a besluit. When this was tried before it may be there: then it is taken."""
    if attempt.exchange.resumed and (there := await _look_up(attempt, body["besluit"])) is not None:
        return Receipt(there["url"], "was there already")
    return await _create(attempt, body, await _zaak(attempt, body))


async def change(attempt: Attempt, body: dict[str, Any]) -> Receipt:
    """Change fields of a besluit. When this was tried before, only if they are not so already."""
    there = await _look_up(attempt, body["besluit"])
    if there is None:
        raise TargetRefused(
            f"besluit {body['besluit']['identificatie']} is not at the target",
            code="besluit-onbekend",
            advice="see whether the message that tells of it was delivered, and under which organisatie",
        )
    zaak = await _zaak(attempt, body)
    wanted = {name: _CLEARED.get(name) if value is None else value for name, value in body["velden"].items()}
    if zaak is not None:
        wanted["zaak"] = zaak.url
    changed = {name: value for name, value in wanted.items() if not holds(there.get(name), value)}
    if not changed:
        return Receipt(there["url"], "was so already")
    await attempt.calls.change("besluiten", there["url"], changed, what="besluit bijwerken")
    return Receipt(there["url"])


async def bring(attempt: Attempt, body: dict[str, Any]) -> Receipt:
    """Let a besluit belong to the zaak: one that is there, else a new one."""
    zaak = await attempt.zaak(ZaakRef(*body["zaak"]))
    there = await _of_zaak(attempt, body, zaak)
    if there is None:
        return await _create(attempt, body, zaak)
    if there.get("zaak") == zaak.url:
        return Receipt(there["url"], "was there already")
    if there.get("zaak"):
        raise TargetRefused(
            f"besluit {there['identificatie']} belongs to another zaak",
            code="besluit-van-andere-zaak",
            advice="compare the two at the target; edit the message or drop it",
        )
    await attempt.calls.change("besluiten", there["url"], {"zaak": zaak.url}, what="besluit bij zaak")
    return Receipt(there["url"])


async def report_gone(attempt: Attempt, body: dict[str, Any]) -> Receipt:
    """Say that a relation ended at the sender. It stays at the target: a besluit has legal effect."""
    del attempt
    identificatie = body["besluit"]["identificatie"] or "without identificatie"
    return Receipt(note=f"not delivered: the relation to besluit {identificatie} has ended")


async def add_document(attempt: Attempt, body: dict[str, Any]) -> Receipt:
    """Say in which document the besluit is laid down."""
    besluit, document = await _ends(attempt, body)
    fields = {"besluit": besluit, "informatieobject": document}
    # A besluit that was there has documents of its own; a new one has none on a first attempt.
    if attempt.exchange.resumed or attempt.exchange.done[body["besluit_stap"]].note != NEW:
        rows = await attempt.calls.rows("besluiten", _LINKS, fields, what="documenten van besluit lezen")
        if rows:
            return Receipt(rows[0]["url"], "was there already")
    row = await attempt.calls.create("besluiten", _LINKS, fields, what="document aan besluit koppelen")
    return Receipt(row["url"])


async def remove_document(attempt: Attempt, body: dict[str, Any]) -> Receipt:
    """Take a document away from a besluit; the document itself stays."""
    besluit, document = await _ends(attempt, body)
    query = {"besluit": besluit, "informatieobject": document}
    rows = await attempt.calls.rows("besluiten", _LINKS, query, what="documenten van besluit lezen")
    for row in rows:
        await attempt.calls.remove("besluiten", row["url"], what="document van besluit ontkoppelen")
    return Receipt(note="" if rows else "was not there")


NEW = "new"
"""In the receipt of a besluit that did not exist before."""


async def _create(attempt: Attempt, body: dict[str, Any], zaak: Zaak | None) -> Receipt:
    fields: Row = body["velden"]
    if not fields.get("datum"):
        raise TargetRefused(
            "a besluit has no datum, which ZGW asks for", code="geen-datum", advice="add the datum to the message"
        )
    besluittype = await _besluittype(attempt, body, zaak)
    wanted = {**body["besluit"], **fields, "besluittype": besluittype.url}
    if zaak is not None:
        wanted["zaak"] = zaak.url
    return Receipt((await attempt.calls.create("besluiten", "besluiten", wanted, what="besluit aanmaken"))["url"], NEW)


async def _besluittype(attempt: Attempt, body: dict[str, Any], zaak: Zaak | None) -> Besluittype:
    now = attempt.exchange.now
    return await attempt.catalogue.besluittype(
        attempt.calls,
        body["besluittype"],
        rsin=body["besluit"]["verantwoordelijkeOrganisatie"],
        zaaktype=zaak.zaaktype if zaak else "",
        on=now.astimezone(AMSTERDAM).date(),
        now=now,
    )


async def _zaak(attempt: Attempt, body: dict[str, Any]) -> Zaak | None:
    return await attempt.zaak(ZaakRef(*body["zaak"])) if body["zaak"] else None


async def _of_zaak(attempt: Attempt, body: dict[str, Any], zaak: Zaak) -> Row | None:
    """Find a besluit by its number; one without a number by zaak, besluittype and datum."""
    if body["besluit"]["identificatie"]:
        return await _look_up(attempt, body["besluit"])
    besluittype = await _besluittype(attempt, body, zaak)
    query = {"zaak": zaak.url, "besluittype": besluittype.url}
    rows = await attempt.calls.rows("besluiten", "besluiten", query, what="besluiten van zaak lezen")
    return next((row for row in rows if row.get("datum") == body["velden"].get("datum")), None)


async def _look_up(attempt: Attempt, ref: Row) -> Row | None:
    rows = await attempt.calls.rows("besluiten", "besluiten", ref, what="besluit zoeken")
    return rows[0] if rows else None


async def _ends(attempt: Attempt, body: dict[str, Any]) -> tuple[str, str]:
    document = await documenten.find(attempt, body["document"])
    return attempt.exchange.done[body["besluit_stap"]].url, document["url"]
