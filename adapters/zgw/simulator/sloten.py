"""The lock of a document, and the bestandsdelen that a large one comes in.

Rules: Documenten API 1.4.2 as Open Zaak 1.30 answers them: a document that is made or changed with a size and without
inhoud gets bestandsdelen and a lock; the content stands when all parts are in and the lock is taken off.
"""

from __future__ import annotations

from hashlib import sha256
from uuid import uuid4

from adapters.zgw.simulator.exchange import Answer, Json, Request, Wrong, answer, invalid
from adapters.zgw.simulator.inhoud import KEPT_BYTES_MAX
from adapters.zgw.simulator.state import Content, State, absolute

BESTANDSDELEN = "/documenten/api/v1/bestandsdelen"
_RESOURCE = "enkelvoudiginformatieobject"


def demand_lock(document: Json, lock: str) -> None:
    """Refuse a change by one who has not locked the document."""
    if not document["locked"]:
        raise invalid(Wrong("nonFieldErrors", "unlocked", "Niet gelockt document mag niet bewerkt worden."))
    if not lock:
        raise invalid(Wrong("lock", "missing-lock-id", "Dit veld is vereist."))
    if lock != document["lock"]:
        raise invalid(Wrong("nonFieldErrors", "incorrect-lock-id", "Lock id is niet correct."))


def act_on_lock(state: State, request: Request, document: Json, act: str, *, may_force: bool) -> Answer:
    """Lock or unlock; `may_force` stands for the scope documenten.geforceerd-unlock."""
    if act == "lock":
        if document["locked"]:
            raise invalid(Wrong("nonFieldErrors", "existing-lock", "Het document is al gelockt."))
        document |= {"locked": True, "lock": uuid4().hex}
        state.note("", "gelockt", _RESOURCE, document["url"])
        return answer({"lock": document["lock"]})
    if not (may_force and not request.data.get("lock")) and request.data.get("lock", "") != document.get("lock", ""):
        raise invalid(Wrong("nonFieldErrors", "incorrect-lock-id", "Lock id is niet correct."))
    parts = _parts_of(state, document)
    came = [part for part in parts if part["voltooid"]]
    if came and len(came) < len(parts):
        raise invalid(Wrong("nonFieldErrors", "incomplete-upload", "Upload of part files is not complete"))
    if came:
        _join(state, document, parts)
    for part in parts:
        state.drop(part["url"])
        state.parts.pop(part["url"], None)
    document |= {"locked": False, "bestandsdelen": []}
    document.pop("lock", None)
    state.note("", "ontgrendeld", _RESOURCE, document["url"])
    return Answer(204, (), b"")


def divide(state: State, document: Json, size: int, *, part_size: int) -> None:
    """Let a document wait for its content: lock it, and say in which parts the content is to come."""
    if not document["locked"]:
        document |= {"locked": True, "lock": uuid4().hex}
    document["bestandsomvang"] = size
    document["bestandsdelen"] = []
    for number, start in enumerate(range(0, size, part_size), 1):
        part = {"url": "", "volgnummer": number, "omvang": min(part_size, size - start), "voltooid": False}
        part["lock"] = document["lock"]
        document["bestandsdelen"].append(state.put(BESTANDSDELEN, part))


def take_part(state: State, request: Request, part: Json, content: bytes | None) -> Json:
    """Take the content of one bestandsdeel."""
    if request.data.get("lock") != part["lock"]:
        raise invalid(Wrong("nonFieldErrors", "incorrect-lock-id", "Lock id is niet correct."))
    if content is None:
        raise invalid(Wrong("inhoud", "required", "Dit veld is vereist."))
    if len(content) != part["omvang"]:
        reason = "Het aangeleverde bestand heeft een afwijkende grootte."
        raise invalid(Wrong("nonFieldErrors", "file-size", reason))
    state.parts[part["url"]] = content
    part["voltooid"] = True
    return part


def without_content(state: State, document: Json) -> None:
    """Let a document stand that has no content."""
    state.contents.pop(document["url"], None)
    document |= {"inhoud": None, "bestandsomvang": None}


def shown_document(document: Json, base: str) -> Json:
    """Give a document as a reader sees it; the lock shows in its bestandsdelen only."""
    return absolute({name: value for name, value in document.items() if name != "lock"}, base)


def _parts_of(state: State, document: Json) -> list[Json]:
    return [state.at(each["url"]) for each in document["bestandsdelen"]]


def _join(state: State, document: Json, parts: list[Json]) -> None:
    hashed, whole, size = sha256(), bytearray(), 0
    for part in sorted(parts, key=lambda each: int(each["volgnummer"])):
        content = state.parts[part["url"]]
        hashed.update(content)
        size += len(content)
        whole += content
    path = document["url"]
    state.contents[path] = Content(hashed.hexdigest(), size, bytes(whole) if size <= KEPT_BYTES_MAX else None)
    document |= {"inhoud": f"{path}/download?versie={document['versie']}", "bestandsomvang": size}
