"""The Catalogi API, read only: a Catalogue turned into resources (Catalogi API 1.3.1)."""

from __future__ import annotations

from datetime import date
from uuid import NAMESPACE_URL, uuid5

from adapters.zgw.simulator.catalogue import Catalogue, Zaaktype
from adapters.zgw.simulator.exchange import Json
from adapters.zgw.simulator.state import State

API = "/catalogi/api/v1"
COLLECTIONS = (
    "catalogussen", "zaaktypen", "statustypen", "roltypen", "resultaattypen", "informatieobjecttypen",
    "zaaktype-informatieobjecttypen", "eigenschappen", "besluittypen",
)  # fmt: skip
DOORLOOPTIJD_DAYS = 56


def fill(state: State, catalogue: Catalogue) -> None:
    """Put the catalogue in `state`. The same catalogue gets the same URLs, so that a client may cache them."""
    _Filler(state, catalogue).fill()


class _Filler:
    def __init__(self, state: State, catalogue: Catalogue) -> None:
        self._state = state
        self._catalogue = catalogue
        self._documents: dict[str, Json] = {}
        self._besluittypen: dict[str, Json] = {}

    def fill(self) -> None:
        catalogue = self._catalogue
        self._catalogus = self._put(
            "catalogussen",
            catalogue.domein,
            {
                "domein": catalogue.domein,
                "rsin": catalogue.rsin,
                "contactpersoonBeheerNaam": "Functioneel beheer",
                "contactpersoonBeheerTelefoonnummer": "",
                "contactpersoonBeheerEmailadres": "",
                "zaaktypen": [],
                "besluittypen": [],
                "informatieobjecttypen": [],
                "naam": catalogue.naam,
                "versie": "",
                "begindatumVersie": None,
            },
        )
        for zaaktype in catalogue.zaaktypen:
            self._zaaktype(zaaktype)
        by_code: dict[str, list[str]] = {}
        for path, data in self._state.collections[f"{API}/zaaktypen"].items():
            by_code.setdefault(data["identificatie"], []).append(path)
        for zaaktype in catalogue.zaaktypen:
            deelzaaktypen = [path for code in zaaktype.deelzaaktypen for path in by_code.get(code, ())]
            self._state.at(self._path("zaaktypen", _version(zaaktype)))["deelzaaktypen"] = deelzaaktypen

    def _zaaktype(self, zaaktype: Zaaktype) -> None:
        version = _version(zaaktype)
        data = self._put("zaaktypen", version, _zaaktype(zaaktype, self._catalogus["url"]))
        self._catalogus["zaaktypen"].append(data["url"])
        of = {
            "zaaktype": data["url"],
            "zaaktypeIdentificatie": zaaktype.identificatie,
            "catalogus": self._catalogus["url"],
            **_GELDIGHEID,
        }
        for volgnummer, omschrijving in enumerate(zaaktype.statustypen, 1):
            self._part(data, "statustypen", version, omschrijving, {
                "omschrijving": omschrijving, "omschrijvingGeneriek": "", "statustekst": "", "volgnummer": volgnummer,
                "isEindstatus": volgnummer == len(zaaktype.statustypen), "informeren": False, "doorlooptijd": None,
                "toelichting": None, "checklistitemStatustype": [], "eigenschappen": [], "zaakobjecttypen": [], **of,
            })  # fmt: skip
        for roltype in zaaktype.roltypen:
            self._part(data, "roltypen", version, roltype.omschrijving, {
                "omschrijving": roltype.omschrijving, "omschrijvingGeneriek": roltype.omschrijving_generiek, **of,
            })  # fmt: skip
        for omschrijving in zaaktype.resultaattypen:
            self._part(data, "resultaattypen", version, omschrijving, {
                "omschrijving": omschrijving, "resultaattypeomschrijving": "", "omschrijvingGeneriek": omschrijving,
                "selectielijstklasse": "", "toelichting": "", "archiefnominatie": "vernietigen",
                "archiefactietermijn": "P5Y", "brondatumArchiefprocedure": None, "procesobjectaard": "",
                "indicatieSpecifiek": None, "procestermijn": None, "besluittypen": [], "besluittypeOmschrijving": [],
                "informatieobjecttypen": [], "informatieobjecttypeOmschrijving": [], **of,
            })  # fmt: skip
        for naam in zaaktype.eigenschappen:
            self._part(data, "eigenschappen", version, naam, {
                "naam": naam, "definitie": naam, "toelichting": "", "statustype": None,
                "specificatie": {"groep": "", "formaat": "tekst", "lengte": "255", "kardinaliteit": "1",
                                 "waardenverzameling": []},
                **of,
            })  # fmt: skip
        for volgnummer, omschrijving in enumerate(zaaktype.informatieobjecttypen, 1):
            document = self._informatieobjecttype(omschrijving)
            data["informatieobjecttypen"].append(document["url"])
            document["zaaktypen"].append(data["url"])
            self._put("zaaktype-informatieobjecttypen", f"{version}/{omschrijving}", {
                "zaaktype": data["url"], "zaaktypeIdentificatie": zaaktype.identificatie,
                "informatieobjecttype": document["url"], "volgnummer": volgnummer, "richting": "inkomend",
                "statustype": None, "catalogus": self._catalogus["url"],
            })  # fmt: skip

        for omschrijving in zaaktype.besluittypen:
            self._besluittype(omschrijving, data)

    def _besluittype(self, omschrijving: str, zaaktype: Json) -> None:
        known = self._besluittypen.get(omschrijving)
        if known is None:
            known = self._besluittypen[omschrijving] = self._put("besluittypen", omschrijving, {
                "catalogus": self._catalogus["url"], "zaaktypen": [], "omschrijving": omschrijving,
                "omschrijvingGeneriek": "", "besluitcategorie": "", "reactietermijn": "P6W",
                "publicatieIndicatie": False, "publicatietekst": "", "publicatietermijn": None, "toelichting": "",
                "informatieobjecttypen": [], "beginGeldigheid": "2020-01-01", "eindeGeldigheid": None,
                "concept": False, "resultaattypen": [], "resultaattypenOmschrijving": [], "vastgelegdIn": [],
                "beginObject": "2020-01-01", "eindeObject": None,
            })  # fmt: skip
            self._catalogus["besluittypen"].append(known["url"])
        known["zaaktypen"].append(zaaktype["url"])
        zaaktype["besluittypen"].append(known["url"])
        for path in zaaktype["informatieobjecttypen"]:
            if path not in known["informatieobjecttypen"]:
                known["informatieobjecttypen"].append(path)
                known["vastgelegdIn"].append(self._state.at(path)["omschrijving"])
                self._state.at(path)["besluittypen"].append(known["url"])

    def _informatieobjecttype(self, omschrijving: str) -> Json:
        known = self._documents.get(omschrijving)
        if known is None:
            known = self._documents[omschrijving] = self._put("informatieobjecttypen", omschrijving, {
                "catalogus": self._catalogus["url"], "omschrijving": omschrijving,
                "vertrouwelijkheidaanduiding": "openbaar", "beginGeldigheid": "2020-01-01", "eindeGeldigheid": None,
                "concept": False, "besluittypen": [], "informatieobjectcategorie": "document", "trefwoord": [],
                "omschrijvingGeneriek": {
                    f"{name}nformatieobjecttypeOmschrijvingGeneriek": ""
                    for name in ("i", "definitieI", "herkomstI", "hierarchieI", "opmerkingI")
                },
                "zaaktypen": [], "beginObject": None, "eindeObject": None,
            })  # fmt: skip
            self._catalogus["informatieobjecttypen"].append(known["url"])
        return known

    def _part(self, zaaktype: Json, collection: str, version: str, name: str, data: Json) -> None:
        zaaktype[collection].append(self._put(collection, f"{version}/{name}", data)["url"])

    def _put(self, collection: str, name: str, data: Json) -> Json:
        return self._state.put(f"{API}/{collection}", {"url": "", **data}, path=self._path(collection, name))

    def _path(self, collection: str, name: str) -> str:
        return f"{API}/{collection}/{uuid5(NAMESPACE_URL, f'{self._catalogue.domein}/{collection}/{name}')}"


