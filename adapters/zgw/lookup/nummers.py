"""A number that the target reserves, where it can: Open Zaak and Zaken API 1.7.

It knows the two calls. Where the target has none the hub gives its own numbers (`numbers` of the connection).
"""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

from adapters.zgw.lookup.asking import Asking
from hub.errors import TargetMisconfigured


class Reservation(NamedTuple):
    """Where a number is asked for, and what it is called in the answer."""

    service: str
    path: str
    name: str


_RESERVATIONS = {
    "zaak": Reservation("zaken", "zaaknummer_reserveren", "zaaknummer"),
    "document": Reservation("documenten", "documentnummer_reserveren", "identificatie"),
}


async def answer(asking: Asking, question: dict[str, Any]) -> dict[str, Any]:
    """Answer with a number that nobody else gets."""
    soort = question["soort"]
    reservation = _RESERVATIONS.get(soort)
    if reservation is not None:
        body = {"bronorganisatie": asking.options.rsin_of(question.get("organisatie"))}
        service, path, name = reservation
        reserve = partial(asking.calls.act, service, path, body, what=f"{soort}nummer reserveren")
        made = await asking.unless_lacking(path, reserve)
        if made is not None and made.get(name):
            return {name: made[name]}
    raise TargetMisconfigured(
        f"the target reserves no number for a {soort}",
        code="geen-nummers",
        advice="let the hub give the numbers: numbers.source of the connection that asks",
    )
