"""What we send fits the official schemas of Zaak- en Documentservices."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

import orjson
import pytest
from lxml import etree

from adapters.stuf_zds.exchange import said_by_us
from adapters.stuf_zds.outgoing import written
from adapters.stuf_zds.questions import bewerken, empty, leaf, nummer, vraag
from adapters.stuf_zds.services import BEWERKEN, LEZEN, ZAAKDETAILS, ZAAKDOCUMENTEN, ZAAKNUMMER
from hub.errors import TargetMisconfigured
from hub.wire.outflow import filled
from tests.support.shared import SHARED, needs_shared
from tests.support.zds_legacy import OPTIONS, Legacy

OFFICIAL = {"1.1": "zds/1.1.02/_lxml/zds11_totaal.xsd", "1.2": "zds/1.2/_lxml/zds0120.xsd"}
CASES = Path(__file__).parents[2] / "mappings" / "_voorbeelden" / "zaken-naar-stuf" / "cases"
EVENTS = sorted(CASES.glob("*/input.json"))

pytestmark = needs_shared

BEYOND = {
    "zaak-aangemaakt-alle-velden",  # two initiators; numbers of woonplaats and openbare ruimte in an address
    "zaak-bijgewerkt-alle-velden-van-oud-naar-nieuw",  # the same
    "zaakstatus-gezet-door-medewerker-en-afdeling",  # the same; ZDS 1.2 has no resultaat beside a status
    "zaak-aangemaakt-plaats-en-rollen-zonder-relatie",  # the official lokatie is a surface, partners send points too
}
"""Events that say more than the official schemas have a place for. They are sent all the same: our own definition, that
of what partners do, takes it; a receiver that checks by the letter refuses it and names the element."""


@pytest.fixture(scope="module")
def schemas() -> dict[str, etree.XMLSchema]:
    """Read both once."""
    return {zds: etree.XMLSchema(etree.parse(str(SHARED / "standards/stuf" / name))) for zds, name in OFFICIAL.items()}


@pytest.mark.parametrize(
    "case", [each for each in EVENTS if each.parent.name not in BEYOND], ids=lambda path: path.parent.name
)
@pytest.mark.parametrize("zds", OFFICIAL)
async def test_what_is_sent_for_an_event_fits(schemas: dict[str, etree.XMLSchema], zds: str, case: Path) -> None:
    """With its content as base64; in ZDS 1.1 where that has the service."""
    legacy = Legacy(options=OPTIONS.model_copy(update={"zds": zds}))
    event = orjson.loads(case.read_bytes())  # noqa: ASYNC240 - a small file of a test
    bestand = event["data"].get("document", {}).get("bestand")
    if bestand:
        bestand.update(await legacy.store(b64encode(b"inhoud")))
    try:
        step = legacy.step(event["type"], event["data"])
    except TargetMisconfigured:
        assert zds == "1.1"
        return

    sent = b"".join([each async for each in filled(step.body["bericht"].encode(), legacy.payloads.open)])

    message = etree.fromstring(sent)[0][0]
    assert schemas[zds].validate(etree.ElementTree(message)), str(schemas[zds].error_log)


@pytest.mark.parametrize("zds", OFFICIAL)
@pytest.mark.parametrize("number", range(5))
def test_a_question_fits(schemas: dict[str, etree.XMLSchema], zds: str, number: int) -> None:
    """For all there is, for some fields, for a document to edit, for a number."""
    one = leaf("identificatie", "19000000000001")
    service, question = [
        (ZAAKDETAILS, vraag(ZAAKDETAILS, one)),
        (ZAAKDOCUMENTEN, vraag(ZAAKDOCUMENTEN, one, maximum=10)),
        (LEZEN, vraag(LEZEN, one, scope=empty(["identificatie", "titel"]) + "<ZKN:inhoud/>")),
        (BEWERKEN, bewerken(one)),
        (ZAAKNUMMER, nummer(ZAAKNUMMER)),
    ][number]
    options = OPTIONS.model_copy(update={"zds": zds})
    body = written(service, question, said_by_us(service, options, reference="r-1", at=None), options)

    message = etree.fromstring(body)[0][0]
    assert schemas[zds].validate(etree.ElementTree(message)), str(schemas[zds].error_log)
