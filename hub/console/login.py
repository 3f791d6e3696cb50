"""The routes by which people come in and go out: `/login` and `/logout`.

It knows which way of logging in counts here and what to show of what went wrong. It refuses to know how the provider
says who somebody is, and what a session is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, urlencode, urlsplit

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from hub.clock import Clock
from hub.config.policy import LOGIN_BURST, LOGIN_FORM_BYTES_MAX, LOGIN_PER_S
from hub.config.settings import Settings
from hub.console.accounts import NAME, Accounts
from hub.console.api.problem import of_error
from hub.console.identity import ConsoleIdentity
from hub.console.oidc import CALLBACK, LOGGED_OUT, Provider
from hub.console.pages import STYLE_PATH, Pages
from hub.console.rates import Rate
from hub.console.session import Person, Sessions
from hub.console.site import Site
from hub.errors import ConfigurationWrong, HubError, HubUnavailable, NotAllowed, NotIdentified
from hub.ledger.visits import Visit
from hub.security.roles import Actor
from hub.wire.forwarded import address_of

log = structlog.get_logger()

WAY = "account"

Handle = Callable[[Request], Awaitable[Response]]

_PROXIED = frozenset({"forwarded", "via", "x-forwarded-for"})
_STYLE = Path(__file__).with_name("login.css")


class Ways(NamedTuple):
    """The ways to log in: one of the two, or neither."""

    provider: Provider | None
    accounts: Accounts | None


def account_actor(accounts: Accounts, visit: Visit) -> Actor | None:
    """Give what somebody with a local account may do: nothing after it was removed or changed.

    Raises HubUnavailable when the file can't be used now.
    """
    try:
        account = accounts.get(visit.name)
    except ConfigurationWrong as error:
        log.warning("accounts_unusable", code=error.code, reason=str(error))
        raise HubUnavailable(
            "the file of accounts can't be used", code="account", advice="see the log of the hub; mend the file"
        ) from None
    return account.actor if account is not None and account.changed_at <= visit.began_at else None


class Login:
    """The routes."""

    def __init__(
        self,
        settings: Settings,
        ways: Ways,
        *,
        site: Site,
        sessions: Sessions,
        identity: ConsoleIdentity,
        clock: Clock,
    ) -> None:
        """Take what they need."""
        self._settings = settings
        self._site = site
        self._provider, self._accounts = ways
        self._sessions = sessions
        self._identity = identity
        self._pages = Pages(f"{settings.gemeente} {settings.omgeving}")
        self._tries = Rate(clock, burst=LOGIN_BURST, per_s=LOGIN_PER_S)
        self._one_at_a_time = asyncio.Semaphore(1)

    def routes(self) -> list[Route]:
        """Give them."""
        return [
            Route("/login", self._or_later(self._begin), methods=["GET"]),
            Route(CALLBACK, self._come_back, methods=["GET"]),
            Route("/login/local", self._or_later(self._local), methods=["POST"]),
            Route(LOGGED_OUT, self._logged_out, methods=["GET"]),
            Route(STYLE_PATH, _style, methods=["GET"]),
            Route("/logout", self._log_out, methods=["POST"]),
        ]

    async def _begin(self, request: Request) -> Response:
        goes_to = self._site.goes_to(request.query_params.get("next", ""))
        try:
            await self._sessions.caller(self._site.session_in(request))
        except NotIdentified:
            pass
        else:
            return RedirectResponse(goes_to, HTTPStatus.SEE_OTHER)
        if self._provider is None:
            return self._form(request, goes_to)
        if request.headers.get("host", "").lower() != urlsplit(self._site.origin).netloc:
            # It comes back under the name that the provider knows: its cookie has to be of that name.
            return RedirectResponse(f"{self._site.origin}/login?{urlencode({'next': goes_to})}", HTTPStatus.SEE_OTHER)
        url, attempt = await self._provider.begin(goes_to)
        answer = RedirectResponse(url, HTTPStatus.SEE_OTHER)
        self._site.give_attempt(answer, attempt.written())
        return answer

    async def _come_back(self, request: Request) -> Response:
        if self._provider is None:
            return RedirectResponse("/login", HTTPStatus.SEE_OTHER)
        address = self._address(request)
        if not self._tries.take(address):
            return self._pages.notice(request, "failed", status=429, link=("again", "/login"))
        try:
            person, goes_to = await self._provider.complete(request.query_params, self._site.attempt_in(request))
            answer = await self._let_in(request, person, goes_to)
        except NotIdentified as error:
            _refused(error, address)
            answer = self._pages.notice(request, "failed", status=400, link=("again", "/login"))
        except NotAllowed as error:
            _refused(error, address)
            answer = await self._not_here(request, error)
        except HubUnavailable as error:
            answer = self._unavailable(request, error)
        else:
            self._tries.forgive(address)
        self._site.give_attempt(answer, "")
        return answer

    async def _local(self, request: Request) -> Response:
        if self._accounts is None:
            return RedirectResponse("/login", HTTPStatus.SEE_OTHER)
        # Local accounts are for this machine: a proxy would bring anybody.
        if not self._site.sent_from_here(request) or _PROXIED & set(request.headers.keys()):
            return self._pages.notice(request, "failed", status=403, link=("again", "/login"))
        form = await _form_of(request)
        name, password, goes_to = (form.get(each, "") for each in ("name", "password", "next"))
        goes_to = self._site.goes_to(goes_to)
        # By name and by address: neither guessing one password nor one guess at many names goes fast.
        known = name if NAME.fullmatch(name) else ""
        marks = [f"naam {known}", self._address(request)]
        allowed = [self._tries.take(mark) for mark in marks]
        if not all(allowed):
            log.warning("login_refused", way=WAY, reason="too often", caller=self._address(request))
            answer = self._pages.form(request, goes_to=goes_to, said="too-often", status=429)
            answer.headers["retry-after"] = str(round(1 / LOGIN_PER_S))
            return answer
        # One at a time: each takes 32 MB, and a core for a quarter of a second.
        async with self._one_at_a_time:
            account = await asyncio.to_thread(self._accounts.check, name, password)
        if account is None:
            log.warning("login_refused", way=WAY, reason="account", caller=self._address(request))
            return self._pages.form(request, goes_to=goes_to, said="wrong", status=401)
        for mark in marks:
            self._tries.forgive(mark)
        return await self._let_in(request, Person(account.name, WAY, account.id), goes_to)

    async def _log_out(self, request: Request) -> Response:
        """Answer where the browser goes next: pages ask for it with a header that no form can send."""
        secret = self._site.session_in(request)
        try:
            self._identity.check_change(request, await self._sessions.caller(secret))
        except NotIdentified:
            secret = ""
        except HubError as error:
            return of_error(error)
        location = LOGGED_OUT
        try:
            id_token = await self._sessions.end(secret)
            if self._provider is not None and id_token:
                location = await self._provider.logout_url(id_token) or LOGGED_OUT
        except HubUnavailable as error:
            return of_error(error)
        answer = JSONResponse({"location": location})
        self._site.give_session(answer, "")
        return answer

    async def _logged_out(self, request: Request) -> Response:
        return self._pages.notice(request, "out", status=200, link=("again", "/login"))

    async def _let_in(self, request: Request, person: Person, goes_to: str) -> Response:
        secret = await self._sessions.begin(person, instead_of=self._site.session_in(request))
        answer = RedirectResponse(goes_to, HTTPStatus.SEE_OTHER)
        self._site.give_session(answer, secret)
        return answer

    async def _not_here(self, request: Request, error: NotAllowed) -> Response:
        """Somebody whom the provider knows: logging in again would end here again."""
        assert self._provider is not None, "only the provider knows people without a role"
        try:
            out = await self._provider.logout_url()
        except HubUnavailable:
            out = ""
        title = "other-municipality" if error.code == "andere-gemeente" else "no-role"
        return self._pages.notice(request, title, status=403, link=("another", out or "/login"))

    def _form(self, request: Request, goes_to: str) -> Response:
        if self._accounts is None or not self._accounts.all():
            return self._pages.notice(request, "nobody", status=200, command="zaakhub account add NAAM --role operator")
        return self._pages.form(request, goes_to=goes_to)

    def _or_later(self, handle: Handle) -> Handle:
        """Answer with a page when nobody can come in: ledger or provider is down, or the file of accounts is wrong."""

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except (HubUnavailable, ConfigurationWrong) as error:
                return self._unavailable(request, error)

        return handled

    def _unavailable(self, request: Request, error: HubUnavailable | ConfigurationWrong) -> Response:
        log.warning("login_unavailable", code=error.code, reason=str(error))
        return self._pages.notice(request, "unavailable", status=503, link=("again", "/login"))

    def _address(self, request: Request) -> str:
        return str(address_of(request.scope, self._settings.trusted_proxies) or "unknown")


async def _style(_: Request) -> Response:
    return FileResponse(_STYLE, media_type="text/css", headers={"cache-control": "no-cache"})


async def _form_of(request: Request) -> dict[str, str]:
    """Read a form; one that is too large, or no form, has no fields."""
    body = b""
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > LOGIN_FORM_BYTES_MAX:
                return {}
    except ClientDisconnect:
        return {}
    fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
    return {name: values[-1] for name, values in fields.items()}


def _refused(error: HubError, address: str) -> None:
    log.warning("login_refused", way="oidc", reason=error.reason, caller=address)
