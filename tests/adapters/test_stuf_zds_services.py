"""adapters/stuf_zds: every service is recognised and read, with what its sender waits for and what it is about."""

from __future__ import annotations

from typing import get_args

import pytest
import yaml

from adapters.stuf_zds.definition import definition
from adapters.stuf_zds.forms import elements, forms
from adapters.stuf_zds.services import SERVICES, by_kind
from adapters.stuf_zds.simulator import (
    Afzender,
    Behandelsysteem,
    Verzoek,
    documentidentificatie,
    examples,
    zaakidentificatie,
)
from hub.config.shipped import shipped
from hub.ports.contracts import Expects
from hub.ports.registry import Registry
from hub.wire import xml
from hub.wire.stuf.foutcodes import FOUTCODES
from tests.support.shared import SHARED, needs_shared
from tests.support.zds import (
    Zds,
    body_of,
    inbound,
    message_in,
    names,
    official_errors,
    people,
    people_12,
    read,
    refusal_of,
    texts,
)

ZAAK, DOCUMENT = zaakidentificatie(1), documentidentificatie(1)
SENDERS = {zds: (Afzender(zds=zds), Behandelsysteem(Afzender("1900", "BEHANDELING", zds=zds))) for zds in get_args(Zds)}


def everything(zds: Zds) -> list[Verzoek]:
    form, handling = SENDERS[zds]
    return [
        form.creeer_zaak(1),
        form.update_zaak(1),
        form.actualiseer_zaakstatus(1),
        form.voeg_zaakdocument_toe(1),
        *handling.everything(1),
        handling.wijzig_zaak(1),
        handling.wijzig_document(1, synchroon=True),
        *(handling.geef_zaakdetails(1, scope=scope) for scope in ("alles", "kerngegevens")),
        handling.zoek_zaken(1, maximum=10, na=ZAAK, sortering=5),
    ]


@needs_shared
@pytest.mark.parametrize("zds", get_args(Zds))
def test_what_is_sent_fits_the_official_schema(zds: Zds) -> None:
    """One message of every service, in both versions."""
    for verzoek in everything(zds):
        assert not official_errors(message_in(verzoek)), verzoek.operation


@pytest.mark.parametrize("zds", get_args(Zds))
def test_every_service_is_read(zds: Zds) -> None:
    """Under its kind, with its sender and number; the message fits our own definition."""
    seen = set()
    for verzoek in everything(zds):
        document = read(verzoek)
        seen.add(document.kind)
        assert document.kind == verzoek.operation
        assert document.sender in ("1900/FORMULIEREN", "1900/BEHANDELING")
        assert document.reference == verzoek.referentienummer
    assert seen == {each.kind for each in SERVICES}


@pytest.mark.parametrize("zds", get_args(Zds))
def test_the_worker_reads_the_same_as_the_edge(zds: Zds) -> None:
    """Without validation the document is the same."""
    for verzoek in everything(zds):
        edge, worker = read(verzoek), read(verzoek, validate=False)

        assert worker[0] == edge[0]
        assert worker[2:] == edge[2:]


@pytest.mark.parametrize(
    ("verzoek", "expects", "zaak", "subject"),
    [
        (people.genereer_zaakidentificatie(1), Expects.ANSWER, "", ""),
        (people.geef_zaakdetails(1), Expects.ANSWER, ZAAK, ZAAK),
        (people.geef_zaakdocument_lezen(1), Expects.ANSWER, DOCUMENT, DOCUMENT),
        (people.geef_zaakdocument_bewerken(1), Expects.ANSWER, DOCUMENT, DOCUMENT),
        (people.zoek_zaken(1), Expects.ANSWER, "", ""),
        (people.update_zaakdocument(1), Expects.OUTCOME, DOCUMENT, DOCUMENT),
        (people.cancel_checkout(1), Expects.OUTCOME, DOCUMENT, DOCUMENT),
        (people.ontkoppel_zaakdocument(1), Expects.OUTCOME, ZAAK, DOCUMENT),
        (people.wijzig_zaak(1), Expects.OUTCOME, ZAAK, ZAAK),
        (people.wijzig_zaak(1, synchroon=False), Expects.RECEIPT, ZAAK, ZAAK),
        (people.wijzig_document(1), Expects.RECEIPT, DOCUMENT, DOCUMENT),
        (people.maak_zaakdocument(1), Expects.RECEIPT, ZAAK, DOCUMENT),
        (people.voeg_besluit_toe(1), Expects.RECEIPT, ZAAK, f"{ZAAK}-B1"),
        (people.update_besluit(1), Expects.RECEIPT, f"{ZAAK}-B1", f"{ZAAK}-B1"),
        (people.overdragen(1), Expects.RECEIPT, ZAAK, ZAAK),
        (people.overgedragen(1, "m-1"), Expects.RECEIPT, ZAAK, "m-1"),
        (people.bevestig(1, "m-1"), Expects.RECEIPT, "m-1", "m-1"),
        (people.meld_fout(1, "m-1"), Expects.RECEIPT, "m-1", "m-1"),
    ],
    ids=lambda each: each.operation if isinstance(each, Verzoek) else "",
)
def test_a_message_says_what_it_is_about(verzoek: Verzoek, expects: Expects, zaak: str, subject: str) -> None:
    """The ordering key, what it creates or changes, and what its sender waits for."""
    document = read(verzoek)

    assert (document.expects, document.zaak, document.subject) == (expects, zaak, subject)


