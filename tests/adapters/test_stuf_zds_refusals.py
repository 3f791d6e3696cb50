"""adapters/stuf_zds: what is wrong with a message of each service, and how its sender is told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from adapters.stuf_zds.services import SERVICES, by_kind
from adapters.stuf_zds.simulator import Afzender, Verzoek, documentidentificatie, zaakidentificatie
from hub.ports.contracts import Expects, MessageRefusal
from hub.wire import xml
from hub.wire.soap import envelope
from hub.wire.soap.envelope import Version
from hub.wire.stuf import stuurgegevens
from tests.support.shared import needs_shared
from tests.support.zds import (
    AT,
    MESSAGE_ID,
    cut,
    fault_for,
    inbound,
    lenient,
    message_in,
    names,
    official_errors,
    people,
    people_12,
    read,
    refusal_of,
    texts,
)

form = Afzender()
EVERYTHING = [
    form.creeer_zaak(1),
    form.update_zaak(1),
    form.actualiseer_zaakstatus(1),
    form.voeg_zaakdocument_toe(1),
    *people.everything(1),
    people.wijzig_zaak(1),
]
each_service = pytest.mark.parametrize("verzoek", EVERYTHING, ids=lambda each: each.operation)


def changed(verzoek: Verzoek, old: str, new: str) -> Verzoek:
    assert old.encode() in verzoek.body, old
    return verzoek._replace(body=verzoek.body.replace(old.encode(), new.encode()))


def synchronous(verzoek: Verzoek) -> bool:
    return by_kind()[verzoek.operation].expects is not Expects.RECEIPT or b"Lk02</StUF:berichtcode>" in verzoek.body


def wrong() -> Iterator[tuple[str, Verzoek, str]]:
    """Give what can be wrong with a message of any service."""
    for verzoek in EVERYTHING:
        message = message_in(verzoek)
        name = f"{message.prefix}:{xml.local_name(message)}"
        start, end = f"<{name} ", f"</{name}>"
        head, _, rest = verzoek.body.decode().partition(start)
        emptied = head + rest.partition(end)[2]
        foreign = changed(changed(verzoek, start, '<x:iets xmlns:x="urn:iets:anders" '), end, "</x:iets>")
        yield "empty SOAP body", verzoek._replace(body=emptied.encode()), "StUF055"
        yield "a control character", changed(verzoek, "<StUF:berichtcode>", "<StUF:berichtcode>\x01"), "StUF055"
        yield "an unknown element", changed(verzoek, end, f"<ZKN:onbekend/>{end}"), "StUF055"
        yield "a foreign namespace", foreign, "StUF004"


@pytest.mark.parametrize(
    ("verzoek", "code"),
    [pytest.param(verzoek, code, id=f"{verzoek.operation}: {what}") for what, verzoek, code in wrong()],
)
def test_a_message_of_any_service_can_be_wrong(verzoek: Verzoek, code: str) -> None:
    """Its code is that of table 8.1; nothing of the message is in the reason."""
    refused = refusal_of(verzoek)

    assert refused.code == code
    for value in (zaakidentificatie(1), documentidentificatie(1), "Aanvraag 1"):
        assert value not in refused.reason + refused.path


@each_service
@pytest.mark.parametrize("code", ["StUF055", "StUF058"])
def test_a_fault_is_for_who_waits_and_for_who_does_not(verzoek: Verzoek, code: str) -> None:
    """Fo02 to a synchronous message, with its berichtcode only; Fo03 to another, addressed."""
    reply = fault_for(verzoek, code)

    message = message_in(reply)
    expected = "Fo02" if synchronous(verzoek) else "Fo03"
    assert reply.status == 500
    assert xml.local_name(message) == f"{expected}Bericht"
    assert texts(message, "body/code") == [code]
    said = stuurgegevens.read(xml.find(message, "stuurgegevens"))
    assert said.berichtcode == expected
    assert said.cross_refnummer == ("" if synchronous(verzoek) else verzoek.referentienummer)


@needs_shared
@each_service
def test_every_fault_and_receipt_fits_the_official_schema(verzoek: Verzoek) -> None:
    """Also when nothing of the message can be read."""
    document = read(verzoek)
    given = {"message_id": MESSAGE_ID, "at": AT, "headers": verzoek.headers()}
    refusal = MessageRefusal("StUF058", "een reden " * 200, "een/pad", 3, 500)
    replies = [
        inbound.accepted(document, **given),  # type: ignore[arg-type]
        inbound.delivered(document, **given),  # type: ignore[arg-type]
        inbound.refused(refusal, cut(verzoek.body), **given),  # type: ignore[arg-type]
        inbound.refused(refusal, cut(verzoek.body)[:200], **given),  # type: ignore[arg-type]
        inbound.refused(refusal, b"", **given),  # type: ignore[arg-type]
    ]

    for reply in replies:
        assert not official_errors(message_in(reply))


@each_service
def test_what_is_broken_off_is_answered_as_its_action_says(verzoek: Verzoek) -> None:
    """A sender that waits reads an Fo02, also when its message cannot be read at all."""
    if xml.local_name(message_in(verzoek)).endswith("Lk02"):
        verzoek = verzoek._replace(action="http://www.egem.nl/StUF/sector/zkn/0310/zakLk02")
    refusal = MessageRefusal("StUF055", "the message is empty", "", 0, 500)

    reply = inbound.refused(refusal, b"", message_id=MESSAGE_ID, at=AT, headers=verzoek.headers())

    assert xml.local_name(message_in(reply)) == ("Fo02Bericht" if synchronous(verzoek) else "Fo03Bericht")


@pytest.mark.parametrize(
    ("code", "told_now", "told_later"),
    [
        ("zaak-onbekend", "StUF064", "StUF064"),
        ("niet-gevonden", "StUF064", "StUF064"),
        ("dubbelzinnig", "StUF067", "StUF067"),
        ("te-laat", "StUF960", "StUF960"),
        ("geen-beantwoorder", "StUF049", "StUF049"),
        ("gepauzeerd", "StUF049", "StUF049"),
        ("StUF046", "StUF049", "StUF046"),
        ("StUF013", "StUF013", "StUF013"),
        ("mapping", "StUF058", "StUF058"),
    ],
)
def test_codes_of_the_hub_are_told_in_those_of_the_standard(code: str, told_now: str, told_later: str) -> None:
    """What a sender can act on."""
    assert texts(message_in(fault_for(people.update_zaakdocument(1), code)), "body/code") == [told_now]
    assert texts(message_in(fault_for(form.update_zaak(1), code)), "body/code") == [told_later]


def test_a_fault_comes_in_the_version_of_soap_of_the_message() -> None:
    """With the words of that version for whose fault it is."""
    fault = envelope.read(xml.parse(fault_for(people_12.geef_zaakdetails(1), "StUF055").body))

    assert fault.version is Version.SOAP12
    assert [xml.local_name(each) for each in fault.body] == ["Code", "Reason", "Detail"]
    assert texts(fault.body, "Code/Value") == ["soap:Sender"]
    assert texts(message_in(fault_for(people_12.geef_zaakdetails(1), "te-laat")), "body/plek") == ["server"]


def test_a_change_that_is_done_is_confirmed() -> None:
    """Bv02 to who waited for it, without zender and number; to another the Bv03 it would have got at once."""
    given = {"message_id": MESSAGE_ID, "at": AT, "headers": {}}
    done = inbound.delivered(read(people.update_zaakdocument(1)), **given)  # type: ignore[arg-type]
    kept = inbound.delivered(read(form.creeer_zaak(1)), **given)  # type: ignore[arg-type]

    assert xml.local_name(message_in(done)) == "Bv02Bericht"
    assert names(message_in(done), "stuurgegevens") == ["berichtcode"]
    assert xml.local_name(message_in(kept)) == "Bv03Bericht"


BESLUIT = people.voeg_besluit_toe(1)
FUNCTIE = "voegBesluitToe</StUF:functie>"
CHECKIN = people.update_zaakdocument(1)
DETAILS = people.geef_zaakdetails(1)
ZAAK_OF_BESLUIT = f"<ZKN:identificatie>{zaakidentificatie(1)}</ZKN:identificatie>"
TOO_LONG = "1900" + "1" * 37


@pytest.mark.parametrize(
    ("verzoek", "code", "path"),
    [
        (changed(BESLUIT, FUNCTIE, "overdragenZaak</StUF:functie>"), "StUF040", "functie"),
        (changed(BESLUIT, FUNCTIE, "vernietig</StUF:functie>"), "StUF034", "functie"),
        (changed(BESLUIT, FUNCTIE, "notificeerOverZaak</StUF:functie>"), "StUF037", "functie"),
        (changed(CHECKIN, "<StUF:functie>updateZaakdocument</StUF:functie>", ""), "StUF040", "functie"),
        (changed(DETAILS, "berichtcode>Lv01", "berichtcode>Lv03"), "StUF025", "berichtcode"),
        (changed(DETAILS, "berichtcode>Lv01", "berichtcode>Di02"), "StUF040", "berichtcode"),
        (changed(people.update_besluit(1), "entiteittype>BSL", "entiteittype>ZAK"), "StUF040", "entiteittype"),
        (people.bevestig(1, ""), "StUF043", "crossRefnummer"),
        (changed(CHECKIN, "mutatiesoort>W", "mutatiesoort>T"), "StUF055", "mutatiesoort"),
        (changed(people.wijzig_zaak(1), "mutatiesoort>W", "mutatiesoort>V"), "StUF040", "mutatiesoort"),
        (changed(people.maak_zaakdocument(1), zaakidentificatie(1), ""), "StUF055", "identificatie"),
        (changed(people.cancel_checkout(1), documentidentificatie(1), ""), "StUF055", "identificatie"),
        (changed(BESLUIT, ZAAK_OF_BESLUIT, ""), "StUF055", "zaak"),
        (changed(form.creeer_zaak(1), zaakidentificatie(1), TOO_LONG), "StUF055", "identificatie"),
        (changed(CHECKIN, documentidentificatie(1), TOO_LONG), "StUF055", "identificatie"),
        (changed(people.ontkoppel_zaakdocument(1), zaakidentificatie(1), ""), "StUF055", "identificatie"),
    ],
)
def test_a_service_has_rules_of_its_own(verzoek: Verzoek, code: str, path: str) -> None:
    """Functie, berichtcode, crossRefnummer, mutatiesoort, what must be filled, and how long it may be."""
    refused = refusal_of(verzoek._replace(action=""))

    assert refused.code == code
    assert path in refused.path


@pytest.mark.parametrize("verzoek", [people.update_zaakdocument(1), people_12.ontkoppel_zaakdocument(1)])
def test_a_change_inside_a_free_message_has_two_objects(verzoek: Verzoek) -> None:
    """With one, or three, it is refused."""
    text = verzoek.body.decode()
    start, end = text.index("<ZKN:object "), text.index("</ZKN:object>") + len("</ZKN:object>")
    first = text[start:end]

    for body in (text[:start] + text[end:], text[:start] + first + text[start:]):
        assert refusal_of(verzoek._replace(body=body.encode())).code == "StUF055"


@pytest.mark.parametrize("kind", ["genereerZaakIdentificatie_Di02", "cancelCheckout_Di02"])
def test_a_free_message_in_no_namespace_is_taken_by_who_takes_anything(kind: str) -> None:
    """Seen in practice; by the book it is StUF004."""
    verzoek = next(each for each in EVERYTHING if each.operation == kind)
    bare = changed(changed(verzoek, f"<ZKN:{kind} ", f"<{kind} "), f"</ZKN:{kind}>", f"</{kind}>")

    assert refusal_of(bare).code == "StUF004"
    assert read(bare, adapter=lenient).kind == kind


def test_every_service_was_tried() -> None:
    """A test over a part of them proves less than it says."""
    assert {each.operation for each in EVERYTHING} == {each.kind for each in SERVICES}
