"""The overview, the map of where data goes, the sheet of a connection, plans, audit, and what an edit becomes."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

from hub.config import policy
from hub.configuration import Configuration
from hub.ledger.alerts import Alert, AlertKind
from tests.support.api_requests import REASON
from tests.support.console_api import FORMULIEREN, PERSONEN, WAITING_ZAAK, ZAAKTYPE, ZGW, Api, console_api

ROOT = Path(__file__).parents[2]
REASONED = {"reason": REASON}


async def test_the_session_says_who_somebody_is_and_what_they_may_do(api: Api) -> None:
    """Rights of all their roles together, at one connection at least."""
    session = (await api.get("/session", by="alleen-formulieren")).json()

    assert (session["name"], session["gemeente"], session["roles"]) == ("alleen-formulieren", "9999", ["operator"])
    assert "herhalen" in session["rights"]
    assert session["csrf"]


async def test_the_overview_counts_what_waits(api: Api) -> None:
    """At each connection."""
    shown = {each["name"]: each for each in (await api.get("/connections")).json()["items"]}

    assert shown.keys() == {FORMULIEREN, PERSONEN, ZGW}
    assert (shown[ZGW]["failuresOpen"], shown[ZGW]["parked"], shown[ZGW]["zakenWaiting"]) == (1, 4, 1)
    assert (shown[ZGW]["flow"], shown[ZGW]["breaker"], len(shown[ZGW]["revision"])) == ("loopt", "dicht", 12)


async def test_connections_come_in_pages(api: Api) -> None:
    """By name."""
    first = (await api.get("/connections", limit=1)).json()
    second = (await api.get("/connections", limit=2, cursor=first["next"])).json()

    assert [each["name"] for each in (*first["items"], *second["items"])] == [FORMULIEREN, PERSONEN, ZGW]
    assert second["next"] is None


async def test_the_map_leads_from_the_senders_to_the_target(api: Api) -> None:
    """Over the connections and the domain of events; questions go straight to who answers them."""
    found = (await api.get("/flow-map")).json()
    elsewhere = {"systeem:zorg", "domein:personen", f"koppeling:{PERSONEN}"}
    kinds = {each["id"]: each["kind"] for each in found["nodes"] if each["id"] not in elsewhere}
    edges = {(each["fromNode"], each["toNode"], each["question"]): each["messages"] for each in found["edges"]}
    senders, target = f"systeem:afzenders van {FORMULIEREN}", "systeem:zaaksysteem"
    inbound, outbound, domain = f"koppeling:{FORMULIEREN}", f"koppeling:{ZGW}", "domein:zaken"

    assert kinds == {
        senders: "systeem",
        target: "systeem",
        inbound: "koppeling",
        outbound: "koppeling",
        domain: "domein",
    }
    assert "creeerZaak_Lk01" in edges[senders, inbound, False]
    assert "nl.zaken.zaak-aangemaakt.v1" in edges[inbound, domain, False]
    assert "nl.zaken.zaak-aangemaakt.v1" in edges[domain, outbound, False]
    assert (outbound, target, False) in edges
    assert "geefZaakdetails_Lv01" in edges[inbound, outbound, True]
    assert {each["id"]: each["failuresOpen"] for each in found["nodes"]}[outbound] == 1


async def test_the_sheet_answers_every_question_with_where_it_stands(
    api: Api, api_configuration: Configuration
) -> None:
    """Each source is a file that is there, a line of it, a setting or a limit."""
    for name in (FORMULIEREN, ZGW):
        sheet = (await api.get(f"/connections/{name}")).json()
        topics = {each["topic"].split(" (")[0] for each in sheet["rows"]}
        assert topics == {
            "Context",
            "Standaard en patroon",
            "Beveiliging",
            "Persoonsgegevens",
            "Kwaliteit",
            "Volume en beschikbaarheid",
            "Testbaarheid",
            "Foutafhandeling",
            "Beheer en nazorg",
        }
        for row in sheet["rows"]:
            assert row["answer"], row
            assert _exists(row["source"], api_configuration), row
        assert sheet["messages"]


async def test_the_sheet_follows_the_configuration(api: Api) -> None:
    """Limits with their numbers, and no secret."""
    answer = await api.get(f"/connections/{ZGW}")
    rows = {each["question"]: each["answer"] for each in answer.json()["rows"]}

    assert rows["Hoe maakt de hub zich bekend bij het systeem?"] == "JWT volgens de ZGW API's (HS256)."
    assert rows["Wat als het niet lukt?"].startswith("3 pogingen meteen")
    assert "24 uur" in rows["Wat als het niet lukt?"]
    assert "14 dagen" in rows["Hoe lang worden gegevens bewaard?"]
    assert rows["Wie is het aanspreekpunt?"] == "Niet vastgelegd. Vul `contact` in."
    assert "secret" not in answer.text


async def test_alerts_are_shown_with_who_was_told(api: Api) -> None:
    """Of connections that the person sees, newest first."""
    ledger, now = api.town.hub.app.ledger, api.clock.now()
    old = Alert("a", AlertKind.FAILING, ZGW, "", now - timedelta(hours=1), "1 failure waits for a person")
    new = Alert("b", AlertKind.BACKLOG, FORMULIEREN, "", now, "the oldest message waits")
    await ledger.raise_alerts([old, new], ["mail"])

    assert [each["id"] for each in (await api.get("/alerts")).json()["items"]] == ["b", "a"]
    assert [each["id"] for each in (await api.get("/alerts", by="alleen-formulieren")).json()["items"]] == ["b"]
    first = (await api.get("/alerts", limit=1)).json()
    assert [each["id"] for each in (await api.get("/alerts", limit=1, cursor=first["next"])).json()["items"]] == ["a"]


async def test_no_alert_is_lost_between_two_pages(api: Api) -> None:
    """Those of one moment are on both; after the last there is no page more."""
    ledger, now = api.town.hub.app.ledger, api.clock.now()
    many = [Alert(f"a{each}", AlertKind.CERTIFICATE, ZGW, str(each), now, "a certificate ends") for each in range(4)]
    await ledger.raise_alerts(many, ["mail"])

    seen: list[str] = []
    query: dict[str, str | int] = {"limit": 2}
    pages = 0
    while True:
        page = (await api.ask("/alerts", query)).json()
        seen += [each["id"] for each in page["items"]]
        pages += 1
        if page["next"] is None:
            break
        query["cursor"] = page["next"]

    assert (sorted(seen), pages) == (["a0", "a1", "a2", "a3"], 2)


async def test_a_sheet_promises_no_second_look_that_there_is_not(api_configuration: Configuration) -> None:
    """Corrections and plans wait for a second person; replaying or dropping one message does not."""
    own = api_configuration.connections[ZGW]
    careful = own.model_copy(update={"policy": own.policy.model_copy(update={"second_person": True})})
    connections = api_configuration.connections | {ZGW: careful}
    question, said = "Hoe wordt een fout hersteld?", []
    for configuration in (api_configuration, api_configuration._replace(connections=connections)):
        async with console_api(configuration) as api:
            rows = (await api.get(f"/connections/{ZGW}")).json()["rows"]
            said.append(next(each["answer"] for each in rows if each["question"] == question))

    assert said[1].startswith(said[0])
    assert "tweede persoon" not in said[0]
    assert said[1].removeprefix(said[0]).strip().startswith("Een correctie en een herhaalplan")


async def test_a_plan_is_frozen_looked_at_and_commanded(api: Api) -> None:
    """Count and queue of the zaak; started, it can't be started again; cancelled, it has ended."""
    made = await api.post("/plans", {"selection": {"stage": ZGW}, **REASONED})
    plan = made.json()
    path = f"/plans/{plan['id']}"

    assert made.status_code == HTTPStatus.CREATED, made.text
    assert (plan["state"], plan["count"], plan["zaken"], plan["targets"]) == ("bevroren", 4, 1, {ZGW: 4})
    items = (await api.get(f"{path}/items", limit=3)).json()
    rest = (await api.get(f"{path}/items", limit=3, cursor=items["next"])).json()
    assert [each["number"] for each in (*items["items"], *rest["items"])] == [1, 2, 3, 4]
    assert [each["id"] for each in (await api.get("/plans")).json()["items"]] == [plan["id"]]
    tag = made.headers["etag"]
    for command, state in (("start", "loopt"), ("pause", "gepauzeerd"), ("resume", "loopt"), ("cancel", "geannuleerd")):
        done = await api.post(f"{path}/commands", {"command": command, **REASONED})
        assert (done.status_code, done.json()["state"]) == (HTTPStatus.OK, state), done.text
        assert done.headers["etag"] != tag
        tag = done.headers["etag"]
    assert (await api.post(f"{path}/commands", {"command": "start", **REASONED})).status_code == HTTPStatus.CONFLICT


