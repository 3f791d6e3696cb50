"""Local accounts, and what a session is: begun, kept, ended, and never anybody else's."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from hub.config import policy
from hub.console import accounts as accounts_module
from hub.console.accounts import FILE, Accounts
from hub.console.server import Runs
from hub.errors import ConfigurationWrong
from hub.ledger.entries import OperatorAct
from hub.ledger.visits import Visit
from hub.security.roles import Role
from hub.testkit.clock import FakeClock
from tests.support.console_site import HTTPS, Browser, Running, provider_environ, running_site

PASSWORD = "vier woorden zijn genoeg"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def accounts(tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> Accounts:
    """Two people; a guess costs next to nothing here."""
    monkeypatch.setattr(accounts_module, "ACCOUNT_SCRYPT_N", 2)
    accounts = Accounts(tmp_path / FILE)
    accounts.add("jansen", PASSWORD, Role.OPERATOR, (), clock.now())
    accounts.add("els", PASSWORD, Role.LEZER, ("zaken-naar-zgw",), clock.now())
    return accounts


@pytest.fixture
async def site(tmp_path: Path, accounts: Accounts, clock: FakeClock) -> AsyncIterator[Running]:
    assert accounts.all()
    async with running_site(tmp_path, {}, clock) as site:
        yield site


async def _log_in(browser: Browser, name: str = "jansen", password: str = PASSWORD, **more: str) -> Any:  # noqa: ANN401
    headers = {"origin": more.pop("origin", str(browser.base_url).rstrip("/"))}
    return await browser.post("/login/local", data={"name": name, "password": password, **more}, headers=headers)


async def test_a_name_and_a_password_begin_a_session(site: Running) -> None:
    """Over plain HTTP on this machine: the cookie is still no script's and no other site's."""
    browser = site.browser()
    form = await browser.get("/login", params={"next": "/plannen?pagina=2"})
    assert 'name="next" value="/plannen?pagina=2"' in form.text
    answer = await _log_in(browser, next="/plannen?pagina=2")

    assert (answer.status_code, answer.headers["location"]) == (303, "/plannen?pagina=2")
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("zaakhub=")
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "max-age" not in cookie
    assert (await browser.session()).json()["name"] == "jansen"
    assert (await browser.get("/login", params={"next": "/plannen"})).headers["location"] == "/plannen"


@pytest.mark.parametrize(
    ("name", "password"),
    [("jansen", "iets anders dan dat"), ("niemand", PASSWORD), ("", ""), ("jansen", ""), ("JANSEN", PASSWORD)],
)
async def test_a_wrong_name_and_a_wrong_password_look_the_same(site: Running, name: str, password: str) -> None:
    """Who guesses does not learn which names there are; what was typed is not repeated."""
    browser = site.browser()
    answer = await _log_in(browser, name, password)

    assert answer.status_code == 401
    assert "Naam of wachtwoord is niet goed." in answer.text
    assert browser.secret() == ""
    assert not password or password not in answer.text


async def test_guessing_goes_slowly(site: Running, clock: FakeClock) -> None:
    """One name from many addresses, and many names from one; a right password in between comes too late."""
    for number in range(policy.LOGIN_BURST):
        assert (await _log_in(site.browser(peer=f"127.0.0.{number + 2}"), password="guess")).status_code == 401
    assert (await _log_in(site.browser(peer="127.0.1.1"))).status_code == 429
    for number in range(policy.LOGIN_BURST):
        assert (await _log_in(site.browser(peer="127.0.2.1"), f"naam{number}", "guess")).status_code == 401
    refused = await _log_in(site.browser(peer="127.0.2.1"), "els")
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "60"

    clock.advance(1 / policy.LOGIN_PER_S)
    assert (await _log_in(site.browser(peer="127.0.3.1"))).status_code == 303


async def test_somebody_who_mistypes_may_go_on(site: Running) -> None:
    """A right password takes away what the wrong ones before it counted for."""
    for _ in range(3):
        for _ in range(policy.LOGIN_BURST - 1):
            await _log_in(site.browser(), password="guess")
        assert (await _log_in(site.browser())).status_code == 303


async def test_a_login_that_another_site_sends_is_none(site: Running) -> None:
    """Nor one that comes through a proxy: then it might be anybody's."""
    assert (await _log_in(site.browser(), origin="https://elders.example")).status_code == 403
    assert (await _log_in(site.browser(), origin="null")).status_code == 403
    browser = site.browser()
    browser.headers["x-forwarded-for"] = "192.0.2.1"
    assert (await _log_in(browser)).status_code == 403


