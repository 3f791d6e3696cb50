"""Content over the API: hidden by default, shown to one session for a while, corrected by people who may."""

from __future__ import annotations

import json
import threading
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

import pytest

from hub.config import policy
from hub.desk import content
from hub.desk import edit as edit_of_desk
from hub.desk.edit import Editor
from hub.ledger.edits import EditState
from tests.support.api_requests import REASON, samples
from tests.support.console_api import FORMULIEREN, STORY, ZAAKTYPE, ZGW, Api

REASONED = {"reason": REASON}
NOT_HERE = {"followOverview", "followPlan", "createUnmasking", "createCase"}
"""Streams have no end here; what is unmasked may be seen; a case is made of what the caller sends."""
MASKED = {"proposeEdit", "suggestRule", "suggestCase"}
"""Refused to who did not unmask the message in this session."""


async def test_content_is_hidden_until_it_is_asked_for_with_a_reason(api: Api) -> None:
    """Names of fields stay; values are three stars, also in how the mapping came to them."""
    failure = await api.failure()
    path = f"/messages/{failure.id}/content"

    before = (await api.get(path)).json()
    await api.unmask(failure.id)
    after = (await api.get(path)).json()

    assert before["masked"]
    assert not after["masked"]
    assert STORY not in json.dumps(before)
    assert STORY in after["raw"]["text"]
    assert STORY in after["event"]["text"]
    assert STORY in json.dumps(after["toRequest"])
    assert "omschrijving" in before["event"]["text"]
    assert [each["target"] for each in before["toRequest"]["fields"]] == [
        each["target"] for each in after["toRequest"]["fields"]
    ]


async def test_what_is_unmasked_is_unmasked_for_one_session_one_message_and_a_while(api: Api) -> None:
    """A colleague, another message and tomorrow see stars."""
    failure, other = await api.failure(), await api.failure(FORMULIEREN)
    await api.unmask(failure.id)

    async def masked(message: str, by: str = "operator") -> bool:
        return bool((await api.get(f"/messages/{message}/content", by=by)).json()["masked"])

    assert not await masked(failure.item_id)
    assert await masked(failure.id, "collega")
    assert await masked(other.id)
    api.clock.advance(policy.UNMASK_S)
    assert await masked(failure.id)


async def test_looking_at_content_is_written_in_the_audit_with_the_reason(api: Api) -> None:
    """And the session knows until when."""
    failure = await api.failure()

    answer = await api.post("/unmaskings", {"message": failure.id, **REASONED})

    assert answer.status_code == HTTPStatus.CREATED
    until = datetime.fromisoformat(answer.json()["until"])
    assert until == api.clock.now() + timedelta(seconds=policy.UNMASK_S)
    seen = (await api.get(f"/messages/{failure.id}/content")).json()
    assert datetime.fromisoformat(seen["unmaskedUntil"]) == until
    [line] = (await api.get("/audit", by="auditor", act="unmask")).json()["items"]
    assert (line["by"], line["reason"], line["on"]) == ("operator", REASON, f"bericht:{failure.item_id}")


async def test_without_the_right_nothing_of_a_message_is_in_any_answer(api: Api) -> None:
    """Of every operation that a person may use who has all rights but did not ask to see it."""
    for name, sample in (await samples(api)).items():
        if name in NOT_HERE:
            continue
        answer = await api.send(sample.method, sample.path, sample.body, by="beheerder", headers=sample.headers)
        said = answer.json()
        assert (said.get("code") == "gemaskeerd") is (name in MASKED), (name, answer.text)
        assert name in MASKED or answer.is_success, (name, answer.text)
        assert STORY not in answer.text, name


