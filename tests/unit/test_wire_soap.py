"""hub/wire/soap: both versions, in and out."""

from __future__ import annotations

import pytest

from hub.errors import MessageRefused
from hub.security.wsse import WSSE
from hub.wire.soap import envelope, http
from hub.wire.soap.envelope import MUST_UNDERSTAND, Version
from hub.wire.soap.fault import fault, must_understand, version_mismatch
from hub.wire.xml import local_name, parse


@pytest.mark.parametrize("version", Version)
def test_what_is_written_is_read_back(version: Version) -> None:
    """Version and body survive, in SOAP 1.1 and 1.2."""
    read = envelope.read(parse(envelope.write(version, '<a xmlns="urn:a">x</a>')))

    assert (read.version, read.header, local_name(read.body)) == (version, None, "a")


def test_header_blocks_are_left_alone() -> None:
    """WS-Security too: who sends is asked at the gate of the connection, before the message is read."""
    body = (
        b'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Header>'
        b'<wsse:Security xmlns:wsse="%s" e:mustUnderstand="1"/></e:Header><e:Body><a/></e:Body></e:Envelope>'
    ) % WSSE.encode()

    read = envelope.read(parse(body))

    assert read.header is not None
    assert len(read.header) == 1
    assert read.body.tag == "a"


def test_a_bare_message_has_no_version() -> None:
    """Files and cases hold messages without an envelope."""
    read = envelope.read(parse(b"<a/>"))

    assert (read.version, read.body.tag) == (None, "a")


def test_an_envelope_of_an_unknown_version_is_a_version_mismatch() -> None:
    """SOAP 1.1 §4.4.1: and the fault says so in SOAP 1.1."""
    with pytest.raises(MessageRefused) as caught:
        envelope.read(parse(b'<e:Envelope xmlns:e="urn:soap13"><e:Body><a/></e:Body></e:Envelope>'))

    assert caught.value.code == envelope.VERSION_MISMATCH
    written = envelope.read(parse(version_mismatch()))
    assert written.version is Version.SOAP11
    assert written.body.findtext("faultcode") == "soap:VersionMismatch"


@pytest.mark.parametrize("inside", [b"", b"<e:Body/>", b"<e:Body><a/><b/></e:Body>"])
def test_a_body_holds_one_message(inside: bytes) -> None:
    """Document/literal with one part (protocolbindingen 03.02)."""
    with pytest.raises(MessageRefused, match="one message"):
        envelope.read(
            parse(b'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/">' + inside + b"</e:Envelope>")
        )


def test_a_fault_of_soap_11_names_the_side_with_a_capital() -> None:
    """StUF 03.01 chapter 9: faultcode is the plek, faultstring the omschrijving, detail the Fo message."""
    read = envelope.read(parse(fault(Version.SOAP11, "client", "a < b", "<d/>"))).body

    assert local_name(read) == "Fault"
    assert read.findtext("faultcode") == "soap:Client"
    assert read.findtext("faultstring") == "a < b"
    assert read.find("detail/d") is not None


@pytest.mark.parametrize(("side", "code"), [("client", "soap:Sender"), ("server", "soap:Receiver")])
def test_a_fault_of_soap_12_names_sender_or_receiver(side: str, code: str) -> None:
    """SOAP 1.2 part 1 §5.4.6."""
    written = fault(Version.SOAP12, "client" if side == "client" else "server", "a < b", "<d/>")

    read = envelope.read(parse(written)).body

    assert read.findtext("{*}Code/{*}Value") == code
    assert read.findtext("{*}Reason/{*}Text") == "a < b"
    assert read.find("{*}Detail/d") is not None


ACTION = "http://www.egem.nl/StUF/sector/zkn/0310/creeerZaak_Lk01"


