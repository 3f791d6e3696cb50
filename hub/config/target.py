"""Where a connection delivers: the services of one target and how the hub makes itself known there.

Knows the shape of `target:` in a connection.yaml. Refuses to know how a token is made (`hub.net.auth`) and where a
secret comes from (the connection loader fills `${NAME}` before this is read). A secret prints as `**********`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationInfo, field_validator, model_validator

from hub.config.secret import Secret

_STRICT = ConfigDict(extra="forbid", frozen=True)
_PORTS = {"http": 80, "https": 443}


class NoAuth(BaseModel):
    """The target asks for nothing; for a simulator or a target behind a gateway that adds its own."""

    model_config = _STRICT

    kind: Literal["none"] = "none"


class ZgwJwtAuth(BaseModel):
    """A JWT as the ZGW APIs ask for (HS256, `client_id` in the payload, one token for all services of the target)."""

    model_config = _STRICT

    kind: Literal["zgw-jwt"]
    client_id: Annotated[str, Field(min_length=1)]
    """The name under which the target knows the hub."""

    secret: Secret
    """What the target and the hub share, from the environment: `${ZGW_SECRET}`."""

    user_id: str = "zaakhub"
    """Ends up in the audit trail of the target: a system, never a person."""

    user_representation: str = "Zaakhub"
    """The same for people."""


class BearerAuth(BaseModel):
    """A fixed token in `Authorization: Bearer`."""

    model_config = _STRICT

    kind: Literal["bearer"]
    token: Secret
    """From the environment: `${NAME}`."""


class ApiKeyAuth(BaseModel):
    """A fixed key in a header of the target's choosing (HaalCentraal: `X-API-KEY`)."""

    model_config = _STRICT

    kind: Literal["api-key"]
    header: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]+$")] = "X-API-KEY"
    """Where the target looks for it."""

    key: Secret
    """From the environment: `${NAME}`."""


class BasicAuth(BaseModel):
    """A name and a password in `Authorization: Basic` (RFC 7617)."""

    model_config = _STRICT

    kind: Literal["basic"]
    user: Annotated[str, Field(min_length=1, pattern=r"^[^:\x00-\x1f\x7f]+$")]
    """The name under which the target knows the hub; without a colon."""

    password: Secret
    """From the environment: `${NAME}`."""


class OAuth2Auth(BaseModel):
    """A token of the target's authorisation server, by client credentials (RFC 6749 §4.4)."""

    model_config = _STRICT

    kind: Literal["oauth2"]
    token_url: str
    """Where tokens are given out."""

    client_id: Annotated[str, Field(min_length=1)]
    """The name under which the authorisation server knows the hub."""

    client_secret: Secret
    """From the environment: `${NAME}`."""

    scope: str = ""
    """The rights asked for, separated by spaces; nothing leaves them to the server."""

    client_auth: Literal["basic", "post"] = "basic"
    """Whether the secret goes in a header or in the form; RFC 6749 §2.3.1 prefers the header."""

    @field_validator("token_url")
    @classmethod
    def _url(cls, url: str) -> str:
        _checked("token_url", url)
        return url


class UsernameTokenAuth(BaseModel):
    """WS-Security UsernameToken and Timestamp in the header of every SOAP message."""

    model_config = _STRICT

    kind: Literal["ws-security"]
    user: Annotated[str, Field(min_length=1)]
    """The name under which the target knows the hub."""

    password: Secret
    """From the environment: `${NAME}`."""

    digest: bool = False
    """Whether a digest of the password goes in its place (PasswordDigest): what the target asks for."""


Auth = Annotated[
    NoAuth | ZgwJwtAuth | BearerAuth | ApiKeyAuth | BasicAuth | OAuth2Auth | UsernameTokenAuth,
    Field(discriminator="kind"),
]


