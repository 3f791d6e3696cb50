"""The services themselves: from a request to an answer, with the rules of the BRP APIs on what a request must be.

Personen 2.7, Bewoning 2.1, Verblijfplaatshistorie 2.0 and Reisdocumenten 2.0, each at its own path. Knows content
types, errors and what an asker may ask; refuses to know how a person is told (`persoon.py`) or found (`zoeken.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import orjson

from adapters.brp.simulator.gezag import VERSIE
from adapters.brp.simulator.persoon import persoon
from adapters.brp.simulator.reisdocumenten import reisdocumenten
from adapters.brp.simulator.velden import Gevraagd
from adapters.brp.simulator.verblijven import bewoningen, historie, verblijven_van
from adapters.brp.simulator.vraag import BEWONINGEN, HISTORIE, PERSONEN, REISDOCUMENTEN, Fout, Manier, fouten_in
from adapters.brp.simulator.zoeken import gevonden, hoogstens
from hub.clock import Clock
from hub.ports.simulator import Answer, Request, Simulator

Json = dict[str, Any]

PERSONEN_PAD = "/haalcentraal/api/brp/personen"
BEWONINGEN_PAD = "/haalcentraal/api/bewoning/bewoningen"
HISTORIE_PAD = "/haalcentraal/api/brphistorie/verblijfplaatshistorie"
REISDOCUMENTEN_PAD = "/haalcentraal/api/reisdocumenten/reisdocumenten"
TOKEN_PAD = "/oauth/token"  # noqa: S105 - a path

_RFC = "https://datatracker.ietf.org/doc/html/rfc7231#section-"
_MEDIA = "application/json; charset=utf-8"
_MEDIA_TYPE = re.compile(r"application/json(; ?charset=utf-8)?", re.IGNORECASE)
_ACCEPT = re.compile(r"(application/json|\*/\*)(; ?charset=utf-8)?", re.IGNORECASE)
_PROBLEMEN: dict[int, tuple[str, str, str]] = {
    400: ("6.5.1", "Een of meerdere parameters zijn niet correct.", "paramsValidation"),
    401: ("6.5.1", "Niet correct geauthenticeerd.", "authentication"),
    403: ("6.5.3", "U bent niet geautoriseerd voor deze operatie.", "autorisation"),
    404: ("6.5.4", "Opgevraagde resource bestaat niet.", "notFound"),
    406: ("6.5.6", "Gevraagde content type wordt niet ondersteund.", "notAcceptable"),
    415: ("6.5.13", "Media Type wordt niet ondersteund.", "unsupportedMediaType"),
    429: ("6.5", "Too many request", "tooManyRequests"),
    500: ("6.6.1", "Interne server fout.", "serverError"),
    503: ("6.6.4", "Bronservice BRP is tijdelijk niet beschikbaar.", "notAvailable"),
}


class Brp(Simulator):
    """The BRP APIs in memory.

    `personen` are persons of the GBA source, `verblijven` where people lived before, `reisdocumenten` travel documents;
    they may be changed while it runs.
    """

    key_header = "X-API-KEY"

    def __init__(
        self,
        personen: Sequence[Json],
        *,
        verblijven: Sequence[Json],
        reisdocumenten: Sequence[Json],
        key: str,
        clock: Clock | None = None,
        niet_toegestaan: Collection[str] = (),
        gezag_versie: int = VERSIE,
    ) -> None:
        """See `create`."""
        super().__init__(key=key, clock=clock)
        self.personen = list(personen)
        self.verblijven = list(verblijven)
        self.reisdocumenten = list(reisdocumenten)
        self._niet_toegestaan = frozenset(niet_toegestaan)
        self._gezag_versie = gezag_versie
        self._paden: dict[str, tuple[Mapping[str, Manier], Callable[[Json, Request], Answer]]] = {
            PERSONEN_PAD: (PERSONEN, self._van_personen),
            BEWONINGEN_PAD: (BEWONINGEN, self._van_bewoningen),
            HISTORIE_PAD: (HISTORIE, self._van_historie),
            REISDOCUMENTEN_PAD: (REISDOCUMENTEN, self._van_reisdocumenten),
        }

    def refusal(self, request: Request) -> Answer | None:
        """Let in who has the key, by itself or as the token that it was exchanged for."""
        if request.path == TOKEN_PAD or request.headers.get("authorization") == f"Bearer {self.key}":
            return None
        return super().refusal(request)

    def problem(self, status: int, request: Request) -> Answer:
        """Give the error body of the BRP APIs."""
        return self._probleem(status, request)

    async def answered(self, request: Request) -> Answer:
        """Answer a request that was let in."""
        if request.path == TOKEN_PAD:
            return Answer.of({"access_token": self.key, "token_type": "Bearer", "expires_in": 300})
        found = self._paden.get(request.path)
        if found is None or request.method != "POST":
            return self._probleem(404, request)
        ondersteund = "Ondersteunde content type: application/json; charset=utf-8."
        if not _ACCEPT.fullmatch(request.headers.get("accept") or "*/*"):
            return self._probleem(406, request, detail=ondersteund)
        if not _MEDIA_TYPE.fullmatch(request.headers.get("content-type") or _MEDIA):
            return self._probleem(415, request, detail=ondersteund)
        try:
            vraag = orjson.loads(request.body)
        except orjson.JSONDecodeError:
            vraag = None
        if not isinstance(vraag, dict):
            return self._probleem(400, request, detail="De body bevat geen JSON object.")
        manieren, antwoord = found
        fouten = fouten_in(vraag, manieren)
        return self._onjuist(fouten, request) if fouten else antwoord(vraag, request)

    def _van_personen(self, vraag: Json, request: Request) -> Answer:
        velden: list[str] = vraag["fields"]
        if any(pad.split(".")[0] in self._niet_toegestaan for pad in velden):
            titel = "U bent niet geautoriseerd voor één of meerdere opgegeven field waarden."
            return self._probleem(403, request, title=titel, code="unauthorizedField")
        treffers = gevonden(vraag, self.personen)
        meest = hoogstens(vraag)
        if len(treffers) > meest:
            detail = f"Meer dan maximum van {meest} gevonden"
            return self._probleem(400, request, title="Teveel zoekresultaten.", code="tooManyResults", detail=detail)
        vandaag = self.clock.now().date()
        gevraagd = Gevraagd(velden, PERSONEN[vraag["type"]].vorm or {})
        personen = [persoon(gba, gevraagd, vandaag=vandaag, gezag_versie=self._gezag_versie) for gba in treffers]
        return Answer.of({"type": vraag["type"], "personen": personen}, media=_MEDIA)

    def _van_bewoningen(self, vraag: Json, _request: Request) -> Answer:
        verblijven = verblijven_van(self.personen, self.verblijven)
        return Answer.of({"bewoningen": bewoningen(vraag, verblijven, self.personen)}, media=_MEDIA)

    def _van_historie(self, vraag: Json, _request: Request) -> Answer:
        return Answer.of(historie(vraag, verblijven_van(self.personen, self.verblijven), self.personen))

    def _van_reisdocumenten(self, vraag: Json, _request: Request) -> Answer:
        gevonden_documenten = reisdocumenten(vraag, self.reisdocumenten, self.personen)
        return Answer.of({"type": vraag["type"], "reisdocumenten": gevonden_documenten}, media=_MEDIA)

    def _onjuist(self, fouten: Sequence[Fout], request: Request) -> Answer:
        namen = ", ".join(dict.fromkeys(fout.name for fout in fouten))
        detail = f"De foutieve parameter(s) zijn: {namen}."
        return self._probleem(400, request, detail=detail, invalidParams=[fout._asdict() for fout in fouten])

    @staticmethod
    def _probleem(status: int, request: Request, **erbij: object) -> Answer:
        paragraaf, titel, code = _PROBLEMEN.get(status, _PROBLEMEN[500])
        instance = request.path
        body = {"type": f"{_RFC}{paragraaf}", "title": titel, "status": status, "code": code, "instance": instance}
        return Answer.of({**body, **erbij}, status=status, media="application/problem+json")
