"""Besluiten and the documents they are laid down in.

Rules: Besluiten API 1.1.0, as Open Zaak 1.30 answers them.
"""

from __future__ import annotations

from adapters.zgw.simulator.exchange import Json, Request, Wrong, invalid
from adapters.zgw.simulator.fields import Field, Shape, choice, day, eleven, reference, text
from adapters.zgw.simulator.shapes import DOCUMENTEN, OBJECTINFORMATIEOBJECTEN, ZAKEN
from adapters.zgw.simulator.state import State
from adapters.zgw.simulator.zaken import checked

BESLUITEN = "/besluiten/api/v1/besluiten"
BESLUITINFORMATIEOBJECTEN = "/besluiten/api/v1/besluitinformatieobjecten"
_VERVALREDENEN = {
    "": "",
    "tijdelijk": "Besluit met tijdelijke werking",
    "ingetrokken_overheid": "Besluit ingetrokken door overheid",
    "ingetrokken_belanghebbende": "Besluit ingetrokken o.v.v. belanghebbende",
}

BESLUIT: Shape = {
    "identificatie": Field(text(50)),
    "verantwoordelijkeOrganisatie": Field(eleven(blank=False), required=True),
    "besluittype": Field(reference("/catalogi/api/v1/besluittypen"), required=True),
    "zaak": Field(reference(ZAKEN, blank=True)),
    "datum": Field(day, required=True),
    "toelichting": Field(text()),
    "bestuursorgaan": Field(text(50)),
    "ingangsdatum": Field(day, required=True),
    "vervaldatum": Field(day, null=True, default=None),
    "vervalreden": Field(choice(*(each for each in _VERVALREDENEN if each))),
    "publicatiedatum": Field(day, null=True, default=None),
    "verzenddatum": Field(day, null=True, default=None),
    "uiterlijkeReactiedatum": Field(day, null=True, default=None),
}
BESLUITINFORMATIEOBJECT: Shape = {
    "besluit": Field(reference(BESLUITEN), required=True),
    "informatieobject": Field(reference(DOCUMENTEN), required=True),
}


def make_besluit(state: State, request: Request) -> Json:
    """Make a besluit."""
    kept = checked(state, request, BESLUIT, "besluit")
    _demand_rules(state, kept, request)
    if not kept["identificatie"]:
        kept["identificatie"] = state.next_number("BESLUIT", request.now.year)
    organisation, number = kept["verantwoordelijkeOrganisatie"], kept["identificatie"]
    if state.number_taken(BESLUITEN, organisation, number):
        reason = "Deze identificatie bestaat al voor deze verantwoordelijke organisatie"
        raise invalid(Wrong("identificatie", "identificatie-niet-uniek", reason))
    besluit = state.put(BESLUITEN, {"url": "", **kept, "vervalredenWeergave": _VERVALREDENEN[kept["vervalreden"]]})
    state.take_number(BESLUITEN, organisation, number, besluit["url"])
    state.note(_zaak_of(state, besluit), "aangemaakt", "besluit", besluit["url"])
    return besluit


def change_besluit(state: State, request: Request, besluit: Json, *, partial: bool) -> Json:
    """Change a besluit: PATCH with the fields named, PUT with all."""
    kept = checked(state, request, BESLUIT, "besluit", partial=partial)
    if kept.get("besluittype", besluit["besluittype"]) != besluit["besluittype"]:
        raise invalid(Wrong("besluittype", "wijzigen-niet-toegelaten", "Dit veld mag niet gewijzigd worden."))
    for name in ("identificatie", "verantwoordelijkeOrganisatie"):
        if kept.get(name, besluit[name]) != besluit[name]:
            raise invalid(Wrong(name, "wijzigen-niet-toegelaten", "Dit veld mag niet gewijzigd worden."))
    _demand_rules(state, {**besluit, **kept}, request)
    besluit |= kept
    besluit["vervalredenWeergave"] = _VERVALREDENEN[besluit["vervalreden"]]
    state.note(_zaak_of(state, besluit), "gewijzigd", "besluit", besluit["url"])
    return besluit


