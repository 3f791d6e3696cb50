"""An application that is told what happens to persons, companies and addresses, in memory, as an ASGI app.

It does what StUF 03.01 says of a receiver: checks, recognises a resend by its referentienummer (§4.4), acknowledges,
and speaks up later with Bv01 and Fo01. It can also misbehave: see `Gedrag`. Persists nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Literal, NamedTuple
from uuid import NAMESPACE_URL, uuid5

from lxml import etree

from adapters.stuf_bg.checks import check_rules, check_schema, check_stuurgegevens
from adapters.stuf_bg.recognition import service_of
from adapters.stuf_bg.services import KENNISGEVINGEN, SLEUTELS, SYNCHRONISATIES
from hub.clock import AMSTERDAM, Clock, SystemClock
from hub.errors import MessageRefused
from hub.wire import xml
from hub.wire.soap import envelope, http
from hub.wire.soap.envelope import Version
from hub.wire.soap.fault import fault
from hub.wire.stuf import stuurgegevens
from hub.wire.stuf.afloop import Afloop
from hub.wire.stuf.berichten import bv03, fo03
from hub.wire.stuf.foutcodes import FOUTCODES, PROCESFOUT
from hub.wire.stuf.kennisgeving import objects
from hub.wire.stuf.stuurgegevens import Stuurgegevens, Systeem
from hub.wire.stuf.waarden import read_waarde
from hub.wire.xml import find

Answered = tuple[int, Iterable[tuple[str, str]], bytes]

SELF = Systeem("1900", "BELASTINGEN")
_AT = datetime(2026, 3, 2, 9, 0, tzinfo=AMSTERDAM)


class Gedrag(NamedTuple):
    """One order: what goes wrong at the next `times` messages, about an object of this number where it names one.

    kind         what happens
    cut-before   the connection is cut, nothing is kept
    cut-after    it is kept, then the connection is cut
    html         a page of an application server, with `status`; nothing is kept
    fout         a Fo03 with `code` and the plek of the standard; nothing is kept
    bv04         an intermediary answers: it is kept
    slow         it is kept, and the answer waits `seconds`
    """

    kind: Literal["cut-before", "cut-after", "html", "fout", "bv04", "slow"]
    about: str = ""
    times: int = 1
    status: int = 500
    code: str = "StUF058"
    seconds: float = 0.0


class Ontvangen(NamedTuple):
    """One message that was kept. `about` is the number of its object, `message` the message itself."""

    element: str
    referentienummer: str
    about: str
    message: etree._Element


class Afnemer:
    """The whole of it. `kept` has every message that it took, in order; `asked` how many came."""

    def __init__(self, *, clock: Clock | None = None) -> None:
        self.kept: list[Ontvangen] = []
        self.asked = 0
        self._clock = clock or SystemClock()
        self._orders: list[Gedrag] = []
        self._known: dict[tuple[str, str], tuple[str, bytes]] = {}

    def misbehave(self, *orders: Gedrag) -> None:
        """Order misbehaviour, on top of what is ordered already."""
        self._orders.extend(orders)

    def about(self, number: str) -> list[Ontvangen]:
        """Give what it was told of one object, in order."""
        return [each for each in self.kept if each.about == number]

    def later(self, about: str, *, fout: str = "") -> tuple[bytes, dict[str, str]]:
        """Write what comes later of a message: a Bv01, or with a code a Fo01; the envelope and its HTTP headers."""
        own = str(uuid5(NAMESPACE_URL, f"{about}/{fout}"))
        afloop = Afloop(SELF, "1900/ZAAKHUB", about, own, _AT)
        action, message = afloop.failed(FOUTCODES[fout], "") if fout else afloop.done()
        return envelope.write(Version.SOAP11, message), http.request_headers(Version.SOAP11, action)

    async def handle(
        self, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], body: bytes
    ) -> Answered:
        """Answer one request; ConnectionError where it cuts the connection."""
        del path, query  # there is one port type: the message says which service it is for
        if method != "POST":
            return 405, [("content-type", "text/plain")], b"POST a message"
        self.asked += 1
        soap = envelope.read(xml.parse(body, charset=xml.http_charset(headers.get("content-type", ""))))
        version, message = soap.version or Version.SOAP11, soap.body
        said = stuurgegevens.read(find(message, "stuurgegevens"))
        order = self._order(_about(message))
        kind = order.kind if order else ""
        if kind == "cut-before":
            raise ConnectionError("cut before")
        if order is not None and kind == "html":
            return order.status, [("content-type", "text/html")], b"<html><body><h1>Error</h1></body></html>"
        if order is not None and kind == "fout":
            ordered = MessageRefused("as ordered", code=order.code)
            return 500, _headers(version), _refused(ordered, said, version)
        try:
            answer = self._taken(message, said, version, http.operation(headers), bv04=kind == "bv04")
        except MessageRefused as refusal:
            return 500, _headers(version), _refused(refusal, said, version)
        if kind == "cut-after":
            raise ConnectionError("cut after")
        if order is not None and kind == "slow":
            await self._clock.sleep(order.seconds)
        return 200, _headers(version), answer

    async def __call__(
        self,
        scope: dict[str, Any],
        receive: Callable[[], Awaitable[dict[str, Any]]],
        send: Callable[[dict[str, Any]], Awaitable[None]],
    ) -> None:
        """Serve as an ASGI app."""
        if scope["type"] != "http":
            return
        body, more = b"", True
        while more:
            event = await receive()
            body += event.get("body", b"")
            more = event.get("more_body", False)
        headers = {name.decode().lower(): value.decode() for name, value in scope["headers"]}
        status, names, answer = await self.handle(scope["method"], scope["path"], {}, headers, body)
        raw = [(name.encode(), value.encode()) for name, value in names]
        await send({"type": "http.response.start", "status": status, "headers": raw})
        await send({"type": "http.response.body", "body": answer})

    def _order(self, about: str) -> Gedrag | None:
        for place, each in enumerate(self._orders):
            if each.about in ("", about):
                left = each.times - 1
                self._orders[place : place + 1] = [each._replace(times=left)] if left else []
                return each
        return None

    def _taken(
        self, message: etree._Element, said: Stuurgegevens, version: Version, operation: str, *, bv04: bool
    ) -> bytes:
        """Keep a message, and give its acknowledgement: to a resend the same one."""
        service = service_of(message, operation)
        if service not in (*KENNISGEVINGEN, *SYNCHRONISATIES):
            raise MessageRefused("only changes are taken here", code="StUF040")
        check_stuurgegevens(message, said)
        key, content = (said.zender.naam, said.referentienummer), _hash(message)
        known = self._known.get(key)
        if known is not None:
            if known[0] != content:
                raise MessageRefused("this number was used", code="StUF016")
            return known[1]
        check_schema(message)
        check_rules(message, service)
        own = str(uuid5(NAMESPACE_URL, f"Bv03/{said.referentienummer}"))
        text = bv03(stuurgegevens.answer(said, "Bv03", own=SELF, referentienummer=own, at=_AT))
        answer = envelope.write(version, text.replace("Bv03", "Bv04") if bv04 else text)
        self._known[key] = (content, answer)
        self.kept.append(Ontvangen(service.bericht, said.referentienummer, _about(message), message))
        return answer


def _about(message: etree._Element) -> str:
    """Give the number of the object that a message is about."""
    found = [*objects(message), *message.iterfind("{*}actueel/{*}object")]
    names = [name for each in SLEUTELS.values() for name in each]
    return next(filter(None, (read_waarde(find(each, name)).tekst for each in found for name in names)), "")


def _refused(refusal: MessageRefused, said: Stuurgegevens, version: Version) -> bytes:
    found = FOUTCODES.get(refusal.code, PROCESFOUT._replace(code=refusal.code))
    own = str(uuid5(NAMESPACE_URL, f"Fo03/{said.referentienummer}"))
    answer = stuurgegevens.answer(said, "Fo03", own=SELF, referentienummer=own, at=_AT)
    return fault(version, found.plek, found.omschrijving, fo03(answer, found, refusal.reason))


def _headers(version: Version) -> list[tuple[str, str]]:
    return [("content-type", f"{version.media_type}; charset=utf-8")]


def _hash(message: etree._Element) -> str:
    return hashlib.sha256(etree.tostring(message, method="c14n", exclusive=True)).hexdigest()
