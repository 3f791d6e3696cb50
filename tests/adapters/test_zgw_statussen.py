"""Statuses: their moments, their order, and how a zaak is closed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from adapters.zgw import momenten
from adapters.zgw.options import Options
from adapters.zgw.simulator import RSIN
from hub.errors import TargetMisconfigured, TargetRefused
from tests.support.zgw import (
    AANGEMAAKT,
    CATALOGI,
    NOW,
    STATUS_GEZET,
    ZAKEN,
    Delivery,
    Scripted,
    a_document,
    a_zaak,
    json_response,
    page,
    problem,
    with_catalogue,
)

ONTVANGEN, IN_BEHANDELING, AFGEHANDELD = (f"{CATALOGI}statustypen/{number}" for number in (1, 2, 3))
TODAY = "2026-03-02"


def a_status(volgnummer: int, moment: str | None = TODAY, **fields: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"statustype": {"volgnummer": volgnummer}, "datumStatusGezet": moment, "statustoelichting": "want", **fields}


def there(statustype: str, moment: str, number: int = 1) -> dict[str, Any]:
    return {"url": f"{ZAKEN}status/{number}", "statustype": statustype, "datumStatusGezet": moment}


def with_zaak(**fields: Any) -> Scripted:  # noqa: ANN401 - a zaak is JSON
    client = with_catalogue()
    client.on("GET zaken/zaken", page(a_zaak()))
    client.on("GET zaken/zaken/new", json_response(200, a_zaak(**fields)))
    return client


def statuses(client: Scripted) -> list[tuple[str, str]]:
    """Give what was set, in order: statustype and moment."""
    return [
        (call.body["statustype"], call.body["datumStatusGezet"])
        for call in client.calls
        if str(call) == "POST zaken/statussen"
    ]


async def put(
    client: Scripted,
    *given: dict[str, Any],
    resumed: bool = False,
    options: Options | None = None,
    **parts: Any,  # noqa: ANN401
) -> str:
    """Deliver statuses to a known zaak; give the note of the receipt."""
    document = {"zaak": {"identificatie": "ZAAK-1"}, "statussen": list(given), **parts}
    delivery = Delivery(client, options or Options(rsin=RSIN))
    return list((await delivery.once(STATUS_GEZET, document, resumed=resumed)).values())[-1].note


async def test_a_status_of_a_known_zaak_is_one_call_beside_finding_it() -> None:
    """And its toelichting is what the message said, not the name of the statustype."""
    client = with_zaak()
    await put(client, a_status(1, "2026-03-01T14:30:00+01:00"))

    assert client.asked() == ["GET zaken/zaken", "POST zaken/statussen"]
    assert client.calls[-1].body["statustoelichting"] == "want"
    assert statuses(client) == [(ONTVANGEN, "2026-03-01T14:30:00+01:00")]


async def test_statuses_are_set_in_order_of_time_and_each_at_its_own_moment() -> None:
    """A zaak can't have two statuses at one moment; midnight is what a date without time becomes."""
    client = with_zaak()
    await put(client, a_status(2, TODAY), a_status(1, "2026-03-01"), a_status(1, f"{TODAY}T00:00:00+01:00"))

    assert statuses(client) == [
        (ONTVANGEN, "2026-03-01T00:00:00+01:00"),
        (IN_BEHANDELING, "2026-03-02T00:00:00+01:00"),
        (ONTVANGEN, "2026-03-02T00:00:01+01:00"),
    ]


async def test_the_eindstatus_goes_last_whatever_the_order_of_the_message() -> None:
    """A closed zaak takes no other status; its moment stays what the message said."""
    client = with_zaak()
    await put(client, a_status(3, "2026-03-01T10:00:00+01:00"), a_status(2, "2026-03-01T11:00:00+01:00"))

    assert statuses(client) == [
        (IN_BEHANDELING, "2026-03-01T11:00:00+01:00"),
        (AFGEHANDELD, "2026-03-01T10:00:00+01:00"),
    ]


