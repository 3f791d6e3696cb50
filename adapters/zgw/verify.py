"""Before a connection goes live: does the catalogus have every type that its documents name, and may the client.

It knows what a document of the mapping names, and asks it of the catalogus of today. It refuses to know where a
document came from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from adapters.zgw import rechten
from adapters.zgw.calls import Calls
from adapters.zgw.options import Options
from adapters.zgw.today import Today, Verdict
from adapters.zgw.typen import Zaaktype, shown
from hub.clock import AMSTERDAM
from hub.errors import TargetMisconfigured
from hub.ports.contracts import Client, Finding, Produced, Verified, Verifying

Asked = tuple[tuple[str, str], ...]
"""What a document calls a type: `(("omschrijving", "Ontvangen"), ("volgnummer", "1"))`."""


class Need(NamedTuple):
    """A type that a document names, in the catalogus of a RSIN; without zaaktype the document does not say which."""

    soort: str
    asked: Asked
    rsin: str
    zaaktype: Asked = ()


def create(options: Options) -> Verifying:
    """Make it for one connection."""
    return ZgwVerifying(options)


class ZgwVerifying:
    """Implements hub.ports.contracts.Verifying."""

    def __init__(self, options: Options) -> None:
        self._options = options

    async def verify(self, produced: Sequence[Produced], client: Client, *, client_id: str, now: datetime) -> Verified:
        """Look up every type once, and the rights that all of it takes."""
        origins: dict[Need, list[str]] = {}
        unknown: dict[str, list[str]] = {}
        findings: list[Finding] = []
        for each in produced:
            try:
                shown = {need._replace(zaaktype=()) for need in needs(each.beside, self._options)}
                for need in needs(each.document, self._options):
                    if need._replace(zaaktype=()) in shown:
                        continue
                    origins.setdefault(need, []).append(each.origin)
            except TargetMisconfigured as organisatie:
                unknown.setdefault(organisatie.reason, []).append(each.origin)
        findings += [
            Finding("options.organisaties:", reason, origins=tuple(dict.fromkeys(where)))
            for reason, where in unknown.items()
        ]
        calls = Calls(client, now)
        today = Today(calls, domein=self._options.catalogus_domein, on=now.astimezone(AMSTERDAM).date())
        zaaktypen: dict[tuple[str, Asked], Zaaktype] = {}
        for need in sorted(origins, key=lambda each: each.soort != "zaaktype"):
            findings += await self._looked_up(need, tuple(dict.fromkeys(origins[need])), today, zaaktypen)
        checked = Counter(_several(each.soort) for each in origins)
        rights = await rechten.verify(
            {each.kind for each in produced}, zaaktypen.values(), calls, client_id=client_id, options=self._options
        )
        return Verified({**checked, **rights.checked}, [*dict.fromkeys(findings), *rights.findings])

    async def _looked_up(
        self, need: Need, origins: tuple[str, ...], today: Today, zaaktypen: dict[tuple[str, Asked], Zaaktype]
    ) -> list[Finding]:
        asked = dict(need.asked)
        if need.soort == "zaaktype":
            found, verdict = await today.zaaktype(asked, rsin=need.rsin)
            if found is not None:
                zaaktypen[need.rsin, need.asked] = found
            return _said(need, verdict, origins)
        if need.zaaktype:
            of = zaaktypen.get((need.rsin, need.zaaktype))
            # Of a zaaktype that is not there, that is all there is to say.
            return _said(need, await self._in(of, need, today), origins) if of else []
        known = [each for (rsin, _), each in zaaktypen.items() if rsin == need.rsin]
        verdicts = [await self._in(each, need, today) for each in known]
        if not known and need.soort == "besluittype":
            verdicts = [await today.besluittype(asked, rsin=need.rsin)]
        if not verdicts:
            said = "was not looked up: no zaaktype is known; name one"
            return [Finding(_thing(need), said, origins=origins, blocks=False)]
        if any(each is None for each in verdicts):
            return []
        return _said(need, verdicts[0], origins)

    async def _in(self, zaaktype: Zaaktype, need: Need, today: Today) -> Verdict | None:
        """Look something up that belongs to a zaaktype."""
        asked = dict(need.asked)
        match need.soort:
            case "roltype":
                return await today.roltype(asked, zaaktype, anders=self._options.roltype_anders)
            case "statustype":
                return await today.statustype(asked, zaaktype)
            case "resultaattype":
                names = asked.get("omschrijving", "").split(_OR)
                return await today.named("resultaattypen", "omschrijving", names, zaaktype)
            case "eigenschap":
                verdict = await today.named("eigenschappen", "naam", [asked["naam"]], zaaktype)
                return verdict and verdict._replace(blocks=self._options.onbekende_eigenschap == "refuse")
            case "informatieobjecttype":
                return await today.informatieobjecttype(asked, zaaktype, rsin=need.rsin)
            case _:
                return await today.besluittype(asked, rsin=need.rsin)


_OR = "\n"
"""Between names of which one will do; no name of a type has a line of its own."""


def needs(document: Mapping[str, Any], options: Options) -> Iterator[Need]:
    """Name every type in a document, whole or a part of one; raises TargetMisconfigured for an unknown organisatie."""
    zaak = document.get("zaak") or {}
    besluit = document.get("besluit") or {}
    rsin = options.rsin_of(zaak.get("bronorganisatie") or besluit.get("verantwoordelijkeOrganisatie"))
    zaaktype = _asked(zaak.get("zaaktype"), "identificatie") or _asked(zaak.get("zaaktype"), "omschrijving")
    if zaaktype:
        yield Need("zaaktype", zaaktype, rsin)
    for soort, given in _named(document):
        if asked := _asked(given):
            yield Need(soort, asked, rsin, zaaktype)
    closes = document.get("einddatum") and not document.get("resultaat")
    if closes and options.coalesce_resultaat:
        asked = (("omschrijving", _OR.join(options.coalesce_resultaat)),)
        yield Need("resultaattype", asked, rsin, zaaktype)


def _named(document: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for rol in _items(document, "rollen"):
        yield "roltype", rol.get("roltype")
    for status in _items(document, "statussen"):
        yield "statustype", status.get("statustype")
        yield "roltype", (status.get("gezetdoor") or {}).get("roltype")
    for eigenschap in _items(document, "eigenschappen"):
        yield "eigenschap", {"naam": eigenschap.get("naam")}
    for besluit in (document.get("besluit") or {}, *_items(document, "besluiten")):
        yield "besluittype", besluit.get("besluittype")
    yield "resultaattype", (document.get("resultaat") or {}).get("resultaattype")
    yield "informatieobjecttype", (document.get("document") or {}).get("informatieobjecttype")


def _items(document: Mapping[str, Any], name: str) -> Iterable[Mapping[str, Any]]:
    return [each for each in document.get(name) or () if isinstance(each, Mapping)]


def _asked(given: object, *names: str) -> Asked:
    """Give what stands there under these names, or under all."""
    if not isinstance(given, Mapping):
        return ()
    kept = ((name, str(value)) for name, value in given.items() if value not in {None, ""})
    return tuple(sorted((name, value) for name, value in kept if not names or name in names))


def _said(need: Need, verdict: Verdict | None, origins: tuple[str, ...]) -> list[Finding]:
    if verdict is None:
        return []
    return [Finding(_thing(need), verdict.problem, verdict.nearest, origins, verdict.blocks)]


def _several(soort: str) -> str:
    return f"{soort.removesuffix('type')}typen" if soort.endswith("type") else f"{soort}pen"


def _thing(need: Need) -> str:
    of = f' of zaaktype "{shown(_name(need.zaaktype))}"' if need.zaaktype else ""
    return f'{need.soort} "{shown(_name(need.asked))}"{of}'


def _name(asked: Asked) -> str:
    said = dict(asked)
    order = ("identificatie", "omschrijving", "naam", "code", "omschrijvingGeneriek", "volgnummer")
    return next((said[name] for name in order if name in said), "").replace(_OR, '" or "')
