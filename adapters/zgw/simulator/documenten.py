"""Documents: what Open Zaak demands of an enkelvoudiginformatieobject, its lock and its download.

Rules: Documenten API 1.4.2 as Open Zaak 1.30 answers them. Uploading in bestandsdelen is not simulated.
"""

from __future__ import annotations

from uuid import uuid4

from adapters.zgw.simulator.exchange import Answer, Json, Refusal, Request, Wrong, answer, invalid
from adapters.zgw.simulator.shapes import DOCUMENT, DOCUMENTEN
from adapters.zgw.simulator.state import Content, State, absolute
from adapters.zgw.simulator.zaken import checked

_UNFINISHED = ("in_bewerking", "ter_vaststelling")


def make_document(state: State, request: Request, content: Content | None) -> Json:
    """Make a document."""
    kept = checked(state, request, DOCUMENT, "document", beside=frozenset({"inhoud"}))
    if state.at(kept["informatieobjecttype"])["concept"]:
        raise invalid(Wrong("informatieobjecttype", "not-published", "Het informatieobjecttype is niet gepubliceerd."))
    if kept["ontvangstdatum"] and kept["status"] in _UNFINISHED:
        reason = "De waarde is niet toegestaan voor een ontvangen document."
        raise invalid(Wrong("status", "invalid_for_received", reason))
    if kept["indicatieGebruiksrecht"]:
        reason = "Er zijn geen gebruiksrechten vastgelegd."
        raise invalid(Wrong("indicatieGebruiksrecht", "missing-gebruiksrechten", reason))
    if content is None and kept["bestandsomvang"]:
        reason = "De simulator kent geen upload in bestandsdelen: stuur `inhoud` mee."
        raise invalid(Wrong("inhoud", "required", reason))
    if content is not None and "bestandsomvang" in request.data and kept["bestandsomvang"] != content.size_bytes:
        reason = "The size of upload file should match bestandsomvang field"
        raise invalid(Wrong("nonFieldErrors", "file-size", reason))
    if not kept["identificatie"]:
        kept["identificatie"] = f"DOCUMENT-{request.now.year}-{len(state.effects) + 1:010d}"
    organisation, number = kept["bronorganisatie"], kept["identificatie"]
    if state.number_taken(DOCUMENTEN, organisation, number):
        reason = "Deze identificatie bestaat al voor deze bronorganisatie"
        raise invalid(Wrong("identificatie", "identificatie-niet-uniek", reason))
    document = state.put(DOCUMENTEN, {"url": "", **kept})
    document |= {
        "versie": 1,
        "beginRegistratie": request.now.isoformat()[:-6] + "Z",
        "inhoud": f"{document['url']}/download?versie=1" if content else None,
        "bestandsomvang": content.size_bytes if content else None,
        "vertrouwelijkheidaanduiding": kept["vertrouwelijkheidaanduiding"]
        or state.at(kept["informatieobjecttype"])["vertrouwelijkheidaanduiding"],
        "locked": False,
        "bestandsdelen": [],
    }
    if content:
        state.contents[document["url"]] = content
    state.take_number(DOCUMENTEN, organisation, number, document["url"])
    state.note("", "aangemaakt", "enkelvoudiginformatieobject", document["url"])
    return {**absolute(document, request.base), "lock": ""}


def remove_document(state: State, document: Json) -> None:
    """Remove a document that is in no zaak."""
    path = document["url"]
    if any(
        link["informatieobject"] == path
        for record in state.records.values()
        for link in record.zaakinformatieobjecten.values()
    ):
        reason = "Het informatieobject is nog aan een zaak gekoppeld."
        raise invalid(Wrong("nonFieldErrors", "pending-relations", reason))
    state.drop(path)
    state.contents.pop(path, None)
    state.free_number(DOCUMENTEN, document["bronorganisatie"], document["identificatie"])
    state.note("", "verwijderd", "enkelvoudiginformatieobject", path)


def act_on_document(state: State, request: Request, document: Json, act: str) -> Answer:
    """Download, lock or unlock."""
    if (request.method, act) == ("GET", "download"):
        content = state.contents.get(document["url"])
        if content is None or content.kept is None:
            raise Refusal(404, "not_found", "De simulator heeft van deze inhoud alleen omvang en hash.")
        return Answer(200, (("content-type", "application/octet-stream"),), content.kept)
    if (request.method, act) == ("POST", "lock"):
        if document["locked"]:
            raise invalid(Wrong("nonFieldErrors", "existing-lock", "Het document is al gelockt."))
        document |= {"locked": True, "lock": uuid4().hex}
        state.note("", "gelockt", "enkelvoudiginformatieobject", document["url"])
        return answer({"lock": document["lock"]})
    if (request.method, act) == ("POST", "unlock"):
        if request.data.get("lock") != document.get("lock"):
            raise invalid(Wrong("nonFieldErrors", "incorrect-lock-id", "Lock id is niet correct."))
        document["locked"] = False
        document.pop("lock", None)
        state.note("", "ontgrendeld", "enkelvoudiginformatieobject", document["url"])
        return Answer(204, (), b"")
    raise Refusal(405, "method_not_allowed", f"Methode {request.method} niet toegestaan.")
