"""Every sample message of the reference data through a whole hub in memory, and every reply against the official XSDs.

The samples are reference data and no part of the project; without them the tests skip. What became of each field of
each sample, with the reason where it was ignored, is told by `python -m tests.support.sample_delivery`.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from functools import cache

import pytest
from lxml import etree

from adapters.stuf_zds.simulator import Verzoek
from hub.clock import AMSTERDAM
from hub.errors import MessageRefused
from tests.support.asgi import Answer
from tests.support.gemeente import Json, gemeente, post
from tests.support.sample_delivery import MENDED, ONE_ROL, Delivered, deliver
from tests.support.samples import (
    EIGENSCHAP_NAAM_MAX,
    KINDS,
    RELATIES,
    Message,
    Sample,
    child,
    samples,
    text,
    to_deliver,
)
from tests.support.shared import SHARED, needs_shared
from tests.support.zds import read

pytestmark = [needs_shared, pytest.mark.shared, pytest.mark.slow]

_DATES = {
    "startdatum": "startdatum",
    "registratiedatum": "registratiedatum",
    "publicatiedatum": "publicatiedatum",
    "einddatumGepland": "einddatumGepland",
    "uiterlijkeEinddatum": "uiterlijkeEinddatumAfdoening",
    "datumVernietigingDossier": "archiefactiedatum",
}
_KINDS_OF_BETROKKENE = {
    "natuurlijkPersoon": "natuurlijk_persoon",
    "nietNatuurlijkPersoon": "niet_natuurlijk_persoon",
    "vestiging": "vestiging",
    "medewerker": "medewerker",
    "organisatorischeEenheid": "organisatorische_eenheid",
}
_SAYS_NOTHING = ("tijdvakRelatie/eindRelatie", "leidtTot", "leidtTot/@verwerkingssoort")
"""Where geenWaarde is what absence says as well: a relation that has not ended, a relation to nothing."""
_NOT_KEPT = {"authentiek", "isAanspreekpuntNamens"}
"""What is ignored of a rol beside the kerngegevens: see the reasons in mappings/_parts."""


@pytest.mark.parametrize("sample", to_deliver(), ids=lambda sample: sample.name)
async def test_a_valid_sample_is_delivered_whole(sample: Sample) -> None:
    """Accepted with a right Bv03, delivered, nothing of it ended nowhere, and what stands is what it said."""
    delivered = await deliver(sample)

    assert_answered(delivered.told.answer, "Bv03Bericht", delivered.message.element)
    assert delivered.told.answer.status == 200
    assert_parked_only_for_what_no_target_can_hold(delivered)
    assert delivered.failures == []
    assert_nothing_ended_nowhere(delivered)
    if delivered.message.is_document:
        assert_document(delivered)
    else:
        assert_zaak(delivered)
    assert_statussen(delivered)


async def test_every_other_sample_is_refused_with_a_fault_of_the_standard() -> None:
    """A message that is no valid one of any service gets Fo02 or Fo03 in a SOAP fault; nothing of it reaches the bus.

    The valid ones of the other services: tests/mappings/test_samples.py and test_every_service.py.
    """
    others = [each for each in samples() if not _is_read(each.verzoek())]
    async with gemeente() as each:
        for sample in others:
            answer = await post(each, sample.verzoek())
            assert answer.status == 500, sample.name
            assert answer.kind in {"Fo02Bericht", "Fo03Bericht"}, sample.name
            assert _schema().validate(etree.ElementTree(answer.message())), sample.name
            assert answer.text("body/code").startswith("StUF"), sample.name
        counts = await each.hub.app.ledger.counts()

    assert not {each.name for each in others} & {each.name for each in to_deliver()}
    assert counts["refusals"] == len(others)


def _is_read(verzoek: Verzoek) -> bool:
    try:
        read(verzoek)
    except MessageRefused:
        return False
    return True


def assert_parked_only_for_what_no_target_can_hold(delivered: Delivered) -> None:
    """See that the failure names the field, and says that it is the sender's."""
    if delivered.sample.name not in MENDED:
        assert delivered.told.failures == []
        return
    [failure] = delivered.told.failures
    assert failure.fault == "afzender"
    assert MENDED[delivered.sample.name][0] in failure.reason


def assert_nothing_ended_nowhere(delivered: Delivered) -> None:
    """Look on the way to the event, on the way to the target, and at the target."""
    fates = [*delivered.inbound, *delivered.outbound]
    assert [fate for fate in fates if fate.what in {"unread", "nowhere"}] == []
    assert delivered.told.warnings == []
    for fate in fates:
        if fate.what == "empty":
            # What is new has no fields to clear; of the zaak itself, and in an event, geenWaarde is a value.
            of_relation = fate.path.startswith(("zaak/rollen/", "zaak/statussen/", "zaak/zaakobjecten/", "document/"))
            assert of_relation or fate.path.endswith(_SAYS_NOTHING), fate
    assert delivered.nowhere_at_target == []
    assert delivered.refused_fields == {}, "the target does not know a field that it was sent"
    unknown = [note for note in delivered.told.notes if note.startswith("not delivered")]
    for note in unknown:
        # Catalogi API 1.3: a longer name can't be defined, so no catalogus can hold this eigenschap.
        name = note.partition('eigenschap "')[2].partition('"')[0]
        assert len(name) > EIGENSCHAP_NAAM_MAX, note


