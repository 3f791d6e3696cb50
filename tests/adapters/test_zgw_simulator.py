"""The simulator answers as Open Zaak does: authentication, lists, validation, closing. Driven without sockets."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import AsyncIterator
from datetime import timedelta

import orjson
import pytest

from adapters.zgw.simulator import RSIN, SECRET, Simulator, Zaaktype, catalogue_for, create, standard
from tests.support.zgw_simulated import CATALOGI, EIO, NOW, ZAKEN, Client, FixedClock, a_rol
from tests.support.zgw_token import token


def signed(*, secret: str = SECRET, leave_out: str = "", **claims: object) -> str:
    """Give a token of now."""
    return token(secret, at=NOW, leave_out=leave_out, **claims)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def simulator(clock: FixedClock) -> Simulator:
    return create(clock=clock)


@pytest.fixture
def client(simulator: Simulator) -> Client:
    return Client(simulator)


@pytest.mark.parametrize(
    ("authorization", "code"),
    [
        ("", "not_authenticated"),
        (f"Bearer {signed(secret='another secret')}", "invalid-jwt-signature"),
        (f"Bearer {signed(client_id='another')}", "invalid-client-identifier"),
        (f"Bearer {signed(leave_out='iat')}", "jwt-missing-iat"),
        (f"Bearer {signed(iat=int(NOW.timestamp()) - 3601)}", "jwt-expired"),
        (f"Bearer {signed(iat=int(NOW.timestamp()) + 30)}", "jwt-not-yet-valid"),
        ("Bearer nonsense", "jwt-decode-error"),
    ],
)
async def test_a_token_that_does_not_fit_is_403_not_401(client: Client, authorization: str, code: str) -> None:
    """Open Zaak answers 403 with a code for every kind of wrong token."""
    client.headers["authorization"] = authorization

    given = await client.send("GET", f"{CATALOGI}/zaaktypen")

    assert given.status == 403
    assert orjson.loads(given.body)["code"] == code


async def test_a_token_ages(client: Client, clock: FixedClock) -> None:
    """A token that was good is refused after an hour, also when it was seen before."""
    assert (await client.send("GET", f"{CATALOGI}/zaaktypen")).status == 200

    clock.at += timedelta(seconds=3601)

    assert (await client.send("GET", f"{CATALOGI}/zaaktypen")).status == 403


async def test_zaken_demand_the_coordinate_system(client: Client) -> None:
    """On /zaken an absent CRS header is 412 and another system 406; rollen ask for none."""
    body = await client.zaak_body()
    del client.headers["content-crs"]
    absent = await client.send("POST", f"{ZAKEN}/zaken", body)
    client.headers["content-crs"] = "EPSG:28992"
    other = await client.send("POST", f"{ZAKEN}/zaken", body)
    del client.headers["content-crs"], client.headers["accept-crs"]

    assert (absent.status, other.status) == (412, 406)
    assert (await client.send("GET", f"{ZAKEN}/rollen")).status == 200


async def test_lists_come_in_pages_that_link_to_each_other(client: Client) -> None:
    """More than 100 zaaktypen: following `next` gives each once, and keeps the filters."""
    page = await client.get(f"{CATALOGI}/zaaktypen", status="definitief")
    seen = [each["url"] for each in page["results"]]
    while page["next"]:
        path, _, query = page["next"].partition("?")
        page = await client.get(path, **dict(each.split("=") for each in query.split("&")))
        seen += [each["url"] for each in page["results"]]

    assert page["previous"]
    assert len(seen) == len(set(seen)) == page["count"] == 107


async def test_a_version_of_a_zaaktype_is_chosen_by_date_and_a_concept_is_hidden(client: Client) -> None:
    """B1026 has an ended version, the current one and a concept."""
    found = {
        (status, day): [
            each["beginGeldigheid"]
            for each in (
                await client.get(f"{CATALOGI}/zaaktypen", identificatie="B1026", status=status, datumGeldigheid=day)
            )["results"]
        ]
        for status, day in (("definitief", "2022-12-31"), ("definitief", "2023-01-01"), ("alles", "2026-06-15"))
    }

    assert found == {
        ("definitief", "2022-12-31"): ["2019-01-01"],
        ("definitief", "2023-01-01"): ["2023-01-01"],
        ("alles", "2026-06-15"): ["2023-01-01", "2026-01-01"],
    }


@pytest.mark.parametrize(
    ("path", "query"),
    [
        (f"{CATALOGI}/zaaktypen", {"code": "B1026"}),
        (f"{ZAKEN}/zaken", {"zaakidentificatie": "1"}),
        (f"{ZAKEN}/zaakinformatieobjecten", {"page": "1"}),
    ],
)
async def test_an_unknown_query_parameter_is_refused(client: Client, path: str, query: dict[str, str]) -> None:
    """A filter that does not exist is 400, never ignored."""
    given = await client.send("GET", path, **query)

    assert given.status == 400
    assert orjson.loads(given.body)["invalidParams"][0]["code"] == "unknown-parameters"


async def test_a_zaak_is_found_by_its_natural_key(client: Client) -> None:
    """Together identificatie and bronorganisatie give one zaak, with what Open Zaak fills in."""
    made = await client.zaak("ZAAK-1", omschrijving="Aanvraag")
    await client.zaak("ZAAK-2")

    found = await client.get(f"{ZAKEN}/zaken", identificatie="ZAAK-1", bronorganisatie=RSIN)

    assert [each["url"] for each in found["results"]] == [made["url"]]
    assert made["url"].startswith("http://zgw.test/zaken/api/v1/zaken/")
    assert (made["registratiedatum"], made["archiefstatus"], made["einddatum"]) == (
        "2026-06-15",
        "nog_te_archiveren",
        None,
    )


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"bronorganisatie": "123456789"}, {"bronorganisatie": "invalid"}),
        ({"bronorganisatie": "1234"}, {"bronorganisatie": "invalid-length"}),
        ({"omschrijving": "x" * 81}, {"omschrijving": "max_length"}),
        ({"omschrijving": None}, {"omschrijving": "null"}),
        ({"startdatum": "20260601"}, {"startdatum": "invalid"}),
        ({"startdatum": "2026-06"}, {"startdatum": "invalid"}),
        ({"startdatum": "2026-02-30"}, {"startdatum": "invalid"}),
        ({"laatsteBetaaldatum": "2026-06-01"}, {"laatsteBetaaldatum": "invalid"}),
        ({"laatsteBetaaldatum": "2027-06-01T00:00:00Z"}, {"laatsteBetaaldatum": "future_not_allowed"}),
        (
            {"betalingsindicatie": "nvt", "laatsteBetaaldatum": "2026-06-01T00:00:00Z"},
            {"laatsteBetaaldatum": "betaling-nvt"},
        ),
        ({"betalingsindicatie": "Geheel"}, {"betalingsindicatie": "invalid_choice"}),
        ({"registratiedatum": "2026-06-16"}, {"registratiedatum": "date-in-future"}),
        ({"zaaktype": "B1026"}, {"zaaktype": "bad-url"}),
        ({"zaaktype": "http://elsewhere.test/catalogi/api/v1/zaaktypen/1"}, {"zaaktype": "unknown-service"}),
        ({"zaaktype": "http://zgw.test/catalogi/api/v1/roltypen/1"}, {"zaaktype": "no_match"}),
        ({"zaaktype": "http://zgw.test/catalogi/api/v1/zaaktypen/1"}, {"zaaktype": "does_not_exist"}),
        ({"verlenging": {"reden": "druk", "duur": "14 dagen"}}, {"verlenging.duur": "invalid"}),
        ({"opschorting": {"indicatie": True}}, {"opschorting.reden": "required"}),
        ({"kenmerken": [{"kenmerk": "1", "bron": ""}]}, {"kenmerken.0.bron": "blank"}),
        ({"zaakgeometrie": {"type": "Point", "coordinates": ["5", "52"]}}, {"zaakgeometrie": "invalid"}),
        ({"zaakgeometrie": {"type": "Polygon", "coordinates": [[[5, 52], [5, 53]]]}}, {"zaakgeometrie": "invalid"}),
        ({"productenOfDiensten": ["http://pdc.test/1"]}, {"productenOfDiensten": "invalid-products-services"}),
    ],
)
async def test_a_field_that_open_zaak_refuses_is_refused_by_name_and_code(
    client: Client, fields: dict[str, object], wrong: dict[str, str]
) -> None:
    """The answer names the field and the code, so that a client can tell whose fault it is."""
    assert await client.wrong(f"{ZAKEN}/zaken", {**await client.zaak_body(), **fields}) == wrong


async def test_all_that_is_missing_is_named_at_once(client: Client) -> None:
    """The list invalidParams is complete, not the first only."""
    wrong = await client.wrong(f"{ZAKEN}/zaken", {"omschrijving": "leeg"})

    assert wrong == dict.fromkeys(
        ("bronorganisatie", "zaaktype", "verantwoordelijkeOrganisatie", "startdatum"), "required"
    )


async def test_an_identificatie_is_given_once_per_organisation(client: Client) -> None:
    """The same number at another organisation is another zaak."""
    await client.zaak("ZAAK-1")

    assert await client.wrong(f"{ZAKEN}/zaken", await client.zaak_body("ZAAK-1")) == {
        "identificatie": "identificatie-niet-uniek"
    }
    assert await client.zaak("ZAAK-1", bronorganisatie="999990019")


async def test_a_zaak_of_a_concept_zaaktype_is_refused(client: Client) -> None:
    """Code not-published."""
    concepts = await client.get(f"{CATALOGI}/zaaktypen", identificatie="B1026", status="concept")
    body = await client.zaak_body(zaaktype=concepts["results"][0]["url"])

    assert await client.wrong(f"{ZAKEN}/zaken", body) == {"zaaktype": "not-published"}


async def test_a_patch_changes_what_it_names_and_nothing_else(client: Client) -> None:
    """Fields identificatie and zaaktype can't change; null clears only what may be null."""
    zaak = await client.zaak(omschrijving="oud", einddatumGepland="2026-09-01")

    given = await client.send("PATCH", zaak["url"], {"omschrijving": "nieuw", "einddatumGepland": None})

    changed = orjson.loads(given.body)
    assert (changed["omschrijving"], changed["einddatumGepland"]) == ("nieuw", None)
    assert changed["startdatum"] == zaak["startdatum"]
    assert await client.wrong(zaak["url"], {"identificatie": "ANDERS"}, method="PATCH") == {
        "identificatie": "wijzigen-niet-toegelaten"
    }


