"""StUF-BG questions about addresses and companies end to end: each goes to the source that answers it."""

from __future__ import annotations

from typing import Any

import pytest

from hub.wire.xml import find
from tests.support.bg_vragen import EXAMPLES, NAME, Gesteld, Script, deur

ENVELOPE = '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>{}</s:Body></s:Envelope>'
FOUND: dict[str, dict[str, Any]] = {
    "adressen/1900200000000001": {
        "nummeraanduidingIdentificatie": "1900200000000001",
        "postcode": "9999ZZ",
        "huisnummer": 12,
    },
    "v1/basisprofielen/99999990": {"kvkNummer": "99999990", "handelsnamen": [{"naam": "De Duinroos", "volgorde": 0}]},
}


def _found(asked: Gesteld) -> dict[str, Any]:
    return FOUND[asked.path]


@pytest.mark.parametrize(
    ("case", "path", "element", "value"),
    [
        ("aoaLv01-nummeraanduiding", "adressen/1900200000000001", "postcode", "9999ZZ"),
        ("macLv01-kvk-nummer", "v1/basisprofielen/99999990", "handelsnaam", "De Duinroos"),
    ],
)
async def test_a_question_goes_to_who_answers_it(case: str, path: str, element: str, value: str) -> None:
    """One connection, three sources; the answer has what was asked and no more."""
    message = (EXAMPLES / NAME / "cases" / case / "input.xml").read_text(encoding="utf-8")
    client = Script(_found)

    async with deur(client) as door:
        antwoord = await door.antwoord(ENVELOPE.format(message).encode())

    assert [each.path for each in client.gesteld] == [path]
    found = find(antwoord, "antwoord/object")
    assert found is not None
    assert [each.text for each in found] == [value]
    assert find(found, element) is not None
