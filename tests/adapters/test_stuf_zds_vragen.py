"""adapters/stuf_zds: questions. What of them a mapping reads, and what is wrong with them."""

from __future__ import annotations

import pytest

from adapters.stuf_zds.simulator import Verzoek, documentidentificatie, zaakidentificatie
from adapters.stuf_zds.vraag import ONDERDELEN
from hub.config.policy import VRAAG_AANTAL, VRAAG_AANTAL_MAX
from tests.support.zds import body_of, lenient, names, people, people_12, read, refusal_of, texts

GELIJK = '<ZKN:gelijk StUF:entiteittype="ZAK">'
SCOPE = '<ZKN:object StUF:entiteittype="ZAK">'


def changed(verzoek: Verzoek, old: str, new: str) -> Verzoek:
    assert old.encode() in verzoek.body, old
    return verzoek._replace(body=verzoek.body.replace(old.encode(), new.encode(), 1))


def vraag(verzoek: Verzoek, name: str) -> list[str]:
    return texts(body_of(read(verzoek)), f"vraag/{name}")


@pytest.mark.parametrize(
    ("asked", "maximum"), [(0, VRAAG_AANTAL), (1, 1), (40, 40), (100, VRAAG_AANTAL_MAX), (5000, VRAAG_AANTAL_MAX)]
)
def test_a_question_says_how_many(asked: int, maximum: int) -> None:
    """What is asked, the default of the sector model, or what can be answered in time."""
    assert vraag(people.zoek_zaken(1, maximum=asked), "maximum") == [str(maximum)]


@pytest.mark.parametrize(
    ("sortering", "fields"),
    [(0, []), (1, ["identificatie"]), (3, ["zaaktype"]), (4, ["omschrijving"]), (5, ["-startdatum", "omschrijving"])],
)
def test_a_number_for_an_order_becomes_fields(sortering: int, fields: list[str]) -> None:
    """ZAK-sortering of StUF-ZKN 03.10."""
    assert vraag(people.zoek_zaken(1, sortering=sortering), "volgorde") == fields


def test_a_scope_becomes_parts_of_a_zaak() -> None:
    """By the relations it names; `alles` and no scope at all are everything, kerngegevens nothing."""
    without = changed(people.geef_zaakdetails(1), "<ZKN:scope>", "<!--").body.replace(b"</ZKN:scope>", b"-->")

    assert vraag(people.geef_zaakdetails(1), "onderdeel") == ["rollen", "statussen"]
    assert vraag(people.geef_lijst_zaakdocumenten(1), "onderdeel") == ["documenten"]
    assert vraag(people.geef_zaakstatus(1), "onderdeel") == ["statussen"]
    assert vraag(people.geef_lijst_besluiten(1), "onderdeel") == ["besluiten"]
    assert vraag(people.geef_zaakdetails(1, scope="kerngegevens"), "onderdeel") == []
    assert vraag(people.geef_zaakdetails(1, scope="alles"), "onderdeel") == sorted(set(ONDERDELEN.values()))
    assert vraag(people.geef_zaakdetails(1)._replace(body=without), "onderdeel") == sorted(set(ONDERDELEN.values()))


def test_the_content_of_a_document_is_fetched_when_it_is_asked() -> None:
    """The answer of ZDS 1.2 must have it whatever was asked."""
    without = changed(people.geef_zaakdocument_lezen(1), "<ZKN:inhoud/>", "")

    assert vraag(people.geef_zaakdocument_lezen(1), "inhoud") == ["true"]
    assert vraag(people.geef_zaakdocument_lezen(1, scope="alles"), "inhoud") == ["true"]
    assert vraag(without, "inhoud") == []
    assert vraag(changed(people_12.geef_zaakdocument_lezen(1), "<ZKN:inhoud/>", ""), "inhoud") == ["true"]
    assert vraag(people.zoek_documenten(1), "inhoud") == []


def test_a_vervolgvraag_goes_on_after_the_last_object() -> None:
    """The answerer remembers nothing: the asker says where it was."""
    assert vraag(people.zoek_zaken(1, na="1900-7"), "na") == ["1900-7"]
    assert vraag(people.zoek_zaken(1), "na") == []


