"""The trace that a call belongs to, from one organisation to the next (W3C Trace Context).

It knows `traceparent`. It refuses to know what is traced: what is written down about persons is in `hub.flow.logboek`.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

HEADER = "traceparent"

_GIVEN = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}").fullmatch


class Trace(NamedTuple):
    """Where a call is in a trace: ids in hex, of 16 and 8 bytes. `parent` is the operation that asked, if any."""

    trace_id: str
    operation_id: str
    parent: str = ""

    @property
    def traceparent(self) -> str:
        """What the next party is told: we are its parent, and it is recorded."""
        return f"00-{self.trace_id}-{self.operation_id}-01"


_current: ContextVar[Trace | None] = ContextVar("trace", default=None)


def current() -> Trace | None:
    """Give the trace of the call that is being answered."""
    return _current.get()


def new() -> Trace:
    """Begin a trace."""
    return Trace(secrets.token_hex(16), operation())


def operation() -> str:
    """Give the id of a new operation."""
    return secrets.token_hex(8)


def operation_of(trace: Trace, doing: str) -> str:
    """Give the id of an operation below that of a trace: the same one whenever the same is done again."""
    return _hashed(f"{trace.trace_id}{trace.operation_id}{doing}", 16)


def is_traceparent(said: str) -> bool:
    """Say whether a caller named a trace in the words of the standard."""
    return _GIVEN(said) is not None


def joined(traceparent: str, *, cause: str, doing: str) -> Trace:
    """Give the trace of something that is done for a message: the same one whenever it is done again.

    It goes on with the trace of the sender; where that gave none, all that is done for the message is one trace.
    """
    given = _GIVEN(traceparent.strip())
    operation_id = _hashed(doing, 16)
    if given:
        return Trace(given[1], operation_id, given[2])
    return Trace(_hashed(cause, 32), operation_id)


@contextmanager
def within(trace: Trace) -> Iterator[None]:
    """Make calls part of this trace."""
    token = _current.set(trace)
    try:
        yield
    finally:
        _current.reset(token)


@contextmanager
def begun(traceparent: str) -> Iterator[Trace]:
    """Go on with the trace of a caller, or begin one when it gives none that is right."""
    given = _GIVEN(traceparent.strip())
    trace = Trace(given[1], operation(), given[2]) if given else new()
    with within(trace):
        yield trace


def _hashed(said: str, chars: int) -> str:
    return hashlib.sha256(said.encode()).hexdigest()[:chars]