async def test_a_status_is_unique_in_time_and_of_the_zaaktype(client: Client) -> None:
    """One status per zaak and moment, not in the future, of a statustype of the zaaktype."""
    zaak = await client.zaak()
    ontvangen = await client.type_url("statustypen", omschrijving="Ontvangen")
    strange = await client.type_url("statustypen", code="V0001", omschrijving="Ontvangen")
    status = {"zaak": zaak["url"], "statustype": ontvangen, "datumStatusGezet": "2026-06-01T10:00:00+02:00"}
    made = await client.post(f"{ZAKEN}/statussen", status)
    path = f"{ZAKEN}/statussen"

    assert made["datumStatusGezet"] == "2026-06-01T08:00:00Z"
    assert await client.wrong(path, {**status, "datumStatusGezet": "2026-06-01T08:00:00Z"}) == {
        "nonFieldErrors": "unique"
    }
    assert await client.wrong(path, {**status, "datumStatusGezet": "2026-06-15T10:00:01Z"}) == {
        "datumStatusGezet": "date-in-future"
    }
    assert await client.wrong(path, {**status, "datumStatusGezet": "2026-06-02"}) == {"datumStatusGezet": "invalid"}
    assert await client.wrong(path, {**status, "statustype": strange}) == {"nonFieldErrors": "zaaktype-mismatch"}


