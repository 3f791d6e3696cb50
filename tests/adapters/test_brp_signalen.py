"""Signals about persons: how they are read, and what of these persons is asked of the BRP."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import orjson
import pytest

from adapters.brp.fetch import create as create_fetch
from adapters.brp.inbound import KIND
from adapters.brp.inbound import create as create_inbound
from adapters.brp.load import create as create_load
from adapters.brp.options import InboundOptions
from adapters.brp.simulator import KEY, create
from adapters.brp.simulator.records import BARON, EMIGRANT, GEHEIM, MOEDER, VADER
from hub.config.policy import BRP_SIGNALEN_MAX
from hub.errors import (
    MessageRefused,
    TargetFailed,
    TargetMisconfigured,
    TargetNotFound,
    TargetRefused,
    TargetUnavailable,
)
from hub.ports.contracts import SENDER, Document, FetchingTogether, Inquiry, MessageRefusal
from hub.ports.simulator import Gedrag
from hub.testkit.clock import FakeClock
from tests.support.source import NOW, Source

NOBODY = "999990019"
NAME = ("persoon", "naam", "geslachtsnaam")


def source() -> Source:
    return Source(create(clock=FakeClock(NOW)), base="/haalcentraal/api/brp", headers={"X-API-KEY": KEY})


def read(*, sender: str = "", validate: bool = True, **said: object) -> Document:
    headers = {SENDER: sender} if sender else {}
    return create_inbound(InboundOptions()).read(orjson.dumps(said), headers, validate=validate)


def inquiry(far: Source, reads: Sequence[tuple[str, ...]]) -> Inquiry:
    return Inquiry(far, far._keep, NOW, lambda: reads)


async def fetched(
    far: Source, *bsns: str, reads: Sequence[tuple[str, ...]] = (NAME,)
) -> Sequence[Document | TargetFailed | None]:
    documents = [read(burgerservicenummer=bsn) for bsn in bsns]
    return await create_fetch(InboundOptions()).fetch_together(documents, inquiry(far, reads))


def asked(far: Source) -> list[dict[str, Any]]:
    return [orjson.loads(each.body) for each in far.simulator.requests]


def persoon(found: Document | TargetFailed | None) -> dict[str, Any]:
    assert isinstance(found, Document)
    assert isinstance(found.body, dict)
    said: dict[str, Any] = found.body["persoon"]
    return said


def test_a_signal_says_whom_it_is_about() -> None:
    """And nothing of it in a key."""
    document = read(burgerservicenummer=VADER, reden="verhuizing", referentie="B-17")

    assert (document.kind, document.sender, document.reference) == (KIND, "brp", "B-17")
    assert document.person is not None
    assert document.person.reveal() == VADER
    assert document.announces
    assert VADER not in (document.zaak + document.subject + document.reference)


def test_a_signal_may_say_that_nothing_changed() -> None:
    """Then the BRP is asked once, and at once."""
    assert not read(burgerservicenummer=VADER, wijziging=False).announces


@pytest.mark.parametrize(
    "referentie", [MOEDER, f"B {MOEDER[:4]}.{MOEDER[4:6]}.{MOEDER[6:]}", "nr-99990003", "99990003"]
)
def test_a_number_that_may_be_somebodys_bsn_is_no_key(referentie: str) -> None:
    """Of the partner, or without its zero: taken, and known by nothing of it."""
    document = read(burgerservicenummer=VADER, referentie=referentie, sender="burgerzaken")

    assert document.reference == ""
    assert isinstance(document.body, dict)
    assert document.body["signaal"]["referentie"] == referentie


WITHOUT_ZERO = "99990003"
"""What somebody may write of a BSN that begins with a zero."""


def test_two_senders_may_have_the_same_number() -> None:
    """Who is who, the checks of the connection prove; what is new is judged over all of them together."""
    one, other = (read(burgerservicenummer=VADER, referentie="1", sender=each) for each in ("burgerzaken", "gba"))

    assert one.reference != other.reference
    assert one.sender == other.sender


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ({}, "burgerservicenummer"),
        ({"burgerservicenummer": "999910001"}, "burgerservicenummer"),
        ({"burgerservicenummer": "9999"}, "burgerservicenummer"),
        ({"burgerservicenummer": 999910000}, "burgerservicenummer"),
        ({"burgerservicenummer": None}, "burgerservicenummer"),
        ({"burgerservicenummer": VADER, "reden": "x" * 201}, "reden"),
        ({"burgerservicenummer": VADER, "reden": 1}, "reden"),
        ({"burgerservicenummer": VADER, "referentie": "\u0000"}, "referentie"),
        ({"burgerservicenummer": VADER, "referentie": f"nr-{VADER}"}, "referentie"),
        ({"burgerservicenummer": VADER, "referentie": f"{VADER[:4]}.{VADER[4:6]}.{VADER[6:]}"}, "referentie"),
        ({"burgerservicenummer": f"0{WITHOUT_ZERO}", "referentie": f"nr-{WITHOUT_ZERO}"}, "referentie"),
        ({"burgerservicenummer": VADER, "wijziging": "ja"}, "wijziging"),
        ({"burgerservicenummer": VADER, "naam": "Jansen"}, ""),
    ],
)
def test_a_wrong_signal_is_refused_at_its_place_without_its_value(said: dict[str, object], path: str) -> None:
    """The sender sees what is wrong; nobody sees who it is about."""
    with pytest.raises(MessageRefused) as refused:
        create_inbound(InboundOptions()).read(orjson.dumps(said), {}, validate=True)
    assert refused.value.path == path
    assert refused.value.status == HTTPStatus.BAD_REQUEST
    for value in (VADER, "999910001", "Jansen", "9999"):
        assert value not in refused.value.reason


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"12", b'"999910000"', b"{"])
def test_what_is_no_object_is_refused(body: bytes) -> None:
    """Also as JSON."""
    with pytest.raises(MessageRefused):
        create_inbound(InboundOptions()).read(body, {}, validate=True)


def test_several_signals_in_one_request() -> None:
    """Each is a message of its own."""
    inbound = create_inbound(InboundOptions())
    body = orjson.dumps({"signalen": [{"burgerservicenummer": VADER}, {"burgerservicenummer": MOEDER, "reden": "x"}]})

    batch = inbound.batch(body, {"content-type": "application/json"})

    assert batch is not None
    documents = [inbound.read(each.body, each.headers, validate=True) for each in batch.parts]
    assert [each.person.reveal() for each in documents if each.person] == [VADER, MOEDER]
    assert inbound.batch(orjson.dumps({"burgerservicenummer": VADER}), {}) is None


@pytest.mark.parametrize(
    ("said", "path", "status"),
    [
        ({"signalen": []}, "signalen", 400),
        ({"signalen": "x"}, "signalen", 400),
        ({"signalen": [{"burgerservicenummer": VADER}], "meer": 1}, "signalen", 400),
        ({"signalen": [{"burgerservicenummer": VADER}, {}]}, "signalen[1].burgerservicenummer", 400),
        ({"signalen": [{"burgerservicenummer": VADER}] * (BRP_SIGNALEN_MAX + 1)}, "signalen", 413),
    ],
)
def test_a_wrong_list_is_refused_whole(said: dict[str, object], path: str, status: int) -> None:
    """With the number of the first that is wrong."""
    with pytest.raises(MessageRefused) as refused:
        create_inbound(InboundOptions()).batch(orjson.dumps(said), {})
    assert (refused.value.path, refused.value.status) == (path, status)


def test_a_refusal_is_a_problem_document() -> None:
    """NL API Design Rules; a number that was used for another signal is a conflict."""
    inbound = create_inbound(InboundOptions())
    wrong = MessageRefusal("signaal", "is no number", "burgerservicenummer", 0, 400)

    reply = inbound.refused(wrong, b"", message_id="m", at=NOW, headers={})

    assert (reply.status, reply.content_type) == (400, "application/problem+json")
    assert orjson.loads(reply.body)["invalidParams"][0]["name"] == "burgerservicenummer"
    reused = inbound.refused(wrong._replace(code="StUF016"), b"", message_id="m", at=NOW, headers={})
    assert reused.status == HTTPStatus.CONFLICT


async def test_persons_are_asked_for_together_and_no_field_that_is_not_read() -> None:
    """In one call; the number that tells who is who is taken out again."""
    far = source()
    found = await fetched(far, VADER, MOEDER, GEHEIM)

    [call] = asked(far)
    assert call == {
        "type": "RaadpleegMetBurgerservicenummer",
        "burgerservicenummer": [VADER, MOEDER, GEHEIM],
        "fields": ["naam.geslachtsnaam", "burgerservicenummer"],
    }
    assert [persoon(each)["naam"] for each in found[:2]] == [
        {"geslachtsnaam": "Akkerwinde"}, {"geslachtsnaam": "Beukenroos"},
    ]  # fmt: skip
    assert "burgerservicenummer" not in persoon(found[0])
    assert persoon(found[2])["geheimhoudingPersoonsgegevens"] is True


async def test_a_group_that_is_read_as_a_whole_is_asked_for_as_one() -> None:
    """What the BRP gives by itself is asked for by nobody, and what it does not have neither."""
    far = source()
    reads = [
        ("persoon", "geslacht", "code"), ("persoon", "geslacht", "omschrijving"),
        ("persoon", "geboorte", "datum"),
        ("persoon", "partners", "ontbindingHuwelijkPartnerschap", "datum"),
        ("persoon", "partners", "ontbindingHuwelijkPartnerschap", "land", "code"),
        ("persoon", "inOnderzoek"), ("persoon", "naam", "inOnderzoek"), ("persoon", "rni", "categorie"),
        ("persoon", "opschortingBijhouding", "datum"),
        ("persoon", "verblijfplaats", "indicatieVastgesteldVerblijftNietOpAdres"),
        ("signaal", "reden"),
    ]  # fmt: skip
    await fetched(far, EMIGRANT, reads=reads)

    assert asked(far)[0]["fields"] == [
        "geboorte.datum",
        "geslacht",
        "partners.ontbindingHuwelijkPartnerschap",
        "verblijfplaats.type",
        "burgerservicenummer",
    ]


async def test_who_is_not_known_is_told_alone() -> None:
    """The others of the same call go on; nothing says who it was."""
    found = await fetched(source(), VADER, NOBODY, BARON)

    assert isinstance(found[1], TargetNotFound)
    assert NOBODY not in str(found[1]) + found[1].advice
    assert persoon(found[0])["naam"]["geslachtsnaam"] == "Akkerwinde"
    assert persoon(found[2])["naam"]["geslachtsnaam"] == "Dalstein"
    with pytest.raises(TargetNotFound):
        await create_fetch(InboundOptions()).fetch(read(burgerservicenummer=NOBODY), inquiry(source(), [NAME]))


async def test_the_same_person_twice_is_asked_for_once() -> None:
    """Each signal gets its answer."""
    far = source()
    found = await fetched(far, VADER, VADER)

    assert asked(far)[0]["burgerservicenummer"] == [VADER]
    assert persoon(found[0]) == persoon(found[1])


async def test_a_mapping_that_reads_nothing_of_a_person_asks_nothing() -> None:
    """It would ask in vain."""
    far = source()
    with pytest.raises(TargetRefused):
        await fetched(far, VADER, reads=[("signaal", "reden")])
    assert far.simulator.requests == []


async def test_who_may_not_see_addresses_abroad_does_not_ask_for_them() -> None:
    """`buitenland: false`."""
    far = source()
    document, reads = read(burgerservicenummer=VADER), [("persoon", "verblijfplaats", "verblijfadres", "postcode")]
    await create_fetch(InboundOptions(buitenland=False)).fetch_together([document], inquiry(far, reads))

    assert asked(far)[0]["fields"][0] == "verblijfplaatsBinnenland.verblijfadres.postcode"


@pytest.mark.parametrize(
    ("gedrag", "error"),
    [
        (Gedrag(kind="answer", status=401), TargetMisconfigured),
        (Gedrag(kind="answer", status=403), TargetMisconfigured),
        (Gedrag(kind="answer", status=429, retry_after_s=3), TargetUnavailable),
        (Gedrag(kind="answer", status=503), TargetUnavailable),
        (Gedrag(kind="answer", status=400), TargetRefused),
        (Gedrag(kind="cut"), TargetUnavailable),
        (Gedrag(kind="half"), TargetUnavailable),
    ],
)
async def test_a_brp_that_misbehaves_is_told_as_such(gedrag: Gedrag, error: type[TargetFailed]) -> None:
    """Of all that were asked about: nothing can be said of any."""
    far = source()
    far.simulator.misbehave(gedrag)

    with pytest.raises(error) as failed:
        await fetched(far, VADER, MOEDER)
    assert VADER not in str(failed.value)


async def test_a_document_that_was_written_after_it_was_fetched_is_read_as_it_stands() -> None:
    """An example of a mapping."""
    signaal = {"burgerservicenummer": VADER}
    document = read(signaal=signaal, persoon={"naam": {}}, validate=False)

    assert document.body == {"signaal": signaal, "persoon": {"naam": {}}}
    assert document.person is not None


def test_the_signal_of_a_load_tells_of_no_change_and_has_its_reference() -> None:
    """As the loader counts it."""
    loading = create_load(InboundOptions())
    notice = loading.notice(VADER, "load-0123456789ab/7")
    document = create_inbound(InboundOptions()).read(notice.body, notice.headers, validate=False)

    assert (document.reference, document.announces) == ("load-0123456789ab/7", False)
    with pytest.raises(MessageRefused):
        loading.notice("999910001", "load-0123456789ab/8")


def test_it_fetches_together_as_many_as_the_brp_takes() -> None:
    """Twenty."""
    fetching = create_fetch(InboundOptions())

    assert isinstance(fetching, FetchingTogether)
    assert fetching.together_max == 20
