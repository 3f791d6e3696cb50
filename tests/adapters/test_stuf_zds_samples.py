"""adapters/stuf_zds against messages from practice (reference data beside the checkout; skipped without it)."""

from __future__ import annotations

from itertools import count
from typing import NamedTuple

import pytest

from adapters.stuf_zds.inbound import CONTENT_ELEMENTS, create
from adapters.stuf_zds.options import Options
from adapters.stuf_zds.services import SERVICES, STATUS, UPDATE
from hub.errors import MessageRefused
from hub.ports.contracts import Document
from hub.wire.claim import Cutter, Kept
from tests.support.shared import SHARED, cases_of, needs_shared

ROOTS = {service.element_11 for service in SERVICES} | {service.element_12 for service in SERVICES}


class Sample(NamedTuple):
    file: str
    root: str
    valid: bool

    @property
    def service(self) -> str:
        return self.file.rpartition("/")[2].partition("__")[0]

    @property
    def body(self) -> bytes:
        return (SHARED / "samples/stuf" / self.file).read_bytes()


def samples() -> list[Sample]:
    """Give the samples of our messages, from the table in the index."""
    index = SHARED / "samples/stuf/INDEX.md"
    if not index.exists():
        return []
    rows = [[cell.strip() for cell in line.split("|")[1:]] for line in index.read_text().splitlines()]
    found = [Sample(row[0], row[1], row[6] == "yes") for row in rows if len(row) > 7 and row[1] in ROOTS]
    return [sample for sample in found if sample.service in {service.kind for service in SERVICES}]


SAMPLES = samples()
every_valid_sample = pytest.mark.parametrize(
    "sample", cases_of([each for each in SAMPLES if each.valid], lambda each: each.file)
)
every_invalid_sample = pytest.mark.parametrize(
    "sample", cases_of([each for each in SAMPLES if not each.valid], lambda each: each.file)
)


def read(body: bytes, *, options: Options | None = None, action: str = "") -> Document:
    numbers = count(1)
    cutter = Cutter(CONTENT_ELEMENTS, new_reference=lambda: f"ref-{next(numbers)}")
    events = cutter.feed(body) + cutter.close()
    envelope = b"".join(event.data for event in events if isinstance(event, Kept))
    return create(options or Options()).read(envelope, {"soapaction": action}, validate=True)


@needs_shared
def test_there_are_samples_of_every_service() -> None:
    """A test over no samples proves nothing."""
    assert {sample.service for sample in SAMPLES} == {service.kind for service in SERVICES}
    assert len([sample for sample in SAMPLES if sample.valid]) > 60


@every_valid_sample
def test_a_valid_message_from_practice_is_accepted(sample: Sample) -> None:
    """What the official schemas accept, ours accept; the SOAPAction names the service."""
    action = f"http://www.egem.nl/StUF/sector/zkn/0310/{sample.service}"

    document = read(sample.body, action=action)

    assert document.kind == sample.service
    assert document.zaak
    assert document.subject
    assert document.reference
    assert document.sender


@every_valid_sample
def test_without_a_soap_action_the_content_tells_the_service(sample: Sample) -> None:
    """Some senders set a status by updateZaak: by its content alone that is an actualiseerZaakstatus."""
    kind = read(sample.body).kind

    assert kind == sample.service or (kind, sample.service) == (STATUS.kind, UPDATE.kind)


@every_invalid_sample
def test_an_invalid_message_from_practice_is_refused(sample: Sample) -> None:
    """What is wrong with it by the official schemas is wrong by ours, or is no base64."""
    with pytest.raises(MessageRefused) as caught:
        read(sample.body)

    assert caught.value.code == "StUF055"


INDISPENSABLE = ("identificatie", "referentienummer", "inhoud")


@every_invalid_sample
def test_a_connection_can_accept_what_is_wrong_but_can_be_read(sample: Sample) -> None:
    """Only what identifies the message, zaak and document, and the document itself, must be right."""
    try:
        missing = read(sample.body, options=Options.model_validate({"validate": "accept"})).kind
    except MessageRefused as refused:
        missing = refused.path

    assert missing == sample.service or missing.endswith(INDISPENSABLE)
