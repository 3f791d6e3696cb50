"""Kennisgevingen and synchronisations of StUF-BG, as a makelaar sends them; nobody in them exists."""

from __future__ import annotations

from adapters.stuf_bg.services import ENTITEITTYPEN
from hub.wire.soap import envelope
from hub.wire.soap.envelope import Version
from hub.wire.stuf.namespaces import BG, STUF
from hub.wire.xml import XSI

SPACES = f'xmlns:BG="{BG}" xmlns:StUF="{STUF}" xmlns:xsi="{XSI}"'
LEEG = 'xsi:nil="true" StUF:noValue="geenWaarde"'

ADA, BOB, CAS = "999990019", "999990020", "999990032"
"""Numbers of nobody that pass the 11-test."""


def stuurgegevens(code: str, reference: str, soort: str, *, functie: str = "", cross: str = "") -> str:
    """Write the stuurgegevens of a message of the makelaar."""
    last = f"<StUF:functie>{functie}</StUF:functie>" if functie else f"<StUF:entiteittype>{soort}</StUF:entiteittype>"
    about = f"<StUF:crossRefnummer>{cross}</StUF:crossRefnummer>" if cross else ""
    return (
        f"<BG:stuurgegevens><StUF:berichtcode>{code}</StUF:berichtcode><StUF:zender><StUF:organisatie>1900"
        "</StUF:organisatie><StUF:applicatie>MAKELAAR</StUF:applicatie></StUF:zender><StUF:ontvanger><StUF:organisatie>"
        "1900</StUF:organisatie><StUF:applicatie>ZAAKHUB</StUF:applicatie></StUF:ontvanger>"
        f"<StUF:referentienummer>{reference}</StUF:referentienummer><StUF:tijdstipBericht>20260302090000000"
        f"</StUF:tijdstipBericht>{about}{last}</BG:stuurgegevens>"
    )


def lk01(
    soort: str, mutatie: str, *objects: str, reference: str, code: str = "Lk01", sleutel: str = "", name: str = ""
) -> str:
    """Write a kennisgeving: *oud* first where there are two objects. `name` is its element, where that is another."""
    element = name or f"{soort.lower()}{code}"
    key = f' StUF:sleutelVerzendend="{sleutel}"' if sleutel else ""
    overname = "<StUF:indicatorOvername>V</StUF:indicatorOvername>" if code == "Lk01" else ""
    what = f'StUF:entiteittype="{soort}" StUF:verwerkingssoort="{mutatie if mutatie in "TV" else "W"}"'
    inside = "".join(f"<BG:object {what}{key}>{each}</BG:object>" for each in objects)
    return (
        f"<BG:{element} {SPACES}>{stuurgegevens(code, reference, soort)}<BG:parameters><StUF:mutatiesoort>{mutatie}"
        f"</StUF:mutatiesoort>{overname}</BG:parameters>{inside}</BG:{element}>"
    )


def sa01(soort: str, content: str, *, reference: str) -> str:
    """Write a synchronisation of what is now."""
    return _wrapped(
        f"{soort.lower()}Sa01", stuurgegevens("Sa01", reference, soort), _actueel(soort, content, reference)
    )


def sh01(soort: str, content: str, *, oudste: str, wijzigingen: tuple[tuple[str, str], ...], reference: str) -> str:
    """Write a synchronisation with what was: the oldest, and each change of it."""
    own = stuurgegevens("Sa01", f"{reference}-a", soort)
    actueel = f"<BG:actueel>{own}{_actueel(soort, content, reference)}</BG:actueel>"
    changes = "".join(
        _inside("wijziging", lk01(soort, "W", *pair, reference=f"{reference}-w{place}"))
        for place, pair in enumerate(wijzigingen)
    )
    oldest = _inside("oudste", lk01(soort, "T", oudste, reference=f"{reference}-o"))
    historie = f"<BG:historie>{oldest}{changes}</BG:historie>"
    return _wrapped(f"{soort.lower()}Sh01", stuurgegevens("Sh01", reference, soort), actueel + historie)


def lk03(functie: str, *kennisgevingen: str, reference: str) -> str:
    """Write a composite kennisgeving."""
    return _wrapped(f"{functie}_Lk03", stuurgegevens("Lk03", reference, "", functie=functie), "".join(kennisgevingen))


def adres(straat: str, postcode: str = "1234AB", huisnummer: int = 1) -> str:
    """Write where somebody lives."""
    return (
        f"<BG:verblijfsadres><BG:wpl.woonplaatsNaam>Testdorp</BG:wpl.woonplaatsNaam><BG:gor.openbareRuimteNaam>{straat}"
        f"</BG:gor.openbareRuimteNaam><BG:gor.straatnaam>{straat}</BG:gor.straatnaam><BG:aoa.postcode>{postcode}"
        f"</BG:aoa.postcode><BG:aoa.huisnummer>{huisnummer}</BG:aoa.huisnummer></BG:verblijfsadres>"
    )


def persoon(bsn: str, inhoud: str = "", *, naam: str = "Jansen") -> str:
    """Write a person: what identifies, and then what else is said."""
    return f"<BG:inp.bsn>{bsn}</BG:inp.bsn><BG:geslachtsnaam>{naam}</BG:geslachtsnaam>{inhoud}"


def verhuizing(bsn: str, van: str, naar: str, *, reference: str) -> str:
    """Write that somebody moved house."""
    return lk01("NPS", "W", persoon(bsn, adres(van)), persoon(bsn, adres(naar)), reference=reference)


def soap(message: str, *, version: Version = Version.SOAP11) -> bytes:
    """Put it in an envelope."""
    return envelope.write(version, message)


KERN = {
    "NPS": f"<BG:inp.bsn>{ADA}</BG:inp.bsn><BG:geslachtsnaam>Jansen</BG:geslachtsnaam>",
    "NNP": "<BG:inn.nnpId>999999990</BG:inn.nnpId><BG:statutaireNaam>Het Anker B.V.</BG:statutaireNaam>",
    "VES": "<BG:vestigingsNummer>000099999999</BG:vestigingsNummer><BG:handelsnaam>Het Anker</BG:handelsnaam>",
    "MAC": "<BG:kvkNummer>99999999</BG:kvkNummer><BG:handelsnaam>Het Anker</BG:handelsnaam>",
    "AOA": "<BG:identificatie>1900200000000001</BG:identificatie><BG:gor.openbareRuimteNaam>Dorpsstraat"
    "</BG:gor.openbareRuimteNaam><BG:huisnummer>1</BG:huisnummer><BG:postcode>1234AB</BG:postcode>",
}
"""One of each entity, by what identifies it."""

assert set(KERN) == set(ENTITEITTYPEN)


def _actueel(soort: str, content: str, reference: str) -> str:
    return _inside("actueel", lk01(soort, "T", content, reference=f"{reference}-1"))


def _inside(name: str, message: str) -> str:
    """Give a message the name of the element that it stands in."""
    element = message[1 : message.index(" ")]
    return f"<BG:{name}>{message[message.index('>') + 1 : message.rindex('</' + element)]}</BG:{name}>"


def _wrapped(element: str, *inside: str) -> str:
    return f"<BG:{element} {SPACES}>{''.join(inside)}</BG:{element}>"
