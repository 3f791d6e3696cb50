"""CloudEvents 1.0 over HTTP, and what the NL GOV profile asks beyond it."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from hub.config.policy import EVENT_BYTES_MAX
from hub.errors import MessageRefused
from hub.wire.cloudevents import (
    CloudEvent,
    check_nl_gov,
    is_bsn,
    is_cloudevent,
    read_batch,
    read_event,
)
from tests.support.shared import SHARED, needs_shared

STRUCTURED = {"content-type": "application/cloudevents+json; charset=UTF-8"}
ATTRIBUTES: dict[str, Any] = {
    "specversion": "1.0",
    "id": "b386ff52-de66-4fde-805f-6c80b4f3cc68",
    "source": "urn:nld:oin:00000001002220647000:systeem:zaken",
    "type": "nl.zaken.zaak-aangemaakt.v1",
    "subject": "ZAAK-1",
    "time": "2026-03-02T08:00:00Z",
    "datacontenttype": "application/json",
}
EVENT = CloudEvent(ATTRIBUTES, {"zaak": {"identificatie": "ZAAK-1"}})


def lower(headers: dict[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def structured(**other: object) -> bytes:
    return orjson.dumps({name: value for name, value in {**EVENT.plain(), **other}.items() if value is not None})


@pytest.mark.parametrize("mode", ["structured", "binary"])
@given(
    text=st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1), number=st.integers(-(2**31), 2**31 - 1)
)
def test_what_is_written_is_read_back(mode: str, text: str, number: int) -> None:
    """Also text outside ASCII, in a header (HTTP binding §3.1.3.2)."""
    event = CloudEvent({**ATTRIBUTES, "subject": f"x{text}"}, {"n": number, "t": text})
    headers, body = getattr(event, mode)()

    assert all(value.isascii() for value in headers.values())
    assert read_event(body, lower(headers)) == event


def test_an_event_may_have_no_data() -> None:
    """In both modes."""
    bare = CloudEvent({**ATTRIBUTES}, None)
    headers, body = bare.binary()

    assert (body, "Content-Type" in headers) == (b"", False)
    assert read_event(*reversed_(bare.structured())).data is None
    assert read_event(b"", lower(headers)).data is None


def reversed_(written: tuple[dict[str, str], bytes]) -> tuple[bytes, dict[str, str]]:
    return written[1], lower(written[0])


def test_a_batch_is_several_events() -> None:
    """HTTP binding §3.3."""
    batch = orjson.dumps([EVENT.plain(), {**EVENT.plain(), "id": "2"}])

    assert [each.attributes["id"] for each in read_batch(batch)] == [ATTRIBUTES["id"], "2"]
    with pytest.raises(MessageRefused):
        read_batch(structured())


def test_a_cloudevent_is_known_by_its_headers() -> None:
    """The three modes, and nothing else."""
    assert is_cloudevent(STRUCTURED)
    assert is_cloudevent({"content-type": "application/cloudevents-batch+json"})
    assert is_cloudevent({"ce-specversion": "1.0", "content-type": "application/json"})
    assert not is_cloudevent({"content-type": "application/json"})


@pytest.mark.parametrize(
    ("body", "path", "status"),
    [
        (b"", "", 400),
        (b"[]", "", 400),
        (structured(id=None), "id", 400),
        (structured(id=""), "id", 400),
        (structured(source=None), "source", 400),
        (structured(source="een bron"), "source", 400),
        (structured(type=None), "type", 400),
        (structured(type=7), "type", 400),
        (structured(specversion="0.3"), "specversion", 400),
        (structured(time="gisteren"), "time", 400),
        (structured(time="2026-03-02T08:00:00"), "time", 400),
        (structured(geneste={"a": 1}), "geneste", 400),
        (structured(datacontenttype="text/xml", data="<x/>"), "datacontenttype", 415),
        (structured(data=None, data_base64="aGFsbG8="), "data_base64", 415),
        (b" " * (EVENT_BYTES_MAX + 1), "", 413),
    ],
)
def test_what_is_no_event_is_refused(body: bytes, path: str, status: int) -> None:
    """With the attribute that is wrong."""
    with pytest.raises(MessageRefused) as refused:
        read_event(body, STRUCTURED)

    assert (refused.value.path, refused.value.status) == (path, status)


def test_a_request_without_any_mode_is_refused() -> None:
    """JSON alone is no event."""
    with pytest.raises(MessageRefused) as refused:
        read_event(structured(), {"content-type": "application/json"})

    assert refused.value.status == 415


@pytest.mark.parametrize(
    ("other", "path"),
    [
        ({"vertrouwelijkheidaanduiding": "openbaar"}, "vertrouwelijkheidaan"),
        ({"zaak_type": "x"}, "zaak_type"),
        ({"type": "zaakAangemaakt"}, "type"),
        ({"type": "nl.zaken.v1.zaak-aangemaakt.v2"}, "type"),
        ({"subject": "999990342"}, "subject"),
    ],
)
def test_the_profile_asks_more(other: dict[str, object], path: str) -> None:
    """Names of 20 characters, one version in the type, and no BSN where intermediaries log it."""
    with pytest.raises(MessageRefused) as refused:
        check_nl_gov(CloudEvent({**ATTRIBUTES, **other}, None))

    assert refused.value.path == path
    assert "999990342" not in str(refused.value)


@pytest.mark.parametrize("type_", ["nl.overheid.zaken.zaakstatus-gewijzigd", "nl.vng.zaken.status_gecreeerd"])
def test_both_naming_sets_pass_the_profile(type_: str) -> None:
    """That of Open Notificaties and that of the VNG draft."""
    check_nl_gov(CloudEvent({**ATTRIBUTES, "type": type_}, None))


def test_a_bsn_is_told_by_its_eleven_test() -> None:
    """A RSIN looks the same; a zaak number does not."""
    assert is_bsn("999990342")
    assert not any(map(is_bsn, ("999990343", "ZAAK-1", "99999034", None, "\u0661" * 9)))


@needs_shared
@pytest.mark.parametrize("mode", ["structured"])
def test_what_is_written_fits_the_official_schema(mode: str) -> None:
    """And the published examples with JSON data are read."""
    schema = orjson.loads((SHARED / "standards/cloudevents/cloudevents-1.0.schema.json").read_bytes())
    _, body = getattr(EVENT, mode)()
    Draft7Validator(schema).validate(orjson.loads(body))

    for name in ("open-zaak-zaak-gemuteerd", "nlgov-example-3"):
        published = (SHARED / f"standards/cloudevents/examples/{name}.json").read_bytes()
        assert read_event(published, STRUCTURED).type.startswith("nl.overheid.zaken.")
