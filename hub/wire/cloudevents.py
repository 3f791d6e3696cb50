"""CloudEvents 1.0 over HTTP, in the NL GOV profile: bytes and headers to an event, and back. Pure.

Sources: CloudEvents 1.0.2, its JSON format and HTTP binding (binary, structured and batched mode); NL GOV profile for
CloudEvents. It knows attributes and modes. It refuses to know what an event is about, and data that is no JSON: a
mapping could not read it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import quote, unquote

import orjson

from hub.config.policy import EVENT_BYTES_MAX, EVENT_DEPTH_MAX
from hub.errors import MessageRefused
from hub.wire.text import is_plain, plain

STRUCTURED = "application/cloudevents+json"
BATCHED = "application/cloudevents-batch+json"
_JSON = "application/json"

_REQUIRED = ("id", "source", "specversion", "type")
_TEXTS = frozenset({*_REQUIRED, "subject", "time", "datacontenttype", "dataschema", "dataref"})
_NAME = re.compile(r"[a-z0-9]{1,20}")
_TYPE = re.compile(r"[a-z][a-z0-9-]*(\.[a-z0-9][a-zA-Z0-9_-]*)+")
_VERSION = re.compile(r"v[0-9]+")
_URI_REFERENCE = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
_BSN_DIGITS = 9
# CloudEvents HTTP binding §3.1.3.2: these stay as they are in a header; everything else is percent-encoded.
_HEADER_SAFE = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '"%')


class CloudEvent(NamedTuple):
    """One event: its context attributes, extensions included, and its data."""

    attributes: dict[str, Any]
    data: Any

    @property
    def type(self) -> str:
        """Give its type."""
        return str(self.attributes["type"])

    def plain(self) -> dict[str, Any]:
        """Give the attributes and `data` as one object: the JSON format."""
        return self.attributes if self.data is None else {**self.attributes, "data": self.data}

    def structured(self) -> tuple[dict[str, str], bytes]:
        """Give headers and body in structured mode."""
        return {"Content-Type": f"{STRUCTURED}; charset=utf-8"}, orjson.dumps(self.plain())

    def binary(self) -> tuple[dict[str, str], bytes]:
        """Give headers and body in binary mode."""
        headers = {
            f"ce-{name}": quote(_header_text(value), safe=_HEADER_SAFE)
            for name, value in self.attributes.items()
            if name != "datacontenttype" and value is not None
        }
        if self.data is None:
            return headers, b""
        headers["Content-Type"] = str(self.attributes.get("datacontenttype") or _JSON)
        return headers, orjson.dumps(self.data)


def is_cloudevent(headers: Mapping[str, str]) -> bool:
    """Say whether a request holds a CloudEvent, in any mode; `headers` has lower-case names."""
    return media_type(headers) in {STRUCTURED, BATCHED} or "ce-specversion" in headers


def media_type(headers: Mapping[str, str]) -> str:
    """Give the media type of a request, without parameters."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def read_event(body: bytes, headers: Mapping[str, str]) -> CloudEvent:
    """Read one event in binary or structured mode; raises MessageRefused."""
    if media_type(headers) == STRUCTURED:
        return _of_object(_parsed(body))
    attributes: dict[str, Any] = {
        name.removeprefix("ce-"): unquote(value) for name, value in headers.items() if name.startswith("ce-")
    }
    if "specversion" not in attributes:
        raise _wrong("the request is no CloudEvent", "", status=415)
    media = media_type(headers)
    if media and media != _JSON and not media.endswith("+json"):
        raise _wrong("data that is no JSON cannot be mapped", "datacontenttype", status=415)
    if media:
        attributes["datacontenttype"] = media
    return _checked(CloudEvent(attributes, _parsed(body) if body else None))


def read_batch(body: bytes) -> list[CloudEvent]:
    """Read the events of a request in batched mode; raises MessageRefused."""
    batch = _parsed(body)
    if not isinstance(batch, list):
        raise _wrong("a batch is a JSON array", "")
    return [_of_object(each) for each in batch]


