"""`expand`: related resources inside the answer, under `_expand` (Zaken API 1.5.1, Documenten API 1.4.2).

It knows which relations may be asked for. A relation that is empty is left out, as in Open Zaak.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from adapters.zgw.simulator.exchange import Json, Wrong, invalid
from adapters.zgw.simulator.shapes import DOCUMENTEN, ZAKEN

_OF_ZAAK = (
    "eigenschappen", "eigenschappen.eigenschap", "resultaat", "resultaat.resultaattype", "rollen", "rollen.roltype",
    "status", "status.statustype", "zaakinformatieobjecten", "zaakobjecten", "zaaktype",
)  # fmt: skip
_OF_OTHER_ZAAK = tuple(each for each in _OF_ZAAK if not each.startswith("eigenschappen"))
EXPANDABLE: dict[str, frozenset[str]] = {
    ZAKEN: frozenset({
        *_OF_ZAAK, "deelzaken", "hoofdzaak",
        *(f"{zaak}.{each}" for zaak in ("deelzaken", "hoofdzaak") for each in _OF_OTHER_ZAAK),
    }),
    DOCUMENTEN: frozenset({"informatieobjecttype"}),
}  # fmt: skip

Look = Callable[[str], Json | None]
"""From the URL in an answer to the resource as it is shown."""


def demanded(collection: str, asked: str) -> list[str]:
    """Read the parameter; raises Refusal for a relation that can't be asked for."""
    names = [each for each in asked.split(",") if each]
    if not set(names) <= EXPANDABLE.get(collection, frozenset()):
        raise invalid(Wrong("expand", "invalid_choice", "Selecteer een geldige keuze."))
    return names


def expanded(data: Json, names: Iterable[str], look: Look) -> Json:
    """Give a resource with its relations inside; `resultaat.resultaattype` brings `resultaat` too."""
    inside: dict[str, Any] = {}
    heads: dict[str, list[str]] = {}
    for name in names:
        head, _, rest = name.partition(".")
        heads.setdefault(head, []).extend([rest] if rest else [])
    for head, deeper in heads.items():
        value = data.get(head)
        if isinstance(value, str) and value:
            found = look(value)
            if found is not None:
                inside[head] = expanded(found, deeper, look)
        elif isinstance(value, list) and value:
            inside[head] = [expanded(each, deeper, look) for each in map(look, value) if each is not None]
    return {**data, "_expand": inside} if inside else data
