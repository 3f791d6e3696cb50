"""The description of the API is what the API is, and what the NL API Design Rules want."""

from __future__ import annotations

import json
import re
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from hub.console.api.app import routes
from hub.console.api.caller import needs_of
from hub.console.api.document import PREFIX, routes_of
from hub.console.openapi import FILE, written
from hub.desk.plan.plans import Command
from hub.ledger.alerts import AlertKind
from hub.ledger.finding import MessageState
from hub.ledger.plans import Selected
from hub.security.roles import RIGHTS, Right, Role
from tests.support.pages import rows

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "api.md"
CHANGES = frozenset({"post", "put", "patch"})


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    return json.loads(written())  # type: ignore[no-any-return]


def operations(described: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """Give method, path and description of each operation."""
    return [(method, path, said) for path, each in described["paths"].items() for method, said in each.items()]


def test_the_description_in_the_repository_is_up_to_date() -> None:
    """`python -m hub.console.openapi` writes it."""
    assert (ROOT / "schemas" / FILE).read_text(encoding="utf-8") == written()


def test_every_operation_has_a_name_of_its_own_a_summary_and_one_known_tag(described: dict[str, Any]) -> None:
    """Clients are generated from it."""
    names = [said["operationId"] for _, _, said in operations(described)]
    tags = {each["name"] for each in described["tags"]}

    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z]+[A-Za-z]*", name) for name in names)
    for _, path, said in operations(described):
        assert said["description"], path
        assert len(said["tags"]) == 1, path
        assert set(said["tags"]) <= tags, path


def test_every_operation_says_what_else_it_may_answer(described: dict[str, Any]) -> None:
    """What anybody may meet, and for a change also what only changes meet."""
    for method, path, said in operations(described):
        answers = said["responses"].keys()
        assert {"400", "429", "500", "503"} <= answers, path
        if said["security"]:
            assert {"401", "403"} <= answers, path
        if method in CHANGES:
            assert {"413", "422"} <= answers, path
        if any(each.get("name") == "If-Match" for each in said.get("parameters", [])):
            assert {"404", "412", "428"} <= answers, path


def test_every_route_says_whom_it_is_for(described: dict[str, Any]) -> None:
    """Only the description itself is for anybody."""
    open_to_all = [each.path for each in routes_of(routes()) if needs_of(each.endpoint) is None]

    assert open_to_all == ["/openapi.json"]
    assert [path for _, path, said in operations(described) if not said["security"]] == ["/openapi.json"]


@pytest.mark.parametrize(
    ("model", "field", "words"),
    [
        ("Selection", "state", Selected),
        ("PlanCommand", "command", Command),
        ("SearchRequest", "state", MessageState),
        ("AlertView", "kind", AlertKind),
    ],
)
def test_words_are_those_of_the_hub_itself(
    described: dict[str, Any], model: str, field: str, words: type[StrEnum]
) -> None:
    """They stand in one place: what is added there is known here."""
    schemas = described["components"]["schemas"]

    assert f"#/components/schemas/{words.__name__}" in json.dumps(schemas[model]["properties"][field])
    assert schemas[words.__name__]["enum"] == [each.value for each in words]


def test_every_reference_in_the_description_leads_somewhere(described: dict[str, Any]) -> None:
    """Also those that this hub adds to what FastAPI writes."""
    for found in re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(described)):
        here: Any = described
        for part in found.split("/"):
            assert part in here, found
            here = here[part]


def test_the_page_about_the_api_has_every_route_with_its_right(described: dict[str, Any]) -> None:
    """The table of docs/reference/api.md."""
    expected = {
        f"{method.upper()} {PREFIX}{path}": [_rights(said), said["description"].split("\n")[0]]
        for method, path, said in operations(described)
    }

    assert {name: rest for name, rest in rows(PAGE).items() if " /v1" in name} == expected


def test_the_page_about_the_api_has_every_right(described: dict[str, Any]) -> None:
    """And no route asks for one that does not exist."""
    asked = {right for _, _, said in operations(described) for right in said.get("x-rights", [])}

    assert asked <= {each.value for each in Right}
    for right in Right:
        roles = ", ".join(f"`{role.value}`" for role in Role if right in RIGHTS[role])
        assert rows(PAGE)[right.value][1] == roles


def _rights(said: dict[str, Any]) -> str:
    if not said["security"]:
        return "anybody"
    return " or ".join(f"`{each}`" for each in said["x-rights"]) or "to be logged in"
