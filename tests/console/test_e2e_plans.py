"""Replay plans in the browser: made of a filter, looked at, started, followed to their end."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from adapters.stuf_zds.simulator import zaakidentificatie
from tests.support.console import ConsoleHub
from tests.support.visitor import Visitors, give_reason

pytestmark = [
    pytest.mark.slow,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("console"),
]


async def test_a_plan_is_frozen_looked_at_started_and_followed_to_its_end(
    visitors: Visitors, console_hub: ConsoleHub
) -> None:
    """Three zaken of a zaaktype that the catalogus lacked: with their queues, in order, while one watches."""
    numbers = await console_hub.waiting("P0001", zaken=3)
    await console_hub.publish_zaaktype("P0001")
    page = await visitors.page("/plans/new")
    await page.get_by_label("Tekst in de reden").fill("P0001")
    await page.get_by_label("Stappen").fill("1, 4")
    await page.get_by_label("Reden", exact=True).fill("zaaktype P0001 staat nu in de catalogus")
    await page.get_by_role("button", name="Leg vast en bekijk").click()

    await expect(page.get_by_role("status").get_by_text("Ligt klaar")).to_be_visible()
    assert await figure(page, "Berichten") == "12"
    assert await figure(page, "Zaken") == "3"
    await give_reason(page, "Start", "nagekeken")
    await expect(page.get_by_role("progressbar")).to_be_visible()
    await expect(page.get_by_role("status").get_by_text("Klaar", exact=True)).to_be_visible()
    await expect(page.get_by_text("12 van 12 berichten klaar")).to_be_visible()
    for number in numbers:
        zaak = console_hub.far.zaaksysteem.state.zaken[zaakidentificatie(number)]
        assert (len(zaak.statussen), len(zaak.zaakinformatieobjecten)) == (2, 1)


async def test_a_plan_pauses_itself_and_is_resumed_cancelled_and_made_again(
    visitors: Visitors, console_hub: ConsoleHub
) -> None:
    """The zaaktype is still unknown: after the first step one looks, and nothing more was sent."""
    numbers = await console_hub.waiting("P0002", zaken=3)
    page = await visitors.page("/plans/new?text=P0002")
    await page.get_by_label("Stappen").fill("1")
    await page.get_by_label("Reden", exact=True).fill("kijken of het nu gaat")
    await page.get_by_role("button", name="Leg vast en bekijk").click()
    await give_reason(page, "Start", "eerst een")
    status = page.get_by_role("status")
    await expect(status.get_by_text("Gepauzeerd")).to_be_visible()
    await expect(page.locator(".zh-bar-legend")).to_contain_text("Mislukt 1")

    await console_hub.publish_zaaktype("P0002")
    await give_reason(page, "Annuleer plan", "eerst het zaaktype")
    await expect(status.get_by_text("Geannuleerd")).to_be_visible()
    await page.get_by_label("Stand").select_option("niet-gedaan")
    await expect(page.get_by_role("grid").get_by_role("row")).not_to_have_count(0)

    await give_reason(page, "Nieuw plan van wat mislukte", "het zaaktype is er nu")
    await expect(status.get_by_text("Ligt klaar")).to_be_visible()
    await expect(page.get_by_text("Herhaling van wat mislukte in")).to_be_visible()
    await give_reason(page, "Start", "nu wel")
    await expect(status.get_by_text("Klaar", exact=True)).to_be_visible()
    for number in numbers:
        await console_hub.stands(number)


async def test_without_any_criterion_there_is_no_plan(visitors: Visitors) -> None:
    """What is missing is said where it is, and the first of it gets the focus."""
    page = await visitors.page("/plans/new")
    await page.get_by_label("Stappen").fill("een")
    await page.get_by_role("button", name="Leg vast en bekijk").click()

    await expect(page.get_by_role("alert")).to_contain_text("Kies eerst welke berichten")
    await expect(page.get_by_label("Stappen")).to_be_focused()
    await expect(page.get_by_label("Stappen")).to_have_accessible_description(re.compile("Gebruik hele getallen"))


async def test_a_plan_of_nothing_is_refused_with_what_to_do(visitors: Visitors) -> None:
    """A filter that fits no message."""
    visitors.expects("409", "404", "422")
    page = await visitors.page("/plans/new?text=dit+staat+nergens")
    await page.get_by_label("Reden", exact=True).fill("een vergissing")
    await page.get_by_role("button", name="Leg vast en bekijk").click()

    await expect(page.get_by_role("alert")).to_contain_text("Wat nu")


async def test_who_may_only_look_sees_plans_and_makes_none(visitors: Visitors) -> None:
    """A lezer."""
    page = await visitors.page("/plans", by="lezer")
    await expect(page.get_by_role("link", name="Plan maken")).to_have_count(0)
    await page.goto("/plans/new")
    await expect(page.get_by_role("heading", level=1)).to_have_text("U hebt hier geen recht toe")


async def figure(page: Page, name: str) -> str:
    """Read one of the figures of what a plan does."""
    found = page.locator(".zh-figure").filter(has=page.get_by_text(name, exact=True))
    return await found.locator("dd").inner_text()
