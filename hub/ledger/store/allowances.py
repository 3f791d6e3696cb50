"""What was taken of the limits of sources."""

from __future__ import annotations

from datetime import date, datetime

import orjson

from hub.config.target import Limits
from hub.ledger import allowances
from hub.ledger.allowances import Bucket
from hub.ledger.store.base import SqlStore, Transaction
from hub.net.allowance import Lease


class AllowanceStore(SqlStore):
    """Buckets of tokens."""

    async def lease_tokens(self, name: str, limits: Limits, *, wanted: int, owed: int = 0) -> Lease:
        """Take tokens."""

        async def work(tx: Transaction) -> Lease:
            bucket = await self._bucket(tx, name)
            # The time at which nobody else is at it: waiting for that is not what a token is for.
            bucket, lease = allowances.leased(bucket, limits, wanted=wanted, owed=owed, now=self._clock.now())
            await _keep(tx, name, bucket)
            return lease

        return await self.run(work, write=True)

    async def shut_allowance(self, name: str, until: datetime) -> None:
        """Give out no tokens until then."""

        async def work(tx: Transaction) -> None:
            await _keep(tx, name, allowances.shut(await self._bucket(tx, name), until))

        await self.run(work, write=True)

    async def _bucket(self, tx: Transaction, name: str) -> Bucket:
        await tx.alone([("allowance", name)])
        found = await tx.rows("allowance", name)
        if not found:
            return allowances.new(self._clock.now())
        day, taken, slots, shut_until = found[0]
        return Bucket(
            date.fromisoformat(day),
            taken,
            {int(slot): each for slot, each in orjson.loads(slots).items()},
            None if shut_until is None else self._moment(shut_until),
        )


async def _keep(tx: Transaction, name: str, bucket: Bucket) -> None:
    slots = orjson.dumps({str(slot): taken for slot, taken in bucket.slots.items()}).decode()
    await tx.change("allowance_put", name, bucket.day.isoformat(), bucket.taken, slots, bucket.shut_until)
