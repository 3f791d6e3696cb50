"""Which documents there are, with their content; and one of them locked, to be edited by one person.

It knows lock and content of the Documenten API. A title says something of a person, so it is looked at here: the API
takes it in a URL only.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import Any

from adapters.zgw.calls import Row
from adapters.zgw.lookup import eio
from adapters.zgw.lookup.asking import Asking, beside, wanted
from adapters.zgw.lookup.onderdelen import DOCUMENTEN, filled
from adapters.zgw.lookup.zoeken import one, verwezen, which
from hub.errors import HubError, TargetRefused

_WHAT = "document vergrendelen"


async def answer(asking: Asking, question: dict[str, Any]) -> dict[str, Any]:
    """Answer which documents there are."""
    rows = await _found(asking, question)
    rows, more = _after(rows, question.get("na") or "", most=wanted(question))
    if question.get("inhoud"):
        # One after the other: contents are large, and the payload store is filled while they come.
        for row in rows:
            await _keep(asking, row)
    return {"documenten": rows, "meer": more}


async def answer_locked(asking: Asking, question: dict[str, Any]) -> dict[str, Any]:
    """Lock the one document that is asked for, and give it; a lock that somebody else has is told as such."""
    rows = await _found(asking, question)
    if len(rows) != 1:
        if rows:
            raise TargetRefused(
                "the question is about more than one document", code="niet-uniek", advice="ask by identificatie"
            )
        return {"documenten": [], "meer": False}
    row = rows[0]
    if row.get("locked"):
        raise _locked()
    lock = await _lock(asking, row["url"])
    try:
        # Somebody may have made a new version just before the lock.
        now = await asking.calls.get("documenten", row["url"], what="document lezen")
        row = {**row, **{name: value for name, value in now.items() if name != "informatieobjecttype"}, "lock": lock}
        if question.get("inhoud", True):
            await _keep(asking, row)
    except BaseException:
        await _unlock(asking, row["url"], lock)
        raise
    return {"documenten": [row], "meer": False}


async def _found(asking: Asking, question: dict[str, Any]) -> list[Row]:
    identificatie, zaak = question.get("identificatie"), question.get("zaak")
    if identificatie:
        rows = await _by_number(asking, identificatie, question.get("organisatie"))
        if zaak:
            rows = [row for row in rows if any(each.get("identificatie") == zaak for each in row["zaken"])]
    elif zaak:
        rows = await _of_zaak(asking, zaak, question.get("organisatie"))
    else:
        raise TargetRefused(
            "documents are found by their identificatie or by their zaak",
            code="zoekcriterium",
            advice="let the question name one of the two",
        )
    titel = str(question.get("titel") or "").casefold()
    return [row for row in rows if not titel or str(row.get("titel") or "").casefold() == titel]


async def _by_number(asking: Asking, identificatie: str, organisatie: str | None) -> list[Row]:
    query = {"identificatie": identificatie, "bronorganisatie": asking.options.rsin_of(organisatie)}
    rows = await asking.calls.rows("documenten", eio.EIO, query, what="document zoeken")
    await beside([partial(asking.named, row, "informatieobjecttype", "informatieobjecttype") for row in rows])
    await beside([partial(_place, asking, row) for row in rows])
    return rows


async def _place(asking: Asking, row: Row) -> None:
    """Say in which zaken a document is, and what it is called in the first."""
    query = {"informatieobject": row["url"]}
    links = await asking.calls.rows("zaken", "zaakinformatieobjecten", query, what="zaken van document lezen")
    links.sort(key=lambda link: str(link.get("registratiedatum") or ""))
    zaken = await verwezen(asking, [link["zaak"] for link in links])
    row["zaken"] = [zaken[link["zaak"]] for link in links if link["zaak"] in zaken]
    if links:
        row["zaakinformatieobject"] = links[0]


async def _of_zaak(asking: Asking, zaak: str, organisatie: str | None) -> list[Row]:
    found = await one(asking, zaak, organisatie, inside=[DOCUMENTEN])
    if found is None:
        return []
    await filled(asking, [found], DOCUMENTEN)
    (rows,) = await eio.van_zaken(asking, [found[DOCUMENTEN]])
    told = await which(asking, found)
    return [{**row, "zaken": [told]} for row in rows]


def _after(rows: list[Row], na: str, *, most: int) -> tuple[list[Row], bool]:
    """Give what comes after the last document of the answer before, and whether there is more."""
    begin = 0
    if na:
        places = [place for place, row in enumerate(rows, 1) if row.get("identificatie") == na]
        if not places:
            raise TargetRefused(
                "the document after which the answer should go on is not in it any more",
                code="vervolgvraag",
                advice="ask again from the beginning",
            )
        begin = places[0]
    return rows[begin : begin + most], len(rows) > begin + most


async def _keep(asking: Asking, row: Row) -> None:
    """Put the content in the payload store, and its claim in the place of its URL."""
    if row.get("inhoud"):
        # A document whose bestandsdelen are not all there has no content to give.
        row["inhoud"] = await asking.inquiry.keep(asking.inquiry.client.download("documenten", row["inhoud"]))


async def _lock(asking: Asking, url: str) -> str:
    try:
        made = await asking.calls.act("documenten", f"{url.rstrip('/')}/lock", {}, what=_WHAT)
    except TargetRefused as refused:
        if refused.code != "existing-lock":
            raise
        raise _locked() from None
    return str(made["lock"])


async def _unlock(asking: Asking, url: str, lock: str) -> None:
    """Give back what nobody can use: without its lock the asker could never return the document."""
    with suppress(HubError):
        await asking.calls.act("documenten", f"{url.rstrip('/')}/unlock", {"lock": lock}, what="document ontgrendelen")


def _locked() -> TargetRefused:
    return TargetRefused(
        "the document is locked by somebody else",
        code="document-vergrendeld",
        advice="ask again when the other has returned it, or unlock it at the target",
    )
