"""Who may send: the checks of one inbound connection, done on whoever comes with a message.

What needs only the connection and the headers is checked before anything of the message is taken in; what stands in
the message (WS-Security) before anything else of it is read. Whoever is not admitted is told just that: which check
failed, and why, stands in the log. It refuses to know HTTP servers and proxies: it is given a `Caller`.
"""

from __future__ import annotations

from base64 import b64decode
from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address
from typing import NamedTuple

from hub.config import policy
from hub.config.access import Addresses, ApiKey, Basic, Check, MutualTls, WsSecurity
from hub.config.connection import Connection
from hub.config.settings import Settings
from hub.errors import ConfigurationWrong, MessageRefused
from hub.ports.contracts import MessageRefusal
from hub.security.certificate import read_certificate, read_issuers
from hub.security.secret import same
from hub.wire import xml
from hub.wire.soap import wsse

# StUF 03.01 table 8.1: of the codes that a receipt (Fo02 as well as Fo03) may have, the one for a sender who is not
# known. StUF052 (not authorised) may not stand in an Fo03.
_CODE = "StUF013"

_certificate = lru_cache(policy.CERTIFICATES_RECENT_MAX)(read_certificate)


class Caller(NamedTuple):
    """Who comes: its address where that is known, the client certificate it showed (DER or PEM), its headers."""

    address: IPv4Address | IPv6Address | None
    certificate: bytes
    headers: Mapping[str, str]


class Denial(NamedTuple):
    """Why somebody is not admitted: the kind of check, the reason for the log, the status for HTTP."""

    check: str
    reason: str
    status: int = 403

    @property
    def refusal(self) -> MessageRefusal:
        """What the sender is told."""
        return MessageRefusal(_CODE, "the sender is not admitted to this connection", "", 0, self.status)


class NotAdmitted(MessageRefused):
    """The message itself shows that its sender may not send here."""

    def __init__(self, denial: Denial) -> None:
        told = denial.refusal
        super().__init__(told.reason, code=told.code, status=told.status)
        self.denial = denial


class Gate:
    """The checks of one connection."""

    def __init__(self, connection: Connection) -> None:
        """Make them; raises ConfigurationWrong when a file that they need cannot be read."""
        access = connection.access or ()
        # The cheap ones first; a password is only asked of who comes from the right place with the right certificate.
        order = (Addresses, MutualTls, ApiKey, Basic)
        checks = sorted((each for each in access if isinstance(each, order)), key=lambda each: order.index(type(each)))
        self._of_caller = [_check(each) for each in checks]
        self._of_message = next((each for each in access if isinstance(each, WsSecurity)), None)
        self._used: OrderedDict[bytes, datetime] = OrderedDict()
        self._sender = _proved(access, connection.connection)

    @property
    def sender(self) -> str:
        """Who it is that gets past the checks: an OIN, a name, or who has the key of this connection.

        Empty where they prove nothing: an address says where somebody is, and not who. A connection lets one sender in
        (ADR 0012), so this needs no caller.
        """
        return self._sender

    def admit(self, caller: Caller, now: datetime) -> Denial | None:
        """Check what is known before the message; None when all is well."""
        for check in self._of_caller:
            if denial := check(caller, now):
                return denial
        return None

    def admit_message(self, body: bytes, headers: Mapping[str, str], now: datetime) -> None:
        """Check what stands in the message itself; raises NotAdmitted, or MessageRefused when it is no XML."""
        rule = self._of_message
        if rule is None:
            return
        judged = wsse.judge(
            xml.parse(body, charset=xml.http_charset(headers.get("content-type", ""))),
            user=rule.user,
            password=rule.password.get_secret_value(),
            timestamp_required=rule.timestamp == "required",
            now=now,
        )
        if isinstance(judged, wsse.Unrecognised):
            raise NotAdmitted(Denial(rule.kind, judged.reason))
        if judged.once and not self._is_new(judged, now):
            raise NotAdmitted(Denial(rule.kind, "the nonce was used before"))

    def _is_new(self, judged: wsse.Recognised, now: datetime) -> bool:
        """Remember a nonce for as long as it could be used again. Only who knows the password gets this far."""
        while self._used and (len(self._used) >= policy.WSSE_NONCES_MAX or next(iter(self._used.values())) < now):
            self._used.popitem(last=False)
        if judged.once in self._used:
            return False
        self._used[judged.once] = judged.until
        return True


