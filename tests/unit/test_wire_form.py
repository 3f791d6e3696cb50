"""hub/wire/form.py: what a definition says of its elements, and what of a definition is refused."""

from __future__ import annotations

import pytest

from hub.errors import ConfigurationWrong
from hub.wire.form import Form, forms_of

OTHER = b"""<schema xmlns="http://www.w3.org/2001/XMLSchema" xmlns:o="urn:o" targetNamespace="urn:o">
  <attribute name="soort" type="string" fixed="STD"/>
  <attributeGroup name="beide"><attribute ref="o:soort"/><attribute name="eigen" use="required"/></attributeGroup>
  <complexType name="Tekst"><simpleContent><extension base="string">
    <attributeGroup ref="o:beide"/></extension></simpleContent></complexType>
  <complexType name="Vrij"><sequence>
    <any namespace="##targetNamespace" processContents="lax" maxOccurs="unbounded"/></sequence></complexType>
  <group name="paar"><sequence>
    <element name="links" type="string"/><element name="rechts" type="string"/></sequence></group>
</schema>"""
MESSAGE = b"""<schema xmlns="http://www.w3.org/2001/XMLSchema" xmlns:m="urn:m" xmlns:o="urn:o" targetNamespace="urn:m"
        elementFormDefault="qualified">
  <import namespace="urn:o" schemaLocation="http://elsewhere.example/o.xsd"/>
  <element name="bericht" type="m:Uitgebreid"/>
  <element name="los" type="date" nillable="true"/>
  <complexType name="Basis">
    <sequence>
      <element name="code" fixed="Lk01"><simpleType><restriction base="string">
        <maxLength value="4"/></restriction></simpleType></element>
      <element name="tekst" type="m:Kort" minOccurs="0"/>
    </sequence>
    <attribute ref="o:soort" use="required"/>
  </complexType>
  <complexType name="Uitgebreid"><complexContent><extension base="m:Basis">
    <sequence>
      <element ref="m:los" maxOccurs="2"/>
      <group ref="o:paar" minOccurs="0"/>
      <choice><element name="dit" type="m:Enkel"/><element name="dat" type="o:Vrij" maxOccurs="unbounded"/></choice>
      <element name="deel" type="m:Basis" form="unqualified"/>
      <element name="zelf" type="m:Uitgebreid" minOccurs="0"/>
    </sequence>
    <attribute name="nummer" type="integer"/>
  </extension></complexContent></complexType>
  <complexType name="Enkel"><complexContent><restriction base="m:Basis">
    <sequence><element name="code" type="string"/></sequence>
    <attribute ref="o:soort" use="prohibited"/>
  </restriction></complexContent></complexType>
  <complexType name="Kort"><simpleContent><restriction base="o:Tekst">
    <maxLength value="9"/></restriction></simpleContent></complexType>
</schema>"""
FILES = {"m.xsd": MESSAGE, "o.xsd": OTHER}


@pytest.fixture(scope="module")
def bericht() -> Form:
    return forms_of(FILES, "m.xsd")["{urn:m}bericht"]


def test_an_extension_adds_to_its_base(bericht: Form) -> None:
    """The elements of the base come first, and its attributes are there too."""
    assert list(bericht.children) == ["code", "tekst", "los", "links", "rechts", "dit", "dat", "deel", "zelf"]
    assert list(bericht.attributes) == ["soort", "nummer"]
    assert bericht.attributes["soort"].required
    assert (bericht.attributes["soort"].fixed, bericht.attributes["soort"].namespace) == ("STD", "urn:o")
    assert bericht.attributes["nummer"].namespace == ""
    assert (bericht.value, bericht.required, bericht.many) == ("", True, False)


def test_a_restriction_has_its_own_elements_and_fewer_attributes(bericht: Form) -> None:
    """What it prohibits is gone."""
    assert list(bericht.children["dit"].children) == ["code"]
    assert bericht.children["dit"].attributes == {}


def test_a_value_has_the_name_of_its_type(bericht: Form) -> None:
    """A type without a name counts as the one it narrows; its attributes come with it."""
    kort = bericht.children["tekst"]

    assert (kort.value, bericht.children["code"].value, bericht.children["los"].value) == ("Kort", "string", "date")
    assert list(kort.attributes) == ["soort", "eigen"]
    assert bericht.children["code"].fixed == "Lk01"


