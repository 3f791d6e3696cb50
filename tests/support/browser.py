"""A real Chromium without a screen, one per process, for the tests and pictures of the console.

Playwright drives the browser of the machine (Debian's `chromium`); where there is none and we are root it is installed.
A machine without one skips those tests and says why; with ZAAKHUB_REQUIRE_SERVERS=1 they fail instead.

Playwright lives in one event loop: a test that uses it is marked `pytest.mark.asyncio(loop_scope="session")`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from typing import Any, NamedTuple

import pytest
import pytest_asyncio
from playwright.async_api import Browser, ConsoleMessage, Page, Request, async_playwright

from tests.support.pages import ROOT

AXE = ROOT / "hub" / "console" / "web" / "node_modules" / "axe-core" / "axe.min.js"
STANDARDS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
"""What every page keeps to: WCAG 2.2 A and AA, and what the makers of axe hold to be good."""

WIDTH, HEIGHT = 1280, 900
PATIENCE_MS = 20_000
"""How long a page may take to show something on a loaded machine. Nothing waits this long that works."""


class NoBrowser(Exception):
    """There is no Chromium on this machine, and it cannot be installed; the text says why."""


class Complaint(NamedTuple):
    """Something that a page or its browser complained of."""

    kind: str
    text: str


class Watch:
    """What went wrong in a page while nobody looked: errors in its script, its policy, its requests."""

    def __init__(self, page: Page) -> None:
        """Listen to a page from now on."""
        self.complaints: list[Complaint] = []
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(Complaint("script", str(error))))
        page.on("requestfailed", self._failed)

    def unexpected(self, *expected: str) -> list[Complaint]:
        """Give what no part of `expected` stands in."""
        return [each for each in self.complaints if not any(part in each.text for part in expected)]

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(Complaint(message.type, message.text))

    def _failed(self, request: Request) -> None:
        # A page that is left, or a stream that is closed, ends its requests itself.
        if "ERR_ABORTED" not in (request.failure or ""):
            self.complaints.append(Complaint("request", f"{request.method} {request.url}: {request.failure}"))


@asynccontextmanager
async def running_browser() -> AsyncIterator[Browser]:
    """Run one as long as the block lasts; raises NoBrowser."""
    program = _program()
    # Chromium keeps its own sandbox out of the hands of root; what it shows here is our own console.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=arguments)
        try:
            yield browser
        finally:
            await browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Give the browser of this process."""
    try:
        _program()
    except NoBrowser as error:
        if os.environ.get("ZAAKHUB_REQUIRE_SERVERS") == "1":
            pytest.fail(str(error))
        pytest.skip(str(error))
    async with running_browser() as running:
        yield running


async def violations(page: Page) -> list[str]:
    """Let axe look at a page: what it finds, and where; empty when it finds nothing."""
    # Evaluated, not added as a script: the page's own policy lets no other script in.
    await page.evaluate(_axe())
    options = {"runOnly": {"type": "tag", "values": list(STANDARDS)}}
    found: dict[str, Any] = await page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{each['id']} ({each['impact']}): {node['target']} {node['html'][:160]} — {node['failureSummary'][:300]}"
        for each in found["violations"]
        for node in each["nodes"]
    ]


@cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")


@cache
def _program() -> str:
    found = _found()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        for words in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
            subprocess.run(["apt-get", "-qq", *words], check=False, capture_output=True)
        found = _found()
    if found is None:
        raise NoBrowser("no Chromium here: install Debian's package chromium")
    return found


def _found() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
