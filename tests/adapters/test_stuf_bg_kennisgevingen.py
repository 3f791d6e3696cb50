"""adapters/stuf_bg: kennisgevingen and synchronisations as they come in, and how they are answered."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from lxml import etree

from adapters.stuf_bg.inbound import BgInbound, create
from adapters.stuf_bg.options import Options
from adapters.stuf_bg.services import KENNISGEVINGEN, SYNCHRONISATIES, VERZOEKEN
from adapters.stuf_bg.simulator.afnemer import Afnemer
from hub.errors import MessageRefused, TargetRefused, TargetUnavailable
from hub.ports.contracts import Document, Expects, MessageRefusal
from hub.security.personal import Bsn
from hub.wire import xml
from hub.wire.soap.envelope import Version
from hub.wire.stuf import stuurgegevens
from hub.wire.xml import find, local_name
from tests.support.bg_bericht import (
    ADA,
    BOB,
    KERN,
    LEEG,
    SPACES,
    adres,
    lk01,
    lk03,
    persoon,
    sa01,
    sh01,
    soap,
    verhuizing,
)
from tests.support.bg_bericht import stuurgegevens as said

HTTP = {"content-type": "text/xml; charset=utf-8"}
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def adapter() -> BgInbound:
    """Make it once."""
    return create(Options(organisatie="1900"))


def read(adapter: BgInbound, message: str) -> Document:
    return adapter.read(soap(message), HTTP, validate=True)


def refused(adapter: BgInbound, message: str) -> MessageRefused:
    with pytest.raises(MessageRefused) as refusal:
        read(adapter, message)
    return refusal.value


def body(document: Document) -> etree._Element:
    assert isinstance(document.body, etree._Element)
    return document.body


# What happened, to whom


@pytest.mark.parametrize("soort", sorted(KERN))
@pytest.mark.parametrize(("mutatie", "what"), [("T", "T"), ("W", "W"), ("C", "W"), ("F", "W"), ("V", "V")])
def test_the_kind_says_what_happened(adapter: BgInbound, soort: str, mutatie: str, what: str) -> None:
    """A correction is a change: which of the two, the mutatiesoort says."""
    document = read(adapter, lk01(soort, mutatie, KERN[soort], reference="1"))

    assert document.kind == f"{soort.lower()}Lk01-{what}"
    assert document.expects is Expects.RECEIPT


def test_a_synchronous_change_has_the_kind_of_an_asynchronous_one(adapter: BgInbound) -> None:
    """Its sender waits until it is done."""
    document = read(adapter, lk01("NPS", "V", KERN["NPS"], reference="1", code="Lk02"))

    assert (document.kind, document.expects) == ("npsLk01-V", Expects.OUTCOME)


@pytest.mark.parametrize("mutatie", ["", "X"])
def test_a_kennisgeving_that_does_not_say_what_happened_is_refused(adapter: BgInbound, mutatie: str) -> None:
    """With the place."""
    refusal = refused(
        adapter, lk01("NPS", "T", KERN["NPS"], reference="1").replace(">T</StUF:mut", f">{mutatie}</StUF:mut")
    )

    assert (refusal.code, refusal.path) == ("StUF055", "npsLk01/parameters/mutatiesoort")


@pytest.mark.parametrize(
    "message", [lk01("NPS", "T", KERN["NPS"], reference="1"), sa01("NPS", KERN["NPS"], reference="1")]
)
def test_a_message_about_a_person_says_so_and_has_no_bsn_for_a_key(adapter: BgInbound, message: str) -> None:
    """The flow makes the key."""
    document = read(adapter, message)

    assert document.person == Bsn(ADA)
    assert (document.zaak, document.subject, document.reference) == ("1", "1", "1")


def test_the_person_of_before_is_whom_it_is_about_when_the_one_of_now_has_no_number(adapter: BgInbound) -> None:
    """A number that does not pass the 11-test is nobody's; so are those that are given out as examples."""
    wrong = persoon("999990018")

    assert read(adapter, lk01("NPS", "W", persoon(ADA), wrong, reference="1")).person == Bsn(ADA)
    assert read(adapter, lk01("NPS", "T", wrong, reference="1")).person is None
    assert read(adapter, lk01("NPS", "T", persoon("111222333"), reference="1")).person is None