def test_occurrence_follows_all_that_stands_around_an_element(bericht: Form) -> None:
    """One of a choice is not required, nor is what stands in an optional group."""
    required = [name for name, each in bericht.children.items() if each.required]
    many = [name for name, each in bericht.children.items() if each.many]

    assert required == ["code", "los", "deel"]
    assert many == ["los", "dat"]
    assert bericht.children["los"].nillable


def test_a_declaration_is_in_the_namespace_of_its_document(bericht: Form) -> None:
    """Global declarations always; local ones when the document, or they themselves, say so."""
    children = bericht.children

    assert {name: children[name].namespace for name in ("los", "links", "deel", "dit")} == {
        "los": "urn:m", "links": "", "deel": "", "dit": "urn:m",
    }  # fmt: skip


def test_below_any_everything_goes(bericht: Form) -> None:
    """However deep, in the namespace that the definition asks for; elsewhere a name that is not there is not there."""
    loose = bericht.children["dat"]
    deep = loose.below("wat") and loose.below("wat").below("dan")  # type: ignore[union-attr]

    assert loose.loose
    assert loose.children == {}
    assert deep is not None
    assert (deep.name, deep.namespace, deep.many, deep.loose) == ("dan", "urn:o", True, True)
    assert bericht.below("wat") is None
    assert bericht.below("code") is bericht.children["code"]


def test_a_type_may_hold_itself(bericht: Form) -> None:
    """Children are made when somebody looks, so depth costs nothing."""
    deep = bericht
    for _ in range(50):
        deep = deep.children["zelf"]

    assert list(deep.children) == list(bericht.children)
    assert bericht.children["zelf"] is bericht.children["zelf"]


@pytest.mark.parametrize(
    ("within", "line", "reason"),
    [
        ('<complexType name="T" mixed="true"/>', 2, "`mixed` of `complexType` is not understood"),
        ('<complexType name="T" abstract="true"/>', 2, "`abstract` of `complexType` is not understood"),
        ('<complexType name="T"><wat/></complexType>', 2, "`wat` is not understood"),
        ('<complexType name="T"><sequence><wat/></sequence></complexType>', 2, "`wat` is not understood"),
        ('<redefine schemaLocation="o.xsd"/>', 2, "`redefine` is not understood"),
        ('\n<element name="x" substitutionGroup="m:t"/>', 3, "`substitutionGroup` of `element` is not understood"),
        ('<element name="x" type="m:Weg"/>', 2, "there is no type `m:Weg`"),
        ('<element name="x" type="weg:Weg"/>', 2, "the prefix `weg` is not declared"),
        ('<import namespace="urn:o" schemaLocation="weg.xsd"/>', 2, "there is no document `weg.xsd`"),
        ('<include schemaLocation="o.xsd"/>', 2, "an included document has the namespace of the one that includes it"),
        (
            '<complexType name="T"><complexContent><extension base="m:T"/></complexContent></complexType>',
            2,
            "this type is made of itself",
        ),
        (
            '<complexType name="T"><group ref="m:g"/></complexType><group name="g"><group ref="m:g"/></group>',
            2,
            "this group is made of itself",
        ),
        (
            '<complexType name="T"><all><element name="x" type="date"/><element name="x"/></all></complexType>',
            2,
            "`x` stands here twice, with two types",
        ),
    ],
)
def test_what_is_not_understood_is_refused(within: str, line: int, reason: str) -> None:
    """A form that leaves something out would let a message be written that the receiver refuses."""
    head = '<schema xmlns="http://www.w3.org/2001/XMLSchema" xmlns:m="urn:m" targetNamespace="urn:m">\n'
    text = f'{head}{within}<element name="t" type="m:T"/></schema>'

    with pytest.raises(ConfigurationWrong) as raised:
        list(forms_of({"m.xsd": text.encode(), "o.xsd": OTHER}, "m.xsd")["{urn:m}t"].children)

    assert (raised.value.reason, raised.value.file, raised.value.line) == (reason, "m.xsd", line)


def test_a_document_that_is_no_xml_is_refused() -> None:
    """With its name."""
    with pytest.raises(ConfigurationWrong, match=r"m\.xsd"):
        forms_of({"m.xsd": b"<schema>"}, "m.xsd")


def test_the_same_name_twice_in_a_type_occurs_many_times() -> None:
    """StUF-BG has such groups: what is the same type is one form."""
    text = b"""<schema xmlns="http://www.w3.org/2001/XMLSchema"><element name="t"><complexType><sequence>
      <element name="x" type="date"/><element name="x" type="date"/></sequence></complexType></element></schema>"""

    assert forms_of({"m.xsd": text}, "m.xsd")["{}t"].children["x"].many
