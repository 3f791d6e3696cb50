"""Questions of applications over REST: what goes out to the source, what comes back, and who may see it."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson
import pytest
from structlog.testing import capture_logs

from adapters.bevragen.inbound import create
from adapters.bevragen.options import Dienst, Options
from adapters.bevragen.simulator import ADRESSEN, BEDRIJVEN, JSON, PERSONEN, Toepassing
from hub.config.connection import Connection
from hub.config.policy import ConnectionPolicy
from hub.errors import (
    HubUnavailable,
    MessageRefused,
    TargetMisconfigured,
    TargetRefused,
    TargetUnavailable,
    TargetUncertain,
)
from hub.flow.gate import Gate
from hub.ledger.entries import Refusal
from hub.ports.contracts import PATH, SENDER, Expects
from tests.support.bevragen import BASIC, NAME, PARTNER, PERSOON, Loket, afnemer, loket, said
from tests.support.pki import OIN

TOEPASSING = Toepassing("zaaksysteem", "geheim")
SECRET = "Kortdansweg"


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Loket]:
    async with loket(tmp_path) as each:
        yield each


async def test_the_answer_has_what_was_asked_and_may_be_seen(door: Loket) -> None:
    """Whatever more was asked, and whatever more the source says."""
    question = {"velden": ["naam", "partners", "geboorte.datum"], "burgerservicenummers": [PERSOON]}

    answer = await door.vraag(TOEPASSING.vraag("personen", question))

    assert answer.status == 200
    assert said(answer) == {
        "personen": [
            {
                "geheimhoudingPersoonsgegevens": True,
                "naam": {"geslachtsnaam": "Zeewier"},
                "geboorte": {"datum": {"jaar": 1980, "maand": 2}},
            }
        ],
        "meer": False,
    }
    assert door.bronnen.asked == [
        {"velden": ["geboorte.datum", "naam.geslachtsnaam"], "burgerservicenummers": [PERSOON]}
    ]
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["api-version"] == "1.0.0"
    assert answer.headers["cache-control"] == "no-store"


async def test_addresses_and_companies_are_asked_in_the_same_way(door: Loket) -> None:
    """An address is nobody's: it needs no authorisation. A company may be a person's."""
    question = {**ADRESSEN, "huisletter": None, "velden": ["geometrie", "huisnummer"]}
    adressen = await door.vraag(TOEPASSING.vraag("adressen", question))
    bedrijven = await door.vraag(TOEPASSING.vraag("bedrijven", BEDRIJVEN))

    point = {"type": "Point", "coordinates": [155000, 463000]}
    assert said(adressen) == {"adressen": [{"huisnummer": 12, "geometrie": point}], "meer": False}
    assert door.bronnen.asked[0]["huisletter"] is None
    assert said(bedrijven) == {"bedrijven": [{"kvkNummer": "99999990"}], "meer": False}


@pytest.mark.parametrize(
    ("dienst", "question", "found"), [("personen", PERSONEN, "personen"), ("adressen", ADRESSEN, "adressen")]
)
async def test_nothing_found_is_an_empty_list(
    door: Loket, dienst: Dienst, question: Mapping[str, Any], found: str
) -> None:
    """Never a 404: the address is there."""
    door.bronnen.nothing = True

    answer = await door.vraag(TOEPASSING.vraag(dienst, question))

    assert (answer.status, said(answer)) == (200, {found: [], "meer": False})


@pytest.mark.parametrize(
    ("dienst", "question", "params"),
    [
        ("personen", {"burgerservicenummers": [SECRET]}, [("velden", "required")]),
        ("personen", {"velden": []}, [("velden", "minItems")]),
        ("personen", {"velden": ["naam", SECRET]}, [("velden[1]", "enum")]),
        ("personen", {"velden": ["naam.x" + SECRET]}, [("velden[0]", "enum")]),
        ("personen", {"velden": [f"{SECRET} !"]}, [("velden[0]", "enum")]),
        ("personen", {"velden": ["geboorte.datum.jaar"]}, [("velden[0]", "enum")]),
        ("personen", {"velden": ["naam"], SECRET: 1}, [("", "unknown")]),
        ("personen", {"velden": ["naam"], "geboortedatum": SECRET}, [("geboortedatum", "date")]),
        ("personen", {"velden": ["naam"], "geslachtsnaam": [SECRET]}, [("geslachtsnaam", "string")]),
        ("personen", {"velden": ["naam"], "burgerservicenummers": SECRET}, [("burgerservicenummers", "array")]),
        ("personen", {"velden": ["naam"], "burgerservicenummers": [9]}, [("burgerservicenummers[0]", "string")]),
        (
            "adressen",
            {"velden": ["postcode"], "huisnummer": SECRET, "maximum": 0},
            [("huisnummer", "integer"), ("maximum", "minimum")],
        ),
        ("adressen", {"velden": ["postcode"], "huisnummer": 10**30}, [("huisnummer", "integer")]),
        ("bedrijven", {"velden": ["naam"], "type": SECRET}, [("type", "enum")]),
        ("bedrijven", {"velden": ["naam"], "inclusiefInactieve": "ja"}, [("inclusiefInactieve", "boolean")]),
        ("bedrijven", [SECRET], [("", "object")]),
        ("bedrijven", None, [("", "object")]),
    ],
)
async def test_what_is_wrong_is_told_by_the_name_of_the_field(
    door: Loket, dienst: Dienst, question: object, params: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of it at once; no value and no name of the asker's own comes back, or stays behind."""
    kept: list[Refusal] = []

    async def refused(refusals: Sequence[Refusal]) -> None:
        kept.extend(refusals)

    monkeypatch.setattr(door.hub.app.ledger, "refused", refused)
    body = json.dumps(question).encode()
    with capture_logs() as logs:
        answer = await door.vraag(TOEPASSING.vraag(dienst, {})._replace(body=body))

    assert answer.status == 400, answer
    assert answer.headers["content-type"] == "application/problem+json"
    problem = said(answer)
    assert (problem["status"], problem["code"]) == (400, "ongeldig")
    assert [(each["name"], each["code"]) for each in problem["invalidParams"]] == params
    assert [each.code for each in kept] == ["ongeldig"]
    assert SECRET not in answer.body.decode() + str(logs) + str(kept)
    assert door.bronnen.asked == []


