"""adapters/stuf_zds: what is read, what is refused, and what is answered."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import get_args

import pytest
from lxml import etree

from adapters.stuf_zds.definition import definition
from adapters.stuf_zds.inbound import CONTENT_ELEMENTS, ZdsInbound, create
from adapters.stuf_zds.options import Options
from adapters.stuf_zds.services import by_element
from adapters.stuf_zds.simulator import Afzender, Betrokkene, Verzoek, with_wrong_order, zaakidentificatie
from hub.errors import MessageRefused
from hub.ports.contracts import Document, MessageRefusal, Reply
from hub.wire import xml
from hub.wire.claim import Cutter, Kept, read_claim
from hub.wire.soap import envelope
from hub.wire.soap.envelope import VERSION_MISMATCH, Version
from hub.wire.stuf import stuurgegevens
from hub.wire.stuf.namespaces import STUF, ZKN
from hub.wire.stuf.stuurgegevens import Stuurgegevens
from tests.support.shared import SHARED, needs_shared

AT = datetime(2026, 3, 2, 8, 0, 0, 5000, tzinfo=UTC)
MESSAGE_ID = "0b0e7cc8-4a0a-5f7b-9d9e-3a1c4f7f0a11"

form = Afzender()
form_12 = Afzender(zds="1.2", soap=Version.SOAP12)
inbound = create(Options(organisatie="1900"))
lenient = create(Options.model_validate({"validate": "accept"}))


def cut(body: bytes) -> bytes:
    numbers = count(1)
    cutter = Cutter(CONTENT_ELEMENTS, new_reference=lambda: f"ref-{next(numbers)}")
    events = cutter.feed(body) + cutter.close()
    return b"".join(event.data for event in events if isinstance(event, Kept))


def read(verzoek: Verzoek, *, adapter: ZdsInbound = inbound, validate: bool = True) -> Document:
    return adapter.read(cut(verzoek.body), verzoek.headers(), validate=validate)


def body_of(document: Document) -> etree._Element:
    assert isinstance(document.body, etree._Element)
    return document.body


def changed(verzoek: Verzoek, old: str, new: str, *, action: str | None = None) -> Verzoek:
    """Give the same request with something else in it."""
    assert old.encode() in verzoek.body
    body = verzoek.body.replace(old.encode(), new.encode())
    return verzoek._replace(body=body, action=verzoek.action if action is None else action)


def refusal(verzoek: Verzoek, *, adapter: ZdsInbound = inbound) -> MessageRefused:
    with pytest.raises(MessageRefused) as caught:
        read(verzoek, adapter=adapter)
    return caught.value


@pytest.mark.parametrize("sender", [form, form_12])
def test_the_four_services_are_read(sender: Afzender) -> None:
    """In ZDS 1.1 and 1.2, SOAP 1.1 and 1.2: kind, sender, number, zaak and subject."""
    for verzoek in (
        sender.creeer_zaak(1),
        sender.update_zaak(1),
        sender.update_zaak(1, objects=1),
        sender.actualiseer_zaakstatus(1),
        sender.voeg_zaakdocument_toe(1),
    ):
        document = read(verzoek)

        is_document = verzoek.operation == "voegZaakdocumentToe_Lk01"
        assert document.kind == verzoek.operation
        assert document.sender == "1900/FORMULIEREN"
        assert document.reference == verzoek.referentienummer
        assert document.zaak == zaakidentificatie(1)
        assert document.subject == ("190000000000010001" if is_document else zaakidentificatie(1))


@pytest.mark.parametrize("kind", get_args(Betrokkene))
def test_every_kind_of_initiator_is_read(kind: Betrokkene) -> None:
    """Five kinds of betrokkene."""
    document = read(form.creeer_zaak(3, initiator=kind))

    assert body_of(document).find(f".//{{{ZKN}}}heeftAlsInitiator/{{{ZKN}}}gerelateerde/{{{ZKN}}}{kind}") is not None


def test_a_document_holds_a_claim_where_its_content_was() -> None:
    """By then the content is in the payload store."""
    inhoud = xml.find(body_of(read(form.voeg_zaakdocument_toe(1, b"ABC"))), "object/inhoud")

    assert inhoud is not None
    claim = read_claim(inhoud.text)
    assert claim is not None
    assert (claim.reference, claim.size_bytes) == ("ref-1", 3)
    assert inhoud.get(f"{{{STUF}}}bestandsnaam") == "aanvraag-1-1.pdf"


def test_of_two_objects_the_body_holds_huidig() -> None:
    """With the identificatie before the change beside it."""
    body = body_of(read(form.update_zaak(1)))

    assert [xml.local_name(child) for child in body] == ["stuurgegevens", "parameters", "oud", "object"]
    assert body.findtext("oud/{*}identificatie") == zaakidentificatie(1)
    assert body.findtext("{*}object/{*}toelichting") == "Compleet"


def test_the_worker_reads_the_same_as_the_edge() -> None:
    """Without validation the document is the same, faster."""
    for verzoek in (form.creeer_zaak(1), form.update_zaak(1), form.actualiseer_zaakstatus(1, 3)):
        edge, worker = read(verzoek), read(verzoek, validate=False)

        assert worker[0] == edge[0]
        assert worker[2:] == edge[2:]
        assert etree.tostring(body_of(worker), method="c14n") == etree.tostring(body_of(edge), method="c14n")


@pytest.mark.parametrize(
    ("verzoek", "kind"),
    [
        (form.creeer_zaak(1), "creeerZaak_Lk01"),
        (form.update_zaak(1), "updateZaak_Lk01"),
        (form.update_zaak(1, objects=1), "updateZaak_Lk01"),
        (form.actualiseer_zaakstatus(1), "actualiseerZaakstatus_Lk01"),
        (form.actualiseer_zaakstatus(1, 3), "updateZaak_Lk01"),
        (form.voeg_zaakdocument_toe(1), "voegZaakdocumentToe_Lk01"),
    ],
)
@pytest.mark.parametrize("action", ["", "http://www.egem.nl/StUF/sector/zkn/0310/zakLk01", "urn:leverancier:actie"])
def test_without_a_usable_action_the_content_decides(verzoek: Verzoek, kind: str, action: str) -> None:
    """A status with a resultaat is an updateZaak, unless the action says otherwise."""
    if action.endswith("zakLk01") and kind.startswith("voeg"):
        action = action.replace("zakLk01", "EDCLK01")

    assert read(verzoek._replace(action=action)).kind == kind


@pytest.mark.parametrize(
    ("verzoek", "action"),
    [
        (form.creeer_zaak(1), "http://www.egem.nl/StUF/sector/zkn/0310/voegZaakdocumentToe_Lk01"),
        (form.creeer_zaak(1), "http://www.egem.nl/StUF/sector/zkn/0310/geefZaakdetails_Lv01"),
        (form.voeg_zaakdocument_toe(1), "http://www.egem.nl/StUF/sector/zkn/0310/zakLk01"),
        (form_12.creeer_zaak(1), "http://www.stufstandaarden.nl/koppelvlak/zds0120/updateZaak_ZakLk01"),
    ],
)
def test_an_action_that_contradicts_the_message_is_refused(verzoek: Verzoek, action: str) -> None:
    """Nobody knows which of the two was meant."""
    assert refusal(verzoek._replace(action=action)).code == "StUF040"


def test_the_action_of_one_version_of_zds_names_the_service_of_the_other() -> None:
    """Open Forms sends actions of 1.1 whatever the version; partners vary the case."""
    action = "http://www.egem.nl/StUF/sector/zkn/0310/CREEERZAAK_LK01"

    assert read(form_12.creeer_zaak(1)._replace(action=action)).kind == "creeerZaak_Lk01"


ZAAK = form.creeer_zaak(1)
ZENDER = (
    "<StUF:zender><StUF:organisatie>1900</StUF:organisatie><StUF:applicatie>FORMULIEREN</StUF:applicatie></StUF:zender>"
)


@pytest.mark.parametrize(
    ("verzoek", "code"),
    [
        (changed(ZAAK, STUF, "http://www.egem.nl/StUF/StUF0302"), "StUF001"),
        (changed(ZAAK, ZKN, "http://www.egem.nl/StUF/sector/bg/0310/x"), "StUF004"),
        (changed(ZAAK, f'xmlns:ZKN="{ZKN}"', 'xmlns:ZKN="urn:zkn"'), "StUF004"),
        (changed(ZAAK, ZKN, "http://www.egem.nl/StUF/sector/zkn/0320"), "StUF007"),
        (changed(form_12.creeer_zaak(1), "zds0120", "zds0130"), "StUF007"),
        (changed(ZAAK, "<StUF:applicatie>ZAAKHUB</StUF:applicatie>", ""), "StUF010"),
        (changed(ZAAK, ZENDER, ""), "StUF013"),
        (changed(ZAAK, "<StUF:berichtcode>Lk01", "<StUF:berichtcode>Xx99"), "StUF022"),
        (changed(ZAAK, "<StUF:berichtcode>Lk01</StUF:berichtcode>", ""), "StUF022"),
        (changed(ZAAK, "<StUF:berichtcode>Lk01", "<StUF:berichtcode>Lk03"), "StUF025"),
        (changed(ZAAK, "<StUF:berichtcode>Lk01", "<StUF:berichtcode>Lk02"), "StUF040"),
        (changed(ZAAK, "<StUF:entiteittype>ZAK", "<StUF:entiteittype>QQQ"), "StUF028"),
        (changed(ZAAK, "<StUF:entiteittype>ZAK", "<StUF:entiteittype>OEH"), "StUF031"),
        (changed(ZAAK, "<StUF:entiteittype>ZAK", "<StUF:entiteittype>BSL"), "StUF040"),
        (changed(ZAAK, "<StUF:entiteittype>ZAK", "<StUF:entiteittype>EDC"), "StUF040"),
        (changed(ZAAK, "ZKN:zakLk01", "ZKN:zakLk99"), "StUF040"),
        (changed(form_12.voeg_zaakdocument_toe(1), "voegZaakdocumentToe_", "vernietigZaakdocument_"), "StUF040"),
        (changed(ZAAK, f"<StUF:referentienummer>{ZAAK.referentienummer}</StUF:referentienummer>", ""), "StUF055"),
    ],
)
def test_wrong_stuurgegevens_get_the_code_of_the_table(verzoek: Verzoek, code: str) -> None:
    """StUF 03.01 table 8.1; whatever the connection accepts, these are refused."""
    assert refusal(verzoek).code == code
    assert refusal(verzoek, adapter=lenient).code == code


def test_of_several_faults_the_first_of_the_table_is_given() -> None:
    """StUF 03.01 chapter 8."""
    verzoek = changed(changed(ZAAK, "<StUF:berichtcode>Lk01", "<StUF:berichtcode>Xx99"), ZENDER, "")

    assert refusal(verzoek).code == "StUF013"


DOCUMENT = form.voeg_zaakdocument_toe(1)
STARTDATUM = "<ZKN:startdatum>20260302</ZKN:startdatum>"


@pytest.mark.parametrize(
    ("verzoek", "path"),
    [
        (with_wrong_order(ZAAK), "zakLk01/object/identificatie"),
        (changed(ZAAK, STARTDATUM, "<ZKN:startdatum>gisteren</ZKN:startdatum>"), "zakLk01/object/startdatum"),
        (changed(ZAAK, STARTDATUM, "<ZKN:begindatum>20260302</ZKN:begindatum>"), "zakLk01/object/begindatum"),
        (changed(ZAAK, STARTDATUM, ""), "zakLk01/object/startdatum"),
        (changed(ZAAK, "<ZKN:code>B1026</ZKN:code>", "<ZKN:code/>"), "zakLk01/object/isVan/gerelateerde/code"),
        (changed(ZAAK, "<StUF:mutatiesoort>T", "<StUF:mutatiesoort>W"), "zakLk01/parameters/mutatiesoort"),
        (
            changed(form.update_zaak(1), "<StUF:mutatiesoort>W", "<StUF:mutatiesoort>T", action="creeerZaak_Lk01"),
            "zakLk01/parameters/mutatiesoort",
        ),
        (form.update_zaak(1)._replace(action="actualiseerZaakstatus_Lk01"), "zakLk01/object[2]/heeft"),
        (changed(DOCUMENT, "<ZKN:taal>nld</ZKN:taal>", ""), "edcLk01/object/taal"),
        (
            changed(DOCUMENT, "<ZKN:identificatie>19000000000001</ZKN:identificatie>", ""),
            "edcLk01/object/isRelevantVoor/gerelateerde/identificatie",
        ),
        (
            changed(DOCUMENT, ' StUF:bestandsnaam="aanvraag-1-1.pdf"', ""),
            "edcLk01/object/inhoud",
        ),
    ],
)
def test_a_wrong_body_is_refused_at_its_place(verzoek: Verzoek, path: str) -> None:
    """StUF055, with the path and the line of what is wrong."""
    refused = refusal(verzoek)

    assert (refused.code, refused.path) == ("StUF055", path)
    assert "gisteren" not in str(refused)
    assert refused.line >= 0


def test_a_document_left_in_an_attachment_is_refused() -> None:
    """xop:Include: accepting it would lose the document."""
    include = '<xop:Include xmlns:xop="http://www.w3.org/2004/08/xop/include" href="cid:1"/>'
    body = form._document(1, 1).body.replace(b"{inhoud}", include.encode())

    assert refusal(DOCUMENT._replace(body=body)).path == "edcLk01/object/inhoud"


def test_a_message_without_identificatie_is_refused_even_when_all_else_is_accepted() -> None:
    """There would be no order to keep."""
    verzoek = changed(ZAAK, "<ZKN:identificatie>19000000000001</ZKN:identificatie>", "")

    assert refusal(verzoek, adapter=lenient).path == "zakLk01/object/identificatie"


def test_a_lenient_connection_takes_a_wrong_order() -> None:
    """`validate: accept`."""
    assert read(with_wrong_order(ZAAK), adapter=lenient).zaak == zaakidentificatie(1)


def test_a_bare_message_is_refused_over_http_and_read_from_a_file() -> None:
    """What has a content-type came over HTTP."""
    message = etree.tostring(envelope.read(xml.parse(ZAAK.body)).body)

    with pytest.raises(MessageRefused, match="not in a SOAP envelope"):
        inbound.read(message, {"content-type": "text/xml", "soapaction": ZAAK.action}, validate=True)
    assert inbound.read(message, {}, validate=True).kind == "creeerZaak_Lk01"


def test_text_in_latin_1_is_read_when_http_says_so() -> None:
    """OpenWave sends ISO-8859-1 with the charset in the HTTP header only."""
    verzoek = form.creeer_zaak(1, omschrijving="Café")
    body = verzoek.body.decode().replace(' encoding="UTF-8"', "").encode("iso-8859-1")
    headers = verzoek.headers() | {"content-type": "text/xml; charset=ISO-8859-1"}

    document = inbound.read(body, headers, validate=True)

    assert body_of(document).findtext("{*}object/{*}omschrijving") == "Café"


def message_in(reply: Reply) -> etree._Element:
    """Give the Bv03 or Fo03 in a reply."""
    found = envelope.read(xml.parse(reply.body)).body
    return found if xml.local_name(found) == "Bv03Bericht" else next(found.iter(f"{{{STUF}}}Fo03Bericht"))


def said_in(reply: Reply) -> Stuurgegevens:
    return stuurgegevens.read(message_in(reply).find(f"{{{STUF}}}stuurgegevens"))


@pytest.mark.parametrize(
    ("sender", "content_type"), [(form, "text/xml; charset=utf-8"), (form_12, "application/soap+xml; charset=utf-8")]
)
def test_an_accepted_message_gets_its_bv03_in_its_own_soap_version(sender: Afzender, content_type: str) -> None:
    """Zender and ontvanger swapped, our message id as number, theirs as crossRefnummer."""
    verzoek = sender.creeer_zaak(1)

    reply = inbound.accepted(read(verzoek), message_id=MESSAGE_ID, at=AT, headers=verzoek.headers())

    said = said_in(reply)
    assert (reply.status, reply.content_type) == (200, content_type)
    assert (said.berichtcode, said.referentienummer, said.cross_refnummer) == (
        "Bv03",
        MESSAGE_ID,
        verzoek.referentienummer,
    )
    assert (said.zender.applicatie, said.ontvanger.applicatie) == ("ZAAKHUB", "FORMULIEREN")
    assert said.tijdstip_bericht == "20260302090000005"


def test_the_same_message_gets_the_same_acknowledgement() -> None:
    """StUF 03.01 §4.4: a resend is answered with the same Bv03."""
    first, again = (
        inbound.accepted(read(ZAAK), message_id=MESSAGE_ID, at=AT, headers=ZAAK.headers()) for _ in range(2)
    )

    assert first == again


WRONG = MessageRefusal("StUF055", "the value is too long", "zakLk01/object/omschrijving", 12, 500)


@pytest.mark.parametrize(("sender", "code"), [(form, "soap:Client"), (form_12, "soap:Sender")])
def test_a_refused_message_gets_an_fo03_in_a_fault(sender: Afzender, code: str) -> None:
    """HTTP 500, plek as faultcode, path and line in details."""
    verzoek = sender.creeer_zaak(1)

    reply = inbound.refused(WRONG, verzoek.body, message_id=MESSAGE_ID, at=AT, headers=verzoek.headers())

    fo03 = message_in(reply)
    assert reply.status == 500
    assert code.encode() in reply.body
    assert fo03.findtext("{*}body/{*}code") == "StUF055"
    assert fo03.findtext("{*}body/{*}plek") == "client"
    assert fo03.findtext("{*}body/{*}omschrijving") == "Berichtbody is niet conform schema in sectormodel"
    assert fo03.findtext("{*}body/{*}details") == (
        "the value is too long; element: zakLk01/object/omschrijving; line: 12"
    )
    assert said_in(reply).cross_refnummer == verzoek.referentienummer


@pytest.mark.parametrize("body", [b"", b"%PDF-1.7", ZAAK.body[:300], b"<!DOCTYPE a><a/>", "<a/>".encode("utf-16")])
def test_what_can_not_be_read_is_answered_too(body: bytes) -> None:
    """To ONBEKEND, from our own name."""
    reply = inbound.refused(WRONG, body, message_id=MESSAGE_ID, at=AT, headers={})

    said = said_in(reply)
    assert (said.zender.naam, said.ontvanger.applicatie) == ("1900/ZAAKHUB", "ONBEKEND")
    assert reply.content_type.startswith("text/xml")


def test_a_message_cut_short_is_answered_to_its_sender() -> None:
    """The stuurgegevens come first in a message."""
    reply = inbound.refused(WRONG, ZAAK.body[:1700], message_id=MESSAGE_ID, at=AT, headers={})

    assert said_in(reply).ontvanger.applicatie == "FORMULIEREN"


def test_an_error_without_a_stuf_code_is_a_fault_of_the_server() -> None:
    """StUF058 is what the standard has for it."""
    reply = inbound.refused(
        MessageRefusal("overloaded", "try again", "", 0, 503), ZAAK.body, message_id=MESSAGE_ID, at=AT, headers={}
    )

    assert reply.status == 503
    assert message_in(reply).findtext("{*}body/{*}code") == "StUF058"
    assert message_in(reply).findtext("{*}body/{*}details") == "try again"


def test_an_unknown_soap_version_is_answered_in_soap_11() -> None:
    """With the fault of that name, and no StUF in it."""
    body = ZAAK.body.replace(Version.SOAP11.value.encode(), b"urn:soap13")
    with pytest.raises(MessageRefused) as caught:
        inbound.read(body, ZAAK.headers(), validate=True)
    refused = MessageRefusal(caught.value.code, caught.value.reason, "", 0, 500)

    reply = inbound.refused(refused, body, message_id=MESSAGE_ID, at=AT, headers={})

    assert caught.value.code == VERSION_MISMATCH
    assert b"<faultcode>soap:VersionMismatch</faultcode>" in reply.body


@needs_shared
def test_replies_fit_the_official_schema() -> None:
    """Bv03 and Fo03, for a good message and for none at all."""
    schema = etree.XMLSchema(etree.parse(str(SHARED / "standards/stuf/zds/1.2/_lxml/zds0120.xsd")))
    replies = [
        inbound.accepted(read(ZAAK), message_id=MESSAGE_ID, at=AT, headers={}),
        inbound.refused(WRONG, ZAAK.body, message_id=MESSAGE_ID, at=AT, headers={}),
        inbound.refused(WRONG, b"", message_id=MESSAGE_ID, at=AT, headers={}),
        inbound.refused(WRONG._replace(reason="r" * 3000), b"", message_id=MESSAGE_ID, at=AT, headers={}),
    ]

    for reply in replies:
        assert schema.validate(message_in(reply)), schema.error_log


def test_our_own_definition_has_every_message_of_the_table() -> None:
    """What the services name, the schemas define."""
    for name in by_element():
        [finding] = definition().check(etree.Element(name))
        assert finding.sentence.startswith("an element is missing")
