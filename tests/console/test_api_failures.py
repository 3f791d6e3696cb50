"""Failures over the API: lists in pages, acts on what was seen, once, and groups."""

from __future__ import annotations

import asyncio
from http import HTTPStatus

import pytest

from adapters.stuf_zds.simulator import Afzender
from hub.errors import HubUnavailable
from hub.ledger.entries import FailureState
from tests.support.api_requests import REASON
from tests.support.console_api import FORMULIEREN, UNKNOWN_ZAAKTYPE, WAITING_ZAAK, ZGW, Api

REASONED = {"reason": REASON}


async def test_a_list_of_failures_comes_in_pages_without_gaps(api: Api) -> None:
    """Every failure is on exactly one page, also with other filters than none."""
    for number in range(10, 16):
        await api.town.send(Afzender().creeer_zaak(number, zaaktype=UNKNOWN_ZAAKTYPE))

    seen, cursor, pages = [], None, 0
    while True:
        query = {"limit": "2", "stage": ZGW} | ({"cursor": cursor} if cursor else {})
        page = (await api.ask("/failures", query)).json()
        seen += [each["id"] for each in page["items"]]
        pages += 1
        cursor = page["next"]
        if cursor is None:
            break

    assert sorted(seen) == sorted(each.id for each in await api.failures() if each.stage == ZGW)
    assert pages == 4


async def test_a_cursor_is_of_one_list_with_its_filters(api: Api) -> None:
    """Another list, other filters, and what the hub did not make are refused."""
    await api.town.send(Afzender().creeer_zaak(10, zaaktype=UNKNOWN_ZAAKTYPE))
    cursor = (await api.get("/failures", limit=1)).json()["next"]
    assert cursor

    for path in (
        f"/failures?stage={ZGW}&cursor={cursor}",
        f"/groups?cursor={cursor}",
        f"/failures?cursor={cursor}AAAA",
        f"/failures?cursor={cursor[:-2]}",
        "/failures?cursor=",
        "/failures?cursor=bm9uc2Vuc2U",
        "/failures?cursor=%00",
        "/audit?cursor=0",
    ):
        answer = await api.get(path, by="beheerder")
        assert answer.status_code == HTTPStatus.BAD_REQUEST, path
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"state": "open"}, 2),
        ({"state": "opgelost"}, 0),
        ({"stage": FORMULIEREN}, 1),
        ({"code": "onbekend-zaaktype"}, 1),
        ({"zaak": WAITING_ZAAK}, 1),
        ({"text": "CATALOGUS"}, 1),
        ({"text": "%"}, 0),
        ({"since": "2099-01-01T00:00:00Z"}, 0),
        ({"until": "2099-01-01T00:00:00+01:00"}, 2),
    ],
)
async def test_failures_are_filtered(api: Api, query: dict[str, str], found: int) -> None:
    """By everything that the list knows; nothing in a filter is a pattern."""
    assert len((await api.get("/failures", **query)).json()["items"]) == found


async def test_a_failure_tells_of_its_queue_and_what_may_be_done(api: Api) -> None:
    """The three messages behind it, for an operator and for somebody who only looks."""
    failure = await api.failure()

    shown = (await api.get(f"/failures/{failure.id}")).json()
    assert shown["failure"]["behind"] == 3
    assert [each["state"] for each in shown["queue"]] == ["wacht-op-mens", *["wacht-op-voorganger"] * 3]
    assert shown["can"] == ["herhalen", "bewerken", "vervallen"]
    assert (await api.get(f"/failures/{failure.id}", by="lezer")).json()["can"] == []
    assert (await api.get(f"/failures/{failure.id}", by="koppelbeheerder")).json()["can"] == ["herhalen", "vervallen"]


async def test_the_beginning_of_an_id_names_nothing(api: Api) -> None:
    """A person who types does that at the command line; a program has the whole id."""
    failure = await api.failure()

    assert (await api.get(f"/failures/{failure.id[:8]}")).status_code == HTTPStatus.NOT_FOUND
    assert (await api.get(f"/messages/{failure.id[:8]}/content")).status_code == HTTPStatus.NOT_FOUND


