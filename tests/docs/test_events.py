"""The event types: their JSON Schemas are those of the models, and the reference page has them all."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from hub.bus.topics import Topics
from hub.event.catalogue import EVENT_TYPES
from hub.event.envelope import Event
from hub.event.schemas import file_name, json_schema, write_all, written
from tests.support.pages import ROOT, rows

SCHEMAS = ROOT / "schemas" / "events"
PAGE = ROOT / "docs" / "reference" / "events.md"

ABOUT = {
    "zaken": ("Zaak", ["identificatie"], "startdatum"),
    "personen": ("Persoon", [], "leeftijd"),
    "bedrijven": ("Bedrijf", [], "actief"),
    "adressen": ("BagAdres", [], "huisnummer"),
}
"""Of each domain what its data is about, which of its fields must be there, and one that need not be."""


@pytest.mark.parametrize("event_type", EVENT_TYPES)
def test_the_schema_in_the_repository_is_the_one_of_the_model(event_type: str) -> None:
    """After a change: `python -m hub.event.schemas`."""
    assert (SCHEMAS / file_name(event_type)).read_text(encoding="utf-8") == written(event_type)


def test_there_is_a_schema_for_every_event_type_and_for_nothing_else(tmp_path: Path) -> None:
    """Writing them all gives exactly what lies in the repository."""
    write_all(tmp_path)

    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in SCHEMAS.iterdir()}


@pytest.mark.parametrize("event_type", EVENT_TYPES)
def test_a_schema_tells_absent_from_null(event_type: str) -> None:
    """No field has a default: absent is "nothing said", null is "it is known that there is none"."""
    defined = json_schema(event_type)["$defs"]
    described, required, optional = ABOUT[EVENT_TYPES[event_type].domain]
    about = defined[described]

    assert '"default"' not in written(event_type)
    assert about.get("required", []) == required
    assert all(about["properties"][name] == {"type": "string"} for name in required)
    assert about["properties"][optional]["type"][-1] == "null"
    assert about["additionalProperties"] is False


def test_every_event_type_is_on_the_page_with_its_meaning_and_its_schema() -> None:
    """And no other."""
    documented = {name: cells for name, cells in rows(PAGE).items() if name.startswith("nl.")}

    assert documented == {
        each.name: [each.summary, f"[schema](../../schemas/events/{file_name(each.name)})"]
        for each in EVENT_TYPES.values()
    }


def test_every_header_of_an_event_is_on_the_page() -> None:
    """In the order in which they are written."""
    event = Event("", "", "", "", datetime.now(UTC), {}, "", "", "")

    assert [name for name in rows(PAGE) if name.startswith(("ce_", "content-"))] == [
        name for name, _ in event.headers()
    ]


def test_every_kind_of_topic_is_on_the_page() -> None:
    """By the pattern of its name."""
    topics = Topics("{omgeving}", "{gemeente}")
    patterns = [
        topics.inbound("{koppeling}"),
        topics.events("{domein}"),
        topics.failures("{koppeling}"),
        topics.audit(),
        topics.verwerkingen(),
        topics.verwerkingen_geweigerd(),
        topics.control(),
    ]

    assert [name for name in rows(PAGE) if name.startswith("{omgeving}")] == patterns
