"""adapters/stuf_zds/wsdl.py: the description can be loaded by a client, and a client made from it can send."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from lxml import etree
from zeep import Client
from zeep.exceptions import Fault
from zeep.transports import Transport

from adapters.stuf_zds.inbound import create
from adapters.stuf_zds.options import Options
from adapters.stuf_zds.services import SERVICES
from adapters.stuf_zds.wsdl import operations
from hub.clock import SystemClock
from hub.errors import MessageRefused
from hub.ports.contracts import Document, MessageRefusal
from hub.wire.stuf.namespaces import STUF, ZDS, ZKN
from tests.support.shared import SHARED, needs_shared

BASE = "https://hub.voorbeeldstad.nl/in/formulieren-naar-zaken"


class InProcess(Transport):
    """Takes GET and POST to the adapter without a network, and remembers what was accepted."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.inbound = create(Options())
        self.accepted: list[Document] = []

    def load(self, url: str) -> bytes:
        parts = urlsplit(url)
        reply = self.inbound.description(parts.path, parts.query, url=url)
        assert reply is not None, url
        return reply.body

    def post(self, address: str, message: bytes, headers: dict[str, str]) -> Any:  # noqa: ANN401 - zeep's own
        assert address == f"{BASE}/OntvangAsynchroon"
        given = {name.lower(): value for name, value in headers.items()}
        now = SystemClock().now()
        try:
            document = self.inbound.read(message, given, validate=True)
        except MessageRefused as wrong:
            refusal = MessageRefusal(wrong.code, wrong.reason, wrong.path, wrong.line, wrong.status)
            reply = self.inbound.refused(refusal, message, message_id="m-1", at=now, headers=given)
        else:
            self.accepted.append(document)
            reply = self.inbound.accepted(document, message_id="m-1", at=now, headers=given)
        return _Answer(reply.status, reply.body, {"Content-Type": reply.content_type})


