"""What makes two messages the same. Pure.

Three identities, each for its own question:
* the message (`message_id`): the same bytes under the same number of the same sender (StUF 03.01 §4.4);
* the effect (`effect_hash` on `effect_key`): the same content for the same zaak or document, whatever the number, since
  form engines resend with a *new* referentienummer;
* the event (`event_id`): what a target must see once.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import orjson
from lxml import etree

from hub.event.catalogue import EventType
from hub.ports.contracts import Document, Expects
from hub.wire.xml import local_name

NAMESPACE = uuid.UUID("6a2c9d4e-6f0b-5b5e-9d6e-2f6a1c0d7e11")


def content_hash(document: Document, references: Iterable[str]) -> str:
    """Hash what a message says, without its stuurgegevens and without the references of parked content.

    A resend uploads its document again, under another reference; the claim's own sha256 stays in the hash. Whom it is
    about counts as its key (`hub.flow.persons.keyed`): from a hash of nine digits anybody finds the digits.
    """
    digest = hashlib.sha256()
    person, key = (b"", b"") if document.person is None else (document.person.reveal().encode(), document.zaak.encode())
    if isinstance(document.body, dict):
        said = orjson.dumps(document.body, option=orjson.OPT_SORT_KEYS)
        digest.update(said.replace(person, key) if person else said)
    else:
        for part in document.body.iterchildren("*"):
            if local_name(part) != "stuurgegevens":
                text = etree.tostring(part, with_tail=False)
                for reference in references:
                    text = text.replace(reference.encode(), b"")
                digest.update(text.replace(person, key) if person else text)
    return digest.hexdigest()


def message_id(connection: str, document: Document, hashed: str, at: datetime) -> str:
    """Name a message: a UUIDv5 of who sent it, their number for it, and what it says.

    Without a number nothing tells two apart that say the same; and a change that a sender was told is not done may be
    sent again as it was. Those are named by their time too.
    """
    said = f"{connection}\x1f{document.sender}\x1f{document.reference}\x1f{hashed}"
    if not document.reference or document.expects is Expects.OUTCOME:
        said += f"\x1f{at.isoformat()}"
    return str(uuid.uuid5(NAMESPACE, said))


def effect_hash(connection: str, sender: str, data: dict[str, Any], event_type: EventType) -> str:
    """Hash what an event does; the reference of parked content differs per upload and does not count.

    What shares an effect key with other types says its own type too: see `effect_key`.
    """
    said = [connection, sender, data, event_type.name] if event_type.about else [connection, sender, data]
    text = orjson.dumps(said, option=orjson.OPT_SORT_KEYS)
    if b'"verwijzing"' in text:
        text = orjson.dumps(_without_references(said), option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(text).hexdigest()


def effect_key(event_type: EventType, subject: str, *, connection: str) -> str:
    """Name what an event has its effect on.

    Of a person, company or address that is whatever happens to it: who is kept, then kept no longer, and then kept
    again as before, is told of three times. And it is what one connection knows of it: a source that is behind says
    nothing new when it repeats itself, whatever another has told meanwhile.
    """
    return f"{event_type.about}|{connection}|{subject}" if event_type.about else f"{event_type.name}|{subject}"


def event_id(event_type: EventType, key: str, hashed: str, message: str, *, awaited: bool = False) -> str:
    """Name an event. What can happen once is named by its content; a change is named by its message as well.

    A → B → A: the third message is a change of its own although it says what the first said. So is one whose sender
    waits: what is given up may come again, and must not be taken for what ended.
    """
    by_content = event_type.once and not awaited
    parts = (event_type.name, key, hashed) if by_content else (event_type.name, key, hashed, message)
    return str(uuid.uuid5(NAMESPACE, "\x1f".join(parts)))


def _without_references(value: Any) -> Any:  # noqa: ANN401 - JSON data
    if isinstance(value, dict):
        return {k: _without_references(v) for k, v in value.items() if k != "verwijzing"}
    if isinstance(value, list):
        return [_without_references(v) for v in value]
    return value


def refusal_id(connection: str, body: bytes, at: datetime) -> str:
    """Name a refusal: an own referentienummer for the fault, whatever the message was."""
    said = hashlib.sha256(body).hexdigest()
    return str(uuid.uuid5(NAMESPACE, f"{connection}\x1f{said}\x1f{at.isoformat()}"))
