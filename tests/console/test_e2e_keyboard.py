"""Find, understand, correct and replay, without a mouse: every step by keys, and the focus is always to be seen."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Locator, Page, expect

from tests.support.console import ConsoleHub
from tests.support.visitor import Visitors

pytestmark = [
    pytest.mark.slow,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("console"),
]

TABS_MAX = 80
WRONG, RIGHT = "K0001", "B1026"


async def test_find_understand_correct_and_replay_without_a_mouse(visitors: Visitors, console_hub: ConsoleHub) -> None:
    """A typing error in a zaaktype, from the overview until the zaak stands."""
    number = console_hub.number()
    sender = console_hub.afzender
    await console_hub.send(sender.creeer_zaak(number, zaaktype=WRONG), sender.update_zaak(number))
    failure = await console_hub.waits(number)
    page = await visitors.page("/")

    await find(page)
    await expect(page).to_have_url(re.compile(failure.id))
    await understand(page)
    await correct(page)
    await replay(page)
    await console_hub.stands(number)
    await expect(page.get_by_text("Toegepast").first).to_be_visible()


async def find(page: Page) -> None:
    """Go to the failures, narrow them to what the colleague said on the telephone, and open the one."""
    await page.keyboard.press("g")
    await page.keyboard.press("f")
    await tab_to(page, page.get_by_label("Deel van de reden"))
    await page.keyboard.type(WRONG)
    await expect(rows(page)).to_have_count(1)
    await tab_to(page, rows(page).first)
    await page.keyboard.press("Enter")


async def understand(page: Page) -> None:
    """Read why, and walk to the field to see which rule made it."""
    await expect(page.get_by_role("heading", level=1)).to_be_focused()
    await expect(page.get_by_role("heading", level=1)).to_contain_text(WRONG)
    event = page.get_by_role("listbox", name=re.compile("^Gebeurtenis"))
    await tab_to(page, event)
    explanation = page.get_by_role("region", name="Uitleg bij de gekozen regel")
    for _ in range(20):
        await page.keyboard.press("ArrowDown")
        if "zaak.zaaktype" in await explanation.inner_text():
            break
    await expect(explanation).to_contain_text("object/isVan")


async def correct(page: Page) -> None:
    """Show the content, search the wrong word in the event, type the right one, and say why."""
    await page.keyboard.press("Control+Home")
    await tab_to(page, page.get_by_role("link", name="Bewerken"), backwards=True)
    await page.keyboard.press("Enter")
    # The page that is left has such a button too: wait until this one is there.
    await expect(page.get_by_role("heading", level=1, name="Bericht corrigeren")).to_be_focused()
    show = page.get_by_role("button", name="Inhoud tonen")
    await tab_to(page, show)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog").get_by_label("Reden")).to_be_focused()
    await page.keyboard.type("melding 2311 van de afdeling")
    await page.keyboard.press("Control+Enter")
    text = page.get_by_role("textbox", name="Gebeurtenis bewerken")
    await tab_to(page, text)
    await page.keyboard.press("Control+f")
    await page.keyboard.type(WRONG)
    await page.keyboard.press("Enter")
    await page.keyboard.press("Escape")
    await page.keyboard.type(RIGHT)
    await expect(page.get_by_role("region", name="Wat er verandert")).to_contain_text("zaak.zaaktype")
    await page.keyboard.press("Escape")
    await tab_to(page, page.get_by_label("Reden"))
    await page.keyboard.type("tikfout in het formulier")
    await tab_to(page, page.get_by_role("button", name="Controleren en voorstellen"))
    await page.keyboard.press("Enter")


async def replay(page: Page) -> None:
    """Apply the correction: the message is tried again at once."""
    apply = page.get_by_role("button", name="Toepassen en herhalen")
    await expect(apply).to_be_visible()
    await tab_to(page, apply)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog").get_by_label("Reden")).to_be_focused()
    await page.keyboard.type("nagekeken")
    await page.keyboard.press("Control+Enter")


def rows(page: Page) -> Locator:
    """Give the rows of the list, without its head."""
    return page.get_by_role("grid").locator("[data-index]")


async def tab_to(page: Page, wanted: Locator, *, backwards: bool = False) -> None:
    """Press Tab until it has the focus; the focus can be seen at every stop."""
    for _ in range(TABS_MAX):
        if await wanted.evaluate("each => each.matches(':focus')"):
            return
        await page.keyboard.press("Shift+Tab" if backwards else "Tab")
        assert await page.evaluate(FOCUS_IS_SEEN), await page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
    raise AssertionError(f"no way to {wanted} with Tab")


FOCUS_IS_SEEN = """() => {
    const style = getComputedStyle(document.activeElement)
    return document.activeElement === document.body
        || (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0)
        || style.boxShadow !== 'none'
        || document.activeElement.shadowRoot !== null
}"""
