"""hub/wire/xsd.py: what a definition has against a message, without repeating it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from hub.wire.xml import parse
from hub.wire.xsd import Definition

TYPES = b"""<schema xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:t" xmlns:t="urn:t">
  <simpleType name="Code"><restriction base="string">
    <maxLength value="3"/></restriction></simpleType>
  <simpleType name="Keus"><restriction base="string">
    <enumeration value="J"/><enumeration value="N"/></restriction></simpleType>
  <simpleType name="Vorm"><restriction base="string"><pattern value="[0-9]+"/></restriction></simpleType>
  <simpleType name="Lang"><restriction base="string"><minLength value="5"/></restriction></simpleType>
  <simpleType name="Getal"><restriction base="integer">
    <totalDigits value="2"/><minInclusive value="4"/><maxInclusive value="40"/></restriction></simpleType>
</schema>"""
MESSAGE = b"""<schema xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:m" xmlns:m="urn:m" xmlns:t="urn:t"
        elementFormDefault="qualified">
  <import namespace="urn:t" schemaLocation="types.xsd"/>
  <element name="bericht"><complexType><sequence>
    <element name="code" type="t:Code" minOccurs="0"/>
    <element name="keus" type="t:Keus" minOccurs="0"/>
    <element name="vorm" type="t:Vorm" minOccurs="0"/>
    <element name="lang" type="t:Lang" minOccurs="0"/>
    <element name="getal" type="t:Getal" minOccurs="0"/>
    <element name="vast" type="string" fixed="Lk01" minOccurs="0"/>
    <element name="deel" minOccurs="0" maxOccurs="9"><complexType>
      <sequence><element name="datum" type="date"/></sequence>
      <attribute name="soort" use="required"/></complexType></element>
  </sequence></complexType></element>
</schema>"""

SECRET = "Geheim 999990019 'atomic type 'X'.\u201d"


@pytest.fixture(scope="module")
def definition() -> Definition:
    return Definition({"message.xsd": MESSAGE, "types.xsd": TYPES}, "message.xsd")


def bericht(inside: str) -> bytes:
    return f'<m:bericht xmlns:m="urn:m" xmlns:x="urn:x">\n{inside}</m:bericht>'.encode()


def test_a_message_that_fits_has_no_findings(definition: Definition) -> None:
    """The other documents of the definition were found among the files given."""
    body = bericht('<m:code>abc</m:code><m:deel soort="a"><m:datum>2026-01-02</m:datum></m:deel>')

    assert definition.check(parse(body)) == ()


@pytest.mark.parametrize(
    ("inside", "sentence", "path"),
    [
        (f"<m:code>{SECRET}</m:code>", "the value is longer than 3 characters", "code"),
        (f"<m:keus>{SECRET}</m:keus>", "the value is not one of those allowed", "keus"),
        (f"<m:vorm>{SECRET}</m:vorm>", "the value has not the prescribed form", "vorm"),
        ("<m:lang>kort</m:lang>", "the value is shorter than 5 characters", "lang"),
        (f"<m:getal>{SECRET}</m:getal>", "the value does not fit the type Getal", "getal"),
        ("<m:getal>123</m:getal>", "the value has more than 2 digits", "getal"),
        ("<m:getal>2</m:getal>", "the value is less than 4", "getal"),
        ("<m:getal>99</m:getal>", "the value is more than 40", "getal"),
        (f"<m:vast>{SECRET}</m:vast>", "the value is not the one prescribed here", "vast"),
        (
            "<m:keus>J</m:keus><m:code>a</m:code>",
            "this element is not expected here; expected: vorm, lang, getal, vast, deel",
            "code",
        ),
        ('<m:deel soort="a"/>', "an element is missing; expected: datum", "deel"),
        ("<m:deel><m:datum>2026-01-02</m:datum></m:deel>", "the attribute soort is missing", "deel"),
        (
            f'<m:deel soort="a" x:naam="{SECRET}"><m:datum>2026-01-02</m:datum></m:deel>',
            "the attribute naam is not allowed here",
            "deel",
        ),
        ("<m:code><m:b/></m:code>", "this element holds elements where a value is expected", "code"),
        (f"<m:deel soort='a'>{SECRET}</m:deel>", "this element holds text where elements are expected", "deel"),
        (
            '<m:deel soort="a"><m:datum>2026-01-02</m:datum></m:deel>\n<m:deel soort="a"><m:datum>2</m:datum></m:deel>',
            "the value does not fit the type date",
            "deel[2]/datum",
        ),
    ],
)
def test_each_kind_of_error_has_a_sentence_of_our_own(
    definition: Definition, inside: str, sentence: str, path: str
) -> None:
    """Sentence, path and line; never the value, however much it looks like the validator's own words."""
    [finding] = definition.check(parse(bericht(inside)))

    assert (finding.sentence, finding.path) == (sentence, f"bericht/{path}")
    assert finding.line == (3 if "[2]" in path else 2)
    assert "Geheim" not in repr(finding)


def test_another_message_is_not_defined(definition: Definition) -> None:
    """A definition knows its own messages only."""
    [finding] = definition.check(parse(b"<ander/>"))

    assert finding.sentence == "this message is not defined"


def test_a_sender_chooses_no_types(definition: Definition) -> None:
    """xsi:type is taken off: it would choose another type than the definition's."""
    body = bericht('<m:code xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="x:Lang">abc</m:code>')

    assert definition.check(parse(body)) == ()


def test_a_message_with_hundreds_of_errors_gives_a_few(definition: Definition) -> None:
    """Nobody reads more than the first."""
    body = bericht('<m:deel soort="a"><m:datum>x</m:datum></m:deel>' * 9)

    assert len(definition.check(parse(body))) == 5


def test_two_messages_at_once_have_each_their_own_findings(definition: Definition) -> None:
    """The door and a person who corrects a message check by the same definition, in threads of their own."""
    good = bericht('<m:code>abc</m:code><m:deel soort="a"><m:datum>2026-01-02</m:datum></m:deel>')
    bodies = [good, bericht("<m:code>abcd</m:code>" + "<m:deel/>" * 9)] * 400
    expected = [definition.check(parse(each)) for each in bodies[:2]] * 400

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda body: definition.check(parse(body)), bodies))

    assert found == expected
