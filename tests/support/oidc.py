"""A provider of identities that does what a test orders: right by default, wrong where a real one never is.

It is a real HTTP server on loopback with keys of its own. Whether the hub gets along with a real provider is tested
against Keycloak (`tests.support.keycloak`).
"""

from __future__ import annotations

import json
from base64 import b64decode, urlsafe_b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from hashlib import sha256
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import jwt
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from hub.clock import Clock

CLIENT_ID = "zaakhub"
SECRET = "een-verzonnen-geheim"

_RSA = [rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(3)]
_EC = ec.generate_private_key(ec.SECP256R1())


class Key(NamedTuple):
    """A key of the provider."""

    key_id: str
    algorithm: str
    private: Any

    @property
    def jwk(self) -> dict[str, Any]:
        """Give what the provider publishes of it."""
        kind = ECAlgorithm if self.algorithm.startswith("ES") else RSAAlgorithm
        public = json.loads(kind.to_jwk(self.private.public_key()))
        return {**public, "kid": self.key_id, "alg": self.algorithm, "use": "sig"}


FIRST, SECOND, STRANGE = (Key(name, "RS256", key) for name, key in zip(("one", "two", "one"), _RSA, strict=True))
ELLIPTIC = Key("ec", "ES256", _EC)


class Granted(NamedTuple):
    """What a code stands for."""

    asked: dict[str, str]
    claims: dict[str, Any]


class FakeProvider:
    """See the module. A test changes `keys`, `metadata`, `sign` or `down`."""

    def __init__(self, clock: Clock) -> None:
        """Begin with one key, and everything right."""
        self._clock = clock
        self.issuer = ""
        self.keys = [FIRST]
        self.metadata: dict[str, Any] = {}
        self.sign: Callable[[dict[str, Any]], str] = self.signed
        self.down = False
        self.asked: list[str] = []
        self._codes: dict[str, Granted] = {}

    def claims(self, **changed: Any) -> dict[str, Any]:  # noqa: ANN401 - any claim
        """Give what a token says of an operator; None leaves a claim out."""
        now = int(self._clock.now().timestamp())
        plain = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": "f3a1",
            "iat": now,
            "exp": now + 300,
            "preferred_username": "o.operator",
            "groups": ["zaakhub-operators", "alle-medewerkers"],
        }
        return {name: value for name, value in {**plain, **changed}.items() if value is not None}

    def signed(self, claims: dict[str, Any], *, key: Key | None = None, headers: dict[str, Any] | None = None) -> str:
        """Sign a token with the newest key."""
        key = key or self.keys[-1]
        return jwt.encode(claims, key.private, algorithm=key.algorithm, headers={"kid": key.key_id, **(headers or {})})

    def log_in(self, url: str, **changed: Any) -> dict[str, str]:  # noqa: ANN401 - any claim
        """Be the person at the page of the provider; gives the query with which the browser comes back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert url.startswith(f"{self.issuer}/auth?")
        code = f"code-{len(self._codes)}"
        self._codes[code] = Granted(asked, self.claims(**{"nonce": asked["nonce"], **changed}))
        return {"code": code, "state": asked["state"], "iss": self.issuer}

    def app(self) -> web.Application:
        """Give the server."""
        made = web.Application()
        made.router.add_get("/.well-known/openid-configuration", self._describe)
        made.router.add_get("/keys", self._keys)
        made.router.add_post("/token", self._token)
        return made

    async def _describe(self, _: web.Request) -> web.Response:
        self.asked.append("metadata")
        said = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/auth",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "end_session_endpoint": f"{self.issuer}/out",
            "authorization_response_iss_parameter_supported": True,
        }
        return web.json_response({**said, **self.metadata}, status=503 if self.down else 200)

    async def _keys(self, _: web.Request) -> web.Response:
        self.asked.append("keys")
        return web.json_response({"keys": [key.jwk for key in self.keys]}, status=503 if self.down else 200)

    async def _token(self, request: web.Request) -> web.Response:
        self.asked.append("token")
        form = dict(await request.post())
        pair = b64decode(request.headers.get("authorization", "").removeprefix("Basic ")).decode()
        if pair != f"{CLIENT_ID}:{SECRET}" and form.get("client_secret") != SECRET:
            return web.json_response({"error": "invalid_client"}, status=401)
        granted = self._codes.pop(str(form.get("code")), None)
        made = urlsafe_b64encode(sha256(str(form.get("code_verifier")).encode()).digest()).rstrip(b"=").decode()
        if (
            granted is None
            or granted.asked["code_challenge"] != made
            or granted.asked["redirect_uri"] != form.get("redirect_uri")
        ):
            return web.json_response({"error": "invalid_grant"}, status=400)
        return web.json_response({"access_token": "x", "token_type": "Bearer", "id_token": self.sign(granted.claims)})


@asynccontextmanager
async def fake_provider(clock: Clock) -> AsyncIterator[FakeProvider]:
    """Run one."""
    provider = FakeProvider(clock)
    async with TestServer(provider.app()) as server:
        provider.issuer = f"http://127.0.0.1:{server.port}"
        yield provider
