"""The messages of an initial load of persons: a signal for each burgerservicenummer that tells of no change."""

from __future__ import annotations

from adapters.brp.options import InboundOptions
from adapters.brp.signaal import Signaal
from hub.ports.contracts import Notice

_JSON = {"content-type": "application/json"}


def create(options: InboundOptions) -> BrpLoading:
    """Make it for one connection."""
    return BrpLoading(options)


class BrpLoading:
    """Implements hub.ports.contracts.Loading."""

    columns = ("burgerservicenummer", "bsn")

    def __init__(self, _options: InboundOptions) -> None:
        """Take options that are for who fetches."""

    def notice(self, number: str, reference: str) -> Notice:
        """Write the signal of a person; raises MessageRefused for what is no burgerservicenummer."""
        said = {"burgerservicenummer": number, "referentie": reference, "wijziging": False}
        return Notice(Signaal.of(said).body(), _JSON)