@pytest.mark.parametrize(
    "body", [b"", b"{", b"<a/>", b"\xff", b'{"velden": NaN}', b"[" * 100_000, b"[" * 900 + b"]" * 900]
)
async def test_what_is_no_json_is_refused(door: Loket, body: bytes) -> None:
    """Also what nests deeper than anything is read."""
    answer = await door.vraag(TOEPASSING.vraag("personen", {})._replace(body=body))

    assert (answer.status, said(answer)["invalidParams"][0]["code"]) == (400, "json")


@pytest.mark.parametrize(
    ("path", "method", "headers", "status"),
    [
        ("v1/personen/", "POST", {}, 404),
        ("v1/Personen", "POST", {}, 404),
        ("v2/personen", "POST", {}, 404),
        ("v1/woz-objecten", "POST", {}, 404),
        ("", "POST", {}, 404),
        ("v1/openapi.json", "POST", {}, 405),
        ("v1/personen", "GET", {}, 405),
        ("v1/nergens", "GET", {}, 404),
        ("v1/personen", "POST", {"content-type": "text/xml"}, 415),
        ("v1/personen", "POST", {"content-type": "application/json; charset=utf-8"}, 200),
    ],
)
async def test_an_address_is_there_or_it_is_not(
    door: Loket, path: str, method: str, headers: dict[str, str], status: int
) -> None:
    """No trailing slash, no other spelling, and a GET asks nothing."""
    answer = await door.vraag(TOEPASSING.vraag("personen", PERSONEN, **headers)._replace(path=path), method=method)

    assert answer.status == status
    assert answer.headers["api-version"] == "1.0.0"
    if status == 405:
        assert answer.headers["allow"] == ("GET" if method == "POST" else "POST")
    if status != 200:
        assert answer.headers["content-type"] == "application/problem+json"
        assert {"status", "title", "detail", "code"} <= said(answer).keys()


