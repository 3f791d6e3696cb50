"""The body of a request: from chunks to JSON, to a document without its content, or to the fields of a form.

Source of the form: RFC 7578 (multipart/form-data), as far as a bestandsdeel needs it. Knows no resource.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import NamedTuple

import orjson

from adapters.zgw.simulator.exchange import Body, Json, Refusal
from adapters.zgw.simulator.inhoud import REST_BYTES_MAX, InhoudReader
from adapters.zgw.simulator.state import Content


class Intake(NamedTuple):
    """What came in: JSON, and beside it the content that was cut out of it (a document) or that stood in a form."""

    data: Json
    content: Content | None = None
    part: bytes | None = None


async def read_json(body: Body) -> Intake:
    """Read a JSON object; raises Refusal."""
    return Intake(parsed(await read(body, most=REST_BYTES_MAX)))


async def read_document(body: Body) -> Intake:
    """Read a document: its inhoud is hashed while it streams by."""
    reader = InhoudReader()
    async for chunk in _chunks(body):
        reader.feed(chunk)
    return Intake(parsed(reader.rest), reader.content)


async def read_form(body: Body, content_type: str, *, most: int) -> Intake:
    """Read a form with a lock and a file `inhoud`; raises Refusal (415)."""
    kind, _, parameters = content_type.partition(";")
    name, _, boundary = parameters.strip().partition("=")
    if kind.strip() != "multipart/form-data" or name != "boundary" or not boundary:
        raise Refusal(415, "unsupported_media_type", "Niet ondersteund mediatype.")
    fields: dict[str, bytes] = {}
    mark = b"--" + boundary.strip('"').encode()
    for part in (b"\r\n" + await read(body, most=most + REST_BYTES_MAX)).split(b"\r\n" + mark)[1:-1]:
        head, _, value = part.partition(b"\r\n\r\n")
        fields[head.partition(b'name="')[2].partition(b'"')[0].decode()] = value
    return Intake({"lock": fields.get("lock", b"").decode()}, part=fields.get("inhoud"))


async def read(body: Body, *, most: int) -> bytes:
    """Read all of it; raises Refusal (413)."""
    whole = bytearray()
    async for chunk in _chunks(body):
        if len(whole) + len(chunk) > most:
            raise Refusal(413, "request-too-large", "De aanvraag is te groot.")
        whole += chunk
    return bytes(whole)


async def drained(body: Body) -> None:
    """Read all of it and keep nothing."""
    async for _ in _chunks(body):
        pass


def parsed(raw: bytes) -> Json:
    """Read a JSON object; nothing at all is an empty one."""
    if not raw:
        return {}
    try:
        data = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise Refusal(400, "parse_error", "JSON parse error.") from None
    if not isinstance(data, dict):
        raise Refusal(400, "invalid", "Ongeldige data: een object is verwacht.")
    return data


async def _chunks(body: Body) -> AsyncIterator[bytes]:
    if isinstance(body, bytes):
        yield body
        return
    async for chunk in body:
        yield chunk
