"""The connection to a zaaksysteem: its cases, and that no field of an event is lost on the way."""

from __future__ import annotations

import types
import typing
from datetime import date, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from pydantic import BaseModel

from adapters.zgw.simulator.fields import Scope, clean
from adapters.zgw.simulator.shapes import BETROKKENEN, OBJECTEN
from hub.event.catalogue import EVENT_TYPES
from hub.mapping.compile import load_mappings
from hub.ports.registry import Registry


def _type_of(case: Path) -> str:
    return str(orjson.loads((case / "input.json").read_bytes())["type"])


ROOT = Path(__file__).resolve().parents[2] / "mappings"
FOLDER = ROOT / "zaken-naar-zgw"
MAPPINGS = {kind: each for kind, each in load_mappings(FOLDER, root=ROOT).items() if kind in EVENT_TYPES}
CASES = sorted(each for each in (FOLDER / "cases").iterdir() if _type_of(each) in EVENT_TYPES)
KINDS = {
    "natuurlijk_persoon": "natuurlijkPersoon",
    "niet_natuurlijk_persoon": "nietNatuurlijkPersoon",
    "vestiging": "vestiging",
    "medewerker": "medewerker",
    "organisatorische_eenheid": "organisatorischeEenheid",
}
OBJECTS: dict[str, tuple[str, dict[str, Any]]] = {
    "adres": ("adres", {}),
    "pand": ("gegevens", {"identificatie": "9999100000000001"}),
    "boom": ("gegevens", {"soort": "eik"}),
    **{kind: ("betrokkene", {}) for kind in KINDS},
}
TEXTS = {
    "landcode": "5010", "huisletter": "a", "huisnummertoevoeging": "bis", "postcode": "9999XX", "bsn": "999990019",
    "kvkNummer": "12345678", "voorvoegselAchternaam": "van",
}  # fmt: skip


def read(case: Path, name: str) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads((case / name).read_bytes())
    return found


def test_every_event_of_a_zaak_can_be_delivered() -> None:
    """A mapping for each event type that the adapter takes: all but one, for which ZGW has no place."""
    zaken = {name for name, each in EVENT_TYPES.items() if each.domain == "zaken"}

    assert MAPPINGS.keys() == set(Registry().manifest("zgw").events)
    assert zaken - MAPPINGS.keys() == {"nl.zaken.zaak-overdracht-gevraagd.v1"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_begins_with_an_event_that_can_occur(case: Path) -> None:
    """The input is an event as its model has it; what becomes of it, `test_cases.py` proves."""
    given = read(case, "input.json")

    assert EVENT_TYPES[given["type"]].model.model_validate(given["data"]).model_fields_set


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_who_and_what_a_case_names_is_taken_by_open_zaak(case: Path) -> None:
    """Every identification in a document fits the fields of the Zaken API."""
    document, nowhere = read(case, "expected.json"), Scope("http://zgw.test", lambda _path: True)
    named = [
        (BETROKKENEN[each["betrokkeneType"]], each["betrokkeneIdentificatie"])
        for rol in document.get("rollen", ())
        for each in (rol, rol.get("vorige") or {})
        if "betrokkeneIdentificatie" in each
    ]
    named += [(OBJECTEN[each["objectType"]], each["objectIdentificatie"]) for each in document.get("zaakobjecten", ())]

    wrongs = [wrong for shape, given in named for wrong in clean(shape, given, nowhere)[1]]

    assert wrongs == []
    assert [name for shape, given in named for name in given.keys() - shape.keys()] == []


def test_every_event_type_has_two_cases_or_more() -> None:
    """One story proves little."""
    told = [read(case, "input.json")["type"] for case in CASES]

    assert {name for name in MAPPINGS if told.count(name) < 2} == set()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("thing", OBJECTS)
@pytest.mark.parametrize("event_type", MAPPINGS)
def test_no_field_of_an_event_goes_unread(event_type: str, thing: str, kind: str) -> None:
    """Whatever the model can say, a rule reads it or a reason says why it has no place in ZGW."""
    data = Filled(kind, thing).value(EVENT_TYPES[event_type].model, "")

    mapped = MAPPINGS[event_type].run(data)

    assert mapped.unread == ()


class Filled:
    """Fills every field of a model, with one kind of betrokkene and one kind of zaakobject."""

    def __init__(self, kind: str, thing: str) -> None:
        self.kind = kind
        self.thing = thing

    def value(self, kind: Any, name: str) -> Any:  # noqa: ANN401 - any field of any model
        origin = typing.get_origin(kind)
        if origin is typing.Annotated:
            return self.value(typing.get_args(kind)[0], name)
        if origin in (typing.Union, types.UnionType):
            return self.value(next(each for each in typing.get_args(kind) if each is not type(None)), name)
        if origin is list:
            return [self.value(typing.get_args(kind)[0], name)]
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return self.object(kind)
        return self.scalar(kind, name)

    def object(self, model: type[BaseModel]) -> dict[str, Any]:
        fields = {field: each.annotation for field, each in model.model_fields.items()}
        if "adres" in fields and "betrokkene" in fields:
            place, gegevens = OBJECTS[self.thing]
            whole: dict[str, Any] = {"objectType": self.thing, "relatieomschrijving": "bij", place: gegevens}
            if not gegevens:
                kind = self.thing if self.thing in KINDS else self.kind
                whole[place] = Filled(kind, self.thing).value(fields[place], place)
            if "vorige" in fields:
                whole |= {"mutatie": "wijzigen", "begin": {"jaar": 2020}, "eind": {"jaar": 2021}}
                whole["vorige"] = {"objectType": "pand", "gegevens": {"identificatie": "9999100000000002"}}
            return whole
        others = {inner for each, inner in KINDS.items() if each != self.kind}
        return {field: self.value(each, field) for field, each in fields.items() if field not in others}

    def scalar(self, kind: Any, name: str) -> Any:  # noqa: ANN401 - any field of any model
        if name == "betrokkeneType":
            return self.kind
        if typing.get_origin(kind) is typing.Literal:
            return typing.get_args(kind)[0]
        if typing.get_origin(kind) is dict:
            return {"type": "Point", "coordinates": [5.1, 52.1]}
        known: dict[Any, Any] = {bool: True, int: 7, datetime: "2026-01-02T03:04:05+01:00", date: "2026-01-02"}
        return known.get(kind, TEXTS.get(name, name[:3]))
