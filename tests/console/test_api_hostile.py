"""What nobody should send: injection in every field, characters that deceive, sizes and depths without end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http import HTTPStatus
from itertools import product
from typing import Any

import httpx

from hub.config import policy
from tests.support.api_requests import REASON, Sample, samples
from tests.support.console_api import CSRF, FORMULIEREN, Api

HOSTILE = {
    "sql": "'; DROP TABLE failures; --",
    "sql in an or": "' OR '1'='1",
    "a pattern": "%_[]*?",
    "a path": "../../../../etc/passwd",
    "a path in a URL": "..%2f..%2fetc%2fpasswd",
    "a Windows path": "..\\..\\windows",
    "a header": "x\r\nSet-Cookie: zaakhub=mine",
    "a script": "<script>alert(1)</script>",
    "a template": "{{7*7}}${7*7}#{7*7}",
    "bidi": "abc\u202egpj.exe\u2066",
    "invisible": "a\u200bb\ufeff\u00ad",
    "an emoji of many": "👩‍👩‍👧‍👦" * 10,
    "a NUL": "a\0b",
    "long": "x" * 3_000,
    "empty": "",
    "a number": "1e400",
    "a formula": "=cmd|' /C calc'!A0",
}
BSN = "999990019"
FINE = frozenset(range(200, 300)) | {400, 401, 403, 404, 405, 409, 412, 413, 422, 428}
STREAMS = {"followOverview", "followPlan"}
PROCESSES = {"runInPlayground", "createCase"}
"""They are tried apart: each starts a process."""


async def test_hostile_text_in_any_field_is_an_ordinary_text_or_refused(api: Api) -> None:
    """In every field of every body: never a 5xx, and a refusal does not repeat it."""
    asked = {name: each for name, each in (await samples(api)).items() if name not in PROCESSES}
    for (name, sample), text in product(asked.items(), HOSTILE.values()):
        for body in _spoiled(sample.body, text):
            answer = await _sent(api, sample._replace(body=body))
            assert answer.status_code in FINE, (name, body, answer.text)
            if answer.status_code >= HTTPStatus.BAD_REQUEST:
                said = answer.json()
                # It may name a field or an id that is not there, but nothing that a screen obeys.
                assert all(each.isprintable() for each in said["detail"]), (name, body)
                assert len(said["detail"]) <= policy.API_DETAIL_CHARS_MAX + 1
                assert len(text) < 5 or text not in str(said["invalid"]), (name, body)


async def test_hostile_text_in_any_path_or_query_is_refused_or_finds_nothing(api: Api) -> None:
    """As an id, as a name of a connection, as a filter."""
    params = ("stage", "group", "kind", "code", "zaak", "text", "by", "act", "connection", "state", "since", "cursor")
    paths = ("/groups/{}", "/failures/{}", "/messages/{}/content", "/edits/{}", "/plans/{}", "/plans/{}/items")
    names = ("/connections/{}", "/connections/{}/mappings", "/timelines/{}")
    lists = ("/failures", "/groups", "/audit", "/plans", "/alerts", "/messages/0000/content")
    for text in HOSTILE.values():
        # What has a slash is another route, and an empty name a list.
        for path in (*paths, *names):
            answer = await api.get(path.format(_quoted(text)), by="beheerder")
            assert answer.status_code in FINE, (path, text)
            assert "set-cookie" not in answer.headers
        for path, param in product(lists, params):
            given = {param: text}
            answer = await api.client.get(f"/v1{path}", params=given, headers={"x-wie": "beheerder"})
            assert answer.status_code in FINE, (path, given)


async def test_half_a_surrogate_pair_is_refused_wherever_it_stands(api: Api) -> None:
    """JSON can say it, and no database and no file takes it."""
    for name, sample in (await samples(api)).items():
        for body in _spoiled(sample.body, "\ud800"):
            content = json.dumps(body)  # writes it as an escape
            answer = await _raw(api, sample, content.encode())
            assert answer.status_code == HTTPStatus.BAD_REQUEST, (name, content, answer.text)


NO_BODIES = (
    b"",
    b"null",
    b"[]",
    b'"text"',
    b"{",
    b"\xff\xfe",
    b"NaN",
    b'{"reason": ' + b"[" * 100_000,
    b'{"reason": "a reason", "reason2": "' + b"x" * 100_000 + b'"}',
    b'{"__proto__": {"admin": true}, "reason": "because"}',
)


async def test_a_body_that_is_no_body_of_the_route_is_refused(api: Api) -> None:
    """400, at every route with a body: half of one, nested without end, with a field too many."""
    asked = {name: each for name, each in (await samples(api)).items() if each.body is not None}
    for (name, sample), content in product(asked.items(), NO_BODIES):
        answer = await _raw(api, sample, content)
        assert answer.status_code == HTTPStatus.BAD_REQUEST, (name, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"


async def test_changes_of_an_edit_may_not_nest_without_end(api: Api) -> None:
    """Deeper than anything is: refused before anything looks at it."""
    value: Any = "x"
    for _ in range(policy.API_DEPTH_MAX + 1):
        value = [value]
    failure = await api.failure()
    body = {"failure": failure.id, "part": "gebeurtenis", "changes": {"zaak": value}, "reason": REASON}

    answer = await api.post("/edits", body)

    assert answer.status_code == HTTPStatus.BAD_REQUEST


async def test_a_body_without_its_media_type_is_refused(api: Api) -> None:
    """What a form of another site can send is no JSON."""
    sample = (await samples(api))["createUnmasking"]
    content = json.dumps(sample.body).encode()
    for media in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        answer = await _raw(api, sample, content, media=media)
        assert answer.status_code == HTTPStatus.BAD_REQUEST, media


async def test_a_body_that_is_too_large_is_413_before_it_is_read(api: Api) -> None:
    """Also when it does not say how large it is."""
    sample = (await samples(api))["proposeEdit"]
    large = b'{"text": "' + b"x" * policy.API_BODY_BYTES_MAX + b'"}'

    async def chunks() -> Any:  # noqa: ANN401 - an async iterator
        for at in range(0, len(large), 1_000_000):
            yield large[at : at + 1_000_000]

    said = await _raw(api, sample, large)
    unsaid = await api.client.post(
        f"/v1{sample.path}",
        content=chunks(),
        headers={"x-wie": "operator", "x-csrf-token": CSRF, "content-type": "application/json"},
    )

    for answer in (said, unsaid):
        assert answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        assert answer.json()["title"] == "The request is too large"


async def test_a_message_of_one_line_of_ten_megabytes_is_cut(api: Api) -> None:
    """With characters in it that deceive the eye; what is shown has them written out."""
    line = b"\xe2\x80\xae<script>alert(1)</script>" + b"x" * 10_000_000
    failure = await api.failure(FORMULIEREN)
    parked = await api.town.hub.app.ledger.parked(failure.stage, failure.item_id)
    assert parked is not None
    await api.town.hub.app.ledger.end(parked=[parked._replace(value=line)])
    hidden = await api.get(f"/messages/{failure.id}/content")
    await api.unmask(failure.id)
    shown = await api.get(f"/messages/{failure.id}/content")

    for answer in (hidden, shown):
        assert answer.status_code == HTTPStatus.OK, answer.text
        assert len(answer.content) < 100_000
        assert "\u202e" not in answer.text
    assert "alert(1)" not in hidden.text
    pane = shown.json()["raw"]
    assert pane["cut"]
    assert pane["text"].startswith("\\u{202e}<script>")
    # The console can't be made to run it: it is JSON, and says so.
    assert shown.headers["content-type"] == "application/json"


async def test_a_refusal_does_not_repeat_what_was_sent(api: Api) -> None:
    """Not a value, not a field that the caller made up, not a file name."""
    failure = await api.failure()
    for path, body in (
        ("/unmaskings", {"message": failure.id, "reason": 1, BSN: BSN}),
        ("/searches", {"bsn": f"{BSN}0"}),
        ("/searches", {"bsn": "123456789", "reason": REASON}),
        ("/searches", {"state": BSN}),
        ("/edits", {"failure": failure.id, "part": BSN, "changes": {BSN: BSN}, "reason": REASON}),
        ("/playground-runs", {"connection": BSN, "message": BSN, "files": {BSN: BSN}}),
        ("/playground-runs", {"connection": FORMULIEREN, "message": BSN, "files": {f"../{BSN}": BSN}}),
        ("/plans", {"selection": {"zaak": [BSN]}, "reason": REASON}),
    ):
        answer = await api.post(path, body, by="beheerder")
        assert answer.status_code >= HTTPStatus.BAD_REQUEST, answer.text
        assert BSN not in answer.text, path


async def test_moments_of_another_century_are_refused(api: Api) -> None:
    """They would only run over the end of what a database can hold."""
    for moment in ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00", "1e30", "-1", "2026-11-23", "nu"):
        assert (await api.get("/failures", since=moment)).status_code == HTTPStatus.BAD_REQUEST, moment
        answer = await api.post("/searches", {"since": moment})
        assert answer.status_code == HTTPStatus.BAD_REQUEST, moment


async def test_a_filter_that_matches_everything_is_no_plan(api: Api) -> None:
    """Who means everything says so."""
    nothing = await api.post("/plans", {"selection": {}, "reason": REASON})
    search = await api.post("/searches", {})

    assert (nothing.status_code, nothing.json()["code"]) == (HTTPStatus.CONFLICT, "alles")
    assert search.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def _spoiled(body: object, text: str) -> Iterator[dict[str, Any]]:
    """Give the body with this text in the place of each of its texts, one at a time."""
    if not isinstance(body, dict):
        return
    for name, value in body.items():
        if isinstance(value, str):
            yield {**body, name: text}
        elif isinstance(value, list):
            yield {**body, name: [text]}
        elif isinstance(value, dict):
            for inner in value:
                yield {**body, name: {**value, inner: text}}
            yield {**body, name: {text: text}}


def _quoted(text: str) -> str:
    return str(httpx.QueryParams({"": text}))[1:].replace("+", "%20")


async def _sent(api: Api, sample: Sample) -> httpx.Response:
    if sample.method == "GET" and sample.path in {"/events", "/plans/0000/events"}:
        return await api.get("/session", by="beheerder")
    return await api.send(sample.method, sample.path, sample.body, by="beheerder", headers=sample.headers)


async def _raw(api: Api, sample: Sample, content: bytes, *, media: str = "application/json") -> httpx.Response:
    headers = {"x-wie": "beheerder", "x-csrf-token": CSRF, "content-type": media, **sample.headers}
    return await api.client.request(sample.method, f"/v1{sample.path}", content=content, headers=headers)
