"""The settings of one installation, from environment variables `ZAAKHUB_*`.

It knows which variables there are, their defaults and their form (docs/reference/settings.md). It refuses to know
what is done with them: `hub.app` wires. Connections have their own files (`hub.config.load`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple
from urllib.parse import SplitResult, urlsplit

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails

from hub.config.access import Network
from hub.config.likely import did_you_mean
from hub.config.secret import Secret
from hub.config.shipped import shipped
from hub.config.validate import advice_for, reason_of
from hub.errors import ConfigurationWrong

PREFIX = "ZAAKHUB_"

TEST_VARIABLES = frozenset({"ZAAKHUB_REQUIRE_SERVERS", "ZAAKHUB_SHARED", "ZAAKHUB_CACHE", "ZAAKHUB_TEST_KAFKA"})
"""Read by the test-suite only; the hub lets them pass."""

DEVELOPMENT = "ontwikkel"
"""The only omgeving in which the identity of the municipality may be left out."""


class Address(NamedTuple):
    """Where the hub listens."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def _address(value: object) -> Address:
    found = re.fullmatch(r"(?:\[([0-9a-fA-F:]+)\]|([^\[\]:]+)):(\d{1,5})", str(value))
    if not found or int(found[3]) >= 1 << 16:
        raise ValueError("must be host:port, like 127.0.0.1:8080 or [::1]:8080")
    return Address(found[1] or found[2], int(found[3]))


def _origin(value: object) -> str:
    url = urlsplit(str(value).removesuffix("/"))
    if value and (not _is_safe(url) or url.path):
        raise ValueError("must be https:// and a host, without a path (http:// is for this machine only)")
    # As a browser writes it: in lower case, without the port that everybody knows.
    return url.geturl().lower().removesuffix(":443" if url.scheme == "https" else ":80")


def _issuer(value: object) -> str:
    if value and not _is_safe(urlsplit(str(value))):
        raise ValueError("must be an https:// URL (http:// is for this machine only)")
    return str(value)


def _is_safe(url: SplitResult) -> bool:
    """Say whether a URL is one that a secret may be sent to."""
    if not url.hostname or url.username is not None or url.query or url.fragment:
        return False
    return url.scheme == "https" or (url.scheme == "http" and is_loopback(url.hostname))