@pytest.mark.parametrize(
    ("content", "sleutel", "key", "person"),
    [
        ("<BG:geslachtsnaam>J</BG:geslachtsnaam>", "P-1", "nps-P-1", None),
        ("<BG:anp.identificatie>19000000000000077</BG:anp.identificatie>", "", "nps-19000000000000077", None),
        ("<BG:geslachtsnaam>J</BG:geslachtsnaam>", "", "ref", None),
        ("<BG:geslachtsnaam>J</BG:geslachtsnaam>", BOB, "ref", Bsn(BOB)),
        ("<BG:geslachtsnaam>J</BG:geslachtsnaam>", f"GBA-{BOB}", "ref", Bsn(BOB)),
        ("<BG:geslachtsnaam>J</BG:geslachtsnaam>", f"1{BOB}", f"nps-1{BOB}", None),
    ],
)
def test_a_person_without_a_bsn_is_known_by_a_key_of_the_sender(
    adapter: BgInbound, content: str, sleutel: str, key: str, person: Bsn | None
) -> None:
    """One that could be a BSN is treated as one."""
    document = read(adapter, lk01("NPS", "T", content, reference="ref", sleutel=sleutel))

    assert (document.zaak, document.subject, document.person) == (key, key, person)


@pytest.mark.parametrize(
    ("soort", "key"),
    [("NNP", "999999990"), ("VES", "000099999999"), ("MAC", "99999999"), ("AOA", "1900200000000001")],
)
def test_a_company_or_address_is_known_by_its_number(adapter: BgInbound, soort: str, key: str) -> None:
    """In every message; without one by the key of the sender."""
    messages = (
        lk01(soort, "T", KERN[soort], reference="1"),
        sa01(soort, KERN[soort], reference="1"),
        sh01(soort, KERN[soort], oudste=KERN[soort], wijzigingen=(), reference="1"),
    )
    without = {"NNP": "statutaireNaam", "VES": "handelsnaam", "MAC": "handelsnaam", "AOA": "postcode"}[soort]
    value = "1234AB" if soort == "AOA" else "x"
    unnumbered = lk01(soort, "T", f"<BG:{without}>{value}</BG:{without}>", reference="1", sleutel="K-1")

    assert {read(adapter, each).zaak for each in messages} == {key}
    assert read(adapter, unnumbered).zaak == f"{soort.lower()}-K-1"


# What a mapping reads


def test_what_it_was_stands_whole_beside_what_it_is(adapter: BgInbound) -> None:
    """With its relations."""
    partner = (
        '<BG:inp.heeftAlsEchtgenootPartner StUF:entiteittype="NPSNPSHUW" StUF:verwerkingssoort="V"><BG:gerelateerde '
        f'StUF:entiteittype="NPS" StUF:verwerkingssoort="I"><BG:inp.bsn>{BOB}</BG:inp.bsn></BG:gerelateerde>'
        "</BG:inp.heeftAlsEchtgenootPartner>"
    )
    empty = f'<BG:inp.heeftAlsEchtgenootPartner StUF:entiteittype="NPSNPSHUW" StUF:verwerkingssoort="V" {LEEG}/>'
    message = body(
        read(
            adapter,
            lk01("NPS", "W", persoon(ADA, adres("A") + partner), persoon(ADA, adres("B") + empty), reference="1"),
        )
    )

    assert [local_name(each) for each in message] == ["stuurgegevens", "parameters", "oud", "object"]
    oud = message.find("oud")
    assert oud is not None
    assert [local_name(each) for each in oud] == [
        "inp.bsn",
        "geslachtsnaam",
        "verblijfsadres",
        "inp.heeftAlsEchtgenootPartner",
    ]
    assert find(oud, "inp.heeftAlsEchtgenootPartner/gerelateerde/inp.bsn") is not None
    huidig = find(message, "object/inp.heeftAlsEchtgenootPartner")
    assert huidig is not None
    assert len(huidig) == 0


def test_what_was_stands_beside_what_is_in_every_change_of_a_history(adapter: BgInbound) -> None:
    """Of a Sh01."""
    pairs = ((persoon(ADA, adres("A")), persoon(ADA, adres("B"))), (persoon(ADA, adres("B")), persoon(ADA, adres("C"))))
    message = body(read(adapter, sh01("NPS", persoon(ADA), oudste=persoon(ADA), wijzigingen=pairs, reference="1")))

    changes = list(message.iter("{*}wijziging"))
    assert [[local_name(child) for child in each][-2:] for each in changes] == [["oud", "object"]] * 2


# What is wrong with it


def test_what_only_a_key_names_is_not_found(adapter: BgInbound) -> None:
    """The hub hands out no keys, so none of its senders can name anything by one."""
    refusal = refused(adapter, lk01("NPS", "V", "", reference="1", sleutel="P-1"))

    assert (refusal.code, refusal.path) == ("StUF064", "npsLk01/object")
    assert "inp.bsn" in refusal.reason


@pytest.mark.parametrize("mutatie", ["T", "V"])
def test_an_addition_or_removal_has_one_object(adapter: BgInbound, mutatie: str) -> None:
    """StUF 03.01 §5.2.3."""
    assert refused(adapter, lk01("NPS", mutatie, KERN["NPS"], KERN["NPS"], reference="1")).code == "StUF055"