class _Answer:
    """What zeep asks of an HTTP response."""

    encoding = "utf-8"

    def __init__(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.status_code = status
        self.content = body
        self.headers = headers


@pytest.fixture
def transport() -> InProcess:
    return InProcess()


@pytest.fixture
def client(transport: InProcess) -> Any:  # noqa: ANN401 - its methods are made from the WSDL
    return Client(f"{BASE}/OntvangAsynchroon?wsdl", transport=transport)


def stuurgegevens(entiteittype: str) -> dict[str, Any]:
    return {
        "berichtcode": "Lk01",
        "zender": {"organisatie": "1900", "applicatie": "FORMULIEREN"},
        "ontvanger": {"organisatie": "1900", "applicatie": "ZAAKHUB"},
        "referentienummer": "ref-1",
        "tijdstipBericht": "20260302090000000",
        "entiteittype": entiteittype,
    }


def zaak(identificatie: str) -> dict[str, Any]:
    return {
        "entiteittype": "ZAK",
        "verwerkingssoort": "T",
        "identificatie": identificatie,
        "startdatum": 20260302,
        "isVan": {
            "entiteittype": "ZAKZKT",
            "verwerkingssoort": "T",
            "gerelateerde": {"entiteittype": "ZKT", "verwerkingssoort": "I", "code": "B1026"},
        },
    }


PARAMETERS = {"mutatiesoort": "T", "indicatorOvername": "V"}


@pytest.mark.parametrize("operation", ["creeerZaak_Lk01", "creeerZaak_ZakLk01"])
def test_a_client_made_from_the_wsdl_can_send_a_zaak(
    client: Any,  # noqa: ANN401
    transport: InProcess,
    operation: str,
) -> None:
    """Zeep loads the description with its schemas, sends by ZDS 1.1 and 1.2, and reads the Bv03."""
    bv03 = client.service[operation](
        stuurgegevens=stuurgegevens("ZAK"), parameters=PARAMETERS, object=[zaak("19000000000001")]
    )

    assert bv03["berichtcode"] == "Bv03"
    assert bv03["crossRefnummer"] == "ref-1"
    assert [document.kind for document in transport.accepted] == ["creeerZaak_Lk01"]


def test_a_client_gets_the_fault_of_the_wsdl(client: Any) -> None:  # noqa: ANN401
    """The Fo03 arrives as the detail of a SOAP fault."""
    with pytest.raises(Fault) as caught:
        client.service.creeerZaak_Lk01(stuurgegevens=stuurgegevens("ZAK"), parameters=PARAMETERS, object=[zaak("kort")])

    assert caught.value.detail.findtext(".//{*}code") == "StUF055"


def test_the_description_shows_base64_where_the_inside_sees_a_claim(client: Any) -> None:  # noqa: ANN401
    """Partners send documents as base64."""
    inhoud = client.get_type("{http://www.egem.nl/StUF/StUF0301}InhoudWaarde")

    assert inhoud.pythonvalue("QUJD") == b"ABC"


PORT_TYPES = (
    "OntvangAsynchroon",
    "BeantwoordVraag",
    "VrijeBerichten",
    "VerwerkSynchroonVrijBericht",
    "VerwerkSynchroneKennisgeving",
)


def described(path: str, query: str = "wsdl") -> etree._Element:
    reply = create(Options()).description(f"/in/formulieren-naar-zaken/{path}", query, url=f"{BASE}/{path}")
    assert reply is not None
    assert reply.status == 200
    return etree.fromstring(reply.body)


@pytest.mark.parametrize("port_type", [*PORT_TYPES, "beantwoordvraag", "StUFZDS"])
@pytest.mark.parametrize("query", ["wsdl", "WSDL", "wsdl="])
def test_the_wsdl_is_given_on_every_path(port_type: str, query: str) -> None:
    """Open Forms checks its settings by GET BeantwoordVraag?wsdl; the address given is where messages go."""
    [address] = described(port_type, query).iter("{http://schemas.xmlsoap.org/wsdl/soap/}address")

    known = next((each for each in PORT_TYPES if each.lower() == port_type.lower()), "OntvangAsynchroon")
    assert address.get("location") == f"{BASE}/{known}"


@pytest.mark.parametrize("port_type", PORT_TYPES)
def test_a_client_loads_every_port_type(transport: InProcess, port_type: str) -> None:
    """With all its operations, each under one name."""
    client = Client(f"{BASE}/{port_type}?wsdl", transport=transport)

    [port] = client.wsdl.services[port_type].ports.values()
    assert {each.removesuffix("_zds0120") for each in port.binding._operations} == {
        each.name for each in operations()[port_type]
    }


def test_every_service_is_described() -> None:
    """With the action by which it is called in each version."""
    actions = {
        each.get("soapAction")
        for port_type in PORT_TYPES
        for each in described(port_type).iter("{http://schemas.xmlsoap.org/wsdl/soap/}operation")
    }

    for service in SERVICES:
        if service.element_11:
            assert f"{ZKN}/{service.operations[0]}" in actions
        if service.element_12:
            assert f"{ZDS}/{service.operations[-1]}" in actions
        if service.element_stuf:
            assert f"{STUF}/{service.kind}" in actions
    assert {f"{ZKN}/zakLk01", f"{ZKN}/zakLk02", f"{ZKN}/edcLk02", f"{ZKN}/zakLv01"} <= actions


@needs_shared
def test_the_operations_are_those_of_the_standard() -> None:
    """Name, action and port type of the WSDLs of ZDS 1.1 and 1.2."""
    wsdl = "{http://schemas.xmlsoap.org/wsdl/}"
    folder = SHARED / "standards/stuf/zds"
    files = [*(folder / "1.1.02").rglob("*_zs-dms.wsdl"), *(folder / "1.2").rglob("*_zs-dms.wsdl")]
    assert len(files) > 5
    for file in files:
        root = etree.parse(str(file)).getroot()
        [port_type] = root.iter(f"{wsdl}portType")
        ours = {f"{each.namespace}/{each.name}" for each in operations()[port_type.get("name", "")]}
        for operation in root.iter("{http://schemas.xmlsoap.org/wsdl/soap/}operation"):
            assert operation.get("soapAction") in ours, file.name


@pytest.mark.parametrize("query", ["", "xsd=", "xsd=../secrets.xsd", "versie"])
def test_any_other_question_gets_no_description(query: str) -> None:
    """Only names of our own schemas are answered."""
    assert create(Options()).description("/in/x/OntvangAsynchroon", query, url=f"{BASE}/OntvangAsynchroon") is None
