"""From a mapped document to the steps that bring it about, in order. Pure.

It knows which effect must come before which: the zaak first, what goes before what comes, the eindstatus last, because
a closed zaak takes no changes. It refuses to know URLs: those are looked up when a step is done. Documents and
besluiten have a module of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.zgw import plan_besluiten, plan_documenten
from adapters.zgw.attempt import ZaakRef
from adapters.zgw.compare import same_betrokkene
from adapters.zgw.options import Options
from adapters.zgw.steps import REMOVING, Steps, digest, identificatie_of, leaving_first, zaak_ref
from hub.errors import TargetRefused
from hub.ports.contracts import Step

_REPLACING = frozenset({"wijzigen", "vervangen"})
_LINKED = ("deelzaken", "relevanteZaken")
_NO_FIELDS = frozenset({"identificatie", "bronorganisatie", "zaaktype", "hoofdzaak"})
"""What is in `zaak` beside the fields that may change."""

_ORGANISATIES = ("verantwoordelijkeOrganisatie", "opdrachtgevendeOrganisatie")
_TOGETHER = {"rol-toevoegen": ("rollen", "rol"), "zaakobject-toevoegen": ("zaakobjecten", "zaakobject")}
"""Steps that can go in the one request that makes a zaak, where the target has such a request."""

_OF_DOCUMENT = {
    "nl.zaken.zaakdocument-bijgewerkt.v1": plan_documenten.plan_change,
    "nl.zaken.zaakdocument-vrijgegeven.v1": plan_documenten.plan_release,
    "nl.zaken.zaakdocument-ontkoppeld.v1": plan_documenten.plan_unlink,
    "nl.zaken.besluit-genomen.v1": plan_besluiten.plan_new,
    "nl.zaken.besluit-bijgewerkt.v1": plan_besluiten.plan_change,
}


def plan(kind: str, document: Mapping[str, Any], options: Options) -> list[Step]:
    """Plan the steps for an event; raises TargetRefused when the document can't be expressed in ZGW."""
    of_document = _OF_DOCUMENT.get(kind)
    if of_document is not None:
        steps = Steps(zaak_ref(document.get("zaak"), options))
        of_document(steps, document, options)
        return steps.all()
    match kind:
        case "nl.zaken.zaak-aangemaakt.v1":
            return _Plan(document, options).new_zaak()
        case "nl.zaken.zaak-bijgewerkt.v1" | "nl.zaken.zaakstatus-gezet.v1":
            return _Plan(document, options).known_zaak()
        case "nl.zaken.zaak-verwijderd.v1":
            return _Plan(document, options).gone_zaak()
        case "nl.zaken.zaakdocument-toegevoegd.v1":
            return _Plan(document, options).new_document()
        case _:
            raise TargetRefused(f"ZGW has no place for {kind}", code="onbekend-event", advice="see the manifest")


