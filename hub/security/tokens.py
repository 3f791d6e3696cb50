"""What a provider of identities says of somebody, read from its signed tokens (OpenID Connect, RFC 7519, RFC 9068).

It knows which signatures count, and what must hold before a word of a token is believed. Pure: keys and time are given.
It refuses to know who may do what, and repeats nothing of a token in an error.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from hmac import compare_digest
from typing import Any, NamedTuple

import jwt
import orjson
from jwt import PyJWK, PyJWS

from hub.errors import NotIdentified

ALGORITHMS = frozenset({"RS256", "PS256", "ES256"})
"""Asymmetric ones only: `none` proves nothing, and with HS256 whoever knows a public key could sign."""

_KINDS = {"RS256": "RSA", "PS256": "RSA", "ES256": "EC"}
_OF_ACCESS_TOKENS = frozenset({"", "jwt", "at+jwt", "application/at+jwt"})
_ONLY_IN_ID_TOKENS = ("nonce", "at_hash", "c_hash")

Claims = dict[str, Any]


class SigningKey(NamedTuple):
    """One public key of the provider; `algorithm` is empty where it does not say for which one it is."""

    key_id: str
    kind: str
    algorithm: str
    jwk: Mapping[str, Any]


class UnknownKey(NotIdentified):
    """The token is signed with a key that the provider may have had since we last asked."""

    def __init__(self) -> None:
        super().__init__("the token is signed with a key that the provider does not have", code="token")


def read_keys(said: object) -> tuple[SigningKey, ...]:
    """Read a JWK set: the public keys for signatures in it, and nothing else."""
    listed = said.get("keys") if isinstance(said, dict) else None
    return tuple(
        SigningKey(str(each.get("kid", "")), str(each.get("kty", "")), str(each.get("alg", "")), each)
        for each in (listed if isinstance(listed, list) else ())
        if isinstance(each, dict) and each.get("use", "sig") == "sig" and each.get("kty") in _KINDS.values()
    )


class Expected(NamedTuple):
    """What every token must say: by whom, for whom, and now."""

    issuer: str
    audience: str
    now: datetime
    skew_s: float


def read_id_token(token: str, keys: Iterable[SigningKey], expected: Expected, *, nonce: str) -> Claims:
    """Give what the provider says of who logged in; raises NotIdentified (UnknownKey when another key may help)."""
    claims = _claims(token, keys, expected)[1]
    # OpenID Connect Core §3.1.3.7.
    if not compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise _refused("is of another login")
    if claims.get("azp", expected.audience) != expected.audience:
        raise _refused("was given out to another application")
    return claims


def read_access_token(token: str, keys: Iterable[SigningKey], expected: Expected) -> Claims:
    """Give what the provider says of who brings a bearer token; raises NotIdentified (see `read_id_token`)."""
    header, claims = _claims(token, keys, expected)
    kind = str(header.get("typ", "")).lower()
    # An ID token has the same audience: whoever gets hold of one may not act with it.
    if (
        kind not in _OF_ACCESS_TOKENS
        or str(claims.get("typ", "Bearer")).lower() != "bearer"
        or any(name in claims for name in _ONLY_IN_ID_TOKENS)
    ):
        raise _refused("is no access token")
    return claims


def ends_at(claims: Claims) -> float:
    """Give when a token that was read ends, in seconds since 1970."""
    return float(claims["exp"])


def _claims(token: str, keys: Iterable[SigningKey], expected: Expected) -> tuple[Mapping[str, Any], Claims]:
    try:
        header = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError):
        raise _refused("cannot be read") from None
    key = _key_for(header, keys)
    try:
        public = PyJWK(dict(key.jwk), algorithm=header["alg"])
        verified = PyJWS().decode_complete(token, key=public, algorithms=[header["alg"]])
    except (jwt.PyJWTError, ValueError, TypeError):
        raise _refused("has a signature that is not the provider's") from None
    try:
        claims = orjson.loads(verified["payload"])
    except orjson.JSONDecodeError:
        claims = None
    if not isinstance(claims, dict):
        raise _refused("cannot be read")
    _check(claims, expected)
    return header, claims


def _key_for(header: Mapping[str, Any], keys: Iterable[SigningKey]) -> SigningKey:
    algorithm = header.get("alg")
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
        raise _refused("is not signed in a way that counts")
    if "crit" in header:
        raise _refused("asks for something that the hub does not know")
    fitting = [each for each in keys if each.kind == _KINDS[algorithm] and each.algorithm in {"", algorithm}]
    named = [each for each in fitting if each.key_id == header.get("kid", each.key_id)]
    if len(named) != 1:
        raise UnknownKey
    return named[0]


def _check(claims: Claims, expected: Expected) -> None:
    now, skew_s = expected.now.timestamp(), expected.skew_s
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    if claims.get("iss") != expected.issuer:
        raise _refused("is of another issuer")
    if expected.audience not in audiences:
        raise _refused("is meant for another application")
    if not _is_time(claims.get("exp")) or claims["exp"] + skew_s <= now:
        raise _refused("has expired")
    for name in ("iat", "nbf"):
        if name in claims and (not _is_time(claims[name]) or claims[name] - skew_s > now):
            raise _refused("is not valid yet: the clocks of hub and provider differ")
    if not isinstance(claims.get("sub"), str) or not claims["sub"]:
        raise _refused("says nothing of who it is about")


def _is_time(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1 << 40


def _refused(what: str) -> NotIdentified:
    return NotIdentified(f"the token {what}", code="token", advice="log in again, or get a new token")
