"""What tests of StUF-BG share: its samples, the official schema, and messages made from our own definition."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from hypothesis import strategies as st
from lxml import etree

from adapters.stuf_bg.antwoord import NOT_OF_RELATED, RELATED
from adapters.stuf_bg.definition import documents
from adapters.stuf_bg.forms import elements
from adapters.stuf_bg.sector import SECTOR
from hub.wire.form import Form
from hub.wire.stuf.namespaces import STUF
from hub.wire.xml import local_name, parse
from tests.support.shared import SHARED

_FILE, _VALID, _COLUMNS = 0, 6, 8  # of the index
_XS = "{http://www.w3.org/2001/XMLSchema}"


class Sample(NamedTuple):
    file: str
    valid: bool

    @property
    def name(self) -> str:
        """Give its name: the file without folder and suffix."""
        return self.file.rpartition("/")[2].removesuffix(".xml")

    def message(self) -> etree._Element:
        """Give the message element, out of its envelope."""
        root = parse((SHARED / "samples/stuf" / self.file).read_bytes())
        return next(each for each in root.iter("{*}*") if each.find("{*}stuurgegevens") is not None)


def samples(*, ours: bool) -> list[Sample]:
    """Give the samples of StUF-BG 03.10 whose message we define; or those we do not."""
    return [each for each in all_samples() if (str(each.message().tag) in elements()) is ours]


def all_samples() -> list[Sample]:
    """Give the samples of StUF-BG 03.10."""
    index = SHARED / "samples/stuf/INDEX.md"
    lines = index.read_text().splitlines() if index.exists() else []
    rows = [[cell.strip() for cell in line.split("|")[1:]] for line in lines if line.startswith("| bg0310/")]
    return [Sample(row[_FILE], row[_VALID] == "yes") for row in rows if len(row) > _COLUMNS]


@cache
def official() -> etree.XMLSchema:
    """Give the schema of the standard."""
    return etree.XMLSchema(etree.parse(str(SHARED / "standards/stuf/bg0310/patch32/_lxml/bg0310_totaal.xsd")))


LOOSER = frozenset(
    (
        "historieMaterieel", "historieFormeel", "historieFormeelRelatie", "ing.isHouderVan", "ing.isBijgeschrevenOp",
        "gbo.puntGeometrie", "vlakGeometrie", "typering", "vbo.soortWoonobject", "gbo.bouwkundigeBestemming",
        "gebruiksdoel", "gbo.inwinningswijzeOppervlakte", "vbo.ontsluitingVerdieping", "aot.status",
        "gbo.statusVoortgangBouw", "type", "sub.correspondentieAdres", "adresNederland", "inOnderzoek",
        "aanduidingStrijdigheidNietigheid", "brondocument", "bronDocument", "tijdvakGeldigheid", "tijdvakRelatie",
        "extraElementen", "StUF:extraElementen",
    )
)  # fmt: skip
"""What our definition says less of than the standard: left out of messages that are made."""

_KEUZES = (*SECTOR.keuzes, ("natuurlijkPersoon", "nietNatuurlijkPersoon"))
_ALONE = {"naam", "bsVesNummerOfId", "kvkNummer", "adresBuitenland"}
"""Elements by which an owner is asked for: they may not stand beside the owner itself."""

_OWNED = "oefentActiviteitUitIn"

_AFTER = {
    "authentiek": {"inp.bsn", "inn.nnpId", "kvkNummer", "vestigingsNummer", "identificatie", "aoa.identificatie"},
    "handelsnaamVerkort": {"handelsnaam"},
    "volgorde": {"handelsnaam", "code"},
}
"""Elements that say something of another one: without that our definition takes them, the standard not everywhere."""


@st.composite
def an_entity(draw: st.DrawFn, form: Form, *, depth: int = 3) -> etree._Element:
    """Make an entity, a relation or a group with some of what it may hold, in order, with values that fit."""
    made = etree.Element(f"{{{form.namespace}}}{form.name}")
    for name, attribute in form.attributes.items():
        if attribute.required:
            made.set(f"{{{attribute.namespace}}}{name}" if attribute.namespace else name, attribute.fixed or "T")
    chosen: set[str] = set()
    for child in form.children.values():
        keuze = {name for each in _KEUZES if child.name in each for name in each}
        if child.loose or chosen & keuze or not _follows(child.name, chosen) or _is_looser(child, form):
            continue
        if not (child.required or (depth and draw(st.booleans()))):
            continue
        chosen.add(child.name)
        made.append(draw(_a_child(child, depth)))
    return made


def _is_looser(child: Form, form: Form) -> bool:
    """Whether our definition takes it here, where the standard does not, or not always."""
    return (
        child.name in LOOSER
        or (child.name in _ALONE and "natuurlijkPersoon" in form.children)
        or (child.name in NOT_OF_RELATED | {"bezoekadres"} and form.name in RELATED | {"inp.verblijftIn"})
        or (child.name == "wpl.identificatie" and form.name == "adresAanduidingGrp")
        or (child.name == "nietNatuurlijkPersoon" and "verwerkingssoort" in child.attributes)
        or (child.name == "heeftAlsEigenaar" and form.name == "gerelateerde" and _OWNED in form.children)
    )


def _follows(name: str, chosen: set[str]) -> bool:
    return name not in _AFTER or bool(chosen & _AFTER[name])


def _a_child(form: Form, depth: int) -> st.SearchStrategy[etree._Element]:
    if not form.value:
        return an_entity(form, depth=depth - 1)
    return _values(form.value).map(lambda text: _leaf(form, text))


def _leaf(form: Form, text: str) -> etree._Element:
    made = etree.Element(f"{{{form.namespace}}}{form.name}")
    made.text = text
    if "metagegeven" in form.attributes:
        made.set(f"{{{STUF}}}metagegeven", "true")
    return made


@cache
def _values(name: str) -> st.SearchStrategy[str]:
    """Give texts that fit a type of values, by its facets."""
    base, facets = _facets(name)
    if "enumeration" in facets:
        return st.sampled_from(facets["enumeration"])
    if "pattern" in facets:
        return st.from_regex(facets["pattern"][0], fullmatch=True).filter(str.isascii)
    if base in ("integer", "nonNegativeInteger", "decimal"):
        digits = 10 ** int(facets.get("totalDigits", ["6"])[0]) - 1
        low, high = (
            int(facets.get(each, [other])[0]) for each, other in (("minInclusive", 0), ("maxInclusive", digits))
        )
        return st.integers(low, high).map(str)
    if base == "boolean":
        return st.sampled_from(["true", "false"])
    high = int(facets.get("length", facets.get("maxLength", ["12"]))[0])
    low = int(facets.get("length", facets.get("minLength", ["1"]))[0])
    return st.text("abcdefgh ", min_size=low, max_size=min(high, max(low, 12)))


def _facets(name: str) -> tuple[str, dict[str, list[str]]]:
    """Give the XSD type that a type comes from, and what limits it."""
    node = _types().get(name)
    if node is None:
        return name, {}
    how = next((each for each in node.iter(f"{_XS}restriction", f"{_XS}extension")), None)
    assert how is not None, name
    base, facets = _facets(how.get("base", "").rpartition(":")[2])
    for each in how.iterchildren():
        if each.get("value") is not None:
            facets = {**facets, local_name(each): [*facets.get(local_name(each), []), str(each.get("value"))]}
    return base, facets


@cache
def _types() -> dict[str, etree._Element]:
    found = {}
    for content in documents().values():
        for node in etree.fromstring(content).iterchildren(f"{_XS}complexType", f"{_XS}simpleType"):
            found[node.get("name", "")] = node
    return found


def parts(element: etree._Element) -> Iterator[etree._Element]:
    """Give every element below one that holds others."""
    return (each for each in element.iter() if len(each) > 1)
