"""What the other system says later of a message of ours: Bv01 or Fo01, and for overdragenZaak its Du01.

StUF 03.01 §4.4: an asynchronous message is acknowledged with a Bv03, what came of it may follow as a message of its own
that names ours in its crossRefnummer. It refuses to know what is done with it.
"""

from __future__ import annotations

from lxml import etree

from adapters.stuf_zds.services import BERICHTEN, OVERGEDRAGEN
from adapters.stuf_zds.verdict import failure, fout_in
from hub.errors import TargetRefused
from hub.ports.contracts import Document, Heard
from hub.wire import xml
from hub.wire.stuf.waarden import read_waarde

_KINDS = frozenset(each.kind for each in BERICHTEN)
_REFUSED = "Overdracht geweigerd"


def heard(document: Document) -> Heard | None:
    """Tell what a document says of a message of ours; None when it is about something else."""
    message = document.body
    if document.kind not in _KINDS or not isinstance(message, etree._Element):  # noqa: SLF001 - lxml has no other name
        return None
    if document.kind.startswith("Fo"):
        return Heard(document.subject, document.kind, failure(fout_in(message), what="what came of it"))
    answer = read_waarde(xml.find(message, "object/antwoord")).tekst
    if document.kind == OVERGEDRAGEN.kind and answer == _REFUSED:
        refused = TargetRefused(
            "the other system does not take the zaak over",
            code="overdracht-geweigerd",
            advice="ask there why; offer the zaak again when that is settled",
        )
        return Heard(document.subject, document.kind, refused)
    return Heard(document.subject, document.kind)
