"""Notifications of a ZGW zaaksysteem at the door: each way of writing one, and what is wrong with one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from adapters.zgw.inbound import create
from adapters.zgw.melding import KINDS
from adapters.zgw.options import InboundOptions
from hub.errors import MessageRefused
from hub.ports.contracts import MessageRefusal
from hub.ports.registry import Registry
from tests.support.shared import SHARED, needs_shared

OPTIONS = InboundOptions(rsin="002220647", callback_url="https://zaakhub.test/in/meldingen")
JSON = {"content-type": "application/json"}
ZAAK, STATUS = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
NOTIFICATIE: dict[str, Any] = {
    "kanaal": "zaken",
    "hoofdObject": f"https://zgw.test/zaken/api/v1/zaken/{ZAAK}",
    "resource": "status",
    "resourceUrl": f"https://zgw.test/zaken/api/v1/statussen/{STATUS}",
    "actie": "create",
    "aanmaakdatum": "2026-03-02T08:00:00.123456Z",
    "kenmerken": {"bronorganisatie": "002220647", "zaaktype": "https://zgw.test/catalogi/api/v1/zaaktypen/1"},
}


def notificatie(**other: object) -> bytes:
    return orjson.dumps({**NOTIFICATIE, **other})


def cloudevent(type_: str, data: dict[str, str], **other: str) -> bytes:
    said = {
        "specversion": "1.0",
        "id": "b386ff52-de66-4fde-805f-6c80b4f3cc68",
        "source": "urn:nld:oin:00000001002220647000:systeem:zaken",
        "type": type_,
        "time": "2026-03-02T08:00:00Z",
        "data": data,
        **other,
    }
    return orjson.dumps(said)


def test_a_notification_says_which_resource_and_keeps_the_order_of_its_zaak() -> None:
    """The main resource is the ordering key until the zaak is fetched and has a number."""
    document = create(OPTIONS).read(notificatie(), JSON, validate=True)

    assert (document.kind, document.zaak, document.subject) == ("zaken.status.create", ZAAK, STATUS)
    assert document.body == {
        "melding": {
            "kanaal": "zaken",
            "resource": "status",
            "actie": "create",
            "hoofdObject": ZAAK,
            "uuid": STATUS,
        }
    }


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (
            cloudevent("nl.overheid.zaken.status.create", {"hoofdObject": NOTIFICATIE["hoofdObject"]}, subject=STATUS),
            "application/cloudevents+json",
        ),
        (
            cloudevent(
                "nl.vng.zaken.status_gecreeerd",
                {"resourceUrl": NOTIFICATIE["hoofdObject"]},
                dataref=NOTIFICATIE["resourceUrl"],
            ),
            "application/cloudevents+json; charset=utf-8",
        ),
        (notificatie(hoofdObject=f"http://intern:8000/zaken/api/v1/zaken/{ZAAK}"), "application/json"),
        (notificatie(aanmaakdatum="2026-03-02T09:00:00+01:00", kenmerken={}), "application/json"),
    ],
    ids=["as Open Notificaties writes a CloudEvent", "as the VNG draft does", "under another name", "a later repeat"],
)
def test_the_same_change_is_the_same_message_however_it_is_told(body: bytes, content_type: str) -> None:
    """So a resend in another form, or one that the backstop found, has no second effect."""
    adapter = create(OPTIONS)
    first = adapter.read(notificatie(), JSON, validate=True)

    assert adapter.read(body, {"content-type": content_type}, validate=True) == first


def test_two_updates_are_two_messages() -> None:
    """A zaak is changed again and again: when is part of what is told."""
    adapter = create(OPTIONS)
    update = {"resource": "zaak", "resourceUrl": NOTIFICATIE["hoofdObject"]}
    one = adapter.read(notificatie(actie="update", **update), JSON, validate=True)
    partial = adapter.read(notificatie(actie="partial_update", **update), JSON, validate=True)
    other = adapter.read(
        notificatie(actie="update", aanmaakdatum="2026-03-02T08:00:01Z", **update), JSON, validate=True
    )

    assert one == partial
    assert one.kind == other.kind == "zaken.zaak.update"
    assert one.reference != other.reference


@pytest.mark.parametrize("part", ["rol", "zaakobject", "zaakeigenschap", "resultaat"])
@pytest.mark.parametrize("actie", ["create", "update", "destroy"])
def test_a_change_of_a_part_is_a_change_of_the_zaak(part: str, actie: str) -> None:
    """Each is told apart by its number, so none is lost."""
    document = create(OPTIONS).read(notificatie(resource=part, actie=actie), JSON, validate=True)

    assert (document.kind, document.zaak) == ("zaken.zaak.update", ZAAK)


@pytest.mark.parametrize(
    "said",
    [
        {"kanaal": "test", "hoofdObject": "http://some.hoofdobject.nl/", "resourceUrl": "http://some.resource.nl/"},
        {"kanaal": "zaaktypen", "resource": "zaaktype"},
        {"resource": "klantcontact"},
        {"kanaal": "documenten", "resource": "enkelvoudiginformatieobject"},
        {"actie": "bekeken"},
    ],
    ids=[
        "the probe",
        "another kanaal",
        "a resource of no interest",
        "a document that is in no zaak yet",
        "a new actie",
    ],
)
def test_what_says_nothing_to_keep_is_answered_and_goes_no_further(said: dict[str, str]) -> None:
    """The probe on kanaal test wants a 2xx, and so does what nobody here needs."""
    assert create(OPTIONS).ignores(notificatie(**said), JSON)


def test_a_kind_may_be_left_out() -> None:
    """Nobody has to map what a municipality has no use for."""
    adapter = create(OPTIONS.model_copy(update={"without": ("zaken.status.create",)}))

    assert adapter.ignores(notificatie(), JSON)
    assert not adapter.ignores(notificatie(resource="zaak"), JSON)


def test_an_event_of_another_naming_set_is_left_alone() -> None:
    """Open Zaak has events of its own beside those of the notifications: they say nothing more."""
    body = cloudevent("nl.overheid.zaken.zaak-gemuteerd", {}, subject=ZAAK)

    assert create(OPTIONS).ignores(body, {"content-type": "application/cloudevents+json"})


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (b"", ""),
        (b"<xml/>", ""),
        (b"[]", ""),
        (notificatie(kanaal=""), "kanaal"),
        (notificatie(hoofdObject=7), "hoofdObject"),
        (notificatie(resourceUrl="https://zgw.test/"), "resourceUrl"),
        (notificatie(resourceUrl="https://zgw.test/statussen/..%2f..%2fx"), "resourceUrl"),
        (notificatie(aanmaakdatum="gisteren"), "aanmaakdatum"),
        (notificatie(aanmaakdatum="2026-03-02T08:00:00"), "aanmaakdatum"),
        (notificatie(kenmerken=[]), "kenmerken"),
        (orjson.dumps({"melding": {"kanaal": "zaken"}}), "kanaal"),
    ],
)
def test_a_wrong_notification_is_refused_at_the_door(body: bytes, path: str) -> None:
    """With the field that is wrong, in a problem document without a value."""
    adapter = create(OPTIONS)
    with pytest.raises(MessageRefused) as refused:
        adapter.ignores(body, JSON)

    assert (refused.value.status, refused.value.path) == (400, path)
    reply = adapter.refused(
        MessageRefusal("melding", refused.value.reason, path, 0, 400),
        body,
        message_id=ZAAK,
        at=datetime(2026, 3, 2, tzinfo=UTC),
        headers=JSON,
    )
    assert reply.content_type == "application/problem+json"
    assert orjson.loads(reply.body).keys() >= {"type", "code", "title", "status", "detail", "instance"}


def test_the_manifest_names_the_kinds() -> None:
    """What a mapping may be named after."""
    assert Registry().manifest("zgw").messages == KINDS


@needs_shared
def test_published_examples_are_read() -> None:
    """Of the standard and of a consumer."""
    adapter = create(OPTIONS)
    folder = SHARED / "standards/zgw/examples/notificaties"
    read = {
        path.stem: adapter.read(path.read_bytes(), JSON, validate=True).kind for path in folder.glob("zaken-*.json")
    }

    assert set(read.values()) == {"zaken.status.create"}
