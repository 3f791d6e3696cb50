"""The simulator of the BRP: its own persons, what it lets in, and how it fits what is published."""

from __future__ import annotations

import json
from typing import Any

import orjson
import pytest

from adapters.brp.simulator import (
    BEWONINGEN_PAD,
    HISTORIE_PAD,
    KEY,
    PERSONEN,
    PERSONEN_PAD,
    REISDOCUMENTEN_PAD,
    TOKEN_PAD,
    Brp,
    create,
)
from adapters.brp.vormen import GEZAG_PERSOON_BEPERKT, PERSOON, PERSOON_BEPERKT, Vorm, paden
from hub.event.vragen import BEWONINGEN, REISDOCUMENTEN, VERBLIJFPLAATSEN
from hub.event.vragen import PERSONEN as PERSONEN_OPVRAGEN
from hub.ports.simulator import Gedrag
from hub.testkit.clock import FakeClock
from tests.adapters.test_brp_lookup import WAYS
from tests.support.brp_bron import Bron, Gesteld
from tests.support.openapi_body import brp
from tests.support.shared import SHARED, needs_shared

Json = dict[str, Any]

BRP = SHARED / "standards" / "haalcentraal-brp"
FILES = {
    "personen": ("brp-personen-bevragen-2.7.0.openapi.yaml", "/personen"),
    "bewoning": ("brp-bewoning.openapi.yaml", "/bewoningen"),
    "historie": ("brp-historie.openapi.yaml", "/verblijfplaatshistorie"),
    "reisdocumenten": ("brp-reisdocumenten.openapi.yaml", "/reisdocumenten"),
}
NUMBERS = [person["burgerservicenummer"] for person in PERSONEN]
GROUPS = [name for name in PERSOON if not name.endswith("Binnenland")]
WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
STATUSES = (400, 401, 403, 406, 429, 500, 503)


async def _asked(simulator: Brp, path: str, question: object, **headers: str) -> tuple[int, Any]:
    given = await simulator.handle("POST", path, {}, {"x-api-key": KEY, **headers}, orjson.dumps(question))
    return given.status, orjson.loads(given.body)


def _wrong(call: Gesteld) -> list[str]:
    file, path = FILES[call.service]
    found = brp(file).wrong_with_request(path, call.vraag) if call.vraag else []
    return found + brp(file).wrong_with_answer(path, call.status, call.antwoord)


def test_the_persons_are_nobody() -> None:
    """A dozen, each with a test number that passes the 11-test."""
    assert len(set(NUMBERS)) == len(NUMBERS) == 12
    for number in NUMBERS:
        assert number.startswith("9999")
        assert sum(int(digit) * weight for digit, weight in zip(number, WEIGHTS, strict=True)) % 11 == 0


async def test_who_has_the_key_or_its_token_is_let_in() -> None:
    """The key in its header, or exchanged for a token as OAuth2 client credentials do; nobody else."""
    simulator = create(clock=FakeClock())
    token = orjson.loads((await simulator.handle("POST", TOKEN_PAD, {}, {}, b"grant_type=client_credentials")).body)
    question = {"type": "RaadpleegMetBurgerservicenummer", "burgerservicenummer": NUMBERS[:1], "fields": ["naam"]}

    by_token = await simulator.handle(
        "POST", PERSONEN_PAD, {}, {"authorization": f"Bearer {token['access_token']}"}, orjson.dumps(question)
    )
    stranger = await simulator.handle("POST", PERSONEN_PAD, {}, {}, orjson.dumps(question))

    assert (by_token.status, stranger.status) == (200, 401)


@pytest.mark.parametrize("body", ["", "x", []])
async def test_a_body_that_is_no_question_is_turned_down(body: object) -> None:
    """As a problem, like everything that is wrong."""
    status, problem = await _asked(create(), PERSONEN_PAD, body)

    assert (status, problem["code"]) == (400, "paramsValidation")


@pytest.mark.parametrize("path", ["/haalcentraal/api/brp", PERSONEN_PAD + "/1"])
async def test_there_is_nothing_elsewhere(path: str) -> None:
    """One path for each API."""
    assert (await _asked(create(), path, {}))[0] == 404


