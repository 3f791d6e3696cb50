"""What the hub writes to ZGW it reads back: only what ZGW has no place for is lost, and that is written down here."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from adapters.zgw.options import Options
from adapters.zgw.outbound import create as outbound
from adapters.zgw.simulator import RSIN, create
from hub.config.shipped import shipped
from hub.flow.fit import check_event
from hub.mapping.compile import load_mappings
from hub.mapping.run import Mapping
from hub.ports.contracts import Exchange, Outgoing, Receipt
from tests.support.zgw import Stored
from tests.support.zgw_asked import ZAKEN_OPVRAGEN, Asker
from tests.support.zgw_simulated import NOW, FixedClock

ROOT = shipped("mappings")
CONNECTION = ROOT / "zaken-naar-zgw"
STORIES = (
    "zaak-aangemaakt-aanvraag-van-een-inwoner",
    "defect-onvolledige-geboortedatum-wordt-ongeldig",
    "defect-onvolledig-adres-valt-weg",
    "defect-buitenlands-adres-wordt-nederlands",
    "defect-kvk-nummer-als-rsin-geweigerd",
    "defect-rechtsvorm-als-deel-van-een-woord",
    "defect-voorvoegsel-van-medewerker-valt-weg",
)
LOST = {
    "zaak.organisatie": "what the sender called itself; ZGW has the RSIN",
    "zaak.zaakniveau": "1 says that there is no hoofdzaak",
    "zaak.deelzakenIndicatie": "no says that there are no deelzaken",
    "zaak.rollen.mutatie": "what the event did",
    "zaak.rollen.relatie": "the StUF relation it came from",
    "zaak.statussen.mutatie": "what the event did",
    "zaak.statussen.datumStatusGezet": "the same moment, told in UTC",
    "zaak.zaakobjecten.mutatie": "what the event did",
}


@pytest.fixture(scope="module")
def mappings() -> dict[str, Mapping]:
    return load_mappings(CONNECTION, root=ROOT)


def losses(path: str, sent: Any, got: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    """Give the paths of what was sent and does not come back as it was."""
    if isinstance(sent, dict) and isinstance(got, dict):
        for name, value in sent.items():
            yield from losses(f"{path}.{name}", value, got.get(name))
    elif isinstance(sent, list) and isinstance(got, list) and len(sent) == len(got):
        for one, other in zip(sent, got, strict=True):
            yield from losses(path, one, other)
    elif sent != got:
        yield path


@pytest.mark.parametrize("story", STORIES)
async def test_a_zaak_that_the_hub_made_comes_back(mappings: dict[str, Mapping], story: str) -> None:
    """Event, mapping, calls, simulator, question, mapping: and the answer fits its model."""
    event = json.loads((CONNECTION / "cases" / story / "input.json").read_text())
    options = Options(rsin=RSIN, organisaties={"9999": RSIN, "1999": RSIN}, roltype_anders="Belanghebbende")
    asker = Asker(create(clock=FixedClock()), options)
    document = mappings[event["type"]].run(event["data"], context={}).data
    writer = outbound(options)
    done: dict[str, Receipt] = {}
    for step in writer.steps(Outgoing(event["type"], "zgw-zaak", document, "event-1", NOW, "zaak")):
        done[step.key] = await writer.send(step, Exchange(asker, Stored(), done, resumed=False, now=NOW))

    zaak = event["data"]["zaak"]
    parts = ["rollen", "statussen", "zaakobjecten", "resultaat"]
    answer = await asker.ask(ZAKEN_OPVRAGEN, identificatie=zaak["identificatie"], onderdelen=parts)
    reading = mappings[f"{ZAKEN_OPVRAGEN}.antwoord"]
    mapped = reading.run(answer, context={})
    check_event(mapped.data, reading)

    assert mapped.unread == ()
    back = orjson.loads(orjson.dumps(mapped.data))["zaken"][0]
    eigenschappen = re.compile(r"zaak\.eigenschappen")  # those that the zaaktype does not define are not delivered
    assert {each for each in losses("zaak", zaak, back) if not eigenschappen.match(each)} <= LOST.keys()


def test_all_that_zgw_tells_is_mapped_or_left_out_with_a_reason() -> None:
    """No case of an answer leaves a field unread, and each has one."""
    stories = [path.parent for path in Path(CONNECTION, "cases").glob("*/input.json")]
    kinds = {json.loads((each / "input.json").read_text())["type"]: each for each in stories}

    assert {f"nl.zaken.{name}.v1.antwoord" for name in (
        "zaken-opvragen", "documenten-opvragen", "document-vergrendelen", "besluiten-opvragen", "nummer-reserveren",
    )} <= kinds.keys()  # fmt: skip
    assert [each.name for each in stories if (each / "unread.txt").exists()] == []
