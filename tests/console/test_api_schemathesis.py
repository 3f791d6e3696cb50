"""Schemathesis makes requests out of the description, right ones and wrong ones: no 5xx, no undocumented answer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from hub.configuration import Configuration
from hub.console.openapi import written
from tests.support.api_requests import Sample, samples
from tests.support.console_api import CSRF, Api, console_api

pytestmark = pytest.mark.slow

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
STREAMS = frozenset({"followOverview", "followPlan"})
"""They have no end; tested apart."""
PROCESSES = frozenset({"runInPlayground", "createCase"})
EXAMPLES, EXAMPLES_OF_PROCESSES = 12, 2

SCHEMA = schemathesis.openapi.from_dict(json.loads(written()))
OPERATIONS = {
    str(found.ok().definition.raw["operationId"]): found.ok()
    for found in SCHEMA.get_all_operations()
    if isinstance(found, Ok)
}


class Running(NamedTuple):
    """The API in a loop of its own: Hypothesis calls a test many times, and knows no loops."""

    api: Api
    loop: asyncio.AbstractEventLoop
    samples: dict[str, Sample]
    """The right request for each operation, as things stood before the first of them was sent."""

    def answered(self, case: Case[Any]) -> Any:  # noqa: ANN401 - the response of httpx
        """Send a request."""
        asked = case.as_transport_kwargs(base_url="http://console.test/v1")
        headers = {**asked.pop("headers"), "x-wie": "beheerder", "x-csrf-token": CSRF}
        asked.pop("cookies", None)
        data = asked.pop("data", None)
        content = {} if data is None else {"content": data}
        request = self.api.client.build_request(headers=_sendable(headers), **content, **asked)
        return self.loop.run_until_complete(self.api.client.send(request))


@pytest.fixture(scope="module")
def running(api_configuration: Configuration) -> Iterator[Running]:
    loop = asyncio.new_event_loop()
    ready: asyncio.Future[Api] = loop.create_future()
    stop = asyncio.Event()

    async def run() -> None:
        async with console_api(api_configuration) as api:
            ready.set_result(api)
            await stop.wait()

    serving = loop.create_task(run())
    api = loop.run_until_complete(ready)
    yield Running(api, loop, loop.run_until_complete(samples(api)))
    stop.set()
    loop.run_until_complete(serving)
    loop.close()


@pytest.mark.parametrize("name", sorted(OPERATIONS.keys() - STREAMS))
@pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: mode.value)
def test_nothing_is_answered_that_is_not_described(running: Running, name: str, mode: GenerationMode) -> None:
    """At any path, and at that of something that is there."""
    operation = OPERATIONS[name]
    if mode is GenerationMode.NEGATIVE and not operation.definition.raw.get("parameters"):
        return  # there is nothing to do wrong
    _try(running, name, operation.as_strategy(mode))
    there = _path_of(operation, running.samples[name])
    if there and mode is GenerationMode.POSITIVE:
        _try(running, name, operation.as_strategy(mode, path_parameters=there))


def test_what_the_description_forbids_is_refused(running: Running) -> None:
    """Of a body: what it does not allow is a 400, and not taken for something else."""
    for name in ("replayFailure", "changeFlow", "changeGroup", "createPlan", "proposeEdit", "search", "commandPlan"):
        operation = OPERATIONS[name]
        there = _path_of(operation, running.samples[name])
        strategy = operation.as_strategy(GenerationMode.NEGATIVE, path_parameters=there, query={}, headers={})
        _try(running, name, strategy, checks=[negative_data_rejection])


def _try(running: Running, name: str, strategy: Any, *, checks: Any = None) -> None:  # noqa: ANN401 - of Schemathesis
    @given(case=strategy)
    @settings(
        max_examples=EXAMPLES_OF_PROCESSES if name in PROCESSES else EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def each(case: Case[Any]) -> None:
        case.validate_response(running.answered(case), checks=checks or CHECKS)

    each()


def _path_of(operation: APIOperation[Any, Any, Any, Any], sample: Sample) -> dict[str, str]:
    """Give the names in the path of a sample."""
    names = operation.path.strip("/").split("/")
    parts = sample.path.partition("?")[0].strip("/").split("/")
    return {name[1:-1]: part for name, part in zip(names, parts, strict=True) if name.startswith("{")}


def _sendable(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode("utf-8")) for name, value in headers.items()]