@pytest.mark.parametrize(
    "asked",
    [
        "https://elders.example/",
        "//elders.example/",
        "/\\elders.example/",
        "\\\\elders.example",
        "/\t/elders.example/",
        "javascript:alert(1)",
        "/ok\r\nset-cookie: a=b",
        "plannen",
        "/login",
        "/logout",
        "/v1/session",
        "/" + "a" * 3000,
        "",
    ],
)
async def test_the_way_on_is_always_a_page_of_ours(site: Running, asked: str) -> None:
    """A link to the login can't send anybody elsewhere afterwards."""
    assert (await _log_in(site.browser(), next=asked)).headers["location"] == "/"
    browser = site.browser()
    await _log_in(browser)
    assert (await browser.get("/login", params={"next": asked})).headers["location"] == "/"


async def test_what_somebody_put_into_the_browser_is_worth_nothing_after_the_login(site: Running) -> None:
    """Session fixation: the secret is always a new one, and the one before ends."""
    browser = site.browser()
    browser.cookies.set("zaakhub", "chosen-by-somebody-else", domain="127.0.0.1", path="/")
    await _log_in(browser)
    first = browser.secret()
    await _log_in(browser)

    assert len({"chosen-by-somebody-else", first, browser.secret()}) == 3
    for secret in ("chosen-by-somebody-else", first):
        other = site.browser()
        other.cookies.set("zaakhub", secret, domain="127.0.0.1", path="/")
        assert (await other.session()).status_code == 401


async def test_a_session_ends_when_nobody_is_there(site: Running, clock: FakeClock) -> None:
    """Half an hour without a request; an open stream of events is nobody."""
    browser = site.browser()
    await _log_in(browser)
    for _ in range(4):
        clock.advance(policy.SESSION_IDLE_S - 1)
        assert (await browser.session()).status_code == 200
    clock.advance(policy.SESSION_IDLE_S - 1)
    # Whatever it says that it accepts: the stand-in behind the API has no overview.
    assert (await browser.get("/v1/events", headers={"accept": "*/*"})).status_code == 503
    clock.advance(2)

    refused = await browser.session()
    assert (refused.status_code, refused.json()["code"]) == (401, "niet-ingelogd")
    assert (await browser.change()).status_code == 401


async def test_a_session_ends_with_the_working_day(site: Running, clock: FakeClock) -> None:
    """However busy somebody is."""
    browser = site.browser()
    await _log_in(browser)
    for _ in range(int(policy.SESSION_MAX_S // 600) - 1):
        clock.advance(600)
        assert (await browser.session()).status_code == 200
    clock.advance(601)

    assert (await browser.session()).status_code == 401


async def test_logging_out_ends_the_session_for_whoever_has_the_cookie(site: Running) -> None:
    """It needs the token of the session, so that no other site logs anybody out; twice is once."""
    browser = site.browser()
    await _log_in(browser)
    secret = browser.secret()
    assert (await browser.post("/logout")).status_code == 403
    assert (await browser.session()).status_code == 200

    answer = await browser.log_out()
    assert (answer.status_code, answer.json()) == (200, {"location": "/login/out"})
    browser.cookies.set("zaakhub", secret, domain="127.0.0.1", path="/")
    assert (await browser.session()).status_code == 401
    assert (await browser.log_out()).json() == {"location": "/login/out"}


async def test_coming_and_going_stands_in_the_audit(site: Running) -> None:
    """By name; a wrong password does not."""
    browser = site.browser()
    await _log_in(browser, password="iets anders dan dat")
    await _log_in(browser)
    await browser.log_out()

    lines = await site.app.ledger.audit_lines(oldest=True)
    assert [(line.act, line.by, line.on) for line in lines] == [
        ("aanmelden", "jansen", "console"),
        ("afmelden", "jansen", "console"),
    ]


async def test_an_account_that_is_removed_or_changed_is_logged_out(
    site: Running, accounts: Accounts, clock: FakeClock
) -> None:
    """At the next request, not at the next login."""
    jansen, els = site.browser(), site.browser()
    await _log_in(jansen)
    await _log_in(els, "els")
    clock.advance(5)
    accounts.remove("jansen")
    accounts.add("els", "een ander wachtwoord", Role.AUDITOR, (), clock.now())

    assert (await jansen.session()).status_code == 401
    assert (await els.session()).status_code == 401
    await _log_in(els, "els", "een ander wachtwoord")
    assert (await els.session()).json()["roles"] == ["auditor"]


async def test_a_session_of_another_municipality_is_none(site: Running, clock: FakeClock) -> None:
    """A ledger that was copied from another hub brings its sessions; they open nothing here."""
    browser = site.browser()
    await _log_in(browser)
    here = await site.app.ledger.visit(_key(browser.secret()))
    assert here is not None
    elsewhere = here._replace(gemeente="0363")
    await site.app.ledger.begin_visit(elsewhere, _act(clock), instead_of=here.key)

    assert (await browser.session()).status_code == 401


async def test_the_ledger_holds_nothing_that_opens_a_session(site: Running) -> None:
    """A hash of the cookie; who can read the database still has to log in."""
    browser = site.browser()
    await _log_in(browser)
    visit = await site.app.ledger.visit(_key(browser.secret()))

    assert isinstance(visit, Visit)
    assert browser.secret() not in repr(visit)
    csrf = (await browser.session()).json()["csrf"]
    assert csrf not in repr(visit)
    browser.cookies.set("zaakhub", visit.key, domain="127.0.0.1", path="/")
    assert (await browser.session()).status_code == 401


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 201),
        ({"x-csrf-token": ""}, 403),
        ({"x-csrf-token": "0" * 64}, 403),
        ({"origin": "https://elders.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://127.0.0.1:9999"}, 403),
        ({"origin": "http://localhost:8088"}, 201),
    ],
    ids=str,
)
async def test_a_change_carries_the_token_of_its_session(site: Running, headers: dict[str, str], status: int) -> None:
    """From a page of ours: another site can neither read the token nor send it."""
    browser = site.browser()
    await _log_in(browser)
    answer = await browser.change(**headers)

    assert answer.status_code == status
    assert status == 201 or answer.json()["code"] == "csrf"


