"""StUF-BG 03.10, sending: what happened to a person, company or address, to a system that was not told before.

One event, one message, one acknowledgement. It knows what makes it the same message again: its referentienummer is the
id of the event at every attempt (StUF 03.01 §4.4). It refuses to know what a field means. README.md says what each
answer means.
"""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from adapters.stuf_bg.exchange import SERVICE, post, said_by_us
from adapters.stuf_bg.options import Options
from adapters.stuf_bg.outgoing import SENT, ready
from adapters.stuf_bg.services import PortType, by_kind
from adapters.stuf_bg.verdict import acknowledgement
from hub.errors import TargetFailed, TargetMisconfigured
from hub.ports.contracts import Client, Exchange, Outbound, Outgoing, Receipt, Step
from hub.wire import xml
from hub.wire.stuf.stuurgegevens import referentienummer_of

_ASYNCHROON: PortType = "OntvangAsynchroon"
_NOT_OURS = {401: "does not know these credentials", 403: "refuses us"}


def create(options: Options) -> Outbound:
    """Make the adapter for one connection."""
    return BgOutbound(options)


class BgOutbound:
    """Implements hub.ports.contracts.Outbound."""

    def __init__(self, options: Options) -> None:
        self._options = options

    def steps(self, outgoing: Outgoing) -> Sequence[Step]:
        """Give the one message of an event, addressed and numbered."""
        service = by_kind().get(outgoing.gives)
        if service not in SENT or not isinstance(outgoing.body, bytes):
            raise TargetMisconfigured(
                f"{outgoing.gives} is no message of StUF-BG that is sent",
                code="onbekend-bericht",
                advice="let the mapping give a message of this adapter: npsLk01-W, npsSa01, ...",
            )
        reference = referentienummer_of(outgoing.reference)
        said = said_by_us(service, self._options, reference=reference, at=outgoing.at)
        # The ordering key: of a person a pseudonym, the same for ever.
        sleutel = referentienummer_of(outgoing.zaak)
        made = ready(service, outgoing.body, said, sleutel=sleutel, official=self._options.official)
        body = {
            "dienst": made.service.kind,
            "referentienummer": reference,
            "bericht": etree.tostring(made.message, encoding="unicode"),
        }
        return [Step(f"{service.kind}:{reference}", made.service.bericht, body)]

    async def send(self, step: Step, exchange: Exchange) -> Receipt:
        """Send it, once: raises TargetFailed in one of its kinds."""
        service, reference = by_kind()[step.body["dienst"]], step.body["referentienummer"]
        message = xml.parse(step.body["bericht"].encode())
        response = await post(exchange.client, service, message, self._options)
        return Receipt(note=acknowledgement(response, what=service.bericht, reference=reference).note)

    async def check(self, client: Client) -> Sequence[str]:
        """Ask for the WSDL: shows reach and credentials. There is no question to somebody who is only told."""
        try:
            path = self._options.paden.get(_ASYNCHROON, _ASYNCHROON)
            answer = await client.request("GET", SERVICE, path, query={"wsdl": ""})
        except TargetFailed as failure:
            return [failure.reason + (f"; {failure.advice}" if failure.advice else "")]
        said = _NOT_OURS.get(answer.status)
        return [f"the target {said} ({answer.status}); see target.auth of this connection"] if said else []
