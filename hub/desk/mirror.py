"""The audit on the bus too: each line as it stands in the chain, so that what is cut off in the ledger shows.

Any worker does it. A line may come twice; its number says so. It changes nothing and judges nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import orjson
import structlog

from hub.bus.contract import Bus, Received, Record
from hub.clock import Clock
from hub.config import policy
from hub.errors import HubUnavailable
from hub.ledger.contract import Ledger

log = structlog.get_logger()

KEY = b"keten"
"""Key of these records: on the same topic is who asked what (`hub.flow.ask`)."""


class Mirrored(NamedTuple):
    """What the bus has of one line."""

    number: int
    hash: str


class Mirror:
    """Copies the audit to the bus, from where it was left."""

    def __init__(self, *, ledger: Ledger, bus: Bus, topic: str, clock: Clock) -> None:
        self._ledger = ledger
        self._bus = bus
        self._topic = topic
        self._clock = clock

    async def run(self) -> None:
        """Copy what is new, until cancelled."""
        while True:
            try:
                await self.copy()
            except HubUnavailable as error:
                log.warning("audit_not_mirrored", code=error.code)
            await self._clock.sleep(policy.AUDIT_MIRROR_S)

    async def copy(self) -> None:
        """Copy what is not there yet; raises HubUnavailable."""
        while lines := await self._ledger.unmirrored(policy.AUDIT_PAGE):
            await self._bus.publish([Record(self._topic, KEY, orjson.dumps(line._asdict())) for line in lines])
            await self._ledger.mirrored(lines[-1].number)


async def contradiction(records: Iterable[Received], ledger: Ledger) -> tuple[int, int | None]:
    """Compare what the bus still has with the ledger; give how many lines it has, and the first that differs.

    Lines from before the chain have no hash, and nothing to compare.
    """
    there = sorted(set(_read(records)))
    for copy in there:
        found = await ledger.audit_lines(after=copy.number - 1, limit=1, oldest=True)
        if not found or Mirrored(found[0].number, found[0].hash) != copy:
            return len(there), copy.number
    return len(there), None


def _read(records: Iterable[Received]) -> Iterator[Mirrored]:
    for record in records:
        if record.key == KEY:
            line = orjson.loads(record.value)
            yield Mirrored(line["number"], line["hash"])