@pytest.mark.parametrize(
    ("headers", "action"),
    [
        ({"soapaction": f'"{ACTION}"'}, ACTION),
        ({"soapaction": ACTION}, ACTION),
        ({"soapaction": f" '{ACTION}' "}, ACTION),
        ({"soapaction": '""', "content-type": "text/xml"}, ""),
        ({"soapaction": "", "content-type": f'application/soap+xml; charset=utf-8; Action="{ACTION}"'}, ACTION),
        ({"content-type": f"application/soap+xml;action={ACTION};charset=utf-8"}, ACTION),
        ({}, ""),
    ],
)
def test_the_action_is_found_in_every_spelling_seen(headers: dict[str, str], action: str) -> None:
    """Quoted or not, empty, in its own header or in the Content-Type."""
    assert http.action(headers) == action
    assert http.operation(headers) == action.rpartition("/")[2].lower()


@pytest.mark.parametrize("version", Version)
def test_a_request_says_its_version_and_action(version: Version) -> None:
    """What we send is what we read."""
    headers = http.request_headers(version, ACTION)

    assert http.version(headers) is version
    assert http.action(headers) == ACTION
    assert http.version({"content-type": "application/json"}) is None


WSA = "http://www.w3.org/2005/08/addressing"


@pytest.mark.parametrize("version", list(Version))
@pytest.mark.parametrize(
    ("block", "understood"),
    [
        ('<a:x xmlns:a="urn:onbekend"/>', True),
        ('<a:x xmlns:a="urn:onbekend" soap:mustUnderstand="0"/>', True),
        ('<a:x xmlns:a="urn:onbekend" soap:mustUnderstand="1"/>', False),
        ('<a:x xmlns:a="urn:onbekend" soap:mustUnderstand="1" soap:ROLE="urn:een-ander"/>', True),
        (f'<a:Action xmlns:a="{WSA}" soap:mustUnderstand="1">urn:x</a:Action>', True),
        (
            f'<a:ReplyTo xmlns:a="{WSA}" soap:mustUnderstand="1"><a:Address>{WSA}/anonymous</a:Address></a:ReplyTo>',
            True,
        ),
        (
            f'<a:ReplyTo xmlns:a="{WSA}" soap:mustUnderstand="1"><a:Address>http://elders</a:Address></a:ReplyTo>',
            False,
        ),
        (f'<w:Security xmlns:w="{WSSE}" soap:mustUnderstand="1"/>', True),
    ],
)
def test_a_header_that_must_be_understood_is_or_the_message_is_refused(
    version: Version, block: str, *, understood: bool
) -> None:
    """SOAP 1.1 §4.2.3: carrying on as if it were not there would break what the sender relies on."""
    role = "actor" if version is Version.SOAP11 else "role"
    root = parse(
        f'<soap:Envelope xmlns:soap="{version.value}"><soap:Header>{block.replace("ROLE", role)}</soap:Header>'
        "<soap:Body><x/></soap:Body></soap:Envelope>".encode()
    )
    if understood:
        assert envelope.read(root).version is version
        return
    with pytest.raises(MessageRefused) as caught:
        envelope.read(root)

    assert caught.value.code == MUST_UNDERSTAND
    assert f"soap:{MUST_UNDERSTAND}<".encode() in must_understand(version)
    assert envelope.read(parse(must_understand(version))).version is version


@pytest.mark.parametrize(
    ("before", "blocks"),
    [
        ("<s:Body><Body/></s:Body>", 1),
        ('<s:Header/><s:Body s:x="1"><x/></s:Body>', 1),
        ("<s:Header ><y/></s:Header><s:Body><Header/></s:Body>", 2),
    ],
)
def test_a_header_comes_first_in_an_envelope_that_was_written_before(before: str, blocks: int) -> None:
    """Whether it has a Header or not; what is in the body is left alone."""
    written = f'<s:Envelope xmlns:s="{Version.SOAP11.value}">{before}</s:Envelope>'.encode()
    found = envelope.read(parse(envelope.with_header(written, "<z/>")))

    assert found.header is not None
    assert len(found.header) == blocks
    assert found.header[0].tag == "z"
    assert len(found.body) == 0
    assert envelope.with_header(written, "") == written
