"""Questions to ZGW: which zaken, documents and besluiten there are, with the parts that are asked for.

It knows which module answers which question. What is asked of the target, and how often, stands in the README.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from adapters.zgw.calls import Calls
from adapters.zgw.catalogue import Catalogue
from adapters.zgw.lookup import besluiten, documenten, nummers, zaken
from adapters.zgw.lookup.asking import Asking
from adapters.zgw.lookup.manieren import Manieren
from adapters.zgw.lookup.namen import Namen
from adapters.zgw.options import Options
from hub.errors import TargetRefused
from hub.ports.contracts import Inquiry

Answer = Callable[[Asking, dict[str, Any]], Awaitable[dict[str, Any]]]

_ANSWERS: Mapping[str, Answer] = {
    "nl.zaken.zaken-opvragen.v1": zaken.answer,
    "nl.zaken.documenten-opvragen.v1": documenten.answer,
    "nl.zaken.document-vergrendelen.v1": documenten.answer_locked,
    "nl.zaken.besluiten-opvragen.v1": besluiten.answer,
    "nl.zaken.nummer-reserveren.v1": nummers.answer,
}


def create(options: Options) -> ZgwLookup:
    """Make the lookup for one connection."""
    return ZgwLookup(options)


class ZgwLookup:
    """Implements hub.ports.contracts.Lookup."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._catalogue = Catalogue(options)
        self._namen = Namen(ttl_s=options.catalogue_ttl_s)
        self._manieren = Manieren()

    async def ask(self, kind: str, question: dict[str, Any], inquiry: Inquiry) -> dict[str, Any]:
        """Ask: see `hub.ports.contracts.Lookup`."""
        answer = _ANSWERS.get(kind)
        if answer is None:
            raise TargetRefused(f"ZGW has no answer to {kind}", code="onbekende-vraag", advice="see the manifest")
        calls = Calls(inquiry.client, inquiry.now)
        asking = Asking(calls, self._catalogue, self._namen, self._options, self._manieren, inquiry)
        return await answer(asking, question)
