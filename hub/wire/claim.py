"""Cut the content of documents out of a message while it streams in, and leave a claim where it stood.

Sans I/O: fed with bytes in chunks of any size, it answers with events; memory stays constant whatever the size of a
document. It knows just enough XML to find the elements by local name, and base64. Whether the rest is well-formed is
for `hub.wire.xml`; where the content is kept is for the caller. Everything outside the contents stays byte for byte.

The text of such an element is always cut, however small, so that a claim in an envelope was always written here.
"""

from __future__ import annotations

import binascii
import hashlib
import re
from base64 import b64encode
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from hub.config.policy import CONTENT_TAG_BYTES_MAX
from hub.errors import MessageRefused
from hub.wire.xml import ENVELOPE_BYTES_MAX, NOT_XML

CLAIM_PREFIX = b"zaakhub-inhoud:"
"""How a claim begins; no base64 begins so."""


class Claim(NamedTuple):
    """Where a cut-out content lies: `reference` in the payload store, its size, and its SHA-256 in hexadecimals."""

    reference: str
    size_bytes: int
    sha256: str

    def text(self) -> str:
        """Give what stands in the element in place of the content."""
        return f"zaakhub-inhoud:{self.reference}:{self.size_bytes}:{self.sha256}"


def read_claim(text: str | None) -> Claim | None:
    """Read the text of an element; None when it is not a claim."""
    found = _CLAIM(text.strip()) if text else None
    return Claim(found[1], int(found[2]), found[3]) if found else None


def restore(envelope: bytes, content: Callable[[Claim], bytes]) -> bytes:
    """Put the contents back as base64, in one line: the message as it came, but for white space inside contents."""

    def filled(found: re.Match[bytes]) -> bytes:
        claim = read_claim(found[0].decode())
        return b64encode(content(claim)) if claim else found[0]

    return _CLAIMS.sub(filled, envelope)


class Kept(NamedTuple):
    """Bytes of the envelope."""

    data: bytes


class ContentStarted(NamedTuple):
    """An element with content: what follows until ContentEnded is kept under `reference`."""

    element: str
    reference: str


class ContentChunk(NamedTuple):
    """A piece of decoded content, never empty."""

    data: bytes


class ContentEnded(NamedTuple):
    """The content is whole; its claim is in the envelope."""

    claim: Claim


Event = Kept | ContentStarted | ContentChunk | ContentEnded


