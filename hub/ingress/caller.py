"""Who comes with a request, from what the server and the proxies before it say.

It knows ASGI and proxy headers. A header is believed only when it comes from an address in ZAAKHUB_TRUSTED_PROXIES:
anybody can write one. It refuses to know who may send (`hub.flow.gate`).
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any
from urllib.parse import unquote_to_bytes

from hub.config import policy
from hub.config.settings import Settings
from hub.flow.gate import Caller

Address = IPv4Address | IPv6Address

_AROUND = re.compile(rb"-----(?:BEGIN|END) CERTIFICATE-----|\s")
_LAST = re.compile(rb",|-----END CERTIFICATE-----")


def caller_of(scope: Mapping[str, Any], headers: Mapping[str, str], settings: Settings) -> Caller:
    """Say who comes; `headers` has lower-case names."""
    client = scope.get("client")
    peer = _address(client[0]) if client else None
    if peer is None or not _is_proxy(peer, settings):
        return Caller(peer, _shown(scope), headers)
    address = _behind(peer, _values(scope, b"x-forwarded-for"), settings)
    name = settings.client_certificate_header.lower().encode()
    certificate = _passed_on(_values(scope, name)) if name else _shown(scope)
    return Caller(address, certificate, headers)


def _shown(scope: Mapping[str, Any]) -> bytes:
    """Give what the sender showed to the hub itself (ASGI TLS extension)."""
    chain = scope.get("extensions", {}).get("tls", {}).get("client_cert_chain") or ("",)
    return str(next(iter(chain))).encode()


def _passed_on(values: list[bytes]) -> bytes:
    """Give the certificate in a header: two headers would be the sender's own beside that of the proxy.

    Proxies write it as escaped PEM (nginx), PEM without its first and last line (Traefik), or base64 of the DER
    (HAProxy; RFC 9440 between colons). Where a chain follows, the sender's own stands first.
    """
    if len(values) != 1:
        return b""
    first = _LAST.split(unquote_to_bytes(values[0]), maxsplit=1)[0]
    try:
        return b64decode(_AROUND.sub(b"", first).strip(b":"), validate=True)
    except ValueError:
        return b""


def _behind(peer: Address, forwarded: list[bytes], settings: Settings) -> Address | None:
    """Go back from the proxy to the first address that is none of ours; what cannot be read is nobody."""
    hops = [each for value in forwarded for each in value.decode("latin-1").split(",")]
    found: Address | None = peer
    for hop in list(reversed(hops))[: policy.PROXIES_MAX]:
        found = _address(hop.strip())
        if found is None or not _is_proxy(found, settings):
            return found
    return found


def _is_proxy(address: Address, settings: Settings) -> bool:
    return any(address in network for network in settings.trusted_proxies)


def _address(text: str) -> Address | None:
    """Read an address; some proxies write its port, and a socket for both versions writes IPv4 as IPv6."""
    found = re.fullmatch(r"\[([^\]]+)\](?::\d+)?|([\d.]+):\d+|(.+)", text)
    try:
        address = ip_address(next(part for part in found.groups() if part).partition("%")[0]) if found else None
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _values(scope: Mapping[str, Any], name: bytes) -> list[bytes]:
    return [value for each, value in scope["headers"] if each == name]