def unguarded(connection: Connection, settings: Settings) -> ConfigurationWrong | None:
    """Say what is wrong when a connection asks for a client certificate that nobody could show it."""
    if not any(isinstance(each, MutualTls) for each in connection.access or ()):
        return None
    if settings.tls_client_ca or (settings.trusted_proxies and settings.client_certificate_header):
        return None
    place = connection.place_of("access")
    return ConfigurationWrong(
        "mutual-tls, but the hub takes no client certificates",
        file=place.file,
        line=place.line,
        column=place.column,
        advice="set ZAAKHUB_TLS_CLIENT_CA, or ZAAKHUB_TRUSTED_PROXIES with ZAAKHUB_CLIENT_CERTIFICATE_HEADER",
    )


def _proved(access: tuple[Check, ...], connection: str) -> str:
    """Name who passes all of these checks, by the strongest of them."""
    for each in access:
        if isinstance(each, MutualTls):
            return each.oin
    for each in access:
        if isinstance(each, Basic | WsSecurity):
            return each.user
    return connection if any(isinstance(each, ApiKey) for each in access) else ""


_OfCaller = Callable[[Caller, datetime], Denial | None]


def _check(rule: Check) -> _OfCaller:
    match rule:
        case Addresses():
            return _addresses(rule)
        case MutualTls():
            return _mutual_tls(rule)
        case ApiKey():
            return _api_key(rule)
        case Basic():
            return _basic(rule)
        case _:
            raise AssertionError(rule.kind)


def _addresses(rule: Addresses) -> _OfCaller:
    def check(caller: Caller, _now: datetime) -> Denial | None:
        if caller.address is None:
            return Denial(rule.kind, "the address is not known")
        allowed = any(caller.address in network for network in rule.allow)
        return None if allowed else Denial(rule.kind, "the address is not one of those that may send")

    return check


def _mutual_tls(rule: MutualTls) -> _OfCaller:
    issuers = read_issuers(rule.issuers) if rule.issuers else None

    def check(caller: Caller, now: datetime) -> Denial | None:
        shown = _certificate(caller.certificate) if caller.certificate else None
        if shown is None:
            return Denial(rule.kind, "no client certificate")
        if not shown.is_valid_at(now):
            return Denial(rule.kind, "the certificate is not valid now")
        if shown.oin != rule.oin:
            return Denial(rule.kind, "the OIN in the certificate is another" if shown.oin else "there is no OIN in it")
        if issuers is not None and not shown.is_issued_by(issuers):
            return Denial(rule.kind, "the certificate was issued by another authority")
        return None

    return check


def _api_key(rule: ApiKey) -> _OfCaller:
    def check(caller: Caller, _now: datetime) -> Denial | None:
        given = caller.headers.get(rule.header.lower(), "")
        right = same(given.encode("latin-1", "replace"), rule.key.get_secret_value())
        return None if right else Denial(rule.kind, "the key is missing or wrong")

    return check


def _basic(rule: Basic) -> _OfCaller:
    def check(caller: Caller, _now: datetime) -> Denial | None:
        scheme, _, pair = caller.headers.get("authorization", "").partition(" ")
        try:
            given = b64decode(pair.strip(), validate=True) if scheme.lower() == "basic" else b""
        except ValueError:
            given = b""
        user, _, password = given.partition(b":")
        # RFC 7617 leaves the charset open: UTF-8, and what older clients write.
        right = same(user, rule.user) | same(_from_latin(user), rule.user)
        right &= same(password, rule.password.get_secret_value()) | same(
            _from_latin(password), rule.password.get_secret_value()
        )
        return None if right else Denial(rule.kind, "the name or the password is missing or wrong", 401)

    return check


def _from_latin(given: bytes) -> str:
    return given.decode("latin-1")
