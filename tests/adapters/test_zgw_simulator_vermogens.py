"""What Open Zaak has beside the standard: a zaak in one request, numbers, expand, _zoek; and servers that lack it."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from adapters.zgw.simulator import RSIN, VERMOGENS, Simulator, create
from tests.support.zgw_simulated import DOCUMENTEN, EIO, ZAKEN, Client, FixedClock, a_rol

REGISTREREN = f"{ZAKEN}/zaak_registreren"
BSN_OF_ROL = "rol__betrokkeneIdentificatie__natuurlijkPersoon__inpBsn"


@pytest.fixture
def simulator() -> Simulator:
    return create(clock=FixedClock())


@pytest.fixture
def client(simulator: Simulator) -> Client:
    return Client(simulator)


async def a_registration(client: Client, **rol: object) -> dict[str, Any]:
    body = await a_rol(client, "", **rol)
    return {
        "zaak": await client.zaak_body(),
        "rollen": [{name: value for name, value in body.items() if name != "zaak"}],
        "status": {
            "statustype": await client.type_url("statustypen", volgnummer=1),
            "datumStatusGezet": "2026-06-01T10:00:00Z",
        },
    }


async def test_a_zaak_is_registered_with_its_parts(client: Client, simulator: Simulator) -> None:
    """The answer holds a URL for each, and they stand."""
    given = await client.send("POST", REGISTREREN, await a_registration(client))

    made = orjson.loads(given.body)
    assert given.status == 201
    assert made.keys() == {"zaak", "rollen", "zaakinformatieobjecten", "zaakobjecten", "status"}
    assert (await client.get(made["zaak"]["url"]))["rollen"] == [made["rollen"][0]["url"]]
    assert (await client.get(made["zaak"]["url"]))["status"] == made["status"]["url"]
    assert [effect.resource for effect in simulator.state.effects] == ["zaak", "rol", "status"]


async def test_a_registration_is_all_or_nothing(client: Client, simulator: Simulator) -> None:
    """What is wrong is named by its place in the request; the number is free again."""
    wrong = await a_registration(client, betrokkeneIdentificatie={"inpBsn": "123456789"})

    assert await client.wrong(REGISTREREN, wrong) == {"rollen.0.betrokkeneIdentificatie.inpBsn": "invalid"}
    assert (simulator.state.zaken, simulator.state.effects) == ({}, [])
    assert (await client.send("POST", REGISTREREN, await a_registration(client))).status == 201
    assert await client.wrong(REGISTREREN, await a_registration(client)) == {
        "zaak.identificatie": "identificatie-niet-uniek"
    }
    assert await client.wrong(REGISTREREN, {"zaak": {}}) == {"rollen": "required", "status": "required"}


async def test_numbers_are_reserved_one_or_many_and_never_twice(client: Client) -> None:
    """One is an object, several are a list (Open Zaak)."""
    one = await client.post(f"{ZAKEN}/zaaknummer_reserveren", {"bronorganisatie": RSIN})
    given = await client.send("POST", f"{ZAKEN}/zaaknummer_reserveren", {"bronorganisatie": RSIN, "aantal": 2})
    document = await client.post(f"{DOCUMENTEN}/documentnummer_reserveren", {"bronorganisatie": RSIN})
    zaak = await client.zaak(identificatie="")

    numbers = [one["zaaknummer"], *(each["zaaknummer"] for each in orjson.loads(given.body)), zaak["identificatie"]]
    assert len(set(numbers)) == len(numbers) == 4
    assert document["identificatie"].startswith("DOCUMENT-2026-")
    assert await client.wrong(f"{ZAKEN}/zaaknummer_reserveren", {"aantal": 0}) == {
        "bronorganisatie": "required",
        "aantal": "min_value",
    }


async def test_related_resources_come_along(client: Client) -> None:
    """As deep as is asked; what is not there is left out."""
    made = orjson.loads((await client.send("POST", REGISTREREN, await a_registration(client))).body)

    shown = await client.get(made["zaak"]["url"], expand="zaaktype,rollen.roltype,status.statustype,hoofdzaak")
    [listed] = (await client.get(f"{ZAKEN}/zaken", expand="status"))["results"]

    inside = shown["_expand"]
    assert inside.keys() == {"zaaktype", "rollen", "status"}
    assert inside["zaaktype"]["identificatie"] == "B1026"
    assert inside["rollen"][0]["_expand"]["roltype"]["omschrijving"] == "Belanghebbende"
    assert inside["status"]["_expand"]["statustype"]["volgnummer"] == 1
    assert listed["_expand"]["status"]["url"] == made["status"]["url"]
    assert (await client.send("GET", f"{ZAKEN}/zaken", expand="alles")).status == 400


async def test_what_may_not_stand_in_a_url_is_searched_for_in_a_body(client: Client) -> None:
    """POST /zaken/_zoek, in order, with related resources."""
    for number in ("ZAAK-1", "ZAAK-2"):
        registration = await a_registration(client)
        registration["zaak"]["identificatie"] = number
        await client.send("POST", REGISTREREN, registration)
    await client.zaak("ZAAK-3")

    given = await client.send(
        "POST", f"{ZAKEN}/zaken/_zoek", {BSN_OF_ROL: "999990019", "ordering": "-identificatie", "expand": ["status"]}
    )
    nobody = await client.send("POST", f"{ZAKEN}/zaken/_zoek", {BSN_OF_ROL: "999993653"})

    found = orjson.loads(given.body)["results"]
    assert [each["identificatie"] for each in found] == ["ZAAK-2", "ZAAK-1"]
    assert all("status" in each["_expand"] for each in found)
    assert orjson.loads(nobody.body)["count"] == 0
    assert await client.wrong(f"{ZAKEN}/zaken/_zoek", {"zaaknaam": "x"}) == {"zaaknaam": "unknown-parameters"}


async def test_an_older_server_knows_none_of_it() -> None:
    """404 for an address, 400 for a parameter, 405 for a method."""
    client = Client(create(clock=FixedClock(), without=VERMOGENS))
    zaak = await client.zaak()
    rol = await client.post(f"{ZAKEN}/rollen", await a_rol(client, zaak["url"]))

    for path in (REGISTREREN, f"{ZAKEN}/zaaknummer_reserveren", f"{ZAKEN}/zaken/_zoek"):
        assert (await client.send("POST", path, {})).status == 404
    assert (await client.send("POST", f"{DOCUMENTEN}/documentnummer_reserveren", {})).status == 404
    assert (await client.send("GET", f"{ZAKEN}/zaken", expand="status")).status == 400
    assert (await client.send("PUT", rol["url"], await a_rol(client, zaak["url"]))).status == 405
    waiting = await client.document(inhoud=None, bestandsomvang=6)
    assert await client.wrong(EIO, waiting) == {"inhoud": "required"}


async def test_requests_are_counted_by_operation(client: Client, simulator: Simulator) -> None:
    """Whatever the resource is called."""
    zaak = await client.zaak()
    for _ in range(2):
        await client.get(zaak["url"])

    assert simulator.requests["GET /zaken/api/v1/zaken/{uuid}"] == 2
    assert simulator.requests["POST /zaken/api/v1/zaken"] == 1