def check_nl_gov(event: CloudEvent) -> None:
    """See that an event keeps to what the NL GOV profile asks beyond CloudEvents; raises MessageRefused."""
    for name in event.attributes:
        if not _NAME.fullmatch(name):
            raise _wrong("a name of an attribute is a-z and 0-9, at most 20 characters", name[:20])
    parts = event.type.split(".")
    if not _TYPE.fullmatch(event.type) or sum(bool(_VERSION.fullmatch(part)) for part in parts) > 1:
        raise _wrong("the type is no reverse domain name with at most one version", "type")
    if is_bsn(event.attributes.get("subject")):
        # The profile: context attributes hold nothing sensitive. Its own example does; intermediaries log them.
        raise _wrong("a BSN stands in subject: attributes must hold no personal data", "subject")


def is_bsn(value: object) -> bool:
    """Say whether a value could be a BSN: nine digits that pass the 11-test."""
    text = str(value or "")
    if len(text) != _BSN_DIGITS or not text.isdecimal():
        return False
    return sum(weight * int(digit) for weight, digit in zip((9, 8, 7, 6, 5, 4, 3, 2, -1), text, strict=True)) % 11 == 0


def _of_object(said: object) -> CloudEvent:
    if not isinstance(said, dict):
        raise _wrong("a CloudEvent is a JSON object", "")
    if "data_base64" in said:
        raise _wrong("data that is no JSON cannot be mapped", "data_base64", status=415)
    attributes = {name: value for name, value in said.items() if name != "data"}
    media = str(attributes.get("datacontenttype") or _JSON).partition(";")[0].strip().lower()
    if media != _JSON and not media.endswith("+json"):
        raise _wrong("data that is no JSON cannot be mapped", "datacontenttype", status=415)
    if "data" in said:
        attributes.setdefault("datacontenttype", _JSON)  # JSON format §3.1.1: what its absence means
    return _checked(CloudEvent(attributes, said.get("data")))


def _checked(event: CloudEvent) -> CloudEvent:
    attributes = event.attributes
    for name in _REQUIRED:
        if not attributes.get(name):
            raise _wrong(f"{name} is missing", name)
    for name, value in attributes.items():
        _check_attribute(name, value)
    if attributes["specversion"] != "1.0":
        raise _wrong("specversion must be 1.0", "specversion")
    if not _URI_REFERENCE.fullmatch(attributes["source"]):
        raise _wrong("source is no URI", "source")
    if attributes.get("time") is not None:
        _check_time(attributes["time"])
    return event


def _check_attribute(name: str, value: object) -> None:
    if name in _TEXTS and value is not None and not isinstance(value, str):
        raise _wrong(f"{name} is no text", name)
    if isinstance(value, dict | list | float):
        raise _wrong("an attribute is a text, a whole number or a boolean", name[:20])
    if not is_plain(name) or (isinstance(value, str) and not is_plain(value)):
        # CloudEvents 1.0 §2.2: such characters are in no string; and no database takes them.
        raise _wrong("an attribute holds a character that is no text", plain(name[:20]))


def _check_time(text: str) -> None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise _wrong("time is no moment with a time zone (RFC 3339)", "time")


def _parsed(body: bytes) -> Any:  # noqa: ANN401 - JSON data
    if len(body) > EVENT_BYTES_MAX:
        raise _wrong(f"an event is at most {EVENT_BYTES_MAX} bytes; put what is larger behind dataref", "", status=413)
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise _wrong("the body is no JSON", "") from None
    if _nests_more(said, EVENT_DEPTH_MAX):
        raise _wrong(f"the event nests more than {EVENT_DEPTH_MAX} deep", "")
    return said


def _nests_more(said: object, levels: int) -> bool:
    if not isinstance(said, dict | list):
        return False
    inner = said.values() if isinstance(said, dict) else said
    return levels == 0 or any(_nests_more(each, levels - 1) for each in inner)


def _header_text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _wrong(reason: str, path: str, *, status: int = 400) -> MessageRefused:
    return MessageRefused(reason, code="cloudevent", path=path, status=status, advice="see CloudEvents 1.0 and NL GOV")
