"""The newest of many records, over all partitions of a topic, in bounded memory. Pure."""

from __future__ import annotations

import heapq

from hub.bus.contract import Partition, Received
from hub.config import policy

_Rank = tuple[int, int, int]


class Newest:
    """Keeps the newest `count` of the records it is given, as far as they fit in policy.TAIL_BYTES_MAX."""

    def __init__(self, count: int) -> None:
        """Begin with none."""
        self.count = min(count, policy.TAIL_RECORDS_MAX)
        self._kept: list[tuple[_Rank, Received]] = []
        self._bytes = 0
        self._latest: dict[Partition, int] = {}

    def add(self, record: Received) -> None:
        """Take a record in; those of a partition come in order."""
        # A clock that was set back does not change the order of a partition.
        at_ms = max(record.timestamp_ms, self._latest.get(record.partition, 0))
        self._latest[record.partition] = at_ms
        heapq.heappush(self._kept, ((at_ms, record.partition.number, record.offset), record))
        self._bytes += _size(record)
        while len(self._kept) > self.count or (self._bytes > policy.TAIL_BYTES_MAX and len(self._kept) > 1):
            self._bytes -= _size(heapq.heappop(self._kept)[1])

    def records(self) -> list[Received]:
        """Give what was kept, the oldest first."""
        return [record for _, record in sorted(self._kept, key=lambda kept: kept[0])]


def _size(record: Received) -> int:
    return len(record.key) + len(record.value) + sum(len(name) + len(value) for name, value in record.headers)
