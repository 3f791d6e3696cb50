"""Whom a message is about."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from lxml import etree

from hub.event.catalogue import EVENT_TYPES
from hub.flow.persons import persons_of_document, persons_of_event
from hub.security.personal import Bsn

ONE, OTHER = Bsn("999990019"), Bsn("999993653")


def _of(data: Any) -> set[Bsn]:  # noqa: ANN401 - JSON data
    return persons_of_event(orjson.dumps(data), data)


@pytest.mark.parametrize(
    "data",
    [
        {"bsn": "999990019"},
        {"rollen": [{"persoon": {"inpBsn": "999990019"}}]},
        {"zaak": {"BSN_aanvrager": "9999.90.019"}},
        {"burgerservicenummers": ["999990019", "geen"]},
        {"eigenschappen": [{"bsn": 999990019}]},
        {"bsn": {"nummer": "x", "bsn": " 999990019\n"}},
        {"eigenschappen": [{"naam": "bsn_partner", "waarde": "999990019"}]},
    ],
)
def test_a_bsn_is_found_by_the_name_of_its_field(data: Any) -> None:  # noqa: ANN401 - JSON data
    """At any depth, in any case, as people write it."""
    assert _of(data) == {ONE}


@pytest.mark.parametrize(
    "data",
    [
        {"rsin": "999990019"},
        {"identificatie": "999990019", "bsn": None},
        {"bsn": "999990018"},
        {"bsn": "111222333"},
        {"bsn": "99999001"},
        {"bsn": ""},
        {"bsn": True},
        {"toelichting": "bsn 999990019"},
        {"bsn": {"rsin": "999990019"}},
        {"naam": "BSN Holding", "rsin": "999990019"},
        {"bsn": "9" * 100_000},
    ],
)
def test_what_is_no_bsn_of_anybody_is_not(data: Any) -> None:  # noqa: ANN401 - JSON data
    """Another field, digits that do not pass, nobody's number, a text."""
    assert _of(data) == set()


def test_a_zero_that_was_left_out_is_put_back() -> None:
    """A spreadsheet takes it for a number."""
    [digits] = [str(n) for n in range(10_000_000, 10_000_200) if _of({"bsn": f"0{n}"})][:1]

    assert _of({"bsn": digits}) == _of({"bsn": int(digits)}) == _of({"bsn": f"0{digits}"}) != set()


def test_every_bsn_of_the_canonical_models_is_found() -> None:
    """No model calls it otherwise."""
    named: set[str] = set()

    def names(schema: Any) -> None:  # noqa: ANN401 - JSON schema
        if isinstance(schema, dict):
            named.update(schema.get("properties", {}))
            for each in schema.values():
                names(each)
        elif isinstance(schema, list):
            for each in schema:
                names(each)

    for each in EVENT_TYPES.values():
        names(each.model.model_json_schema())
    suspects = {name for name in named if "bsn" in name.lower() or "burgerservice" in name.lower()}
    assert suspects == {"bsn", "burgerservicenummer"}


def test_a_message_as_it_came_tells_too() -> None:
    """StUF, whatever its prefixes, and JSON."""
    xml = b"<a xmlns:bg='u'><bg:inp.bsn>999990019</bg:inp.bsn><b><bsn>999993653</bsn><inp.bsn/></b><!-- bsn -->"
    xml += b"<x naam='straat'>999991929</x></a>"

    assert persons_of_document(etree.fromstring(xml)) == {ONE, OTHER}
    assert persons_of_document({"x": [{"inpBsn": "999993653"}]}) == {OTHER}
