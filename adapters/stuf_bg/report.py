"""What became of a kennisgeving, told to its sender at its own OntvangAsynchroon: a Bv01 or Fo01 (StUF 03.01 §3.3).

It knows where that goes; when and how often is for the hub. Of a composite kennisgeving each is told of by itself.
"""

from __future__ import annotations

from adapters.stuf_bg.exchange import SERVICE
from adapters.stuf_bg.options import Options
from adapters.stuf_bg.services import PortType
from adapters.stuf_bg.verdict import acknowledgement
from hub.ports.contracts import Client, Reporting, Told
from hub.wire.soap import envelope, http
from hub.wire.soap.envelope import Version
from hub.wire.stuf.afloop import Afloop, reference_of
from hub.wire.stuf.weigering import fout_of

_PORT_TYPE: PortType = "OntvangAsynchroon"
_VERSIONS = {"1.1": Version.SOAP11, "1.2": Version.SOAP12}


def create(options: Options) -> Reporting:
    """Make the adapter for one connection."""
    return BgReporting(options)


class BgReporting:
    """Implements hub.ports.contracts.Reporting."""

    def __init__(self, options: Options) -> None:
        self._options = options

    async def tell(self, told: Told, client: Client) -> None:
        """Send the message that says it; raises TargetFailed when the sender does not acknowledge it."""
        reference = reference_of(told.message_id, done=told.done)
        afloop = Afloop(self._options.eigen, told.sender, told.reference, reference, told.at)
        fout = fout_of(told.code, synchroon=False)
        action, message = afloop.done() if told.done else afloop.failed(fout, told.reason)
        version = _VERSIONS[self._options.soap]
        response = await client.request(
            "POST",
            SERVICE,
            self._options.paden.get(_PORT_TYPE, _PORT_TYPE),
            body=envelope.write(version, message, header=client.soap_security()),
            headers=http.request_headers(version, action) | {"Accept": version.media_type},
        )
        acknowledgement(response, what=action.rpartition("/")[2], reference=reference)
