"""Changes of persons through a hub in memory: a sender that tells them, and receivers that write down what they get."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from hub.config.access import Anybody
from hub.config.connection import Connection, Direction
from hub.config.distribution import Distribution
from hub.config.settings import Settings
from hub.config.target import Target
from hub.config.verwerking import Verwerking
from hub.configuration import Configuration
from hub.mapping.compile import load_mappings
from hub.ports.contracts import Document, Exchange, Outgoing, Receipt, Step
from hub.security.personal import Bsn
from tests.support.toy import ToyInbound

IN, OUT = "personen-in", "personen-naar-zorg"
PERSOON, ANDER, PARTNER = "999990019", "999990032", "999990020"
ACTIVITEIT = "https://register.voorbeeld.nl/verwerkingen/zorg"
ZORG = Verwerking(activiteit=ACTIVITEIT, grondslag="Wmo 2015 art. 5.2.7")
SECRETS = (PERSOON, ANDER, PARTNER, "Zeewier", "Duinroos", "Kustweg")
"""What may stand nowhere but in the messages themselves."""

VELDEN = ("burgerservicenummer", "naam.geslachtsnaam", "verblijfplaats")
_PERSON = """
    rules:
      - {to: burgerservicenummer, from: bsn}
      - {to: geheimhoudingPersoonsgegevens, from: geheim, empty: omit}
      - {to: naam.geslachtsnaam, from: achternaam, empty: omit}
      - {to: naam.voornamen, from: voornamen, empty: omit}
      - at: adres
        to: verblijfplaats
        rules: [{to: type, value: Adres}, {to: verblijfadres.korteStraatnaam, from: straat}]
      - at: gemeente
        to: gemeenteVanInschrijving
        rules: [{to: code, from: code}]
      - to: "partners[]"
        each: partners
        rules: [{to: burgerservicenummer, from: bsn}]
"""
_MAPPINGS = {
    **{
        f"{IN}/{name}.map.yaml": f"""
message: {name}
gives: nl.personen.persoon-{name}.v1
rules:
  - at: wordt
    to: persoon{_PERSON}
  - at: was
    to: was{_PERSON}
  - {{to: volledig, from: volledig, empty: omit}}
ignore:
  - {{path: kind, reason: says which message it is}}
  - {{path: sender, reason: says who sent it}}
  - {{path: zaak, reason: the number is in the person}}
"""
        for name in ("opgevoerd", "bijgewerkt")
    },
    **{
        f"{OUT}/{name}.map.yaml": f"""
message: {name}
gives: bericht
rules:
  - to: bsn
    first-of: [persoon/burgerservicenummer, was/burgerservicenummer]
    empty: omit
  - {{to: naam, from: persoon/naam/geslachtsnaam, empty: omit}}
  - {{to: voornamen, from: persoon/naam/voornamen, empty: omit}}
  - {{to: wasNaam, from: was/naam/geslachtsnaam, empty: omit}}
  - {{to: wasVoornamen, from: was/naam/voornamen, empty: omit}}
  - {{to: straat, from: persoon/verblijfplaats/verblijfadres/korteStraatnaam, empty: omit}}
  - {{to: geheim, from: persoon/geheimhoudingPersoonsgegevens, empty: omit}}
  - {{to: partner, from: "persoon/partners[1]/burgerservicenummer", empty: omit}}
ignore:
  - {{path: "**", reason: the toy has no use for it}}
"""
        for name in ("nl.personen.persoon-opgevoerd.v1", "nl.personen.persoon-bijgewerkt.v1")
    },
}


def change(
    reference: str,
    wordt: Mapping[str, Any] | None,
    was: Mapping[str, Any] | None = None,
    *,
    person: str = PERSOON,
    kind: str = "bijgewerkt",
    **more: object,
) -> bytes:
    """Write a change as the sender tells it; of whom it is about the number is filled in."""
    said: dict[str, Any] = {"kind": kind, "sender": "BRP", "zaak": person, "reference": reference, **more}
    for name, each in (("wordt", wordt), ("was", was)):
        if each is not None:
            said[name] = {"bsn": person, **each}
    return orjson.dumps(said)


class PersonInbound(ToyInbound):
    """Reads changes: it says whom they are about."""

    def read(self, body: bytes, headers: Mapping[str, str], *, validate: bool) -> Document:
        """Read; raises MessageRefused for what is no JSON."""
        document = super().read(body, headers, validate=validate)
        return document._replace(person=Bsn(document.zaak), zaak="", subject="")


class Receiver:
    """The far side: `got` in order, and what it was sent along with them. `fails` is raised instead, each once."""

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []
        self.traces: list[str] = []
        self.fails: list[Exception] = []

    def steps(self, outgoing: Outgoing) -> Sequence[Step]:
        """Plan one step."""
        assert isinstance(outgoing.body, dict)
        return [Step("zet", "zet", outgoing.body)]

    async def send(self, step: Step, exchange: Exchange) -> Receipt:
        """Take it."""
        del exchange
        if self.fails:
            raise self.fails.pop(0)
        self.got.append(step.body)
        return Receipt(note="gezet")

    async def check(self, client: object) -> Sequence[str]:
        """Be well."""
        del client
        return []


def persons_configuration(folder: Path, receiver: Receiver, **said: Any) -> Configuration:  # noqa: ANN401 - any key
    """Make one in which changes of persons go to one receiver; `said` are keys of its connection."""
    for name, text in _MAPPINGS.items():
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        (folder / name).write_text(text, encoding="utf-8")
    sender = Connection(
        connection=IN,
        direction=Direction.INBOUND,
        adapter="speelgoed",
        access=(Anybody(kind="none"),),
        verwerking=Verwerking(
            activiteit="https://register.voorbeeld.nl/verwerkingen/brp", grondslag="Wet BRP art. 1.2"
        ),
    )
    delivering = Connection(
        connection=OUT,
        direction=Direction.OUTBOUND,
        adapter="speelgoed",
        domain="personen",
        target=Target(services={"zorg": "http://zorg/"}),
    ).model_copy(update={"verwerking": ZORG, "velden": {"personen": VELDEN}, "distribution": Distribution(), **said})
    return Configuration(
        settings=Settings(mappings=folder),
        connections={IN: sender, OUT: delivering},
        inbound={IN: PersonInbound()},
        outbound={OUT: receiver},
        mappings={name: load_mappings(folder / name, root=folder) for name in (IN, OUT)},
    )
