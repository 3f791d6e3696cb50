"""Questions about persons on a whole hub in memory: what is asked, what goes back, and what is written down of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from hub.bus.contract import Record
from hub.config.connection import Connection, Direction
from hub.config.target import Target
from hub.config.verwerking import Afnemer, Verwerking
from hub.configuration import Configuration
from hub.errors import HubUnavailable, TargetUnavailable
from hub.event.vragen import BEWONINGEN, PERSONEN, VERBLIJFPLAATSEN
from hub.flow.entrance import Answered, Received, TurnedAway
from hub.mapping.compile import load_mappings
from hub.ports.contracts import Inquiry
from hub.testkit.memory import MemoryHub, memory_hub
from tests.support.toy import IN, ToyTarget, message, no_client, toy_configuration

MAPPINGS = {
    f"{IN}/persoon.map.yaml": f"""
message: persoon
gives: {PERSONEN}
rules:
  - {{to: "burgerservicenummers[]", from: zaak}}
ignore:
  - {{path: kind, reason: says which message it is}}
  - {{path: sender, reason: says who sent it}}
""",
    f"{IN}/persoon.antwoord.map.yaml": """
message: persoon.antwoord
gives: antwoord
rules:
  - to: "personen[]"
    each: personen
    rules:
      - {to: bsn, from: burgerservicenummer}
      - {to: achternaam, from: naam/geslachtsnaam}
      - {to: partner, from: "partners[1]/burgerservicenummer"}
ignore:
  - {path: vraag, reason: the asker knows what it asked}
  - {path: meer, reason: the asker wants one}
  - {path: "personen/**", reason: the asker wants no more}
""",
    f"brp/{PERSONEN}.antwoord.map.yaml": f"""
message: {PERSONEN}.antwoord
gives: {PERSONEN}.antwoord
rules:
  - to: "personen[]"
    each: personen
    rules:
      - {{to: burgerservicenummer, from: burgerservicenummer}}
      - {{to: geheimhoudingPersoonsgegevens, from: geheimhoudingPersoonsgegevens}}
      - at: naam
        to: naam
        rules:
          - {{to: geslachtsnaam, from: geslachtsnaam}}
          - {{to: voornamen, from: voornamen}}
      - to: "partners[]"
        each: partners
        rules:
          - {{to: burgerservicenummer, from: burgerservicenummer}}
""",
}
PERSOON, PARTNER = "999990019", "999990020"
ACTIVITEIT = "https://register.voorbeeld.nl/verwerkingen/1"


MORE = {
    f"{IN}/bewoning.map.yaml": f"""
message: bewoning
gives: {BEWONINGEN}
rules:
  - {{to: adresseerbaarObjectIdentificatie, from: zaak}}
  - {{to: "velden[]", value: adresseerbaarObjectIdentificatie}}
  - {{to: "velden[]", value: bewoners}}
ignore:
  - {{path: "*", reason: says which message it is and who sent it}}
""",
    f"{IN}/bewoning.antwoord.map.yaml": """
message: bewoning.antwoord
gives: antwoord
rules: [{to: "bewoningen[]", from: bewoningen}]
ignore: [{path: vraag, reason: the asker knows what it asked}]
""",
    f"brp/{BEWONINGEN}.antwoord.map.yaml": f"""
message: {BEWONINGEN}.antwoord
gives: {BEWONINGEN}.antwoord
rules: [{{to: "bewoningen[]", from: bewoningen}}]
""",
    f"{IN}/woonde.map.yaml": f"""
message: woonde
gives: {VERBLIJFPLAATSEN}
rules:
  - {{to: burgerservicenummer, from: zaak}}
  - {{to: "velden[]", value: verblijfadres}}
ignore:
  - {{path: "*", reason: says which message it is and who sent it}}
""",
    f"{IN}/woonde.antwoord.map.yaml": """
message: woonde.antwoord
gives: antwoord
rules: [{to: "verblijfplaatsen[]", from: verblijfplaatsen}]
ignore: [{path: "*", reason: the asker wants no more}]
""",
    f"brp/{VERBLIJFPLAATSEN}.antwoord.map.yaml": f"""
