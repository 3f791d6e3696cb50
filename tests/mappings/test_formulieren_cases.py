"""The stories of `formulieren-naar-zaken`, beyond what every case must prove: models, definition, no BSN in a name."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest
from lxml import etree

from adapters.stuf_zds.definition import definition
from adapters.stuf_zds.forms import forms
from hub.config.load import load_connection
from hub.event.models import MODELS, answer_with_question
from hub.event.vragen import ANSWER
from hub.mapping.compile import load_mappings
from hub.mapping.run import Mapping
from hub.ports.contracts import Conversing, Document
from hub.ports.registry import Registry
from tests.support.shared import SHARED, needs_shared

MAPPINGS = Path(__file__).parents[2] / "mappings"
FOLDER = MAPPINGS / "formulieren-naar-zaken"
STORIES = sorted(path.parent.name for path in FOLDER.glob("cases/*/input.xml"))
GIVEN = [each for each in STORIES if not (FOLDER / "cases" / each / "fails.txt").is_file()]
ANSWERS = sorted(path.parent.name for path in FOLDER.glob("cases/*/input.json"))
# The schemas have no answer for a document to edit that is not there, nor for what practice knows and they do not.
OUTSIDE = ("niet-gevonden", "alle-soorten-zaakobject", "wat-niet-in-het-schema-past")
OFFICIAL = [each for each in ANSWERS if not each.endswith(OUTSIDE)]


@cache
def _adapter() -> Conversing:
    return cast("Conversing", Registry().inbound(load_connection(FOLDER, {})))


@cache
def _mappings() -> dict[str, Mapping]:
    return load_mappings(FOLDER, root=MAPPINGS, forms=forms())


def _answer(story: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads((FOLDER / "cases" / story / "input.json").read_text())
    return answer


def _read(story: str) -> Document:
    return _adapter().read((FOLDER / "cases" / story / "input.xml").read_bytes(), {}, validate=False)


@pytest.mark.parametrize("story", GIVEN)
def test_a_story_gives_what_its_type_promises(story: str) -> None:
    """What comes of the message fits the model of the event, or of the question."""
    document = _read(story)
    mapping = _mappings()[document.kind]

    mapped = mapping.run(document.body)

    MODELS[mapping.gives].model_validate(mapped.data)


@pytest.mark.parametrize("story", ANSWERS)
def test_an_answer_is_one_that_can_be_given(story: str) -> None:
    """The canonical answer of the story fits its model, and all of it is written or named."""
    answer = _answer(story)
    kind = answer["type"].removesuffix(ANSWER)
    answer_with_question(_mappings()[kind].gives).model_validate(answer["data"])

    written = _mappings()[answer["type"]].write(answer["data"])

    assert written.unread == ()


@pytest.mark.parametrize(
    "story", [each for each in ANSWERS if not each.endswith(("niet-gevonden", "wat-niet-in-het-schema-past"))]
)
def test_an_answer_fits_the_definition(story: str) -> None:
    """With what the adapter adds to it, what is written is a message as we define it, whole."""
    message = _answered(story)

    assert definition().check(message) == ()


@needs_shared
@pytest.mark.parametrize("story", OFFICIAL)
def test_an_answer_is_valid_by_the_official_schema(story: str) -> None:
    """Whoever asked may check it."""
    message = _answered(story)
    for inhoud in message.iter("{*}inhoud"):
        inhoud.text = inhoud.text and "UHJvZWY="

    schema = etree.XMLSchema(etree.parse(SHARED / "standards/stuf/zds" / _SCHEMAS["zds0120" in str(message.tag)]))

    assert schema.validate(etree.fromstring(etree.tostring(message))), schema.error_log


_SCHEMAS = ("1.1.02/_lxml/zds11_totaal.xsd", "1.2/_lxml/zds0120.xsd")


def _answered(story: str) -> etree._Element:
    """Give the message that answers a question of this kind, the one that asks most."""
    answer = _answer(story)
    kind = answer["type"].removesuffix(ANSWER)
    asked = [each for each in (_read(one) for one in GIVEN) if each.kind == kind]
    question = max(asked, key=lambda each: len(_mappings()[kind].run(each.body).data.get("onderdelen", ())))
    written = _mappings()[answer["type"]].write(answer["data"]).body
    reply = _adapter().answered(question, written, message_id="m-1", at=datetime(2026, 3, 12, tzinfo=UTC), headers={})
    body = etree.fromstring(reply.body).find("{*}Body")
    assert body is not None
    return body[0]


@pytest.mark.parametrize("story", STORIES)
def test_what_names_a_message_holds_no_personal_data(story: str) -> None:
    """Ordering key, subject, sender and reference are no BSN: these go into keys, topics and logs."""
    document = _read(story)

    named = f"{document.zaak} {document.subject} {document.sender} {document.reference}"
    assert not re.search(r"(?<!\d)\d{9}(?!\d)", named)


def test_every_message_has_a_story() -> None:
    """None of the mappings of this connection goes unproven."""
    answered = {_answer(story)["type"] for story in ANSWERS}

    assert {_read(story).kind for story in STORIES} | answered == set(_mappings())
