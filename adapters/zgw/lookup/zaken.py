"""Which zaken there are: search, pages, follow-up questions; their parts come from `onderdelen`.

It knows when enough was found. Every page is looked at: a target that does not know a filter may answer with all that
it has, and the zaken of others are no answer.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from typing import Any

from adapters.zgw.calls import Row
from adapters.zgw.lookup.asking import Asking, beside, wanted
from adapters.zgw.lookup.criteria import Criteria, criteria, in_order
from adapters.zgw.lookup.onderdelen import ROLLEN, composed, expandable, filled
from adapters.zgw.lookup.zoeken import Pages, listed, searched, uuids
from hub.errors import TargetMisconfigured, TargetRefused


async def answer(asking: Asking, question: dict[str, Any]) -> dict[str, Any]:
    """Answer which zaken there are."""
    zaaktypen = await _zaaktypen(asking, question)
    if zaaktypen is None:
        return {"zaken": [], "meer": False}
    asked = criteria(question, zaaktypen, asking.options)
    parts = frozenset(question.get("onderdelen") or ())
    latest = bool(question.get("alleenLaatsteStatus"))
    inside = expandable(parts, latest=latest)
    # Who reads on passes over what was in the answer before, and who orders here reads all: without the parts.
    later = bool(question.get("na") or asked.ordered_here)
    first = {*(() if later else inside), *((ROLLEN,) if asked.somebody else ())}
    rows, more = await _chosen(asking, asked, sorted(first), na=question.get("na") or "", most=wanted(question))
    if later and inside:
        rows = await _again(asking, rows, inside)
    return {"zaken": await composed(asking, rows, parts, latest=latest), "meer": more}


async def _zaaktypen(asking: Asking, question: dict[str, Any]) -> list[str] | None:
    """Give all versions of the zaaktype that is asked for; None when there is none, and so no zaak of it."""
    code = question.get("zaaktype")
    if not code:
        return []
    rsin = asking.options.rsin_of(question.get("organisatie"))
    return await asking.catalogue.versions(asking.calls, code, rsin=rsin, now=asking.inquiry.now) or None


async def _chosen(asking: Asking, asked: Criteria, inside: list[str], *, na: str, most: int) -> tuple[list[Row], bool]:
    """Give the zaken that are meant, after `na`, and whether there are more."""
    pages = _meant(asking, asked, await _found(asking, asked, inside))
    if asked.ordered_here:
        pages = _one_page(in_order([row async for page in pages for row in page], asked.ordered_here))
    rows: list[Row] = []
    passed = not na
    async for page in pages:
        for row in page:
            if not passed:
                passed = row.get("identificatie") == na
            elif len(rows) == most:
                return rows, True
            else:
                rows.append(row)
    if not passed:
        raise TargetRefused(
            "the zaak after which the answer should go on is not in it any more",
            code="vervolgvraag",
            advice="ask again from the beginning",
        )
    return rows, False


async def _found(asking: Asking, asked: Criteria, inside: list[str]) -> Pages:
    """Begin the search; what says something of a person never stands in a URL."""
    if asked.in_url:
        return await listed(asking, asked.filters, inside, asked.ordering)
    found = await searched(asking, asked.filters, inside, asked.ordering)
    if found is not None:
        return found
    if asked.somebody or asked.omschrijving:
        raise TargetMisconfigured(
            "the target has no /zaken/_zoek for this client, and what says something of a person goes in no URL",
            code="zgw-zoek",
            advice="see the version of the Zaken API: it must be 1.5 or newer",
        )
    return await _by_zaaktype(asking, asked, inside)


async def _by_zaaktype(asking: Asking, asked: Criteria, inside: list[str]) -> Pages:
    """Ask for one version of the zaaktype after the other."""
    rest = {name: value for name, value in asked.filters.items() if name != "zaaktype__in"}

    async def of(zaaktype: str) -> list[Row]:
        pages = await listed(asking, {**rest, "zaaktype": zaaktype}, inside, asked.ordering)
        return [row async for page in pages for row in page]

    each = await beside([partial(of, zaaktype) for zaaktype in asked.filters["zaaktype__in"]])
    return _one_page(in_order([row for rows in each for row in rows], asked.ordering))


async def _meant(asking: Asking, asked: Criteria, pages: Pages) -> AsyncIterator[list[Row]]:
    """Leave out what the target had no filter for."""
    async for page in pages:
        rows = [row for row in page if asked.fits(row)]
        somebody = asked.somebody
        if somebody is not None:
            await filled(asking, rows, ROLLEN)
            if not all(any(map(somebody.is_in, row[ROLLEN])) for row in rows):
                raise TargetMisconfigured(
                    "the target answers with zaken of others: it does not know the filter on betrokkene",
                    code="zgw-zoek",
                    advice="see the version of the Zaken API: /zaken/_zoek filters on rol since 1.5",
                )
            rows = [row for row in rows if any(map(somebody.has, row[ROLLEN]))]
        yield rows


async def _again(asking: Asking, rows: list[Row], inside: list[str]) -> list[Row]:
    """Read the zaken that were chosen once more, with what they hold inside."""
    found: dict[str, Row] = {}
    for group in uuids(row["url"] for row in rows):
        pages = await searched(asking, {"uuid__in": group}, inside, ())
        async for page in pages if pages is not None else _one_page([]):
            found |= {row["url"]: row for row in page}
    return [found.get(row["url"], row) for row in rows]


async def _one_page(rows: list[Row]) -> AsyncIterator[list[Row]]:
    yield rows
