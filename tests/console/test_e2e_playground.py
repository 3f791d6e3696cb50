"""The playground in the browser: try a mapping on a message, see why each field is what it is, keep it as a case."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Locator, Page, expect

from tests.support.console import FORMULIEREN
from tests.support.visitor import Visitors

pytestmark = [
    pytest.mark.slow,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("console"),
]

EXAMPLE = "creeerZaak-onvolledige-geboortedatum"
RULES = re.compile(r"creeerZaak_Lk01\.map\.yaml")


async def opened(visitors: Visitors) -> Page:
    """Open it with an example of a new zaak, which is run at once."""
    page = await visitors.page(f"/playground?connection={FORMULIEREN}", by="koppelbeheerder")
    await page.get_by_label("Voorbeeld").select_option(EXAMPLE)
    await expect(fields(page).first).to_be_visible()
    return page


def fields(page: Page) -> Locator:
    """Give the fields of the result."""
    return page.locator(".zh-play-fields button")


async def test_every_field_of_a_result_explains_itself(visitors: Visitors) -> None:
    """The focus alone shows value, source with its line, and rule; the lines are marked; Enter shows the rule."""
    page = await opened(visitors)
    field = fields(page).filter(has_text="startdatum").first
    await field.focus()

    explanation = page.locator(".zh-play-explanation")
    await expect(explanation).to_contain_text("startdatum")
    await expect(explanation).to_contain_text(re.compile(r"\.yaml:\d+"))
    await expect(explanation).to_contain_text("stuf-datum")
    await expect(page.locator(".zh-mark-source")).to_contain_text("startdatum")
    await field.press("Enter")
    await expect(page.locator(".zh-mark-target")).to_contain_text("startdatum")


async def test_a_mistake_in_a_rule_stands_at_its_line(visitors: Visitors) -> None:
    """What is tried is checked as the files are; the problem leads to its line, and putting back mends it."""
    page = await opened(visitors)
    await page.get_by_label("Bestand").select_option(label=await own_file(page))
    rules = page.get_by_role("textbox", name=RULES)
    await rules.focus()
    await page.keyboard.press("Control+End")
    await page.keyboard.type("\n  - {to: zaak.bestaatniet, from: nergens}")
    await expect(page.get_by_text("voer opnieuw uit")).to_be_visible()
    await page.keyboard.press("Control+Enter")

    problem = page.locator(".zh-play-problems button").first
    await expect(problem).to_contain_text(RULES)
    await problem.press("Enter")
    await expect(rules).to_be_focused()
    await expect(page.locator(".cm-lintRange-error, .cm-lintRange-warning").first).to_be_visible()

    await page.get_by_role("button", name="Zet terug").click()
    await page.get_by_role("button", name="Voer uit").click()
    await expect(fields(page).first).to_be_visible()


async def test_a_try_becomes_a_test_case(visitors: Visitors) -> None:
    """Its files are shown; a wrong name and a missing reason are told first."""
    page = await opened(visitors)
    await page.get_by_role("button", name="Bewaar als testgeval").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Naam van het verhaal").fill("Mijn Verhaal")
    await dialog.get_by_role("button", name="Bewaar als testgeval").click()
    await expect(dialog.get_by_text("Begin met een letter")).to_be_visible()

    await dialog.get_by_label("Naam van het verhaal").fill("zaak-uit-de-proeftuin")
    await dialog.get_by_role("button", name="Bewaar als testgeval").click()
    await expect(dialog.get_by_text("minstens 4 tekens")).to_be_visible()
    await dialog.get_by_label("Reden").fill("melding 4711")
    await dialog.get_by_role("button", name="Bewaar als testgeval").click()
    made = page.get_by_role("dialog", name="Testgeval gemaakt")
    await expect(made.get_by_role("heading", name=re.compile("zaak-uit-de-proeftuin")).first).to_be_visible()


async def own_file(page: Page) -> str:
    """Give the name of the mapping of a new zaak, among the files."""
    options = page.get_by_label("Bestand").locator("option")
    await expect(options.filter(has_text=RULES)).to_have_count(1)
    return await options.filter(has_text=RULES).inner_text()
