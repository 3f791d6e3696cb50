"""The far side of this adapter: an application that asks. Pure: it writes requests, and leaves sending to others.

What it asks about is fictitious.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson

from adapters.bevragen.options import Dienst

JSON = {"content-type": "application/json"}
PERSONEN: Mapping[str, Any] = {"velden": ["naam.geslachtsnaam"], "burgerservicenummers": ["999990019"]}
ADRESSEN: Mapping[str, Any] = {"velden": ["postcode", "huisnummer"], "postcode": "9999ZZ", "huisnummer": 12}
BEDRIJVEN: Mapping[str, Any] = {"velden": ["kvkNummer", "naam"], "kvkNummer": "99999990"}


class Verzoek(NamedTuple):
    """One request; `path` begins behind the door of the connection."""

    path: str
    headers: Mapping[str, str]
    body: bytes


class Toepassing:
    """An application with a name and a password."""

    def __init__(self, user: str, password: str) -> None:
        self._headers = {"authorization": f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}", **JSON}

    def vraag(self, dienst: Dienst, question: Mapping[str, Any], **headers: str) -> Verzoek:
        """Ask something."""
        return Verzoek(f"v1/{dienst}", {**self._headers, **headers}, orjson.dumps(question))


def create(user: str = "zaaksysteem", password: str = "geheim") -> Toepassing:  # noqa: S107 - of a made-up application
    """Make one."""
    return Toepassing(user, password)
