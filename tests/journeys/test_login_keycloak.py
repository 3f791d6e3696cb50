"""Logging in with a real provider: a Keycloak, its form, its tokens, its keys; and out again.

What a provider may do wrong is tested with one that does (tests/unit/test_console_login_oidc.py).
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from lxml import html

from hub.clock import SystemClock
from tests.support.console_site import HTTPS, Browser, Running, provider_environ, running_site
from tests.support.keycloak import PASSWORD, SECRET

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("keycloak")]


@pytest.fixture
async def site(tmp_path: Path, keycloak: str) -> AsyncIterator[Running]:
    async with running_site(tmp_path, provider_environ(tmp_path, keycloak), SystemClock(), runs="console") as site:
        yield site


@pytest.fixture
async def at_provider() -> AsyncIterator[httpx.AsyncClient]:
    """Give the same browser, at the pages of the provider."""
    async with httpx.AsyncClient(timeout=30, transport=_OnLoopback()) as client:
        yield client


class _OnLoopback(httpx.AsyncHTTPTransport):
    """To a browser loopback is as good as HTTPS: it keeps and sends Secure cookies there."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await super().handle_async_request(request)
        response.headers = httpx.Headers(
            [(name, value.replace(b";Secure", b"")) for name, value in response.headers.raw]
        )
        return response


async def _log_in(
    browser: Browser, at_provider: httpx.AsyncClient, name: str = "o.operator", *, goes_to: str = "/"
) -> httpx.Response:
    begun = await browser.get("/login", params={"next": goes_to})
    assert begun.status_code == 303, begun.text
    page = await at_provider.get(begun.headers["location"])
    if page.status_code == 200:  # else the provider knows this person still
        page = await at_provider.post(_action(page), data={"username": name, "password": PASSWORD})
    assert page.status_code == 302, page.text
    assert page.headers["location"].startswith(f"{HTTPS}/login/callback?")
    return await browser.get(page.headers["location"])


async def test_an_operator_logs_in_works_and_logs_out(site: Running, at_provider: httpx.AsyncClient) -> None:
    """From a link to a page of the console, by the form of the provider, back to that page; and out at both."""
    browser = site.browser()
    answer = await _log_in(browser, at_provider, goes_to="/berichten/8f3a")
    assert (answer.status_code, answer.headers["location"]) == (303, "/berichten/8f3a")

    session = (await browser.session()).json()
    assert (session["name"], session["roles"]) == ("o.operator", ["operator"])
    assert (await browser.change()).status_code == 201

    location = (await browser.log_out()).json()["location"]
    out = await at_provider.get(location)
    assert (out.status_code, out.headers["location"]) == (302, f"{HTTPS}/login/out")
    assert (await browser.session()).status_code == 401
    again = await at_provider.get((await browser.get("/login")).headers["location"])
    assert "kc-form-login" in again.text


async def test_who_has_another_role_may_do_other_things(site: Running, at_provider: httpx.AsyncClient) -> None:
    """By the group at the provider."""
    browser = site.browser()
    await _log_in(browser, at_provider, "l.lezer")

    assert (await browser.session()).json()["rights"] == ["zien"]
    assert (await browser.change()).status_code == 403


async def test_who_has_a_role_elsewhere_stays_out(site: Running, at_provider: httpx.AsyncClient) -> None:
    """The group has a role in another gemeente. The page leads out at the provider, to come back as somebody else."""
    browser = site.browser()
    refused = await _log_in(browser, at_provider, "e.elders")

    assert refused.status_code == 403
    assert "Geen rol" in refused.text
    link = html.fromstring(refused.text).find(".//main//a")
    assert link is not None
    page = await at_provider.get(str(link.get("href")))
    assert page.status_code == 200
    assert (await browser.session()).status_code == 401


