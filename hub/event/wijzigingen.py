"""Canonical data of what happened to a person, a company or an address: what it is now, and where known what it was.

The objects are those of the questions (`hub.event.personen`, `bedrijven`, `adressen`), so that one path names a field
in a question, an answer, an event and an authorisation. Source: StUF 03.01 §5.2 (was and wordt) and §5.6 (Sa, Sh).
"""

from __future__ import annotations

from typing import NamedTuple

from hub.event.adressen import BagAdres
from hub.event.bedrijven import Bedrijf
from hub.event.canonical import Canonical, OnvolledigeDatum
from hub.event.personen import Persoon


class Wijziging(Canonical):
    """What all changes say.

    `volledig`: the object is all that the source keeps of it, or all that was asked; else it is what changed, with
    what identifies it. `gevolgVan` is what the source calls the cause (a mutatiesoort, a signaalType).
    """

    volledig: bool | None = None
    gevolgVan: str | None = None
    datumIngang: OnvolledigeDatum | None = None


class PersoonVoorkomen(Canonical):
    """What a person was from one day to another (StUF tijdvakGeldigheid)."""

    persoon: Persoon
    datumIngang: OnvolledigeDatum | None = None
    datumEinde: OnvolledigeDatum | None = None


class PersoonWijziging(Wijziging):
    """What happened to a person; `historie`, oldest first, where the source tells it (Sh01)."""

    persoon: Persoon
    was: Persoon | None = None
    historie: list[PersoonVoorkomen] | None = None


class BedrijfWijziging(Wijziging):
    """What happened to a company or to one of its branches."""

    bedrijf: Bedrijf
    was: Bedrijf | None = None


class AdresWijziging(Wijziging):
    """What happened to an address or to the object that it is of."""

    adres: BagAdres
    was: BagAdres | None = None


class Onderwerp(NamedTuple):
    """What a change is about: the name of the object in it, its model, and the fields that only say which one it is."""

    noun: str
    model: type[Canonical]
    keys: frozenset[str]


ONDERWERPEN: dict[str, Onderwerp] = {
    "personen": Onderwerp("persoon", Persoon, frozenset({"burgerservicenummer", "aNummer"})),
    "bedrijven": Onderwerp(
        "bedrijf",
        Bedrijf,
        frozenset(
            {
                "type",
                "kvkNummer",
                "eigenaar.rsin",
                "hoofdvestiging.vestigingsnummer",
                "vestigingen.vestigingsnummer",
            }
        ),
    ),
    "adressen": Onderwerp(
        "adres", BagAdres, frozenset({"nummeraanduidingIdentificatie", "adresseerbaarObjectIdentificatie"})
    ),
}
"""By the list name by which an authorisation names their fields (`EventType.about`)."""
