"""An HTTP answer as a value.

It knows status, headers and bytes. It refuses to know what a status means: that is the protocol's, so the adapter's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson

from hub.errors import TargetUncertain


class Response(NamedTuple):
    """An HTTP answer of a target; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:  # noqa: ANN401 - JSON is whatever the target says
        """Give the body as JSON; raises TargetUncertain when it is not: whoever answered may not be the target."""
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError:
            # The parser's own error holds the document, and with it personal data: it does not travel on.
            raise TargetUncertain(
                f"the answer ({self.status}) is not JSON",
                code="geen-json",
                advice="see what stands between the hub and the target: a proxy or login page answers in its place",
            ) from None
