"""From a mapped document to the steps that bring it about, in order. Pure.

It knows which effect must come before which: the zaak first, what goes before what comes, the eindstatus last, because
a closed zaak takes no changes. It refuses to know URLs: those are looked up when a step is done.

Keys of steps end in a digest of 20 bits: enough to tell the rollen of one zaak apart, too little to find a BSN back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

import orjson

from adapters.zgw.attempt import ZaakRef
from adapters.zgw.compare import same_betrokkene
from adapters.zgw.options import Options
from hub.errors import TargetRefused
from hub.ports.contracts import Step

_REMOVING = frozenset({"verwijderen", "beeindigen"})
_REPLACING = frozenset({"wijzigen", "vervangen"})
_LINKED = ("deelzaken", "relevanteZaken")
_NO_FIELDS = frozenset({"identificatie", "bronorganisatie", "zaaktype", "hoofdzaak"})
"""What is in `zaak` beside the fields that may change."""

_ORGANISATIES = ("verantwoordelijkeOrganisatie", "opdrachtgevendeOrganisatie")


def plan(kind: str, document: Mapping[str, Any], options: Options) -> list[Step]:
    """Plan the steps for an event; raises TargetRefused when the document can't be expressed in ZGW."""
    match kind:
        case "nl.zaken.zaak-aangemaakt.v1":
            return _Plan(document, options).new_zaak()
        case "nl.zaken.zaak-bijgewerkt.v1" | "nl.zaken.zaakstatus-gezet.v1":
            return _Plan(document, options).known_zaak()
        case "nl.zaken.zaakdocument-toegevoegd.v1":
            return _Plan(document, options).new_document()
        case _:
            raise TargetRefused(f"ZGW has no place for {kind}", code="onbekend-event", advice="see the manifest")


