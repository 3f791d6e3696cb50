"""Who calls the API: a browser with the cookie of its session, or a machine with a token of the provider.

It knows cookies, headers and the marks of a change that another site sent. It refuses to know rights.
"""

from __future__ import annotations

from hashlib import sha256
from hmac import compare_digest

from starlette.requests import Request

from hub.clock import Clock
from hub.config.policy import CHANGES_BURST, CHANGES_PER_S
from hub.console.api.caller import Caller
from hub.console.guard import is_stream
from hub.console.oidc import Provider
from hub.console.rates import Budget, Rate
from hub.console.session import Sessions
from hub.console.site import Site
from hub.errors import ActRefused, NotAllowed, NotIdentified

CSRF_HEADER = "x-csrf-token"


class ConsoleIdentity:
    """Implements `hub.console.api.caller.Identity`."""

    def __init__(self, site: Site, sessions: Sessions, provider: Provider | None, clock: Clock) -> None:
        """Without a provider no token counts."""
        self._site = site
        self._sessions = sessions
        self._provider = provider
        self._changes = Rate(clock, burst=CHANGES_BURST, per_s=CHANGES_PER_S)

    async def caller(self, request: Request) -> Caller:
        """Give who calls; raises NotIdentified, or NotAllowed for who is known and has no role here."""
        authorization = request.headers.get("authorization")
        if authorization is None:
            return await self._sessions.caller(self._site.session_in(request), active=not is_stream(request.scope))
        # A token that does not hold is never made good by a cookie beside it.
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or self._provider is None:
            raise NotIdentified("that is no token that the hub takes", code="token", advice="use a bearer token")
        actor, until = await self._provider.bearer(token.strip())
        return Caller(actor, f"token:{sha256(token.encode()).hexdigest()}", "", until)

    def budget(self, caller: Caller) -> Budget:
        """Say how many changes somebody may still make."""
        return self._changes.left(caller.actor.id)

    def check_change(self, request: Request, caller: Caller) -> None:
        """Raise NotAllowed for a change that may come from another site, ActRefused for one too many."""
        # A machine has no session: no site can make a browser send its token.
        if caller.csrf:
            given = request.headers.get(CSRF_HEADER, "")
            if not self._site.sent_from_here(request) or not compare_digest(given.encode(), caller.csrf.encode()):
                raise NotAllowed(
                    "the change does not carry the token of the session",
                    code="csrf",
                    advice="send `csrf` of GET /v1/session as X-CSRF-Token",
                )
        if not self._changes.take(caller.actor.id):
            raise ActRefused("too many changes in a short time", code="te-druk", advice="wait some seconds")
