"""Events to a legacy zaaksysteem: what is sent, what is sent again, and what the target has afterwards."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import etree

from adapters.stuf_zds.options import Ontvanger
from adapters.stuf_zds.outbound import create
from adapters.stuf_zds.zaaksysteem import Gedrag, Zaaksysteem
from hub.errors import (
    HubUnavailable,
    TargetFailed,
    TargetMisconfigured,
    TargetRefused,
    TargetUnavailable,
    TargetUncertain,
)
from hub.ports.contracts import Outgoing, Step
from hub.testkit.network import Answered, FaultyNetwork
from hub.wire.stuf.namespaces import STUF, ZKN
from hub.wire.stuf.stuurgegevens import referentienummer_of
from tests.support.zds_legacy import EVENT, NOW, OPTIONS, SERVICES, Legacy, zaak

AANGEMAAKT = "nl.zaken.zaak-aangemaakt.v1"
BIJGEWERKT = "nl.zaken.zaak-bijgewerkt.v1"
STATUS_GEZET = "nl.zaken.zaakstatus-gezet.v1"
DOCUMENT_TOEGEVOEGD = "nl.zaken.zaakdocument-toegevoegd.v1"
DOCUMENT_BIJGEWERKT = "nl.zaken.zaakdocument-bijgewerkt.v1"
DOCUMENT_VRIJGEGEVEN = "nl.zaken.zaakdocument-vrijgegeven.v1"
DOCUMENT_ONTKOPPELD = "nl.zaken.zaakdocument-ontkoppeld.v1"
OVERDRACHT = "nl.zaken.zaak-overdracht-gevraagd.v1"
BESLUIT_GENOMEN = "nl.zaken.besluit-genomen.v1"
BESLUIT_BIJGEWERKT = "nl.zaken.besluit-bijgewerkt.v1"

ZAAK = "19000000000001"
SECOND = EVENT[:-1] + "2"
THIRD = EVENT[:-1] + "3"
NAMES = {"ZKN": ZKN, "StUF": STUF}

INITIATOR = {
    "omschrijvingGeneriek": "initiator",
    "relatie": "heeftAlsInitiator",
    "betrokkeneType": "natuurlijk_persoon",
    "natuurlijkPersoon": {"bsn": "999990019", "geslachtsnaam": "Voorbeeld"},
}


def _document(bestand: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    document = {
        "identificatie": "D-1",
        "informatieobjecttype": "Aanvraagformulier",
        "creatiedatum": "2026-03-02",
        "titel": "Aanvraag",
        "formaat": "application/pdf",
        "taal": "nld",
        "auteur": "Proef",
        "vertrouwelijkheidaanduiding": "openbaar",
        **fields,
    }
    if bestand is not None:
        document["bestand"] = {**bestand, "bestandsnaam": "aanvraag.pdf", "contentType": "application/pdf"}
    return {"zaak": {"identificatie": ZAAK}, "document": document}


def _message(step: Step) -> etree._Element:
    return etree.fromstring(step.body["bericht"].encode())


def _texts(step: Step, path: str) -> list[str]:
    found = _message(step).xpath(f"{path}/text()", namespaces=NAMES)
    assert isinstance(found, list)
    return [str(each) for each in found]


def test_a_message_says_who_sends_what_to_whom_and_when() -> None:
    """Under the id of the event, at the time of the event: the same at every attempt."""
    options = OPTIONS.model_copy(update={"ontvanger": Ontvanger(organisatie="1900", applicatie="OUD")})
    legacy = Legacy(options=options)

    step = legacy.step(AANGEMAAKT, zaak())

    assert _texts(step, "//ZKN:stuurgegevens//StUF:applicatie") == ["ZAAKHUB", "OUD"]
    assert _texts(step, "//StUF:referentienummer") == [EVENT]
    assert _texts(step, "//StUF:tijdstipBericht") == ["20260302090000000"]
    assert _texts(step, "//StUF:mutatiesoort") == ["T"]
    assert legacy.step(AANGEMAAKT, zaak()) == step


@pytest.mark.parametrize(
    ("zds", "action"),
    [
        ("1.1", "http://www.egem.nl/StUF/sector/zkn/0310/creeerZaak_Lk01"),
        ("1.2", "http://www.stufstandaarden.nl/koppelvlak/zds0120/creeerZaak_ZakLk01"),
    ],
)
def test_a_message_is_in_the_words_of_its_version(zds: str, action: str) -> None:
    """The action and the element; what is in it is the same."""
    step = Legacy(options=OPTIONS.model_copy(update={"zds": zds})).step(AANGEMAAKT, zaak())

    assert step.body["actie"] == action
    assert step.key == f"creeerZaak_Lk01:{EVENT}"


def test_what_a_version_does_not_have_is_for_who_configures() -> None:
    """ZDS 1.1 has no besluiten."""
    legacy = Legacy(options=OPTIONS.model_copy(update={"zds": "1.1"}))
    besluit = {"identificatie": "B-1", "datum": "2026-03-02", "ingangsdatum": "2026-03-03"}

    with pytest.raises(TargetMisconfigured, match=r"not in Zaak- en Documentservices 1\.1"):
        legacy.step(BESLUIT_GENOMEN, {"zaak": {"identificatie": ZAAK}, "besluit": besluit})


def test_what_does_not_fit_the_definition_is_never_sent() -> None:
    """It says which element, and repeats nothing of it."""
    with pytest.raises(TargetRefused, match=r"object/omschrijving: the value is longer than 80") as caught:
        Legacy().step(AANGEMAAKT, zaak(omschrijving="Jansen " * 12))

    assert "Jansen" not in str(caught.value)


def test_a_mapping_that_gives_no_message_is_for_who_configures() -> None:
    """The names of the messages stand in the README."""
    with pytest.raises(TargetMisconfigured):
        create(OPTIONS).steps(Outgoing(AANGEMAAKT, "zgw-zaak", {}, EVENT, NOW, ZAAK))


def test_a_number_longer_than_stuf_allows_gets_one_that_stands_for_it() -> None:
    """The same for the same event, at most forty characters."""
    long = "urn:uuid:" + EVENT

    assert referentienummer_of(EVENT) == EVENT
    assert referentienummer_of(long) == referentienummer_of(long) != referentienummer_of(long + "x")
    assert len(referentienummer_of(long)) == 40


def test_a_change_has_two_objects_with_its_relations_in_the_same_order() -> None:
    """What was there is filled where the event knows it; of other fields it is said that it is not known."""
    data = zaak(
        toelichting="Compleet",
        rollen=[
            {**INITIATOR, "mutatie": "toevoegen"},
            {
                "mutatie": "verwijderen",
                "omschrijvingGeneriek": "belanghebbende",
                "relatie": "heeftAlsBelanghebbende",
                "vorige": {"betrokkeneType": "medewerker", "medewerker": {"identificatie": "m-1"}},
            },
        ],
    )

    step = Legacy().step(BIJGEWERKT, data)

    oud, huidig = _message(step).iterfind(".//ZKN:object", NAMES)
    assert [etree.QName(each).localname for each in oud] == [etree.QName(each).localname for each in huidig]
    unknown = oud.find("ZKN:toelichting", NAMES)
    gone = huidig.find("ZKN:heeftAlsBelanghebbende", NAMES)
    assert unknown is not None
    assert gone is not None
    assert unknown.get(f"{{{STUF}}}noValue") == "waardeOnbekend"
    assert (len(gone), gone.get(f"{{{STUF}}}noValue")) == (0, "geenWaarde")
    assert oud.findtext("ZKN:heeftAlsBelanghebbende//ZKN:identificatie", namespaces=NAMES) == "m-1"


async def test_a_change_does_what_it_says() -> None:
    """A rol goes, another comes, a field is cleared, the rest stays."""
    legacy = Legacy()
    behandelaar = {
        "omschrijvingGeneriek": "behandelaar",
        "relatie": "heeftAlsUitvoerende",
        "betrokkeneType": "medewerker",
        "medewerker": {"identificatie": "m-1"},
    }
    await legacy.deliver(AANGEMAAKT, zaak(toelichting="Oud", omschrijving="Blijft", rollen=[INITIATOR, behandelaar]))

    removed = {name: each for name, each in behandelaar.items() if name in ("omschrijvingGeneriek", "relatie")}
    vorige = {name: behandelaar[name] for name in ("betrokkeneType", "medewerker")}
    another = {**behandelaar, "mutatie": "toevoegen", "medewerker": {"identificatie": "m-2"}}
    change = zaak(toelichting=None, rollen=[{**removed, "mutatie": "verwijderen", "vorige": vorige}, another])
    await legacy.deliver(BIJGEWERKT, change, event=SECOND)

    [found] = (await legacy.ask("nl.zaken.zaken-opvragen.v1", {"identificatie": ZAAK}))["zaken"]
    assert "toelichting" not in found
    assert found["omschrijving"] == "Blijft"
    assert [each.get("medewerker") for each in found["rollen"]] == [None, {"identificatie": "m-2"}]


async def test_a_status_with_its_resultaat_closes_the_zaak() -> None:
    """As actualiseerZaakstatus."""
    legacy = Legacy()
    await legacy.deliver(AANGEMAAKT, zaak())
    status = {"volgnummer": 3, "omschrijving": "Afgehandeld", "datumStatusGezet": "2026-03-05T10:00:00+01:00"}

    data = zaak(statussen=[status], resultaat={"omschrijving": "Toegekend"}, einddatum="2026-03-05")
    await legacy.deliver(STATUS_GEZET, data, event=SECOND)

    asked = {"identificatie": ZAAK, "onderdelen": ["statussen"], "alleenLaatsteStatus": True}
    [found] = (await legacy.ask("nl.zaken.zaken-opvragen.v1", asked))["zaken"]
    assert [each["volgnummer"] for each in found["statussen"]] == [3]
    assert [each.service for each in legacy.zaaksysteem.log] == [
        "creeerZaak_Lk01",
        "actualiseerZaakstatus_Lk01",
        "geefZaakstatus_Lv01",
    ]


@pytest.mark.parametrize("content", [b"x", bytes(range(256)) * 700], ids=["a byte", "many"])
async def test_a_document_streams_to_the_target_and_back(content: bytes) -> None:
    """Its content is the same, byte for byte."""
    legacy = Legacy()
    await legacy.deliver(AANGEMAAKT, zaak())

    await legacy.deliver(DOCUMENT_TOEGEVOEGD, _document(await legacy.store(content)), event=SECOND)

    assert legacy.zaaksysteem.content("D-1") == content
    asked = {"identificatie": "D-1", "inhoud": True}
    [found] = (await legacy.ask("nl.zaken.documenten-opvragen.v1", asked))["documenten"]
    kept = b"".join([each async for each in legacy.payloads.open(found["bestand"]["verwijzing"])])
    assert kept == content
    assert found["bestand"]["bestandsnaam"] == "aanvraag.pdf"
    assert [each["identificatie"] for each in found["zaken"]] == [ZAAK]


async def test_each_message_goes_with_what_the_target_knows_us_by() -> None:
    """WS-Security: beside a content that streams too, and at the moment of sending, for a nonce is used once."""
    legacy = Legacy()
    got: list[bytes] = []

    async def handle(method: str, path: str, query: Any, headers: Any, body: bytes) -> Answered:  # noqa: ANN401
        got.append(body)
        return await legacy.zaaksysteem.handle(method, path, query, headers, body)

    legacy.network = FaultyNetwork(handle, SERVICES, security="<wie/>")
    await legacy.deliver(AANGEMAAKT, zaak())
    await legacy.deliver(DOCUMENT_TOEGEVOEGD, _document(await legacy.store(b"inhoud " * 1_000)), event=SECOND)

    assert [b"<soap:Header><wie/></soap:Header><soap:Body>" in body for body in got] == [True, True]


async def test_a_document_whose_content_is_gone_is_not_sent() -> None:
    """The hub's own store is down or was emptied: nothing is delivered half."""
    legacy = Legacy()
    await legacy.deliver(AANGEMAAKT, zaak())
    bestand = await legacy.store(b"weg")
    await legacy.payloads.delete(bestand["verwijzing"])

    with pytest.raises(HubUnavailable):
        await legacy.deliver(DOCUMENT_TOEGEVOEGD, _document(bestand), event=SECOND)

    assert len(legacy.zaaksysteem.documenten) == 0


