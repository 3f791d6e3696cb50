"""What a municipality may set on a ZGW connection, and how an organisatie becomes its RSIN."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from hub.config.policy import CATALOGUE_TTL_S
from hub.errors import TargetMisconfigured


def _rsin(value: str) -> str:
    """Check a RSIN: nine digits that pass the 11-test (ZGW: bronorganisatie)."""
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    if len(value) != len(weights) or not value.isdigit():
        raise ValueError("a RSIN has nine digits")
    if sum(weight * int(digit) for weight, digit in zip(weights, value, strict=True)) % 11:
        raise ValueError("this RSIN does not pass the 11-test: a digit is wrong")
    return value


Rsin = Annotated[str, AfterValidator(_rsin)]


class Options(BaseModel):
    """Options of a ZGW connection."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rsin: Annotated[Rsin, Field(examples=["002220647"])]
    """Of the municipality: bronorganisatie and owner of the catalogus when the message names no organisatie."""

    organisaties: dict[str, Rsin] = {}
    """Gemeentecode, as senders write it in stuurgegevens, to RSIN; for a hub that serves more than one municipality."""

    catalogus_domein: str = ""
    """Which catalogus, when one RSIN has several (`domein` of the catalogus)."""

    catalogue_ttl_s: Annotated[float, Field(gt=0)] = CATALOGUE_TTL_S
    """How long a list of the Catalogi API is used before it is read again."""

    roltype_anders: str = ""
    """Omschrijving of the roltype for a rol that the zaaktype has no roltype for. Empty: such a rol is refused."""

    coalesce_resultaat: tuple[str, ...] = ()
    """Omschrijvingen of resultaattypen for a zaak that is closed without resultaat: the first that the zaaktype has.

    ZGW closes no zaak without resultaat. Empty: such a message is refused and a person decides.
    """

    onbekende_eigenschap: Literal["note", "refuse"] = "note"
    """An eigenschap that the zaaktype does not define: named in the receipt, or the message is refused.

    The default is `note`: form engines send every field of a form, and few of them are eigenschappen.
    """

    kvk_nummer_in: Literal["kvkNummer", "annIdentificatie"] = "kvkNummer"
    """Where a KvK number goes. `annIdentificatie` is for a target from before Zaken API 1.5, which has no kvkNummer."""

    def rsin_of(self, organisatie: str | None) -> str:
        """Give the RSIN of what a message calls the organisatie: nothing, a gemeentecode or a RSIN."""
        if not organisatie:
            return self.rsin
        for code, rsin in self.organisaties.items():
            # A gemeentecode is written with and without leading zeros: 0344 and 344 are Utrecht.
            if code.lstrip("0") == organisatie.lstrip("0"):
                return rsin
        if len(organisatie) == len(self.rsin) and organisatie.isdigit():
            return organisatie
        raise TargetMisconfigured(
            f'organisatie "{organisatie[:20]}" has no RSIN',
            code="onbekende-organisatie",
            advice="add it to options.organisaties of this connection",
        )
