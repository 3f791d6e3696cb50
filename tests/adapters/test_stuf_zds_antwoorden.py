"""adapters/stuf_zds: answers. The scope, the versions, what is not there, and that all of it fits the schemas."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from adapters.stuf_zds.definition import definition
from adapters.stuf_zds.services import SERVICES, by_kind
from adapters.stuf_zds.simulator import Behandelsysteem, Verzoek, zaakidentificatie
from hub.config.shipped import shipped
from hub.ports.contracts import Reply
from hub.wire import xml
from hub.wire.soap.envelope import Version
from hub.wire.stuf import stuurgegevens
from hub.wire.stuf.namespaces import STUF
from hub.wire.xml import XSI
from tests.support.samples import samples
from tests.support.shared import SHARED, cases_of, needs_shared
from tests.support.zds import (
    AT,
    MESSAGE_ID,
    answer_to,
    inbound,
    message_in,
    names,
    official_errors,
    people,
    people_12,
    read,
    texts,
)

ZAAK = zaakidentificatie(1)
NO_VALUE = f"{{{STUF}}}noValue"
INITIATOR = (
    '<ZKN:heeftAlsInitiator StUF:entiteittype="ZAKBTRINI"><ZKN:gerelateerde><ZKN:medewerker StUF:entiteittype="MDW">'
    "<ZKN:identificatie>medewerker-1</ZKN:identificatie></ZKN:medewerker></ZKN:gerelateerde></ZKN:heeftAlsInitiator>"
)
ISVAN = (
    '<ZKN:isVan StUF:entiteittype="ZAKZKT"><ZKN:gerelateerde StUF:entiteittype="ZKT"><ZKN:omschrijving>Aanvraag'
    "</ZKN:omschrijving><ZKN:code>B1026</ZKN:code></ZKN:gerelateerde></ZKN:isVan>"
)


def zaak(identificatie: str = ZAAK, more: str = "", relations: str = ISVAN + INITIATOR) -> str:
    return (
        f"<ZKN:object><ZKN:identificatie>{identificatie}</ZKN:identificatie><ZKN:omschrijving>Aanvraag 1"
        f"</ZKN:omschrijving><ZKN:startdatum>20260302</ZKN:startdatum>{more}{relations}</ZKN:object>"
    )


def la01(*objects: str, meer: bool = False) -> str:
    vervolg = f"<StUF:indicatorVervolgvraag>{str(meer).lower()}</StUF:indicatorVervolgvraag>"
    return (
        f"<ZKN:zakLa01><ZKN:parameters>{vervolg}</ZKN:parameters>"
        f"<ZKN:antwoord>{''.join(objects)}</ZKN:antwoord></ZKN:zakLa01>"
    )


def found(reply: Reply) -> list[etree._Element]:
    assert reply.status == 200
    antwoord = xml.find(message_in(reply), "antwoord")
    return [] if antwoord is None else list(antwoord)


def test_what_was_asked_comes_back_and_nothing_else() -> None:
    """Every element that was asked is there, in the order of the schema: with a value, or empty with the reason."""
    [answered] = found(answer_to(people.geef_zaakdetails(1), la01(zaak())))

    assert names(answered) == [
        "identificatie", "omschrijving", "toelichting", "startdatum", "einddatum", "isVan", "heeftAlsInitiator",
        "heeft",
    ]  # fmt: skip
    empty = [each for each in answered if each.get(f"{{{XSI}}}nil") == "true"]
    assert [(xml.local_name(each), each.get(NO_VALUE)) for each in empty] == [
        ("toelichting", "geenWaarde"),
        ("einddatum", "geenWaarde"),
        ("heeft", "geenWaarde"),
    ]
    assert empty[-1].get(f"{{{STUF}}}entiteittype") == "ZAKSTT"
    assert names(answered, "isVan/gerelateerde") == ["omschrijving", "code"]
    assert texts(answered, "heeftAlsInitiator/gerelateerde/medewerker/identificatie") == ["medewerker-1"]


def test_history_is_not_supported() -> None:
    """NietOndersteund goes before geenWaarde; a tijdvak is empty in its parts."""
    asked = (
        '<ZKN:identificatie xsi:nil="true"/><StUF:tijdvakGeldigheid><StUF:beginGeldigheid xsi:nil="true"/>'
        '<StUF:eindGeldigheid xsi:nil="true"/></StUF:tijdvakGeldigheid><StUF:tijdstipRegistratie xsi:nil="true"/>'
    )

    [answered] = found(answer_to(people.geef_zaakdetails(1, asked=asked), la01(zaak())))

    assert names(answered) == ["identificatie", "tijdvakGeldigheid", "tijdstipRegistratie"]
    assert [each.get(NO_VALUE) for each in (*answered[1], answered[2])] == ["nietOndersteund"] * 3


def test_of_a_group_all_members_are_there() -> None:
    """Or none: what has no value is empty."""
    more = "<ZKN:opschorting><ZKN:indicatie>N</ZKN:indicatie></ZKN:opschorting>"

    [answered] = found(answer_to(people.geef_zaakdetails(1, scope="alles"), la01(zaak(more=more))))

    assert names(answered, "opschorting") == ["indicatie", "reden"]
    assert definition().check(message_in(answer_to(people.geef_zaakdetails(1), la01(zaak(more=more))))) == ()


@pytest.mark.parametrize(
    ("scope", "kept"),
    [
        ("alles", ["identificatie", "omschrijving", "startdatum", "isVan", "heeftAlsInitiator"]),
        ("kerngegevens", ["identificatie", "omschrijving", "isVan"]),
    ],
)
def test_a_scope_can_be_a_word(scope: str, kept: list[str]) -> None:
    """Everything that is there, or what identifies the zaak."""
    verzoek = people.geef_zaakdetails(1, scope=scope)  # type: ignore[arg-type]

    [answered] = found(answer_to(verzoek, la01(zaak())))

    assert names(answered) == kept


def test_an_answer_says_to_what() -> None:
    """Sender and receiver change places; the number of the question is the crossRefnummer."""
    verzoek = people.geef_zaakdetails(1)

    message = message_in(answer_to(verzoek, la01(zaak())))

    said = stuurgegevens.read(xml.find(message, "stuurgegevens"))
    assert (said.berichtcode, said.entiteittype, said.functie) == ("La01", "ZAK", "")
    assert (said.zender.applicatie, said.ontvanger.applicatie) == ("ZAAKHUB", "BEHANDELING")
    assert (said.referentienummer, said.cross_refnummer) == (MESSAGE_ID, verzoek.referentienummer)
    assert names(message) == ["stuurgegevens", "parameters", "antwoord"]
    assert texts(message, "parameters/indicatorVervolgvraag") == ["false"]


@pytest.mark.parametrize(("asker", "version"), [(people, Version.SOAP11), (people_12, Version.SOAP12)])
def test_an_answer_comes_in_the_versions_of_the_question(asker: Behandelsysteem, version: Version) -> None:
    """Of SOAP and of ZDS."""
    reply = answer_to(asker.geef_zaakdetails(1), la01(zaak()))

    expected = "zakLa01" if asker is people else "geefZaakdetails_ZakLa01"
    assert reply.content_type.startswith(version.media_type)
    assert xml.local_name(message_in(reply)) == expected


def test_nothing_found_is_an_empty_answer() -> None:
    """No `antwoord` at all, and no fault."""
    message = message_in(answer_to(people.geef_zaakdetails(1), la01()))

    assert names(message) == ["stuurgegevens", "parameters"]


def test_more_than_came_back_is_said() -> None:
    """By the target, or because it gave more than was asked."""
    by_target = message_in(answer_to(people.zoek_zaken(1), la01(zaak(), meer=True)))
    cut_off = message_in(answer_to(people.zoek_zaken(1, maximum=2), la01(*map(zaak, ("1900-1", "1900-2", "1900-3")))))

    for message in (by_target, cut_off):
        assert texts(message, "parameters/indicatorVervolgvraag") == ["true"]
        assert texts(message, "melding") == ["StUF0002: Meer objecten gevraagd dan teruggegeven"]
    assert texts(cut_off, "antwoord/object/identificatie") == ["1900-1", "1900-2"]


def test_how_many_there_are_is_said_when_it_is_asked_and_known() -> None:
    """IndicatorAantal; not when there are more than came back."""
    verzoek = people.zoek_zaken(1)
    asks = b"</StUF:indicatorVervolgvraag><StUF:indicatorAantal>true</StUF:indicatorAantal>"
    counting = verzoek._replace(body=verzoek.body.replace(b"</StUF:indicatorVervolgvraag>", asks))

    assert texts(message_in(answer_to(counting, la01(zaak()))), "parameters/aantalVoorkomens") == ["1"]
    assert texts(message_in(answer_to(counting, la01(zaak(), meer=True))), "parameters/aantalVoorkomens") == []
    assert texts(message_in(answer_to(verzoek, la01(zaak()))), "parameters/aantalVoorkomens") == []


def test_what_the_target_cannot_search_on_is_compared_here() -> None:
    """Zaken that are closed do not answer the question for those without an einddatum."""
    closed = zaak("1900-2", "<ZKN:einddatum>20260303</ZKN:einddatum>")

    reply = answer_to(people.zoek_zaken(1), la01(zaak("1900-1"), closed))

    assert [texts(each, "identificatie") for each in found(reply)] == [["1900-1"]]


@pytest.mark.parametrize(
    ("criterion", "kept"),
    [
        ("<ZKN:toelichting>spoed</ZKN:toelichting>", ["1900-1"]),
        ('<ZKN:toelichting StUF:exact="false">SPO</ZKN:toelichting>', ["1900-1"]),
        ("<ZKN:toelichting>anders</ZKN:toelichting>", []),
        (ISVAN, ["1900-1", "1900-2"]),
        (ISVAN.replace(">Aanvraag<", ">Melding<"), []),
        (ISVAN.replace("omschrijving>Aanvraag", 'omschrijving StUF:exact="false">VRAAG'), ["1900-1", "1900-2"]),
    ],
)
def test_other_criteria_are_compared_too(criterion: str, kept: list[str]) -> None:
    """In whole, or in part when the question says so."""
    verzoek = people.zoek_zaken(1)
    before = b"<ZKN:heeftAlsInitiator " if "isVan" in criterion else b"<ZKN:einddatum "
    asked = verzoek._replace(body=verzoek.body.replace(before, criterion.encode() + before, 1))
    urgent = zaak("1900-1").replace("<ZKN:startdatum>", "<ZKN:toelichting>spoed</ZKN:toelichting><ZKN:startdatum>")

    reply = answer_to(asked, la01(urgent, zaak("1900-2")))

    assert [texts(each, "identificatie")[0] for each in found(reply)] == kept


def test_a_relation_nobody_looked_at_is_told() -> None:
    """StUF0001 names the criterion that was left aside."""
    verzoek = people.zoek_zaken(1)
    relation = (
        '</ZKN:heeftAlsInitiator><ZKN:heeftAlsDeelzaak StUF:entiteittype="ZAKZAKDEL"><ZKN:gerelateerde '
        'StUF:entiteittype="ZAK"><ZKN:identificatie>1900-9</ZKN:identificatie></ZKN:gerelateerde></ZKN:heeftAlsDeelzaak>'
    )
    asked = verzoek._replace(body=verzoek.body.replace(b"</ZKN:heeftAlsInitiator>", relation.encode(), 1))

    message = message_in(answer_to(asked, la01(zaak())))

    assert texts(message, "melding") == ["StUF0001: heeftAlsDeelzaak"]


def test_of_the_statussen_only_the_last_is_told_when_it_is_asked() -> None:
    """IndicatieLaatsteStatus in the question; without it all of them."""
    both = "".join(
        '<ZKN:heeft StUF:entiteittype="ZAKSTT"><ZKN:gerelateerde StUF:entiteittype="STT"><ZKN:volgnummer>'
        f"000{number}</ZKN:volgnummer></ZKN:gerelateerde><ZKN:indicatieLaatsteStatus>{last}"
        "</ZKN:indicatieLaatsteStatus></ZKN:heeft>"
        for number, last in ((2, "J"), (1, "N"))
    )
    path = "heeft/gerelateerde/volgnummer"

    [last] = found(answer_to(people.geef_zaakstatus(1), la01(zaak(relations=both))))
    [every] = found(answer_to(people.geef_zaakdetails(1), la01(zaak(relations=both))))

    assert (texts(last, path), texts(every, path)) == (["0002"], ["0002", "0001"])


@pytest.mark.parametrize("asker", [people, people_12])
@pytest.mark.parametrize("soort", ["zaak", "document", "besluit"])
def test_a_number_is_answered(asker: Behandelsysteem, soort: str) -> None:
    """With entiteittype and functie as the schema fixes them."""
    verzoek: Verzoek = getattr(asker, f"genereer_{soort}identificatie")(1)
    name = by_kind()[verzoek.operation].antwoord

    message = message_in(
        answer_to(
            verzoek, f"<ZKN:{name}><ZKN:{soort}><ZKN:identificatie>19001</ZKN:identificatie></ZKN:{soort}></ZKN:{name}>"
        )
    )

    [number] = message.iterchildren(f"{{*}}{soort}")
    assert texts(message, f"{soort}/identificatie") == ["19001"]
    assert number.get(f"{{{STUF}}}functie") == "entiteit"
    assert stuurgegevens.read(message[0]).functie == by_kind()[verzoek.operation].functie
    assert definition().check(message) == ()


DU02 = (
    "<ZKN:geefZaakdocumentbewerken_Du02><ZKN:parameters><ZKN:checkedOutId>slot-1</ZKN:checkedOutId></ZKN:parameters>"
    "<ZKN:edcLa01><ZKN:antwoord>{}</ZKN:antwoord></ZKN:edcLa01></ZKN:geefZaakdocumentbewerken_Du02>"
)
EDC = (
    "<ZKN:object><ZKN:identificatie>1900-1-1</ZKN:identificatie><ZKN:creatiedatum>20260302</ZKN:creatiedatum>"
    "<ZKN:titel>Aanvraag</ZKN:titel><ZKN:formaat>application/pdf</ZKN:formaat><ZKN:taal>nld</ZKN:taal>"
    "<ZKN:vertrouwelijkAanduiding>OPENBAAR</ZKN:vertrouwelijkAanduiding><ZKN:auteur>Behandelaar</ZKN:auteur>"
    '<ZKN:inhoud StUF:bestandsnaam="a.pdf">zaakhub-inhoud:ref-9:3:{sha}</ZKN:inhoud></ZKN:object>'
)


@pytest.mark.parametrize("asker", [people, people_12])
def test_a_document_to_edit_comes_with_its_lock(asker: Behandelsysteem) -> None:
    """The checkedOutId to give back; its content is a claim, that the ingress fills."""
    reply = answer_to(asker.geef_zaakdocument_bewerken(1), DU02.format(EDC.format(sha="a" * 64)))

    message = message_in(reply)
    assert texts(message, "parameters/checkedOutId") == ["slot-1"]
    assert texts(message, "edcLa01/antwoord/object/inhoud") == [f"zaakhub-inhoud:ref-9:3:{'a' * 64}"]
    assert names(message, "edcLa01/antwoord/object")[-2:] == ["link", "inhoud"]
    assert definition().check(message) == ()


def test_a_document_to_edit_that_is_not_there_is_a_fault() -> None:
    """Fo02 StUF064: its answer cannot be empty."""
    reply = answer_to(people.geef_zaakdocument_bewerken(1), DU02.format(""))

    assert reply.status == 500
    assert xml.local_name(message_in(reply)) == "Fo02Bericht"
    assert texts(message_in(reply), "body/code") == ["StUF064"]


def practice() -> list[Path]:
    """Give the valid answers from practice."""
    kinds = {each.antwoord.lower() for each in SERVICES if each.antwoord}
    return [
        SHARED / "samples/stuf" / each.name
        for each in samples()
        if each.valid and each.service.lower() in kinds and each.name.startswith("z")
    ]


def written_by_a_mapping(file: Path) -> bytes:
    """Give what a mapping would have written for it: no envelope, no stuurgegevens, a claim for its content."""
    root = etree.parse(str(file)).getroot()
    message = next(each for each in root.iter("{*}*") if xml.find(each, "stuurgegevens") is not None)
    for each in message.iterchildren("{*}stuurgegevens"):
        message.remove(each)
    for each in message.iter("{*}inhoud"):
        each.text = b64encode(b"ABC").decode()
    return etree.tostring(message)


def askers(kind: str) -> Iterator[Verzoek]:
    for asker in (people, people_12):
        yield from (each for each in asker.everything(1) if each.operation.lower() == kind)
        for scope in ("alles", "kerngegevens"):
            for ask in (
                asker.geef_zaakstatus,
                asker.geef_zaakdetails,
                asker.geef_lijst_zaakdocumenten,
                asker.geef_zaakdocument_lezen,
            ):
                verzoek = ask(1, scope=scope)
                if verzoek.operation.lower() == kind:
                    yield verzoek


@pytest.mark.parametrize("file", cases_of(practice(), lambda file: file.stem))
def test_every_answer_fits_the_official_schema(file: Path) -> None:
    """Whatever the scope and the version, for all that systems in practice have to say."""
    kind = (
        file.name.partition("__")[0]
        .lower()
        .replace("_la01", "_lv01")
        .replace("_du02", "_di02")
        .replace("zakla", "zaklv")
    )
    written = written_by_a_mapping(file)
    answered = 0
    for verzoek in askers(kind):
        reply = inbound.answered(read(verzoek), written, message_id=MESSAGE_ID, at=AT, headers=verzoek.headers())
        assert not official_errors(message_in(reply)), verzoek
        assert definition().check(message_in(reply)) == ()
        answered += 1
    assert answered >= 2


def mapped() -> list[Path]:
    """Give what the shipped mappings write of answers."""
    folder = shipped("mappings") / "formulieren-naar-zaken" / "cases"
    return sorted(file for file in folder.glob("*-antwoord*/expected.xml") if file.parent.name not in _NOT_FITTING)


_NOT_FITTING = frozenset(("geefZaakdetails-antwoord-wat-niet-in-het-schema-past",))
"""A vestigingsnummer of eight digits and the like: told as they are, rather than not at all."""


@needs_shared
@pytest.mark.parametrize("file", mapped(), ids=lambda file: file.parent.name)
def test_every_answer_of_the_shipped_mappings_fits_the_official_schema(file: Path) -> None:
    """Whatever the scope, in both versions; a document to edit that is not there is a fault that fits."""
    name = file.parent.name.partition("-antwoord")[0].lower()
    [kind] = {each.kind.lower() for each in SERVICES if each.kind.lower().partition("_")[0] == name and each.antwoord}
    for verzoek in askers(kind):
        reply = inbound.answered(
            read(verzoek), file.read_bytes(), message_id=MESSAGE_ID, at=AT, headers=verzoek.headers()
        )
        # As the ingress sends it: with base64 where a claim stands.
        sent = re.sub(rb"zaakhub-inhoud:[^<]+", b"QUJD", reply.body)
        assert not official_errors(message_in(reply._replace(body=sent)))
