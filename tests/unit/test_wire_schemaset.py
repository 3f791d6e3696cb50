"""hub/wire/schemaset.py: a standard as it is published becomes something libxml2 can load, or is refused."""

from __future__ import annotations

import pytest
from lxml import etree

from hub.errors import ConfigurationWrong
from hub.wire.schemaset import Definitions, flattened, with_claims
from hub.wire.xml import parse
from tests.support.shared import SHARED, needs_shared
from tests.support.xsd import DOCUMENT, MESSAGES, STANDARD, VALUES, ZAAK, message

OFFICIAL = SHARED / "standards/stuf/zds"
EMPTY = b'<schema xmlns="http://www.w3.org/2001/XMLSchema"/>'


def test_a_namespace_over_several_documents_is_loaded_whole() -> None:
    """libxml2 by itself reads only the first document that is imported for a namespace."""
    made = flattened(STANDARD)

    assert made.entries == ("entry--berichten--berichten.xsd",)
    assert made.notes == ()
    assert Definitions(made).check(parse(message())) == ()
    assert [each.path for each in Definitions(made).check(parse(message(zaak="ZAAK-1")))] == ["bericht/zaak"]


def test_a_document_that_nobody_asks_for_is_an_entry_of_its_own() -> None:
    """A standard has a document for each kind of message."""
    other = MESSAGES.replace(b'"bericht"', b'"ander"')

    made = flattened({**STANDARD, "berichten/andere.xsd": other})

    assert [each.rpartition("--")[2] for each in made.entries] == ["andere.xsd", "berichten.xsd"]
    assert Definitions(made).check(parse(message())) == ()
    assert Definitions(made).check(parse(message().replace(b"k:bericht", b"k:ander"))) == ()
    [finding] = Definitions(made).check(parse(b"<vreemd/>"))
    assert finding.sentence == "this message is not defined"


def test_a_message_in_two_versions_must_fit_one_of_them() -> None:
    """A folder with two versions of a standard has the general messages twice."""
    stricter = MESSAGES.replace(b'"s:Zaak"', b'"date"')
    files = {**STANDARD, **{f"a/{path}": content for path, content in STANDARD.items()}}

    made = flattened({**files, "a/berichten/berichten.xsd": stricter})

    assert len(made.entries) == 2
    assert Definitions(made).check(parse(message())) == ()
    assert Definitions(made).check(parse(message(zaak="2026-01-02"))) == ()
    assert Definitions(made).check(parse(message(zaak="2026-13-02")))


def test_a_document_that_lies_there_twice_is_taken_once() -> None:
    """Publishers put a copy of the base beside each sector."""
    copied = MESSAGES.replace(b"../sector/document.xsd", b"kopie/document.xsd")
    files = {"berichten/kopie/document.xsd": DOCUMENT, "berichten/kopie/waarden.xsd": VALUES}

    made = flattened({**STANDARD, **files, "berichten/berichten.xsd": copied})

    assert Definitions(made).check(parse(message())) == ()


def test_what_is_not_there_is_left_out_with_a_note() -> None:
    """VNG publishes sets whose overview names documents of another set."""
    extra = VALUES.replace(b"<simpleType", b'<include schemaLocation="corv/corv.xsd"/><simpleType', 1)

    made = flattened({**STANDARD, "sector/waarden.xsd": extra})

    assert made.notes == ("sector/waarden.xsd asks for corv/corv.xsd, which is not there",)
    assert Definitions(made).check(parse(message())) == ()


def test_an_entry_that_cannot_be_compiled_is_left_out_with_a_note() -> None:
    """As long as another one can."""
    broken = MESSAGES.replace(b"s:Document", b"s:Onbekend").replace(b'"bericht"', b'"stuk"')

    made = flattened({**STANDARD, "berichten/stuk.xsd": broken})

    assert made.entries == ("entry--berichten--berichten.xsd",)
    [note] = made.notes
    assert note.startswith("berichten/stuk.xsd is left out: libxml2 cannot compile it:")
    assert Definitions(made).check(parse(message())) == ()


