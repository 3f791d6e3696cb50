"""The kernel of the hub as the mapping benchmark measures it: from bytes to the JSON of an event, and back.

With the adapter, definition and mappings that are shipped, whole: every field of StUF-ZKN, and what nobody reads.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping as Table
from pathlib import Path
from typing import Any

import orjson
from lxml import etree

from adapters.stuf_zds.definition import definition
from adapters.stuf_zds.forms import forms
from adapters.stuf_zds.inbound import CONTENT_ELEMENTS, ZdsInbound, create
from adapters.stuf_zds.options import Options
from hub.config.shipped import shipped
from hub.mapping.compile import load_mappings
from hub.mapping.run import Mapping
from hub.wire import xml
from hub.wire.claim import Cutter, Kept
from hub.wire.form import Form
from hub.wire.soap import envelope
from hub.wire.stuf.kennisgeving import fold
from tests.benchmarks.mapping_contenders import Reader

CONNECTION = "formulieren-naar-zaken"
BENCHMARK = Path(__file__).with_name("mappings") / "zaken-naar-formulieren"
"""A connection that only this benchmark has: it writes what CONNECTION reads."""

CREEER = "creeerZaak_Lk01"

Headers = Table[str, str]

BARE: Headers = {}
"""Of a message from a file; what came over HTTP must be in an envelope."""

CHUNK_BYTES = 65_536
"""What an HTTP server gives at a time."""


class Kernel:
    """The mappings of the connection, compiled, and its adapter."""

    def __init__(self) -> None:
        self.root = shipped("mappings")
        self.mappings = load_mappings(self.root / CONNECTION, root=self.root, forms=forms())
        self.inbound: ZdsInbound = create(Options())
        self.definition = definition()

    def mapping(self, body: bytes, headers: Headers = BARE) -> Mapping:
        """Give the mapping that reads this message; raises MessageRefused when the adapter does not take it."""
        return self.mappings[self.inbound.read(body, headers, validate=True).kind]

    def event(self, body: bytes, headers: Headers = BARE) -> Any:  # noqa: ANN401 - JSON
        """Give the event of a message."""
        return self.mapping(body, headers).run(self.message(body)).data

    def message(self, body: bytes) -> etree._Element:
        """Parse, with every limit, to what a mapping reads."""
        message = envelope.read(xml.parse(body)).body
        fold(message)
        return message

    def reader_of(self, body: bytes, headers: Headers = BARE) -> Reader:
        """Give what reads messages of this kind."""
        run, message = self.mapping(body, headers).run, self.message
        return lambda body: orjson.dumps(run(message(body)).data)

    def checking_reader_of(self, body: bytes, headers: Headers = BARE) -> Reader:
        """Give what reads messages of this kind, and checks them against the definition as the adapter does."""
        run, check = self.mapping(body, headers).run, self.definition.check

        def read(body: bytes) -> bytes:
            message = envelope.read(xml.parse(body)).body
            assert not check(message)
            fold(message)
            return orjson.dumps(run(message).data)

        return read

    def worker_of(self) -> Reader:
        """Give what reads messages as a worker does: the adapter also reads who sends what about which zaak."""
        mappings, read = self.mappings, self.inbound.read

        def work(body: bytes) -> bytes:
            document = read(body, BARE, validate=False)
            return orjson.dumps(mappings[document.kind].run(document.body).data)

        return work


def cut(body: bytes) -> bytes:
    """Take the documents out as the intake does: decode and hash them, and leave a claim. Nothing is stored."""
    numbers = itertools.count()
    cutter = Cutter(CONTENT_ELEMENTS, new_reference=lambda: f"payload-{next(numbers)}")
    events = [
        each for at in range(0, len(body), CHUNK_BYTES) for each in cutter.feed(body[at : at + CHUNK_BYTES])
    ] + cutter.close()
    return b"".join(each.data for each in events if isinstance(each, Kept))


def writing() -> Mapping:
    """Compile the mapping that writes a creeerZaak_Lk01 of an event."""
    root = shipped("mappings")
    [mapping] = load_mappings(BENCHMARK, root=root, forms={CREEER: _whole(forms()[CREEER])}).values()
    return mapping


def _whole(form: Form) -> Form:
    """Let the mapping write the stuurgegevens too, which the adapter does: the other ways write a whole message."""
    said = form.children["stuurgegevens"].but(read_only=False)
    return form.but(children=lambda: {**form.children, "stuurgegevens": said})
