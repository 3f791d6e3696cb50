"""CloudEvents from a webhook sender: binary, structured and batched mode, held against the NL GOV profile.

It knows what an event must have. What its data means is for the mapping, which is named after the type (`ce.<type>`);
who may send is for the connection (`access`).
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from adapters.cloudevents.options import InboundOptions
from hub.config.policy import KEY_BYTES_MAX
from hub.errors import MessageRefused
from hub.ports.contracts import Batch, Document, Part
from hub.ports.webhook import Webhook
from hub.wire.cloudevents import BATCHED, STRUCTURED, CloudEvent, check_nl_gov, media_type, read_batch, read_event
from hub.wire.text import is_key

KIND = "ce."
"""Before the type in the name of a mapping: what comes is a CloudEvent of that type, with its attributes around it."""
_WHOLE = {"content-type": STRUCTURED}


def create(options: InboundOptions) -> CloudEventsInbound:
    """Make the adapter for one connection."""
    return CloudEventsInbound(options)


class CloudEventsInbound(Webhook):
    """Implements hub.ports.contracts.Inbound, Selective and Batched."""

    content_elements: tuple[str, ...] = ()

    def __init__(self, options: InboundOptions) -> None:
        self._zaak = options.zaak.split("/")
        self._types = frozenset(options.types)

    def batch(self, body: bytes, headers: Mapping[str, str]) -> Batch | None:
        """Take a batch apart (CloudEvents HTTP binding §3.3), each event in structured mode; None when it is one."""
        if media_type(headers) != BATCHED:
            return None
        return Batch([Part(event.structured()[1], _WHOLE) for event in read_batch(body)])

    def ignores(self, body: bytes, headers: Mapping[str, str]) -> bool:
        """Say whether it is of a type that this connection is not for."""
        event = read_event(body, headers)
        return bool(self._types) and event.type not in self._types

    def read(self, body: bytes, headers: Mapping[str, str], *, validate: bool) -> Document:
        """Read one event; raises MessageRefused."""
        # An example of a mapping has no headers: then it is whole in its body.
        event = read_event(body, headers or _WHOLE)
        if validate:
            check_nl_gov(event)
        zaak = self._zaak_of(event)
        return Document(
            kind=_check_key(f"{KIND}{event.type}", "type"),
            body=event.plain(),
            sender=_check_key(event.attributes["source"], "source"),
            reference=_check_key(event.attributes["id"], "id"),
            zaak=zaak,
            subject=zaak,
        )

    def _zaak_of(self, event: CloudEvent) -> str:
        found: Any = event.plain()
        for name in self._zaak:
            found = found.get(name) if isinstance(found, dict) else None
        path = "/".join(self._zaak)
        if not isinstance(found, str | int) or not str(found).strip():
            raise MessageRefused(
                "the event does not say which zaak it is about", code="cloudevent", path=path, status=400
            )
        return _check_key(str(found).strip(), path)


def _check_key(text: str, path: str) -> str:
    """Give a text that things are found by; raises MessageRefused when the hub can't keep it as such."""
    if not is_key(text):
        raise MessageRefused(
            f"is longer than {KEY_BYTES_MAX} bytes, or holds a character that is no text",
            code="cloudevent",
            path=path,
            status=HTTPStatus.BAD_REQUEST,
        )
    return text
