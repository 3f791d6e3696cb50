"""What a mapping is given: the document of a message or the data of an event, and the values that go with it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from lxml import etree

from hub.config.verwerking import Velden
from hub.event.envelope import Event
from hub.flow.shown import shown
from hub.ports.contracts import Document


class Source(NamedTuple):
    """`context` holds what a rule reads as `$name`: who sent it, which message it is."""

    body: etree._Element | dict[str, Any]
    context: dict[str, Any]

    @classmethod
    def of_message(cls, document: Document, *, sender: str) -> Source:
        """Give what a mapping of an inbound connection reads; `sender` is who the door said that it is."""
        return cls(document.body, {"zender": sender, "kind": document.kind})

    @classmethod
    def of_event(cls, event: Event, velden: Mapping[str, Velden]) -> Source:
        """Give what a mapping of an outbound connection reads: no more than its receiver may see (`velden`)."""
        return cls(
            shown(event.data, event.type, velden),
            {"type": event.type, "time": event.time.isoformat(), "zender": event.connection},
        )