@pytest.mark.parametrize(
    ("path", "allowed"),
    [("v1/personen", "POST"), ("v1/adressen", "GET, POST"), ("v1/openapi.json", "GET"), ("v1/nergens", "")],
)
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD"])
async def test_another_method_is_told_which_there_are(door: Loket, path: str, allowed: str, method: str) -> None:
    """As a problem, of what stands at this address."""
    answer = await door.vraag(TOEPASSING.vraag("personen", PERSONEN)._replace(path=path), method=method)

    assert (answer.status, answer.headers.get("allow", "")) == (405 if allowed else 404, allowed)
    assert answer.headers["content-type"] == "application/problem+json"
    assert said(answer)["status"] == answer.status


ADRES = "velden=postcode,huisnummer&postcode=9999ZZ&huisnummer=12"


async def test_an_address_may_be_asked_for_by_get(door: Loket) -> None:
    """It is about nobody. It is the question that may be posted, and its answer."""
    got = await door.get("v1/adressen", query=ADRES)
    posted = await door.vraag(TOEPASSING.vraag("adressen", ADRESSEN))

    assert (got.status, got.headers["content-type"]) == (200, "application/json")
    assert said(got) == said(posted) == {"adressen": [{"postcode": "9999ZZ", "huisnummer": 12}], "meer": False}
    assert door.bronnen.asked[0] == door.bronnen.asked[1]


@pytest.mark.parametrize(
    ("query", "name", "code"),
    [
        ("", "velden", "required"),
        ("velden=postcode&huisnummer=geheim", "huisnummer", "integer"),
        ("velden=postcode&huisnummer=" + "9" * 40, "huisnummer", "integer"),
        ("velden=postcode,geheim&postcode=9999ZZ", "velden[1]", "enum"),
        ("velden=postcode&geheim=1", "", "unknown"),
        ("&".join(f"a{number}=1" for number in range(500)), "", "json"),
        ("%ff%00&=&&velden=%ff", "", "unknown"),
    ],
)
async def test_what_is_wrong_with_parameters_is_said_as_of_a_question(
    door: Loket, query: str, name: str, code: str
) -> None:
    """By the names that there are, and no value."""
    answer = await door.get("v1/adressen", query=query)

    assert answer.status == 400
    assert (name, code) in {(each["name"], each["code"]) for each in said(answer)["invalidParams"]}
    assert b"geheim" not in answer.body
    assert door.bronnen.asked == []


@pytest.mark.parametrize(
    ("error", "status", "code", "retry_after"),
    [
        (TargetRefused("a name and a date are needed", code="ongeldige-vraag"), 400, "ongeldige-vraag", None),
        (TargetUnavailable("busy", code="te-veel-vragen", retry_after_s=7.2), 429, "te-veel-vragen", "8"),
        (TargetUnavailable("busy", code="te-veel-vragen"), 429, "te-veel-vragen", None),
        (TargetUnavailable("down", code="tijdelijk-niet-beschikbaar", retry_after_s=60), 503, None, "60"),
        (TargetUnavailable("down", code="tijdelijk-niet-beschikbaar"), 503, "tijdelijk-niet-beschikbaar", "5"),
        (TargetUnavailable("slow", code="geen-antwoord"), 504, "geen-antwoord", None),
        (TargetUncertain("cut", code="verbroken"), 502, "verbroken", None),
        (TargetMisconfigured("no rights at http://10.0.0.1", code="niet-gemachtigd"), 502, "niet-gemachtigd", None),
        (HubUnavailable("no bus", code="bus"), 503, "bus", "5"),
        (ValueError(f"{SECRET} at http://10.0.0.1"), 500, "onverwacht", None),
    ],
)
async def test_a_source_that_fails_is_told_by_status(
    door: Loket, error: Exception, status: int, code: str | None, retry_after: str | None
) -> None:
    """Whose turn it is and when to come back, and nothing of what is behind the hub."""
    door.bronnen.fails = error

    answer = await door.vraag(TOEPASSING.vraag("personen", PERSONEN))

    problem = said(answer)
    assert (answer.status, problem["status"]) == (status, status)
    assert code in {None, problem["code"]}
    assert answer.headers.get("retry-after") == retry_after
    assert "10.0.0.1" not in answer.body.decode()
    assert SECRET not in answer.body.decode()
    assert problem["instance"].startswith("urn:uuid:")


