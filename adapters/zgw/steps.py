"""The steps of one document as they are gathered: each with a key of its own, the same effect once.

Keys of steps end in a digest of 20 bits: enough to tell the rollen of one zaak apart, too little to find a BSN back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

import orjson

from adapters.zgw.attempt import ZaakRef
from adapters.zgw.options import Options
from hub.errors import TargetRefused
from hub.ports.contracts import Step

REMOVING = frozenset({"verwijderen", "beeindigen"})


class Steps:
    """See the module. `ref` is the zaak they work on, None where there is none."""

    def __init__(self, ref: ZaakRef | None) -> None:
        """Begin without steps."""
        self.ref = ref
        self._steps: dict[str, Step] = {}

    def add(self, soort: str, name: str, key: str, body: dict[str, Any]) -> str:
        """Add a step. The same effect twice is one step; another effect with the same digest gets a key of its own."""
        whole = {"soort": soort, "zaak": self.ref, **body}
        unique, number = key, 1
        while unique in self._steps and self._steps[unique].body != whole:
            number += 1
            unique = f"{key}-{number}"
        self._steps.setdefault(unique, Step(unique, name, whole))
        return unique

    def all(self) -> list[Step]:
        """Give them in order."""
        return list(self._steps.values())


def zaak_ref(zaak: Mapping[str, Any] | None, options: Options) -> ZaakRef | None:
    """Read which zaak a document speaks of, if any."""
    if not zaak or not zaak.get("identificatie"):
        return None
    return ZaakRef(options.rsin_of(zaak.get("bronorganisatie")), str(zaak["identificatie"]))


def identificatie_of(thing: Mapping[str, Any], what: str) -> str:
    """Read an identificatie; raises TargetRefused without one."""
    identificatie = thing.get("identificatie")
    if not identificatie:
        raise TargetRefused(
            f"the {what} has no identificatie: after a lost answer it could not be found back",
            code="geen-identificatie",
            advice="let the sender ask for a number first, or let the mapping make one",
        )
    return str(identificatie)


def leaving_first(things: Iterable[Mapping[str, Any]] | None) -> list[Mapping[str, Any]]:
    """Put what goes before what comes: a zaak has one initiator at most."""
    return sorted(things or (), key=lambda thing: thing.get("mutatie") not in REMOVING)


def digest(value: object) -> str:
    """Give the end of a key."""
    return sha256(orjson.dumps(value, default=tuple, option=orjson.OPT_SORT_KEYS)).hexdigest()[:5]
