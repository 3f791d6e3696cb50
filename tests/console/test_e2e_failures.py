"""Failures in the browser: seen in the overview, found in a group, understood by a trace, replayed or dropped."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from adapters.stuf_zds.simulator import zaakidentificatie
from hub.ledger.entries import FailureState
from tests.support.console import ConsoleHub
from tests.support.visitor import Visitors

pytestmark = [
    pytest.mark.slow,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("console"),
]


async def test_the_overview_says_which_connection_needs_somebody(visitors: Visitors) -> None:
    """What must be done comes first; a click goes to the failures of that connection."""
    page = await visitors.page("/")
    card = page.locator('[data-connection="zaken-naar-zgw"]')

    await expect(card.get_by_text("Loopt")).to_be_visible()
    await card.get_by_role("link", name=re.compile("wachten op een mens")).click()

    await expect(page).to_have_url(re.compile(r"/groups\?stage=zaken-naar-zgw&state=open"))
    await expect(page.get_by_role("grid").get_by_role("row").nth(1)).to_contain_text("zaken-naar-zgw")


async def test_a_connection_is_paused_and_resumed_with_a_reason(visitors: Visitors) -> None:
    """The reason, and whose it is, stand where everybody looks."""
    page = await visitors.page("/")
    name = "gebeurtenissen-naar-zaken"
    card = page.locator(f'[data-connection="{name}"]')
    await give_reason(page, f"{name} pauzeren", "Pauzeren", "onderhoud aan de bron")

    await expect(card).to_contain_text("Gepauzeerd")
    await expect(card).to_contain_text("onderhoud aan de bron · door operator")
    await give_reason(page, f"{name} hervatten", "Hervatten", "de bron is er weer")
    await expect(card).to_contain_text("Loopt")


async def test_a_group_gets_an_owner_and_a_note_that_a_colleague_sees(visitors: Visitors) -> None:
    """And who looked at it before that does not overwrite it unseen."""
    visitors.expects("412")
    page = await visitors.page("/groups?text=the+code+is+not+in+the+table")
    await page.get_by_role("grid").get_by_role("row").nth(1).click()
    await expect(page.get_by_label("Eigenaar")).to_be_visible()
    colleague = await visitors.page(page.url, by="collega")
    await page.get_by_label("Notitie").fill("De codetabel mist een waarde")
    await page.get_by_label("Eigenaar").fill("j.bakker")
    await page.get_by_role("button", name="Opslaan").click()
    await expect(page.get_by_role("button", name="Opslaan")).to_be_hidden()

    await colleague.get_by_label("Notitie").fill("iets anders")
    await colleague.get_by_role("button", name="Opslaan").click()
    await expect(colleague.get_by_role("alert")).to_contain_text("intussen gewijzigd")
    await colleague.get_by_role("button", name="Toon hoe het nu is").click()
    await expect(colleague.get_by_label("Notitie")).to_have_value("De codetabel mist een waarde")


async def test_what_only_looks_alike_is_split_off_and_taken_back(visitors: Visitors, console_hub: ConsoleHub) -> None:
    """A group of its own for one failure; merged again it is as it was."""
    number = console_hub.number()
    await console_hub.send(*console_hub.with_forgotten_code(number))
    failure = await console_hub.waits(number)
    page = await visitors.page(f"/groups/{failure.group}")
    await page.get_by_label(f"Kies: {failure.zaak}").check()
    await give_reason(page, "1 afsplitsen", "1 afsplitsen", "dit is een andere code")
    await expect(page).not_to_have_url(re.compile(failure.group))
    rows = page.get_by_role("grid").get_by_role("row")
    await expect(rows).to_have_count(2)
    await expect(rows.nth(1)).to_contain_text(failure.zaak)

    await page.goto("/groups?stage=formulieren-naar-zaken")
    for at in (1, 2):
        await rows.nth(at).get_by_role("checkbox").check()
    await page.get_by_role("button", name="2 groepen samenvoegen").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Blijft bestaan").select_option(failure.group)
    await dialog.get_by_label("Reden").fill("toch dezelfde")
    await dialog.get_by_role("button", name="Groepen samenvoegen").click()
    await expect(page).to_have_url(re.compile(failure.group))
    await page.goto("/groups?stage=formulieren-naar-zaken")
    await expect(rows).to_have_count(2)


async def test_a_failure_shows_which_rule_stopped_without_showing_a_value(
    visitors: Visitors, console_hub: ConsoleHub
) -> None:
    """Three shapes beside each other; a line shows its rule, and where the other end of it is."""
    number = console_hub.number()
    await console_hub.send(*console_hub.with_forgotten_code(number))
    failure = await console_hub.waits(number)
    page = await visitors.page(f"/failures/{failure.id}")

    await expect(page.get_by_text("Waarden zijn afgeschermd")).to_be_visible()
    explanation = page.get_by_role("region", name="Uitleg bij de gekozen regel")
    await expect(explanation).to_contain_text("kan niet")
    message = page.get_by_role("listbox", name=re.compile("^Bericht"))
    await message.get_by_role("option").filter(has_text="titel").first.hover()
    await expect(explanation).to_contain_text("titel")
    assert "CONFIDENTIEEL" not in await page.locator("#content").inner_text()


async def test_content_is_shown_after_a_reason_and_for_a_while(visitors: Visitors, console_hub: ConsoleHub) -> None:
    """Only to who has the right."""
    number = console_hub.number()
    await console_hub.send(*console_hub.with_unknown_zaaktype(number))
    failure = await console_hub.waits(number)
    page = await visitors.page(f"/failures/{failure.id}")
    await give_reason(page, "Inhoud tonen", "Inhoud tonen", "melding 2307")

    await expect(page.get_by_role("timer")).to_contain_text(re.compile(r"nog \d+:\d\d"))
    await expect(page.get_by_role("option").filter(has_text="B1062").first).to_be_visible()
    other = await visitors.page(f"/failures/{failure.id}", by="koppelbeheerder")
    await expect(other.get_by_text("U mag de inhoud niet zien.")).to_be_visible()
    await expect(other.get_by_role("button", name="Inhoud tonen")).to_have_count(0)


async def test_a_mended_failure_is_replayed_and_what_waits_behind_it_follows(
    visitors: Visitors, console_hub: ConsoleHub
) -> None:
    """In order: the chain of the zaak completes."""
    number = console_hub.number()
    await console_hub.send(*console_hub.with_unknown_zaaktype(number, "F0001"))
    failure = await console_hub.waits(number)
    page = await visitors.page(f"/failures/{failure.id}")
    queue = page.get_by_role("region", name="Rij van de zaak")
    await expect(queue.get_by_role("listitem")).to_have_count(4)
    await console_hub.publish_zaaktype("F0001")
    await give_reason(page, "Herhalen", "Herhalen", "het zaaktype staat nu in de catalogus")

    await expect(page.get_by_text("Opgelost: hier hoeft niets meer")).to_be_visible()
    await console_hub.stands(number)
    await expect(page.get_by_role("button", name="Herhalen")).to_have_count(0)


async def test_two_operators_do_not_replay_the_same_message(visitors: Visitors, console_hub: ConsoleHub) -> None:
    """Who comes second is told that it changed, and by what they do next."""
    visitors.expects("412", "409")
    number = console_hub.number()
    await console_hub.send(*console_hub.with_unknown_zaaktype(number, "F0002"))
    failure = await console_hub.waits(number)
    first = await visitors.page(f"/failures/{failure.id}")
    second = await visitors.page(f"/failures/{failure.id}", by="collega")
    await second.get_by_role("button", name="Laten vervallen").click()
    await give_reason(first, "Laten vervallen", "Laten vervallen", "de aanvrager trok het in")
    await expect(first.get_by_text("Opgelost: hier hoeft niets meer")).to_be_visible()

    dialog = second.get_by_role("dialog")
    await dialog.get_by_label("Reden").fill("ook gezien")
    await dialog.get_by_role("button", name="Laten vervallen").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("Wie is aan zet")
    failed = await console_hub.within(console_hub.app.ledger.failure(failure.id))
    assert failed is not None
    assert failed.state is FailureState.RESOLVED


async def test_a_timeline_tells_the_life_of_a_zaak(visitors: Visitors, console_hub: ConsoleHub) -> None:
    """Over all connections, with who did what."""
    number = console_hub.number()
    await console_hub.send(*console_hub.with_unknown_zaaktype(number, "F0003"))
    failure = await console_hub.waits(number)
    await console_hub.publish_zaaktype("F0003")
    page = await visitors.page(f"/failures/{failure.id}")
    await give_reason(page, "Herhalen", "Herhalen", "het zaaktype is er nu")
    await console_hub.stands(number)
    await page.get_by_role("link", name=zaakidentificatie(number)).click()

    life = page.get_by_role("region", name="Wat er met deze zaak gebeurde")
    for what in ("Ontvangen", "Vertaald", "Op de bus gezet", "Mislukt", "Herhaald", "Afgeleverd"):
        await expect(life.get_by_text(what, exact=True).first).to_be_visible()
    await expect(life).to_contain_text("door operator")


async def give_reason(page: Page, button: str, confirm: str, reason: str) -> None:
    """Do what asks for a reason."""
    await page.get_by_role("button", name=button).click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Reden").fill(reason)
    await dialog.get_by_role("button", name=confirm).click()
    await expect(dialog).to_be_hidden()
