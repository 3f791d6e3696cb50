"""Questions about persons, addresses and companies to a system that answers StUF-BG: a makelaar, a gegevensmagazijn.

What is wanted of what is found follows from what the mapping of the answer reads: that is asked, and no more. StUF
gives objects in parts (vervolgvraag): they are put together, as many as are asked for. It refuses to know what an
element means.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from lxml import etree

from adapters.stuf_bg.criteria import Gesteld, gesteld
from adapters.stuf_bg.exchange import asked
from adapters.stuf_bg.forms import elements
from adapters.stuf_bg.options import Options
from adapters.stuf_bg.paden import GEVRAAGD, Pad, Waarde, bestaand, geschreven
from adapters.stuf_bg.sector import SECTOR
from adapters.stuf_bg.services import Service, by_kind
from adapters.stuf_bg.vraag import VOLGORDEN, sleutel
from hub.config.policy import ANSWER_ITEMS_MAX, SOURCE_CALLS_MAX
from hub.errors import TargetFailed, TargetRefused
from hub.net.problems import broken, refused
from hub.net.together import together
from hub.ports.contracts import Client, Inquiry
from hub.wire.form import Form
from hub.wire.stuf import vraag
from hub.wire.stuf.antwoord import GENEGEERD, MEER, ordered
from hub.wire.stuf.namespaces import STUF
from hub.wire.stuf.stellen import lv01
from hub.wire.stuf.waarden import NoValue, read_waarde
from hub.wire.xml import find

_OBJECT = ("antwoord", "object")
_NOBODY = "000000000"
"""A number that nobody has, and that the 11-test lets pass."""
_ONVOLLEDIG = f"{{{STUF}}}indOnvolledigeDatum"
_SAYS = (NoValue.WAARDE_ONBEKEND, NoValue.VASTGESTELD_ONBEKEND)
"""That there is a value is something, also where nobody knows it."""
_GENEGEERD = GENEGEERD.partition(":")[0]
_MEER = MEER.partition(":")[0]


def create(options: Options) -> BgLookup:
    """Make the lookup for one connection."""
    return BgLookup(options)


class BgLookup:
    """Implements hub.ports.contracts.Asking."""

    def __init__(self, options: Options) -> None:
        self._options = options

    async def ask(self, kind: str, question: dict[str, Any], inquiry: Inquiry) -> etree._Element:
        """Ask; gives a La01 without stuurgegevens and meldingen, with all that was found."""
        put = gesteld(kind, question)
        asking = _Asking(self._options, inquiry, put)
        most = min(int(question.get("maximum") or ANSWER_ITEMS_MAX), ANSWER_ITEMS_MAX)
        na = str(question.get("na") or "")
        numbers = list(dict.fromkeys(question.get("burgerservicenummers") or ()))
        if numbers:
            found, more = await asking.by_number(numbers, na=na, in_order=bool(question.get("volgorde"))), False
        else:
            found, more = await asking.searched(most, na=na)
        return _answer(put.service, found[:most], more=more or len(found) > most)

    async def check(self, client: Client) -> Sequence[str]:
        """Ask for somebody who is nobody: shows reach, credentials and rights. See `hub.ports.contracts.Asking`."""
        service = by_kind()["npsLv01"]
        form = _question_form(service)
        question = lv01(
            service.kind,
            SECTOR,
            service.entiteittype,
            gelijk=geschreven(form, {("inp.bsn",): Waarde(_NOBODY)}),
            scope=geschreven(form, {("geslachtsaanduiding",): GEVRAAGD}),
            maximum=1,
        )
        try:
            await asked(client, service, question, self._options, now=None)
        except TargetRefused:
            return []  # it is reached, and it knows us: that there is no such person is what it says
        except TargetFailed as failure:
            return [f"bg: {failure.reason}; {failure.advice}" if failure.advice else f"bg: {failure.reason}"]
        return []


class _Part(NamedTuple):
    """One answer: its objects, and whether there are more."""

    found: list[etree._Element]
    more: bool


class _Asking:
    """One question as it is being answered."""

    def __init__(self, options: Options, inquiry: Inquiry, put: Gesteld) -> None:
        self._options = options
        self._inquiry = inquiry
        self._put = put
        self._service = put.service
        self._form = _question_form(put.service)
        self._wanted = None if inquiry.reads is None else _wanted(put.service, inquiry.reads())

    async def by_number(self, numbers: Sequence[str], *, na: str, in_order: bool) -> list[etree._Element]:
        """Find persons by their numbers, in the order of those or of the question; nobody else comes back."""
        order = self._order() if in_order else []
        also = [*order, *(_key_paths(self._service) if na else ())]
        works = [partial(self._numbered, run, also) for run in _runs(numbers)]
        parts = await together(works, at_once=SOURCE_CALLS_MAX)
        found = [each for part in parts for each in part]
        if in_order:
            found = ordered(found, VOLGORDEN[self._service.entiteittype][self._put.sortering])
        places = [place for place, each in enumerate(found) if na and sleutel(each, self._service) == na]
        if na and not places:
            raise _gone()
        return found[places[0] + 1 :] if places else found

    async def searched(self, most: int, *, na: str) -> tuple[list[etree._Element], bool]:
        """Find what fits, part by part, after the object of the number `na`; and say whether there are more."""
        # To go on after an object is to know its number, and what it is put in order by.
        order = [*_key_paths(self._service), *self._order()]
        scope = self._scope([*order, *self._put.begin])
        start = "" if not na else geschreven(self._form, await self._last(na))
        found: list[etree._Element] = []
        while True:
            part = await self._asked(
                self._put.criteria, scope, start=start, sortering=self._put.sortering, maximum=most - len(found)
            )
            found += [each for each in part.found if self._begins(each)]
            if not part.more or len(found) >= most:
                return found, part.more
            following = geschreven(self._form, _said(part.found[-1], order)) if part.found else ""
            if not following or following == start:
                raise broken(self._service.kind, "there is more, and no object to go on after")
            start = following

    async def _numbered(self, run: Sequence[str], also: Sequence[Pad]) -> list[etree._Element]:
        """Ask for one person, or for several whose numbers follow each other."""
        service, path = self._service, ("inp.bsn",)
        if len(run) == 1:
            part = await self._asked({path: Waarde(run[0]), **self._put.criteria}, self._scope(also), maximum=1)
        else:
            sides = [geschreven(self._form, {path: Waarde(each)}) for each in (run[0], run[-1])]
            scope = self._scope([path, *also])
            part = await self._asked(self._put.criteria, scope, between=(sides[0], sides[1]), maximum=len(run))
        numbers = [sleutel(each, service) for each in part.found]
        known = [number.zfill(len(_NOBODY)) for number in numbers if number]
        if len(part.found) > len(run) or not set(known) <= set(run):
            raise broken(service.kind, "a person in the answer was not asked for")
        return part.found

    async def _last(self, na: str) -> dict[Pad, Waarde]:
        """Give the object to go on after, with what it is put in order by."""
        [key] = _key_paths(self._service)
        order = self._order()
        if not order:
            return {key: Waarde(na)}
        part = await self._asked({key: Waarde(na)}, self._scope([key, *order], alone=True), maximum=1)
        if not part.found:
            raise _gone()
        return {key: Waarde(na), **_said(part.found[0], order)}

    async def _asked(
        self,
        criteria: Mapping[Pad, Waarde],
        scope: str,
        *,
        maximum: int,
        between: tuple[str, str] = ("", ""),
        start: str = "",
        sortering: str = "0",
    ) -> _Part:
        question = lv01(
            self._service.kind,
            SECTOR,
            self._service.entiteittype,
            gelijk=geschreven(self._form, criteria),
            between=between,
            scope=scope,
            start=start,
            sortering=sortering,
            maximum=maximum,
        )
        inquiry = self._inquiry
        answer = await asked(inquiry.client, self._service, question, self._options, now=inquiry.now)
        said = [(each.text or "").strip() for each in answer.iterchildren("{*}melding")]
        if any(each.startswith(_GENEGEERD) for each in said):
            raise refused(
                f"{self._service.kind}: the target does not search on everything that is asked: others would be found",
                advice="ask with other criteria: see at the target what it searches on",
            )
        given = find(answer, "antwoord")
        more = vraag.says_true(answer, "parameters/indicatorVervolgvraag") or any(x.startswith(_MEER) for x in said)
        return _Part([] if given is None else list(given.iterchildren("{*}object")), more)

    def _order(self) -> list[Pad]:
        """Give what the objects are put in order by, beside their number."""
        paths = VOLGORDEN[self._service.entiteittype][self._put.sortering]
        found = bestaand(self._form, [tuple(path.split("/")) for path in paths])
        return sorted(found - {*_key_paths(self._service)})

    def _scope(self, also: Sequence[Pad], *, alone: bool = False) -> str:
        """Write what is asked; nothing when that is all there is."""
        if self._wanted is None and not alone:
            return ""
        wanted = {*also, *(() if alone else self._wanted or ())}
        # Of nothing at all there is no question.
        return geschreven(self._form, dict.fromkeys(wanted or _key_paths(self._service), GEVRAAGD))

    def _begins(self, entity: etree._Element) -> bool:
        return all(_text(entity, path).casefold().startswith(text.casefold()) for path, text in self._put.begin.items())


def _gone() -> TargetRefused:
    return refused("the object after which to go on is no longer there", advice="ask from the start")


def _question_form(service: Service) -> Form:
    return elements()[service.elements[0]].children["scope"].children["object"]


def _wanted(service: Service, reads: Sequence[Pad]) -> frozenset[Pad]:
    """Give what of the paths that a mapping reads is an element of the objects that this service gives."""
    form = elements()[service.antwoord_element].children["antwoord"].children["object"]
    below = (path[len(_OBJECT) :] for path in reads if path[: len(_OBJECT)] == _OBJECT)
    plain = (tuple(name for name in path if not name.startswith("@")) for path in below)
    return bestaand(form, [path for path in plain if path])


def _key_paths(service: Service) -> list[Pad]:
    """Give the element of the number by which the other system knows an object."""
    return [(service.sleutels[0],)]


def _runs(numbers: Sequence[str]) -> Iterator[list[str]]:
    """Take numbers that follow each other together, in the order in which they are given."""
    run: list[str] = []
    for each in numbers:
        if run and not (each.isdigit() and run[-1].isdigit() and int(each) == int(run[-1]) + 1):
            yield run
            run = []
        run.append(each)
    if run:
        yield run


def _text(entity: etree._Element, path: Pad) -> str:
    return read_waarde(find(entity, "/".join(path))).tekst


def _said(entity: etree._Element, paths: Sequence[Pad]) -> dict[Pad, Waarde]:
    """Give what an object says at these paths, as it says it."""
    there = {path: find(entity, "/".join(path)) for path in paths}
    return {
        path: Waarde(text, f' StUF:indOnvolledigeDatum="{known}"' if (known := each.get(_ONVOLLEDIG)) else "")
        for path, each in there.items()
        if each is not None and (text := read_waarde(each).tekst)
    }


def _answer(service: Service, found: Sequence[etree._Element], *, more: bool) -> etree._Element:
    made = etree.Element(service.antwoord_element, nsmap=SECTOR.prefixes)
    parameters = SECTOR.made("parameters")
    etree.SubElement(parameters, f"{{{STUF}}}indicatorVervolgvraag").text = "true" if more else "false"
    made.append(parameters)
    if found:
        antwoord = SECTOR.made("antwoord")
        antwoord.extend(found)
        for each in found:
            _drop_hollow(each)
        made.append(antwoord)
    return made


def _drop_hollow(entity: etree._Element) -> bool:
    """Leave out groups and relations that are there for having been asked, and say nothing; tell if this is one."""
    for each in list(entity):
        if len(each) and _drop_hollow(each):
            entity.remove(each)
    return not any(len(each) or (each.text or "").strip() or read_waarde(each).reden in _SAYS for each in entity)
