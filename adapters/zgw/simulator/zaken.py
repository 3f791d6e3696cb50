"""The zaak itself: what Open Zaak demands when one is made, changed or removed, and what it fills in.

Rules: Zaken API 1.5.1 ("Standaard voor de Zaken API", zrc-001 and further), as Open Zaak 1.30 answers them.
"""

from __future__ import annotations

from datetime import date, timedelta

from adapters.zgw.simulator.catalogi import DOORLOOPTIJD_DAYS
from adapters.zgw.simulator.exchange import Json, Refusal, Request, Wrong, invalid
from adapters.zgw.simulator.fields import Scope, Shape, clean
from adapters.zgw.simulator.shapes import ZAAK, ZAKEN
from adapters.zgw.simulator.state import State, ZaakRecord, eigenschappen_of, moment_of

_BETALING = {
    "": "", "nvt": "Er is geen sprake van te betalen, met de zaak gemoeide, kosten.",
    "gefactureerd": "Gefactureerd", "gecrediteerd": "Gecrediteerd", "betaald": "Betaald",
    "nog_niet": "De met de zaak gemoeide kosten zijn (nog) niet betaald.",
    "gedeeltelijk": "De met de zaak gemoeide kosten zijn gedeeltelijk betaald.",
    "geheel": "De met de zaak gemoeide kosten zijn geheel betaald.",
}  # fmt: skip
_NO_OPSCHORTING: Json = {"indicatie": False, "eerdereOpschorting": False, "reden": ""}
_NO_PROCESSOBJECT: Json = {"datumkenmerk": "", "identificatie": "", "objecttype": "", "registratie": ""}


def checked(
    state: State,
    request: Request,
    shape: Shape,
    kind: str,
    *,
    partial: bool = False,
    beside: frozenset[str] = frozenset(),
) -> Json:
    """Check the body by `shape`; fields that are neither there nor `beside` it are counted as ignored."""
    kept, wrongs = clean(shape, request.data, Scope(request.base, state.exists), partial=partial)
    for name in request.data.keys() - shape.keys() - beside:
        state.ignored[f"{kind}.{name}"] += 1
    if wrongs:
        raise invalid(*wrongs)
    return kept


def demand_open(record: ZaakRecord, *, may_force: bool) -> None:
    """Refuse a change to a closed zaak unless the client has scope zaken.geforceerd-bijwerken."""
    if record.zaak["einddatum"] and not may_force:
        raise Refusal(403, "zaak-closed", "Je mag geen gegevens aanpassen van een gesloten zaak.")


def make_zaak(state: State, request: Request) -> Json:
    """Make a zaak."""
    kept = checked(state, request, ZAAK, "zaak")
    zaaktype = state.at(kept["zaaktype"])
    today = request.now.date()
    if zaaktype["concept"]:
        raise invalid(Wrong("zaaktype", "not-published", "Het zaaktype is niet gepubliceerd."))
    _demand_rules(state, kept, request)
    if not kept["identificatie"]:
        kept["identificatie"] = state.next_number("ZAAK", today.year)
    if state.number_taken(ZAKEN, kept["bronorganisatie"], kept["identificatie"]):
        raise _number_taken()
    planned = date.fromisoformat(kept["startdatum"]) + timedelta(days=DOORLOOPTIJD_DAYS)
    zaak = state.put(ZAKEN, {"url": "", "uuid": "", **kept})
    zaak |= {
        "uuid": zaak["url"].rpartition("/")[2],
        "registratiedatum": kept["registratiedatum"] or today.isoformat(),
        "vertrouwelijkheidaanduiding": kept["vertrouwelijkheidaanduiding"] or zaaktype["vertrouwelijkheidaanduiding"],
        "uiterlijkeEinddatumAfdoening": kept["uiterlijkeEinddatumAfdoening"] or planned.isoformat(),
        "processobject": kept["processobject"] or _NO_PROCESSOBJECT,
        "einddatum": None,
    }
    _filled_in(zaak, request)
    record = state.records[zaak["url"]] = ZaakRecord(zaak)
    state.take_number(ZAKEN, zaak["bronorganisatie"], zaak["identificatie"], zaak["url"])
    _hang(state, record)
    state.note(zaak["identificatie"], "aangemaakt", "zaak", zaak["url"])
    return zaak


def change_zaak(state: State, request: Request, record: ZaakRecord, *, partial: bool, may_force: bool) -> Json:
    """Change a zaak: PATCH with the fields named, PUT with all."""
    demand_open(record, may_force=may_force)
    kept = checked(state, request, ZAAK, "zaak", partial=partial)
    zaak = record.zaak
    for name in ("identificatie", "zaaktype"):
        if name in kept and kept[name] != zaak[name]:
            raise invalid(Wrong(name, "wijzigen-niet-toegelaten", "Dit veld mag niet gewijzigd worden."))
    _demand_rules(state, {**zaak, **kept}, request, spoken=kept, itself=zaak["url"])
    organisation: str = kept.get("bronorganisatie") or zaak["bronorganisatie"]
    if organisation != zaak["bronorganisatie"]:
        if state.number_taken(ZAKEN, organisation, zaak["identificatie"]):
            raise _number_taken()
        state.free_number(ZAKEN, zaak["bronorganisatie"], zaak["identificatie"])
        state.take_number(ZAKEN, organisation, zaak["identificatie"], zaak["url"])
    _unhang(state, record)
    zaak |= kept
    _filled_in(zaak, request)
    _hang(state, record)
    state.note(zaak["identificatie"], "gewijzigd", "zaak", zaak["url"])
    return zaak


