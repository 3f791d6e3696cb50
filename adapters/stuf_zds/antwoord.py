"""An answer (La01, Du02): what a mapping wrote, made into the message that the asker asked for.

Source: StUF 03.01 chapter 6, ZDS 1.1 and 1.2. It knows parameters, meldingen, scope, what of the criteria no target can
search on, and the words of both versions. It refuses to know what a field means and who answered.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from adapters.stuf_zds import scope, vraag
from adapters.stuf_zds.completion import name_entities
from adapters.stuf_zds.demands import allowed_by, demand_of
from adapters.stuf_zds.forms import elements
from adapters.stuf_zds.scope import Demand
from adapters.stuf_zds.services import BEWERKEN, Service
from adapters.stuf_zds.versie import PREFIXES, spelled
from hub.errors import MessageRefused
from hub.wire import xml
from hub.wire.form import Form
from hub.wire.stuf import stuurgegevens
from hub.wire.stuf.namespaces import BG, STUF, ZDS
from hub.wire.stuf.stuurgegevens import Stuurgegevens
from hub.wire.stuf.waarden import read_waarde
from hub.wire.xml import find, local_name, namespace

MELDING_MAX = 250
"""Characters of a melding (StUF 03.01 §6.3)."""

MEER = "StUF0002: Meer objecten gevraagd dan teruggegeven"
GENEGEERD = "StUF0001: "


def written(question: etree._Element, service: Service, answer: bytes, said: Stuurgegevens) -> etree._Element:
    """Give the answer to `question`; `answer` is what the mapping wrote, without stuurgegevens.

    Raises MessageRefused (StUF064) when there is nothing to give and the answer cannot be empty.
    """
    message = xml.parse(answer)
    element = element_of(question, service)
    in_12 = element.startswith(f"{{{ZDS}}}")
    asked = _Asked(
        question, service, elements()[element], demand_of(service, in_12=in_12), allowed_by(service, in_12=in_12)
    )
    _identify(message, service)
    rest = _answer_to_vraag(asked, message) if service.is_vraag else _answer_to_vrij(asked, message)
    message[:] = [_stuurgegevens(said), *rest]
    return spelled(message, element)


def element_of(question: etree._Element, service: Service) -> str:
    """Give the element of the answer, as a Clark name: in the version of the question."""
    found = service.antwoord_elements
    return next((each for each in found if each.startswith(f"{{{namespace(question)}}}")), found[0])


class _Asked(NamedTuple):
    """A question, and how its answer must look."""

    question: etree._Element
    service: Service
    form: Form
    demand: Demand
    allowed: frozenset[str]

    def lay_scope(self, found: list[etree._Element], scoped: str, path: str) -> None:
        """Lay the scope at `scoped` of the question over objects that stand at `path` of the answer."""
        form = self.form
        for step in path.split("/"):
            form = form.children[step]
        for each in found:
            if self.allowed:
                each[:] = [child for child in each if local_name(child) in self.allowed]
            scope.within(each, find(self.question, scoped), form, self.demand)


_NUMBERS = (f"{{{BG}}}inp.bsn", f"{{{BG}}}inn.nnpId")
_AUTHENTIEK, _METAGEGEVEN = f"{{{BG}}}authentiek", f"{{{STUF}}}metagegeven"
"""Whether a number comes from a base registration (StUF-ZKN 03.10 NPS, NNP): an answer must say it. A hub is none."""
_ENTITEITTYPE, _FUNCTIE, _EXACT = (f"{{{STUF}}}{name}" for name in ("entiteittype", "functie", "exact"))
_ENTITEITEN = {"zaak": "ZAK", "document": "EDC", "besluit": "BSL", "edcLa01": "EDC"}


def _identify(message: etree._Element, service: Service) -> None:
    """Say of each object what it is (StUF 03.01 §3.2), where the mapping left that out."""
    for each in message:
        if local_name(each) in _ENTITEITEN:
            each.set(_ENTITEITTYPE, _ENTITEITEN[local_name(each)])
            each.set(_FUNCTIE, "antwoord" if local_name(each) == "edcLa01" else "entiteit")
    entiteittype = service.entiteittype or "EDC"
    for antwoord in message.iter("{*}antwoord"):
        for each in antwoord.iterchildren("{*}object"):
            each.set(_ENTITEITTYPE, entiteittype)
    name_entities(message)
    for number in message.iter(*_NUMBERS):
        following = number.getnext()
        if following is None or following.tag != _AUTHENTIEK:
            authentiek = etree.Element(_AUTHENTIEK, {_METAGEGEVEN: "true"}, nsmap=PREFIXES)
            authentiek.text = "N"
            number.addnext(authentiek)


def _answer_to_vraag(asked: _Asked, message: etree._Element) -> list[etree._Element]:
    question, service = asked.question, asked.service
    meer = vraag.says_true(message, "parameters/indicatorVervolgvraag")
    antwoord = find(message, "antwoord")
    found = [] if antwoord is None else list(antwoord)
    found = [each for each in found if _fits(each, question, service)]
    if read_waarde(find(question, "gelijk/heeft/indicatieLaatsteStatus")).tekst == "J":
        _keep_last_status(found)
    maximum = vraag.maximum(question)
    meer = meer or len(found) > maximum
    found = found[:maximum]
    asked.lay_scope(found, "scope/object", "antwoord/object")
    meldingen = [MEER] if meer else []
    if ignored := _ignored(question, service):
        meldingen.insert(0, GENEGEERD + ", ".join(ignored))
    rest = [_parameters(question, len(found), meer=meer), *map(_melding, meldingen)]
    if found and antwoord is not None:
        antwoord[:] = found
        rest.append(antwoord)
    return rest


def _answer_to_vrij(asked: _Asked, message: etree._Element) -> list[etree._Element]:
    if asked.service is BEWERKEN:
        return _answer_to_bewerken(asked, message)
    identified = next((each for each in message if local_name(each) in _ENTITEITEN), None)
    if identified is None or not read_waarde(find(identified, "identificatie")).tekst:
        raise MessageRefused("no number could be given", code="StUF058", path=local_name(asked.question))
    return [each for each in message if local_name(each) != "stuurgegevens"]


def _answer_to_bewerken(asked: _Asked, message: etree._Element) -> list[etree._Element]:
    edc = find(message, "edcLa01")
    antwoord = None if edc is None else find(edc, "antwoord")
    found = [] if antwoord is None else list(antwoord)
    if edc is None or antwoord is None or not found:
        raise MessageRefused("the document is not there", code="StUF064", path="edcLv01/gelijk/identificatie")
    _with_link(found[0])
    asked.lay_scope(found[:1], "edcLv01/scope/object", "edcLa01/antwoord/object")
    antwoord[:] = found[:1]
    edc[:] = [_made("ZKN", "parameters"), antwoord]
    parameters = find(message, "parameters")
    return [_made("ZKN", "parameters") if parameters is None else parameters, edc]


def _with_link(document: etree._Element) -> None:
    """Give the link that a checked-out document must have (ZDS 1.1 and 1.2), if only an empty one."""
    if find(document, "link") is not None:
        return
    before = find(document, "auteur")
    document.insert(0 if before is None else document.index(before) + 1, _made("ZKN", "link"))


def _keep_last_status(found: list[etree._Element]) -> None:
    """Leave out the statussen that are said not to be the last."""
    for zaak in found:
        for each in list(zaak.iterchildren("{*}heeft")):
            if read_waarde(find(each, "indicatieLaatsteStatus")).tekst == "N":
                zaak.remove(each)


def _fits(found: etree._Element, question: etree._Element, service: Service) -> bool:
    """Compare what no target can search on with what it gave: an element that must be empty, a part of a text."""
    supported = vraag.CRITERIA.get(service.kind)
    if supported is None:
        return True
    return all(_fits_one(found, each, supported) for each in vraag.criteria(question))


def _fits_one(found: etree._Element, criterion: etree._Element, supported: frozenset[str]) -> bool:
    name, side = local_name(criterion), local_name(_parent(criterion))
    if len(criterion):
        related = found.iterchildren(f"{{*}}{name}") if name in vraag.SEARCHED_BY else ()
        return name not in vraag.SEARCHED_BY or any(_alike(each, criterion) for each in related)
    given, asked = read_waarde(find(found, name)).tekst, read_waarde(criterion).tekst
    if side != "gelijk":
        return not asked or _on_side(given, asked, side)
    if not asked:
        return not given
    if criterion.get(_EXACT) == "false":
        return asked.lower() in given.lower()
    return name in supported or given == asked


def _alike(related: etree._Element, criterion: etree._Element) -> bool:
    """Whether every value in a criterion is in the relation, at the same place."""
    for each in criterion:
        there = find(related, local_name(each))
        if len(each):
            same = there is not None and _alike(there, each)
        else:
            given, asked = read_waarde(there).tekst.lower(), read_waarde(each).tekst.lower()
            same = asked in given if each.get(_EXACT) == "false" else asked in ("", given)
        if not same:
            return False
    return True


def _on_side(given: str, asked: str, side: str) -> bool:
    """Compare dates and texts; a tijdstip is compared as far as both go."""
    length = min(len(given), len(asked))
    given, asked = given[:length], asked[:length]
    return bool(given) and (given >= asked if side == "vanaf" else given <= asked)


def _ignored(question: etree._Element, service: Service) -> list[str]:
    """Name the criteria that nobody looked at: relations that cannot be searched on."""
    supported = vraag.CRITERIA.get(service.kind)
    if supported is None:
        return []
    return sorted({local_name(each) for each in vraag.criteria(question) if len(each)} - supported)


def _parameters(question: etree._Element, count: int, *, meer: bool) -> etree._Element:
    """Write them in the order of the schema; how many there are is only known when all of them are here."""
    made = _made("ZKN", "parameters")
    for name, text in _said_in_parameters(question, count, meer=meer):
        leaf = etree.SubElement(made, f"{{{STUF}}}{name}")
        leaf.text = text
    return made


def _said_in_parameters(question: etree._Element, count: int, *, meer: bool) -> Iterator[tuple[str, str]]:
    yield "indicatorVervolgvraag", "true" if meer else "false"
    if find(question, "parameters/indicatorAfnemerIndicatie") is not None:
        yield "indicatorAfnemerIndicatie", "false"
    if vraag.says_true(question, "parameters/indicatorAantal") and not meer:
        yield "aantalVoorkomens", str(count)


def _melding(text: str) -> etree._Element:
    made = _made("ZKN", "melding")
    made.text = text[:MELDING_MAX]
    return made


def _made(prefix: str, name: str) -> etree._Element:
    return etree.Element(f"{{{PREFIXES[prefix]}}}{name}", nsmap=PREFIXES)


def _stuurgegevens(said: Stuurgegevens) -> etree._Element:
    spaces = " ".join(f'xmlns:{prefix}="{space}"' for prefix, space in PREFIXES.items())
    return etree.fromstring(f"<x {spaces}>{stuurgegevens.write(said, 'ZKN')}</x>")[0]


def _parent(element: etree._Element) -> etree._Element:
    parent = element.getparent()
    assert parent is not None
    return parent
