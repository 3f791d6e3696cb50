"""The service itself: from a question to an answer, by the rules of StUF 03.01 and StUF-BG 03.10.

It searches on every element that it keeps, and gives what the scope asks. It refuses to know what an element means.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy

from lxml import etree

from adapters.stuf_bg import antwoord
from adapters.stuf_bg.checks import check_schema, check_stuurgegevens
from adapters.stuf_bg.recognition import service_of
from adapters.stuf_bg.sector import SECTOR
from adapters.stuf_bg.services import Service
from adapters.stuf_bg.vraag import VOLGORDEN
from hub.clock import Clock
from hub.errors import MessageRefused
from hub.ports.simulator import Answer, Request, Simulator
from hub.wire import xml
from hub.wire.soap import envelope, http
from hub.wire.stuf import stuurgegevens
from hub.wire.stuf import vraag as vragen
from hub.wire.stuf.antwoord import fits
from hub.wire.stuf.foutcodes import FOUTCODES
from hub.wire.stuf.gesprek import Antwoord, Vrager, details
from hub.wire.stuf.stuurgegevens import Systeem
from hub.wire.stuf.vraag import Fault
from hub.wire.stuf.weigering import fout_of
from hub.wire.xml import find

SELF = Systeem("1900", "MAKELAAR")
_PAGE = b"<html><body><h1>%d</h1></body></html>"
_EXTRA = "nieuwElement"


class Makelaar(Simulator):
    """A makelaar in memory. `objecten` are complete, by entiteittype; they may be changed while it runs.

    `fouten` are the codes with which it refuses the next questions, one each; `negeert` makes it leave every criterion
    aside that is not in `gelijk`, or not known to it, as the standard allows (StUF0001).
    """

    key_header = "X-API-KEY"

    def __init__(
        self, objecten: Mapping[str, Sequence[etree._Element]], *, key: str, per_keer: int, clock: Clock | None = None
    ) -> None:
        """See `create`."""
        super().__init__(key=key, clock=clock)
        self.objecten = {soort: list(found) for soort, found in objecten.items()}
        self.fouten: list[str] = []
        self.negeert: frozenset[str] = frozenset()
        self._per_keer = per_keer
        self._number = 0

    @property
    def vragen(self) -> list[etree._Element]:
        """The message elements that came, in order."""
        return [envelope.read(xml.parse(each.body)).body for each in self.requests]

    async def answered(self, request: Request) -> Answer:
        """Answer a request that was let in."""
        if request.method != "POST":
            return self.problem(405, request)
        to = Vrager.gleaned(request.body, request.headers)
        try:
            message = envelope.read(
                xml.parse(request.body, charset=xml.http_charset(request.headers.get("content-type", "")))
            ).body
            said = stuurgegevens.read(find(message, "stuurgegevens"))
            check_stuurgegevens(message, said)
            service = service_of(message, http.operation(request.headers))
            if not service.is_vraag:
                raise MessageRefused("this is no question", code="StUF040")  # noqa: TRY301 - one way to refuse
            to = Vrager.of(message, request.headers, synchroon=True)
            check_schema(message)
            if self.fouten:
                raise MessageRefused("ordered", code=self.fouten.pop(0))  # noqa: TRY301 - the same
            vragen.check(message, _faults(message, service))
            answer = to.told(etree.tostring(self._antwoord(message, service, to), encoding="unicode"))
        except MessageRefused as refusal:
            answer = self._refused(refusal, to)
        return Answer(answer.status, (("content-type", answer.content_type),), answer.body)

    def problem(self, status: int, request: Request) -> Answer:  # noqa: ARG002 - see Simulator
        """Give a page of the server that stands before it."""
        return Answer(status, (("content-type", "text/html"),), _PAGE % status)

    def with_extra(self, given: Answer) -> Answer:
        """Put an element in every object that the definition does not know."""
        root = etree.fromstring(given.body)
        for each in root.iter(f"{{{SECTOR.namespace}}}object"):
            each.append(SECTOR.made(_EXTRA, "onbekend"))
        return given._replace(body=etree.tostring(root))

    def _antwoord(self, message: etree._Element, service: Service, to: Vrager) -> etree._Element:
        criteria = vragen.criteria(message)
        left_aside = {xml.local_name(each) for each in criteria} & self.negeert
        criteria = [each for each in criteria if xml.local_name(each) not in left_aside]
        searched = dict.fromkeys((xml.local_name(each) for each in criteria), "")
        kept = self.objecten.get(service.entiteittype, [])
        found = [each for each in kept if fits(each, criteria, supported=(), searched_by=searched)]
        written = etree.Element(service.antwoord_element, nsmap=SECTOR.prefixes)
        given = etree.SubElement(written, f"{{{SECTOR.namespace}}}antwoord")
        given.extend([deepcopy(each) for each in found])
        self._number += 1
        said = to.answering("La01", own=SELF, referentienummer=f"makelaar-{self._number}", at=self.clock.now())
        said = said._replace(entiteittype=service.entiteittype)
        made = antwoord.written(self._limited(message), service, etree.tostring(written), said, sought_all=True)
        if left_aside:
            melding = SECTOR.made("melding", f"StUF0001: {', '.join(sorted(left_aside))}")
            made.insert(2, melding)
        return made

    def _limited(self, message: etree._Element) -> etree._Element:
        """Give the question as one that asks for no more than is given in one answer."""
        asked = find(message, "parameters/maximumAantal")
        if asked is not None and vragen.maximum(message) > self._per_keer:
            asked.text = str(self._per_keer)
        return message

    def _refused(self, refusal: MessageRefused, to: Vrager) -> Antwoord:
        said = to.answering("Fo03", own=SELF, referentienummer="makelaar-fout", at=self.clock.now())
        fout = FOUTCODES.get(refusal.code) or fout_of(refusal.code, synchroon=True)
        return to.failed(fout, details(refusal.reason, refusal.path, refusal.line), refusal.status, said)


def _faults(message: etree._Element, service: Service) -> Iterator[Fault]:
    yield from vragen.faults_of_criteria(message, advice="ask by a number of the standard")
    yield from vragen.faults_of_scope(message)
    yield from vragen.faults_of_vervolg(message, service.sleutels)
    yield from vragen.faults_of_volgorde(message, VOLGORDEN[service.entiteittype])
