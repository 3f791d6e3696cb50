"""What an answer that is no success means, and that it never repeats what it should not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from adapters.zgw.errors import failure_of
from hub.errors import TargetFailed, TargetMisconfigured, TargetRefused, TargetUnavailable, TargetUncertain
from hub.ports.contracts import Response
from tests.support.zgw import json_response, problem

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def failure(response: Response, *, method: str = "POST", resource: bool = False) -> TargetFailed:
    return failure_of(response, method=method, what="rol toevoegen", now=NOW, resource=resource)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("identificatie-niet-uniek", TargetRefused),
        ("unique", TargetRefused),
        ("date-in-future", TargetRefused),
        ("resultaat-does-not-exist", TargetRefused),
        ("indicatiegebruiksrecht-unset", TargetRefused),
        ("informatieobject-locked", TargetRefused),
        ("incorrect-lock-id", TargetRefused),
        ("max-occurences", TargetRefused),
        ("betaling-nvt", TargetRefused),
        ("hoofdzaak-closed", TargetRefused),
        ("deelzaken-not-closed", TargetRefused),
        ("archiefactiedatum-error", TargetRefused),
        ("zaak-mismatch", TargetRefused),
        ("not-published", TargetMisconfigured),
        ("invalid-products-services", TargetMisconfigured),
        ("zaaktype-mismatch", TargetMisconfigured),
        ("missing-zaaktype-informatieobjecttype-relation", TargetMisconfigured),
        ("a-code-of-tomorrow", TargetRefused),
    ],
)
def test_a_code_says_whose_turn_it_is(code: str, kind: type[TargetFailed]) -> None:
    """The code is that of the field, which says more than `invalid` of the whole; each has an advice."""
    found = failure(problem(400, "invalid", ("veld", code)))

    assert (type(found), found.code) == (kind, code)
    assert found.advice


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (301, TargetMisconfigured),
        (401, TargetMisconfigured),
        (403, TargetMisconfigured),
        (404, TargetMisconfigured),
        (405, TargetMisconfigured),
        (406, TargetMisconfigured),
        (408, TargetUnavailable),
        (409, TargetRefused),
        (412, TargetMisconfigured),
        (413, TargetMisconfigured),
        (415, TargetMisconfigured),
        (429, TargetUnavailable),
        (500, TargetUncertain),
        (502, TargetUncertain),
        (503, TargetUnavailable),
        (504, TargetUncertain),
    ],
)
def test_a_status_says_whose_turn_it_is(status: int, kind: type[TargetFailed]) -> None:
    """For a POST; 503 is said by a target that did nothing, 500, 502 and 504 may come after the effect."""
    assert type(failure(Response(status, {}, b"<html>"))) is kind


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_question_is_never_uncertain(status: int) -> None:
    """A GET changes nothing."""
    assert type(failure(Response(status, {}, b""), method="GET")) is TargetUnavailable


def test_a_thing_that_is_gone_is_not_a_wrong_address() -> None:
    """404 on the URL of a zaak says that somebody removed it."""
    found = failure(Response(404, {}, b""), resource=True)

    assert (type(found), found.code) == (TargetRefused, "niet-gevonden")


@pytest.mark.parametrize(
    ("header", "wait_s"),
    [
        ("7", 7.0),
        ("Sun, 22 Nov 2026 12:01:30 GMT", 90.0),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0.0),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str, wait_s: float | None) -> None:
    """RFC 9110 §10.2.3 allows both; a date counts from the time of the attempt."""
    found = failure(Response(429, {"retry-after": header}, b""))

    assert isinstance(found, TargetUnavailable)
    assert found.retry_after_s == wait_s


def test_of_a_problem_only_codes_and_names_of_fields_are_repeated() -> None:
    """Title, detail and reason of Open Zaak repeat what was sent: names, a BSN."""
    found = failure(problem(400, "invalid", ("betrokkeneIdentificatie.inpBsn", "invalid-length")))

    assert "betrokkeneIdentificatie.inpBsn: invalid-length" in found.reason
    assert not {"Jansen", "999990019"} & set(found.reason.replace(";", " ").split())


def test_a_code_that_is_no_code_is_not_repeated() -> None:
    """A gateway may put anything there."""
    found = failure(json_response(400, {"code": "Jansen, J. (BSN 999990019)", "invalidParams": [{"name": "<x>"}, 3]}))

    assert "Jansen" not in found.reason + found.code
    assert "<x>" not in found.reason


def test_403_names_the_clocks() -> None:
    """Open Zaak answers 403 to a token from the future: nobody looks for that by himself."""
    found = failure(json_response(403, {"code": "permission_denied"}))

    assert "clocks" in found.reason
