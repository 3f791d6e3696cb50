"""Correcting a failed message in whichever shape the mistake is: proposed, judged, applied, and then tried again.

The original is kept. What would come of an edit is told before anything is sent. Where the policy of a connection asks
for a second person, nobody approves an edit of their own. It decides; what fields are is for `hub.desk.change`.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import orjson

from hub.clock import Clock
from hub.config.connection import Connection
from hub.desk.change import Difference, changed, differences
from hub.desk.content import Contents, Shapes
from hub.desk.preview import Adapters
from hub.desk.prospect import Prospect, event_from, prospect_of_event, prospect_of_message, prospect_of_request
from hub.desk.replay import Case, Operator
from hub.desk.second_person import check_second_person
from hub.errors import ActRefused, HubUnavailable
from hub.flow.bundle import Mappings
from hub.flow.document import Instead, without_document
from hub.flow.park import Item
from hub.flow.persons import Pseudonym
from hub.flow.records import pack_headers
from hub.ledger.contract import Ledger
from hub.ledger.edits import Edit, EditPart, EditState, base_of
from hub.ledger.entries import OperatorAct, ParkedItem, WaitState

_OPEN = (EditState.PROPOSED, EditState.APPROVED)


class Proposal(NamedTuple):
    """An edit, and what would come of it while that is open; see `Prospect`.

    `needs_approval`: somebody else must look at it before it is applied.
    """

    edit: Edit
    needs_approval: bool
    differences: list[Difference]
    problems: tuple[str, ...] = ()
    outcome: str = ""


class Editor:
    """Corrects failed messages on behalf of a person (`by`, and `by_id`: see `second_person`), who gives a reason."""

    def __init__(
        self,
        *,
        operator: Operator,
        contents: Contents,
        ledger: Ledger,
        clock: Clock,
        connections: Mapping[str, Connection],
        adapters: Adapters,
        mappings: Callable[[str], Mappings],
        pseudonym: Pseudonym,
    ) -> None:
        """Take `mappings`, which gives those that run at a connection now."""
        self._pseudonym = pseudonym
        self._operator = operator
        self._contents = contents
        self._ledger = ledger
        self._clock = clock
        self._connections = connections
        self._adapters = adapters
        self._mappings = mappings

    async def propose(
        self,
        failure_id: str,
        part: EditPart,
        *,
        by: str,
        reason: str,
        text: bytes | None = None,
        changes: Mapping[str, Any] | None = None,
        expected: str | None = None,
        by_id: str = "",
    ) -> Proposal:
        """Keep a corrected content for others to look at: `text` as a whole, or `changes` of fields.

        Raises ActRefused when it cannot be corrected there, does not fit its schema, or changes nothing.
        """
        proposal = await self._made(
            failure_id, part, by=by, by_id=by_id, reason=reason, text=text, changes=changes, expected=expected
        )
        await self._ledger.propose(proposal.edit, self._act(proposal.edit, "edit-propose", by, reason))
        return proposal

    async def correct(
        self,
        failure_id: str,
        part: EditPart | None = None,
        *,
        by: str,
        reason: str,
        text: bytes | None = None,
        changes: Mapping[str, Any] | None = None,
        expected: str | None = None,
        by_id: str = "",
    ) -> Proposal:
        """Correct it at once, without trying it again; where a second person is needed, only propose it.

        Without `part`: the shape in which it waits.
        """
        if part is None:
            case = await self._operator.case(failure_id)
            part = EditPart.RAW if self._is_message(case.failure.stage) else EditPart.EVENT
        proposal = await self._made(
            failure_id, part, by=by, by_id=by_id, reason=reason, text=text, changes=changes, expected=expected
        )
        if proposal.needs_approval:
            await self._ledger.propose(proposal.edit, self._act(proposal.edit, "edit-propose", by, reason))
            return proposal
        await self._carry_out(proposal.edit, by, reason)
        return proposal._replace(edit=await self._edit(proposal.edit.id))

    async def view(self, edit_id: str) -> Proposal:
        """Give an edit and what would come of it now; raises ActRefused when there is none."""
        return await self._seen(await self._edit(edit_id))

    async def approve(self, edit_id: str, *, by: str, reason: str, by_id: str = "") -> Proposal:
        """Agree with the edit of somebody else."""
        edit = await self._edit(edit_id)
        check_second_person("edit", edit.made_by, edit.made_by_id, by=by, by_id=by_id)
        await self._ledger.judge(edit.id, EditState.APPROVED, self._act(edit, "edit-approve", by, reason))
        return await self.view(edit.id)

    async def reject(self, edit_id: str, *, by: str, reason: str) -> Proposal:
        """Disagree with it, or take one's own back: it is never applied."""
        edit = await self._edit(edit_id)
        await self._ledger.judge(edit.id, EditState.REJECTED, self._act(edit, "edit-reject", by, reason))
        return await self.view(edit.id)

    async def apply(self, edit_id: str, *, by: str, reason: str) -> Proposal:
        """Carry an edit out and try the message again; one that waits behind another follows by itself.

        Raises ActRefused when somebody must approve it first, or the message is not as it was when it was made. Once
        the edit is applied it raises nothing: that the message was not tried again stands in `outcome` then.
        """
        edit = await self._edit(edit_id)
        if edit.state not in _OPEN:
            raise ActRefused(
                f"this edit is {edit.state.value} already", code="beoordeeld", advice="look at the failure again"
            )
        if self._needs_approval(edit):
            raise ActRefused(
                "a second person must approve this edit first",
                code="goedkeuring",
                advice=f"ask a colleague: zaakhub failures approve {edit.id[:8]}",
            )
        proposal = await self._proposal(edit)
        parked = await self._carry_out(edit, by, reason)
        proposal = proposal._replace(edit=await self._edit(edit.id))
        try:
            queue = await self._ledger.queue(parked.stage, parked.lane)
            if queue and queue[0].item_id == parked.item_id and queue[0].state is not WaitState.HELD:
                await self._operator.replay(edit.failure_id, by=by, reason=reason)
        except (ActRefused, HubUnavailable) as wrong:
            return proposal._replace(outcome=f"it is applied, and was not tried again: {wrong.reason}")
        return proposal

    async def _made(
        self,
        failure_id: str,
        part: EditPart,
        *,
        by: str,
        by_id: str,
        reason: str,
        text: bytes | None,
        changes: Mapping[str, Any] | None,
        expected: str | None,
    ) -> Proposal:
        case = await self._operator.case(failure_id)
        parked = self._operator.still_parked(case)
        if expected is not None:
            case.expect(expected)
        before = await self._before(case, part)
        after = await asyncio.to_thread(changed, before, changes or {}) if text is None else text
        edit = Edit(
            id=str(uuid.uuid4()),
            failure_id=case.failure.id,
            stage=parked.stage,
            item_id=parked.item_id,
            part=part,
            state=EditState.PROPOSED,
            base=base_of(parked),
            before=before,
            after=after,
            made_by=by,
            made_at=self._clock.now(),
            reason=reason,
            made_by_id=by_id,
        )
        proposal = await self._proposal(edit)
        if not proposal.differences:
            raise ActRefused("this changes nothing", code="niets", advice="is it the right failure?")
        if proposal.problems:
            raise ActRefused("; ".join(proposal.problems), code="schema", advice="correct the field; nothing was saved")
        return proposal

    async def _seen(self, edit: Edit) -> Proposal:
        """Give it also when what would come of it can't be said any more: what it came from may be gone."""
        try:
            return await self._proposal(edit)
        except ActRefused as refused:
            found = await asyncio.to_thread(differences, edit.before, edit.after)
            return Proposal(edit, self._needs_approval(edit), found, problems=(refused.reason,))

    async def _proposal(self, edit: Edit) -> Proposal:
        """Give it with what would come of it, found beside the loop: of a large message that takes a while."""
        found = await asyncio.to_thread(differences, edit.before, edit.after)
        item = await self._ledger.parked(edit.stage, edit.item_id)
        if edit.state not in _OPEN or item is None:
            return Proposal(edit, needs_approval=False, differences=found)
        prospect = await self._prospect(edit, item)
        return Proposal(edit, self._needs_approval(edit), found, prospect.problems, prospect.outcome)

    async def _before(self, case: Case, part: EditPart) -> bytes:
        """Give what is corrected; raises ActRefused where the message has no such shape."""
        stage = case.failure.stage
        if self._is_message(stage) and part is not EditPart.RAW:
            raise ActRefused(
                "this message failed before it was an event",
                code="geen-event",
                advice="correct the message itself: zaakhub failures edit ID --part bericht",
            )
        shapes: Shapes = await self._contents.of(case.failure.id, connection=stage)
        shape = {EditPart.RAW: shapes.raw, EditPart.EVENT: shapes.event, EditPart.REQUEST: shapes.request}[part]
        if shape.content is None:
            raise ActRefused(
                f"there is no {part.value} to correct: {shape.note}",
                code="geen-inhoud",
                advice="correct it in the shape that is there",
            )
        return shape.content

    async def _prospect(self, edit: Edit, item: ParkedItem) -> Prospect:
        """Try what an edit would come to, without sending anything."""
        record, mappings = Item.from_parked(item), self._mappings(edit.stage)
        beside, adapters = asyncio.to_thread, self._adapters
        match edit.part:
            case EditPart.RAW if self._is_message(edit.stage):
                return await beside(prospect_of_message, record, edit.after, mappings, adapters, self._pseudonym)
            case EditPart.RAW:
                data, prospect = await self._event_from(edit, record)
                return prospect if data is None else await beside(prospect_of_event, record, data, mappings, adapters)
            case EditPart.EVENT:
                return await beside(prospect_of_event, record, edit.after, mappings, adapters)
            case EditPart.REQUEST:
                return await beside(prospect_of_request, record, await self._instead(edit, record), adapters)

    async def _event_from(self, edit: Edit, record: Item) -> tuple[bytes | None, Prospect]:
        """Make the event anew from the message that it came from, as corrected."""
        message = await self._contents.raw_of(record.headers)
        inner, corrected = self._mappings(message.connection), message._replace(value=edit.after)
        return await asyncio.to_thread(event_from, corrected, record, inner, self._adapters, self._pseudonym)

    async def _carry_out(self, edit: Edit, by: str, reason: str) -> ParkedItem:
        parked = await self._ledger.parked(edit.stage, edit.item_id)
        if parked is None:
            raise ActRefused(
                "the message went on before this edit was applied",
                code="ingehaald",
                advice="look at the timeline of its zaak",
            )
        item = await self._corrected(edit, parked)
        await self._ledger.edit(edit, item, self._act(edit, "edit", by, reason))
        return item

    async def _corrected(self, edit: Edit, parked: ParkedItem) -> ParkedItem:
        """Give the parked item as the edit says it should be."""
        record = Item.from_parked(parked)
        if edit.part is EditPart.REQUEST:
            headers = (await self._instead(edit, record)).put(record.headers)
            return parked._replace(headers=pack_headers(headers))
        value = edit.after
        if edit.part is EditPart.RAW and not self._is_message(edit.stage):
            data, prospect = await self._event_from(edit, record)
            if data is None:
                raise ActRefused(prospect.outcome, code="schema", advice="correct it; nothing was saved")
            value = data
        # What went out instead was made for the content of before.
        return parked._replace(value=value, headers=pack_headers(without_document(record.headers)))

    async def _instead(self, edit: Edit, record: Item) -> Instead:
        """Give a corrected request as it goes out: under the name under which it was made."""
        earlier = Instead.read(record.headers)
        kept = await self._ledger.request(edit.failure_id) if earlier is None else None
        mapping = self._mappings(edit.stage).get(record.kind)
        gives = earlier.gives if earlier else kept.gives if kept else mapping.gives if mapping else ""
        is_json = not isinstance(earlier.body, bytes) if earlier else kept.is_json if kept else edit.before[:1] == b"{"
        if not is_json:
            return Instead(gives, edit.after)
        try:
            body = orjson.loads(edit.after)
        except orjson.JSONDecodeError:
            body = None
        if not isinstance(body, dict):
            raise ActRefused("the request is no JSON object", code="geen-json", advice="correct it")
        return Instead(gives, body)

    async def _edit(self, edit_id: str) -> Edit:
        edit = await self._ledger.proposal(edit_id)
        if edit is None:
            raise ActRefused(f"no edit {edit_id}", code="onbekend", advice="zaakhub failures show ID")
        return edit

    def _needs_approval(self, edit: Edit) -> bool:
        connection = self._connections.get(edit.stage)
        return edit.state is EditState.PROPOSED and connection is not None and connection.policy.second_person

    def _is_message(self, stage: str) -> bool:
        return stage in self._adapters.inbound

    def _act(self, edit: Edit, act: str, by: str, reason: str) -> OperatorAct:
        detail = orjson.dumps({"edit": edit.id, "part": edit.part.value}).decode()
        return OperatorAct(edit.failure_id, act, by, reason, self._clock.now(), detail=detail)