async def test_a_document_without_content_is_made_and_filled_later() -> None:
    """As maakZaakdocument, then geefZaakdocumentBewerken and updateZaakdocument: the lock ends with it."""
    legacy = Legacy()
    await legacy.deliver(AANGEMAAKT, zaak())
    await legacy.deliver(DOCUMENT_TOEGEVOEGD, _document(), event=SECOND)

    [locked] = (await legacy.ask("nl.zaken.document-vergrendelen.v1", {"identificatie": "D-1"}))["documenten"]
    bestand = await legacy.store(b"inhoud")
    await legacy.deliver(DOCUMENT_BIJGEWERKT, {**_document(bestand), "lock": locked["lock"]}, event=THIRD)

    assert legacy.zaaksysteem.content("D-1") == b"inhoud"
    assert legacy.zaaksysteem.locks == {}
    assert "maakZaakdocument_Lk01" in [each.service for each in legacy.zaaksysteem.log]


async def test_a_document_is_given_back_unchanged() -> None:
    """As cancelCheckout."""
    legacy = Legacy()
    await legacy.deliver(AANGEMAAKT, zaak())
    await legacy.deliver(DOCUMENT_TOEGEVOEGD, _document(), event=SECOND)
    [locked] = (await legacy.ask("nl.zaken.document-vergrendelen.v1", {"identificatie": "D-1"}))["documenten"]

    await legacy.deliver(
        DOCUMENT_VRIJGEGEVEN, {"document": {"identificatie": "D-1"}, "lock": locked["lock"]}, event=THIRD
    )

    assert legacy.zaaksysteem.locks == {}


