"""What a trial of a mapping is told and tells: plain data, that crosses from one process to another as JSON."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, NamedTuple

import orjson


class Act(StrEnum):
    """What is to be done with the message."""

    RUN = "run"
    CASE = "case"  # make a test case of it, with fictitious persons


class Trial(NamedTuple):
    """A message, and all files that its mapping may need, by path below the folder of connections.

    `changed` are those that are not as they lie there, as they do lie there; empty where there is none. `story` is the
    name of the case to be.
    """

    act: Act
    connection: str
    message: str
    files: dict[str, str]
    changed: dict[str, str]
    story: str = ""

    def packed(self) -> bytes:
        """Give it as JSON."""
        return orjson.dumps(self._asdict())

    @classmethod
    def unpacked(cls, said: bytes) -> Trial:
        """Undo `packed`."""
        plain = orjson.loads(said)
        return cls(**{**plain, "act": Act(plain["act"])})


class Mistake(NamedTuple):
    """Something wrong with a file (`file` is its path), or with the message (`file` is empty)."""

    file: str
    line: int
    column: int
    code: str
    message: str
    advice: str
    is_error: bool


class Tried(NamedTuple):
    """What came of it.

    `data` or `text` is the result; `trace` is an explanation as `hub.flow.explain.pack` writes it; `case` holds the
    files of the case by name.
    """

    kind: str = ""
    gives: str = ""
    revision: str = ""
    data: Any = None
    text: str | None = None
    trace: dict[str, Any] | None = None
    mistakes: list[Mistake] = []  # noqa: RUF012 - a named tuple is not changed
    case: dict[str, str] = {}  # noqa: RUF012 - idem
    replaced: dict[str, int] = {}  # noqa: RUF012 - idem
    check: list[str] = []  # noqa: RUF012 - idem

    def packed(self) -> bytes:
        """Give it as JSON."""
        plain = {**self._asdict(), "mistakes": [each._asdict() for each in self.mistakes]}
        return orjson.dumps(plain, default=str)

    @classmethod
    def unpacked(cls, said: bytes) -> Tried:
        """Undo `packed`."""
        plain = orjson.loads(said)
        return cls(**{**plain, "mistakes": [Mistake(**each) for each in plain["mistakes"]]})