class _Plan:
    """The steps of one event of a zaak as they are gathered."""

    def __init__(self, document: Mapping[str, Any], options: Options) -> None:
        self._document = document
        self._options = options
        zaak: Mapping[str, Any] = document.get("zaak") or {}
        self._zaak = zaak
        self._ref = ZaakRef(options.rsin_of(zaak.get("bronorganisatie")), identificatie_of(zaak, "zaak"))
        self._steps = Steps(self._ref)

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
        body: dict[str, Any] = {
            "velden": fields,
            "zaaktype": self._zaak.get("zaaktype") or {},
            "hoofdzaak": self._hoofdzaak(),
            "samen": None,
        }
        key = f"zaak/{ref.rsin}/{ref.identificatie}"
        self._steps.ref = self._ref = ref._replace(step=key)
        self._steps.add("zaak", "zaak aanmaken", key, body)
        self._parts()
        steps = self._steps.all()
        steps[0].body["samen"] = self._together(steps[1:])
        return steps

    def gone_zaak(self) -> list[Step]:
        """Plan that a zaak goes, if that may be done without a person."""
        if self._options.verwijderde_zaak == "refuse":
            raise TargetRefused(
                f"zaak {self._ref.identificatie} was removed at the source; the hub removes no zaak by itself",
                code="zaak-verwijderd",
                advice="remove the zaak at the target and drop the message, or set options.verwijderde_zaak: delete",
            )
        key = f"zaak-verwijderen/{self._ref.rsin}/{self._ref.identificatie}"
        self._steps.add("zaak-verwijderen", "zaak verwijderen", key, {})
        return self._steps.all()

    def known_zaak(self) -> list[Step]:
        """Plan the changes to a zaak that is there."""
        fields = self._fields()
        hoofdzaak = self._hoofdzaak()
        if "hoofdzaak" in self._zaak and hoofdzaak is None:
            fields["hoofdzaak"] = None
        zaaktype = self._zaak.get("zaaktype") or {}
        if fields or hoofdzaak:
            body = {"velden": fields, "zaaktype": zaaktype, "hoofdzaak": hoofdzaak}
            self._steps.add("zaak-bijwerken", "zaak bijwerken", f"zaak-bijwerken/{digest(body)}", body)
        self._parts()
        return self._steps.all()

    def new_document(self) -> list[Step]:
        """Plan a document, its place in the zaak, and a status that came with it."""
        plan_documenten.plan_new(self._steps, self._document, self._options)
        self._parts()
        return self._steps.all()

    def _together(self, steps: list[Step]) -> dict[str, Any] | None:
        """Gather what can be made with the zaak in one request; a status that names who set it needs its rol first."""
        together: dict[str, Any] = {"rollen": [], "zaakobjecten": [], "statussen": []}
        for step in steps:
            soort = step.body["soort"]
            if soort in _TOGETHER:
                name, thing = _TOGETHER[soort]
                together[name].append((step.key, step.body[thing]))
            elif soort.endswith("-verwijderen"):
                return None
            elif soort == "statussen":
                together["statussen"] = step.body["statussen"]
        named = any("gezetdoor_stap" in status for status in together["statussen"])
        return together if together["statussen"] and not named and self._options.registreren else None

    def _parts(self) -> None:
        for zaakobject in leaving_first(self._document.get("zaakobjecten")):
            self._mutation("zaakobject", zaakobject)
        rollen = leaving_first(self._document.get("rollen"))
        planned = [(self._mutation("rol", rol), rol) for rol in rollen]
        statussen = [self._status(status, planned) for status in self._document.get("statussen") or ()]
        for eigenschap in self._document.get("eigenschappen") or ():
            body = {"naam": eigenschap["naam"], "waarde": eigenschap.get("waarde")}
            self._steps.add("eigenschap", "eigenschap zetten", f"eigenschap/{body['naam']}/{digest(body)}", body)
        self._relations()
        plan_besluiten.plan_of_zaak(self._steps, self._document.get("besluiten"), self._options)
        resultaat = self._document.get("resultaat")
        if resultaat:
            self._steps.add("resultaat", "resultaat zetten", f"resultaat/{digest(resultaat)}", {"resultaat": resultaat})
        einddatum = self._document.get("einddatum")
        if statussen or einddatum:
            body = {"statussen": statussen, "einddatum": einddatum, "heeft_resultaat": bool(resultaat)}
            self._steps.add("statussen", "statussen zetten", f"statussen/{digest(body)}", body)

    def _mutation(self, noun: str, thing: Mapping[str, Any]) -> str:
        mutatie = thing.get("mutatie")
        act = "toevoegen"
        if mutatie in REMOVING:
            act = "verwijderen"
        elif mutatie in _REPLACING and not self._ref.step:  # a new zaak has nothing to replace
            act = "vervangen"
        return self._steps.add(f"{noun}-{act}", f"{noun} {act}", f"{noun}-{act}/{digest(thing)}", {noun: thing})

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
            self._steps.add(
                "deelzaak", "deelzaak koppelen", f"deelzaak/{other.rsin}/{other.identificatie}", {"deelzaak": other}
            )
        andere = [
            (self._other(other), other.get("aardRelatie") or "onderwerp")
            for other in self._document.get("relevanteZaken") or ()
        ]
        if andere:
            body = {"andere": andere}
            self._steps.add("andere-zaken", "andere zaken koppelen", f"andere-zaken/{digest(body)}", body)
        linked = {self._other(each) for name in _LINKED for each in self._document.get(name) or ()}
        for was in self._document.get("vervallenZaken") or ():
            other = self._other(was)
            if other not in linked:
                key = f"vervallen-zaak/{other.rsin}/{other.identificatie}"
                self._steps.add("vervallen-zaak", "vervallen relatie melden", key, {"vervallen": other})

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
        return ZaakRef(rsin, identificatie_of(zaak, "related zaak"))


def _same_rol(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return (
        one.get("mutatie") not in REMOVING
        and one.get("roltype") == other.get("roltype")
        and same_betrokkene(one, other)
    )
