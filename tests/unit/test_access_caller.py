"""Who comes, behind which proxies: a header is believed of nobody else."""

from __future__ import annotations

from base64 import b64encode
from typing import Any
from urllib.parse import quote

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from hub.config.settings import Settings
from hub.errors import ConfigurationWrong
from hub.flow.gate import Caller
from hub.ingress.caller import caller_of
from hub.security.certificate import read_certificate
from tests.support.pki import OIN, OTHER_OIN, authorities

PROXY = "10.0.0.1"
BEHIND = Settings.read(
    {"ZAAKHUB_TRUSTED_PROXIES": f"{PROXY}, 10.9.0.0/16", "ZAAKHUB_CLIENT_CERTIFICATE_HEADER": "X-Client-Certificate"}
)


def caller(peer: str | None, *headers: tuple[str, str], settings: Settings = BEHIND, shown: str = "") -> Caller:
    raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers]
    scope: dict[str, Any] = {"headers": raw, "client": (peer, 4711) if peer else None}
    if shown:
        scope["extensions"] = {"tls": {"client_cert_chain": [shown]}}
    return caller_of(scope, {name.decode(): value.decode("latin-1") for name, value in raw}, settings)


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("203.0.113.9", [], "203.0.113.9"),
        ("203.0.113.9", ["192.0.2.1"], "203.0.113.9"),
        (PROXY, [], PROXY),
        (PROXY, ["192.0.2.1"], "192.0.2.1"),
        (PROXY, ["198.51.100.7, 192.0.2.1"], "192.0.2.1"),
        (PROXY, ["198.51.100.7", "192.0.2.1"], "192.0.2.1"),
        (PROXY, ["192.0.2.1, 10.9.8.7"], "192.0.2.1"),
        (PROXY, ["192.0.2.1:5000"], "192.0.2.1"),
        (PROXY, ["[2001:db8::1]:5000"], "2001:db8::1"),
        (PROXY, ["2001:db8::1"], "2001:db8::1"),
        (f"::ffff:{PROXY}", ["::ffff:192.0.2.1"], "192.0.2.1"),
        (PROXY, ["192.0.2.1, onzin"], None),
        (PROXY, [""], None),
        (None, ["192.0.2.1"], None),
    ],
)
def test_the_address_is_that_of_whoever_came_to_our_own_proxy(
    peer: str | None, forwarded: list[str], address: str | None
) -> None:
    """Read from the right: what stands further left the sender may have written itself."""
    found = caller(peer, *(("X-Forwarded-For", each) for each in forwarded)).address

    assert (None if found is None else str(found)) == address


SENDER = authorities().sender(OIN)
PEM = SENDER.alone.decode()
DER = b64encode(SENDER.certificate.public_bytes(Encoding.DER)).decode()


@pytest.mark.parametrize(
    "written",
    [
        quote(PEM),
        PEM.replace("\n", " "),
        PEM.replace("\n", "\t"),
        DER,
        f":{DER}:",
        quote(DER),
        f"{DER},{DER}",
        quote(PEM + authorities().domain.alone.decode()),
    ],
    ids=["nginx", "apache", "tabs", "haproxy", "rfc9440", "traefik", "traefik-chain", "nginx-chain"],
)
def test_a_trusted_proxy_passes_the_certificate_on(written: str) -> None:
    """However the proxy at hand writes it."""
    shown = read_certificate(caller(PROXY, ("X-Client-Certificate", written)).certificate)

    assert shown is not None
    assert shown.oin == OIN


def test_a_certificate_in_a_header_of_anybody_else_is_no_certificate() -> None:
    """Also when the real one was shown to the hub itself: then that one counts."""
    other = authorities().sender(OTHER_OIN).alone.decode()
    pretended = ("X-Client-Certificate", quote(PEM))

    assert caller("203.0.113.9", pretended).certificate == b""
    assert caller("203.0.113.9", pretended, shown=other).certificate == other.encode()
    assert caller(PROXY, pretended, settings=Settings()).certificate == b""


def test_two_certificates_in_headers_are_none() -> None:
    """One of them the sender wrote itself."""
    assert caller(PROXY, ("X-Client-Certificate", DER), ("X-Client-Certificate", DER)).certificate == b""


@pytest.mark.parametrize("written", ["", "%", "onzin!", "-----BEGIN CERTIFICATE-----", "é"])
def test_what_cannot_be_read_is_none(written: str) -> None:
    """And never an error."""
    assert read_certificate(caller(PROXY, ("X-Client-Certificate", written)).certificate) is None


def test_a_proxys_own_certificate_is_not_the_senders() -> None:
    """A proxy that shows one to the hub shows its own."""
    assert caller(PROXY, shown=PEM).certificate == b""


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"ZAAKHUB_TRUSTED_PROXIES": "proxy.example"}, "ZAAKHUB_TRUSTED_PROXIES: must be an address or a network"),
        ({"ZAAKHUB_CLIENT_CERTIFICATE_HEADER": "X-C"}, "of no use without ZAAKHUB_TRUSTED_PROXIES"),
        ({"ZAAKHUB_TLS_CERTIFICATE": "c.pem"}, "ZAAKHUB_TLS_KEY: is missing"),
        ({"ZAAKHUB_TLS_KEY": "c.key"}, "of no use without ZAAKHUB_TLS_CERTIFICATE"),
        ({"ZAAKHUB_TLS_CLIENT_CA": "ca.pem"}, "of no use without ZAAKHUB_TLS_CERTIFICATE"),
        (
            {"ZAAKHUB_TRUSTED_PROXIES": "10.0.0.1", "ZAAKHUB_CLIENT_CERTIFICATE_HEADER": "X C"},
            "must be the name of a header",
        ),
    ],
)
def test_settings_that_do_not_fit_together_are_told(environ: dict[str, str], said: str) -> None:
    """Half a configuration would look safe."""
    with pytest.raises(ConfigurationWrong) as caught:
        Settings.read(environ)

    assert said in str(caught.value)
