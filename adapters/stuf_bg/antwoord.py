"""An answer (La01): what a mapping wrote, made into the message that the asker asked for.

What holds for every answer is in `hub.wire.stuf`: parameters, meldingen, scope and what the asker may not see. It
refuses to know what a field means and who answered.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy

from lxml import etree

from adapters.stuf_bg.forms import NIET_ONDERSTEUND, VERVOLGD, elements
from adapters.stuf_bg.sector import PREFILL, SECTOR
from adapters.stuf_bg.services import Service
from adapters.stuf_bg.vraag import comparable, sleutel, unsought, volgorde
from hub.errors import MessageRefused
from hub.wire import xml
from hub.wire.form import Form
from hub.wire.stuf import antwoord, vraag
from hub.wire.stuf.antwoord import composed, limited, meets, ordered
from hub.wire.stuf.namespaces import STUF
from hub.wire.stuf.scope import Redenen, within
from hub.wire.stuf.stuurgegevens import Stuurgegevens
from hub.wire.xml import find, local_name


def written(
    question: etree._Element, service: Service, answer: bytes, said: Stuurgegevens, *, sought_all: bool = False
) -> etree._Element:
    """Give the answer to `question`; `answer` is what the mapping wrote, without stuurgegevens.

    `sought_all`: whoever answers looked at all that the question selects on. Raises MessageRefused when nobody is found
    for a form (StUF064: prefill has no empty answer), or several (StUF067), and when there are more than can be shown.
    """
    message = xml.parse(answer)
    deels = antwoord.partly_withheld(message)
    redenen = Redenen(antwoord.withheld(message), _unsupported(message), deels_geautoriseerd=deels)
    gevolgd = antwoord.followed(message)
    meer = vraag.says_true(message, "parameters/indicatorVervolgvraag")
    given = find(message, "antwoord")
    found = [] if given is None else list(given.iterchildren("{*}object"))
    form = elements()[service.antwoord_element].children["antwoord"].children["object"]
    for each in found:
        _identify(each, service)
    criteria = [] if sought_all else unsought(question, service)
    compared = [each for each in criteria if comparable(each) and not redenen.hide(each.path)]
    # Comparing with what the asker may not see would tell it.
    genegeerd = {each.path for each in criteria if each not in compared}
    found = [each for each in found if all(meets(each, criterium) for criterium in compared)]
    order = volgorde(question, service)
    if not redenen.niet_geautoriseerd.isdisjoint(order):
        order = ()  # it would tell what the asker may not see
        genegeerd.add("sortering")
    if order and meer:
        genegeerd.add("sortering")  # of those that the source gave; the first of all may be among those that it did not
    found = _after(question, ordered(found, order), service, redenen, went_on=vraag.says_true(message, VERVOLGD))
    if service.is_prefill and len(found) != 1:
        # A form is about one: whom of several it means nobody may guess.
        path = f"{local_name(question)}/gelijk/{service.sleutels[0]}"
        reason, code = ("there is nobody of this number", "StUF064") if not found else ("several have it", "StUF067")
        raise MessageRefused(reason, code=code, path=path)
    if meer and not found:
        reason = "more fit than the source shows: ask for fewer, with more criteria"
        raise MessageRefused(reason, code=NOT_SHOWN, path=f"{local_name(question)}/gelijk")
    given_back, meer = limited(question, found, meer=meer)
    scope = _answerable(find(question, "scope/object"), form)
    for each in given_back:
        within(each, scope, form, PREFILL if service.is_prefill else SECTOR, redenen=redenen)
    made = etree.Element(service.antwoord_element, nsmap=SECTOR.prefixes)
    made.append(SECTOR.stuurgegevens(said))
    gezegd = [each.text or "" for each in message.iterchildren("{*}melding")]
    made.extend(composed(question, given_back, SECTOR, meer=meer, genegeerd=genegeerd, gezegd=gezegd, gevolgd=gevolgd))
    etree.cleanup_namespaces(made, keep_ns_prefixes=list(SECTOR.prefixes))
    return made


def withhold(answer: bytes, targets: Sequence[tuple[str, ...]], partly: Sequence[tuple[str, ...]] = ()) -> bytes:
    """Say in an answer, as its mapping wrote it, which of its elements the asker may not see.

    `targets` are those of the mapping: `("antwoord", "object", "inp.bsn")`; of `partly` what has a value may be seen.
    """
    return antwoord.withhold(answer, _paths(targets), _paths(partly))


NOT_AUTHORISED, NOT_SHOWN = "StUF052", "StUF058"

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


def _paths(targets: Sequence[tuple[str, ...]]) -> list[str]:
    below = len(_OBJECT)
    return ["/".join(each[below:]) for each in targets if each[:below] == _OBJECT]


def _identify(entity: etree._Element, service: Service) -> None:
    """Say what it is (StUF 03.01 §3.2), where the mapping left that out."""
    entity.set(_ENTITEITTYPE, service.entiteittype)


def _after(
    question: etree._Element, found: list[etree._Element], service: Service, redenen: Redenen, *, went_on: bool
) -> list[etree._Element]:
    """Give what comes after the last object of the answer before; all of it, where the source went on there itself.

    Raises MessageRefused when nobody can tell where that is: the asker would get the same people for ever.
    """
    if not vraag.is_vervolg(question):
        return found
    last = sleutel(find(question, "start/object"), service)
    places = [place for place, each in enumerate(found) if last and sleutel(each, service) == last]
    if went_on:
        return found[places[0] + 1 :] if places else found
    path = f"{local_name(question)}/start/object"
    if not redenen.niet_geautoriseerd.isdisjoint(service.sleutels):
        raise MessageRefused("this application may not see the number to go on after", code=NOT_AUTHORISED, path=path)
    if not places:
        reason = "the object to go on after is not among those found: ask from the start"
        raise MessageRefused(reason, code=NOT_SHOWN, path=path)
    return found[places[0] + 1 :]
