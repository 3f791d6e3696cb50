"""What there is to know in the browser: audit, data flows, the sheet of a connection, alerts."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from hub.ledger.alerts import Alert, AlertKind
from tests.support.console import EVENTS, FORMULIEREN, WEBHOOK, ZGW, ConsoleHub
from tests.support.visitor import Visitors

pytestmark = [
    pytest.mark.slow,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("console"),
]


async def test_the_audit_says_who_did_what_and_why_and_is_whole(visitors: Visitors, console_hub: ConsoleHub) -> None:
    """What an operator did is there for the auditor, narrowed to a person by the address, and the chain holds."""
    number = console_hub.number()
    await console_hub.send(*console_hub.with_unknown_zaaktype(number))
    failure = await console_hub.waits(number)
    await console_hub.within(
        console_hub.app.operator().drop(failure.id, by="collega", reason="dubbel ingediend, met de afzender besproken")
    )
    page = await visitors.page("/audit?by=collega", by="auditor")

    row = page.get_by_role("grid").get_by_role("row").nth(1)
    await expect(row).to_contain_text("dubbel ingediend, met de afzender besproken")
    await expect(row).to_contain_text("collega")
    await expect(row.get_by_role("link")).to_have_attribute("href", f"/failures/{failure.id}")
    await page.get_by_role("button", name="Controleer de keten").click()
    await expect(page.locator(".zh-verified")).to_contain_text("De keten is heel")


async def test_the_audit_is_for_who_has_the_right(visitors: Visitors) -> None:
    """An operator has not: it is not in the menu, and its address shows why."""
    page = await visitors.page("/audit")
    await expect(page.get_by_role("heading", level=1)).to_have_text("U hebt hier geen recht toe")
    await expect(page.get_by_role("navigation").get_by_role("link", name="Audit")).to_have_count(0)


async def test_the_map_shows_where_data_goes_and_the_table_says_it(visitors: Visitors) -> None:
    """Each connection is in both; the focus shows what one is tied to, and its link is its sheet."""
    page = await visitors.page("/map")
    drawing = page.get_by_label("Kaart van gegevensstromen")
    for name in (FORMULIEREN, EVENTS, ZGW, WEBHOOK):
        await expect(drawing.get_by_role("link", name=name)).to_be_visible()
    node = drawing.get_by_label(f"Koppeling {ZGW}")
    await node.focus()
    await expect(page.get_by_role("status")).to_contain_text(f"Verbonden met {ZGW}")

    await page.get_by_role("tab", name="Kaart").focus()
    await page.keyboard.press("ArrowRight")
    await expect(page).to_have_url(re.compile("as=table"))
    table = page.get_by_role("table")
    await expect(table.get_by_role("row").filter(has_text=FORMULIEREN)).not_to_have_count(0)
    await expect(table).to_contain_text("Vraag en antwoord")
    await table.get_by_role("link", name=ZGW).first.click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(ZGW)


async def test_the_sheet_answers_what_is_asked_of_a_connection_and_prints_without_the_frame(visitors: Visitors) -> None:
    """Questions with their answers and where these stand; on paper there is no menu."""
    page = await visitors.page(f"/connections/{ZGW}")
    await expect(page.get_by_role("table").first).to_be_visible()
    rows = page.locator("tbody").get_by_role("row")
    assert await rows.count() > 10
    assert "" not in [each.strip() for each in await rows.locator("td:first-of-type").all_inner_texts()]

    await page.emulate_media(media="print")
    await expect(page.get_by_role("navigation")).to_be_hidden()
    await expect(page.get_by_role("button", name="Afdrukken")).to_be_hidden()
    await expect(page.get_by_text("Afgedrukt op")).to_be_visible()


async def test_alerts_say_what_is_wrong_now_and_who_was_told(visitors: Visitors, console_hub: ConsoleHub) -> None:
    """With a way to the connection that it is about."""
    now = console_hub.app.clock.now()
    alert = Alert("melding-1", AlertKind.SILENT, EVENTS, "", now, "nothing came for 3 h, where 10 min is usual")
    await console_hub.within(console_hub.app.ledger.raise_alerts([alert], []))
    page = await visitors.page("/alerts")

    row = page.get_by_role("grid").get_by_role("row").filter(has_text="nothing came for 3 h")
    await expect(row).to_contain_text("Er komt niets meer")
    await expect(row).to_contain_text("Nu")
    await expect(row.get_by_role("link", name=EVENTS)).to_have_attribute("href", f"/connections/{EVENTS}")
