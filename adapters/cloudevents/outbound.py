"""CloudEvents to a webhook: one event, one POST, structured or binary.

The id of an event is the same at every attempt, and so are its bytes: whoever receives it twice can tell, as
CloudEvents §3.1.1 asks (`source` + `id`). That is why it is sent again when no answer came.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from adapters.cloudevents.options import Options
from hub.errors import MessageRefused, TargetRefused
from hub.net.answers import failure_of
from hub.ports.contracts import Client, Exchange, Outgoing, Receipt, Step
from hub.wire.cloudevents import CloudEvent, check_nl_gov

_SERVICE = "webhook"
_OURS = frozenset({"id", "source", "specversion", "time", "datacontenttype"})
"""Attributes that a mapping does not give: they are what the hub knows of the event."""


def create(options: Options) -> CloudEventsOutbound:
    """Make the adapter for one connection."""
    return CloudEventsOutbound(options)


class CloudEventsOutbound:
    """Implements hub.ports.contracts.Outbound."""

    def __init__(self, options: Options) -> None:
        self._options = options

    def steps(self, outgoing: Outgoing) -> Sequence[Step]:
        """Plan the one request; raises TargetRefused when it would be no event of the profile."""
        if not isinstance(outgoing.body, dict):
            raise TargetRefused("a CloudEvent is JSON", code="cloudevent", advice="let the mapping give cloudevent")
        event = self._event(outgoing, outgoing.body)
        return [Step(f"cloudevent/{outgoing.reference}", "gebeurtenis melden", event.plain())]

    async def send(self, step: Step, exchange: Exchange) -> Receipt:
        """Post it."""
        body: dict[str, Any] = dict(step.body)
        data = body.pop("data", None)
        event = CloudEvent(body, data)
        headers, content = event.structured() if self._options.mode == "structured" else event.binary()
        response = await exchange.client.request("POST", _SERVICE, "", body=content, headers=headers)
        failure = failure_of(response, what=step.name)
        if failure is not None:
            raise failure
        return Receipt(note=f"{event.type} ({response.status})")

    async def check(self, client: Client) -> Sequence[str]:  # noqa: ARG002 - a webhook takes events and nothing else
        """Nothing can be asked of a webhook without telling it an event."""
        return []

    def _event(self, outgoing: Outgoing, body: dict[str, Any]) -> CloudEvent:
        if ours := sorted(_OURS & body.keys()):
            raise TargetRefused(
                f"the mapping gives {', '.join(ours)}: the hub fills that in", code="cloudevent", advice="leave it out"
            )
        given = {name: value for name, value in body.items() if name != "data" and value is not None}
        attributes = {
            "specversion": "1.0",
            "id": outgoing.reference,
            "source": self._options.source,
            "type": outgoing.kind,
            "subject": outgoing.zaak,
            "time": outgoing.at.isoformat(),
            "datacontenttype": "application/json",
            **given,
        }
        event = CloudEvent(attributes, body.get("data"))
        try:
            check_nl_gov(event)
        except MessageRefused as wrong:
            raise TargetRefused(
                f"{wrong.path}: {wrong.reason}", code="cloudevent", advice="correct the mapping, then replay"
            ) from None
        return event
