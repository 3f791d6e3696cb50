"""The stories of `formulieren-naar-zaken`, beyond what every case must prove: the event model, and no BSN in a name."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from hub.config.load import load_connection
from hub.event.catalogue import EVENT_TYPES
from hub.mapping.compile import load_mappings
from hub.mapping.run import Mapping
from hub.ports.contracts import Document, Inbound
from hub.ports.registry import Registry

MAPPINGS = Path(__file__).parents[2] / "mappings"
FOLDER = MAPPINGS / "formulieren-naar-zaken"
STORIES = sorted(path.parent.name for path in FOLDER.glob("cases/*/input.xml"))


@cache
def _adapter() -> Inbound:
    return Registry().inbound(load_connection(FOLDER, {}))


@cache
def _mappings() -> dict[str, Mapping]:
    return load_mappings(FOLDER, root=MAPPINGS)


def _read(story: str) -> Document:
    return _adapter().read((FOLDER / "cases" / story / "input.xml").read_bytes(), {}, validate=False)


@pytest.mark.parametrize("story", STORIES)
def test_a_story_gives_an_event_of_its_type(story: str) -> None:
    """What comes of the message fits the model that its event type promises to consumers."""
    document = _read(story)
    mapping = _mappings()[document.kind]

    mapped = mapping.run(document.body)

    EVENT_TYPES[mapping.gives].model.model_validate(mapped.data)


@pytest.mark.parametrize("story", STORIES)
def test_what_names_a_message_holds_no_personal_data(story: str) -> None:
    """Ordering key, subject, sender and reference are no BSN: these go into keys, topics and logs."""
    document = _read(story)

    named = f"{document.zaak} {document.subject} {document.sender} {document.reference}"
    assert not re.search(r"(?<!\d)\d{9}(?!\d)", named)


def test_every_message_has_a_story() -> None:
    """None of the mappings of this connection goes unproven."""
    assert {_read(story).kind for story in STORIES} == set(_mappings())
