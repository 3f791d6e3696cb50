"""Documents as rows of the Documenten API: many in one call where the target can, and what types are called.

It knows how few calls that takes. It refuses to know which documents are meant.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from adapters.zgw.calls import Row
from adapters.zgw.lookup.asking import Asking, beside
from adapters.zgw.lookup.zoeken import uuids

EIO = "enkelvoudiginformatieobjecten"


async def by_url(asking: Asking, urls: Iterable[str]) -> dict[str, Row]:
    """Give documents by URL, with what their type is called; one that is not there is not in it."""
    wanted = list(dict.fromkeys(urls))
    found: dict[str, Row] = {}
    for group in uuids(wanted):
        rows = await asking.unless_lacking("documenten/_zoek", partial(_search, asking, group))
        if rows is None:
            found = {row["url"]: row for row in await beside([partial(_read, asking, each) for each in wanted]) if row}
            break
        found |= {row["url"]: row for row in rows}
    # One of another Documenten API is not found by its uuid; it is not read either: the hub calls only its target.
    documents = {url: found[url] for url in wanted if url in found}
    await beside([partial(asking.named, row, "informatieobjecttype", "informatieobjecttype") for row in found.values()])
    return documents


async def van_zaken(asking: Asking, links: list[list[Row]]) -> list[list[Row]]:
    """Give the documents of each zaak, from its zaakinformatieobjecten."""
    documents = await by_url(asking, [link["informatieobject"] for each in links for link in each])
    return [
        [{**documents.get(link["informatieobject"], {"url": link["informatieobject"]}), "zaakinformatieobject": link}
         for link in sorted(each, key=lambda link: str(link.get("registratiedatum") or ""))]
        for each in links
    ]  # fmt: skip


async def _search(asking: Asking, group: list[str]) -> list[Row]:
    pages = asking.calls.pages("documenten", f"{EIO}/_zoek", search={"uuid__in": group}, what="documenten lezen")
    return [row async for page in pages for row in page]


async def _read(asking: Asking, url: str) -> Row | None:
    return await asking.unless_gone(lambda: asking.calls.get("documenten", url, what="document lezen"))
