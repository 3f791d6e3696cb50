"""What is put on a screen: no value when it is masked, nothing that deceives the eye, no more than a screen holds."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from hub.config import policy
from hub.desk.display import JSON, TEXT, XML, Media, masked_xml, media_of, shown, visible
from hub.security.personal import HIDDEN

SECRET = "Geheimpje999990019"

_VALUE = st.sampled_from([SECRET, f"a {SECRET} b", f"\n{SECRET}\n", f"{SECRET}\u202e", "&lt;", "", "  ", "é"])
_NAME = st.sampled_from(["zaak", "BG:naam", "_x", "inp.bsn", "a-b", "Ünïcode"])


def _text(value: str) -> str:
    return value.replace("<", "&lt;")


@st.composite
def _nodes(draw: st.DrawFn, depth: int = 3) -> str:
    kind = draw(st.sampled_from(["element", "text", "cdata", "comment", "pi", "empty"]))
    value = draw(_VALUE)
    match kind:
        case "text":
            return _text(value)
        case "cdata":
            return f"<![CDATA[<{draw(_NAME)}>{value}</x> > {value}]]>"
        case "comment":
            return f"<!-- {value} <a b='{SECRET}'> -->"
        case "pi":
            return f"<?doe iets {value} > {SECRET}?>"
        case _:
            name = draw(_NAME)
            attributes = "".join(
                f"{draw(st.sampled_from([' ', chr(10), '  ']))}a{at}{draw(st.sampled_from(['=', ' = ']))}"
                f"{quote}{_text(draw(_VALUE))}>{quote}"
                for at, quote in enumerate(draw(st.lists(st.sampled_from(["'", '"']), max_size=3)))
            )
            if kind == "empty" or not depth:
                return f"<{name}{attributes}/>"
            inner = "".join(draw(st.lists(_nodes(depth=depth - 1), max_size=4)))
            return f"<{name}{attributes}>{inner}</{name}{draw(st.sampled_from(['', ' ']))}>"


_DOCUMENTS = st.lists(_nodes(), min_size=1, max_size=3).map(lambda nodes: f"<a>{''.join(nodes)}</a>")


@given(_DOCUMENTS)
def test_no_value_of_xml_is_shown(document: str) -> None:
    """Not of texts, mixed texts, attributes, comments, CDATA or instructions, whatever stands in them."""
    assert SECRET not in masked_xml(document)


@given(_DOCUMENTS)
def test_names_and_structure_of_xml_stay(document: str) -> None:
    """The same elements in the same order, each with the same attributes, each on the same line."""
    wrapped = f"<w xmlns:BG='urn:x'>{document}</w>"
    parser = etree.XMLParser(resolve_entities=False)
    before = etree.fromstring(wrapped, parser)
    after = etree.fromstring(masked_xml(wrapped).replace("<w>", "<w xmlns:BG='urn:x'>", 1), parser)

    assert [(each.tag, list(each.attrib)) for each in before.iter("*")] == [
        (each.tag, list(each.attrib)) for each in after.iter("*")
    ]
    assert masked_xml(wrapped).count("\n") == wrapped.count("\n")


@given(
    _DOCUMENTS,
    st.integers(0, 400),
    st.sampled_from([">", '"', "'", "<!--", "]]>", "&", "<![CDATA[", "/", "=", "<?"]),
)
def test_no_value_of_broken_xml_is_shown(document: str, place: int, noise: str) -> None:
    """An operator's slip, or an attacker who wants the mask to look the wrong way."""
    at = place % (len(document) + 1)

    assert SECRET not in masked_xml(document[:at] + noise + document[at:])
    assert SECRET not in masked_xml(document[at:])


@pytest.mark.parametrize(
    "message",
    [
        f"<a {SECRET}>x</a>",
        f"<a b={SECRET}>x</a>",
        f"<a b='1' {SECRET}='2' c>x</a>",
        f"<!DOCTYPE a [<!ENTITY x '{SECRET}'>]><a>&x;</a>",
        f"<a><!-- {SECRET}",
        f"<a><![CDATA[ {SECRET} ",
        f"<?xml version='1.0' {SECRET}",
        f"<a xmlns='urn:{SECRET}' xmlns:b='{SECRET}'/>",
        f"< {SECRET}>",
        f"</ {SECRET}>",
        f"<a>\x00{SECRET}</a>",
        f"<a b='x<y {SECRET}'/>",
        f"plain {SECRET}",
        f"<a>{SECRET}",
    ],
)
def test_tricks_do_not_show_a_value(message: str) -> None:
    """What is not plainly a name is a value."""
    assert SECRET not in masked_xml(message)
    for media in (JSON, TEXT):
        assert SECRET not in shown(message.encode(), media, masked=True).text


