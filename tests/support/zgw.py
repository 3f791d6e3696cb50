"""What the tests of the ZGW adapter share: a scripted far side, the simulator in-process, a delivery like the hub's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

import orjson

from adapters.zgw.options import Options
from adapters.zgw.outbound import create
from adapters.zgw.simulator import RSIN, SECRET, ConnectionCut, Simulator
from adapters.zgw.simulator import create as simulator
from hub.errors import HubUnavailable, TargetFailed, TargetUnavailable, TargetUncertain
from hub.ports.contracts import Client, Contents, Exchange, Outbound, Outgoing, Receipt, Response
from hub.testkit.clock import FakeClock
from tests.support.zgw_token import token

HOST = "http://zgw.test"
ZAKEN, CATALOGI, DOCUMENTEN, BESLUITEN = (
    f"{HOST}/{name}/api/v1/" for name in ("zaken", "catalogi", "documenten", "besluiten")
)
BASES = {"zaken": ZAKEN, "catalogi": CATALOGI, "documenten": DOCUMENTEN, "besluiten": BESLUITEN}
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
OPTIONS = Options(rsin=RSIN)

AANGEMAAKT = "nl.zaken.zaak-aangemaakt.v1"
BIJGEWERKT = "nl.zaken.zaak-bijgewerkt.v1"
STATUS_GEZET = "nl.zaken.zaakstatus-gezet.v1"
DOCUMENT_TOEGEVOEGD = "nl.zaken.zaakdocument-toegevoegd.v1"
DOCUMENT_BIJGEWERKT = "nl.zaken.zaakdocument-bijgewerkt.v1"
DOCUMENT_VRIJGEGEVEN = "nl.zaken.zaakdocument-vrijgegeven.v1"
DOCUMENT_ONTKOPPELD = "nl.zaken.zaakdocument-ontkoppeld.v1"
ZAAK_VERWIJDERD = "nl.zaken.zaak-verwijderd.v1"
BESLUIT_GENOMEN = "nl.zaken.besluit-genomen.v1"
BESLUIT_BIJGEWERKT = "nl.zaken.besluit-bijgewerkt.v1"


class Call(NamedTuple):
    """One request as the far side saw it."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    headers: Mapping[str, str]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def json_response(status: int, body: object, **headers: str) -> Response:
    return Response(status, headers, orjson.dumps(body))


def page(*rows: dict[str, Any], following: str | None = None) -> Response:
    return json_response(200, {"count": len(rows), "next": following, "previous": None, "results": list(rows)})


def problem(status: int, code: str, *params: tuple[str, str]) -> Response:
    wrong = [{"name": name, "code": each, "reason": "Jansen 999990019"} for name, each in params]
    return json_response(status, {"code": code, "title": "999990019", "detail": "Jansen", "invalidParams": wrong})


