"""Any SOAP service as a target: the mapping gives the operation and its arguments, the WSDL says how they are written.

It knows calls and faults of SOAP. It refuses to know what an operation means, and so whether it was done: after a lost
answer only what is `repeatable` is sent again.
"""

from __future__ import annotations

from collections.abc import Sequence

from adapters.soap.description import Description, Failed
from adapters.soap.options import Options
from hub.errors import TargetFailed, TargetMisconfigured, TargetRefused, TargetUnavailable, TargetUncertain
from hub.ports.contracts import Client, Exchange, Outbound, Outgoing, Receipt, Response, Step
from hub.wire.soap.envelope import with_header

SERVICE = "soap"
_BUSY = frozenset({408, 429, 502, 503, 504})
_DENIED = frozenset({401, 403, 404, 405, 415})
_SENDER = frozenset({"Client", "Sender"})


def create(options: Options) -> Outbound:
    """Make the adapter for one connection; its WSDL is read now."""
    return SoapOutbound(options)


class SoapOutbound:
    """Implements hub.ports.contracts.Outbound."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._description = Description(options)

    def steps(self, outgoing: Outgoing) -> Sequence[Step]:
        """Give the one call of an event; the mapping `gives` the operation, its data are the arguments."""
        if isinstance(outgoing.body, bytes):
            raise TargetMisconfigured("a mapping for SOAP gives arguments, not a message", code="instelling")
        envelope = self._description.write(outgoing.gives, outgoing.body)
        body = {"operatie": outgoing.gives, "bericht": envelope.decode()}
        return [Step(f"{outgoing.gives}:{outgoing.reference}", outgoing.gives, body)]

    async def send(self, step: Step, exchange: Exchange) -> Receipt:
        """Call once; raises TargetFailed in one of its kinds."""
        operation = step.body["operatie"]
        try:
            await called(exchange.client, self._description, self._options, operation, step.body["bericht"].encode())
        except TargetUncertain as lost:
            if operation in self._options.repeatable:
                raise
            raise TargetMisconfigured(
                f"{lost.reason}; {operation} is not sent again by itself",
                code="mogelijk-gedaan",
                advice="look at the target: drop it when it was done, replay it when it was not",
            ) from lost
        return Receipt()

    async def check(self, client: Client) -> Sequence[str]:
        """Ask for the WSDL at the target: shows reach and credentials, not rights."""
        try:
            answer = await client.request("GET", SERVICE, self._options.path, query={"wsdl": ""})
        except TargetFailed as failure:
            return [failure.reason]
        return [f"the target refuses us ({answer.status})"] if answer.status in {401, 403} else []


async def called(client: Client, description: Description, options: Options, operation: str, envelope: bytes) -> object:
    """Send an envelope and give what came back as plain data; raises TargetFailed in one of its kinds."""
    headers = description.headers(operation) | {"accept": "text/xml, application/soap+xml"}
    response = await client.request(
        "POST", SERVICE, options.path, body=with_header(envelope, client.soap_security()), headers=headers
    )
    _expect_service(response, operation)
    try:
        return description.read(operation, response)
    except Failed as fault:
        if fault.code in _SENDER:
            raise TargetRefused(
                f"{operation}: the service refuses the call ({fault.code})",
                code="soap-fout",
                advice="see its log for the reason; correct the mapping or the message, then replay",
            ) from None
        raise TargetUncertain(
            f"{operation}: the service failed ({fault.code}); it may have been done", code="soap-fout"
        ) from None


def _expect_service(response: Response, operation: str) -> None:
    if response.status in _BUSY:
        raise TargetUnavailable(
            f"{operation}: the service, or a gateway in front, asks to come back later ({response.status})",
            code=f"http-{response.status}",
        )
    if response.status in _DENIED:
        raise TargetMisconfigured(
            f"{operation}: the service refuses us ({response.status})",
            code=f"http-{response.status}",
            advice="see target.services.soap, options.path and target.auth",
        )