async def test_a_plan_of_somebody_else_is_judged_by_the_rights_of_who_looks(api: Api) -> None:
    """A reader sees it and commands nothing; who does not see its connection finds none."""
    plan = (await api.post("/plans", {"selection": {"stage": ZGW}, **REASONED})).json()["id"]
    command = {"command": "start", **REASONED}

    assert (await api.get(f"/plans/{plan}", by="lezer")).status_code == HTTPStatus.OK
    assert (await api.post(f"/plans/{plan}/commands", command, by="lezer")).status_code == HTTPStatus.FORBIDDEN
    for path in (f"/plans/{plan}", f"/plans/{plan}/items", f"/plans/{plan}/events"):
        assert (await api.get(path, by="alleen-formulieren")).status_code == HTTPStatus.NOT_FOUND, path
    other = await api.post(f"/plans/{plan}/commands", command, by="alleen-formulieren")
    assert other.status_code == HTTPStatus.NOT_FOUND
    assert (await api.get("/plans", by="alleen-formulieren")).json()["items"] == []
    own = {"command": "approve", **REASONED}
    assert (await api.post(f"/plans/{plan}/commands", own)).status_code == HTTPStatus.CONFLICT


async def test_a_plan_is_of_connections_where_the_person_may_replay(api: Api) -> None:
    """Without a connection: of all of theirs. Another target asks for a right of its own."""
    everything = {"selection": {}, "everything": True, **REASONED}

    mine = (await api.post("/plans", everything, by="alleen-formulieren")).json()
    assert mine["targets"] == {FORMULIEREN: 2}
    elsewhere = await api.post("/plans", {"selection": {"zaak": WAITING_ZAAK}, "redirect": ZGW, **REASONED})
    assert elsewhere.status_code == HTTPStatus.FORBIDDEN
    for name in ("stage", "redirect"):
        body: dict[str, Any] = {"selection": {"zaak": WAITING_ZAAK}, **REASONED}
        if name == "stage":
            body["selection"]["stage"] = "nee"
        else:
            body["redirect"] = "nee"
        assert (await api.post("/plans", body, by="beheerder")).status_code == HTTPStatus.NOT_FOUND, name


