"""Canonical data of companies and their branches, as the KVK APIs name them: what may be asked, and what is said.

Dates are whole or in part unknown; what the KVK says with "Ja" and "Nee" is true and false. `velden` is as in
`hub.event.personen`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from hub.event.canonical import Canonical, OnvolledigeDatum


class BedrijfsAdres(Canonical):
    """An address. With `indAfgeschermd` it goes to nobody who has no right to it."""

    type: str | None = None
    indAfgeschermd: bool | None = None
    volledigAdres: str | None = None
    straatnaam: str | None = None
    huisnummer: int | None = None
    huisletter: str | None = None
    huisnummerToevoeging: str | None = None
    toevoegingAdres: str | None = None
    postcode: str | None = None
    postbusnummer: int | None = None
    plaats: str | None = None
    straatHuisnummer: str | None = None
    postcodeWoonplaats: str | None = None
    regio: str | None = None
    land: str | None = None
    adresseerbaarObjectIdentificatie: str | None = None
    nummeraanduidingIdentificatie: str | None = None


class Activiteit(Canonical):
    """What is done there (SBI)."""

    sbiCode: str | None = None
    sbiOmschrijving: str | None = None
    indHoofdactiviteit: bool | None = None


class Vestiging(Canonical):
    """A branch. `vestigingsnummer` has 12 digits, leading zeros too.

    `naam` is the name by which it was found, and the only one of a branch that does no trade.
    """

    vestigingsnummer: str | None = None
    kvkNummer: str | None = None
    rsin: str | None = None
    statutaireNaam: str | None = None
    eersteHandelsnaam: str | None = None
    handelsnamen: list[str] | None = None
    naam: str | None = None
    ookGenoemd: str | None = None
    indHoofdvestiging: bool | None = None
    indCommercieleVestiging: bool | None = None
    indNonMailing: bool | None = None
    datumAanvang: OnvolledigeDatum | None = None
    datumEinde: OnvolledigeDatum | None = None
    formeleRegistratiedatum: OnvolledigeDatum | None = None
    totaalWerkzamePersonen: int | None = None
    voltijdWerkzamePersonen: int | None = None
    deeltijdWerkzamePersonen: int | None = None
    adressen: list[BedrijfsAdres] | None = None
    websites: list[str] | None = None
    activiteiten: list[Activiteit] | None = None


class Eigenaar(Canonical):
    """Who owns the company: a person has no rsin."""

    rsin: str | None = None
    rechtsvorm: str | None = None
    uitgebreideRechtsvorm: str | None = None
    datumUitschrijving: OnvolledigeDatum | None = None
    adressen: list[BedrijfsAdres] | None = None
    websites: list[str] | None = None


class Bedrijf(Canonical):
    """A registration in the Handelsregister, as far as was asked.

    `type` and `actief` are of the search result that it stands for; of a company that was asked for by its number there
    is no `type`. `vervallenNaam` is the former name by which it was found.
    """

    type: Literal["hoofdvestiging", "nevenvestiging", "rechtspersoon"] | None = None
    kvkNummer: str | None = None
    naam: str | None = None
    statutaireNaam: str | None = None
    handelsnamen: list[str] | None = None
    ookGenoemd: str | None = None
    vervallenNaam: str | None = None
    actief: bool | None = None
    indNonMailing: bool | None = None
    datumAanvang: OnvolledigeDatum | None = None
    datumEinde: OnvolledigeDatum | None = None
    formeleRegistratiedatum: OnvolledigeDatum | None = None
    totaalWerkzamePersonen: int | None = None
    activiteiten: list[Activiteit] | None = None
    eigenaar: Eigenaar | None = None
    hoofdvestiging: Vestiging | None = None
    vestigingen: list[Vestiging] | None = None


class BedrijvenVraag(Canonical):
    """Which companies or branches. Criteria are AND-ed; none at all is no question.

    With a `type` or a vestigingsnummer each branch or rechtspersoon that fits is one in the answer, else each company
    is. `volgorde` names fields, `-` before one for descending. `na` is the vestigingsnummer of the last of the answer
    before where the answer is about branches, else its kvkNummer.
    """

    velden: list[str] | None = None
    kvkNummer: str | None = None
    rsin: str | None = None
    vestigingsnummer: str | None = None
    naam: str | None = None
    postcode: str | None = None
    huisnummer: int | None = None
    huisletter: str | None = None
    postbusnummer: int | None = None
    straatnaam: str | None = None
    plaats: str | None = None
    type: Literal["hoofdvestiging", "nevenvestiging", "rechtspersoon"] | None = None
    inclusiefInactieve: bool | None = None
    volgorde: list[str] | None = None
    maximum: Annotated[int, Field(ge=1)] | None = None
    na: str | None = None


class BedrijvenAntwoord(Canonical):
    """The companies that were found; `meer` says that there are more than `maximum`."""

    bedrijven: list[Bedrijf] = Field(default_factory=list)
    meer: bool = False
