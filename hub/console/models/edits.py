"""Corrections of messages."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from hub.console.models.wire import Id, Reason, Told, Wire
from hub.ledger.edits import EditPart, EditState


class EditRequest(Told):
    """Propose a corrected content. With `changes` only these fields are other; with `text` it is that, as a whole."""

    failure: Id
    part: EditPart
    text: Annotated[str, Field(max_length=2_000_000)] | None = None
    changes: dict[Annotated[str, Field(max_length=300)], Any] | None = None
    reason: Reason


class DiffLine(Wire):
    """One field that differs. Values are shown to who may see the content and asks for the correction (GET)."""

    path: str
    before: Any = None
    after: Any = None
    kind: Literal["anders", "nieuw", "weg"]


class EditLine(Wire):
    """A correction in a list: what is in it, and what would come of it, is asked of the correction itself."""

    id: str
    part: EditPart
    state: EditState
    made_by: str
    made_at: datetime
    reason: str
    approved_by: str


class EditView(Wire):
    """A proposed correction, and what would come of it."""

    id: str
    failure: str
    part: EditPart
    state: EditState
    made_by: str
    made_at: datetime
    reason: str
    approved_by: str
    needs_approval: bool
    """A second person must look at it before it can be applied."""
    diff: list[DiffLine]
    problems: list[str]
    """Why it does not fit the schema; empty when it does."""
    outcome: str
    """What the mapping makes of it, in one sentence: that it passes, or why not."""
    lacks: str = ""
    """The connection where what is corrected came in, and the person has no right `inhoud`; `*` is every one."""


class Suggestion(Wire):
    """A file that would make the edit unnecessary: a rule of the mapping, or a test case."""

    files: dict[str, str]
    """Path below the folder of mappings → text."""
    explanation: str
