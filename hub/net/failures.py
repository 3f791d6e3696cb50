"""What went wrong on the way to a target, said as one of the errors of `hub.errors`.

It knows what an error of a socket means for the effect: nothing left (`TargetUnavailable`), or left without an answer
(`TargetUncertain`). It refuses to know what was asked.
aiohttp is imported when it is used, here and in this room: most commands at a terminal ask nobody anything.
"""

from __future__ import annotations

from http import HTTPStatus

from hub.errors import TargetFailed, TargetMisconfigured, TargetRefused, TargetUnavailable, TargetUncertain

DOWN = frozenset({429, 502, 503, 504})
"""Answers of a gateway for a target that is down or asks to be left alone."""

_AGAIN = "nothing: the hub tries again by itself"
_PERHAPS = "; it may have been done"
_TOO_LARGE = "antwoord-te-groot"


def of_network() -> tuple[type[Exception], ...]:
    """Give the errors that mean that a target was not reached or its answer was lost."""
    from aiohttp import ClientError  # noqa: PLC0415 - see above

    return ClientError, OSError


def failure(error: Exception, *, safe: bool, what: str) -> TargetFailed:
    """Say what an error of the network means. A request that changes nothing is never uncertain."""
    for kind, code, reason in _before_sending():
        if isinstance(error, kind):
            return TargetUnavailable(f"{what}: {reason}", code=code, advice=_AGAIN)
    code, reason = (
        ("geen-antwoord", "no answer in time")
        if isinstance(error, TimeoutError)
        else ("verbroken", "the connection was lost before the answer was whole")
    )
    if safe:
        return TargetUnavailable(f"{what}: {reason}", code=code, advice=_AGAIN)
    return TargetUncertain(
        f"{what}: {reason}{_PERHAPS}",
        code=code,
        advice="nothing: the hub asks the target before it sends again",
    )


def too_large(limit: str, *, safe: bool) -> TargetFailed:
    """Say that an answer is larger than `limit`, a name in the policy of the connection."""
    reason, advice = f"the answer is larger than policy.{limit}", f"raise policy.{limit}"
    if safe:
        return TargetMisconfigured(reason, code=_TOO_LARGE, advice=advice)
    return TargetUncertain(reason, code=_TOO_LARGE, advice=advice)


def unanswered(error: TargetUncertain, *, what: str) -> TargetFailed:
    """Say what it means of a question, which changes nothing though its method could: it may be asked again."""
    reason = f"{what}: {error.reason.removesuffix(_PERHAPS)}"
    if error.code == _TOO_LARGE:
        return TargetMisconfigured(reason, code=error.code, advice=error.advice)
    return TargetUnavailable(reason, code=error.code, advice=_AGAIN)


def not_given(status: int, what: str, *, retry_after: str = "") -> TargetFailed:
    """Say what it means that something to download was not given."""
    reason = f"{what}: the target answered {status}"
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return TargetMisconfigured(reason, code=str(status), advice="see the credentials and rights of the hub there")
    if status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        return TargetRefused(reason, code=str(status), advice="see at the target whether it is still there")
    if status in DOWN or status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT:
        wait_s = float(retry_after) if retry_after.isascii() and retry_after.isdigit() else None
        return TargetUnavailable(reason, code=str(status), retry_after_s=wait_s, advice=_AGAIN)
    return TargetMisconfigured(reason, code=str(status), advice="see what the target has at the URL of this service")


def _before_sending() -> tuple[tuple[type[Exception], str, str], ...]:
    """Give the errors of making a connection, narrowest first: nothing can have left."""
    import aiohttp  # noqa: PLC0415 - see above

    return (
        (aiohttp.ClientSSLError, "tls", "no secure connection: certificate or TLS settings"),
        (aiohttp.ClientConnectorDNSError, "verbinding", "the host name is not known"),
        (aiohttp.ClientConnectorError, "verbinding", "no connection"),
        (aiohttp.ConnectionTimeoutError, "verbinding", "no connection came free or was made in time"),
    )
