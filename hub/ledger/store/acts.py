"""What people do to the hub, written in the same transaction as what they did."""

from __future__ import annotations

from collections.abc import Sequence

from hub.ledger import rows
from hub.ledger.entries import OperatorAct
from hub.ledger.store.base import Transaction


async def record(tx: Transaction, acts: Sequence[OperatorAct]) -> None:
    """Write acts down; every method of the ledger that changes something for a person calls it."""
    for act in acts:
        await tx.change("act_add", *rows.act_cells(act))
