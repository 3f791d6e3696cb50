"""Lists: which query parameters a collection knows, what they select, and pages.

Query parameters: the GET operations of Zaken API 1.5.1, Catalogi API 1.3.1 and Documenten API 1.4.2. One that the
collection lacks is refused, as Open Zaak does (code unknown-parameters). Of the parameters that Open Zaak has, those
that nobody here sends are not simulated and are refused too: a filter that is silently ignored hides a mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any
from urllib.parse import urlencode

from adapters.zgw.simulator.besluiten import BESLUITEN, BESLUITINFORMATIEOBJECTEN
from adapters.zgw.simulator.catalogi import valid_on
from adapters.zgw.simulator.exchange import Answer, Json, Refusal, Request, Wrong, answer, invalid
from adapters.zgw.simulator.expand import EXPANDABLE, demanded, expanded
from adapters.zgw.simulator.shapes import (
    DOCUMENTEN,
    OBJECTINFORMATIEOBJECTEN,
    RESULTATEN,
    ROLLEN,
    STATUSSEN,
    ZAAKINFORMATIEOBJECTEN,
    ZAAKOBJECTEN,
    ZAKEN,
)
from adapters.zgw.simulator.sloten import shown_document
from adapters.zgw.simulator.state import State, absolute

PAGE_SIZE_MAX = 500
"""Open Zaak's largest pageSize."""
_PAGING = frozenset({"page", "pageSize"})
_CATALOGI = "/catalogi/api/v1"
_OF_ZAAKTYPE = frozenset({"zaaktype", "zaaktypeIdentificatie", "status", "datumGeldigheid"})
_DATES = ("startdatum", "registratiedatum", "einddatum", "archiefactiedatum")
PARAMETERS: dict[str, frozenset[str]] = {
    ZAKEN: frozenset({
        "identificatie", "identificatie__icontains", "bronorganisatie", "bronorganisatie__in", "zaaktype",
        "omschrijving", "archiefnominatie", "archiefstatus", "einddatum__isnull", "ordering",
        *(f"{name}{how}" for name in _DATES for how in ("", "__gt", "__lt")), "startdatum__gte", "startdatum__lte",
    }),
    ROLLEN: frozenset({
        "zaak", "roltype", "betrokkene", "betrokkeneType", "omschrijving", "omschrijvingGeneriek",
        *(
            f"betrokkeneIdentificatie__{name}"
            for name in (
                "medewerker__identificatie", "organisatorischeEenheid__identificatie", "vestiging__kvkNummer",
                "vestiging__vestigingsNummer", "natuurlijkPersoon__inpBsn", "natuurlijkPersoon__anpIdentificatie",
                "natuurlijkPersoon__inpA_nummer", "nietNatuurlijkPersoon__innNnpId", "nietNatuurlijkPersoon__kvkNummer",
                "nietNatuurlijkPersoon__annIdentificatie", "nietNatuurlijkPersoon__vestigingsNummer",
            )
        ),
    }),
    STATUSSEN: frozenset({"zaak", "statustype", "indicatieLaatstGezetteStatus"}),
    RESULTATEN: frozenset({"zaak", "resultaattype"}),
    ZAAKOBJECTEN: frozenset({"zaak", "object", "objectType"}),
    ZAAKINFORMATIEOBJECTEN: frozenset({"zaak", "informatieobject"}),
    DOCUMENTEN: frozenset({
        "identificatie", "bronorganisatie", "titel", "auteur", "beschrijving", "informatieobjecttype", "locked",
        "vertrouwelijkheidaanduiding",
    }),
    OBJECTINFORMATIEOBJECTEN: frozenset({"object", "informatieobject"}),
    BESLUITEN: frozenset({"identificatie", "verantwoordelijkeOrganisatie", "besluittype", "zaak"}),
    BESLUITINFORMATIEOBJECTEN: frozenset({"besluit", "informatieobject"}),
    f"{_CATALOGI}/catalogussen": frozenset({"domein", "domein__in", "rsin", "rsin__in"}),
    f"{_CATALOGI}/zaaktypen": frozenset({
        "catalogus", "identificatie", "identificatie__icontains", "omschrijving__icontains", "status",
        "datumGeldigheid",
    }),
    f"{_CATALOGI}/statustypen": _OF_ZAAKTYPE,
    f"{_CATALOGI}/roltypen": _OF_ZAAKTYPE | {"omschrijving", "omschrijvingGeneriek"},
    f"{_CATALOGI}/resultaattypen": _OF_ZAAKTYPE,
    f"{_CATALOGI}/eigenschappen": _OF_ZAAKTYPE,
    f"{_CATALOGI}/informatieobjecttypen": frozenset({
        "catalogus", "zaaktype", "omschrijving", "omschrijving__icontains", "status", "datumGeldigheid",
    }),
    f"{_CATALOGI}/besluittypen": frozenset({
        "catalogus", "zaaktypen", "informatieobjecttypen", "omschrijving", "status", "datumGeldigheid",
    }),
    f"{_CATALOGI}/zaaktype-informatieobjecttypen": frozenset({
        "zaaktype", "informatieobjecttype", "richting", "status",
    }),
}  # fmt: skip
_UNPAGED = frozenset({ZAAKINFORMATIEOBJECTEN, OBJECTINFORMATIEOBJECTEN, BESLUITINFORMATIEOBJECTEN})
"""These answer a bare list."""
_OF_ZAAK = {
    ROLLEN: "rollen", STATUSSEN: "statussen", RESULTATEN: "resultaten", ZAAKOBJECTEN: "zaakobjecten",
    ZAAKINFORMATIEOBJECTEN: "zaakinformatieobjecten",
}  # fmt: skip
_STATUS = ("alles", "definitief", "concept")
_ROL = "rol__"
ZOEK = {
    ZAKEN: PARAMETERS[ZAKEN]
    | {f"{_ROL}{name}" for name in PARAMETERS[ROLLEN] if name.startswith(("betrokkeneIdentificatie", "betrokkeneType"))}
    | {"rol__omschrijvingGeneriek", "uuid__in", "zaaktype__in"},
    DOCUMENTEN: frozenset({"uuid__in", "identificatie", "bronorganisatie"}),
}
"""What a `_zoek` takes in its body: also what may not stand in a URL."""


