"""The trace that a call belongs to, from one organisation to the next (W3C Trace Context).

It knows `traceparent`. It refuses to know what is traced: what is written down about persons is in `hub.flow.logboek`.
"""

from __future__ import annotations

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


@contextmanager
def begun(traceparent: str) -> Iterator[Trace]:
    """Go on with the trace of a caller, or begin one when it gives none that is right."""
    given = _GIVEN(traceparent.strip())
    trace = Trace(given[1], operation(), given[2]) if given else new()
    token = _current.set(trace)
    try:
        yield trace
    finally:
        _current.reset(token)
