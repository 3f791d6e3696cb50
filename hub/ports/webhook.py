"""What every inbound adapter of a webhook answers: 204 for what is kept, a problem document for what is not.

It refuses to know what is sent: reading is the adapter's. Source: RFC 9457; `invalidParams`: ZGW.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any

import orjson

from hub.ports.contracts import Document, MessageRefusal, Reply

PROBLEM = "application/problem+json"
_REUSED = "StUF016"


class Webhook:
    """The replies of `hub.ports.contracts.Inbound` where a status says it all."""

    def accepted(
        self,
        document: Document,  # noqa: ARG002 - 204 says it all
        *,
        message_id: str,  # noqa: ARG002
        at: datetime,  # noqa: ARG002
        headers: Mapping[str, str],  # noqa: ARG002
    ) -> Reply:
        """Acknowledge: there is nothing to say."""
        return Reply(HTTPStatus.NO_CONTENT, "application/json", b"")

    def refused(
        self,
        refusal: MessageRefusal,
        body: bytes,  # noqa: ARG002
        *,
        message_id: str,
        at: datetime,  # noqa: ARG002
        headers: Mapping[str, str],  # noqa: ARG002
    ) -> Reply:
        """Give a problem document with the place of what is wrong, never its value."""
        # A number that was used for something else: the hub has a code of StUF for that, HTTP has a status.
        status = HTTPStatus.CONFLICT if refusal.code == _REUSED else HTTPStatus(refusal.status)
        said: dict[str, Any] = {
            "type": "about:blank",
            "code": refusal.code,
            "title": status.phrase,
            "status": status.value,
            "detail": f"{refusal.path}: {refusal.reason}" if refusal.path else refusal.reason,
            "instance": f"urn:uuid:{message_id}",
        }
        if refusal.path:
            said["invalidParams"] = [{"name": refusal.path, "code": refusal.code, "reason": refusal.reason}]
        return Reply(status, PROBLEM, orjson.dumps(said))

    def description(self, path: str, query: str, *, url: str) -> Reply | None:  # noqa: ARG002
        """Have none: who sends describes what it sends."""
        return None