def test_the_zaaktype_is_named_where_the_message_says_it() -> None:
    """By the zaak itself, or by its statustype."""
    form = SENDERS["1.1"][0]

    assert read(form.creeer_zaak(1)).zaaktype == "B1026"
    assert read(form.actualiseer_zaakstatus(1)).zaaktype == "B1026"
    assert read(people.overdragen(1)).zaaktype == "B1026"
    assert read(form.update_zaak(1)).zaaktype == ""


@pytest.mark.parametrize("action", ["", "urn:leverancier:actie", "http://www.egem.nl/StUF/sector/zkn/0310/{element}"])
def test_without_a_usable_action_the_content_decides(action: str) -> None:
    """What ZDS 1.1 calls by one name is told apart by mutatiesoort, criteria and scope."""
    for verzoek in people.everything(1):
        said = action.format(element=xml.local_name(message_in(verzoek)))

        assert read(verzoek._replace(action=said)).kind == verzoek.operation


def test_a_search_under_the_action_of_zaakdetails_is_a_search() -> None:
    """Some senders ask for all zaken of a citizen that way."""
    search = people.zoek_zaken(1)

    assert read(search._replace(action=people.geef_zaakdetails(1).action)).kind == "zakLv01"


def test_an_action_of_another_service_is_refused() -> None:
    """StUF040: the message of one, the action of another."""
    for verzoek, other in (
        (people.geef_zaakdetails(1), people.update_zaakdocument(1)),
        (people.update_zaakdocument(1), people.cancel_checkout(1)),
        (people.bevestig(1, "m-1"), people.meld_fout(1, "m-1")),
        (people_12.geef_zaakdetails(1), people_12.geef_zaakstatus(1)),
    ):
        assert refusal_of(verzoek._replace(action=other.action)).code == "StUF040"


def test_inside_a_free_message_two_objects_become_one() -> None:
    """What a mapping reads of a check-in and of the zaak that a document leaves."""
    checkin = body_of(read(people.update_zaakdocument(1, b"ABC")))
    unlinked = body_of(read(people.ontkoppel_zaakdocument(1)))

    assert names(checkin, "edcLk02") == ["parameters", "oud", "object"]
    assert texts(checkin, "edcLk02/object/titel") == ["Aanvraag, herzien"]
    assert texts(checkin, "edcLk02/object/inhoud")[0].startswith("zaakhub-inhoud:")
    assert texts(unlinked, "edcLk02/object/isRelevantVoor/oud/gerelateerde/identificatie") == [ZAAK]


def test_one_table_serves_all() -> None:
    """The manifest, the forms, the definition and the examples have every kind, and no other."""
    kinds = {each.kind for each in SERVICES}
    answers = {each.antwoord for each in SERVICES if each.antwoord}
    manifest = yaml.safe_load((Registry().folder("stuf_zds") / "manifest.yaml").read_text())

    assert set(manifest["messages"]) == kinds
    assert set(forms()) == kinds | answers
    assert set(examples()) == kinds
    for service in SERVICES:
        for element in (*service.elements, *service.antwoord_elements):
            assert element in elements()


def test_the_examples_are_as_on_the_bus() -> None:
    """With a claim where content was; each can be read."""
    for kind, body in examples().items():
        headers = {"soapaction": f"http://www.egem.nl/StUF/sector/zkn/0310/{kind}"}
        assert inbound.read(body, headers, validate=True).kind == kind
        assert body.count(b"zaakhub-inhoud:") == (kind in ("voegZaakdocumentToe_Lk01", "updateZaakdocument_Di02"))


@needs_shared
def test_the_codes_are_those_of_the_standard() -> None:
    """Table 8.1, with whose fault it is and in which message it may stand."""
    rows = yaml.safe_load((SHARED / "standards/stuf/stuf0301/foutcodes.json").read_text())["foutcodes"]

    assert {each["code"] for each in rows} == set(FOUTCODES)
    for row in rows:
        assert FOUTCODES[row["code"]].plek == row["plek"]
        assert list(FOUTCODES[row["code"]].foutberichten) == row["foutberichten"]


def test_the_definition_is_shipped() -> None:
    """With the adapter, and it compiles."""
    assert (shipped("schemas") / "stuf" / "zds0120.xsd").is_file()
    assert definition().check(message_in(people.geef_zaakdetails(1))) == ()
    assert by_kind()["creeerZaak_Lk01"].port_type == "OntvangAsynchroon"
