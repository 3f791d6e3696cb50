"""Zaak- en Documentservices 1.1 and 1.2, sending: one event, one message, one acknowledgement.

It knows which service a message is for, and what makes it the same message again: its referentienummer is the id of
the event at every attempt (StUF 03.01 §4.4). It refuses to know what a field means. README.md says what each answer
means.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from lxml import etree

from adapters.stuf_zds.exchange import asked, post, said_by_us
from adapters.stuf_zds.options import Options
from adapters.stuf_zds.outgoing import address_of, written
from adapters.stuf_zds.questions import empty, leaf, vraag
from adapters.stuf_zds.services import (
    BESLUIT,
    BESLUITDETAILS,
    CREEER,
    DOCUMENT,
    LEZEN,
    MAAK_DOCUMENT,
    ZAAKDETAILS,
    Service,
    by_kind,
)
from adapters.stuf_zds.verdict import NOT_UNIQUE, acknowledgement
from hub.errors import TargetFailed, TargetMisconfigured, TargetRefused
from hub.ports.contracts import Client, Exchange, Outbound, Outgoing, Receipt, Step
from hub.wire import xml
from hub.wire.stuf.stuurgegevens import referentienummer_of

_ASKED_BY = {CREEER: ZAAKDETAILS, DOCUMENT: LEZEN, MAAK_DOCUMENT: LEZEN, BESLUIT: BESLUITDETAILS}
"""What makes something, and the question that tells whether it is there."""

_NOBODY = "zaakhub-controle"
"""An identificatie that nothing has: a question that shows rights without showing data."""


def create(options: Options) -> Outbound:
    """Make the adapter for one connection."""
    return ZdsOutbound(options)


class ZdsOutbound:
    """Implements hub.ports.contracts.Outbound."""

    def __init__(self, options: Options) -> None:
        self._options = options

    def steps(self, outgoing: Outgoing) -> Sequence[Step]:
        """Give the one message of an event, addressed and numbered."""
        service = by_kind().get(outgoing.gives)
        if service is None or "client" not in service.zijden or not isinstance(outgoing.body, bytes):
            raise TargetMisconfigured(
                f"{outgoing.gives} is no message of Zaak- en Documentservices that is sent",
                code="onbekend-bericht",
                advice="let the mapping give a message of this adapter: creeerZaak_Lk01, updateZaak_Lk01, ...",
            )
        message = xml.parse(outgoing.body)
        if service is DOCUMENT and xml.find(message, "object/inhoud") is None:
            service = MAAK_DOCUMENT  # ZDS 1.2 §4.3.6: a document that has no content yet
        reference = referentienummer_of(outgoing.reference)
        said = said_by_us(service, self._options, reference=reference, at=outgoing.at)
        body = {
            "dienst": service.kind,
            "actie": address_of(service, self._options).action,
            "referentienummer": reference,
            "identificatie": _identificatie(message),
            "bericht": written(service, message, said, self._options).decode(),
        }
        return [Step(f"{service.kind}:{reference}", service.kind, body)]

    async def send(self, step: Step, exchange: Exchange) -> Receipt:
        """Send it, once: raises TargetFailed in one of its kinds."""
        service, reference = by_kind()[step.body["dienst"]], step.body["referentienummer"]
        if exchange.resumed and self._options.ask_first and await self._is_there(service, step, exchange):
            return Receipt(note="was there already")
        message = step.body["bericht"].encode()
        response = await post(exchange.client, service, message, self._options, exchange.contents)
        try:
            done = acknowledgement(response, what=service.kind, reference=reference)
        except TargetFailed as failure:
            # A receiver that knows no resends (§4.4) calls the number used: then what it made is there.
            again = exchange.resumed and failure.code == NOT_UNIQUE
            if again and not self._options.ask_first and await self._is_there(service, step, exchange):
                return Receipt(note=f"was there already ({NOT_UNIQUE})")
            raise
        return Receipt(note=done.note)

    async def check(self, client: Client) -> Sequence[str]:
        """Ask for a zaak that nobody has: shows reach, credentials and rights to read, not those to write."""
        try:
            await self._found(client, ZAAKDETAILS, _NOBODY, now=None)
        except TargetRefused:
            return []  # it is reached, and it knows us: that it has no such zaak is what it says
        except TargetFailed as failure:
            return [failure.reason + (f"; {failure.advice}" if failure.advice else "")]
        return []

    async def _is_there(self, service: Service, step: Step, exchange: Exchange) -> bool:
        question = _ASKED_BY.get(service)
        if question is None or not step.body["identificatie"]:
            return False
        return await self._found(exchange.client, question, step.body["identificatie"], now=exchange.now)

    async def _found(self, client: Client, question: Service, identificatie: str, *, now: datetime | None) -> bool:
        scope = empty(["identificatie"])
        asking = vraag(question, leaf("identificatie", identificatie), scope=scope)
        found = await asked(client, question, asking, self._options, now=now, keep=None)
        return xml.find(found, "antwoord/object") is not None


def _identificatie(message: etree._Element) -> str:
    """Give under which identificatie the receiver knows what the message is about: the first in its object."""
    entity = next(message.iterchildren("{*}object"), message)
    found = next(entity.iter("{*}identificatie"), None)
    return "" if found is None else (found.text or "").strip()
