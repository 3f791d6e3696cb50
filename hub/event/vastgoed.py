"""What WOZ and BRK have in common: addresses as Haal Centraal names them, and what real estate is found by."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from hub.event.canonical import Canonical


class VastgoedAdres(Canonical):
    """An address."""

    straat: str | None = None
    huisnummer: int | None = None
    huisletter: str | None = None
    huisnummertoevoeging: str | None = None
    postcode: str | None = None
    woonplaats: str | None = None
    nummeraanduidingIdentificatie: str | None = None


class VastgoedVraag(Canonical):
    """Which real estate. Criteria are AND-ed; none at all is no question.

    A huisletter or huisnummertoevoeging that is absent may be any, one that is null is none. `na` is the identificatie
    of the last one of the answer before.
    """

    velden: list[str] | None = None
    identificatie: str | None = None
    rsin: str | None = None
    nummeraanduidingIdentificatie: str | None = None
    adresseerbaarObjectIdentificatie: str | None = None
    postcode: str | None = None
    huisnummer: int | None = None
    huisletter: str | None = None
    huisnummertoevoeging: str | None = None
    maximum: Annotated[int, Field(ge=1)] | None = None
    na: str | None = None