class Cutter:
    """One message. `feed` it until it ends, then always `close`; after a MessageRefused it is spent.

    What is wrong is raised by the call after the one that met it: what came before is given first, and with it who is
    to be answered.

    `elements` are local names. `new_reference` is asked once per content; the caller keeps the content under it.
    """

    def __init__(
        self,
        elements: Sequence[str],
        *,
        new_reference: Callable[[], str],
        envelope_bytes_max: int = ENVELOPE_BYTES_MAX,
    ) -> None:
        self._find = _finder(tuple(elements))
        self._new_reference = new_reference
        self._envelope_bytes_max = envelope_bytes_max
        self._envelope_bytes = 0
        self._buffer = b""
        self._at = 0
        self._step: Callable[[], bool] = self._outside  # does what the buffer allows; False: more bytes first
        self._until = b""
        self._content: _Content
        self._kept: list[bytes] = []
        self._wrong: MessageRefused | None = None
        self._events: list[Event] = []

    def feed(self, data: bytes) -> list[Event]:
        """Take the next bytes.

        Raises MessageRefused (StUF055) for a DOCTYPE, UTF-16, too large an envelope, content that is not base64 or
        holds elements other than one xop:Include.
        """
        if self._wrong:
            raise self._wrong
        self._buffer = self._buffer + data if self._buffer else data
        try:
            while self._at < len(self._buffer) and self._step():
                pass
        except MessageRefused as wrong:
            self._wrong = wrong
        self._buffer = self._buffer[self._at :]
        self._at = 0
        return self._given()

    def close(self) -> list[Event]:
        """Say that the message has ended; raises MessageRefused as `feed`, and when it ends inside a content."""
        if self._wrong:
            raise self._wrong
        if self._step not in (self._outside, self._skipping):
            raise MessageRefused("the message ends inside a document", code=NOT_XML)
        self._keep(self._take(len(self._buffer)))
        return self._given()

    def _given(self) -> list[Event]:
        self._event(None)
        events, self._events = self._events, []
        return events

    def _outside(self) -> bool:
        found = self._find(self._buffer, self._at)
        if found is None:
            self._keep(self._take(self._undecided()))
            return False
        self._keep(self._take(found.start()))
        if found["element"]:
            self._content = _Content(found["element"].decode())
            self._step = self._opening
            return True
        if found["doctype"]:
            raise MessageRefused("the message has a DOCTYPE", code=NOT_XML, line=1)
        self._keep(self._take(found.end()))
        self._until = _ENDS[found["skipped"]]
        self._step = self._skipping
        return True

    def _undecided(self) -> int:
        """Give the place from which more bytes may yet make something of it: a tag whose name is not whole."""
        last = self._buffer.rfind(b"<", self._at)
        tail = self._buffer[last:] if last >= 0 else b""
        if not tail or not (_MARKUP_BEGUN(tail) or _NAME_BEGUN(tail)):
            return len(self._buffer)
        if len(tail) > CONTENT_TAG_BYTES_MAX:
            raise MessageRefused(f"a name is longer than {CONTENT_TAG_BYTES_MAX} bytes", code=NOT_XML)
        return last

    def _skipping(self) -> bool:
        """Pass over a comment, CDATA section or processing instruction: no element begins in it."""
        skipped, ended = self._up_to(self._until)
        self._keep(skipped)
        if ended:
            self._step = self._outside
        return ended

    def _opening(self) -> bool:
        tag = self._whole_tag()
        if tag:
            self._keep(tag)
            self._step = self._outside if tag.endswith(b"/>") else self._in_content
        return bool(tag)

    def _in_content(self) -> bool:
        end = self._buffer.find(b"<", self._at)
        if end != self._at:
            return self._text(self._take(end if end > 0 else len(self._buffer)), whole=end > 0)
        if self._buffer.startswith(b"</", end):
            return self._closing()
        for begin, until in _ENDS.items():
            if self._buffer.startswith(b"<" + begin, end):
                self._take(end + 1 + len(begin))
                self._until = until
                self._step = self._in_content_cdata if begin == _CDATA else self._in_content_markup
                return True
        if _MARKUP_BEGUN(self._buffer, end):
            return False
        tag = self._whole_tag()
        if tag:
            self._content.include(tag)
            self._keep(self._content.waiting_space() + tag)
        return bool(tag)

    def _in_content_markup(self) -> bool:
        """Drop a comment or instruction inside a content: it cannot be part of base64."""
        _, ended = self._up_to(self._until)
        if ended:
            self._step = self._in_content
        return ended

    def _in_content_cdata(self) -> bool:
        text, ended = self._up_to(self._until)
        self._decoded(text.removesuffix(self._until) if ended else text)
        if ended:
            self._step = self._in_content
        return ended

    def _text(self, text: bytes, *, whole: bool) -> bool:
        """Decode text of a content; a character reference cut in two waits for its other half."""
        if b"&" in text:
            cut = text.rfind(b"&")
            if not whole and b";" not in text[cut:]:
                if len(text) - cut > _REFERENCE_BYTES_MAX:
                    raise _not_base64(self._content.element)
                self._at -= len(text) - cut
                text = text[:cut]
            text = _REFERENCE.sub(self._content.character, text)
        self._decoded(text)
        return whole

    def _decoded(self, text: bytes) -> None:
        if not self._content.started:
            if self._content.is_space(text):
                return
            self._content.start(self._new_reference())
            self._event(ContentStarted(self._content.element, self._content.reference))
        data = self._content.decode(text)
        if data:
            self._event(ContentChunk(data))

    def _closing(self) -> bool:
        """Meet `</` in a content: the end of the element, or first that of its xop:Include."""
        if self._content.open_child:
            tag = self._whole_tag()
            if tag:
                self._keep(self._content.waiting_space() + tag)
                self._content.open_child = False
            return bool(tag)
        if self._content.started:
            claim = self._content.end()
            self._keep(claim.text().encode())
            self._event(ContentEnded(claim))
        self._keep(self._content.waiting_space())
        self._step = self._outside
        return True

    def _whole_tag(self) -> bytes:
        """Take a tag up to its `>`, quoted ones apart; nothing when it is not all there yet."""
        found = _TAG(self._buffer, self._at)
        if (found.end() if found else len(self._buffer)) - self._at > CONTENT_TAG_BYTES_MAX:
            raise MessageRefused(
                f"the start tag of a document is longer than {CONTENT_TAG_BYTES_MAX} bytes", code=NOT_XML
            )
        return self._take(found.end()) if found else b""

    def _up_to(self, until: bytes) -> tuple[bytes, bool]:
        """Take up to and with `until`, and say whether it was there; without it, all that cannot be part of it."""
        end = self._buffer.find(until, self._at)
        if end >= 0:
            return self._take(end + len(until)), True
        return self._take(max(len(self._buffer) - len(until) + 1, self._at)), False

    def _take(self, end: int) -> bytes:
        taken = self._buffer[self._at : end]
        self._at = end
        return taken

    def _keep(self, data: bytes) -> None:
        if not data:
            return
        if (not self._envelope_bytes and data[0] in _WIDE) or b"\x00" in data:
            raise MessageRefused("the message is in UTF-16 or UTF-32; send UTF-8", code=NOT_XML)
        self._envelope_bytes += len(data)
        if self._envelope_bytes > self._envelope_bytes_max:
            raise MessageRefused(
                f"the message without its documents is larger than {self._envelope_bytes_max} bytes", code=NOT_XML
            )
        self._kept.append(data)

    def _event(self, event: Event | None) -> None:
        """Add an event, after what was kept before it."""
        if self._kept:
            self._events.append(Kept(b"".join(self._kept)))
            self._kept = []
        if event:
            self._events.append(event)


