"""The Mutatieservice: signals that companies changed, for who has an abonnement.

Source: what its users know of it (Mutatieservice 1.0). A signal has a time of its own and appears when it appears: on
time, late, or twice. Which page it is on depends on all that there is at that moment, as at the KVK.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from hub.clock import Clock
from hub.ports.simulator import Answer, Json, Request

ABONNEMENT = "99990000-0000-4000-8000-000000000001"
RUSTEND = "99990000-0000-4000-8000-000000000002"
"""An abonnement that ended: it gives nothing any more."""
_KLANT = "99990000-0000-4000-8000-00000000000f"
_PER_PAGE, _PER_PAGE_MIN, _PER_PAGE_MAX = 100, 10, 500
_ITEM_PARTS = 3


class Mutatieservice:
    """Implements the three calls. `signalen` are those that have appeared, by their own time."""

    def __init__(self, clock: Clock, *, page_size_max: int) -> None:
        self._clock = clock
        self._page_size_max = page_size_max
        self.signalen: list[Json] = []

    def signal(
        self,
        kvknummer: str,
        soort: str,
        *,
        vestigingsnummer: str = "",
        late_by: timedelta = timedelta(),
        number: int = 0,
    ) -> Json:
        """Let a signal appear now, with a time that may be in the past; give it. `number` makes its id."""
        at = self._clock.now() - late_by
        signaal = {
            "id": str(uuid.UUID(int=number or len(self.signalen) + 1)),
            "timestamp": at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "kvknummer": kvknummer,
            "signaalType": soort,
            **({"vestigingsnummer": vestigingsnummer} if vestigingsnummer else {}),
        }
        self.signalen.append(signaal)
        return signaal

    def answered(self, path: Sequence[str], query: Mapping[str, str]) -> Json | int:
        """Answer a call below `/v1/abonnementen`, or give the status of what is wrong with it."""
        if not path:
            return {"klantId": _KLANT, "abonnementen": [_abonnement(ABONNEMENT, True), _abonnement(RUSTEND, False)]}
        if path[0] != ABONNEMENT or len(path) not in (1, _ITEM_PARTS):
            return HTTPStatus.NOT_FOUND
        if len(path) == _ITEM_PARTS:
            return next((each for each in self.signalen if path[1:] == ["signalen", each["id"]]), HTTPStatus.NOT_FOUND)
        try:
            page, size = int(query.get("pagina", 1)), int(query.get("aantal", _PER_PAGE))
            since, until = (_moment(query.get(name)) for name in ("vanaf", "tot"))
        except ValueError:
            return HTTPStatus.BAD_REQUEST
        if page < 1 or not _PER_PAGE_MIN <= size <= _PER_PAGE_MAX:
            return HTTPStatus.BAD_REQUEST
        return self._listed(since, until, page=page, size=min(size, self._page_size_max))

    def problem(self, status: int, request: Request) -> Answer:
        """Say what is wrong, as the Mutatieservice does; it repeats what was asked."""
        body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "instance": request.path}
        return Answer.of({**body, "detail": f"Fout bij {dict(request.query)}."}, status=status)

    def _listed(self, since: datetime | None, until: datetime | None, *, page: int, size: int) -> Json:
        found = sorted(
            (each for each in self.signalen if _within(each, since, until)), key=lambda each: str(each["timestamp"])
        )
        return {
            "pagina": page,
            "aantal": size,
            "totaal": len(found),
            "totaalPaginas": -(-len(found) // size),
            "signalen": found[(page - 1) * size : page * size],
        }


def _abonnement(id_: str, actief: bool) -> Json:  # noqa: FBT001 - a field of the answer
    return {"id": id_, "contract": {"id": "Voorbeeldcontract"}, "startDatum": "2026-01-01T00:00:00Z", "actief": actief}


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("a moment has an offset")
    return at


def _within(signaal: Json, since: datetime | None, until: datetime | None) -> bool:
    at = datetime.fromisoformat(str(signaal["timestamp"]))
    return (since is None or at >= since) and (until is None or at <= until)
