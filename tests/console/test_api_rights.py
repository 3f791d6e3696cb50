"""Who may do what: every route for every role, and what a person may not see is not there for them."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

import httpx
import pytest

from hub.console.openapi import written
from hub.security.roles import RIGHTS, Role
from tests.support.api_requests import REASON, Sample, samples
from tests.support.console_api import CSRF, FORMULIEREN, PEOPLE, WAITING_ZAAK, ZGW, Api

OPERATIONS: dict[str, dict[str, Any]] = {
    said["operationId"]: said for path in json.loads(written())["paths"].values() for said in path.values()
}
STREAMS = {"followOverview", "followPlan"}
SLOW = {"runInPlayground", "createCase"}
"""They start a process; that others may not use them is seen all the same."""


async def test_there_is_a_sample_of_every_operation(api: Api) -> None:
    """So the tests below are about all of them."""
    assert (await samples(api)).keys() == OPERATIONS.keys()


@pytest.mark.parametrize("role", Role)
async def test_a_role_may_do_what_its_rights_say_and_nothing_else(api: Api, role: Role) -> None:
    """403 exactly where the role has none of the rights that a route asks for."""
    for name, sample in (await samples(api)).items():
        wanted = OPERATIONS[name].get("x-rights", [])
        allowed = not wanted or bool(RIGHTS[role] & set(wanted))
        if allowed and name in STREAMS | SLOW:
            continue
        answer = await _sent(api, sample, role.value)
        said = answer.json() if answer.status_code == HTTPStatus.FORBIDDEN else {}
        # Who may edit must still have unmasked what they edit.
        assert (said.get("code") == "geen-recht") is not allowed, (name, answer.text)


async def test_somebody_without_a_role_may_only_know_who_they_are(api: Api) -> None:
    """And read the description, as anybody."""
    for name, sample in (await samples(api)).items():
        answer = await _sent(api, sample, "niemand")
        allowed = name in {"getSession", "getDescription"}
        assert (answer.status_code == HTTPStatus.OK) is allowed, name
        assert answer.status_code in {HTTPStatus.OK, HTTPStatus.FORBIDDEN}, name


async def test_nobody_gets_anything_without_being_logged_in(api: Api) -> None:
    """Also not what a body should be: it is not looked at."""
    for name, sample in (await samples(api)).items():
        for body in (sample.body, "nonsense"):
            answer = await _sent(api, sample._replace(body=body), "stranger")
            if name == "getDescription":
                assert answer.status_code == HTTPStatus.OK
                continue
            assert answer.status_code == HTTPStatus.UNAUTHORIZED, name
            assert answer.headers["www-authenticate"] == "Bearer"
            assert answer.json()["code"] == "niet-ingelogd"


async def test_a_change_without_the_token_of_the_session_is_refused(api: Api) -> None:
    """Another site can make a browser send a request, but not with this header."""
    for name, sample in (await samples(api)).items():
        if sample.method == "GET":
            continue
        answer = await _sent(api, sample, "beheerder", csrf="of-another-session")
        assert answer.status_code == HTTPStatus.FORBIDDEN, name
        assert answer.json()["code"] == "csrf"


async def test_who_sees_one_connection_finds_nothing_of_another(api: Api) -> None:
    """As if it were not there: 404, and lists without it."""
    by = "alleen-formulieren"
    hidden, shown = await api.failure(ZGW), await api.failure(FORMULIEREN)

    for path in (
        f"/connections/{ZGW}",
        f"/failures/{hidden.id}",
        f"/groups/{hidden.group}",
        f"/messages/{hidden.id}/content",
        f"/messages/{hidden.item_id}/content?connection={ZGW}",
    ):
        answer = await api.get(path, by=by)
        assert answer.status_code == HTTPStatus.NOT_FOUND, path
        assert ZGW not in answer.text
    for path in ("/connections", "/failures", "/groups", f"/timelines/{WAITING_ZAAK}", "/flow-map", "/plans"):
        answer = await api.get(path, by=by)
        assert answer.status_code == HTTPStatus.OK, answer.text
        assert ZGW not in answer.text, path
    assert [each["id"] for each in (await api.get("/failures", by=by)).json()["items"]] == [shown.id]
    assert (await api.get(f"/failures?stage={ZGW}", by=by)).json()["items"] == []
    assert (await api.get(f"/groups?stage={ZGW}", by=by)).json()["items"] == []


async def test_who_sees_one_connection_does_nothing_at_another(api: Api) -> None:
    """Also not when they know its ids."""
    by = "alleen-formulieren"
    hidden, shown = await api.failure(ZGW), await api.failure(FORMULIEREN)
    tag = await api.etag(f"/failures/{hidden.id}")
    reasoned = {"reason": REASON}

    for path, body in (
        (f"/failures/{hidden.id}/replays", reasoned),
        (f"/failures/{hidden.id}/drops", reasoned),
        ("/unmaskings", {"message": hidden.id, **reasoned}),
        ("/edits", {"failure": hidden.id, "part": "gebeurtenis", "changes": {"a": 1}, **reasoned}),
        (f"/groups/{hidden.group}/splits", {"failures": [hidden.id], **reasoned}),
        (f"/groups/{shown.group}/merges", {"groups": [hidden.group], **reasoned}),
        ("/plans", {"selection": {"stage": ZGW}, **reasoned}),
    ):
        answer = await api.post(path, body, by=by, headers=tag)
        assert answer.status_code == HTTPStatus.NOT_FOUND, (path, answer.text)
    changed = await api.send("PUT", f"/connections/{ZGW}/flow", {"flow": "gepauzeerd", **reasoned}, by=by)
    assert changed.status_code == HTTPStatus.NOT_FOUND
    assert (await api.failure(ZGW)).version == hidden.version


async def test_a_search_shows_only_messages_of_connections_that_the_person_sees(api: Api) -> None:
    """The zaak that waits at the zaaksysteem came in at the forms: who sees only the zaaksysteem finds no message."""
    search = {"zaak": WAITING_ZAAK}
    everywhere = (await api.post("/searches", search)).json()["items"]
    there = (await api.post("/searches", search, by="alleen-formulieren")).json()["items"]
    elsewhere = (await api.post("/searches", search, by="alleen-zgw")).json()["items"]

    assert [each["connection"] for each in everywhere] == [FORMULIEREN] * 4
    assert there == everywhere
    assert elsewhere == []


async def test_finding_a_person_asks_for_its_own_right_and_a_reason(api: Api) -> None:
    """And says nothing of the BSN, also not in the audit."""
    bsn = "999990019"
    search = {"bsn": bsn, "reason": REASON}

    assert (await api.post("/searches", search)).status_code == HTTPStatus.FORBIDDEN
    without = await api.post("/searches", {"bsn": bsn}, by="privacy-officer")
    assert without.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert bsn not in without.text
    found = await api.post("/searches", search, by="privacy-officer")
    assert found.status_code == HTTPStatus.OK, found.text
    [line] = (await api.get("/audit", by="auditor", act="search-person")).json()["items"]
    assert (line["by"], line["reason"]) == ("privacy-officer", REASON)
    assert bsn not in json.dumps(line)


async def test_a_session_that_has_ended_is_no_session(api: Api) -> None:
    """Whatever it was in the middle of."""
    assert (await api.get("/session")).json()["endsAt"]
    api.clock.advance(3601)

    assert (await api.get("/session")).status_code == HTTPStatus.UNAUTHORIZED


def test_the_people_of_these_tests_have_every_role() -> None:
    """A role that is added is tested too."""
    assert {role.value for role in Role} <= PEOPLE.keys()


async def _sent(api: Api, sample: Sample, by: str, *, csrf: str = CSRF) -> httpx.Response:
    return await api.send(
        sample.method, sample.path, sample.body, by=by, headers={**sample.headers, "x-csrf-token": csrf}
    )
