"""hub/wire/claim.py: documents leave the message while it streams, everything else stays byte for byte."""

from __future__ import annotations

import tracemalloc
from base64 import b64encode
from hashlib import sha256
from itertools import count
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.errors import MessageRefused
from hub.wire.claim import Claim, ContentChunk, ContentEnded, ContentStarted, Cutter, Event, Kept, read_claim, restore
from hub.wire.xml import parse


class Cut(NamedTuple):
    envelope: bytes
    contents: dict[str, bytes]
    claims: list[Claim]


def cut(body: bytes, *, piece: int = 1 << 20, elements: tuple[str, ...] = ("inhoud",)) -> Cut:
    numbers = count(1)
    cutter = Cutter(elements, new_reference=lambda: f"ref-{next(numbers)}", envelope_bytes_max=100_000)
    events: list[Event] = []
    for start in range(0, len(body), piece):
        events += cutter.feed(body[start : start + piece])
    events += cutter.close()
    envelope, contents, claims, reference = b"", dict[str, bytes](), list[Claim](), ""
    for event in events:
        match event:
            case Kept(data):
                envelope += data
            case ContentStarted(_, reference):
                contents[reference] = b""
            case ContentChunk(data):
                contents[reference] += data
            case ContentEnded(claim):
                claims.append(claim)
    return Cut(envelope, contents, claims)


def test_a_document_is_cut_out_and_leaves_a_claim() -> None:
    """The claim says where the content is, how large it was, and its hash."""
    result = cut(b'<a><ZKN:inhoud StUF:bestandsnaam="a>b.pdf">QUJD</ZKN:inhoud><b>x</b></a>')

    claim = Claim("ref-1", 3, sha256(b"ABC").hexdigest())
    assert result.contents == {"ref-1": b"ABC"}
    assert result.claims == [claim]
    assert result.envelope.decode() == (
        f'<a><ZKN:inhoud StUF:bestandsnaam="a>b.pdf">{claim.text()}</ZKN:inhoud><b>x</b></a>'
    )


EVERYTHING = (
    b'<?xml version="1.0"?><?p <inhoud>QUJD</inhoud> ?><a><!-- <inhoud>QUJD</inhoud> -->'
    b"<![CDATA[<inhoud>QUJD</inhoud>]]><inhoudsopgave>QUJD</inhoudsopgave><x:y inhoud='QUJD'/>"
    b'<z:inhoud q="a>b" w=\'<\'> QUJD\r\nREVG&#13;\nQQ&#x3D;=\t</z:inhoud><inhoud/><inhoud nil="true"></inhoud>'
    b"<inhoud> \n </inhoud><inhoud><![CDATA[QUJD]]></inhoud><inhoud>QU<!-- x -->JD<?p x?></inhoud>"
    b'<inhoud> <xop:Include href="cid:1"/> </inhoud><inhoud><xop:Include href="cid:2"></xop:Include></inhoud></a>'
)


@pytest.mark.parametrize("piece", [1, 2, 3, 5, 7, 16, 64, 1000])
def test_the_size_of_the_pieces_makes_no_difference(piece: int) -> None:
    """Fed by one byte or at once: the same envelope, contents and claims."""
    assert cut(EVERYTHING, piece=piece) == cut(EVERYTHING)


def test_only_real_elements_with_that_name_are_cut() -> None:
    """Comments, CDATA, instructions, attributes, longer names, empty and nil elements and xop:Include stay."""
    result = cut(EVERYTHING)

    assert list(result.contents.values()) == [b"ABCDEFA", b"ABC", b"ABC"]
    for claim in result.claims:
        assert result.envelope.count(claim.text().encode()) == 1
    untouched, kept = EVERYTHING.partition(b"<z:inhoud")[0], result.envelope.partition(b"<z:inhoud")[0]
    assert kept == untouched
    assert result.envelope.endswith(EVERYTHING.rpartition(b"x?></inhoud>")[2])
    assert b'<inhoud/><inhoud nil="true"></inhoud><inhoud> \n </inhoud>' in result.envelope


@settings(deadline=None)
@given(st.lists(st.binary(min_size=1, max_size=300), max_size=4), st.integers(1, 90), st.integers(4, 80))
def test_contents_put_back_give_the_message_again(contents: list[bytes], piece: int, width: int) -> None:
    """Cutting loses nothing: whatever the contents, the pieces, and the line length of the base64."""
    body = b"<a>"
    for content in contents:
        text = b64encode(content)
        lines = b"\r\n".join(text[at : at + width] for at in range(0, len(text), width))
        body += b"<b>tekst</b><ZKN:inhoud>" + lines + b"</ZKN:inhoud>"
    body += b"</a>"

    result = cut(body, piece=piece)

    assert list(result.contents.values()) == contents
    assert restore(result.envelope, lambda claim: result.contents[claim.reference]) == body.replace(b"\r\n", b"")


@settings(deadline=None)
@given(st.text(alphabet="<>/!-[]?= '\"abinhoudCDTA:&;Q\n", max_size=120), st.integers(1, 20))
def test_hostile_markup_is_cut_the_same_in_any_pieces_or_refused(markup: str, piece: int) -> None:
    """What well-formed XML holds outside documents comes out as it went in."""
    body = f"<a>{markup}</a>".encode()

    def outcome(size: int) -> Cut | str:
        try:
            return cut(body, piece=size)
        except MessageRefused as refused:
            return refused.code

    assert outcome(piece) == outcome(len(body))