_GELDIGHEID: Json = {"beginGeldigheid": None, "eindeGeldigheid": None, "beginObject": None, "eindeObject": None}


def _version(zaaktype: Zaaktype) -> str:
    return f"{zaaktype.identificatie}/{zaaktype.begin.isoformat()}"


def _zaaktype(zaaktype: Zaaktype, catalogus: str) -> Json:
    return {
        "identificatie": zaaktype.identificatie, "omschrijving": zaaktype.omschrijving, "omschrijvingGeneriek": "",
        "vertrouwelijkheidaanduiding": "zaakvertrouwelijk", "doel": "voorbeeld", "aanleiding": "voorbeeld",
        "toelichting": "", "indicatieInternOfExtern": "extern", "handelingInitiator": "aanvragen",
        "onderwerp": "voorbeeld", "handelingBehandelaar": "behandelen", "doorlooptijd": f"P{DOORLOOPTIJD_DAYS}D",
        "servicenorm": None, "opschortingEnAanhoudingMogelijk": True, "verlengingMogelijk": True,
        "verlengingstermijn": "P30D", "trefwoorden": [], "publicatieIndicatie": False, "publicatietekst": "",
        "verantwoordingsrelatie": [], "productenOfDiensten": [], "selectielijstProcestype": "",
        "referentieproces": {"naam": "voorbeeld", "link": ""}, "concept": zaaktype.concept,
        "verantwoordelijke": "voorbeeld", "broncatalogus": {"url": "", "domein": "", "rsin": ""},
        "bronzaaktype": {"url": "", "identificatie": "", "omschrijving": ""},
        "beginGeldigheid": zaaktype.begin.isoformat(),
        "eindeGeldigheid": zaaktype.einde.isoformat() if zaaktype.einde else None,
        "versiedatum": zaaktype.begin.isoformat(), "beginObject": zaaktype.begin.isoformat(), "eindeObject": None,
        "catalogus": catalogus, "statustypen": [], "resultaattypen": [], "eigenschappen": [],
        "informatieobjecttypen": [], "roltypen": [], "besluittypen": [], "deelzaaktypen": [],
        "gerelateerdeZaaktypen": [], "zaakobjecttypen": [],
    }  # fmt: skip


def valid_on(day: date, data: Json) -> bool:
    """Say whether a type is valid on `day`; Open Zaak counts eindeGeldigheid as the last day."""
    begin, end = data.get("beginGeldigheid"), data.get("eindeGeldigheid")
    return (begin is None or begin <= day.isoformat()) and (end is None or day.isoformat() <= end)
