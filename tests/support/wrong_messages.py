"""Messages that are wrong in one way each, made of a right one, and how each must be refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tests.support.berichten import BSN, creeer_zaak, natuurlijk_persoon, rol

NAME, SUBJECT = "Vanderzeldzame", "Een geheime aanvraag"
ZDS_ACTION = "http://www.egem.nl/StUF/sector/zkn/0310/"

_RIGHT = creeer_zaak(
    omschrijving=SUBJECT, heeftAlsInitiator=rol("heeftAlsInitiator", natuurlijk_persoon(BSN, naam=NAME))
)
RIGHT = _RIGHT._replace(body=_RIGHT.body.replace(b"><ZKN:", b">\n<ZKN:"))
"""A right message, with one element a line, so that a line says something."""


def without(start: str, end: str) -> Callable[[bytes], bytes]:
    """Cut out what lies from `start` up to and including `end`."""
    return lambda body: body[: body.index(start.encode())] + body[body.index(end.encode()) + len(end) :]


def instead(old: str, new: str) -> Callable[[bytes], bytes]:
    """Put something else in the place of what is there, once."""

    def change(body: bytes) -> bytes:
        assert old.encode() in body
        return body.replace(old.encode(), new.encode(), 1)

    return change


def everywhere(old: str, new: str) -> Callable[[bytes], bytes]:
    """Put something else in the place of what is there, wherever it is."""
    return lambda body: body.replace(old.encode(), new.encode())


def billion_laughs(body: bytes) -> bytes:
    """Nine entities, each ten times the one before."""
    entities = "".join(f'<!ENTITY a{each} "{f"&a{each - 1};" * 10}">' for each in range(1, 10))
    doctype = f'<!DOCTYPE x [<!ENTITY a0 "ha">{entities}]>'.encode()
    return doctype + body.partition(b"?>")[2].replace(SUBJECT.encode(), b"&a9;")


def doctype(body: bytes) -> bytes:
    """Ask for a file of the machine."""
    entity = b'<!DOCTYPE x [<!ENTITY file SYSTEM "file:///etc/hostname">]>'
    return entity + body.partition(b"?>")[2].replace(SUBJECT.encode(), b"&file;")


class Wrong(NamedTuple):
    """What is done to the right message, the code, and where known the path that is told and the tag of its line."""

    spoil: Callable[[bytes], bytes]
    code: str
    path: str = ""
    tag: str = ""


CASES: dict[str, Wrong] = {
    "empty": Wrong(lambda _: b"", "StUF055"),
    "text": Wrong(lambda _: f"Beste gemeente, {NAME} {BSN}".encode(), "StUF055"),
    "JSON": Wrong(lambda _: f'{{"bsn":"{BSN}"}}'.encode(), "StUF055"),
    "cut short": Wrong(lambda body: body[: len(body) * 2 // 3], "StUF055"),
    "DTD": Wrong(doctype, "StUF055"),
    "billion laughs": Wrong(billion_laughs, "StUF055"),
    "unknown entity": Wrong(instead(SUBJECT, "&bsn;"), "StUF055", "", "<ZKN:omschrijving>"),
    "bytes of another charset": Wrong(lambda body: body.replace(b"geheime", b"geh\xe9me"), "StUF055"),
    "forbidden character": Wrong(instead(SUBJECT, "&#1;"), "StUF055", "", "<ZKN:omschrijving>"),
    "300 deep": Wrong(instead(SUBJECT, "<a>" * 300 + "</a>" * 300), "StUF055"),
    "no envelope": Wrong(
        lambda body: body[body.index(b"<ZKN:zakLk01") : body.index(b"</soap:Body>")],
        "StUF055",
    ),
    "empty SOAP body": Wrong(without("<ZKN:zakLk01", "</ZKN:zakLk01>"), "StUF055", "Envelope/Body"),
    "two messages": Wrong(instead("</soap:Body>", "<a/></soap:Body>"), "StUF055", "Envelope/Body"),
    "unknown message": Wrong(everywhere("zakLk01", "zakLk99"), "StUF040", "zakLk99", "<ZKN:zakLk99"),
    "change that is still to come": Wrong(
        instead(">Lk01<", ">Lk05<"), "StUF025", "zakLk01/stuurgegevens/berichtcode", "<StUF:berichtcode>"
    ),
    "code of another message": Wrong(
        instead(">Lk01<", ">Di01<"), "StUF040", "zakLk01/stuurgegevens/berichtcode", "<StUF:berichtcode>"
    ),
    "unknown berichtcode": Wrong(
        instead(">Lk01<", ">Xx01<"),
        "StUF022",
        "zakLk01/stuurgegevens/berichtcode",
        "<StUF:berichtcode>",
    ),
    "foreign namespace": Wrong(everywhere(ZDS_ACTION[:-1], "urn:iets:anders"), "StUF004", "zakLk01", "<ZKN:zakLk01"),
    "another sector model": Wrong(
        everywhere("sector/zkn/0310", "sector/bg/0310"), "StUF004", "zakLk01", "<ZKN:zakLk01"
    ),
    "old sector model": Wrong(everywhere("sector/zkn/0310", "sector/zkn/0200"), "StUF007", "zakLk01", "<ZKN:zakLk01"),
    "old StUF": Wrong(
        everywhere("StUF/StUF0301", "StUF/StUF0204"),
        "StUF001",
        "zakLk01/stuurgegevens",
        "<ZKN:stuurgegevens>",
    ),
    "no stuurgegevens": Wrong(
        without("<ZKN:stuurgegevens>", "</ZKN:stuurgegevens>"),
        "StUF010",
        "zakLk01/stuurgegevens/ontvanger",
        "<ZKN:zakLk01",
    ),
    "no zender": Wrong(
        without("<StUF:zender>", "</StUF:zender>"),
        "StUF013",
        "zakLk01/stuurgegevens/zender",
        "<ZKN:zakLk01",
    ),
    "no referentienummer": Wrong(
        without("<StUF:referentienummer>", "</StUF:referentienummer>"),
        "StUF055",
        "zakLk01/stuurgegevens/referentienummer",
        "<ZKN:zakLk01",
    ),
    "unknown entiteittype": Wrong(
        instead(">ZAK<", ">QQQ<"),
        "StUF028",
        "zakLk01/stuurgegevens/entiteittype",
        "<StUF:entiteittype>",
    ),
    "wrong date": Wrong(
        instead(">20260302</ZKN:startdatum>", ">2026-03-02</ZKN:startdatum>"),
        "StUF055",
        "zakLk01/object/startdatum",
        "<ZKN:startdatum>",
    ),
    "element that does not exist": Wrong(
        instead("<ZKN:startdatum>", f"<ZKN:bsn>{BSN}</ZKN:bsn><ZKN:startdatum>"),
        "StUF055",
        "zakLk01/object/bsn",
        "<ZKN:bsn>",
    ),
    "no identificatie": Wrong(
        without("<ZKN:identificatie>", "</ZKN:identificatie>"),
        "StUF055",
        "zakLk01/object/identificatie",
        "<ZKN:object",
    ),
    "no startdatum": Wrong(
        without("<ZKN:startdatum>", "</ZKN:startdatum>"),
        "StUF055",
        "zakLk01/object/startdatum",
        "<ZKN:object",
    ),
    "wrong mutatiesoort": Wrong(
        instead("mutatiesoort>T<", "mutatiesoort>V<"),
        "StUF055",
        "zakLk01/parameters/mutatiesoort",
        "<StUF:mutatiesoort>",
    ),
    "BSN that is no BSN": Wrong(
        instead(f">{BSN}<", f">{BSN}{BSN}<"),
        "StUF055",
        "zakLk01/object/heeftAlsInitiator/gerelateerde/natuurlijkPersoon/inp.bsn",
        "<BG:inp.bsn>",
    ),
}
HEADLESS = {
    "empty",
    "text",
    "JSON",
    "DTD",
    "billion laughs",
    "empty SOAP body",
    "no stuurgegevens",
    "no referentienummer",
}
"""Of these no referentienummer can be read."""
