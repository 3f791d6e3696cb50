"""Documents: the enkelvoudig informatieobject with its content, and its place in the zaak.

A document without its zaakinformatieobject is never removed: the next attempt finds it and goes on. New versions and
locks are in `versies.py`.
"""

from __future__ import annotations

from typing import Any

from adapters.zgw.attempt import Attempt, ref_of
from adapters.zgw.calls import Row
from adapters.zgw.compare import holds
from adapters.zgw.inhoud import Inhoud, Source, in_form, in_json
from adapters.zgw.vermogens import BESTANDSDELEN
from hub.clock import AMSTERDAM
from hub.errors import TargetRefused
from hub.ports.contracts import Receipt

EIO = "enkelvoudiginformatieobjecten"
UNLOCKED = "the lock has ended"
"""In the receipt of a content that came in bestandsdelen: taking the lock off is what made it whole."""

_WANTS_CONTENT = frozenset({"required", "null", "file-size"})
"""What a target without bestandsdelen says of a document that comes without content."""


async def make(attempt: Attempt, body: dict[str, Any]) -> Receipt:
    """Make the document. When this was tried before it may be there: identificatie is unique within bronorganisatie."""
    fields: Row = body["velden"]
    now = attempt.exchange.now
    if attempt.exchange.resumed and (there := await look_up(attempt, fields)) is not None:
        return Receipt(there["url"], "was there already")
    zaak = await attempt.zaak(ref_of(body))
    iot = await attempt.catalogue.informatieobjecttype(
        attempt.calls, zaak.zaaktype, body["informatieobjecttype"], on=now.astimezone(AMSTERDAM).date(), now=now
    )
    wanted = {**fields, "informatieobjecttype": iot.url}
    what = "document aanmaken"
    if body["inhoud"] is None:
        return Receipt((await attempt.calls.create("documenten", EIO, wanted, what=what))["url"])
    inhoud = Inhoud.of(body["inhoud"])
    if body["in_delen"] and (url := await _make_for_parts(attempt, wanted, inhoud)):
        return Receipt(url, "the content follows in bestandsdelen")
    streamed = in_json(wanted, inhoud, attempt.exchange.contents)
    return Receipt((await attempt.calls.stream("POST", "documenten", EIO, streamed, what=what))["url"])


async def fill(attempt: Attempt, body: dict[str, Any]) -> Receipt:
    """Send the bestandsdelen that the target does not have yet, and take the lock off: that makes them one content."""
    inhoud = Inhoud.of(body["inhoud"])
    url, calls = attempt.exchange.done[body["document_stap"]].url, attempt.calls
    document = await calls.get("documenten", url, what="document lezen")
    parts = sorted(document.get("bestandsdelen") or (), key=lambda part: int(part["volgnummer"]))
    if not parts:
        if document.get("inhoud") and document.get("bestandsomvang") == inhoud.omvang:
            return Receipt(url, "was there already")
        raise TargetRefused(
            "the document waits for no content and does not have the one of the message",
            code="inhoud-anders",
            advice="compare the two; somebody else changed the document meanwhile",
        )
    lock = next((str(part["lock"]) for part in parts if part.get("lock")), "")
    source = Source(inhoud, attempt.exchange.contents)
    sent = 0
    for part in parts:
        if part.get("voltooid"):
            await source.skip(int(part["omvang"]))
            continue
        form = in_form(source, int(part["omvang"]), lock=lock, last=part is parts[-1])
        await calls.stream("PUT", "documenten", part["url"], form, what="bestandsdeel sturen")
        sent += 1
    await source.demand_whole()
    await calls.act("documenten", f"{url}/unlock", {"lock": lock}, what="document vrijgeven")
    return Receipt(url, f"{sent} of {len(parts)} bestandsdelen sent; {UNLOCKED}")


async def relate(attempt: Attempt, body: dict[str, Any]) -> Receipt:
    """Give the document its place in the zaak."""
    zaak = await attempt.zaak(ref_of(body))
    informatieobject = attempt.exchange.done[body["document_stap"]].url
    if attempt.exchange.resumed and (rows := await places(attempt, zaak.url, informatieobject)):
        return Receipt(rows[0]["url"], "was there already")
    fields = {**body["velden"], "zaak": zaak.url, "informatieobject": informatieobject}
    row = await attempt.calls.create("zaken", "zaakinformatieobjecten", fields, what="document aan zaak koppelen")
    return Receipt(row["url"])


async def change_place(attempt: Attempt, body: dict[str, Any]) -> Receipt:
    """Change what is said of the document's place in the zaak; a document that has none gets one."""
    zaak = await attempt.zaak(ref_of(body))
    informatieobject = attempt.exchange.done[body["document_stap"]].url
    rows = await places(attempt, zaak.url, informatieobject)
    fields = {**body["velden"], "zaak": zaak.url, "informatieobject": informatieobject}
    if not rows:
        row = await attempt.calls.create("zaken", "zaakinformatieobjecten", fields, what="document aan zaak koppelen")
        return Receipt(row["url"])
    if holds(rows[0], body["velden"]):
        return Receipt(rows[0]["url"], "was so already")
    await attempt.calls.change("zaken", rows[0]["url"], fields, what="document bij zaak bijwerken")
    return Receipt(rows[0]["url"])


async def unlink(attempt: Attempt, body: dict[str, Any]) -> Receipt:
    """Take the document out of the zaak. The document stays: it may be in another zaak, and archiving is not ours."""
    zaak = await attempt.zaak(ref_of(body))
    document = await find(attempt, body["document"])
    rows = await places(attempt, zaak.url, document["url"])
    for row in rows:
        await attempt.calls.remove("zaken", row["url"], what="document van zaak ontkoppelen")
    return Receipt(document["url"], "" if rows else "was not in the zaak")


async def find(attempt: Attempt, ref: Row) -> Row:
    """Ask the target for a document by natural key; raises TargetRefused when it is not there."""
    row = await look_up(attempt, ref)
    if row is None:
        raise TargetRefused(
            f"document {ref['identificatie']} is not at the target",
            code="document-onbekend",
            advice="see whether the message that adds it was delivered, and under which bronorganisatie",
        )
    return row


async def look_up(attempt: Attempt, ref: Row) -> Row | None:
    """Ask the target for a document by natural key: identificatie is unique within bronorganisatie (ZGW drc-001)."""
    query = {name: ref[name] for name in ("identificatie", "bronorganisatie")}
    rows = await attempt.calls.rows("documenten", EIO, query, what="document zoeken")
    return rows[0] if rows else None


async def places(attempt: Attempt, zaak: str, informatieobject: str) -> list[Row]:
    """Ask for the places of a document in a zaak: one at most."""
    query = {"zaak": zaak, "informatieobject": informatieobject}
    return await attempt.calls.rows("zaken", "zaakinformatieobjecten", query, what="documenten van zaak lezen")


async def _make_for_parts(attempt: Attempt, wanted: Row, inhoud: Inhoud) -> str:
    """Make a document that waits for its content; nothing when the target wants the content with it."""
    now = attempt.exchange.now
    if not attempt.vermogens.may(BESTANDSDELEN, now=now):
        return ""
    fields = {**wanted, "inhoud": None, "bestandsomvang": inhoud.omvang}
    try:
        row = await attempt.calls.create("documenten", EIO, fields, what="document aanmaken")
    except TargetRefused as refusal:
        if refusal.code not in _WANTS_CONTENT:
            raise
        attempt.vermogens.lacks(BESTANDSDELEN, now=now)
        return ""
    return str(row["url"])
