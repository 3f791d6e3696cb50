"""Whom receivers follow, over the API: placed and removed with a reason, listed without and with who they are."""

from __future__ import annotations

from tests.support.api_requests import REASON
from tests.support.console_api import FORMULIEREN, PERSONEN, Api

PATH = f"/connections/{PERSONEN}/indicaties"
BSN, ANDER = "999990019", "999990032"
PLACE = {"bsn": BSN, "reason": REASON}
KOPPELBEHEERDER, PRIVACY = "koppelbeheerder", "privacy-officer"


async def test_who_is_placed_is_in_the_list_and_nobody_sees_who_it_is(api: Api) -> None:
    """Until it is removed; both are lines in the audit, which name nobody either."""
    placed = await api.post(PATH, {**PLACE, "until": "2027-01-01T00:00:00+01:00"}, by=KOPPELBEHEERDER)
    listed = await api.get(PATH, by=PRIVACY)

    assert placed.status_code == 201, placed.text
    assert listed.json() == {"items": [placed.json()], "next": None}
    said = placed.json()
    assert (said["placedBy"], said["reason"], said["endsAt"]) == (KOPPELBEHEERDER, REASON, "2026-12-31T23:00:00Z")
    removed = await api.post(f"{PATH}/removals", {"person": said["person"], "reason": REASON}, by=KOPPELBEHEERDER)
    assert removed.json() == {"person": said["person"]}
    assert (await api.get(PATH, by=PRIVACY)).json()["items"] == []
    audit = (await api.get("/audit", by=PRIVACY)).json()["items"]
    assert [each["act"] for each in audit[:2]] == ["follow-remove", "follow-place"]
    assert {each["on"] for each in audit[:2]} == {f"persoon:{said['person']}"}
    assert BSN not in str([said, audit, listed.text, removed.text])


async def test_who_they_are_is_told_to_who_may_look_for_persons(api: Api) -> None:
    """In pages; that somebody looked, why, and at how many is in the audit."""
    for bsn in (BSN, ANDER):
        await api.post(PATH, {**PLACE, "bsn": bsn}, by=KOPPELBEHEERDER)

    refused = await api.post(f"{PATH}/unmaskings", {"reason": REASON}, by=KOPPELBEHEERDER)
    first = (await api.post(f"{PATH}/unmaskings", {"reason": REASON, "limit": 1}, by=PRIVACY)).json()
    asked = {"reason": REASON, "limit": 1, "cursor": first["next"]}
    second = (await api.post(f"{PATH}/unmaskings", asked, by=PRIVACY)).json()

    assert (refused.status_code, refused.json()["code"]) == (403, "geen-recht")
    assert {each["bsn"] for each in (*first["items"], *second["items"])} == {BSN, ANDER}
    assert second["next"] is None
    [line, *_] = (await api.get("/audit", by=PRIVACY)).json()["items"]
    assert (line["act"], line["on"], line["reason"]) == ("unmask-indicaties", f"koppeling:{PERSONEN}", REASON)


async def test_a_list_goes_on_in_pages(api: Api) -> None:
    """By a cursor that is good for that list only."""
    for bsn in (BSN, ANDER):
        await api.post(PATH, {**PLACE, "bsn": bsn}, by=KOPPELBEHEERDER)
    first = (await api.get(PATH, by=PRIVACY, limit=1)).json()
    second = (await api.get(PATH, by=PRIVACY, limit=1, cursor=first["next"])).json()

    assert len({each["person"] for each in (*first["items"], *second["items"])}) == 2
    other = await api.get("/connections", by=PRIVACY, cursor=first["next"])
    assert (other.status_code, other.json()["code"]) == (400, "cursor")


async def test_what_can_not_be_is_refused_without_repeating_it(api: Api) -> None:
    """A number that is no BSN, a connection that follows nobody, somebody who is not followed, a past end."""
    wrong = await api.post(PATH, {**PLACE, "bsn": "123456789"}, by=KOPPELBEHEERDER)
    elsewhere = await api.post(f"/connections/{FORMULIEREN}/indicaties", PLACE, by=KOPPELBEHEERDER)
    unknown = await api.post(f"{PATH}/removals", PLACE, by=KOPPELBEHEERDER)
    both = await api.post(f"{PATH}/removals", {**PLACE, "person": "0" * 32}, by=KOPPELBEHEERDER)
    past = await api.post(PATH, {**PLACE, "until": "2020-01-01T00:00:00Z"}, by=KOPPELBEHEERDER)
    why = await api.post(PATH, {"bsn": BSN}, by=KOPPELBEHEERDER)

    answers = (wrong, elsewhere, unknown, both, past, why)
    assert [each.status_code for each in answers] == [422, 404, 404, 400, 409, 400]
    assert all("123456789" not in each.text and BSN not in each.text for each in answers)
    assert (await api.get(PATH, by=PRIVACY)).json()["items"] == []
