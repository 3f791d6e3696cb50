"""Corrections of messages, as the API shows them; what is in them is shown as content is, and only to who asks for it.

The answer to an act may be kept to be given again (`Idempotency-Key`), so it holds no values. A correction of the raw
message is about the connection where that came in: rights are asked there too (ADR 0022). It refuses to decide: the
editor of `hub.desk` does.
"""

from __future__ import annotations

import orjson

from hub.config import policy
from hub.console.models.edits import DiffLine, EditLine, EditRequest, EditView, Suggestion
from hub.console.models.wire import Reasoned
from hub.console.services.rights import check_may, check_seen, unknown
from hub.console.services.unmaskings import Unmaskings
from hub.desk.case import CaseOf
from hub.desk.content import Contents
from hub.desk.edit import Editor, Proposal
from hub.desk.second_person import is_own
from hub.desk.suggest import Rules
from hub.errors import ActRefused, NotAllowed
from hub.ledger.contract import Ledger
from hub.ledger.edits import Edit, EditPart
from hub.ledger.entries import Failure
from hub.security.personal import HIDDEN
from hub.security.roles import EVERY_CONNECTION, Actor, Right


class Edits:
    """What people do with corrections."""

    def __init__(
        self,
        editor: Editor,
        rules: Rules,
        cases: CaseOf,
        *,
        contents: Contents,
        ledger: Ledger,
        unmaskings: Unmaskings,
    ) -> None:
        self._contents = contents
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
        if request.part is EditPart.RAW:
            origin = await self._origin(failure.stage, failure.item_id)
            _check_there(actor, origin, Right.CONTENT, Right.EDIT)
        if (request.text is None) == (request.changes is None):
            raise ActRefused(
                "an edit has a text as a whole, or changes of fields", code="schema", advice="give one of the two"
            )
        proposal = await self._editor.propose(
            failure.id,
            request.part,
            by=actor.name,
            by_id=actor.id,
            reason=request.reason,
            text=request.text.encode() if request.text is not None else None,
            changes=request.changes,
        )
        return _view(proposal, shown=False)

    async def get(self, actor: Actor, session: str, edit_id: str) -> EditView:
        """Give one, and what would come of it now."""
        edit = await self._seen(actor, edit_id)
        lacks = await self._lacking(actor, edit)
        shown = not lacks and await self._unmaskings.until(actor, session, edit.stage, edit.item_id) is not None
        return _view(await self._editor.view(edit.id), shown=shown, lacks=lacks)

    async def approve(self, actor: Actor, edit_id: str, act: Reasoned) -> EditView:
        """Approve the correction of somebody else."""
        edit = await self._mine(actor, Right.APPROVE, edit_id)
        done = await self._editor.approve(edit.id, by=actor.name, by_id=actor.id, reason=act.reason)
        return _view(done, shown=False)

    async def reject(self, actor: Actor, edit_id: str, act: Reasoned) -> EditView:
        """Reject it; who may not judge those of others takes back their own."""
        edit = await self._seen(actor, edit_id)
        own = is_own(edit.made_by, edit.made_by_id, actor.name, actor.id)
        right = Right.EDIT if own else Right.APPROVE
        check_may(actor, right, edit.stage, "edit")
        return _view(await self._editor.reject(edit.id, by=actor.name, reason=act.reason), shown=False)

    async def apply(self, actor: Actor, edit_id: str, act: Reasoned) -> EditView:
        """Carry it out."""
        edit = await self._mine(actor, Right.EDIT, edit_id)
        return _view(await self._editor.apply(edit.id, by=actor.name, reason=act.reason), shown=False)

    async def rule(self, actor: Actor, session: str, edit_id: str) -> Suggestion:
        """Suggest a rule; it may hold a value of the message."""
        edit = await self._open(actor, session, edit_id)
        made = await self._rules.of(edit.id)
        return Suggestion(files=made.files, explanation=made.explanation)

    async def case(self, actor: Actor, session: str, edit_id: str) -> Suggestion:
        """Make a test case; persons in it are fictitious, and codes and dates of the message are not."""
        edit = await self._open(actor, session, edit_id)
        made = await self._cases.of(edit.id)
        return Suggestion(files=made.files, explanation=made.explanation)

    async def of_failure(self, failure: Failure) -> list[EditLine]:
        """List the corrections of a failure, newest first."""
        lines = await self._ledger.edit_lines(failure.id, limit=policy.EDITS_SHOWN_MAX)
        return [EditLine(**each._asdict()) for each in lines]

    async def _seen(self, actor: Actor, edit_id: str) -> Edit:
        edit = await self._ledger.proposal(edit_id)
        if edit is None or edit.id != edit_id:
            raise unknown("edit")
        check_seen(actor, edit.stage, "edit")
        return edit

    async def _mine(self, actor: Actor, right: Right, edit_id: str) -> Edit:
        edit = await self._seen(actor, edit_id)
        check_may(actor, right, edit.stage, "edit")
        if edit.part is EditPart.RAW:
            _check_there(actor, await self._origin(edit.stage, edit.item_id), right)
        return edit

    async def _open(self, actor: Actor, session: str, edit_id: str) -> Edit:
        """Give one whose content this session sees, and that of the message that it goes back to."""
        edit = await self._mine(actor, Right.EDIT, edit_id)
        await self._check_content(actor, session, edit.stage, edit.item_id)
        if edit.part is not EditPart.REQUEST:
            _check_there(actor, await self._origin(edit.stage, edit.item_id), Right.CONTENT)
        return edit

    async def _lacking(self, actor: Actor, edit: Edit) -> str:
        """Name the connection where the person may not see what is corrected, though they may see the correction."""
        if edit.part is not EditPart.RAW or not actor.may(Right.CONTENT, edit.stage):
            return ""
        origin = await self._origin(edit.stage, edit.item_id)
        return "" if actor.may(Right.CONTENT, origin) else origin

    async def _origin(self, stage: str, item_id: str) -> str:
        """Name the connection where the raw message is; every one, when nobody knows that any more."""
        return await self._contents.origin(item_id, connection=stage) or EVERY_CONNECTION

    async def _check_content(self, actor: Actor, session: str, stage: str, item_id: str) -> None:
        if await self._unmaskings.until(actor, session, stage, item_id) is None:
            raise NotAllowed(
                "the content of this message is not shown to this session",
                code="gemaskeerd",
                advice="unmask it first, with a reason",
            )


def _check_there(actor: Actor, origin: str, *rights: Right) -> None:
    """Raise NotAllowed unless the person has these rights where the raw message came in too."""
    for right in rights:
        if not actor.may(right, origin):
            where = "every connection" if origin == EVERY_CONNECTION else origin
            raise NotAllowed(
                f"this is about the message as it came in: it needs the right {right.value} at {where} too",
                code="geen-recht",
                advice="correct another shape of it, or ask who gives roles in your municipality",
            )


def _view(proposal: Proposal, *, shown: bool, lacks: str = "") -> EditView:
    edit = proposal.edit
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
        lacks=lacks,
    )


def _value(value: object, *, shown: bool) -> object:
    if value is None:
        return None
    # Through JSON: what an event or a message holds may be more than that.
    return orjson.loads(orjson.dumps(value, default=str)) if shown else HIDDEN
