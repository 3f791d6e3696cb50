"""What became of a message after its sender was acknowledged, told to that sender where its connection says so.

The outcome and the duty to tell it are written in one transaction, so no outcome goes untold. `Duties` says who is to
be told what; `Reporter` tells it, with patience. It refuses to know how it is said: that is the adapter's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

import structlog

from hub.clock import Clock
from hub.config import policy
from hub.config.connection import Connection
from hub.errors import HubUnavailable, TargetFailed, TargetUnavailable, TargetUncertain
from hub.flow.outcome import Delivered, Outcome, Reason, Refused, Undistributed
from hub.flow.park import Item
from hub.ledger.contract import Ledger
from hub.ledger.entries import DueReport, Report
from hub.ports.contracts import Client, Reporting, Told

log = structlog.get_logger()

DROPPED = Reason("vervallen", "it was given up by who manages the hub", "beheerder", "", "")
"""What a sender is told of a message that an operator dropped."""


class Duties:
    """Who is to be told what."""

    def __init__(self, connections: Mapping[str, Connection]) -> None:
        self._wanting = {name: each for name, each in connections.items() if each.report is not None}

    def of(self, item: Item, outcome: Outcome) -> tuple[Report, ...]:
        """Give what the sender of an item is to be told of this outcome at its stage, if anything.

        A refusal is the sender's to mend; what is wrong on our side is not, and goes on once it is mended. What is not
        for the receiver is done: who the receiver follows is nothing to tell a sender.
        """
        sender = self._wanting.get(item.connection or item.stage)
        if sender is None or item.until is not None or item.stage not in (sender.connection, sender.delivers_to):
            return ()
        if isinstance(outcome, Refused):
            return (self._report(sender, item, outcome.reason, done=False),)
        ended = isinstance(outcome, Delivered | Undistributed)
        if ended and sender.report == "all" and item.stage == sender.delivers_to:
            return (self._report(sender, item, Reason("", "", "", "", ""), done=True),)
        return ()

    def _report(self, sender: Connection, item: Item, reason: Reason, *, done: bool) -> Report:
        said = Report(sender.connection, item.message_id, done, reason.code, reason.text, item.at)
        if item.stage != sender.connection:
            return said
        return said._replace(sender=item.sender, reference=item.reference, kind=item.kind, zaak=item.lane)


class Reporter:
    """Tells the senders of one connection."""

    def __init__(
        self,
        connection: Connection,
        *,
        reporting: Reporting,
        client: Client,
        mine: Callable[[], bool],
        ledger: Ledger,
        clock: Clock,
    ) -> None:
        """Take `mine`, which says whether this worker is the one that tells: the others leave it."""
        self._name = connection.connection
        self._limits = connection.policy
        self._reporting = reporting
        self._client = client
        self._mine = mine
        self._ledger = ledger
        self._clock = clock

    async def run(self) -> None:
        """Tell what is due, until cancelled."""
        while True:
            try:
                more = self._mine() and await self.tell() == policy.REPORT_GROUP_MAX
            except HubUnavailable as error:
                log.warning("ledger_unavailable", connection=self._name, code=error.code)
                more = False
            if not more:
                await self._clock.sleep(policy.REPORT_SCAN_S)

    async def tell(self) -> int:
        """Tell what is due; say how much that was."""
        due = await self._ledger.due_reports(self._name, self._clock.now(), policy.REPORT_GROUP_MAX)
        for each in due:
            await self._tell(each)
        return len(due)

    async def _tell(self, due: DueReport) -> None:
        report = due.report
        told = Told(
            message_id=report.message_id,
            sender=due.sender,
            reference=due.reference,
            kind=due.kind,
            zaak=due.zaak,
            at=report.at,
            done=report.done,
            code=report.code,
            reason=report.reason,
        )
        try:
            await self._reporting.tell(told, self._client)
        except (TargetUnavailable, TargetUncertain, HubUnavailable) as error:
            wait_s = min(self._limits.retry_wait_s * 2.0 ** min(due.attempts, 20), self._limits.retry_wait_max_s)
            at = self._clock.now() + timedelta(seconds=wait_s)
            if (at - report.at).total_seconds() <= self._limits.retry_for_s:
                await self._ledger.report_later(report, at)
                return
            self._untold(due, error.code)
        except TargetFailed as error:
            self._untold(due, error.code)
        except Exception as error:  # noqa: BLE001 - a bug in an adapter must not stop the worker
            self._untold(due, type(error).__name__)
        await self._ledger.report_ended(report)

    def _untold(self, due: DueReport, code: str) -> None:
        log.warning("sender_not_told", connection=self._name, message=due.report.message_id, kind=due.kind, code=code)
