"""What `zaakhub check` says about who may send and who the hub is: open doors, passwords in clear, certificates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from hub.config.access import Addresses, Anybody, MutualTls, is_open
from hub.config.connection import Direction
from hub.config.policy import CERTIFICATE_ENDS_DAYS
from hub.config.roles import read_roles
from hub.config.settings import Settings
from hub.configuration import Configuration
from hub.errors import ConfigurationWrong
from hub.flow.gate import unguarded
from hub.ingress.server import tls_of
from hub.security.certificate import ends_at


def wrong_guards(configuration: Configuration) -> list[str]:
    """Say what keeps the doors from opening: files that cannot be used, certificates that nobody could show."""
    found = [unguarded(each, configuration.settings) for each in configuration.connections.values()]
    problems = [str(each) for each in found if each is not None]
    settings = configuration.settings
    try:
        tls_of(settings)
        if settings.roles is not None:
            read_roles(settings.roles, gemeente=settings.gemeente, connections=configuration.connections)
    except ConfigurationWrong as problem:
        problems.append(str(problem))
    return problems


def guard_warnings(configuration: Configuration, now: datetime) -> Iterator[str]:
    """Say what works and needs a look."""
    settings = configuration.settings
    encrypted = bool(settings.tls_certificate or settings.trusted_proxies)
    for name, connection in configuration.connections.items():
        if connection.direction is not Direction.INBOUND:
            continue
        if is_open(connection.access):
            yield f"{name}: ANYBODY who reaches the port may send (access: {{kind: none}})"
        elif not encrypted and not all(isinstance(each, _WITHOUT_SECRET) for each in connection.access or ()):
            yield f"{name}: its password crosses the network unencrypted; set ZAAKHUB_TLS_CERTIFICATE or use a proxy"
    for file in _certificates(configuration, settings):
        try:
            days = (ends_at(file) - now) / timedelta(days=1)
        except ConfigurationWrong as problem:
            yield str(problem)
            continue
        if days < CERTIFICATE_ENDS_DAYS:
            yield f"{file}: the certificate {f'ends in {days:.0f} days' if days >= 0 else 'has ended'}"


_WITHOUT_SECRET = (Anybody, MutualTls, Addresses)


def _certificates(configuration: Configuration, settings: Settings) -> Iterator[Path]:
    if settings.tls_certificate:
        yield settings.tls_certificate
    for connection in configuration.connections.values():
        if connection.target is not None and connection.target.tls is not None:
            yield connection.target.tls.certificate
