"""Records of processing as OpenTelemetry spans, to a collector (OTLP 1.x over HTTP, JSON encoding).

It knows the words of OTLP. It refuses to know why something is recorded, and who a person is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from hub.errors import TargetMisconfigured, TargetUnavailable
from hub.net.client import TargetClient

SERVICE = "logboek"
"""The collector, as a service of a target."""

_NS_PER_MS = 1_000_000
_KIND_SERVER = 2
_STATUS = {"OK": 1, "ERROR": 2}
_ACCEPTED = 200
_TEMPORARY = (429, 502, 503, 504)
"""What may be sent again (OTLP §OTLP/HTTP response)."""


async def send(client: TargetClient, records: Sequence[bytes], *, resource: Mapping[str, str]) -> None:
    """Send records, all or none; raises TargetFailed in one of its kinds. The same ones may come twice."""
    spans = [_span(orjson.loads(each)) for each in records]
    scope = {"scope": {"name": "zaakhub.logboek"}, "spans": spans}
    body = {"resourceSpans": [{"resource": {"attributes": _attributes(resource)}, "scopeSpans": [scope]}]}
    response = await client.request("POST", SERVICE, "v1/traces", json=body)
    if response.status in _TEMPORARY:
        raise TargetUnavailable(f"the collector answers {response.status}", code="logboek")
    if response.status != _ACCEPTED:
        raise TargetMisconfigured(
            f"the collector answers {response.status}",
            code="logboek",
            advice="look at ZAAKHUB_LOGBOOK_URL, and whether it takes OTLP over HTTP as JSON",
        )


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
