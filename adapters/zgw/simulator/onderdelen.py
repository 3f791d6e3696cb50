"""What hangs on a zaak: rollen, statussen, resultaten, zaakobjecten, zaakeigenschappen, zaakinformatieobjecten.

Rules: Zaken API 1.5.1, as Open Zaak 1.30 answers them. The zaak itself is in `zaken.py`.
"""

from __future__ import annotations

from typing import NamedTuple

from adapters.zgw.simulator.exchange import Json, Refusal, Request, Wrong, invalid
from adapters.zgw.simulator.fields import Field, Scope, Shape, clean, part
from adapters.zgw.simulator.shapes import (
    BETROKKENEN,
    EIGENSCHAP,
    EIGENSCHAPPEN,
    OBJECTEN,
    OBJECTINFORMATIEOBJECTEN,
    RESULTAAT,
    RESULTATEN,
    ROL,
    ROLLEN,
    STATUS,
    STATUSSEN,
    ZAAKINFORMATIEOBJECT,
    ZAAKINFORMATIEOBJECTEN,
    ZAAKOBJECT,
    ZAAKOBJECTEN,
)
from adapters.zgw.simulator.state import State, ZaakRecord, eigenschappen_of, moment_of
from adapters.zgw.simulator.zaken import checked, demand_open

_ONCE = ("initiator", "zaakcoordinator")
"""Open Zaak: at most one rol with this omschrijvingGeneriek."""
_NO_CONTACT: Json = {"emailadres": "", "functie": "", "telefoonnummer": "", "naam": ""}


class Part(NamedTuple):
    """A kind of part: its name in the journal, its shape, and what may be done to it besides making it."""

    name: str
    shape: Shape
    changes: frozenset[str]
    beside: frozenset[str] = frozenset()


PARTS: dict[str, Part] = {
    ROLLEN: Part("rol", ROL, frozenset({"PUT", "DELETE"}), frozenset({"betrokkeneIdentificatie"})),
    STATUSSEN: Part("status", STATUS, frozenset()),
    RESULTATEN: Part("resultaat", RESULTAAT, frozenset({"PUT", "PATCH", "DELETE"})),
    ZAAKOBJECTEN: Part(
        "zaakobject", ZAAKOBJECT, frozenset({"PUT", "PATCH", "DELETE"}), frozenset({"objectIdentificatie"})
    ),
    ZAAKINFORMATIEOBJECTEN: Part("zaakinformatieobject", ZAAKINFORMATIEOBJECT, frozenset({"PUT", "PATCH", "DELETE"})),
    EIGENSCHAPPEN: Part("zaakeigenschap", EIGENSCHAP, frozenset({"PUT", "PATCH", "DELETE"})),
}


def make_part(state: State, request: Request, collection: str, *, may_force: bool) -> Json:
    """Make a part of the zaak that the body names."""
    kind = PARTS[collection]
    kept = checked(state, request, kind.shape, kind.name, beside=kind.beside)
    record = state.records[kept["zaak"]]
    if collection != STATUSSEN:
        demand_open(record, may_force=may_force)
    _demand(state, record, collection, kept, request, may_force=may_force)
    place = eigenschappen_of(kept["zaak"]) if collection == EIGENSCHAPPEN else collection
    data = state.put(place, {"url": "", "uuid": "", **kept})
    data["uuid"] = data["url"].rpartition("/")[2]
    _parts(record, collection)[data["url"]] = data
    if collection == STATUSSEN:
        _follow_status(state, record, data)
    if collection == ZAAKINFORMATIEOBJECTEN:
        state.put(
            OBJECTINFORMATIEOBJECTEN,
            {"url": "", "informatieobject": data["informatieobject"], "object": data["zaak"], "objectType": "zaak"},
        )
    state.note(record.zaak["identificatie"], "aangemaakt", kind.name, data["url"])
    return data


def change_part(state: State, request: Request, collection: str, data: Json, *, partial: bool, may_force: bool) -> Json:
    """Change a part."""
    kind, record = PARTS[collection], state.records[data["zaak"]]
    demand_open(record, may_force=may_force)
    kept = checked(state, request, kind.shape, kind.name, partial=partial, beside=kind.beside)
    for name in ("zaak", "eigenschap", "informatieobject", "roltype", "resultaattype"):
        if name in kept and kept[name] != data[name]:
            raise invalid(Wrong(name, "wijzigen-niet-toegelaten", "Dit veld mag niet gewijzigd worden."))
    whole = {**data, **kept}
    _demand(state, record, collection, whole, request, may_force=may_force, itself=data["url"])
    data |= whole
    state.note(record.zaak["identificatie"], "gewijzigd", kind.name, data["url"])
    return data


