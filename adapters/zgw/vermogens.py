"""What a target can do beside what every target can: tried, and remembered for a while when it can't.

It knows names of operations and how long it is since one was missing. It refuses to know what they do.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from hub.config.policy import ABILITY_TTL_S
from hub.errors import TargetMisconfigured

REGISTREREN = "zaak_registreren"
BESTANDSDELEN = "bestandsdelen"

_MISSING = frozenset({"zgw-403", "zgw-404", "zgw-405"})
"""No such address, no such method, or not for this client: nothing was done, and the plain calls will do."""


class Vermogens:
    """What one target lacks. One per connection; each attempt brings its own time."""

    def __init__(self) -> None:
        """Begin with the best hopes."""
        self._missing: dict[str, datetime] = {}

    def may(self, name: str, *, now: datetime) -> bool:
        """Say whether it is worth trying."""
        seen = self._missing.get(name)
        return seen is None or now - seen >= timedelta(seconds=ABILITY_TTL_S)

    def lacks(self, name: str, *, now: datetime) -> None:
        """Remember that the target does not have it."""
        self._missing[name] = now


def is_missing(failure: TargetMisconfigured) -> bool:
    """Say whether a failure means that the target does not have what was asked for."""
    return failure.code in _MISSING
