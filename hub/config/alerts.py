"""Who is told when a connection fails, is silent, lags behind or has a certificate that ends: one file, `alerts.yaml`.

It knows the shape of that file. It refuses to know what is wrong (`hub.desk.watch`) and how a mail is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, NamedTuple
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from hub.config.load import filled
from hub.config.secret import Secret
from hub.config.validate import validated
from hub.config.yaml import read_yaml

_STRICT = ConfigDict(extra="forbid", frozen=True)

MailAddress = Annotated[str, Field(pattern=r"^[^@\s<>,;]+@[A-Za-z0-9.-]+$", max_length=254)]


class Webhook(BaseModel):
    """Where alerts are sent as JSON, by POST. A chat that takes incoming webhooks reads `text`."""

    model_config = _STRICT

    url: Secret
    """Whole URL, with whatever key the receiver has put in it."""

    secret: Secret | None = None
    """Signs what is sent: `X-Zaakhub-Signature: sha256=<HMAC of the body>`."""

    @field_validator("url")
    @classmethod
    def _is_url(cls, url: Secret) -> Secret:
        parts = urlsplit(url.get_secret_value())
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("must be an http(s) URL with a host")
        return url

    @property
    def parts(self) -> WebhookParts:
        """Take the URL apart: a client knows a base, and a query beside it."""
        parts = urlsplit(self.url.get_secret_value())
        base = urlunsplit((parts.scheme, parts.netloc, "", "", ""))
        return WebhookParts(base, parts.path.lstrip("/"), dict(parse_qsl(parts.query, keep_blank_values=True)))


class WebhookParts(NamedTuple):
    """The URL of a webhook, taken apart."""

    base: str
    path: str
    query: dict[str, str]


class Mail(BaseModel):
    """By which server alerts are mailed, and to whom."""

    model_config = _STRICT

    server: Annotated[str, Field(pattern=r"^[A-Za-z0-9.-]+$")]
    port: Annotated[int, Field(ge=1, le=65_535)] = 587
    tls: Literal["starttls", "direct", "none"] = "starttls"
    """`none` is for a relay on the same machine or in the same closed network."""

    user: str = ""
    password: Annotated[Secret | None, Field(validate_default=True)] = None
    sender: MailAddress
    to: Annotated[list[MailAddress], Field(min_length=1, max_length=20)]

    @field_validator("password")
    @classmethod
    def _not_in_the_open(cls, password: Secret | None, info: ValidationInfo) -> Secret | None:
        if (password is None) is bool(info.data.get("user")):
            raise ValueError("goes together with user")
        if password is not None and info.data.get("tls") == "none":
            raise ValueError("would go over the line as it is: use starttls or direct")
        return password


class Alerts(BaseModel):
    """The channels; each is told once when something opens and once when it is over."""

    model_config = _STRICT

    webhook: Webhook | None = None
    mail: Mail | None = None


def load_alerts(file: Path, environ: Mapping[str, str]) -> Alerts:
    """Read the file, with `${NAME}` filled from the environment; raises ConfigurationWrong with file and line."""
    return validated(Alerts, filled(read_yaml(file), environ))
