"""A Notificaties API that forgets everything when it stops: kanalen, abonnementen, and webhooks that it delivers.

It answers as Open Notificaties does, from the published Notificaties API 1.0: it tries a callback on kanaal `test` when
somebody subscribes (and once more without Authorization, which must be turned away), filters on kenmerken, and tries
again with 25 s, 100 s, 400 s in between. It keeps no order and promises nothing: `gedrag` loses, doubles and reverses.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from uuid import uuid4

import orjson

from hub.clock import Clock, SystemClock

Json = dict[str, Any]
Post = Callable[[str, Mapping[str, str], bytes], Awaitable[int]]
"""Posts a webhook: (URL, headers, body) → status; ConnectionError when nobody is there."""

API = "/api/v1"
KANALEN: Mapping[str, tuple[str, ...]] = {
    "zaken": ("bronorganisatie", "zaaktype", "vertrouwelijkheidaanduiding"),
    "documenten": ("bronorganisatie", "informatieobjecttype", "vertrouwelijkheidaanduiding"),
    "besluiten": ("verantwoordelijke_organisatie", "besluittype"),
}
"""Kanalen that a zaaksysteem registers, with their kenmerken."""

RETRIES_MAX = 7
RETRY_FIRST_S, RETRY_FACTOR, RETRY_LAST_S = 25, 4, 52_000

_REQUIRED = ("kanaal", "hoofdObject", "resource", "resourceUrl", "actie", "aanmaakdatum")


class Answer(NamedTuple):
    """One answer."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class Webhook(NamedTuple):
    """One notification on its way to one subscriber."""

    abonnement: str
    body: bytes
    tries: int
    due: datetime


@dataclass(slots=True)
class Gedrag:
    """How it misbehaves: what it does with the next webhooks."""

    lose: int = 0
    double: int = 0
    reverse: bool = False


