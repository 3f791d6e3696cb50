"""The two messages with which an asynchronous message is answered: Bv03 and Fo03 (StUF 03.01 chapter 8).

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


def fo03(stuurgegevens: Stuurgegevens, fout: Foutcode, details: str) -> str:
    """Write the technical fault; `details` must be free of values from the message."""
    return (
        f'<StUF:Fo03Bericht xmlns:StUF="{STUF}">{_answering(stuurgegevens)}<StUF:body>'
        f"<StUF:code>{fout.code}</StUF:code><StUF:plek>{fout.plek}</StUF:plek>"
        f"<StUF:omschrijving>{escape(fout.omschrijving[:OMSCHRIJVING_MAX])}</StUF:omschrijving>"
        f"<StUF:details>{escape(details[:DETAILS_MAX])}</StUF:details></StUF:body></StUF:Fo03Bericht>"
    )


def _answering(stuurgegevens: Stuurgegevens) -> str:
    """Write the stuurgegevens of an answer: the schema wants a crossRefnummer even when the request had no number."""
    written = write(stuurgegevens)
    if stuurgegevens.cross_refnummer:
        return written
    return written.replace("</StUF:stuurgegevens>", "<StUF:crossRefnummer/></StUF:stuurgegevens>")