@pytest.mark.parametrize("service", VERZOEKEN, ids=lambda each: each.kind)
def test_a_request_to_synchronise_is_refused(adapter: BgInbound, service: object) -> None:
    """Nobody asks the hub: it keeps no persons."""
    kind, soort = service.kind, service.entiteittype  # type: ignore[attr-defined]
    inside = f'<BG:object StUF:entiteittype="{soort}" StUF:verwerkingssoort="I">{KERN[soort]}</BG:object>'
    message = f"<BG:{kind} {SPACES}>{said(kind[3:], '1', soort)}{inside}</BG:{kind}>"

    assert refused(adapter, message).code == "StUF025"


def test_a_kennisgeving_about_something_else_is_refused(adapter: BgInbound) -> None:
    """A building, a plot: StUF031 names what is received."""
    refusal = refused(adapter, lk01("PND", "T", "<BG:identificatie>1</BG:identificatie>", reference="1"))

    assert refusal.code == "StUF031"
    assert "AOA, MAC, NNP, NPS and VES" in refusal.reason


# Composite messages


ADRES = [lk01("AOA", soort, KERN["AOA"], reference=f"a-{soort}") for soort in "TV"]
PAND = lk01("PND", "T", "<BG:identificatie>1</BG:identificatie>", reference="p")


def batch(adapter: BgInbound, message: str, version: Version = Version.SOAP11) -> list[Document]:
    found = adapter.batch(soap(message, version=version), HTTP)
    assert found is not None
    return [adapter.read(each.body, each.headers, validate=True) for each in found.parts]


@pytest.mark.parametrize("version", list(Version))
def test_a_composite_message_is_taken_apart_in_its_order(adapter: BgInbound, version: Version) -> None:
    """Each reads as if it had come alone, under its own number."""
    documents = batch(adapter, lk03("bagIN", ADRES[0], PAND, ADRES[1], reference="whole"), version)

    assert [(each.kind, each.reference, each.zaak) for each in documents] == [
        ("aoaLk01-T", "a-T", "1900200000000001"),
        ("aoaLk01-V", "a-V", "1900200000000001"),
    ]
    assert {each.sender for each in documents} == {"1900/MAKELAAR"}


def test_a_name_that_says_more_is_that_of_the_same_kennisgeving(adapter: BgInbound) -> None:
    """`aoaLk01-toevoegen` in the messages of the BAG."""
    [document] = batch(
        adapter, lk03("bgrVBI", lk01("AOA", "T", KERN["AOA"], reference="a", name="aoaLk01-toevoegen"), reference="w")
    )

    assert document.kind == "aoaLk01-T"
    assert local_name(body(document)) == "aoaLk01"


def test_what_is_not_received_in_it_is_named(adapter: BgInbound) -> None:
    """Nothing is lost in silence; as often as it is there."""
    found = adapter.batch(soap(lk03("bagIN", ADRES[0], PAND, PAND, ADRES[1], reference="whole")), HTTP)

    assert found is not None
    assert [each.remarks for each in found.parts] == [
        ("bagIN_Lk03: of its kennisgevingen these are not received here: pndLk01 (2)",),
        (),
    ]


@pytest.mark.parametrize("inside", [(PAND,), ()])
def test_a_composite_message_with_nothing_for_us_is_refused(adapter: BgInbound, inside: tuple[str, ...]) -> None:
    """It could not be kept."""
    with pytest.raises(MessageRefused) as refusal:
        adapter.batch(soap(lk03("bagIN", *inside, reference="whole")), HTTP)

    assert refusal.value.code == "StUF031"


@pytest.mark.parametrize("numbers", [("whole", "b"), ("a", "a"), ("", "b")])
def test_numbers_that_say_nothing_are_made_from_that_of_the_whole(adapter: BgInbound, numbers: tuple[str, str]) -> None:
    """The same again when it is sent again."""
    two = [lk01("AOA", "T", KERN["AOA"], reference=number) for number in numbers]
    message = lk03("bagIN", *two, reference="whole")

    assert [each.reference for each in batch(adapter, message)] == ["whole-1", "whole-2"]
    assert [each.reference for each in batch(adapter, message)] == ["whole-1", "whole-2"]


def test_what_a_contained_message_leaves_out_the_whole_says(adapter: BgInbound) -> None:
    """Who sends it to whom, and when."""
    bare = lk01("AOA", "T", KERN["AOA"], reference="a")
    for name in ("zender", "ontvanger", "tijdstipBericht"):
        begin, end = bare.index(f"<StUF:{name}>"), bare.index(f"</StUF:{name}>") + len(f"</StUF:{name}>")
        bare = bare[:begin] + bare[end:]

    [document] = batch(adapter, lk03("bagIN", bare, reference="whole"))

    assert document.sender == "1900/MAKELAAR"


