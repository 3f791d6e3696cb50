"""Statussen: set them in order, the eindstatus last, and close a zaak that comes with an einddatum.

All statuses of one message are one step: which of them is the eindstatus only the catalogus knows.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from adapters.zgw import momenten, resultaten
from adapters.zgw.attempt import Attempt, Zaak, ref_of
from adapters.zgw.calls import Row
from adapters.zgw.typen import Statustype, same, shown
from hub.clock import AMSTERDAM
from hub.errors import TargetRefused
from hub.ports.contracts import Receipt

FIRST = "status"
"""Under which name the first status of a zaak is remembered, when it was made with the zaak."""


class _Wanted(NamedTuple):
    """A status to be set."""

    statustype: Statustype
    moment: datetime
    toelichting: str
    gezetdoor: str


class _There(NamedTuple):
    """A status that the zaak has."""

    statustype: str
    moment: datetime
    url: str


async def put(attempt: Attempt, body: dict[str, Any]) -> Receipt:
    """Set statuses, and the eindstatus when only an einddatum was given."""
    ref = ref_of(body)
    zaak = await attempt.zaak(ref)
    wanted = [await _wanted(attempt, zaak, status) for status in body["statussen"]]
    notes = [told for status, each in zip(body["statussen"], wanted, strict=True) if (told := _otherwise(status, each))]
    if body["einddatum"]:
        einddatum = date.fromisoformat(body["einddatum"])
        closing = next((each for each in wanted if each.statustype.eindstatus), None)
        if closing is not None:
            if closing.moment.astimezone(AMSTERDAM).date() != einddatum:
                notes.append("einddatum is another day than the eindstatus, which counts")
        elif attempt.fresh(ref) or not (await attempt.calls.get("zaken", zaak.url, what="zaak lezen")).get("einddatum"):
            wanted.append(await _closing(attempt, zaak, einddatum))
        else:
            notes.append("was closed already")
    first = attempt.made_with(ref, FIRST)
    looks = attempt.exchange.resumed or (attempt.registered_with(ref) and not first)
    there = await _there(attempt, zaak) if looks else None
    url = ""
    for number, status in enumerate(_in_order(wanted, now=attempt.exchange.now)):
        if first and number == 0:
            url = first
            continue
        if there is not None and (already := _already(there, status)) is not None:
            url = already.url
            notes.append(f"{status.statustype.omschrijving}: was set already")
            continue
        if status.statustype.eindstatus and attempt.options.coalesce_resultaat and not body["heeft_resultaat"]:
            asked, look_first = attempt.options.coalesce_resultaat, not attempt.fresh(ref)
            if await resultaten.put_default(attempt, zaak, asked, look_first=look_first):
                notes.append("resultaat was filled in (options.coalesce_resultaat)")
        url, note = await _set(attempt, zaak, status, there)
        notes += [note] if note else []
    return Receipt(url, "; ".join(notes))


async def first_of(attempt: Attempt, zaak: Zaak, statussen: list[Row]) -> Row | None:
    """Give the first of these statuses as a new zaak gets it; None when it would close the zaak."""
    wanted = [await _wanted(attempt, zaak, status) for status in statussen]
    first = _in_order(wanted, now=attempt.exchange.now)[0]
    return None if first.statustype.eindstatus else _fields(first)


async def _wanted(attempt: Attempt, zaak: Zaak, status: Row) -> _Wanted:
    now = attempt.exchange.now
    asked = status.get("statustype") or {}
    statustype = await attempt.catalogue.statustype(attempt.calls, zaak.zaaktype, asked, now=now)
    moment = momenten.moment_of(status.get("datumStatusGezet"), eindstatus=statustype.eindstatus, now=now)
    setter = attempt.exchange.done.get(status.get("gezetdoor_stap") or "")
    return _Wanted(statustype, moment, status.get("statustoelichting") or "", setter.url if setter else "")


def _otherwise(status: Row, wanted: _Wanted) -> str:
    """Tell when a status was found by its number and the catalogus calls it otherwise than the sender does."""
    said, known = (status.get("statustype") or {}).get("omschrijving"), wanted.statustype.omschrijving
    return "" if not said or same(said, known) else f'"{shown(said)}" was set as statustype "{known}", by its number'


async def _closing(attempt: Attempt, zaak: Zaak, einddatum: date) -> _Wanted:
    now = attempt.exchange.now
    statustype = await attempt.catalogue.eindstatus(attempt.calls, zaak.zaaktype, now=now)
    return _Wanted(statustype, momenten.end_of(einddatum, now=now), "", "")


def _in_order(wanted: list[_Wanted], *, now: datetime) -> list[_Wanted]:
    """Give each status a moment of its own, and put the eindstatus last: a closed zaak takes no other status."""
    by_time = sorted(wanted, key=lambda each: (each.moment, each.statustype.eindstatus))
    moments = momenten.apart([each.moment for each in by_time], now=now.replace(microsecond=0))
    apart = [each._replace(moment=moment) for each, moment in zip(by_time, moments, strict=True)]
    return sorted(apart, key=lambda each: each.statustype.eindstatus)


async def _set(attempt: Attempt, zaak: Zaak, status: _Wanted, there: list[_There] | None) -> tuple[str, str]:
    """Set one status; when its moment is taken, which only then is asked, at the next that is free."""
    now = attempt.exchange.now
    if there is None:
        try:
            return await _create(attempt, zaak, status), ""
        except TargetRefused as refusal:
            if refusal.code != "unique":
                raise
        there = await _there(attempt, zaak)
        last = max(there, key=lambda each: each.moment, default=None)
        if last is not None and (last.statustype, last.moment) == (status.statustype.url, status.moment):
            return last.url, f"{status.statustype.omschrijving}: was set already"
    moment = momenten.free(status.moment, (each.moment for each in there), now=now)
    url = await _create(attempt, zaak, status._replace(moment=moment))
    there.append(_There(status.statustype.url, moment, url))
    return url, ""


async def _create(attempt: Attempt, zaak: Zaak, status: _Wanted) -> str:
    fields = {"zaak": zaak.url, **_fields(status)}
    url: str = (await attempt.calls.create("zaken", "statussen", fields, what="status zetten"))["url"]
    return url


def _fields(status: _Wanted) -> Row:
    fields: Row = {
        "statustype": status.statustype.url,
        "datumStatusGezet": status.moment.isoformat(),
        "statustoelichting": status.toelichting,
    }
    return {**fields, "gezetdoor": status.gezetdoor} if status.gezetdoor else fields


async def _there(attempt: Attempt, zaak: Zaak) -> list[_There]:
    rows = await attempt.calls.rows("zaken", "statussen", {"zaak": zaak.url}, what="statussen lezen")
    return [_There(row["statustype"], datetime.fromisoformat(row["datumStatusGezet"]), row["url"]) for row in rows]


def _already(there: list[_There], status: _Wanted) -> _There | None:
    """Find the status that an earlier attempt set: the moment may have been moved since."""
    same_moment = momenten.same_day if status.statustype.eindstatus else momenten.near
    for each in there:
        if each.statustype == status.statustype.url and same_moment(each.moment, status.moment):
            return each
    return None
