"""Content over the API: hidden by default, shown to one session for a while, corrected by people who may."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from hub.config import policy
from hub.ledger.edits import EditState
from tests.support.api_requests import REASON, samples
from tests.support.console_api import FORMULIEREN, STORY, ZAAKTYPE, ZGW, Api

REASONED = {"reason": REASON}
NOT_HERE = {"followOverview", "followPlan", "createUnmasking"}
"""Streams have no end here; what is unmasked may be seen."""


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
    assert answer.json()["until"] > answer.headers.get("date", "")
    [line] = (await api.get("/audit", by="auditor", act="unmask")).json()["items"]
    assert (line["by"], line["reason"], line["on"]) == ("operator", REASON, f"bericht:{failure.item_id}")


async def test_without_the_right_nothing_of_a_message_is_in_any_answer(api: Api) -> None:
    """Of every operation that a person may use who has all rights but did not ask to see it."""
    for name, sample in (await samples(api)).items():
        if name not in NOT_HERE:
            answer = await api.send(sample.method, sample.path, sample.body, by="beheerder", headers=sample.headers)
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
    assert {"path": "zaak.zaaktype", "before": "B1062", "after": ZAAKTYPE, "kind": "anders"} in edit["diff"]
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

    seen = (await api.get(f"/edits/{edit['id']}", by="collega")).json()

    assert [each["path"] for each in seen["diff"]] == ["zaak.zaaktype"]
    assert {each["after"] for each in seen["diff"]} == {"***"}


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