async def test_no_answer_that_may_be_given_again_holds_content(api: Api) -> None:
    """Also to who sees it now: what is kept under an `Idempotency-Key` outlives what was unmasked."""
    asked = await samples(api)
    body = asked["proposeEdit"].body
    assert isinstance(body, dict)
    await api.unmask(body["failure"], by="beheerder")
    for name, sample in asked.items():
        if sample.method == "POST" and name not in NOT_HERE:
            answer = await api.send(sample.method, sample.path, sample.body, by="beheerder", headers=sample.headers)
            assert answer.is_success, (name, answer.text)
            assert STORY not in answer.text, name


async def test_an_unmasking_needs_the_right_where_the_message_is(api: Api) -> None:
    """A koppelbeheerder works without content; an unknown message is unknown."""
    failure = await api.failure()
    body = {"message": failure.id, **REASONED}

    assert (await api.post("/unmaskings", body, by="koppelbeheerder")).status_code == HTTPStatus.FORBIDDEN
    for message in ("0000", "no-such-message", failure.id[:8], "*", "%"):
        answer = await api.post("/unmaskings", {"message": message, **REASONED})
        assert answer.status_code == HTTPStatus.NOT_FOUND, message
    assert (await api.post("/unmaskings", {"message": failure.id})).status_code == HTTPStatus.BAD_REQUEST


async def test_an_edit_says_what_comes_of_it_and_is_applied(api: Api) -> None:
    """Propose, look, apply: the whole queue of the zaak goes on in order."""
    failure = await api.failure()
    await api.unmask(failure.id)

    proposed = await api.post("/edits", _edit(failure.id))
    edit = proposed.json()
    applied = await api.post(f"/edits/{edit['id']}/applications", REASONED)
    await api.town.hub.let_pass(5)

    assert proposed.status_code == HTTPStatus.CREATED, proposed.text
    assert edit["state"] == EditState.PROPOSED.value
    assert edit["diff"] == [{"path": "zaak.zaaktype", "before": "***", "after": "***", "kind": "anders"}]
    assert edit["problems"] == []
    assert applied.json()["state"] == EditState.APPLIED.value, applied.text
    shown = (await api.get(f"/failures/{failure.id}")).json()
    assert shown["failure"]["state"] == "opgelost"
    assert [each["id"] for each in shown["edits"]] == [edit["id"]]


async def test_an_edit_shows_its_values_to_who_may_see_them(api: Api) -> None:
    """Who did not unmask the message sees which fields are other, and not what is in them."""
    failure = await api.failure()
    await api.unmask(failure.id)
    edit = (await api.post("/edits", _edit(failure.id))).json()

    own = (await api.get(f"/edits/{edit['id']}")).json()
    seen = (await api.get(f"/edits/{edit['id']}", by="collega")).json()

    assert own["diff"] == [{"path": "zaak.zaaktype", "before": "B1062", "after": ZAAKTYPE, "kind": "anders"}]
    assert [each["path"] for each in seen["diff"]] == ["zaak.zaaktype"]
    assert {each["after"] for each in seen["diff"]} == {"***"}


async def test_an_answer_that_is_given_again_shows_nothing_that_is_hidden_by_now(api: Api) -> None:
    """The key of a request that was made while the content was seen opens nothing afterwards."""
    failure = await api.failure()
    await api.unmask(failure.id)
    key = {"idempotency-key": "7d3f0c1e-0000"}
    body = {**_edit(failure.id), "changes": {"zaak.omschrijving": "Iets anders"}}
    first = await api.post("/edits", body, headers=key)
    assert STORY in (await api.get(f"/edits/{first.json()['id']}")).text
    api.clock.advance(policy.UNMASK_S)

    again = await api.post("/edits", body, headers=key)

    assert again.headers["idempotent-replayed"] == "true"
    assert again.json() == first.json()
    assert STORY not in again.text


async def test_what_would_last_of_an_edit_is_content(api: Api) -> None:
    """A rule and a case hold values of the message: they are made for who sees it."""
    failure = await api.failure()
    await api.unmask(failure.id)
    edit = (await api.post("/edits", _edit(failure.id))).json()["id"]

    for what in ("rule", "case"):
        seen = await api.get(f"/edits/{edit}/{what}")
        hidden = await api.get(f"/edits/{edit}/{what}", by="collega")
        assert seen.status_code == HTTPStatus.OK, seen.text
        assert (hidden.status_code, hidden.json()["code"]) == (HTTPStatus.FORBIDDEN, "gemaskeerd"), what