async def test_a_document_leaves_its_zaak() -> None:
    """As ontkoppelZaakdocument: the document itself stays."""
    legacy = Legacy()
    await legacy.deliver(AANGEMAAKT, zaak())
    await legacy.deliver(DOCUMENT_TOEGEVOEGD, _document(), event=SECOND)

    await legacy.deliver(DOCUMENT_ONTKOPPELD, _document(), event=THIRD)

    assert legacy.zaaksysteem.of_zaak(ZAAK) == []
    assert list(legacy.zaaksysteem.documenten) == ["D-1"]


async def test_a_besluit_is_taken_and_changed() -> None:
    """As voegBesluitToe and updateBesluit."""
    legacy = Legacy()
    await legacy.deliver(AANGEMAAKT, zaak())
    besluit = {"identificatie": "B-1", "besluittype": "Vergunning", "datum": "2026-03-02", "ingangsdatum": "2026-03-03"}
    await legacy.deliver(BESLUIT_GENOMEN, {"zaak": {"identificatie": ZAAK}, "besluit": besluit}, event=SECOND)

    change = {"identificatie": "B-1", "datum": "2026-03-02", "toelichting": "Verlengd"}
    await legacy.deliver(BESLUIT_BIJGEWERKT, {"besluit": change}, event=THIRD)

    for asked in ({"identificatie": "B-1"}, {"zaak": ZAAK}):
        [found] = (await legacy.ask("nl.zaken.besluiten-opvragen.v1", asked))["besluiten"]
        assert found["zaak"]["identificatie"] == ZAAK
        assert {**besluit, "toelichting": "Verlengd"}.items() <= found.items()


