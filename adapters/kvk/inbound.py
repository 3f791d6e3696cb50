"""What happens to companies: signals of the Mutatieservice, which is asked for them (`adapters.kvk.poll`).

A signal says about whom it is; what there is now is fetched in the worker (`adapters.kvk.fetch`). Nobody sends here,
but who has signals may: the door takes them as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from adapters.kvk.options import InboundOptions
from adapters.kvk.signaal import Signaal
from hub.ports.contracts import Document
from hub.ports.webhook import Webhook

SENDER = "kvk"
"""There is one Handelsregister, whoever brings its signals."""

_SIGNAAL = "signaal"
"""Where the signal stands in a document that was fetched already: an example of a mapping."""


def create(options: InboundOptions) -> KvkInbound:
    """Make the adapter for one connection."""
    return KvkInbound(options)


class KvkInbound(Webhook):
    """Implements hub.ports.contracts.Inbound."""

    content_elements: tuple[str, ...] = ()

    def __init__(self, _options: InboundOptions) -> None:
        """Take options that are for who polls and fetches."""

    def read(self, body: bytes, headers: Mapping[str, str], *, validate: bool) -> Document:  # noqa: ARG002
        """Read a signal; raises MessageRefused."""
        said = None if validate else _fetched(body)
        signaal = Signaal.of(said[_SIGNAAL]) if said else Signaal.read(body)
        return document_of(signaal, {_SIGNAAL: signaal.plain(), **(said or {})})


def document_of(signaal: Signaal, body: dict[str, Any]) -> Document:
    """Give the document of a signal; what happens to a company and its branches stays in order."""
    return Document(
        kind=signaal.kind,
        body=body,
        sender=SENDER,
        reference=signaal.id,
        zaak=signaal.kvknummer,
        subject=signaal.subject,
    )


def _fetched(body: bytes) -> dict[str, Any] | None:
    """Give a document that was written after it was fetched."""
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return said if isinstance(said, dict) and isinstance(said.get(_SIGNAAL), dict) else None
