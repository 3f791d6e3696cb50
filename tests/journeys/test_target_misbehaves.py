"""A zaaksysteem that is down, slow to answer, wrong, or cuts the line: what was accepted is delivered once, in order.

Each against the simulator in memory. What a target does to sockets and time-outs is tried in tests/unit/test_net_*.
"""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest

from adapters.stuf_zds.simulator import Afzender, Verzoek, zaakidentificatie
from adapters.zgw.simulator import Catalogue, ConnectionCut, Gedrag, Roltype, Zaaktype
from adapters.zgw.simulator.catalogi import fill
from hub.config.policy import ConnectionPolicy
from hub.ledger.entries import Failure, FailureState
from hub.testkit.network import STORM, Answered
from tests.support.berichten import (
    ZAAK,
    creeer_zaak,
    extra_elementen,
    heeft_status,
    is_van,
    leaf,
    medewerker,
    natuurlijk_persoon,
    rol,
    update_zaak,
    voeg_document_toe,
    zet_status,
)
from tests.support.gemeente import Json, gemeente
from tests.support.zaaksysteem import Municipality

FarSide = Callable[[str, str, Mapping[str, str], Mapping[str, str], Any], Awaitable[Answered]]

WHOLE = creeer_zaak(
    omschrijving="Aanvraag",
    extraElementen=extra_elementen(kanaal="website", language_code="nl"),
    heeftBetrekkingOp=(
        '<ZKN:heeftBetrekkingOp StUF:entiteittype="ZAKOBJ" StUF:verwerkingssoort="T"><ZKN:gerelateerde>'
        '<ZKN:pand StUF:entiteittype="PND" StUF:verwerkingssoort="I"><BG:identificatie>1900100000000001'
        "</BG:identificatie></ZKN:pand></ZKN:gerelateerde></ZKN:heeftBetrekkingOp>"
    ),
    heeftAlsInitiator=rol("heeftAlsInitiator", natuurlijk_persoon()),
    heeftAlsUitvoerende=[rol("heeftAlsUitvoerende", medewerker(each)) for each in ("mdw-1", "mdw-2")],
    heeft=heeft_status("Ontvangen", "20260302090000", volgnummer=1, door="mdw-1"),
)
RESULTAAT = f"<ZKN:resultaat>{leaf('omschrijving', 'Toegekend')}</ZKN:resultaat>"
CLOSING = zet_status(heeft_status("Afgehandeld", "20260304", volgnummer=3, door="mdw-2"), resultaat=RESULTAAT)
CHANGED = update_zaak(
    old={"heeftAlsInitiator": rol("heeftAlsInitiator", natuurlijk_persoon(), soort="W")},
    toelichting="Compleet",
    heeftAlsInitiator=rol("heeftAlsInitiator", natuurlijk_persoon("999990019", naam="Ander"), soort="W"),
    extraElementen=extra_elementen(kanaal="balie"),
)
DOCUMENT = voeg_document_toe(b"De inhoud van een bijlage")

STORIES: dict[str, tuple[Sequence[Verzoek], Verzoek]] = {
    "creeerZaak": ((), WHOLE),
    "updateZaak": ((WHOLE,), CHANGED),
    "actualiseerZaakstatus": ((WHOLE,), CLOSING),
    "voegZaakdocumentToe": ((WHOLE,), DOCUMENT),
}


@pytest.fixture
async def hub() -> AsyncIterator[Municipality]:
    async with gemeente() as each:
        yield each


class Line:
    """The line to the target: counts what goes over it, and cuts one request, before or after it took effect."""

    def __init__(self, hub: Municipality, *, cut_at: int = 0, effect: bool = False) -> None:
        self._far_side: FarSide = hub.network._far_side
        self._cut_at = cut_at
        self._effect = effect
        self.calls: list[str] = []
        hub.network._far_side = self

    async def __call__(
        self, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], body: bytes
    ) -> Answered:
        self.calls.append(f"{method} {path}")
        cut = len(self.calls) == self._cut_at
        if cut and not self._effect:
            raise ConnectionCut(effect=False)
        answer = await self._far_side(method, path, query, headers, body)
        if cut:
            raise ConnectionCut(effect=True)
        return answer


