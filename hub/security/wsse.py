"""The WS-Security header block with which one side makes itself known: UsernameToken and Timestamp.

Sources: WS-Security SOAP Message Security 1.1 (OASIS, 2006) §10; UsernameToken Profile 1.1 §3. It knows how one is
written. How one of somebody else is read and judged stands in `hub.wire.soap.wsse`.
"""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime, timedelta
from hashlib import sha1
from secrets import token_bytes
from xml.sax.saxutils import escape

_OASIS = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss"
WSSE = f"{_OASIS}-wssecurity-secext-1.0.xsd"
WSU = f"{_OASIS}-wssecurity-utility-1.0.xsd"
PASSWORD_TEXT = f"{_OASIS}-username-token-profile-1.0#PasswordText"
PASSWORD_DIGEST = f"{_OASIS}-username-token-profile-1.0#PasswordDigest"
BASE64_BINARY = f"{_OASIS}-soap-message-security-1.0#Base64Binary"

_NONCE_BYTES = 16


def password_digest(nonce: bytes, created: str, password: str) -> str:
    """Give Base64(SHA-1(nonce + created + password)): UsernameToken Profile §3.1 prescribes SHA-1."""
    return b64encode(sha1(nonce + created.encode() + password.encode()).digest()).decode()  # noqa: S324 - see above


def write(user: str, password: str, *, digest: bool, now: datetime, life_s: int) -> str:
    """Write the header block for one message, with a nonce of its own; it is right from `now` for `life_s` seconds."""
    nonce = token_bytes(_NONCE_BYTES)
    created = _instant(now)
    kind, said = (
        (PASSWORD_DIGEST, password_digest(nonce, created, password)) if digest else (PASSWORD_TEXT, escape(password))
    )
    return (
        f'<wsse:Security xmlns:wsse="{WSSE}" xmlns:wsu="{WSU}">'
        f"<wsu:Timestamp><wsu:Created>{created}</wsu:Created>"
        f"<wsu:Expires>{_instant(now + timedelta(seconds=life_s))}</wsu:Expires></wsu:Timestamp>"
        f"<wsse:UsernameToken><wsse:Username>{escape(user)}</wsse:Username>"
        f'<wsse:Password Type="{kind}">{said}</wsse:Password>'
        f'<wsse:Nonce EncodingType="{BASE64_BINARY}">{b64encode(nonce).decode()}</wsse:Nonce>'
        f"<wsu:Created>{created}</wsu:Created></wsse:UsernameToken></wsse:Security>"
    )


def _instant(at: datetime) -> str:
    """Write a time in UTC with milliseconds, as every stack reads it."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"
