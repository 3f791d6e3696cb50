"""The simulated Besluiten API, with the codes of Open Zaak."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from adapters.zgw.simulator import RSIN, Simulator, create
from tests.support.zgw_simulated import DOCUMENTEN, EIO, ZAKEN, Client, FixedClock

API = "/besluiten/api/v1"
BESLUITEN, LINKS = f"{API}/besluiten", f"{API}/besluitinformatieobjecten"


@pytest.fixture
def simulator() -> Simulator:
    return create(clock=FixedClock())


@pytest.fixture
def client(simulator: Simulator) -> Client:
    return Client(simulator)


async def a_document(client: Client) -> dict[str, Any]:
    return await client.post(EIO, await client.document(inhoud=base64.b64encode(b"een").decode()))


async def test_a_besluit_of_a_zaak_is_found_by_number_and_by_zaak(client: Client) -> None:
    """And under the zaak itself."""
    zaak = await client.zaak()
    made = await client.post(BESLUITEN, await client.besluit(zaak=zaak["url"]))

    by_number = await client.get(BESLUITEN, identificatie="BSL-1", verantwoordelijkeOrganisatie=RSIN)
    by_zaak = await client.get(BESLUITEN, zaak=zaak["url"])
    under_zaak = await client.bare(f"{zaak['url']}/besluiten")

    assert by_number["results"] == by_zaak["results"] == [made]
    assert [each["besluit"] for each in under_zaak] == [made["url"]]


async def test_a_besluit_without_a_number_gets_one(client: Client) -> None:
    """Another one for each."""
    one, other = [await client.post(BESLUITEN, await client.besluit(identificatie="")) for _ in range(2)]

    assert one["identificatie"] != other["identificatie"]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"datum": "2099-01-01"}, {"datum": "future_not_allowed"}),
        ({"verantwoordelijkeOrganisatie": "123456789"}, {"verantwoordelijkeOrganisatie": "invalid"}),
        ({"identificatie": "x" * 51}, {"identificatie": "max_length"}),
        ({"vervalreden": "verlopen"}, {"vervalreden": "invalid_choice"}),
        ({"ingangsdatum": None}, {"ingangsdatum": "null"}),
    ],
)
async def test_a_besluit_that_breaks_a_rule_is_refused(
    client: Client, fields: dict[str, Any], wrong: dict[str, str]
) -> None:
    """With the code of the rule, on the field."""
    assert await client.wrong(BESLUITEN, await client.besluit(**fields)) == wrong


async def test_a_number_is_given_out_once(client: Client) -> None:
    """Code identificatie-niet-uniek; removed is free again."""
    made = await client.post(BESLUITEN, await client.besluit())

    assert await client.wrong(BESLUITEN, await client.besluit()) == {"identificatie": "identificatie-niet-uniek"}
    assert (await client.send("DELETE", made["url"])).status == 204
    await client.post(BESLUITEN, await client.besluit())


async def test_a_besluit_changes_but_for_its_type_and_number(client: Client) -> None:
    """PATCH and PUT."""
    made = await client.post(BESLUITEN, await client.besluit())
    other = await client.type_url("besluittypen", omschrijving="Besluit op bezwaar", of="zaaktypen")

    assert (await client.send("PATCH", made["url"], {"vervalreden": "tijdelijk"})).status == 200
    shown = await client.get(made["url"])
    assert (shown["vervalreden"], shown["vervalredenWeergave"]) == ("tijdelijk", "Besluit met tijdelijke werking")
    for fields in ({"besluittype": other}, {"identificatie": "BSL-2"}):
        [name] = fields
        assert await client.wrong(made["url"], fields, method="PATCH") == {name: "wijzigen-niet-toegelaten"}


async def test_a_document_is_in_a_besluit_once(client: Client) -> None:
    """The Documenten API shows the relation too; it goes with the besluit."""
    besluit, document = await client.post(BESLUITEN, await client.besluit()), await a_document(client)
    link = {"besluit": besluit["url"], "informatieobject": document["url"]}
    made = await client.post(LINKS, link)

    assert await client.wrong(LINKS, link) == {"nonFieldErrors": "unique"}
    assert await client.bare(LINKS, besluit=besluit["url"]) == [made]
    mirror = await client.bare(f"{DOCUMENTEN}/objectinformatieobjecten", informatieobject=document["url"])
    assert [(each["object"], each["objectType"]) for each in mirror] == [(besluit["url"], "besluit")]
    assert (await client.send("DELETE", made["url"])).status == 204
    assert await client.bare(f"{DOCUMENTEN}/objectinformatieobjecten", informatieobject=document["url"]) == []


async def test_a_zaak_with_a_besluit_is_not_removed(client: Client) -> None:
    """Code pending-besluit-relation."""
    zaak = await client.zaak()
    besluit = await client.post(BESLUITEN, await client.besluit(zaak=zaak["url"]))

    assert await client.wrong(zaak["url"], {}, method="DELETE") == {"nonFieldErrors": "pending-besluit-relation"}
    await client.send("DELETE", besluit["url"])
    assert (await client.send("DELETE", zaak["url"])).status == 204
    assert (await client.get(f"{ZAKEN}/zaken"))["count"] == 0


async def test_a_besluittype_of_another_zaaktype_is_refused(client: Client) -> None:
    """Code zaaktype-mismatch."""
    simulator = client.simulator
    zaak = await client.zaak()
    body = await client.besluit(zaak=zaak["url"])
    simulator.state.at(str(body["besluittype"]).removeprefix("http://zgw.test"))["zaaktypen"] = []

    assert await client.wrong(BESLUITEN, body) == {"nonFieldErrors": "zaaktype-mismatch"}
