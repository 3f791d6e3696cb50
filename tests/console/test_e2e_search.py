"""Searching in the browser: by what people know, by BSN only with the right and a reason, and never in an address."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from adapters.stuf_zds.simulator import zaakidentificatie
from tests.support.console import ConsoleHub
from tests.support.visitor import Visitors

pytestmark = [
    pytest.mark.slow,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("console"),
]

INITIATOR = "999990019"


async def test_a_zaak_is_found_and_the_address_shows_a_colleague_the_same(
    visitors: Visitors, console_hub: ConsoleHub
) -> None:
    number = console_hub.number()
    await console_hub.send(*console_hub.delivered(number))
    await console_hub.stands(number)
    zaak = zaakidentificatie(number)
    page = await visitors.page("/search")
    await page.get_by_label("Zaak", exact=True).fill(zaak)
    await page.get_by_role("button", name="Zoeken", exact=True).click()
    rows = page.get_by_role("grid").get_by_role("row")
    await expect(rows.nth(1)).to_contain_text(zaak)

    assert f"zaak={zaak}" in page.url
    colleague = await visitors.page(page.url, by="collega")
    await expect(colleague.get_by_role("grid").get_by_role("row").nth(1)).to_contain_text(zaak)
    await rows.nth(1).get_by_role("link", name=zaak).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(f"Zaak {zaak}")


async def test_a_bsn_is_asked_for_with_a_reason_and_stands_nowhere(visitors: Visitors) -> None:
    """Only the privacy officer has the form; the number is in no address, title or storage after it."""
    page = await visitors.page("/search", by="privacy-officer")
    await page.get_by_text("Zoeken op persoon").click()
    await page.get_by_label("BSN").fill("999990018")
    await page.get_by_role("button", name="Zoeken op BSN").click()
    await expect(page.get_by_text("Dit is geen geldig BSN.")).to_be_visible()
    await expect(page.get_by_text("Geef een reden")).to_be_visible()

    await page.get_by_label("BSN").fill(INITIATOR)
    await page.get_by_label("Reden", exact=True).fill("inzageverzoek 2026-17")
    await page.get_by_role("button", name="Zoeken op BSN").click()
    await expect(page.get_by_text("Gezocht op BSN")).to_be_visible()
    await expect(page.get_by_role("grid").or_(page.get_by_text(re.compile("[Nn]iets gevonden"))).first).to_be_visible()
    kept = await page.evaluate(
        "JSON.stringify([location.href, document.title, {...localStorage}, {...sessionStorage}])"
    )
    assert INITIATOR not in kept
    assert INITIATOR not in await page.content()
    operator = await visitors.page("/search")
    await expect(operator.get_by_text("Zoeken op persoon")).to_have_count(0)


async def test_nothing_is_searched_for_without_a_criterion(visitors: Visitors) -> None:
    page = await visitors.page("/search")
    await page.get_by_role("button", name="Zoeken", exact=True).click()

    await expect(page.get_by_label("Zaak", exact=True)).to_have_accessible_description("Vul minstens één veld in.")


async def test_a_page_that_does_not_exist_says_so_and_shows_the_way(visitors: Visitors) -> None:
    page = await visitors.page("/bestaat/niet")

    await expect(page.get_by_role("heading", level=1)).to_have_text("Deze pagina bestaat niet")
    await page.get_by_role("link", name="Naar het overzicht").click()
    await expect(page.get_by_role("heading", level=1)).to_be_focused()


async def test_keys_are_told_and_can_be_turned_off(visitors: Visitors) -> None:
    """Who speaks to a computer presses letters by talking (WCAG 2.1.4)."""
    page = await visitors.page("/search")
    await page.get_by_role("heading", level=1).click()
    await page.keyboard.press("?")
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Naar Storingen")
    await dialog.get_by_label("Sneltoetsen van één letter zijn aan").uncheck()
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await page.keyboard.press("g")
    await page.keyboard.press("o")
    await expect(page).to_have_url(re.compile("/search"))

    await page.get_by_role("button", name="Sneltoetsen").click()
    await dialog.get_by_label("Sneltoetsen van één letter zijn aan").check()
    await page.keyboard.press("Escape")
    await page.keyboard.press("g")
    await page.keyboard.press("s")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Storingen")
