"""What must not hurt the console: what messages hold, how much there is, and a session that ends."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime

import pytest
from playwright.async_api import Dialog, Page, expect

from adapters.stuf_zds.simulator import zaakidentificatie
from tests.support.console import EVENTS, ConsoleHub
from tests.support.visitor import Visitors, give_reason, log_in

pytestmark = [
    pytest.mark.slow,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("console"),
]

SCRIPT = "<script>alert(document.domain)</script><img src=x onerror=alert(1)>"
TURNED = "\u202egnitaerC"
LONG_LINE = "A" * 900_000
_GROUP = """
insert into failure_groups select 'heel-veel', :stage, 'mapping', 'no rule for this zaaktype', 'mapping',
    'zaak.map.yaml:7', 'hub', 'revisie', 'mend the rule', :now, '', '', '', '', :now
"""
_FAILURES = """
insert into failures with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < :many)
select 'heel-veel-' || n, :stage, 'bericht-' || n, 'nl.zaken.zaak-aangemaakt.v1', 'zaak-' || n % 500, 'open', 'mapping',
    'no rule for this zaaktype', 'mapping', 'mend the rule', 'zaak.map.yaml:7', 'revisie', 1, :now, :now, null, null,
    'hub', 'heel-veel', 'heel-veel'
from numbers
"""
SHOWN_CHARACTERS_MAX = 400_000
NODES_MAX = 5_000
MANY = 200_000


async def test_what_a_message_holds_is_shown_and_does_nothing(visitors: Visitors, console_hub: ConsoleHub) -> None:
    """A script is text, and a character that turns the line around is told."""
    number = console_hub.number()
    await console_hub.send(
        console_hub.afzender.creeer_zaak(
            number, zaaktype="<b>\u202eX", omschrijving=TURNED, extra={"kanaal": SCRIPT, "language_code": "nl"}
        )
    )
    failure = await console_hub.waits(number)
    page = await visitors.page(f"/failures/{failure.id}")
    said: list[str] = []

    async def hear(dialog: Dialog) -> None:
        said.append(dialog.message)
        await dialog.dismiss()

    page.on("dialog", hear)
    await expect(page.get_by_role("heading", level=1)).to_contain_text("<b>U+202EX")
    await give_reason(page, "Inhoud tonen", "een vreemd bericht")
    await expect(page.get_by_text("onerror=alert(1)").first).to_be_visible()
    await expect(page.get_by_text(r"\u{202e}gnitaerC").first).to_be_visible()

    assert said == []
    assert await page.locator("#content script, #content img, #content b").count() == 0


async def test_a_line_without_end_is_cut_and_the_page_answers(visitors: Visitors, console_hub: ConsoleHub) -> None:
    """The longest that a message may hold; a longer one is turned away at the door."""
    number = console_hub.number()
    await console_hub.send(console_hub.afzender.creeer_zaak(number, extra={"kanaal": LONG_LINE}))
    failure = await console_hub.waits(number)
    page = await visitors.page(f"/failures/{failure.id}")
    await give_reason(page, "Inhoud tonen", "een lang bericht")
    await expect(page.get_by_text("AAAA").first).to_be_visible()

    assert len(await page.locator("#content").inner_text()) < SHOWN_CHARACTERS_MAX
    assert await nodes(page) < NODES_MAX
    await page.get_by_role("tab", name="Per veld").click()
    await expect(page.get_by_role("tab", name="Per veld")).to_have_attribute("aria-selected", "true")


async def test_a_list_of_200_000_failures_stays_light(visitors: Visitors, console_hub: ConsoleHub) -> None:
    """Only what is in sight is in the page, and the end of what is loaded is a key away."""
    with many_failures(console_hub):
        page = await visitors.page(f"/failures?stage={EVENTS}")
        grid = page.get_by_role("grid")
        await expect(grid.get_by_role("row").nth(1)).to_contain_text(EVENTS)
        await page.keyboard.press("j")
        for loaded in ("400", "600", "800", "1.000"):
            await page.keyboard.press("End")
            await expect(page.get_by_role("status").first).to_contain_text(loaded)
            assert await nodes(page) < NODES_MAX
        await page.goto(f"/groups?stage={EVENTS}")
        await expect(page.get_by_role("grid")).to_contain_text("200.000")


async def test_a_session_that_ends_in_the_middle_of_a_plan(visitors: Visitors, console_hub: ConsoleHub) -> None:
    """The plan goes on, the page stays where it is, and after logging in it shows how far the plan came meanwhile."""
    visitors.expects("401")
    numbers = await console_hub.waiting("H0001", zaken=2)
    await console_hub.publish_zaaktype("H0001")
    page = await visitors.page("/plans/new?text=H0001", by="collega")
    await page.get_by_label("Berichten per minuut").fill("120")
    await page.get_by_label("Reden", exact=True).fill("zaaktype H0001 staat er nu")
    await page.get_by_role("button", name="Leg vast en bekijk").click()
    await expect(page.get_by_role("status").get_by_text("Ligt klaar")).to_be_visible()
    await give_reason(page, "Start", "nagekeken")
    await page.context.clear_cookies()
    await page.get_by_label("Stand").select_option("afgeleverd")

    dialog = page.get_by_role("dialog", name="Uw sessie is verlopen")
    await expect(dialog).to_be_visible()
    for number in numbers:
        await console_hub.stands(number)
    again = await page.context.new_page()
    await log_in(again, "collega")
    await dialog.get_by_role("button", name="Ik ben weer ingelogd").click()
    await expect(dialog).to_be_hidden()
    await expect(page.get_by_text("8 van 8 berichten klaar")).to_be_visible()
    await expect(page.get_by_role("grid")).to_contain_text(zaakidentificatie(numbers[0]))


async def nodes(page: Page) -> int:
    """Count the elements of a page."""
    count: int = await page.evaluate("document.querySelectorAll('*').length")
    return count


@contextmanager
def many_failures(hub: ConsoleHub) -> Iterator[None]:
    """Put 200,000 failures of a quiet connection in the ledger, as one group, and take them out again."""
    file = hub.app.configuration.settings.ledger.removeprefix("sqlite:")
    now = int(datetime.now(UTC).timestamp() * 1_000_000)
    with closing(sqlite3.connect(file, timeout=60)) as ledger:
        with ledger:
            ledger.execute(_GROUP, {"stage": EVENTS, "now": now})
            ledger.execute(_FAILURES, {"stage": EVENTS, "now": now, "many": MANY})
        try:
            yield
        finally:
            with ledger:
                ledger.execute("delete from failures where group_id = 'heel-veel'")
                ledger.execute("delete from failure_groups where id = 'heel-veel'")