async def test_content_that_lies_at_another_connection_needs_the_right_there(api: Api) -> None:
    """What came in is not shown to who has rights only where it went, and the page says where they lack one."""
    failure = await api.failure()
    path = f"/messages/{failure.id}/content"
    for by in ("alleen-zgw", "operator"):
        await api.unmask(failure.id, by=by)

    here, everywhere = (await api.get(path, by="alleen-zgw")).json(), (await api.get(path)).json()

    assert STORY in everywhere["raw"]["text"]
    assert everywhere["raw"]["lacks"] == ""
    assert everywhere["toEvent"]["fields"]
    assert (here["raw"]["text"], here["raw"]["lacks"], here["toEvent"]) == (None, FORMULIEREN, None)
    assert FORMULIEREN in here["raw"]["note"]
    assert STORY in here["event"]["text"]
    assert (here["event"], here["request"]) == (everywhere["event"], everywhere["request"])


async def test_an_event_is_seen_as_it_lies_where_the_person_may_see_it(api: Api) -> None:
    """Who sees only where it came in sees what came of it there, and not what was corrected elsewhere."""
    failure = await api.failure()
    await api.unmask(failure.id)
    changes = {"zaak.omschrijving": "What only the zaaksysteem knows"}
    edit = (await api.post("/edits", {**_edit(failure.id), "changes": changes})).json()["id"]
    assert (await api.post(f"/edits/{edit}/applications", REASONED)).is_success
    message = (await api.get(f"/messages/{failure.id}/content")).json()
    [came] = {
        each["message"]
        for each in (await api.post("/searches", {"zaak": failure.zaak})).json()["items"]
        if each["kind"].startswith("creeerZaak")
    }
    assert "What only" in message["event"]["text"]
    for by in ("alleen-formulieren", "collega"):
        await api.unmask(came, by=by)

    there = (await api.get(f"/messages/{came}/content", by="alleen-formulieren", connection=FORMULIEREN)).json()
    everywhere = (await api.get(f"/messages/{came}/content", by="collega", connection=FORMULIEREN)).json()

    assert "What only" in everywhere["event"]["text"]
    assert everywhere["event"]["lacks"] == ""
    assert (there["event"]["lacks"], "What only" in json.dumps(there)) == (ZGW, False)
    assert STORY in there["event"]["text"]
    assert (there["raw"], there["toEvent"]) == (everywhere["raw"], everywhere["toEvent"])


async def test_the_raw_message_is_corrected_by_who_has_rights_where_it_came_in(api: Api) -> None:
    """Also seen, approved, made into something that lasts; for other shapes the rights where it failed are enough."""
    failure, by = await api.failure(), "alleen-zgw"
    for who in (by, "operator", "collega"):
        await api.unmask(failure.id, by=who)
    raw = (await api.get(f"/messages/{failure.id}/content")).json()["raw"]["text"]
    corrected = {"failure": failure.id, "part": "bericht", "text": raw.replace("B1062", ZAAKTYPE), **REASONED}

    refused = await api.post("/edits", corrected, by=by)
    made = await api.post("/edits", corrected)
    path = f"/edits/{made.json()['id']}"
    seen, hidden = await api.get(path, by="collega"), await api.get(path, by=by)

    assert made.status_code == HTTPStatus.CREATED, made.text
    assert "B1062" in seen.text
    assert (hidden.status_code, "B1062" in hidden.text) == (HTTPStatus.OK, False)
    assert (seen.json()["lacks"], hidden.json()["lacks"]) == ("", FORMULIEREN)
    event = (await api.post("/edits", _edit(failure.id), by=by)).json()["id"]
    for answer in (
        refused,
        await api.post(f"{path}/approvals", REASONED, by=by),
        await api.post(f"{path}/applications", REASONED, by=by),
        await api.get(f"{path}/rule", by=by),
        await api.get(f"/edits/{event}/rule", by=by),
        await api.get(f"/edits/{event}/case", by=by),
    ):
        said = answer.json()
        assert (answer.status_code, said["code"]) == (HTTPStatus.FORBIDDEN, "geen-recht"), answer.text
        assert FORMULIEREN in said["detail"]
    assert (await api.get(f"/edits/{event}/case")).status_code == HTTPStatus.OK
    assert (await api.post(f"/edits/{event}/applications", REASONED, by=by)).is_success


