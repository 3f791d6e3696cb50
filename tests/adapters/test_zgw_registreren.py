"""A zaak with its parts in one request where the target has that, request by request where it has not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from adapters.zgw.simulator import Gedrag
from hub.config.policy import ABILITY_TTL_S
from hub.errors import TargetFailed, TargetRefused
from tests.support.zgw import AANGEMAAKT, OPTIONS, ZAAK_VERWIJDERD, a_document, a_person
from tests.support.zgw_events import ZAAK, Far

SETTER = a_person("999993653", roltype={"omschrijving": "Behandelaar"})
TOEGEKEND = {"resultaattype": {"omschrijving": "Toegekend"}}
PLAIN = {"without": {"zaak_registreren"}}


def a_message(identificatie: str = ZAAK, **parts: Any) -> dict[str, Any]:  # noqa: ANN401 - parts are JSON
    """Give a zaak with two rollen, an object and a status."""
    return a_document(
        zaak={"identificatie": identificatie},
        rollen=[
            a_person(),
            a_person("999993653", roltype={"omschrijving": "Belanghebbende"}, roltoelichting="buur"),
        ],
        zaakobjecten=[{"objectType": "pand", "objectIdentificatie": {"identificatie": "0344100000000001"}}],
        statussen=[{"statustype": {"volgnummer": 1}, "datumStatusGezet": "2026-03-01T10:00:00+01:00"}],
        **parts,
    )


def stands(far: Far, zaak: str = ZAAK) -> tuple[int, int, int]:
    record = far.simulator.state.zaak(zaak)
    return len(record.rollen), len(record.zaakobjecten), len(record.statussen)


async def test_a_zaak_with_its_parts_is_one_request() -> None:
    """The steps of the parts find them made."""
    far = Far()

    done = await far.delivery().once(AANGEMAAKT, a_message())

    assert far.did() == ["POST zaak_registreren"]
    assert stands(far) == (2, 1, 1)
    urls = {receipt.url for receipt in done.values()}
    assert len(urls) == len(done) == 5
    assert all(far.simulator.state.exists(url.removeprefix("http://zgw.test")) for url in urls)


@pytest.mark.parametrize("settings", [{}, PLAIN], ids=["registreren", "without"])
@pytest.mark.parametrize("fault", ["busy", "lost before", "lost after"])
async def test_after_any_failure_everything_stands_once(settings: dict[str, Any], fault: str) -> None:
    """Every request fails once in turn; a delivery that goes on asks first."""
    for failing in range(7):
        far = Far(**settings)

        await far.delivery(client=far.client_of((failing, fault))).until_done(AANGEMAAKT, a_message())

        assert stands(far) == (2, 1, 1)


async def test_when_the_memory_of_the_parts_is_gone_the_target_is_asked() -> None:
    """Another worker goes on after a crash: the receipt of the zaak says that its parts came with it."""
    far = Far()
    done = await far.delivery().once(AANGEMAAKT, a_message())
    zaak = next(iter(done))

    await far.delivery().once(AANGEMAAKT, a_message(), done={zaak: done[zaak]})

    assert stands(far) == (2, 1, 1)


async def test_a_target_without_it_is_asked_once_an_hour() -> None:
    """The first zaak finds out; the next ones go request by request at once."""
    far = Far(**PLAIN)
    delivery = far.delivery()
    tried = "POST /zaken/api/v1/zaak_registreren"

    for number in range(3):
        await delivery.once(AANGEMAAKT, a_message(f"ZAAK-{number}"))
    assert (far.simulator.requests[tried], stands(far, "ZAAK-2")) == (1, (2, 1, 1))

    delivery.now += timedelta(seconds=ABILITY_TTL_S)
    far.clock.advance(ABILITY_TTL_S)
    await delivery.once(AANGEMAAKT, a_message("ZAAK-3"))
    assert far.simulator.requests[tried] == 2


@pytest.mark.parametrize("status", [403, 405])
async def test_a_client_that_may_not_use_it_goes_request_by_request(status: int) -> None:
    """Nothing was done: the plain requests say what is really wrong, if anything."""
    far = Far()
    order = {"kind": "answer", "path": "/zaak_registreren$", "status": status}
    far.simulator.orders.add(Gedrag.model_validate(order))

    await far.delivery().once(AANGEMAAKT, a_message())

    assert stands(far) == (2, 1, 1)


async def test_a_part_that_is_refused_leaves_nothing_behind() -> None:
    """All or nothing: no zaak without its initiator. The refusal names the field, never its value."""
    far = Far()
    message = a_message()
    message["rollen"][1]["betrokkeneIdentificatie"]["inpBsn"] = "999990000"

    with pytest.raises(TargetRefused, match=r"rollen\.1\.betrokkeneIdentificatie\.inpBsn") as caught:
        await far.delivery().once(AANGEMAAKT, message)

    assert far.simulator.state.zaken == {}
    assert far.simulator.state.effects == []
    assert "999990000" not in str(caught.value)


@pytest.mark.parametrize(
    "parts",
    [
        {"statussen": []},
        {"statussen": [{"statustype": {"volgnummer": 1}, "gezetdoor": SETTER}]},
        {"statussen": [{"statustype": {"omschrijving": "Afgehandeld"}}], "resultaat": TOEGEKEND},
    ],
    ids=["no status", "a status with its setter", "only the eindstatus"],
)
async def test_what_does_not_go_together_goes_request_by_request(parts: dict[str, Any]) -> None:
    """zaak_registreren wants a status, takes no rol that it makes itself, and can't close."""
    far = Far()

    await far.delivery().once(AANGEMAAKT, {**a_message(), **parts})

    assert far.simulator.requests["POST /zaken/api/v1/zaak_registreren"] == 0
    assert stands(far)[2] == len(parts["statussen"])