@pytest.mark.parametrize(
    ("value", "eindstatus", "moment"),
    [
        ("2026-03-01", False, "2026-03-01T00:00:00+01:00"),
        ("2026-03-01T13:00:00", False, "2026-03-01T13:00:00+01:00"),
        ("2026-03-01T13:00:00Z", False, "2026-03-01T14:00:00+01:00"),
        ("2026-03-01", True, "2026-03-01T23:59:59+01:00"),
        ("2025-07-01", True, "2025-07-01T23:59:59+02:00"),
        ("2026-03-01T13:00:00+01:00", True, "2026-03-01T13:00:00+01:00"),
        (TODAY, True, "2026-03-02T09:00:00+01:00"),
        ("2026-03-02T09:04:00+01:00", False, "2026-03-02T09:00:00+01:00"),
        (None, False, "2026-03-02T09:00:00+01:00"),
    ],
)
def test_a_moment_is_what_was_said_and_never_in_the_future(value: str | None, moment: str, *, eindstatus: bool) -> None:
    """The end of the day for a closing date: in UTC local midnight is the day before (Open Zaak #959)."""
    assert momenten.moment_of(value, eindstatus=eindstatus, now=NOW) == datetime.fromisoformat(moment)


@pytest.mark.parametrize(("value", "eindstatus"), [("2026-03-03", True), ("2026-03-02T10:00:00+01:00", False)])
def test_a_status_that_has_yet_to_come_is_refused(value: str, *, eindstatus: bool) -> None:
    """A clock that is minutes ahead is forgiven, a date of tomorrow is not."""
    with pytest.raises(TargetRefused) as caught:
        momenten.moment_of(value, eindstatus=eindstatus, now=NOW)

    assert caught.value.code == "date-in-future"


def test_moments_that_can_not_move_on_move_back() -> None:
    """Three statuses of this very second: the last is now, and none is later."""
    assert momenten.apart([NOW, NOW, NOW], now=NOW) == [NOW - timedelta(seconds=2), NOW - timedelta(seconds=1), NOW]


async def test_a_moment_that_another_message_took_makes_place_for_the_next_second() -> None:
    """Only then the target is asked which moments are taken."""
    client = with_zaak()
    client.on(
        "POST zaken/statussen", problem(400, "invalid", ("nonFieldErrors", "unique")), json_response(201, {"url": "s"})
    )
    client.on(
        "GET zaken/statussen", page(there(ONTVANGEN, "2026-03-01T23:00:00Z"), there(ONTVANGEN, "2026-03-01T23:00:01Z"))
    )
    await put(client, a_status(2))

    assert client.asked()[1:] == ["POST zaken/statussen", "GET zaken/statussen", "POST zaken/statussen"]
    assert statuses(client)[-1] == (IN_BEHANDELING, "2026-03-02T00:00:02+01:00")


async def test_the_status_that_the_zaak_has_is_not_set_again() -> None:
    """The latest status is this very one: somebody said it before."""
    client = with_zaak()
    client.on("POST zaken/statussen", problem(400, "invalid", ("nonFieldErrors", "unique")))
    client.on("GET zaken/statussen", page(there(ONTVANGEN, "2026-03-01T23:00:00Z")))

    assert await put(client, a_status(1)) == "Ontvangen: was set already"


async def test_after_a_lost_answer_only_what_is_missing_is_set() -> None:
    """The second status, at a moment that the first attempt had moved on."""
    client = with_zaak()
    client.on("GET zaken/statussen", page(there(ONTVANGEN, "2026-03-01T23:00:07Z")))
    note = await put(client, a_status(1), a_status(2), resumed=True)

    assert [statustype for statustype, _ in statuses(client)] == [IN_BEHANDELING]
    assert note == "Ontvangen: was set already"


async def test_an_einddatum_closes_a_zaak_that_is_open() -> None:
    """ZGW closes by the eindstatus only."""
    client = with_zaak()
    await put(client, einddatum="2026-03-01")

    assert statuses(client) == [(AFGEHANDELD, "2026-03-01T23:59:59+01:00")]