async def test_an_answer_of_the_provider_counts_once_and_in_one_browser(
    site: Running, at_provider: httpx.AsyncClient
) -> None:
    """A code that was used, and one that came to another browser, let nobody in."""
    browser, other = site.browser(), site.browser()
    begun = await browser.get("/login")
    page = await at_provider.get(begun.headers["location"])
    page = await at_provider.post(_action(page), data={"username": "o.operator", "password": PASSWORD})
    back = page.headers["location"]

    assert (await other.get(back)).status_code == 400
    attempt = dict(browser.cookies)
    assert (await browser.get(back)).status_code == 303
    other.cookies.update(attempt)
    assert (await other.get(back)).status_code == 400
    assert (await other.session()).status_code == 401


async def test_the_provider_itself_refuses_a_login_without_its_proof(
    site: Running, at_provider: httpx.AsyncClient
) -> None:
    """It asks for PKCE with S256: what the hub sends is what it wants."""
    url = urlsplit((await site.browser().get("/login")).headers["location"])
    asked = {name: values[0] for name, values in parse_qs(url.query).items() if name != "code_challenge"}
    page = await at_provider.get(url._replace(query="").geturl(), params=asked)

    assert page.status_code == 302
    assert "error=invalid_request" in page.headers["location"]
    assert (await site.browser().get(page.headers["location"])).status_code == 400


async def test_a_machine_comes_with_a_token_of_its_own(
    site: Running, at_provider: httpx.AsyncClient, keycloak: str
) -> None:
    """By client credentials, with the hub as audience; a token for another application is refused."""
    asked = {"grant_type": "client_credentials", "client_id": "zaakhub-machine", "client_secret": SECRET}
    token = (await at_provider.post(f"{keycloak}/protocol/openid-connect/token", data=asked)).json()["access_token"]
    machine = site.browser()
    answer = await machine.get("/v1/session", headers={"authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["name"]) == (200, "service-account-zaakhub-machine")

    foreign = await _token_of(at_provider, keycloak)
    refused = await machine.get("/v1/session", headers={"authorization": f"Bearer {foreign}"})
    assert (refused.status_code, refused.json()["code"]) == (401, "token")


async def test_a_new_key_of_the_provider_is_found(
    tmp_path: Path, at_provider: httpx.AsyncClient, keycloak: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys are replaced while the hub runs: people come in with the new one, without a restart."""
    monkeypatch.setattr("hub.net.provider.PROVIDER_AGAIN_S", 0.0)
    async with running_site(tmp_path, provider_environ(tmp_path, keycloak), SystemClock(), runs="console") as site:
        assert (await _log_in(site.browser(), at_provider)).status_code == 303
        admin = keycloak.replace("/realms/", "/admin/realms/")
        headers = {"authorization": f"Bearer {await _token_of(at_provider, keycloak)}"}
        config = {"priority": ["200"], "enabled": ["true"], "active": ["true"], "algorithm": ["RS256"]}
        made = await at_provider.post(
            f"{admin}/components",
            headers=headers,
            json={
                "name": "newer",
                "providerId": "rsa-generated",
                "providerType": "org.keycloak.keys.KeyProvider",
                "config": config,
            },
        )
        assert made.status_code == 201, made.text

        browser = site.browser()
        assert (await _log_in(browser, at_provider)).status_code == 303
        assert (await browser.session()).status_code == 200


def _action(page: httpx.Response) -> str:
    """Give where the form of the login is sent to."""
    form = html.fromstring(page.text).find(".//form[@id='kc-form-login']")
    assert form is not None
    return str(form.get("action"))


async def _token_of(at_provider: httpx.AsyncClient, keycloak: str) -> str:
    """Give a token of a person for the administration of the provider: none for the hub."""
    asked = {"grant_type": "password", "client_id": "admin-cli", "username": "beheer", "password": PASSWORD}
    answer = await at_provider.post(f"{keycloak}/protocol/openid-connect/token", data=asked)
    token: str = answer.json()["access_token"]
    return token