def is_loopback(host: str) -> bool:
    """Say whether a host is this machine, and nobody else reaches it."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _listed(value: object) -> object:
    return [each.strip() for each in value.split(",")] if isinstance(value, str) else value


class Settings(BaseModel):
    """The settings; read them with `Settings.read(os.environ)`. Each field is the variable `ZAAKHUB_<FIELD>`.

    URLs that may hold a password are left out of `repr`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    omgeving: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,19}$")] = DEVELOPMENT
    """First part of every topic name: `ontwikkel`, `test`, `acceptatie`, `productie`."""

    gemeente: Annotated[str, Field(pattern=r"^[0-9]{4}$")] = "9999"
    """Gemeentecode (CBS), four digits; the default is no municipality."""

    oin: Annotated[str, Field(pattern=r"^[0-9]{20}$")] = "00000009999999990000"
    """Organisatie-identificatienummer, twenty digits: the `source` of every event. The default is nobody's."""

    home: Path = Path("var")
    """Folder for what the hub keeps on disk itself."""

    bus: Annotated[str, Field(repr=False)] = ""
    """`embedded:<file>` or `kafka://host:port[,host:port]`."""

    ledger: Annotated[str, Field(repr=False)] = ""
    """`sqlite:<file>` or `postgresql://user:password@host/database`."""

    payloads: str = ""
    """`file:<folder>`."""

    key_file: Path | None = None
    """File of 32 random bytes, from which the keys of the installation are derived (`hub.security.keys`)."""

    alerts: Path | None = None
    """File that says who is told when a connection is in trouble (`hub.config.alerts`)."""

    mappings: Path = Field(default_factory=lambda: shipped("mappings"))
    """Folder of connections; the default is those that come with the hub."""

    listen: Annotated[Address, BeforeValidator(_address)] = Address("127.0.0.1", 8080)
    """Where `zaakhub serve` listens."""

    tls_certificate: Path | None = None
    """PEM file with the certificate of the hub and those between it and the root: then it listens for HTTPS."""

    tls_key: Annotated[Path | None, Field(validate_default=True)] = None
    """PEM file with its private key, without a passphrase."""

    tls_client_ca: Path | None = None
    """PEM file with the authorities whose client certificates are taken: each of them, up to the root."""

    trusted_proxies: Annotated[tuple[Network, ...], BeforeValidator(_listed)] = ()
    """Addresses and networks of proxies that are believed about who comes: `10.0.0.1,10.0.1.0/24`."""

    client_certificate_header: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]*$")] = ""
    """Header in which these proxies pass on the client certificate that they verified."""

    console_listen: Annotated[Address, BeforeValidator(_address)] = Address("127.0.0.1", 8088)
    """Where the console of the operators listens."""

    console_url: Annotated[str, BeforeValidator(_origin), Field(validate_default=True)] = ""
    """How browsers reach the console, without a path: `https://zaakhub.gemeente.nl`."""

    oidc_issuer: Annotated[str, BeforeValidator(_issuer)] = ""
    """The issuer of the OpenID Connect provider that says who logs in."""

    oidc_client_id: Annotated[str, Field(validate_default=True)] = ""
    """The hub's name at that provider: the audience of its tokens."""

    oidc_client_secret: Annotated[Secret | None, Field(validate_default=True)] = None
    """The hub's secret at that provider."""

    oidc_claim: Annotated[str, Field(min_length=1, max_length=200)] = "groups"
    """Claim with the groups or roles of a person; dots lead into it: `realm_access.roles`."""

    roles: Annotated[Path | None, Field(validate_default=True)] = None
    """YAML file that says which group has which role (`hub.config.roles`)."""

    logbook_url: Annotated[str, BeforeValidator(_issuer)] = ""
    """Where the Logboek Dataverwerkingen is kept: an OpenTelemetry collector that takes OTLP over HTTP."""

    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @model_validator(mode="before")
    @classmethod
    def _stores_at_home(cls, values: dict[str, Any]) -> dict[str, Any]:
        home = Path(values.get("home", cls.model_fields["home"].default))
        at_home = {
            "bus": f"embedded:{home / 'bus.sqlite'}",
            "ledger": f"sqlite:{home / 'ledger.sqlite'}",
            "payloads": f"file:{home / 'payloads'}",
        }
        return {**at_home, **values}

    @field_validator("bus", "ledger", "payloads")
    @classmethod
    def _known_scheme(cls, value: str, info: ValidationInfo) -> str:
        schemes = _SCHEMES[str(info.field_name)]
        scheme = value.partition(":")[0]
        if ":" not in value or scheme not in schemes:
            raise ValueError(f"must begin with {' or '.join(f'{known}:' for known in schemes)}")
        return value

    @field_validator("tls_key", "tls_client_ca")
    @classmethod
    def _with_certificate(cls, value: Path | None, info: ValidationInfo) -> Path | None:
        if value is not None and info.data.get("tls_certificate") is None:
            raise ValueError("is of no use without ZAAKHUB_TLS_CERTIFICATE")
        if value is None and info.field_name == "tls_key" and info.data.get("tls_certificate") is not None:
            raise ValueError("is missing: a certificate needs its key")
        return value

    @field_validator("client_certificate_header")
    @classmethod
    def _from_a_proxy(cls, value: str, info: ValidationInfo) -> str:
        if value and not info.data.get("trusted_proxies"):
            raise ValueError("is of no use without ZAAKHUB_TRUSTED_PROXIES: anybody can write a header")
        return value

    @field_validator("console_url")
    @classmethod
    def _known_to_browsers(cls, value: str, info: ValidationInfo) -> str:
        listen = info.data.get("console_listen")
        if not value and listen is not None and not is_loopback(listen.host):
            raise ValueError("is missing: the console has to know by which name browsers reach it")
        return value

    @field_validator("oidc_client_id", "oidc_client_secret", "roles")
    @classmethod
    def _with_provider(cls, value: object, info: ValidationInfo) -> object:
        issuer = info.data.get("oidc_issuer")
        if issuer and not value:
            raise ValueError("is missing: ZAAKHUB_OIDC_ISSUER needs it")
        if value and issuer == "":
            raise ValueError("is of no use without ZAAKHUB_OIDC_ISSUER")
        return value

    @property
    def console_origin(self) -> str:
        """Give the scheme, host and port by which browsers reach the console."""
        scheme = "https" if self.tls_certificate is not None else "http"
        return self.console_url or f"{scheme}://{self.console_listen}"

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Settings:
        """Read the `ZAAKHUB_*` variables; raises ConfigurationWrong with every problem. An empty one is unset."""
        known = {PREFIX + name.upper(): name for name in cls.model_fields}
        given = {name: value for name, value in environ.items() if name.startswith(PREFIX) and value}
        values: dict[str, Any] = {known[name]: value for name, value in given.items() if name in known}
        problems = [
            _wrong(name, "is no setting", did_you_mean(name, known))
            for name in sorted(given.keys() - known.keys() - TEST_VARIABLES)
        ]
        try:
            settings = cls.model_validate(values)
        except ValidationError as error:
            problems += [
                _wrong(PREFIX + str(details["loc"][0]).upper(), _reason(details), advice_for(details))
                for details in error.errors()
            ]
        else:
            problems += [
                _wrong(PREFIX + name.upper(), f"is missing: required outside {DEVELOPMENT}")
                for name in ("gemeente", "oin")
                if settings.omgeving != DEVELOPMENT and name not in settings.model_fields_set
            ]
        if problems:
            raise ConfigurationWrong.several(problems)
        return settings


_SCHEMES: dict[str, tuple[str, ...]] = {
    "bus": ("embedded", "kafka"),
    "ledger": ("sqlite", "postgresql"),
    "payloads": ("file",),
}

_FORMS = {
    "gemeente": "must be four digits",
    "oin": "must be twenty digits",
    "omgeving": "must be a short word in lower case",
    "trusted_proxies": "must be addresses or networks, separated by commas",
    "client_certificate_header": "must be the name of a header",
}
"""What a pattern means, in words."""


def _reason(details: ErrorDetails) -> str:
    # A validator of ours says it better than the form.
    return reason_of(details) if details["type"] == "value_error" else _form(details)


def _form(details: ErrorDetails) -> str:
    return _FORMS.get(str(details["loc"][0])) or reason_of(details)


def _wrong(variable: str, reason: str, advice: str = "") -> ConfigurationWrong:
    return ConfigurationWrong(reason, file=variable, advice=advice)