async def test_an_einddatum_of_a_closed_zaak_changes_nothing() -> None:
    """Senders give the eindstatus first and the einddatum in an update after it."""
    client = with_zaak(einddatum="2026-03-01")

    assert await put(client, einddatum="2026-03-01") == "was closed already"
    assert statuses(client) == []


async def test_an_einddatum_beside_the_eindstatus_is_no_second_closing() -> None:
    """Which day counts is told when they differ."""
    client = with_zaak()
    note = await put(client, a_status(3, "2026-03-01"), einddatum="2026-02-28")

    assert statuses(client) == [(AFGEHANDELD, "2026-03-01T23:59:59+01:00")]
    assert note == "einddatum is another day than the eindstatus, which counts"


async def test_an_einddatum_closes_a_zaak_that_is_made_closed() -> None:
    """A new zaak is open: nothing is asked."""
    client = with_catalogue()
    await Delivery(client).once(AANGEMAAKT, a_document(einddatum="2026-03-01"))

    assert client.asked() == ["POST zaken/zaken", "POST zaken/statussen"]


async def test_a_closing_without_resultaat_is_refused_in_words() -> None:
    """Open Zaak says resultaat-does-not-exist; the advice names what can be done."""
    client = with_zaak()
    client.on("POST zaken/statussen", problem(400, "invalid", ("nonFieldErrors", "resultaat-does-not-exist")))
    with pytest.raises(TargetRefused, match="can't be closed without resultaat") as caught:
        await put(client, a_status(3))

    assert "coalesce_resultaat" in caught.value.advice


@pytest.mark.parametrize(
    ("resultaten", "calls"),
    [
        ([], ["GET zaken/resultaten", "POST zaken/resultaten", "POST zaken/statussen"]),
        ([{"url": "r"}], ["GET zaken/resultaten", "POST zaken/statussen"]),
    ],
)
async def test_a_missing_resultaat_is_filled_in_for_who_asked_for_that(
    resultaten: list[dict[str, Any]], calls: list[str]
) -> None:
    """The first of the names that the zaaktype has, and never over one that is there."""
    options = Options(rsin=RSIN, coalesce_resultaat=("Afgehandeld", "Afgewezen"))
    client = with_zaak()
    client.on("GET zaken/resultaten", page(*resultaten))
    await put(client, a_status(3), options=options)

    assert client.asked()[1:] == calls


async def test_a_resultaat_in_the_message_is_the_one_that_counts() -> None:
    """Then nothing is filled in."""
    options = Options(rsin=RSIN, coalesce_resultaat=("Afgewezen",))
    client = with_catalogue()
    document = a_document(statussen=[a_status(3)], resultaat={"resultaattype": {"omschrijving": "Toegekend"}})
    await Delivery(client, options).once(AANGEMAAKT, document)

    made = [call.body["resultaattype"] for call in client.calls if str(call) == "POST zaken/resultaten"]
    assert made == [f"{CATALOGI}resultaattypen/Toegekend"]


async def test_who_set_a_status_is_named_as_a_rol_of_the_zaak() -> None:
    """The rol is made first, and the status refers to it."""
    client = with_catalogue()
    client.on("POST zaken/rollen", json_response(201, {"url": f"{ZAKEN}rol/7"}))
    setter = {
        "roltype": {"omschrijving": "Partner"},
        "betrokkeneType": "medewerker",
        "betrokkeneIdentificatie": {"identificatie": "m1"},
    }
    await Delivery(client).once(AANGEMAAKT, a_document(statussen=[a_status(1, gezetdoor=setter)]))

    assert client.asked() == ["POST zaken/zaken", "POST zaken/rollen", "POST zaken/statussen"]
    assert client.calls[-1].body["gezetdoor"] == f"{ZAKEN}rol/7"


async def test_an_unknown_statustype_is_told_with_the_nearest_one() -> None:
    """Before anything is set: half an order is no order."""
    client = with_zaak()
    with pytest.raises(TargetMisconfigured, match=r'statustype "In behandelng" .* nearest: "In behandeling"'):
        await put(client, a_status(1), {"statustype": {"omschrijving": "In behandelng"}})

    assert statuses(client) == []
