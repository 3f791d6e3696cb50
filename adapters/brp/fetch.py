"""Whom a signal is about, as the BRP has that person now: twenty in a call, and no field that no mapping reads.

A person whom the BRP does not know is told as such, and the others of the same call go on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from adapters.brp.calls import Calls
from adapters.brp.options import InboundOptions
from adapters.brp.velden import NUMMER, erbij, van_gelezen, zonder
from hub.config.policy import BRP_NUMMERS_MAX, SOURCE_CALLS_MAX
from hub.errors import TargetFailed, TargetNotFound
from hub.event.personen import Persoon
from hub.event.velden import veld
from hub.net.problems import refused
from hub.ports.contracts import Document, Inquiry

_PERSOON = "persoon"
"""Where the person stands in a document; below it everything is called as the BRP calls it."""


def create(options: InboundOptions) -> BrpFetching:
    """Make it for one connection."""
    return BrpFetching(options)


class BrpFetching:
    """Implements hub.ports.contracts.FetchingTogether."""

    together_max = BRP_NUMMERS_MAX
    calls_max = SOURCE_CALLS_MAX

    def __init__(self, options: InboundOptions) -> None:
        self._options = options

    async def fetch(self, document: Document, inquiry: Inquiry) -> Document | None:
        """Fetch: see `hub.ports.contracts.Fetching`."""
        [found] = await self.fetch_together([document], inquiry)
        if isinstance(found, TargetFailed):
            raise found
        return found

    async def fetch_together(
        self, documents: Sequence[Document], inquiry: Inquiry
    ) -> Sequence[Document | TargetFailed | None]:
        """Fetch several: see `hub.ports.contracts.FetchingTogether`."""
        nummers = [document.person.reveal() for document in documents if document.person is not None]
        velden = van_gelezen(self._wanted(inquiry), buitenland=self._options.buitenland)
        if not velden:
            raise refused(
                "the mapping of the signal reads nothing of a person",
                advice=f"let its rules read below {_PERSOON}/, or end the connection",
            )
        extra = erbij(velden, [NUMMER])
        rijen = await Calls(inquiry.client, inquiry.now).raadpleeg(nummers, [*velden, *extra], {})
        gevonden = {rij[NUMMER]: zonder(rij, extra) for rij in rijen}
        return [_told(document, gevonden) for document in documents]

    def _wanted(self, inquiry: Inquiry) -> Iterable[str]:
        """Name the fields that are read. What the BRP gives by itself is asked for by nobody."""
        paths = (path[1:] for path in inquiry.reads() if path[:1] == (_PERSOON,)) if inquiry.reads is not None else ()
        return sorted({name for steps in paths if (name := veld(Persoon, steps))})


def _told(document: Document, gevonden: dict[str, dict[str, object]]) -> Document | TargetFailed:
    assert isinstance(document.body, dict), "a signal is JSON"
    persoon = gevonden.get(document.person.reveal()) if document.person is not None else None
    if persoon is None:
        return TargetNotFound(
            "the BRP knows nobody by the number of this signal, or not for us",
            code="onbekend-persoon",
            advice="see whether the sender has the right number, and whether we are authorised for this person",
        )
    return document._replace(body={**document.body, _PERSOON: persoon})
