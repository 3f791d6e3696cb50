"""A made-up person goes through the whole hub, by every way that fails: nothing of her is seen where it may not be.

She stands in messages that are delivered, refused at the door, stopped by a mapping, refused by the target and edited.
Looked at: logs (at debug), metrics, keys and headers on the bus, URLs to targets, every column of the ledger but those
that are for content, every answer of the API to people without the right, and the pages of the console while masked.
What is on a picture of such a page is what is in its document; that is what is searched, pixels are not read.
"""

from __future__ import annotations

import io
import json
import re
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from adapters.stuf_zds.simulator import Verzoek, zaakidentificatie
from hub.bus.topics import Topics
from hub.clock import SystemClock
from hub.config.policy import TAIL_RECORDS_MAX
from hub.console.openapi import written
from hub.ledger.entries import Failure
from hub.observe.logs import configure_logs
from tests.support.console import FORMULIEREN, PEOPLE, ConsoleHub, running_console
from tests.support.visitor import log_in

pytestmark = [
    pytest.mark.slow,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("console"),
]

PLANTED = {
    "inp.bsn": "999967010",
    "geslachtsnaam": "Kanariewoud",
    "voornamen": "Zilverveertje",
    "gor.openbareRuimteNaam": "Volierelaan",
    "gor.straatnaam": "Volierelaan",
    "wpl.woonplaatsNaam": "Vogelhuizen",
    "aoa.postcode": "9876QX",
    "geboortedatum": "19310203",
}
CANARIES = re.compile(r"999967010|kanarie|zilverveer|volierelaan|vogelhuizen|9876 ?QX|1931-?02-?03", re.IGNORECASE)
"""Of the person: BSN, names, address, day of birth; and what she wrote."""

WISH = "Kanariewens"
TYPED = f" ({PLANTED['inp.bsn']})"
"""What somebody types in a reason although it says not to."""
FOR_CONTENT = {
    ("parked", "value"),
    ("originals", "value"),
    ("traces", "content"),
    ("requests", "content"),
    ("edits", "content_before"),
    ("edits", "content_after"),
}
"""Columns that hold what messages say, as long as they wait for a person."""


class Canary(NamedTuple):
    """A hub in which she has been everywhere."""

    hub: ConsoleHub
    logs: io.StringIO
    failures: list[Failure]
    edit: str
    plan: str


def _planted(verzoek: Verzoek) -> Verzoek:
    body = verzoek.body
    for element, canary in PLANTED.items():
        body = re.sub(rb"(<BG:%s(?: [^>]*)?>)[^<]*" % re.escape(element.encode()), rb"\g<1>" + canary.encode(), body)
    return verzoek._replace(body=body)


def _with(change: Callable[[bytes], bytes], verzoek: Verzoek) -> Verzoek:
    return verzoek._replace(body=change(verzoek.body))


@pytest.fixture(scope="session")
def canary_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ConsoleHub, io.StringIO]]:
    """Run a hub of its own, and keep all that it logs."""
    logs = io.StringIO()
    configure_logs("debug", clock=SystemClock(), stream=logs)
    with running_console(tmp_path_factory.mktemp("canary")) as hub:
        yield hub, logs


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def canary(canary_hub: tuple[ConsoleHub, io.StringIO], browser: Browser) -> AsyncIterator[Canary]:
    """Send her everywhere."""
    hub, logs = canary_hub
    afzender = hub.afzender
    delivered, refused, stopped, turned = (hub.number() for _ in range(4))
    await hub.send(*map(_planted, hub.delivered(delivered)))
    await hub.stands(delivered)
    await hub.send(*(_planted(each) for each in hub.refused_by_target(refused)))
    await hub.send(*(_planted(each) for each in hub.with_forgotten_code(stopped)))
    failures = [await hub.waits(refused), await hub.waits(stopped)]
    # At the door: a field too many with her name in it, her number where a date belongs, XML that ends in her street.
    whole = _planted(afzender.creeer_zaak(turned))
    for spoil in (
        lambda body: body.replace(b"</ZKN:object>", b"<ZKN:onbekend>Kanariewoud</ZKN:onbekend></ZKN:object>"),
        lambda body: body.replace(b"<ZKN:startdatum>20260302", b"<ZKN:startdatum>999967010"),
        lambda body: body[: body.index(b"Volierelaan") + 5],
        lambda body: body.replace(b"zakLk01", b"zakLk99"),
    ):
        await hub.send(_with(spoil, whole))
    operator = await _context(browser, hub, "operator")
    await _post(operator, "/v1/unmaskings", {"message": failures[0].id, "reason": f"to see what is refused{TYPED}"})
    edit = await _post(
        operator,
        "/v1/edits",
        {
            "failure": failures[0].id,
            "part": "gebeurtenis",
            "changes": {"zaak.omschrijving": WISH},
            "reason": f"a wish that the target takes{TYPED}",
        },
    )
    plan = await _post(
        operator,
        "/v1/plans",
        {"selection": {"zaak": zaakidentificatie(refused)}, "reason": f"again after the repair{TYPED}"},
    )
    await _typed_everywhere(operator, failures, zaakidentificatie(refused))
    yield Canary(hub, logs, failures, edit, plan)
    await operator.context.close()