async def test_of_two_operators_who_replay_the_same_item_one_is_told_that_it_changed(api: Api) -> None:
    """The second did not see what the first made of it."""
    failure = await api.failure()
    path = f"/failures/{failure.id}"
    one, other = await api.etag(path), await api.etag(path, by="collega")

    first = await api.post(f"{path}/replays", REASONED, headers=one)
    second = await api.post(f"{path}/replays", REASONED, by="collega", headers=other)

    assert first.status_code == HTTPStatus.OK, first.text
    assert first.json()["failure"]["state"] == FailureState.RETRYING.value
    assert second.status_code == HTTPStatus.PRECONDITION_FAILED
    assert second.json()["code"] == "gewijzigd"
    replays = [each for each in (await api.get("/audit", by="auditor")).json()["items"] if each["act"] == "replay"]
    assert [each["by"] for each in replays] == ["operator"]


async def test_an_act_must_say_what_was_seen(api: Api) -> None:
    """428 without If-Match; what could never have been ours is 412."""
    path = f"/failures/{(await api.failure()).id}/replays"

    assert (await api.post(path, REASONED)).status_code == HTTPStatus.PRECONDITION_REQUIRED
    for tag in ("*", '"x"', 'W/"x"', '"a", "b"', "x", '""'):
        answer = await api.post(path, REASONED, headers={"if-match": tag})
        assert answer.status_code == HTTPStatus.PRECONDITION_FAILED, tag


async def test_an_act_that_comes_twice_under_one_key_is_done_once(api: Api) -> None:
    """The second gets the answer of the first, though by now it would be refused."""
    path = f"/failures/{(await api.failure()).id}"
    headers = {**await api.etag(path), "idempotency-key": "7d3f0c1e-0000"}

    first = await api.post(f"{path}/replays", REASONED, headers=headers)
    again = await api.post(f"{path}/replays", REASONED, headers=headers)

    assert (first.status_code, again.status_code) == (HTTPStatus.OK, HTTPStatus.OK)
    assert again.json() == first.json()
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["api-version"] == "1.0.0"
    replays = [each for each in (await api.get("/audit", by="auditor")).json()["items"] if each["act"] == "replay"]
    assert len(replays) == 1


async def test_a_key_of_another_request_is_refused(api: Api) -> None:
    """422; and of somebody else it is another key."""
    failure, headers = await api.failure(), {"idempotency-key": "7d3f0c1e-0000"}
    unmasking = {"message": failure.id, **REASONED}
    assert (await api.post("/unmaskings", unmasking, headers=headers)).status_code == HTTPStatus.CREATED

    other = await api.post("/unmaskings", {**unmasking, "reason": "something else"}, headers=headers)
    colleague = await api.post("/unmaskings", unmasking, by="collega", headers=headers)

    assert other.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert other.json()["code"] == "idempotency-key"
    assert colleague.status_code == HTTPStatus.CREATED
    wrong = await api.post("/unmaskings", unmasking, headers={"idempotency-key": "kort"})
    assert wrong.status_code == HTTPStatus.BAD_REQUEST


async def test_what_was_refused_under_a_key_may_be_tried_again(api: Api) -> None:
    """It was not done."""
    path = f"/failures/{(await api.failure()).id}"
    key = {"idempotency-key": "7d3f0c1e-0000"}
    stale = {**key, "if-match": '"0000"'}

    assert (await api.post(f"{path}/replays", REASONED, headers=stale)).status_code == HTTPStatus.PRECONDITION_FAILED
    good = await api.post(f"{path}/replays", REASONED, headers={**key, **await api.etag(path)})
    assert good.status_code == HTTPStatus.OK


