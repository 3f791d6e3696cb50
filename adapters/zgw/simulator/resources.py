"""What is done with a request that may come in: find the resource, and do what the method says.

It knows addresses and methods. The rules of each resource are in its own module.
"""

from __future__ import annotations

from collections.abc import Mapping

from adapters.zgw.simulator.access import CRS
from adapters.zgw.simulator.besluiten import (
    BESLUITEN,
    BESLUITINFORMATIEOBJECTEN,
    besluiten_of,
    change_besluit,
    demand_no_besluiten,
    make_besluit,
    make_link,
    remove_besluit,
    remove_link,
)
from adapters.zgw.simulator.documenten import change_document, download, make_document, remove_document, version_of
from adapters.zgw.simulator.exchange import Answer, Body, Json, Refusal, Request, answer
from adapters.zgw.simulator.intake import Intake, read_document, read_form, read_json
from adapters.zgw.simulator.listing import known, listed, searched, shown
from adapters.zgw.simulator.nummers import reserve
from adapters.zgw.simulator.onderdelen import PARTS, change_part, make_part, remove_part
from adapters.zgw.simulator.registreren import register
from adapters.zgw.simulator.shapes import DOCUMENTEN, EIGENSCHAPPEN, ROLLEN, ZAKEN
from adapters.zgw.simulator.sloten import BESTANDSDELEN, act_on_lock, shown_document, take_part
from adapters.zgw.simulator.state import State, absolute, eigenschappen_of
from adapters.zgw.simulator.vermogens import ADDRESSES, EXPAND, ROLLEN_WIJZIGEN, ZAAK_REGISTREREN, ZAAKNUMMER
from adapters.zgw.simulator.vermogens import BESTANDSDELEN as IN_PARTS
from adapters.zgw.simulator.zaken import change_zaak, make_zaak, remove_zaak

_JSON_TYPES = ("application/json", "application/problem+json")
_BESLUITEN_OF_ZAAK = "/besluiten"
_GONE = Answer(204, (), b"")


