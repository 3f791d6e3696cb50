"""An answer (La01, Du02): what a mapping wrote, made into the message that the asker asked for.

Source: ZDS 1.1 and 1.2. It knows what their answers hold and the words of both versions; parameters, meldingen and
scope are in `hub.wire.stuf`. It refuses to know what a field means and who answered.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from lxml import etree

from adapters.stuf_zds.completion import name_entities
from adapters.stuf_zds.demands import allowed_by, demand_of
from adapters.stuf_zds.forms import elements
from adapters.stuf_zds.sector import SECTOR
from adapters.stuf_zds.services import BEWERKEN, Service
from adapters.stuf_zds.versie import PREFIXES, spelled
from adapters.stuf_zds.vraag import CRITERIA, SEARCHED_BY
from hub.errors import MessageRefused
from hub.wire import xml
from hub.wire.form import Form
from hub.wire.stuf import scope, vraag
from hub.wire.stuf.antwoord import composed, fits, ignored, limited
from hub.wire.stuf.namespaces import BG, STUF, ZDS
from hub.wire.stuf.scope import Demand
from hub.wire.stuf.stuurgegevens import Stuurgegevens
from hub.wire.stuf.waarden import read_waarde
from hub.wire.xml import find, local_name, namespace


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
    message[:] = [SECTOR.stuurgegevens(said), *rest]
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

    def lay_scope(self, found: Sequence[etree._Element], scoped: str, path: str) -> None:
        """Lay the scope at `scoped` of the question over objects that stand at `path` of the answer."""
        form = self.form
        for step in path.split("/"):
            form = form.children[step]
        for each in found:
            if self.allowed:
                each[:] = [child for child in each if local_name(child) in self.allowed]
            scope.within(each, find(self.question, scoped), form, SECTOR, demand=self.demand)


_NUMBERS = (f"{{{BG}}}inp.bsn", f"{{{BG}}}inn.nnpId")
_AUTHENTIEK, _METAGEGEVEN = f"{{{BG}}}authentiek", f"{{{STUF}}}metagegeven"
"""Whether a number comes from a base registration (StUF-ZKN 03.10 NPS, NNP): an answer must say it. A hub is none."""
_ENTITEITTYPE, _FUNCTIE = (f"{{{STUF}}}{name}" for name in ("entiteittype", "functie"))
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
    question = asked.question
    meer = vraag.says_true(message, "parameters/indicatorVervolgvraag")
    antwoord = find(message, "antwoord")
    found = [] if antwoord is None else list(antwoord)
    criteria, supported = vraag.criteria(question), CRITERIA.get(asked.service.kind)
    genegeerd: set[str] = set()
    if supported is not None:
        found = [each for each in found if fits(each, criteria, supported=supported, searched_by=SEARCHED_BY)]
        genegeerd = ignored(criteria, supported)
    if read_waarde(find(question, "gelijk/heeft/indicatieLaatsteStatus")).tekst == "J":
        _keep_last_status(found)
    given, meer = limited(question, found, meer=meer)
    asked.lay_scope(given, "scope/object", "antwoord/object")
    return composed(question, given, SECTOR, meer=meer, genegeerd=genegeerd)


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
    edc[:] = [SECTOR.made("parameters"), antwoord]
    parameters = find(message, "parameters")
    return [SECTOR.made("parameters") if parameters is None else parameters, edc]


def _with_link(document: etree._Element) -> None:
    """Give the link that a checked-out document must have (ZDS 1.1 and 1.2), if only an empty one."""
    if find(document, "link") is not None:
        return
    before = find(document, "auteur")
    document.insert(0 if before is None else document.index(before) + 1, SECTOR.made("link"))


def _keep_last_status(found: list[etree._Element]) -> None:
    """Leave out the statussen that are said not to be the last."""
    for zaak in found:
        for each in list(zaak.iterchildren("{*}heeft")):
            if read_waarde(find(each, "indicatieLaatsteStatus")).tekst == "N":
                zaak.remove(each)
