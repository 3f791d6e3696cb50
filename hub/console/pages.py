"""The few pages that the hub writes itself, before and after a session: they need no script.

It knows their words, in Dutch and English. Whatever is filled in is escaped. It refuses to know when which is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from types import MappingProxyType
from typing import Literal

from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse

Language = Literal["nl", "en"]

STYLE_PATH = "/login/style.css"

WORDS: Mapping[str, Mapping[Language, str]] = MappingProxyType(
    {
        "login": {"nl": "Inloggen", "en": "Log in"},
        "name": {"nl": "Naam", "en": "Name"},
        "password": {"nl": "Wachtwoord", "en": "Password"},
        "wrong": {
            "nl": "Naam of wachtwoord is niet goed.",
            "en": "The name or the password is not right.",
        },
        "too-often": {
            "nl": "Te veel pogingen. Probeer het over een minuut opnieuw.",
            "en": "Too many tries. Try again in a minute.",
        },
        "failed": {"nl": "Inloggen is niet gelukt", "en": "Logging in did not work"},
        "failed-why": {
            "nl": "De aanmelding is verlopen, is in een ander venster begonnen, of is door de aanbieder geweigerd.",
            "en": "The login took too long, was begun in another window, or was refused by the provider.",
        },
        "no-role": {"nl": "Geen rol", "en": "No role"},
        "no-role-why": {
            "nl": "U bent bekend, maar hebt in deze Zaakhub geen rol. Vraag wie in uw gemeente de rollen geeft.",
            "en": "You are known, but have no role in this Zaakhub. Ask who gives roles in your municipality.",
        },
        "other-municipality": {"nl": "Andere gemeente", "en": "Another municipality"},
        "other-municipality-why": {
            "nl": "U hoort bij een andere gemeente dan deze Zaakhub.",
            "en": "You belong to another municipality than this Zaakhub.",
        },
        "unavailable": {"nl": "Inloggen kan nu niet", "en": "Logging in is not possible now"},
        "unavailable-why": {
            "nl": "De aanbieder van identiteiten of het grootboek van de Zaakhub antwoordt niet. Berichten gaan door.",
            "en": "The provider of identities or the ledger of the Zaakhub does not answer. Messages go on.",
        },
        "out": {"nl": "U bent uitgelogd", "en": "You are logged out"},
        "out-why": {
            "nl": "Sluit de browser als anderen deze computer ook gebruiken.",
            "en": "Close the browser if others use this computer too.",
        },
        "again": {"nl": "Opnieuw inloggen", "en": "Log in again"},
        "another": {"nl": "Als iemand anders inloggen", "en": "Log in as somebody else"},
        "nobody": {"nl": "Er zijn nog geen accounts", "en": "There are no accounts yet"},
        "nobody-why": {
            "nl": "Maak er een op deze machine, met dezelfde instellingen als de hub:",
            "en": "Make one on this machine, with the same settings as the hub:",
        },
        "not-built": {"nl": "De console is niet gebouwd", "en": "The console is not built"},
        "not-built-why": {
            "nl": "In een checkout bouwt u de pagina's met deze opdracht; een wheel heeft ze al. De API werkt: /v1.",
            "en": "In a checkout, build the pages with this command; a wheel has them. The API does work: /v1.",
        },
    }
)

_PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} - Zaakhub</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="{style}">
</head>
<body>
<header>Zaakhub <span>{place}</span></header>
<main>
<h1>{title}</h1>
{content}
</main>
</body>
</html>
"""

_FORM = """{said}
<form method="post" action="/login/local">
<input type="hidden" name="next" value="{goes_to}">
<label for="name">{name}</label>
<input id="name" name="name" autocomplete="username" autocapitalize="none" spellcheck="false" required autofocus>
<label for="password">{password}</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button>{login}</button>
</form>"""


def language_of(request: HTTPConnection) -> Language:
    """Give the language that the browser would rather have: Dutch, unless English comes before it."""
    asked = [each.split(";")[0].strip().lower()[:2] for each in request.headers.get("accept-language", "").split(",")]
    known = [each for each in asked if each in {"nl", "en"}]
    return "en" if known[:1] == ["en"] else "nl"


class Pages:
    """The pages of one installation; `place` names it at the top."""

    def __init__(self, place: str) -> None:
        """Take how the installation is called."""
        self._place = place

    def form(self, request: HTTPConnection, *, goes_to: str, said: str = "", status: int = 200) -> HTMLResponse:
        """Ask for a name and a password."""
        language = language_of(request)
        alert = f'<p role="alert">{_word(said, language)}</p>' if said else ""
        words = {each: _word(each, language) for each in ("name", "password", "login")}
        return self._page("login", language, _FORM.format(said=alert, goes_to=escape(goes_to), **words), status)

    def notice(
        self,
        request: HTTPConnection,
        title: str,
        *,
        status: int,
        link: tuple[str, str] | None = None,
        command: str = "",
    ) -> HTMLResponse:
        """Say something, with perhaps a command to type, and one link: its word and where it goes."""
        language = language_of(request)
        content = f"<p>{_word(f'{title}-why', language)}</p>"
        if command:
            content += f"<pre>{escape(command)}</pre>"
        if link:
            content += f'<p><a href="{escape(link[1])}">{_word(link[0], language)}</a></p>'
        return self._page(title, language, content, status)

    def _page(self, title: str, language: Language, content: str, status: int) -> HTMLResponse:
        text = _PAGE.format(
            language=language,
            title=_word(title, language),
            style=STYLE_PATH,
            place=escape(self._place),
            content=content,
        )
        return HTMLResponse(text, status_code=status, headers={"vary": "accept-language"})


def _word(name: str, language: Language) -> str:
    return escape(WORDS[name][language])
