"""What both floors do with one message, straight on: parse, take the fields, make the event, make the request.

No rules, no types, no errors: it knows this one message by heart. The benchmark sees to it that what comes out is what
the hub makes of it, field for field.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import orjson
from lxml import etree

from hub.config.policy import ConnectionPolicy

BATCH = 200

_ZKN = "{http://www.egem.nl/StUF/sector/zkn/0310}"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_blank_text=True)
_BETALING = {"N.v.t.": "nvt", "(Nog) niet": "nog_niet", "Gedeeltelijk": "gedeeltelijk", "Geheel": "geheel"}


def _date(text: str) -> str:
    return f"{text[:4]}-{text[4:6]}-{text[6:]}"


_FIELDS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "identificatie": ("identificatie", lambda field: field.text),
    "omschrijving": ("omschrijving", lambda field: field.text),
    "toelichting": ("toelichting", lambda field: field.text),
    "startdatum": ("startdatum", lambda field: _date(field.text)),
    "registratiedatum": ("registratiedatum", lambda field: _date(field.text)),
    "publicatiedatum": ("publicatiedatum", lambda field: _date(field.text)),
    "einddatumGepland": ("einddatumGepland", lambda field: _date(field.text)),
    "uiterlijkeEinddatum": ("uiterlijkeEinddatumAfdoening", lambda field: _date(field.text)),
    "opschorting": ("opschorting", lambda field: {"indicatie": field[0].text == "J", "reden": field[1].text}),
    "verlenging": ("verlenging", lambda field: {"reden": field[1].text, "duur": f"P{field[0].text}D"}),
    "betalingsIndicatie": ("betalingsindicatie", lambda field: _BETALING[field.text]),
    "archiefnominatie": (
        "archiefnominatie",
        lambda field: "vernietigen" if field.text == "J" else "blijvend_bewaren",
    ),
    "datumVernietigingDossier": ("archiefactiedatum", lambda field: _date(field.text)),
    "zaakniveau": ("zaakniveau", lambda field: int(field.text)),
    "deelzakenIndicatie": ("deelzakenIndicatie", lambda field: field.text == "J"),
}
_COPIED = (
    "identificatie",
    "omschrijving",
    "toelichting",
    "startdatum",
    "registratiedatum",
    "publicatiedatum",
    "einddatumGepland",
    "uiterlijkeEinddatumAfdoening",
    "archiefnominatie",
    "archiefactiedatum",
    "betalingsindicatie",
    "opschorting",
    "verlenging",
    "kenmerken",
)


def event_of(body: bytes) -> dict[str, Any]:
    """Read the message; gives the data of the event."""
    stuurgegevens, _, zaak_element = etree.fromstring(body, _PARSER)[0][0]
    kenmerken: list[dict[str, str | None]] = []
    zaak: dict[str, Any] = {"organisatie": stuurgegevens[1][0].text, "kenmerken": kenmerken}
    for field in zaak_element:
        name = field.tag[len(_ZKN) :]
        if name == "kenmerk":
            kenmerken.append({"kenmerk": field[0].text, "bron": field[1].text})
        elif name == "isVan":
            zaaktype = field[0]
            zaak["zaaktype"], zaak["zaaktypeOmschrijving"] = zaaktype[1].text, zaaktype[0].text
        else:
            target, read = _FIELDS[name]
            zaak[target] = read(field)
    return {"zaak": zaak}


def zgw_of(event: dict[str, Any], *, zaaktype: str) -> dict[str, Any]:
    """Make the body of the POST that creates the zaak."""
    zaak = event["zaak"]
    body: dict[str, Any] = {name: zaak[name] for name in _COPIED if name in zaak}
    body["bronorganisatie"] = body["verantwoordelijkeOrganisatie"] = zaak["organisatie"]
    body["zaaktype"] = zaaktype
    return body


class Target:
    """One pooled HTTP session to the zaaksysteem, with as many connections as the hub's policy gives it."""

    def __init__(self, session: aiohttp.ClientSession, base: str, zaaktype: str) -> None:
        self._session = session
        self._url = f"{base}zaken/zaken"
        self._zaaktype = zaaktype
        self._headers = {
            "Authorization": "Bearer floor",
            "Content-Type": "application/json",
            "Accept-Crs": "EPSG:4326",
            "Content-Crs": "EPSG:4326",
        }

    @classmethod
    @asynccontextmanager
    async def open(cls) -> AsyncIterator[Target]:
        """Connect, and read the zaaktype once."""
        base = os.environ["FLOOR_TARGET"]
        connector = aiohttp.TCPConnector(limit=ConnectionPolicy().connections_max)
        async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as session:
            async with session.get(f"{base}catalogi/zaaktypen") as answer:
                zaaktype = orjson.loads(await answer.read())["results"][0]["url"]
            yield cls(session, base, zaaktype)

    async def post_all(self, values: Sequence[bytes]) -> list[str]:
        """Create a zaak per event, side by side; gives their URLs."""
        return await asyncio.gather(*map(self._post, values))

    async def _post(self, value: bytes) -> str:
        body = orjson.dumps(zgw_of(orjson.loads(value), zaaktype=self._zaaktype))
        async with self._session.post(self._url, data=body, headers=self._headers) as answer:
            made = orjson.loads(await answer.read())
        url: str = made["url"]
        return url
