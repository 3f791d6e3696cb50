"""One request for a zaak with its rollen, zaakobjecten, documents and first status (Open Zaak: zaak_registreren).

All of it or nothing. The rules are those of the single requests: the parts are made by the same functions.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from adapters.zgw.simulator.exchange import Json, Refusal, Request, Wrong, invalid
from adapters.zgw.simulator.listing import shown
from adapters.zgw.simulator.onderdelen import make_part
from adapters.zgw.simulator.shapes import ROLLEN, STATUSSEN, ZAAKINFORMATIEOBJECTEN, ZAAKOBJECTEN
from adapters.zgw.simulator.state import State
from adapters.zgw.simulator.zaken import make_zaak, remove_zaak

_LISTS = (("rollen", ROLLEN), ("zaakinformatieobjecten", ZAAKINFORMATIEOBJECTEN), ("zaakobjecten", ZAAKOBJECTEN))


def register(state: State, request: Request) -> Json:
    """Make it all; of the answer every part has its URL."""
    data = request.data
    missing = [name for name in ("zaak", "rollen", "status") if name not in data]
    if missing:
        raise invalid(*(Wrong(name, "required", "Dit veld is vereist.") for name in missing))
    before = len(state.effects)
    zaak = _named("zaak", lambda: make_zaak(state, request._replace(data=data["zaak"])))
    of_zaak = {"zaak": request.base + zaak["url"]}
    made: Json = {}
    try:
        for name, collection in _LISTS:
            made[name] = [
                _part(state, request, collection, {**each, **of_zaak}, f"{name}.{index}")
                for index, each in enumerate(data.get(name) or ())
            ]
        made["status"] = _part(state, request, STATUSSEN, {**data["status"], **of_zaak}, "status")
    except Refusal:
        remove_zaak(state, state.records[zaak["url"]])
        del state.effects[before:]
        raise
    return {"zaak": shown(state, zaak, request), **made}


def _part(state: State, request: Request, collection: str, data: Json, where: str) -> Json:
    asked = request._replace(data=deepcopy(data))
    return shown(state, _named(where, lambda: make_part(state, asked, collection, may_force=False)), request)


def _named(where: str, make: Any) -> Json:  # noqa: ANN401 - a function of one of three modules
    """Make something; what is wrong with it is told under the name of its place in the request."""
    try:
        made: Json = make()
    except Refusal as refusal:
        wrongs = [each._replace(name=f"{where}.{each.name}") for each in refusal.wrongs]
        raise Refusal(refusal.status, refusal.code, refusal.detail, wrongs) from None
    return made