def known(collection: str) -> bool:
    """Say whether `collection` can be listed."""
    return collection in PARAMETERS


def searched(state: State, request: Request, *, page_size: int, may_expand: bool) -> Answer:
    """Answer a POST of `_zoek`: as a list, with the filters in the body."""
    collection = request.path.rpartition("/")[0]
    unknown = request.data.keys() - ZOEK[collection] - ({"expand"} if may_expand else frozenset())
    if unknown:
        raise invalid(*(Wrong(each, "unknown-parameters", "Onbekende parameter.") for each in sorted(unknown)))
    asked = {name: ",".join(value) if isinstance(value, list) else str(value) for name, value in request.data.items()}
    query = {**dict(request.query), **asked}
    return _page(state, collection, query, request, page_size=page_size, may_expand=may_expand)


def listed(state: State, collection: str, request: Request, *, page_size: int, may_expand: bool) -> Answer:
    """Answer a GET of a collection."""
    query = dict(request.query)
    allowed = PARAMETERS[collection] if collection in _UNPAGED else PARAMETERS[collection] | _PAGING
    allowed |= {"expand"} if may_expand and collection in EXPANDABLE else frozenset()
    unknown = query.keys() - allowed
    if unknown:
        names = ", ".join(sorted(unknown))
        raise invalid(Wrong("nonFieldErrors", "unknown-parameters", f"Onbekende query parameters: {names}"))
    if collection in _UNPAGED:
        found = _select(state, collection, query, request)
        return answer([_shown(state, each, collection, request.base) for each in found])
    return _page(state, collection, query, request, page_size=page_size, may_expand=may_expand)


def _page(
    state: State, collection: str, query: dict[str, str], request: Request, *, page_size: int, may_expand: bool
) -> Answer:
    names = demanded(collection, query.pop("expand", "")) if may_expand else []
    ordering = [each for each in query.pop("ordering", "").split(",") if each]
    found = list(_select(state, collection, query, request))
    for name in reversed(ordering):
        found.sort(key=lambda data: str(data.get(name.lstrip("-")) or ""), reverse=name.startswith("-"))
    page = _number(query, "page", 1)
    size = min(_number(query, "pageSize", page_size), PAGE_SIZE_MAX)
    first = (page - 1) * size
    if page > 1 and first >= len(found):
        raise Refusal(404, "not_found", "Ongeldige pagina.")
    return answer(
        {
            "count": len(found),
            "next": _page_url(request, page + 1) if first + size < len(found) else None,
            "previous": _page_url(request, page - 1) if page > 1 else None,
            "results": [
                expanded(_shown(state, each, collection, request.base), names, _look(state, request.base))
                for each in found[first : first + size]
            ],
        }
    )


def shown(state: State, data: Json, request: Request, *, may_expand: bool = False) -> Json:
    """Give one resource as the API shows it."""
    collection = data["url"].rpartition("/")[0]
    names = demanded(collection, dict(request.query).get("expand", "")) if may_expand else []
    return expanded(_shown(state, data, collection, request.base), names, _look(state, request.base))


def _look(state: State, base: str) -> Callable[[str], Json | None]:
    def look(url: str) -> Json | None:
        found = state.find(url.removeprefix(base))
        return _shown(state, found, found["url"].rpartition("/")[0], base) if found else None

    return look


def _shown(state: State, data: Json, collection: str, base: str) -> Json:
    if collection == DOCUMENTEN:
        return shown_document(data, base)
    if collection == ZAKEN:
        return absolute(state.records[data["url"]].view(), base)
    if collection == STATUSSEN:
        latest = state.records[data["zaak"]].status
        return absolute({**data, "indicatieLaatstGezetteStatus": latest is data}, base)
    return absolute(data, base)


