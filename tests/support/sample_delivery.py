"""One sample through a whole hub, with a catalogue that has what it names: how it was received, and what stands.

Run `python -m tests.support.sample_delivery` for a report: per sample what became of each of its fields.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, NamedTuple

import structlog
from structlog.testing import capture_logs

from adapters.zgw.simulator import RSIN, Catalogue, catalogue_for
from adapters.zgw.simulator.besluiten import BESLUITEN
from hub.event.envelope import Event
from hub.flow.records import Origin
from hub.ledger.entries import Failure
from hub.ports.contracts import Client, Exchange, Outbound, Outgoing, Receipt, Step
from tests.support.asgi import Answer
from tests.support.berichten import creeer_zaak, is_van
from tests.support.field_fate import Fate, Reasons, fates_of_json, fates_of_xml
from tests.support.gemeente import INBOUND, OUTBOUND, Json, configuration, gemeente, post
from tests.support.samples import EIGENSCHAP_NAAM_MAX, KINDS, Message, Sample, to_deliver
from tests.support.tap import records_on
from tests.support.zaaksysteem import Municipality

_EVER = date(1900, 1, 1)

MENDED: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "zds12/updateZaak_Lk01__stp-zds12__01.xml": (
        "betrokkeneIdentificatie.inpBsn",
        {'"bsn":"123456789"': '"bsn":"999993653"'},
    ),
    "zds12/updateZaak_Lk01__stp-zds12__04.xml": (
        "betrokkeneIdentificatie.inpBsn",
        {'"bsn":"012345678"': '"bsn":"999993653"'},
    ),
    "zds12/voegZaakdocumentToe_Lk01__stp-zds12__01.xml": (
        "taal",
        {'"taal":"taal"': '"taal":"nld"', '"status":"status"': '"status":null', '"link":"link"': '"link":null'},
    ),
    "zds12/voegZaakdocumentToe_Lk01__stp-zds12__02.xml": ("taal", {'"taal":"taal"': '"taal":"nld"'}),
}
"""Samples whose test values no zaaksysteem can hold (a BSN that fails the 11-test, `taal` as a language): what the
target names, and what an operator corrects in the event."""

BECOMES = {
    "zaak/bronorganisatie": "the RSIN of the gemeentecode",
    "zaak/zaaktype": "the URL of the zaaktype",
    "zaak/hoofdzaak": "the URL of the hoofdzaak",
    "rollen/roltype": "the URL of the roltype",
    "rollen/mutatie": "which call is made",
    "rollen/vorige": "finds the rol that goes",
    "statussen/statustype": "the URL of the statustype",
    "statussen/gezetdoor/roltype": "the URL of the roltype",
    "resultaat/resultaattype": "the URL of the resultaattype",
    "zaakobjecten/mutatie": "which call is made",
    "besluiten/besluittype": "the URL of the besluittype",
    "besluiten/mutatie": "which call is made",
    "deelzaken": "the hoofdzaak of the other zaak",
    "relevanteZaken": "the URL of the other zaak",
    "vervallenZaken": "told in the timeline",
    "einddatum": "the einddatum that the eindstatus gives the zaak",
    "document/bronorganisatie": "the RSIN of the gemeentecode",
    "document/informatieobjecttype": "the URL of the informatieobjecttype",
    "document/inhoud": "the content itself",
}
"""What stands at the target as something else than the text of the outbound document."""

ONE_ROL = {
    "zkn0310/updateZaak_Lk01__king-zds11-voorbeeld__01.xml": ("rollen/roltoelichting", "rollen/indicatieMachtiging")
}
"""A sample that changes five relations of one medewerker, all called "Client": at the target that is one rol, changed
five times, of which the last remains."""


class Told(NamedTuple):
    """What the hub said on the way: its reply, failures before anybody mended them, notes of the adapter, warnings."""

    answer: Answer
    failures: list[Failure]
    notes: list[str]
    warnings: list[str]


class Delivered(NamedTuple):
    """How it ended: what failed for good, what stands, and what became of every field."""

    sample: Sample
    message: Message
    told: Told
    failures: list[Failure]
    stand: Json
    documents: list[tuple[Json, tuple[int, str] | None]]
    refused_fields: dict[str, int]
    inbound: list[Fate]
    outbound: list[Fate]
    nowhere_at_target: list[str]


class _Noting:
    """An outbound adapter whose receipts are kept."""

    def __init__(self, outbound: Outbound) -> None:
        self._outbound = outbound
        self.receipts: list[Receipt] = []

    def steps(self, outgoing: Outgoing) -> Sequence[Step]:
        """Plan."""
        return self._outbound.steps(outgoing)

    async def send(self, step: Step, exchange: Exchange) -> Receipt:
        """Send, and keep the receipt."""
        receipt = await self._outbound.send(step, exchange)
        self.receipts.append(receipt)
        return receipt

    async def check(self, client: Client) -> Sequence[str]:
        """Check."""
        return await self._outbound.check(client)


def catalogue_of(message: Message) -> Catalogue:
    """Make a catalogue with all that a sample names, valid on whatever day it speaks of."""
    catalogue = catalogue_for(
        message.zaaktypen,
        statustypen=message.statustypen,
        resultaattypen=message.resultaattypen,
        roltypen=message.roltypen,
        informatieobjecttypen=message.informatieobjecttypen,
        besluittypen=message.besluittypen,
        eigenschappen=[name for name in message.eigenschappen if 0 < len(name) <= EIGENSCHAP_NAAM_MAX],
    )
    return catalogue._replace(zaaktypen=tuple(each._replace(begin=_EVER) for each in catalogue.zaaktypen))


async def deliver(sample: Sample) -> Delivered:
    """Make the zaken that the sample speaks of, send it, and mend it where the target names a value."""
    message, verzoek = sample.message(), sample.verzoek()
    organisatie = message.organisatie or "1900"
    settings = configuration(organisaties={organisatie: RSIN, "1900": RSIN}, coalesce_resultaat=("Toegekend",))
    noting = _Noting(settings.outbound[OUTBOUND])
    settings = settings._replace(outbound={**settings.outbound, OUTBOUND: noting})
    with capture_logs() as logs:
        async with gemeente(catalogue=catalogue_of(message), settings=settings) as each:
            for zaak in [*([] if sample.service == KINDS[0] else [message.zaak]), *message.other_zaken]:
                first = creeer_zaak(
                    identificatie=zaak, isVan=is_van(message.zaaktypen[0]), turn=0, organisatie=organisatie
                )
                assert (await post(each, first)).status == 200
            await each.hub.settle()
            assert await each.hub.failures() == []
            noting.receipts.clear()
            logs.clear()
            answer = await post(each, verzoek)
            await each.hub.settle(for_s=60)
            before = await each.hub.failures()
            for failure in before if sample.name in MENDED else []:
                await _mend(each, failure, MENDED[sample.name][1])
            notes = [receipt.note for receipt in noting.receipts if receipt.note]
            warnings = [str(line["event"]) for line in logs if line["event"] == "fields_unread"]
            return await _seen(each, sample, Told(answer, before, notes, warnings))


async def _mend(each: Municipality, failure: Failure, changes: Mapping[str, str]) -> None:
    operator = each.hub.app.operator()
    case = await operator.case(failure.id)
    assert case.parked is not None
    value = case.parked.value.decode()
    for wrong, right in changes.items():
        value = value.replace(wrong, right)
    await each.hub.app.editor().correct(failure.id, text=value.encode(), by="test", reason="a test value")
    await operator.replay(failure.id, by="test", reason="mended")
    await each.hub.let_pass(1.0)


async def _seen(each: Municipality, sample: Sample, told: Told) -> Delivered:
    app, message, state = each.hub.app, sample.message(), each.zaaksysteem.state
    raw = (await records_on(app, app.topics.inbound(INBOUND)))[-1]
    origin = Origin.read(raw.headers)
    [event] = [
        found
        for found in (Event.read(record.headers, record.value) for record in await records_on(app, _events(each)))
        if found.cause == origin.message_id
    ]
    document = app.entrances[INBOUND].inbound.read(raw.value, origin.http, validate=False)
    assert not isinstance(document.body, dict)
    outbound = app.configuration.mappings[OUTBOUND][event.type]
    stand = each.stand(message.zaak)
    documents = [state.document(_number(each, link)) for link in stand["zaakinformatieobjecten"]]
    out = outbound.run(event.data).data
    # An eigenschap that the catalogus lacks is told in a note, by its name.
    out["eigenschappen"] = [each for each in out.get("eigenschappen", ()) if not _noted(each["naam"], told.notes)]
    besluiten = list(state.collections.get(BESLUITEN, {}).values())
    standing = _values([stand, [found for found, _ in documents], besluiten])
    mended = [] if sample.name not in MENDED else list(MENDED[sample.name][1])
    return Delivered(
        sample=sample,
        message=message,
        told=told,
        failures=[failure for failure in await each.hub.failures() if failure.state != "opgelost"],
        stand=stand,
        documents=[(found, (content.size_bytes, content.sha256) if content else None) for found, content in documents],
        refused_fields=dict(state.ignored),
        inbound=fates_of_xml(
            app.configuration.mappings[INBOUND][origin.kind], _reasons(INBOUND, origin.kind), document.body
        ),
        outbound=fates_of_json(outbound, _reasons(OUTBOUND, event.type), event.data),
        nowhere_at_target=[
            path
            for path, value in _told(out)
            if _plain(value) not in standing
            and not any(str(value) in wrong for wrong in mended)
            and path not in ONE_ROL.get(sample.name, ())
        ],
    )


def _events(each: Municipality) -> str:
    return each.hub.app.topics.events("zaken")


def _number(each: Municipality, link: Json) -> str:
    number: str = each.zaaksysteem.state.at(link["informatieobject"])["identificatie"]
    return number


@cache
def _reasons(connection: str, kind: str) -> Reasons:
    return Reasons(connection, kind)


def _told(document: Json) -> Iterator[tuple[str, object]]:
    """Give what the adapter was told that must stand at the target as it is, with its path."""
    waiting: list[tuple[Any, str]] = [(document, "")]
    while waiting:
        value, path = waiting.pop()
        if path in BECOMES:
            continue
        if isinstance(value, list):
            waiting.extend((each, path) for each in value)
        elif isinstance(value, dict):
            if value.get("mutatie") not in {"verwijderen", "beeindigen"}:
                waiting.extend((each, f"{path}/{name}".lstrip("/")) for name, each in value.items())
        elif value not in (None, ""):
            yield path, value


def _noted(naam: str, notes: Sequence[str]) -> bool:
    return any(f'not delivered: eigenschap "{naam}"' in note for note in notes)


def _values(standing: object) -> set[str]:
    if isinstance(standing, Mapping):
        return {text for each in standing.values() for text in _values(each)}
    if isinstance(standing, list | tuple):
        return {text for each in standing for text in _values(each)}
    return {_plain(standing)}


def _plain(value: object) -> str:
    """Write a value so that the same moment in two spellings is the same text."""
    if isinstance(value, str) and "T" in value and len(value) > len("2024-01-01T"):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return value
        return moment.astimezone(UTC).isoformat()
    return str(value)


def report(delivered: Delivered) -> str:
    """Tell what became of the fields of a sample, by path; never a value."""
    lines = [f"{delivered.sample.name}"]
    for half, fates in (("message to event", delivered.inbound), ("event to zaaksysteem", delivered.outbound)):
        counted = Counter(fate.what for fate in fates)
        lines.append(f"  {half}: {', '.join(f'{number} {what}' for what, number in sorted(counted.items()))}")
        lines += [
            f"    {times} x {fate.what} {fate.path}" + (f": {fate.reason}" if fate.reason else "")
            for fate, times in sorted(Counter(fates).items())
            if fate.what != "mapped"
        ]
    lines += [f"  note of the adapter: {note}" for note in delivered.told.notes]
    lines += [f"  nowhere at the target: {path}" for path in delivered.nowhere_at_target]
    return "\n".join(lines)


async def _report_all() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    for sample in to_deliver():
        sys.stdout.write(report(await deliver(sample)) + "\n")


if __name__ == "__main__":
    asyncio.run(_report_all())