async def test_the_eindstatus_closes_the_zaak_and_asks_for_a_resultaat(client: Client) -> None:
    """The einddatum is the date of the status in UTC; after that the zaak is shut."""
    zaak = await client.zaak()
    end = {
        "zaak": zaak["url"],
        "statustype": await client.type_url("statustypen", isEindstatus=True),
        "datumStatusGezet": "2026-06-10T01:00:00+02:00",
    }
    result = {"zaak": zaak["url"], "resultaattype": await client.type_url("resultaattypen", omschrijving="Toegekend")}

    assert await client.wrong(f"{ZAKEN}/statussen", end) == {"nonFieldErrors": "resultaat-does-not-exist"}
    await client.post(f"{ZAKEN}/resultaten", result)
    assert await client.wrong(f"{ZAKEN}/resultaten", result) == {"zaak": "unique"}
    await client.post(f"{ZAKEN}/statussen", end)

    closed = await client.get(zaak["url"])
    assert (closed["einddatum"], closed["archiefnominatie"]) == ("2026-06-09", "vernietigen")
    shut = await client.send("PATCH", zaak["url"], {"omschrijving": "te laat"})
    reopening = await client.send("POST", f"{ZAKEN}/statussen", {**end, "datumStatusGezet": "2026-06-11T01:00:00Z"})
    assert (shut.status, orjson.loads(shut.body)["code"]) == (403, "zaak-closed")
    assert (reopening.status, orjson.loads(reopening.body)["code"]) == (403, "permission_denied")


