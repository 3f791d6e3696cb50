"""adapters/stuf_zds against messages from practice (reference data beside the checkout; skipped without it)."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from adapters.stuf_zds.inbound import create
from adapters.stuf_zds.options import Options
from adapters.stuf_zds.services import SERVICES, STATUS, UPDATE
from hub.errors import MessageRefused
from hub.ports.contracts import Document, Expects
from tests.support.samples import samples as all_samples
from tests.support.shared import SHARED, cases_of, needs_shared
from tests.support.zds import cut

FOLDERS = ("zds12", "zkn0310")
SENSELESS = {
    "zkn0310/geefZaakdetails_Lv01__ozb-errors__02.xml": "StUF055",  # asks for nothing
    "zkn0310/updateZaakdocument_Di02__forum__02.xml": "StUF055",  # an addition of two objects, one without a name
}
"""What fits the schema and means nothing; the code it is refused with."""


class Sample(NamedTuple):
    file: str
    valid: bool

    @property
    def service(self) -> str:
        said = self.file.rpartition("/")[2].partition("__")[0].partition("-op")[0]
        return next((each.kind for each in SERVICES if each.kind.lower() == said.lower()), "")

    @property
    def body(self) -> bytes:
        return (SHARED / "samples/stuf" / self.file).read_bytes()


def samples() -> list[Sample]:
    """Give the samples of our requests, from the table in the index."""
    found = [Sample(each.name, each.valid) for each in all_samples()]
    return [each for each in found if each.file.startswith(FOLDERS) and each.service]


SAMPLES = samples()
every_valid_sample = pytest.mark.parametrize(
    "sample", cases_of([each for each in SAMPLES if each.valid and each.file not in SENSELESS], lambda each: each.file)
)
every_invalid_sample = pytest.mark.parametrize(
    "sample", cases_of([each for each in SAMPLES if not each.valid], lambda each: each.file)
)


def read(body: bytes, *, options: Options | None = None, action: str = "") -> Document:
    return create(options or Options()).read(cut(body), {"soapaction": action}, validate=True)


@needs_shared
def test_there_are_samples_of_every_service() -> None:
    """A test over no samples proves nothing. Nobody published a plain edcLv01 or edcLk01 W, nor a list of besluiten."""
    without = {"edcLv01", "updateZaakdocument_Lk01", "geefLijstBesluiten_Lv01"}
    assert {each.service for each in SAMPLES} == {each.kind for each in SERVICES if not each.element_stuf} - without
    assert len([sample for sample in SAMPLES if sample.valid]) > 120


@every_valid_sample
def test_a_valid_message_from_practice_is_accepted(sample: Sample) -> None:
    """What the official schemas accept, ours accept; the SOAPAction names the service."""
    action = f"http://www.egem.nl/StUF/sector/zkn/0310/{sample.service}"

    document = read(sample.body, action=action)

    assert document.kind == sample.service
    if document.expects is not Expects.ANSWER:
        assert document.zaak
        assert document.subject
    if document.expects is Expects.RECEIPT:
        assert document.reference
        assert document.sender


@every_valid_sample
def test_without_a_soap_action_the_content_tells_the_service(sample: Sample) -> None:
    """Some senders set a status by updateZaak: by its content alone that is an actualiseerZaakstatus."""
    kind = read(sample.body).kind

    assert kind == sample.service or (kind, sample.service) == (STATUS.kind, UPDATE.kind)


@every_invalid_sample
def test_an_invalid_message_from_practice_is_refused(sample: Sample) -> None:
    """What is wrong with it by the official schemas is wrong by ours, or is no base64, or is the code of another."""
    with pytest.raises(MessageRefused) as caught:
        read(sample.body)

    wrong_code = sample.file.endswith("genereerZaakIdentificatie_Di02__zaakbrug-soapui__02.xml")
    assert caught.value.code == ("StUF040" if wrong_code else "StUF055")


@needs_shared
@pytest.mark.parametrize(("file", "code"), SENSELESS.items())
def test_what_fits_the_schema_can_mean_nothing(file: str, code: str) -> None:
    """Then it is refused all the same."""
    sample = Sample(file, True)

    with pytest.raises(MessageRefused) as caught:
        read(sample.body, action=f"http://www.egem.nl/StUF/sector/zkn/0310/{sample.service}")

    assert caught.value.code == code


INDISPENSABLE = ("identificatie", "referentienummer", "inhoud", "berichtcode", "gelijk")


@every_invalid_sample
def test_a_connection_can_accept_what_is_wrong_but_can_be_read(sample: Sample) -> None:
    """Only what identifies message, zaak and document, the document itself and what is asked for must be right."""
    try:
        missing = read(sample.body, options=Options.model_validate({"validate": "accept"})).kind
    except MessageRefused as refused:
        missing = refused.path

    assert missing == sample.service or missing.endswith(INDISPENSABLE)