async def test_of_what_came_in_nobody_knows_where_the_right_is_asked_everywhere(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message went on and the bus let go of it; the correction is kept with what it replaced."""
    failure, by = await api.failure(), "alleen-zgw"
    for who in (by, "operator"):
        await api.unmask(failure.id, by=who)
    raw = (await api.get(f"/messages/{failure.id}/content")).json()["raw"]["text"]
    body = {"failure": failure.id, "part": "bericht", "text": raw.replace("B1062", ZAAKTYPE), **REASONED}
    path = f"/edits/{(await api.post('/edits', body)).json()['id']}"
    assert (await api.post(f"{path}/applications", REASONED)).is_success
    await api.town.hub.let_pass(5)

    async def gone(*_: object) -> None:
        return None

    monkeypatch.setattr(type(api.town.hub.app.bus), "at", gone)
    everywhere, there = (await api.get(path)).json(), (await api.get(path, by=by)).json()

    assert await api.town.hub.app.ledger.parked(ZGW, failure.item_id) is None
    assert ("B1062" in str(everywhere["diff"]), everywhere["lacks"]) == (True, "")
    assert ("B1062" in str(there["diff"]), there["lacks"]) == (False, "*")


async def test_a_failure_is_there_when_what_its_correction_came_from_is_gone(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bus let go of the raw message: the correction says so, the failure is as it was, and acts are answered."""
    failure = await api.failure()
    await api.unmask(failure.id)
    raw = (await api.get(f"/messages/{failure.id}/content")).json()["raw"]["text"]
    body = {"failure": failure.id, "part": "bericht", "text": raw.replace("B1062", ZAAKTYPE), **REASONED}
    edit, other = [(await api.post("/edits", body)).json()["id"] for _ in range(2)]

    async def gone(*_: object) -> None:
        return None

    monkeypatch.setattr(type(api.town.hub.app.bus), "at", gone)
    shown = await api.get(f"/edits/{edit}")
    approved = await api.post(f"/edits/{edit}/approvals", REASONED, by="collega")
    rejected = await api.post(f"/edits/{other}/rejections", REASONED)
    path = f"/failures/{failure.id}"
    replayed = await api.post(f"{path}/replays", REASONED, headers=await api.etag(path))

    assert shown.status_code == HTTPStatus.OK, shown.text
    assert "is gone" in shown.json()["problems"][0]
    assert approved.json()["state"] == EditState.APPROVED.value
    assert rejected.json()["state"] == EditState.REJECTED.value
    assert replayed.status_code == HTTPStatus.OK, replayed.text
    assert {each["id"] for each in replayed.json()["edits"]} == {edit, other}


async def test_a_failure_lists_its_corrections_and_tries_none(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """What would come of each is asked of it alone; only so many wait at once."""
    failure = await api.failure()
    await api.unmask(failure.id)
    made = [await api.post("/edits", _edit(failure.id)) for _ in range(policy.EDITS_OPEN_MAX + 1)]

    async def wrong(*_: object, **__: object) -> None:
        raise AssertionError("somebody tries a correction")

    monkeypatch.setattr(Editor, "view", wrong)
    shown = await api.get(f"/failures/{failure.id}")

    assert {each.status_code for each in made[:-1]} == {HTTPStatus.CREATED}
    assert (made[-1].status_code, made[-1].json()["code"]) == (HTTPStatus.CONFLICT, "te-veel-correcties")
    lines = shown.json()["edits"]
    assert len(lines) == policy.EDITS_OPEN_MAX
    assert set(lines[0]) == {"id", "part", "state", "madeBy", "madeAt", "reason", "approvedBy"}


async def test_content_is_put_together_beside_the_loop(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """A large message takes seconds to map, to mask and to compare, in which others ask too."""
    failure = await api.failure()
    await api.unmask(failure.id)
    beside: dict[str, bool] = {}

    def watched(module: Any, name: str) -> None:  # noqa: ANN401 - a module
        plain = getattr(module, name)

        def note(*args: object, **named: object) -> object:
            beside[name] = threading.current_thread() is not threading.main_thread()
            return plain(*args, **named)

        monkeypatch.setattr(module, name, note)

    for module, name in (
        (content, "explained"),
        (content, "shown"),
        (edit_of_desk, "changed"),
        (edit_of_desk, "differences"),
        (edit_of_desk, "prospect_of_event"),
    ):
        watched(module, name)

    assert (await api.get(f"/messages/{failure.id}/content")).is_success
    assert (await api.post("/edits", _edit(failure.id))).is_success

    assert beside == dict.fromkeys(("explained", "shown", "changed", "differences", "prospect_of_event"), True)


async def test_who_edits_must_have_seen_the_content(api: Api) -> None:
    """Nobody corrects what they can't see."""
    failure = await api.failure()

    answer = await api.post("/edits", _edit(failure.id))

    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert answer.json()["code"] == "gemaskeerd"


async def test_an_edit_that_breaks_the_schema_is_refused_without_its_value(api: Api) -> None:
    """422 says which field; nothing was saved."""
    failure = await api.failure()
    await api.unmask(failure.id)

    for changes in ({"zaak.identificatie": None}, {"zaak.startdatum": "999990019"}, {"zaak": {"x": "999990019"}}):
        answer = await api.post("/edits", {**_edit(failure.id), "changes": changes})
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY, answer.text
        assert answer.json()["code"] == "schema"
        assert "999990019" not in answer.text
    both = await api.post("/edits", {**_edit(failure.id), "text": "{}"})
    assert both.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert (await api.get(f"/failures/{failure.id}")).json()["edits"] == []


async def test_nobody_approves_their_own_edit(api: Api) -> None:
    """A colleague does; who made it may take it back."""
    failure = await api.failure()
    await api.unmask(failure.id)
    edit = (await api.post("/edits", _edit(failure.id))).json()["id"]

    own = await api.post(f"/edits/{edit}/approvals", REASONED)
    colleague = await api.post(f"/edits/{edit}/approvals", REASONED, by="collega")
    rejected = await api.post(f"/edits/{edit}/rejections", REASONED)
    applied = await api.post(f"/edits/{edit}/applications", REASONED)

    assert (own.status_code, own.json()["code"]) == (HTTPStatus.CONFLICT, "zelfde-persoon")
    assert colleague.json()["approvedBy"] == "collega", colleague.text
    assert rejected.json()["state"] == EditState.REJECTED.value, rejected.text
    assert applied.status_code == HTTPStatus.CONFLICT


async def test_an_event_at_two_connections_must_be_told_apart(api: Api) -> None:
    """An id that is at one connection needs no more."""
    failure = await api.failure()

    assert (await api.get(f"/messages/{failure.item_id}/content", connection=ZGW)).status_code == HTTPStatus.OK
    elsewhere = await api.get(f"/messages/{failure.item_id}/content", connection=FORMULIEREN)
    assert elsewhere.status_code == HTTPStatus.NOT_FOUND


def _edit(failure: str) -> dict[str, Any]:
    return {"failure": failure, "part": "gebeurtenis", "changes": {"zaak.zaaktype": ZAAKTYPE}, **REASONED}
