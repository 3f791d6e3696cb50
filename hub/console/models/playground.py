"""Trying a mapping on a message."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from hub.console.models.content import Trace
from hub.console.models.wire import Name, Reason, Told, Wire


class PlaygroundRequest(Told):
    """Run a message through the mappings of a connection, possibly with changed files. Nothing is sent or kept."""

    connection: Name
    message: Annotated[str, Field(max_length=2_000_000)]
    files: Annotated[dict[str, Annotated[str, Field(max_length=500_000)]], Field(max_length=50)] = {}
    """Path below the folder of mappings → text, of files that differ from what lies there."""


class Problem(Wire):
    """A mistake in a mapping, or in what it was given."""

    file: str
    line: int
    column: int
    code: str
    message: str
    advice: str
    severity: Literal["fout", "waarschuwing"]


class PlaygroundResult(Wire):
    """What came of it."""

    kind: str
    gives: str
    result: Any = None
    text: str | None = None
    """A result that is no JSON: a StUF message."""
    trace: Trace | None
    problems: list[Problem]


class MappingFiles(Wire):
    """The files of a connection's mappings, and of its cases."""

    connection: str
    files: dict[str, str]
    kinds: list[str]
    cases: dict[str, str]
    """Name of a case → its message."""


class CaseRequest(Told):
    """Save a message with its result as a test case."""

    connection: Name
    story: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{2,60}$")]
    message: Annotated[str, Field(max_length=2_000_000)]
    files: Annotated[dict[str, Annotated[str, Field(max_length=500_000)]], Field(max_length=50)] = {}
    reason: Reason
