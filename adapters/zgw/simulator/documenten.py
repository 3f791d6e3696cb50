"""Documents: what Open Zaak demands of an enkelvoudiginformatieobject, its versions and its download.

Rules: Documenten API 1.4.2 as Open Zaak 1.30 answers them. Locks and bestandsdelen are in `sloten.py`.
"""

from __future__ import annotations

from adapters.zgw.simulator.besluiten import BESLUITINFORMATIEOBJECTEN
from adapters.zgw.simulator.exchange import Answer, Json, Refusal, Request, Wrong, invalid
from adapters.zgw.simulator.fields import Field, Shape, text
from adapters.zgw.simulator.shapes import DOCUMENT, DOCUMENTEN
from adapters.zgw.simulator.sloten import demand_lock, divide, without_content
from adapters.zgw.simulator.state import Content, State, Version
from adapters.zgw.simulator.zaken import checked

_UNFINISHED = ("in_bewerking", "ter_vaststelling")
_INHOUD = frozenset({"inhoud"})
DOCUMENT_WITH_LOCK: Shape = {**DOCUMENT, "lock": Field(text(shortest=1), required=True)}


def make_document(state: State, request: Request, content: Content | None, *, part_size: int) -> Json:
    """Make a document; without content but with a size it waits for its bestandsdelen. `part_size` 0: no such thing."""
    kept = checked(state, request, DOCUMENT, "document", beside=_INHOUD)
    _demand_rules(state, request, kept, content, part_size=part_size)
    if not kept["identificatie"]:
        kept["identificatie"] = state.next_number("DOCUMENT", request.now.year)
    organisation, number = kept["bronorganisatie"], kept["identificatie"]
    if state.number_taken(DOCUMENTEN, organisation, number):
        reason = "Deze identificatie bestaat al voor deze bronorganisatie"
        raise invalid(Wrong("identificatie", "identificatie-niet-uniek", reason))
    size = kept.pop("bestandsomvang")
    document = state.put(DOCUMENTEN, {"url": "", **kept, "versie": 1, "locked": False, "bestandsdelen": []})
    _fill_in(state, request, document, content)
    state.take_number(DOCUMENTEN, organisation, number, document["url"])
    state.note("", "aangemaakt", "enkelvoudiginformatieobject", document["url"])
    if content is None and size:
        divide(state, document, size, part_size=part_size)
    return document


def change_document(
    state: State, request: Request, document: Json, content: Content | None, *, partial: bool, part_size: int
) -> Json:
    """Make a new version: PATCH with the fields named, PUT with all. A PATCH that is silent of inhoud keeps it."""
    kept = checked(state, request, DOCUMENT_WITH_LOCK, "document", partial=partial, beside=_INHOUD)
    demand_lock(document, str(kept.pop("lock", "")))
    if document["status"] == "definitief":
        reason = "De status van het document is `definitief`: het kan niet meer gewijzigd worden."
        raise invalid(Wrong("nonFieldErrors", "modify-status-definitief", reason))
    size = kept.pop("bestandsomvang", None)
    spoken = "inhoud" in request.data or not partial
    _demand_rules(state, request, {**document, **kept, "bestandsomvang": size}, content, part_size=part_size)
    path = document["url"]
    before = Version(dict(document), state.contents.get(path))
    state.versions.setdefault(path, []).append(before)
    document |= {**kept, "versie": document["versie"] + 1}
    _fill_in(state, request, document, content if spoken else before.content)
    state.note("", "gewijzigd", "enkelvoudiginformatieobject", path)
    if spoken and content is None and size:
        divide(state, document, size, part_size=part_size)
    return document


def remove_document(state: State, document: Json) -> None:
    """Remove a document that is in no zaak and no besluit."""
    path = document["url"]
    in_zaak = any(
        link["informatieobject"] == path
        for record in state.records.values()
        for link in record.zaakinformatieobjecten.values()
    )
    in_besluit = any(
        link["informatieobject"] == path for link in state.collections.get(BESLUITINFORMATIEOBJECTEN, {}).values()
    )
    if in_zaak or in_besluit:
        reason = "Het informatieobject is nog aan een zaak of besluit gekoppeld."
        raise invalid(Wrong("nonFieldErrors", "pending-relations", reason))
    state.drop(path)
    state.contents.pop(path, None)
    state.versions.pop(path, None)
    state.free_number(DOCUMENTEN, document["bronorganisatie"], document["identificatie"])
    state.note("", "verwijderd", "enkelvoudiginformatieobject", path)


def version_of(state: State, request: Request, document: Json) -> Version:
    """Give the version that the request asks for (`versie`); the latest when it asks for none."""
    path = document["url"]
    latest = Version(document, state.contents.get(path))
    asked = dict(request.query).get("versie", str(document["versie"]))
    known: list[Version] = [*state.versions.get(path, ()), latest]
    for each in known:
        if str(each.document["versie"]) == asked:
            return each
    raise Refusal(404, "not_found", "Niet gevonden.")


def download(state: State, request: Request, document: Json) -> Answer:
    """Give the content."""
    content = version_of(state, request, document).content
    if content is None or content.kept is None:
        raise Refusal(404, "not_found", "De simulator heeft van deze inhoud alleen omvang en hash.")
    return Answer(200, (("content-type", "application/octet-stream"),), content.kept)


def _fill_in(state: State, request: Request, document: Json, content: Content | None) -> None:
    path = document["url"]
    document["beginRegistratie"] = request.now.isoformat()[:-6] + "Z"
    document["vertrouwelijkheidaanduiding"] = (
        document["vertrouwelijkheidaanduiding"]
        or state.at(document["informatieobjecttype"])["vertrouwelijkheidaanduiding"]
    )
    if content is None:
        without_content(state, document)
        return
    state.contents[path] = content
    document["inhoud"] = f"{path}/download?versie={document['versie']}"
    document["bestandsomvang"] = content.size_bytes


def _demand_rules(state: State, request: Request, document: Json, content: Content | None, *, part_size: int) -> None:
    if state.at(document["informatieobjecttype"])["concept"]:
        raise invalid(Wrong("informatieobjecttype", "not-published", "Het informatieobjecttype is niet gepubliceerd."))
    if document["ontvangstdatum"] and document["status"] in _UNFINISHED:
        reason = "De waarde is niet toegestaan voor een ontvangen document."
        raise invalid(Wrong("status", "invalid_for_received", reason))
    if document["indicatieGebruiksrecht"]:
        reason = "Er zijn geen gebruiksrechten vastgelegd."
        raise invalid(Wrong("indicatieGebruiksrecht", "missing-gebruiksrechten", reason))
    size = document["bestandsomvang"]
    if content is None and size and not part_size:
        reason = "Deze server kent geen upload in bestandsdelen: stuur `inhoud` mee."
        raise invalid(Wrong("inhoud", "required", reason))
    if content is not None and "bestandsomvang" in request.data and size != content.size_bytes:
        reason = "The size of upload file should match bestandsomvang field"
        raise invalid(Wrong("nonFieldErrors", "file-size", reason))
