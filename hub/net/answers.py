"""What the answer to a plain POST of JSON means, for targets that have no codes of their own.

It knows HTTP. It refuses to repeat what the target says: that may hold values of the message.
"""

from __future__ import annotations

from hub.errors import TargetFailed, TargetMisconfigured, TargetRefused, TargetUnavailable, TargetUncertain
from hub.net.response import Response

_NOTHING_DONE = frozenset({408, 425, 429, 503})
_CONTENT = frozenset({400, 409, 413, 422})
_SUCCESS, _SERVER = range(200, 300), range(500, 600)


def failure_of(response: Response, *, what: str) -> TargetFailed | None:
    """Say why an answer is no success, or None; `what` names the call for an operator."""
    status = response.status
    if status in _SUCCESS:
        return None
    if status in _NOTHING_DONE:
        wait = response.headers.get("retry-after", "")
        return TargetUnavailable(
            f"{what}: the target asks to come back later ({status})",
            code=f"http-{status}",
            retry_after_s=float(wait) if wait.isdecimal() else None,
        )
    if status in _SERVER:
        return TargetUncertain(f"{what}: the target fails ({status}); it may have been done", code=f"http-{status}")
    if status in _CONTENT:
        return TargetRefused(
            f"{what}: the target refuses the content ({status})",
            code=f"http-{status}",
            advice="correct the mapping or the message, then replay",
        )
    return TargetMisconfigured(
        f"{what}: the target does not take this from us ({status})",
        code=f"http-{status}",
        advice="see target.services and target.auth of this connection, and our rights at the target",
    )
