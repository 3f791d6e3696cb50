"""The benchmark stays runnable; what it measures is for a person to read, never for a test to judge."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import pytest
from lxml import etree

from tests.benchmarks.mapping import SIZES
from tests.benchmarks.mapping_contenders import readers
from tests.benchmarks.mapping_hub import Kernel, cut, writing
from tests.benchmarks.mapping_writers import writers
from tests.benchmarks.messages import document, ingediende_zaak
from tests.benchmarks.questions import QUESTIONS
from tests.benchmarks.turns import take_turns

ROOT = Path(__file__).parents[2]


@cache
def kernel() -> Kernel:
    return Kernel()


def built(element: etree._Element) -> tuple[Any, ...]:
    """Give what an element says, whatever its prefixes and the order of its attributes."""
    return element.tag, sorted(element.items()), (element.text or "").strip(), [built(each) for each in element]


@pytest.mark.slow
def test_a_small_benchmark_prints_every_section() -> None:
    """Both sides do the same work on fifty messages, and every figure is there."""
    command = [sys.executable, "-m", "tests.benchmarks", "--messages", "50", "--rounds", "1", "--embedded"]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    for section in ("bare lxml.etree.fromstring", "parse and map", "pipeline, embedded", "intake, embedded"):
        assert section in done.stdout


@pytest.mark.slow
def test_a_small_benchmark_of_the_mapping_kernel_prints_every_section() -> None:
    """Every work runs, with the aims beside it."""
    command = [sys.executable, "-m", "tests.benchmarks.mapping", "--rounds", "1"]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    for section in ("StUF bytes to the JSON of the event", "event to StUF bytes", "a document of 1 MB", "zeep", "XSLT"):
        assert section in done.stdout


@pytest.mark.slow
def test_a_small_benchmark_of_questions_prints_every_kind() -> None:
    """Each is answered, and beside it stands what the BRP alone took."""
    command = [sys.executable, "-m", "tests.benchmarks.questions", "--times", "3"]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    for kind in (*QUESTIONS, "all together", "added"):
        assert kind in done.stdout


@pytest.mark.slow
@pytest.mark.postgres
def test_a_small_benchmark_of_searching_finds_by_every_criterion() -> None:
    """With what is there in a ledger of some thousand rows."""
    command = [sys.executable, "-m", "tests.benchmarks.search", "--rows", "10000", "--rounds", "1"]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    for section in ("zaak", "person", "text of a failure", "state mislukt", "timeline of a zaak", "slowest"):
        assert section in done.stdout


@pytest.mark.parametrize("size", SIZES)
def test_a_generated_message_is_as_large_as_it_says_and_read_whole(size: int) -> None:
    """It fits the definition, and the shipped mapping leaves nothing of it unread."""
    body = ingediende_zaak(size)

    mapped = kernel().mapping(body).run(kernel().message(body))

    assert size <= len(body) <= 1.03 * size
    assert mapped.unread == ()
    assert mapped.data["zaak"]["rollen"][-1]["betrokkeneType"]
    assert mapped.data["zaak"]["statussen"]


def test_every_contender_makes_the_same_json() -> None:
    """What is compared is the same work: the whole event of the message."""
    contenders, bodies = readers(), [ingediende_zaak(size) for size in SIZES]

    made = {name: [orjson.loads(read(body)) for body in bodies] for name, read in contenders.items()}

    assert made == {name: [kernel().event(body) for body in bodies] for name in contenders}


def test_the_hub_and_every_contender_write_the_same_message() -> None:
    """The messages are equal but for prefixes, fit the definition, and are read as the event they were made of."""
    hub, events = writing().write, [kernel().event(ingediende_zaak(size)) for size in SIZES]

    for event in events:
        made = [hub(event).body, *(write(event) for write in writers().values())]

        assert [kernel().event(each) for each in made] == [event] * len(made)
        assert len({repr(built(etree.fromstring(each))) for each in made}) == 1


def test_a_document_is_cut_out_before_it_is_measured() -> None:
    """What is left says where the document is, and is hardly larger than without one."""
    content = bytes(10_000)

    left = cut(document(content))

    assert len(left) < len(document(b"")) + 200
    assert kernel().event(left)["document"]["bestand"]["omvang"] == len(content)


def test_works_take_turns_and_are_compared_with_the_first() -> None:
    """The first is 1 by definition; a work that does another twice costs more."""
    calls: list[str] = []

    figures = take_turns({"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}, rounds=2, turn_ns=1)

    assert figures["a"].times == 1
    assert figures["b"].times > 0
    assert calls[-4:] == ["a", "b", "b", "a"]