def remove_zaak(state: State, record: ZaakRecord, *, may_force: bool = True) -> None:
    """Remove a zaak with all that hangs on it; documents stay."""
    demand_open(record, may_force=may_force)
    if record.deelzaken:
        raise invalid(Wrong("nonFieldErrors", "pending-relations", "De zaak heeft deelzaken."))
    zaak = record.zaak
    _unhang(state, record)
    parts = (
        record.rollen, record.statussen, record.resultaten, record.zaakobjecten, record.zaakinformatieobjecten,
    )  # fmt: skip
    for path in [path for each in parts for path in each]:
        state.drop(path)
    state.collections.pop(eigenschappen_of(zaak["url"]), None)
    state.drop(zaak["url"])
    del state.records[zaak["url"]]
    state.free_number(ZAKEN, zaak["bronorganisatie"], zaak["identificatie"])
    state.note(zaak["identificatie"], "verwijderd", "zaak", zaak["url"])


def _demand_rules(state: State, zaak: Json, request: Request, *, spoken: Json | None = None, itself: str = "") -> None:
    """Check rules over more than one field; `spoken` are the fields of this request."""
    spoken = zaak if spoken is None else spoken
    if (spoken.get("registratiedatum") or "") > request.now.date().isoformat():
        raise invalid(Wrong("registratiedatum", "date-in-future", "Deze datum mag niet in de toekomst zijn"))
    if spoken.get("laatsteBetaaldatum") and moment_of(spoken["laatsteBetaaldatum"]) > request.now:
        raise invalid(
            Wrong(
                "laatsteBetaaldatum", "future_not_allowed", "Het opgegeven datum en tijd mag niet in de toekomst zijn."
            )
        )
    if zaak["betalingsindicatie"] == "nvt" and spoken.get("laatsteBetaaldatum"):
        raise invalid(
            Wrong(
                "laatsteBetaaldatum",
                "betaling-nvt",
                "Laatste betaaldatum kan niet gezet worden als er niet betaald wordt",
            )
        )
    if spoken.get("productenOfDiensten"):
        allowed = state.at(zaak["zaaktype"])["productenOfDiensten"]
        if not set(spoken["productenOfDiensten"]) <= set(allowed):
            raise invalid(
                Wrong(
                    "productenOfDiensten", "invalid-products-services", "Niet alle producten/diensten zijn toegestaan."
                )
            )
    for index, other in enumerate(spoken.get("relevanteAndereZaken") or ()):
        if other["aardRelatie"] == "overig" and not other["overigeRelatie"]:
            name = f"relevanteAndereZaken.{index}.overigeRelatie"
            raise invalid(Wrong(name, "overigerelatie-required", "Verplicht als de aard van de relatie overig is."))
    if spoken.get("hoofdzaak"):
        _demand_hoofdzaak(state, zaak, itself)


def _demand_hoofdzaak(state: State, zaak: Json, itself: str) -> None:
    hoofdzaak = state.at(zaak["hoofdzaak"])
    if hoofdzaak["url"] == itself:
        raise invalid(Wrong("hoofdzaak", "self-forbidden", "Een zaak is geen hoofdzaak van zichzelf."))
    if hoofdzaak["hoofdzaak"]:
        raise invalid(Wrong("hoofdzaak", "deelzaak-als-hoofdzaak", "Deelzaken van deelzaken wordt niet ondersteund."))
    if zaak["zaaktype"] not in state.at(hoofdzaak["zaaktype"])["deelzaaktypen"]:
        raise invalid(Wrong("hoofdzaak", "invalid-deelzaaktype", "Zaaktype hoort niet bij de deelzaaktypen."))


def _filled_in(zaak: Json, request: Request) -> None:
    if zaak["betalingsindicatie"] == "nvt":
        zaak["laatsteBetaaldatum"] = None
    zaak["betalingsindicatieWeergave"] = _BETALING[zaak["betalingsindicatie"]]
    zaak["opschorting"] = {**_NO_OPSCHORTING, **(zaak["opschorting"] or {})}
    zaak["laatstGemuteerd"] = request.now.isoformat()[:-6] + "Z"


def _hang(state: State, record: ZaakRecord) -> None:
    if record.zaak["hoofdzaak"]:
        state.records[record.zaak["hoofdzaak"]].deelzaken[record.zaak["url"]] = record.zaak


def _unhang(state: State, record: ZaakRecord) -> None:
    if record.zaak["hoofdzaak"]:
        state.records[record.zaak["hoofdzaak"]].deelzaken.pop(record.zaak["url"], None)


def _number_taken() -> Refusal:
    reason = "Deze identificatie bestaat al voor deze bronorganisatie"
    return invalid(Wrong("identificatie", "identificatie-niet-uniek", reason))
