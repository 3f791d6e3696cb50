"""hub/wire/xml.py: hostile and careless input."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from hub.errors import MessageRefused
from hub.wire import xml


def refusal(body: bytes, *, charset: str = "") -> MessageRefused:
    with pytest.raises(MessageRefused) as caught:
        xml.parse(body, charset=charset)
    return caught.value


@pytest.mark.parametrize(
    "prolog",
    [
        b"",
        b'<?xml version="1.0" encoding="UTF-8"?>\n',
        b"<!-- a comment --><?pi ?>\n",
        b"\xef\xbb\xbf",
    ],
)
def test_a_doctype_is_refused_wherever_it_hides_in_the_prolog(prolog: bytes) -> None:
    """No DTD is ever read: entity bombs and external entities end here."""
    bomb = b'<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;&x;">]><a>&y;</a>'

    assert refusal(prolog + bomb).reason == "the message has a DOCTYPE"


def test_a_doctype_in_a_comment_is_text() -> None:
    """Only a real DOCTYPE is refused."""
    root = xml.parse(b"<!-- <!DOCTYPE a> --><a>x</a>")

    assert root.text == "x"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "the message is empty or does not begin with an element"),
        (b"no xml", "the message is empty or does not begin with an element"),
        (b"<a><b></a>", "an end tag does not match its start tag"),
        (b"<a><b>", "the message ends inside an element"),
        (b"<a/>x", "the message ends before its root element does, or goes on after it"),
        (b"<a>\x01</a>", "the message holds a character that XML 1.0 forbids"),
        (b"<a>&#1;</a>", "the message holds a character that XML 1.0 forbids"),
        (b"<a>&geheim;</a>", "the message uses an entity that XML does not define"),
        (b"<p:a/>", "a namespace prefix is not declared"),
        (b'<a b="1" b="2"/>', "the message is not well-formed XML"),
        ("<a/>".encode("utf-16"), "the message is in UTF-16 or UTF-32; send UTF-8"),
        ("<a/>".encode("utf-16-be"), "the message is in UTF-16 or UTF-32; send UTF-8"),
        (
            b'<?xml version="1.0" encoding="utf-7"?><a/>',
            "the message is in a charset that is not supported; send UTF-8",
        ),
        (b"<a>\xff</a>", "the message holds bytes that do not fit its charset"),
    ],
)
def test_what_is_not_xml_is_refused_in_our_own_words(body: bytes, reason: str) -> None:
    """The parser's own words repeat the message, so they are never used."""
    assert refusal(body).reason == reason


def test_a_refusal_says_the_line() -> None:
    """The sender can find the place."""
    assert refusal(b"<a>\n\n  <b>\n</a>").line == 4


def test_limits_of_size_depth_and_elements_are_kept() -> None:
    """Each limit stops what is above it, and lets through what is on it."""
    deep = b"<a>" * 100 + b"</a>" * 100

    assert xml.parse(deep, depth_max=100).tag == "a"
    assert xml.parse(b"<a><b/><b/></a>", elements_max=3).tag == "a"
    with pytest.raises(MessageRefused, match="more than 99 deep"):
        xml.parse(deep, depth_max=99)
    with pytest.raises(MessageRefused, match="more than 2 elements"):
        xml.parse(b"<a><b/><b/></a>", elements_max=2)
    with pytest.raises(MessageRefused, match="larger than 11 bytes"):
        xml.parse(b"<a>12345</a>", bytes_max=11)


def test_nesting_without_end_is_refused() -> None:
    """libxml2 stops before our own limit can count."""
    assert refusal(b"<a>" * 100_000).code == "StUF055"


@pytest.mark.parametrize(
    ("declared", "said", "encoded"),
    [
        ("utf-8", "", "utf-8"),
        ("utf-8", "iso-8859-1", "utf-8"),
        ("iso-8859-1", "utf-8", "utf-8"),
        ("utf-8", "iso-8859-1", "iso-8859-1"),
        ("iso-8859-1", "", "iso-8859-1"),
        ("iso-8859-1", "utf-8", "iso-8859-1"),
        ("", "iso-8859-1", "iso-8859-1"),
        ("", "iso-8859-1", "utf-8"),
        ("", "windows-1252", "windows-1252"),
        ("", "", "utf-8"),
    ],
)
def test_text_survives_a_quarrel_between_http_and_the_declaration(declared: str, said: str, encoded: str) -> None:
    """Whatever HTTP and the XML declaration say, the bytes that are valid UTF-8 are read as UTF-8."""
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    body = f"{declaration}<naam>Zoë van Çelik</naam>".encode(encoded)

    assert xml.parse(body, charset=said).text == "Zoë van Çelik"


def test_a_byte_order_mark_beats_what_http_says() -> None:
    """RFC 7303 §3.3."""
    assert xml.parse("\ufeff<naam>Zoë</naam>".encode(), charset="iso-8859-1").text == "Zoë"


def test_the_charset_is_read_from_any_spelling_of_the_content_type() -> None:
    """Quoted or not, in any case; nothing when it is not there."""
    assert xml.http_charset('text/xml; Charset="ISO-8859-1"') == "iso-8859-1"
    assert xml.http_charset("application/soap+xml;charset=utf-8;action=x") == "utf-8"
    assert xml.http_charset("text/xml") == ""


@settings(deadline=None)
@given(st.text())
def test_escaped_text_comes_back_as_it_was_but_for_forbidden_characters(text: str) -> None:
    """Escaping makes any text safe, in content and in attributes, and loses nothing XML can hold."""
    kept = "".join(c for c in text if c in "\t\n\r" or c >= " ")
    kept = "".join(c for c in kept if not ("\ud800" <= c <= "\udfff" or c in "\ufffe\uffff"))

    root = xml.parse(f'<a b="{xml.escape(text)}">{xml.escape(text)}</a>'.encode())

    assert root.get("b") == kept
    assert (root.text or "") == kept


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_give_a_tree_or_a_refusal(body: bytes) -> None:
    """There is no third outcome."""
    outcome: etree._Element | MessageRefused
    try:
        outcome = xml.parse(body)
    except MessageRefused as refused:
        outcome = refused

    assert getattr(outcome, "code", "StUF055") == "StUF055"


def test_what_can_be_read_of_a_broken_message_is_gleaned() -> None:
    """Enough to address a fault; nothing at all from what is no XML or has a DOCTYPE."""
    root = xml.glean(b"<a><b>hier</b><c></a>")

    assert root is not None
    assert root.findtext("b") == "hier"
    assert xml.glean(b"%PDF-1.7") is None
    assert xml.glean(b"<!DOCTYPE a><a/>") is None


def test_a_path_names_elements_and_counts_siblings() -> None:
    """Local names, places from the second on, from a given element down."""
    root = xml.parse(b'<x:a xmlns:x="urn:x"><x:b/><x:b><c/></x:b></x:a>')
    deepest = root[1][0]

    assert xml.path_of(deepest) == "a/b[2]/c"
    assert xml.path_of(deepest, below=root[1]) == "b[2]/c"
    assert xml.line_of(deepest) == 1


def test_what_is_serialised_parses_to_the_same() -> None:
    """Bytes out are bytes in."""
    root = xml.parse("<a><b>Zoë</b></a>".encode())

    again = xml.parse(xml.serialise(root))

    assert etree.tostring(again, method="c14n") == etree.tostring(root, method="c14n")
