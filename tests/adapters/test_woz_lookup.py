"""Questions to the WOZ: one way of asking, the fields that are wanted, and no more pages than are needed."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.woz.simulator import OBJECTEN, create
from hub.errors import TargetMisconfigured, TargetRefused
from hub.ports.simulator import Gedrag
from tests.support.landregisters import BOUW, FIRST_WOZ, WOZ, Far

TOREN = "99990000010"
"""How the numbers of the objects in the tower begin."""


def written(*numbers: int) -> list[str]:
    return [f"9999{number:08}" for number in numbers]


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ({"identificatie": FIRST_WOZ}, [1]),
        ({"identificatie": "999900009999"}, []),
        ({"nummeraanduidingIdentificatie": "9999200000000002"}, [2]),
        ({"adresseerbaarObjectIdentificatie": "9999010000000006"}, [6]),
        ({"postcode": "9999 aa", "huisnummer": 1}, [1, 2, 3]),
        ({"postcode": "9999AA", "huisnummer": 1, "huisletter": "a"}, [2, 3]),
        ({"postcode": "9999AA", "huisnummer": 3, "huisnummertoevoeging": "BIS"}, [6]),
        ({"postcode": "9999AA", "huisnummer": 99}, []),
        ({"rsin": "999930023"}, [2]),
        ({"kvkNummer": "99990002"}, [6]),
    ],
)
@pytest.mark.parametrize("velden", [None, ["waarden.vastgesteldeWaarde"]])
async def test_every_way_of_asking_finds_the_object(
    question: dict[str, Any], found: list[int], velden: list[str] | None
) -> None:
    """By a number, an address or the number of the owner; unknown is an empty answer."""
    assert await Far(WOZ).numbers(**question, velden=velden) == written(*found)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ({"postcode": "9999AA", "huisnummer": 1, "huisletter": None, "huisnummertoevoeging": None}, [1]),
        ({"postcode": "9999AA", "huisnummer": 1, "huisletter": "A", "huisnummertoevoeging": None}, [2]),
        ({"rsin": "999930023", "postcode": "9999AA", "huisnummer": 1}, [2]),
        ({"rsin": BOUW, "postcode": "9999AA", "huisnummer": 1}, []),
        ({"identificatie": FIRST_WOZ, "postcode": "9999ZZ"}, []),
        ({"identificatie": FIRST_WOZ, "adresseerbaarObjectIdentificatie": "9999010000000001"}, [1]),
        ({"nummeraanduidingIdentificatie": "9999200000000001", "kvkNummer": "99990002"}, []),
    ],
)
async def test_criteria_that_the_woz_does_not_look_at_are_looked_at_here(
    question: dict[str, Any], found: list[int]
) -> None:
    """One way is asked; nothing else of the question is left out, and null is an address without it."""
    assert await Far(WOZ).numbers(**question, velden=["waarden"]) == written(*found)


@pytest.mark.parametrize(
    ("velden", "fields"),
    [
        (["waarden.vastgesteldeWaarde"], "waarden.vastgesteldeWaarde,identificatie"),
        (["identificatie", "waarden"], "identificatie,waarden"),
        (["belanghebbendeEigenaar.rsin"], "belanghebbendeEigenaar.rsin,identificatie"),
        (
            ["belanghebbendeGebruiker.naam"],
            "belanghebbendeGebruiker.naam,identificatie,belanghebbendeGebruiker.geheimhoudingPersoonsgegevens",
        ),
        (["belanghebbendeEigenaar"], "belanghebbendeEigenaar,identificatie"),
    ],
)
async def test_no_more_is_asked_for_than_is_wanted(velden: list[str], fields: str) -> None:
    """Beside the number, and of a person whether he asked for geheimhouding: that goes with whatever is seen of him."""
    far = Far(WOZ)
    await far.answer(identificatie=FIRST_WOZ, velden=velden)

    assert far.called[0].query == {"fields": fields}


async def test_what_is_not_wanted_does_not_come() -> None:
    """A value of a home does not say who owns it."""
    rows = await Far(WOZ).rows(identificatie=FIRST_WOZ, velden=["waarden.vastgesteldeWaarde"])

    assert [row.keys() for row in rows] == [{"identificatie", "waarden", "_links"}]
    assert rows[0]["_links"].keys() == {"self"}
    assert rows[0]["waarden"][0] == {"vastgesteldeWaarde": 412_000}


async def test_pages_are_read_until_there_is_enough() -> None:
    """One more than asked for says that there is more; without a maximum all are read."""
    far = Far(WOZ, create(page_size_max=10))

    first = await far.answer(rsin=BOUW, maximum=12)
    assert (len(first["wozObjecten"]), first["meer"], len(far.called)) == (12, True, 2)

    whole = await far.answer(rsin=BOUW)
    assert (len(whole["wozObjecten"]), whole["meer"], len(far.called)) == (25, False, 5)
    assert {each.query["pageSize"] for each in far.called} == {"100"}


async def test_a_next_question_goes_on_after_the_last() -> None:
    """`na` and `maximum` walk through everything once."""
    far = Far(WOZ, create(page_size_max=10))
    seen: list[str] = []
    after: dict[str, str] = {}
    for _ in range(9):
        answer = await far.answer(rsin=BOUW, maximum=10, velden=["identificatie"], **after)
        seen += [row["identificatie"] for row in answer["wozObjecten"]]
        if not answer["meer"]:
            break
        after = {"na": seen[-1]}

    assert seen == [each["identificatie"] for each in OBJECTEN if "Torenplein" in str(each)]


async def test_going_on_after_what_is_gone_is_refused() -> None:
    """Where to go on is not guessed."""
    with pytest.raises(TargetRefused, match="go on"):
        await Far(WOZ).answer(rsin=BOUW, na=FIRST_WOZ)


@pytest.mark.parametrize(
    "question",
    [
        {},
        {"postcode": "9999AA"},
        {"huisnummer": 1, "huisletter": "A"},
        {"identificatie": "../panden/1"},
        {"identificatie": ""},
        {"identificatie": FIRST_WOZ, "velden": ["waarden", "bouwjaar"]},
    ],
)
async def test_a_question_without_a_way_is_refused_before_asking(question: dict[str, Any]) -> None:
    """Nothing leaves the service's own path, and no field is asked for that there is not."""
    far = Far(WOZ)
    with pytest.raises(TargetRefused) as refused:
        await far.answer(**question)

    assert refused.value.code == "ongeldige-vraag"
    assert not far.called
    assert "9999AA" not in str(refused.value)


async def test_another_object_than_was_asked_for_is_told() -> None:
    """It would be what somebody else's home is worth."""
    far = Far(WOZ)
    far.simulator.misbehave(Gedrag(kind="answer", status=200, body={"identificatie": "999900000002"}))
    with pytest.raises(TargetMisconfigured) as broken:
        await far.answer(identificatie=FIRST_WOZ)

    assert broken.value.code == "contract-verbroken"