message: {VERBLIJFPLAATSEN}.antwoord
gives: {VERBLIJFPLAATSEN}.antwoord
rules: [{{to: "verblijfplaatsen[]", from: verblijfplaatsen}}]
""",
}
"""Questions to services that give all they have, whatever is asked."""


class Persons:
    """A source that says more than it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.down = False

    async def ask(self, kind: str, question: dict[str, Any], inquiry: Inquiry) -> dict[str, Any]:
        """Give one person, all of it."""
        del inquiry
        self.asked.append(question)
        if self.down:
            raise TargetUnavailable("down", code="503")
        person = {
            "burgerservicenummer": PERSOON,
            "geheimhoudingPersoonsgegevens": True,
            "naam": {"voornamen": "Jan", "geslachtsnaam": "Zeewier"},
            "partners": [{"burgerservicenummer": PARTNER}],
        }
        if kind == BEWONINGEN:
            who = {"burgerservicenummer": PERSOON, "naam": {"voornamen": "Jan", "geslachtsnaam": "Zeewier"}}
            since = {"datumVan": "2020-01-01"}
            object_ = question["adresseerbaarObjectIdentificatie"]
            return {
                "bewoningen": [
                    {"adresseerbaarObjectIdentificatie": object_, "periode": since, "bewoners": [who]},
                ]
            }
        if kind == VERBLIJFPLAATSEN:
            street = {"postcode": "9999ZZ", "woonplaats": "Voorbeeldstad"}
            return {"verblijfplaatsen": [{"type": "Adres", "verblijfadres": street, "datumVan": {"jaar": 2020}}]}
        return {"personen": [person]}

    async def check(self, client: object) -> list[str]:
        """Be well."""
        del client
        return []


def _configuration(folder: Path, persons: Persons, **said: Any) -> Configuration:  # noqa: ANN401 - any key
    configuration = toy_configuration(folder, ToyTarget())
    for name, text in {**MAPPINGS, **MORE}.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    brp = Connection(
        connection="brp", direction=Direction.ASK, adapter="speelgoed", target=Target(services={"p": "http://brp/"})
    )
    asker = configuration.connections[IN].model_copy(update={"asks": "brp", **said})
    return configuration._replace(
        connections=configuration.connections | {IN: asker, "brp": brp},
        mappings=configuration.mappings | {name: load_mappings(folder / name, root=folder) for name in (IN, "brp")},
        lookups={"brp": persons},
        asking={"brp": persons},
    )


AUTHORISED = {
    "verwerking": Verwerking(activiteit=ACTIVITEIT, grondslag="Wet BRP art. 3.5"),
    "afnemers": (Afnemer(zender="S", velden={"personen": ("burgerservicenummer", "naam.geslachtsnaam")}),),
}


@pytest.fixture
def persons() -> Persons:
    return Persons()


@pytest.fixture
async def hub(tmp_path: Path, persons: Persons) -> AsyncIterator[MemoryHub]:
    async with memory_hub(_configuration(tmp_path, persons, **AUTHORISED), no_client) as hub:
        yield hub


async def _ask(hub: MemoryHub, **headers: str) -> Received:
    body = message(PERSOON, "", reference="p1", kind="persoon", expects="antwoord")
    return await hub.converse(body, connection=IN, **({"headers": headers} if headers else {}))


async def _logged(hub: MemoryHub) -> list[dict[str, Any]]:
    return [orjson.loads(each.value) for each in await hub.app.bus.tail(hub.app.topics.verwerkingen(), 10)]


async def test_no_more_is_asked_and_no_more_goes_back_than_may_be_seen(hub: MemoryHub, persons: Persons) -> None:
    """Whatever the source says beyond it."""
    received = await _ask(hub)

    assert isinstance(received, Answered), received
    assert persons.asked[0]["velden"] == ["burgerservicenummer", "naam.geslachtsnaam"]
    assert received.answer.body == {"personen": [{"bsn": PERSOON, "achternaam": "Zeewier"}]}


