"""What every answer of the console says to a browser, under which name it answers, and how its pages are served."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi.responses import StreamingResponse
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import Receive, Scope, Send

from hub.config import policy
from hub.console.api.app import routes
from hub.console.api.document import routes_of
from hub.console.guard import Guard, is_stream
from hub.console.pages import Pages
from hub.console.server import Console
from hub.console.site import Site
from hub.console.static import Static
from hub.testkit.clock import FakeClock
from tests.support.console_site import HTTPS, LOOPBACK, Browser, Running, provider_environ, running_site


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Running]:
    async with running_site(tmp_path, {}, FakeClock()) as site:
        yield site


@pytest.mark.parametrize(
    "path", ["/", "/login", "/login/out", "/v1/session", "/v1/openapi.json", "/health/live", "/assets/niets.js", "/v1/"]
)
async def test_every_answer_tells_the_browser_what_it_may_not_do(site: Running, path: str) -> None:
    """Pages, the API, errors: nothing inline, in no frame, nothing guessed, nothing kept."""
    headers = (await site.browser().get(path, headers={"accept": "text/html"})).headers
    rules = dict(each.strip().split(" ", 1) for each in headers["content-security-policy"].split(";"))

    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == rules["connect-src"] == rules["form-action"] == "'self'"
    assert rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cache-control"] in {"no-store", "no-cache"}  # a built page is asked about each time
    assert "camera=()" in headers["permissions-policy"]
    assert "strict-transport-security" not in headers
    assert "server" not in headers


async def test_over_https_a_browser_is_told_to_stay_there(tmp_path: Path) -> None:
    """For a year."""
    async with running_site(tmp_path, provider_environ(tmp_path, "http://127.0.0.1:9"), FakeClock()) as site:
        assert site.url == HTTPS
        headers = (await site.browser().get("/health/live")).headers
        assert headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.parametrize(
    ("ours", "host", "known"),
    [
        (LOOPBACK, "127.0.0.1:8088", True),
        (LOOPBACK, "localhost:8088", True),
        (LOOPBACK, "LOCALHOST:8088", True),
        (LOOPBACK, "[::1]:8088", True),
        (LOOPBACK, "127.0.0.1", False),
        (LOOPBACK, "localhost:9", False),
        (LOOPBACK, "elders.example:8088", False),
        (LOOPBACK, "localhost.elders.example:8088", False),
        (LOOPBACK, "localhost:port", False),
        (LOOPBACK, "", False),
        (HTTPS, "zaakhub.example", True),
        (HTTPS, "Zaakhub.Example", True),
        (HTTPS, "zaakhub.example:8443", False),
        (HTTPS, "localhost", False),
        (HTTPS, "zaakhub.example@elders.example", False),
    ],
)
def test_the_console_answers_under_its_own_name_only(ours: str, host: str, known: bool) -> None:  # noqa: FBT001
    """A site that lets its own name point at this machine gets nothing."""
    assert Site(ours).knows(host) is known


async def test_a_request_under_another_name_is_not_answered(site: Running) -> None:
    """Except the question of a platform whether the hub is well, which comes by address."""
    browser = site.browser()
    assert (await browser.get("/v1/openapi.json", headers={"host": "elders.example"})).status_code == 421
    assert (await browser.get("/health/live", headers={"host": "10.1.2.3:8088"})).status_code == 200


async def test_health_says_whether_the_parts_are_well(site: Running) -> None:
    """As on the port of the messages."""
    answer = await site.browser().get("/health/ready")

    assert (answer.status_code, answer.json()) == (200, {"ok": True, "checks": {"bus": "ok"}})


@pytest.mark.parametrize("length", [str(policy.API_BODY_BYTES_MAX + 1), "-1", "many"])
async def test_a_request_that_says_it_is_too_large_is_not_read(site: Running, length: str) -> None:
    """Whatever it is for."""
    answer = await site.browser().post("/login/local", headers={"content-length": length}, content=b"x")

    assert answer.status_code == 413


async def test_without_a_session_the_api_says_only_how_it_is_described(site: Running) -> None:
    """Every other route is for who is known."""
    browser = site.browser()
    described = await browser.get("/v1/openapi.json")
    assert described.status_code == 200
    open_to_all = []
    for path, methods in described.json()["paths"].items():
        for method in methods:
            answer = await browser.request(method, f"/v1{path.removeprefix('/v1')}")
            if answer.status_code != 401:
                open_to_all.append((path.removeprefix("/v1"), method, answer.status_code))

    assert open_to_all == [("/openapi.json", "get", 200)]


# The built pages


@pytest.fixture
def browser(tmp_path: Path) -> Browser:
    """Give a browser at pages that were built."""
    dist, home = tmp_path / "dist", tmp_path / "home"
    (dist / "assets").mkdir(parents=True)
    home.mkdir()
    (dist / "index.html").write_text("<!doctype html>the pages")
    (dist / "favicon.svg").write_text("<svg/>")
    (dist / "theme.css").write_text("/* ours */")
    (dist / "assets" / "main-1a2b.js").write_text("1")
    (tmp_path / "secret").write_text("secret")
    static = Static(home, Pages("1900 test"), dist=dist)
    return Browser(Console(Guard(Starlette(routes=[Mount("/", app=static)]), Site(LOOPBACK)), None), LOOPBACK)


PAGE = {"accept": "text/html,application/xhtml+xml"}


@pytest.mark.parametrize("path", ["/", "/berichten/8f3a", "/verbindingen/zaken-naar-zgw", "/zaken/ZAAK.2026.1"])
async def test_a_deep_link_is_the_page_that_finds_its_own_way(browser: Browser, path: str) -> None:
    """A browser asks each time whether it is still the same."""
    answer = await browser.get(path, headers=PAGE)

    assert (answer.status_code, answer.text) == (200, "<!doctype html>the pages")
    assert answer.headers["cache-control"] == "no-cache"
    again = await browser.get(path, headers={**PAGE, "if-none-match": answer.headers["etag"]})
    assert again.status_code in {200, 304}


async def test_a_file_with_a_hash_in_its_name_is_kept_for_ever(browser: Browser) -> None:
    """It never changes; the others are asked about."""
    hashed = await browser.get("/assets/main-1a2b.js")
    assert "immutable" in hashed.headers["cache-control"]
    assert hashed.headers["content-type"].startswith("text/javascript")
    assert (await browser.get("/favicon.svg")).headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["/assets/main-0000.js", "/favicon.ico", "/berichten/8f3a"])
async def test_what_is_not_there_is_not_the_page(browser: Browser, path: str) -> None:
    """A script that is gone must not be answered with HTML; nor is a program that asks for something else."""
    answer = await browser.get(path)

    assert (answer.status_code, answer.text) == (404, "Nothing here.\n")


@pytest.mark.parametrize(
    "path",
    ["/../secret", "/%2e%2e/secret", "/assets/..%2f..%2fsecret", "/..\\secret", "//secret", "/%00", "/%ff"],
)
async def test_no_path_leaves_the_folder(browser: Browser, path: str) -> None:
    """Paths are looked up, not walked."""
    request = httpx.Request("GET", LOOPBACK)
    request.url = httpx.URL(LOOPBACK, raw_path=path.encode())
    answer = await browser.send(request)

    assert answer.status_code == 404
    assert "secret" not in answer.text


async def test_pages_are_only_read(browser: Browser) -> None:
    """Nothing is sent to them."""
    assert (await browser.post("/", headers=PAGE)).status_code == 405


async def test_a_municipality_has_a_house_style_of_its_own(browser: Browser, tmp_path: Path) -> None:
    """A file `theme.css` in the folder of the hub takes the place of the one that comes with it."""
    assert (await browser.get("/theme.css")).text == "/* ours */"
    (tmp_path / "home" / "theme.css").write_text("/* of the municipality */")

    assert (await browser.get("/theme.css")).text == "/* of the municipality */"


async def test_pages_that_are_not_built_say_how_to_build_them(tmp_path: Path) -> None:
    """In a fresh checkout."""
    static = Static(tmp_path, Pages("1900 test"), dist=tmp_path / "dist")
    browser = Browser(Console(static, None), LOOPBACK)

    assert "make console" in (await browser.get("/", headers=PAGE)).text


def test_every_stream_is_known_by_its_address() -> None:
    """And nothing else is taken for one."""
    operations = routes_of(routes())
    assert any(each.response_class is StreamingResponse for each in operations)
    for each in operations:
        scope = {"type": "http", "path": f"/v1{each.path.replace('{id}', 'een-id').replace('{name}', 'een-naam')}"}
        assert is_stream(scope) is (each.response_class is StreamingResponse), each.path


async def test_a_stream_of_events_does_not_keep_the_process_from_stopping() -> None:
    """It ends whole, as if it were over, whatever it was asked for with; what is no stream is finished."""
    begun = asyncio.Event()

    async def goes_on(scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"data: 1\n\n", "more_body": True})
        begun.set()
        if scope["path"].endswith("/events"):
            await asyncio.Event().wait()
        await send({"type": "http.response.body", "body": b"the end"})

    console = Console(goes_on, None)
    browser = Browser(console, LOOPBACK)
    following = asyncio.create_task(browser.get("/v1/events"))
    await begun.wait()
    console.end_streams()

    assert (await following).text == "data: 1\n\n"
    said = {"accept": "text/event-stream"}
    assert (await browser.get("/v1/session", headers=said)).text == "data: 1\n\nthe end"
