"""Where the policy of a connection says so, a second person looks before anything is sent again."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from adapters.stuf_zds.simulator import zaakidentificatie
from tests.support.console import VERGETEN_CODE, ConsoleHub
from tests.support.visitor import Visitors, give_reason

pytestmark = [
    pytest.mark.slow,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("console"),
]

WRONG, RIGHT = VERGETEN_CODE.decode().strip("<>"), "ZAAKVERTROUWELIJK"


async def test_a_correction_is_approved_by_a_colleague_and_then_applied(
    visitors: Visitors, console_hub: ConsoleHub
) -> None:
    """Who proposed it can't approve it; after the approval the chain of the zaak completes."""
    number = console_hub.number()
    await console_hub.send(*console_hub.with_forgotten_code(number))
    failure = await console_hub.waits(number)
    page = await visitors.page(f"/failures/{failure.id}/edit")
    await give_reason(page, "Inhoud tonen", "melding 2315")
    await page.get_by_role("textbox", name="Bericht bewerken").focus()
    await page.keyboard.press("Control+f")
    await page.keyboard.type(WRONG)
    await page.keyboard.press("Enter")
    await page.keyboard.press("Escape")
    await page.keyboard.type(RIGHT)
    await page.get_by_label("Reden").fill("de code kennen wij niet; met de afzender besproken")
    await page.get_by_role("button", name="Controleren en voorstellen").click()
    await expect(page.get_by_text("vraag een collega om ernaar te kijken")).to_be_visible()
    await expect(page.get_by_role("button", name="Goedkeuren")).to_have_count(0)

    colleague = await visitors.page(page.url, by="collega")
    await give_reason(colleague, "Goedkeuren", "klopt met het formulier")
    await expect(colleague.get_by_text("goedgekeurd door collega")).to_be_visible()
    await page.reload()
    await give_reason(page, "Toepassen en herhalen", "nagekeken")

    async def closed() -> bool:
        zaak = console_hub.far.zaaksysteem.state.zaken.get(zaakidentificatie(number))
        return zaak is not None and len(zaak.zaakinformatieobjecten) == 1 and len(zaak.statussen) == 2

    await console_hub.until(closed)


async def test_a_plan_is_approved_by_a_colleague_before_it_starts(visitors: Visitors, console_hub: ConsoleHub) -> None:
    """Until then there is no way to start it."""
    number = console_hub.number()
    await console_hub.send(*console_hub.with_forgotten_code(number))
    await console_hub.waits(number)
    page = await visitors.page(f"/plans/new?stage=formulieren-naar-zaken&zaak={zaakidentificatie(number)}")
    await page.get_by_label("Reden", exact=True).fill("de codetabel is aangevuld")
    await page.get_by_role("button", name="Leg vast en bekijk").click()
    await expect(page.get_by_text("iemand anders moet het goedkeuren")).to_be_visible()
    await expect(page.get_by_role("button", name="Start")).to_have_count(0)

    colleague = await visitors.page(page.url, by="collega")
    await give_reason(colleague, "Keur goed", "gezien")
    await expect(page.get_by_role("button", name="Start")).to_be_visible()  # the page follows the plan by itself
    await give_reason(page, "Annuleer plan", "toch niet")
    await expect(page.get_by_role("status").get_by_text("Geannuleerd")).to_be_visible()
