"""The simulator takes and gives what the OpenAPI files of Open Zaak say. Needs the reference data."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
import yaml

from adapters.zgw.simulator import create
from adapters.zgw.simulator.besluiten import BESLUIT, BESLUITINFORMATIEOBJECT
from adapters.zgw.simulator.documenten import DOCUMENT_WITH_LOCK
from adapters.zgw.simulator.expand import EXPANDABLE
from adapters.zgw.simulator.fields import Bad, BadParts, Field, Scope, Shape
from adapters.zgw.simulator.listing import PARAMETERS
from adapters.zgw.simulator.shapes import (
    BETROKKENEN,
    DOCUMENT,
    DOCUMENTEN,
    EIGENSCHAP,
    OBJECTEN,
    RESULTAAT,
    ROL,
    STATUS,
    ZAAK,
    ZAAKINFORMATIEOBJECT,
    ZAAKOBJECT,
    ZAKEN,
)
from tests.support.shared import SHARED, needs_shared
from tests.support.zgw_simulated import Client, FixedClock, a_rol

pytestmark = [needs_shared, pytest.mark.shared]

FILES = {
    "zaken": "zaken-1.5.1.openapi.yaml",
    "documenten": "documenten-1.4.2.openapi.yaml",
    "catalogi": "catalogi-1.3.1.openapi.yaml",
    "besluiten": "besluiten-1.1.0.openapi.yaml",
}
SHAPES: dict[str, tuple[str, Shape]] = {
    "ZaakRequest": ("zaken", ZAAK),
    "Base_RolSerializerRequest": ("zaken", ROL),
    "StatusRequest": ("zaken", STATUS),
    "ResultaatRequest": ("zaken", RESULTAAT),
    "ZaakEigenschapRequest": ("zaken", EIGENSCHAP),
    "ZaakInformatieObjectRequest": ("zaken", ZAAKINFORMATIEOBJECT),
    "Base_ZaakObjectSerializerRequest": ("zaken", ZAAKOBJECT),
    "NatuurlijkPersoonIdentificatieRequest": ("zaken", BETROKKENEN["natuurlijk_persoon"]),
    "NietNatuurlijkPersoonIdentificatieRequest": ("zaken", BETROKKENEN["niet_natuurlijk_persoon"]),
    "VestigingIdentificatieRequest": ("zaken", BETROKKENEN["vestiging"]),
    "MedewerkerIdentificatieRequest": ("zaken", BETROKKENEN["medewerker"]),
    "OrganisatorischeEenheidIdentificatieRequest": ("zaken", BETROKKENEN["organisatorische_eenheid"]),
    "ObjectAdresRequest": ("zaken", OBJECTEN["adres"]),
    "ObjectOpenbareRuimteRequest": ("zaken", OBJECTEN["openbare_ruimte"]),
    "ObjectGemeenteRequest": ("zaken", OBJECTEN["gemeente"]),
    "ObjectWoonplaatsRequest": ("zaken", OBJECTEN["woonplaats"]),
    "ObjectPandRequest": ("zaken", OBJECTEN["pand"]),
    "ObjectKadastraleOnroerendeZaakRequest": ("zaken", OBJECTEN["kadastrale_onroerende_zaak"]),
    "ObjectOverigeRequest": ("zaken", OBJECTEN["overige"]),
    "EnkelvoudigInformatieObjectCreateLockRequest": ("documenten", DOCUMENT),
    "EnkelvoudigInformatieObjectWithLockRequest": ("documenten", DOCUMENT_WITH_LOCK),
    "BesluitRequest": ("besluiten", BESLUIT),
    "BesluitInformatieObjectRequest": ("besluiten", BESLUITINFORMATIEOBJECT),
}
NOWHERE = Scope("http://zgw.test", lambda _path: True)


@cache
def spec(api: str) -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = (SHARED / "standards" / "zgw" / "open-zaak" / FILES[api]).read_text()
    found: dict[str, Any] = yaml.load(text, loader)
    return found


def schema(api: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = spec(api)["components"]["schemas"][name]
    return found


def refused(field: Field, value: object) -> bool:
    try:
        field.check(value, NOWHERE)
    except (Bad, BadParts):
        return True
    return False


@pytest.mark.parametrize("name", SHAPES)
def test_the_fields_that_can_be_written_are_those_of_the_api(name: str) -> None:
    """The same names, the same ones required, the same ones nullable."""
    api, shape = SHAPES[name]
    found = schema(api, name)
    # inhoud is taken out of the stream before the fields are looked at.
    properties = {each: rule for each, rule in found["properties"].items() if each != "inhoud"}

    assert shape.keys() == properties.keys()
    assert {each for each, field in shape.items() if field.required} == set(found.get("required", ()))
    assert {each for each, field in shape.items() if field.null} >= {
        each for each, rule in properties.items() if rule.get("nullable")
    }


@pytest.mark.parametrize("name", SHAPES)
def test_the_limits_of_fields_are_those_of_the_api(name: str) -> None:
    """A text too long is refused, an empty one where there is a minimum; every word of a list is taken."""
    api, shape = SHAPES[name]
    wrong = []
    for field, rule in schema(api, name)["properties"].items():
        if field == "inhoud":
            continue
        if rule.get("type") == "string" and "maxLength" in rule:
            wrong += [f"{field}: too long"] if not refused(shape[field], "9" * (rule["maxLength"] + 1)) else []
        if rule.get("type") == "string" and rule.get("minLength"):
            wrong += [f"{field}: empty"] if not minimum_holds(shape, field, rule) else []
        for word in words(api, rule):
            wrong += [f"{field}: {word}"] if refused(shape[field], word) else []
        if words(api, rule):
            wrong += [f"{field}: unknown word"] if not refused(shape[field], "geen van deze") else []

    assert wrong == []


def minimum_holds(shape: Shape, field: str, rule: dict[str, Any]) -> bool:
    """Say whether an empty text is refused; of an optional BSN or RSIN Open Zaak takes it whatever the file says."""
    number = rule["minLength"] == rule.get("maxLength") and not shape[field].required
    return number or refused(shape[field], "")


def words(api: str, rule: dict[str, Any]) -> list[str]:
    references = [each["$ref"] for each in (*rule.get("allOf", ()), *rule.get("oneOf", ())) if "$ref" in each]
    enums = [schema(api, each.rpartition("/")[2]).get("enum", []) for each in references]
    return [word for enum in enums for word in enum if word]


@pytest.mark.parametrize("collection", PARAMETERS)
def test_a_filter_that_is_simulated_is_a_filter_of_the_api(collection: str) -> None:
    """Nobody learns a query parameter here that Open Zaak would refuse."""
    _, api, _, _, path = collection.split("/")
    known = {each["name"] for each in spec(api)["paths"][f"/{path}"]["get"]["parameters"] if each["in"] == "query"}

    assert PARAMETERS[collection] <= known


@pytest.mark.parametrize("collection", EXPANDABLE)
def test_what_may_be_expanded_is_what_the_api_says(collection: str) -> None:
    """All of it and nothing else."""
    _, api, _, _, path = collection.split("/")
    [expand] = [each for each in spec(api)["paths"][f"/{path}"]["get"]["parameters"] if each["name"] == "expand"]

    assert set(expand["schema"]["items"]["enum"]) == EXPANDABLE[collection]


@pytest.mark.parametrize(
    ("name", "collection"),
    [
        ("Catalogus", "catalogussen"),
        ("ZaakType", "zaaktypen"),
        ("StatusType", "statustypen"),
        ("RolType", "roltypen"),
        ("ResultaatType", "resultaattypen"),
        ("InformatieObjectType", "informatieobjecttypen"),
        ("ZaakTypeInformatieObjectType", "zaaktype-informatieobjecttypen"),
        ("Eigenschap", "eigenschappen"),
        ("BesluitType", "besluittypen"),
    ],
)
async def test_a_type_is_shown_as_in_the_api(name: str, collection: str) -> None:
    """The same fields, no more and no less."""
    client = Client(create(clock=FixedClock()))

    shown = (await client.get(f"/catalogi/api/v1/{collection}"))["results"][0]

    assert shown.keys() == schema("catalogi", name)["properties"].keys()


async def test_what_stands_is_shown_as_in_the_api() -> None:
    """A zaak, its parts and its document have the fields of their schemas."""
    client = Client(create(clock=FixedClock()))
    zaak = await client.zaak()
    rol = await client.post("/zaken/api/v1/rollen", await a_rol(client, zaak["url"]))
    status = await client.post(
        "/zaken/api/v1/statussen",
        {
            "zaak": zaak["url"],
            "statustype": await client.type_url("statustypen", volgnummer=1),
            "datumStatusGezet": "2026-06-01T10:00:00Z",
        },
    )
    document = await client.post(DOCUMENTEN, await client.document(inhoud="AAAA"))
    link = await client.post(
        "/zaken/api/v1/zaakinformatieobjecten", {"zaak": zaak["url"], "informatieobject": document["url"]}
    )
    shown = {
        "Zaak": await client.get(zaak["url"]),
        "Status": status,
        "ZaakInformatieObject": link,
    }

    assert {name: each.keys() for name, each in shown.items()} == {
        name: schema("zaken", name)["properties"].keys() for name in shown
    }
    assert rol.keys() >= schema("zaken", "Base_RolSerializer")["properties"].keys()
    assert document.keys() - {"lock"} == schema("documenten", "EnkelvoudigInformatieObject")["properties"].keys()
    assert zaak["url"].startswith(f"http://zgw.test{ZAKEN}/")