async def test_a_client_with_the_scopes_may_change_and_reopen_a_closed_zaak(clock: FixedClock) -> None:
    """Setting may_force stands for zaken.geforceerd-bijwerken and zaken.heropenen."""
    client = Client(create(clock=clock, may_force=True))
    zaak = await client.zaak()
    resultaattype = await client.type_url("resultaattypen", omschrijving="Toegekend")
    await client.post(f"{ZAKEN}/resultaten", {"zaak": zaak["url"], "resultaattype": resultaattype})
    for omschrijving, at in (("Afgehandeld", "2026-06-10T10:00:00Z"), ("In behandeling", "2026-06-11T10:00:00Z")):
        statustype = await client.type_url("statustypen", omschrijving=omschrijving)
        await client.post(f"{ZAKEN}/statussen", {"zaak": zaak["url"], "statustype": statustype, "datumStatusGezet": at})

    assert (await client.get(zaak["url"]))["einddatum"] is None


async def test_a_hoofdzaak_has_one_level_of_deelzaken_that_close_first(client: Client) -> None:
    """Codes deelzaak-als-hoofdzaak, invalid-deelzaaktype, deelzaken-not-closed."""
    hoofdzaak = await client.zaak("HOOFD")
    deelzaak = await client.zaak("DEEL", hoofdzaak=hoofdzaak["url"])
    path = f"{ZAKEN}/zaken"
    deeper = await client.zaak_body("DIEPER", hoofdzaak=deelzaak["url"])
    strange = await client.zaak_body(
        "ANDER", hoofdzaak=hoofdzaak["url"], zaaktype=await client.type_url("zaaktypen", code="V0001")
    )
    eindstatus = {
        "zaak": hoofdzaak["url"],
        "statustype": await client.type_url("statustypen", isEindstatus=True),
        "datumStatusGezet": "2026-06-10T10:00:00Z",
    }

    assert (await client.get(hoofdzaak["url"]))["deelzaken"] == [deelzaak["url"]]
    assert await client.wrong(path, deeper) == {"hoofdzaak": "deelzaak-als-hoofdzaak"}
    assert await client.wrong(path, strange) == {"hoofdzaak": "invalid-deelzaaktype"}
    assert await client.wrong(f"{ZAKEN}/statussen", eindstatus) == {"nonFieldErrors": "deelzaken-not-closed"}


