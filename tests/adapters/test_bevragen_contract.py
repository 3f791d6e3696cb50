"""The description that is served is the API that is there, and the NL API Design Rules have nothing against it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import orjson
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from jsonschema import Draft202012Validator
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from adapters.bevragen import beschrijving
from adapters.bevragen.diensten import DIENSTEN, Dienst
from adapters.bevragen.inbound import create
from adapters.bevragen.options import Dienst as Naam
from adapters.bevragen.options import Options
from adapters.bevragen.simulator import ADRESSEN, BEDRIJVEN, PERSONEN, Toepassing
from hub.errors import TargetMisconfigured, TargetRefused, TargetUnavailable
from hub.event.velden import fits
from hub.ports.contracts import Document, Expects
from hub.testkit.clock import BEGIN
from tests.support.asgi import Answer
from tests.support.bevragen import NAME, PERSOON, Loket, afnemer, loket, said
from tests.support.shared import SHARED
from tests.support.spectral import problems_of

RULES = SHARED / "standards" / "logging" / "nl-api-design-rules.spectral.yaml"
TOEPASSING = Toepassing("zaaksysteem", "geheim")
URL = f"http://zaakhub.test/in/{NAME}/v1/openapi.json"
ALL = beschrijving.document(DIENSTEN, url=URL)
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = 40


def wrong_with(described: dict[str, Any], path: str, answer: Answer, *, method: str = "post") -> list[str]:
    """Say where an answer is not as it is described: status, type, headers and content."""
    response = described["paths"][path][method]["responses"][str(answer.status)]
    if "$ref" in response:
        response = described["components"]["responses"][response["$ref"].rpartition("/")[2]]
    wrong = [
        f"no header {name}"
        for name in response["headers"]
        if name == "API-Version" and name.lower() not in answer.headers
    ]
    [media] = response["content"]
    if media != answer.headers["content-type"]:
        wrong.append(f"{answer.headers['content-type']}, and not {media}")
    schema = {**response["content"][media]["schema"], "components": described["components"]}
    found = Draft202012Validator(schema).iter_errors(said(answer))
    return wrong + [f"{'/'.join(map(str, each.absolute_path))}: {each.message}" for each in found]


async def test_the_description_is_served_and_is_what_is_there(tmp_path: Path) -> None:
    """Of what this connection offers, at the address where it is read."""
    async with loket(tmp_path) as door:
        answer = await door.get("v1/openapi.json")

    described = said(answer)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert described["openapi"] == "3.1.0"
    assert [*described["paths"]] == ["/personen", "/adressen", "/bedrijven", "/openapi.json"]
    assert described["servers"][0]["url"] == f"/in/{NAME}/v1"
    assert wrong_with(described, "/openapi.json", answer, method="get") == []


@pytest.mark.parametrize("dienst", DIENSTEN, ids=lambda each: each.naam)
def test_every_field_that_can_be_asked_is_described(dienst: Dienst) -> None:
    """With the names of the canonical model, and the whole of it."""
    schemas = ALL["components"]["schemas"]
    name, found = dienst.asked.found

    question, answer = schemas[dienst.question.__name__], schemas[dienst.asked.answer.__name__]
    assert question["required"] == ["velden"]
    assert question["additionalProperties"] is False
    assert question["properties"].keys() == dienst.asked.question.model_fields.keys()
    assert answer["required"] == [name, "meer"]
    assert answer["properties"][name]["items"] == {"$ref": f"#/components/schemas/{found.__name__}"}
    assert schemas[found.__name__]["properties"].keys() == found.model_fields.keys()
    velden = question["properties"]["velden"]["items"]["enum"]
    assert {*found.model_fields} <= {*velden}
    assert all(fits(found, each) for each in velden)


@pytest.mark.parametrize("dienst", DIENSTEN, ids=lambda each: each.naam)
def test_an_empty_answer_is_as_it_is_described(dienst: Dienst) -> None:
    """Of each that can be asked, also where the mapping leaves out what is empty."""
    adapter = create(Options(vragen=tuple(each.naam for each in DIENSTEN)))
    document = Document(dienst.kind, {}, "", "", "", "", Expects.ANSWER)

    reply = adapter.answered(document, {}, message_id="", at=BEGIN, headers={})

    headers = {name.lower(): value for name, value in reply.headers} | {"content-type": reply.content_type}
    assert wrong_with(ALL, f"/{dienst.naam}", Answer(reply.status, headers, reply.body)) == []


async def test_every_answer_is_as_it_is_described(tmp_path: Path) -> None:
    """What is found and what is not, what is wrong and what fails."""
    async with loket(
        tmp_path, afnemers=(afnemer("zaaksysteem", "naam", "geboorte", "partners", "hoofdvestiging"),)
    ) as door:
        described = said(await door.get("v1/openapi.json"))
        whole = {"velden": ["naam", "geboorte", "partners"], "burgerservicenummers": [PERSOON]}
        asked: tuple[tuple[Naam, Mapping[str, Any]], ...] = (
            ("personen", whole),
            ("personen", PERSONEN),
            ("adressen", ADRESSEN),
            ("adressen", {"velden": ["geometrie"], "postcode": "9999ZZ"}),
            ("bedrijven", BEDRIJVEN),
            ("personen", {"velden": ["adressering"]}),
            ("personen", {"velden": []}),
        )
        for dienst, question in asked:
            answer = await door.vraag(TOEPASSING.vraag(dienst, question))
            assert wrong_with(described, f"/{dienst}", answer) == []
        for error in (
            TargetRefused("wrong", code="ongeldige-vraag"),
            TargetUnavailable("busy", code="te-veel-vragen", retry_after_s=1),
            TargetUnavailable("down", code="bron-faalt"),
            TargetUnavailable("slow", code="geen-antwoord"),
            TargetMisconfigured("no rights", code="niet-gemachtigd"),
            ValueError(),
        ):
            door.bronnen.fails = error
            assert wrong_with(described, "/personen", await door.vraag(TOEPASSING.vraag("personen", whole))) == []
        outsider = Toepassing("zaaksysteem", "fout")
        for verzoek in (
            outsider.vraag("personen", whole),
            TOEPASSING.vraag("personen", whole, **{"content-type": "text/plain"}),
        ):
            assert wrong_with(described, "/personen", await door.vraag(verzoek)) == []


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.skipif(not RULES.is_file(), reason="no reference data beside the checkout")
def test_the_design_rules_find_no_error(tmp_path: Path) -> None:
    """The ruleset of Logius, in Spectral, on all that can be asked."""
    written = tmp_path / "openapi.json"
    written.write_bytes(orjson.dumps(ALL))

    assert problems_of(written, RULES) == ""


class Running(NamedTuple):
    """A hub in a loop of its own: Hypothesis calls a test many times, and knows no loops."""

    door: Loket
    loop: asyncio.AbstractEventLoop

    def answered(self, case: Case[Any]) -> httpx.Response:
        """Send a request."""
        asked = case.as_transport_kwargs(base_url=f"http://zaakhub.test/in/{NAME}/v1")
        request = httpx.Request(
            case.method,
            asked["url"],
            headers={**asked.get("headers", {}), **_signed()},
            **({"content": asked["data"]} if "data" in asked else {"json": asked["json"]} if "json" in asked else {}),
        )
        verzoek = TOEPASSING.vraag("personen", {})._replace(
            path=request.url.path.removeprefix(f"/in/{NAME}/"), headers=dict(request.headers), body=request.content
        )
        answer = self.loop.run_until_complete(self.door.vraag(verzoek, method=case.method))
        response = httpx.Response(answer.status, headers=answer.headers, content=answer.body, request=request)
        response.elapsed = timedelta()
        return response


def _signed() -> dict[str, str]:
    headers = TOEPASSING.vraag("personen", {}).headers
    return {"authorization": headers["authorization"]}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    loop = asyncio.new_event_loop()
    ready: asyncio.Future[Loket] = loop.create_future()
    stop = asyncio.Event()

    async def run() -> None:
        async with loket(
            tmp_path_factory.mktemp("loket"), afnemers=(afnemer("zaaksysteem", "naam", "kvkNummer"),)
        ) as door:
            ready.set_result(door)
            await stop.wait()

    serving = loop.create_task(run())
    yield Running(loop.run_until_complete(ready), loop)
    loop.call_soon(stop.set)
    loop.run_until_complete(serving)
    loop.close()


OFFERED = tuple(each for each in DIENSTEN if each.naam in Options().vragen)


@pytest.mark.slow
@pytest.mark.parametrize("dienst", OFFERED, ids=lambda each: each.naam)
@pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: mode.value)
def test_nothing_is_answered_that_is_not_described(running: Running, dienst: Dienst, mode: GenerationMode) -> None:
    """Schemathesis makes questions of the description, right ones and wrong ones; only right ones are answered."""
    schema = schemathesis.openapi.from_dict(json.loads(orjson.dumps(beschrijving.document(OFFERED, url=URL))))
    operation = schema[f"/{dienst.naam}"]["POST"]
    checks = [*CHECKS, negative_data_rejection] if mode is GenerationMode.NEGATIVE else CHECKS
    statuses: set[int] = set()

    @given(case=operation.as_strategy(mode))
    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def each(case: Case[Any]) -> None:
        answer = running.answered(case)
        statuses.add(answer.status_code)
        case.validate_response(answer, checks=checks)

    each()
    assert (HTTPStatus.OK in statuses) is (mode is GenerationMode.POSITIVE), statuses
