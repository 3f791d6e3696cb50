"""How zaken are asked for: in a URL or in the body of `_zoek`, with related resources inside where the target can.

It knows how a search is written. It refuses to know what is meant by it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Any

from adapters.zgw.calls import Row
from adapters.zgw.lookup.asking import Asking, beside
from adapters.zgw.lookup.manieren import IN_A_BODY, IN_A_URL, Way
from hub.config.policy import ZOEK_UUIDS_MAX

Pages = AsyncIterator[list[Row]]
Filters = Mapping[str, Any]

_WHAT = "zaken zoeken"


async def listed(asking: Asking, filters: Filters, inside: Sequence[str], ordering: Sequence[str]) -> Pages:
    """List zaken: what is asked stands in the URL. The first page has come."""
    return await asking.best("zaken", IN_A_URL, partial(_begun, asking, filters, inside, ordering, in_url=True))


async def searched(asking: Asking, filters: Filters, inside: Sequence[str], ordering: Sequence[str]) -> Pages | None:
    """Search for zaken: what is asked stands in the body. The first page has come; None when the target can't."""
    begun = partial(_begun, asking, filters, inside, ordering, in_url=False)
    return await asking.unless_lacking("_zoek", partial(asking.best, "_zoek", IN_A_BODY, begun))


async def one(asking: Asking, identificatie: str, organisatie: str | None, *, inside: Sequence[str] = ()) -> Row | None:
    """Give a zaak by its number."""
    filters = {"identificatie": identificatie, "bronorganisatie": asking.options.rsin_of(organisatie)}
    async for page in await listed(asking, filters, inside, ()):
        for row in page:
            return row
    return None


async def verwezen(asking: Asking, urls: Iterable[str]) -> dict[str, Row]:
    """Tell which zaken are at some URLs: a page of them in one call. One that is not at this target is not in it."""
    found: dict[str, Row] = {}
    wanted = list(dict.fromkeys(urls))
    for group in uuids(wanted):
        pages = await searched(asking, {"uuid__in": group}, (), ())
        if pages is None:
            rows = await beside([partial(_read, asking, each) for each in wanted])
            found = {row["url"]: row for row in rows if row}
            break
        async for page in pages:
            found |= {row["url"]: row for row in page}
    told = await beside([partial(which, asking, row) for row in found.values()])
    return {row["url"]: row for row in told}


async def which(asking: Asking, row: Row) -> Row:
    """Give what tells of a zaak which one it is."""
    told = {name: row.get(name) for name in ("url", "identificatie", "bronorganisatie", "omschrijving", "zaaktype")}
    await asking.named(told, "zaaktype", "zaaktype")
    return told


def uuids(urls: Iterable[str]) -> Iterable[list[str]]:
    """Give the uuids of resources, in groups that one call may ask for."""
    rest = iter([url.partition("?")[0].rstrip("/").rpartition("/")[2] for url in urls])
    while group := list(islice(rest, ZOEK_UUIDS_MAX)):
        yield group


async def _read(asking: Asking, url: str) -> Row | None:
    return await asking.unless_gone(lambda: asking.calls.get("zaken", url, what="zaak lezen"))


async def _begun(
    asking: Asking, filters: Filters, inside: Sequence[str], ordering: Sequence[str], way: Way, *, in_url: bool
) -> Pages:
    lists = {"expand": inside if way.expand else (), "ordering": ordering}
    written = {name: ",".join(each) if way.as_text else list(each) for name, each in lists.items() if each}
    asked: dict[str, Any] = {**filters, **written}
    if in_url:
        pages = asking.calls.pages("zaken", "zaken", query=asked, what=_WHAT)
    else:
        pages = asking.calls.pages("zaken", "zaken/_zoek", search=asked, what=_WHAT)
    return _with_first(await anext(pages, []), pages)


async def _with_first(first: list[Row], rest: Pages) -> Pages:
    yield first
    async for page in rest:
        yield page
