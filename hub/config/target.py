"""Where a connection delivers: the services of one target and how the hub makes itself known there.

Knows the shape of `target:` in a connection.yaml. Refuses to know how a token is made (`hub.net.auth`) and where a
secret comes from (the connection loader fills `${NAME}` before this is read). A secret prints as `**********`.
"""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

_STRICT = ConfigDict(extra="forbid", frozen=True)


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

    secret: SecretStr
    """What the target and the hub share, from the environment: `${ZGW_SECRET}`."""

    user_id: str = "zaakhub"
    """Ends up in the audit trail of the target: a system, never a person."""

    user_representation: str = "Zaakhub"
    """The same for people."""

    @field_validator("secret")
    @classmethod
    def _not_empty(cls, secret: SecretStr) -> SecretStr:
        """Refuse an empty HS256 key: it signs happily and proves nothing."""
        return _filled(secret)


class BearerAuth(BaseModel):
    """A fixed token in `Authorization: Bearer`."""

    model_config = _STRICT

    kind: Literal["bearer"]
    token: SecretStr
    """From the environment: `${NAME}`."""

    @field_validator("token")
    @classmethod
    def _not_empty(cls, token: SecretStr) -> SecretStr:
        return _filled(token)


class ApiKeyAuth(BaseModel):
    """A fixed key in a header of the target's choosing (HaalCentraal: `X-API-KEY`)."""

    model_config = _STRICT

    kind: Literal["api-key"]
    header: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]+$")] = "X-API-KEY"
    """Where the target looks for it."""

    key: SecretStr
    """From the environment: `${NAME}`."""

    @field_validator("key")
    @classmethod
    def _not_empty(cls, key: SecretStr) -> SecretStr:
        return _filled(key)


Auth = Annotated[NoAuth | ZgwJwtAuth | BearerAuth | ApiKeyAuth, Field(discriminator="kind")]


class Target(BaseModel):
    """The services of one target by name (`zaken`, `documenten`, `catalogi`), each a base URL, and its credentials."""

    model_config = _STRICT

    services: Annotated[dict[str, str], Field(min_length=1)]
    """Base URLs, by the name that the adapter has for the service."""

    auth: Auth = NoAuth()
    """How the hub makes itself known; secrets come from the environment: `${NAME}`."""

    @field_validator("services")
    @classmethod
    def _base_urls(cls, services: dict[str, str]) -> dict[str, str]:
        """Normalise to one trailing slash: a path is joined, and an absolute URL compared, without guessing."""
        return {name: _base_url(name, url) for name, url in services.items()}


def _base_url(name: str, url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"service {name}: must be an http(s) URL with a host")
    if parts.query or parts.fragment or parts.username or parts.password:
        raise ValueError(f"service {name}: must have no query, fragment or credentials")
    return url if url.endswith("/") else f"{url}/"


def _filled(secret: SecretStr) -> SecretStr:
    if not secret.get_secret_value():
        raise ValueError("must not be empty")
    return secret
