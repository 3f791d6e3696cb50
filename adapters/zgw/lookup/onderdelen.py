"""The parts of zaken: from what came inside the answer, or else from calls of their own, a few at a time.

It knows where each part of a Zaak is (Zaken API 1.5) and what a composed zaak looks like: the row of the API in which
what is asked for stands in the place of its URL, and what is not asked for is left out.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from functools import partial

from adapters.zgw.calls import Row
from adapters.zgw.lookup.asking import Asking, beside
from adapters.zgw.lookup.eio import van_zaken
from adapters.zgw.lookup.zoeken import verwezen

ROLLEN, STATUS, STATUSSEN, DOCUMENTEN = "rollen", "status", "statussen", "zaakinformatieobjecten"
BESLUITEN = "besluiten"
_ZAKEN = ("hoofdzaak", "deelzaken", "relevanteAndereZaken")
_HELD = {
    "rollen": ROLLEN,
    "resultaat": "resultaat",
    "zaakobjecten": "zaakobjecten",
    "eigenschappen": "eigenschappen",
    "documenten": DOCUMENTEN,
}
"""Parts that a Zaak refers to, by what a question calls them."""
_OURS = ("_expand", "rollen", "resultaat", "zaakobjecten", "eigenschappen", STATUS, STATUSSEN, DOCUMENTEN, *_ZAKEN)
_LISTED = frozenset({ROLLEN, "zaakobjecten", "eigenschappen", DOCUMENTEN, STATUSSEN, BESLUITEN})


def expandable(parts: frozenset[str], *, latest: bool) -> list[str]:
    """Give what is asked for that can come inside a zaak; of statussen only the latest can."""
    held = [held for name, held in _HELD.items() if name in parts]
    return [*held, *([STATUS] if STATUSSEN in parts and latest else [])]


async def filled(asking: Asking, rows: Iterable[Row], *names: str) -> None:
    """Put parts in the place of their URLs."""
    await beside([partial(_fill, asking, row, name) for row in rows for name in names if not _there(row, name)])


async def composed(asking: Asking, rows: list[Row], parts: frozenset[str], *, latest: bool) -> list[Row]:
    """Give zaken with the parts that are asked for, and with what types are called."""
    names = expandable(parts, latest=latest)
    names += [STATUSSEN] if STATUSSEN in parts and not latest else []
    names += [BESLUITEN] if BESLUITEN in parts else []
    await filled(asking, rows, *names)
    if STATUSSEN in parts:
        for row in rows:
            row[STATUSSEN] = _statussen(row, latest=latest)
        await beside([partial(_gezet_door, asking, row, status) for row in rows for status in row[STATUSSEN]])
    for row in rows:
        for rol in _rollen(row):
            if rol.get("roltoelichting") == rol.get("omschrijving"):
                rol["roltoelichting"] = ""  # the standard asks for one; the roltype itself tells nothing
    if "documenten" in parts:
        documents = await van_zaken(asking, [row[DOCUMENTEN] for row in rows])
        for row, mine in zip(rows, documents, strict=True):
            row["documenten"] = mine
    if "gerelateerdeZaken" in parts:
        await _relate(asking, rows)
    await beside(list(_namings(asking, rows, parts)))
    kept = {*parts, *(_ZAKEN if "gerelateerdeZaken" in parts else ())}
    return [{name: value for name, value in row.items() if name not in _OURS or name in kept} for row in rows]


def _there(row: Row, name: str) -> bool:
    """Say whether a part is there already, or is not there at all; take it from what came inside."""
    inside = row.get("_expand") or {}
    if name in inside:
        row[name] = inside[name]
    elif name == STATUSSEN and STATUS in row and row[STATUS] is None:
        row[name] = []
    value = row.get(name, "")
    if isinstance(value, list):
        return all(isinstance(each, dict) for each in value)
    return value is None or isinstance(value, dict)


async def _fill(asking: Asking, row: Row, name: str) -> None:
    calls, zaak = asking.calls, {"zaak": row["url"]}
    if name == "eigenschappen":
        url = f"{row['url'].rstrip('/')}/zaakeigenschappen"
        row[name] = await calls.rows("zaken", url, {}, what="eigenschappen lezen")
    elif name == BESLUITEN:
        row[name] = await calls.rows("besluiten", "besluiten", zaak, what="besluiten lezen")
    elif name in _LISTED:
        row[name] = await calls.rows("zaken", name, zaak, what=f"{name} lezen")
    else:
        row[name] = await calls.get("zaken", row[name], what=f"{name} lezen")


def _statussen(row: Row, *, latest: bool) -> list[Row]:
    if not latest:
        return sorted(row[STATUSSEN], key=lambda each: str(each.get("datumStatusGezet") or ""))
    return [{**row[STATUS], "indicatieLaatstGezetteStatus": True}] if row.get(STATUS) else []


def _rollen(row: Row) -> Iterable[Row]:
    """Give the rollen of a zaak that were read, those of who set a status too."""
    for each in (*(row.get(ROLLEN) or ()), *(status.get("gezetdoor") for status in row.get(STATUSSEN) or ())):
        if isinstance(each, dict):
            yield each


async def _gezet_door(asking: Asking, row: Row, status: Row) -> None:
    """Put who set a status in the place of the URL of the rol."""
    url = status.get("gezetdoor")
    if not url:
        return
    known = next((rol for rol in row.get(ROLLEN) or () if isinstance(rol, dict) and rol["url"] == url), None)
    status["gezetdoor"] = known or await asking.calls.get("zaken", url, what="rol lezen")


async def _relate(asking: Asking, rows: list[Row]) -> None:
    """Put which zaken they are in the place of URLs."""
    urls = [url for row in rows for url in _related(row)]
    known = await verwezen(asking, urls)
    for row in rows:
        hoofdzaak = row.get("hoofdzaak")
        row["hoofdzaak"] = known.get(hoofdzaak) if hoofdzaak else None
        row["deelzaken"] = [known[url] for url in row.get("deelzaken") or () if url in known]
        row["relevanteAndereZaken"] = [
            {**each, "zaak": known[each["url"]]}
            for each in row.get("relevanteAndereZaken") or ()
            if each.get("url") in known
        ]


def _related(row: Row) -> Iterable[str]:
    yield from [row["hoofdzaak"]] if row.get("hoofdzaak") else []
    yield from row.get("deelzaken") or ()
    yield from (each["url"] for each in row.get("relevanteAndereZaken") or () if each.get("url"))


def _namings(asking: Asking, rows: list[Row], parts: frozenset[str]) -> Iterable[Callable[[], Awaitable[None]]]:
    """Give what puts the names of types in the place of their URLs."""
    for row in rows:
        zaaktype = row["zaaktype"]
        for status in row.get(STATUSSEN) or ():
            yield partial(_statustype, asking, zaaktype, status)
        if "resultaat" in parts and row.get("resultaat"):
            yield partial(asking.named, row["resultaat"], "resultaattype", "resultaattype")
        for besluit in (row.get(BESLUITEN) or ()) if BESLUITEN in parts else ():
            yield partial(asking.named, besluit, "besluittype", "besluittype")
        yield partial(asking.named, row, "zaaktype", "zaaktype")


async def _statustype(asking: Asking, zaaktype: str, status: Row) -> None:
    now = asking.inquiry.now
    status["statustype"] = await asking.namen.statustype(asking.calls, zaaktype, status["statustype"], now=now)
