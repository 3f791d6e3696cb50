"""Who may send to an inbound connection: what is checked of whoever comes with a message.

Knows the shape of `access:` in a connection.yaml. Refuses to know how a check is done (`hub.flow.gate`) and where a
secret comes from (the connection loader fills `${NAME}` before this is read). A secret prints as `**********`.
"""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from hub.config.secret import Secret

_STRICT = ConfigDict(extra="forbid", frozen=True)


def _network(value: object) -> object:
    try:
        return ip_network(value) if isinstance(value, str) else value
    except ValueError:
        raise ValueError("must be an address or a network, like 10.1.2.3 or 10.1.0.0/16") from None


Network = Annotated[IPv4Network | IPv6Network, BeforeValidator(_network)]
"""Addresses in CIDR notation."""


class Anybody(BaseModel):
    """Nothing is checked: whoever reaches the port may send. For a demonstration, or where others have checked."""

    model_config = _STRICT

    kind: Literal["none"]


class MutualTls(BaseModel):
    """The sender shows a client certificate with its OIN (PKIoverheid: `subject.serialNumber`)."""

    model_config = _STRICT

    kind: Literal["mutual-tls"]
    oin: Annotated[str, Field(pattern=r"^[0-9]{20}$")]
    """The organisatie-identificatienummer in the certificate of the sender: twenty digits, in quotes."""

    issuers: Path | None = None
    """PEM file with the authorities that may have issued this sender's certificate, each as it signs certificates of
    senders; default all that ZAAKHUB_TLS_CLIENT_CA leads to."""


class Basic(BaseModel):
    """The sender gives a name and a password in `Authorization: Basic` (RFC 7617)."""

    model_config = _STRICT

    kind: Literal["basic"]
    user: Annotated[str, Field(min_length=1, pattern=r"^[^:\x00-\x1f\x7f]+$")]
    """The name that the sender gives; without a colon."""

    password: Secret
    """From the environment: `${NAME}`."""


class ApiKey(BaseModel):
    """The sender gives a fixed text in a header: what a webhook is told to send."""

    model_config = _STRICT

    kind: Literal["api-key"]
    header: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]+$")] = "Authorization"
    """Where it stands."""

    key: Secret
    """The whole text of the header, from the environment: `${NAME}`."""


class WsSecurity(BaseModel):
    """The sender gives a WS-Security UsernameToken in the header of every SOAP message, as text or as digest."""

    model_config = _STRICT

    kind: Literal["ws-security"]
    user: Annotated[str, Field(min_length=1)]
    """The name that the sender gives."""

    password: Secret
    """From the environment: `${NAME}`."""

    timestamp: Literal["required", "optional"] = "optional"
    """Whether a message must have a Timestamp; one that has it must be of now in either case."""


class Addresses(BaseModel):
    """The sender comes from a known address."""

    model_config = _STRICT

    kind: Literal["addresses"]
    allow: tuple[Network, ...]
    """Addresses and networks in CIDR notation: `10.1.2.3`, `10.1.0.0/16`, `2001:db8::/32`."""

    @field_validator("allow")
    @classmethod
    def _someone(cls, allow: tuple[Network, ...]) -> tuple[Network, ...]:
        if not allow:
            raise ValueError("must name an address: nobody could send")
        return allow


Check = Annotated[Anybody | MutualTls | Basic | ApiKey | WsSecurity | Addresses, Field(discriminator="kind")]


def _one_or_more(value: object) -> object:
    return [value] if isinstance(value, dict | BaseModel) else value


def _agree(checks: tuple[Check, ...]) -> tuple[Check, ...]:
    kinds = [each.kind for each in checks]
    if len(set(kinds)) < len(kinds):
        raise ValueError("names a kind twice")
    if "none" in kinds and len(kinds) > 1:
        raise ValueError("none stands alone: nothing is checked, or what the others say")
    return checks


def _one_or_list(schema: dict[str, Any]) -> None:
    several = {key: schema.pop(key) for key in ("type", "items", "minItems") if key in schema}
    schema["anyOf"] = [several["items"], several]


Access = Annotated[
    tuple[Check, ...],
    BeforeValidator(_one_or_more),
    AfterValidator(_agree),
    Field(min_length=1, json_schema_extra=_one_or_list),
]
"""One check, or a list of which all must hold."""


def is_open(access: Access | None) -> bool:
    """Say whether nothing is checked."""
    return all(isinstance(check, Anybody) for check in access or ())
