"""The one question of the Autorisaties API that a client asks of itself: what may I do (Autorisaties API 1.0).

It knows the answer, which the maker of the simulator gives. It refuses to know whether any other request keeps to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from adapters.zgw.simulator.exchange import Answer, Json, Refusal, Request, answer
from adapters.zgw.simulator.state import State

CONSUMER = "/autorisaties/api/v1/applicaties/consumer"
_ZAAKTYPEN = "/catalogi/api/v1/zaaktypen"


class Autorisatie(NamedTuple):
    """What the client may do in a component (`zrc`, `ztc`, `drc`, `brc`); `zaaktype` is an identificatie."""

    component: str
    scopes: tuple[str, ...]
    zaaktype: str = ""


class Applicatie(NamedTuple):
    """The client as it is registered; without `autorisaties` it may do everything."""

    client_id: str
    autorisaties: Sequence[Autorisatie] | None = None


def consumer(state: State, request: Request, applicatie: Applicatie) -> Answer:
    """Give the applicatie of a client_id."""
    if request.method != "GET":
        raise Refusal(405, "method_not_allowed", f"Methode {request.method} niet toegestaan.")
    if dict(request.query).get("clientId") != applicatie.client_id:
        raise Refusal(404, "not_found", "Niet gevonden.")
    given = applicatie.autorisaties
    return answer(
        {
            "url": f"{request.base}/autorisaties/api/v1/applicaties/1",
            "clientIds": [applicatie.client_id],
            "label": "Zaakhub",
            "heeftAlleAutorisaties": given is None,
            "autorisaties": [row for each in given or () for row in _rows(state, request, each)],
        }
    )


def _rows(state: State, request: Request, given: Autorisatie) -> list[Json]:
    """Write an autorisatie out: one for each version of its zaaktype, as the API has them."""
    row: dict[str, Any] = {"component": given.component, "scopes": list(given.scopes)}
    if not given.zaaktype:
        return [row]
    versions = state.collections[_ZAAKTYPEN].items()
    return [
        {**row, "zaaktype": request.base + path, "maxVertrouwelijkheidaanduiding": "zeer_geheim"}
        for path, zaaktype in versions
        if zaaktype["identificatie"] == given.zaaktype
    ]
