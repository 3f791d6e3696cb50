"""Log lines: their form, and what never stands in them."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from enum import Enum
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import structlog
from lxml import etree
from pydantic import BaseModel

from hub.errors import ConfigurationWrong, HubUnavailable, MappingFailed
from hub.observe.logs import configure_logs
from hub.security.personal import Bsn, Personal

BSNS = ["999990019", "999993653", "999994177"]
NAME = "Kwikkebeen"


class StoppedClock:
    """A clock that stands still."""

    def now(self) -> datetime:
        return datetime(2026, 1, 31, 12, 0, tzinfo=UTC)

    def monotonic(self) -> float:
        return 0.0

    async def sleep(self, seconds: float) -> None:
        raise NotImplementedError(seconds)


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


class Person(BaseModel):
    """A model as a careless caller may log it."""

    bsn: str
    leeftijd: int


class Soort(Enum):
    """An enum with a value that is not fit for a log."""

    BURGER = BSNS[0]


@pytest.fixture
def untouched() -> Iterator[None]:
    """Put logging back as it was."""
    root, hook, manager = logging.getLogger(), sys.excepthook, logging.Logger.manager
    handlers, level = root.handlers, root.level
    disabled = {name for name, one in manager.loggerDict.items() if isinstance(one, logging.Logger) and one.disabled}
    yield
    root.handlers, sys.excepthook = handlers, hook
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    for name, one in manager.loggerDict.items():
        if isinstance(one, logging.Logger):
            one.disabled = name in disabled
    structlog.reset_defaults()


@pytest.fixture
def written(untouched: None) -> io.StringIO:
    """Configure logs at info and give what is written."""
    del untouched
    stream = io.StringIO()
    configure_logs("info", clock=StoppedClock(), stream=stream)
    return stream


def lines(written: io.StringIO) -> list[dict[str, Any]]:
    """Read what was written: one JSON object per line."""
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_a_line_is_an_event_name_and_fields(written: io.StringIO) -> None:
    """One JSON object, with time and level."""
    structlog.get_logger().info("delivery_parked", connection="zaken-naar-zgw", attempts=3)

    assert lines(written) == [
        {
            "at": "2026-01-31T12:00:00.000+00:00",
            "level": "info",
            "event": "delivery_parked",
            "connection": "zaken-naar-zgw",
            "attempts": 3,
        }
    ]


def test_below_the_level_nothing_is_written(written: io.StringIO) -> None:
    """The level is that of the setting."""
    structlog.get_logger().debug("detail")

    assert lines(written) == []


def careless_fields(bsn: str) -> dict[str, Any]:
    """Give everything that a careless caller might log about one person."""
    element = etree.fromstring(f"<bsn>{bsn}</bsn>")
    return {
        "text": f"burger {bsn} gezien",
        "grouped": f"{bsn[:4]}.{bsn[4:6]}.{bsn[6:]}",
        "number": int(bsn),
        "bytes": bsn.encode(),
        "value": Bsn(bsn),
        "model": Person(bsn=bsn, leeftijd=3),
        "element": element,
        "soort": Soort.BURGER,
        "path": Path("/personen") / bsn,
        "nested": {"personen": [{"bsn": bsn, bsn: [(bsn, {bsn})]}], "deep": [[[[[[[[bsn]]]]]]]]},
        "error": ValueError(f"bsn {bsn} is onbekend"),
        "ours": HubUnavailable(f"bsn {bsn}", code="x"),
    }


@pytest.mark.parametrize("bsn", BSNS)
def test_no_bsn_leaves_by_a_field(written: io.StringIO, bsn: str) -> None:
    """Whatever shape it has, and however deep it lies."""
    structlog.get_logger().info(f"gezien {bsn}", **careless_fields(bsn))

    output = written.getvalue()
    assert len(lines(written)) == 1
    assert bsn not in output
    assert bsn not in output.replace(".", "")


def raise_about(bsn: str) -> None:
    """Raise errors of errors, each with the BSN in it."""
    try:
        try:
            Person.model_validate({"bsn": bsn, "leeftijd": f"{NAME} {bsn}"})
        except ValueError as error:
            raise KeyError(f"{NAME} {bsn}") from error
    except KeyError as error:
        raise ExceptionGroup(f"{NAME} {bsn}", [OSError(2, f"weg {bsn}"), RuntimeError(NAME)]) from error


@pytest.mark.parametrize("bsn", BSNS)
def test_no_bsn_or_name_leaves_by_an_exception(written: io.StringIO, bsn: str) -> None:
    """Neither our own lines nor those of libraries show a message that quotes a value, or a local variable."""
    try:
        raise_about(bsn)
    except ExceptionGroup:
        structlog.get_logger().exception("stage_failed")
        logging.getLogger("aiokafka.consumer").exception("failed for %s", bsn)

    output = written.getvalue()
    assert bsn not in output
    assert NAME not in output
    assert [link["said"] for link in lines(written)[0]["exception"]] == [
        "ExceptionGroup",
        "FileNotFoundError: weg ***",
        "RuntimeError",
        "KeyError",
        "ValidationError",
    ]


def test_an_exception_shows_where_it_came_from(written: io.StringIO) -> None:
    """Module, line and function of every frame: enough to find the fault."""
    try:
        raise_about(BSNS[0])
    except ExceptionGroup:
        structlog.get_logger().exception("stage_failed")

    frames = lines(written)[0]["exception"][0]["frames"]
    assert [frame.rpartition(" ")[2] for frame in frames] == [
        "test_an_exception_shows_where_it_came_from",
        "raise_about",
    ]


def test_our_own_errors_keep_their_message(written: io.StringIO) -> None:
    """They never hold a value, and they say what to do."""
    errors = [
        ConfigurationWrong("unknown key x", file="a.yaml", line=3, advice="did you mean y?"),
        MappingFailed("is no date", rule="a.map.yaml:7", target="zaak.startdatum", path="object/startdatum"),
    ]

    structlog.get_logger().error("stopped", errors=errors)

    assert lines(written)[0]["errors"] == [
        "ConfigurationWrong: a.yaml:3: unknown key x (did you mean y?)",
        "MappingFailed: a.map.yaml:7: zaak.startdatum: is no date (from object/startdatum)",
    ]


async def test_asyncio_does_not_print_what_a_forgotten_task_raised(written: io.StringIO) -> None:
    """Its own message goes on with the repr of the task and its exception: only the first line is kept."""

    async def fails() -> None:
        raise KeyError(f"{NAME} {BSNS[0]}")

    task = asyncio.create_task(fails())
    await asyncio.wait([task])
    asyncio.get_running_loop().call_exception_handler(
        {"message": "Task exception was never retrieved", "exception": task.exception(), "future": task}
    )

    (line,) = lines(written)
    assert line["message"] == "Task exception was never retrieved"
    assert NAME not in written.getvalue()


def test_libraries_write_warnings_in_the_same_form_and_nothing_below(written: io.StringIO) -> None:
    """At debug aiokafka writes whole records; uvicorn's access log writes URLs."""
    logging.getLogger("aiokafka.conn").debug("Request: %s", NAME)
    logging.getLogger("uvicorn.error").info("Started")
    logging.getLogger("uvicorn.access").critical("GET /personen/%s", NAME)
    logging.getLogger("aiokafka.conn").log(logging.WARNING + 5, "Unable to connect")

    assert [(line["event"], line["logger"], line["level"], line["message"]) for line in lines(written)] == [
        ("library_said", "aiokafka.conn", "warning", "Unable to connect")
    ]


