"""schemas/stuf: our own definition judges messages from practice as the official schemas do.

And nothing that is written by it is wrong by them (reference data beside the checkout; skipped without it).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import pytest
from lxml import etree

from adapters.stuf_zds.definition import definition, documents
from adapters.stuf_zds.forms import elements, forms
from adapters.stuf_zds.services import SERVICES
from hub.config.yaml import Place
from hub.mapping.engine.targets import Outline
from hub.mapping.engine.writer import writer
from hub.mapping.functions.contract import Marked
from hub.wire.form import Form
from hub.wire.xml import XSI, local_name
from hub.wire.xsd import UNDEFINED
from tests.support.shared import SHARED, cases_of, needs_shared

FOLDERS = ("zds12", "zkn0310", "stuf0301-bv-fo")
NO_BASE64 = "zkn0310/voegZaakdocumentToe_Lk01__desleeptool__01.xml"
"""Wrong by the official schema for its content alone: that is gone, and checked, before the definition sees it."""
_FILE, _VALID, _SCHEMA = 0, 6, 7  # columns of the index
_PLACE = Place("voorbeeld", 1, 1)


class Sample(NamedTuple):
    file: str
    valid: bool
    schema: str

    def message(self) -> etree._Element:
        """Give the message element, out of its envelope."""
        root = etree.fromstring((SHARED / "samples/stuf" / self.file).read_bytes())
        return next(each for each in root.iter("{*}*") if each.find("{*}stuurgegevens") is not None)


def samples(*, ours: bool) -> list[Sample]:
    """Give the samples of StUF-ZKN, ZDS 1.2 and the acknowledgements and faults of StUF; or all others that are XML."""
    index = SHARED / "samples/stuf/INDEX.md"
    lines = index.read_text().splitlines() if index.exists() else []
    rows = [[cell.strip() for cell in line.split("|")[1:]] for line in lines if line.startswith("| ")]
    return [
        Sample(row[_FILE], row[_VALID] == "yes", row[_SCHEMA])
        for row in rows
        if len(row) > _SCHEMA and row[_FILE].endswith(".xml") and not row[_FILE].startswith("malformed/")
        if (row[_FILE].partition("/")[0] in FOLDERS) is ours
    ]


SAMPLES = samples(ours=True)


def test_every_service_and_every_answer_has_its_element_and_its_form() -> None:
    """In both versions of ZDS, and in plain StUF-ZKN with Lk02 beside Lk01."""
    named = {each for service in SERVICES for each in (*service.elements, *service.antwoord_elements)}

    assert named <= elements().keys()
    assert set(forms()) == {name for each in SERVICES for name in (each.kind, each.antwoord) if name}


@pytest.mark.parametrize("name", sorted(documents()))
def test_a_document_names_only_documents_that_are_given_with_it(name: str) -> None:
    """A partner gets them all by the WSDL."""
    asked = {each.get("schemaLocation") for each in etree.fromstring(documents()[name]).iter("{*}import", "{*}include")}

    assert asked <= documents().keys()


@needs_shared
def test_there_are_samples_of_both_kinds() -> None:
    """A test over no samples proves nothing."""
    assert len([each for each in SAMPLES if each.valid]) > 150
    assert len([each for each in SAMPLES if not each.valid]) > 40


@pytest.mark.parametrize("sample", cases_of(SAMPLES, lambda each: each.file))
def test_our_definition_judges_a_sample_as_the_official_one(sample: Sample) -> None:
    """Valid by theirs is valid by ours, and wrong by theirs is wrong by ours."""
    findings = definition().check(sample.message())

    assert (not findings) == (sample.valid or sample.file == NO_BASE64), findings


@pytest.mark.parametrize("sample", cases_of(samples(ours=False), lambda each: each.file))
def test_a_message_of_another_standard_is_not_ours(sample: Sample) -> None:
    """Valid or not: StUF-BG, prefill, Jeugdzorg, and ZDS under namespaces that never were."""
    root = etree.fromstring((SHARED / "samples/stuf" / sample.file).read_bytes())
    body = root.find("{http://schemas.xmlsoap.org/soap/envelope/}Body")
    [finding] = definition().check(root if body is None else body[0])

    assert finding.sentence == UNDEFINED


@pytest.mark.parametrize("sample", cases_of([each for each in SAMPLES if each.valid], lambda each: each.file))
def test_what_is_unknown_in_a_message_is_refused(sample: Sample) -> None:
    """Below the message, and in the object that it is about."""
    message = sample.message()
    for parent in (message, *message.iterchildren("{*}object", "{*}gelijk")):
        stranger = etree.SubElement(parent, f"{{{etree.QName(message).namespace}}}onbekend")
        assert definition().check(message)
        parent.remove(stranger)
    assert not definition().check(message)


@pytest.mark.parametrize("sample", cases_of([each for each in SAMPLES if each.valid], lambda each: each.file))
def test_what_is_written_by_a_form_is_valid_by_the_official_schema(sample: Sample) -> None:
    """A message read and written again, by our definition alone: namespaces, order and fixed attributes are right."""
    message = sample.message()
    if _has_geometry(message):
        pytest.skip("a geometry is written whole, by a function: tests/unit/test_mapping_write.py")
    form = elements()[str(message.tag)]
    outline = Outline(form)
    data = _read(message, form, outline)

    written = etree.fromstring(writer(outline, form)(data))

    assert not definition().check(written)
    assert _official(sample.schema).validate(written), _official(sample.schema).error_log


@cache
def _official(schema: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(SHARED / "standards/stuf" / schema)))


def _has_geometry(message: etree._Element) -> bool:
    return next(message.iter("{http://www.opengis.net/gml}*"), None) is not None


def _read(element: etree._Element, form: Form, outline: Outline) -> dict[str, object]:
    """Give what a mapping would have made of an element, and tell the outline of it."""
    data: dict[str, object] = {}
    for name, said in _attributes(element, form):
        outline.field(f"@{name}", "a value", _PLACE, optional=True)
        data[f"@{name}"] = said
    lists: dict[str, list[object]] = {}
    for child in element.iterchildren("{*}*"):
        name = local_name(child)
        below = form.below(name)
        assert below is not None
        is_text = bool(below.value) and not len(child)
        is_nil = child.get(f"{{{XSI}}}nil") == "true"
        attributes = dict(_attributes(child, below))
        if not (is_text or is_nil or len(child) or attributes):
            continue  # no rule writes an empty element: what must be there and may be empty is written all the same
        kind = "a list" if below.many else "a value" if is_text else "an object"
        inner = outline.field(name, kind, _PLACE, optional=True).inner
        value = _text(child, attributes, inner, beside=not below.many) if is_text else _read(child, below, inner)
        if value == {}:
            pytest.skip("it asks for something by an empty element: no rule writes that")
        if below.many:
            lists.setdefault(name, []).append(value)
        else:
            data[name] = value
            data |= {f"{name}@{each}": said for each, said in attributes.items() if is_text}
    return data | lists


def _text(element: etree._Element, attributes: dict[str, str], inner: Outline, *, beside: bool) -> object:
    """Give the value of an element with a text; in a list its attributes stand in it, elsewhere beside it."""
    text = None if element.get(f"{{{XSI}}}nil") == "true" else (element.text or "").strip()
    if text is None and not beside and attributes.keys() - {"noValue"}:
        pytest.skip("it says nothing in a list, with an attribute: no rule writes that")
    if not beside:
        return Marked(text, attributes) if attributes and text is not None else text
    for name in attributes:
        inner.field(f"@{name}", "a value", _PLACE, optional=True)
    return text


def _attributes(element: etree._Element, form: Form) -> Iterator[tuple[str, str]]:
    """Give the attributes that a rule would fill: those with a fixed value come by themselves."""
    for name, value in element.attrib.items():
        known = form.attributes.get(str(name).rpartition("}")[2])
        if XSI not in str(name) and not (known and known.fixed and known.required):
            yield str(name).rpartition("}")[2], str(value)
