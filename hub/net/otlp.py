"""Records of processing as OpenTelemetry spans, to a collector (OTLP 1.x over HTTP, JSON encoding).

It knows the words of OTLP. It refuses to know why something is recorded, and who a person is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from hub.errors import TargetMisconfigured, TargetRefused, TargetUnavailable
from hub.net.client import TargetClient

SERVICE = "logboek"
"""The collector, as a service of a target."""

_NS_PER_MS = 1_000_000
_KIND_SERVER = 2
_STATUS = {"OK": 1, "ERROR": 2}
_ACCEPTED = 200
_TEMPORARY = (429, 502, 503, 504)
"""What may be sent again (OTLP §OTLP/HTTP response)."""
_OF_CONTENT = (400, 413, 422)


async def send(client: TargetClient, records: Sequence[bytes], *, resource: Mapping[str, str]) -> None:
    """Send records; raises TargetFailed in one of its kinds. The same ones may come twice.

    TargetRefused: one or more of these are not taken, and it is not told which. Without records it asks whether
    anything is taken at all.
    """
    try:
        spans = [_span(orjson.loads(each)) for each in records]
    except (ValueError, LookupError, TypeError):
        raise _refused("a line is no record of processing") from None
    scope = {"scope": {"name": "zaakhub.logboek"}, "spans": spans}
    body = {"resourceSpans": [{"resource": {"attributes": _attributes(resource)}, "scopeSpans": [scope]}]}
    response = await client.request("POST", SERVICE, "v1/traces", json=body)
    if response.status in _TEMPORARY:
        raise TargetUnavailable(f"the collector answers {response.status}", code="logboek")
    if response.status in _OF_CONTENT:
        raise _refused(f"the collector answers {response.status}")
    if response.status != _ACCEPTED:
        raise TargetMisconfigured(
            f"the collector answers {response.status}",
            code="logboek",
            advice="look at ZAAKHUB_LOGBOOK_URL, and whether it takes OTLP over HTTP as JSON",
        )
    if rejected := _rejected(response.body):
        raise _refused(f"the collector takes all but {rejected} of {len(records)}")


def _rejected(body: bytes) -> int:
    """Read how many spans were not taken (OTLP §Partial Success); raises TargetUnavailable when it is no answer."""
    try:
        said = orjson.loads(body or b"{}")
        # protobuf writes a count as text in JSON, and leaves out what is zero or empty.
        return int((said.get("partialSuccess") or {}).get("rejectedSpans") or 0)
    except (ValueError, TypeError, AttributeError):
        raise TargetUnavailable(
            "the collector gives no answer of OTLP",
            code="logboek",
            advice="see what stands between the hub and the collector: a proxy or login page answers in its place",
        ) from None


def _refused(reason: str) -> TargetRefused:
    return TargetRefused(reason, code="logboek", advice="see what the collector says of it")


def _span(record: Mapping[str, Any]) -> dict[str, Any]:
    """Give one record as a span: nothing is sampled, so it is marked as recorded."""
    parent = {"parentSpanId": record["parent_operation_id"]} if record["parent_operation_id"] else {}
    return {
        "traceId": record["trace_id"],
        "spanId": record["operation_id"],
        **parent,
        "flags": 1,
        "name": record["name"],
        "kind": _KIND_SERVER,
        "startTimeUnixNano": str(record["start_time"] * _NS_PER_MS),
        "endTimeUnixNano": str(record["end_time"] * _NS_PER_MS),
        "attributes": _attributes(record["attributes"]),
        "status": {"code": _STATUS[record["status_code"]]},
    }


def _attributes(values: Mapping[str, str]) -> list[dict[str, Any]]:
    return [{"key": key, "value": {"stringValue": value}} for key, value in sorted(values.items())]
