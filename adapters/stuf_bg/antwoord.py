"""An answer (La01): what a mapping wrote, made into the message that the asker asked for.

What holds for every answer is in `hub.wire.stuf`: parameters, meldingen, scope and what the asker may not see. It
refuses to know what a field means and who answered.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy

from lxml import etree

from adapters.stuf_bg.forms import NIET_ONDERSTEUND, elements
from adapters.stuf_bg.sector import PREFILL, SECTOR
from adapters.stuf_bg.services import Service
from adapters.stuf_bg.vraag import CRITERIA, sleutel, volgorde
from hub.errors import MessageRefused
from hub.wire import xml
from hub.wire.form import Form
from hub.wire.stuf import antwoord, vraag
from hub.wire.stuf.antwoord import composed, fits, ignored, limited, ordered
from hub.wire.stuf.namespaces import STUF
from hub.wire.stuf.scope import Redenen, within
from hub.wire.stuf.stuurgegevens import Stuurgegevens
from hub.wire.xml import find, local_name


def written(question: etree._Element, service: Service, answer: bytes, said: Stuurgegevens) -> etree._Element:
    """Give the answer to `question`; `answer` is what the mapping wrote, without stuurgegevens.

    Raises MessageRefused (StUF064) when nobody is found for a form: prefill has no empty answer.
    """
    message = xml.parse(answer)
    redenen = Redenen(niet_geautoriseerd=antwoord.withheld(message), niet_ondersteund=_unsupported(message))
    meer = vraag.says_true(message, "parameters/indicatorVervolgvraag")
    given = find(message, "antwoord")
    found = [] if given is None else list(given.iterchildren("{*}object"))
    form = elements()[service.antwoord_element].children["antwoord"].children["object"]
    for each in found:
        _identify(each, service)
    criteria, genegeerd = _compared(question, service, redenen)
    found = [each for each in found if fits(each, criteria, supported=CRITERIA[service.entiteittype], searched_by={})]
    found = _after(question, ordered(found, volgorde(question, service)), service)
    given_back, meer = limited(question, found, meer=meer)
    if service.is_prefill and not given_back:
        path = f"{local_name(question)}/gelijk/{service.sleutels[0]}"
        raise MessageRefused("there is nobody of this number", code="StUF064", path=path)
    scope = _answerable(find(question, "scope/object"), form)
    for each in given_back:
        within(each, scope, form, PREFILL if service.is_prefill else SECTOR, redenen=redenen)
    made = etree.Element(service.antwoord_element, nsmap=SECTOR.prefixes)
    made.append(SECTOR.stuurgegevens(said))
    made.extend(composed(question, given_back, SECTOR, meer=meer, genegeerd=genegeerd))
    etree.cleanup_namespaces(made, keep_ns_prefixes=list(SECTOR.prefixes))
    return made


def withhold(answer: bytes, targets: Sequence[tuple[str, ...]]) -> bytes:
    """Say in an answer, as its mapping wrote it, which of its elements the asker may not see.

    `targets` are those of the mapping: `("antwoord", "object", "inp.bsn")`.
    """
    below = len(_OBJECT)
    return antwoord.withhold(answer, ["/".join(each[below:]) for each in targets if each[:below] == _OBJECT])


_OBJECT = ("antwoord", "object")
RELATED = frozenset(("gerelateerde", "natuurlijkPersoon", "nietNatuurlijkPersoon"))
"""Elements that hold a person or organisation to whom something leads."""

NOT_OF_RELATED = frozenset(("tijdvakGeldigheid", "tijdstipRegistratie", "brondocument"))
"""What may be asked of somebody who is related, and has no place in the answer (StUF-BG 03.10)."""

_ADRESSEN = frozenset(("bezoekadres", "adresAanduidingGrp"))
_KERN_VAN_ADRES = frozenset(
    (
        "num.identificatie", "oao.identificatie", "aoa.identificatie", "wpl.woonplaatsNaam", "gor.openbareRuimteNaam",
        "aoa.postcode", "aoa.huisnummer", "aoa.huisletter", "aoa.huisnummertoevoeging", "ogo.locatieAanduiding",
    )
)  # fmt: skip
"""All that an answer says of the address of somebody who is related."""

_ENTITEITTYPE = f"{{{STUF}}}entiteittype"


def _answerable(scope: etree._Element | None, form: Form) -> etree._Element | None:
    """Leave out of a scope what may be asked and has no place in the answer: the standard takes more than it gives."""
    if scope is None:
        return None
    made = deepcopy(scope)
    _prune(made, form, related=False)
    return made


def _prune(scope: etree._Element, form: Form, *, related: bool) -> None:
    named = local_name(scope)
    related = related or (named in RELATED and scope.get(_ENTITEITTYPE) in ("NPS", "NNP"))
    for each in list(scope):
        name = local_name(each)
        below = form.below(name)
        homeless = name in NOT_OF_RELATED or (named in _ADRESSEN and name not in _KERN_VAN_ADRES)
        if below is None or (related and homeless):
            scope.remove(each)
        else:
            _prune(each, below, related=related)


def _unsupported(message: etree._Element) -> frozenset[str]:
    """Give what the source does not keep, as the mapping said it: patterns of paths."""
    return frozenset(each.text or "" for each in message.iterchildren(f"{{*}}{NIET_ONDERSTEUND}"))


def _identify(entity: etree._Element, service: Service) -> None:
    """Say what it is (StUF 03.01 §3.2), where the mapping left that out."""
    entity.set(_ENTITEITTYPE, service.entiteittype)


def _after(question: etree._Element, found: list[etree._Element], service: Service) -> list[etree._Element]:
    """Give what comes after the last object of the answer before; all of it, where the source went on there itself."""
    last = sleutel(find(question, "start/object"), service) if vraag.is_vervolg(question) else ""
    places = [place for place, each in enumerate(found) if last and sleutel(each, service) == last]
    return found[places[0] + 1 :] if places else found


def _compared(question: etree._Element, service: Service, redenen: Redenen) -> tuple[list[etree._Element], set[str]]:
    """Give the criteria that are compared with what was found, and the names of those that nobody looked at.

    Comparing with what the asker may not see would tell it: such a criterion is not looked at either.
    """
    said = vraag.criteria(question)
    hidden = {local_name(each) for each in said} & redenen.niet_geautoriseerd
    return [each for each in said if local_name(each) not in hidden], {
        *ignored(said, CRITERIA[service.entiteittype]),
        *(hidden - CRITERIA[service.entiteittype]),
    }
