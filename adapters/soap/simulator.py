"""The far side of this adapter: a register of meldingen behind a WSDL of its own, able to misbehave."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from hub.wire import xml
from hub.wire.soap import envelope
from hub.wire.soap.envelope import Version

Answered = tuple[int, Iterable[tuple[str, str]], bytes]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

NAMESPACE = "urn:zaakhub:voorbeeld:meldingen"
_XML = (("content-type", "text/xml; charset=utf-8"),)

XSD = f"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:m="{NAMESPACE}"
    targetNamespace="{NAMESPACE}" elementFormDefault="qualified">
  <xs:element name="registreerMelding">
    <xs:complexType>
      <xs:sequence>
        <xs:element name="kenmerk" type="xs:string"/>
        <xs:element name="omschrijving" type="xs:string" minOccurs="0"/>
        <xs:element name="datum" type="xs:date" minOccurs="0"/>
        <xs:element name="melder" minOccurs="0">
          <xs:complexType>
            <xs:sequence>
              <xs:element name="naam" type="xs:string"/>
              <xs:element name="telefoon" type="xs:string" minOccurs="0" maxOccurs="3"/>
            </xs:sequence>
          </xs:complexType>
        </xs:element>
      </xs:sequence>
    </xs:complexType>
  </xs:element>
  <xs:element name="registreerMeldingAntwoord">
    <xs:complexType>
      <xs:sequence><xs:element name="nummer" type="xs:int"/></xs:sequence>
    </xs:complexType>
  </xs:element>
</xs:schema>
"""


def wsdl(version: Version = Version.SOAP11, *, schema: str = "meldingen.xsd") -> str:
    """Give the WSDL; `schema` is where it says that its types are."""
    soap = "soap" if version is Version.SOAP11 else "soap12"
    return f"""<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:m="{NAMESPACE}" targetNamespace="{NAMESPACE}"
    xmlns:s="http://schemas.xmlsoap.org/wsdl/{soap}/" xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <types><xs:schema><xs:import namespace="{NAMESPACE}" schemaLocation="{schema}"/></xs:schema></types>
  <message name="in"><part name="body" element="m:registreerMelding"/></message>
  <message name="uit"><part name="body" element="m:registreerMeldingAntwoord"/></message>
  <portType name="Meldingen">
    <operation name="registreerMelding"><input message="m:in"/><output message="m:uit"/></operation>
  </portType>
  <binding name="MeldingenBinding" type="m:Meldingen">
    <s:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
    <operation name="registreerMelding">
      <s:operation soapAction="{NAMESPACE}/registreerMelding"/>
      <input><s:body use="literal"/></input><output><s:body use="literal"/></output>
    </operation>
  </binding>
  <service name="Meldingen">
    <port name="Meldingen" binding="m:MeldingenBinding"><s:address location="http://elders.invalid/meldingen"/></port>
  </service>
</definitions>
"""


class Simulator:
    """Registers meldingen; `answers` are other answers, once each, in order: a status, and a body."""

    def __init__(self) -> None:
        self.meldingen: list[bytes] = []
        self.actions: list[str] = []
        self.answers: list[tuple[int, bytes]] = []

    async def handle(
        self, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], body: bytes
    ) -> Answered:
        """Answer one request."""
        del path, query
        if self.answers:
            status, answer = self.answers.pop(0)
            return status, _XML, answer
        if method == "GET":
            return 200, _XML, wsdl().encode()
        said = envelope.read(xml.parse(body))
        self.actions.append(headers.get("soapaction", "") or headers.get("content-type", ""))
        self.meldingen.append(body)
        number = f"<m:nummer>{len(self.meldingen)}</m:nummer>"
        told = f'<m:registreerMeldingAntwoord xmlns:m="{NAMESPACE}">{number}</m:registreerMeldingAntwoord>'
        return 200, _XML, envelope.write(said.version or Version.SOAP11, told)

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer over ASGI."""
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        named = {name.decode().lower(): value.decode() for name, value in scope["headers"]}
        status, headers, answer = await self.handle(scope["method"], scope["path"], {}, named, body)
        out = [(name.encode(), value.encode()) for name, value in headers]
        await send({"type": "http.response.start", "status": status, "headers": out})
        await send({"type": "http.response.body", "body": answer})


def fault(code: str = "Client") -> bytes:
    """Write a SOAP fault whose text holds what nobody may repeat."""
    said = f"<s:Fault><faultcode>s:{code}</faultcode><faultstring>999990019</faultstring></s:Fault>"
    return f'<s:Envelope xmlns:s="{Version.SOAP11.value}"><s:Body>{said}</s:Body></s:Envelope>'.encode()


def create() -> Simulator:
    """Make an empty one."""
    return Simulator()