IN_PLACE = (
    '<ZKN:gerelateerde StUF:entiteittype="EDC"><ZKN:identificatie xsi:nil="true"/><ZKN:titel xsi:nil="true"/>'
    '<ZKN:dct.omschrijving xsi:nil="true"/></ZKN:gerelateerde>'
)
BESIDE = (
    '<ZKN:gerelateerde StUF:entiteittype="EDC"><ZKN:identificatie xsi:nil="true"/><ZKN:titel xsi:nil="true"/>'
    '</ZKN:gerelateerde><ZKN:dct.omschrijving xsi:nil="true"/>'
)
OTHERWISE = (
    '<ZKN:gerelateerde StUF:entiteittype="EDC"><ZKN:identificatie xsi:nil="true"/>'
    '<ZKN:dctOmschrijving xsi:nil="true"/><ZKN:titel xsi:nil="true"/></ZKN:gerelateerde>'
)


@pytest.mark.parametrize("scope", [IN_PLACE, BESIDE, OTHERWISE])
def test_dct_omschrijving_may_be_asked_in_all_its_places(scope: str) -> None:
    """The text of ZDS 1.2 and its validator differ."""
    verzoek = people.geef_lijst_zaakdocumenten(1)
    inside = verzoek.body.partition(b'StUF:entiteittype="ZAKEDC">')[2].partition(b"</ZKN:heeftRelevant>")[0].decode()

    message = body_of(read(changed(verzoek, inside, scope)))

    assert names(message, "scope/object/heeftRelevant/gerelateerde") == [
        "identificatie", "dct.omschrijving", "titel",
    ]  # fmt: skip


ZOEK = people.zoek_zaken(1)
ZAAKTYPE_BY_NAME = (
    '<ZKN:isVan StUF:entiteittype="ZAKZKT"><ZKN:gerelateerde StUF:entiteittype="ZKT"><ZKN:omschrijving>Aanvraag'
    "</ZKN:omschrijving></ZKN:gerelateerde></ZKN:isVan>"
)
START = (
    '<ZKN:start><ZKN:object StUF:entiteittype="ZAK"><ZKN:identificatie>1900-7</ZKN:identificatie></ZKN:object>'
    "</ZKN:start>"
)
EINDDATUM = '<ZKN:einddatum xsi:nil="true" StUF:noValue="geenWaarde"/>'
VAN = (
    '</ZKN:gelijk><ZKN:vanaf StUF:entiteittype="ZAK">{}</ZKN:vanaf>'
    '<ZKN:totEnMet StUF:entiteittype="ZAK">{}</ZKN:totEnMet>'
)
DAG = "<ZKN:startdatum>20260301</ZKN:startdatum>"


def ranging(vanaf: str, tot: str) -> Verzoek:
    return changed(ZOEK, "</ZKN:gelijk>", VAN.format(vanaf, tot))


FOLLOWING = changed(ranging(DAG, DAG), "Vervolgvraag>false", "Vervolgvraag>true")


@pytest.mark.parametrize(
    ("verzoek", "code"),
    [
        (changed(people.geef_zaakdetails(1), zaakidentificatie(1), ""), "StUF055"),
        (changed(ZOEK, EINDDATUM, "")._replace(), ""),
        (ranging(DAG, DAG), ""),
        (ranging(DAG, ""), "StUF076"),
        (ranging(DAG, "<ZKN:registratiedatum>20260301</ZKN:registratiedatum>"), "StUF076"),
        (ranging(EINDDATUM, EINDDATUM), "StUF079"),
        (ranging(DAG.replace("datum>2", 'datum StUF:exact="false">2'), DAG), "StUF082"),
        (ranging(DAG, DAG.replace("datum>2", 'datum StUF:indOnvolledigeDatum="D">2')), "StUF085"),
        (changed(ZOEK, GELIJK, f'{GELIJK[:-1]} StUF:sleutelVerzendend="1" StUF:sleutelOntvangend="2">'), "StUF088"),
        (changed(ZOEK, GELIJK, f'{GELIJK[:-1]} StUF:sleutelVerzendend="1">'), "StUF091"),
        (changed(ZOEK, SCOPE, f'{SCOPE[:-1]} StUF:scope="alles">'), "StUF097"),
        (changed(ZOEK, "Vervolgvraag>false", "Vervolgvraag>true"), "StUF103"),
        (changed(people.zoek_zaken(1, na="1900-7"), "<ZKN:identificatie>1900-7</ZKN:identificatie>", ""), "StUF106"),
        (changed(FOLLOWING, "</ZKN:scope>", f"</ZKN:scope>{START}"), "StUF106"),
        (people.zoek_zaken(1, sortering=7), "StUF133"),
        (people.zoek_zaken(1, sortering=2), "StUF133"),
    ],
)  # fmt: skip
def test_a_wrong_question_gets_the_code_of_the_table(verzoek: Verzoek, code: str) -> None:
    """StUF 03.01 table 8.1, whatever the connection accepts."""
    if not code:
        read(verzoek)
        return

    assert refusal_of(verzoek, adapter=lenient).code == code


