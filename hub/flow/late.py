"""What a target says of an event after it had acknowledged it: done after all, or not.

An acknowledgement says that the target has the message, not that it did what it asks (StUF 03.01 §4.4: Bv03, then Bv01
or Fo01). A late failure becomes one of the delivery that it is about, for a person; a late success a line in the
timeline of the zaak. It refuses to know how it is said: that is the adapter's.
"""

from __future__ import annotations

from collections.abc import Collection

import structlog

from hub.clock import Clock
from hub.config import policy
from hub.flow.fingerprint import fingerprinted
from hub.flow.park import failure_id_of
from hub.ledger.contract import Ledger
from hub.ledger.entries import Confirmation, Delivery, DeliveryState, Failure, FailureState
from hub.observe.metrics import Count, Metrics
from hub.ports.contracts import Heard

log = structlog.get_logger()

_ADVICE = "mend it at the target, or let the sender send it again; then zaakhub failures drop, with what you did"


class Late:
    """Hears what comes in over one inbound connection about the deliveries of `stages`, those of the same system."""

    def __init__(
        self, connection: str, stages: Collection[str], *, ledger: Ledger, clock: Clock, metrics: Metrics
    ) -> None:
        self._connection = connection
        self._stages = frozenset(stages)
        self._ledger = ledger
        self._clock = clock
        self._metrics = metrics

    async def hear(self, heard: Heard) -> None:
        """Write down what was said; of an event that nobody delivered there, only that it was said.

        Hearing the same again changes nothing. Raises HubUnavailable.
        """
        deliveries = await self._deliveries(heard.reference)
        for wait_s in policy.LATE_ANSWER_WAITS_S if not deliveries else ():
            await self._clock.sleep(wait_s)
            deliveries = deliveries or await self._deliveries(heard.reference)
        if not deliveries:
            log.warning("late_answer_unknown", connection=self._connection, said=heard.said)
        self._metrics.count(Count.HEARD, self._connection, _outcome(heard) if deliveries else "onbekend")
        for each in deliveries:
            await self._write(heard, each)

    async def _deliveries(self, event_id: str) -> list[Delivery]:
        return [
            each
            for each in await self._ledger.delivered(event_id)
            if each.stage in self._stages and each.state is DeliveryState.DELIVERED
        ]

    async def _write(self, heard: Heard, delivery: Delivery) -> None:
        now = self._clock.now()
        if heard.failure is None:
            await self._ledger.confirm(Confirmation(delivery.stage, delivery.event_id, delivery.zaak, heard.said, now))
            return
        failure_id = failure_id_of(delivery.stage, delivery.event_id)
        known = await self._ledger.failure(failure_id)
        if known is not None and known.where == heard.said:
            return  # it was said before, and a person may have dealt with it since
        failure = Failure(
            id=failure_id,
            stage=delivery.stage,
            item_id=delivery.event_id,
            kind=delivery.kind,
            zaak=delivery.zaak,
            state=FailureState.OPEN,
            code=heard.failure.code,
            reason=heard.failure.reason,
            fault=heard.failure.fault.value,
            advice=_ADVICE,
            where=heard.said,
            revision="",
            attempts=delivery.attempts,
            first_at=now,
            last_at=now,
            next_at=None,
        )
        await self._ledger.end(failures=[fingerprinted(failure, target="")])


def _outcome(heard: Heard) -> str:
    return "gedaan" if heard.failure is None else "mislukt"