_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-9, 9), st.just(1.5), st.sampled_from([SECRET, "", "\u202e"])),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["a", "b c", "é"]), inner)),
)


@given(_JSON)
def test_no_value_of_json_is_shown(data: object) -> None:
    """Names and null stay, and so does the structure."""
    text = shown(orjson.dumps(data), JSON, masked=True).text

    assert SECRET not in text
    masked = orjson.loads(text)
    assert _shape(masked) == _shape(data)


def _shape(data: object) -> object:
    match data:
        case dict():
            return {name: _shape(each) for name, each in data.items()}
        case list():
            return [_shape(each) for each in data]
        case None:
            return None
        case _:
            return "value"


def test_a_name_that_is_a_value_is_hidden() -> None:
    """Somebody made a BSN, an address or a whole story a name."""
    story = "x" * (policy.SHOWN_NAME_CHARS_MAX + 1)
    data = {"bsn 999990019": 1, "jan@example.nl": 2, story: 3, "zaak": 4}
    message = f"<{story} {story}='1'/>"

    text = shown(orjson.dumps(data), JSON, masked=True).text

    assert list(orjson.loads(text)) == [f"bsn {HIDDEN}", HIDDEN, "zaak"]
    assert story not in masked_xml(message)


def test_deep_json_ends() -> None:
    """What nests deeper than any message is hidden with its names."""
    deep = b'{"a":' * 900 + f'"{SECRET}"'.encode() + b"}" * 900

    assert SECRET not in shown(deep, JSON, masked=True).text
    assert shown(deep, JSON, masked=False).text


def test_a_mask_is_quick_whatever_it_is_given() -> None:
    """Two million characters that look like the beginning of something: looked at once each."""
    for begin in ("<a ", "<", "<!--", 'a="', "<a b='", "<![CDATA[", " " * 3 + "<a  "):
        message = (begin * 700_000)[:2_000_000]
        assert masked_xml(message) is not None


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("plain\ttext\n", "plain\ttext\n"),
        ("a\u202eb", "a\\u{202e}b"),
        ("a\u2066b\u200bc", "a\\u{2066}b\\u{200b}c"),
        ("a\x1b[31mb\x00", "a\\u{1b}[31mb\\u{0}"),
        ("nbsp\u00a0", "nbsp\\u{a0}"),
        ("Ünïcode ✓", "Ünïcode ✓"),
    ],
)
def test_what_deceives_the_eye_is_written_out(text: str, seen: str) -> None:
    """Changes of direction, invisible and control characters: on a terminal, in a browser."""
    assert visible(text) == seen
    assert shown(text.encode(), TEXT, masked=False).text == seen


def test_a_line_that_no_screen_holds_is_cut() -> None:
    """It says how long it was; the message as a whole has an end too."""
    line = "x" * 10_000_000

    long, many = shown(line.encode(), TEXT, masked=False), shown(b"a\n" * 2_000_000, TEXT, masked=False)

    assert long.cut
    assert len(long.text) < policy.SHOWN_LINE_CHARS_MAX + 50
    assert many.cut
    assert len(many.text) <= policy.SHOWN_CHARS_MAX
    assert not shown(b"short", TEXT, masked=False).cut


def test_a_message_in_one_line_is_laid_out() -> None:
    """A person reads it; one that has lines keeps them, since an explanation names them."""
    inner = "<b>" + "x" * policy.SHOWN_LINE_CHARS + "</b>"

    assert shown(f"<?xml version='1.0'?><a>{inner}</a>".encode(), XML, masked=True).text == "<a>\n  <b>***</b>\n</a>"
    assert shown(f"<a>\n{inner}\n</a>".encode(), XML, masked=False).text == f"<a>\n{inner}\n</a>"
    assert shown(f"<a>{inner}".encode(), XML, masked=True).text == "<a><b>***</b>"


def test_latin_is_read_as_latin() -> None:
    """Senders still write it, whatever their headers say."""
    assert shown("<a>é</a>".encode("iso-8859-1"), XML, masked=False).text == "<a>é</a>"
    assert shown("\ufeff<a>é</a>".encode(), XML, masked=False).text == "<a>é</a>"


@pytest.mark.parametrize(
    ("content", "media"),
    [(b" \n<a/>", XML), (b"\xef\xbb\xbf<a/>", XML), (b"{}", JSON), (b"[1]", JSON), (b"", TEXT), (b"12", TEXT)],
)
def test_the_first_character_tells_what_it_is(content: bytes, media: Media) -> None:
    """As a person would see it."""
    assert media_of(content) == media
