"""The documents of the cases land in the zaaksysteem whole: mapping, adapter and simulator together."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
import pytest

from adapters.zgw.options import Options
from adapters.zgw.simulator import RSIN, create
from hub.testkit.clock import FakeClock
from tests.support.zgw import AANGEMAAKT, DOCUMENT_TOEGEVOEGD, Delivery, Simulated, Stored

CASES = sorted((Path(__file__).resolve().parents[2] / "mappings" / "zaken-naar-zgw" / "cases").iterdir())
OPTIONS = Options(rsin=RSIN, organisaties={"9999": RSIN})
CONTENT = b"%PDF-1.4 voorbeeld"


def a_zaak(identificatie: str) -> dict[str, Any]:
    return {
        "zaak": {
            "identificatie": identificatie,
            "bronorganisatie": "9999",
            "startdatum": "2026-01-02",
            "zaaktype": {"identificatie": "B1026"},
        }
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_what_a_case_gives_is_taken_whole(case: Path) -> None:
    """Every step of the document is done, and the zaaksysteem ignores no field of it."""
    kind = orjson.loads((case / "input.json").read_bytes())["type"]
    document = orjson.loads((case / "expected.json").read_bytes())
    clock = FakeClock()
    simulator = create(clock=clock)
    delivery = Delivery(Simulated(simulator, clock), OPTIONS, Stored(inhoud=CONTENT))
    delivery.now = clock.now()
    others = [each["identificatie"] for each in (*document.get("deelzaken", ()), *document.get("relevanteZaken", ()))]
    for identificatie in [*others, *([] if kind == AANGEMAAKT else [document["zaak"]["identificatie"]])]:
        await delivery.until_done(AANGEMAAKT, a_zaak(identificatie))
    if kind == DOCUMENT_TOEGEVOEGD and "inhoud" in document["document"]:
        document["document"]["inhoud"] = {
            "verwijzing": "inhoud", "omvang": len(CONTENT), "sha256": sha256(CONTENT).hexdigest()
        }  # fmt: skip

    await delivery.until_done(kind, document)

    stand = simulator.state.stand()
    assert stand["genegeerd"] == {}
    assert stand["effecten"][-1]["zaak"] in {document["zaak"]["identificatie"], *others}
