"""A ZGW client of the simulator, without sockets, and a clock that stands still."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson

from adapters.zgw.simulator import RSIN, SECRET, Answer, Simulator
from tests.support.zgw_token import token

NOW = datetime(2026, 6, 15, 10, 0, tzinfo=UTC)
CRS = {"accept-crs": "EPSG:4326", "content-crs": "EPSG:4326"}
ZAKEN, CATALOGI, DOCUMENTEN = "/zaken/api/v1", "/catalogi/api/v1", "/documenten/api/v1"
EIO = f"{DOCUMENTEN}/enkelvoudiginformatieobjecten"


class FixedClock:
    """A clock that stands still, and counts how long it was asked to wait."""

    def __init__(self) -> None:
        self.at = NOW
        self.slept_s = 0.0

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    async def sleep(self, seconds: float) -> None:
        self.slept_s += seconds


class Client:
    """Speaks to the simulator as a ZGW client does."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        self.headers = {
            "host": "zgw.test",
            "authorization": f"Bearer {token(SECRET, at=NOW)}",
            "content-type": "application/json",
            **CRS,
        }

    async def send(self, method: str, path: str, data: object = None, **query: str) -> Answer:
        path = path.removeprefix("http://zgw.test")
        return await self.simulator.handle(method, path, query, self.headers, orjson.dumps(data) if data else b"")

    async def get(self, path: str, **query: str) -> dict[str, Any]:
        given = await self.send("GET", path, **query)
        assert given.status == 200, given.body
        found: dict[str, Any] = orjson.loads(given.body)
        return found

    async def bare(self, path: str, **query: str) -> list[dict[str, Any]]:
        """Read a list without pages."""
        given = await self.send("GET", path, **query)
        found: list[dict[str, Any]] = orjson.loads(given.body)
        return found

    async def post(self, path: str, data: object) -> dict[str, Any]:
        given = await self.send("POST", path, data)
        assert given.status == 201, given.body
        made: dict[str, Any] = orjson.loads(given.body)
        return made

    async def wrong(self, path: str, data: object, *, method: str = "POST") -> dict[str, str]:
        """Give what is wrong with the fields: name to code."""
        given = await self.send(method, path, data)
        assert given.status == 400, given.body
        body = orjson.loads(given.body)
        assert {"type", "code", "title", "status", "detail", "instance", "invalidParams"} == body.keys()
        return {each["name"]: each["code"] for each in body["invalidParams"]}

    async def type_url(self, kind: str, *, code: str = "B1026", of: str = "zaaktype", **wanted: object) -> str:
        """Find the URL of a type of the current zaaktype; `of` is the filter that says so."""
        (zaaktype,) = (await self.get(f"{CATALOGI}/zaaktypen", identificatie=code, datumGeldigheid="2026-06-15"))[
            "results"
        ]
        if kind == "zaaktypen":
            return str(zaaktype["url"])
        found = (await self.get(f"{CATALOGI}/{kind}", **{of: zaaktype["url"]}))["results"]
        return str(next(each["url"] for each in found if wanted.items() <= each.items()))

    async def zaak_body(self, identificatie: str = "ZAAK-1", **fields: object) -> dict[str, object]:
        return {
            "identificatie": identificatie,
            "bronorganisatie": RSIN,
            "verantwoordelijkeOrganisatie": RSIN,
            "startdatum": "2026-06-01",
            "zaaktype": await self.type_url("zaaktypen"),
            **fields,
        }

    async def zaak(self, identificatie: str = "ZAAK-1", **fields: object) -> dict[str, Any]:
        return await self.post(f"{ZAKEN}/zaken", await self.zaak_body(identificatie, **fields))

    async def document(self, identificatie: str = "DOC-1", **fields: object) -> dict[str, object]:
        return {
            "identificatie": identificatie,
            "bronorganisatie": RSIN,
            "creatiedatum": "2026-06-01",
            "titel": "Aanvraag",
            "auteur": "Formulier",
            "taal": "nld",
            "informatieobjecttype": await self.type_url("informatieobjecttypen", omschrijving="Aanvraagformulier"),
            **fields,
        }

    async def besluit(self, **fields: object) -> dict[str, object]:
        return {
            "identificatie": "BSL-1",
            "verantwoordelijkeOrganisatie": RSIN,
            "besluittype": await self.type_url("besluittypen", of="zaaktypen", omschrijving="Besluit op aanvraag"),
            "datum": "2026-06-01",
            "ingangsdatum": "2026-06-01",
            **fields,
        }


async def a_rol(client: Client, zaak: str, **fields: object) -> dict[str, object]:
    return {
        "zaak": zaak,
        "roltype": await client.type_url("roltypen", omschrijving="Belanghebbende"),
        "betrokkeneType": "natuurlijk_persoon",
        "betrokkeneIdentificatie": {"inpBsn": "999990019"},
        **fields,
    }
