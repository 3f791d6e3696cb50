"""What people do to the hub, written in the same transaction as what they did, as lines of the audit's chain."""

from __future__ import annotations

from collections.abc import Sequence

from hub.config.policy import AUDIT_PAGE
from hub.ledger import rows
from hub.ledger.audit import GENESIS, Chain, line_of
from hub.ledger.entries import OperatorAct
from hub.ledger.store.base import Transaction


async def record(tx: Transaction, acts: Sequence[OperatorAct]) -> None:
    """Write acts down; every method of the ledger that changes something for a person calls it, as its last change.

    The same act again (an answer that got lost) is one line. Raises ActRefused for an act without the reason that it
    needs: then nothing of the transaction happens.
    """
    lines = [line_of(act) for act in acts]
    if not lines:
        return
    # One at a time: each line follows the last one that is there.
    await tx.alone([("audit",)])
    number, previous = await _end(tx)
    for line in lines:
        sealed = line.sealed(number + 1, previous)
        if await tx.change("audit_add", *rows.audit_cells(sealed)):
            number, previous = sealed.number, sealed.hash


async def _end(tx: Transaction) -> tuple[int, str]:
    found = await tx.rows("audit_last")
    if not found:
        return 0, GENESIS
    number, hashed = found[0]
    if hashed:
        return int(number), str(hashed)
    # All there is is from before the chain: its first line seals them.
    chain = Chain()
    while page := await tx.rows("audit_after", chain.number, "", "", *rows.EVER, AUDIT_PAGE):
        for row in page:
            chain.follow(rows.audit_line(row, tx.moment))
    return chain.number, chain.hash
