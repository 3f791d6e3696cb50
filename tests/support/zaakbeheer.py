"""A person at work in the zaaksysteem: changes that the hub did not make."""

from __future__ import annotations

from typing import Any

import orjson

from adapters.zgw.simulator import RSIN
from hub.testkit.memory import ENVIRONMENT
from tests.support.meldingen import HOST, Situation
from tests.support.zgw_token import token

ZAKEN, CATALOGI = f"{HOST}/zaken/api/v1", f"{HOST}/catalogi/api/v1"
Json = dict[str, Any]


class Behandelaar:
    """Works with zaken, under a name of its own."""

    def __init__(self, here: Situation, *, user: str = "behandelaar") -> None:
        self._here = here
        self._user = user

    async def maakt_zaak(self, identificatie: str, **fields: object) -> str:
        """Make a zaak; give its URL."""
        body = {
            "identificatie": identificatie,
            "bronorganisatie": RSIN,
            "verantwoordelijkeOrganisatie": RSIN,
            "startdatum": "2026-11-01",
            "zaaktype": await self.type_url("zaaktypen"),
            **fields,
        }
        made = await self.send("POST", f"{ZAKEN}/zaken", body)
        return str(made["url"])

    async def wijzigt(self, zaak: str, **fields: object) -> None:
        """Change a zaak."""
        await self.send("PATCH", zaak, fields)

    async def verwijdert(self, url: str) -> None:
        """Remove a resource."""
        await self.send("DELETE", url)

    async def zet_status(self, zaak: str, omschrijving: str) -> str:
        """Set a status; give its URL."""
        statustype = await self.type_url("statustypen", omschrijving=omschrijving)
        at = self._here.hub.clock.now().isoformat()
        body = {"zaak": zaak, "statustype": statustype, "datumStatusGezet": at}
        made = await self.send("POST", f"{ZAKEN}/statussen", body)
        return str(made["url"])

    async def send(self, method: str, url: str, body: object = None, **query: str) -> Json:
        """Send one request and see that it is done."""
        proof = token(ENVIRONMENT["ZGW_SECRET"], at=self._here.hub.clock.now(), user_id=self._user)
        headers = {
            "authorization": f"Bearer {proof}",
            "content-type": "application/json",
            "accept-crs": "EPSG:4326",
            "content-crs": "EPSG:4326",
        }
        path = url.removeprefix(HOST)
        content = b"" if body is None else orjson.dumps(body)
        given = await self._here.around.handle(method, path, query, headers, content)
        assert given[0] < 300, given[2]
        found: Json = orjson.loads(given[2]) if given[2] else {}
        return found

    async def type_url(self, kind: str, **wanted: object) -> str:
        """Give the URL of a type of the zaaktype of these zaken."""
        query = {"identificatie": "B1026", "datumGeldigheid": "2026-11-01"}
        [zaaktype] = (await self.send("GET", f"{CATALOGI}/zaaktypen", **query))["results"]
        if kind == "zaaktypen":
            return str(zaaktype["url"])
        found = (await self.send("GET", f"{CATALOGI}/{kind}", zaaktype=zaaktype["url"]))["results"]
        return str(next(each["url"] for each in found if wanted.items() <= each.items()))
