"""The words of a sheet: how it says in Dutch what a configuration says in terms of its own."""

from __future__ import annotations

from collections.abc import Sequence

from hub.console.models.connections import SheetRow

UNKNOWN = "Niet vastgelegd."
ACCESS = {
    "none": "geen controle door de hub",
    "mutual-tls": "clientcertificaat (PKIoverheid) met het OIN van de afzender",
    "basic": "gebruikersnaam en wachtwoord (RFC 7617)",
    "api-key": "vaste sleutel in een HTTP-header",
    "ws-security": "WS-Security UsernameToken",
    "addresses": "bekende IP-adressen",
}
AUTH = {
    "none": "geen",
    "zgw-jwt": "JWT volgens de ZGW API's (HS256)",
    "bearer": "vast bearer-token",
    "api-key": "API-sleutel in een header",
    "basic": "gebruikersnaam en wachtwoord (RFC 7617)",
    "oauth2": "OAuth 2.0, client credentials (RFC 6749 §4.4)",
    "ws-security": "WS-Security UsernameToken",
}
_DAY_S, _HOUR_S, _MINUTE_S = 86_400, 3_600, 60


def row(topic: str, question: str, answer: str, source: str) -> SheetRow:
    """Give one question with its answer."""
    return SheetRow(topic=topic, question=question, answer=answer, source=source)


def sentence(text: str) -> str:
    """Give a phrase as a sentence."""
    return f"{text[:1].upper()}{text[1:]}." if text else UNKNOWN


def listed(names: Sequence[str]) -> str:
    """Give names with commas between them."""
    return f"{', '.join(names)}." if names else "Geen."


def host(url: str) -> str:
    """Give a URL without its scheme and without whose it is."""
    return url.split("://", 1)[-1].rpartition("@")[2].rstrip("/")


def seconds(number: float) -> str:
    """Give a short time."""
    return f"{number:g} s"


def duration(number: float) -> str:
    """Give a time in the unit that fits it."""
    for unit, name in ((_DAY_S, "dagen"), (_HOUR_S, "uur"), (_MINUTE_S, "minuten")):
        if number >= unit * (2 if unit == _DAY_S else 1):
            return f"{number / unit:g} {name}"
    return seconds(number)
