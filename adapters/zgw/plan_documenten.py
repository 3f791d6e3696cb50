"""From a mapped document event to its steps: a new document, a new version, a lock given back, a relation that ends.

Pure. The content of a large document is a step of its own, so that a retry sends only the parts that are missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from adapters.zgw.options import Options
from adapters.zgw.steps import Steps, digest, identificatie_of
from hub.errors import TargetRefused


class Named(NamedTuple):
    """A document by natural key, with what is said of it."""

    rsin: str
    identificatie: str
    fields: dict[str, Any]
    informatieobjecttype: str | None
    inhoud: Mapping[str, Any] | None

    @property
    def key(self) -> str:
        """Give the end of the keys of its steps."""
        return f"{self.rsin}/{self.identificatie}"

    @property
    def ref(self) -> dict[str, str]:
        """Give what finds it at the target."""
        return {"bronorganisatie": self.rsin, "identificatie": self.identificatie}


def plan_new(steps: Steps, document: Mapping[str, Any], options: Options) -> None:
    """Plan a document and its place in the zaak."""
    named = _named(document, options)
    fields = {
        # ZGW closes no zaak while a document leaves this open; StUF has no word for it, and no rights to claim.
        "indicatieGebruiksrecht": False,
        **{name: value for name, value in named.fields.items() if value is not None},
        **named.ref,
    }
    key = f"document/{named.key}"
    in_parts = _in_parts(named, options)
    body = {
        "velden": fields,
        "informatieobjecttype": named.informatieobjecttype,
        "inhoud": named.inhoud,
        "in_delen": in_parts,
    }
    steps.add("document", "document aanmaken", key, body)
    if in_parts:
        _plan_content(steps, named, key)
    steps.add(
        "zaakinformatieobject",
        "document aan zaak koppelen",
        f"zaakinformatieobject/{named.key}",
        {"velden": _place(document), "document_stap": key},
    )


def plan_change(steps: Steps, document: Mapping[str, Any], options: Options) -> None:
    """Plan a new version. Who has no lock takes one; a lock ends with the change."""
    named, lock = _named(document, options), document.get("lock") or ""
    locking = ""
    if not lock:
        locking = f"document-vergrendelen/{named.key}"
        steps.add("document-vergrendelen", "document vergrendelen", locking, {"document": named.ref})
    in_parts = _in_parts(named, options)
    body = {
        "document": named.ref,
        "velden": named.fields,
        "informatieobjecttype": named.informatieobjecttype,
        "inhoud": named.inhoud,
        "in_delen": in_parts,
        "lock": lock,
        "lock_stap": locking,
    }
    change = f"document-bijwerken/{named.key}/{digest(body)}"
    steps.add("document-bijwerken", "document bijwerken", change, body)
    content = _plan_content(steps, named, change) if in_parts else ""
    release = {"document": named.ref, "lock": lock, "lock_stappen": [change, locking], "inhoud_stap": content}
    steps.add("document-vrijgeven", "document vrijgeven", f"document-vrijgeven/{named.key}", release)
    place = _place(document)
    if steps.ref and place:
        steps.add(
            "zaakinformatieobject-bijwerken",
            "document bij zaak bijwerken",
            f"zaakinformatieobject-bijwerken/{named.key}/{digest(place)}",
            {"velden": place, "document_stap": change},
        )


def plan_release(steps: Steps, document: Mapping[str, Any], options: Options) -> None:
    """Plan that a lock ends without a change."""
    named = _named(document, options)
    body: dict[str, Any] = {
        "document": named.ref,
        "lock": document.get("lock") or "",
        "lock_stappen": [],
        "inhoud_stap": "",
    }
    steps.add("document-vrijgeven", "document vrijgeven", f"document-vrijgeven/{named.key}", body)


def plan_unlink(steps: Steps, document: Mapping[str, Any], options: Options) -> None:
    """Plan that a document leaves a zaak; the document itself stays."""
    named = _named(document, options)
    if steps.ref is None:
        raise TargetRefused(
            "the message does not say which zaak the document leaves",
            code="geen-zaak",
            advice="add the zaak to the message, or take the relation away at the target and drop the message",
        )
    key = f"document-ontkoppelen/{named.key}"
    steps.add("document-ontkoppelen", "document van zaak ontkoppelen", key, {"document": named.ref})
    if document.get("lock"):
        plan_release(steps, document, options)


def _plan_content(steps: Steps, named: Named, after: str) -> str:
    body = {"inhoud": named.inhoud, "document_stap": after}
    return steps.add("document-inhoud", "inhoud in bestandsdelen", f"document-inhoud/{named.key}/{digest(body)}", body)


def _named(document: Mapping[str, Any], options: Options) -> Named:
    given = dict(document.get("document") or {})
    zaak: Mapping[str, Any] = document.get("zaak") or {}
    identificatie = identificatie_of(given, "document")
    rsin = options.rsin_of(given.get("bronorganisatie") or zaak.get("bronorganisatie"))
    inhoud = given.pop("inhoud", None)
    informatieobjecttype = (given.pop("informatieobjecttype", None) or {}).get("omschrijving")
    fields = {name: value for name, value in given.items() if name not in {"identificatie", "bronorganisatie"}}
    return Named(rsin, identificatie, fields, informatieobjecttype, inhoud)


def _in_parts(named: Named, options: Options) -> bool:
    return named.inhoud is not None and int(named.inhoud["omvang"]) >= options.bestandsdelen_vanaf_bytes


def _place(document: Mapping[str, Any]) -> dict[str, Any]:
    given: Mapping[str, Any] = document.get("zaakinformatieobject") or {}
    return {name: value for name, value in given.items() if value is not None}
