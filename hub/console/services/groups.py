"""Groups of failures that look alike, as the API shows them and people write on them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from hub.clock import Clock
from hub.console.models.failures import GroupChange, GroupMerge, GroupSplit, GroupView
from hub.console.services import moments
from hub.console.services.part import Part, Versioned
from hub.console.services.rights import check_may, check_seen, seen_of, unknown
from hub.flow.fingerprint import in_common
from hub.ledger.contract import Ledger
from hub.ledger.entries import FailureState, OperatorAct
from hub.ledger.groups import After, Group
from hub.security.roles import Actor, Right


class Groups:
    """What operators do with groups."""

    def __init__(self, ledger: Ledger, clock: Clock, stages: Iterable[str]) -> None:
        self._ledger = ledger
        self._clock = clock
        self._stages = frozenset(stages)

    async def list(
        self,
        actor: Actor,
        *,
        state: FailureState | None,
        stage: str | None,
        text: str | None,
        after: Any,  # noqa: ANN401 - where `moments` says
        limit: int,
    ) -> Part[GroupView]:
        """List groups of connections that the person sees."""
        seen = None if actor.everywhere else seen_of(actor, self._stages)
        if stage is not None:
            seen = seen_of(actor, [stage])
        begin = moments.read(after)
        found = await self._ledger.groups(
            stages=seen, state=state, text=text or "", after=After(*begin) if begin else None, limit=limit + 1
        )
        shown = found[:limit]
        behind = None
        if len(found) > limit:
            last = shown[-1]
            behind = moments.written(last.first_at if state is FailureState.RESOLVED else last.last_at, last.id)
        return Part([_view(each) for each in shown], behind)

    async def get(self, actor: Actor, group_id: str) -> Versioned[GroupView]:
        """Give one."""
        group = await self._seen(actor, group_id)
        return Versioned(_view(group), group.version)

    async def change(self, actor: Actor, group_id: str, change: GroupChange, *, expected: str) -> Versioned[GroupView]:
        """Keep what people know of it; what the change does not name stays."""
        group = await self._mine(actor, group_id)
        notes = group.notes._replace(**change.model_dump(exclude_unset=True))
        await self._ledger.change_group(group.id, notes, self._act(actor, group, "note", ""), expected=expected)
        return await self.get(actor, group.id)

    async def merge(self, actor: Actor, group_id: str, merge: GroupMerge) -> GroupView:
        """Take other groups into it."""
        group = await self._mine(actor, group_id)
        for other in merge.groups:
            await self._mine(actor, other)
        await self._ledger.merge_groups(group.id, merge.groups, self._act(actor, group, "merge", merge.reason))
        return (await self.get(actor, group.id)).shown

    async def split(self, actor: Actor, group_id: str, split: GroupSplit) -> GroupView:
        """Take failures out of it."""
        group = await self._mine(actor, group_id)
        new_id = uuid.uuid4().hex
        await self._ledger.split_group(
            group.id, split.failures, self._act(actor, group, "split", split.reason), new_id=new_id
        )
        return (await self.get(actor, new_id)).shown

    async def _seen(self, actor: Actor, group_id: str) -> Group:
        group = await self._ledger.group(group_id)
        if group is None:
            raise unknown("group")
        check_seen(actor, group.stage, "group")
        return group

    async def _mine(self, actor: Actor, group_id: str) -> Group:
        group = await self._seen(actor, group_id)
        check_may(actor, Right.NOTE, group.stage, "group")
        return group

    def _act(self, actor: Actor, group: Group, act: str, reason: str) -> OperatorAct:
        return OperatorAct("", act, actor.name, reason, self._clock.now(), on=f"groep:{group.id}")


def _view(group: Group) -> GroupView:
    return GroupView(
        id=group.id,
        stage=group.stage,
        code=group.code,
        reason=in_common(group.reason),
        fault=group.fault,
        where=group.where,
        target=group.target,
        revision=group.revision,
        first_at=group.first_at,
        last_at=group.last_at,
        open=group.open,
        retrying=group.retrying,
        zaken=group.zaken,
        advice=group.advice,
        note=group.notes.note,
        owner=group.notes.owner,
        link=group.notes.link,
    )