@pytest.mark.parametrize(
    "content",
    [
        b"QU",
        b"Q===",
        b"QQ==QUJD",
        b"QQ==\nQUJD",
        b"geen base64",
        b"Q&amp;JD",
        b"Q&#233;JD",
        b"Q&#1233456789012345;",
        b"QUJD<b/>",
        b"<b/>",
        b"<b>QUJD</b>",
        b"<xop:Include/>QUJD",
        b"<xop:Include/><xop:Include/>",
        b"zaakhub-inhoud:ref-9:1:" + b"a" * 64,
        b"<!-- -->zaakhub-inhoud:ref-9:1:" + b"a" * 64,
        b"<xop:Include/>zaakhub-inhoud:ref-9:1:" + b"a" * 64,
    ],
)
@pytest.mark.parametrize("piece", [1, 1000])
def test_what_is_not_base64_is_refused(content: bytes, piece: int) -> None:
    """StUF055; so a sender can write no claim of his own."""
    with pytest.raises(MessageRefused) as caught:
        cut(b"<a><inhoud>" + content + b"</inhoud></a>", piece=piece)

    assert caught.value.code == "StUF055"


@pytest.mark.parametrize(
    "body",
    [
        b"<!DOCTYPE a><a/>",
        "<a><inhoud>QUJD</inhoud></a>".encode("utf-16"),
        "<a><inhoud>QUJD</inhoud></a>".encode("utf-16-be"),
        b"<a><inhoud>QUJD",
        b"<a><inhoud ",
        b"<a><inhoud>QUJD<!-- ",
        b"<" + b"a" * 9000 + b":inhoud>QUJD</inhoud>",
        b'<inhoud x="' + b"a" * 9000 + b'">QUJD</inhoud>',
        b"<a>" + b"tekst " * 20_000 + b"</a>",
        b"<a>" + b"<!-- -->" * 20_000 + b"</a>",
    ],
)
@pytest.mark.parametrize("piece", [7, 1 << 20])
def test_what_can_not_be_cut_safely_is_refused(body: bytes, piece: int) -> None:
    """A DOCTYPE, a wide charset, a message that ends too soon, an envelope or a tag over its limit."""
    with pytest.raises(MessageRefused) as caught:
        cut(body, piece=piece)

    assert caught.value.code == "StUF055"


def test_what_came_before_a_mistake_is_given_first() -> None:
    """The stuurgegevens stand before the document: with them the fault finds its sender."""
    cutter = Cutter(("inhoud",), new_reference=lambda: "ref")

    events = cutter.feed(b"<a><zender>FORM</zender><inhoud>geen base64</inhoud></a>")

    assert events[0] == Kept(b"<a><zender>FORM</zender><inhoud>")
    with pytest.raises(MessageRefused, match="not base64"):
        cutter.feed(b"x")
    with pytest.raises(MessageRefused, match="not base64"):
        cutter.close()


def test_latin_1_passes_as_it_is() -> None:
    """The bytes around a document are not decoded."""
    body = "<naam>Zoë</naam><inhoud>QUJD</inhoud>".encode("iso-8859-1")

    assert cut(body).envelope.startswith("<naam>Zoë</naam><inhoud>zaakhub-inhoud:".encode("iso-8859-1"))


def test_memory_does_not_grow_with_the_document() -> None:
    """Sixteen MB of base64 pass through less than one."""
    cutter = Cutter(("inhoud",), new_reference=lambda: "ref")
    piece = b64encode(bytes(48 * 1024))
    cutter.feed(b"<a><inhoud>")
    cutter.feed(piece)

    tracemalloc.start()
    for _ in range(256):
        cutter.feed(piece)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    [kept, ended] = cutter.feed(b"</inhoud></a>")[:2]
    assert peak < 1024 * 1024
    assert isinstance(kept, Kept)
    assert isinstance(ended, ContentEnded)
    assert ended.claim.size_bytes == 257 * 48 * 1024


def test_several_elements_can_hold_documents_and_none_is_allowed_too() -> None:
    """The adapter names them; without names the message passes whole."""
    body = b"<a><inhoud>QUJD</inhoud><foto>REVG</foto></a>"

    assert list(cut(body, elements=("inhoud", "foto")).contents.values()) == [b"ABC", b"DEF"]
    assert cut(body, elements=()).envelope == body


def test_a_claim_is_read_from_the_text_of_an_element() -> None:
    """The text of the element in the envelope gives the claim; any other text gives none."""
    result = cut(b"<a><inhoud>QUJD</inhoud></a>")

    assert read_claim(parse(result.envelope).findtext("inhoud")) == result.claims[0]
    assert read_claim(f"\n {result.claims[0].text()} \n") == result.claims[0]
    for text in (None, "", "QUJD", "zaakhub-inhoud:x:1:abc"):
        assert read_claim(text) is None


def test_a_reference_that_could_break_the_message_is_a_mistake_of_ours() -> None:
    """References come from the hub: a bad one is a bug, not a refusal."""
    cutter = Cutter(("inhoud",), new_reference=lambda: "<ref>")

    with pytest.raises(ValueError, match="plain characters"):
        cutter.feed(b"<inhoud>QUJD")
