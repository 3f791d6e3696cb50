"""A message in the browser, whatever is in it: shown as text, quick at any size, and without a barrier for anybody."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from playwright.async_api import Page, Route, expect

from hub.ledger.entries import Failure
from tests.support.browser import violations
from tests.support.console import FORMULIEREN, ConsoleHub
from tests.support.visitor import Visitors

pytestmark = [
    pytest.mark.slow,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("console"),
]

SCRIPT = "<img src=x onerror=\"document.title='taken over'\"><script>document.title='taken over'</script>"
BIDI = "factuur\u202efdp.exe\u200b\u0007"
LONG = 10_000_000
ROWS = 200_000
ROWS_IN_PAGE_MAX = 120
NARROW = 320


async def test_a_hostile_message_is_only_text(visitors: Visitors, console_hub: ConsoleHub) -> None:
    """Script is not run, what turns the reading direction is seen, ten megabytes on a line do not stop the page."""
    failure = await waiting(console_hub)
    text = "\n".join((SCRIPT, BIDI, *(f"<regel>{at}</regel>" for at in range(100_000))))
    event = json.dumps({"naam": SCRIPT + BIDI}, indent=2)
    page = await visitors.page("/search")
    await with_content(page, failure, raw=text, event=event, request="x" * LONG)
    await page.goto(f"/failures/{failure.id}")

    message = page.get_by_role("listbox").first
    await expect(message.get_by_role("option").first).to_contain_text("document.title='taken over'")
    await expect(message.get_by_text("U+202E")).to_be_visible()
    await message.focus()
    await page.keyboard.press("End")
    await expect(message.get_by_role("option", selected=True)).to_contain_text("<regel>99999</regel>")
    assert await page.get_by_role("option").count() < ROWS_IN_PAGE_MAX * 3
    assert "taken over" not in await page.title()
    assert await page.locator("img, #content script").count() == 0


async def test_a_pane_says_at_which_connection_a_right_is_lacking(visitors: Visitors, console_hub: ConsoleHub) -> None:
    """Instead of what lies there; there is nothing of it to correct either."""
    failure = await waiting(console_hub)
    page = await visitors.page("/search")
    await with_content(page, failure, lacks={"raw": FORMULIEREN}, event='{"naam": "wel"}', request="{}")
    await page.goto(f"/failures/{failure.id}")

    told = page.get_by_text(f"Dit ligt bij de koppeling {FORMULIEREN}.")
    await expect(told).to_be_visible()
    await expect(page.get_by_role("listbox")).to_have_count(2)
    assert await violations(page) == []
    await page.goto(f"/failures/{failure.id}/edit")
    await expect(page.get_by_role("tab", name="Gebeurtenis")).to_be_visible()
    await expect(page.get_by_role("tab", name="Bericht")).to_have_count(0)


async def test_two_hundred_thousand_failures_are_walked_through_by_key(visitors: Visitors) -> None:
    """Only the rows in sight are in the page; first and last are one key away."""
    visitors.expects("404")
    page = await visitors.page("/search")
    await page.evaluate(MANY_FAILURES, ROWS)
    await page.get_by_role("link", name="Alle mislukte").click()
    grid = page.get_by_role("grid")
    await expect(grid.get_by_role("row").nth(1)).to_contain_text("ZAAK-0")
    await page.keyboard.press("j")
    await page.keyboard.press("End")

    last = grid.locator(f'[aria-rowindex="{ROWS + 1}"]')
    await expect(last).to_be_focused()
    await expect(last).to_contain_text(f"ZAAK-{ROWS - 1}")
    assert await grid.get_by_role("row").count() < ROWS_IN_PAGE_MAX
    await page.keyboard.press("ArrowUp")
    await expect(grid.locator(f'[aria-rowindex="{ROWS}"]')).to_be_focused()
    await page.keyboard.press("Home")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url("/failures/f0")


@pytest.mark.parametrize("width", [1280, NARROW])
async def test_no_page_of_a_failure_has_a_barrier(visitors: Visitors, console_hub: ConsoleHub, width: int) -> None:
    """Hidden and shown, side by side and field by field, with a dialog open; also at 400 % zoom."""
    visitors.expects("404")
    failure = await waiting(console_hub)
    page = await visitors.page(f"/failures/{failure.id}", width=width)
    await expect(page.get_by_role("listbox").first).to_be_visible()
    await is_without_barrier(page, width)
    await page.get_by_role("button", name="Inhoud tonen").click()
    await is_without_barrier(page, width)
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Reden").fill("melding 2307")
    await dialog.get_by_role("button", name="Inhoud tonen").click()
    await expect(page.get_by_role("timer")).to_be_visible()
    await is_without_barrier(page, width)
    await page.get_by_role("tab", name="Per veld").click()
    await is_without_barrier(page, width)
    await page.get_by_role("link", name="Bewerken").click()
    await expect(page.get_by_role("textbox", name="Gebeurtenis bewerken")).to_be_visible()
    await is_without_barrier(page, width)
    for path, name in (
        (f"/groups/{failure.group}", "Wat we weten"),
        (f"/timelines/{failure.zaak}", "Wat er met deze zaak gebeurde"),
        (f"/messages/{failure.item_id}?connection={failure.stage}", "Inhoud"),
        ("/failures/bestaat-niet", ""),
    ):
        await page.goto(path)
        await expect(page.get_by_role("region", name=name).or_(page.get_by_role("alert")).first).to_be_visible()
        await is_without_barrier(page, width)


async def is_without_barrier(page: Page, width: int) -> None:
    """Let axe look, and see that nothing sticks out of the window."""
    assert await violations(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= width


async def waiting(hub: ConsoleHub) -> Failure:
    """Make a zaak that waits for a person."""
    number = hub.number()
    await hub.send(*hub.with_unknown_zaaktype(number))
    return await hub.waits(number)


async def with_content(page: Page, failure: Failure, *, lacks: Mapping[str, str] | None = None, **texts: str) -> None:
    """Let the API answer this content, as if it had not taken care of it; `lacks` are shapes that lie elsewhere."""

    async def answer(route: Route) -> None:
        panes: dict[str, Any] = {
            name: {"media": media_of(text), "text": text, "note": "", "cut": False, "lacks": ""}
            for name, text in texts.items()
        }
        for name, connection in (lacks or {}).items():
            panes[name] = {"media": "text/plain", "text": None, "note": "", "cut": False, "lacks": connection}
        content: dict[str, Any] = {"message": failure.item_id, "connection": failure.stage, "masked": False, **panes}
        await route.fulfill(json={**content, "toEvent": None, "toRequest": None})

    await page.route("**/v1/messages/*/content*", answer)


def media_of(text: str) -> str:
    """Tell what a text is shown as."""
    return {"<": "application/xml", "{": "application/json"}.get(text[:1], "text/plain")


MANY_FAILURES = """count => {
    const ask = window.fetch;
    const at = new Date().toISOString();
    const made = each => ({
        id: `f${each}`, group: "g", stage: "zaken-naar-zgw", message: `m${each}`, kind: "nl.zaken.zaak-aangemaakt.v1",
        zaak: `ZAAK-${each}`, state: "open", code: "mapping", reason: "the code is not in the table", fault: "mapping",
        advice: "", where: "", revision: "", attempts: 1, firstAt: at, lastAt: at, nextAt: null, editedAt: null,
        behind: 0,
    });
    window.fetch = (url, init) => String(url).startsWith("/v1/failures?")
        ? Promise.resolve(Response.json({ items: Array.from({ length: count }, (_, each) => made(each)), next: null }))
        : ask(url, init);
}"""