def _select(state: State, collection: str, query: dict[str, str], request: Request) -> Iterator[Json]:
    tests: list[Callable[[Json], bool]] = [
        _test(state, collection, name, value, request) for name, value in query.items() if name not in _PAGING
    ]
    if collection.startswith(_CATALOGI) and "status" in PARAMETERS[collection] and "status" not in query:
        # Open Zaak: without `status` only what is published.
        tests.append(_test(state, collection, "status", "definitief", request))
    return (each for each in _candidates(state, collection, query, request) if all(test(each) for test in tests))


def _candidates(state: State, collection: str, query: dict[str, str], request: Request) -> Iterable[Json]:
    zaak = query.get("zaak")
    if zaak is not None and collection in _OF_ZAAK:
        record = state.records.get(zaak.removeprefix(request.base))
        parts: dict[str, Json] = getattr(record, _OF_ZAAK[collection]) if record else {}
        return list(parts.values())
    if collection in {ZAKEN, DOCUMENTEN} and "identificatie" in query and "bronorganisatie" in query:
        path = state.number_taken(collection, query["bronorganisatie"], query["identificatie"])
        return [state.at(path)] if path else []
    return list(state.collections.get(collection, {}).values())


def _test(state: State, collection: str, name: str, value: str, request: Request) -> Callable[[Json], bool]:
    special = _special(state, name, value, request)
    if special is not None:
        return special
    field, _, how = name.partition("__")
    path = ",".join(each.removeprefix(request.base) for each in value.split(","))
    among = _AMONG.get((collection, name))
    if among:
        return lambda data: path in data[among]
    compare = _HOW[how]
    if field == "indicatieLaatstGezetteStatus":
        return lambda data: compare(_shown(state, data, collection, "")[field], path)
    return lambda data: compare(data.get(field), path)


def _special(state: State, name: str, value: str, request: Request) -> Callable[[Json], bool] | None:
    """Give the test of a parameter that is no field of what is listed."""
    field, _, how = name.partition("__")
    if name in {"status", "datumGeldigheid"}:
        return _published(state, value) if name == "status" else _valid(state, _day(value))
    if field == "betrokkeneIdentificatie":
        kind, _, part = how.partition("__")
        kind = "".join(f"_{c.lower()}" if c.isupper() else c for c in kind)
        return lambda data: data["betrokkeneType"] == kind and (data[field] or {}).get(part) == value
    if name.startswith(_ROL):
        of_rol = _test(state, ROLLEN, name.removeprefix(_ROL), value, request)
        return lambda data: any(map(of_rol, state.records[data["url"]].rollen.values()))
    if name == "uuid__in":
        return lambda data: data["url"].rpartition("/")[2] in value.split(",")
    return None


_AMONG = {
    (f"{_CATALOGI}/informatieobjecttypen", "zaaktype"): "zaaktypen",
    (f"{_CATALOGI}/besluittypen", "zaaktypen"): "zaaktypen",
    (f"{_CATALOGI}/besluittypen", "informatieobjecttypen"): "informatieobjecttypen",
}
"""Parameters that name one of a list."""

_HOW: dict[str, Callable[[Any, str], bool]] = {
    "": lambda held, asked: held is (asked == "true") if isinstance(held, bool) else str(held) == asked,
    "icontains": lambda held, asked: asked.lower() in (held or "").lower(),
    "in": lambda held, asked: held in asked.split(","),
    "isnull": lambda held, asked: (held is None) is (asked == "true"),
    "gt": lambda held, asked: held is not None and held > asked,
    "gte": lambda held, asked: held is not None and held >= asked,
    "lt": lambda held, asked: held is not None and held < asked,
    "lte": lambda held, asked: held is not None and held <= asked,
}


def _published(state: State, value: str) -> Callable[[Json], bool]:
    if value not in _STATUS:
        raise invalid(Wrong("status", "invalid_choice", "Dit is geen geldige keuze."))
    if value == "alles":
        return lambda _data: True
    return lambda data: _versioned(state, data)["concept"] is (value == "concept")


def _valid(state: State, day: date) -> Callable[[Json], bool]:
    return lambda data: valid_on(day, _versioned(state, data))


def _versioned(state: State, data: Json) -> Json:
    """Give what carries version and concept: the type itself, or the zaaktype it belongs to."""
    return data if "concept" in data else state.at(data["zaaktype"])


def _day(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise invalid(Wrong("datumGeldigheid", "invalid", "Voer een geldige datum in.")) from None


def _number(query: dict[str, str], name: str, default: int) -> int:
    value = query.get(name, str(default))
    if not (value.isascii() and value.isdigit()) or int(value) < 1:
        raise Refusal(404, "not_found", "Ongeldige pagina.")
    return int(value)


def _page_url(request: Request, page: int) -> str:
    others = [(name, value) for name, value in request.query if name != "page"]
    return f"{request.base}{request.path}?{urlencode([*others, ('page', str(page))])}"
