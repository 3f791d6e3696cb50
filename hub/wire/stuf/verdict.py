"""What an answer to a message of ours means: done, or which kind of failure.

It knows Bv01 to Bv04, Fo01 to Fo03, SOAP faults and what gateways answer in their place (StUF 03.01 chapter 8 and the
protocolbindingen). It repeats codes only: omschrijving and details of a fault may hold personal data. The table with
every code and its reason stands in the README of stuf_zds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import NamedTuple, Protocol

from lxml import etree

from hub.errors import (
    MessageRefused,
    TargetFailed,
    TargetMisconfigured,
    TargetRefused,
    TargetUnavailable,
    TargetUncertain,
)
from hub.wire import xml
from hub.wire.stuf import stuurgegevens
from hub.wire.stuf.foutcodes import FOUTCODES
from hub.wire.stuf.stuurgegevens import REFERENTIENUMMER_MAX

NOT_UNIQUE = "StUF016"
"""The receiver knows this referentienummer of ours: with other content, or it is one that knows no resends (§4.4)."""


class Answered(Protocol):
    """An HTTP response; its headers have lower-case names."""

    @property
    def status(self) -> int:
        """Give the status."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """Give the headers."""
        ...

    @property
    def body(self) -> bytes:
        """Give the body."""
        ...


class Plek(NamedTuple):
    """Where in its connection a person mends what we send: the words of one adapter.

    `url` is where the address of the target stands, `adres` that and the paths below it, `dienst` where the version of
    its services stands, `soap` that of SOAP.
    """

    url: str
    adres: str
    dienst: str
    soap: str


class Acknowledged(NamedTuple):
    """It is done, or kept. `berichtcode` says which: Bv04 comes from an intermediary, Bv02 is final."""

    berichtcode: str
    note: str = ""


class Fout(NamedTuple):
    """What may be repeated of a fault. `plek` is who must mend it: client (us), server, or not said."""

    code: str
    plek: str


def acknowledgement(response: Answered, *, what: str, reference: str, waar: Plek) -> Acknowledged:
    """Read the acknowledgement of a message under `reference`; raises TargetFailed in the kind that fits."""
    body = answer(response, what=what, waar=waar)
    name = xml.local_name(body)
    found = _BEVESTIGING(name)
    if found is None:
        raise _another_message(what, name, waar)
    _check_cross_reference(body, what=what, reference=reference)
    note = _NOTES.get(found[1], "")
    if next(body.iterchildren("{*}melding"), None) is not None:
        note = "processed with a melding: see the target"
    return Acknowledged(found[1], note)


def answer(response: Answered, *, what: str, waar: Plek, kind: str = "") -> etree._Element:
    """Give the message in an answer; raises TargetFailed for a fault and for what is no answer of the target.

    `kind` is the end of the name that the message must have (`La01`), when only that will do.
    """
    status = response.status
    if status in _BY_STATUS:
        reason, advice = _BY_STATUS[status]
        raise TargetMisconfigured(
            f"{what}: {reason} ({status})", code=f"http-{status}", advice=advice.format(**waar._asdict())
        )
    body = _body(response)
    if body is None:
        raise _no_soap(response, what=what, waar=waar)
    faulty = _fault(body)
    if faulty is not None:
        raise failure(faulty, what=what, waar=waar)
    if status >= HTTPStatus.BAD_REQUEST:
        raise _no_soap(response, what=what, waar=waar)
    if kind and not xml.local_name(body).endswith(kind):
        raise _another_message(what, xml.local_name(body), waar)
    return body


def fout_in(message: etree._Element) -> Fout:
    """Read a Fo01, Fo02 or Fo03."""
    said = {name: _text(xml.find(message, f"body/{name}")) for name in ("code", "plek")}
    return Fout(said["code"] if _CODE(said["code"]) else "", _PLEK.get(said["plek"].lower(), ""))


def failure(fout: Fout, *, what: str, waar: Plek) -> TargetFailed:
    """Translate a fault: by its code where the standard has it, else by who must mend it."""
    said = FOUTCODES[fout.code].omschrijving if fout.code in FOUTCODES else "a fault without a code of StUF"
    reason = f"{what}: {said} ({fout.code or 'no code'})"
    code = fout.code or "soap-fout"
    if fout.code in _MISCONFIGURED:
        return TargetMisconfigured(reason, code=code, advice=_MISCONFIGURED[fout.code].format(**waar._asdict()))
    if fout.code in _REFUSED:
        return TargetRefused(reason, code=code, advice=_REFUSED[fout.code])
    plek = fout.plek or (FOUTCODES[fout.code].plek if fout.code in FOUTCODES else "")
    if plek == "client":
        return TargetRefused(
            reason, code=code, advice="see its log for the element; correct the mapping or the message, then replay"
        )
    if plek == "server":
        return TargetUnavailable(
            reason, code=code, advice="nothing: the hub sends it again under the same referentienummer (StUF §4.4)"
        )
    return TargetUncertain(
        reason, code=code, advice="nothing: the hub sends it again under the same referentienummer (StUF §4.4)"
    )


_BEVESTIGING = re.compile(r"(Bv0[1-4])(?:Bericht)?").fullmatch
_FOUT = re.compile(r"Fo0[1-3](?:Bericht)?").fullmatch
_CODE = re.compile(r"[A-Za-z0-9_.-]{1,20}").fullmatch
"""What a code looks like; anything else in its place could be a value."""
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,80}").fullmatch
_NOTES = {"Bv04": "an intermediary has it (Bv04)"}
_PLEK = {"client": "client", "sender": "client", "server": "server", "receiver": "server"}

_SERVICE = "see whether the target has this service and this version: {dienst}, or remove the mapping"
_MISCONFIGURED = {
    "StUF010": "write options.ontvanger as the target knows itself",
    "StUF013": "let the target register us: options.organisatie and options.applicatie",
    "StUF052": "ask the target for the rights on this message; then replay",
    "StUF127": "ask the target which gebruiker it expects; then replay",
    "StUF019": "the hub delivers zaken side by side, so times do not rise: ask the target to drop this check (§4.3.2)",
    **dict.fromkeys(
        (
            "StUF001", "StUF004", "StUF007", "StUF022", "StUF025", "StUF028", "StUF031", "StUF034", "StUF037",
            "StUF040", "VersionMismatch", "MustUnderstand",
        ),
        _SERVICE,
    ),
}  # fmt: skip
"""What a person mends once, for all messages."""

_REFUSED = {
    NOT_UNIQUE: "see whether the target has this change: if so drop it, else ask why it refuses the number",
    "StUF063": "the target has a later value already: compare the two, then drop or edit",
    "StUF065": "the target has a later value already: compare the two, then drop or edit",
    "StUF067": "the target has it twice: remove one of the two there, then replay",
    "StUF094": "the target does not keep keys of ours: let the mapping leave sleutelOntvangend out",
}
"""Faults that sending again does not mend, although the standard says that the server must."""

_BY_STATUS = {
    401: ("the target does not know these credentials", "see target.auth of this connection"),
    403: ("the target refuses us", "see target.auth of this connection, and the rights at the target"),
    404: ("the target does not have this address", "see {adres}"),
    405: ("the target takes no messages at this address", "see {adres}"),
    413: ("the message is larger than the target or a gateway in front allows", "raise the limit there, then replay"),
    415: ("the target does not take this version of SOAP", "see {soap}"),
}
_COME_BACK = frozenset({408, 429, 502, 503, 504})


def _body(response: Answered) -> etree._Element | None:
    """Give the one child of the SOAP Body, whatever else surrounds it; None when the answer is no SOAP."""
    root = _read(response)
    if root is None or xml.local_name(root) != "Envelope":
        return None
    body = next(root.iterchildren("{*}Body"), None)
    return None if body is None else next(body.iterchildren("*"), None)


def _read(response: Answered) -> etree._Element | None:
    if not response.body.strip():
        return None
    charset = xml.http_charset(response.headers.get("content-type", ""))
    try:
        return xml.parse(response.body, charset=charset, bytes_max=max(len(response.body), 1))
    except MessageRefused:
        return None


def _fault(body: etree._Element) -> Fout | None:
    """Read a fault: a Fo message wherever it stands, or a bare SOAP fault."""
    message = next((each for each in body.iter("{*}*") if _FOUT(xml.local_name(each))), None)
    if message is not None:
        return fout_in(message)
    if xml.local_name(body) != "Fault":
        return None
    code = _text(xml.find(body, "faultcode")) or _text(xml.find(body, "Code/Value"))
    code = code.rpartition(":")[2]
    plain = code if code in _MISCONFIGURED else ""
    return Fout(plain, _PLEK.get(code.partition(".")[0].lower(), ""))


def _text(element: etree._Element | None) -> str:
    return "" if element is None else (element.text or "").strip()


def _check_cross_reference(body: etree._Element, *, what: str, reference: str) -> None:
    """Refuse the answer to another message: senders cut a number at 40 characters, and Bv02 needs none (§4.3)."""
    said = stuurgegevens.read(xml.find(body, "stuurgegevens")).cross_refnummer
    if said and said[:REFERENTIENUMMER_MAX] != reference:
        raise TargetUncertain(
            f"{what}: the answer is about another message of ours",
            code="ander-antwoord",
            advice="nothing: the hub sends it again under the same referentienummer (StUF §4.4)",
        )


def _no_soap(response: Answered, *, what: str, waar: Plek) -> TargetFailed:
    status = response.status
    if status in _COME_BACK:
        return TargetUnavailable(
            f"{what}: the target, or a gateway in front, asks to come back later ({status})",
            code=f"http-{status}",
            retry_after_s=_retry_after_s(response),
        )
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return TargetMisconfigured(
            f"{what}: the target points elsewhere ({status})",
            code=f"http-{status}",
            advice=f"write {waar.url} as the target itself writes its URL",
        )
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return TargetRefused(
            f"{what}: the target refuses the message and says nothing in SOAP ({status})",
            code=f"http-{status}",
            advice="see its log, or that of a gateway in front of it",
        )
    said = "nothing" if not response.body.strip() else "something that is not SOAP"
    return TargetUncertain(
        f"{what}: the answer ({status}) is {said}; it may have been done",
        code="geen-soap",
        advice="see what stands between the hub and the target: a proxy or an error page answers in its place",
    )


def _another_message(what: str, name: str, waar: Plek) -> TargetUncertain:
    return TargetUncertain(
        f"{what}: the answer is a {name if _NAME(name) else 'message of another kind'}",
        code="ander-antwoord",
        advice=f"see {waar.adres}: this is the answer of another service",
    )


def _retry_after_s(response: Answered) -> float | None:
    text = response.headers.get("retry-after", "").strip()
    return float(text) if text.isdecimal() else None