async def test_two_requests_under_one_key_at_the_same_time_are_one(api: Api) -> None:
    """Who comes second while the first is at work is told so, or gets its answer."""
    failure = await api.failure()
    headers = {"idempotency-key": "7d3f0c1e-0000"}
    body = {"message": failure.id, **REASONED}

    answers = await asyncio.gather(*(api.post("/unmaskings", body, headers=headers) for _ in range(5)))

    assert {each.status_code for each in answers} <= {HTTPStatus.CREATED, HTTPStatus.CONFLICT}
    lines = [each for each in (await api.get("/audit", by="auditor")).json()["items"] if each["act"] == "unmask"]
    assert len(lines) == 1


async def test_who_changes_too_much_is_told_when_to_go_on(api: Api) -> None:
    """429 with `Retry-After`; every answer says what is left."""
    reading = await api.get("/session", by="collega")
    api.identity.spend("collega")
    refused = await api.post("/searches", {"zaak": WAITING_ZAAK}, by="collega")

    assert int(reading.headers["ratelimit-remaining"]) == int(reading.headers["ratelimit-limit"]) > 0
    assert refused.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert int(refused.headers["retry-after"]) > 0
    assert refused.headers["ratelimit-remaining"] == "0"
    assert int(refused.headers["ratelimit-reset"]) > 0
    assert (await api.get("/session", by="collega")).status_code == HTTPStatus.OK


async def test_a_message_that_is_dropped_lets_what_waits_behind_it_go_on(api: Api) -> None:
    """And the timeline says who did it."""
    path = f"/failures/{(await api.failure()).id}"

    dropped = await api.post(f"{path}/drops", REASONED, headers=await api.etag(path))
    await api.town.hub.let_pass(5)

    assert dropped.status_code == HTTPStatus.OK, dropped.text
    assert (await api.get(path)).json()["failure"]["state"] == FailureState.RESOLVED.value
    life = (await api.get(f"/timelines/{WAITING_ZAAK}")).json()["items"]
    assert [each["by"] for each in life if each["what"] == "drop"] == ["operator"]


async def test_groups_are_what_people_make_of_them(api: Api) -> None:
    """A note with its version; merged and split with a reason."""
    await api.town.send(Afzender().creeer_zaak(10, zaaktype=UNKNOWN_ZAAKTYPE))
    one, other = [each for each in await api.failures() if each.stage == ZGW]
    assert one.group == other.group
    path = f"/groups/{one.group}"
    tag = await api.etag(path)

    change = {"note": "the catalogus lacks it", "owner": "functioneel beheer", "link": "https://ticket.example/1"}
    changed = await api.send("PATCH", path, change, headers=tag)
    stale = await api.send("PATCH", path, change, headers=tag)
    split = await api.post(f"{path}/splits", {"failures": [one.id], **REASONED})
    merged = await api.post(f"{path}/merges", {"groups": [split.json()["id"]], **REASONED})

    assert changed.json()["note"] == "the catalogus lacks it"
    assert stale.status_code == HTTPStatus.PRECONDITION_FAILED
    assert split.status_code == HTTPStatus.CREATED, split.text
    assert split.json()["open"] == 1
    assert merged.json()["open"] == 2
    assert (await api.send("PATCH", path, change)).status_code == HTTPStatus.PRECONDITION_REQUIRED
    for link in ("javascript:alert(1)", "http://ticket.example", "https://a b"):
        refused = await api.send("PATCH", path, {"link": link}, headers=await api.etag(path))
        assert refused.status_code == HTTPStatus.BAD_REQUEST, link


async def test_a_change_of_a_group_leaves_what_it_does_not_name(api: Api) -> None:
    """What is named empty is empty."""
    path = f"/groups/{(await api.failure()).group}"
    for change in ({"note": "known", "link": "https://ticket.example/1"}, {"owner": "jan"}, {"link": ""}):
        changed = await api.send("PATCH", path, change, headers=await api.etag(path))
        assert changed.status_code == HTTPStatus.OK, changed.text

    shown = (await api.get(path)).json()
    assert (shown["note"], shown["owner"], shown["link"]) == ("known", "jan", "")