async def test_the_timeline_of_a_zaak_comes_in_pages(api: Api) -> None:
    """In order of time, with where each thing lies; a zaak that the hub never met has no life."""
    whole = (await api.get(f"/timelines/{WAITING_ZAAK}", limit=200)).json()["items"]
    paged: list[dict[str, Any]] = []
    cursor = None
    while cursor is not None or not paged:
        query = {"limit": "3"} | ({"cursor": cursor} if cursor else {})
        page = (await api.ask(f"/timelines/{WAITING_ZAAK}", query)).json()
        paged, cursor = [*paged, *page["items"]], page["next"]

    assert paged == whole
    assert {"geaccepteerd", "vertaald", "geparkeerd", "mislukt"} <= {each["what"] for each in whole}
    assert any(each["place"].count("/") == 2 for each in whole)
    assert [each["at"] for each in whole] == sorted(each["at"] for each in whole)
    assert (await api.get("/timelines/ZAAK%2F2026%2F1")).json()["items"] == []


async def test_messages_are_found_by_what_people_know_of_them(api: Api) -> None:
    """In pages, until there are no more."""
    found, cursor = [], None
    while True:
        body = {"connection": FORMULIEREN, "limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await api.post("/searches", body)).json()
        found += page["items"]
        cursor = page["next"]
        if cursor is None:
            break

    assert len({each["message"] for each in found}) == len(found) == 9
    [failed] = (await api.post("/searches", {"zaak": WAITING_ZAAK, "state": "mislukt"})).json()["items"]
    assert failed["failure"] == (await api.failure()).id


async def test_the_audit_is_read_and_verified_by_who_may(api: Api) -> None:
    """Newest first, in pages; a chain that is whole is said to be."""
    for _ in range(3):
        await api.unmask((await api.failure()).id)
        api.clock.advance(1)
    first = (await api.get("/audit", by="auditor", limit=2)).json()
    second = (await api.get("/audit", by="auditor", limit=2, cursor=first["next"])).json()
    numbers = [each["number"] for each in (*first["items"], *second["items"])]

    assert numbers == sorted(numbers, reverse=True)
    assert len(set(numbers)) == len(numbers) >= 3
    verified = (await api.get("/audit-verification", by="auditor")).json()
    assert (verified["whole"], verified["lines"], verified["brokenAt"]) == (True, numbers[0], None)
    assert verified["lastHash"] == first["items"][0]["hash"]


async def test_an_edit_becomes_a_rule_or_a_case(api: Api) -> None:
    """As files for a person to read; they hold values, so who asks must see them."""
    failure = await api.failure()
    await api.unmask(failure.id)
    edit = {"failure": failure.id, "part": "gebeurtenis", "changes": {"zaak.zaaktype": ZAAKTYPE}, **REASONED}
    made = (await api.post("/edits", edit)).json()["id"]

    rule = await api.get(f"/edits/{made}/rule")
    case = await api.get(f"/edits/{made}/case")

    assert rule.status_code == HTTPStatus.OK, rule.text
    assert rule.json()["explanation"]
    assert any(name.endswith(("/input.xml", "/input.json")) for name in case.json()["files"]), case.text
    assert (await api.get(f"/edits/{made}/rule", by="collega")).status_code == HTTPStatus.FORBIDDEN
    assert (await api.get(f"/edits/{made}/case", by="collega")).status_code == HTTPStatus.FORBIDDEN
    api.clock.advance(policy.UNMASK_S)
    assert (await api.get(f"/edits/{made}/rule")).status_code == HTTPStatus.FORBIDDEN


def _exists(source: str, configuration: Configuration) -> bool:
    file, _, rest = source.partition(":")
    if file == "policy":
        names = {name.strip() for name in rest.split(",")}
        return all(name in policy.ConnectionPolicy.model_fields or hasattr(policy, name) for name in names)
    if file.startswith("mappings/"):
        path = configuration.settings.mappings.parent / file
        return path.exists() or bool(list(path.parent.glob(path.name)))
    if file.startswith("ZAAKHUB_"):
        return file.removeprefix("ZAAKHUB_").lower() in type(configuration.settings).model_fields
    return (ROOT / file).exists()