class Scripted:
    """A client whose answers are written down; without a script a list is empty and a POST makes something."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self._answers: defaultdict[str, list[Response | TargetFailed]] = defaultdict(list)

    def on(self, call: str, *answers: Response | TargetFailed) -> None:
        """Answer `POST zaken/rollen` with each in turn; the last one keeps coming."""
        self._answers[call].extend(answers)

    def asked(self, *, beside: str = "catalogi") -> list[str]:
        return [str(call) for call in self.calls if not call.path.startswith(beside)]

    async def request(
        self,
        method: str,
        service: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        json: object = None,
        body: AsyncIterator[bytes] | bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        if body is not None and not isinstance(body, bytes):
            json = orjson.loads(b"".join([chunk async for chunk in body]))
        whole = urlsplit(path if path.startswith("http") else BASES[service] + path)
        name = whole.path.strip("/").replace("/api/v1", "")
        asked = {**dict(parse_qsl(whole.query)), **(query or {})}
        self.calls.append(Call(method, name, asked, json, headers or {}))
        answers = self._answers[f"{method} {name}"]
        if not answers:
            return _plain(method, service, name)
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, TargetFailed):
            raise answer
        return answer

    async def download(
        self,
        service: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> AsyncIterator[bytes]:
        yield (await self.request("GET", service, path, query=query, headers=headers)).body

    def soap_security(self) -> str:
        return ""


def _plain(method: str, service: str, name: str) -> Response:
    match method:
        case "POST":
            return json_response(201, {"url": f"{BASES[service]}{name.partition('/')[2]}/new"})
        case "PATCH":
            return json_response(200, {"url": "there"})
        case "DELETE":
            return Response(204, {}, b"")
        case _:
            return page()


class Simulated:
    """A client of the simulator, in-process. `fault` makes the nth write (from 0) go wrong, once."""

    def __init__(self, far_side: Simulator, clock: FakeClock, fault: tuple[int, str] | None = None) -> None:
        self.far_side = far_side
        self.calls: list[Call] = []
        self.writes = 0
        self._clock = clock
        self._fault = fault

    async def request(
        self,
        method: str,
        service: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        json: object = None,
        body: AsyncIterator[bytes] | bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        whole = urlsplit(path if path.startswith("http") else BASES[service] + path)
        asked = {**dict(parse_qsl(whole.query)), **(query or {})}
        self.calls.append(Call(method, whole.path, asked, json, headers or {}))
        failing = ""
        if method != "GET":
            failing = self._fault[1] if self._fault and self._fault[0] == self.writes else ""
            self.writes += 1
        if failing == "busy":
            return Response(503, {"retry-after": "1"}, b"")
        if failing == "lost before":
            raise TargetUncertain("lost", code="verbroken")
        sent = {
            "host": "zgw.test",
            "authorization": f"Bearer {token(SECRET, at=self._clock.now())}",
            "content-type": "application/json",
            **{name.lower(): text for name, text in (headers or {}).items()},
        }
        content = orjson.dumps(json) if json is not None else body if body is not None else b""
        try:
            answer = await self.far_side.handle(method, whole.path, asked, sent, content)
        except ConnectionCut as cut:
            lost = TargetUnavailable if method == "GET" else TargetUncertain
            raise lost("cut", code="verbroken") from cut
        if failing == "lost after":
            raise TargetUncertain("lost", code="verbroken")
        return Response(answer.status, {name.lower(): text for name, text in answer.headers}, answer.body)

    async def download(
        self,
        service: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> AsyncIterator[bytes]:
        yield (await self.request("GET", service, path, query=query, headers=headers)).body

    def soap_security(self) -> str:
        return ""


class Stored:
    """A payload store in memory."""

    def __init__(self, **contents: bytes) -> None:
        self._contents = contents

    async def open(self, reference: str) -> AsyncIterator[bytes]:
        if reference not in self._contents:
            raise HubUnavailable("gone", code="payloads")
        content = self._contents[reference]
        for start in range(0, len(content), 1000):
            yield content[start : start + 1000]


def outgoing(kind: str, document: dict[str, Any]) -> Outgoing:
    """Give an event as the mapping of a ZGW connection made it ready."""
    return Outgoing(kind, "zgw-zaak", document, reference="event-1", at=NOW, zaak="ZAAK-2026-0001")


class Delivery:
    """Delivers documents as the hub does: steps in order, receipts kept, resumed after a failure."""

    def __init__(self, client: Client, options: Options = OPTIONS, stored: Contents | None = None) -> None:
        self.outbound: Outbound = create(options)
        self._client = client
        self._contents: Contents = stored or Stored()
        self.now = NOW

    async def once(
        self,
        kind: str,
        document: dict[str, Any],
        *,
        done: dict[str, Receipt] | None = None,
        resumed: bool = False,
    ) -> dict[str, Receipt]:
        """Try once; what was done stays in `done` when a step fails."""
        done = {} if done is None else done
        for step in self.outbound.steps(outgoing(kind, document)):
            if step.key not in done:
                exchange = Exchange(self._client, self._contents, done, resumed, self.now)
                done[step.key] = await self.outbound.send(step, exchange)
        return done

    async def until_done(self, kind: str, document: dict[str, Any]) -> dict[str, Receipt]:
        """Try until it is done, three times at most."""
        done: dict[str, Receipt] = {}
        for attempt in range(3):
            try:
                return await self.once(kind, document, done=done, resumed=attempt > 0)
            except (TargetUncertain, TargetUnavailable):
                continue
        raise AssertionError("not done in three attempts")


def a_simulator() -> tuple[Simulator, FakeClock]:
    clock = FakeClock(NOW)
    return simulator(clock=clock), clock


def a_document(**parts: Any) -> dict[str, Any]:  # noqa: ANN401 - a document is JSON
    zaak = {
        "identificatie": "ZAAK-2026-0001",
        "omschrijving": "Aanvraag",
        "startdatum": "2026-03-01",
        "zaaktype": {"identificatie": "B1026", "omschrijving": "Aanvraag minimaregelingen"},
        **parts.pop("zaak", {}),
    }
    return {"zaak": zaak, **parts}


def a_person(bsn: str = "999990019", **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - a rol is JSON
    return {
        "roltype": {"omschrijvingGeneriek": "initiator"},
        "betrokkeneType": "natuurlijk_persoon",
        "betrokkeneIdentificatie": {"inpBsn": bsn, "geslachtsnaam": "Voorbeeld"},
        "roltoelichting": "aanvrager",
        **fields,
    }


ZAAKTYPE = {
    "url": f"{CATALOGI}zaaktypen/1",
    "identificatie": "B1026",
    "omschrijving": "Aanvraag minimaregelingen",
    "catalogus": f"{CATALOGI}catalogussen/1",
    "beginGeldigheid": "2023-01-01",
    "eindeGeldigheid": None,
    "concept": False,
    "informatieobjecttypen": [f"{CATALOGI}informatieobjecttypen/1"],
}
ZAAK_URL = f"{ZAKEN}zaken/new"


def with_catalogue() -> Scripted:
    """Give a scripted far side that has a catalogus of one zaaktype."""
    client = Scripted()
    types = f"{CATALOGI}%s/%s"
    client.on("GET catalogi/catalogussen", page({"url": ZAAKTYPE["catalogus"]}))
    client.on("GET catalogi/zaaktypen", page(ZAAKTYPE))
    client.on("GET catalogi/zaaktypen/1", json_response(200, ZAAKTYPE))
    client.on(
        "GET catalogi/roltypen",
        page(
            {"url": types % ("roltypen", 1), "omschrijving": "Initiator", "omschrijvingGeneriek": "initiator"},
            {"url": types % ("roltypen", 2), "omschrijving": "Partner", "omschrijvingGeneriek": "belanghebbende"},
            {"url": types % ("roltypen", 3), "omschrijving": "Buur", "omschrijvingGeneriek": "belanghebbende"},
        ),
    )
    names = ("Ontvangen", "In behandeling", "Afgehandeld")
    client.on(
        "GET catalogi/statustypen",
        page(
            *(
                {
                    "url": types % ("statustypen", number),
                    "omschrijving": name,
                    "volgnummer": number,
                    "isEindstatus": number == len(names),
                }
                for number, name in enumerate(names, start=1)
            )
        ),
    )
    client.on(
        "GET catalogi/resultaattypen",
        page(*({"url": types % ("resultaattypen", name), "omschrijving": name} for name in ("Toegekend", "Afgewezen"))),
    )
    client.on("GET catalogi/eigenschappen", page({"url": types % ("eigenschappen", 1), "naam": "kanaal"}))
    client.on(
        "GET catalogi/informatieobjecttypen",
        page({"url": types % ("informatieobjecttypen", 1), "omschrijving": "Bijlage", "beginGeldigheid": "2020-01-01"}),
    )
    return client


def a_zaak(**fields: Any) -> dict[str, Any]:  # noqa: ANN401 - a zaak is JSON
    """Give a zaak as the target has it."""
    return {
        "url": ZAAK_URL,
        "zaaktype": ZAAKTYPE["url"],
        "identificatie": "ZAAK-2026-0001",
        "einddatum": None,
        **fields,
    }
