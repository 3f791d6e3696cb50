"""Streams of events: how things stand, every change, alive through proxies, and over with the session."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from http import HTTPStatus

import pytest

from adapters.stuf_zds.simulator import Afzender
from hub.config import policy
from hub.console.api.events import Streams
from hub.errors import ActRefused
from hub.security.roles import Grant, Role
from tests.support.api_requests import REASON
from tests.support.console_api import FORMULIEREN, PEOPLE, UNKNOWN_ZAAKTYPE, ZGW, Api, followed

ZAAK = 20


async def test_the_overview_comes_at_once_and_again_after_a_change(api: Api) -> None:
    """Two events: how it stands, and how it stands with a failure more."""
    body = Afzender().creeer_zaak(ZAAK, zaaktype=UNKNOWN_ZAAKTYPE)

    stream = await followed(api, "/events", for_s=5, meanwhile=lambda: api.town.send(body))

    assert (stream.status, stream.media.partition(";")[0]) == (HTTPStatus.OK, "text/event-stream")
    counts = [_failures(data) for name, data in stream.events() if name == "overzicht"]
    assert (counts[0], counts[-1]) == (1, 2)
    assert stream.text.startswith("retry: ")


async def test_a_stream_in_which_nothing_happens_says_that_it_is_there(api: Api) -> None:
    """A comment, before the usual proxies lose patience."""
    plan = (await api.post("/plans", {"selection": {"stage": ZGW}, "reason": REASON})).json()["id"]

    stream = await followed(api, f"/plans/{plan}/events", for_s=3 * policy.STREAM_HEARTBEAT_S)

    assert stream.text.count("\n: ") >= 2
    assert len(list(stream.events())) == 1


async def test_a_stream_ends_with_its_session(api: Api) -> None:
    """Whatever it was in the middle of; and a new one is refused."""
    api.identity.ends_at = api.clock.now() + timedelta(seconds=5)

    stream = await followed(api, "/events", for_s=10)

    names = [name for name, _ in stream.events()]
    assert (names[0], names[-1]) == ("overzicht", "einde")
    assert (await followed(api, "/events", for_s=1)).status == HTTPStatus.UNAUTHORIZED


async def test_a_stream_shows_only_what_the_person_sees(api: Api) -> None:
    """As the list does."""
    stream = await followed(api, "/events", by="alleen-formulieren", for_s=2)

    assert ZGW not in stream.text


async def test_a_plan_is_followed(api: Api) -> None:
    """Each event is the plan as it is then; of a plan that is not there nothing is followed."""
    made = await api.post("/plans", {"selection": {"stage": ZGW}, "reason": REASON})
    plan = made.json()["id"]

    async def cancel() -> None:
        assert (await api.post(f"/plans/{plan}/commands", {"command": "cancel", "reason": REASON})).is_success

    stream = await followed(api, f"/plans/{plan}/events", for_s=5, meanwhile=cancel)

    states = [json.loads(data)["state"] for name, data in stream.events() if name == "plan"]
    assert (states[0], states[-1]) == ("bevroren", "geannuleerd")
    assert (await followed(api, "/plans/0000/events", for_s=1)).status == HTTPStatus.NOT_FOUND


async def test_somebody_who_connects_again_gets_how_it_stands(api: Api) -> None:
    """`Last-Event-ID` is taken and needs no memory."""
    stream = await followed(api, "/events", for_s=2, headers={"last-event-id": "12; DROP TABLE"})

    assert next(stream.events())[0] == "overzicht"


async def test_a_stream_goes_by_the_rights_of_now(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who loses a role in the middle of it sees no more, and the stream ends in order."""
    monkeypatch.setitem(PEOPLE, "tijdelijk", (Grant(Role.OPERATOR),))
    plan = (await api.post("/plans", {"selection": {"stage": ZGW}, "reason": REASON})).json()["id"]

    async def take_away() -> None:
        monkeypatch.setitem(PEOPLE, "tijdelijk", (Grant(Role.OPERATOR, frozenset({FORMULIEREN})),))

    for_s = policy.STREAM_SESSION_CHECK_S + 5
    stream = await followed(api, f"/plans/{plan}/events", by="tijdelijk", for_s=for_s, meanwhile=take_away)

    assert [name for name, _ in stream.events()] == ["plan", "einde"]


async def test_streams_that_begin_at_once_are_counted_too(api: Api) -> None:
    """None comes in between the count and the first look; when they are over there is room again."""
    many = 2 * policy.STREAMS_SESSION_MAX
    answered = asyncio.Barrier(many)

    async def others_are_answered() -> None:
        await answered.wait()

    begun = await asyncio.gather(
        *(followed(api, "/events", for_s=1, meanwhile=others_are_answered) for _ in range(many))
    )

    assert sum(each.status == HTTPStatus.OK for each in begun) == policy.STREAMS_SESSION_MAX
    assert {each.status for each in begun} == {HTTPStatus.OK, HTTPStatus.TOO_MANY_REQUESTS}
    assert (await followed(api, "/events", for_s=1)).status == HTTPStatus.OK


async def test_a_stream_that_does_not_begin_takes_no_room(api: Api) -> None:
    """However often it is asked for."""
    for _ in range(policy.STREAMS_SESSION_MAX + 1):
        assert (await api.get("/plans/0000/events")).status_code == HTTPStatus.NOT_FOUND


def test_there_is_an_end_to_the_streams_of_one_session_and_of_all() -> None:
    """Who leaves makes room."""
    streams = Streams()
    for _ in range(policy.STREAMS_SESSION_MAX):
        streams.enter("mine")
    with pytest.raises(ActRefused):
        streams.enter("mine")
    streams.leave("mine")
    streams.enter("mine")
    for number in range(policy.STREAMS_MAX - policy.STREAMS_SESSION_MAX):
        streams.enter(f"session {number}")
    with pytest.raises(ActRefused):
        streams.enter("yours")


def _failures(overview: str) -> int:
    shown = {each["name"]: each for each in json.loads(overview)["connections"]}
    return int(shown[ZGW]["failuresOpen"])