async def test_spaces_are_no_reason(api: Api) -> None:
    """Of no act; what stands around a reason is not kept."""
    failure = await api.failure()
    path = f"/groups/{failure.group}"
    for reason in ("     ", " \t\n  ", " ab  "):
        for where, body in (("splits", {"failures": [failure.id]}), ("merges", {"groups": ["0" * 24]})):
            answer = await api.post(f"{path}/{where}", {**body, "reason": reason})
            assert answer.status_code == HTTPStatus.BAD_REQUEST, answer.text

    split = await api.post(f"{path}/splits", {"failures": [failure.id], "reason": "  another cause \n"})
    assert split.status_code == HTTPStatus.CREATED, split.text
    lines = (await api.get("/audit", by="auditor", act="split")).json()["items"]
    assert [each["reason"] for each in lines] == ["another cause"]


async def test_a_connection_is_paused_and_goes_on(api: Api) -> None:
    """With who, why and until when; a moment that has passed is refused."""
    path = f"/connections/{ZGW}/flow"

    paused = await api.send("PUT", path, {"flow": "gepauzeerd", "until": "2026-12-01T08:00:00+01:00", **REASONED})
    past = await api.send("PUT", path, {"flow": "gepauzeerd", "until": "2020-01-01T00:00:00Z", **REASONED})
    naive = await api.send("PUT", path, {"flow": "gepauzeerd", "until": "2026-12-01T08:00:00", **REASONED})
    resumed = await api.send("PUT", path, {"flow": "loopt", **REASONED})
    again = await api.send("PUT", path, {"flow": "loopt", **REASONED})

    assert paused.status_code == HTTPStatus.OK, paused.text
    said = paused.json()
    assert (said["flow"], said["flowBy"], said["flowReason"]) == ("gepauzeerd", "operator", REASON)
    assert said["flowUntil"] == "2026-12-01T07:00:00Z"
    assert past.status_code == HTTPStatus.CONFLICT
    assert naive.status_code == HTTPStatus.BAD_REQUEST
    assert resumed.json()["flow"] == "loopt"
    assert again.status_code == HTTPStatus.CONFLICT


async def test_a_ledger_that_is_down_is_503_with_when_to_try_again(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing was changed."""

    async def down(*_: object, **__: object) -> None:
        raise HubUnavailable("the ledger does not answer", code="ledger")

    monkeypatch.setattr(api.town.hub.app.ledger, "find_failures", down)

    answer = await api.get("/failures")

    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert int(answer.headers["retry-after"]) > 0
    assert answer.json()["code"] == "ledger"


async def test_a_mistake_in_the_hub_is_told_without_its_words(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an exception says may hold a value."""

    async def wrong(*_: object, **__: object) -> None:
        raise KeyError("999990019")

    monkeypatch.setattr(api.town.hub.app.ledger, "find_failures", wrong)

    answer = await api.get("/failures")

    assert answer.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["api-version"] == "1.0.0"
    assert "999990019" not in answer.text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", HTTPStatus.NOT_FOUND),
        ("GET", "/failures/", HTTPStatus.NOT_FOUND),
        ("DELETE", "/failures", HTTPStatus.METHOD_NOT_ALLOWED),
        ("POST", "/failures", HTTPStatus.METHOD_NOT_ALLOWED),
        ("PUT", "/openapi.json", HTTPStatus.METHOD_NOT_ALLOWED),
    ],
)
async def test_what_is_no_route_is_a_problem_too(api: Api, method: str, path: str, status: int) -> None:
    """With its own number, and the version of the API."""
    answer = await api.send(method, path, None)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status
    assert answer.headers["api-version"] == "1.0.0"
    assert ("allow" in answer.headers) is (status == HTTPStatus.METHOD_NOT_ALLOWED)
