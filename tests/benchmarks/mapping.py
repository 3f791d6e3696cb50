"""`python -m tests.benchmarks.mapping`: what the mapping kernel costs beside a bare parse, and beside other ways.

Prints, and leaves nothing behind. The rows of the hub run what is shipped, whole; the other ways do fewer fields
(`mapping_contenders`, `mapping_writers`), and give the same JSON and the same message for the messages measured.
"""

from __future__ import annotations

import argparse
import os
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from hashlib import sha256
from random import Random
from statistics import median
from typing import NamedTuple

import orjson
from lxml import etree

from hub.cli.run import settle
from tests.benchmarks.mapping_contenders import Reader, readers
from tests.benchmarks.mapping_hub import BARE, Headers, Kernel, cut, writing
from tests.benchmarks.mapping_writers import Event, Writer, writers
from tests.benchmarks.measure import processors, versions
from tests.benchmarks.messages import document, ingediende_zaak
from tests.benchmarks.turns import Figure, Work, take_turns
from tests.support.samples import to_deliver

SIZES = (5_000, 7_000, 10_000)
DOCUMENT_BYTES = 1_000_000
LIBRARIES = ("lxml", "orjson", "zeep", "xmltodict")

PARSE = "bare lxml.etree.fromstring"
READ, CHECKED = "parse, map, JSON", "parse, XSD check, map, JSON"
WRITE, WRITE_LOADED = "event to StUF bytes", "JSON to event to StUF bytes"
CUT = "with it: cut, parse, map, JSON"
LEFT = "with it, cut before: parse, map, JSON"
AIMS = {READ: 2.1, CHECKED: 3.0, WRITE: 1.0, WRITE_LOADED: 1.0, CUT: 2.0, LEFT: 2.0}


class Message(NamedTuple):
    """A message to measure, and the HTTP headers it came with."""

    body: bytes
    headers: Headers = BARE


class Section(NamedTuple):
    """A part of the table: figures per work and column, and of each work its ratios over the samples."""

    title: str
    columns: Sequence[Mapping[str, Figure]]
    samples: Mapping[str, Sequence[float]] = {}


def main() -> None:
    """Read the command line and measure."""
    choices = argparse.ArgumentParser(prog="python -m tests.benchmarks.mapping", description=__doc__)
    choices.add_argument("--rounds", type=int, default=31, help="turns of each work (default: %(default)s)")
    rounds = choices.parse_args().rounds
    kernel, samples = Kernel(), list(_samples())
    generated = [ingediende_zaak(size) for size in SIZES]
    _say(processors())
    _say(f"{versions(LIBRARIES)}; load average before: {os.getloadavg()[0]:.1f}")
    _say(f"CPU time of one thread, median of {rounds} rounds, works in turn; GC as a hub sets it")
    _say(f"x: times a bare parse, median of the ratios of the rounds; samples: {len(samples)} of the reference data")
    _say("hub rows: all fields of the shipped mapping, with what nobody reads; others: only fields that are there\n")
    contenders, builders = readers(), writers()
    settle()
    _show(_reading(kernel, generated, samples, contenders, rounds))
    written = writing().write
    builders = {WRITE: lambda event: written(event).body, **builders}
    _show(_writing(kernel, generated, samples, builders, rounds))
    _show(_documents(kernel, rounds))


def _reading(
    kernel: Kernel,
    generated: Sequence[bytes],
    samples: Sequence[Message],
    contenders: Mapping[str, Reader],
    rounds: int,
) -> Section:
    def works(message: Message) -> dict[str, Work]:
        return {
            PARSE: lambda: etree.fromstring(message.body),
            READ: partial(kernel.reader_of(*message), message.body),
            CHECKED: partial(kernel.checking_reader_of(*message), message.body),
        }

    def all_works(body: bytes) -> dict[str, Work]:
        mapping, tree = kernel.mapping(body), kernel.message(body)
        data = mapping.run(tree).data
        return {
            **works(Message(body)),
            "  of which parse, with all limits": lambda: kernel.message(body),
            "  of which XSD check": lambda: kernel.definition.check(tree),
            "  of which map": lambda: mapping.run(tree),
            "  of which JSON": lambda: orjson.dumps(data),
            "as a worker reads: stuurgegevens too": partial(kernel.worker_of(), body),
            **{name: partial(read, body) for name, read in contenders.items()},
        }

    return Section(
        "StUF bytes to the JSON of the event",
        [take_turns(all_works(body), rounds=rounds) for body in generated],
        _over(samples, works, rounds),
    )