def remove_besluit(state: State, besluit: Json) -> None:
    """Remove a besluit with its relations; documents stay."""
    for link in [each for each in _links(state) if each["besluit"] == besluit["url"]]:
        _drop_link(state, link)
    state.drop(besluit["url"])
    state.free_number(BESLUITEN, besluit["verantwoordelijkeOrganisatie"], besluit["identificatie"])
    state.note(_zaak_of(state, besluit), "verwijderd", "besluit", besluit["url"])


def make_link(state: State, request: Request) -> Json:
    """Say in which document a besluit is laid down."""
    kept = checked(state, request, BESLUITINFORMATIEOBJECT, "besluitinformatieobject")
    if any(kept.items() <= each.items() for each in _links(state)):
        reason = "De velden besluit, informatieobject moeten een unieke set zijn."
        raise invalid(Wrong("nonFieldErrors", "unique", reason))
    besluit = state.at(kept["besluit"])
    allowed = state.at(besluit["besluittype"])["informatieobjecttypen"]
    if state.at(kept["informatieobject"])["informatieobjecttype"] not in allowed:
        reason = "Het informatieobjecttype hoort niet bij het besluittype van het besluit."
        raise invalid(Wrong("nonFieldErrors", "missing-besluittype-informatieobjecttype-relation", reason))
    link = state.put(BESLUITINFORMATIEOBJECTEN, {"url": "", **kept})
    mirror = {"url": "", "informatieobject": kept["informatieobject"], "object": kept["besluit"]}
    state.put(OBJECTINFORMATIEOBJECTEN, {**mirror, "objectType": "besluit"})
    state.note(_zaak_of(state, besluit), "aangemaakt", "besluitinformatieobject", link["url"])
    return link


def remove_link(state: State, link: Json) -> None:
    """Take a document away from a besluit."""
    _drop_link(state, link)
    state.note(_zaak_of(state, state.at(link["besluit"])), "verwijderd", "besluitinformatieobject", link["url"])


def demand_no_besluiten(state: State, zaak: str) -> None:
    """Refuse to let a zaak go that has besluiten."""
    if besluiten_of(state, zaak):
        reason = "De zaak heeft besluiten: verwijder die eerst."
        raise invalid(Wrong("nonFieldErrors", "pending-besluit-relation", reason))


def besluiten_of(state: State, zaak: str) -> list[Json]:
    """Give the besluiten of the zaak at this path."""
    return [each for each in state.collections.get(BESLUITEN, {}).values() if each["zaak"] == zaak]


def _links(state: State) -> list[Json]:
    return list(state.collections.get(BESLUITINFORMATIEOBJECTEN, {}).values())


def _drop_link(state: State, link: Json) -> None:
    state.drop(link["url"])
    mirrors = state.collections.get(OBJECTINFORMATIEOBJECTEN, {})
    for path, mirror in list(mirrors.items()):
        if (mirror["object"], mirror["informatieobject"]) == (link["besluit"], link["informatieobject"]):
            del mirrors[path]


def _demand_rules(state: State, besluit: Json, request: Request) -> None:
    if besluit["datum"] > request.now.date().isoformat():
        raise invalid(Wrong("datum", "future_not_allowed", "Deze datum mag niet in de toekomst zijn."))
    besluittype = state.at(besluit["besluittype"])
    if besluittype["concept"]:
        raise invalid(Wrong("besluittype", "not-published", "Het besluittype is niet gepubliceerd."))
    if besluit["zaak"] and state.at(besluit["zaak"])["zaaktype"] not in besluittype["zaaktypen"]:
        reason = "De referentie hoort niet bij het zaaktype van de zaak."
        raise invalid(Wrong("nonFieldErrors", "zaaktype-mismatch", reason))


def _zaak_of(state: State, besluit: Json) -> str:
    return str(state.at(besluit["zaak"])["identificatie"]) if besluit["zaak"] else ""
