"""Who is admitted and who is not, check by check, without a network."""

from __future__ import annotations

from base64 import b64encode
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from hub.config.connection import Connection
from hub.config.settings import Settings
from hub.errors import ConfigurationWrong
from hub.flow.gate import Caller, Denial, Gate, unguarded
from tests.support.pki import DAY, NOW, OIN, OTHER_OIN, authorities

BASIC = {"kind": "basic", "user": "formulieren", "password": "geheim-é"}
STRANGER = Caller(ip_address("203.0.113.9"), b"", {})


def connection(access: object) -> Connection:
    return Connection.model_validate(
        {"connection": "formulieren", "direction": "inbound", "adapter": "stuf_zds", "access": access}
    )


def denial(access: object, caller: Caller = STRANGER) -> Denial | None:
    return Gate(connection(access)).admit(caller, NOW)


def from_address(text: str) -> Caller:
    return Caller(ip_address(text), b"", {})


def with_header(name: str, value: str) -> Caller:
    return Caller(None, b"", {name: value})


def with_certificate(shown: bytes) -> Caller:
    return Caller(None, shown, {})


def basic(user: str, password: str, *, charset: str = "utf-8") -> str:
    return "Basic " + b64encode(f"{user}:{password}".encode(charset)).decode()


def test_none_admits_anybody() -> None:
    """It has to be written: leaving access out stops the start."""
    assert denial({"kind": "none"}) is None
    with pytest.raises(ValueError, match="is missing"):
        connection(None)


@pytest.mark.parametrize(
    ("address", "admitted"),
    [("10.1.2.3", True), ("10.2.0.1", False), ("192.0.2.7", True), ("2001:db8::1", True), ("2001:db9::1", False)],
)
def test_addresses_are_those_of_the_networks(address: str, *, admitted: bool) -> None:
    """One address, a network, and both versions of IP."""
    allowed = {"kind": "addresses", "allow": ["10.1.0.0/16", "192.0.2.7", "2001:db8::/32"]}

    assert (denial(allowed, from_address(address)) is None) is admitted


def test_an_address_that_is_not_known_is_not_admitted() -> None:
    """A proxy that says something unreadable is no way in."""
    assert denial({"kind": "addresses", "allow": ["0.0.0.0/0"]}, Caller(None, b"", {})) is not None


@pytest.mark.parametrize("charset", ["utf-8", "latin-1"])
def test_basic_takes_the_name_and_password_in_either_charset(charset: str) -> None:
    """RFC 7617 leaves it open, and older clients write Latin-1."""
    given = basic("formulieren", "geheim-é", charset=charset)

    assert denial(BASIC, with_header("authorization", given)) is None
    assert denial(BASIC, with_header("authorization", given.replace("Basic", "basic"))) is None


@pytest.mark.parametrize(
    "given",
    [
        "",
        "Basic",
        "Basic !!!",
        "Basic é",
        basic("formulieren", "geheim"),
        basic("formulieren", ""),
        basic("Formulieren", "geheim-é"),
        basic("", "geheim-é"),
        basic("formulieren", "geheim-é") + "A",
        "Bearer " + basic("formulieren", "geheim-é").split()[1],
        basic("formulieren", "geheim-é" * 1000),
    ],
)
def test_anything_else_is_not_admitted_and_says_no_more(given: str) -> None:
    """A wrong name and a wrong password give the very same answer."""
    found = denial(BASIC, with_header("authorization", given))

    assert found == Denial("basic", "the name or the password is missing or wrong", 401)


def test_an_api_key_is_the_whole_text_of_its_header() -> None:
    """What a webhook was told to send."""
    rule = {"kind": "api-key", "key": "Bearer abc"}

    assert denial(rule, with_header("authorization", "Bearer abc")) is None
    assert denial(rule, with_header("authorization", "abc")) is not None
    assert denial(rule) is not None
    assert denial({**rule, "header": "X-Key"}, with_header("x-key", "Bearer abc")) is None


def test_a_certificate_with_the_oin_of_the_connection_is_admitted() -> None:
    """In PEM, as the server gives it, and in DER, as a proxy does."""
    sender = authorities().sender(OIN)
    rule = {"kind": "mutual-tls", "oin": OIN}

    assert denial(rule, with_certificate(sender.alone)) is None
    assert denial(rule, with_certificate(sender.certificate.public_bytes(Encoding.DER))) is None


@pytest.mark.parametrize(
    ("oins", "reason"),
    [
        ((OTHER_OIN,), "the OIN in the certificate is another"),
        ((), "there is no OIN in it"),
        ((OIN, OIN), "there is no OIN in it"),
        ((OIN[1:],), "there is no OIN in it"),
    ],
)
def test_another_oin_or_none_is_not_admitted(oins: tuple[str, ...], reason: str) -> None:
    """Two serial numbers are none: it would be anybody's choice which one counts."""
    found = denial({"kind": "mutual-tls", "oin": OIN}, with_certificate(authorities().sender(*oins).alone))

    assert found == Denial("mutual-tls", reason)