def assert_zaak(delivered: Delivered) -> None:
    """Compare fields, betrokkenen by kind, eigenschappen and kenmerken."""
    message, stand = delivered.message, delivered.stand
    assert stand["identificatie"] == message.zaak
    for name in ("omschrijving", "toelichting"):
        if (said := message.said(name)) and delivered.sample.service != KINDS[2]:
            assert stand[name] == said
    for name, zgw in _DATES.items():
        if (said := message.said(name)) and delivered.sample.service != KINDS[2]:
            assert stand[zgw] == f"{said[:4]}-{said[4:6]}-{said[6:]}", name
    kenmerken = [(text(each, "kenmerk"), text(each, "bron")) for each in message.huidig.iterchildren("{*}kenmerk")]
    if whole := [pair for pair in kenmerken if all(pair)]:
        assert [(each["kenmerk"], each["bron"]) for each in stand["kenmerken"]] == whole
    eigenschappen = {
        name: value for name, value in message.eigenschappen.items() if value and len(name) <= EIGENSCHAP_NAAM_MAX
    }
    assert {each["naam"]: each["waarde"] for each in stand["eigenschappen"]} == eigenschappen
    if delivered.sample.name not in ONE_ROL:
        assert betrokkenen_of(stand, message) == said_betrokkenen(message)


def assert_statussen(delivered: Delivered) -> None:
    """See as many as the message sets, each on its day, with its toelichting."""
    said = [
        (text(each, "datumStatusGezet")[:8], text(each, "toelichting")) for each in delivered.message.relations("heeft")
    ]
    said += [
        (text(each, "sta.datumStatusGezet")[:8], "")
        for each in delivered.message.relations("isRelevantVoor")
        if text(each, "stt.volgnummer") or text(each, "stt.omschrijving")
    ]
    stand = [
        (f"{_local(each['datumStatusGezet']):%Y%m%d}", each["statustoelichting"])
        for each in delivered.stand["statussen"]
    ]
    einddatum = delivered.message.said("einddatum")
    if einddatum and len(stand) == len(said) + 1:
        # Only an eindstatus closes a zaak (ZGW): an einddatum without one brings it about.
        said.append((einddatum, ""))
    assert sorted(stand) == sorted(said)
    if einddatum:
        assert delivered.stand["einddatum"] == f"{einddatum[:4]}-{einddatum[4:6]}-{einddatum[6:]}"


def assert_document(delivered: Delivered) -> None:
    """See that the document stands in its zaak, with the content that was sent."""
    message = delivered.message
    [(document, content)] = delivered.documents
    assert document["identificatie"] == message.said("identificatie")
    assert document["titel"] == (message.said("titel") or document["titel"])
    creatiedatum = message.said("creatiedatum") or ""
    assert document["creatiedatum"].replace("-", "") == creatiedatum
    assert content == message.content()


def said_betrokkenen(message: Message) -> Counter[str]:
    """Count the betrokkenen of the rollen that the message gives, by kind."""
    return Counter(kind for kind, _ in _betrokkenen(message, RELATIES))


def betrokkenen_of(stand: Json, message: Message) -> Counter[str]:
    """Count the rollen that stand, by kind, without those that are there only because somebody set a status."""
    given = set(_betrokkenen(message, RELATIES))
    setters = {each["gezetdoor"] for each in stand["statussen"]}
    return Counter(
        rol["betrokkeneType"]
        for rol in stand["rollen"]
        if rol["url"] not in setters
        or (rol["betrokkeneType"], rol["betrokkeneIdentificatie"].get("identificatie", "")) in given
    )


def assert_answered(answer: Answer, kind: str, request: etree._Element | None) -> None:
    """See a message of the standard in an envelope, with its own number, and that of the request beside it."""
    found = answer.message()
    assert answer.kind == kind
    schema = _schema()
    assert schema.validate(etree.ElementTree(found)), schema.error_log
    assert answer.text("stuurgegevens/referentienummer")
    if request is not None:
        number = text(request, "stuurgegevens/referentienummer")
        assert answer.text("stuurgegevens/crossRefnummer") == number
        assert answer.text("stuurgegevens/referentienummer") != number
        sender = text(request, "stuurgegevens/zender/applicatie")
        assert answer.text("stuurgegevens/ontvanger/applicatie") == sender


def _betrokkenen(message: Message, relations: tuple[str, ...]) -> list[tuple[str, str]]:
    """Give kind and identificatie of each; rollen that differ in nothing that ZGW keeps are one rol."""
    found: dict[tuple[str, ...], tuple[str, str]] = {}
    for name in relations:
        for relation in message.relations(name):
            who = child(relation, "gerelateerde")
            assert who is not None
            local = str(etree.QName(who[0]).localname)
            words = [
                f"{etree.QName(each).localname} {each.text}"
                for each in relation.iter("{*}*")
                if not _NOT_KEPT & {etree.QName(above).localname for above in (each, *each.iterancestors())}
            ]
            found[(name, *words)] = (_KINDS_OF_BETROKKENE[local], text(who[0], "identificatie"))
    return list(found.values())


def _local(moment: str) -> datetime:
    return datetime.fromisoformat(moment).astimezone(AMSTERDAM)


@cache
def _schema() -> etree.XMLSchema:
    driver = SHARED / "standards" / "stuf" / "stuf0301" / "patch33" / "_lxml" / "stuf0301.xsd"
    return etree.XMLSchema(etree.parse(driver))
