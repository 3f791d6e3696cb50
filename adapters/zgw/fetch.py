"""What a notification points at: the zaak, document or besluit as it is now, read with the questions of the lookup.

So it has the shape of an answer, and the same parts of mappings read it. A notification that comes twice, late or in
another order gives what stands at that moment: the last one always tells the last of it. It knows what is still to be
told when a resource is gone, and which changes the hub made itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from adapters.zgw import lookup
from adapters.zgw.calls import Calls, Row
from adapters.zgw.inbound import document_of
from adapters.zgw.melding import Melding, of_plain
from adapters.zgw.options import InboundOptions, Options
from adapters.zgw.recent import Recent
from hub.config.policy import OWN_CHANGE_S, ZAAK_URLS_MAX
from hub.errors import TargetRefused
from hub.ports.contracts import Document, Inquiry

_ZAKEN, _DOCUMENTEN, _BESLUITEN = (f"nl.zaken.{noun}-opvragen.v1" for noun in ("zaken", "documenten", "besluiten"))
_WHOLE = ("rollen", "resultaat", "zaakobjecten", "eigenschappen", "gerelateerdeZaken")
"""Parts that are told with a zaak; a status, document or besluit has an event of its own."""
_STATUS = ("statussen", "resultaat")
_TRAILS = {
    "zaken": ("zaken", "zaken"),
    "documenten": ("documenten", "enkelvoudiginformatieobjecten"),
    "besluiten": ("besluiten", "besluiten"),
}
"""Kanaal to the service and collection of its main resource."""
_CHANGES = {"partial_update": "update"}
_GONE = "niet-gevonden"


class _Told(NamedTuple):
    """What there is to tell: of which zaak, on what it has its effect, and the parts of the document."""

    zaak: str
    subject: str
    body: dict[str, Any]


def create(options: InboundOptions) -> ZgwFetching:
    """Make it for one connection."""
    return ZgwFetching(options)


class ZgwFetching:
    """Implements hub.ports.contracts.Fetching."""

    def __init__(self, options: InboundOptions) -> None:
        self._own_user = options.own_user
        self._lookup = lookup.create(Options(rsin=options.rsin, catalogue_ttl_s=options.catalogue_ttl_s))
        self._numbers: Recent[str, tuple[str, str]] = Recent(ZAAK_URLS_MAX)
        self._links: Recent[str, str] = Recent(ZAAK_URLS_MAX)

    async def fetch(self, document: Document, inquiry: Inquiry) -> Document | None:
        """Fetch: see `hub.ports.contracts.Fetching`."""
        assert isinstance(document.body, dict), "a notification is JSON"
        if document.body.keys() > {"melding"}:
            return document  # it was fetched before it was written down
        melding = of_plain(document.body["melding"])
        calls = Calls(inquiry.client, inquiry.now)
        try:
            if await self._is_own(calls, melding):
                return None
            if melding.kind == "zaken.zaakinformatieobject.destroy" and melding.uuid not in self._links:
                # Which document it was can't be known any more: what can be told is that the zaak changed.
                melding = melding._replace(resource="zaak", uuid=melding.hoofd, actie="update")
            told = await self._told(calls, melding, inquiry)
        except TargetRefused as refused:
            if refused.code != _GONE:
                raise
            return None  # removed since: of that comes a notification too
        if told is None:
            return None
        made = document_of(melding, {"melding": melding.plain(), **told.body})
        return made._replace(zaak=told.zaak, subject=told.subject, reference=document.reference)

    async def _told(self, calls: Calls, melding: Melding, inquiry: Inquiry) -> _Told | None:
        if melding.kind == "zaken.zaak.destroy":
            return self._zaak_gone(melding)
        tell = {
            "zaken.status.create": self._status,
            "zaken.zaakinformatieobject.create": self._link,
            "zaken.zaakinformatieobject.destroy": self._link_gone,
            "documenten.enkelvoudiginformatieobject.update": self._document,
            "besluiten.besluit.create": self._besluit,
            "besluiten.besluit.update": self._besluit,
        }.get(melding.kind, self._whole)
        return await tell(calls, melding, inquiry)

    async def _whole(self, calls: Calls, melding: Melding, inquiry: Inquiry) -> _Told | None:
        zaak = await self._zaak(calls, melding.hoofd, _WHOLE, inquiry)
        return _of_zaak(zaak) if zaak is not None else None

    async def _zaak(self, calls: Calls, uuid: str, parts: tuple[str, ...], inquiry: Inquiry) -> Row | None:
        identificatie, organisatie = await self._number(calls, uuid)
        question = {"identificatie": identificatie, "organisatie": organisatie, "onderdelen": list(parts)}
        return _first(await self._lookup.ask(_ZAKEN, question, inquiry), "zaken")

    async def _number(self, calls: Calls, uuid: str) -> tuple[str, str]:
        """Give the identificatie and bronorganisatie of a zaak, which it keeps for its whole life (ZGW zrc-002)."""
        number = self._numbers.get(uuid)
        if number is None:
            row = await calls.get("zaken", f"zaken/{uuid}", what="zaak lezen")
            number = (row["identificatie"], row["bronorganisatie"])
            self._numbers.put(uuid, number)
        return number

    async def _status(self, calls: Calls, melding: Melding, inquiry: Inquiry) -> _Told | None:
        zaak = await self._zaak(calls, melding.hoofd, _STATUS, inquiry)
        if zaak is None:
            return None
        zaak["statussen"] = [each for each in zaak.get("statussen") or () if _is(each, melding.uuid)]
        return _of_zaak(zaak) if zaak["statussen"] else None

    async def _link(self, calls: Calls, melding: Melding, inquiry: Inquiry) -> _Told | None:
        link = await calls.get("zaken", f"zaakinformatieobjecten/{melding.uuid}", what="zaakinformatieobject lezen")
        zaak = await self._zaak(calls, melding.hoofd, (), inquiry)
        found = await self._found_document(calls, _uuid(link["informatieobject"]), inquiry, content=True)
        if zaak is None or found is None:
            return None
        self._links.put(melding.uuid, found["identificatie"])
        return _Told(
            zaak["identificatie"],
            found["identificatie"],
            {"zaak": _which(zaak), "document": {**_alone(found), "zaakinformatieobject": link}},
        )

    async def _link_gone(self, calls: Calls, melding: Melding, _: Inquiry) -> _Told:
        identificatie, organisatie = await self._number(calls, melding.hoofd)
        document = self._links.get(melding.uuid) or ""
        body = {
            "zaak": {"identificatie": identificatie, "bronorganisatie": organisatie},
            "document": {"identificatie": document},
        }
        return _Told(identificatie, document, body)

    async def _document(self, calls: Calls, melding: Melding, inquiry: Inquiry) -> _Told | None:
        found = await self._found_document(calls, melding.uuid, inquiry, content=True)
        zaak = next(iter(found.get("zaken") or ()), None) if found else None
        if found is None or zaak is None:
            return None  # a document that is in no zaak is of another domain
        return _Told(zaak["identificatie"], found["identificatie"], {"zaak": _which(zaak), "document": _alone(found)})

    async def _found_document(self, calls: Calls, uuid: str, inquiry: Inquiry, *, content: bool) -> Row | None:
        row = await calls.get("documenten", f"enkelvoudiginformatieobjecten/{uuid}", what="document lezen")
        question = {"identificatie": row["identificatie"], "organisatie": row["bronorganisatie"], "inhoud": content}
        return _first(await self._lookup.ask(_DOCUMENTEN, question, inquiry), "documenten")

    async def _besluit(self, calls: Calls, melding: Melding, inquiry: Inquiry) -> _Told | None:
        row = await calls.get("besluiten", f"besluiten/{melding.hoofd}", what="besluit lezen")
        question = {"identificatie": row["identificatie"], "organisatie": row["verantwoordelijkeOrganisatie"]}
        besluit = _first(await self._lookup.ask(_BESLUITEN, question, inquiry), "besluiten")
        zaak = besluit.get("zaak") if besluit else None
        if besluit is None or not zaak:
            return None  # a besluit without zaak is of another domain
        body = {"zaak": _which(zaak), "besluit": _alone(besluit)}
        return _Told(zaak["identificatie"], besluit["identificatie"], body)

    def _zaak_gone(self, melding: Melding) -> _Told:
        number = self._numbers.get(melding.hoofd)
        if number is None:
            raise TargetRefused(
                "a zaak was removed of which the number is not known here any more",
                code="zaak-verwijderd",
                advice="see in the zaaksysteem which zaak it was, tell those concerned, then drop this message",
            )
        zaak = {"identificatie": number[0], "bronorganisatie": number[1]}
        return _Told(number[0], number[0], {"zaak": zaak})

    async def _is_own(self, calls: Calls, melding: Melding) -> bool:
        """Say whether an outbound connection of the hub did it: the audit trail names who."""
        if not self._own_user or melding.kind == "zaken.zaak.destroy":  # with a zaak its audit trail goes
            return False
        service, collection = _TRAILS[melding.kanaal]
        path = f"{collection}/{melding.hoofd}/audittrail"
        rows = await calls.rows(service, path, {}, what="audittrail lezen")
        mine = [row for row in rows if _did(row, melding)]
        last = max(mine, key=lambda row: datetime.fromisoformat(row["aanmaakdatum"]), default=None)
        return last is not None and last.get("gebruikersId") == self._own_user


def _did(row: Mapping[str, Any], melding: Melding) -> bool:
    """Say whether a line of an audit trail may be what a notification tells."""
    actie = row.get("actie", "")
    if _uuid(str(row.get("resourceUrl", ""))) != melding.uuid or _CHANGES.get(actie, actie) != melding.actie:
        return False
    if melding.actie != "update":
        return True
    latest = datetime.fromisoformat(melding.at) + timedelta(seconds=OWN_CHANGE_S)
    return datetime.fromisoformat(row["aanmaakdatum"]) <= latest


def _of_zaak(zaak: Row) -> _Told:
    return _Told(zaak["identificatie"], zaak["identificatie"], {"zaak": zaak})


def _which(zaak: Row) -> Row:
    """Give what tells which zaak it is: the rest has events of its own."""
    return {name: zaak[name] for name in ("identificatie", "bronorganisatie", "zaaktype") if zaak.get(name)}


def _alone(row: Row) -> Row:
    """Give a document or besluit without the zaken that the answer tells with it."""
    return {name: value for name, value in row.items() if name not in {"zaak", "zaken"}}


def _first(answer: Mapping[str, Any], name: str) -> Row | None:
    rows: list[Row] = answer.get(name) or []
    return rows[0] if rows else None


def _is(part: Mapping[str, Any], uuid: str) -> bool:
    return _uuid(str(part.get("url") or "")) == uuid


def _uuid(url: str) -> str:
    return url.partition("?")[0].rstrip("/").rpartition("/")[2]
