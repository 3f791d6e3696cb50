"""What the client may do at the target, as its Autorisaties API tells, beside what deliveries ask of it.

The scopes are those of the Zaken 1.5, Documenten 1.4 and Besluiten 1.1 APIs as Open Zaak serves them (`security` of
each operation). Where the target has no Autorisaties API, or keeps it from this client, only reading can be seen.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from adapters.zgw.calls import Calls, Row
from adapters.zgw.options import Options
from adapters.zgw.typen import Zaaktype
from hub.errors import TargetMisconfigured, TargetRefused
from hub.ports.contracts import Finding, Verified

_UNPROVEN = "could not be proven"


class Right(NamedTuple):
    """Scopes of a component of which one will do."""

    component: str
    scopes: tuple[str, ...]

    def __str__(self) -> str:
        return " or ".join(self.scopes)


_BIJWERKEN = Right("zrc", ("zaken.bijwerken", "zaken.geforceerd-bijwerken"))
_STATUS = Right("zrc", ("zaken.statussen.toevoegen", "zaken.aanmaken", "zaken.heropenen"))
_BIJ_ZAAK = Right("zrc", ("zaken.bijwerken", "zaken.geforceerd-bijwerken", "zaken.aanmaken"))
_VAN_ZAAK = Right("zrc", ("zaken.bijwerken", "zaken.geforceerd-bijwerken", "zaken.verwijderen"))


def _one(component: str, *scopes: str) -> tuple[Right, ...]:
    return tuple(Right(component, (each,)) for each in scopes)


_LEZEN = _one("ztc", "catalogi.lezen") + _one("zrc", "zaken.lezen")
_OF_EVENT: Mapping[str, tuple[Right, ...]] = {
    "nl.zaken.zaak-aangemaakt.v1": (*_one("zrc", "zaken.aanmaken"), _BIJWERKEN),
    "nl.zaken.zaak-bijgewerkt.v1": (_BIJWERKEN, _STATUS),
    "nl.zaken.zaakstatus-gezet.v1": (_BIJWERKEN, _STATUS),
    "nl.zaken.zaakdocument-toegevoegd.v1": (*_one("drc", "documenten.lezen", "documenten.aanmaken"), _BIJ_ZAAK),
    "nl.zaken.zaakdocument-bijgewerkt.v1": _one("drc", "documenten.lezen", "documenten.bijwerken", "documenten.lock"),
    "nl.zaken.zaakdocument-vrijgegeven.v1": _one("drc", "documenten.lezen", "documenten.lock"),
    "nl.zaken.zaakdocument-ontkoppeld.v1": (*_one("drc", "documenten.lezen"), _VAN_ZAAK),
    "nl.zaken.besluit-genomen.v1": _one("brc", "besluiten.lezen", "besluiten.aanmaken"),
    "nl.zaken.besluit-bijgewerkt.v1": _one("brc", "besluiten.lezen", "besluiten.bijwerken", "besluiten.aanmaken"),
}
_REMOVING = "nl.zaken.zaak-verwijderd.v1"


def needed(kinds: Collection[str], options: Options) -> list[Right]:
    """Give the rights that the delivery of these events takes."""
    rights = [*_LEZEN, *(right for kind in sorted(kinds) for right in _OF_EVENT.get(kind, ()))]
    if _REMOVING in kinds and options.verwijderde_zaak == "delete":
        rights += _one("zrc", "zaken.verwijderen")
    return list(dict.fromkeys(rights))


async def verify(
    kinds: Collection[str], zaaktypen: Iterable[Zaaktype], calls: Calls, *, client_id: str, options: Options
) -> Verified:
    """Hold what the client may do against what deliveries need, for each of these zaaktypen."""
    try:
        applicatie = await _applicatie(calls, client_id)
    except (TargetMisconfigured, TargetRefused) as unseen:
        return Verified({}, [Finding("the right to write", f"{_UNPROVEN}: {_why(unseen)}", blocks=False)])
    if applicatie is None:
        return Verified({}, [Finding("the client", "has no applicatie at the target: register its client_id there")])
    rights = needed(kinds, options)
    checked = {"rechten": len(rights)}
    if applicatie.get("heeftAlleAutorisaties"):
        return Verified(checked, [])
    given = [each for each in applicatie.get("autorisaties") or () if isinstance(each, Mapping)]
    findings = [
        Finding(f"right {right}", "is not given to this client")
        for right in rights
        if not any(_gives(each, right) for each in given)
    ]
    absent = {each.thing for each in findings}
    for zaaktype in {each.url: each for each in zaaktypen}.values():
        mine = [each for each in given if each.get("component") == "zrc" and each.get("zaaktype") == zaaktype.url]
        findings += [
            Finding(f'right {right} for zaaktype "{zaaktype.identificatie}"', "is not given to this client")
            for right in rights
            if right.component == "zrc" and f"right {right}" not in absent
            if not any(_gives(each, right) for each in mine)
        ]
    return Verified(checked, findings)


async def _applicatie(calls: Calls, client_id: str) -> Row | None:
    if not client_id:
        raise TargetMisconfigured("the connection names no client_id", code="geen-client")
    path = f"applicaties/consumer?clientId={quote(client_id)}"
    try:
        return await calls.get("autorisaties", path, what="autorisaties lezen")
    except TargetRefused as failure:
        if failure.code == "niet-gevonden":
            return None
        raise


def _why(unseen: TargetMisconfigured | TargetRefused) -> str:
    if unseen.code == "onbekende-dienst":
        return "target.services has no autorisaties"
    if unseen.code == "zgw-403":
        return "the client may not read its own rights (autorisaties.lezen)"
    return unseen.reason


def _gives(autorisatie: Mapping[str, Any], right: Right) -> bool:
    scopes = autorisatie.get("scopes") or ()
    return autorisatie.get("component") == right.component and any(each in scopes for each in right.scopes)