async def _typed_everywhere(page: Page, failures: list[Failure], zaak: str) -> None:
    """Let a careless operator write her number wherever something can be typed."""
    reason = f"she called{TYPED}"
    for failure in failures:
        group = f"/v1/groups/{failure.fingerprint}"
        etag = (await page.request.get(group)).headers["etag"]
        notes = {"note": reason, "owner": f"desk{TYPED}", "link": f"https://desk.example.nl/{PLANTED['inp.bsn']}"}
        await _ask(page, "patch", group, notes, {"if-match": etag})
    plan = await _post(page, "/v1/plans", {"selection": {"zaak": zaak}, "reason": reason})
    await _ask(page, "post", f"/v1/plans/{plan}/commands", {"command": "cancel", "reason": reason})
    edit = await _post(
        page,
        "/v1/edits",
        {
            "failure": failures[0].id,
            "part": "gebeurtenis",
            "changes": {"zaak.omschrijving": f"{WISH} 2"},
            "reason": reason,
        },
    )
    await _ask(page, "post", f"/v1/edits/{edit}/rejections", {"reason": reason})


async def _ask(page: Page, method: str, path: str, body: object, headers: Mapping[str, str] | None = None) -> None:
    session = await (await page.request.get("/v1/session")).json()
    origin = page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2]
    said = {"x-csrf-token": session["csrf"], "origin": origin, **(headers or {})}
    answer = await page.request.fetch(path, method=method, data=body, headers=said)
    assert answer.status == 200, await answer.text()


async def _context(browser: Browser, hub: ConsoleHub, name: str) -> Page:
    context = await browser.new_context(base_url=hub.url, viewport={"width": 1280, "height": 900})
    page = await context.new_page()
    await log_in(page, name)
    return page


async def _post(page: Page, path: str, body: object) -> str:
    session = await (await page.request.get("/v1/session")).json()
    headers = {"x-csrf-token": session["csrf"], "origin": page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2]}
    answer = await page.request.post(path, data=body, headers=headers)
    assert answer.status == 201, await answer.text()
    return str((await answer.json()).get("id"))


def _found(text: str) -> list[str]:
    """Give what is seen of her, with what stands around it."""
    return [text[max(0, each.start() - 60) : each.end() + 20] for each in CANARIES.finditer(text)]


async def test_she_was_there(canary: Canary) -> None:
    """Or the rest would find nothing because there is nothing."""
    failure = canary.failures[0]
    queue = await canary.hub.within(canary.hub.app.ledger.queue(failure.stage, failure.zaak))

    assert set(CANARIES.findall(queue[0].value.decode())) >= {"999967010", "Kanarie", "Volierelaan"}


async def test_not_in_a_log(canary: Canary) -> None:
    """At debug, with every failure."""
    assert '"parked"' in canary.logs.getvalue()
    assert _found(canary.logs.getvalue()) == []


async def test_not_in_a_metric(canary: Canary) -> None:
    """Neither names nor labels."""
    assert _found(canary.hub.app.metrics.render().decode()) == []