def _writing(
    kernel: Kernel,
    generated: Sequence[bytes],
    samples: Sequence[Message],
    builders: Mapping[str, Writer],
    rounds: int,
) -> Section:
    def works(event: Event, names: Iterable[str]) -> dict[str, Work]:
        produced, value = builders[next(iter(builders))](event), orjson.dumps(event)
        made: dict[str, Work] = {PARSE + " of it": lambda: etree.fromstring(produced)}
        for name in names:
            write = builders[name]
            made[name] = partial(write, event)
            if name == WRITE:
                made[WRITE_LOADED] = partial(_load_and_write, write, value)
        return made

    columns = [take_turns(works(kernel.event(body), builders), rounds=rounds) for body in generated]
    if WRITE not in builders:
        return Section("event to StUF bytes", columns)
    created = [each for each in samples if kernel.mapping(*each).message == "creeerZaak_Lk01"]
    over = _over(created, lambda each: works(kernel.event(*each), [WRITE]), rounds)
    return Section("event to StUF bytes", columns, over)


def _load_and_write(write: Writer, value: bytes) -> bytes:
    return write(orjson.loads(value))


def _documents(kernel: Kernel, rounds: int) -> Section:
    content = Random(DOCUMENT_BYTES).randbytes(DOCUMENT_BYTES)
    with_it, without = document(content), document(b"")
    left, text = cut(with_it), b64encode(content)
    read = kernel.reader_of(without)
    on_the_bus: dict[str, Work] = {"without it: parse, map, JSON": partial(read, without), LEFT: partial(read, left)}
    at_the_door: dict[str, Work] = {
        "without it: cut, parse, map, JSON": lambda: read(cut(without)),
        CUT: lambda: read(cut(with_it)),
        "  of which base64 and SHA-256 alone": lambda: sha256(b64decode(text)).digest(),
        PARSE + ", nothing cut": lambda: etree.fromstring(with_it),
    }
    figures = take_turns(on_the_bus, rounds=rounds) | take_turns(at_the_door, rounds=rounds)
    return Section("a document of 1 MB (x: times without it)", [figures])


def _over(
    messages: Iterable[Message], works: Callable[[Message], Mapping[str, Work]], rounds: int
) -> dict[str, list[float]]:
    """Give the ratios of every work over messages: fewer rounds each, for there are many."""
    found: dict[str, list[float]] = {}
    for message in messages:
        for name, figure in take_turns(works(message), rounds=max(1, rounds // 4)).items():
            found.setdefault(name, []).append(figure.times)
    return found


def _samples() -> Iterable[Message]:
    """Give the valid samples of the messages that the hub receives, without their documents; none without them."""
    for sample in to_deliver():
        asked = sample.verzoek()
        yield Message(cut(asked.body), asked.headers())


def _show(section: Section) -> None:
    sizes = [f"{size // 1000} kB" for size in SIZES] if len(section.columns) > 1 else [""]
    samples = f"{max(map(len, section.samples.values()))} samples" if section.samples else ""
    _say((f"{section.title:<42}" + "".join(f"{size:>15}" for size in sizes) + f"{samples:>18}").rstrip())
    _say(
        " " * 42
        + f"{'CPU µs':>9}{'x':>6}" * len(sizes)
        + (f"{'median':>10}{'worst':>8}" if samples else " " * 18)
        + f"{'aim':>6}  reached"
    )
    for name in section.columns[0]:
        figures = [column[name] for column in section.columns]
        line = f"{name:<42}" + "".join(f"{each.cpu_us:9.1f}{each.times:6.2f}" for each in figures)
        ratios = section.samples.get(name, ())
        line += f"{median(ratios):10.2f}{max(ratios):8.2f}" if ratios else " " * 18
        if name in AIMS:
            reached = all(each <= AIMS[name] for each in [*(figure.times for figure in figures), *_middle(ratios)])
            line += f"{AIMS[name]:6.1f}  {'yes' if reached else 'no'}"
        _say(line.rstrip())
    _say("")


def _middle(ratios: Sequence[float]) -> list[float]:
    return [median(ratios)] if ratios else []


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
