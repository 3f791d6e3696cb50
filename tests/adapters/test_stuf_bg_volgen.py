"""A StUF-BG question that asks to be told of changes too: who is found is followed, and the answer says so."""

from __future__ import annotations

from typing import Any

import pytest

from hub.config.verwerking import Afnemer
from hub.security.personal import Bsn
from hub.wire.xml import find
from tests.support.bg_vragen import Gesteld, Script, deur

ZORG = "personen-naar-zorg"
PERSOON = "999990019"
QUESTION = """<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>
<BG:npsLv01 xmlns:BG="http://www.egem.nl/StUF/sector/bg/0310" xmlns:StUF="http://www.egem.nl/StUF/StUF0301"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <BG:stuurgegevens>
    <StUF:berichtcode>Lv01</StUF:berichtcode>
    <StUF:zender><StUF:organisatie>1900</StUF:organisatie><StUF:applicatie>BALIE</StUF:applicatie></StUF:zender>
    <StUF:ontvanger><StUF:organisatie>1900</StUF:organisatie><StUF:applicatie>ZAAKHUB</StUF:applicatie></StUF:ontvanger>
    <StUF:referentienummer>volgen-1</StUF:referentienummer>
    <StUF:tijdstipBericht>20260312101500</StUF:tijdstipBericht>
    <StUF:entiteittype>NPS</StUF:entiteittype>
  </BG:stuurgegevens>
  <BG:parameters><StUF:sortering>0</StUF:sortering><StUF:indicatorVervolgvraag>false</StUF:indicatorVervolgvraag
    ><StUF:indicatorAfnemerIndicatie>{asks}</StUF:indicatorAfnemerIndicatie></BG:parameters>
  <BG:gelijk StUF:entiteittype="NPS"><BG:inp.bsn>999990019</BG:inp.bsn></BG:gelijk>
  <BG:scope><BG:object StUF:entiteittype="NPS"><BG:geslachtsnaam xsi:nil="true"/></BG:object></BG:scope>
</BG:npsLv01></s:Body></s:Envelope>"""


def _afnemer(volgt: str) -> Afnemer:
    return Afnemer(zender="1900/BALIE", velden={"personen": ("burgerservicenummer", "naam")}, volgt=volgt)


@pytest.mark.parametrize(
    ("volgt", "asks", "found", "followed"),
    [
        (ZORG, "true", 1, 1),
        (ZORG, "false", 1, 0),
        (ZORG, "true", 0, 0),
        ("", "true", 1, 0),
    ],
    ids=["asked", "not asked", "nobody found", "not told of changes"],
)
async def test_who_is_found_is_followed_for_who_asks_that_and_may(
    volgt: str, asks: str, found: int, followed: int
) -> None:
    """Also where the number is not asked for; once, and in the audit."""

    def answered(asked: Gesteld) -> dict[str, Any]:
        del asked
        persons = [{"burgerservicenummer": PERSOON, "naam": {"geslachtsnaam": "Zeewier"}}] * found
        return {"type": "RaadpleegMetBurgerservicenummer", "personen": persons}

    async with deur(Script(answered), afnemers=(_afnemer(volgt),)) as door:
        body = QUESTION.format(asks=asks).encode()
        answers = [await door.antwoord(body), await door.antwoord(body.replace(b"volgen-1", b"volgen-2"))]

        ledger, keys = door.hub.app.ledger, door.hub.app.keys
        placed = await ledger.indicaties(ZORG, limit=10)
        lines = [each for each in await ledger.audit_lines() if each.act == "follow-place"]

    for each in answers:
        said = find(each, "parameters/indicatorAfnemerIndicatie")
        assert said is not None
        assert said.text == ("true" if followed else "false")
        assert find(each, "gevolgd") is None
    assert [each.person for each in placed] == [keys.subject(Bsn(PERSOON))] * followed
    assert [each.by for each in lines] == ["1900/BALIE"] * followed
    assert all(keys.unsealed(each.sealed) == Bsn(PERSOON) for each in placed)
