"""Types are found in the catalogus, read seldom, and told with the nearest name when they are not there."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest

from adapters.zgw.calls import Calls
from adapters.zgw.catalogue import Catalogue
from adapters.zgw.options import Options
from adapters.zgw.simulator import RSIN
from hub.errors import TargetMisconfigured, TargetUnavailable
from tests.support.zgw import CATALOGI, NOW, OPTIONS, ZAAKTYPE, Scripted, json_response, page, with_catalogue

DAY = date(2026, 3, 1)
TYPE = str(ZAAKTYPE["url"])


def a_version(number: int, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - a type is JSON
    return {**ZAAKTYPE, "url": f"{CATALOGI}zaaktypen/{number}", **fields}


async def zaaktype(client: Scripted, code: str = "B1026", *, on: date = DAY, options: Options = OPTIONS) -> str:
    asked = {"identificatie": code}
    return (await Catalogue(options).zaaktype(Calls(client, NOW), asked, rsin=RSIN, on=on, now=NOW)).url


@pytest.mark.parametrize(
    ("day", "number"), [(date(2022, 12, 31), 1), (date(2023, 1, 1), 2), (date(2025, 6, 1), 2), (date(2026, 1, 1), 3)]
)
async def test_the_version_of_the_startdatum_counts(day: date, number: int) -> None:
    """An old message is delivered under the zaaktype of its day; a day on which two meet is of the newer one."""
    client = with_catalogue()
    client._answers["GET catalogi/zaaktypen"] = [
        page(
            a_version(1, beginGeldigheid="2019-01-01", eindeGeldigheid="2023-01-01"),
            a_version(2, beginGeldigheid="2023-01-01", eindeGeldigheid="2025-12-31"),
            a_version(3, beginGeldigheid="2026-01-01"),
            a_version(4, beginGeldigheid="2019-01-01", concept=True),
        )
    ]

    assert await zaaktype(client, on=day) == f"{CATALOGI}zaaktypen/{number}"


async def test_the_catalogus_is_that_of_the_organisatie() -> None:
    """Two municipalities on one Open Zaak use the same codes for other things."""
    client = with_catalogue()
    await zaaktype(client, options=Options(rsin=RSIN, catalogus_domein="VTH"))

    assert client.calls[0].query == {"rsin": RSIN, "domein": "VTH"}
    assert client.calls[1].query["catalogus"] == ZAAKTYPE["catalogus"]
    assert client.calls[1].query["status"] == "definitief"


async def test_an_unknown_zaaktype_is_told_with_the_nearest_one() -> None:
    """A swapped digit is what it mostly is."""
    client = with_catalogue()
    client._answers["GET catalogi/zaaktypen"] = [page(), page(ZAAKTYPE)]
    with pytest.raises(TargetMisconfigured) as caught:
        await zaaktype(client, "B1062")

    assert caught.value.reason == f'zaaktype "B1062" is not in the catalogus of RSIN {RSIN}; nearest: "B1026"'
    assert caught.value.code == "onbekend-zaaktype"


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([a_version(1, eindeGeldigheid="2024-01-01")], "zaaktype-niet-geldig"),
        ([a_version(1), a_version(2)], "zaaktype-onduidelijk"),
    ],
)
async def test_no_or_several_valid_versions_are_for_the_koppelbeheerder(rows: list[dict[str, Any]], code: str) -> None:
    """Exactly one is valid on a day, or somebody must mend the catalogus."""
    client = with_catalogue()
    client._answers["GET catalogi/zaaktypen"] = [page(*rows)]
    with pytest.raises(TargetMisconfigured) as caught:
        await zaaktype(client)

    assert caught.value.code == code


async def test_a_rsin_without_catalogus_is_told() -> None:
    """The commonest mistake at the first start."""
    with pytest.raises(TargetMisconfigured, match="no catalogus for RSIN"):
        await zaaktype(Scripted())


async def test_a_zaaktype_without_code_is_found_by_its_omschrijving() -> None:
    """Some senders know names only; neither case nor spaces count."""
    calls, asked = Calls(with_catalogue(), NOW), {"omschrijving": " aanvraag  Minimaregelingen"}
    found = await Catalogue(OPTIONS).zaaktype(calls, asked, rsin=RSIN, on=DAY, now=NOW)

    assert found.url == TYPE


async def test_all_pages_of_a_list_are_read() -> None:
    """The hundred-and-first roltype exists as well."""
    client = Scripted()
    second = f"{CATALOGI}roltypen?page=2&zaaktype={TYPE}"
    client.on(
        "GET catalogi/roltypen",
        page({"url": "1", "omschrijving": "Initiator"}, following=second),
        page({"url": "2", "omschrijving": "Partner"}),
    )
    asked = {"omschrijving": "Partner"}
    found = await Catalogue(OPTIONS).roltype(Calls(client, NOW), TYPE, asked, now=NOW)

    assert found.url == "2"
    assert client.calls[1].query == {"page": "2", "zaaktype": TYPE}


async def test_a_list_without_end_is_not_read_for_ever() -> None:
    """A target whose `next` points at itself must not hold a worker."""
    client = Scripted()
    client.on("GET catalogi/roltypen", page(following=f"{CATALOGI}roltypen"))
    with pytest.raises(TargetMisconfigured, match="no end"):
        await Catalogue(OPTIONS).roltype(Calls(client, NOW), TYPE, {"omschrijving": "x"}, now=NOW)


async def test_a_list_is_read_once_while_it_is_young_and_again_when_it_is_old() -> None:
    """The first zaak of five minutes pays, the others do not."""
    client, catalogue = with_catalogue(), Catalogue(OPTIONS)
    for passed_s in (0, OPTIONS.catalogue_ttl_s - 1, OPTIONS.catalogue_ttl_s):
        now = NOW + timedelta(seconds=passed_s)
        await catalogue.statustype(Calls(client, now), TYPE, {"volgnummer": 1}, now=now)

    assert client.asked(beside="-") == ["GET catalogi/statustypen"] * 2


async def test_who_ask_at_the_same_time_share_one_reading() -> None:
    """Sixty-four zaken after a start are not sixty-four readings."""
    client, catalogue = with_catalogue(), Catalogue(OPTIONS)
    calls = Calls(client, NOW)
    await asyncio.gather(*(catalogue.statustype(calls, TYPE, {"volgnummer": 1}, now=NOW) for _ in range(64)))

    assert client.asked(beside="-") == ["GET catalogi/statustypen"]


async def test_one_who_gives_up_does_not_take_the_reading_from_the_others() -> None:
    """A lane that is cancelled while it reads for all."""
    client, catalogue = with_catalogue(), Catalogue(OPTIONS)
    calls = Calls(client, NOW)
    first, second = (
        asyncio.ensure_future(catalogue.statustype(calls, TYPE, {"volgnummer": 1}, now=NOW)) for _ in range(2)
    )
    await asyncio.sleep(0)
    first.cancel()

    assert (await second).volgnummer == 1


async def test_a_reading_that_failed_is_not_remembered() -> None:
    """The next zaak tries again."""
    client, catalogue = with_catalogue(), Catalogue(OPTIONS)
    client._answers["GET catalogi/statustypen"][:0] = [json_response(503, {})]
    with pytest.raises(TargetUnavailable):
        await catalogue.statustype(Calls(client, NOW), TYPE, {"volgnummer": 1}, now=NOW)

    assert (await catalogue.statustype(Calls(client, NOW), TYPE, {"volgnummer": 1}, now=NOW)).volgnummer == 1


async def test_what_is_not_in_a_list_of_some_age_is_looked_for_in_a_fresh_one() -> None:
    """A statustype that was added a minute ago is found without waiting for the five minutes."""
    client, catalogue = with_catalogue(), Catalogue(OPTIONS)
    await catalogue.statustype(Calls(client, NOW), TYPE, {"volgnummer": 1}, now=NOW)
    client._answers["GET catalogi/statustypen"] = [page({"url": "9", "omschrijving": "Nieuw", "volgnummer": 9})]
    later = NOW + timedelta(seconds=60)

    assert (await catalogue.statustype(Calls(client, later), TYPE, {"omschrijving": "nieuw"}, now=later)).url == "9"


async def test_a_burst_of_wrong_names_does_not_flood_the_target() -> None:
    """A list of a few seconds old is not read again for what is not in it."""
    client, catalogue = with_catalogue(), Catalogue(OPTIONS)
    for _ in range(5):
        with pytest.raises(TargetMisconfigured, match='nearest: "Ontvangen"'):
            await catalogue.statustype(Calls(client, NOW), TYPE, {"omschrijving": "Ontvange"}, now=NOW)

    assert client.asked(beside="-") == ["GET catalogi/statustypen"]


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ({"omschrijving": "partner"}, 2),
        ({"code": "Buur"}, 3),
        ({"omschrijvingGeneriek": "initiator"}, 1),
        ({"omschrijving": "Aanvrager", "omschrijvingGeneriek": "initiator"}, 1),
    ],
)
async def test_a_roltype_is_found_by_name_or_else_by_its_generic_name(asked: dict[str, str], number: int) -> None:
    """Several rollen share a generic name and are told apart by their own."""
    found = await Catalogue(OPTIONS).roltype(Calls(with_catalogue(), NOW), TYPE, asked, now=NOW)

    assert found.url == f"{CATALOGI}roltypen/{number}"


async def test_a_generic_name_of_several_roltypen_is_no_choice() -> None:
    """Guessing would put a neighbour in the place of a partner."""
    asked = {"omschrijvingGeneriek": "belanghebbende"}
    with pytest.raises(TargetMisconfigured, match="Partner, Buur"):
        await Catalogue(OPTIONS).roltype(Calls(with_catalogue(), NOW), TYPE, asked, now=NOW)


@pytest.mark.parametrize("asked", [{"omschrijving": "Kat"}, {"omschrijvingGeneriek": "belanghebbende"}, {}])
async def test_a_default_roltype_takes_what_has_none(asked: dict[str, str]) -> None:
    """Only when the municipality asked for it."""
    options = Options(rsin=RSIN, roltype_anders="Buur")
    found = await Catalogue(options).roltype(Calls(with_catalogue(), NOW), TYPE, asked, now=NOW)

    assert found.omschrijving == "Buur"


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ({"omschrijving": "in behandeling", "volgnummer": 1}, 2),
        ({"volgnummer": "0002"}, 2),
        ({"code": "Ontvangen"}, 1),
        ({"code": "3"}, 3),
        ({"omschrijving": "Klaar", "volgnummer": 3}, 3),
    ],
)
async def test_a_statustype_is_found_by_whatever_the_sender_has(asked: dict[str, Any], number: int) -> None:
    """StUF has volgnummer, code and omschrijving; senders fill one of them."""
    found = await Catalogue(OPTIONS).statustype(Calls(with_catalogue(), NOW), TYPE, asked, now=NOW)

    assert found.volgnummer == number


async def test_an_informatieobjecttype_must_belong_to_the_zaaktype() -> None:
    """The target would refuse the document only after it was made."""
    client = with_catalogue()
    client._answers["GET catalogi/informatieobjecttypen"] = [
        page(
            {"url": f"{CATALOGI}informatieobjecttypen/1", "omschrijving": "Bijlage", "eindeGeldigheid": "2025-12-31"},
            {"url": f"{CATALOGI}informatieobjecttypen/2", "omschrijving": "Bijlage", "beginGeldigheid": "2026-01-01"},
            {"url": f"{CATALOGI}informatieobjecttypen/3", "omschrijving": "Brief", "beginGeldigheid": "2020-01-01"},
        )
    ]
    catalogue, calls = Catalogue(OPTIONS), Calls(client, NOW)
    found = await catalogue.informatieobjecttype(calls, TYPE, "bijlage", on=DAY, now=NOW)

    assert found.url == f"{CATALOGI}informatieobjecttypen/2", "the newer version of a type that the zaaktype names"
    with pytest.raises(TargetMisconfigured, match='informatieobjecttype "Brief"'):
        await catalogue.informatieobjecttype(calls, TYPE, "Brief", on=DAY, now=NOW)
