"""A hub in memory between form engine and zaaksysteem, set up for one test: options, catalogue, the door over HTTP.

What files say is read once per run; the ZGW adapter is made anew for every hub, because it remembers zaken and types.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from functools import cache
from typing import Any

from adapters.stuf_zds.simulator import Verzoek
from adapters.zgw.options import Options
from adapters.zgw.outbound import create
from adapters.zgw.simulator import RSIN, Catalogue
from hub.clock import AMSTERDAM
from hub.config.policy import ConnectionPolicy
from hub.configuration import Configuration
from hub.ingress.asgi import Ingress
from hub.testkit.memory import shipped_configuration
from hub.testkit.network import FAIR, Weather
from tests.support.asgi import Answer, ask
from tests.support.berichten import ZAAK
from tests.support.zaaksysteem import Municipality, municipality

INBOUND, OUTBOUND = "formulieren-naar-zaken", "zaken-naar-zgw"
ORGANISATIES = {"1900": RSIN}

Json = dict[str, Any]


def configuration(*, limits: ConnectionPolicy | None = None, **options: object) -> Configuration:
    """Give the shipped configuration with other `options` of the ZGW connection, and perhaps other limits."""
    shipped = _shipped()
    outbound = create(Options.model_validate({"rsin": RSIN, "organisaties": ORGANISATIES, **options}))
    connections = dict(shipped.connections)
    if limits is not None:
        connections[OUTBOUND] = connections[OUTBOUND].model_copy(update={"policy": limits})
    return shipped._replace(connections=connections, outbound={**shipped.outbound, OUTBOUND: outbound})


@asynccontextmanager
async def gemeente(
    *,
    catalogue: Catalogue | None = None,
    seed: int = 0,
    weather: Weather = FAIR,
    page_size: int = 100,
    limits: ConnectionPolicy | None = None,
    settings: Configuration | None = None,
    **options: object,
) -> AsyncIterator[Municipality]:
    """Run it; `options` are those of the ZGW connection, unless `settings` are given whole."""
    async with municipality(
        catalogue=catalogue,
        configuration=settings or configuration(limits=limits, **options),
        seed=seed,
        weather=weather,
        page_size=page_size,
    ) as each:
        yield each


async def post(each: Municipality, verzoek: Verzoek, *, connection: str = INBOUND) -> Answer:
    """Send over HTTP, as far as there is HTTP without a socket, and give the answer; the hub works on meanwhile."""
    ingress = Ingress(each.hub.app, doors=True)
    return await ask(ingress, f"/in/{connection}/OntvangAsynchroon", verzoek.body, headers=verzoek.headers())


def rol_of(stand: Json, omschrijving: str) -> Json:
    """Give the one rol of a roltype that a zaak has."""
    [rol] = [each for each in stand["rollen"] if each["omschrijving"] == omschrijving]
    found: Json = rol
    return found


def identified(stand: Json, omschrijving: str) -> Json:
    """Give who the one rol of a roltype is."""
    who: Json = rol_of(stand, omschrijving)["betrokkeneIdentificatie"]
    return who


async def stand_after(each: Municipality, *verzoeken: Verzoek, zaak: str = ZAAK) -> Json:
    """Send, see that nothing failed and that the target knew every field, and give what stands of the zaak."""
    await each.send(*verzoeken)
    assert await each.hub.failures() == []
    assert each.zaaksysteem.state.ignored == {}
    return each.stand(zaak)


def local(moment: str) -> str:
    """Write a moment as StUF does: local time, digits only."""
    return f"{datetime.fromisoformat(moment).astimezone(AMSTERDAM):%Y%m%d%H%M%S}"


def eigenschappen_of(stand: Json) -> dict[str, str]:
    """Give the eigenschappen by name."""
    return {each["naam"]: each["waarde"] for each in stand["eigenschappen"]}


@cache
def _shipped() -> Configuration:
    return shipped_configuration()
