"""One request that is right for every operation of the API: what a test of all of them begins with."""

from __future__ import annotations

from http import HTTPStatus
from itertools import count
from typing import Any, NamedTuple

from adapters.stuf_zds.simulator import Afzender
from hub.ledger.entries import Failure
from tests.support.console_api import PERSONEN, STORY, UNKNOWN_ZAAKTYPE, WAITING_ZAAK, ZAAKTYPE, ZGW, Api

REASON = "because a test asks"
_CORRECTION = {"part": "gebeurtenis", "changes": {"zaak.zaaktype": ZAAKTYPE}}
_numbers = count(1_000)
"""Of zaken that nobody else has."""


class Sample(NamedTuple):
    """A request; its path is filled in."""

    method: str
    path: str
    body: object = None
    headers: dict[str, str] = {}  # noqa: RUF012 - nobody changes it


async def samples(api: Api) -> dict[str, Sample]:
    """Give one for each operation, by its name, about what is there: each can be done, also after the others."""
    followed = {"bsn": "999990020", "reason": REASON}
    await _done(api, f"/connections/{PERSONEN}/indicaties", followed, by="koppelbeheerder")
    failure, acted, dropped, split, joined, planned, *corrected = await _failures(api, 9)
    made_of = [await _edit(api, each) for each in corrected]
    approved, rejected, applied = made_of
    plan_id = (await _done(api, "/plans", {"selection": {"failures": [planned.id]}, "reason": REASON}))["id"]
    apart = await _done(api, f"/groups/{joined.group}/splits", {"failures": [joined.id], "reason": REASON})
    tag = await api.etag(f"/failures/{acted.id}")
    dropped_tag = await api.etag(f"/failures/{dropped.id}")
    group_tag = await api.etag(f"/groups/{failure.group}")
    reasoned = {"reason": REASON}
    edit = {"failure": failure.id, **_CORRECTION, **reasoned}
    plan = {"selection": {"failures": [failure.id]}, **reasoned}
    playground = {"connection": ZGW, "message": "{}"}
    made: dict[str, tuple[Any, ...]] = {
        "getSession": ("GET", "/session"),
        "createUnmasking": ("POST", "/unmaskings", {"message": failure.id, **reasoned}),
        "listConnections": ("GET", "/connections"),
        "getConnection": ("GET", f"/connections/{ZGW}"),
        "changeFlow": ("PUT", f"/connections/{ZGW}/flow", {"flow": "gepauzeerd", **reasoned}),
        "listIndicaties": ("GET", f"/connections/{PERSONEN}/indicaties"),
        "placeIndicatie": ("POST", f"/connections/{PERSONEN}/indicaties", {"bsn": "999990019", **reasoned}),
        "removeIndicatie": ("POST", f"/connections/{PERSONEN}/indicaties/removals", {"bsn": "999990020", **reasoned}),
        "unmaskIndicaties": ("POST", f"/connections/{PERSONEN}/indicaties/unmaskings", reasoned),
        "getFlowMap": ("GET", "/flow-map"),
        "listAlerts": ("GET", "/alerts"),
        "followOverview": ("GET", "/events"),
        "listGroups": ("GET", "/groups"),
        "getGroup": ("GET", f"/groups/{failure.group}"),
        "changeGroup": ("PATCH", f"/groups/{failure.group}", {"note": "known"}, group_tag),
        "mergeGroups": ("POST", f"/groups/{failure.group}/merges", {"groups": [apart["id"]], **reasoned}),
        "splitGroup": ("POST", f"/groups/{failure.group}/splits", {"failures": [split.id], **reasoned}),
        "listFailures": ("GET", "/failures"),
        "getFailure": ("GET", f"/failures/{failure.id}"),
        "replayFailure": ("POST", f"/failures/{acted.id}/replays", reasoned, tag),
        "dropFailure": ("POST", f"/failures/{dropped.id}/drops", reasoned, dropped_tag),
        "getContent": ("GET", f"/messages/{failure.id}/content"),
        "proposeEdit": ("POST", "/edits", edit),
        "getEdit": ("GET", f"/edits/{approved}"),
        "approveEdit": ("POST", f"/edits/{approved}/approvals", reasoned),
        "rejectEdit": ("POST", f"/edits/{rejected}/rejections", reasoned),
        "applyEdit": ("POST", f"/edits/{applied}/applications", reasoned),
        "suggestRule": ("GET", f"/edits/{approved}/rule"),
        "suggestCase": ("GET", f"/edits/{approved}/case"),
        "createPlan": ("POST", "/plans", plan),
        "listPlans": ("GET", "/plans"),
        "getPlan": ("GET", f"/plans/{plan_id}"),
        "listPlanItems": ("GET", f"/plans/{plan_id}/items"),
        "commandPlan": ("POST", f"/plans/{plan_id}/commands", {"command": "start", **reasoned}),
        "followPlan": ("GET", f"/plans/{plan_id}/events"),
        "search": ("POST", "/searches", {"zaak": WAITING_ZAAK}),
        "getTimeline": ("GET", f"/timelines/{WAITING_ZAAK}"),
        "getMappings": ("GET", f"/connections/{ZGW}/mappings"),
        "runInPlayground": ("POST", "/playground-runs", playground),
        "createCase": ("POST", "/cases", {**playground, "story": "van-een-test", **reasoned}),
        "listAudit": ("GET", "/audit"),
        "verifyAudit": ("GET", "/audit-verification"),
        "getDescription": ("GET", "/openapi.json"),
    }
    return {name: Sample(*each) for name, each in made.items()}


async def _failures(api: Api, number: int) -> list[Failure]:
    """Let zaken fail that tell their story, each alone in its queue."""
    known = {each.id for each in await api.failures()}
    for _ in range(number):
        await api.town.send(Afzender().creeer_zaak(next(_numbers), zaaktype=UNKNOWN_ZAAKTYPE, omschrijving=STORY))
    made = [each for each in await api.failures() if each.id not in known]
    assert len(made) == number
    return made


async def _edit(api: Api, failure: Failure) -> str:
    """Let an operator propose a correction that can be applied, and give its id."""
    await api.unmask(failure.id)
    made = await _done(api, "/edits", {"failure": failure.id, **_CORRECTION, "reason": REASON})
    return str(made["id"])


async def _done(api: Api, path: str, body: object, *, by: str = "operator") -> dict[str, Any]:
    answer = await api.post(path, body, by=by)
    assert answer.status_code == HTTPStatus.CREATED, answer.text
    said: dict[str, Any] = answer.json()
    return said
