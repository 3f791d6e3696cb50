"""adapters/stuf_zds/simulator.py: what it sends is what a form engine sends."""

from __future__ import annotations

from base64 import b64decode
from typing import Literal, get_args

import pytest
from lxml import etree

from adapters.stuf_zds.definition import ENTRY, documents
from adapters.stuf_zds.simulator import (
    Afzender,
    Betrokkene,
    Verzoek,
    bsn,
    contents,
    renumbered,
    with_other_content,
    with_wrong_order,
)
from hub.wire import xml
from hub.wire.soap import envelope
from hub.wire.soap.envelope import Version
from hub.wire.stuf import stuurgegevens
from hub.wire.xsd import Definition
from tests.support.shared import SHARED, needs_shared

Zds = Literal["1.1", "1.2"]
VERSIONS: tuple[Zds, ...] = get_args(Zds)
OFFICIAL = {"1.1": "zds/1.1.02/_lxml/zds11_totaal.xsd", "1.2": "zds/1.2/_lxml/zds0120.xsd"}


def all_messages(zds: Zds) -> list[Verzoek]:
    form = Afzender(administratie="test", zds=zds, soap=Version.SOAP12 if zds == "1.2" else Version.SOAP11)
    return [
        *(form.creeer_zaak(number, initiator=kind) for number, kind in enumerate(get_args(Betrokkene))),
        *(form.creeer_zaak(number) for number in range(10, 30)),
        form.creeer_zaak(5, extra={}, omschrijving="<Aanvraag & zo>"),
        form.update_zaak(1),
        *((form.update_zaak(1, objects=1),) if zds == "1.1" else ()),  # ZDS 1.2 asks for two
        *(form.actualiseer_zaakstatus(1, volgnummer) for volgnummer in (1, 2, 3)),
        form.voeg_zaakdocument_toe(1, b"ABC"),
    ]


def message_in(verzoek: Verzoek) -> etree._Element:
    return envelope.read(xml.parse(verzoek.body)).body


@needs_shared
@pytest.mark.parametrize("zds", VERSIONS)
def test_every_message_fits_the_official_schema(zds: Zds) -> None:
    """Whatever the initiator, the status and the number of objects."""
    schema = etree.XMLSchema(etree.parse(str(SHARED / "standards/stuf" / OFFICIAL[zds])))

    for verzoek in all_messages(zds):
        assert schema.validate(message_in(verzoek)), (verzoek.operation, schema.error_log)


@pytest.mark.parametrize("zds", VERSIONS)
def test_every_message_fits_our_own_definition(zds: Zds) -> None:
    """As partners see it: with base64."""
    definition = Definition(documents(), ENTRY)

    for verzoek in all_messages(zds):
        assert definition.check(message_in(verzoek)) == ()


def test_the_same_number_gives_the_same_bytes() -> None:
    """So a resend is the same request; another number is another message."""
    form = Afzender()

    assert form.creeer_zaak(7) == form.creeer_zaak(7)
    assert form.creeer_zaak(7).referentienummer != form.creeer_zaak(8).referentienummer
    assert form.actualiseer_zaakstatus(7, 2).referentienummer != form.actualiseer_zaakstatus(7, 3).referentienummer


def test_bsns_pass_the_11_test_and_are_never_issued() -> None:
    """9999 and five digits, distinct enough for a day of testing."""
    numbers = [bsn(number) for number in range(2_000)]

    for number in numbers:
        weights = (*range(9, 1, -1), -1)
        assert sum(int(digit) * weight for digit, weight in zip(number, weights, strict=True)) % 11 == 0
        assert number.startswith("9999")
    assert len(set(numbers)) > 1_700
    assert bsn(9_999).startswith("9999")


@pytest.mark.parametrize("size", [0, 1, 3, 49_151, 49_152, 49_153, 500_000])
def test_a_large_document_is_sent_in_pieces(size: int) -> None:
    """Together the pieces are one message with exactly that content."""
    verzoek, pieces = Afzender().voeg_groot_zaakdocument_toe(1, size)

    inhoud = xml.find(message_in(verzoek._replace(body=b"".join(pieces))), "object/inhoud")

    assert inhoud is not None
    assert b64decode(inhoud.text or "") == b"".join(contents(size))
    assert sum(len(piece) for piece in contents(size)) == size


def test_a_resend_under_a_new_number_differs_in_nothing_else() -> None:
    """What Open Forms does after a time-out."""
    verzoek = Afzender().creeer_zaak(1)

    again = renumbered(verzoek, "nieuw-nummer")

    said = stuurgegevens.read(xml.find(message_in(again), "stuurgegevens"))
    assert said.referentienummer == "nieuw-nummer" == again.referentienummer
    assert again.body.replace(b"nieuw-nummer", verzoek.referentienummer.encode()) == verzoek.body


def test_mistakes_are_mistakes_of_one_kind() -> None:
    """A wrong order is well-formed; other content keeps its number."""
    verzoek = Afzender().creeer_zaak(1)

    wrong, other = with_wrong_order(verzoek), with_other_content(verzoek)

    assert len(wrong.body) == len(verzoek.body)
    assert xml.local_name(message_in(wrong)[-1][-1]) == "identificatie"
    assert other.body != verzoek.body
    assert other.referentienummer == verzoek.referentienummer