async def test_zaken_relate_to_each_other_by_url(client: Client) -> None:
    """Each of relevanteAndereZaken points at a zaak that stands, with an aard; overig needs words."""
    other = await client.zaak("ZAAK-2")
    zaak = await client.zaak("ZAAK-1")
    related = [{"url": other["url"], "aardRelatie": "onderwerp"}]

    given = await client.send("PATCH", zaak["url"], {"relevanteAndereZaken": related})

    (shown,) = orjson.loads(given.body)["relevanteAndereZaken"]
    assert (shown["url"], shown["aardRelatie"]) == (other["url"], "onderwerp")
    overig = [{"url": other["url"], "aardRelatie": "overig"}]
    assert await client.wrong(zaak["url"], {"relevanteAndereZaken": overig}, method="PATCH") == {
        "relevanteAndereZaken.0.overigeRelatie": "overigerelatie-required"
    }


@pytest.mark.parametrize(
    ("kind", "who", "wrong"),
    [
        ("natuurlijk_persoon", {"inpBsn": "999990018"}, "inpBsn"),
        ("natuurlijk_persoon", {"geboortedatum": "1960-07-"}, "geboortedatum"),
        ("natuurlijk_persoon", {"geslachtsaanduiding": "V"}, "geslachtsaanduiding"),
        ("natuurlijk_persoon", {"inpA_nummer": "0123456789"}, "inpA_nummer"),
        ("niet_natuurlijk_persoon", {"innNnpId": "12345678"}, "innNnpId"),
        ("niet_natuurlijk_persoon", {"kvkNummer": "1234567"}, "kvkNummer"),
        ("niet_natuurlijk_persoon", {"innRechtsvorm": "BV"}, "innRechtsvorm"),
        ("vestiging", {"handelsnaam": "Voorbeeld"}, "handelsnaam"),
        ("medewerker", {"voorvoegselAchternaam": "van den berge"}, "voorvoegselAchternaam"),
        (
            "natuurlijk_persoon",
            {"verblijfsadres": {"wplWoonplaatsNaam": "X", "gorOpenbareRuimteNaam": "Y", "aoaHuisnummer": 1}},
            "verblijfsadres.aoaIdentificatie",
        ),
        ("natuurlijk_persoon", {"subVerblijfBuitenland": {"lndLandcode": "5010"}}, "subVerblijfBuitenland.lndLandnaam"),
    ],
)
async def test_who_a_rol_is_for_is_checked_by_kind(
    client: Client, kind: str, who: dict[str, object], wrong: str
) -> None:
    """The wrong part is named under betrokkeneIdentificatie."""
    zaak = await client.zaak()

    found = await client.wrong(
        f"{ZAKEN}/rollen", await a_rol(client, zaak["url"], betrokkeneType=kind, betrokkeneIdentificatie=who)
    )

    assert list(found) == [f"betrokkeneIdentificatie.{wrong}"]


async def test_an_address_without_a_bag_number_is_taken_with_an_empty_one(client: Client) -> None:
    """Field aoaIdentificatie must be there and may be empty: the API gives it no minLength."""
    zaak = await client.zaak()
    address = {
        "aoaIdentificatie": "",
        "wplWoonplaatsNaam": "Voorbeeldstad",
        "gorOpenbareRuimteNaam": "Dorpsstraat",
        "aoaHuisnummer": 1,
    }

    rol = await client.post(
        f"{ZAKEN}/rollen", await a_rol(client, zaak["url"], betrokkeneIdentificatie={"verblijfsadres": address})
    )

    assert rol["betrokkeneIdentificatie"]["verblijfsadres"]["gorOpenbareRuimteNaam"] == "Dorpsstraat"