@pytest.mark.parametrize(
    ("path", "question", "names"),
    [
        (BEWONINGEN_PAD, {"type": "BewoningMetPeildatum"}, ["adresseerbaarObjectIdentificatie", "peildatum"]),
        (HISTORIE_PAD, {"type": "RaadpleegMetPeriode", "burgerservicenummer": "1"}, ["burgerservicenummer"]),
        (REISDOCUMENTEN_PAD, {"type": "ZoekMetBurgerservicenummer"}, ["burgerservicenummer", "fields"]),
    ],
)
async def test_the_other_apis_check_their_questions_too(path: str, question: Json, names: list[str]) -> None:
    """With the same words."""
    status, problem = await _asked(create(), path, question)

    assert status == 400
    assert set(names) <= {each["name"] for each in problem["invalidParams"]}


@needs_shared
@pytest.mark.shared
@pytest.mark.parametrize(
    ("file", "vorm"),
    [("Persoon", PERSOON), ("PersoonBeperkt", PERSOON_BEPERKT), ("GezagPersoonBeperkt", GEZAG_PERSOON_BEPERKT)],
)
def test_the_paths_are_those_that_are_published(file: str, vorm: Vorm) -> None:
    """All that may be asked with `fields`, and no more."""
    published = set((BRP / "fields" / f"fields-{file}.csv").read_text(encoding="utf-8").split()) - {"pad"}

    assert set(paden(vorm)) == published


@needs_shared
@pytest.mark.shared
async def test_what_is_asked_and_what_is_answered_fit_the_published_schemas() -> None:
    """Every way of asking about persons, in both of its forms, and the other APIs: no field that is not published."""
    bron = Bron()
    for question, _ in WAYS:
        await bron.vraag(PERSONEN_OPVRAGEN, velden=["naam.volledigeNaam"], **question)
        await bron.vraag(PERSONEN_OPVRAGEN, velden=GROUPS, **question)
    await bron.vraag(PERSONEN_OPVRAGEN, velden=GROUPS, burgerservicenummers=NUMBERS)
    for object_id in ("0518010000000007", "0518010000000009", "0518010000000012"):
        where = {"velden": ["bewoners"], "adresseerbaarObjectIdentificatie": object_id}
        await bron.vraag(BEWONINGEN, **where, peildatum="2009-06-01")
        await bron.vraag(BEWONINGEN, **where, datumVan="2000-01-01", datumTot="2026-01-01")
    for number in NUMBERS:
        who = {"velden": ["datumVan"], "burgerservicenummer": number}
        await bron.vraag(VERBLIJFPLAATSEN, **who, datumVan="1990-01-01", datumTot="2030-01-01")
        documenten = ["soort", "datumEindeGeldigheid", "inhoudingOfVermissing", "houder"]
        await bron.vraag(REISDOCUMENTEN, velden=documenten, burgerservicenummer=number)

    assert {call.service for call in bron.gesteld} == set(FILES)
    assert [(call.vraag, wrong) for call in bron.gesteld if (wrong := _told(_wrong(call)))] == []


@needs_shared
@pytest.mark.shared
@pytest.mark.parametrize("status", STATUSES)
async def test_problems_fit_the_published_schema(status: int) -> None:
    """Whatever goes wrong, the body is the one that is published."""
    bron = Bron()
    bron.simulator.misbehave(Gedrag(kind="answer", status=status))
    found, problem = await _asked(bron.simulator, PERSONEN_PAD, {})

    file, path = FILES["personen"]
    assert found == status
    # `instance` is a path in the published rules, and an absolute URI in the published schema.
    assert brp(file).wrong_with_answer(path, status, {**problem, "instance": f"https://brp.test{path}"}) == []


@needs_shared
@pytest.mark.shared
async def test_all_published_test_persons_are_answered_in_the_published_shape() -> None:
    """Nothing but values that the test set has and the patterns of the schema do not allow: `Rente @ 100%`."""
    data = json.loads((BRP / "testpersonen" / "brp-personen-gba-testset.json").read_text(encoding="utf-8"))
    bron = Bron(create(data=data, clock=FakeClock()))
    numbers = [person["burgerservicenummer"] for person in data]

    found = 0
    for begin in range(0, len(numbers), 200):
        answer = await bron.vraag(PERSONEN_OPVRAGEN, velden=GROUPS, burgerservicenummers=numbers[begin : begin + 200])
        found += len(answer["personen"])

    assert found == len(data) > 800
    assert [wrong for call in bron.gesteld for wrong in _wrong(call) if "does not match" not in wrong] == []


def _told(wrong: list[str]) -> list[str]:
    """Leave out what the published table and the published pattern say against each other: a `/` in a description."""
    return [each for each in wrong if "aanduidingNaamgebruik/omschrijving" not in each]
