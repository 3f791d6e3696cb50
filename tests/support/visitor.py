"""People at the console: each in a browser window of their own, logged in, with an eye on what goes wrong unseen."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any, Literal

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, expect

from hub.console.static import DIST
from tests.support.browser import HEIGHT, PATIENCE_MS, WIDTH, Watch
from tests.support.console import PASSWORD, ConsoleHub, running_console
from tests.support.console_situation import arise

Language = Literal["nl", "en"]

expect.set_options(timeout=PATIENCE_MS)


class Visitors:
    """Opens pages of a console for people by name (`tests.support.console.PEOPLE`)."""

    def __init__(self, browser: Browser, url: str) -> None:
        """Open nothing yet."""
        self._browser = browser
        self._url = url
        self._sessions: dict[str, Any] = {}
        self._open: list[tuple[BrowserContext, Watch]] = []
        self._expected: list[str] = []

    def expects(self, *parts: str) -> None:
        """Say what complaints of the page a test is about: a text that stands in them."""
        self._expected += parts

    async def page(
        self,
        path: str = "/",
        *,
        by: str = "operator",
        language: Language = "nl",
        width: int = WIDTH,
        height: int = HEIGHT,
    ) -> Page:
        """Open a page in a new window of somebody who is logged in."""
        context = await self._browser.new_context(
            base_url=self._url,
            viewport={"width": width, "height": height},
            locale={"nl": "nl-NL", "en": "en-GB"}[language],
            timezone_id="Europe/Amsterdam",
            reduced_motion="reduce",
            storage_state=self._sessions.get(by),
        )
        context.set_default_timeout(PATIENCE_MS)
        await context.add_init_script(f"localStorage.setItem('zaakhub.language', '{language}')")
        page = await context.new_page()
        self._open.append((context, Watch(page)))
        if by not in self._sessions:
            await log_in(page, by)
            self._sessions[by] = await context.storage_state()
        await page.goto(path)
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        return page

    async def close(self) -> None:
        """Close every window; fails when a page complained of something that no test expected."""
        for context, _ in self._open:
            await context.close()
        complaints = [each for _, watch in self._open for each in watch.unexpected(*self._expected)]
        self._open.clear()
        self._expected.clear()
        assert not complaints, "\n".join(f"{kind}: {text}" for kind, text in complaints)


async def log_in(page: Page, name: str, *, goes_to: str = "/") -> None:
    """Log in with a local account, as a person does."""
    await page.goto(f"/login?next={goes_to}")
    await page.get_by_label("Naam").or_(page.get_by_label("Name")).fill(name)
    await page.get_by_label("Wachtwoord").or_(page.get_by_label("Password")).fill(PASSWORD)
    await page.get_by_role("button").click()
    await expect(page.locator("#content")).to_be_visible()


async def give_reason(page: Page, command: str, reason: str) -> None:
    """Do what asks for a reason."""
    await page.get_by_role("button", name=command).click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Reden").fill(reason)
    await dialog.get_by_role("button", name=command).click()
    await expect(dialog).to_be_hidden()


@pytest.fixture(scope="session")
def console_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ConsoleHub]:
    """Give the hub of this process, in its situation."""
    assert (DIST / "index.html").exists(), "the pages are not built: make console"
    with running_console(tmp_path_factory.mktemp("console")) as hub:
        yield hub


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def visitors_of_the_run(browser: Browser, console_hub: ConsoleHub) -> Visitors:
    """Give what the tests of this process open pages with: who logged in once stays so."""
    await arise(console_hub)
    return Visitors(browser, console_hub.url)


@pytest_asyncio.fixture(loop_scope="session")
async def visitors(visitors_of_the_run: Visitors) -> AsyncIterator[Visitors]:
    """Give what opens pages, in the situation; each test begins with no window open."""
    yield visitors_of_the_run
    await visitors_of_the_run.close()
