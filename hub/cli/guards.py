"""What `zaakhub check` says about who may send and who the hub is: open doors, passwords in clear, certificates.

And whether it is kept anywhere whose data passed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from hub.config.access import Addresses, Anybody, MutualTls, is_open
from hub.config.connection import Connection, Direction
from hub.config.policy import BUS_RETENTION_S, CERTIFICATE_ENDS_DAYS
from hub.config.roles import read_roles
from hub.config.settings import DEVELOPMENT, Settings
from hub.configuration import Configuration
from hub.errors import ConfigurationWrong
from hub.flow.gate import unguarded
from hub.ingress.server import tls_of
from hub.ports.registry import Registry
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
        if _one_for_another(connection):
            asking = ", ".join(each.zender for each in connection.afnemers)
            yield (
                f"{name}: whoever may send here may call itself any of {asking}, and see what that one may: give each "
                "application a connection of its own, or let one that you trust send for all of them"
            )
    for file in _certificates(configuration, settings):
        try:
            days = (ends_at(file) - now) / timedelta(days=1)
        except ConfigurationWrong as problem:
            yield str(problem)
            continue
        if days < CERTIFICATE_ENDS_DAYS:
            yield f"{file}: the certificate {f'ends in {days:.0f} days' if days >= 0 else 'has ended'}"
    processing = [name for name, each in configuration.connections.items() if _for_processing(each)]
    if processing and not settings.logbook_url and settings.omgeving != DEVELOPMENT:
        days = timedelta(seconds=BUS_RETENTION_S) / timedelta(days=1)
        yield (
            f"whose data passes {', '.join(processing)} is written down for {days:.0f} days only: set "
            "ZAAKHUB_LOGBOOK_URL to where the Logboek Dataverwerkingen is kept"
        )


def _one_for_another(connection: Connection) -> bool:
    """Whether who may see what hangs on what a sender says of itself."""
    several = len(connection.afnemers) > 1 or any(_ANY in each.zender for each in connection.afnemers)
    return several and Registry().manifest(connection.adapter).sender_in_message


def _for_processing(connection: Connection) -> bool:
    return connection.verwerking is not None or any(each.verwerking for each in connection.afnemers)


_ANY = "*"
"""Stands for any part of the name of an asker (`afnemers[].zender`)."""

_WITHOUT_SECRET = (Anybody, MutualTls, Addresses)


def _certificates(configuration: Configuration, settings: Settings) -> Iterator[Path]:
    if settings.tls_certificate:
        yield settings.tls_certificate
    for connection in configuration.connections.values():
        if connection.target is not None and connection.target.tls is not None and connection.target.tls.certificate:
            yield connection.target.tls.certificate
