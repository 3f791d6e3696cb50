"""What an answer of a national service means: whose turn it is, and nothing of what was asked."""

from __future__ import annotations

from datetime import UTC, datetime

import orjson
import pytest

from hub.errors import TargetFailed, TargetMisconfigured, TargetRefused, TargetUnavailable, TargetUncertain
from hub.net.failures import failure, too_large, unanswered
from hub.net.problems import Wrong, failure_of, nothing_found, object_of, read_problem, wait_s
from hub.net.response import Response

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
HAAL_CENTRAAL = {
    "type": "https://bron.example/problemen",
    "title": "GEHEIM",
    "status": 400,
    "detail": "GEHEIM",
    "instance": "/personen?burgerservicenummer=999990019",
    "code": "paramsValidation",
    "invalidParams": [{"name": "fields[0]", "code": "fields", "reason": "GEHEIM"}],
}
BAG = {"code": "paramsValidation", "invalid-params": [{"name": "postcode", "code": "pattern", "reason": "9999AA"}]}
KVK = {"fout": [{"code": "IPD1999", "omschrijving": "GEHEIM"}, {"code": "IPD0004", "omschrijving": "99990001"}]}


def answer(status: int, body: object = None, **headers: str) -> Response:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Response(status, named, b"" if body is None else orjson.dumps(body))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (HAAL_CENTRAAL, "paramsValidation, fields[0]: fields"),
        (BAG, "paramsValidation, postcode: pattern"),
        (KVK, "IPD1999, IPD0004"),
        ({"code": 400, "invalidParams": "none"}, ""),
        ({"code": "999990019", "invalidParams": [{"name": "999990019", "code": "999990019"}, 7]}, "?"),
        ({"fout": [7, {"omschrijving": "GEHEIM"}]}, ""),
        ([1], ""),
        (None, ""),
    ],
)
def test_codes_and_names_of_parameters_are_read_and_nothing_else(body: object, said: str) -> None:
    """In each of the three forms; a value in the place of a code is none."""
    assert str(read_problem(answer(400, body))) == said


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [
        (302, TargetMisconfigured, Wrong.CONTRACT),
        (400, TargetRefused, Wrong.QUESTION),
        (401, TargetMisconfigured, Wrong.CREDENTIALS),
        (403, TargetMisconfigured, Wrong.CREDENTIALS),
        (404, TargetMisconfigured, Wrong.CONTRACT),
        (405, TargetMisconfigured, Wrong.CONTRACT),
        (406, TargetMisconfigured, Wrong.CONTRACT),
        (408, TargetUnavailable, Wrong.LATER),
        (412, TargetMisconfigured, Wrong.CONTRACT),
        (415, TargetMisconfigured, Wrong.CONTRACT),
        (422, TargetRefused, Wrong.QUESTION),
        (429, TargetUnavailable, Wrong.BUSY),
        (500, TargetUnavailable, Wrong.SOURCE),
        (502, TargetUnavailable, Wrong.SOURCE),
        (503, TargetUnavailable, Wrong.LATER),
        (504, TargetUnavailable, Wrong.SOURCE),
    ],
)
@pytest.mark.parametrize("body", [HAAL_CENTRAAL, BAG, KVK, None], ids=["haal-centraal", "bag", "kvk", "none"])
def test_every_status_has_one_kind(status: int, kind: type[TargetFailed], code: Wrong, body: object) -> None:
    """Nothing is ever uncertain: asking changes nothing. What was asked is in no error."""
    failed = failure_of(answer(status, body), what="vragen", now=NOW)
    told = f"{failed} {failed.reason} {failed.advice} {failed.code}"

    assert type(failed) is kind
    assert failed.code == code
    assert failed.advice
    assert not any(secret in told for secret in ("GEHEIM", "999990019", "9999AA", "99990001"))


def test_a_code_that_says_later_goes_before_the_status() -> None:
    """With how long that service asks to wait, unless the answer says it."""
    busy = {"fout": [{"code": "IPD1003"}]}
    waits = []
    for response in (answer(404, busy), answer(404, busy, retry_after="7")):
        failed = failure_of(response, what="vragen", now=NOW, temporary={"IPD1003": 300.0})
        assert isinstance(failed, TargetUnavailable)
        waits.append((failed.code, failed.retry_after_s))

    assert waits == [(Wrong.LATER, 300.0), (Wrong.LATER, 7.0)]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120.0),
        ("Mon, 02 Mar 2026 08:01:00 GMT", 60.0),
        ("Mon, 02 Mar 2026 07:00:00 GMT", 0.0),
        ("soon", None),
        ("", None),
        ("-1", None),
    ],
)
def test_a_wait_is_in_seconds_or_until_a_date(text: str, seconds: float | None) -> None:
    """RFC 9110 §10.2.3; without a clock a date says nothing."""
    assert wait_s(text, NOW) == seconds
    assert wait_s("Mon, 02 Mar 2026 08:01:00 GMT", None) is None


def test_nothing_found_is_what_the_service_itself_says() -> None:
    """A 404 of a gateway, or with a code for something else, is not."""
    codes = frozenset({"notFound"})

    assert nothing_found(answer(404, {"code": "notFound"}), codes)
    assert not nothing_found(answer(404, {"message": "no route"}), codes)
    assert not nothing_found(answer(404), codes)
    assert not nothing_found(answer(400, {"code": "notFound"}), codes)


@pytest.mark.parametrize(
    ("body", "kind"),
    [(b'{"bsn": "999990019"', TargetUnavailable), (b"", TargetUnavailable), (b"[1]", TargetMisconfigured)],
)
def test_what_is_no_object_is_told_without_its_content(body: bytes, kind: type[TargetFailed]) -> None:
    """Half an answer comes again; another shape is another contract."""
    with pytest.raises(kind) as failed:
        object_of(Response(200, {}, body), what="vragen")

    assert "999990019" not in str(failed.value)
    assert failed.value.__cause__ is None


@pytest.mark.parametrize(
    ("of_post", "of_get"),
    [
        (failure(error, safe=False, what="POST personen"), failure(error, safe=True, what="POST personen"))
        for error in (TimeoutError(), ConnectionResetError())
    ]
    + [(too_large("response_bytes_max", safe=False), too_large("response_bytes_max", safe=True))],
    ids=["slow", "cut", "too large"],
)
def test_a_question_by_post_fails_as_one_by_get(of_post: TargetFailed, of_get: TargetFailed) -> None:
    """It changes nothing: what may pass comes again, what is too large does not pass by itself."""
    assert isinstance(of_post, TargetUncertain)
    failed = unanswered(of_post, what="personen zoeken")

    assert type(failed) is type(of_get)
    assert (failed.code, failed.advice) == (of_get.code, of_get.advice)
    assert failed.reason == f"personen zoeken: {of_get.reason}"
