"""What a signal points at: the Basisprofiel of a company or the profile of a branch, as it is now.

One call for a signal. What may not be passed on at all is left out here, as in an answer (`adapters.kvk.afscherming`).
"""

from __future__ import annotations

from typing import Any

from adapters.kvk.afscherming import passed_on
from adapters.kvk.calls import Calls
from adapters.kvk.options import InboundOptions
from adapters.kvk.signaal import BEEINDIGD, STAND, VESTIGING, Signaal
from adapters.kvk.vraag import Row
from hub.errors import TargetNotFound
from hub.ports.contracts import Document, Inquiry

_GEO = "geoData"


def create(options: InboundOptions) -> KvkFetching:
    """Make it for one connection."""
    return KvkFetching(options)


class KvkFetching:
    """Implements hub.ports.contracts.Fetching."""

    def __init__(self, options: InboundOptions) -> None:
        self._authorised = options.afgeschermde_adressen

    async def fetch(self, document: Document, inquiry: Inquiry) -> Document | None:
        """Fetch: see `hub.ports.contracts.Fetching`."""
        assert isinstance(document.body, dict), "a signal is JSON"
        if document.body.keys() > {"signaal"}:
            return document  # it was fetched before it was written down
        signaal = Signaal.of(document.body["signaal"])
        # The numbers of the BAG come only when they are asked for.
        geo = inquiry.reads is None or any(_GEO in path for path in inquiry.reads())
        bedrijf = await self._bedrijf(signaal, Calls(inquiry.client, inquiry.now), geo=geo)
        if bedrijf is None and signaal.signaalType == STAND:
            raise TargetNotFound(
                "the KVK has no company of this number, or it was deregistered",
                code="onbekend-bedrijf",
                advice="see whether the number is right; leave it out of the file when it is gone",
            )
        if bedrijf is None and signaal.kind != BEEINDIGD:
            return None  # ended since: of that comes a signal too
        told = passed_on(bedrijf or {"kvkNummer": signaal.kvknummer}, authorised=self._authorised)
        return document._replace(body={**document.body, "bedrijf": told})

    async def _bedrijf(self, signaal: Signaal, calls: Calls, *, geo: bool) -> dict[str, Any] | None:
        if signaal.kind != VESTIGING:
            return await calls.company(signaal.kvknummer, "", geo=geo)
        profiel: Row | None = await calls.branch(signaal.vestigingsnummer, geo=geo)
        if profiel is None:
            return None
        # It may have gone to another company meanwhile: then it is told there.
        return {"kvkNummer": profiel["kvkNummer"], "vestigingen": [profiel]}
