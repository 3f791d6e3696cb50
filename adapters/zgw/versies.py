"""New versions of a document, and the lock without which there is none.

A version is made under a lock (Documenten API: lock, PATCH, unlock). The lock of a sender is used and ends; without one
the adapter takes its own, and keeps it in the receipt: an attempt that goes on later needs it. When the target refuses
the version, the adapter's own lock is given back first, so that nothing is left half-done.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from adapters.zgw.attempt import Attempt
from adapters.zgw.calls import Row
from adapters.zgw.compare import holds
from adapters.zgw.documenten import UNLOCKED, find
from adapters.zgw.inhoud import Inhoud, in_json
from adapters.zgw.vermogens import BESTANDSDELEN
from hub.clock import AMSTERDAM
from hub.errors import TargetFailed, TargetMisconfigured, TargetRefused
from hub.ports.contracts import Receipt

_LOCKED = "locked with "
"""What the note of a receipt begins with: the lock follows."""

_EMPTY = ("beschrijving", "link", "formaat", "bestandsnaam", "status", "vertrouwelijkheidaanduiding")
_CLEARED: dict[str, object] = dict.fromkeys(_EMPTY, "")
"""How a field is cleared that the standard does not let be null."""

_WANTS_CONTENT = frozenset({"required", "null", "file-size"})


async def lock(attempt: Attempt, body: dict[str, Any]) -> Receipt:
    """Lock the document, or say who must do something when that can't be."""
    document = await find(attempt, body["document"])
    if document.get("status") == "definitief":
        raise _definitief()
    if document.get("locked"):
        raise _locked()
    return Receipt(document["url"], _LOCKED + await _lock(attempt, document["url"]))


async def change(attempt: Attempt, body: dict[str, Any]) -> Receipt:
    """Make the new version under the lock of the sender, or the one that was taken for it."""
    locking = attempt.exchange.done.get(body["lock_stap"])
    document: Row | None = None
    if locking is None or attempt.exchange.resumed or body["informatieobjecttype"]:
        document = await (
            attempt.calls.get("documenten", locking.url, what="document lezen")
            if locking
            else find(attempt, body["document"])
        )
    url = document["url"] if document else locking.url if locking else ""
    fields = await _fields(attempt, body, document)
    inhoud = Inhoud.of(body["inhoud"]) if body["inhoud"] else None
    if attempt.exchange.resumed and document and await _is_so(attempt, document, fields, inhoud):
        return Receipt(url, "was so already")
    if not fields and inhoud is None:
        return Receipt(url, "nothing to change")
    own = _lock_in(locking)
    note = ""
    if own and document is not None and not document.get("locked"):
        # An earlier attempt was refused and gave its lock back.
        own = await _lock(attempt, url)
        note = _LOCKED + own
    try:
        await _write(attempt, url, {**fields, "lock": body["lock"] or own}, inhoud, in_parts=body["in_delen"])
    except (TargetRefused, TargetMisconfigured):
        if own:
            await _give_back(attempt, url, own)
        raise
    return Receipt(url, note)


async def release(attempt: Attempt, body: dict[str, Any]) -> Receipt:
    """Take the lock off. When that was done already, somehow, all is well."""
    done = [attempt.exchange.done[key] for key in body["lock_stappen"] if key in attempt.exchange.done]
    url = next((receipt.url for receipt in done), "")
    content = attempt.exchange.done.get(body["inhoud_stap"])
    if content is not None and UNLOCKED in content.note:
        return Receipt(url, "ended with the last bestandsdeel")
    lock_id = body["lock"] or next((found for found in map(_lock_in, done) if found), "")
    if not url or attempt.exchange.resumed or not lock_id:
        document = await find(attempt, body["document"])
        url = document["url"]
        if not document.get("locked"):
            return Receipt(url, "was not locked")
    if not lock_id:
        raise TargetRefused(
            "the document is locked and the message does not say with what",
            code="geen-lock",
            advice="unlock it at the target and drop the message, or add the lock to the message",
        )
    try:
        await _unlock(attempt, url, lock_id)
    except TargetRefused as refusal:
        if refusal.code != "incorrect-lock-id":
            raise
        ours_has_ended = attempt.exchange.resumed and not body["lock"]
        if not ours_has_ended and (await find(attempt, body["document"])).get("locked"):
            raise
        return Receipt(url, "was given back already")
    return Receipt(url)


