"""The meaning of the ledger's contract, once, for every SQL database: its parts together."""

from __future__ import annotations

from hub.ledger.store.messages import MessageStore
from hub.ledger.store.queues import QueueStore
from hub.ledger.store.reports import ReportStore
from hub.ledger.store.revisions import RevisionStore


class SqlLedger(MessageStore, QueueStore, ReportStore, RevisionStore):
    """Every method of the contract."""
