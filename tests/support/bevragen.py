"""A whole hub in memory with one door for an application that asks, and sources that say more than they are asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import orjson
from pydantic import TypeAdapter

from adapters.bevragen.inbound import create
from adapters.bevragen.options import Options
from adapters.bevragen.simulator import Toepassing, Verzoek
from hub.config.access import Access
from hub.config.connection import Connection, Direction
from hub.config.policy import ConnectionPolicy
from hub.config.settings import Settings
from hub.config.target import Target
from hub.config.verwerking import Afnemer, Verwerking
from hub.configuration import Configuration
from hub.event.vragen import ADRESSEN, BEDRIJVEN, PERSONEN
from hub.ingress.asgi import Ingress
from hub.mapping.compile import load_mappings
from hub.ports.contracts import Inquiry
from hub.testkit.memory import MemoryHub, memory_hub
from tests.support.asgi import Answer, ask
from tests.support.toy import no_client

NAME = "vragen-van-toepassingen"
MAPPINGS = Path(__file__).parents[2] / "mappings" / "_voorbeelden"
PERSOON, PARTNER = "999990019", "999990020"
ACTIVITEIT = "https://register.voorbeeld.nl/verwerkingen/1"
BASIC = {"kind": "basic", "user": "zaaksysteem", "password": "geheim"}
FOUND: Mapping[str, tuple[str, dict[str, Any]]] = {
    PERSONEN: (
        "personen",
        {
            "burgerservicenummer": PERSOON,
            "geheimhoudingPersoonsgegevens": True,
            "naam": {"voornamen": "Jan", "geslachtsnaam": "Zeewier"},
            "geboorte": {"datum": {"jaar": 1980, "maand": 2}},
            "partners": [{"burgerservicenummer": PARTNER, "naam": {"geslachtsnaam": "Duinroos"}}],
        },
    ),
    ADRESSEN: (
        "adressen",
        {"postcode": "9999ZZ", "huisnummer": 12, "geometrie": {"type": "Point", "coordinates": [155000, 463000]}},
    ),
    BEDRIJVEN: ("bedrijven", {"kvkNummer": "99999990", "naam": "De Duinroos", "hoofdvestiging": {"handelsnamen": []}}),
}


class Bronnen:
    """Sources that say all they have, whatever was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.fails: Exception | None = None
        self.slow_s = 0.0
        self.nothing = False

    async def ask(self, kind: str, question: dict[str, Any], inquiry: Inquiry) -> dict[str, Any]:
        """Give one of each."""
        del inquiry
        self.asked.append(question)
        await asyncio.sleep(self.slow_s)
        if self.fails is not None:
            raise self.fails
        found, item = FOUND[kind]
        return {found: [] if self.nothing else [item]}

    async def check(self, client: object) -> Sequence[str]:
        """Be well."""
        del client
        return []


class Loket:
    """The hub, the application that asks it, and what it asks."""

    def __init__(self, hub: MemoryHub, bronnen: Bronnen) -> None:
        self.hub = hub
        self.bronnen = bronnen
        self.ingress = Ingress(hub.app, doors=True)

    async def vraag(self, verzoek: Verzoek, *, method: str = "POST", query: str = "") -> Answer:
        """Send a request through the door."""
        path = f"/in/{NAME}/{verzoek.path}"
        return await ask(self.ingress, path, verzoek.body, method=method, query=query, headers=verzoek.headers)

    async def get(self, path: str, *, query: str = "") -> Answer:
        """Get something."""
        request = Toepassing("zaaksysteem", "geheim").vraag("personen", {})._replace(path=path, body=b"")
        return await self.vraag(request, method="GET", query=query)


def afnemer(zender: str, *velden: str) -> Afnemer:
    """Give what one application may see, of persons and of companies."""
    return Afnemer(zender=zender, velden={"personen": velden, "bedrijven": velden})


AFNEMERS = (
    afnemer("een-ander", "partners", "burgerservicenummer"),
    afnemer("zaaksysteem", "burgerservicenummer", "naam.geslachtsnaam", "geboorte", "kvkNummer"),
)


@asynccontextmanager
async def loket(
    folder: Path,
    *,
    access: object = BASIC,
    afnemers: tuple[Afnemer, ...] = AFNEMERS,
    verwerking: Verwerking | None = Verwerking(activiteit=ACTIVITEIT, grondslag="Wet BRP art. 3.5"),  # noqa: B008 - frozen
    policy: ConnectionPolicy = ConnectionPolicy(),  # noqa: B008 - frozen
) -> AsyncIterator[Loket]:
    """Run it, with the mappings of the example and a source that says things as they are asked."""
    bronnen = Bronnen()
    for kind, (found, _) in FOUND.items():
        text = f'message: {kind}.antwoord\ngives: {kind}.antwoord\nrules: [{{to: "{found}[]", from: {found}}}]\n'
        (folder / "bronnen").mkdir(exist_ok=True)
        (folder / "bronnen" / f"{kind}.antwoord.map.yaml").write_text(text, encoding="utf-8")
    door = Connection(
        connection=NAME,
        direction=Direction.INBOUND,
        adapter="bevragen",
        access=TypeAdapter(Access).validate_python(access),
        asks="bronnen",
        afnemers=afnemers,
        verwerking=verwerking,
        policy=policy,
    )
    sources = Connection(
        connection="bronnen", direction=Direction.ASK, adapter="brp", target=Target(services={"p": "http://bron/"})
    )
    configuration = Configuration(
        settings=Settings(mappings=folder),
        connections={NAME: door, "bronnen": sources},
        inbound={NAME: create(Options())},
        outbound={},
        mappings={
            NAME: load_mappings(MAPPINGS / NAME, root=MAPPINGS),
            "bronnen": load_mappings(folder / "bronnen", root=folder),
        },
        lookups={"bronnen": bronnen},
        asking={"bronnen": bronnen},
    )
    async with memory_hub(configuration, no_client) as hub:
        yield Loket(hub, bronnen)


def said(answer: Answer) -> dict[str, Any]:
    """Read the JSON of an answer."""
    read: dict[str, Any] = orjson.loads(answer.body)
    return read