async def test_a_zaak_is_offered_to_another_system() -> None:
    """As overdragenZaak."""
    legacy = Legacy()

    await legacy.deliver(OVERDRACHT, {"zaak": {"identificatie": ZAAK, "zaaktype": "B1"}, "meldingen": ["Graag"]})

    assert legacy.zaaksysteem.overgedragen == [ZAAK]


@pytest.mark.parametrize(
    ("order", "kind"),
    [
        (Gedrag("cut-before"), TargetUncertain),
        (Gedrag("cut-after"), TargetUncertain),
        (Gedrag("html"), TargetUncertain),
        (Gedrag("html", status=503), TargetUnavailable),
        (Gedrag("html", status=404), TargetMisconfigured),
        (Gedrag("empty", status=202), TargetUncertain),
        (Gedrag("fout", code="StUF058"), TargetUnavailable),
        (Gedrag("fout", code="StUF046"), TargetUnavailable),
        (Gedrag("fout", code="StUF013"), TargetMisconfigured),
        (Gedrag("fout", code="StUF055"), TargetRefused),
        (Gedrag("other-cross"), TargetUncertain),
    ],
)
async def test_after_any_failure_sending_again_has_one_effect(order: Gedrag, kind: type[TargetFailed]) -> None:
    """Whatever the first attempt did or did not do: the second one goes under the same number (StUF 03.01 §4.4)."""
    legacy = Legacy()
    step = legacy.step(AANGEMAAKT, zaak())
    legacy.zaaksysteem.misbehave(order)

    with pytest.raises(kind):
        await legacy.send(step)
    await legacy.send(step, resumed=True)

    assert list(legacy.zaaksysteem.zaken) == [ZAAK]
    assert {each.referentienummer for each in legacy.zaaksysteem.log} == {EVENT}