class TargetTls(BaseModel):
    """The client certificate that the hub shows to a target, and which authorities it trusts there: either, or both."""

    model_config = _STRICT

    certificate: Path | None = None
    """PEM file with the hub's certificate, then those of the authorities between it and the root."""

    key: Annotated[Path | None, Field(validate_default=True)] = None
    """PEM file with its private key, without a passphrase: readable by the hub alone."""

    ca: Annotated[Path | None, Field(validate_default=True)] = None
    """PEM file with the authorities that may have issued the target's certificate; default those of the machine."""

    @field_validator("key")
    @classmethod
    def _with_certificate(cls, key: Path | None, info: ValidationInfo) -> Path | None:
        if (key is None) is not (info.data.get("certificate") is None):
            raise ValueError("is missing: a certificate needs its key" if key is None else "needs a certificate")
        return key

    @field_validator("ca")
    @classmethod
    def _says_something(cls, ca: Path | None, info: ValidationInfo) -> Path | None:
        if ca is None and info.data.get("certificate") is None and "key" in info.data:
            raise ValueError("is missing: say whom to trust, or which certificate to show")
        return ca


class Limits(BaseModel):
    """How many requests a source takes of one key. All processes of the hub together keep to it."""

    model_config = _STRICT

    per_second: Annotated[int, Field(ge=1, le=10_000)] | None = None
    """In any second. The hub itself stays up to a fifth below it: what it takes to count for all processes."""

    per_day: Annotated[int, Field(ge=1)] | None = None
    """From midnight to midnight in the Netherlands."""

    @model_validator(mode="after")
    def _limits_something(self) -> Limits:
        if self.per_second is None and self.per_day is None:
            raise ValueError("must say per_second, per_day or both")
        return self


class Target(BaseModel):
    """The services of one target by name (`zaken`, `documenten`, `catalogi`), each a base URL, and its credentials."""

    model_config = _STRICT

    services: Annotated[dict[str, str], Field(min_length=1)]
    """Base URLs, by the name that the adapter has for the service."""

    auth: Auth = NoAuth()
    """How the hub makes itself known; secrets come from the environment: `${NAME}`."""

    tls: TargetTls | None = None
    """With these files the hub proves who it is, also to the server that gives its tokens, and knows whom to trust."""

    limits: Limits | None = None
    """What each host of the source allows to the key that the hub has there; connections with the same key share it."""

    @property
    def name(self) -> str:
        """Name it by the hosts of its services."""
        hosts = {urlsplit(url).netloc.rpartition("@")[2] for url in self.services.values()}
        return ", ".join(sorted(hosts))

    def host_of(self, service: str) -> str:
        """Name the host of a service, the same however its URL is written."""
        parts = urlsplit(self.services[service])
        usual = parts.port in {None, _PORTS[parts.scheme]}
        return f"{parts.hostname}" if usual else f"{parts.hostname}:{parts.port}"

    def counted_at(self, service: str) -> SecretStr:
        """Give what that host knows the hub by: who has the same shares its limits. It can hold the secret itself."""
        return SecretStr("\n".join([self.host_of(service), *_known_by(self.auth, self.tls)]))

    @field_validator("services")
    @classmethod
    def _base_urls(cls, services: dict[str, str]) -> dict[str, str]:
        """Normalise to one trailing slash: a path is joined, and an absolute URL compared, without guessing."""
        return {name: _base_url(name, url) for name, url in services.items()}

    @field_validator("tls")
    @classmethod
    def _over_https(cls, tls: TargetTls | None, info: ValidationInfo) -> TargetTls | None:
        if tls and not any(url.startswith("https:") for url in info.data.get("services", {}).values()):
            raise ValueError("is of no use: no service has an https URL")
        return tls


def _known_by(auth: Auth, tls: TargetTls | None) -> tuple[str, ...]:
    match auth:
        case ApiKeyAuth(key=key):
            return auth.kind, key.get_secret_value()
        case BearerAuth(token=token):
            return auth.kind, token.get_secret_value()
        case BasicAuth(user=name) | UsernameTokenAuth(user=name) | ZgwJwtAuth(client_id=name):
            return auth.kind, name
        case OAuth2Auth(token_url=url, client_id=name):
            return auth.kind, url, name
        case NoAuth():
            return (auth.kind, str(tls.certificate)) if tls and tls.certificate else (auth.kind,)


def _base_url(name: str, url: str) -> str:
    _checked(f"service {name}", url)
    return url if url.endswith("/") else f"{url}/"


def _checked(name: str, url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"{name}: must be an http(s) URL with a host")
    if parts.query or parts.fragment or parts.username or parts.password:
        raise ValueError(f"{name}: must have no query, fragment or credentials")
