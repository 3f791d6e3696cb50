"""The event types: which there are, the model of their data, the topic domain, and whether they can happen once.

`once` decides how a resend is recognised: what is created exists once, so the same content again is a resend whenever
it comes; a change may rightly come again (A, B, A), so it is a resend only of the change that came just before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from hub.event.canonical import Canonical
from hub.event.wijzigingen import AdresWijziging, BedrijfWijziging, PersoonWijziging
from hub.event.zaken import BesluitGegevens, DocumentGegevens, Overdracht, ZaakdocumentGegevens, ZaakGegevens


class EventType(NamedTuple):
    """One event type of the public contract.

    `about` says of what objects its data tells, as an authorisation names them (`personen`): nobody is sent a field of
    them that he may not see. Nothing where an authorisation knows no fields of it. `personal`: it may hold data of a
    person, so that it passes for a processing activity or not at all.
    """

    name: str
    domain: str
    model: type[Canonical]
    once: bool
    summary: str
    about: str = ""
    personal: bool = True


def _changes(domain: str, noun: str, model: type[Canonical], *, personal: bool = True) -> Iterator[EventType]:
    for happened, summary in _HAPPENED.items():
        name = f"nl.{domain}.{noun}-{happened}.v1"
        yield EventType(name, domain, model, False, summary, about=domain, personal=personal)


_HAPPENED = {
    "opgevoerd": "A source keeps it from now on.",
    "bijgewerkt": "Something of it changed, or was corrected.",
    "verwijderd": "A source keeps it no longer.",
    "gesynchroniseerd": "All of it, as it is now: take it in place of what you have.",
}


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
        EventType(
            "nl.zaken.zaakdocument-bijgewerkt.v1",
            "zaken",
            DocumentGegevens,
            False,
            "A document has a new version, or other fields; a lock ends with it.",
        ),
        EventType(
            "nl.zaken.zaakdocument-vrijgegeven.v1",
            "zaken",
            DocumentGegevens,
            False,
            "Who had a document locked gave it back unchanged.",
        ),
        EventType("nl.zaken.zaakdocument-ontkoppeld.v1", "zaken", DocumentGegevens, False, "A document left a zaak."),
        EventType("nl.zaken.zaak-verwijderd.v1", "zaken", ZaakGegevens, True, "A zaak is no more."),
        EventType(
            "nl.zaken.zaak-overdracht-gevraagd.v1",
            "zaken",
            Overdracht,
            False,
            "A zaaksysteem asks another system to take a zaak over.",
        ),
        EventType("nl.zaken.besluit-genomen.v1", "zaken", BesluitGegevens, True, "A zaak led to a decision."),
        EventType("nl.zaken.besluit-bijgewerkt.v1", "zaken", BesluitGegevens, False, "A decision changed."),
        *_changes("personen", "persoon", PersoonWijziging),
        *_changes("bedrijven", "bedrijf", BedrijfWijziging),
        *_changes("adressen", "adres", AdresWijziging, personal=False),
    )
}

PERSONAL_DOMAINS = frozenset(each.domain for each in EVENT_TYPES.values() if each.personal)
"""Domains whose events may hold data of a person."""