@pytest.mark.parametrize(
    ("kind", "velden", "found"),
    [
        (
            "bewoning",
            {"bewoningen": ("adresseerbaarObjectIdentificatie", "bewoners.naam.geslachtsnaam")},
            {
                "bewoningen": [
                    {"adresseerbaarObjectIdentificatie": PERSOON, "bewoners": [{"naam": {"geslachtsnaam": "Zeewier"}}]}
                ]
            },
        ),
        (
            "woonde",
            {"verblijfplaatsen": ("verblijfadres.postcode",)},
            {"verblijfplaatsen": [{"verblijfadres": {"postcode": "9999ZZ"}}]},
        ),
    ],
)
async def test_what_a_source_can_not_limit_the_hub_takes_away(
    tmp_path: Path, persons: Persons, kind: str, velden: dict[str, tuple[str, ...]], found: dict[str, Any]
) -> None:
    """Bewoning and history have no `fields`: what is not asked for, or may not be seen, stops here."""
    said = {**AUTHORISED, "afnemers": (Afnemer(zender="S", velden=velden),)}
    async with memory_hub(_configuration(tmp_path, persons, **said), no_client) as hub:
        body = message(PERSOON, "", reference="p1", kind=kind, expects="antwoord")
        received = await hub.converse(body, connection=IN)

    assert isinstance(received, Answered), received
    assert received.answer.body == found


async def test_every_person_is_written_down_encrypted(hub: MemoryHub) -> None:
    """For what, by whom it was asked, and part of which trace; never who in clear."""
    await _ask(hub)

    [line] = await _logged(hub)
    attributes = line["attributes"]
    assert attributes["dpl.core.processing_activity_id"] == ACTIVITEIT
    assert attributes["dpl.core.data_subject_id_type"] == "BSN"
    assert hub.app.keys.unsealed(attributes["dpl.core.data_subject_id"]).reveal() == PERSOON
    assert (line["name"], line["status_code"]) == (f"{IN} persoon", "OK")
    assert (len(line["trace_id"]), len(line["operation_id"])) == (32, 16)
    assert PERSOON not in orjson.dumps(line).decode()


async def test_what_is_written_down_of_an_answer_is_written_at_once(
    hub: MemoryHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whose data it was and that it was asked: for each write a disk may have to be waited for."""
    written: list[list[str]] = []
    publish = hub.app.bus.publish

    async def seen(records: list[Record]) -> None:
        written.append([each.topic for each in records])
        await publish(records)

    monkeypatch.setattr(hub.app.bus, "publish", seen)
    await _ask(hub)

    assert written == [[hub.app.topics.verwerkingen(), hub.app.topics.audit()]]


async def test_a_failed_question_is_written_down_too(hub: MemoryHub, persons: Persons) -> None:
    """With the person that was asked for: that somebody asked may matter."""
    persons.down = True

    assert isinstance(await _ask(hub), TurnedAway)

    [line] = await _logged(hub)
    assert line["status_code"] == "ERROR"
    assert hub.app.keys.unsealed(line["attributes"]["dpl.core.data_subject_id"]).reveal() == PERSOON


async def test_what_can_not_be_written_down_does_not_go_out(
    hub: MemoryHub, persons: Persons, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The asker is told to ask again."""

    async def down(records: list[Record]) -> None:
        del records
        raise HubUnavailable("the bus is down", code="bus")

    monkeypatch.setattr(hub.app.bus, "publish", down)
    received = await _ask(hub)

    assert isinstance(received, TurnedAway)
    assert persons.asked
    assert "Zeewier" not in str(received)


@pytest.mark.parametrize(
    ("said", "reason", "statuses"),
    [
        ({}, "this application is not authorised to ask for personen here", []),
        ({"afnemers": AUTHORISED["afnemers"], "verwerking": None}, "no personal data passes", []),
        (
            {**AUTHORISED, "afnemers": (Afnemer(zender="S", velden={"personen": ("adressering",)}),)},
            "may not ask by burgerservicenummers",
            ["ERROR"],
        ),
    ],
)
async def test_who_may_see_nothing_asks_nothing(
    tmp_path: Path, persons: Persons, said: dict[str, Any], reason: str, statuses: list[str]
) -> None:
    """Without an authorisation, a purpose, or a field: the source never hears of it."""
    async with memory_hub(_configuration(tmp_path, persons, **said), no_client) as hub:
        received = await _ask(hub)

        assert isinstance(received, TurnedAway)
        assert reason in received.refusal.reason
        assert received.refusal.code == "niet-geautoriseerd"
        assert [each["status_code"] for each in await _logged(hub)] == statuses
    assert persons.asked == []