async def test_not_in_a_key_or_header_of_the_bus(canary: Canary) -> None:
    """Of any topic; the values are what the bus is for."""
    app = canary.hub.app
    topics: Topics = app.topics
    names = [
        *(topics.inbound(name) for name in app.entrances),
        *(topics.failures(name) for name in app.configuration.connections),
        topics.events("zaken"),
        topics.audit(),
    ]
    records = [each for name in names for each in await canary.hub.within(app.bus.tail(name, TAIL_RECORDS_MAX))]
    seen = "\n".join(f"{each.key.decode()} {dict(each.headers)}" for each in records)
    reports = "\n".join(
        each.value.decode()
        for each in records
        if each.partition.topic not in {topics.inbound(FORMULIEREN), topics.events("zaken")}
    )

    assert len(records) > len(canary.failures)
    assert _found(seen) == []
    assert _found(reports) == []


async def test_not_in_a_url_to_a_target(canary: Canary) -> None:
    """Of what was asked of the zaaksysteem, and of the webhook."""
    asked = "\n".join(
        f"{method} {path}" for network in canary.hub.far.networks.values() for method, path, _ in network.log
    )

    assert "/zaken" in asked
    assert _found(asked) == []


async def test_not_in_the_ledger_but_where_content_is_kept(canary: Canary) -> None:
    """Every other column of every table, headers of parked records too."""
    file = Path(canary.hub.app.configuration.settings.ledger.removeprefix("sqlite:"))
    seen: dict[str, list[str]] = {}
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as database:
        tables = [row[0] for row in database.execute("select name from sqlite_master where type = 'table'")]
        for table in tables:
            for column in [row[1] for row in database.execute(f"pragma table_info({table})")]:
                if (table, column) in FOR_CONTENT:
                    continue
                for (value,) in database.execute(f"select {column} from {table}"):
                    text = value.decode(errors="replace") if isinstance(value, bytes) else str(value)
                    if found := _found(text):
                        seen[f"{table}.{column}"] = found

    assert {table for table, _ in FOR_CONTENT} <= set(tables)
    assert seen == {}


@pytest.mark.parametrize("who", sorted(PEOPLE))
async def test_not_in_an_answer_to_who_asked_for_no_content(canary: Canary, browser: Browser, who: str) -> None:
    """What one session may see for a while, no other session sees, whatever the role and whoever it is."""
    page = await _context(browser, canary.hub, who)
    seen: dict[str, list[str]] = {}
    for path in _every_get(canary):
        answer = await page.request.get(f"/v1{path}")
        if found := _found(f"{answer.url} {answer.headers} {await answer.text()}"):
            seen[path] = found
    await page.context.close()

    assert seen == {}


async def test_not_on_a_page_that_is_masked(canary: Canary, browser: Browser) -> None:
    """The pages about her, for the operator who did not ask to see the content."""
    page = await _context(browser, canary.hub, "operator")
    seen: dict[str, list[str]] = {}
    failure = canary.failures[0]
    for path in (
        f"/failures/{failure.id}",
        f"/timelines/{failure.zaak}",
        "/failures",
        "/groups",
        "/audit",
        f"/plans/{canary.plan}",
    ):
        await page.goto(path)
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await page.wait_for_load_state("networkidle")
        if found := _found(f"{page.url} {await page.content()}"):
            seen[path] = found
    await page.context.close()

    assert seen == {}


def _every_get(canary: Canary) -> list[str]:
    """Give every address that can be asked for, about her where it is about something."""
    paths = []
    for path, methods in json.loads(written())["paths"].items():
        if "get" not in methods or path.endswith("/events"):
            continue
        for failure in canary.failures:
            key = {
                "/edits/{id}": canary.edit,
                "/plans/{id}": canary.plan,
                "/groups/{id}": failure.fingerprint,
            }.get("/".join(path.split("/")[:3]), failure.id)
            filled = path.replace("{id}", key).replace("{zaak}", failure.zaak).replace("{name}", failure.stage)
            paths.append(filled)
    return paths
