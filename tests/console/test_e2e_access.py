"""Everybody can use the console: no page has a barrier that axe finds, and every page fits a window of 320 pixels.

1280 pixels at 400 % zoom are 320 (WCAG 2.2, 1.4.10). What a table or an editor holds may scroll within it.
"""

from __future__ import annotations

from typing import NamedTuple

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from hub.desk.plan.plans import Wanted
from hub.ledger.groups import FailureFilter
from hub.ledger.plans import Selection
from tests.support.browser import violations
from tests.support.console import ZGW, ConsoleHub
from tests.support.visitor import Visitors

pytestmark = [
    pytest.mark.slow,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("console"),
]

NARROW = 320


class Place(NamedTuple):
    """A page: where, for whom, and what is on it when it is there."""

    path: str
    by: str = "operator"
    shows: str = "h1"


PLACES = {
    "overview": Place("/", shows="[data-connection]"),
    "alerts": Place("/alerts"),
    "groups": Place("/groups", shows="[data-index]"),
    "group": Place("/groups/{group}", shows="[data-index]"),
    "failures": Place("/failures", shows="[data-index]"),
    "failure": Place("/failures/{failure}", shows="[role=listbox]"),
    "edit": Place("/failures/{failure}/edit"),
    "search": Place("/search"),
    "found": Place("/search?zaak={zaak}"),
    "timeline": Place("/timelines/{zaak}"),
    "plans": Place("/plans", shows="[data-index]"),
    "new plan": Place("/plans/new?stage=zaken-naar-zgw"),
    "plan": Place("/plans/{plan}", shows="[data-index]"),
    "map": Place("/map?as=map", shows=".react-flow__node"),
    "map as a table": Place("/map?as=table", shows="table"),
    "connection": Place("/connections/zaken-naar-zgw", shows="table"),
    "playground": Place(
        "/playground?connection=formulieren-naar-zaken", by="koppelbeheerder", shows=".zh-playground .zh-code"
    ),
    "audit": Place("/audit", by="auditor"),
    "accessibility": Place("/accessibility"),
    "no such page": Place("/bestaat-niet"),
    "no right": Place("/audit"),
}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def known(
    visitors_of_the_run: Visitors,  # noqa: ARG001 - they come when everything is where it stays
    console_hub: ConsoleHub,
) -> dict[str, str]:
    """Give what there is to look at."""

    async def look() -> dict[str, str]:
        app = console_hub.app
        failure = (await app.ledger.find_failures(FailureFilter(stages=[ZGW], unresolved=True), limit=1))[0]
        wanted = Wanted(selection=Selection(stages=(ZGW,)), reason="om te zien hoe het eruitziet")
        plan = await app.plans().freeze(wanted, by="operator")
        return {"failure": failure.id, "group": failure.group, "zaak": failure.zaak, "plan": plan.id}

    return await console_hub.within(look())


@pytest.mark.parametrize("name", PLACES)
async def test_a_page_has_no_barriers_and_fits_a_narrow_window(
    visitors: Visitors, known: dict[str, str], name: str
) -> None:
    """In Dutch and in English; and at 400 % nothing is beside the window or under something else."""
    visitors.expects("404")
    page = await opened(visitors, known, name)
    assert await violations(page) == []
    await page.get_by_role("button", name="English").click()
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    assert await violations(page) == []

    await page.set_viewport_size({"width": NARROW, "height": 640})
    await expect(page.get_by_role("button", name="Menu")).to_be_visible()
    assert await page.evaluate(BESIDE_THE_WINDOW) == []
    assert await page.evaluate(CUT_OFF) == []


async def test_the_menu_of_a_narrow_window_opens_and_leads_on(visitors: Visitors) -> None:
    """With the keyboard too."""
    page = await visitors.page("/", width=NARROW, height=640)
    menu = page.get_by_role("button", name="Menu")
    await menu.focus()
    await page.keyboard.press("Enter")
    await expect(menu).to_have_attribute("aria-expanded", "true")
    await page.get_by_role("navigation").get_by_role("link", name="Herhaalplannen").press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Herhaalplannen")


async def test_dialogs_have_no_barriers(visitors: Visitors, known: dict[str, str]) -> None:
    """Reason, shortcuts: the focus is in it, Escape closes it, and the focus goes back."""
    page = await opened(visitors, known, "failure")
    button = page.get_by_role("button", name="Herhalen")
    await button.press("Enter")
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_label("Reden")).to_be_focused()
    assert await violations(page) == []
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await expect(button).to_be_focused()

    await page.keyboard.press("?")
    await expect(dialog).to_be_visible()
    assert await violations(page) == []


async def test_who_is_not_logged_in_meets_no_barriers(browser: Browser, console_hub: ConsoleHub) -> None:
    """The page that says so, and the form of local accounts."""
    page = await browser.new_page(base_url=console_hub.url)
    for path in ("/plans", "/login"):
        await page.goto(path)
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert await violations(page) == []
        await page.set_viewport_size({"width": NARROW, "height": 640})
        assert await page.evaluate(BESIDE_THE_WINDOW) == []
    await page.close()


async def opened(visitors: Visitors, known: dict[str, str], name: str) -> Page:
    """Open a page and wait until it shows what it is about."""
    place = PLACES[name]
    page = await visitors.page(place.path.format(**known), by=place.by)
    await expect(page.locator(place.shows).first).to_be_visible()
    return page


BESIDE_THE_WINDOW = """() => {
    if (document.documentElement.scrollWidth <= window.innerWidth) return []
    const scrolls = each => each.closest('.react-flow') !== null
        || [...ancestors(each)].some(outer => ['auto', 'scroll', 'hidden'].includes(getComputedStyle(outer).overflowX))
    function* ancestors(each) { for (let at = each.parentElement; at; at = at.parentElement) yield at }
    return [...document.body.querySelectorAll('*')]
        .filter(each => each.getBoundingClientRect().right > window.innerWidth + 1 && !scrolls(each))
        .map(each => each.outerHTML.slice(0, 120))
}"""

CUT_OFF = """() => [...document.querySelectorAll('#content *')]
    .filter(each => ['hidden', 'clip'].includes(getComputedStyle(each).overflowX))
    .filter(each => each.clientWidth > 1 && each.scrollWidth > each.clientWidth + 1)
    .filter(each => each.closest('.react-flow') === null && each.innerText !== '')
    .map(each => each.outerHTML.slice(0, 120))"""