async def test_a_source_that_takes_too_long_is_a_504(tmp_path: Path) -> None:
    """The asker is told in time."""
    async with loket(tmp_path, policy=ConnectionPolicy(answer_within_s=0.05)) as door:
        door.bronnen.slow_s = 5
        answer = await door.vraag(TOEPASSING.vraag("personen", PERSONEN))

    assert (answer.status, said(answer)["code"]) == (504, "te-laat")


async def test_a_question_that_is_too_large_is_a_413(tmp_path: Path) -> None:
    """By what the connection allows."""
    async with loket(tmp_path, policy=ConnectionPolicy(message_bytes_max=10)) as door:
        answer = await door.vraag(TOEPASSING.vraag("personen", PERSONEN))

    assert (answer.status, said(answer)["code"]) == (413, "te-groot")


async def test_who_is_not_admitted_is_told_so_and_nothing_else(door: Loket) -> None:
    """Also of the description."""
    wrong = Toepassing("zaaksysteem", "fout").vraag("personen", PERSONEN)

    for answer in (await door.vraag(wrong), await door.vraag(wrong._replace(path="v1/openapi.json"), method="GET")):
        assert (answer.status, said(answer)["code"]) == (401, "niet-toegelaten")
        assert answer.headers["www-authenticate"].startswith("Basic")
    assert door.bronnen.asked == []


async def test_who_is_not_authorised_hears_403(tmp_path: Path) -> None:
    """Without a line under afnemers, or a field that may be seen."""
    async with loket(tmp_path, afnemers=(afnemer("een-ander", "naam"),)) as door:
        answer = await door.vraag(TOEPASSING.vraag("personen", PERSONEN))
        assert (answer.status, said(answer)["code"]) == (403, "niet-geautoriseerd")
    async with loket(tmp_path, afnemers=(afnemer("zaaksysteem", "adressering"),)) as door:
        answer = await door.vraag(TOEPASSING.vraag("personen", PERSONEN))
        assert (answer.status, said(answer)["code"]) == (403, "niet-geautoriseerd")
        assert door.bronnen.asked == []


PARTNERS = {"velden": ["partners.burgerservicenummer"], "burgerservicenummers": [PERSOON]}


@pytest.mark.parametrize(
    "names",
    [
        {":sender": "een-ander"},
        {"sender": "een-ander", "x-sender": "een-ander", "zender": "een-ander", "x-zender": "een-ander"},
        {"authorization-user": "een-ander", "x-forwarded-user": "een-ander", "remote-user": "een-ander"},
    ],
)
async def test_nobody_can_name_the_authorisation_of_another(door: Loket, names: dict[str, str]) -> None:
    """Who asks is who the door let in, whatever stands in a header; a header with that very name is the hub's own."""
    answer = await door.vraag(TOEPASSING.vraag("personen", PARTNERS, **names))

    assert answer.status == 403
    assert PARTNER not in answer.body.decode()
    assert door.bronnen.asked == []


