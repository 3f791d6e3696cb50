"""HTTP to the OpenID Connect provider: its description, its keys, and the exchange of a code for tokens.

It knows what is kept for how long, and what must hold of an answer before it is used. It refuses to know what a token
says (`hub.security.tokens`). Codes, secrets and tokens never stand in an error.
"""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

import aiohttp
import orjson
import structlog
from pydantic import SecretStr
from yarl import URL

from hub.clock import Clock
from hub.config.policy import (
    PROVIDER_AGAIN_S,
    PROVIDER_BYTES_MAX,
    PROVIDER_KEPT_S,
    PROVIDER_TIMEOUT_S,
)
from hub.config.settings import is_loopback
from hub.errors import HubUnavailable, NotIdentified
from hub.security.tokens import SigningKey, read_keys

log = structlog.get_logger()


class Metadata(NamedTuple):
    """What the provider says of itself (OpenID Connect Discovery §3, RP-Initiated Logout §2.1, RFC 9207 §3)."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    end_session_endpoint: str
    """Empty where the provider has none."""

    basic: bool
    """Whether the secret goes into a header; else into the form."""

    says_issuer: bool
    """Whether it says in every answer to a login who it is."""


class ProviderClient:
    """The provider, as far as HTTP goes. Close it when done; it connects on first use."""

    def __init__(self, issuer: str, client_id: str, client_secret: SecretStr, clock: Clock) -> None:
        """Ask nothing yet: a provider that is down does not keep the hub from starting."""
        self._issuer = issuer
        self._client_id = client_id
        self._client_secret = client_secret
        self._clock = clock
        self._opened: aiohttp.ClientSession | None = None
        self._asking = asyncio.Lock()
        self._metadata: tuple[float, Metadata] | None = None
        self._keys: tuple[float, tuple[SigningKey, ...]] | None = None

    async def close(self) -> None:
        """Close all connections."""
        if self._opened is not None:
            await self._opened.close()
            self._opened = None

    async def metadata(self) -> Metadata:
        """Give what the provider says of itself; raises HubUnavailable."""
        async with self._asking:
            return await self._described()

    async def keys(self, *, newer: bool = False) -> tuple[SigningKey, ...]:
        """Give its keys; `newer` asks again, unless that was done a moment ago. Raises HubUnavailable."""
        async with self._asking:
            kept_s = PROVIDER_AGAIN_S if newer else PROVIDER_KEPT_S
            now = self._clock.monotonic()
            if self._keys is None or now - self._keys[0] >= kept_s:
                described = await self._described()
                self._keys = (now, read_keys(await self._get(described.jwks_uri)))
            return self._keys[1]

    async def exchange(self, code: str, *, verifier: str, redirect_uri: str) -> str:
        """Give the ID token for a code (RFC 6749 §4.1.3, RFC 7636 §4.5); raises NotIdentified or HubUnavailable."""
        described = await self.metadata()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
        }
        headers = {"Accept": "application/json"}
        secret = self._client_secret.get_secret_value()
        if described.basic:
            # RFC 6749 §2.3.1: both form-encoded first.
            pair = ":".join(quote(each, safe="") for each in (self._client_id, secret))
            headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        else:
            form |= {"client_id": self._client_id, "client_secret": secret}
        status, said = await self._ask("POST", described.token_endpoint, headers=headers, form=form)
        if status == HTTPStatus.BAD_REQUEST and isinstance(said, dict) and said.get("error") == "invalid_grant":
            raise NotIdentified("the provider takes the code of this login no more", code="login")
        if status != HTTPStatus.OK or not isinstance(said, dict) or not isinstance(said.get("id_token"), str):
            log.warning("provider_refuses_hub", status=status)
            raise _down(f"answered {status} to the hub", "see ZAAKHUB_OIDC_CLIENT_ID and ZAAKHUB_OIDC_CLIENT_SECRET")
        return str(said["id_token"])

    async def _described(self) -> Metadata:
        now = self._clock.monotonic()
        if self._metadata is None or now - self._metadata[0] >= PROVIDER_KEPT_S:
            said = await self._get(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
            self._metadata = (now, self._read(said))
        return self._metadata[1]

    def _read(self, said: Any) -> Metadata:  # noqa: ANN401 - whatever a server answers
        # Discovery §4.3: exactly the same, or it is the description of somebody else.
        if not isinstance(said, dict) or said.get("issuer") != self._issuer:
            raise _down("describes itself under another name", "write ZAAKHUB_OIDC_ISSUER exactly as `issuer` there")
        endpoints = [said.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
        logout = said.get("end_session_endpoint") or ""
        if not all(isinstance(each, str) and self._is_safe(each) for each in (*endpoints, logout or self._issuer)):
            raise _down("names no addresses that can be trusted", "they must be https:// URLs")
        methods = said.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        authorization, token, keys = map(str, endpoints)
        return Metadata(
            authorization_endpoint=authorization,
            token_endpoint=token,
            jwks_uri=keys,
            end_session_endpoint=str(logout),
            basic="client_secret_basic" in methods,
            says_issuer=said.get("authorization_response_iss_parameter_supported") is True,
        )

    def _is_safe(self, url: str) -> bool:
        parts = urlsplit(url)
        plain = parts.scheme == "http" and is_loopback(parts.hostname or "") and self._issuer.startswith("http://")
        return bool(parts.hostname) and (parts.scheme == "https" or plain)

    async def _get(self, url: str) -> Any:  # noqa: ANN401 - whatever a server answers
        status, said = await self._ask("GET", url, headers={"Accept": "application/json"})
        if status != HTTPStatus.OK:
            raise _down(f"answered {status}")
        return said

    async def _ask(
        self, method: str, url: str, *, headers: Mapping[str, str], form: Mapping[str, str] | None = None
    ) -> tuple[int, Any]:
        try:
            async with self._session().request(
                method, URL(url, encoded=True), headers=headers, data=form, allow_redirects=False
            ) as answer:
                body = bytearray()
                async for chunk in answer.content.iter_any():
                    body += chunk
                    if len(body) > PROVIDER_BYTES_MAX:
                        raise _down("answers more than an answer can be")
        except (aiohttp.ClientError, OSError) as error:
            raise _down("does not answer") from error
        try:
            return answer.status, orjson.loads(body)
        except orjson.JSONDecodeError:
            return answer.status, None

    def _session(self) -> aiohttp.ClientSession:
        if self._opened is None:
            self._opened = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=PROVIDER_TIMEOUT_S),
                headers={"User-Agent": "zaakhub"},
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._opened


def _down(what: str, advice: str = "see whether the provider is up, and ZAAKHUB_OIDC_ISSUER") -> HubUnavailable:
    return HubUnavailable(f"the provider of identities {what}", code="oidc", advice=advice)
