"""A signal of the Mutatieservice: that something happened to a company or one of its branches, and not what. Pure.

It knows which signals say the same to who follows companies. It refuses to know what changed: the registration is read
again as a whole, whatever the signal says of it.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import orjson

from hub.errors import MessageRefused

OPGEVOERD, BEEINDIGD = "SignaalNieuweInschrijving", "SignaalBeeindiging"
INSCHRIJVING, VESTIGING = "SignaalGewijzigdeInschrijving", "SignaalGewijzigdeVestiging"
KINDS = (OPGEVOERD, INSCHRIJVING, VESTIGING, BEEINDIGD)

STAND = "Stand"
"""The signalType of what no change was told of: tell what there is. Ours, not of the KVK."""

_VERSION = re.compile(r"_[0-9]{4}_[0-9]{2}$")
"""A signalType may end in the version of its form: SignaalBeeindiging_2025_01."""
_ID = re.compile(r"[A-Za-z0-9/_.:-]{1,100}")
_KVK = re.compile(r"[0-9]{8}")
_VESTIGING = re.compile(r"[0-9]{12}")


class Signaal(NamedTuple):
    """One signal; `vestigingsnummer` is empty when it is about the registration."""

    id: str
    timestamp: str
    kvknummer: str
    signaalType: str  # noqa: N815 - as the KVK calls it
    vestigingsnummer: str = ""

    @classmethod
    def of(cls, said: object) -> Signaal:
        """Take what the KVK lists; raises MessageRefused. What else stands there may be other tomorrow: it is left."""
        row = said if isinstance(said, dict) else {}
        signaal = cls(*(str(row.get(name) or "") for name in cls._fields))
        for name, pattern in (("id", _ID), ("kvknummer", _KVK)):
            if not pattern.fullmatch(getattr(signaal, name)):
                raise _wrong(name)
        if signaal.vestigingsnummer and not _VESTIGING.fullmatch(signaal.vestigingsnummer):
            raise _wrong("vestigingsnummer")
        return signaal

    @classmethod
    def read(cls, body: bytes) -> Signaal:
        """Read it as it stands on the bus; raises MessageRefused."""
        try:
            return cls.of(orjson.loads(body))
        except orjson.JSONDecodeError:
            raise _wrong("") from None

    @property
    def kind(self) -> str:
        """What it says to who follows companies; a signal that nobody has heard of yet says that something changed."""
        called = _VERSION.sub("", self.signaalType)
        if called in (OPGEVOERD, BEEINDIGD):
            return called
        return VESTIGING if self.vestigingsnummer else INSCHRIJVING

    @property
    def subject(self) -> str:
        """The number of what changed."""
        return self.vestigingsnummer if self.kind == VESTIGING else self.kvknummer

    def plain(self) -> dict[str, Any]:
        """Give it as a mapping reads it."""
        return {name: value for name, value in self._asdict().items() if value}

    def body(self) -> bytes:
        """Give it as it goes on the bus: the same signal is the same bytes."""
        return orjson.dumps(self.plain())


def _wrong(name: str) -> MessageRefused:
    return MessageRefused("it is no signal of the Mutatieservice", code="signaal", path=name, status=400)
