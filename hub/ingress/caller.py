"""Who comes with a request, from what the server and the proxies before it say.

It knows the TLS extension of ASGI and how proxies pass a certificate on; a header is believed only of an address in
ZAAKHUB_TRUSTED_PROXIES (`hub.wire.forwarded`). It refuses to know who may send (`hub.flow.gate`).
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_to_bytes

from hub.config.settings import Settings
from hub.flow.gate import Caller
from hub.wire.forwarded import address_of, is_among, peer_of, values

_AROUND = re.compile(rb"-----(?:BEGIN|END) CERTIFICATE-----|\s")
_LAST = re.compile(rb",|-----END CERTIFICATE-----")


def caller_of(scope: Mapping[str, Any], headers: Mapping[str, str], settings: Settings) -> Caller:
    """Say who comes; `headers` has lower-case names."""
    address = address_of(scope, settings.trusted_proxies)
    if not is_among(peer_of(scope), settings.trusted_proxies):
        return Caller(address, _shown(scope), headers)
    name = settings.client_certificate_header.lower().encode()
    certificate = _passed_on(values(scope, name)) if name else _shown(scope)
    return Caller(address, certificate, headers)


def _shown(scope: Mapping[str, Any]) -> bytes:
    """Give what the sender showed to the hub itself (ASGI TLS extension)."""
    chain = scope.get("extensions", {}).get("tls", {}).get("client_cert_chain") or ("",)
    return str(next(iter(chain))).encode()


def _passed_on(given: list[bytes]) -> bytes:
    """Give the certificate in a header: two headers would be the sender's own beside that of the proxy.

    Proxies write it as escaped PEM (nginx), PEM without its first and last line (Traefik), or base64 of the DER
    (HAProxy; RFC 9440 between colons). Where a chain follows, the sender's own stands first.
    """
    if len(given) != 1:
        return b""
    first = _LAST.split(unquote_to_bytes(given[0]), maxsplit=1)[0]
    try:
        return b64decode(_AROUND.sub(b"", first).strip(b":"), validate=True)
    except ValueError:
        return b""