def test_a_crash_is_a_log_line(written: io.StringIO) -> None:
    """The interpreter's own traceback repeats the message of the exception."""
    error = ValueError(NAME)

    sys.excepthook(ValueError, error, None)

    assert lines(written)[0]["event"] == "crashed"
    assert NAME not in written.getvalue()


def test_a_line_never_fails(written: io.StringIO) -> None:
    """Values that JSON cannot hold are written in another way."""
    structlog.get_logger().info(
        "odd",
        big=1 << 70,
        surrogate="\udcff",
        nothing=None,
        nan=float("nan"),
        when=date(2026, 1, 31),
        id=UUID(int=1),
        many=list(range(60)),
        personal=Personal(NAME),
        keys={1: "x", None: "y"},
    )

    (line,) = lines(written)
    assert line["big"] == str(1 << 70)
    assert line["surrogate"] == "\\udcff"
    assert line["many"][-1] == "<10 more>"
    assert line["keys"] == {"1": "x", "None": "y"}


def test_a_terminal_gets_lines_for_a_person(untouched: None) -> None:
    """No JSON, the exception below its line, and still no value."""
    del untouched
    screen = Screen()
    configure_logs("info", clock=StoppedClock(), stream=screen)

    try:
        raise_about(BSNS[0])
    except ExceptionGroup:
        structlog.get_logger().exception("stage_failed", connection="zaken")

    output = screen.getvalue()
    assert "stage_failed" in output
    assert "\n  KeyError\n    " in output
    assert BSNS[0] not in output
    assert NAME not in output
