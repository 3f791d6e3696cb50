"""The messages of an initial load of companies: a signal of our own for each kvkNummer, that tells of no change."""

from __future__ import annotations

from adapters.kvk.options import InboundOptions
from adapters.kvk.poll import JSON
from adapters.kvk.signaal import STAND, Signaal
from hub.ports.contracts import Notice


def create(options: InboundOptions) -> KvkLoading:
    """Make it for one connection."""
    return KvkLoading(options)


class KvkLoading:
    """Implements hub.ports.contracts.Loading."""

    columns = ("kvkNummer", "kvknummer")

    def __init__(self, _options: InboundOptions) -> None:
        """Take options that are for who polls and fetches."""

    def notice(self, number: str, reference: str) -> Notice:
        """Write the signal of a company; raises MessageRefused for what is no kvkNummer."""
        signaal = Signaal.of({"id": reference, "kvknummer": number, "signaalType": STAND})
        return Notice(signaal.body(), JSON)
