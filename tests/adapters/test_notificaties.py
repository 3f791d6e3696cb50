"""Events to a Notificaties API, and the abonnement by which a zaaksysteem tells the hub."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from adapters.notificaties.options import Options
from adapters.notificaties.outbound import create
from adapters.notificaties.simulator import API, Nrc
from adapters.notificaties.simulator import create as create_nrc
from adapters.zgw.options import InboundOptions
from adapters.zgw.subscribe import create as create_subscribing
from hub.errors import TargetFailed, TargetMisconfigured, TargetRefused
from hub.ports.contracts import Exchange, Outgoing, Receipt, Step
from hub.testkit.clock import FakeClock
from hub.testkit.network import FaultyNetwork
from hub.wire.cloudevents import CloudEvent, check_nl_gov
from tests.support.shared import SHARED, needs_shared

KIND, AT = "nl.zaken.zaak-aangemaakt.v1", datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OPTIONS = Options(
    kanaal="zaakhub",
    kenmerken=("zaaktype",),
    resource_url="https://zaakhub.example/zaken/",
    source="urn:nld:oin:00000001002220647000:systeem:zaakhub",
)
BODY: dict[str, Any] = {
    "hoofdObject": "ZAAK 1/2",
    "resource": "zaak",
    "actie": "create",
    "kenmerken": {"zaaktype": "B1026"},
}
CALLBACK, SECRET = "https://zaakhub.example/in/zaaksysteem", "Bearer a-token-that-nobody-else-knows"
LISTENING = InboundOptions(rsin="002220647", callback_url=CALLBACK)


class Subscriber:
    """A webhook that keeps what it gets and checks the secret."""

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []
        self.away = False
        self.open = False

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        if self.away:
            raise ConnectionError
        if not self.open and headers.get("authorization") != SECRET:
            return 403
        self.got.append({**orjson.loads(body), "callback": url})
        return 204


class Nothing:
    """No documents."""

    def open(self, reference: str) -> AsyncIterator[bytes]:
        raise AssertionError(reference)


@pytest.fixture
def subscriber() -> Subscriber:
    return Subscriber()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def nrc(subscriber: Subscriber, clock: FakeClock) -> Nrc:
    return create_nrc(post=subscriber.post, clock=clock)


@pytest.fixture
def client(nrc: Nrc) -> FaultyNetwork:
    async def token() -> Mapping[str, str]:
        return {"authorization": "Bearer een-jwt"}

    return FaultyNetwork(nrc.handle, {"notificaties": f"http://nrc.test{API}/"}, headers=token)


def planned(body: Mapping[str, Any] | bytes = BODY, **options: object) -> Step:
    given = body if isinstance(body, bytes) else dict(body)
    outgoing = Outgoing(KIND, "notificatie", given, reference="event-1", at=AT, zaak="ZAAK-1")
    [step] = create(OPTIONS.model_copy(update=options)).steps(outgoing)
    return step


async def sent(client: FaultyNetwork, step: Step, **options: object) -> Receipt:
    exchange = Exchange(client, Nothing(), {}, resumed=False, now=AT)
    return await create(OPTIONS.model_copy(update=options)).send(step, exchange)


async def test_an_event_is_published_on_a_kanaal_that_is_made_first(client: FaultyNetwork, nrc: Nrc) -> None:
    """A notification says which zaak and what happened; its moment is that of the event, at every attempt."""
    await sent(client, planned())
    await sent(client, planned())

    assert nrc.published == 2 * [
        {
            "kanaal": "zaakhub",
            "hoofdObject": "https://zaakhub.example/zaken/ZAAK%201%2F2",
            "resource": "zaak",
            "resourceUrl": "https://zaakhub.example/zaken/ZAAK%201%2F2",
            "actie": "create",
            "aanmaakdatum": "2026-03-02T09:00:00+00:00",
            "kenmerken": {"zaaktype": "B1026"},
        }
    ]
    [made] = [each for each in nrc.kanalen.values() if each["naam"] == "zaakhub"]
    assert made["filters"] == ["zaaktype"]


def test_a_part_of_a_zaak_has_a_url_below_it() -> None:
    """So that two documents of one zaak are told apart."""
    step = planned({**BODY, "hoofdObject": "ZAAK-1", "resource": "zaakinformatieobject", "resourceObject": "DOC-1"})

    assert step.body["resourceUrl"] == "https://zaakhub.example/zaken/ZAAK-1/zaakinformatieobject/DOC-1"


@pytest.mark.parametrize(
    ("names", "type_"),
    [("open-notificaties", "nl.overheid.zaakhub.zaak.create"), ("vng", "nl.vng.zaakhub.zaak_gecreeerd")],
)
async def test_it_may_be_published_as_a_cloudevent_of_either_naming_set(
    client: FaultyNetwork, nrc: Nrc, names: str, type_: str
) -> None:
    """With an id that stays the same, and within the NL GOV profile."""
    await sent(client, planned(form="cloudevent", names=names), form="cloudevent")

    [event] = nrc.published
    data = event.pop("data")
    check_nl_gov(CloudEvent(event, data))
    assert (event["id"], event["type"], event["source"]) == ("event-1", type_, OPTIONS.source)
    assert "https://zaakhub.example/zaken/ZAAK%201%2F2" in data.values()


@pytest.mark.parametrize(
    "body",
    [
        {**BODY, "hoofdObject": ""},
        {**BODY, "actie": "gelezen"},
        {**BODY, "kenmerken": {"aantal": 7}},
        {**BODY, "kenmerken": {"toelichting": "x" * 1001}},
        b"<xml/>",
    ],
)
def test_what_is_no_notification_is_not_sent(body: Mapping[str, Any] | bytes) -> None:
    """The mapping is wrong: a person mends it."""
    with pytest.raises(TargetRefused):
        planned(body)


async def test_a_check_says_whether_the_kanaal_is_there(client: FaultyNetwork) -> None:
    """And changes nothing."""
    adapter = create(OPTIONS)
    before = await adapter.check(client)
    await sent(client, planned())

    assert ["there is no kanaal zaakhub yet" in each for each in before] == [True]
    assert await adapter.check(client) == []
    assert await create(OPTIONS.model_copy(update={"form": "cloudevent", "source": ""})).check(client) != []


async def test_subscribing_makes_one_abonnement_however_often(client: FaultyNetwork, nrc: Nrc) -> None:
    """The NRC tries the address: with the secret, and without it."""
    subscribing = create_subscribing(LISTENING)
    assert await subscribing.check(client) == ["there is no abonnement for callback_url: zaakhub subscribe"]

    await subscribing.subscribe(client, SECRET)
    await subscribing.subscribe(client, SECRET)

    [abonnement] = nrc.abonnementen.values()
    assert (abonnement["callbackUrl"], abonnement["auth"]) == (CALLBACK, SECRET)
    assert [each["naam"] for each in abonnement["kanalen"]] == ["zaken", "documenten", "besluiten"]
    assert await subscribing.check(client) == []
    [line] = await subscribing.subscriptions(client)
    assert line.startswith(f"* {CALLBACK}")
    assert SECRET not in line


async def test_another_filter_is_seen_and_brought_up_to_date(client: FaultyNetwork, nrc: Nrc) -> None:
    """What is subscribed to is what the connection says."""
    await create_subscribing(LISTENING).subscribe(client, SECRET)
    changed = create_subscribing(LISTENING.model_copy(update={"kanalen": {"zaken": {"bronorganisatie": "002220647"}}}))

    assert await changed.check(client) != []
    await changed.subscribe(client, SECRET)
    assert await changed.check(client) == []
    assert len(nrc.abonnementen) == 1


async def test_the_abonnementen_of_others_are_left_alone(client: FaultyNetwork, nrc: Nrc) -> None:
    """Also when ours is removed."""
    other = LISTENING.model_copy(update={"callback_url": "https://iemand.example/in/anders"})
    await create_subscribing(other).subscribe(client, SECRET)
    ours = create_subscribing(LISTENING)
    await ours.subscribe(client, SECRET)

    assert [await ours.unsubscribe(client), await ours.unsubscribe(client)] == ["removed", "there was none"]
    assert [each["callbackUrl"] for each in nrc.abonnementen.values()] == ["https://iemand.example/in/anders"]


async def test_a_kanaal_that_is_not_there_is_told(client: FaultyNetwork, nrc: Nrc) -> None:
    """A zaaksysteem registers its kanalen itself."""
    wrong = create_subscribing(LISTENING.model_copy(update={"kanalen": {"zaken": {}, "zakken": {}}}))

    with pytest.raises(TargetMisconfigured, match="zakken"):
        await wrong.subscribe(client, SECRET)
    assert nrc.abonnementen == {}


@pytest.mark.parametrize("state", ["away", "open"])
async def test_an_address_that_does_not_answer_or_takes_anything_is_refused(
    client: FaultyNetwork, subscriber: Subscriber, state: str
) -> None:
    """By the NRC, which tries it."""
    setattr(subscriber, state, True)

    with pytest.raises(TargetFailed):
        await create_subscribing(LISTENING).subscribe(client, SECRET)


async def test_the_simulator_filters_and_tries_again(
    client: FaultyNetwork, nrc: Nrc, subscriber: Subscriber, clock: FakeClock
) -> None:
    """25 s, 100 s and so on, and gives up after seven."""
    options = InboundOptions(rsin="002220647", callback_url=CALLBACK, kanalen={"zaken": {"zaaktype": "a"}})
    await create_subscribing(options).subscribe(client, SECRET)
    subscriber.got.clear()
    subscriber.away = True
    for zaaktype in "ab":
        said = {
            "kanaal": "zaken",
            "hoofdObject": "http://z/1",
            "resource": "zaak",
            "resourceUrl": "http://z/1",
            "actie": "create",
            "aanmaakdatum": AT.isoformat(),
            "kenmerken": {"zaaktype": zaaktype},
        }
        assert (await client.request("POST", "notificaties", "notificaties", json=said)).status == 201

    assert (await nrc.deliver(), len(nrc.waiting)) == (0, 1)
    subscriber.away = False
    assert await nrc.deliver() == 0
    clock.advance(25)
    assert await nrc.deliver() == 1
    assert [each["kenmerken"] for each in subscriber.got] == [{"zaaktype": "a"}]

    subscriber.away = True
    await client.request("POST", "notificaties", "notificaties", json={**said, "kenmerken": {"zaaktype": "a"}})
    for _ in range(8):
        await nrc.deliver()
        clock.advance(timedelta(days=1).total_seconds())
    assert (len(nrc.given_up), nrc.waiting) == (1, [])


@needs_shared
def test_the_simulator_has_the_paths_of_the_standard() -> None:
    """Those of Open Notificaties that a publisher and a subscriber use."""
    import yaml  # noqa: PLC0415 - only where the reference data lies

    spec = yaml.safe_load((SHARED / "standards/zgw/open-zaak/open-notificaties-1.0.0.openapi.yaml").read_text())

    assert {"/abonnement", "/abonnement/{uuid}", "/kanaal", "/notificaties", "/cloudevents"} <= spec["paths"].keys()
    required = set(spec["components"]["schemas"]["Message"]["required"])
    assert required <= planned().body.keys()
