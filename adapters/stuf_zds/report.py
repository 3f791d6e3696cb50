"""What became of an asynchronous message, told to its sender at its own OntvangAsynchroon (StUF 03.01 §3.3 and §8).

A Bv01 or Fo01, and for overdragenZaak the Du01 that ZDS 1.2 §4.3.12 asks for. It knows how that is said; when and how
often is for the hub.
"""

from __future__ import annotations

from adapters.stuf_zds.exchange import SERVICE
from adapters.stuf_zds.options import Options
from adapters.stuf_zds.refusals import fout_of
from adapters.stuf_zds.services import OVERDRAGEN, OVERGEDRAGEN, PortType
from adapters.stuf_zds.verdict import acknowledgement
from hub.ports.contracts import Client, Reporting, Told
from hub.wire.soap import envelope, http
from hub.wire.soap.envelope import Version
from hub.wire.stuf import stuurgegevens
from hub.wire.stuf.afloop import Afloop, reference_of
from hub.wire.stuf.namespaces import STUF, ZDS, ZKN
from hub.wire.stuf.stuurgegevens import Stuurgegevens
from hub.wire.xml import escape

_PORT_TYPE: PortType = "OntvangAsynchroon"
_VERSIONS = {"1.1": Version.SOAP11, "1.2": Version.SOAP12}


def create(options: Options) -> Reporting:
    """Make the adapter for one connection."""
    return ZdsReporting(options)


class ZdsReporting:
    """Implements hub.ports.contracts.Reporting."""

    def __init__(self, options: Options) -> None:
        self._options = options

    async def tell(self, told: Told, client: Client) -> None:
        """Send the message that says it; raises TargetFailed when the sender does not acknowledge it."""
        reference = reference_of(told.message_id, done=told.done)
        action, message = self._message(told, reference)
        version = _VERSIONS[self._options.soap]
        response = await client.request(
            "POST",
            SERVICE,
            self._options.paden.get(_PORT_TYPE, _PORT_TYPE),
            body=envelope.write(version, message, header=client.soap_security()),
            headers=http.request_headers(version, action) | {"Accept": version.media_type},
        )
        acknowledgement(response, what=action.rpartition("/")[2], reference=reference)

    def _message(self, told: Told, reference: str) -> tuple[str, str]:
        afloop = Afloop(self._options.eigen, told.sender, told.reference, reference, told.at)
        if told.kind == OVERDRAGEN.kind:
            return f"{ZDS}/{OVERGEDRAGEN.kind}", _overgedragen(afloop.said("Du01"), told)
        return afloop.done() if told.done else afloop.failed(fout_of(told.code, synchroon=False), told.reason)


def _overgedragen(said: Stuurgegevens, told: Told) -> str:
    antwoord = "Overdracht geaccepteerd" if told.done else "Overdracht geweigerd"
    written = stuurgegevens.write(said._replace(functie=OVERGEDRAGEN.functie), "ZKN")
    return (
        f'<ZDS:{OVERGEDRAGEN.kind} xmlns:ZDS="{ZDS}" xmlns:ZKN="{ZKN}" xmlns:StUF="{STUF}">{written}'
        f'<ZKN:object StUF:functie="entiteit" StUF:entiteittype="ZAK">'
        f"<ZKN:identificatie>{escape(told.zaak)}</ZKN:identificatie><ZKN:antwoord>{antwoord}</ZKN:antwoord>"
        f"</ZKN:object></ZDS:{OVERGEDRAGEN.kind}>"
    )
