"""From a mapped besluit event to its steps, and the besluiten that an event of a zaak names. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.zgw.options import Options
from adapters.zgw.steps import REMOVING, Steps, digest, identificatie_of

_NO_FIELDS = frozenset({"identificatie", "verantwoordelijkeOrganisatie", "besluittype"})


def plan_new(steps: Steps, document: Mapping[str, Any], options: Options) -> None:
    """Plan a besluit and the documents it is laid down in."""
    given: Mapping[str, Any] = document.get("besluit") or {}
    ref = _ref(document, options)
    fields = {name: value for name, value in given.items() if name not in _NO_FIELDS and value is not None}
    key = f"besluit/{ref['verantwoordelijkeOrganisatie']}/{ref['identificatie']}"
    body = {"besluit": ref, "velden": _dated(fields), "besluittype": given.get("besluittype") or {}}
    steps.add("besluit", "besluit aanmaken", key, body)
    _plan_documents(steps, document, key, options)


def plan_change(steps: Steps, document: Mapping[str, Any], options: Options) -> None:
    """Plan the changes to a besluit that is there: what is not spoken of stays."""
    given: Mapping[str, Any] = document.get("besluit") or {}
    ref = _ref(document, options)
    fields = {name: value for name, value in given.items() if name not in _NO_FIELDS}
    body = {"besluit": ref, "velden": fields, "besluittype": given.get("besluittype") or {}}
    key = f"besluit-bijwerken/{ref['identificatie']}/{digest(body)}"
    steps.add("besluit-bijwerken", "besluit bijwerken", key, body)
    _plan_documents(steps, document, key, options)


def plan_of_zaak(steps: Steps, besluiten: list[Mapping[str, Any]] | None, options: Options) -> None:
    """Plan the besluiten of a zaak: one that is there belongs to the zaak then, another is made."""
    for given in besluiten or ():
        said = given.get("verantwoordelijkeOrganisatie")
        organisatie = options.rsin_of(said) if said or steps.ref is None else steps.ref.rsin
        body = {
            "besluit": {"verantwoordelijkeOrganisatie": organisatie, "identificatie": given.get("identificatie") or ""},
            "velden": _dated({"datum": given["datum"]} if given.get("datum") else {}),
            "besluittype": given.get("besluittype") or {},
        }
        if given.get("mutatie") in REMOVING:
            key = f"vervallen-besluit/{digest(body)}"
            steps.add("vervallen-besluit", "vervallen relatie melden", key, body)
        else:
            steps.add("besluit-bij-zaak", "besluit bij zaak", f"besluit-bij-zaak/{digest(body)}", body)


def _plan_documents(steps: Steps, document: Mapping[str, Any], after: str, options: Options) -> None:
    """Plan which documents leave and which come; a replaced one does both."""
    leaving: list[Mapping[str, Any]] = []
    coming: list[Mapping[str, Any]] = []
    for each in document.get("documenten") or ():
        before = each.get("vorige") or {}
        if each.get("mutatie") in REMOVING:
            leaving.append(each if each.get("identificatie") else before)
            continue
        if before.get("identificatie") and before["identificatie"] != each.get("identificatie"):
            leaving.append(before)
        coming.append(each)
    for act, documents in (("ontkoppelen", leaving), ("koppelen", coming)):
        for each in documents:
            rsin = options.rsin_of(each.get("bronorganisatie") or _organisatie(document))
            identificatie = identificatie_of(each, "document of a besluit")
            body = {"document": {"bronorganisatie": rsin, "identificatie": identificatie}, "besluit_stap": after}
            key = f"besluit-document-{act}/{rsin}/{identificatie}"
            steps.add(f"besluit-document-{act}", f"document {act}", key, body)


def _ref(document: Mapping[str, Any], options: Options) -> dict[str, str]:
    organisatie = options.rsin_of(_organisatie(document))
    return {
        "verantwoordelijkeOrganisatie": organisatie,
        "identificatie": identificatie_of(document.get("besluit") or {}, "besluit"),
    }


def _organisatie(document: Mapping[str, Any]) -> str | None:
    """Read whose besluit it is: what it says itself, else who has the zaak."""
    besluit, zaak = document.get("besluit") or {}, document.get("zaak") or {}
    organisatie: str | None = besluit.get("verantwoordelijkeOrganisatie") or zaak.get("bronorganisatie")
    return organisatie


def _dated(fields: dict[str, Any]) -> dict[str, Any]:
    """Give a besluit its second date: ZGW asks for both, and a besluit takes effect when it is taken unless it says so.

    A besluit without a date is found by its number, and never made.
    """
    return {"ingangsdatum": fields["datum"], **fields} if fields.get("datum") else fields
