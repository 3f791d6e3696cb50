"""What a zaaksysteem shows of the last days: a notice for everything of which a notification should have come.

The Zaken API 1.5 has no filter on when a zaak was changed, only on dates of the zaak itself; so this finds zaken that
were registered or closed since, with their status, resultaat, rollen, zaakobjecten and documents. It can't find that
fields of a zaak changed: the next that is told of that zaak tells that too.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from typing import Any

from adapters.zgw.calls import Calls, Row
from adapters.zgw.melding import Melding
from adapters.zgw.options import InboundOptions
from hub.clock import AMSTERDAM
from hub.ports.contracts import Client, Notice

_JSON = {"content-type": "application/json"}
_PARTS = {
    "status": "status",
    "resultaat": "resultaat",
    "rollen": "rol",
    "zaakobjecten": "zaakobject",
    "zaakinformatieobjecten": "zaakinformatieobject",
}
"""Fields of a zaak that name its parts, by URL: field to resource."""


def create(options: InboundOptions) -> ZgwPolling:
    """Make it for one connection."""
    return ZgwPolling(options)


class ZgwPolling:
    """Implements hub.ports.contracts.Polling."""

    def __init__(self, options: InboundOptions) -> None:
        self._options = options

    async def find(self, client: Client, *, since: datetime, now: datetime) -> AsyncIterator[Notice]:
        """Give the notices, zaak by zaak; of each what came first goes first."""
        if "zaken" not in self._options.kanalen:
            return
        calls = Calls(client, now)
        # Dates, not moments, and `gt`: the day before is asked, so that no hour is missed.
        day = (since.astimezone(AMSTERDAM).date() - timedelta(days=1)).isoformat()
        told: set[str] = set()
        for field in ("registratiedatum", "einddatum"):
            query = {f"{field}__gt": day, **self._filters(), "ordering": field}
            async for page in calls.pages("zaken", "zaken", query=query, what="gemiste zaken zoeken"):
                for zaak in page:
                    if zaak["url"] in told:
                        continue
                    told.add(zaak["url"])
                    for melding in _meldingen(zaak):
                        if melding.kind not in self._options.without:
                            yield Notice(melding.body(), _JSON)

    def _filters(self) -> dict[str, str]:
        filters = {"bronorganisatie": self._options.rsin, **self._options.kanalen["zaken"]}
        return {name: filters[name] for name in ("zaaktype", "bronorganisatie") if filters.get(name, "*") != "*"}


def _meldingen(zaak: Row) -> Iterator[Melding]:
    hoofd = _uuid(zaak["url"])
    yield Melding("zaken", hoofd, "zaak", hoofd, "create", "")
    for field, resource in _PARTS.items():
        for url in _urls(zaak.get(field)):
            yield Melding("zaken", hoofd, resource, _uuid(url), "create", "")


def _urls(value: Any) -> list[str]:  # noqa: ANN401 - one URL, several, or none
    if isinstance(value, list):
        return [each for each in value if isinstance(each, str)]
    return [value] if isinstance(value, str) and value else []


def _uuid(url: str) -> str:
    return url.rstrip("/").rpartition("/")[2]