async def test_a_zaak_has_one_initiator_and_a_rol_can_be_replaced(client: Client) -> None:
    """The code max-occurences counts others only; PUT keeps the URL, DELETE frees the place."""
    zaak = await client.zaak()
    initiator = await a_rol(client, zaak["url"], roltype=await client.type_url("roltypen", omschrijving="Initiator"))
    first = await client.post(f"{ZAKEN}/rollen", initiator)

    assert await client.wrong(f"{ZAKEN}/rollen", initiator) == {"roltype": "max-occurences"}
    replaced = await client.send("PUT", first["url"], {**initiator, "betrokkeneIdentificatie": {"inpBsn": "999993653"}})
    assert orjson.loads(replaced.body)["betrokkeneIdentificatie"]["inpBsn"] == "999993653"
    assert (await client.send("DELETE", first["url"])).status == 204
    assert await client.post(f"{ZAKEN}/rollen", initiator)


async def test_rollen_are_found_by_person(client: Client) -> None:
    """The filters on betrokkeneIdentificatie look within the kind they name."""
    zaak = await client.zaak()
    rol = await client.post(f"{ZAKEN}/rollen", await a_rol(client, zaak["url"]))
    query = {"zaak": zaak["url"], "betrokkeneIdentificatie__natuurlijkPersoon__inpBsn": "999990019"}

    found = await client.get(f"{ZAKEN}/rollen", **query)

    assert [each["url"] for each in found["results"]] == [rol["url"]]
    assert (await client.get(f"{ZAKEN}/rollen", **{**query, "omschrijvingGeneriek": "initiator"}))["count"] == 0


async def test_a_zaakobject_needs_what_its_kind_needs(client: Client) -> None:
    """An overig object names its type; an address has a place, a street and a number."""
    zaak = await client.zaak()
    path = f"{ZAKEN}/zaakobjecten"

    async def wrong(**fields: object) -> dict[str, str]:
        return await client.wrong(path, {"zaak": zaak["url"], **fields})

    assert await wrong(objectType="overige", objectIdentificatie={"overigeData": {}}) == {
        "nonFieldErrors": "missing-object-type-overige"
    }
    assert await wrong(objectType="adres", objectIdentificatie={"wplWoonplaatsNaam": "Voorbeeldstad"}) == {
        "objectIdentificatie.gorOpenbareRuimteNaam": "required",
        "objectIdentificatie.huisnummer": "required",
    }
    assert await wrong(objectType="pand") == {"nonFieldErrors": "invalid-zaakobject"}
    assert await wrong(objectType="huis", objectIdentificatie={"x": 1}) == {"objectType": "invalid_choice"}
    assert await client.post(
        path,
        {
            "zaak": zaak["url"],
            "objectType": "overige",
            "objectTypeOverige": "boom",
            "objectIdentificatie": {"overigeData": {"soort": "eik"}},
        },
    )


async def test_zaakeigenschappen_lie_under_the_zaak(client: Client) -> None:
    """Made, listed without pages, changed, and of the zaaktype only."""
    zaak = await client.zaak()
    path = f"{zaak['url']}/zaakeigenschappen"
    eigenschap = await client.type_url("eigenschappen", naam="kanaal")

    made = await client.post(path, {"zaak": zaak["url"], "eigenschap": eigenschap, "waarde": "web"})
    await client.send("PATCH", made["url"], {"waarde": "balie"})

    (listed,) = await client.bare(path)
    assert (listed["naam"], listed["waarde"]) == ("kanaal", "balie")
    assert await client.wrong(path, {"zaak": zaak["url"], "eigenschap": eigenschap, "waarde": ""}) == {
        "waarde": "blank"
    }