def remove_part(state: State, collection: str, data: Json, *, may_force: bool) -> None:
    """Remove a part."""
    record = state.records[data["zaak"]]
    demand_open(record, may_force=may_force)
    del _parts(record, collection)[data["url"]]
    state.drop(data["url"])
    if collection == ZAAKINFORMATIEOBJECTEN:
        links = state.collections.get(OBJECTINFORMATIEOBJECTEN, {})
        for path in [
            path for path, link in links.items()
            if (link["object"], link["informatieobject"]) == (data["zaak"], data["informatieobject"])
        ]:  # fmt: skip
            del links[path]
    state.note(record.zaak["identificatie"], "verwijderd", PARTS[collection].name, data["url"])


def _parts(record: ZaakRecord, collection: str) -> dict[str, Json]:
    parts: dict[str, Json] = getattr(record, collection.rpartition("/")[2])
    return parts


def _demand(
    state: State,
    record: ZaakRecord,
    collection: str,
    data: Json,
    request: Request,
    *,
    may_force: bool,
    itself: str = "",
) -> None:
    """Check the rules of the kind and fill in what Open Zaak fills in. `itself` is the part that is changed."""
    if collection == ROLLEN:
        _demand_rol(state, record, data, request, itself)
    elif collection == STATUSSEN:
        _demand_status(state, record, data, request, may_force=may_force)
    elif collection == RESULTATEN:
        _demand_zaaktype(state, record, data, "resultaattype")
        if not itself and record.resultaten:
            raise invalid(Wrong("zaak", "unique", "zaak moet uniek zijn."))
    elif collection == ZAAKOBJECTEN:
        _demand_zaakobject(state, data, request)
    elif collection == EIGENSCHAPPEN:
        _demand_zaaktype(state, record, data, "eigenschap")
        data["naam"] = state.at(data["eigenschap"])["naam"]
    else:
        _demand_link(state, record, data, request, itself)


def _demand_zaaktype(state: State, record: ZaakRecord, data: Json, name: str) -> None:
    if state.at(data[name])["zaaktype"] != record.zaak["zaaktype"]:
        raise invalid(Wrong("nonFieldErrors", "zaaktype-mismatch", f"{name} hoort niet bij het zaaktype van de zaak."))


def _demand_rol(state: State, record: ZaakRecord, data: Json, request: Request, itself: str) -> None:
    roltype = state.at(data["roltype"])
    data["omschrijving"] = roltype["omschrijving"]
    data["omschrijvingGeneriek"] = roltype["omschrijvingGeneriek"]
    generic = data["omschrijvingGeneriek"]
    if generic in _ONCE and any(
        each["omschrijvingGeneriek"] == generic for path, each in record.rollen.items() if path != itself
    ):
        raise invalid(Wrong("roltype", "max-occurences", f"There are already 1 `{generic}` occurences"))
    _demand_zaaktype(state, record, data, "roltype")
    who = _identified(state, request, "betrokkeneIdentificatie", BETROKKENEN[data["betrokkeneType"]])
    if not who and not data["betrokkene"]:
        reason = "betrokkene or betrokkeneIdentificatie must be provided"
        raise invalid(Wrong("nonFieldErrors", "invalid-betrokkene", reason))
    data["betrokkeneIdentificatie"] = who
    data["contactpersoonRol"] = {**_NO_CONTACT, **(data["contactpersoonRol"] or {})}
    data.setdefault("registratiedatum", request.now.isoformat()[:-6] + "Z")
    data.setdefault("statussen", [])
    data.setdefault("authenticatieContext", None)


def _identified(state: State, request: Request, name: str, shape: Shape) -> Json | None:
    given = request.data.get(name)
    if not given:
        return None
    if isinstance(given, dict):
        for unknown in given.keys() - shape.keys():
            state.ignored[f"{name}.{unknown}"] += 1
    whole: Shape = {name: Field(part(shape))}
    kept, wrongs = clean(whole, {name: given}, Scope(request.base, state.exists))
    if wrongs:
        raise invalid(*wrongs)
    found: Json = kept[name]
    return found


