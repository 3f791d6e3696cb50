"""Failures: one by its id, many by criteria, what a mapping made of their messages."""

from __future__ import annotations

from hub.config.policy import LIST_MAX
from hub.ledger import rows
from hub.ledger.edits import Made
from hub.ledger.entries import Failure, FailureState, Trace
from hub.ledger.groups import FAR_AHEAD, LONG_AGO, After, FailureFilter
from hub.ledger.rows import Cell, Cells
from hub.ledger.store.base import SqlStore, Transaction

ID_BEGINNING_MIN = 4
"""The contract: fewer characters of an id name nothing."""

EVERY_STAGE: list[Cells] = [("*",)]


class FailureStore(SqlStore):
    """Failures."""

    async def find_failures(
        self, wanted: FailureFilter, *, after: After | None = None, limit: int = LIST_MAX
    ) -> list[Failure]:
        """List failures by criteria."""
        if wanted.ids is not None:
            return (await self._by_ids(wanted, after))[:limit]

        async def work(tx: Transaction) -> list[Failure]:
            stages, criteria, (at, key) = _stages(wanted), _criteria(wanted), after or (FAR_AHEAD, "")
            found = await tx.match(_way(wanted)[0], stages, *criteria, at, key, limit)
            return [rows.failure(row, self._moment) for row in found]

        return await self.run(work, write=False) if wanted.stages is None or wanted.stages else []

    async def count_failures(self, wanted: FailureFilter) -> int:
        """Count failures by criteria."""
        if wanted.ids is not None:
            return len(await self._by_ids(wanted, None))

        async def work(tx: Transaction) -> int:
            return int((await tx.match(_way(wanted)[1], _stages(wanted), *_criteria(wanted)))[0][0])

        return await self.run(work, write=False) if wanted.stages is None or wanted.stages else 0

    async def failures(
        self, *, stage: str | None = None, state: FailureState | None = None, limit: int = LIST_MAX
    ) -> list[Failure]:
        """List failures."""
        return await self.find_failures(
            FailureFilter(state=state, stages=None if stage is None else [stage]), limit=limit
        )

    async def failure(self, failure_id: str) -> Failure | None:
        """Give a failure by its id or the beginning of it."""
        found = await self._rows("failure", failure_id)
        if not found and len(failure_id) >= ID_BEGINNING_MIN:
            found = await self._rows("failures_by_beginning", failure_id)
        return rows.failure(found[0], self._moment) if len(found) == 1 else None

    async def trace(self, failure_id: str) -> Trace | None:
        """Give the trace of a failure."""
        found = await self._rows("trace", failure_id)
        return rows.trace(found[0], self._moment) if found else None

    async def request(self, failure_id: str) -> Made | None:
        """Give what was to be sent."""
        found = await self._rows("request", failure_id)
        return rows.made(found[0], self._moment) if found else None

    async def _by_ids(self, wanted: FailureFilter, after: After | None) -> list[Failure]:
        ids = sorted(set(wanted.ids or ()))

        async def work(tx: Transaction) -> list[Failure]:
            found = await tx.match("failures_by_ids", [(each,) for each in ids])
            return [rows.failure(row, self._moment) for row in found]

        found = await self.run(work, write=False) if ids else []
        there = [each for each in found if _is(wanted, each) and (after is None or (each.last_at, each.id) < after)]
        return sorted(there, key=lambda each: (each.last_at, each.id), reverse=True)


def pattern(text: str) -> str:
    """Give the pattern of `like` for a text that is part of another, in lower case; nothing for no text."""
    plain = text.lower().replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return f"%{plain}%" if plain else ""


def _way(wanted: FailureFilter) -> tuple[str, str]:
    """Say what lists and what counts them, by the index that leaves fewest."""
    if wanted.zaak:
        return "failures_of_zaak", "count_of_zaak"
    if wanted.group:
        return "failures_of_group", "count_of_group"
    if wanted.unresolved or wanted.state in (FailureState.OPEN, FailureState.RETRYING):
        return "failures_waiting", "count_waiting"
    return "failures_all", "count_all"


def _stages(wanted: FailureFilter) -> list[Cells]:
    return EVERY_STAGE if wanted.stages is None else [(each,) for each in sorted(wanted.stages)]


def _criteria(wanted: FailureFilter) -> list[Cell]:
    return [
        wanted.state.value if wanted.state else "",
        wanted.code,
        wanted.kind,
        wanted.zaak,
        wanted.group,
        wanted.since or LONG_AGO,
        wanted.until or FAR_AHEAD,
        pattern(wanted.text),
        int(wanted.unresolved),
    ]


def _is(wanted: FailureFilter, each: Failure) -> bool:
    """Tell whether a failure is as wanted, as the statements do."""
    return (
        wanted.state in (None, each.state)
        and not (wanted.unresolved and each.state is FailureState.RESOLVED)
        and (wanted.stages is None or each.stage in wanted.stages)
        and wanted.group in ("", each.group)
        and wanted.code in ("", each.code)
        and wanted.kind in ("", each.kind)
        and wanted.zaak in ("", each.zaak)
        and (wanted.since or LONG_AGO) <= each.last_at < (wanted.until or FAR_AHEAD)
        and wanted.text.lower() in each.reason.lower()
    )
