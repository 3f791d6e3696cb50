"""What an answer of a ZGW API means when it is not a success.

It knows the problem document of the standard (type, code, title, status, detail, invalidParams) and the codes that
Open Zaak gives. It repeats codes and field names only: title, detail and reason may hold personal data.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, NamedTuple

from hub.errors import TargetFailed, TargetMisconfigured, TargetRefused, TargetUnavailable, TargetUncertain
from hub.ports.contracts import Response

SAFE_METHODS = frozenset({"GET", "HEAD"})

_SLUG = re.compile(r"[A-Za-z0-9_.\-\[\]]{1,80}")
"""What a code or field name looks like; anything else in its place could be a value."""

_CLOSED = "zaak-closed"
"""Open Zaak says it with 403, where the rest of 403 is a matter of rights."""

_REFUSED = {
    "identificatie-niet-uniek": ("it exists already at the target", "compare the two; edit the message or drop it"),
    "unique": ("it exists already at the target", "compare the two; edit the message or drop it"),
    "date-in-future": ("a date lies in the future", "correct the date, or the clock of the sender"),
    "resultaat-does-not-exist": (
        "a zaak can't be closed without resultaat",
        "add a resultaat to the message, or set options.coalesce_resultaat",
    ),
    "indicatiegebruiksrecht-unset": (
        "a document of the zaak has no indicatieGebruiksrecht, so the zaak can't be closed",
        "set it at the target, then replay",
    ),
    _CLOSED: (
        "the zaak is closed",
        "reopen it at the target, or give this client_id the right zaken.geforceerd-bijwerken; then replay",
    ),
    "existing-lock": (
        "the document is locked by somebody else",
        "wait until it is given back, or unlock it at the target; then replay",
    ),
    "unlocked": (
        "the document is not locked any more: the change was made on a lock that has ended",
        "compare the two versions, then let the sender ask for the document again",
    ),
    "missing-lock-id": ("the document is locked and the message has no lock", "unlock it at the target, then replay"),
    "modify-status-definitief": (
        "the document is definitief and takes no change",
        "add a new document instead, or drop the message",
    ),
    "incomplete-upload": (
        "a part of the content has not arrived",
        "replay: the parts that are missing are sent again",
    ),
    "pending-besluit-relation": ("the zaak has besluiten", "remove them at the target first, then replay"),
    "pending-relations": ("something else belongs to it still", "take the relation away first, then replay"),
    "future_not_allowed": ("a date lies in the future", "correct the date, or the clock of the sender"),
    "informatieobject-locked": ("a document of the zaak is locked", "unlock it at the target, then replay"),
    "incorrect-lock-id": ("the document is locked by somebody else", "unlock it at the target, then replay"),
    "max-occurences": (
        "the zaak has a rol of this kind already, and may have only one",
        "let the sender change the rol instead of adding one, or remove the old rol at the target",
    ),
    "betaling-nvt": ("laatsteBetaaldatum does not go with betalingsindicatie nvt", "correct one of the two"),
    "hoofdzaak-closed": ("the hoofdzaak is closed", "reopen it at the target, then replay"),
    "deelzaken-not-closed": ("a deelzaak is still open", "close the deelzaken first, then replay"),
    "deelzaak-als-hoofdzaak": ("a deelzaak can't have deelzaken", "correct the relation"),
    "archiefactiedatum-error": (
        "the archiefactiedatum can't be derived: the resultaattype needs a date that the zaak does not have",
        "add that date or eigenschap at the target, then replay",
    ),
    "zaak-mismatch": ("two parts of the message belong to different zaken", "correct the relation"),
    "invalid-betrokkene": ("a betrokkene has no identification", "add one to the message, or drop the rol"),
    "file-size": ("the size of the document is not what the message says", "let the sender send it again"),
}
_MISCONFIGURED = {
    "not-published": ("the zaaktype or informatieobjecttype is a concept", "publish it in the catalogus, then replay"),
    "invalid-products-services": (
        "productenOfDiensten are not those of the zaaktype",
        "add them to the zaaktype, or take the rule out of the mapping",
    ),
    "zaaktype-mismatch": ("a type belongs to another zaaktype", "see which version of the zaaktype the zaak has"),
    "missing-zaaktype-informatieobjecttype-relation": (
        "the informatieobjecttype does not belong to the zaaktype",
        "add it to the zaaktype in the catalogus, then replay",
    ),
    "missing-besluittype-informatieobjecttype-relation": (
        "the informatieobjecttype does not belong to the besluittype",
        "add it to the besluittype in the catalogus, then replay",
    ),
    "invalid-deelzaaktype": (
        "the zaaktype of the hoofdzaak does not allow this deelzaaktype",
        "add it to the zaaktype in the catalogus, then replay",
    ),
    "unknown-service": ("the target does not know its own catalogus", "register the service at the target"),
}
_BY_STATUS = {
    401: ("the target does not know this client_id, or the secret is another", "see target.auth of this connection"),
    403: (
        "the target refuses: rights are missing, or the clocks of the two machines differ",
        "see the rights of this client_id for the zaaktype (geforceerd-bijwerken for a closed zaak), then the clocks",
    ),
    405: ("the target does not have this operation", "see target.services and the version of the API"),
    406: ("the target does not speak EPSG:4326", "see the version of the Zaken API"),
    412: ("the target misses the header Accept-Crs or Content-Crs", "see whether a gateway drops headers"),
    413: ("the request is larger than the target or a gateway in front allows", "raise the limit there, then replay"),
    415: ("the target does not take JSON here", "see target.services"),
}
GONE = frozenset({404, 410})
_NOTHING_DONE = frozenset({408, 429, 503})


class Problem(NamedTuple):
    """The part of a problem document that may be repeated."""

    code: str
    fields: tuple[tuple[str, str], ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """Give all codes, those of fields first: they say more."""
        return (*(code for _, code in self.fields), self.code)


def succeeded(response: Response) -> bool:
    """Say whether the target did what was asked."""
    return HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES


def failure_of(
    response: Response, *, method: str, what: str, now: datetime | None, resource: bool = False
) -> TargetFailed:
    """Translate an answer that is no success.

    `what` names the call for an operator (`rol toevoegen`), `resource` says that the URL is one of a thing that was
    there. `now` turns a date in `Retry-After` into a wait.
    """
    status = response.status
    if status in _NOTHING_DONE:
        return TargetUnavailable(
            f"{what}: the target asks to come back later ({status})",
            code=f"zgw-{status}",
            retry_after_s=_retry_after_s(response.headers.get("retry-after", ""), now),
        )
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _server_failed(status, method=method, what=what)
    if status in GONE:
        return _not_there(status, what=what, resource=resource)
    problem = read_problem(response)
    if status == HTTPStatus.BAD_REQUEST or problem.code == _CLOSED or status not in _BY_STATUS:
        return _refused(problem, status=status, what=what)
    reason, advice = _BY_STATUS[status]
    return TargetMisconfigured(f"{what}: {reason} ({status})", code=f"zgw-{status}", advice=advice)


def read_problem(response: Response) -> Problem:
    """Read codes and field names; a body that is no problem document gives an empty problem."""
    try:
        body = response.json()
    except TargetUncertain:
        return Problem("", ())
    if not isinstance(body, dict):
        return Problem("", ())
    params = body.get("invalidParams")
    rows = [row for row in params if isinstance(row, dict)] if isinstance(params, list) else []
    return Problem(_slug(body.get("code")), tuple((_slug(row.get("name")), _slug(row.get("code"))) for row in rows))


def _refused(problem: Problem, *, status: int, what: str) -> TargetFailed:
    if status < HTTPStatus.BAD_REQUEST:
        return TargetMisconfigured(
            f"{what}: the target points elsewhere ({status})",
            code=f"zgw-{status}",
            advice="write target.services as the target itself writes its URLs: https, host, no missing slash",
        )
    named = ", ".join(f"{name}: {code}" for name, code in problem.fields) or problem.code or "no code"
    for code in problem.codes:
        if code in _MISCONFIGURED:
            reason, advice = _MISCONFIGURED[code]
            return TargetMisconfigured(f"{what}: {reason} ({named})", code=code, advice=advice)
        if code in _REFUSED:
            reason, advice = _REFUSED[code]
            return TargetRefused(f"{what}: {reason} ({named})", code=code, advice=advice)
    return TargetRefused(
        f"{what}: the target refuses the content ({status}; {named})",
        code=next((code for code in problem.codes if code), f"zgw-{status}"),
        advice="correct the named fields in the mapping or the message, then replay",
    )


def _server_failed(status: int, *, method: str, what: str) -> TargetFailed:
    if method in SAFE_METHODS:
        return TargetUnavailable(f"{what}: the target fails ({status})", code=f"zgw-{status}")
    # A gateway gives 502 and 504 for a target that may well have done it, and 500 can come after the commit.
    return TargetUncertain(
        f"{what}: the target fails ({status}); it may have been done",
        code=f"zgw-{status}",
        advice="nothing: the hub asks the target before it sends again",
    )


def _not_there(status: int, *, what: str, resource: bool) -> TargetFailed:
    if resource:
        return TargetRefused(
            f"{what}: it is not at the target any more ({status})",
            code="niet-gevonden",
            advice="see who removed it at the target; replay, edit or drop the message",
        )
    return TargetMisconfigured(
        f"{what}: the target does not have this address ({status})",
        code=f"zgw-{status}",
        advice="see target.services: each ends in something like /zaken/api/v1",
    )


def _retry_after_s(text: str, now: datetime | None) -> float | None:
    """Read `Retry-After`: seconds or an HTTP date (RFC 9110 §10.2.3)."""
    if text.strip().isdigit():
        return float(text)
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    if now is None:
        return None
    return max(0.0, (at.replace(tzinfo=at.tzinfo or UTC) - now).total_seconds())


def _slug(value: Any) -> str:  # noqa: ANN401 - whatever the target put there
    return value if isinstance(value, str) and _SLUG.fullmatch(value) else "?" if value else ""
