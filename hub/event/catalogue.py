"""The event types: which there are, the model of their data, the topic domain, and whether they can happen once.

`once` decides how a resend is recognised: what is created exists once, so the same content again is a resend whenever
it comes; a change may rightly come again (A, B, A), so it is a resend only of the change that came just before it.
"""

from __future__ import annotations

from typing import NamedTuple

from hub.event.zaken import Canonical, ZaakdocumentGegevens, ZaakGegevens


class EventType(NamedTuple):
    """One event type of the public contract."""

    name: str
    domain: str
    model: type[Canonical]
    once: bool
    summary: str


EVENT_TYPES: dict[str, EventType] = {
    each.name: each
    for each in (
        EventType("nl.zaken.zaak-aangemaakt.v1", "zaken", ZaakGegevens, True, "A zaak came into being."),
        EventType(
            "nl.zaken.zaak-bijgewerkt.v1", "zaken", ZaakGegevens, False, "Fields or relations of a zaak changed."
        ),
        EventType("nl.zaken.zaakstatus-gezet.v1", "zaken", ZaakGegevens, False, "A zaak reached a status."),
        EventType(
            "nl.zaken.zaakdocument-toegevoegd.v1", "zaken", ZaakdocumentGegevens, True, "A document joined a zaak."
        ),
    )
}