def _demand_status(state: State, record: ZaakRecord, data: Json, request: Request, *, may_force: bool) -> None:
    zaak, statustype = record.zaak, state.at(data["statustype"])
    if moment_of(data["datumStatusGezet"]) > request.now:
        raise invalid(Wrong("datumStatusGezet", "date-in-future", "Deze datum mag niet in de toekomst zijn"))
    _demand_zaaktype(state, record, data, "statustype")
    if any(each["datumStatusGezet"] == data["datumStatusGezet"] for each in record.statussen.values()):
        reason = "De velden zaak, datumStatusGezet moeten een unieke set zijn."
        raise invalid(Wrong("nonFieldErrors", "unique", reason))
    if data["gezetdoor"] and data["gezetdoor"] not in record.rollen:
        raise invalid(Wrong("nonFieldErrors", "zaak-mismatch", "De 'gezetdoor' rol hoort niet bij het zaak."))
    if zaak["einddatum"] and not may_force:
        raise Refusal(403, "permission_denied", "Het heropenen van een gesloten zaak is niet toegestaan.")
    data["zaakinformatieobjecten"] = []
    if statustype["isEindstatus"]:
        _demand_closable(state, record)
    elif zaak["hoofdzaak"] and state.at(zaak["hoofdzaak"])["einddatum"]:
        raise invalid(Wrong("nonFieldErrors", "hoofdzaak-closed", "De hoofdzaak is afgesloten."))


def _demand_closable(state: State, record: ZaakRecord) -> None:
    if any(each["einddatum"] is None for each in record.deelzaken.values()):
        raise invalid(
            Wrong("nonFieldErrors", "deelzaken-not-closed", "Er zijn deelzaken die nog niet afgesloten zijn.")
        )
    for link in record.zaakinformatieobjecten.values():
        document = state.at(link["informatieobject"])
        if document["locked"]:
            raise invalid(Wrong("nonFieldErrors", "informatieobject-locked", "Er zijn gelockte informatieobjecten."))
        if document["indicatieGebruiksrecht"] is None:
            reason = "Er zijn informatieobjecten zonder `indicatieGebruiksrecht`."
            raise invalid(Wrong("nonFieldErrors", "indicatiegebruiksrecht-unset", reason))
    if not record.resultaten:
        reason = "Zaak has no resultaat, which is required to set the eindstatus"
        raise invalid(Wrong("nonFieldErrors", "resultaat-does-not-exist", reason))


def _follow_status(state: State, record: ZaakRecord, status: Json) -> None:
    """Close or reopen. Open Zaak takes the date of the status in UTC as einddatum (its issue 959)."""
    zaak = record.zaak
    if state.at(status["statustype"])["isEindstatus"]:
        zaak["einddatum"] = status["datumStatusGezet"][:10]
        resultaat = next(iter(record.resultaten.values()))
        zaak["archiefnominatie"] = zaak["archiefnominatie"] or state.at(resultaat["resultaattype"])["archiefnominatie"]
    else:
        zaak["einddatum"] = None


def _demand_zaakobject(state: State, data: Json, request: Request) -> None:
    kind = data["objectType"]
    if kind == "overige" and not (data["objectTypeOverige"] or data["objectTypeOverigeDefinitie"]):
        reason = (
            "Als `objectType` de waarde 'overige' heeft, dan moet `objectTypeOverige` van een waarde voorzien zijn."
        )
        raise invalid(Wrong("nonFieldErrors", "missing-object-type-overige", reason))
    if kind != "overige" and data["objectTypeOverige"]:
        reason = "Als `objectTypeOverige` een waarde heeft, dan moet `objectType` de waarde 'overige' hebben."
        raise invalid(Wrong("nonFieldErrors", "invalid-object-type-overige-usage", reason))
    given = request.data.get("objectIdentificatie")
    what = _identified(state, request, "objectIdentificatie", OBJECTEN[kind]) if kind in OBJECTEN else given
    data["objectIdentificatie"] = what if "objectIdentificatie" in request.data else data.get("objectIdentificatie")
    if not data["objectIdentificatie"] and not data["object"]:
        reason = "object or objectIdentificatie must be provided"
        raise invalid(Wrong("nonFieldErrors", "invalid-zaakobject", reason))


def _demand_link(state: State, record: ZaakRecord, data: Json, request: Request, itself: str) -> None:
    if any(
        each["informatieobject"] == data["informatieobject"]
        for path, each in record.zaakinformatieobjecten.items()
        if path != itself
    ):
        reason = "De velden zaak, informatieobject moeten een unieke set zijn."
        raise invalid(Wrong("nonFieldErrors", "unique", reason))
    informatieobjecttype = state.at(data["informatieobject"])["informatieobjecttype"]
    if informatieobjecttype not in state.at(record.zaak["zaaktype"])["informatieobjecttypen"]:
        reason = "Het informatieobjecttype hoort niet bij het zaaktype van de zaak."
        raise invalid(Wrong("nonFieldErrors", "missing-zaaktype-informatieobjecttype-relation", reason))
    if data["status"] and data["status"] not in record.statussen:
        reason = "De opgegeven `status` hoort niet bij de opgegeven `zaak`."
        raise invalid(Wrong("nonFieldErrors", "zaak-status-mismatch", reason))
    data["aardRelatieWeergave"] = "Hoort bij, omgekeerd: kent"
    data.setdefault("registratiedatum", request.now.isoformat()[:-6] + "Z")
