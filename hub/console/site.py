"""Where the console is for browsers: its name, its cookies, and what a request of another site looks like.

Pure. It knows URLs and headers; it refuses to know who somebody is.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection
from starlette.responses import Response

from hub.config.policy import LOGIN_MAX_S
from hub.config.settings import is_loopback

HOME = "/"
NEXT_CHARS_MAX = 2_000

# What a browser may read as the beginning of a host, or drops from a URL before it reads it.
_PLAIN_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")
_OURS = ("/login", "/logout", "/v1/")


class Site(NamedTuple):
    """The console under its one name: `https://zaakhub.gemeente.nl`."""

    origin: str

    @property
    def secure(self) -> bool:
        """Say whether browsers come over HTTPS."""
        return self.origin.startswith("https:")

    def knows(self, host: str) -> bool:
        """Say whether a request under this name is ours: else a site could make its own name point here."""
        ours = urlsplit(self.origin)
        if host.lower() == ours.netloc:
            return True
        other = urlsplit(f"//{host}")
        try:
            same_port = other.port == ours.port
        except ValueError:
            return False
        return same_port and is_loopback(ours.hostname or "") and is_loopback(other.hostname or "")

    def sent_from_here(self, request: HTTPConnection) -> bool:
        """Say whether a browser sent this from a page of ours; what is no browser says nothing of it."""
        origin = request.headers.get("origin")
        if origin is not None:
            scheme, _, host = origin.partition("://")
            return scheme == urlsplit(self.origin).scheme and self.knows(host)
        return request.headers.get("sec-fetch-site", "same-origin") in {"same-origin", "none"}

    def goes_to(self, asked: str) -> str:
        """Give where somebody goes after the login: a page of ours, whatever the link said."""
        return asked if len(asked) <= NEXT_CHARS_MAX and _is_page(asked) else HOME

    # Cookies. With the prefix a browser takes them only over HTTPS, for this host alone.

    @property
    def _prefix(self) -> str:
        return "__Host-zaakhub" if self.secure else "zaakhub"

    def session_in(self, request: HTTPConnection) -> str:
        """Give the secret of the session that the browser brings; empty when it brings none."""
        return request.cookies.get(self._prefix, "")

    def give_session(self, response: Response, secret: str) -> None:
        """Let the browser keep the secret until it is closed; an empty one takes it back."""
        self._set(response, self._prefix, secret, None if secret else 0)

    def attempt_in(self, request: HTTPConnection) -> str:
        """Give the login under way that the browser brings."""
        return request.cookies.get(f"{self._prefix}-login", "")

    def give_attempt(self, response: Response, attempt: str) -> None:
        """Let the browser keep a login under way; an empty one takes it back."""
        self._set(response, f"{self._prefix}-login", attempt, int(LOGIN_MAX_S) if attempt else 0)

    def _set(self, response: Response, name: str, value: str, max_age: int | None) -> None:
        # Lax: who follows a link to a page of the console, from a mail or from the provider, is still logged in.
        response.set_cookie(name, value, max_age=max_age, path="/", secure=self.secure, httponly=True, samesite="lax")


def _is_page(asked: str) -> bool:
    return bool(_PLAIN_PATH.fullmatch(asked)) and not asked.startswith(_OURS)
