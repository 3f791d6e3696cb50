"""One request that is right for every operation of the API: what a test of all of them begins with."""

from __future__ import annotations

from typing import Any, NamedTuple

from tests.support.console_api import WAITING_ZAAK, ZGW, Api

REASON = "because a test asks"


class Sample(NamedTuple):
    """A request; its path is filled in."""

    method: str
    path: str
    body: object = None
    headers: dict[str, str] = {}  # noqa: RUF012 - nobody changes it


async def samples(api: Api) -> dict[str, Sample]:
    """Give one for each operation, by its name, about what is there."""
    failure = await api.failure()
    tag = await api.etag(f"/failures/{failure.id}")
    group_tag = await api.etag(f"/groups/{failure.group}")
    reasoned = {"reason": REASON}
    edit = {"failure": failure.id, "part": "gebeurtenis", "changes": {"zaak.zaaktype": "B1026"}, **reasoned}
    plan = {"selection": {"stage": ZGW}, **reasoned}
    playground = {"connection": ZGW, "message": "{}"}
    made: dict[str, tuple[Any, ...]] = {
        "getSession": ("GET", "/session"),
        "createUnmasking": ("POST", "/unmaskings", {"message": failure.id, **reasoned}),
        "listConnections": ("GET", "/connections"),
        "getConnection": ("GET", f"/connections/{ZGW}"),
        "changeFlow": ("PUT", f"/connections/{ZGW}/flow", {"flow": "gepauzeerd", **reasoned}),
        "getFlowMap": ("GET", "/flow-map"),
        "listAlerts": ("GET", "/alerts"),
        "followOverview": ("GET", "/events"),
        "listGroups": ("GET", "/groups"),
        "getGroup": ("GET", f"/groups/{failure.group}"),
        "changeGroup": ("PATCH", f"/groups/{failure.group}", {"note": "known"}, group_tag),
        "mergeGroups": ("POST", f"/groups/{failure.group}/merges", {"groups": ["0" * 24], **reasoned}),
        "splitGroup": ("POST", f"/groups/{failure.group}/splits", {"failures": [failure.id], **reasoned}),
        "listFailures": ("GET", "/failures"),
        "getFailure": ("GET", f"/failures/{failure.id}"),
        "replayFailure": ("POST", f"/failures/{failure.id}/replays", reasoned, tag),
        "dropFailure": ("POST", f"/failures/{failure.id}/drops", reasoned, tag),
        "getContent": ("GET", f"/messages/{failure.id}/content"),
        "proposeEdit": ("POST", "/edits", edit),
        "getEdit": ("GET", "/edits/0000"),
        "approveEdit": ("POST", "/edits/0000/approvals", reasoned),
        "rejectEdit": ("POST", "/edits/0000/rejections", reasoned),
        "applyEdit": ("POST", "/edits/0000/applications", reasoned),
        "suggestRule": ("GET", "/edits/0000/rule"),
        "suggestCase": ("GET", "/edits/0000/case"),
        "createPlan": ("POST", "/plans", plan),
        "listPlans": ("GET", "/plans"),
        "getPlan": ("GET", "/plans/0000"),
        "listPlanItems": ("GET", "/plans/0000/items"),
        "commandPlan": ("POST", "/plans/0000/commands", {"command": "start", **reasoned}),
        "followPlan": ("GET", "/plans/0000/events"),
        "search": ("POST", "/searches", {"zaak": WAITING_ZAAK}),
        "getTimeline": ("GET", f"/timelines/{WAITING_ZAAK}"),
        "getMappings": ("GET", f"/connections/{ZGW}/mappings"),
        "runInPlayground": ("POST", "/playground-runs", playground),
        "createCase": ("POST", "/cases", {**playground, "story": "van-een-test"}),
        "listAudit": ("GET", "/audit"),
        "verifyAudit": ("GET", "/audit-verification"),
        "getDescription": ("GET", "/openapi.json"),
    }
    return {name: Sample(*each) for name, each in made.items()}
