"""WS-Security: what other stacks write is recognised, what is wrong or old or repeated is not."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from zeep.wsse.username import UsernameToken

from hub.config.connection import Connection
from hub.config.policy import CLOCK_SKEW_S, WSSE_AGE_MAX_S, WSSE_NONCES_MAX
from hub.errors import MessageRefused
from hub.flow.gate import Gate, NotAdmitted
from hub.security.wsse import PASSWORD_DIGEST, WSSE, WSU, password_digest, write
from hub.testkit.clock import BEGIN
from hub.wire.soap import envelope
from hub.wire.soap.envelope import Version

USER, PASSWORD = "formulieren", "geheim-é"
XML = {"content-type": "text/xml; charset=utf-8"}


def a_gate(**more: str) -> Gate:
    rule = {"kind": "ws-security", "user": USER, "password": PASSWORD, **more}
    return Gate(
        Connection.model_validate(
            {"connection": "formulieren", "direction": "inbound", "adapter": "stuf_zds", "access": rule}
        )
    )


def message(security: str, *, version: Version = Version.SOAP11) -> bytes:
    """Put a header block in an envelope."""
    return (
        f'<soap:Envelope xmlns:soap="{version.value}"><soap:Header>{security}</soap:Header>'
        "<soap:Body><a/></soap:Body></soap:Envelope>"
    ).encode()


def made(
    *, user: str = USER, password: str = PASSWORD, digest: bool = True, now: datetime = BEGIN, life_s: int = 60
) -> str:
    return write(user, password, digest=digest, now=now, life_s=life_s)


def reason(body: bytes, *, at: datetime = BEGIN, to: Gate | None = None) -> str:
    """Give why a message is not admitted; nothing when it is."""
    try:
        (to or a_gate()).admit_message(body, XML, at)
    except NotAdmitted as refused:
        return refused.denial.reason
    return ""


@pytest.mark.parametrize("version", list(Version))
@pytest.mark.parametrize("digest", [False, True])
def test_what_the_hub_writes_is_recognised(*, digest: bool, version: Version) -> None:
    """As text and as digest, in both versions of SOAP: the two sides of the hub agree."""
    assert reason(message(made(digest=digest), version=version)) == ""


@pytest.mark.parametrize("use_digest", [False, True])
def test_what_zeep_writes_is_recognised(*, use_digest: bool) -> None:
    """Another implementation, written from the same standard."""
    plain = etree.fromstring(message(""))
    token = UsernameToken(USER, PASSWORD, use_digest=use_digest, created=BEGIN, zulu_timestamp=True)
    signed, _ = token.apply(plain, {})

    assert reason(etree.tostring(signed)) == ""


@pytest.mark.parametrize("digest", [False, True])
@pytest.mark.parametrize("wrong", [{"user": "Formulieren"}, {"password": "geheim"}, {"user": ""}, {"password": ""}])
def test_a_wrong_name_and_a_wrong_password_are_the_same(*, digest: bool, wrong: dict[str, Any]) -> None:
    """Nothing tells the one from the other."""
    assert reason(message(made(digest=digest, **wrong))) == "the name or the password is wrong"


@pytest.mark.parametrize(
    ("passed_s", "admitted"),
    [
        (0, True),
        (-CLOCK_SKEW_S, True),
        (-CLOCK_SKEW_S - 1, False),
        (WSSE_AGE_MAX_S + CLOCK_SKEW_S, True),
        (WSSE_AGE_MAX_S + CLOCK_SKEW_S + 1, False),
    ],
)
def test_a_token_is_of_now(*, passed_s: int, admitted: bool) -> None:
    """Minutes either way, for clocks that differ."""
    body = message(made(life_s=10_000))

    assert (reason(body, at=BEGIN + timedelta(seconds=passed_s)) == "") is admitted


def test_a_timestamp_that_ended_is_no_longer_good() -> None:
    """However young it is."""
    body = message(made(life_s=1))

    assert reason(body, at=BEGIN + timedelta(seconds=CLOCK_SKEW_S + 1)) == ""
    assert reason(body, at=BEGIN + timedelta(seconds=CLOCK_SKEW_S + 2)) == "the Timestamp has ended"


@pytest.mark.parametrize("digest", [False, True])
def test_the_same_token_is_taken_once(*, digest: bool) -> None:
    """Whoever listened in cannot send it again, for as long as it could be used at all."""
    body, door = message(made(digest=digest, life_s=10_000)), a_gate()

    assert reason(body, to=door) == ""
    for passed_s in (0, 1, WSSE_AGE_MAX_S + CLOCK_SKEW_S):
        assert reason(body, to=door, at=BEGIN + timedelta(seconds=passed_s)) == "the nonce was used before"
    assert reason(message(made(digest=digest)), to=door) == ""


def test_a_wrong_password_does_not_use_up_a_nonce() -> None:
    """Else a stranger could keep the real sender out."""
    right = message(made())
    door = a_gate()
    stranger = right.replace(PASSWORD_DIGEST.encode() + b'">', PASSWORD_DIGEST.encode() + b'">x')

    assert reason(stranger, to=door) != ""
    assert reason(right, to=door) == ""


def test_nonces_are_forgotten_when_they_can_no_longer_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """And never are there more than the limit."""
    door = a_gate()
    for second in range(5):
        at = BEGIN + timedelta(hours=second)
        assert reason(message(made(now=at)), to=door, at=at) == ""
    assert len(door._used) == 1

    assert WSSE_NONCES_MAX > 3
    monkeypatch.setattr("hub.config.policy.WSSE_NONCES_MAX", 3)
    for _ in range(5):
        assert reason(message(made(now=at)), to=door, at=at) == ""
    assert len(door._used) == 3


def test_a_password_as_text_needs_neither_nonce_nor_created() -> None:
    """UsernameToken Profile §3.1: they are optional there."""
    bare = (
        f'<w:Security xmlns:w="{WSSE}"><w:UsernameToken><w:Username>{USER}</w:Username>'
        f"<w:Password>{PASSWORD}</w:Password></w:UsernameToken></w:Security>"
    )

    assert reason(message(bare)) == ""
    assert reason(message(bare), to=a_gate(timestamp="required")) == "there is not exactly one Timestamp"


def test_a_digest_needs_both() -> None:
    """Without them it would be right for ever."""
    digest = password_digest(b"", "", PASSWORD)
    bare = (
        f'<w:Security xmlns:w="{WSSE}"><w:UsernameToken><w:Username>{USER}</w:Username>'
        f'<w:Password Type="{PASSWORD_DIGEST}">{digest}</w:Password></w:UsernameToken></w:Security>'
    )

    assert "without Nonce and Created" in reason(message(bare))


BLOCK = made()


@pytest.mark.parametrize(
    "body",
    [
        message(""),
        message(BLOCK + BLOCK),
        message(BLOCK.replace("Security", "Onveilig")),
        message(BLOCK.replace("<wsse:UsernameToken>", "<wsse:UsernameToken/><wsse:UsernameToken>")),
        message(BLOCK.replace("<wsse:Username>", "<wsse:Username>x</wsse:Username><wsse:Username>")),
        message(BLOCK.replace("<wsse:Password ", "<wsse:Password>x</wsse:Password><wsse:Password ")),
        message(BLOCK.replace("<wsu:Timestamp>", "<wsu:Timestamp/><wsu:Timestamp>")),
        message(BLOCK.replace(PASSWORD_DIGEST, "urn:anders")),
        message(BLOCK.replace("2026-11-02T", "2026-13-02T")),
        message(BLOCK.replace("Z</wsu:Created>", "</wsu:Created>")),
        message(BLOCK.replace("<wsse:Security ", '<wsse:Security soap:actor="http://elders.example/" ')),
        b"<a/>",
        message("").replace(b"<soap:Body>", f"<soap:Body>{BLOCK}".encode()),
    ],
    ids=range(13),
)
def test_what_is_not_exactly_one_token_for_the_hub_is_not_admitted(body: bytes) -> None:
    """Two of anything would leave it to chance which one was checked; in the body it is no header."""
    assert reason(body) != ""


def test_a_block_for_whoever_is_next_is_for_the_hub() -> None:
    """Beside one that is for somebody else."""
    elsewhere = BLOCK.replace("<wsse:Security ", '<wsse:Security soap:actor="http://elders.example/" ')
    next_ = made().replace("<wsse:Security ", '<wsse:Security soap:actor="http://schemas.xmlsoap.org/soap/actor/next" ')

    assert reason(message(elsewhere + next_)) == ""


def test_no_reason_holds_anything_of_the_message() -> None:
    """Reasons go to the log."""
    assert PASSWORD not in reason(message(made(password=PASSWORD + "x", digest=False)))


def test_the_parser_is_the_hardened_one() -> None:
    """A DTD is refused before anything is looked at."""
    with pytest.raises(MessageRefused, match="DOCTYPE"):
        a_gate().admit_message(b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', XML, BEGIN)


@given(user=st.text(max_size=20), password=st.text(max_size=20), nonce=st.text(max_size=30), when=st.text(max_size=30))
def test_no_input_is_more_than_refused(user: str, password: str, nonce: str, when: str) -> None:
    """Whatever stands there: never another error, never admitted."""
    root = etree.fromstring(message(made()))
    for name, text in {
        f"{{{WSSE}}}Username": user,
        f"{{{WSSE}}}Password": password,
        f"{{{WSSE}}}Nonce": nonce,
        f"{{{WSU}}}Created": when,
    }.items():
        for each in root.iter(name):
            try:
                each.text = text
            except ValueError:
                each.text = "x"

    assert reason(etree.tostring(root)) != ""


def test_the_message_itself_is_still_there_to_read() -> None:
    """Looking at the header changes nothing."""
    body = message(made())
    a_gate().admit_message(body, XML, BEGIN)

    assert envelope.read(etree.fromstring(body)).body.tag == "a"