@pytest.mark.parametrize(
    ("file", "content", "reason"),
    [
        ("sector/waarden.xsd", b"<schema", "is not XML"),
        ("sector/waarden.xsd", b"<html/>", "is not an XML Schema"),
        ("sector/waarden.xsd", b'<!DOCTYPE schema SYSTEM "x.dtd">' + VALUES, "has a DOCTYPE or an entity"),
        ("sector/waarden.xsd", b'<!DOCTYPE s [<!ENTITY a "b">]>' + VALUES, "has a DOCTYPE or an entity"),
        ("sector/zaak.xsd", ZAAK.replace(b'"waarden', b'"http://x/waarden'), "refers to a document on the network"),
        ("sector/zaak.xsd", ZAAK.replace(b'"waarden', b'"file:///etc/waarden'), "refers to a document on the network"),
        ("sector/zaak.xsd", ZAAK.replace(b"<include", b"<redefine"), "`redefine` is not supported"),
        ("sector/zaak.xsd", ZAAK.replace(b"s:Nummer", b"s:Geheim"), "libxml2 cannot compile it"),
    ],
)
def test_a_document_that_is_wrong_or_hostile_is_refused_by_name(file: str, content: bytes, reason: str) -> None:
    """Whose fault, where, what next; nothing is fetched."""
    with pytest.raises(ConfigurationWrong, match=reason) as refused:
        flattened({**STANDARD, file: content})

    assert refused.value.file in {file, "berichten/berichten.xsd"}
    assert refused.value.code == "schemas"


def test_documents_outside_the_folder_are_not_there() -> None:
    """A path that leaves the folder leads nowhere."""
    made = flattened({"a.xsd": EMPTY.replace(b"/>", b'><include schemaLocation="../../b.xsd"/></schema>')})

    assert made.notes == ("a.xsd asks for ../../b.xsd, which is not there",)


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({}, "holds no XSD"),
        (
            {
                "a.xsd": EMPTY.replace(b"/>", b'><include schemaLocation="b.xsd"/></schema>'),
                "b.xsd": EMPTY.replace(b"/>", b'><include schemaLocation="a.xsd"/></schema>'),
            },
            "no document stands at the beginning",
        ),
    ],
)
def test_a_set_without_a_beginning_is_refused(files: dict[str, bytes], reason: str) -> None:
    """Nothing to begin with."""
    with pytest.raises(ConfigurationWrong, match=reason):
        flattened(files)


def test_a_claim_may_stand_where_the_standard_has_base64() -> None:
    """The content itself is checked where it passes."""
    made = flattened(STANDARD)
    claimed = message(document="zaakhub-claim:abc")

    assert Definitions(made).check(parse(claimed))
    assert Definitions(with_claims(made)).check(parse(claimed)) == ()


@needs_shared
@pytest.mark.parametrize("version", ["1.1.02", "1.2", "1.1.02-resolved", "1.2-resolved"])
def test_the_published_standards_are_loaded(version: str) -> None:
    """The sets of Zaak- en Documentservices, in both forms in which they are published."""
    folder = OFFICIAL / version
    files = {
        each.relative_to(folder).as_posix(): each.read_bytes()
        for each in folder.rglob("*.xsd")
        if "_lxml" not in each.parts
    }

    made = flattened(files)

    assert made.entries
    assert made.notes == ()
    space = "http://www.stufstandaarden.nl/koppelvlak/zds0120" if version.startswith("1.2") else ""
    name = "genereerZaakIdentificatie_Di02"
    known = etree.Element(f"{{{space or 'http://www.egem.nl/StUF/sector/zkn/0310'}}}{name}")
    [finding] = Definitions(made).check(known)
    assert finding.sentence == "an element is missing; expected: stuurgegevens"