async def test_a_document_keeps_its_content_and_joins_a_zaak_once(client: Client, simulator: Simulator) -> None:
    """Hash and size stand in the summary, the content can be downloaded, the second link is refused."""
    zaak = await client.zaak()
    content = b"%PDF-1.4 voorbeeld"
    body = await client.document(inhoud=base64.b64encode(content).decode(), bestandsomvang=len(content))
    document = await client.post(EIO, body)
    link = {"zaak": zaak["url"], "informatieobject": document["url"], "titel": "Aanvraag"}
    await client.post(f"{ZAKEN}/zaakinformatieobjecten", link)

    downloaded = await client.send("GET", document["inhoud"].partition("?")[0], versie="1")

    assert downloaded.body == content
    assert await client.wrong(f"{ZAKEN}/zaakinformatieobjecten", link) == {"nonFieldErrors": "unique"}
    assert [each["titel"] for each in await client.bare(f"{ZAKEN}/zaakinformatieobjecten", zaak=zaak["url"])] == [
        "Aanvraag"
    ]
    assert simulator.state.stand()["zaken"]["ZAAK-1"]["documenten"] == [
        {"identificatie": "DOC-1", "omvang": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    ]


async def test_a_large_document_streams_through_and_only_its_hash_stays(client: Client, simulator: Simulator) -> None:
    """Chunks cut anywhere give the same content; what is too large to keep is forgotten."""
    piece = bytes(range(256)) * 64
    body = await client.document(bestandsomvang=len(piece) * 100)
    head = orjson.dumps(body)[:-1] + b', "inhoud" : "'

    async def chunks() -> AsyncIterator[bytes]:
        encoded = base64.b64encode(piece * 100)
        whole = head + encoded + b'"}'
        for start in range(0, len(whole), 7919):
            yield whole[start : start + 7919]

    given = await simulator.handle("POST", EIO, {}, client.headers, chunks())

    document, content = simulator.state.document("DOC-1")
    assert given.status == 201
    assert content is not None
    assert content.sha256 == hashlib.sha256(piece * 100).hexdigest()
    assert content.kept is None
    assert document["bestandsomvang"] == len(piece) * 100


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"inhoud": "geen base64!"}, {"inhoud": "invalid"}),
        ({"inhoud": "AAAA", "bestandsomvang": 4}, {"nonFieldErrors": "file-size"}),
        ({"taal": "nl"}, {"taal": "min_length"}),
        ({"titel": ""}, {"titel": "blank"}),
        ({"vertrouwelijkheidaanduiding": "ZEER GEHEIM"}, {"vertrouwelijkheidaanduiding": "invalid_choice"}),
        ({"status": "in_bewerking", "ontvangstdatum": "2026-06-01"}, {"status": "invalid_for_received"}),
        ({"indicatieGebruiksrecht": True}, {"indicatieGebruiksrecht": "missing-gebruiksrechten"}),
    ],
)
async def test_a_document_that_open_zaak_refuses_is_refused(
    client: Client, fields: dict[str, object], wrong: dict[str, str]
) -> None:
    """By name and code, and nothing stands afterwards."""
    assert await client.wrong(EIO, {**await client.document(), **fields}) == wrong
    assert client.simulator.state.effects == []


async def test_a_document_number_is_given_once(client: Client) -> None:
    """Code identificatie-niet-uniek, per organisation."""
    await client.post(EIO, await client.document())

    assert await client.wrong(EIO, await client.document()) == {"identificatie": "identificatie-niet-uniek"}


async def test_a_document_of_a_foreign_kind_can_not_join(clock: FixedClock) -> None:
    """Code missing-zaaktype-informatieobjecttype-relation."""
    catalogue = catalogue_for(["A"])
    client = Client(create(clock=clock, catalogue=catalogue._replace(zaaktypen=(
        *catalogue.zaaktypen, Zaaktype("B1026", "ander", informatieobjecttypen=("Foto", "Aanvraagformulier"))
    ))))  # fmt: skip
    zaak = await client.zaak(zaaktype=await client.type_url("zaaktypen", code="A"))
    foto = await client.type_url("informatieobjecttypen", omschrijving="Foto")
    document = await client.post(EIO, await client.document(informatieobjecttype=foto))

    found = await client.wrong(
        f"{ZAKEN}/zaakinformatieobjecten", {"zaak": zaak["url"], "informatieobject": document["url"]}
    )

    assert found == {"nonFieldErrors": "missing-zaaktype-informatieobjecttype-relation"}


