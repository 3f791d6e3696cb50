"""schemas/stuf: our own definition of StUF-BG judges messages as the official schema does.

And nothing that is made by it is wrong by the official one (reference data beside the checkout; skipped without it).
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from lxml import etree

from adapters.stuf_bg.checks import check_schema
from adapters.stuf_bg.definition import definition, documents
from adapters.stuf_bg.forms import elements, forms
from adapters.stuf_bg.services import SERVICES, VERZOEKEN
from hub.errors import MessageRefused
from hub.wire.form import Form
from hub.wire.stuf.namespaces import BG
from hub.wire.xsd import UNDEFINED
from tests.support.bg import Sample, an_entity, official, parts, samples
from tests.support.shared import cases_of, needs_shared

SAMPLES = samples(ours=True)
_PHASES = (Phase.explicit, Phase.generate)
"""Making a wrong message smaller takes minutes; what is wrong with it stands in the error."""

_SLOW = (HealthCheck.too_slow, HealthCheck.filter_too_much)
ENTITEITTYPEN = ("NPS", "NNP", "VES", "MAC", "AOA")


def test_every_service_and_every_answer_has_its_element_and_its_form() -> None:
    """Also what is only sent."""
    named = {each for service in SERVICES for each in service.elements}
    named |= {each.antwoord_element for each in SERVICES if each.antwoord}

    assert named <= elements().keys()
    assert set(forms()) == {name for each in SERVICES for name in (each.kind, each.antwoord) if name}


@pytest.mark.parametrize("name", sorted(documents()))
def test_a_document_names_only_documents_that_are_given_with_it(name: str) -> None:
    """A partner gets them all by the WSDL."""
    asked = {each.get("schemaLocation") for each in etree.fromstring(documents()[name]).iter("{*}import", "{*}include")}

    assert asked <= documents().keys()


def test_the_documents_are_those_of_this_adapter() -> None:
    """Beside them in the folder lie those of Zaak- en Documentservices."""
    assert "bg0310-vraag.xsd" in documents()
    assert not {"bg0310.xsd", "zkn0310.xsd"} & documents().keys()


@needs_shared
def test_there_are_samples_of_both_kinds() -> None:
    """A test over no samples proves nothing."""
    assert len([each for each in SAMPLES if each.valid]) > 30
    assert len([each for each in SAMPLES if not each.valid]) > 20


@pytest.mark.parametrize("sample", cases_of(SAMPLES, lambda each: each.file))
def test_a_sample_is_judged_as_by_the_official_schema(sample: Sample) -> None:
    """Valid by theirs is valid by ours, and wrong by theirs is wrong by ours."""
    message = sample.message()
    assert official().validate(sample.message()) is sample.valid

    assert _refusal(message) is None if sample.valid else _refusal(message) is not None


@pytest.mark.parametrize("sample", cases_of(samples(ours=False), lambda each: each.file))
def test_a_message_that_is_not_received_is_not_defined(sample: Sample) -> None:
    """Events of the BAG, of the Kadaster, and questions about the past."""
    [finding] = definition().check(sample.message())

    assert finding.sentence == UNDEFINED


@pytest.mark.parametrize("sample", cases_of([each for each in SAMPLES if each.valid], lambda each: each.file))
def test_what_is_unknown_in_a_message_is_refused(sample: Sample) -> None:
    """Below the message, and in the object that it is about."""
    message = sample.message()
    for parent in (message, *message.iterchildren("{*}object", "{*}gelijk")):
        stranger = etree.SubElement(parent, f"{{{BG}}}onbekend")
        assert definition().check(message)
        parent.remove(stranger)
    assert not definition().check(message)


@needs_shared
@pytest.mark.parametrize("entiteittype", ENTITEITTYPEN)
@settings(max_examples=25, phases=_PHASES, suppress_health_check=_SLOW, deadline=None)
@given(data=st.data())
def test_an_answer_that_fits_ours_fits_the_official_one(entiteittype: str, data: st.DataObject) -> None:
    """Any answer: every type of value, group and relation of an entity, in any combination."""
    message = _answer(entiteittype, data.draw(an_entity(_object(f"{entiteittype.lower()}La01"))))

    assert not definition().check(message)
    assert official().validate(message), official().error_log


@needs_shared
@pytest.mark.parametrize("entiteittype", ENTITEITTYPEN)
@settings(max_examples=15, phases=_PHASES, suppress_health_check=_SLOW, deadline=None)
@given(data=st.data())
def test_a_kennisgeving_that_fits_ours_fits_the_official_one(entiteittype: str, data: st.DataObject) -> None:
    """Any kennisgeving too: it says of every entity what is to be done with it."""
    form = elements()[f"{{{BG}}}{entiteittype.lower()}Lk01"].children["object"]
    message = _kennisgeving(entiteittype, data.draw(an_entity(form)))

    assert not definition().check(message)
    assert official().validate(message), official().error_log


@needs_shared
@settings(max_examples=25, phases=_PHASES, suppress_health_check=_SLOW, deadline=None)
@given(data=st.data())
def test_an_answer_in_another_order_is_refused_by_both(data: st.DataObject) -> None:
    """The commonest mistake."""
    message = _answer("NPS", data.draw(an_entity(_object("npsLa01"))))
    mixed = [each for each in parts(message.find("{*}antwoord")) if len({child.tag for child in each}) == len(each)]  # type: ignore[arg-type]
    if not mixed:
        return
    part = data.draw(st.sampled_from(mixed))
    part[:] = list(reversed(part))

    assert definition().check(message)
    assert not official().validate(message)


@pytest.mark.parametrize("service", VERZOEKEN, ids=lambda each: each.kind)
def test_a_request_for_synchronisation_is_defined_and_not_received(service: object) -> None:
    """The hub keeps no persons; it may ask for them."""
    message = etree.fromstring(f'<BG:{service.kind} xmlns:BG="{BG}"/>')  # type: ignore[attr-defined]

    assert definition().check(message)[0].sentence != UNDEFINED


def _refusal(message: etree._Element) -> MessageRefused | None:
    try:
        check_schema(message)
    except MessageRefused as refused:
        return refused
    return None


def _object(answer: str) -> Form:
    return elements()[f"{{{BG}}}{answer}"].children["antwoord"].children["object"]


_SPACES = f'xmlns:BG="{BG}" xmlns:StUF="http://www.egem.nl/StUF/StUF0301"'


def _answer(entiteittype: str, entity: etree._Element) -> etree._Element:
    message = etree.fromstring(
        f"<BG:{entiteittype.lower()}La01 {_SPACES}><BG:stuurgegevens><StUF:berichtcode>La01</StUF:berichtcode>"
        f"<StUF:entiteittype>{entiteittype}</StUF:entiteittype></BG:stuurgegevens><BG:parameters>"
        "<StUF:indicatorVervolgvraag>false</StUF:indicatorVervolgvraag></BG:parameters><BG:antwoord/>"
        f"</BG:{entiteittype.lower()}La01>"
    )
    message[-1].append(entity)
    return message


def _kennisgeving(entiteittype: str, entity: etree._Element) -> etree._Element:
    systeem = "<StUF:applicatie>BURGERZAKEN</StUF:applicatie>"
    message = etree.fromstring(
        f"<BG:{entiteittype.lower()}Lk01 {_SPACES}><BG:stuurgegevens><StUF:berichtcode>Lk01</StUF:berichtcode>"
        f"<StUF:zender>{systeem}</StUF:zender><StUF:ontvanger>{systeem}</StUF:ontvanger>"
        "<StUF:referentienummer>1</StUF:referentienummer><StUF:tijdstipBericht>20260302</StUF:tijdstipBericht>"
        f"<StUF:entiteittype>{entiteittype}</StUF:entiteittype></BG:stuurgegevens><BG:parameters>"
        "<StUF:mutatiesoort>T</StUF:mutatiesoort><StUF:indicatorOvername>V</StUF:indicatorOvername></BG:parameters>"
        f"</BG:{entiteittype.lower()}Lk01>"
    )
    message.append(entity)
    return message
