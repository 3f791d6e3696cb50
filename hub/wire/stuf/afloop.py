"""What became of an asynchronous message, as its sender is told: a Bv01 or Fo01 (StUF 03.01 §3.3 and chapter 8).

It knows how that is said and under which number; when and how often is for the hub.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import NamedTuple

from hub.wire.stuf import stuurgegevens
from hub.wire.stuf.berichten import bv01, fo01
from hub.wire.stuf.foutcodes import Foutcode
from hub.wire.stuf.namespaces import STUF
from hub.wire.stuf.stuurgegevens import REFERENTIENUMMER_MAX, Stuurgegevens, Systeem


class Afloop(NamedTuple):
    """How a message ended: whose it was, under which number, and the number under which that is told.

    `sender` is a name as `Systeem.naam` gives it. `own` is who tells it.
    """

    own: Systeem
    sender: str
    referentienummer: str
    reference: str
    at: datetime

    def said(self, berichtcode: str) -> Stuurgegevens:
        """Give the stuurgegevens in which it is told."""
        request = Stuurgegevens("", zender=Systeem(*self.sender.split("/")[:3]), referentienummer=self.referentienummer)
        return stuurgegevens.answer(request, berichtcode, own=self.own, referentienummer=self.reference, at=self.at)

    def done(self) -> tuple[str, str]:
        """Give SOAPAction and message that say that it is done."""
        return f"{STUF}/Bv01", bv01(self.said("Bv01"))

    def failed(self, fout: Foutcode, details: str) -> tuple[str, str]:
        """Give SOAPAction and message that say why it is not; `details` must be free of values from the message."""
        return f"{STUF}/Fo01", fo01(self.said("Fo01"), fout, details)


def reference_of(message_id: str, *, done: bool) -> str:
    """Give a number of our own: the same each time that the same outcome is told."""
    return hashlib.sha256(f"{message_id} {done}".encode()).hexdigest()[:REFERENTIENUMMER_MAX]
