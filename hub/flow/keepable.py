"""What of a message or record becomes a key, and whether the hub can keep that. Pure.

A sender is told at the door. A record on the bus that can't be kept as it is was written by another program, or by a
door of before: it gets keys and headers that can be kept, so that it is seen and stops nothing. It refuses to know
what a key is the key of.
"""

from __future__ import annotations

from hub.bus.contract import Received
from hub.config.policy import KEY_BYTES_MAX
from hub.errors import MessageRefused
from hub.flow.records import EFFECT, REMARKS
from hub.ports.contracts import Document
from hub.security.masking import TEXT_CHARS_MAX
from hub.wire.text import is_key, key, plain
from hub.wire.xml import NOT_XML

_KEYS = ("kind", "sender", "reference", "zaak", "subject", "zaaktype")
_OURS = ("zh_", "ce_")


def check_keys(document: Document) -> None:
    """See that the hub can keep what it would know a document by; raises MessageRefused.

    An adapter that can say it better, with a status and a path of its protocol, says it before.
    """
    for name in _KEYS:
        if not is_key(getattr(document, name)):
            raise MessageRefused(
                f"{name} is longer than {KEY_BYTES_MAX} bytes, or holds a character that is no text",
                code=NOT_XML,
                path=name,
                advice="send it under a key as the standard has it",
            )


def keepable(record: Received) -> Received:
    """Give a record with a key and headers that can be kept: nearly always as it is."""
    said = b"\x1f".join((record.key, *(value for _, value in record.headers)))
    if len(said) <= KEY_BYTES_MAX and b"\0" not in said and _is_utf8(said):
        return record
    return record._replace(
        key=key(_text(record.key)).encode(),
        headers=tuple((plain(name), _header(name, value)) for name, value in record.headers),
    )


def worded(text: str) -> str:
    """Give a reason or a place as it can be kept: what is longer than any of ours quotes somebody else's."""
    return plain(text[:TEXT_CHARS_MAX])


def _header(name: str, value: bytes) -> bytes:
    text = _text(value)
    is_name = name.startswith(_OURS) and name not in (EFFECT, REMARKS)
    return (key(text) if is_name else plain(text)).encode()


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace")


def _is_utf8(value: bytes) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True
