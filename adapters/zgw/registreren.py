"""A zaak with its rollen, zaakobjecten and first status in one request, where the target has that (zaak_registreren).

All of it stands or nothing does. It knows what goes in, and remembers what came out for the steps that follow: they
find it made. When that memory is gone they ask the target, because the receipt of the zaak says how it was made.
Source: Zaken API of Open Zaak 1.5.1, zaak_registreren (experimental: without eigenschappen, resultaat or gezetdoor).
"""

from __future__ import annotations

from typing import Any

from adapters.zgw import rollen, statussen, zaakobjecten
from adapters.zgw.attempt import TOGETHER, Attempt, Zaak
from adapters.zgw.calls import Row
from adapters.zgw.vermogens import REGISTREREN, is_missing
from hub.errors import TargetMisconfigured, TargetUncertain
from hub.ports.contracts import Receipt


async def make(attempt: Attempt, wanted: Row, together: dict[str, Any] | None) -> Receipt | None:
    """Make it all; None when the target can't, or when these parts can't go together."""
    now = attempt.exchange.now
    if together is None or not attempt.vermogens.may(REGISTREREN, now=now):
        return None
    zaak = Zaak("", wanted["zaaktype"])
    status = await statussen.first_of(attempt, zaak, together["statussen"])
    if status is None:
        return None
    parts = {
        "rollen": [(key, await rollen.wanted_of(attempt, zaak, rol)) for key, rol in together["rollen"]],
        "zaakobjecten": [(key, zaakobjecten.wanted_of(attempt, zaak, each)) for key, each in together["zaakobjecten"]],
    }
    body = {"zaak": wanted, "status": status} | {
        name: [_without_zaak(each) for _, each in things] for name, things in parts.items()
    }
    try:
        made = await attempt.calls.act("zaken", "zaak_registreren", body, what="zaak registreren")
    except TargetMisconfigured as failure:
        if not is_missing(failure):
            raise
        attempt.vermogens.lacks(REGISTREREN, now=now)
        return None
    url = _url_of(made.get("zaak"))
    if not url:
        raise TargetUncertain("zaak registreren: the answer has no url of the zaak", code="geen-url")
    _remember(attempt, url, parts, made)
    return Receipt(url, TOGETHER)


def _remember(attempt: Attempt, zaak: str, parts: dict[str, list[tuple[str, Row]]], made: Row) -> None:
    """Keep which step is done by what. An answer of another shape is no matter: the step then asks the target."""
    for name, things in parts.items():
        rows = made.get(name)
        if isinstance(rows, list) and len(rows) == len(things):
            for (key, _), row in zip(things, rows, strict=True):
                _keep(attempt, zaak, key, row)
    _keep(attempt, zaak, statussen.FIRST, made.get("status"))


def _keep(attempt: Attempt, zaak: str, key: str, row: object) -> None:
    url = _url_of(row)
    if url:
        attempt.registered.put(f"{zaak} {key}", url)


def _url_of(row: object) -> str:
    url = row.get("url") if isinstance(row, dict) else None
    return url if isinstance(url, str) else ""


def _without_zaak(row: Row) -> Row:
    return {name: value for name, value in row.items() if name != "zaak"}