@pytest.mark.parametrize(
    ("fields", "code"),
    [({}, "indicatiegebruiksrecht-unset"), ({"indicatieGebruiksrecht": False}, "informatieobject-locked")],
)
async def test_a_zaak_with_an_unfinished_document_does_not_close(
    client: Client, fields: dict[str, object], code: str
) -> None:
    """Field indicatieGebruiksrecht must be said, and no document may be locked."""
    zaak = await client.zaak()
    document = await client.post(EIO, {**await client.document(), **fields})
    await client.post(f"{ZAKEN}/zaakinformatieobjecten", {"zaak": zaak["url"], "informatieobject": document["url"]})
    await client.send("POST", f"{document['url']}/lock") if fields else None
    eindstatus = {
        "zaak": zaak["url"],
        "statustype": await client.type_url("statustypen", isEindstatus=True),
        "datumStatusGezet": "2026-06-10T10:00:00Z",
    }

    assert await client.wrong(f"{ZAKEN}/statussen", eindstatus) == {"nonFieldErrors": code}


async def test_what_is_not_there_is_404_and_what_can_not_be_done_405(client: Client) -> None:
    """As Fout, without invalidParams."""
    zaak = await client.zaak()

    assert (await client.send("GET", f"{ZAKEN}/zaken/00000000-0000-0000-0000-000000000000")).status == 404
    assert (await client.send("GET", f"{ZAKEN}/nergens")).status == 404
    assert (await client.send("DELETE", f"{ZAKEN}/statussen")).status == 405
    assert (await client.send("PATCH", await client.type_url("zaaktypen"), {"omschrijving": "x"})).status == 405
    assert (await client.send("DELETE", zaak["url"])).status == 204
    assert (await client.send("GET", zaak["url"])).status == 404


async def test_a_body_that_is_no_json_object_is_refused(client: Client) -> None:
    """Code parse_error, and 415 for another type."""
    send = client.simulator.handle
    broken = await send("POST", f"{ZAKEN}/zaken", {}, client.headers, b"{")
    listed = await send("POST", f"{ZAKEN}/zaken", {}, client.headers, b"[]")
    client.headers["content-type"] = "text/xml"
    other = await send("POST", f"{ZAKEN}/zaken", {}, client.headers, b"<zaak/>")

    assert [broken.status, listed.status, other.status] == [400, 400, 415]


async def test_the_journal_tells_every_effect_in_order(client: Client, simulator: Simulator) -> None:
    """With the zaak it belongs to; fields that were dropped are counted."""
    zaak = await client.zaak(onbekend="veld")
    await client.post(f"{ZAKEN}/rollen", await a_rol(client, zaak["url"]))
    await client.send("PATCH", zaak["url"], {"omschrijving": "nieuw"})

    stand = simulator.state.stand("ZAAK-1")

    assert [(each["action"], each["resource"]) for each in stand["effecten"]] == [
        ("aangemaakt", "zaak"),
        ("aangemaakt", "rol"),
        ("gewijzigd", "zaak"),
    ]
    assert stand["genegeerd"] == {"zaak.onbekend": 1}
    assert simulator.state.zaak("ZAAK-1").zaak["omschrijving"] == "nieuw"


def test_a_catalogue_is_made_for_the_names_that_samples_use() -> None:
    """Every code gets every name; the eindstatus stays last; names that no catalogus holds are refused."""
    catalogue = catalogue_for(["A1", "A2", "A1"], statustypen=["Ontvangen", "Besloten"], eigenschappen=["kleur"])

    assert [each.identificatie for each in catalogue.zaaktypen] == ["A1", "A2"]
    assert catalogue.zaaktypen[0].statustypen == ("Ontvangen", "In behandeling", "Besloten", "Afgehandeld")
    assert "kleur" in catalogue.zaaktypen[1].eigenschappen
    with pytest.raises(ValueError, match="20 characters"):
        catalogue_for(["A1"], eigenschappen=["een naam die veel te lang is"])


def test_the_standard_catalogue_needs_more_than_one_page() -> None:
    """Otherwise nobody notices a client that reads the first page only."""
    assert len(standard().zaaktypen) > 105