def test_a_key_of_another_system_is_not_kept_here() -> None:
    """StUF094: a zaak is asked by its identificatie."""
    body = people.geef_zaakdetails(1).body
    key = b'<ZKN:gelijk StUF:entiteittype="ZAK" StUF:sleutelOntvangend="7"/>'
    head, _, rest = body.partition(b"<ZKN:gelijk ")
    by_key = people.geef_zaakdetails(1)._replace(body=head + key + rest.partition(b"</ZKN:gelijk>")[2])

    assert refusal_of(by_key).code in ("StUF055", "StUF094")
    assert refusal_of(by_key, adapter=lenient).code == "StUF094"


@pytest.mark.parametrize(
    "criterion",
    [
        "",
        EINDDATUM,
        "<ZKN:toelichting>spoed</ZKN:toelichting>",
        '<ZKN:omschrijving StUF:exact="false">Aanvraag</ZKN:omschrijving>',
        '<ZKN:omschrijving xsi:nil="true" StUF:noValue="waardeOnbekend"/>',
        ZAAKTYPE_BY_NAME,
    ],
)
def test_a_search_for_everything_there_is_is_refused(criterion: str) -> None:
    """StUF058: there must be a criterion that the target can search on."""
    body = ZOEK.body.decode()
    head, _, rest = body.partition(GELIJK)
    verzoek = ZOEK._replace(
        body=(head + GELIJK + criterion + "</ZKN:gelijk>" + rest.partition("</ZKN:gelijk>")[2]).encode()
    )

    assert refusal_of(verzoek, adapter=lenient).code == "StUF058"


def test_a_question_need_not_say_who_asks() -> None:
    """StUF 03.01 §4.2: of a synchronous message only berichtcode and entiteittype are mandatory."""
    body = people.geef_zaakdocument_lezen(1).body.decode()
    head, _, rest = body.partition("<StUF:zender>")
    anonymous = f"{head}<StUF:entiteittype>EDC{rest.partition('<StUF:entiteittype>EDC')[2]}".encode()

    document = read(people.geef_zaakdocument_lezen(1)._replace(body=anonymous))

    assert (document.sender, document.reference, document.zaak) == ("", "", documentidentificatie(1))


def test_zaken_are_searched_by_one_betrokkene() -> None:
    """A second would be left out of the question: StUF058."""
    relation = "heeftAlsInitiator"
    text = ZOEK.body.decode()
    first = text[text.index(f"<ZKN:{relation} ") : text.index(f"</ZKN:{relation}>")] + f"</ZKN:{relation}>"
    second = first.replace(relation, "heeftAlsBelanghebbende").replace("ZAKBTRINI", "ZAKBTRBLH")

    refused = refusal_of(changed(ZOEK, first, second + first))

    assert (refused.code, refused.path) == ("StUF058", "zakLv01/gelijk")


@pytest.mark.parametrize("asked", ["veel", "-1", "9" * 5000, "\N{SUPERSCRIPT TWO}", ""])
def test_what_is_no_number_is_the_default(asked: str) -> None:
    """Of a connection that takes whatever can be read."""
    verzoek = changed(people.zoek_zaken(1, maximum=7), "maximumAantal>7<", f"maximumAantal>{asked}<")

    assert texts(body_of(read(verzoek, adapter=lenient)), "vraag/maximum") == [str(VRAAG_AANTAL)]
