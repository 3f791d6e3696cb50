"""The pictures of the console in the documentation: of a real hub in a made-up situation, in a real browser.

`python -m tests.support.screenshots` makes them anew, in docs/images. Do that after a change that can be seen; a test
says which there must be. Nobody on them exists, and content is masked where an operator would have to ask for it.
"""

from __future__ import annotations

import asyncio
import base64
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from playwright.async_api import Page, expect

from tests.support.browser import running_browser
from tests.support.console import FORMULIEREN, ConsoleHub, running_console
from tests.support.console_situation import arise
from tests.support.pages import ROOT
from tests.support.visitor import Visitors, give_reason

IMAGES = ROOT / "docs" / "images"
QUALITY = 82
"""Of WebP: text stays sharp, and a page takes some 60 kB."""
HEIGHT = 860

Take = Callable[[Visitors, ConsoleHub], Awaitable[Page]]


async def overview(visitors: Visitors, _: ConsoleHub) -> Page:
    """Show the connections and how they fare."""
    page = await visitors.page("/", height=HEIGHT)
    await expect(page.locator("[data-connection]").first).to_be_visible()
    await expect(page.get_by_text("Niemand werkt hieraan")).to_have_count(0)  # until workers said how they fare
    return page


async def groups(visitors: Visitors, _: ConsoleHub) -> Page:
    """Show failures that look alike."""
    page = await visitors.page("/groups", height=HEIGHT)
    await expect(page.locator("[data-index]").first).to_be_visible()
    return page


async def failure(visitors: Visitors, hub: ConsoleHub) -> Page:
    """Show a message in its three shapes, with the rule that a line was made by."""
    number = hub.number()
    await hub.send(*hub.with_unknown_zaaktype(number))
    page = await visitors.page(f"/failures/{(await hub.waits(number)).id}", height=HEIGHT)
    event = page.get_by_role("listbox").nth(1)
    await expect(event).to_be_visible()
    await page.evaluate("window.scrollBy(0, 360)")
    await event.get_by_role("option").filter(has_text="zaaktype").first.hover()
    await expect(page.get_by_role("region", name="Uitleg bij de gekozen regel")).to_contain_text("zaak.zaaktype")
    return page


async def timeline(visitors: Visitors, hub: ConsoleHub) -> Page:
    """Show the life of a zaak, over all connections."""
    number = hub.number()
    await hub.send(*hub.with_unknown_zaaktype(number, "V0001"))
    failed = await hub.waits(number)
    await hub.publish_zaaktype("V0001")
    page = await visitors.page(f"/failures/{failed.id}", height=HEIGHT)
    await give_reason(page, "Herhalen", "zaaktype V0001 staat nu in de catalogus")
    await hub.stands(number)
    await page.goto(f"/timelines/{failed.zaak}")
    await expect(page.get_by_text("Afgeleverd").first).to_be_visible()
    return page


async def plan(visitors: Visitors, hub: ConsoleHub) -> Page:
    """Show a replay plan on its way."""
    await hub.waiting("V0002", zaken=8)
    await hub.publish_zaaktype("V0002")
    page = await visitors.page("/plans/new?text=V0002", height=HEIGHT)
    await page.get_by_label("Stappen").fill("1, 10")
    await page.get_by_label("Berichten per minuut").fill("240")
    await page.get_by_label("Reden", exact=True).fill("zaaktype V0002 staat nu in de catalogus")
    await page.get_by_role("button", name="Leg vast en bekijk").click()
    await expect(page.get_by_role("heading", name="Wat dit plan doet")).to_be_visible()
    await give_reason(page, "Start", "nagekeken met functioneel beheer")
    await expect(page.locator(".zh-plan-step-now")).to_contain_text("Stap 3")
    return page


async def playground(visitors: Visitors, _: ConsoleHub) -> Page:
    """Show a message, its rules, what comes of it, and why."""
    page = await visitors.page(f"/playground?connection={FORMULIEREN}", by="koppelbeheerder", height=HEIGHT)
    await page.get_by_label("Voorbeeld").select_option("creeerZaak-onvolledige-geboortedatum")
    field = page.locator(".zh-play-fields button").filter(has_text="geboortedatum").first
    await field.hover()
    await field.click()
    return page


async def data_flows(visitors: Visitors, _: ConsoleHub) -> Page:
    """Show which data goes where."""
    page = await visitors.page("/map?as=map", height=HEIGHT)
    await expect(page.locator(".react-flow__node").first).to_be_visible()
    return page


async def audit(visitors: Visitors, _: ConsoleHub) -> Page:
    """Show who did what and why, in a chain."""
    page = await visitors.page("/audit", by="auditor", height=HEIGHT)
    await page.get_by_role("button", name="Controleer de keten").click()
    await expect(page.get_by_text("De keten is heel")).to_be_visible()
    return page


PICTURES: Mapping[str, Take] = MappingProxyType(
    {
        f"console-{take.__name__.replace('_', '-')}.webp": take
        for take in (overview, groups, failure, timeline, plan, playground, data_flows, audit)
    }
)


async def _take(hub: ConsoleHub, names: list[str]) -> None:
    await arise(hub)
    async with running_browser() as browser:
        visitors = Visitors(browser, hub.url)
        for name in names or PICTURES:
            page = await PICTURES[name](visitors, hub)
            await page.evaluate("document.fonts.ready")
            (IMAGES / name).write_bytes(await _webp(page))
            await visitors.close()


async def _webp(page: Page) -> bytes:
    """Take what is in the window; Playwright itself knows no WebP."""
    session = await page.context.new_cdp_session(page)
    taken = await session.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
    return base64.b64decode(taken["data"])


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, running_console(Path(folder)) as console:
        asyncio.run(_take(console, sys.argv[1:]))
