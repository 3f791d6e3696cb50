"""What stands in the simulator: resources by path, zaken with their parts, and the journal of effects.

References are kept as paths; `absolute` puts the host of the request before them. Lives in memory; knows no HTTP.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import uuid4

from adapters.zgw.simulator.exchange import Json
from adapters.zgw.simulator.shapes import DOCUMENTEN, EIGENSCHAPPEN, ZAKEN

_REFERENCES = frozenset({
    "url", "zaak", "zaaktype", "roltype", "statustype", "resultaattype", "eigenschap", "catalogus", "hoofdzaak",
    "informatieobject", "informatieobjecttype", "gezetdoor", "object", "inhoud", "status", "resultaat", "besluit",
    "besluittype",
})  # fmt: skip
_REFERENCE_LISTS = frozenset({
    "zaaktypen", "statustypen", "resultaattypen", "roltypen", "informatieobjecttypen", "deelzaaktypen", "deelzaken",
    "rollen", "statussen", "zaakobjecten", "zaakinformatieobjecten", "eigenschappen", "besluittypen",
})  # fmt: skip
_WITH_URLS = frozenset({"relevanteAndereZaken", "gerelateerdeZaken", "bestandsdelen"})


class Effect(NamedTuple):
    """One change, in order. `zaak` is the zaakidentificatie, empty for a document that is not in a zaak yet."""

    number: int
    zaak: str
    action: str
    resource: str
    path: str


class Content(NamedTuple):
    """Content of a document: hash and size always, the bytes when they are few."""

    sha256: str
    size_bytes: int
    kept: bytes | None


class Version(NamedTuple):
    """A version of a document as it was."""

    document: Json
    content: Content | None


@dataclass(slots=True)
class ZaakRecord:
    """A zaak and what hangs on it, each part by path."""

    zaak: Json
    rollen: dict[str, Json] = field(default_factory=dict)
    statussen: dict[str, Json] = field(default_factory=dict)
    resultaten: dict[str, Json] = field(default_factory=dict)
    zaakobjecten: dict[str, Json] = field(default_factory=dict)
    zaakeigenschappen: dict[str, Json] = field(default_factory=dict)
    zaakinformatieobjecten: dict[str, Json] = field(default_factory=dict)
    deelzaken: dict[str, Json] = field(default_factory=dict)

    @property
    def status(self) -> Json | None:
        """The latest status by datumStatusGezet."""
        return max(self.statussen.values(), key=lambda each: moment_of(each["datumStatusGezet"]), default=None)

    def view(self) -> Json:
        """Give the zaak as the API shows it."""
        status = self.status
        return {
            **self.zaak,
            "deelzaken": list(self.deelzaken),
            "eigenschappen": list(self.zaakeigenschappen),
            "rollen": list(self.rollen),
            "status": status["url"] if status else None,
            "zaakinformatieobjecten": list(self.zaakinformatieobjecten),
            "zaakobjecten": list(self.zaakobjecten),
            "resultaat": next(iter(self.resultaten), None),
        }


class State:
    """Everything that stands."""

    def __init__(self) -> None:
        """Begin empty."""
        self.collections: dict[str, dict[str, Json]] = {}
        self.records: dict[str, ZaakRecord] = {}
        self.contents: dict[str, Content] = {}
        self.versions: dict[str, list[Version]] = {}
        """The versions of each document before the one that stands, the oldest first."""
        self.parts: dict[str, bytes] = {}
        """What came in for each bestandsdeel of a document that is not complete."""
        self.effects: list[Effect] = []
        self.ignored: Counter[str] = Counter()
        """Fields that were sent and dropped, as Open Zaak drops what it does not know."""
        self._given: Counter[tuple[str, int]] = Counter()
        self._numbers: dict[tuple[str, str, str], str] = {}

    @property
    def zaken(self) -> dict[str, ZaakRecord]:
        """The zaken by identificatie."""
        return {record.zaak["identificatie"]: record for record in self.records.values()}

    def zaak(self, identificatie: str) -> ZaakRecord:
        """Give one zaak; raises KeyError."""
        for record in self.records.values():
            if record.zaak["identificatie"] == identificatie:
                return record
        raise KeyError(identificatie)

    def document(self, identificatie: str) -> tuple[Json, Content | None]:
        """Give a document and its content; raises KeyError."""
        for path, document in self.collections.get(DOCUMENTEN, {}).items():
            if document["identificatie"] == identificatie:
                return document, self.contents.get(path)
        raise KeyError(identificatie)

    def find(self, path: str) -> Json | None:
        """Give the resource at `path`."""
        return self.collections.get(path.rpartition("/")[0], {}).get(path)

    def exists(self, path: str) -> bool:
        """Say whether a resource stands at `path`."""
        return self.find(path) is not None

    def at(self, path: str) -> Json:
        """Give the resource that a checked reference points at."""
        return self.collections[path.rpartition("/")[0]][path]

    def put(self, collection: str, data: Json, *, path: str = "") -> Json:
        """Let a resource stand; without `path` it gets a new one."""
        path = path or f"{collection}/{uuid4()}"
        data["url"] = path
        self.collections.setdefault(collection, {})[path] = data
        return data

    def drop(self, path: str) -> None:
        """Let a resource go."""
        self.collections[path.rpartition("/")[0]].pop(path, None)

    def number_taken(self, collection: str, organisation: str, number: str) -> str | None:
        """Give the path of the resource with this number of this organisation."""
        return self._numbers.get((collection, organisation, number))

    def take_number(self, collection: str, organisation: str, number: str, path: str) -> None:
        """Give a number out."""
        self._numbers[collection, organisation, number] = path

    def free_number(self, collection: str, organisation: str, number: str) -> None:
        """Take a number back."""
        self._numbers.pop((collection, organisation, number), None)

    def next_number(self, word: str, year: int) -> str:
        """Give a number that was not given out before: `ZAAK-2026-0000000001`."""
        self._given[word, year] += 1
        return f"{word}-{year}-{self._given[word, year]:010d}"

    def note(self, zaak: str, action: str, resource: str, path: str) -> None:
        """Write one line in the journal."""
        self.effects.append(Effect(len(self.effects) + 1, zaak, action, resource, path))

    def stand(self, zaak: str = "") -> Json:
        """Summarise what stands, without personal data; of one zaak when `zaak` is given."""
        linked = {
            link["informatieobject"] for record in self.records.values()
            for link in record.zaakinformatieobjecten.values()
        }  # fmt: skip
        return {
            "zaken": {
                identificatie: self._summary(record)
                for identificatie, record in self.zaken.items()
                if zaak in {"", identificatie}
            },
            "losseDocumenten": [
                self._document(path) for path in self.collections.get(DOCUMENTEN, {}) if path not in linked
            ],
            "effecten": [effect._asdict() for effect in self.effects if zaak in {"", effect.zaak}],
            "genegeerd": dict(self.ignored),
        }

    def _summary(self, record: ZaakRecord) -> Json:
        status, resultaat = record.status, next(iter(record.resultaten.values()), None)
        statustype = self.at(status["statustype"]) if status else None
        return {
            "url": record.zaak["url"],
            "zaaktype": self.at(record.zaak["zaaktype"])["identificatie"],
            "einddatum": record.zaak["einddatum"],
            "betalingsindicatie": record.zaak["betalingsindicatie"],
            "kenmerken": len(record.zaak["kenmerken"]),
            "rollen": len(record.rollen),
            "statussen": len(record.statussen),
            "status": {
                "volgnummer": statustype["volgnummer"],
                "omschrijving": statustype["omschrijving"],
                "datumStatusGezet": status["datumStatusGezet"],
            }
            if status and statustype
            else None,
            "resultaat": self.at(resultaat["resultaattype"])["omschrijving"] if resultaat else None,
            "zaakobjecten": len(record.zaakobjecten),
            "zaakeigenschappen": len(record.zaakeigenschappen),
            "deelzaken": sorted(each["identificatie"] for each in record.deelzaken.values()),
            "relevanteAndereZaken": sorted(
                self.at(each["url"])["identificatie"] for each in record.zaak["relevanteAndereZaken"]
            ),
            "documenten": [self._document(link["informatieobject"]) for link in record.zaakinformatieobjecten.values()],
        }

    def _document(self, path: str) -> Json:
        content = self.contents.get(path)
        return {
            "identificatie": self.at(path)["identificatie"],
            "omvang": content.size_bytes if content else None,
            "sha256": content.sha256 if content else None,
        }


def absolute(data: Json, base: str) -> Json:
    """Give `data` with the host before every reference."""
    shown: dict[str, Any] = {}
    for name, value in data.items():
        if name in _REFERENCES:
            shown[name] = base + value if isinstance(value, str) and value.startswith("/") else value
        elif name in _REFERENCE_LISTS:
            shown[name] = [base + each for each in value]
        elif name in _WITH_URLS:
            shown[name] = [absolute(each, base) for each in value]
        else:
            shown[name] = value
    return shown


def eigenschappen_of(zaak: str) -> str:
    """Give the collection of zaakeigenschappen of the zaak at `zaak`; it lies under the zaak itself."""
    return f"{ZAKEN}/{zaak.rpartition('/')[2]}/{EIGENSCHAPPEN}"


def moment_of(text: str) -> datetime:
    """Read a moment as it is kept; texts with and without fractions do not sort as moments."""
    return datetime.fromisoformat(text)
