"""Logging in at a provider: the whole way, and everything that may be wrong with what comes back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest

from hub.config import policy
from hub.testkit.clock import FakeClock
from tests.support.console_site import HTTPS, Browser, Running, provider_environ, running_site
from tests.support.oidc import CLIENT_ID, ELLIPTIC, FIRST, SECOND, STRANGE, FakeProvider, fake_provider


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def provider(clock: FakeClock) -> AsyncIterator[FakeProvider]:
    async with fake_provider(clock) as provider:
        yield provider


@pytest.fixture
async def site(tmp_path: Path, provider: FakeProvider, clock: FakeClock) -> AsyncIterator[Running]:
    async with running_site(tmp_path, provider_environ(tmp_path, provider.issuer), clock, runs="console") as site:
        yield site


async def _log_in(browser: Browser, provider: FakeProvider, goes_to: str = "/", **claims: Any) -> Any:  # noqa: ANN401
    begun = await browser.get("/login", params={"next": goes_to})
    assert begun.status_code == 303, begun.text
    return await browser.get("/login/callback", params=provider.log_in(begun.headers["location"], **claims))


async def test_somebody_with_a_role_comes_in_and_goes_where_the_link_pointed(
    site: Running, provider: FakeProvider
) -> None:
    """The session has the rights of the role, and its cookie is one that no script and no other site gets."""
    browser = site.browser()
    answer = await _log_in(browser, provider, "/berichten/abc?stap=2")

    assert (answer.status_code, answer.headers["location"]) == (303, "/berichten/abc?stap=2")
    session = (await browser.session()).json()
    assert (session["name"], session["roles"], session["gemeente"]) == ("o.operator", ["operator"], "1900")
    [cookie] = [each for each in answer.headers.get_list("set-cookie") if not each.startswith("__Host-zaakhub-login")]
    assert cookie.startswith("__Host-zaakhub=")
    assert {part.strip().lower() for part in cookie.split(";")[1:]} == {"path=/", "secure", "httponly", "samesite=lax"}


async def test_what_is_asked_of_the_provider_is_of_this_login_alone(site: Running) -> None:
    """PKCE with S256, a state and a nonce; two logins share none of them, and the browser keeps no verifier."""
    asked = [
        parse_qs(urlsplit((await site.browser().get("/login")).headers["location"]).query, strict_parsing=True)
        for _ in range(2)
    ]

    for each in asked:
        assert each["response_type"] == ["code"]
        assert each["code_challenge_method"] == ["S256"]
        assert each["redirect_uri"] == [f"{HTTPS}/login/callback"]
        assert each["scope"] == ["openid profile"]
    for name in ("state", "nonce", "code_challenge"):
        assert asked[0][name] != asked[1][name]


async def test_the_name_in_the_audit_is_one_that_people_know(site: Running, provider: FakeProvider) -> None:
    """Without a usable one it is the name of the provider itself; never what would disturb a screen."""
    for name, shown in (
        ("j.jansen", "j.jansen"),
        (None, "f3a1"),
        ("a\u202eb", "f3a1"),
        ("", "f3a1"),
        ("x" * 300, "f3a1"),
    ):
        browser = site.browser()
        await _log_in(browser, provider, preferred_username=name)
        assert (await browser.session()).json()["name"] == shown


async def test_who_somebody_is_does_not_change_with_their_name(site: Running, provider: FakeProvider) -> None:
    """Issuer and subject say it, in a session and in a token; two people of one name are two."""
    found = []
    for said in ({"preferred_username": "jan"}, {"preferred_username": "j.jansen"}, {"sub": "b2c4"}):
        browser = site.browser()
        await _log_in(browser, provider, **said)
        visit = await site.app.ledger.visit(sha256(browser.secret().encode()).hexdigest())
        assert visit is not None
        found.append(visit.person_id)

    assert found == [f"oidc:{provider.issuer}|{sub}" for sub in ("f3a1", "f3a1", "b2c4")]


ID_TOKENS: dict[str, Callable[[FakeProvider, dict[str, Any]], str]] = {
    "another nonce": lambda p, c: p.signed({**c, "nonce": "another"}),
    "no nonce": lambda p, c: p.signed({name: value for name, value in c.items() if name != "nonce"}),
    "another audience": lambda p, c: p.signed({**c, "aud": "another"}),
    "given out to another": lambda p, c: p.signed({**c, "aud": [CLIENT_ID, "another"], "azp": "another"}),
    "another issuer": lambda p, c: p.signed({**c, "iss": "https://another.example"}),
    "expired": lambda p, c: p.signed({**c, "exp": c["iat"] - policy.TOKEN_SKEW_S}),
    "no end": lambda p, c: p.signed({name: value for name, value in c.items() if name != "exp"}),
    "not yet": lambda p, c: p.signed({**c, "nbf": c["iat"] + 2 * policy.TOKEN_SKEW_S}),
    "made later": lambda p, c: p.signed({**c, "iat": c["iat"] + 2 * policy.TOKEN_SKEW_S}),
    "about nobody": lambda p, c: p.signed({**c, "sub": ""}),
    "a strange key": lambda p, c: p.signed(c, key=STRANGE),
    "a key that nobody has": lambda p, c: p.signed(c, key=SECOND),
    "no signature": lambda _, c: jwt.encode(c, "", algorithm="none"),
    "signed with the public key": lambda p, c: jwt.encode(c, p.keys[0].jwk["n"], "HS256", {"kid": "one"}),
    "another algorithm": lambda p, c: p.signed(c, key=FIRST._replace(algorithm="RS512")),
    "something critical": lambda p, c: p.signed(c, headers={"crit": ["x"], "x": 1}),
    "cut off": lambda p, c: p.signed(c)[:-20],
    "no token": lambda *_: "onzin",
}


@pytest.mark.parametrize("wrong", ID_TOKENS)
async def test_a_token_that_is_not_right_lets_nobody_in(site: Running, provider: FakeProvider, wrong: str) -> None:
    """Whatever is wrong with it: no session, and a page that says no more than that it did not work."""
    browser = site.browser()
    provider.sign = lambda claims: ID_TOKENS[wrong](provider, claims)
    answer = await _log_in(browser, provider)

    assert answer.status_code == 400
    assert (await browser.session()).status_code == 401
    assert browser.secret() == ""
    assert "o.operator" not in answer.text


async def test_clocks_may_differ_a_little(site: Running, provider: FakeProvider) -> None:
    """A provider whose clock is half a minute ahead lets people in all the same."""
    browser = site.browser()
    now = provider.claims()["iat"]
    answer = await _log_in(browser, provider, iat=now + 30, nbf=now + 30)

    assert answer.status_code == 303


@pytest.mark.parametrize(
    "changed",
    [{"state": "another"}, {"state": ""}, {"code": "another"}, {"code": ""}, {"iss": "https://another.example"}],
    ids=lambda each: "-".join([*each, *map(str, each.values())]),
)
async def test_an_answer_that_is_not_of_this_login_lets_nobody_in(
    site: Running, provider: FakeProvider, changed: dict[str, str]
) -> None:
    """A state of somebody else, a code of somebody else, an answer of another provider."""
    browser = site.browser()
    begun = await browser.get("/login")
    answered = {**provider.log_in(begun.headers["location"]), **changed}
    answer = await browser.get("/login/callback", params=answered)

    assert answer.status_code == 400
    assert (await browser.session()).status_code == 401


async def test_a_login_that_another_browser_began_does_not_count(site: Running, provider: FakeProvider) -> None:
    """Somebody who sends you a link to the end of their own login does not get you into their session."""
    attacker, victim = site.browser(), site.browser()
    begun = await attacker.get("/login")
    answered = provider.log_in(begun.headers["location"])
    await victim.get("/login")

    assert (await victim.get("/login/callback", params=answered)).status_code == 400
    assert (await victim.session()).status_code == 401


async def test_an_answer_without_its_issuer_is_of_another_provider(site: Running, provider: FakeProvider) -> None:
    """A provider that says who it is in each answer (RFC 9207) always does."""
    browser = site.browser()
    begun = await browser.get("/login")
    answered = {k: v for k, v in provider.log_in(begun.headers["location"]).items() if k != "iss"}

    assert (await browser.get("/login/callback", params=answered)).status_code == 400


async def test_a_login_ends_after_a_while(site: Running, provider: FakeProvider, clock: FakeClock) -> None:
    """What lay in a browser over lunch is begun anew."""
    browser = site.browser()
    begun = await browser.get("/login")
    answered = provider.log_in(begun.headers["location"], exp=provider.claims()["exp"] + 3600)
    clock.advance(policy.LOGIN_MAX_S + 1)

    assert (await browser.get("/login/callback", params=answered)).status_code == 400


async def test_a_login_counts_once(site: Running, provider: FakeProvider) -> None:
    """The same answer again, from the history of the browser, is nothing."""
    browser = site.browser()
    begun = await browser.get("/login")
    answered = provider.log_in(begun.headers["location"])
    assert (await browser.get("/login/callback", params=answered)).status_code == 303

    assert (await browser.get("/login/callback", params=answered)).status_code == 400


async def test_who_is_refused_by_the_provider_is_told_so(site: Running) -> None:
    """Nothing of what it says is repeated: anybody can write it into a link."""
    browser = site.browser()
    begun = await browser.get("/login")
    state = parse_qs(urlsplit(begun.headers["location"]).query)["state"][0]
    said = {"state": state, "error": "access_denied", "error_description": "<script>alert(1)</script>"}
    answer = await browser.get("/login/callback", params=said)

    assert answer.status_code == 400
    assert "alert" not in answer.text


@pytest.mark.parametrize(
    ("claims", "title"),
    [
        ({"groups": ["alle-medewerkers"]}, "Geen rol"),
        ({"groups": None}, "Geen rol"),
        ({"groups": ["zaakhub-elders"]}, "Geen rol"),
        ({"gemeente": "0363"}, "Andere gemeente"),
        ({"gemeente": ["0363", "0344"]}, "Andere gemeente"),
    ],
    ids=str,
)
async def test_who_has_no_role_here_does_not_come_in(
    site: Running, provider: FakeProvider, claims: dict[str, Any], title: str
) -> None:
    """Also who has one in another municipality of the same provider. The page offers to log in as somebody else."""
    browser = site.browser()
    answer = await _log_in(browser, provider, **claims)

    assert answer.status_code == 403
    assert title in answer.text
    assert f"{provider.issuer}/out?" in answer.text
    assert (await browser.session()).status_code == 401


async def test_who_is_of_this_municipality_comes_in(site: Running, provider: FakeProvider) -> None:
    """Where the provider says of which one somebody is."""
    assert (await _log_in(site.browser(), provider, gemeente=["0363", "1900"])).status_code == 303


@pytest.mark.parametrize(
    ("claim", "claims"),
    [
        ("realm_access.roles", {"realm_access": {"roles": ["zaakhub-operators"]}}),
        ("https://voorbeeld.example/rollen", {"https://voorbeeld.example/rollen": "zaakhub-operators"}),
    ],
)
async def test_the_claim_with_the_groups_has_any_name(
    tmp_path: Path, provider: FakeProvider, clock: FakeClock, claim: str, claims: dict[str, Any]
) -> None:
    """Also one with dots of its own, and one that holds a single group."""
    environ = {**provider_environ(tmp_path, provider.issuer), "ZAAKHUB_OIDC_CLAIM": claim}
    async with running_site(tmp_path, environ, clock) as site:
        browser = site.browser()
        assert (await _log_in(browser, provider, groups=None, **claims)).status_code == 303


async def test_a_role_at_one_connection_is_no_role_at_another(site: Running, provider: FakeProvider) -> None:
    """A lezer has no content, so may not ask for it."""
    browser = site.browser()
    await _log_in(browser, provider, groups=["zaakhub-lezers"])

    assert (await browser.session()).json()["rights"] == ["zien"]
    refused = await browser.change()
    assert (refused.status_code, refused.json()["code"]) == (403, "geen-recht")


async def test_keys_that_were_replaced_are_found(site: Running, provider: FakeProvider, clock: FakeClock) -> None:
    """A token with a new key makes the hub look again; the old key then counts no more."""
    await _log_in(site.browser(), provider)
    asked = provider.asked.count("keys")
    provider.keys = [SECOND, ELLIPTIC]
    clock.advance(policy.PROVIDER_AGAIN_S)

    assert (await _log_in(site.browser(), provider)).status_code == 303
    assert provider.asked.count("keys") == asked + 1
    provider.sign = lambda claims: provider.signed(claims, key=FIRST)
    assert (await _log_in(site.browser(), provider)).status_code == 400


async def test_tokens_with_made_up_keys_do_not_wear_the_provider_out(site: Running, provider: FakeProvider) -> None:
    """Anybody can make one: the keys are asked for once in a while, however many come."""
    provider.sign = lambda claims: provider.signed(claims, key=SECOND)
    for _ in range(5):
        await _log_in(site.browser(), provider)

    assert provider.asked.count("keys") == 1
    assert provider.asked.count("metadata") == 1


async def test_a_provider_that_is_away_is_told_so(site: Running, provider: FakeProvider) -> None:
    """A page with status 503; when it is back, people come in without a restart of the hub."""
    provider.down = True
    answer = await site.browser().get("/login")
    assert answer.status_code == 503
    assert "kan nu niet" in answer.text

    provider.down = False
    assert (await _log_in(site.browser(), provider)).status_code == 303


@pytest.mark.parametrize(
    "said",
    [
        {"issuer": "https://another.example"},
        {"token_endpoint": "http://elders.example/token"},
        {"token_endpoint": None},
        {"end_session_endpoint": "javascript:alert(1)"},
    ],
    ids=lambda each: next(iter(each)),
)
async def test_a_description_that_cannot_be_right_is_not_followed(
    site: Running, provider: FakeProvider, said: dict[str, Any]
) -> None:
    """Another issuer, an address in clear or none: nobody is sent there with anything."""
    provider.metadata = said

    assert (await site.browser().get("/login")).status_code == 503


async def test_a_provider_may_want_the_secret_in_the_form(site: Running, provider: FakeProvider) -> None:
    """Where it says that a header is not for it."""
    provider.metadata = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}

    assert (await _log_in(site.browser(), provider)).status_code == 303


async def test_logging_out_goes_by_the_provider(site: Running, provider: FakeProvider) -> None:
    """The session ends here at once; the browser is told where to go to end the other."""
    browser = site.browser()
    await _log_in(browser, provider)
    stolen = browser.secret()
    answer = await browser.log_out()

    location = urlsplit(answer.json()["location"])
    asked = parse_qs(location.query)
    assert answer.json()["location"].startswith(f"{provider.issuer}/out?")
    assert asked["post_logout_redirect_uri"] == [f"{HTTPS}/login/out"]
    assert asked["id_token_hint"][0].count(".") == 2
    assert browser.secret() == ""
    browser.cookies.set("__Host-zaakhub", stolen, domain="zaakhub.example", path="/")
    assert (await browser.session()).status_code == 401
    assert "uitgelogd" in (await browser.get("/login/out")).text


async def test_a_browser_under_another_name_begins_under_the_right_one(
    tmp_path: Path, provider: FakeProvider, clock: FakeClock
) -> None:
    """`localhost` and 127.0.0.1 are one machine and two sites: the cookie has to be of the one that it returns to."""
    environ = provider_environ(tmp_path, provider.issuer, url="http://127.0.0.1:8088")
    async with running_site(tmp_path, environ, clock) as site:
        answer = await site.browser(url="http://localhost:8088").get("/login", params={"next": "/plannen"})

        assert answer.headers["location"] == "http://127.0.0.1:8088/login?next=%2Fplannen"


# Machines


async def test_a_machine_brings_a_token_instead_of_a_session(site: Running, provider: FakeProvider) -> None:
    """Nothing of it can be sent by a browser of its own accord, so a change needs no token of a session."""
    token = provider.signed(provider.claims(preferred_username="service-account-bewaking"), headers={"typ": "at+jwt"})
    machine = site.browser()
    headers = {"authorization": f"Bearer {token}"}

    session = await machine.get("/v1/session", headers=headers)
    assert (session.status_code, session.json()["name"]) == (200, "service-account-bewaking")
    changed = await machine.post("/v1/unmaskings", json={"message": "m", "reason": "een test"}, headers=headers)
    assert changed.status_code == 201


@pytest.mark.parametrize(
    ("claims", "headers", "status"),
    [
        ({}, {}, 200),
        ({"exp": 1}, {}, 401),
        ({"aud": "another"}, {}, 401),
        ({"aud": ["account", CLIENT_ID]}, {}, 200),
        ({"iss": "https://another.example"}, {}, 401),
        ({"nonce": "of-a-login"}, {}, 401),
        ({"at_hash": "of-a-login"}, {}, 401),
        ({"typ": "ID"}, {}, 401),
        ({"typ": "Bearer"}, {}, 200),
        ({}, {"typ": "logout+jwt"}, 401),
        ({"groups": ["zaakhub-elders"]}, {}, 403),
        ({"gemeente": "0363"}, {}, 403),
    ],
    ids=str,
)
async def test_a_token_must_be_for_the_hub_and_for_acting(
    site: Running, provider: FakeProvider, claims: dict[str, Any], headers: dict[str, Any], status: int
) -> None:
    """Issuer, audience, end, kind, role and municipality: an ID token of a login is not one to act with."""
    token = provider.signed(provider.claims(**claims), headers=headers)
    answer = await site.browser().get("/v1/session", headers={"authorization": f"Bearer {token}"})

    assert answer.status_code == status


@pytest.mark.parametrize("wrong", ["a strange key", "no signature", "signed with the public key", "no token"])
async def test_a_token_that_nobody_signed_is_nothing(site: Running, provider: FakeProvider, wrong: str) -> None:
    """And a session beside it does not make it good."""
    browser = site.browser()
    await _log_in(browser, provider)
    token = ID_TOKENS[wrong](provider, provider.claims())
    answer = await browser.get("/v1/session", headers={"authorization": f"Bearer {token}"})

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert token[:20] not in answer.text


async def test_another_way_to_prove_who_one_is_is_none(site: Running) -> None:
    """A password over HTTP is not how machines come in here."""
    answer = await site.browser().get("/v1/session", headers={"authorization": "Basic eDp5"})

    assert answer.status_code == 401
