"""ZGW as a target: a mapped document becomes calls to the Zaken, Documenten, Besluiten and Catalogi API.

It knows which module does which step. What is guaranteed per step stands in README.md.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from adapters.zgw import (
    besluiten,
    documenten,
    eigenschappen,
    resultaten,
    rollen,
    statussen,
    versies,
    zaakobjecten,
    zaken,
)
from adapters.zgw.attempt import Attempt, Known, Registered
from adapters.zgw.calls import Calls
from adapters.zgw.catalogue import Catalogue, no_catalogus
from adapters.zgw.options import Options
from adapters.zgw.plan import plan
from adapters.zgw.vermogens import Vermogens
from hub.config.policy import REGISTERED_MAX, ZAAK_URLS_MAX
from hub.errors import TargetFailed
from hub.ports.contracts import Client, Exchange, Outbound, Outgoing, Receipt, Step

Work = Callable[[Attempt, dict[str, Any]], Awaitable[Receipt]]

_WORK: Mapping[str, Work] = {
    "zaak": zaken.make,
    "zaak-bijwerken": zaken.change,
    "zaak-verwijderen": zaken.remove,
    "zaakobject-toevoegen": zaakobjecten.add,
    "zaakobject-verwijderen": zaakobjecten.remove,
    "zaakobject-vervangen": zaakobjecten.replace,
    "rol-toevoegen": rollen.add,
    "rol-verwijderen": rollen.remove,
    "rol-vervangen": rollen.replace,
    "eigenschap": eigenschappen.put,
    "deelzaak": zaken.make_deelzaak,
    "andere-zaken": zaken.relate,
    "vervallen-zaak": zaken.report_gone,
    "resultaat": resultaten.put,
    "statussen": statussen.put,
    "document": documenten.make,
    "document-inhoud": documenten.fill,
    "document-vergrendelen": versies.lock,
    "document-bijwerken": versies.change,
    "document-vrijgeven": versies.release,
    "document-ontkoppelen": documenten.unlink,
    "zaakinformatieobject": documenten.relate,
    "zaakinformatieobject-bijwerken": documenten.change_place,
    "besluit": besluiten.make,
    "besluit-bijwerken": besluiten.change,
    "besluit-bij-zaak": besluiten.bring,
    "vervallen-besluit": besluiten.report_gone,
    "besluit-document-koppelen": besluiten.add_document,
    "besluit-document-ontkoppelen": besluiten.remove_document,
}

_NOBODY = "zaakhub-controle"
"""An identificatie that nothing has: a question that shows rights without showing data."""


def create(options: Options) -> Outbound:
    """Make the adapter for one connection."""
    return ZgwOutbound(options)


class ZgwOutbound:
    """Implements hub.ports.contracts.Outbound."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._catalogue = Catalogue(options)
        self._known: Known = Known(ZAAK_URLS_MAX)
        self._registered: Registered = Registered(REGISTERED_MAX)
        self._vermogens = Vermogens()

    def steps(self, outgoing: Outgoing) -> Sequence[Step]:
        """Plan: see `adapters.zgw.plan`."""
        assert not isinstance(outgoing.body, bytes)  # this adapter has no message forms
        return plan(outgoing.kind, outgoing.body, self._options)

    async def send(self, step: Step, exchange: Exchange) -> Receipt:
        """Do one step, once: raises TargetFailed in one of its kinds."""
        calls = Calls(exchange.client, exchange.now)
        attempt = Attempt(
            calls=calls,
            catalogue=self._catalogue,
            options=self._options,
            known=self._known,
            registered=self._registered,
            vermogens=self._vermogens,
            exchange=exchange,
            step=step.key,
        )
        return await _WORK[step.body["soort"]](attempt, step.body)

    async def check(self, client: Client) -> Sequence[str]:
        """Say what is wrong with reach, credentials and rights. Reads only, so the right to write is not proven."""
        calls = Calls(client, None)
        rsin = self._options.rsin
        problems: list[str] = []
        for each in sorted({rsin, *self._options.organisaties.values()}):
            if not await _asked(calls, "catalogi", "catalogussen", {"rsin": each}, problems):
                problems.append(f"catalogi: {no_catalogus(each).reason}")
        query = {"identificatie": _NOBODY, "bronorganisatie": rsin}
        await _asked(calls, "zaken", "zaken", query, problems)
        await _asked(calls, "documenten", "enkelvoudiginformatieobjecten", query, problems)
        query = {"identificatie": _NOBODY, "verantwoordelijkeOrganisatie": rsin}
        await _asked(calls, "besluiten", "besluiten", query, problems)
        return problems


async def _asked(calls: Calls, service: str, path: str, query: Mapping[str, str], problems: list[str]) -> bool:
    """Ask; say whether there is anything, or note the failure (and then say yes: one problem is told once)."""
    try:
        return bool(await calls.rows(service, path, query, what="controle"))
    except TargetFailed as failure:
        problems.append(f"{service}: {failure.reason}" + (f"; {failure.advice}" if failure.advice else ""))
        return True