def test_the_acknowledgement_is_about_the_whole(adapter: BgInbound) -> None:
    """One Bv03, that names the number of the composite message."""
    found = adapter.batch(soap(lk03("bagIN", *ADRES, reference="whole")), HTTP)
    assert found is not None
    assert found.whole is not None

    reply = adapter.accepted(found.whole, message_id="ours", at=AT, headers=HTTP)

    answer = next(xml.parse(reply.body).iter("{*}stuurgegevens"))
    told = stuurgegevens.read(answer)
    assert (reply.status, told.berichtcode, told.cross_refnummer, told.referentienummer) == (
        200,
        "Bv03",
        "whole",
        "ours",
    )


def test_any_other_message_is_not_taken_apart(adapter: BgInbound) -> None:
    """Nor one that only speaks of one."""
    assert adapter.batch(soap(verhuizing(ADA, "A", "B", reference="1")), HTTP) is None
    assert adapter.batch(soap(verhuizing(ADA, "A", "bag_Lk03", reference="1")), HTTP) is None


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1"])
def test_a_composite_message_is_seen_in_every_encoding(adapter: BgInbound, encoding: str) -> None:
    """It is looked for before it is read."""
    content = soap(lk03("bagIN", *ADRES, reference="whole")).decode().replace("UTF-8", encoding)

    assert adapter.batch(content.encode(encoding), {"content-type": f"text/xml; charset={encoding}"}) is not None


@pytest.mark.parametrize("broken", [b"<bag_Lk03", b"_Lk03"])
def test_what_cannot_be_read_is_refused(adapter: BgInbound, broken: bytes) -> None:
    """As any message."""
    with pytest.raises(MessageRefused):
        adapter.batch(broken, HTTP)


def test_a_composite_message_of_another_functie_is_refused(adapter: BgInbound) -> None:
    """Its stuurgegevens and its element say the same."""
    message = lk03("bagIN", *ADRES, reference="whole").replace(">bagIN</StUF:functie>", ">bagMUT</StUF:functie>")

    with pytest.raises(MessageRefused) as refusal:
        adapter.batch(soap(message), HTTP)

    assert refusal.value.code in ("StUF034", "StUF040")


# How it is answered, and what is heard later


@pytest.mark.parametrize("service", [*KENNISGEVINGEN, *SYNCHRONISATIES], ids=lambda each: each.kind)
def test_every_message_is_acknowledged_and_refused_as_it_asks(adapter: BgInbound, service: object) -> None:
    """Bv03 or Fo03, addressed to its sender."""
    soort, kind = service.entiteittype, service.kind  # type: ignore[attr-defined]
    kern = KERN[soort]
    message = {
        "Lk01": lk01(soort, kind[-1], kern, reference="1"),
        "Sa01": sa01(soort, kern, reference="1"),
        "Sh01": sh01(soort, kern, oudste=kern, wijzigingen=(), reference="1"),
    }[kind[3:7]]
    document = read(adapter, message)

    done = adapter.accepted(document, message_id="m", at=AT, headers=HTTP)
    wrong = adapter.refused(
        MessageRefusal("StUF055", "r", "p", 1, 500), soap(message), message_id="m", at=AT, headers=HTTP
    )

    assert document.kind == kind
    for reply, code in ((done, "Bv03"), (wrong, "Fo03")):
        told = stuurgegevens.read(next(xml.parse(reply.body).iter("{*}stuurgegevens")))
        assert (told.berichtcode, told.cross_refnummer, told.ontvanger.applicatie) == (code, "1", "MAKELAAR")


@pytest.mark.parametrize(
    ("fout", "kind"),
    [("", None), ("StUF058", TargetUnavailable), ("StUF064", TargetUnavailable), ("StUF055", TargetRefused)],
)
def test_what_comes_of_a_message_of_ours_is_heard(adapter: BgInbound, fout: str, kind: type[Exception] | None) -> None:
    """A Bv01, or a Fo01 with what it means."""
    content, headers = Afnemer().later("event-1", fout=fout)
    document = adapter.read(content, {name.lower(): value for name, value in headers.items()}, validate=True)
    heard = adapter.heard(document)

    assert heard is not None
    assert (heard.reference, heard.said) == ("event-1", "Fo01" if fout else "Bv01")
    assert heard.failure is None if kind is None else isinstance(heard.failure, kind)
    assert adapter.heard(read(adapter, lk01("NPS", "T", KERN["NPS"], reference="1"))) is None