@pytest.mark.parametrize("shown", [b"", b"-----BEGIN CERTIFICATE-----\nAAAA\n", b"\x30\x00", b"no certificate"])
def test_what_is_no_certificate_is_none(shown: bytes) -> None:
    """Nothing is read into it."""
    assert denial({"kind": "mutual-tls", "oin": OIN}, with_certificate(shown)) == Denial(
        "mutual-tls", "no client certificate"
    )


@pytest.mark.parametrize(
    ("begins", "ends"), [(NOW - 3 * DAY, NOW - timedelta(minutes=1)), (NOW + timedelta(minutes=1), NOW + DAY)]
)
def test_a_certificate_that_is_not_valid_now_is_not_admitted(begins: Any, ends: Any) -> None:  # noqa: ANN401 - pytest
    """A connection may live longer than the certificate it began with."""
    shown = authorities().sender(OIN, begins=begins, ends=ends).alone

    assert denial({"kind": "mutual-tls", "oin": OIN}, with_certificate(shown)) == Denial(
        "mutual-tls", "the certificate is not valid now"
    )


def test_a_connection_may_trust_fewer_authorities_than_the_hub(tmp_path: Path) -> None:
    """Another authority that the hub takes for another sender cannot give out this one's OIN, whatever its name."""
    ours, namesake = authorities(), authorities.__wrapped__()
    (tmp_path / "issuers.pem").write_bytes(ours.root.alone + ours.domain.alone)
    rule = {"kind": "mutual-tls", "oin": OIN, "issuers": str(tmp_path / "issuers.pem")}

    assert denial(rule, with_certificate(ours.sender(OIN).alone)) is None
    assert denial(rule, with_certificate(namesake.sender(OIN).alone)) == Denial(
        "mutual-tls", "the certificate was issued by another authority"
    )


@pytest.mark.parametrize("content", [None, b"", b"no PEM"])
def test_a_file_of_issuers_that_cannot_be_used_stops_the_start(tmp_path: Path, content: bytes | None) -> None:
    """It names the file."""
    file = tmp_path / "issuers.pem"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(ConfigurationWrong, match=r"issuers\.pem"):
        Gate(connection({"kind": "mutual-tls", "oin": OIN, "issuers": str(file)}))


def test_of_a_list_all_must_hold() -> None:
    """The right password from the wrong place is no use, and is not even looked at."""
    rules = [BASIC, {"kind": "addresses", "allow": ["10.0.0.0/8"]}]
    right = {"authorization": basic("formulieren", "geheim-é")}

    assert denial(rules, Caller(ip_address("10.0.0.1"), b"", right)) is None
    for caller, check in ((Caller(ip_address("10.0.0.1"), b"", {}), "basic"), (STRANGER, "addresses")):
        found = denial(rules, caller)
        assert found is not None
        assert found.check == check


def test_whoever_is_not_admitted_hears_the_same_whatever_failed() -> None:
    """No hint of which of name, password, certificate or address was wrong."""
    told = {
        found.refusal.reason
        for rule in (BASIC, {"kind": "mutual-tls", "oin": OIN}, {"kind": "addresses", "allow": ["10.0.0.0/8"]})
        if (found := denial(rule)) is not None
    }

    assert told == {"the sender is not admitted to this connection"}


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        {"kind": "wachtwoord"},
        {"kind": "mutual-tls"},
        {"kind": "mutual-tls", "oin": "123"},
        {"kind": "basic", "user": "a:b", "password": "c"},
        {"kind": "basic", "user": "a", "password": ""},
        {"kind": "api-key", "key": ""},
        {"kind": "api-key", "key": "a", "header": "X Key"},
        {"kind": "ws-security", "user": "a", "password": ""},
        {"kind": "addresses", "allow": []},
        {"kind": "addresses", "allow": ["10.1.2.3/16"]},
        {"kind": "addresses", "allow": ["formulieren.example"]},
        [{"kind": "none"}, BASIC],
        [BASIC, BASIC],
    ],
)
def test_access_that_cannot_be_meant_is_refused(wrong: object) -> None:
    """An empty secret, a host where an address is needed, nothing and something at once."""
    with pytest.raises(ValueError, match="access"):
        connection(wrong)


def test_access_is_for_inbound_and_a_secret_does_not_show() -> None:
    """An outbound connection calls; nobody calls it."""
    made = connection(BASIC)

    assert "geheim" not in f"{made!r} {made} {made.model_dump()}"
    with pytest.raises(ValueError, match="only for an inbound connection"):
        Connection.model_validate(
            {
                "connection": "uit",
                "direction": "outbound",
                "adapter": "zgw",
                "domain": "zaken",
                "target": {"services": {"zaken": "http://x"}},
                "access": {"kind": "none"},
            }
        )


def test_mutual_tls_without_a_way_to_show_a_certificate_is_told_at_the_start() -> None:
    """Else nobody could ever send, and nobody would know why."""
    asks = connection({"kind": "mutual-tls", "oin": OIN})
    behind_proxy = {"trusted_proxies": "10.0.0.1", "client_certificate_header": "X-Client-Certificate"}

    assert "ZAAKHUB_TLS_CLIENT_CA" in str(unguarded(asks, Settings()))
    assert unguarded(connection(BASIC), Settings()) is None
    assert unguarded(asks, Settings.model_validate(behind_proxy)) is None
