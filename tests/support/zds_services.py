"""Every service of Zaak- en Documentservices, once each, through a hub in memory to a ZGW zaaksysteem and back.

It says what each cost in requests to the zaaksysteem. Run `python -m tests.support.zds_services` to write the page
docs/reference/stuf-zds.md.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from adapters.stuf_zds.services import SERVICES, Service, by_kind
from adapters.stuf_zds.simulator import Afzender, Behandelsysteem, Verzoek
from hub.config.shipped import shipped
from hub.desk.tools import tools_of
from hub.ingress.asgi import Ingress
from hub.mapping.cases import find_cases, read_case
from hub.ports.contracts import Expects
from hub.testkit.memory import TURNS
from hub.wire import xml
from hub.wire.soap import envelope
from hub.wire.soap.envelope import Version
from tests.support.asgi import Answer, ask
from tests.support.gemeente import INBOUND, configuration
from tests.support.zaaksysteem import Municipality, municipality

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "stuf-zds.md"
Zds = Literal["1.1", "1.2"]
CONTENT = b"Een document zonder inhoud van belang."


class Served(NamedTuple):
    """What came of one service: the answer, and the requests that it took at the zaaksysteem."""

    service: Service
    answer: Answer
    requests: tuple[str, ...]

    @property
    def message(self) -> str:
        """The local name of the message in the answer: `Bv03Bericht`, `zakLa01`."""
        return xml.local_name(envelope.read(xml.parse(self.answer.body)).body)


async def converse(each: Municipality, verzoek: Verzoek) -> Answer:
    """Send over HTTP without a socket; time passes until there is an answer, and until the hub has no more to do."""
    ingress = Ingress(each.hub.app, doors=True)
    sending = asyncio.create_task(ask(ingress, f"/in/{INBOUND}/Zds", verzoek.body, headers=verzoek.headers()))
    while not sending.done():
        for _ in range(TURNS):
            await asyncio.sleep(0)
        if not sending.done():
            each.hub.clock.advance(each.hub.clock.next_wait_s() or 0)
    await each.hub.settle(for_s=60.0)
    return await sending


class Day:
    """A day of one form engine and one behandelsysteem: every service, in an order that makes sense."""

    def __init__(self, each: Municipality, zds: Zds = "1.1") -> None:
        soap = Version.SOAP12 if zds == "1.2" else Version.SOAP11
        self._each = each
        self.form = Afzender(zds=zds, soap=soap)
        self.people = Behandelsysteem(Afzender(applicatie="BEHANDELING", zds=zds, soap=soap))
        self.served: dict[str, Served] = {}

    async def whole(self, number: int = 1) -> dict[str, Served]:
        """Live it; gives what came of each service, by its kind."""
        people, form = self.people, self.form
        for asking in (
            people.genereer_zaakidentificatie,
            people.genereer_documentidentificatie,
            people.genereer_besluitidentificatie,
        ):
            await self.serve(asking(number))
        await self.serve(form.creeer_zaak(number))
        await self.serve(form.update_zaak(number))
        document = form.voeg_zaakdocument_toe(number, CONTENT)
        await self.serve(document._replace(body=document.body.replace(b">definitief<", b">in bewerking<")))
        await self.serve(people.maak_zaakdocument(number, document=2))
        await self.serve(people.wijzig_document(number))
        await self.serve(form.actualiseer_zaakstatus(number))
        for question in (
            people.geef_zaakstatus,
            people.geef_zaakdetails,
            people.geef_lijst_zaakdocumenten,
            people.geef_zaakdocument_lezen,
            people.zoek_zaken,
            people.zoek_documenten,
        ):
            await self.serve(question(number))
        await self.serve(people.update_zaakdocument(number, checkout=await self._checked_out(number)))
        await self.serve(people.cancel_checkout(number, checkout=await self._checked_out(number, again=True)))
        await self.serve(people.voeg_besluit_toe(number))
        await self.serve(people.update_besluit(number))
        await self.serve(people.geef_besluitdetails(number))
        await self.serve(people.geef_lijst_besluiten(number))
        await self.serve(people.ontkoppel_zaakdocument(number, document=2))
        await self.serve(people.overdragen(number))
        return self.served

    async def serve(self, verzoek: Verzoek) -> Served:
        """Send one request, and remember what came of it."""
        log = self._each.network.log
        before = len(log)
        answer = await converse(self._each, verzoek)
        requests = tuple(f"{method} {_resource(path)}" for method, path, _ in log[before:])
        served = Served(by_kind()[verzoek.operation.partition("/")[0]], answer, requests)
        self.served[served.service.kind] = served
        return served

    async def _checked_out(self, number: int, *, again: bool = False) -> str:
        """Check the document out; gives the number under which it must come back."""
        asked = self.people.geef_zaakdocument_bewerken(number)
        if again:  # another message of the same sender
            other = self.people._replace(afzender=self.people.afzender._replace(administratie="2"))
            asked = other.geef_zaakdocument_bewerken(number)
        served = await self.serve(asked)
        message = envelope.read(xml.parse(served.answer.body)).body
        found = next(message.iter("{*}checkedOutId"))
        return found.text or ""


async def measured() -> dict[str, Served]:
    """Give what each service costs when the catalogus of the zaaksysteem is known already."""
    async with municipality() as each:
        warm = Day(each)
        await warm.whole(1)
        return await Day(each).whole(2)


def _resource(path: str) -> str:
    """Shorten a path to its resource: `/zaken/api/v1/zaken/<uuid>` → `zaken/zaken/{uuid}`."""
    parts = path.partition("?")[0].strip("/").split("/")
    named = [parts[0], *parts[3:]]
    return "/".join("{uuid}" if re.fullmatch(r"[0-9a-f-]{36}", part) else part for part in named)


@cache
def cases() -> Counter[str]:
    """Count the cases of the shipped connection by the service that they are of, its answer included."""
    root = shipped("mappings")
    tools = tools_of(root / INBOUND, root=root)
    kinds = (read_case(case, tools).kind for case in find_cases(root, INBOUND))
    return Counter(kind.removesuffix(".antwoord") for kind in kinds)


def page(served: dict[str, Served], becomes: Callable[[str], str]) -> str:
    """Write the page; `becomes` tells which event or question a kind becomes."""
    lines = [
        "# StUF-ZDS: every service",
        "",
        "What the hub receives and sends of Zaak- en Documentservices 1.1.02 and 1.2 and of plain StUF-ZKN 03.10. Made",
        "from the table of services of the adapter, the shipped mappings and a measurement: the requests to a ZGW",
        "zaaksysteem whose catalogus is known already, for the message that the simulator sends.",
        "",
        "* **server**: the hub receives it (`formulieren-naar-zaken`); **client**: the hub sends it to a legacy",
        "  zaaksysteem (`_voorbeelden/zaken-naar-stuf`).",
        "* *async*: Bv03 as soon as the bus has it. *sync*: Bv02 when the zaaksysteem has it, else Fo02. *question*:",
        "  the answer in the same call.",
        "",
        "| service | ZDS 1.1 | ZDS 1.2 | direction | kind | becomes | ZGW requests | cases |",
        "|---|---|---|---|---|---|---|---|",
        *(_row(each, served.get(each.kind), becomes(each.kind)) for each in SERVICES),
        "",
        "Plain `zakLk02` and `edcLk02` are the same services as their `Lk01`, answered when they are done.",
        "",
        "## The requests of each service",
        "",
        *_requests(served),
    ]
    return "\n".join(lines) + "\n"


_KINDS = {Expects.RECEIPT: "async", Expects.OUTCOME: "sync", Expects.ANSWER: "question"}


def _row(service: Service, served: Served | None, becomes: str) -> str:
    cells = (
        f"`{service.kind}`",
        _element(service.element_11 or service.element_stuf),
        _element(service.element_12),
        ", ".join(service.zijden),
        _KINDS[service.expects],
        f"`{becomes}`" if becomes else "-",
        str(len(served.requests)) if served else "-",
        str(cases()[service.kind] or "-"),
    )
    return f"| {' | '.join(cells)} |"


def _element(name: str) -> str:
    return f"`{name}`" if name else "-"


def _requests(served: dict[str, Served]) -> Iterator[str]:
    for kind, each in served.items():
        if each.requests:
            counted = Counter(each.requests)
            said = ", ".join(
                f"{count} x `{request}`" if count > 1 else f"`{request}`" for request, count in counted.items()
            )
            yield f"* `{kind}` ({len(each.requests)}): {said}"


def written() -> str:
    """Measure, and write the page."""
    served = asyncio.run(measured())
    mappings = configuration().mappings[INBOUND]
    return page(served, lambda kind: mappings[kind].gives if kind in mappings else "")


if __name__ == "__main__":
    PAGE.write_text(written())