async def _write(attempt: Attempt, url: str, fields: Row, inhoud: Inhoud | None, *, in_parts: bool) -> None:
    calls, now, what = attempt.calls, attempt.exchange.now, "document bijwerken"
    if inhoud is None:
        await calls.change("documenten", url, fields, what=what)
        return
    if in_parts and attempt.vermogens.may(BESTANDSDELEN, now=now):
        waiting = {**fields, "inhoud": None, "bestandsomvang": inhoud.omvang}
        try:
            await calls.change("documenten", url, waiting, what=what)
        except TargetRefused as refusal:
            if refusal.code not in _WANTS_CONTENT:
                raise
            attempt.vermogens.lacks(BESTANDSDELEN, now=now)
        else:
            return
    await calls.stream("PATCH", "documenten", url, in_json(fields, inhoud, attempt.exchange.contents), what=what)


async def _fields(attempt: Attempt, body: dict[str, Any], document: Row | None) -> Row:
    fields = {name: _CLEARED.get(name) if value is None else value for name, value in body["velden"].items()}
    omschrijving, now = body["informatieobjecttype"], attempt.exchange.now
    if not omschrijving or document is None:
        return fields
    rsin = body["document"]["bronorganisatie"]
    found = await attempt.catalogue.informatieobjecttype_of(
        attempt.calls, rsin, omschrijving, on=now.astimezone(AMSTERDAM).date(), now=now
    )
    return (
        fields if found.url == document.get("informatieobjecttype") else {**fields, "informatieobjecttype": found.url}
    )


async def _is_so(attempt: Attempt, document: Row, fields: Row, inhoud: Inhoud | None) -> bool:
    """Say whether an earlier attempt made this version: the same fields, and the same content by its hash."""
    if not holds(document, fields):
        return False
    if inhoud is None or document.get("bestandsomvang") != inhoud.omvang:
        return inhoud is None
    if document.get("bestandsdelen"):
        return True
    hashed = sha256()
    async for chunk in attempt.exchange.client.download("documenten", f"{document['url']}/download"):
        hashed.update(chunk)
    return hashed.hexdigest() == inhoud.sha256


async def _lock(attempt: Attempt, url: str) -> str:
    row = await attempt.calls.act("documenten", f"{url}/lock", {}, what="document vergrendelen")
    return str(row.get("lock", ""))


async def _unlock(attempt: Attempt, url: str, lock_id: str) -> None:
    await attempt.calls.act("documenten", f"{url}/unlock", {"lock": lock_id}, what="document vrijgeven")


async def _give_back(attempt: Attempt, url: str, lock_id: str) -> None:
    try:
        await _unlock(attempt, url, lock_id)
    except TargetFailed:
        return  # the refusal counts; its timeline names the lock, for who must unlock by hand


def _lock_in(receipt: Receipt | None) -> str:
    return receipt.note.removeprefix(_LOCKED) if receipt and receipt.note.startswith(_LOCKED) else ""


def _definitief() -> TargetRefused:
    return TargetRefused(
        "the document is definitief and takes no change",
        code="modify-status-definitief",
        advice="add a new document instead, or drop the message",
    )


def _locked() -> TargetRefused:
    return TargetRefused(
        "the document is locked by somebody else, or by an earlier attempt whose answer was lost",
        code="existing-lock",
        advice="wait until it is given back, or unlock it at the target; then replay",
    )
