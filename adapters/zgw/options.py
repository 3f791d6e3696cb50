"""What a municipality may set on a ZGW connection, and how an organisatie becomes its RSIN."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from hub.config.policy import CATALOGUE_TTL_S, DOCUMENT_PARTS_FROM_BYTES
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

    bestandsdelen_vanaf_bytes: Annotated[int, Field(gt=0)] = DOCUMENT_PARTS_FROM_BYTES
    """A document of this size and more goes in bestandsdelen, if the target has them; a smaller one in one request."""

    registreren: bool = True
    """Make a zaak with its rollen, zaakobjecten and status in one request (zaak_registreren), if the target has that.

    Open Zaak calls it experimental. Without it each part is a request of its own.
    """

    verwijderde_zaak: Literal["refuse", "delete"] = "refuse"
    """A zaak that was removed at the source: a person decides, or it is removed here too, with all that hangs on it."""

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


class InboundOptions(BaseModel):
    """Options of a connection that hears what happens in a ZGW zaaksysteem."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rsin: Annotated[Rsin, Field(examples=["002220647"])]
    """Of the municipality whose zaken these are."""

    callback_url: Annotated[
        str,
        Field(pattern=r"^https?://[^/?#]+/[^?#]+$", max_length=200, examples=["https://zaakhub.example/in/naam"]),
    ]
    """Where the Notificaties API reaches this connection: `https://zaakhub.example.nl/in/<connection>`."""

    kanalen: Annotated[dict[str, dict[str, str]], Field(min_length=1)] = {
        "zaken": {},
        "documenten": {},
        "besluiten": {},
    }
    """What is subscribed to: kanaal to filters on its kenmerken, such as `zaken: {zaaktype: https://...}`."""

    without: tuple[str, ...] = ()
    """Kinds of message that are of no interest: they are answered and go no further."""

    own_user: str = ""
    """The `user_id` under which outbound connections change this zaaksysteem: what they did is no news.

    It is looked up in the audit trail, which needs the right `audittrails.lezen`. Empty: everything is told.
    """

    catalogue_ttl_s: Annotated[float, Field(gt=0)] = CATALOGUE_TTL_S
    """How long a type is known before it is read again."""
