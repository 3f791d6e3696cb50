"""The messages with which another is acknowledged or refused (StUF 03.01 chapter 8).

An asynchronous message is answered with a Bv03 or Fo03, and later perhaps with a Bv01 or Fo01; a synchronous one with a
Bv02 or Fo02.

They are written as text, valid by construction: every value goes through `escape`, every length is kept.
"""

from __future__ import annotations

from hub.wire.stuf.foutcodes import Foutcode
from hub.wire.stuf.namespaces import STUF
from hub.wire.stuf.stuurgegevens import Stuurgegevens, write
from hub.wire.xml import escape

OMSCHRIJVING_MAX = 200
DETAILS_MAX = 1000


def bv03(stuurgegevens: Stuurgegevens) -> str:
    """Write the technical acknowledgement: the message is kept and its stuurgegevens are right."""
    return f'<StUF:Bv03Bericht xmlns:StUF="{STUF}">{_answering(stuurgegevens)}</StUF:Bv03Bericht>'


def bv02() -> str:
    """Write the acknowledgement of a synchronous message: it is done. The schema wants its berichtcode only."""
    return f'<StUF:Bv02Bericht xmlns:StUF="{STUF}">{write(Stuurgegevens("Bv02"))}</StUF:Bv02Bericht>'


def fo02(fout: Foutcode, details: str) -> str:
    """Write the fault of a synchronous message; `details` must be free of values from the message."""
    return (
        f'<StUF:Fo02Bericht xmlns:StUF="{STUF}">{write(Stuurgegevens("Fo02"))}{_body(fout, details)}</StUF:Fo02Bericht>'
    )


def fo03(stuurgegevens: Stuurgegevens, fout: Foutcode, details: str) -> str:
    """Write the technical fault; `details` must be free of values from the message."""
    return f'<StUF:Fo03Bericht xmlns:StUF="{STUF}">{_answering(stuurgegevens)}{_body(fout, details)}</StUF:Fo03Bericht>'


def bv01(stuurgegevens: Stuurgegevens) -> str:
    """Write the functional acknowledgement of an asynchronous message: it is processed."""
    return f'<StUF:Bv01Bericht xmlns:StUF="{STUF}">{_answering(stuurgegevens)}</StUF:Bv01Bericht>'


def fo01(stuurgegevens: Stuurgegevens, fout: Foutcode, details: str) -> str:
    """Write the functional fault of an asynchronous message; `details` must be free of values from the message."""
    return f'<StUF:Fo01Bericht xmlns:StUF="{STUF}">{_answering(stuurgegevens)}{_body(fout, details)}</StUF:Fo01Bericht>'


def _body(fout: Foutcode, details: str) -> str:
    return (
        f"<StUF:body><StUF:code>{fout.code}</StUF:code><StUF:plek>{fout.plek}</StUF:plek>"
        f"<StUF:omschrijving>{escape(fout.omschrijving[:OMSCHRIJVING_MAX])}</StUF:omschrijving>"
        f"<StUF:details>{escape(details[:DETAILS_MAX])}</StUF:details></StUF:body>"
    )


def _answering(stuurgegevens: Stuurgegevens) -> str:
    """Write the stuurgegevens of an answer: the schema wants a crossRefnummer even when the request had no number."""
    written = write(stuurgegevens)
    if stuurgegevens.cross_refnummer:
        return written
    return written.replace("</StUF:stuurgegevens>", "<StUF:crossRefnummer/></StUF:stuurgegevens>")
