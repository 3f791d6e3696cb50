"""adapters/stuf_bg/description.py: the description can be loaded by a client, and a client made from it can ask."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from lxml import etree
from zeep import Client
from zeep.exceptions import Fault
from zeep.transports import Transport
from zeep.xsd import Nil

from adapters.stuf_bg.description import operations
from adapters.stuf_bg.inbound import create
from adapters.stuf_bg.options import Options
from adapters.stuf_bg.services import SERVICES
from adapters.stuf_bg.simulator import KEY
from adapters.stuf_bg.simulator import create as makelaar
from adapters.stuf_bg.simulator.gegevens import GEZIN
from hub.testkit.clock import FakeClock
from hub.wire.stuf.namespaces import BG, STUF
from tests.support.shared import SHARED, needs_shared

BASE = "https://hub.voorbeeldstad.nl/in/vragen-naar-personen"


class InProcess(Transport):
    """Gets the description of the adapter, and has what is asked answered by the simulator, without a network."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.inbound = create(Options())
        self.makelaar = makelaar(clock=FakeClock())

    def load(self, url: str) -> bytes:
        parts = urlsplit(url)
        reply = self.inbound.description(parts.path, parts.query, url=url)
        assert reply is not None, url
        return reply.body

    def post(self, address: str, message: bytes, headers: dict[str, str]) -> Any:  # noqa: ANN401 - zeep's own
        assert address == f"{BASE}/BeantwoordVraag"
        given = {name.lower(): value for name, value in headers.items()} | {"x-api-key": KEY}
        self.inbound.read(message, given, validate=True)
        coroutine = self.makelaar.handle("POST", address, {}, given, message)
        try:
            coroutine.send(None)
        except StopIteration as ended:  # the simulator waits for nothing
            answer = ended.value
        return _Answer(answer.status, answer.body, {"Content-Type": "text/xml; charset=utf-8"})


class _Answer:
    """What zeep asks of an HTTP response."""

    encoding = "utf-8"

    def __init__(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.status_code = status
        self.content = body
        self.headers = headers


def _client(port_type: str) -> Any:  # noqa: ANN401 - its methods are made from the WSDL
    return Client(f"{BASE}/{port_type}?wsdl", transport=InProcess())


@pytest.mark.parametrize("port_type", sorted(operations()))
def test_a_client_can_be_made_from_the_description_of_every_port_type(port_type: str) -> None:
    """Every operation of the table is there, at its own address."""
    client = _client(port_type)

    [service] = client.wsdl.services.values()
    [port] = service.ports.values()
    assert set(port.binding.all()) == {each.name for each in operations()[port_type]}
    assert port.binding_options["address"] == f"{BASE}/{port_type}"


def test_every_message_that_is_received_is_described() -> None:
    """And nothing that is not."""
    described = {each.input for found in operations().values() for each in found}

    received = {element for each in SERVICES if "server" in each.zijden for element in each.elements}
    assert described == {each.replace(f"{{{BG}}}", "BG:").replace(f"{{{STUF}}}", "StUF:") for each in received}


def test_a_client_made_from_the_description_asks_a_question() -> None:
    """What it sends fits the definition, and it can read the answer."""
    client = _client("BeantwoordVraag")
    wanted = {"entiteittype": "NPS", "geslachtsnaam": Nil, "geboortedatum": Nil}

    answer = client.service.npsLv01(
        stuurgegevens={
            "berichtcode": "Lv01",
            "zender": {"organisatie": "1900", "applicatie": "BALIE"},
            "ontvanger": {"organisatie": "1900", "applicatie": "ZAAKHUB"},
            "referentienummer": "1",
            "tijdstipBericht": "20260302090000000",
            "entiteittype": "NPS",
        },
        parameters={"sortering": 0, "indicatorVervolgvraag": False},
        gelijk={"entiteittype": "NPS", "inp.bsn": GEZIN},
        scope={"object": wanted},
    )

    [persoon] = answer["antwoord"]["object"]
    assert persoon["geslachtsnaam"]["_value_1"] == "Zandpoort"


def test_a_client_made_from_the_description_gets_a_fault() -> None:
    """An Fo02 comes as a SOAP fault with the code of StUF."""
    client = _client("BeantwoordVraag")
    client.transport.makelaar.fouten = ["StUF052"]

    with pytest.raises(Fault) as fault:
        client.service.npsLv01(
            stuurgegevens={
                "berichtcode": "Lv01",
                "zender": {"applicatie": "BALIE"},
                "ontvanger": {"applicatie": "ZAAKHUB"},
                "referentienummer": "1",
                "tijdstipBericht": "20260302090000000",
                "entiteittype": "NPS",
            },
            parameters={"sortering": 0, "indicatorVervolgvraag": False},
            gelijk={"entiteittype": "NPS", "inp.bsn": GEZIN},
        )

    assert b"StUF052" in etree.tostring(fault.value.detail)


def test_another_query_is_no_description() -> None:
    """A sender that asks for something else gets nothing."""
    assert InProcess().inbound.description("/in/x/BeantwoordVraag", "versie", url=f"{BASE}/BeantwoordVraag") is None


@needs_shared
@pytest.mark.shared
def test_the_operations_are_those_of_the_standard() -> None:
    """Name, action, port type and messages of the WSDLs of StUF-BG 03.10 and of prefill."""
    folder = SHARED / "standards/stuf/bg0310/patch32"
    files = [
        folder / "BeantwoordVraag_WSP_BG0310_VraagAntwoord.wsdl",
        *(folder / "bg0310").rglob("bg0310_vraagAntwoord_prs.wsdl"),
        *(folder / "bg0310").rglob("bg0310_ontvangAsynchroon_mutatie.wsdl"),
    ]
    theirs = {
        str(each.get("soapAction"))
        for file in files
        for each in etree.parse(str(file)).iter("{http://schemas.xmlsoap.org/wsdl/soap/}operation")
    }

    ours = {f"{each.namespace}/{each.name}" for found in operations().values() for each in found}

    of_stuf = {f"{STUF}/{each}" for each in ("Bv01", "Bv03", "Bv04", "Fo01", "Fo03")}
    assert {each for each in ours - theirs if "Lk02" not in each} <= of_stuf
