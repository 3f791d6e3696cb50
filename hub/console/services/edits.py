"""Corrections of messages, as the API shows them; what is in them is shown as content is.

It refuses to decide: the editor of `hub.flow` does.
"""

from __future__ import annotations

import orjson

from hub.console.models.edits import DiffLine, EditRequest, EditView, Suggestion
from hub.console.models.wire import Reasoned
from hub.console.services.rights import check_may, check_seen, unknown
from hub.console.services.unmaskings import Unmaskings
from hub.errors import ActRefused, NotAllowed
from hub.flow.case import CaseOf
from hub.flow.edit import Editor, Proposal
from hub.flow.suggest import Rules
from hub.ledger.contract import Ledger
from hub.ledger.edits import Edit
from hub.ledger.entries import Failure
from hub.security.personal import HIDDEN
from hub.security.roles import Actor, Right


class Edits:
    """What people do with corrections."""

    def __init__(self, editor: Editor, rules: Rules, cases: CaseOf, *, ledger: Ledger, unmaskings: Unmaskings) -> None:
        self._editor = editor
        self._rules = rules
        self._cases = cases
        self._ledger = ledger
        self._unmaskings = unmaskings

    async def propose(self, actor: Actor, session: str, request: EditRequest) -> EditView:
        """Propose a correction of a failed message; raises NotAllowed when its content is not shown to this session."""
        failure = await self._ledger.failure(request.failure)
        if failure is None or failure.id != request.failure:
            raise unknown("failure")
        check_may(actor, Right.EDIT, failure.stage, "failure")
        await self._check_content(actor, session, failure.stage, failure.item_id)
        if (request.text is None) == (request.changes is None):
            raise ActRefused(
                "an edit has a text as a whole, or changes of fields", code="schema", advice="give one of the two"
            )
        proposal = await self._editor.propose(
            failure.id,
            request.part,
            by=actor.name,
            reason=request.reason,
            text=request.text.encode() if request.text is not None else None,
            changes=request.changes,
        )
        return await self._view(actor, session, proposal)

    async def get(self, actor: Actor, session: str, edit_id: str) -> EditView:
        """Give one, and what would come of it now."""
        edit = await self._seen(actor, edit_id)
        return await self._view(actor, session, await self._editor.view(edit.id))

    async def approve(self, actor: Actor, session: str, edit_id: str, act: Reasoned) -> EditView:
        """Approve the correction of somebody else."""
        edit = await self._mine(actor, Right.APPROVE, edit_id)
        return await self._view(actor, session, await self._editor.approve(edit.id, by=actor.name, reason=act.reason))

    async def reject(self, actor: Actor, session: str, edit_id: str, act: Reasoned) -> EditView:
        """Reject it; who may not judge those of others takes back their own."""
        edit = await self._seen(actor, edit_id)
        right = Right.EDIT if edit.made_by == actor.name else Right.APPROVE
        check_may(actor, right, edit.stage, "edit")
        return await self._view(actor, session, await self._editor.reject(edit.id, by=actor.name, reason=act.reason))

    async def apply(self, actor: Actor, session: str, edit_id: str, act: Reasoned) -> EditView:
        """Carry it out."""
        edit = await self._mine(actor, Right.EDIT, edit_id)
        return await self._view(actor, session, await self._editor.apply(edit.id, by=actor.name, reason=act.reason))

    async def rule(self, actor: Actor, session: str, edit_id: str) -> Suggestion:
        """Suggest a rule; it may hold a value of the message."""
        edit = await self._mine(actor, Right.EDIT, edit_id)
        await self._check_content(actor, session, edit.stage, edit.item_id)
        made = await self._rules.of(edit.id)
        return Suggestion(files=made.files, explanation=made.explanation)

    async def case(self, actor: Actor, edit_id: str) -> Suggestion:
        """Make a test case; persons in it are fictitious."""
        edit = await self._mine(actor, Right.EDIT, edit_id)
        made = await self._cases.of(edit.id)
        return Suggestion(files=made.files, explanation=made.explanation)

    async def of_failure(self, actor: Actor, session: str, failure: Failure) -> list[EditView]:
        """Give the corrections of a failure, newest first."""
        edits = await self._ledger.proposals(failure.id)
        return [await self._view(actor, session, await self._editor.view(each.id)) for each in edits]

    async def _view(self, actor: Actor, session: str, proposal: Proposal) -> EditView:
        edit = proposal.edit
        shown = await self._unmaskings.until(actor, session, edit.stage, edit.item_id) is not None
        return EditView(
            id=edit.id,
            failure=edit.failure_id,
            part=edit.part,
            state=edit.state,
            made_by=edit.made_by,
            made_at=edit.made_at,
            reason=edit.reason,
            approved_by=edit.approved_by,
            needs_approval=proposal.needs_approval,
            diff=[
                DiffLine(
                    path=each.path,
                    before=_value(each.before, shown=shown),
                    after=_value(each.after, shown=shown),
                    kind=each.kind,
                )
                for each in proposal.differences
            ],
            problems=list(proposal.problems),
            outcome=proposal.outcome,
        )

    async def _seen(self, actor: Actor, edit_id: str) -> Edit:
        edit = await self._ledger.proposal(edit_id)
        if edit is None or edit.id != edit_id:
            raise unknown("edit")
        check_seen(actor, edit.stage, "edit")
        return edit

    async def _mine(self, actor: Actor, right: Right, edit_id: str) -> Edit:
        edit = await self._seen(actor, edit_id)
        check_may(actor, right, edit.stage, "edit")
        return edit

    async def _check_content(self, actor: Actor, session: str, stage: str, item_id: str) -> None:
        if await self._unmaskings.until(actor, session, stage, item_id) is None:
            raise NotAllowed(
                "the content of this message is not shown to this session",
                code="gemaskeerd",
                advice="unmask it first, with a reason",
            )


def _value(value: object, *, shown: bool) -> object:
    if value is None:
        return None
    # Through JSON: what an event or a message holds may be more than that.
    return orjson.loads(orjson.dumps(value, default=str)) if shown else HIDDEN
