"""What is wrong with a message: first its stuurgegevens (`hub.wire.stuf.checks`), then its body.

A check needs the message alone: whether a zender or a referentienummer is known is for others. No refusal repeats a
value.
"""

from __future__ import annotations

from lxml import etree

from adapters.stuf_bg import samengesteld
from adapters.stuf_bg.definition import findings
from adapters.stuf_bg.recognition import berichtcode_of
from adapters.stuf_bg.services import BERICHTEN, ENTITEITTYPEN, SERVICES, Service, by_element
from hub.errors import MessageRefused
from hub.wire.stuf import checks
from hub.wire.stuf.checks import SCHEMA, Kandidaat, Ontvangst, refuse
from hub.wire.stuf.kennisgeving import objects
from hub.wire.stuf.namespaces import BG, STUF
from hub.wire.stuf.stuurgegevens import Stuurgegevens
from hub.wire.stuf.waarden import read_waarde
from hub.wire.xml import find, line_of, local_name


def check_stuurgegevens(message: etree._Element, said: Stuurgegevens) -> None:
    """Check the stuurgegevens against all services; raises MessageRefused with the first code of table 8.1."""
    if samengesteld.is_samengesteld(message):
        functie = samengesteld.functie_of(message)
        ontvangst = _ONTVANGST._replace(functies=frozenset((functie.lower(),)))
        checks.check_stuurgegevens(message, said, (Kandidaat(samengesteld.CODE, functie=functie),), ontvangst)
        return
    candidates = [
        Kandidaat(berichtcode_of(message, each), each.entiteittype, antwoordt=each in BERICHTEN)
        for each in by_element().get(str(message.tag), ())
    ]
    checks.check_stuurgegevens(message, said, candidates, _ONTVANGST)


def check_schema(message: etree._Element, *, official: str = "") -> None:
    """Check the message against its definition, and against one that was imported; raises MessageRefused (StUF055)."""
    refuse(findings(message, imported_as=official))


def check_rules(message: etree._Element, service: Service) -> None:
    """Check what StUF asks of a kennisgeving beyond the schema; raises MessageRefused.

    StUF055 for the number of objects, StUF064 for an object that only a key names: the hub hands out no keys.
    """
    if not service.mutatiesoorten:
        return
    found = find(message, "parameters/mutatiesoort")
    if read_waarde(found).tekst in ("T", "V") and len(objects(message)) > 1:  # StUF 03.01 §5.2.3
        path = f"{local_name(message)}/parameters/mutatiesoort"
        line = line_of(message if found is None else found)
        raise MessageRefused("an addition or removal has one object", code=SCHEMA, path=path, line=line)
    if objects(message) and not any(len(each) for each in objects(message)):
        named = objects(message)[0]
        reason = f"nothing but a key says what it is about: name it by {' or '.join(service.sleutels)}"
        path = f"{local_name(message)}/object"
        raise MessageRefused(reason, code="StUF064", path=path, line=line_of(named))


def remarks_on(message: etree._Element, service: Service, *, official: str = "") -> tuple[str, ...]:
    """Say what `check_schema` and `check_rules` have against a message, for who takes it all the same."""
    found = findings(message, imported_as=official)
    if found:
        return tuple(f"{each.path}: {each.sentence}" for each in found)
    try:
        check_rules(message, service)
    except MessageRefused as wrong:
        return (f"{wrong.path}: {wrong.reason}",)
    return ()


_ONTVANGST = Ontvangst(
    berichtcodes=frozenset(code for each in SERVICES if "server" in each.zijden for code in each.berichtcodes)
    | {samengesteld.CODE},
    entiteittypen=frozenset(ENTITEITTYPEN),
    # The entities of StUF-BG 03.10 that have messages of their own.
    bestaande_entiteittypen=frozenset(
        (
            "ACD", "AOA", "ARV", "AVR", "BRT", "GEM", "GOR", "HHD", "IRE", "KGM", "KOZ", "KWD", "KZA", "LND", "MAC",
            "NAT", "NNP", "NPS", "OPR", "PND", "RDS", "RPS", "RSD", "SBD", "SRV", "SUB", "TDL", "TGO", "VBT", "VES",
            "WDL", "WDO", "WGD", "WOZ", "WPL", "WRD", "WYK", "ZKR", "ZRA",
        )
    ),
    functies=frozenset(),
    bestaande_functies=frozenset(),
    namespaces=frozenset((BG, STUF)),
    andere_versies=("http://www.egem.nl/StUF/sector/bg/",),
    sector="StUF-BG",
    dichtstbij="bg 0310",
    ondersteund="StUF-BG 0310",
)  # fmt: skip
