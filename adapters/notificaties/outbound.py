"""Events of the hub to a Notificaties API: one event, one notification, on a kanaal that is there.

Publishing cannot be asked after: what got no answer is published again, and subscribers may hear it twice. They can
tell by the aanmaakdatum, or by the id of the CloudEvent, which stay the same.
"""

from __future__ import annotations

from collections.abc import Sequence

from adapters.notificaties.melding import Melding
from adapters.notificaties.options import Options
from hub.errors import TargetFailed, TargetMisconfigured
from hub.net.answers import failure_of
from hub.ports.contracts import Client, Exchange, Outgoing, Receipt, Response, Step
from hub.wire.cloudevents import CloudEvent

_SERVICE = "notificaties"


def create(options: Options) -> NotificatiesOutbound:
    """Make the adapter for one connection."""
    return NotificatiesOutbound(options)


class NotificatiesOutbound:
    """Implements hub.ports.contracts.Outbound."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._kanaal_is_there = False

    def steps(self, outgoing: Outgoing) -> Sequence[Step]:
        """Plan the one publication; raises TargetRefused when the mapping gives no notification."""
        options = self._options
        melding = Melding.of(outgoing, kanaal=options.kanaal)
        body = melding.notificatie(options.resource_url)
        if options.form == "cloudevent":
            event = melding.cloudevent(
                options.resource_url, names=options.names, source=options.source, reference=outgoing.reference
            )
            body = event.plain()
        return [Step(f"notificatie/{outgoing.reference}", "notificatie publiceren", body)]

    async def send(self, step: Step, exchange: Exchange) -> Receipt:
        """Publish it; a kanaal that is not there is made first."""
        if self._options.form == "cloudevent":
            headers, content = CloudEvent(step.body, None).structured()
            answer = await exchange.client.request("POST", _SERVICE, "cloudevents", body=content, headers=headers)
        else:
            if not self._kanaal_is_there:
                await self._see_to_kanaal(exchange.client)
            answer = await exchange.client.request("POST", _SERVICE, "notificaties", json=step.body)
        _demand(answer, step.name)
        return Receipt(note=f"{self._options.kanaal}: {step.body.get('actie') or step.body.get('type')}")

    async def check(self, client: Client) -> Sequence[str]:
        """Say whether the NRC answers and whether the kanaal is there. The right to publish is not proven."""
        if self._options.form == "cloudevent" and not self._options.source:
            return ["options.source is missing: a CloudEvent says who publishes it"]
        try:
            there = await self._kanalen(client)
        except TargetFailed as failure:
            return [f"{failure.reason}; {failure.advice}" if failure.advice else failure.reason]
        if not there:
            return [f"there is no kanaal {self._options.kanaal} yet: the first notification makes it"]
        return []

    async def _see_to_kanaal(self, client: Client) -> None:
        if not await self._kanalen(client):
            options = self._options
            kanaal = {"naam": options.kanaal, "filters": list(options.kenmerken)}
            if options.documentation_url:
                kanaal["documentatieLink"] = options.documentation_url
            _demand(await client.request("POST", _SERVICE, "kanaal", json=kanaal), "kanaal maken")
        self._kanaal_is_there = True

    async def _kanalen(self, client: Client) -> bool:
        answer = await client.request("GET", _SERVICE, "kanaal", query={"naam": self._options.kanaal})
        _demand(answer, "kanalen lezen")
        rows = answer.json()
        if not isinstance(rows, list):
            raise TargetMisconfigured("kanalen lezen: the answer is no list", code="nrc", advice="see target.services")
        return any(isinstance(row, dict) and row.get("naam") == self._options.kanaal for row in rows)


def _demand(answer: Response, what: str) -> None:
    failure = failure_of(answer, what=what)
    if failure is not None:
        raise failure