class _Content:
    """What is known of the content at hand: bytes of base64 that wait for a full group of four, size and hash."""

    def __init__(self, element: str) -> None:
        self.element = element
        self.reference = ""
        self.started = False
        self.included = False
        self.open_child = False
        self._space = b""
        self._waiting = b""
        self._padded = False
        self._size_bytes = 0
        self._sha256 = hashlib.sha256()

    def is_space(self, text: bytes) -> bool:
        """Hold white space back: before content it goes, in an element without content it stays."""
        if text.strip(_SPACE):
            return False
        self._space = (self._space + text)[:_SPACE_BYTES_MAX]
        return True

    def waiting_space(self) -> bytes:
        space, self._space = self._space, b""
        return space

    def start(self, reference: str) -> None:
        if self.included:
            raise _not_base64(self.element)
        if not _REFERENCE_WORD(reference):
            raise ValueError("a reference must be one word of plain characters: it goes into XML")
        self.started = True
        self.reference = reference
        self._space = b""

    def decode(self, text: bytes) -> bytes:
        text = self._waiting + text.translate(None, _SPACE)
        whole = len(text) - len(text) % 4
        self._waiting = text[whole:]
        if not whole:
            return b""
        if self._padded:
            raise _not_base64(self.element)
        try:
            data = binascii.a2b_base64(text[:whole], strict_mode=True)
        except binascii.Error:
            raise _not_base64(self.element) from None
        self._padded = text[whole - 1 : whole] == b"="
        self._size_bytes += len(data)
        self._sha256.update(data)
        return data

    def end(self) -> Claim:
        if self._waiting:
            raise _not_base64(self.element)
        return Claim(self.reference, self._size_bytes, self._sha256.hexdigest())

    def include(self, tag: bytes) -> None:
        """Allow one xop:Include, alone (XOP 1.0 §2.1), and nothing else."""
        if self.started or self.included or not _INCLUDE(tag):
            raise MessageRefused(
                f"{self.element} holds elements where base64 is expected", code=NOT_XML, path=self.element
            )
        self.included = True
        self.open_child = not tag.endswith(b"/>")

    def character(self, found: re.Match[bytes]) -> bytes:
        """Resolve a reference to an ASCII character: some senders write the line ends of base64 as `&#13;`."""
        digits = found[1]
        number = int(digits[1:], 16) if digits.startswith(b"x") else int(digits)
        if number >= _ASCII:
            raise _not_base64(self.element)
        return bytes([number])


_ASCII = 128
_SPACE = b" \t\r\n"
_SPACE_BYTES_MAX = 4096
_REFERENCE_BYTES_MAX = 16
_WIDE = b"\xfe\xff"
_CDATA = b"![CDATA["
_ENDS = {b"!--": b"-->", _CDATA: b"]]>", b"?": b"?>"}
_CLAIM = re.compile(r"zaakhub-inhoud:(\S+):(\d+):([0-9a-f]{64})").fullmatch
_CLAIMS = re.compile(rb"zaakhub-inhoud:[^\s<]+:\d+:[0-9a-f]{64}")
_REFERENCE = re.compile(rb"&#(x[0-9a-fA-F]{1,6}|[0-9]{1,7});")
_REFERENCE_WORD = re.compile(r"[\w.:/@+-]{1,500}", re.ASCII).fullmatch
_TAG = re.compile(rb"""[^"'>]*+(?:"[^"]*+"[^"'>]*+|'[^']*+'[^"'>]*+)*+>""").match
_INCLUDE = re.compile(rb"<(?:[^\s/>:]+:)?Include[\s/>]").match
_NAME_BEGUN = re.compile(rb"<[^\s/>!?][^\s/>]*+\Z").match
_MARKUP_BEGUN = re.compile(rb"<(?:!(?:-|\[(?:C(?:D(?:A(?:T(?:A)?)?)?)?)?|D(?:O(?:C(?:T(?:Y(?:P)?)?)?)?)?)?)?\Z").match


@lru_cache(maxsize=64)
def _finder(elements: tuple[str, ...]) -> Callable[[bytes, int], re.Match[bytes] | None]:
    """Find what matters: a start tag of one of the elements, or what may hide one. `<` stands in no attribute."""
    names = b"|".join(re.escape(name.encode()) for name in elements) or b"(?!)"
    return re.compile(
        rb"<(?:(?:[^\s/>:!?<]+:)?(?P<element>" + names + rb")(?=[\s/>])"
        rb"|(?P<doctype>!DOCTYPE)|(?P<skipped>!--|!\[CDATA\[|\?))"
    ).search


def _not_base64(element: str) -> MessageRefused:
    return MessageRefused(f"{element} is not base64", code=NOT_XML, path=element)
