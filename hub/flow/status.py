"""Which status of HTTP says what went wrong with a question, to an asker who is told by statuses.

Pure. It knows errors. It refuses to know protocols that say it in their messages: SOAP has one status for all of this.
"""

from __future__ import annotations

from http import HTTPStatus

from hub.errors import HubUnavailable, MessageRefused, TargetFailed, TargetRefused, TargetUnavailable, TargetUncertain
from hub.flow.minimise import NOT_AUTHORISED
from hub.flow.outcome import TOO_LATE, asked_wait_s
from hub.net.problems import Wrong

_BUSY = frozenset({Wrong.BUSY, "http-429", "429"})
"""Codes of a source that takes no more questions for now."""
_NO_ANSWER = frozenset({TOO_LATE, "geen-antwoord"})
"""Codes of what took longer than somebody waits."""


def status_of(error: Exception) -> int:
    """Give the status: 4xx where the asker can do something, 502 where the source or our way to it is wrong."""
    match error:
        case MessageRefused():
            return _of_refused(error)
        case TargetRefused():
            return HTTPStatus.BAD_REQUEST
        case TargetUnavailable() | TargetUncertain() if error.code in _NO_ANSWER:
            return HTTPStatus.GATEWAY_TIMEOUT
        case TargetUnavailable() | HubUnavailable():
            return HTTPStatus.TOO_MANY_REQUESTS if error.code in _BUSY else HTTPStatus.SERVICE_UNAVAILABLE
        case TargetFailed():
            return HTTPStatus.BAD_GATEWAY
        case _:
            return HTTPStatus.INTERNAL_SERVER_ERROR


def retry_after_of(error: Exception) -> float | None:
    """Give when the source says to come back, in seconds; None where it says nothing."""
    return asked_wait_s(error) if isinstance(error, TargetUnavailable) else None


def _of_refused(refused: MessageRefused) -> int:
    if refused.code == NOT_AUTHORISED:
        return HTTPStatus.FORBIDDEN
    # Who refuses for a protocol of messages leaves it at the status of a fault.
    return HTTPStatus.BAD_REQUEST if refused.status == HTTPStatus.INTERNAL_SERVER_ERROR else refused.status