async def test_nor_can_a_field_of_the_question(door: Loket) -> None:
    """It has no place for it."""
    for name in ("zender", "afnemer", ":sender"):
        answer = await door.vraag(TOEPASSING.vraag("personen", {**PARTNERS, name: "een-ander"}))
        assert answer.status == 400
    assert door.bronnen.asked == []


@pytest.mark.parametrize(
    ("access", "zender", "headers"),
    [
        ({"kind": "api-key", "header": "X-Api-Key", "key": "sleutel"}, NAME, {"x-api-key": "sleutel"}),
        (
            [
                {"kind": "api-key", "header": "X-Api-Key", "key": "sleutel"},
                {"kind": "basic", "user": "a", "password": "b"},
            ],
            "a",
            {"x-api-key": "sleutel", "authorization": f"Basic {b64encode(b'a:b').decode()}"},
        ),
        ({"kind": "none"}, "", {}),
    ],
)
async def test_who_asks_is_what_the_access_of_the_connection_proves(
    tmp_path: Path, access: object, zender: str, headers: dict[str, str]
) -> None:
    """A name, else the connection whose key it has. Where nothing is proved only `*` is anybody's."""
    velden = ("burgerservicenummer", "naam")
    afnemers = (afnemer("zaaksysteem", *velden), afnemer(zender or "iemand", *velden))
    request = TOEPASSING.vraag("personen", PERSONEN)._replace(headers={**JSON, **headers})

    async with loket(tmp_path, access=access, afnemers=afnemers[:1]) as door:
        assert (await door.vraag(request)).status == 403
    async with loket(tmp_path, access=access, afnemers=afnemers) as door:
        assert (await door.vraag(request)).status == (200 if zender else 403)
    async with loket(tmp_path, access=access, afnemers=(afnemer("*", *velden),)) as door:
        assert (await door.vraag(request)).status == 200


def test_a_certificate_proves_more_than_a_name() -> None:
    """It is the OIN in it that is authorised; an address proves nobody."""

    def sender(*access: object) -> str:
        said = {"connection": "door", "direction": "inbound", "adapter": "bevragen", "access": access}
        return Gate(Connection.model_validate(said)).sender

    addresses = {"kind": "addresses", "allow": ["10.0.0.0/8"]}
    assert sender(BASIC, {"kind": "mutual-tls", "oin": OIN}) == OIN
    assert sender(addresses, BASIC) == "zaaksysteem"
    assert sender(addresses) == ""


async def test_every_question_is_accounted_for(door: Loket) -> None:
    """Who asked and what kind; never whom it was about, or what was answered."""
    await door.vraag(TOEPASSING.vraag("personen", PERSONEN))

    [audited] = [each.value for each in await door.hub.app.bus.tail(door.hub.app.topics.audit(), 10)]
    assert orjson.loads(audited)["afzender"] == "zaaksysteem"
    assert PERSOON.encode() not in audited
    [logged] = await door.hub.app.bus.tail(door.hub.app.topics.verwerkingen(), 10)
    assert PERSOON.encode() not in logged.value


def test_a_question_is_read_as_data() -> None:
    """Under no key that is anybody's: it goes into the audit."""
    adapter = create(Options(vragen=("personen",)))
    headers = {PATH: "v1/personen", SENDER: "zaaksysteem"}

    document = adapter.read(orjson.dumps(PERSONEN), headers, validate=True)

    assert document.kind == "personen-opvragen"
    assert document.body == PERSONEN
    assert (document.sender, document.reference, document.zaak, document.subject) == ("zaaksysteem", "", "", "")
    assert document.expects is Expects.ANSWER


def test_without_an_address_there_is_no_question() -> None:
    """A file that says nothing of where it came in."""
    with pytest.raises(MessageRefused) as refused:
        create(Options()).read(orjson.dumps(PERSONEN), {}, validate=True)

    assert refused.value.status == 404