class Resources:
    """Answers requests on what stands. `able` names what this server has of the operations that some lack."""

    def __init__(self, state: State, *, able: frozenset[str], page_size: int, part_size: int, may_force: bool) -> None:
        """See `create`."""
        self._state = state
        self._able = able
        self._page_size = page_size
        self._part_size = part_size if IN_PARTS in able else 0
        self._may_force = may_force

    async def read(self, request: Request, body: Body) -> Intake:
        """Read the body of a write as its address wants it."""
        content_type = request.headers.get("content-type", "")
        if request.path.startswith(f"{BESTANDSDELEN}/"):
            return await read_form(body, content_type, most=self._part_size)
        if not content_type.startswith(_JSON_TYPES):
            raise Refusal(415, "unsupported_media_type", "Niet ondersteund mediatype.")
        writes = request.path == DOCUMENTEN or (_collection_of(request.path) == DOCUMENTEN and request.method != "POST")
        return await (read_document if writes else read_json)(body)

    def answer(self, request: Request, came: Intake) -> Answer:
        """Do it."""
        path, collection = request.path, _collection_of(request.path)
        if ADDRESSES.get(path, "") in self._able and request.method == "POST":
            return self._on_operation(request)
        if path in ADDRESSES:
            raise Refusal(404, "not_found", "Niet gevonden.")
        if known(path):
            return self._on_collection(request, came)
        if collection.startswith(f"{ZAKEN}/") or path.endswith((f"/{EIGENSCHAPPEN}", _BESLUITEN_OF_ZAAK)):
            return self._under_zaak(request)
        if collection == BESTANDSDELEN and request.method == "PUT":
            return answer(absolute(take_part(self._state, request, self._found(path), came.part), request.base))
        if known(collection):
            return self._on_item(request, collection, self._found(path), came)
        if collection.startswith(f"{DOCUMENTEN}/"):
            return self._on_act(request, self._found(collection), path.rpartition("/")[2])
        raise Refusal(404, "not_found", "Niet gevonden.")

    def _on_operation(self, request: Request) -> Answer:
        if request.path == ZAAK_REGISTREREN:
            return answer(register(self._state, request), status=201)
        if request.path == ZAAKNUMMER:
            return reserve(self._state, request, word="ZAAK", name="zaaknummer")
        if request.path.endswith("/_zoek"):
            return searched(self._state, request, page_size=self._page_size, may_expand=EXPAND in self._able)
        return reserve(self._state, request, word="DOCUMENT", name="identificatie")

    def _on_collection(self, request: Request, came: Intake) -> Answer:
        state = self._state
        if request.method == "GET":
            crs = (("content-crs", CRS),) if request.path == ZAKEN else ()
            found = listed(state, request.path, request, page_size=self._page_size, may_expand=EXPAND in self._able)
            return found._replace(headers=(*found.headers, *crs))
        if request.method != "POST":
            raise _not_allowed(request)
        if request.path in PARTS:
            return _made(shown(state, make_part(state, request, request.path, may_force=self._may_force), request))
        if request.path == DOCUMENTEN:
            document = make_document(state, request, came.content, part_size=self._part_size)
            return _made({**shown_document(document, request.base), "lock": document.get("lock", "")})
        makes = {ZAKEN: make_zaak, BESLUITEN: make_besluit, BESLUITINFORMATIEOBJECTEN: make_link}
        if request.path not in makes:
            raise _not_allowed(request)
        return _made(shown(state, makes[request.path](state, request), request))

    def _on_item(self, request: Request, collection: str, data: Json, came: Intake) -> Answer:
        state, method = self._state, request.method
        if method in {"GET", "HEAD"}:
            standing = version_of(state, request, data).document if collection == DOCUMENTEN else data
            return answer(shown(state, standing, request, may_expand=EXPAND in self._able))
        if method == "DELETE":
            return self._on_delete(request, collection, data)
        if method not in {"PUT", "PATCH"}:
            raise _not_allowed(request)
        partial = method == "PATCH"
        if collection == ZAKEN:
            change_zaak(state, request, state.records[request.path], partial=partial, may_force=self._may_force)
        elif collection == DOCUMENTEN:
            change_document(state, request, data, came.content, partial=partial, part_size=self._part_size)
        elif collection == BESLUITEN:
            change_besluit(state, request, data, partial=partial)
        else:
            return self._on_part(request, collection, data)
        return answer(shown(state, data, request))

    def _on_delete(self, request: Request, collection: str, data: Json) -> Answer:
        state = self._state
        if collection == ZAKEN:
            demand_no_besluiten(state, request.path)
            remove_zaak(state, state.records[request.path], may_force=self._may_force)
        elif collection == DOCUMENTEN:
            remove_document(state, data)
        elif collection == BESLUITEN:
            remove_besluit(state, data)
        elif collection == BESLUITINFORMATIEOBJECTEN:
            remove_link(state, data)
        else:
            return self._on_part(request, collection, data)
        return _GONE

    def _on_part(self, request: Request, collection: str, data: Json) -> Answer:
        state, method = self._state, request.method
        lacks_put = collection == ROLLEN and ROLLEN_WIJZIGEN not in self._able
        if collection not in PARTS or method not in PARTS[collection].changes or (lacks_put and method == "PUT"):
            raise _not_allowed(request)
        if method == "DELETE":
            remove_part(state, collection, data, may_force=self._may_force)
            return _GONE
        change_part(state, request, collection, data, partial=method == "PATCH", may_force=self._may_force)
        return answer(absolute(data, request.base))

    def _on_act(self, request: Request, document: Json, act: str) -> Answer:
        if (request.method, act) == ("GET", "download"):
            return download(self._state, request, document)
        if request.method == "POST" and act in {"lock", "unlock"}:
            return act_on_lock(self._state, request, document, act, may_force=self._may_force)
        raise _not_allowed(request)

    def _under_zaak(self, request: Request) -> Answer:
        """Answer under the zaak itself, where zaakeigenschappen and besluiten lie; their lists are bare."""
        zaak, _, rest = request.path.partition(f"/{EIGENSCHAPPEN}")
        if request.path.endswith(_BESLUITEN_OF_ZAAK):
            zaak = request.path.removesuffix(_BESLUITEN_OF_ZAAK)
            self._found(zaak)
            return answer([_zaakbesluit(zaak, each, request.base) for each in besluiten_of(self._state, zaak)])
        self._found(zaak)
        if rest:
            data = self._found(request.path)
            if request.method in {"GET", "HEAD"}:
                return answer(absolute(data, request.base))
            return self._on_part(request, EIGENSCHAPPEN, data)
        if request.method == "GET":
            standing = self._state.collections.get(eigenschappen_of(zaak), {})
            return answer([absolute(each, request.base) for each in standing.values()])
        if request.method == "POST":
            made = make_part(self._state, request, EIGENSCHAPPEN, may_force=self._may_force)
            return _made(absolute(made, request.base))
        raise _not_allowed(request)

    def _found(self, path: str) -> Json:
        found = self._state.find(path)
        if found is None:
            raise Refusal(404, "not_found", "Niet gevonden.")
        return found


def _collection_of(path: str) -> str:
    return path.rpartition("/")[0]


def _zaakbesluit(zaak: str, besluit: Mapping[str, str], base: str) -> Json:
    name = besluit["url"].rpartition("/")[2]
    return {"url": f"{base}{zaak}{_BESLUITEN_OF_ZAAK}/{name}", "uuid": name, "besluit": base + besluit["url"]}


def _made(data: Json) -> Answer:
    return answer(data, status=201, headers=(("location", str(data["url"])),))


def _not_allowed(request: Request) -> Refusal:
    return Refusal(405, "method_not_allowed", f"Methode {request.method} niet toegestaan.")
