"""What happens in a ZGW zaaksysteem, told by notifications: webhooks of a Notificaties API, or CloudEvents of one.

It knows which notification says something. What it points at is fetched in the worker (`adapters.zgw.fetch`): the
sender has its 204 by then. Who may send is for the connection (`access`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from adapters.zgw.melding import PROBE, Melding, of_plain, read_melding
from adapters.zgw.options import InboundOptions
from hub.ports.contracts import Document
from hub.ports.webhook import Webhook

SENDER = "zgw"
"""A connection has one zaaksysteem, whatever the name under which it is reached."""

_FETCHED = "melding"
"""Where the notification stands in a document that was fetched already: an example of a mapping."""


def create(options: InboundOptions) -> ZgwInbound:
    """Make the adapter for one connection."""
    return ZgwInbound(options)


class ZgwInbound(Webhook):
    """Implements hub.ports.contracts.Inbound and Selective."""

    content_elements: tuple[str, ...] = ()

    def __init__(self, options: InboundOptions) -> None:
        self._without = frozenset(options.without)

    def ignores(self, body: bytes, headers: Mapping[str, str]) -> bool:
        """Say whether it is the probe of a new abonnement, or of no interest."""
        melding = read_melding(body, headers)
        return melding.kanaal == PROBE or not melding.kind or melding.kind in self._without

    def read(self, body: bytes, headers: Mapping[str, str], *, validate: bool) -> Document:
        """Read a notification; raises MessageRefused."""
        said = None if validate else _fetched(body)
        melding = of_plain(said[_FETCHED]) if said else read_melding(body, headers)
        return document_of(melding, {_FETCHED: melding.plain(), **(said or {})})


def document_of(melding: Melding, body: dict[str, Any]) -> Document:
    """Give the document of a notification, as far as it is known without its resource."""
    return Document(
        kind=melding.kind,
        body=body,
        sender=SENDER,
        reference=melding.reference,
        zaak=melding.hoofd,
        subject=melding.uuid,
    )


def _fetched(body: bytes) -> dict[str, Any] | None:
    """Give a document that was written after it was fetched."""
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return said if isinstance(said, dict) and isinstance(said.get(_FETCHED), dict) else None