async def test_the_token_of_one_session_is_not_that_of_another(site: Running) -> None:
    """Also of the same person."""
    first, second = site.browser(), site.browser()
    await _log_in(first)
    await _log_in(second)
    csrf = (await first.session()).json()["csrf"]

    assert (await second.change(**{"x-csrf-token": csrf})).status_code == 403


async def test_changes_of_one_person_have_a_rate(site: Running, clock: FakeClock) -> None:
    """A program that goes astray is stopped; other people go on."""
    browser = site.browser()
    await _log_in(browser)
    csrf = (await browser.session()).json()["csrf"]
    statuses = [(await browser.change(**{"x-csrf-token": csrf})).status_code for _ in range(policy.CHANGES_BURST + 1)]

    assert statuses == [201] * policy.CHANGES_BURST + [429]
    clock.advance(1)
    assert (await browser.change()).status_code == 201


async def test_the_page_of_the_login_speaks_the_language_of_the_browser(site: Running) -> None:
    """Dutch, unless English is asked for first. No script, and nothing of another site."""
    dutch = await site.browser().get("/login")
    english = await site.browser().get("/login", headers={"accept-language": "de, en-GB;q=0.9, nl;q=0.8"})

    assert '<html lang="nl">' in dutch.text
    assert '<html lang="en">' in english.text
    assert "Wachtwoord" in dutch.text
    assert "Password" in english.text
    assert "<script" not in dutch.text
    assert not re.search(r'(?:src|href|action)="(?!/)', dutch.text)
    assert (await site.browser().get("/login/style.css")).headers["content-type"].startswith("text/css")


async def test_hostile_text_in_a_link_is_text(site: Running) -> None:
    """What comes back in a page is escaped."""
    answer = await site.browser().get("/login", params={"next": '/"><img>'})

    assert "<img>" not in answer.text


async def test_without_accounts_the_page_says_how_to_make_one(tmp_path: Path, clock: FakeClock) -> None:
    """A new hub: the next thing to type."""
    async with running_site(tmp_path, {}, clock) as site:
        assert "zaakhub account add" in (await site.browser().get("/login")).text


async def test_a_form_that_is_none_is_a_wrong_password(site: Running) -> None:
    """Too large, not a form, bytes that are no text."""
    for body in (b"name=" + b"a" * 100_000, b"\xff\xfe", b"&&&=", b""):
        answer = await site.browser().post("/login/local", content=body)
        assert answer.status_code in {401, 429}


async def test_no_name_and_no_password_stands_in_the_log(site: Running) -> None:
    """A person who types the password where the name belongs is not written down."""
    with capture_logs() as logged:
        await _log_in(site.browser(), PASSWORD, "jansen")

    assert [each["event"] for each in logged] == ["login_refused"]
    assert PASSWORD not in repr(logged)
    assert "jansen" not in repr(logged)


