"""Logs: one JSON object per line on stderr, an event name and fields; a readable form when stderr is a terminal.

It knows how a log line is made and what may stand in it: every value passes the masking, an exception shows its type
and its frames but neither local values nor a message that we did not write. Log with `structlog.get_logger()`.
It refuses to know what is worth logging.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Mapping
from datetime import date
from enum import Enum
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO
from uuid import UUID

import orjson
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from hub.clock import Clock
from hub.errors import HubError
from hub.security.masking import mask
from hub.security.personal import HIDDEN

NESTED_MAX = 6
"""Deeper than this is a document, not a field."""

ITEMS_MAX = 50
"""More items than this are counted, not shown."""

INT_BITS_MAX = 64
"""JSON readers lose digits of longer integers, orjson refuses them: they are written as text."""

FRAMES_MAX = 30
"""Frames per exception: the nearest to the fault."""

# A library never logs below this, whatever our own level: aiokafka writes whole requests, with the records in them,
# and asyncpg whole statements, at debug. uvicorn's access log writes URLs with their query; ours is the ledger.
_LIBRARY_LEVEL = logging.WARNING
_LIBRARIES = ("uvicorn", "uvicorn.error", "aiokafka", "faststream", "asyncpg", "aiohttp", "asyncio")
_SILENT = ("uvicorn.access", "faststream.access")


def configure_logs(level: str, *, clock: Clock, stream: TextIO | None = None) -> None:
    """Send our own log lines and those of libraries to `stream` (default: stderr). Call once, at start.

    `level` is debug, info, warning or error. Start uvicorn with `log_config=None`, or it installs its own.
    """
    out = stream or sys.stderr
    human = out.isatty()
    renderers: list[Processor] = [_lines, structlog.dev.ConsoleRenderer(timestamp_key="at")] if human else [_json]
    structlog.configure(
        processors=[structlog.processors.add_log_level, _stamp(clock), _exceptions, masked, *renderers],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.WriteLoggerFactory(file=out),
        cache_logger_on_first_use=False,
    )
    _route_libraries()
    sys.excepthook = _crashed


def masked(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Hide in every field, at any depth, what must not be shown (structlog processor)."""
    return {key: _shown(value, NESTED_MAX) for key, value in event.items()}


def _shown(value: Any, depth: int) -> Any:  # noqa: ANN401, PLR0911 - whatever a caller logs, to what JSON can hold
    if isinstance(value, Mapping | list | tuple | set | frozenset):
        return _nested(value, depth) if depth else f"<{type(value).__name__}>"
    match value:
        case Enum():
            return _shown(value.value, depth)
        case None | bool() | float():
            return value
        case int():
            shown = mask(str(value))
            return value if shown != HIDDEN and value.bit_length() < INT_BITS_MAX else shown
        case str() | date() | UUID() | Path():
            return _encodable(mask(str(value)))
        case BaseException():
            return _said(value)
        case _:
            # An element, a model, bytes, a Personal: what we do not know, we do not print.
            return f"<{type(value).__name__}>"


def _nested(value: Any, depth: int) -> Any:  # noqa: ANN401 - see _shown
    if isinstance(value, Mapping):
        return {_encodable(mask(str(key))): _shown(item, depth - 1) for key, item in islice(value.items(), ITEMS_MAX)}
    items = [_shown(item, depth - 1) for item in islice(value, ITEMS_MAX)]
    return [*items, f"<{len(value) - ITEMS_MAX} more>"] if len(value) > ITEMS_MAX else items


def _encodable(text: str) -> str:
    """Write out lone surrogates (from undecodable file names and arguments): a log line must never fail."""
    return text if text.isascii() else text.encode(errors="backslashreplace").decode()


def _exceptions(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace `exc_info` by `exception`: what was caught, then its causes."""
    found = event.pop("exc_info", None)
    if found is True:
        found = sys.exc_info()
    error = found[1] if isinstance(found, tuple) else found
    return {**event, "exception": _chain(error)} if isinstance(error, BaseException) else event


def _chain(error: BaseException | None) -> list[dict[str, object]]:
    chain: list[dict[str, object]] = []
    while error is not None and len(chain) < NESTED_MAX:
        chain.append({"said": _said(error), "frames": _frames(error.__traceback__)})
        if isinstance(error, BaseExceptionGroup):
            chain += [link for inner in error.exceptions[:NESTED_MAX] for link in _chain(inner)]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return chain


def _said(error: BaseException) -> str:
    """Give the type, and the message only where it is ours or the operating system's.

    A ValueError, a KeyError, a validation or database error quotes the value that it stumbled on.
    """
    name = type(error).__qualname__
    if isinstance(error, HubError):
        return mask(f"{name}: {error}")
    if isinstance(error, OSError) and error.strerror:
        return mask(f"{name}: {error.strerror}")
    return name


def _frames(trace: TracebackType | None) -> list[str]:
    frames = [(frame.f_globals.get("__name__"), line, frame.f_code) for frame, line in traceback.walk_tb(trace)]
    return [f"{module}:{line} {code.co_qualname}" for module, line, code in frames[-FRAMES_MAX:]]


def _stamp(clock: Clock) -> Processor:
    def stamp(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        return {"at": clock.now().isoformat(timespec="milliseconds"), **event}

    return stamp


def _lines(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Write an exception below its line, for a person."""
    if "exception" in event:
        links = ("\n    ".join([link["said"], *link["frames"]]) for link in event["exception"])
        event["exception"] = "\n".join(f"  {link}" for link in links)
    return event


def _json(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    return orjson.dumps(event).decode()


class _ToStructlog(logging.Handler):
    """Writes what a library logs as a line of ours: its message is a field, masked like any other."""

    def emit(self, record: logging.LogRecord) -> None:
        # The first line only: asyncio, for one, goes on with the repr of a task and of what it raised.
        message = record.getMessage().partition("\n")[0]
        fields: dict[str, Any] = {"logger": record.name, "message": message}
        if record.exc_info:
            fields["exc_info"] = record.exc_info
        level = max(logging.DEBUG, record.levelno // 10 * 10)  # structlog knows the standard levels only
        structlog.get_logger().log(level, "library_said", **fields)


def _crashed(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
    """Replace the interpreter's own traceback, which repeats the message of any exception."""
    structlog.get_logger().critical("crashed", exc_info=error)


def _route_libraries() -> None:
    root = logging.getLogger()
    root.handlers = [_ToStructlog()]
    root.setLevel(_LIBRARY_LEVEL)
    for name in _LIBRARIES:
        library = logging.getLogger(name)
        library.handlers = []
        library.propagate = True
        library.setLevel(logging.NOTSET)
    for name in _SILENT:
        logging.getLogger(name).disabled = True
    logging.captureWarnings(capture=True)
