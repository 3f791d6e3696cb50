"""What happens to companies: signals of the Mutatieservice, which is asked for them (`adapters.kvk.poll`).

A signal says about whom it is; what there is now is fetched in the worker (`adapters.kvk.fetch`). Nobody sends here,
but who has signals may: the door takes them as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any

import orjson

from adapters.kvk.options import InboundOptions
from adapters.kvk.signaal import Signaal
from hub.ports.contracts import Document, MessageRefusal, Reply

SENDER = "kvk"
"""There is one Handelsregister, whoever brings its signals."""

_SIGNAAL = "signaal"
"""Where the signal stands in a document that was fetched already: an example of a mapping."""
_REUSED = "StUF016"


def create(options: InboundOptions) -> KvkInbound:
    """Make the adapter for one connection."""
    return KvkInbound(options)


class KvkInbound:
    """Implements hub.ports.contracts.Inbound."""

    content_elements: tuple[str, ...] = ()

    def __init__(self, _options: InboundOptions) -> None:
        """Take options that are for who polls and fetches."""

    def read(self, body: bytes, headers: Mapping[str, str], *, validate: bool) -> Document:  # noqa: ARG002
        """Read a signal; raises MessageRefused."""
        said = None if validate else _fetched(body)
        signaal = Signaal.of(said[_SIGNAAL]) if said else Signaal.read(body)
        return document_of(signaal, {_SIGNAAL: signaal.plain(), **(said or {})})

    def accepted(
        self,
        document: Document,  # noqa: ARG002 - 204 says it all
        *,
        message_id: str,  # noqa: ARG002
        at: datetime,  # noqa: ARG002
        headers: Mapping[str, str],  # noqa: ARG002
    ) -> Reply:
        """Acknowledge."""
        return Reply(HTTPStatus.NO_CONTENT, "application/json", b"")

    def refused(
        self,
        refusal: MessageRefusal,
        body: bytes,  # noqa: ARG002
        *,
        message_id: str,
        at: datetime,  # noqa: ARG002
        headers: Mapping[str, str],  # noqa: ARG002
    ) -> Reply:
        """Give a problem document (RFC 9457)."""
        # A number that was used for something else: the hub has a code of StUF for that, HTTP has a status.
        status = HTTPStatus.CONFLICT if refusal.code == _REUSED else HTTPStatus(refusal.status)
        said: dict[str, Any] = {
            "type": "about:blank",
            "title": status.phrase,
            "status": status.value,
            "detail": f"{refusal.path}: {refusal.reason}" if refusal.path else refusal.reason,
            "instance": f"urn:uuid:{message_id}",
        }
        return Reply(status, "application/problem+json", orjson.dumps(said))

    def description(self, path: str, query: str, *, url: str) -> Reply | None:  # noqa: ARG002
        """Have none: the KVK describes its signals."""
        return None


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