# When local accounts count


@pytest.mark.parametrize(
    ("runs", "environ"),
    [
        ("console", {}),
        ("serve", {"ZAAKHUB_CONSOLE_LISTEN": "0.0.0.0:8088", "ZAAKHUB_CONSOLE_URL": HTTPS}),
        ("serve", {"ZAAKHUB_CONSOLE_URL": HTTPS}),
    ],
)
async def test_local_accounts_are_for_one_machine(
    tmp_path: Path,
    clock: FakeClock,
    runs: Runs,
    environ: dict[str, str],
) -> None:
    """The console alone, one that listens to others, one behind a proxy: each needs a provider."""
    with pytest.raises(ConfigurationWrong, match="ZAAKHUB_OIDC_ISSUER"):
        async with running_site(tmp_path, environ, clock, runs=runs):
            pass


async def test_beside_a_provider_no_local_account_counts(tmp_path: Path, accounts: Accounts, clock: FakeClock) -> None:
    """Nor a session that was begun with one before."""
    assert accounts.all()
    async with running_site(
        tmp_path, provider_environ(tmp_path, "http://127.0.0.1:9", url="http://127.0.0.1:8088"), clock
    ) as site:
        browser = site.browser()
        assert (await _log_in(browser)).headers["location"] == "/login"
        began = clock.now()
        visit = Visit(_key("s" * 43), "jansen", "account", "1900", (), b"", began, began, began + timedelta(hours=1))
        visit = visit._replace(person_id="account:jansen")
        await site.app.ledger.begin_visit(visit, _act(clock))
        browser.cookies.set("zaakhub", "s" * 43, domain="127.0.0.1", path="/")
        assert (await browser.session()).status_code == 401


async def test_a_file_that_others_can_read_lets_nobody_in_and_says_so_in_the_log(
    site: Running, tmp_path: Path, clock: FakeClock
) -> None:
    """A page, and the path for who runs the hub; who was inside already waits until it is mended."""
    inside = site.browser()
    await _log_in(inside)
    clock.advance(1)
    (tmp_path / FILE).chmod(0o644)
    os.utime(tmp_path / FILE)

    with capture_logs() as logs:
        form, answer = await site.browser().get("/login"), await _log_in(site.browser())
        session = await inside.session()

    assert (form.status_code, answer.status_code, session.status_code) == (503, 503, 503)
    assert all(FILE in each["reason"] for each in logs if each["event"] in {"login_unavailable", "accounts_unusable"})
    assert {"login_unavailable", "accounts_unusable"} <= {each["event"] for each in logs}
    (tmp_path / FILE).chmod(0o600)
    os.utime(tmp_path / FILE)
    assert (await inside.session()).status_code == 200


async def test_with_a_file_that_others_can_read_the_console_does_not_start(
    tmp_path: Path, accounts: Accounts, clock: FakeClock
) -> None:
    """Whoever starts it can mend it; who logs in cannot."""
    assert accounts.all()
    (tmp_path / FILE).chmod(0o640)

    with pytest.raises(ConfigurationWrong, match="others"):
        async with running_site(tmp_path, {}, clock):
            pass


async def test_a_session_says_who_it_is_of(site: Running) -> None:
    """Also the audit does: a name alone may be somebody else's later."""
    browser = site.browser()
    await _log_in(browser)

    visit = await site.app.ledger.visit(_key(browser.secret()))
    [line] = await site.app.ledger.audit_lines()
    assert visit is not None
    assert visit.person_id == "account:jansen"
    assert line.detail == '{"id":"account:jansen"}'


async def test_a_session_from_before_it_was_kept_whose_it_is_has_ended(site: Running, clock: FakeClock) -> None:
    """Otherwise two people could not be told apart in it."""
    began = clock.now()
    visit = Visit(_key("s" * 43), "jansen", "account", "1900", (), b"", began, began, began + timedelta(hours=1))
    browser = site.browser()
    browser.cookies.set("zaakhub", "s" * 43, domain="127.0.0.1", path="/")
    await site.app.ledger.begin_visit(visit, _act(clock))
    assert (await browser.session()).status_code == 401

    await site.app.ledger.begin_visit(
        visit._replace(person_id="account:jansen"), _act(clock), instead_of=_key("s" * 43)
    )
    assert (await browser.session()).status_code == 200


def _key(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def _act(clock: FakeClock) -> OperatorAct:
    return OperatorAct("", "aanmelden", "jansen", "", clock.now(), on="console")
