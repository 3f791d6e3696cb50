"""What is done with one message without any I/O, beside the bare parse of its bytes."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from statistics import median
from typing import NamedTuple

from lxml import etree

from hub.cli.run import settle
from hub.clock import SystemClock
from hub.config.settings import Settings
from hub.configuration import Configuration
from hub.event.catalogue import EVENT_TYPES
from hub.flow.dedupe import content_hash, message_id
from hub.flow.records import Origin
from hub.flow.translate import Translator
from hub.ledger.entries import Place
from hub.ports.contracts import Outgoing
from hub.security.keys import KEY_BYTES, Keys
from tests.benchmarks.child import surroundings
from tests.benchmarks.messages import HEADERS, creeer_zaak
from tests.benchmarks.stores import CONNECTION

OUTBOUND = "zaken-naar-zgw"


class Step(NamedTuple):
    """One part of the work: µs of CPU, and how many times a bare parse that is."""

    name: str
    cpu_us: float
    times: float


def measure(environ: Mapping[str, str], *, times: int, rounds: int) -> list[Step]:
    """Do every part so many times in turn, round after round."""
    environ = {**surroundings(), **environ}
    configuration = Configuration.load(Settings.read(environ), environ)
    inbound, mappings = configuration.inbound[CONNECTION], configuration.mappings[CONNECTION]
    outbound, leaving = configuration.outbound[OUTBOUND], configuration.mappings[OUTBOUND]
    translator = Translator(
        connection=configuration.connections[CONNECTION],
        source="urn:x",
        inbound=inbound,
        mappings=mappings,
        subject=Keys(lambda: bytes(KEY_BYTES)).subject,
    )
    settle()
    body = creeer_zaak("k", 1)
    document = inbound.read(body, HEADERS, validate=True)
    mapping = mappings[document.kind]
    hashed = content_hash(document, ())
    at = SystemClock().now()
    name = message_id(CONNECTION, document, hashed, at)
    headers = Origin.of(document, message_id=name, content_hash=hashed, at=at, http=HEADERS).headers()
    place = Place("in", 0, 0)
    event = translator.translate(translator.read(body, headers), headers, place=place).event

    def mapped() -> object:
        return mapping.run(inbound.read(body, HEADERS, validate=False).body)

    def delivered() -> object:
        mapping = leaving[event.type]
        given = mapping.run(event.data).data
        return outbound.steps(Outgoing(event.type, mapping.gives, given, event.id, event.time, event.subject))

    parts: dict[str, Callable[[], object]] = {
        f"bare lxml.etree.fromstring ({len(body)} bytes)": lambda: etree.fromstring(body),
        "parse (hardened) and read the stuurgegevens": lambda: inbound.read(body, HEADERS, validate=False),
        "parse and map": mapped,
        "parse, validate (XSD): at the door": lambda: inbound.read(body, HEADERS, validate=True),
        "hash the content: at the door": lambda: content_hash(document, ()),
        "translate: parse, map, check, hash, JSON": lambda: translator.translate(
            translator.read(body, headers), headers, place=place
        ),
        "the event model alone": lambda: EVENT_TYPES[event.type].model.model_validate(event.data),
        "plan the delivery: map, steps": delivered,
    }
    taken: dict[str, list[float]] = {part: [] for part in parts}
    for _ in range(rounds + 1):
        for part, work in parts.items():
            began = time.process_time_ns()
            for _ in range(times):
                work()
            taken[part].append((time.process_time_ns() - began) / 1000 / times)
    middles = {part: median(each[1:]) for part, each in taken.items()}
    bare = next(iter(middles.values()))
    return [Step(part, each, each / bare) for part, each in middles.items()]
