"""Documents as the mappings of a ZGW connection make them, and a zaak and a document that stand in the simulator."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from adapters.zgw.options import Options
from adapters.zgw.simulator import RSIN, Simulator, create
from hub.testkit.clock import FakeClock
from tests.support.zgw import AANGEMAAKT, DOCUMENT_TOEGEVOEGD, NOW, OPTIONS, Delivery, Simulated, Stored, a_document

CONTENT = b"%PDF-1.7 eerste versie"
NEW_CONTENT = b"%PDF-1.7 tweede versie, met verbeterde bedragen"
LARGE = bytes(range(256)) * 40
PART_BYTES = 3_000
ZAAK, DOCUMENT, BESLUIT = "ZAAK-2026-0001", "DOC-1", "BSL-1"
IN_PARTS = OPTIONS.model_copy(update={"bestandsdelen_vanaf_bytes": 10_000})


class Far:
    """A simulator with a zaak and a document in it, and deliveries to it."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 - those of the simulator
        self.clock = FakeClock(NOW)
        self.simulator: Simulator = create(clock=self.clock, part_size=PART_BYTES, **settings)
        self.client = self.client_of()
        self.stored = Stored(ref=CONTENT, new=NEW_CONTENT, large=LARGE)

    def client_of(self, fault: tuple[int, str] | None = None) -> Simulated:
        return Simulated(self.simulator, self.clock, fault)

    def delivery(self, options: Options = OPTIONS, client: Simulated | None = None) -> Delivery:
        return Delivery(client or self.client, options, stored=self.stored)

    async def with_document(self, **fields: Any) -> Far:  # noqa: ANN401 - fields are JSON
        """Let the zaak and the document stand."""
        delivery = self.delivery()
        await delivery.once(AANGEMAAKT, a_document())
        await delivery.once(DOCUMENT_TOEGEVOEGD, new_document(**fields))
        self.simulator.requests.clear()
        self.client.calls.clear()
        return self

    @property
    def document(self) -> dict[str, Any]:
        return self.simulator.state.document(DOCUMENT)[0]

    @property
    def content(self) -> bytes | None:
        content = self.simulator.state.document(DOCUMENT)[1]
        return content.kept if content else None

    def did(self) -> list[str]:
        """Give what was asked of the target beside its catalogus, in order."""
        return [
            f"{call.method} {_plain(call.path)}" for call in self.client.calls if not call.path.startswith("/catalogi")
        ]


def _plain(path: str) -> str:
    return "/".join(part for part in path.split("/")[4:] if len(part) < len("00000000-0000-0000-0000-000000000000"))


def inhoud(reference: str, content: bytes) -> dict[str, Any]:
    return {"verwijzing": reference, "omvang": len(content), "sha256": sha256(content).hexdigest()}


def new_document(**fields: Any) -> dict[str, Any]:  # noqa: ANN401 - fields are JSON
    document = {
        "identificatie": DOCUMENT,
        "titel": "Besluit",
        "auteur": "A. Voorbeeld",
        "taal": "nld",
        "creatiedatum": "2026-03-01",
        "informatieobjecttype": {"omschrijving": "Bijlage"},
        "inhoud": inhoud("ref", CONTENT),
        **fields,
    }
    return {"zaak": {"identificatie": ZAAK}, "document": document}


def a_change(*, lock: str = "", **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - fields are JSON
    document = {"document": {"identificatie": DOCUMENT, **fields}}
    return {**document, "lock": lock} if lock else document


def a_besluit(**fields: Any) -> dict[str, Any]:  # noqa: ANN401 - fields are JSON
    return {
        "zaak": {"identificatie": ZAAK},
        "besluit": {
            "identificatie": BESLUIT,
            "verantwoordelijkeOrganisatie": RSIN,
            "besluittype": {"omschrijving": "Besluit op aanvraag"},
            "datum": "2026-03-01",
            **fields,
        },
    }