class _Plan:
    """The steps of one document as they are gathered."""

    def __init__(self, document: Mapping[str, Any], options: Options) -> None:
        self._document = document
        self._options = options
        self._steps: dict[str, Step] = {}
        zaak: Mapping[str, Any] = document.get("zaak") or {}
        self._zaak = zaak
        self._ref = ZaakRef(options.rsin_of(zaak.get("bronorganisatie")), _identificatie(zaak, "zaak"))

    def new_zaak(self) -> list[Step]:
        """Plan a new zaak and all that came with it."""
        ref = self._ref
        fields = {name: value for name, value in self._fields().items() if value is not None}
        fields = {
            "identificatie": ref.identificatie,
            "bronorganisatie": ref.rsin,
            "verantwoordelijkeOrganisatie": ref.rsin,
            **fields,
        }
        body = {"velden": fields, "zaaktype": self._zaak.get("zaaktype") or {}, "hoofdzaak": self._hoofdzaak()}
        key = f"zaak/{ref.rsin}/{ref.identificatie}"
        self._ref = ref._replace(step=key)
        self._add("zaak", "zaak aanmaken", key, body)
        self._parts()
        return list(self._steps.values())

    def known_zaak(self) -> list[Step]:
        """Plan the changes to a zaak that is there."""
        fields = self._fields()
        hoofdzaak = self._hoofdzaak()
        if "hoofdzaak" in self._zaak and hoofdzaak is None:
            fields["hoofdzaak"] = None
        zaaktype = self._zaak.get("zaaktype") or {}
        if fields or hoofdzaak:
            body = {"velden": fields, "zaaktype": zaaktype, "hoofdzaak": hoofdzaak}
            self._add("zaak-bijwerken", "zaak bijwerken", f"zaak-bijwerken/{_digest(body)}", body)
        self._parts()
        return list(self._steps.values())

    def new_document(self) -> list[Step]:
        """Plan a document, its place in the zaak, and a status that came with it."""
        given: Mapping[str, Any] = self._document.get("document") or {}
        identificatie = _identificatie(given, "document")
        rsin = self._options.rsin_of(given.get("bronorganisatie") or self._zaak.get("bronorganisatie"))
        fields = {
            # ZGW closes no zaak while a document leaves this open; StUF has no word for it, and no rights to claim.
            "indicatieGebruiksrecht": False,
            **{name: value for name, value in given.items() if value is not None},
            "identificatie": identificatie,
            "bronorganisatie": rsin,
        }
        inhoud = fields.pop("inhoud", None)
        informatieobjecttype = (fields.pop("informatieobjecttype", None) or {}).get("omschrijving")
        key = f"document/{rsin}/{identificatie}"
        body = {"velden": fields, "informatieobjecttype": informatieobjecttype, "inhoud": inhoud}
        self._add("document", "document aanmaken", key, body)
        place = {
            name: value
            for name, value in (self._document.get("zaakinformatieobject") or {}).items()
            if value is not None
        }
        self._add(
            "zaakinformatieobject",
            "document aan zaak koppelen",
            f"zaakinformatieobject/{rsin}/{identificatie}",
            {"velden": place, "document_stap": key},
        )
        self._parts()
        return list(self._steps.values())

    def _parts(self) -> None:
        for zaakobject in _leaving_first(self._document.get("zaakobjecten")):
            self._mutation("zaakobject", zaakobject)
        rollen = _leaving_first(self._document.get("rollen"))
        planned = [(self._mutation("rol", rol), rol) for rol in rollen]
        statussen = [self._status(status, planned) for status in self._document.get("statussen") or ()]
        for eigenschap in self._document.get("eigenschappen") or ():
            body = {"naam": eigenschap["naam"], "waarde": eigenschap.get("waarde")}
            self._add("eigenschap", "eigenschap zetten", f"eigenschap/{body['naam']}/{_digest(body)}", body)
        self._relations()
        resultaat = self._document.get("resultaat")
        if resultaat:
            self._add("resultaat", "resultaat zetten", f"resultaat/{_digest(resultaat)}", {"resultaat": resultaat})
        einddatum = self._document.get("einddatum")
        if statussen or einddatum:
            body = {"statussen": statussen, "einddatum": einddatum, "heeft_resultaat": bool(resultaat)}
            self._add("statussen", "statussen zetten", f"statussen/{_digest(body)}", body)

    def _mutation(self, noun: str, thing: Mapping[str, Any]) -> str:
        mutatie = thing.get("mutatie")
        act = "toevoegen"
        if mutatie in _REMOVING:
            act = "verwijderen"
        elif mutatie in _REPLACING and not self._ref.step:  # a new zaak has nothing to replace
            act = "vervangen"
        return self._add(f"{noun}-{act}", f"{noun} {act}", f"{noun}-{act}/{_digest(thing)}", {noun: thing})

    def _status(self, status: Mapping[str, Any], planned: list[tuple[str, Mapping[str, Any]]]) -> dict[str, Any]:
        """Plan the rol of who set a status, unless it is among the rollen: ZGW names the rol, not the person."""
        body = {name: value for name, value in status.items() if name != "gezetdoor"}
        rol = status.get("gezetdoor")
        if rol:
            key = next((key for key, other in planned if _same_rol(other, rol)), "")
            if not key:
                key = self._mutation("rol", {**rol, "mutatie": "toevoegen"})
                planned.append((key, rol))
            body["gezetdoor_stap"] = key
        return body

    def _relations(self) -> None:
        for deelzaak in self._document.get("deelzaken") or ():
            other = self._other(deelzaak)
            self._add(
                "deelzaak", "deelzaak koppelen", f"deelzaak/{other.rsin}/{other.identificatie}", {"deelzaak": other}
            )
        andere = [
            (self._other(other), other.get("aardRelatie") or "onderwerp")
            for other in self._document.get("relevanteZaken") or ()
        ]
        if andere:
            body = {"andere": andere}
            self._add("andere-zaken", "andere zaken koppelen", f"andere-zaken/{_digest(body)}", body)
        linked = {self._other(each) for name in _LINKED for each in self._document.get(name) or ()}
        for was in self._document.get("vervallenZaken") or ():
            other = self._other(was)
            if other not in linked:
                key = f"vervallen-zaak/{other.rsin}/{other.identificatie}"
                self._add("vervallen-zaak", "vervallen relatie melden", key, {"vervallen": other})

    def _fields(self) -> dict[str, Any]:
        fields = {name: value for name, value in self._zaak.items() if name not in _NO_FIELDS}
        for name in _ORGANISATIES:
            if fields.get(name):
                fields[name] = self._options.rsin_of(fields[name])
        return fields

    def _hoofdzaak(self) -> ZaakRef | None:
        hoofdzaak = self._zaak.get("hoofdzaak")
        return self._other(hoofdzaak) if hoofdzaak else None

    def _other(self, zaak: Mapping[str, Any]) -> ZaakRef:
        rsin = self._options.rsin_of(zaak["bronorganisatie"]) if zaak.get("bronorganisatie") else self._ref.rsin
        return ZaakRef(rsin, _identificatie(zaak, "related zaak"))

    def _add(self, soort: str, name: str, key: str, body: dict[str, Any]) -> str:
        """Add a step. The same effect twice is one step; another effect with the same digest gets a key of its own."""
        whole = {"soort": soort, "zaak": self._ref, **body}
        unique, number = key, 1
        while unique in self._steps and self._steps[unique].body != whole:
            number += 1
            unique = f"{key}-{number}"
        self._steps.setdefault(unique, Step(unique, name, whole))
        return unique


def _leaving_first(things: Iterable[Mapping[str, Any]] | None) -> list[Mapping[str, Any]]:
    """Put what goes before what comes: a zaak has one initiator at most."""
    return sorted(things or (), key=lambda thing: thing.get("mutatie") not in _REMOVING)


def _same_rol(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return (
        one.get("mutatie") not in _REMOVING
        and one.get("roltype") == other.get("roltype")
        and same_betrokkene(one, other)
    )


def _identificatie(thing: Mapping[str, Any], what: str) -> str:
    identificatie = thing.get("identificatie")
    if not identificatie:
        raise TargetRefused(
            f"the {what} has no identificatie: after a lost answer it could not be found back",
            code="geen-identificatie",
            advice="let the sender ask for a number first, or let the mapping make one",
        )
    return str(identificatie)


def _digest(value: object) -> str:
    return sha256(orjson.dumps(value, default=tuple, option=orjson.OPT_SORT_KEYS)).hexdigest()[:5]
