"""The floor of the intake: an ASGI app under uvicorn that reads the body, parses it and answers the same Bv03 always.

`python -m tests.benchmarks.floor_intake <port>`.
"""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from typing import Any, Final

import uvicorn
from lxml import etree

_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_blank_text=True)
_ANSWER: Final = b"""<?xml version="1.0" encoding="UTF-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>\
<StUF:Bv03Bericht xmlns:StUF="http://www.egem.nl/StUF/StUF0301"><StUF:stuurgegevens>\
<StUF:berichtcode>Bv03</StUF:berichtcode>\
<StUF:zender><StUF:organisatie>9999</StUF:organisatie><StUF:applicatie>ZAAKHUB</StUF:applicatie></StUF:zender>\
<StUF:ontvanger><StUF:organisatie>9999</StUF:organisatie><StUF:applicatie>FORMULIEREN</StUF:applicatie></StUF:ontvanger>\
<StUF:referentienummer>6b7d3c7e-7d3e-5e0c-9f0b-3f6c86a6d3b1</StUF:referentienummer>\
<StUF:tijdstipBericht>20260312101501</StUF:tijdstipBericht>\
</StUF:stuurgegevens></StUF:Bv03Bericht></soap:Body></soap:Envelope>"""
_HEADERS = [(b"content-type", b"text/xml; charset=utf-8"), (b"content-length", b"%d" % len(_ANSWER))]


async def app(
    scope: dict[str, Any],
    receive: Callable[[], Awaitable[dict[str, Any]]],
    send: Callable[[dict[str, Any]], Awaitable[None]],
) -> None:
    """Answer one request."""
    parts = []
    while scope["method"] == "POST":
        message = await receive()
        parts.append(message["body"])
        if not message["more_body"]:
            break
    if parts:
        etree.fromstring(b"".join(parts), _PARSER)
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    await send({"type": "http.response.body", "body": _ANSWER})


if __name__ == "__main__":
    uvicorn.run(
        app,
        port=int(sys.argv[1]),
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        date_header=False,
    )
