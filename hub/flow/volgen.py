"""Following a person because an application asked for it with its question (StUF `indicatorAfnemerIndicatie`).

Of whom is found alone, for an asker whose authorisation says by which connection it is told of changes (`volgt`); of
others nothing is placed, and the answer says so. It refuses to know how it is asked for: that is the adapter's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from hub.clock import Clock
from hub.config.connection import Connection
from hub.flow.logboek import BSN, Seal
from hub.flow.minimise import afnemer_of
from hub.flow.persons import Pseudonym, persons_of_event
from hub.ledger.contract import Ledger
from hub.ledger.entries import OperatorAct
from hub.ledger.indicaties import Indicatie
from hub.security.personal import Bsn

_REASON = "vraag met indicatorAfnemerIndicatie"


class Volger:
    """Places indicaties for those who ask over one inbound connection."""

    def __init__(self, connection: Connection, *, ledger: Ledger, clock: Clock, subject: Pseudonym, seal: Seal) -> None:
        """Take `subject`, which hashes a person, and `seal`, which encrypts one."""
        self._connection = connection
        self._ledger = ledger
        self._clock = clock
        self._subject = subject
        self._seal = seal

    async def place(self, sender: str, question: Mapping[str, Any], found: Sequence[Mapping[str, Any]]) -> bool:
        """Follow who was found, where that is one person; say whether it is followed. Raises HubUnavailable."""
        afnemer = afnemer_of(self._connection, sender)
        bsn = _who(question, found)
        if afnemer is None or not afnemer.volgt or bsn is None:
            return False
        person, now = self._subject(bsn), self._clock.now()
        if await self._ledger.followed(afnemer.volgt, {person}, now):
            return True
        placed = Indicatie(afnemer.volgt, person, self._seal(bsn), now, sender, _REASON)
        detail = orjson.dumps({"koppeling": afnemer.volgt, "vraag": self._connection.connection}).decode()
        act = OperatorAct("", "follow-place", sender, _REASON, now, f"persoon:{person}", detail)
        await self._ledger.place_indicaties([placed], [act])
        return True


def _who(question: Mapping[str, Any], found: Sequence[Mapping[str, Any]]) -> Bsn | None:
    """Give the one who was found, also where only the question says the number."""
    if len(found) != 1:
        return None
    said = {BSN: found[0].get(BSN)} if found[0].get(BSN) else {BSN: question.get(f"{BSN}s")}
    persons = persons_of_event(BSN.encode(), said)
    return next(iter(persons)) if len(persons) == 1 else None
