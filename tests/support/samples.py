"""The sample messages of the reference data: which there are, how each goes over the wire, and what it names.

What a sample says is read here from its XML by plain paths, without the adapter or a mapping: an oracle of its own.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from lxml import etree

from adapters.stuf_zds.simulator import Verzoek
from hub.wire.soap.envelope import Version
from tests.support.shared import SHARED

FOLDER = SHARED / "samples" / "stuf"
KINDS = ("creeerZaak_Lk01", "updateZaak_Lk01", "actualiseerZaakstatus_Lk01", "voegZaakdocumentToe_Lk01")
EIGENSCHAP_NAAM_MAX = 20
RELATIES = (
    "heeftAlsInitiator", "heeftAlsBelanghebbende", "heeftAlsGemachtigde", "heeftAlsUitvoerende",
    "heeftAlsVerantwoordelijke", "heeftAlsOverigBetrokkene",
)  # fmt: skip
_STUF = "{http://www.egem.nl/StUF/StUF0301}"
_FILE, _VALID = 1, 7  # columns of the index


class Sample(NamedTuple):
    """One sample; `name` is its path in the reference data, `valid` what the official schema says of it."""

    name: str
    valid: bool

    @property
    def service(self) -> str:
        """The service it is meant for: a sender says it in its SOAPAction."""
        return self.name.partition("/")[2].partition("__")[0]

    def verzoek(self) -> Verzoek:
        """Give it as a request: some were kept without their envelope."""
        content = (FOLDER / self.name).read_bytes()
        try:
            root = etree.fromstring(content)
        except etree.XMLSyntaxError:
            return Verzoek(self.service, "", "", Version.SOAP11, content)
        version = next((each for each in Version if root.tag == f"{{{each.value}}}Envelope"), None)
        if version is None:
            version = Version.SOAP11
            outer = etree.Element(f"{{{version.value}}}Envelope", nsmap={"soap": version.value})
            etree.SubElement(outer, f"{{{version.value}}}Body").append(root)
            content = etree.tostring(outer)
        action = f"http://www.egem.nl/StUF/sector/zkn/0310/{self.service}" if self.service in KINDS else ""
        number = next(iter(root.iter(f"{_STUF}referentienummer")), None)
        return Verzoek(self.service, action, "" if number is None else number.text or "", version, content)

    def message(self) -> Message:
        """Read it."""
        root = etree.fromstring((FOLDER / self.name).read_bytes())
        found = next(each for each in root.iter("{*}*") if child(each, "stuurgegevens") is not None)
        return Message(found)


def samples() -> list[Sample]:
    """Give all samples; none without reference data."""
    index = FOLDER / "INDEX.md"
    if not index.is_file():
        return []
    rows = ([cell.strip() for cell in line.split("|")] for line in index.read_text().splitlines())
    return [
        Sample(row[_FILE], row[_VALID] == "yes")
        for row in rows
        if len(row) > _VALID and row[_FILE].endswith(".xml") and (FOLDER / row[_FILE]).is_file()
    ]


def to_deliver() -> list[Sample]:
    """Give the valid samples of the four messages that the hub receives."""
    return [
        each
        for each in samples()
        if each.valid and each.service in KINDS and Path(each.name).parts[0] in {"zkn0310", "zds12"}
    ]


class Message:
    """What a sample says: `huidig` is its last object, `oud` the one before it, if any."""

    def __init__(self, element: etree._Element) -> None:
        self.element = element
        objects = list(element.iterchildren("{*}object"))
        self.huidig = objects[-1]
        self.oud = objects[0] if len(objects) > 1 else None
        self.is_document = "edclk01" in str(element.tag).lower()

    @property
    def organisatie(self) -> str:
        """Who sends it."""
        return text(self.element, "stuurgegevens/zender/organisatie")

    @property
    def zaak(self) -> str:
        """The zaak it is about."""
        return text(self.huidig, "isRelevantVoor/gerelateerde/identificatie" if self.is_document else "identificatie")

    @property
    def zaaktypen(self) -> list[str]:
        """Codes of zaaktypen, that of the zaak first."""
        own = text(self.huidig, "isRelevantVoor/gerelateerde/isVan/gerelateerde/code" if self.is_document else ZAAKTYPE)
        named = [*self._texts(ZAAKTYPE), *self._texts("gerelateerde/zkt.code"), "ZONDER"]
        return list(dict.fromkeys(each for each in (own, *named) if each))

    @property
    def statustypen(self) -> list[str]:
        """Names of statustypen, at the place of their volgnummer where that is possible."""
        return [*self._texts("heeft/gerelateerde/omschrijving"), *self._texts("isRelevantVoor/stt.omschrijving")]

    @property
    def roltypen(self) -> list[str]:
        """Names of roltypen."""
        of_relations = [name for each in RELATIES for name in self._texts(f"{each}/omschrijving")]
        return [*of_relations, *self._texts("isGezetDoor/rolOmschrijving")]

    @property
    def resultaattypen(self) -> list[str]:
        """Names of resultaattypen."""
        return self._texts("resultaat/omschrijving")

    @property
    def informatieobjecttypen(self) -> list[str]:
        """Names of informatieobjecttypen."""
        return self._texts("dct.omschrijving")

    @property
    def besluittypen(self) -> list[str]:
        """Names of besluittypen."""
        return self._texts("bst.omschrijving")

    @property
    def eigenschappen(self) -> dict[str, str]:
        """Values by name, of the zaak itself."""
        found = {} if self.is_document else self.huidig.iterfind(f"{_STUF}extraElementen/{_STUF}extraElement")
        return {each.get("naam") or "": (each.text or "").strip() for each in found}

    @property
    def other_zaken(self) -> list[str]:
        """Zaken that it relates to its own."""
        relations = ("heeftAlsDeelzaak", "heeftBetrekkingOpAndere")
        return [name for each in relations for name in self._texts(f"{each}/gerelateerde/identificatie")]

    def relations(self, name: str) -> Iterator[etree._Element]:
        """Give the relations of the last object that say something and do not take away."""
        for each in self.huidig.iterchildren(f"{{*}}{name}"):
            who = child(each, "gerelateerde")
            if who is not None and len(who) and each.get(f"{_STUF}verwerkingssoort") not in {"V", "E"}:
                yield each

    def content(self) -> tuple[int, str] | None:
        """Give size and sha256 of the document; None when there is none."""
        inhoud = child(self.huidig, "inhoud")
        if inhoud is None or not (inhoud.text or "").strip():
            return None
        content = base64.b64decode(inhoud.text or "")
        return len(content), sha256(content).hexdigest()

    def said(self, name: str) -> str | None:
        """Give the text of a child of the last object, None when the message does not speak of it."""
        found = child(self.huidig, name)
        value = None if found is None else (found.text or "").strip()
        return value or None

    def _texts(self, path: str) -> list[str]:
        steps = "/".join(f"{{*}}{name}" for name in path.split("/"))
        found = [(each.text or "").strip() for each in self.element.iterfind(f".//{steps}")]
        return list(dict.fromkeys(each for each in found if each))


ZAAKTYPE = "isVan/gerelateerde/code"


def child(parent: etree._Element, name: str) -> etree._Element | None:
    """Give the first child with this local name."""
    return next(parent.iterchildren(f"{{*}}{name}"), None)


def text(parent: etree._Element, path: str) -> str:
    """Give the text at a path of local names, or nothing."""
    current: Any = parent
    for name in path.split("/"):
        current = None if current is None else child(current, name)
    return "" if current is None else (current.text or "").strip()