@dataclass(slots=True)
class Nrc:
    """See the module. `post` reaches subscribers; `base` is where it is reached itself."""

    post: Post
    clock: Clock = field(default_factory=SystemClock)
    base: str = "http://nrc.test"
    gedrag: Gedrag = field(default_factory=Gedrag)
    kanalen: dict[str, Json] = field(default_factory=dict)
    abonnementen: dict[str, Json] = field(default_factory=dict)
    published: list[Json] = field(default_factory=list)
    waiting: list[Webhook] = field(default_factory=list)
    given_up: list[Webhook] = field(default_factory=list)

    async def handle(  # noqa: PLR0911 - a table of what it answers
        self, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], body: bytes = b""
    ) -> Answer:
        """Answer one request; `headers` has lower-case names."""
        if not headers.get("authorization"):
            return _problem(403, "not_authenticated")
        said = orjson.loads(body) if body else {}
        collection, _, uuid = path.removeprefix(f"{API}/").partition("/")
        match method, collection, bool(uuid):
            case "GET", "kanaal", False:
                naam = query.get("naam")
                return _answer(200, [each for each in self.kanalen.values() if naam in (None, each["naam"])])
            case "POST", "kanaal", False:
                return self._make_kanaal(said)
            case "GET", "abonnement", False:
                return _answer(200, [_shown(each) for each in self.abonnementen.values()])
            case "POST", "abonnement", False:
                return await self._make_abonnement(said)
            case (("PUT" | "PATCH"), "abonnement", True) if uuid in self.abonnementen:
                return await self._change_abonnement(uuid, said)
            case "DELETE", "abonnement", True if uuid in self.abonnementen:
                del self.abonnementen[uuid]
                return Answer(204, (), b"")
            case "POST", "notificaties", False:
                return self._publish(said)
            case "POST", "cloudevents", False:
                self.published.append(said)
                return _answer(201, said)
            case _:
                return _problem(404, "not_found")

    async def deliver(self) -> int:
        """Deliver what is due, once each; say how many subscribers took theirs."""
        now = self.clock.now()
        due = [each for each in self.waiting if each.due <= now]
        self.waiting = [each for each in self.waiting if each.due > now]
        if self.gedrag.reverse:
            due.reverse()
        taken = 0
        for each in due:
            if self.gedrag.lose:
                self.gedrag.lose -= 1
                continue
            times = 2 if self.gedrag.double else 1
            self.gedrag.double = max(0, self.gedrag.double - 1)
            for _ in range(times):
                taken += await self._try(each, now)
        return taken

    def register_kanalen(self) -> None:
        """Do what a zaaksysteem does when it is installed: say which kanalen it has."""
        for naam, kenmerken in KANALEN.items():
            self._make_kanaal({"naam": naam, "filters": list(kenmerken)})

    async def _try(self, webhook: Webhook, now: datetime) -> int:
        abonnement = self.abonnementen.get(webhook.abonnement)
        if abonnement is None:
            return 0
        if await self._posted(abonnement["callbackUrl"], webhook.body, abonnement["auth"]) in range(200, 300):
            return 1
        if webhook.tries >= RETRIES_MAX:
            self.given_up.append(webhook)
        else:
            wait_s = min(RETRY_FIRST_S * RETRY_FACTOR**webhook.tries, RETRY_LAST_S)
            self.waiting.append(webhook._replace(tries=webhook.tries + 1, due=now + timedelta(seconds=wait_s)))
        return 0

    async def _posted(self, url: str, body: bytes, authorization: str) -> int:
        headers = {"content-type": "application/json"}
        if authorization:
            headers["authorization"] = authorization
        try:
            return await self.post(url, headers, body)
        except ConnectionError:
            return 0

    def _make_kanaal(self, said: Json) -> Answer:
        if said.get("naam") in {each["naam"] for each in self.kanalen.values()}:
            return _problem(400, "unique", name="naam")
        uuid = str(uuid4())
        self.kanalen[uuid] = {"filters": [], **said, "url": f"{self.base}{API}/kanaal/{uuid}"}
        return _answer(201, self.kanalen[uuid])

    async def _make_abonnement(self, said: Json) -> Answer:
        if wrong := await self._wrong_with(said):
            return wrong
        uuid = str(uuid4())
        self.abonnementen[uuid] = {**said, "url": f"{self.base}{API}/abonnement/{uuid}"}
        return _answer(201, _shown(self.abonnementen[uuid]))

    async def _change_abonnement(self, uuid: str, said: Json) -> Answer:
        wanted = {**self.abonnementen[uuid], **said}
        if wrong := await self._wrong_with(wanted):
            return wrong
        self.abonnementen[uuid] = wanted
        return _answer(200, _shown(wanted))

    async def _wrong_with(self, said: Json) -> Answer | None:
        """Check the kanalen, and try the callback: with the secret it must answer, without it must turn away."""
        there = {each["naam"] for each in self.kanalen.values()}
        if any(each["naam"] not in there for each in said.get("kanalen") or ()):
            return _problem(400, "kanaal_naam", name="kanalen")
        probe = orjson.dumps(
            {
                "kanaal": "test",
                "hoofdObject": "http://some.hoofdobject.nl/",
                "resource": "some_resource",
                "resourceUrl": "http://some.resource.nl/",
                "actie": "create",
                "aanmaakdatum": self.clock.now().isoformat(),
                "kenmerken": {},
            }
        )
        if await self._posted(said["callbackUrl"], probe, said["auth"]) not in range(200, 300):
            return _problem(400, "invalid-callback-url", name="callbackUrl")
        if await self._posted(said["callbackUrl"], probe, "") not in (401, 403):
            return _problem(400, "no-auth-on-callback-url", name="callbackUrl")
        return None

    def _publish(self, said: Json) -> Answer:
        for name in _REQUIRED:
            if not said.get(name):
                return _problem(400, "required", name=name)
            if name in {"hoofdObject", "resourceUrl"} and urlsplit(said[name]).scheme not in {"http", "https"}:
                return _problem(400, "invalid", name=name)
        if said["kanaal"] not in {each["naam"] for each in self.kanalen.values()}:
            return _problem(400, "message_kanaal", name="kanaal")
        self.published.append(said)
        body = orjson.dumps(said)
        for uuid, abonnement in self.abonnementen.items():
            if any(_fits(each, said) for each in abonnement.get("kanalen") or ()):
                self.waiting.append(Webhook(uuid, body, 0, self.clock.now()))
        return _answer(201, said)


def create(*, post: Post, clock: Clock | None = None, base: str = "http://nrc.test") -> Nrc:
    """Make one, with the kanalen of a zaaksysteem."""
    nrc = Nrc(post, clock or SystemClock(), base)
    nrc.register_kanalen()
    return nrc


def _fits(kanaal: Json, said: Json) -> bool:
    kenmerken = said.get("kenmerken") or {}
    filters = kanaal.get("filters") or {}
    return kanaal["naam"] == said["kanaal"] and all(
        wanted in ("*", kenmerken.get(name)) for name, wanted in filters.items()
    )


def _shown(abonnement: Json) -> Json:
    """Show an abonnement without its secret, which is write-only (schema Abonnement)."""
    return {name: value for name, value in abonnement.items() if name != "auth"}


def _answer(status: int, data: object) -> Answer:
    return Answer(status, (("content-type", "application/json"),), orjson.dumps(data))


def _problem(status: int, code: str, *, name: str = "") -> Answer:
    body: Json = {"code": "invalid" if name else code, "title": code, "status": status, "detail": ""}
    if name:
        body["invalidParams"] = [{"name": name, "code": code, "reason": code}]
    return Answer(status, (("content-type", "application/problem+json"),), orjson.dumps(body))
