"""Documents: the enkelvoudig informatieobject with its content, and its place in the zaak.

The content goes from the payload store to the target in chunks, as base64 inside the JSON body: memory does not grow
with the document. A document without its zaakinformatieobject is never removed: the next attempt finds it and goes on.
"""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from hashlib import sha256
from typing import Any, NamedTuple

import orjson

from adapters.zgw.attempt import Attempt, ref_of
from adapters.zgw.calls import Row
from hub.clock import AMSTERDAM
from hub.errors import HubUnavailable
from hub.ports.contracts import Contents, Receipt

_OPEN = b',"inhoud":"'
_CLOSE = b'"}'


async def make(attempt: Attempt, body: dict[str, Any]) -> Receipt:
    """Make the document. When this was tried before it may be there: identificatie is unique within bronorganisatie."""
    fields: Row = body["velden"]
    now = attempt.exchange.now
    if attempt.exchange.resumed and (there := await _look_up(attempt, fields)) is not None:
        return Receipt(there["url"], "was there already")
    zaak = await attempt.zaak(ref_of(body))
    iot = await attempt.catalogue.informatieobjecttype(
        attempt.calls, zaak.zaaktype, body["informatieobjecttype"], on=now.astimezone(AMSTERDAM).date(), now=now
    )
    wanted = {**fields, "informatieobjecttype": iot.url}
    what, path = "document aanmaken", "enkelvoudiginformatieobjecten"
    if body["inhoud"] is None:
        row = await attempt.calls.create("documenten", path, wanted, what=what)
    else:
        inhoud = Inhoud(body["inhoud"]["verwijzing"], int(body["inhoud"]["omvang"]), body["inhoud"]["sha256"])
        head = orjson.dumps({**wanted, "bestandsomvang": inhoud.omvang})[:-1] + _OPEN
        size_bytes = len(head) + 4 * -(-inhoud.omvang // 3) + len(_CLOSE)
        stream = _stream(head, inhoud, attempt.exchange.contents)
        row = await attempt.calls.create_from_stream("documenten", path, stream, size_bytes=size_bytes, what=what)
    return Receipt(row["url"])


async def relate(attempt: Attempt, body: dict[str, Any]) -> Receipt:
    """Give the document its place in the zaak."""
    zaak = await attempt.zaak(ref_of(body))
    informatieobject = attempt.exchange.done[body["document_stap"]].url
    if attempt.exchange.resumed:
        query = {"zaak": zaak.url, "informatieobject": informatieobject}
        rows = await attempt.calls.rows("zaken", "zaakinformatieobjecten", query, what="documenten van zaak lezen")
        if rows:
            return Receipt(rows[0]["url"], "was there already")
    fields = {**body["velden"], "zaak": zaak.url, "informatieobject": informatieobject}
    row = await attempt.calls.create("zaken", "zaakinformatieobjecten", fields, what="document aan zaak koppelen")
    return Receipt(row["url"])


class Inhoud(NamedTuple):
    """The content of a document in the payload store, and what it must be."""

    verwijzing: str
    omvang: int
    sha256: str


async def _stream(head: bytes, inhoud: Inhoud, contents: Contents) -> AsyncIterator[bytes]:
    """Write the JSON body. A content that is not what was accepted never arrives whole: its end is held back."""
    seen, size, rest = sha256(), 0, b""
    yield head
    async for chunk in contents.open(inhoud.verwijzing):
        seen.update(chunk)
        size += len(chunk)
        rest += chunk
        whole = len(rest) - len(rest) % 3
        if whole:
            yield base64.b64encode(rest[:whole])
            rest = rest[whole:]
    if size != inhoud.omvang or seen.hexdigest() != inhoud.sha256:
        raise HubUnavailable(
            "the content in the payload store is not the one that was accepted",
            code="inhoud-anders",
            advice="restore the payload store; nothing was delivered",
        )
    yield base64.b64encode(rest) + _CLOSE


async def _look_up(attempt: Attempt, fields: Row) -> Row | None:
    query = {name: fields[name] for name in ("identificatie", "bronorganisatie")}
    rows = await attempt.calls.rows("documenten", "enkelvoudiginformatieobjecten", query, what="document zoeken")
    return rows[0] if rows else None