async def test_a_connection_can_do_without_it() -> None:
    """Open Zaak calls it experimental."""
    far = Far()

    await far.delivery(OPTIONS.model_copy(update={"registreren": False})).once(AANGEMAAKT, a_message())

    assert far.did()[0] == "POST zaken"


async def test_more_statuses_follow_the_first_and_the_zaak_is_closed_last() -> None:
    """Each once, in order."""
    far = Far()
    message = a_message(resultaat=TOEGEKEND, einddatum="2026-03-01")
    message["statussen"].append({"statustype": {"volgnummer": 2}, "datumStatusGezet": "2026-03-01T10:00:00+01:00"})

    await far.delivery().once(AANGEMAAKT, message)

    record = far.simulator.state.zaak(ZAAK)
    assert [far.simulator.state.at(each["statustype"])["volgnummer"] for each in record.statussen.values()] == [1, 2, 3]
    assert record.zaak["einddatum"] == "2026-03-01"


async def test_a_zaak_that_is_removed_at_the_source_waits_for_a_person() -> None:
    """Nothing is asked of the target."""
    far = Far()
    await far.delivery().once(AANGEMAAKT, a_message())
    far.client.calls.clear()

    with pytest.raises(TargetRefused) as caught:
        await far.delivery().once(ZAAK_VERWIJDERD, {"zaak": {"identificatie": ZAAK}})

    assert (caught.value.code, far.did()) == ("zaak-verwijderd", [])
    assert "options.verwijderde_zaak" in caught.value.advice


async def test_a_connection_can_let_zaken_be_removed() -> None:
    """With all that hangs on it; removed already is removed."""
    far = Far()
    await far.delivery().once(AANGEMAAKT, a_message())
    removing = far.delivery(OPTIONS.model_copy(update={"verwijderde_zaak": "delete"}))

    await removing.once(ZAAK_VERWIJDERD, {"zaak": {"identificatie": ZAAK}})
    again = await removing.once(ZAAK_VERWIJDERD, {"zaak": {"identificatie": ZAAK}})

    assert far.simulator.state.zaken == {}
    assert [receipt.note for receipt in again.values()] == ["was not there"]


async def test_a_closed_zaak_is_not_removed_without_the_right_to() -> None:
    """Refused, and said why."""
    far = Far()
    await far.delivery().once(AANGEMAAKT, a_message())
    far.simulator.state.zaak(ZAAK).zaak["einddatum"] = "2026-03-01"

    with pytest.raises(TargetFailed) as caught:
        await far.delivery(OPTIONS.model_copy(update={"verwijderde_zaak": "delete"})).once(
            ZAAK_VERWIJDERD, {"zaak": {"identificatie": ZAAK}}
        )

    assert caught.value.code == "zaak-closed"
