"""The far side of this adapter: a form engine that sends zaken, and a system in which people handle them.

It can also misbehave: see the last functions. What is sent is built by `Afzender` and `Behandelsysteem`.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256

from adapters.stuf_zds.afzender import Afzender, Verzoek
from adapters.stuf_zds.behandelsysteem import Behandelsysteem
from adapters.stuf_zds.fragments import (
    EIGENSCHAPPEN,
    FIRST_MESSAGE_AT,
    INFORMATIEOBJECTTYPE,
    RESULTAATTYPE,
    STATUSTYPEN,
    ZAAKTYPE,
    ZAAKTYPE_OMSCHRIJVING,
    Betrokkene,
    bsn,
    contents,
    documentidentificatie,
    zaakidentificatie,
)
from adapters.stuf_zds.services import DOCUMENT, INCHECKEN
from hub.wire.claim import Claim

__all__ = [
    "EIGENSCHAPPEN",
    "FIRST_MESSAGE_AT",
    "INFORMATIEOBJECTTYPE",
    "RESULTAATTYPE",
    "STATUSTYPEN",
    "ZAAKTYPE",
    "ZAAKTYPE_OMSCHRIJVING",
    "Afzender",
    "Behandelsysteem",
    "Betrokkene",
    "Verzoek",
    "bsn",
    "contents",
    "documentidentificatie",
    "examples",
    "renumbered",
    "with_other_content",
    "with_wrong_order",
    "zaakidentificatie",
]


def examples() -> Mapping[str, bytes]:
    """Give one message of each kind as it stands on the bus: what a new mapping begins with."""
    content = b"Een document zonder inhoud van belang."
    claim = Claim("voorbeeld", len(content), sha256(content).hexdigest()).text().encode()
    form, people = Afzender(), Behandelsysteem()
    sent = (
        form.creeer_zaak(1),
        form.update_zaak(1),
        form.actualiseer_zaakstatus(1),
        form.voeg_zaakdocument_toe(1, content),
        *people.everything(1),
        people.update_zaakdocument(1, content),
    )
    kept = {each.operation: each.body for each in sent}
    for kind in (DOCUMENT.kind, INCHECKEN.kind):
        kept[kind] = kept[kind].replace(b64encode(content), claim)
    return kept


def renumbered(verzoek: Verzoek, referentienummer: str) -> Verzoek:
    """Send the same again under a new referentienummer: what form engines do after a time-out."""
    body = verzoek.body.replace(verzoek.referentienummer.encode(), referentienummer.encode())
    return verzoek._replace(referentienummer=referentienummer, body=body)


def with_wrong_order(verzoek: Verzoek) -> Verzoek:
    """Break the order of the schema, the commonest mistake: the identificatie comes last in its object."""
    head, _, rest = verzoek.body.partition(b"<ZKN:identificatie>")
    value, _, tail = rest.partition(b"</ZKN:identificatie>")
    inside, _, end = tail.partition(b"</ZKN:object>")
    moved = b"<ZKN:identificatie>" + value + b"</ZKN:identificatie></ZKN:object>"
    return verzoek._replace(body=head + inside + moved + end)


def with_other_content(verzoek: Verzoek) -> Verzoek:
    """Change the content under the same referentienummer: StUF016 for whoever remembers the first."""
    return verzoek._replace(body=verzoek.body.replace(b"Aanvraag ", b"Aanvraag nr ", 1))
