"""The WS-Security header block of a sender: read, and judged against one name and password.

Sources: WS-Security SOAP Message Security 1.1 §5 (actor) and §10 (Timestamp); UsernameToken Profile 1.1 §3 and §4. It
says what is wrong for the log of the hub; a sender is told no more than that it was not recognised. It refuses to know
which nonces were used before: it gives the one that must be new. Signatures and encryption are not looked at.
"""

from __future__ import annotations

import re
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from lxml import etree

from hub.config.policy import CLOCK_SKEW_S, WSSE_AGE_MAX_S
from hub.security.secret import same
from hub.security.wsse import PASSWORD_DIGEST, PASSWORD_TEXT, WSSE, WSU, password_digest
from hub.wire.soap.envelope import is_for_us, version_of

_AGE = timedelta(seconds=WSSE_AGE_MAX_S)
_SKEW = timedelta(seconds=CLOCK_SKEW_S)
_INSTANT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})"
).fullmatch
_NONCE_CHARS_MAX = 512
_TEXT_CHARS_MAX = 1024


class Recognised(NamedTuple):
    """The sender is who it says; `once` must be new until `until`, where the sender gave a nonce at all."""

    once: bytes
    until: datetime


class Unrecognised(NamedTuple):
    """What is wrong, in words for the log: no value of the message is in it."""

    reason: str


def judge(
    root: etree._Element, *, user: str, password: str, timestamp_required: bool, now: datetime
) -> Recognised | Unrecognised:
    """Judge the envelope of a message."""
    try:
        block = _block(root)
        _check_timestamp(block, now, required=timestamp_required)
        return _known(_only(block, WSSE, "UsernameToken"), user, password, now)
    except _Wrong as wrong:
        return Unrecognised(str(wrong))


class _Wrong(Exception):
    """Says what."""


def _block(root: etree._Element) -> etree._Element:
    version = version_of(root)
    header = None if version is None else root.find(f"{{{version.value}}}Header")
    if version is None or header is None:
        raise _Wrong("the message has no SOAP header")
    found = [each for each in header.findall(f"{{{WSSE}}}Security") if is_for_us(each, version)]
    if len(found) != 1:  # §5: no two Security blocks may be for the same actor
        raise _Wrong("there is not exactly one Security header for the hub")
    return found[0]


def _check_timestamp(block: etree._Element, now: datetime, *, required: bool) -> None:
    """Check the Timestamp (§10: at most one), where there is one or must be one."""
    if not required and block.find(f"{{{WSU}}}Timestamp") is None:
        return
    stamp = _only(block, WSU, "Timestamp")
    _check_fresh(_instant(_only(stamp, WSU, "Created")), now)
    if stamp.find(f"{{{WSU}}}Expires") is not None and _instant(_only(stamp, WSU, "Expires")) < now - _SKEW:
        raise _Wrong("the Timestamp has ended")


def _known(token: etree._Element, user: str, password: str, now: datetime) -> Recognised:
    """Compare name and password; both are always compared, in a time that says nothing of either."""
    nonce, made, created = b"", "", None
    if token.find(f"{{{WSSE}}}Nonce") is not None:
        nonce = _nonce(_only(token, WSSE, "Nonce"))
    if token.find(f"{{{WSU}}}Created") is not None:
        made, created = _text(_only(token, WSU, "Created")), _instant(_only(token, WSU, "Created"))
    given = _only(token, WSSE, "Password")
    match given.get("Type", PASSWORD_TEXT):
        case kind if kind == PASSWORD_TEXT:
            expected = password
        case kind if kind == PASSWORD_DIGEST and nonce and made:
            expected = password_digest(nonce, made, password)
        case _:
            raise _Wrong("the password is of an unknown type, or a PasswordDigest without Nonce and Created")
    right = same(_text(_only(token, WSSE, "Username")), user)
    right &= same(given.text or "", expected)
    if not right:
        raise _Wrong("the name or the password is wrong")
    if created is not None:
        _check_fresh(created, now)
    return Recognised(nonce + made.encode() if nonce else b"", (created or now) + _AGE + _SKEW)


def _check_fresh(created: datetime, now: datetime) -> None:
    if created > now + _SKEW:
        raise _Wrong("it was made in our future: see the clocks on both sides")
    if created < now - _AGE - _SKEW:
        raise _Wrong("it was made too long ago: a repetition, or a clock that is wrong")


def _only(parent: etree._Element, namespace: str, name: str) -> etree._Element:
    found = parent.findall(f"{{{namespace}}}{name}")
    if len(found) != 1:
        raise _Wrong(f"there is not exactly one {name}")
    return found[0]


def _nonce(element: etree._Element) -> bytes:
    text = _text(element)
    try:
        nonce = b64decode(text, validate=True) if len(text) <= _NONCE_CHARS_MAX else b""
    except ValueError:
        nonce = b""
    if not nonce:
        raise _Wrong("the Nonce cannot be read")
    return nonce


def _instant(element: etree._Element) -> datetime:
    """Read an xsd:dateTime with its zone; §10 asks for UTC."""
    found = _INSTANT(_text(element))
    try:
        if found:
            fraction = (found[2] or ".0")[:7]
            zoned = f"{found[1]}{fraction:0<7}{found[3].replace('Z', '+00:00')}"
            return datetime.fromisoformat(zoned).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise _Wrong("a time cannot be read")


def _text(element: etree._Element) -> str:
    text = element.text or ""
    return text.strip() if len(text) <= _TEXT_CHARS_MAX else ""