@pytest.mark.slow
@pytest.mark.parametrize("effect", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("story", STORIES)
async def test_a_cut_at_any_request_leaves_what_no_cut_leaves(story: str, *, effect: bool) -> None:
    """Whichever request the line breaks at, before or after its effect: one of everything, made in the same order."""
    first, verzoek = STORIES[story]
    async with gemeente() as fair:
        await fair.send(*first)
        line = Line(fair)
        await fair.send(verzoek)
        expected, calls = picture(fair, ZAAK), line.calls
    assert len(calls) > 2

    for number, call in enumerate(calls, 1):
        async with gemeente() as hub:
            await hub.send(*first)
            Line(hub, cut_at=number, effect=effect)
            await hub.send(verzoek)

            assert await hub.hub.failures() == [], call
            assert picture(hub, ZAAK) == expected, f"cut at request {number}: {call}"


WAITS = (FailureState.RETRYING, "doelsysteem")
PERSON = (FailureState.OPEN, "koppelbeheer")
SENDER = (FailureState.OPEN, "afzender")


@pytest.mark.parametrize(
    ("gedrag", "expected", "told"),
    [
        ({"kind": "cut-before"}, WAITS, "geen-antwoord"),
        ({"kind": "cut-after"}, WAITS, "geen-antwoord"),
        ({"kind": "garbage"}, WAITS, "geen-json"),
        ({"kind": "answer", "status": 429, "retry_after_s": 120}, WAITS, "zgw-429"),
        ({"kind": "answer", "status": 503, "retry_after_s": 60}, WAITS, "zgw-503"),
        ({"kind": "answer", "status": 500}, WAITS, "zgw-500"),
        ({"kind": "answer", "status": 502}, WAITS, "zgw-502"),
        ({"kind": "answer", "status": 504}, WAITS, "zgw-504"),
        ({"kind": "answer", "status": 401}, PERSON, "zgw-401"),
        ({"kind": "answer", "status": 403}, PERSON, "zgw-403"),
        ({"kind": "answer", "status": 412}, PERSON, "zgw-412"),
        ({"kind": "answer", "status": 413}, PERSON, "zgw-413"),
        ({"kind": "answer", "status": 409}, SENDER, "besteld"),
        ({"kind": "answer", "status": 400}, SENDER, "besteld"),
    ],
    ids=lambda value: f"{value['kind']}-{value.get('status', '')}".rstrip("-") if isinstance(value, dict) else None,
)
@pytest.mark.parametrize("path", ["/zaken$", "/rollen$", "/catalogi/"])
async def test_what_keeps_going_wrong_waits_for_whose_turn_it_is_and_is_delivered_once(
    hub: Municipality, gedrag: dict[str, Any], expected: tuple[FailureState, str], told: str, path: str
) -> None:
    """A target in trouble is tried again by itself, a wrong setting or content waits for a person; then once."""
    hub.zaaksysteem.orders.add(Gedrag.model_validate({**gedrag, "path": path, "times": None}))
    await hub.send(WHOLE, CHANGED)

    failure = await only_failure(hub)
    assert (failure.state, failure.fault) == expected
    assert failure.code == told
    assert failure.advice
    if failure.next_at is not None:
        assert failure.next_at - failure.last_at >= timedelta(seconds=gedrag.get("retry_after_s", 0))

    hub.zaaksysteem.orders.clear()
    await mended(hub, failure)
    assert_stands_once(hub)


async def test_garbage_on_one_request_is_not_taken_for_an_answer(hub: Municipality) -> None:
    """The zaak was made, the answer is HTML: the next try finds it and goes on."""
    hub.zaaksysteem.orders.add(Gedrag.model_validate({"kind": "garbage", "method": "POST", "path": "/zaken$"}))
    await hub.send(WHOLE, CHANGED)

    assert await hub.hub.failures() == []
    assert_stands_once(hub)


async def test_a_short_wait_that_the_target_asks_for_is_kept_at_once(hub: Municipality) -> None:
    """503 with a Retry-After below the inline wait makes no failure."""
    hub.zaaksysteem.orders.add(Gedrag.model_validate({"kind": "answer", "status": 503, "path": "/zaken$", "times": 2}))
    await hub.send(WHOLE, CHANGED)

    assert await hub.hub.failures() == []
    assert_stands_once(hub)


async def test_one_zaak_in_trouble_delays_no_other(hub: Municipality) -> None:
    """Promise 3, with a target that refuses one zaak only."""
    hub.zaaksysteem.orders.add(
        Gedrag.model_validate({"kind": "refuse", "path": "/zaken$", "field": "identificatie", "value": ZAAK})
    )
    await hub.send(WHOLE, *(creeer_zaak(identificatie=f"190000000{each}") for each in range(1000, 1010)))

    assert sorted(hub.zaaksysteem.state.zaken) == [f"190000000{each}" for each in range(1000, 1010)]
    assert (await only_failure(hub)).zaak == ZAAK


POOR = Zaaktype(
    "B1062",
    "Aanvraag minimaregelingen",
    roltypen=(Roltype("Initiatiefnemer", "mede_initiator"),),
    statustypen=("Ontvangen", "In behandelng", "Afgehandeld"),
    informatieobjecttypen=("Bijlagen",),
)
"""A zaaktype with a typing error in each name."""
RICH = Zaaktype("B1026", "Aanvraag minimaregelingen")


@pytest.mark.parametrize(
    ("verzoeken", "zaaktype", "code", "sentence"),
    [
        ([creeer_zaak(isVan=is_van("B1026"))], POOR, "onbekend-zaaktype", 'zaaktype "B1026" is not in'),
        (
            [creeer_zaak(heeftAlsInitiator=rol("heeftAlsInitiator", natuurlijk_persoon()))],
            POOR._replace(identificatie="B1026"),
            "onbekend-roltype",
            'roltype "initiator" is not in',
        ),
        (
            [creeer_zaak(), zet_status(heeft_status("In behandeling", "20260303", volgnummer=7))],
            POOR._replace(identificatie="B1026"),
            "onbekend-statustype",
            'statustype "In behandeling" is not in',
        ),
        (
            [creeer_zaak(), voeg_document_toe(dct_omschrijving="Bijlage")],
            POOR._replace(identificatie="B1026"),
            "onbekend-informatieobjecttype",
            'informatieobjecttype "Bijlage" is not in',
        ),
    ],
    ids=["zaaktype", "roltype", "statustype", "informatieobjecttype"],
)
async def test_an_unknown_type_waits_with_its_name_and_the_nearest(
    verzoeken: list[Verzoek], zaaktype: Zaaktype, code: str, sentence: str
) -> None:
    """Parked at once with a sentence for the koppelbeheerder; when the catalogue is mended a replay delivers it."""
    nearest = {
        "onbekend-zaaktype": "B1062",
        "onbekend-roltype": "Initiatiefnemer",
        "onbekend-statustype": "In behandelng",
        "onbekend-informatieobjecttype": "Bijlagen",
    }[code]
    async with gemeente(catalogue=Catalogue((zaaktype,))) as hub:
        await hub.send(*verzoeken)
        failure = await only_failure(hub)
        assert (failure.code, failure.state, failure.fault) == (code, *PERSON)
        assert failure.attempts == 1
        assert sentence in failure.reason
        assert f'nearest: "{nearest}"' in failure.reason

        fill(hub.zaaksysteem.state, Catalogue((RICH,)))
        await hub.hub.let_pass(10)
        await mended(hub, failure)
        stand = hub.stand(ZAAK)
        assert [len(stand["rollen"]), len(stand["statussen"]), len(stand["zaakinformatieobjecten"])] == {
            "onbekend-zaaktype": [0, 0, 0],
            "onbekend-roltype": [1, 0, 0],
            "onbekend-statustype": [0, 1, 0],
            "onbekend-informatieobjecttype": [0, 0, 1],
        }[code]


ZAKEN = range(1, 11)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
async def test_after_a_storm_everything_stands_once_and_in_order(seed: int) -> None:
    """A third of all requests fail in some way; ten zaken with four messages each come out as in fair weather."""
    random.seed(seed)  # the jitter of the waits
    sender = Afzender()
    verzoeken = [
        verzoek
        for number in ZAKEN
        for verzoek in (
            sender.creeer_zaak(number),
            sender.update_zaak(number),
            sender.voeg_zaakdocument_toe(number),
            sender.actualiseer_zaakstatus(number, 3),
        )
    ]
    random.Random(seed).shuffle(order := list(ZAKEN))
    by_zaak = {number: verzoeken[4 * (number - 1) : 4 * number] for number in order}
    async with gemeente() as fair:
        await fair.send(*verzoeken)
        expected = {number: picture(fair, zaakidentificatie(number)) for number in ZAKEN}

    often = ConnectionPolicy(retry_wait_max_s=60.0)
    async with gemeente(seed=seed, weather=STORM, limits=often) as hub:
        for turn in range(4):
            await hub.send(*(by_zaak[number][turn] for number in order))
        await weathered(hub)

        for number in ZAKEN:
            assert picture(hub, zaakidentificatie(number)) == expected[number]
        assert len(hub.zaaksysteem.state.zaken) == len(ZAKEN)
        assert hub.zaaksysteem.state.stand()["losseDocumenten"] == []


def picture(hub: Municipality, zaak: str) -> Json:
    """Give what stands of a zaak without what differs between two runs: URLs and times of registration."""
    state, stand = hub.zaaksysteem.state, hub.stand(zaak)
    return {
        "fields": {name: stand[name] for name in ("omschrijving", "toelichting", "betalingsindicatie", "einddatum")},
        "rollen": sorted(
            (each["omschrijving"], str(each["betrokkeneIdentificatie"]), each["roltoelichting"])
            for each in stand["rollen"]
        ),
        "statussen": [
            (state.at(each["statustype"])["omschrijving"], each["datumStatusGezet"], bool(each["gezetdoor"]))
            for each in stand["statussen"]
        ],
        "resultaten": [state.at(each["resultaattype"])["omschrijving"] for each in stand["resultaten"]],
        "eigenschappen": [(each["naam"], each["waarde"]) for each in stand["eigenschappen"]],
        "zaakobjecten": [str(each["objectIdentificatie"]) for each in stand["zaakobjecten"]],
        "documenten": state.stand(zaak)["zaken"][zaak]["documenten"],
        "effects": [(each.action, each.resource) for each in state.effects if each.zaak == zaak],
    }


def assert_stands_once(hub: Municipality) -> None:
    """WHOLE and CHANGED were delivered, once each, in that order."""
    stand = hub.stand(ZAAK)
    assert len(hub.zaaksysteem.state.zaken) == 1
    assert sorted(each["omschrijving"] for each in stand["rollen"]) == ["Behandelaar", "Behandelaar", "Initiator"]
    assert [(each["naam"], each["waarde"]) for each in stand["eigenschappen"]] == [
        ("kanaal", "balie"),
        ("language_code", "nl"),
    ]
    assert [len(stand["statussen"]), len(stand["zaakobjecten"])] == [1, 1]
    assert stand["toelichting"] == "Compleet"
    made: Iterable[str] = [each.resource for each in hub.zaaksysteem.state.effects if each.action == "aangemaakt"]
    assert next(iter(made)) == "zaak"


async def only_failure(hub: Municipality) -> Failure:
    """Give the one failure that is not resolved."""
    [failure] = [each for each in await hub.hub.failures() if each.state is not FailureState.RESOLVED]
    return failure


async def mended(hub: Municipality, failure: Failure) -> None:
    """Let the hub go on after the cause is gone: by itself, or because an operator says so."""
    if failure.state is FailureState.OPEN:
        await hub.hub.app.operator().replay(failure.id, by="test", reason="mended")
        await hub.hub.let_pass(2)
    else:
        await hub.hub.let_pass(200)
    assert [each for each in await hub.hub.failures() if each.state is not FailureState.RESOLVED] == []


async def weathered(hub: Municipality) -> None:
    """Let time pass until nothing waits any more."""
    for _ in range(60):
        if (await hub.hub.app.ledger.counts())["parked_items"] == 0:
            return
        await hub.hub.let_pass(60)
    raise AssertionError("zaken still wait after an hour")
