"""One attempt at one step: what the modules of the nouns work with, and the zaak they work on.

It knows where the URL of a zaak comes from: an earlier step, memory, or the target by natural key.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from adapters.zgw.calls import Calls, Row
from adapters.zgw.catalogue import Catalogue
from adapters.zgw.options import Options
from adapters.zgw.recent import Recent
from adapters.zgw.vermogens import Vermogens
from hub.errors import TargetRefused
from hub.ports.contracts import Exchange


class Zaak(NamedTuple):
    """A zaak at the target: its URL and that of its zaaktype."""

    url: str
    zaaktype: str

    @classmethod
    def of(cls, row: Row) -> Zaak:
        """Read a Zaak of the Zaken API."""
        return cls(row["url"], row["zaaktype"])


class ZaakRef(NamedTuple):
    """A zaak by natural key. `step` is the key of the step that makes it, when this delivery does."""

    rsin: str
    identificatie: str
    step: str = ""


Known = Recent[tuple[str, str], Zaak]
"""Zaken by (rsin, identificatie)."""

Registered = Recent[str, str]
"""URL of what was made with a zaak in one request, by the URL of the zaak and the key of the step that this does."""

TOGETHER = "with its rollen, zaakobjecten and first status"
"""In the receipt of a zaak that was made with its parts: a later step must not make them again."""


class Attempt(NamedTuple):
    """See the module."""

    calls: Calls
    catalogue: Catalogue
    options: Options
    known: Known
    registered: Registered
    vermogens: Vermogens
    exchange: Exchange
    step: str
    """The key of this step."""

    def fresh(self, ref: ZaakRef) -> bool:
        """Say whether this delivery made the zaak and nothing of it was tried before: then nothing is there yet."""
        return bool(ref.step) and not self.exchange.resumed

    def registered_with(self, ref: ZaakRef) -> bool:
        """Say whether this delivery made the zaak with its rollen, zaakobjecten and first status."""
        return ref.step in self.exchange.done and TOGETHER in self.exchange.done[ref.step].note

    def made_with(self, ref: ZaakRef, key: str = "") -> str:
        """Give the URL of what this step is for (or another, by `key`), if it was made with the zaak and is known."""
        if not self.registered_with(ref):
            return ""
        return self.registered.get(f"{self.exchange.done[ref.step].url} {key or self.step}") or ""

    async def zaak(self, ref: ZaakRef) -> Zaak:
        """Give the zaak that a step works on; raises TargetRefused when it is not at the target."""
        zaak = self.known.get(ref[:2])
        made = self.exchange.done.get(ref.step)
        if zaak is None and made is not None:
            zaak = self.remember(ref, await self.calls.get("zaken", made.url, what="zaak lezen"))
        if zaak is None:
            zaak = self.remember(ref, await self.find(ref))
        return zaak

    async def find(self, ref: ZaakRef) -> Row:
        """Ask the target for a zaak by natural key; raises TargetRefused when it is not there."""
        row = await self.look_up(ref)
        if row is None:
            raise TargetRefused(
                f"zaak {ref.identificatie} is not at the target",
                code="zaak-onbekend",
                advice="see whether the message that creates it was delivered, and under which bronorganisatie",
            )
        return row

    async def look_up(self, ref: ZaakRef) -> Row | None:
        """Ask the target for a zaak by natural key: identificatie is unique within bronorganisatie (ZGW zrc-002)."""
        query = {"identificatie": ref.identificatie, "bronorganisatie": ref.rsin}
        rows = await self.calls.rows("zaken", "zaken", query, what="zaak zoeken")
        return rows[0] if rows else None

    def remember(self, ref: ZaakRef, row: Row) -> Zaak:
        """Keep the URL of a zaak in memory."""
        zaak = Zaak.of(row)
        self.known.put((ref.rsin, ref.identificatie), zaak)
        return zaak


def ref_of(body: dict[str, Any]) -> ZaakRef:
    """Read the zaak of a step."""
    return ZaakRef(*body["zaak"])
