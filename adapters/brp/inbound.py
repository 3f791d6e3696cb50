"""Signals about persons: who, and not what. What there is now is asked of the BRP in the worker (`adapters.brp.fetch`).

It knows how a signal is written, alone or with others in one request. Who may send is for the connection (`access`).
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from adapters.brp.options import InboundOptions
from adapters.brp.signaal import Signaal, read, several
from hub.config.policy import BRP_SIGNALEN_MAX
from hub.errors import MessageRefused
from hub.ports.contracts import SENDER, Batch, Document, Part
from hub.ports.webhook import Webhook

KIND = "persoonssignaal"
SOURCE = "brp"
"""Who is told about is the same person whoever tells it: what is new is judged over all senders together."""

_SIGNAAL = "signaal"
"""Where the signal stands in a document that was fetched already: an example of a mapping."""


def create(options: InboundOptions) -> BrpInbound:
    """Make the adapter for one connection."""
    return BrpInbound(options)


class BrpInbound(Webhook):
    """Implements hub.ports.contracts.Inbound and Batched."""

    content_elements: tuple[str, ...] = ()

    def __init__(self, _options: InboundOptions) -> None:
        """Take options that are for who fetches."""

    def batch(self, body: bytes, headers: Mapping[str, str]) -> Batch | None:
        """Take a request with several signals apart: `{"signalen": [...]}`."""
        signalen = several(read(body))
        if signalen is None:
            return None
        if len(signalen) > BRP_SIGNALEN_MAX:
            raise MessageRefused(
                f"more than {BRP_SIGNALEN_MAX} signals in one request",
                code="signaal",
                path="signalen",
                status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                advice="send fewer at a time; of all inhabitants at once: zaakhub load",
            )
        return Batch([Part(each.body(), headers) for each in signalen])

    def read(self, body: bytes, headers: Mapping[str, str], *, validate: bool) -> Document:
        """Read one signal; raises MessageRefused."""
        said = read(body)
        fetched = said if not validate and isinstance(said, dict) and isinstance(said.get(_SIGNAAL), dict) else {}
        signaal = Signaal.of(fetched.get(_SIGNAAL, said))
        sender = headers.get(SENDER, "")
        # Two senders may have the same number for different signals.
        reference = f"{sender} {signaal.kenmerk}" if sender and signaal.kenmerk else signaal.kenmerk
        return Document(
            kind=KIND,
            body={_SIGNAAL: signaal.plain(), **fetched},
            sender=SOURCE,
            reference=reference,
            zaak=KIND,
            subject=KIND,
            person=signaal.persoon,
            announces=signaal.wijziging,
        )
