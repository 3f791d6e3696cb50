"""A signal: that something happened to a person, or that somebody is to be told of, and not what. Pure.

There is no standard for it: a burgerzaken system, or whatever reads GBA-V messages, posts it as JSON. It refuses to
know what happened; the BRP says what there is now.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import orjson

from hub.config.policy import BRP_SIGNAAL_REDEN_MAX
from hub.errors import MessageRefused
from hub.security.personal import BSN_DIGITS, NOBODYS, Bsn, is_bsn
from hub.wire.text import is_key

_NUMMER, _REDEN, _REFERENTIE, _WIJZIGING = "burgerservicenummer", "reden", "referentie", "wijziging"
_FIELDS = frozenset({_NUMMER, _REDEN, _REFERENTIE, _WIJZIGING})
_SIGNALEN = "signalen"
_WRITTEN = re.compile(rf"(?<!\d)\d(?:[\s.-]?\d){{{BSN_DIGITS - 2},{BSN_DIGITS - 1}}}(?!\d)").findall
"""Finds eight digits (some leave out the zero) or nine, with or without what people put between them."""


class Signaal(NamedTuple):
    """One signal. `referentie` is the sender's own number for it; `wijziging` that it tells of a change."""

    persoon: Bsn
    reden: str = ""
    referentie: str = ""
    wijziging: bool = True

    @classmethod
    def of(cls, said: object) -> Signaal:
        """Take what was said; raises MessageRefused, which repeats no value."""
        if not isinstance(said, dict):
            raise _wrong("a signal is a JSON object", "")
        if unknown := sorted(said.keys() - _FIELDS):
            raise _wrong(f"a signal has {', '.join(sorted(_FIELDS))} and nothing else: {len(unknown)} too many", "")
        try:
            persoon = Bsn(said[_NUMMER] if isinstance(said.get(_NUMMER), str) else "")
        except ValueError:
            raise _wrong("is no burgerservicenummer: nine digits, as text, that pass the 11-test", _NUMMER) from None
        reden, referentie, wijziging = said.get(_REDEN, ""), said.get(_REFERENTIE, ""), said.get(_WIJZIGING, True)
        if not isinstance(reden, str) or len(reden) > BRP_SIGNAAL_REDEN_MAX:
            raise _wrong(f"is no text of at most {BRP_SIGNAAL_REDEN_MAX} characters", _REDEN)
        if not isinstance(referentie, str) or (referentie and not is_key(referentie)):
            raise _wrong("is no text that can be kept as a number", _REFERENTIE)
        if persoon.reveal().removeprefix("0") in re.sub(r"\D", "", referentie):
            raise _wrong("holds the burgerservicenummer: a number of the signal stands in logs", _REFERENTIE)
        if not isinstance(wijziging, bool):
            raise _wrong("is true or false", _WIJZIGING)
        return cls(persoon, reden, referentie, wijziging)

    @property
    def kenmerk(self) -> str:
        """By which the signal is known: its `referentie`, unless that may be somebody's BSN, which is no key.

        One in eleven numbers of nine digits may: it is no reason to refuse, and a resend is asked about twice.
        """
        written = (re.sub(r"\D", "", each).zfill(BSN_DIGITS) for each in _WRITTEN(self.referentie))
        return "" if any(is_bsn(each) and each not in NOBODYS for each in written) else self.referentie

    def plain(self) -> dict[str, Any]:
        """Give it as a mapping reads it."""
        said = {
            _NUMMER: self.persoon.reveal(),
            _REDEN: self.reden,
            _REFERENTIE: self.referentie,
            _WIJZIGING: self.wijziging,
        }
        return {name: value for name, value in said.items() if value not in ("", True)}

    def body(self) -> bytes:
        """Give it as it goes on the bus."""
        return orjson.dumps(self.plain())


def read(body: bytes) -> Any:  # noqa: ANN401 - any JSON
    """Read what was sent; raises MessageRefused."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        raise _wrong("is no JSON", "") from None


def several(said: object) -> list[Signaal] | None:
    """Give the signals of a request that holds several; None when it is one. Raises MessageRefused, also for none."""
    if not isinstance(said, dict) or _SIGNALEN not in said:
        return None
    found = said[_SIGNALEN]
    if said.keys() != {_SIGNALEN} or not isinstance(found, list) or not found:
        raise _wrong("is no list of signals", _SIGNALEN)
    signalen = []
    for number, each in enumerate(found):
        try:
            signalen.append(Signaal.of(each))
        except MessageRefused as refused:
            place = ".".join(filter(None, (f"{_SIGNALEN}[{number}]", refused.path)))
            raise _wrong(refused.reason, place) from None
    return signalen


def _wrong(reason: str, path: str) -> MessageRefused:
    return MessageRefused(reason, code="signaal", path=path, status=400, advice="see the README of the adapter brp")
