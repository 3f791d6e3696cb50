"""Canonical data of addresses, as the BAG API 2 names them: what may be asked, and what is said.

`velden` and `inOnderzoek` are as in `hub.event.personen`.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from hub.event.canonical import Canonical


class BagAdres(Canonical):
    """An address and the object that it is of. `geometrie` is GeoJSON in EPSG:28992.

    `inOnderzoek` names the fields that are under investigation, `geconstateerd` the things (pand, nummeraanduiding)
    that are known from having been seen and not from a decision.
    """

    openbareRuimteNaam: str | None = None
    korteNaam: str | None = None
    huisnummer: int | None = None
    huisletter: str | None = None
    huisnummertoevoeging: str | None = None
    postcode: str | None = None
    woonplaatsNaam: str | None = None
    nummeraanduidingIdentificatie: str | None = None
    openbareRuimteIdentificatie: str | None = None
    woonplaatsIdentificatie: str | None = None
    adresseerbaarObjectIdentificatie: str | None = None
    pandIdentificaties: list[str] | None = None
    nummeraanduidingStatus: str | None = None
    indicatieNevenadres: bool | None = None
    typeAdresseerbaarObject: str | None = None
    adresseerbaarObjectStatus: str | None = None
    gebruiksdoelen: list[str] | None = None
    oppervlakte: int | None = None
    oorspronkelijkBouwjaar: list[str] | None = None
    geometrie: dict[str, Any] | None = None
    adresregel5: str | None = None
    adresregel6: str | None = None
    geconstateerd: list[str] | None = None
    inOnderzoek: list[str] | None = None


class AdressenVraag(Canonical):
    """Which addresses. Criteria are AND-ed; none at all is no question.

    A huisletter or huisnummertoevoeging that is absent may be any, one that is null is none. `zoekterm` is what a
    person types. `volgorde` names fields, `-` before one for descending. `na` is the nummeraanduiding of the last
    address of the answer before.
    """

    velden: list[str] | None = None
    nummeraanduidingIdentificatie: str | None = None
    adresseerbaarObjectIdentificatie: str | None = None
    pandIdentificatie: str | None = None
    postcode: str | None = None
    huisnummer: int | None = None
    huisletter: str | None = None
    huisnummertoevoeging: str | None = None
    openbareRuimteNaam: str | None = None
    woonplaatsNaam: str | None = None
    zoekterm: str | None = None
    volgorde: list[str] | None = None
    maximum: Annotated[int, Field(ge=1)] | None = None
    na: str | None = None


class AdressenAntwoord(Canonical):
    """The addresses that were found; `meer` says that there are more than `maximum`."""

    adressen: list[BagAdres] = Field(default_factory=list)
    meer: bool = False
