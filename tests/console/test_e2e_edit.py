"""Corrections in the browser: what was and what becomes, checked before it is kept, applied by who may."""

from __future__ import annotations

import re
from typing import Any, cast

import pytest
from playwright.async_api import Page, expect

from adapters.stuf_zds.simulator import zaakidentificatie
from hub.ledger.entries import Failure
from tests.support.browser import violations
from tests.support.console import ConsoleHub
from tests.support.visitor import Visitors

pytestmark = [
    pytest.mark.slow,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("console"),
]

BEFORE, AFTER = '"Gemeentehuis dicht"', '"Loket open"'


async def test_a_refused_message_is_corrected_and_its_zaak_completes(
    visitors: Visitors, console_hub: ConsoleHub
) -> None:
    """The difference is shown while one types; only the field that differs changes; what waited follows in order."""
    number, failure = await refused(console_hub)
    page = await shown(visitors, failure)
    await page.get_by_role("link", name="Bewerken").click()
    await replace(page, BEFORE, AFTER)

    changes = page.get_by_role("region", name="Wat er verandert")
    await expect(changes).to_contain_text("zaak.omschrijving")
    await expect(changes.get_by_role("listitem")).to_have_count(1)
    await page.get_by_label("Reden").fill("de omschrijving mag niet van het zaaksysteem")
    await page.get_by_role("button", name="Controleren en voorstellen").click()
    await expect(page.get_by_text("Past in het schema")).to_be_visible()
    assert await violations(page) == []
    await page.get_by_role("button", name="Toepassen en herhalen").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Reden").fill("nagekeken met de aanvrager")
    await dialog.get_by_role("button", name="Toepassen en herhalen").click()

    await expect(page.get_by_text("Opgelost: hier hoeft niets meer")).to_be_visible()
    await console_hub.stands(number)
    record = console_hub.far.zaaksysteem.state.zaken[zaakidentificatie(number)]
    assert record.zaak["omschrijving"] == "Loket open"


async def test_what_does_not_fit_is_said_and_not_kept(visitors: Visitors, console_hub: ConsoleHub) -> None:
    """A mistake in the text stops it here, one against the schema at the hub."""
    visitors.expects("422", "409")
    _, failure = await refused(console_hub)
    page = await shown(visitors, failure)
    await page.get_by_role("link", name="Bewerken").click()
    await replace(page, BEFORE, "dicht")
    await expect(page.get_by_text(re.compile(r"Regel \d+: dit is geen geldige JSON"))).to_be_visible()
    await expect(page.get_by_role("button", name="Controleren en voorstellen")).to_be_disabled()

    await page.get_by_role("button", name="Alles terugzetten").click()
    await replace(page, BEFORE, "[1]")
    await page.get_by_label("Reden").fill("kijken wat er gebeurt")
    await page.get_by_role("button", name="Controleren en voorstellen").click()
    await expect(page.get_by_role("alert")).to_contain_text("Wat nu")


async def test_what_was_typed_is_not_lost_by_accident(visitors: Visitors, console_hub: ConsoleHub) -> None:
    """Neither by going to another page, nor by a session that ends."""
    visitors.expects("401")
    _, failure = await refused(console_hub)
    page = await shown(visitors, failure)
    await page.get_by_role("link", name="Bewerken").click()
    await replace(page, BEFORE, AFTER)
    await page.get_by_role("link", name="Overzicht").click()
    await page.get_by_role("dialog").get_by_role("button", name="Hier blijven").click()

    cookies = await page.context.cookies()
    await page.context.clear_cookies()
    await page.get_by_label("Reden").fill("het zaaksysteem wil dit niet")
    await page.get_by_role("button", name="Controleren en voorstellen").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Uw sessie is verlopen")
    link = dialog.get_by_role("link", name="Inloggen", exact=True)
    assert f"next=%2Ffailures%2F{failure.id}%2Fedit" in (await link.get_attribute("href") or "")
    await page.context.add_cookies(cast("Any", cookies))
    await dialog.get_by_role("button", name="Ik ben weer ingelogd").click()
    await expect(dialog).to_be_hidden()
    await expect(page.get_by_role("region", name="Wat er verandert")).to_contain_text("Loket open")


async def refused(hub: ConsoleHub) -> tuple[int, Failure]:
    """Make a zaak that the zaaksysteem does not want."""
    number = hub.number()
    await hub.send(*hub.refused_by_target(number))
    return number, await hub.waits(number)


async def shown(visitors: Visitors, failure: Failure) -> Page:
    """Open a failure and have its content shown."""
    page = await visitors.page(f"/failures/{failure.id}")
    await page.get_by_role("button", name="Inhoud tonen").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Reden").fill("melding 2307")
    await dialog.get_by_role("button", name="Inhoud tonen").click()
    await expect(page.get_by_role("timer")).to_be_visible()
    return page


async def replace(page: Page, before: str, after: str) -> None:
    """Replace a text in the editor, with its own search."""
    await page.get_by_role("textbox", name="Gebeurtenis bewerken").click()
    await page.keyboard.press("Control+f")
    await page.keyboard.type(before)
    await page.keyboard.press("Enter")
    await page.keyboard.press("Escape")
    await page.keyboard.type(after)
