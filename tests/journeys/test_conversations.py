"""Conversations through the whole hub: a system of people asks, checks documents out and in, and waits for the outcome.

From StUF in, through mappings and lookup, to a simulated zaaksysteem and back; every answer fits the official schemas.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
from lxml import etree

from adapters.stuf_zds.simulator import Afzender, Behandelsysteem, Verzoek, documentidentificatie, zaakidentificatie
from hub.flow.entrance import Fulfilled, TurnedAway
from hub.ports.contracts import Reply
from hub.wire import xml
from tests.support.gemeente import gemeente, post
from tests.support.shared import needs_shared
from tests.support.zaaksysteem import Municipality
from tests.support.zds import AT, Zds, inbound, message_in, official_errors, texts

ZDS: tuple[Zds, ...] = ("1.1", "1.2")


@pytest.fixture(params=ZDS)
def zds(request: pytest.FixtureRequest) -> Zds:
    version: Zds = request.param
    return version


@pytest.fixture
def people(zds: Zds) -> Behandelsysteem:
    return Behandelsysteem(Afzender(applicatie="BEHANDELING", zds=zds))


@pytest.fixture
async def hub(zds: Zds) -> AsyncIterator[Municipality]:
    """Give a hub in which a form engine made a zaak with a document."""
    form = Afzender(zds=zds)
    document = form.voeg_zaakdocument_toe(1)
    document = document._replace(body=document.body.replace(b">definitief<", b">in bewerking<"))
    async with gemeente() as each:
        await each.send(form.creeer_zaak(1), form.update_zaak(1), form.actualiseer_zaakstatus(1), document)
        assert await each.hub.failures() == []
        yield each


async def said(hub: Municipality, verzoek: Verzoek) -> etree._Element:
    """Send, and give the message that comes back."""
    answer = await post(hub, verzoek)
    return message_in(Reply(answer.status, answer.headers["content-type"], answer.body))


async def outcome(hub: Municipality, verzoek: Verzoek) -> etree._Element:
    """Send a change and wait for what comes of it; time passes meanwhile."""
    received = await hub.hub.converse(verzoek.body, headers=verzoek.headers())
    if isinstance(received, TurnedAway):
        refusal, body, message_id, at = received
        return message_in(inbound.refused(refusal, body, message_id=message_id, at=at, headers=verzoek.headers()))
    assert isinstance(received, Fulfilled)
    document, seen = received
    return message_in(inbound.delivered(document, message_id=seen.message_id, at=AT, headers=verzoek.headers()))


@needs_shared
async def test_every_question_is_answered(hub: Municipality, people: Behandelsysteem) -> None:
    """About a zaak that is there and one that is not; no answer breaks the schema."""
    for number in (1, 2):
        for verzoek in (
            people.genereer_zaakidentificatie(number),
            people.genereer_documentidentificatie(number),
            people.genereer_besluitidentificatie(number),
            people.geef_zaakstatus(number),
            people.geef_zaakdetails(number),
            people.geef_zaakdetails(number, scope="kerngegevens"),
            people.geef_lijst_zaakdocumenten(number),
            people.geef_zaakdocument_lezen(number),
            people.zoek_zaken(number),
            people.zoek_documenten(number),
            people.geef_besluitdetails(number),
            people.geef_lijst_besluiten(number),
        ):
            message = await said(hub, verzoek)

            assert xml.local_name(message)[-4:] in ("La01", "Du02"), (verzoek.operation, texts(message, "body/details"))
            assert not official_errors(message), verzoek.operation


async def test_what_is_there_is_told(hub: Municipality, people: Behandelsysteem) -> None:
    """The zaak, its last status, its document with content; of a zaak that is not there nothing."""
    zaak = "antwoord/object"

    assert texts(await said(hub, people.geef_zaakdetails(1)), f"{zaak}/toelichting") == ["Compleet"]
    assert texts(await said(hub, people.geef_zaakdetails(2)), zaak) == []
    status = await said(hub, people.geef_zaakstatus(1))
    assert texts(status, f"{zaak}/heeft/gerelateerde/omschrijving") == ["In behandeling"]
    listed = await said(hub, people.geef_lijst_zaakdocumenten(1))
    assert texts(listed, f"{zaak}/heeftRelevant/gerelateerde/identificatie") == [documentidentificatie(1)]
    read = await said(hub, people.geef_zaakdocument_lezen(1))
    assert re.sub(r"\s", "", texts(read, f"{zaak}/inhoud")[0]).startswith("RWVuIGRvY3VtZW50")
    of_citizen = await said(hub, people.zoek_zaken(1))
    assert texts(of_citizen, f"{zaak}/identificatie") == [zaakidentificatie(1)]


async def test_a_document_is_checked_out_and_in(hub: Municipality, people: Behandelsysteem) -> None:
    """The lock of the Du02 opens it again; nobody else gets it meanwhile."""
    out = await said(hub, people.geef_zaakdocument_bewerken(1))
    [checkout] = texts(out, "parameters/checkedOutId")

    second = await said(hub, people.geef_zaakdocument_bewerken(1))
    done = await outcome(hub, people.update_zaakdocument(1, checkout=checkout))

    assert xml.local_name(second) == "Fo02Bericht"
    assert xml.local_name(done) == "Bv02Bericht", texts(done, "body/details")
    read = await said(hub, people.geef_zaakdocument_lezen(1))
    assert texts(read, "antwoord/object/titel") == ["Aanvraag, herzien"]


async def test_a_document_is_given_back_unchanged(hub: Municipality, people: Behandelsysteem) -> None:
    """After that anybody can take it."""
    out = await said(hub, people.geef_zaakdocument_bewerken(1))

    back = await outcome(hub, people.cancel_checkout(1, checkout=texts(out, "parameters/checkedOutId")[0]))

    assert xml.local_name(back) == "Bv02Bericht", texts(back, "body/details")
    assert xml.local_name(await said(hub, people.geef_zaakdocument_bewerken(1))).endswith("_Du02")


async def test_what_is_not_there_is_a_fault_to_who_waits(hub: Municipality, people: Behandelsysteem) -> None:
    """StUF064: to edit what is not there, and to change it."""
    faults = (
        await said(hub, people.geef_zaakdocument_bewerken(2)),
        await outcome(hub, people.wijzig_zaak(2)),
    )

    for fault in faults:
        assert xml.local_name(fault) == "Fo02Bericht"
        assert texts(fault, "body/code") == ["StUF064"], texts(fault, "body/details")


async def test_a_synchronous_change_is_confirmed_when_it_is_done(hub: Municipality, people: Behandelsysteem) -> None:
    """Bv02: the next question sees it."""
    assert xml.local_name(await outcome(hub, people.wijzig_zaak(1))) == "Bv02Bericht"
    assert texts(await said(hub, people.geef_zaakdetails(1)), "antwoord/object/toelichting") == ["Compleet"]
