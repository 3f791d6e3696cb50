"""The documents of the cases land in the zaaksysteem whole: mapping, adapter and simulator together."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
import pytest

from adapters.zgw.options import Options
from adapters.zgw.simulator import RSIN, Simulator, create
from hub.event.catalogue import EVENT_TYPES
from hub.testkit.clock import FakeClock
from tests.support.zgw import (
    AANGEMAAKT,
    BESLUIT_BIJGEWERKT,
    BESLUIT_GENOMEN,
    DOCUMENT_BIJGEWERKT,
    DOCUMENT_ONTKOPPELD,
    DOCUMENT_TOEGEVOEGD,
    DOCUMENT_VRIJGEGEVEN,
    Delivery,
    Simulated,
    Stored,
)

CASES = sorted(
    each
    for each in (Path(__file__).resolve().parents[2] / "mappings" / "zaken-naar-zgw" / "cases").iterdir()
    if orjson.loads((each / "input.json").read_bytes())["type"] in EVENT_TYPES
)
OPTIONS = Options(rsin=RSIN, organisaties={"9999": RSIN}, verwijderde_zaak="delete")
CONTENT = b"%PDF-1.4 voorbeeld"
INHOUD = {"verwijzing": "inhoud", "omvang": len(CONTENT), "sha256": sha256(CONTENT).hexdigest()}
NOW = datetime(2026, 6, 15, 10, 0, tzinfo=UTC)
ZAAK = "ZK-2026-0001"


def a_zaak(identificatie: str) -> dict[str, Any]:
    return {
        "zaak": {
            "identificatie": identificatie,
            "bronorganisatie": "9999",
            "startdatum": "2026-01-02",
            "zaaktype": {"identificatie": "B1026"},
        }
    }


def a_standing_document(identificatie: str) -> dict[str, Any]:
    document = {
        "identificatie": identificatie,
        "informatieobjecttype": {"omschrijving": "Besluitbrief"},
        "creatiedatum": "2026-01-02",
        "titel": "Besluit",
        "auteur": "A. Voorbeeld",
        "taal": "nld",
    }
    return {"zaak": {"identificatie": ZAAK}, "document": document}


def a_standing_besluit(identificatie: str, documenten: list[str]) -> dict[str, Any]:
    return {
        "besluit": {
            "identificatie": identificatie,
            "besluittype": {"omschrijving": "Besluit op aanvraag"},
            "datum": "2026-01-02",
        },
        "documenten": [{"identificatie": each} for each in documenten],
    }


async def prepare(delivery: Delivery, simulator: Simulator, kind: str, document: dict[str, Any]) -> None:
    """Let stand what the event speaks of."""
    zaak = (document.get("zaak") or {}).get("identificatie", ZAAK)
    others = [each["identificatie"] for each in (*document.get("deelzaken", ()), *document.get("relevanteZaken", ()))]
    for identificatie in [*others, *([] if kind == AANGEMAAKT else [zaak])]:
        await delivery.until_done(AANGEMAAKT, a_zaak(identificatie))
    if kind in {DOCUMENT_BIJGEWERKT, DOCUMENT_VRIJGEGEVEN, DOCUMENT_ONTKOPPELD}:
        await delivery.until_done(DOCUMENT_TOEGEVOEGD, a_standing_document(document["document"]["identificatie"]))
        if "lock" in document:
            simulator.state.document(document["document"]["identificatie"])[0].update(
                locked=True, lock=document["lock"]
            )
    if kind in {BESLUIT_GENOMEN, BESLUIT_BIJGEWERKT}:
        named = [each["identificatie"] for each in document.get("documenten", ())]
        named += [each["vorige"]["identificatie"] for each in document.get("documenten", ()) if "vorige" in each]
        for identificatie in named:
            await delivery.until_done(DOCUMENT_TOEGEVOEGD, a_standing_document(identificatie))
        if kind == BESLUIT_BIJGEWERKT:
            leaving = [each for each in named if each != "DOC-2026-2"]
            besluit = a_standing_besluit(document["besluit"]["identificatie"], leaving)
            await delivery.until_done(BESLUIT_GENOMEN, besluit)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_what_a_case_gives_is_taken_whole(case: Path) -> None:
    """Every step of the document is done, and the zaaksysteem ignores no field of it."""
    kind = orjson.loads((case / "input.json").read_bytes())["type"]
    document = orjson.loads((case / "expected.json").read_bytes())
    clock = FakeClock(NOW)
    simulator = create(clock=clock)
    delivery = Delivery(Simulated(simulator, clock), OPTIONS, Stored(inhoud=CONTENT))
    delivery.now = clock.now()
    await prepare(delivery, simulator, kind, document)
    if "inhoud" in document.get("document", {}):
        document["document"]["inhoud"] = INHOUD
    before = len(simulator.state.effects)

    done = await delivery.until_done(kind, document)

    assert simulator.state.stand()["genegeerd"] == {}
    assert len(simulator.state.effects) > before or [each.note for each in done.values()] == ["was not locked"]
