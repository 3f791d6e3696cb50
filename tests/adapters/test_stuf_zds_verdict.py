"""What an answer to a message of ours means: each kind, each code, and what is no answer of the target at all."""

from __future__ import annotations

import pytest

from adapters.stuf_zds.verdict import Fout, acknowledgement, failure
from hub.errors import (
    TargetFailed,
    TargetMisconfigured,
    TargetRefused,
    TargetUnavailable,
    TargetUncertain,
)
from hub.ports.contracts import Response
from hub.wire.soap.envelope import Version, write
from hub.wire.soap.fault import fault, version_mismatch
from hub.wire.stuf.berichten import bv02, bv03, fo02, fo03
from hub.wire.stuf.foutcodes import FOUTCODES
from hub.wire.stuf.namespaces import STUF
from hub.wire.stuf.stuurgegevens import Stuurgegevens, Systeem

OURS = "6f1d5a3c-0000-4000-8000-000000000001"
SAID = Stuurgegevens("Bv03", Systeem("1900", "ZS1"), Systeem("1900", "ZAAKHUB"), "1", "20260302", OURS)
PERSONAL = "Jansen 999990019"


def _ok(content: str, version: Version = Version.SOAP11) -> Response:
    return Response(200, {"content-type": version.media_type}, write(version, content))


def _fault(code: str, *, status: int = 500, version: Version = Version.SOAP11) -> Response:
    fout = FOUTCODES[code]
    detail = fo03(SAID._replace(berichtcode="Fo03"), fout, PERSONAL)
    return Response(status, {"content-type": version.media_type}, fault(version, fout.plek, PERSONAL, detail))


def _failed(response: Response) -> TargetFailed:
    with pytest.raises(TargetFailed) as caught:
        acknowledgement(response, what="creeerZaak_Lk01", reference=OURS)
    assert PERSONAL not in str(caught.value) + caught.value.advice
    return caught.value


@pytest.mark.parametrize("version", Version)
def test_a_bv03_about_our_message_is_an_acknowledgement(version: Version) -> None:
    """In either version of SOAP."""
    assert acknowledgement(_ok(bv03(SAID), version), what="x", reference=OURS).berichtcode == "Bv03"


def test_a_bv02_needs_no_crossrefnummer() -> None:
    """Its schema has none."""
    assert acknowledgement(_ok(bv02()), what="x", reference=OURS).berichtcode == "Bv02"


def test_a_bv04_is_kept_by_an_intermediary_and_says_so() -> None:
    """The operator sees that the end node has not spoken yet."""
    done = acknowledgement(_ok(bv03(SAID).replace("Bv03", "Bv04")), what="x", reference=OURS)

    assert (done.berichtcode, done.note) == ("Bv04", "an intermediary has it (Bv04)")


def test_an_acknowledgement_without_crossrefnummer_is_taken() -> None:
    """It came back over the connection of our message."""
    assert acknowledgement(_ok(bv03(SAID._replace(cross_refnummer=""))), what="x", reference=OURS).berichtcode == "Bv03"


def test_an_acknowledgement_of_another_message_proves_nothing() -> None:
    """Ours may have been done: it is sent again under the same number."""
    error = _failed(_ok(bv03(SAID._replace(cross_refnummer="another"))))

    assert isinstance(error, TargetUncertain)
    assert error.code == "ander-antwoord"


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("StUF010", TargetMisconfigured),
        ("StUF013", TargetMisconfigured),
        ("StUF016", TargetRefused),
        ("StUF019", TargetMisconfigured),
        ("StUF040", TargetMisconfigured),
        ("StUF046", TargetUnavailable),
        ("StUF052", TargetMisconfigured),
        ("StUF055", TargetRefused),
        ("StUF058", TargetUnavailable),
        ("StUF064", TargetUnavailable),
        ("StUF067", TargetRefused),
        ("StUF127", TargetMisconfigured),
        ("StUF960", TargetUnavailable),
    ],
)
@pytest.mark.parametrize("version", Version)
def test_a_fault_is_judged_by_its_code(code: str, kind: type[TargetFailed], version: Version) -> None:
    """And named by it; what the target wrote beside it is not repeated."""
    error = _failed(_fault(code, version=version))

    assert type(error) is kind
    assert error.code == code


