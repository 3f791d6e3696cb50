"""Who may in: the JWT of the ZGW APIs, and the coordinate system of the Zaken API.

Source: ZGW "Authenticatie en autorisatie" (HS256, claims iat and client_id); Zaken API 1.5.1 headers Accept-Crs and
Content-Crs. Open Zaak answers 403 where HTTP would say 401.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from adapters.zgw.simulator.exchange import Refusal

JWT_EXPIRY_S = 3600
"""Open Zaak JWT_EXPIRY: a token older than an hour is refused."""
JWT_LEEWAY_S = 0
"""Open Zaak TIME_LEEWAY, its default: a token from the future is refused however small the drift."""
CRS = "EPSG:4326"
_TOKENS_MAX = 1000
"""Verified tokens remembered: a client renews its token every few minutes."""


class Access:
    """Checks tokens of one client."""

    def __init__(self, client_id: str, secret: str) -> None:
        """Take the credentials that are known here."""
        self._client_id = client_id
        self._secret = secret.encode()
        self._issued: dict[str, float] = {}

    def demand(self, headers: Mapping[str, str], now: datetime) -> None:
        """Let the request in or raise Refusal (403)."""
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme != "Bearer" or not token:
            raise Refusal(403, "not_authenticated", "Authenticatiegegevens zijn niet opgegeven.")
        issued = self._issued.get(token)
        if issued is None:
            issued = self._verified(token)
            if len(self._issued) >= _TOKENS_MAX:
                self._issued.clear()
            self._issued[token] = issued
        age_s = now.timestamp() - issued
        if age_s < -JWT_LEEWAY_S - 1:  # iat is in whole seconds
            raise Refusal(403, "jwt-not-yet-valid", "The token is not yet valid (iat)")
        if age_s > JWT_EXPIRY_S + JWT_LEEWAY_S:
            raise Refusal(403, "jwt-expired", "Het token is verlopen.")

    def _verified(self, token: str) -> float:
        signed, _, signature = token.rpartition(".")
        head, _, payload = signed.partition(".")
        header, claims = _decoded(head), _decoded(payload)
        client_id = claims.get("client_id")
        if client_id is None:
            raise Refusal(403, "missing-client-identifier", "Client identifier is niet aanwezig in JWT")
        if client_id != self._client_id:
            raise Refusal(403, "invalid-client-identifier", "Client identifier bestaat niet")
        expected = hmac.digest(self._secret, signed.encode(), hashlib.sha256)
        if header.get("alg") != "HS256" or not hmac.compare_digest(expected, _bytes(signature)):
            raise Refusal(403, "invalid-jwt-signature", "Client credentials zijn niet geldig")
        issued = claims.get("iat")
        if not isinstance(issued, int | float) or isinstance(issued, bool):
            raise Refusal(403, "jwt-missing-iat", "Het token heeft geen `iat`.")
        return float(issued)


def demand_crs(method: str, headers: Mapping[str, str]) -> None:
    """Check the CRS headers of /zaken: absent is 412, another system 406."""
    wanted = ["accept-crs"] if method != "DELETE" else []
    if method in {"POST", "PUT", "PATCH"}:
        wanted.insert(0, "content-crs")
    for name in wanted:
        given = headers.get(name)
        if given is None:
            raise Refusal(412, "precondition_failed", f"'{name.title()}' header ontbreekt")
        if given != CRS:
            raise Refusal(406, "not_acceptable", "CRS is niet ondersteund")


def _decoded(text: str) -> dict[str, Any]:
    try:
        found = orjson.loads(_bytes(text))
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        raise Refusal(403, "jwt-decode-error", "JWT could not be decoded.")
    return found


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise Refusal(403, "jwt-decode-error", "JWT could not be decoded.") from None