@pytest.mark.parametrize("order", [Gedrag("bv04"), Gedrag("no-cross"), Gedrag("latin-1")])
async def test_an_acknowledgement_in_another_shape_is_one(order: Gedrag) -> None:
    """From an intermediary, without a crossRefnummer, in another charset."""
    legacy = Legacy()
    legacy.zaaksysteem.misbehave(order)

    receipt = await legacy.deliver(AANGEMAAKT, zaak())

    assert list(legacy.zaaksysteem.zaken) == [ZAAK]
    assert ("Bv04" in receipt.note) is (order.kind == "bv04")


async def test_a_target_that_knows_numbers_but_no_resends_is_asked_what_it_has() -> None:
    """StUF016 on a resend: what the message made is there, so it is done."""
    legacy = Legacy(Zaaksysteem(recognises="numbers"))
    step = legacy.step(AANGEMAAKT, zaak())
    legacy.zaaksysteem.misbehave(Gedrag("cut-after"))
    with pytest.raises(TargetUncertain):
        await legacy.send(step)

    receipt = await legacy.send(step, resumed=True)

    assert receipt.note == "was there already (StUF016)"
    assert [each.service for each in legacy.zaaksysteem.log][-1] == "geefZaakdetails_Lv01"


async def test_a_number_that_another_system_used_is_not_taken_for_a_resend() -> None:
    """StUF016 at the first attempt, or of something that is not there: a person looks."""
    legacy = Legacy()
    legacy.zaaksysteem.misbehave(*[Gedrag("fout", "creeerZaak_Lk01", code="StUF016")] * 2)
    step = legacy.step(AANGEMAAKT, zaak())

    for resumed in (False, True):
        with pytest.raises(TargetRefused) as caught:
            await legacy.send(step, resumed=resumed)
        assert caught.value.code == "StUF016"


async def test_a_change_under_a_used_number_is_for_a_person() -> None:
    """Nothing shows whether it was done: calling it done could lose it."""
    legacy = Legacy(Zaaksysteem(recognises="numbers"))
    await legacy.deliver(AANGEMAAKT, zaak())
    step = legacy.step(BIJGEWERKT, zaak(toelichting="Nieuw"), event=SECOND)
    await legacy.send(step)

    with pytest.raises(TargetRefused, match="StUF016"):
        await legacy.send(step, resumed=True)


async def test_a_target_that_recognises_nothing_is_asked_first() -> None:
    """With `ask_first`: what is there is not made again."""
    options = OPTIONS.model_copy(update={"ask_first": True})
    legacy = Legacy(Zaaksysteem(recognises="nothing"), options)
    await legacy.deliver(AANGEMAAKT, zaak())
    document = legacy.step(DOCUMENT_TOEGEVOEGD, _document(), event=SECOND)
    legacy.zaaksysteem.misbehave(Gedrag("cut-after"))
    with pytest.raises(TargetUncertain):
        await legacy.send(document)

    receipt = await legacy.send(document, resumed=True)

    assert receipt.note == "was there already"
    made = [each for each in legacy.zaaksysteem.log if each.service == "maakZaakdocument_Lk01"]
    assert len(made) == 1


async def test_the_check_asks_for_a_zaak_that_nobody_has() -> None:
    """All is well when there is an answer, whatever it holds; else it says what is wrong."""
    legacy = Legacy()
    adapter = create(OPTIONS)

    assert await adapter.check(legacy.network) == []
    legacy.zaaksysteem.misbehave(Gedrag("fout", code="StUF013"))
    [problem] = await adapter.check(legacy.network)
    assert "StUF013" in problem
    assert len(legacy.zaaksysteem.zaken) == 0
