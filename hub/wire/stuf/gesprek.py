"""How somebody who sent a message is answered over SOAP: in which version, under which stuurgegevens, with which fault.

It knows acknowledgements and faults of StUF 03.01 in a SOAP envelope. It refuses to know what was asked and what came
of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from lxml import etree

from hub.wire import xml
from hub.wire.soap import envelope, http
from hub.wire.soap.envelope import MUST_UNDERSTAND, VERSION_MISMATCH, Version
from hub.wire.soap.fault import fault, must_understand, version_mismatch
from hub.wire.stuf import stuurgegevens
from hub.wire.stuf.berichtcodes import BERICHTCODES, Berichtcode
from hub.wire.stuf.berichten import bv02, bv03, fo02, fo03
from hub.wire.stuf.foutcodes import Foutcode
from hub.wire.stuf.stuurgegevens import Stuurgegevens, Systeem


class Antwoord(NamedTuple):
    """What goes back over HTTP: status, content type and body."""

    status: int
    content_type: str
    body: bytes


class Vrager(NamedTuple):
    """Whom to answer: their stuurgegevens, their version of SOAP, and whether they wait for more than a receipt."""

    said: Stuurgegevens
    version: Version
    synchroon: bool

    @classmethod
    def of(cls, message: object, headers: Mapping[str, str], *, synchroon: bool) -> Vrager:
        """Read it from a message that was read before; `message` may be anything that is no element."""
        said, version = Stuurgegevens(""), None
        if isinstance(message, etree._Element):  # noqa: SLF001 - lxml has no other name for it
            said = stuurgegevens.read(xml.find(message, "stuurgegevens"))
            version = envelope.version_of(message.getroottree().getroot())
        return cls(said, version or http.version(headers) or Version.SOAP11, synchroon)

    @classmethod
    def gleaned(cls, body: bytes, headers: Mapping[str, str]) -> Vrager:
        """Read it from what is left of a broken message, and from the SOAPAction."""
        root = xml.glean(body, charset=xml.http_charset(headers.get("content-type", "")))
        found = None if root is None else next((each for each in root.iter("{*}stuurgegevens")), None)
        said = stuurgegevens.read(found)
        version = None if root is None else envelope.version_of(root)
        code = BERICHTCODES.get(said.berichtcode) or _code_of(found, headers)
        synchroon = code is not None and code.synchroon
        return cls(said, version or http.version(headers) or Version.SOAP11, synchroon)

    def answering(self, berichtcode: str, *, own: Systeem, referentienummer: str, at: datetime) -> Stuurgegevens:
        """Give the stuurgegevens of an answer."""
        return stuurgegevens.answer(self.said, berichtcode, own=own, referentienummer=referentienummer, at=at)

    def received(self, said: Stuurgegevens) -> Antwoord:
        """Give the Bv03: it is kept."""
        return self.told(bv03(said))

    def done(self) -> Antwoord:
        """Give the Bv02: it is done."""
        return self.told(bv02())

    def told(self, message: str) -> Antwoord:
        """Give a message."""
        return _antwoord(self.version, 200, envelope.write(self.version, message))

    def failed(self, fout: Foutcode, details: str, status: int, said: Stuurgegevens) -> Antwoord:
        """Give the Fo02, or to an asynchronous message the Fo03 with the stuurgegevens `said`, in a SOAP fault."""
        detail = fo02(fout, details) if self.synchroon else fo03(said, fout, details)
        return _antwoord(self.version, status, fault(self.version, fout.plek, fout.omschrijving, detail))

    def misunderstood(self, code: str, status: int) -> Antwoord | None:
        """Give the fault of SOAP itself for a code of SOAP itself; None for any other."""
        if code == VERSION_MISMATCH:
            return _antwoord(Version.SOAP11, status, version_mismatch())
        if code == MUST_UNDERSTAND:
            return _antwoord(self.version, status, must_understand(self.version))
        return None


def details(reason: str, path: str, line: int = 0) -> str:
    """Give what a fault says: the reason, the element and the line; never a value."""
    said = reason
    if path:
        said += f"; element: {path}"
    if line:
        said += f"; line: {line}"
    return said


def _code_of(found: etree._Element | None, headers: Mapping[str, str]) -> Berichtcode | None:
    """Tell the berichtcode from the name of the message, else from the action: both end with it.

    A name of a prefill message holds it in the middle: `npsLv01-prs-NatuurlijkPersoon`.
    """
    message = None if found is None else found.getparent()
    named = ("" if message is None else xml.local_name(message)).partition("-prs-")[0]
    action = http.operation(headers).partition("-prs-")[0]
    return BERICHTCODES.get(named[-4:]) or BERICHTCODES.get(action[-4:].capitalize())


def _antwoord(version: Version, status: int, body: bytes) -> Antwoord:
    return Antwoord(status, f"{version.media_type}; charset=utf-8", body)
