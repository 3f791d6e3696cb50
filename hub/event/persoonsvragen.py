"""What else may be asked about persons: who lived somewhere, where somebody lived, which travel documents he has.

Canonical data, as the BRP APIs Bewoning 2.1, Verblijfplaatshistorie 2.0 and Reisdocumenten 2.0 name it. `velden` are
as in `hub.event.personen`; where a source cannot limit what it gives, the hub takes the rest away.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from hub.event.canonical import Canonical, OnvolledigeDatum, Waarde
from hub.event.personen import (
    Adressering,
    Gebeurtenis,
    Naam,
    Onderzoek,
    OpschortingBijhouding,
    RniDeelnemer,
    Verblijfplaats,
)

_Velden = Annotated[list[str], Field(max_length=130)]


class Periode(Canonical):
    """A time; `datumTot` is the first day that is not in it."""

    datumVan: date | None = None
    datumTot: date | None = None


class Bewoner(Canonical):
    """Somebody who lived, or may have lived, in an object."""

    burgerservicenummer: str | None = None
    naam: Naam | None = None
    geboorte: Gebeurtenis | None = None
    geheimhoudingPersoonsgegevens: bool | None = None
    inOnderzoek: bool | None = None


class Bewoning(Canonical):
    """The people who lived in an object together, and when. More than a hundred are not named."""

    adresseerbaarObjectIdentificatie: str | None = None
    periode: Periode | None = None
    bewoners: list[Bewoner] | None = None
    mogelijkeBewoners: list[Bewoner] | None = None
    indicatieVeelBewoners: bool | None = None


class BewoningenVraag(Canonical):
    """Who lived in an object on a day (`peildatum`) or in a time (`datumVan` up to `datumTot`)."""

    velden: _Velden
    adresseerbaarObjectIdentificatie: str
    peildatum: date | None = None
    datumVan: date | None = None
    datumTot: date | None = None


class BewoningenAntwoord(Canonical):
    """The bewoningen that were found, one for each time that the same people lived there."""

    bewoningen: list[Bewoning] = Field(default_factory=list)


class VerblijfplaatsVoorkomen(Verblijfplaats):
    """Where somebody lived, from when to when."""

    datumTot: OnvolledigeDatum | None = None
    gemeenteVanInschrijving: Waarde | None = None
    verblijftNietOpAdresVanaf: OnvolledigeDatum | None = None
    adressering: Adressering | None = None
    rni: RniDeelnemer | None = None


class VerblijfplaatsenVraag(Canonical):
    """Where a person lived on a day (`peildatum`) or in a time (`datumVan` up to `datumTot`)."""

    velden: _Velden
    burgerservicenummer: str
    peildatum: date | None = None
    datumVan: date | None = None
    datumTot: date | None = None


class VerblijfplaatsenAntwoord(Canonical):
    """Where somebody lived, the newest first."""

    verblijfplaatsen: list[VerblijfplaatsVoorkomen] = Field(default_factory=list)
    opschortingBijhouding: OpschortingBijhouding | None = None
    geheimhoudingPersoonsgegevens: bool | None = None


class InhoudingOfVermissing(Canonical):
    """That a travel document was withdrawn (I) or is missing (V)."""

    datum: OnvolledigeDatum | None = None
    aanduiding: Waarde | None = None
    inOnderzoek: Onderzoek | None = None


class Houder(Canonical):
    """Whose travel document it is."""

    burgerservicenummer: str | None = None
    geheimhoudingPersoonsgegevens: bool | None = None
    opschortingBijhouding: OpschortingBijhouding | None = None
    inOnderzoek: Onderzoek | None = None


class Reisdocument(Canonical):
    """A passport or identity card, as far as was asked."""

    reisdocumentnummer: str | None = None
    soort: Waarde | None = None
    datumEindeGeldigheid: OnvolledigeDatum | None = None
    inhoudingOfVermissing: InhoudingOfVermissing | None = None
    houder: Houder | None = None
    inOnderzoek: Onderzoek | None = None


class ReisdocumentenVraag(Canonical):
    """Which travel documents: the one with a number, or those of a person."""

    velden: Annotated[list[str], Field(max_length=25)]
    reisdocumentnummer: str | None = None
    burgerservicenummer: str | None = None


class ReisdocumentenAntwoord(Canonical):
    """The travel documents that were found."""

    reisdocumenten: list[Reisdocument] = Field(default_factory=list)
