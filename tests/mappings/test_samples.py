"""Every schema-valid sample of the messages that an asker or sender sends, through adapter, mapping and model.

The samples are reference data and no part of the project; without them the tests skip. `-rP` prints per sample what
became of its fields; `report` below makes that text.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from lxml import etree

from adapters.stuf_zds.forms import forms
from adapters.stuf_zds.services import BERICHTEN, SERVICES
from hub.config.load import load_connection
from hub.event.models import MODELS
from hub.mapping.compile import load_mappings
from hub.mapping.run import Mapped, Mapping
from hub.ports.contracts import Document, Inbound
from hub.ports.registry import Registry
from hub.wire.claim import Cutter, Kept
from tests.support.shared import SHARED, needs_shared

MAPPINGS = Path(__file__).parents[2] / "mappings"
FOLDER = MAPPINGS / "formulieren-naar-zaken"
SAMPLES = SHARED / "samples" / "stuf"
KINDS = {each.kind for each in SERVICES} - {each.kind for each in BERICHTEN}
UNSAMPLED = {"zakLv01", "edcLv01", "updateZaakdocument_Lk01", "geefLijstBesluiten_Lv01"}
"""Of these no valid sample is kept under the name of the service."""
REFUSED = {
    "zkn0310/geefZaakdetails_Lv01__ozb-errors__02.xml",
    "zkn0310/updateZaakdocument_Di02__forum__02.xml",
}
"""Valid, and yet no such message: details of the zaken of a person instead of a zaak, a change that says it adds."""
# Columns of the index of the samples.
_FILE, _VALID = 1, 7


class Read(NamedTuple):
    """One sample on its way."""

    document: Document
    mapped: Mapped


def _valid_samples() -> list[str]:
    index = SAMPLES / "INDEX.md"
    if not index.is_file():
        return ["none"]
    rows = [[cell.strip() for cell in line.split("|")] for line in index.read_text().splitlines()]
    return [
        row[_FILE]
        for row in rows
        if len(row) > _VALID
        and row[_VALID] == "yes"
        and row[_FILE].startswith(("zkn0310/", "zds12/"))
        and _kind(row[_FILE]) in KINDS
        and row[_FILE] not in REFUSED
    ]


def _kind(sample: str) -> str:
    return sample.partition("/")[2].partition("__")[0]


@cache
def _adapter() -> Inbound:
    return Registry().inbound(load_connection(FOLDER, {}))


@cache
def _mappings() -> dict[str, Mapping]:
    return load_mappings(FOLDER, root=MAPPINGS, forms=forms())


def _cut(message: bytes) -> bytes:
    """Take contents out as the intake does."""
    cutter = Cutter(_adapter().content_elements, new_reference=lambda: "inhoud-1")
    events = [*cutter.feed(message), *cutter.close()]
    return b"".join(each.data for each in events if isinstance(each, Kept))


def _run(sample: str) -> Read:
    """Read and map one sample; the service it is meant for stands in its file name, for a sender in its SOAPAction."""
    action = f'"http://www.egem.nl/StUF/sector/zkn/0310/{_kind(sample)}"'
    headers = {"content-type": "text/xml; charset=utf-8", "soapaction": action}
    message = _enveloped((SAMPLES / sample).read_bytes())
    document = _adapter().read(_cut(message), headers, validate=True)
    return Read(document, _mappings()[document.kind].run(document.body))


def _enveloped(message: bytes) -> bytes:
    """Give the sample as it goes over the wire: some were kept without their envelope."""
    root = etree.fromstring(message)
    if etree.QName(root).localname == "Envelope":
        return message
    envelope = "http://schemas.xmlsoap.org/soap/envelope/"
    outer = etree.Element(f"{{{envelope}}}Envelope", nsmap={"soap": envelope})
    etree.SubElement(outer, f"{{{envelope}}}Body").append(root)
    return etree.tostring(outer)


def report(sample: str, read: Read) -> str:
    """Tell what became of the fields of a sample, by path; never a value."""
    ignored: Counter[str] = Counter()
    seen = 0
    waiting = [(read.document.body, "", _mappings()[read.document.kind].ignored)]
    while waiting:
        element, path, state = waiting.pop()
        assert isinstance(element, etree._Element)
        if (element.text or "").strip():
            seen += 1
            ignored.update([path] if state.covers else [])
        for child in element.iterchildren("{*}*"):
            name = etree.QName(child).localname
            waiting.append((child, f"{path}/{name}".lstrip("/"), state.step(name)))
    mapped = seen - sum(ignored.values()) - len(read.mapped.unread)
    lines = [
        f"{sample}: {seen} values, {mapped} mapped, {sum(ignored.values())} ignored, {len(read.mapped.unread)} unread",
        *(f"  ignored {times} x {path}" for path, times in sorted(ignored.items())),
        *(f"  unread {path}" for path in read.mapped.unread),
    ]
    return "\n".join(lines)


@needs_shared
@pytest.mark.parametrize("sample", _valid_samples())
def test_a_valid_sample_becomes_an_event_and_leaves_nothing_unread(sample: str) -> None:
    """Adapter, mapping and event model take it, and every field is mapped or ignored with a reason."""
    read = _run(sample)

    print(report(sample, read))  # noqa: T201  # pytest -rP shows it
    assert read.document.kind == _kind(sample)
    MODELS[_mappings()[read.document.kind].gives].model_validate(read.mapped.data)
    assert read.mapped.unread == ()


@needs_shared
def test_there_are_samples_of_every_message() -> None:
    """The test above is worth something for each of them."""
    assert {_kind(each) for each in _valid_samples()} == KINDS - UNSAMPLED