def test_every_code_of_the_standard_has_a_kind_and_an_advice() -> None:
    """Nothing falls through."""
    for code in FOUTCODES:
        error = failure(Fout(code, ""), what="x")

        assert type(error) is not TargetUncertain, code
        assert error.advice, code


@pytest.mark.parametrize(
    ("fout", "kind"),
    [
        (Fout("INVALID_XML", "client"), TargetRefused),
        (Fout("500", "server"), TargetUnavailable),
        (Fout("ZKN001", ""), TargetUncertain),
        (Fout("StUF058", "client"), TargetRefused),
    ],
)
def test_a_code_that_the_standard_does_not_have_is_judged_by_who_must_mend_it(
    fout: Fout, kind: type[TargetFailed]
) -> None:
    """What the target says of it goes before what the standard does."""
    assert type(failure(fout, what="x")) is kind


def test_a_fo02_beside_http_200_is_a_fault_all_the_same() -> None:
    """Some systems forget the status, or the fault around it."""
    error = _failed(_ok(fo02(FOUTCODES["StUF055"], PERSONAL)))

    assert isinstance(error, TargetRefused)


def test_a_code_that_could_be_a_value_is_not_repeated() -> None:
    """Not even a short one with a space in it."""
    body = f"<StUF:body><StUF:code>{PERSONAL}</StUF:code></StUF:body>"
    wrong = f"<StUF:Fo03Bericht xmlns:StUF='{STUF}'>{body}</StUF:Fo03Bericht>"

    assert _failed(_ok(wrong)).code == "soap-fout"


@pytest.mark.parametrize(
    ("faultcode", "kind"),
    [("soap:Client", TargetRefused), ("s:server", TargetUnavailable), ("x", TargetUncertain)],
)
def test_a_soap_fault_without_stuf_is_judged_by_its_side(faultcode: str, kind: type[TargetFailed]) -> None:
    """In whatever case it is written."""
    content = f"<soap:Fault><faultcode>{faultcode}</faultcode><faultstring>{PERSONAL}</faultstring></soap:Fault>"

    assert type(_failed(Response(500, {}, write(Version.SOAP11, content)))) is kind


def test_another_version_of_soap_is_for_who_configures() -> None:
    """It is one option."""
    error = _failed(Response(500, {}, version_mismatch()))

    assert isinstance(error, TargetMisconfigured)
    assert error.code == "VersionMismatch"


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (200, TargetUncertain),
        (202, TargetUncertain),
        (302, TargetMisconfigured),
        (400, TargetRefused),
        (401, TargetMisconfigured),
        (403, TargetMisconfigured),
        (404, TargetMisconfigured),
        (413, TargetMisconfigured),
        (415, TargetMisconfigured),
        (429, TargetUnavailable),
        (500, TargetUncertain),
        (502, TargetUnavailable),
        (503, TargetUnavailable),
    ],
)
@pytest.mark.parametrize("body", [b"", b"<html><body>Sign in, Jansen 999990019</body></html>", b"\xff not XML"])
def test_what_is_no_soap_is_judged_by_its_status(status: int, kind: type[TargetFailed], body: bytes) -> None:
    """Whoever answered may not be the target: nothing of it is taken for an acknowledgement."""
    assert type(_failed(Response(status, {"content-type": "text/html"}, body))) is kind


def test_retry_after_of_a_gateway_is_kept() -> None:
    """It knows how long it is away."""
    error = _failed(Response(503, {"retry-after": "30"}, b""))

    assert isinstance(error, TargetUnavailable)
    assert error.retry_after_s == 30


@pytest.mark.parametrize("said", ["\N{SUPERSCRIPT TWO}", "soon", "-1"])
def test_what_is_no_number_says_nothing_of_when(said: str) -> None:
    """A digit in Unicode's eyes is not always a number."""
    error = _failed(Response(503, {"retry-after": said}, b""))

    assert isinstance(error, TargetUnavailable)
    assert error.retry_after_s is None


def test_an_answer_in_latin_1_is_read() -> None:
    """As some application servers write it, whatever the XML declaration says."""
    text = write(Version.SOAP11, bv03(SAID._replace(zender=Systeem("1900", "ZAAKSYSTEÉM")))).decode()
    body = text.replace("UTF-8", "ISO-8859-1").encode("iso-8859-1")

    response = Response(200, {"content-type": "text/xml; charset=ISO-8859-1"}, body)

    assert acknowledgement(response, what="x", reference=OURS).berichtcode == "Bv03"
