"""The packs for senders that do things differently: right over the shipped connection, and true of their samples.

Each is tried as a municipality would: a copy of the shipped connections in which one connection uses the pack. The
samples are reference data and no part of the project; without them those tests skip.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from shutil import copytree
from typing import Any, NamedTuple

import orjson
import pytest

from adapters.stuf_zds.simulator import Verzoek
from adapters.zgw.simulator import RSIN
from hub.cli.dialects import README, with_tables
from hub.cli.mapping.lint import findings_of
from hub.config.dialects import FILE, FOLDER, Dialect, dialects_below, read_dialect_file
from hub.config.load import load_connection
from hub.config.settings import Settings
from hub.configuration import Configuration
from hub.desk.tools import tools_of, tools_of_pack
from hub.errors import MessageRefused
from hub.mapping.cases import Case, Outcome, Tools, differences, find_cases, outcome_of, read_case, refresh, run_case
from hub.mapping.compile import load_mappings
from hub.ports.contracts import Document, Inbound
from hub.ports.registry import Registry
from hub.testkit.memory import ENVIRONMENT
from hub.wire.claim import Cutter, Kept
from tests.support.berichten import creeer_zaak, is_van
from tests.support.gemeente import INBOUND, OUTBOUND, configuration, gemeente, post
from tests.support.sample_delivery import catalogue_of
from tests.support.samples import KINDS, Sample, samples
from tests.support.shared import cases_of
from tests.support.zaaksysteem import lower

MAPPINGS = Path(__file__).parents[2] / "mappings"
NAMES = dialects_below(MAPPINGS)
SENT_BY = {"open-forms": ("open-forms",), "suites": ("ozb-suites4sd", "ozb-suites4sd-dump", "ozb-ali")}
"""Under which names the samples of a sender stand in the reference data; of the others there are none."""

WRONG = {
    # A test of its own client: the zaak has no number, no startdatum and no zaaktype.
    "zkn0310/creeerZaak_Lk01__open-forms__07.xml": "an element that Zaak- en Documentservices makes mandatory",
}
"""Samples that nobody can do anything with, and what the hub says of them."""

CREEER = KINDS[0]


class Used(NamedTuple):
    """The shipped connection with a pack, as files and as what the hub makes of them."""

    root: Path
    dialect: Dialect
    inbound: Inbound
    tools: Tools


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Used]:
    """Give what a municipality has that uses a pack."""

    @cache
    def make(name: str) -> Used:
        root = with_dialects(tmp_path_factory.mktemp(name), name)
        dialect, _ = read_dialect_file(root / FOLDER / name / FILE)
        folder = root / dialect.over
        return Used(
            root, dialect, Registry().inbound(load_connection(folder, ENVIRONMENT)), tools_of(folder, root=root)
        )

    return make


@cache
def plain() -> Tools:
    """Give what the shipped connection runs with, without a pack."""
    return tools_of(MAPPINGS / INBOUND, root=MAPPINGS)


def with_dialects(folder: Path, *names: str) -> Path:
    """Copy the shipped connections, with packs in use."""
    root = folder / "mappings"
    copytree(MAPPINGS, root)
    file = root / INBOUND / "connection.yaml"
    file.write_text(f"{file.read_text()}dialects: [{', '.join(names)}]\n")
    return root


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """Give what lint has against all packs, each over its connection and all together in one."""
    return findings_of(with_dialects(tmp_path_factory.mktemp("all"), *NAMES), [])


def test_lint_has_nothing_against_the_packs(found: list[Any]) -> None:
    """Not one by one, and not together."""
    assert [f"{each.place} {each.message}" for each in found] == []


def test_each_pack_of_the_issue_is_there() -> None:
    """Those that a municipality meets."""
    assert NAMES == ["kana", "onegov", "open-forms", "openwave", "suites"]


CASES = [(name, case) for name in NAMES for case in find_cases(MAPPINGS, f"{FOLDER}/{name}")]
IDS = [case.name for _, case in CASES]


@cache
def _tools(name: str) -> Tools:
    return tools_of_pack(MAPPINGS / FOLDER / name, root=MAPPINGS)


@pytest.mark.parametrize(("name", "case"), CASES, ids=IDS)
def test_a_case_of_a_pack_comes_out_as_expected(name: str, case: Case, *, refresh_cases: bool) -> None:
    """The mapped data and the unread paths are those of the case."""
    outcome = run_case(case, _tools(name))

    seen = [str(each) for each in differences(case, outcome)]
    if refresh_cases and seen:
        refresh(case, outcome)
        print("\n".join([case.name, *seen]))  # noqa: T201 - the flag is used by a person
    assert refresh_cases or not seen, "\n".join([case.name, *seen])


@pytest.mark.parametrize(("name", "case"), CASES, ids=IDS)
def test_the_message_of_a_case_is_let_in(name: str, case: Case, used: Callable[[str], Used]) -> None:
    """With the options of the pack the door takes it: envelope, header, definition and the rules of ZDS."""
    assert _let_in(used(name).inbound, case).kind in _tools(name).mappings


@pytest.mark.parametrize("name", NAMES)
def test_what_a_pack_says_it_does_it_does(name: str, used: Callable[[str], Used]) -> None:
    """Every case is named. What the pack handles comes out otherwise without it, what its options do is refused."""
    dialect = used(name).dialect
    cases = {each.input.parent.name: each for each in find_cases(MAPPINGS, f"{FOLDER}/{name}")}
    without = Registry().inbound(load_connection(MAPPINGS / INBOUND, ENVIRONMENT))

    assert {each.case for each in dialect.differs if each.case} == set(cases)
    for each in dialect.differs:
        assert each.case or each.handled == "adapter", each.what
        if each.handled == "pack":
            case = cases[each.case]
            assert _outcome(case, plain()) != _outcome(case, _tools(name)), each.what
        elif each.handled == "options":
            with pytest.raises(MessageRefused):
                _let_in(without, cases[each.case])


def test_a_pack_without_rules_changes_nothing() -> None:
    """One in which there is only a place to write down what is found out."""
    changed = load_mappings(MAPPINGS / INBOUND, root=MAPPINGS, forms=plain().forms, dialects=("onegov",))

    assert {kind: each.revision for kind, each in changed.items()} == {
        kind: each.revision for kind, each in plain().mappings.items()
    }


HEADERS = (
    ('"http://www.egem.nl/StUF/sector/zkn/0310/creeerZaak_Lk01"', "text/xml; charset=utf-8"),
    ("http://www.egem.nl/StUF/sector/zkn/0310/creeerZaak_Lk01", "text/xml; charset=ISO-8859-1"),
    ('"http://www.egem.nl/StUF/sector/zkn/0310/zakLk01"', "text/xml;charset=iso-8859-1"),
    ("", "text/xml"),
)


@pytest.mark.parametrize(("action", "content_type"), HEADERS)
def test_what_is_protocol_is_taken_from_everybody(action: str, content_type: str) -> None:
    """Quoted or not, the action of plain StUF-ZKN or none; the words of the document in the charset of the header."""
    file = MAPPINGS / FOLDER / "openwave" / "cases" / "creeerZaak-zonder-bsn" / "input.xml"
    charset = "iso-8859-1" if "8859" in content_type else "utf-8"
    # A sender that says its charset in the header only leaves the declaration out.
    text = file.read_text().partition("?>")[2].replace("Dakkapel", "Caféterras")
    inbound = Registry().inbound(load_connection(MAPPINGS / INBOUND, ENVIRONMENT))

    headers = {"soapaction": action, "content-type": content_type}
    document = inbound.read(text.strip().encode(charset), headers, validate=True)
    mapped = plain().mappings[document.kind].run(document.body)

    assert (document.kind, mapped.data["zaak"]["omschrijving"]) == (CREEER, "Caféterras")


def _outcome(case: Case, tools: Tools) -> Outcome:
    return outcome_of(read_case(case, tools), tools)


def _let_in(inbound: Inbound, case: Case) -> Document:
    tools = plain()
    assert tools.read is not None
    headers = read_headers(case)
    return inbound.read(_cut(inbound, case.input.read_bytes()), headers, validate=True)


def read_headers(case: Case) -> dict[str, str]:
    """Give the HTTP headers of a case."""
    said: dict[str, str] = orjson.loads(case.file("headers.json").read_bytes())
    return said


def _cut(inbound: Inbound, message: bytes) -> bytes:
    """Take contents out as the intake does."""
    cutter = Cutter(inbound.content_elements, new_reference=lambda: "inhoud-1")
    return b"".join(each.data for each in [*cutter.feed(message), *cutter.close()] if isinstance(each, Kept))


def _sent() -> list[tuple[str, Sample]]:
    """Give the samples of messages that these senders send, with the pack of each."""
    of = {each: name for name, several in SENT_BY.items() for each in several}
    return [
        (of[source], each)
        for each in samples()
        if each.name.startswith("zkn0310/")
        and (source := each.name.split("__")[1]) in of
        and not any(answer in each.name for answer in ("_Du02", "La01", "_Bv0", "_Fo0"))
    ]


def _sample_of(sample: Sample) -> Verzoek:
    """Give it with the SOAPAction that its sender gives it: the name of the service."""
    verzoek = sample.verzoek()
    service = sample.service.partition("-")[0]
    return verzoek._replace(action=f"http://www.egem.nl/StUF/sector/zkn/0310/{service}")


SENT = cases_of(_sent(), lambda each: each[1].name)


@pytest.mark.parametrize("sent", SENT)
async def test_a_sample_of_the_sender_is_read_mapped_and_delivered(
    sent: tuple[str, Sample], used: Callable[[str], Used]
) -> None:
    """With the pack every field of it is read or ignored with a reason, and a notice stands at the zaaksysteem."""
    name, sample = sent
    verzoek, pack = _sample_of(sample), used(name)

    if sample.name in WRONG:
        with pytest.raises(MessageRefused, match=WRONG[sample.name]):
            pack.inbound.read(verzoek.body, lower(verzoek.headers()), validate=True)
        return
    document = pack.inbound.read(_cut(pack.inbound, verzoek.body), lower(verzoek.headers()), validate=True)
    mapped = pack.tools.mappings[document.kind].run(document.body, context={"zender": document.sender})
    assert mapped.unread == ()
    if sample.service in KINDS:
        await _is_delivered(sample, verzoek, pack)


async def _is_delivered(sample: Sample, verzoek: Verzoek, pack: Used) -> None:
    message = sample.message()
    organisatie = message.organisatie
    settings = configuration(organisaties={organisatie: RSIN, "1900": RSIN}, coalesce_resultaat=("Toegekend",))
    settings = settings._replace(
        inbound={**settings.inbound, INBOUND: pack.inbound},
        mappings={**settings.mappings, INBOUND: dict(pack.tools.mappings)},
    )
    async with gemeente(catalogue=catalogue_of(message), settings=settings) as each:
        for zaak in [*([] if sample.service == CREEER else [message.zaak]), *message.other_zaken]:
            first = creeer_zaak(identificatie=zaak, isVan=is_van(message.zaaktypen[0]), turn=0, organisatie=organisatie)
            assert (await post(each, first)).status == 200
        await each.hub.settle()

        assert (await post(each, verzoek)).status == 200
        await each.hub.settle(for_s=60)

        assert await each.hub.failures() == []
        stand = each.stand(message.zaak)
        if sample.service in {CREEER, "updateZaak_Lk01"} and (name := message.said("omschrijving")):
            assert stand["omschrijving"] == name
        if paid := message.said("laatsteBetaaldatum"):
            assert stand["laatsteBetaaldatum"].startswith(f"{paid[:4]}-{paid[4:6]}-")
        assert "111222333" not in str(stand)


def test_the_whole_configuration_loads_with_a_pack(tmp_path: Path) -> None:
    """As `zaakhub serve` loads it: the options of the pack are those of the adapter, unless the connection has them."""
    loaded = Configuration.load(Settings(mappings=with_dialects(tmp_path, "open-forms")), ENVIRONMENT)

    assert loaded.connections[INBOUND].options == {"validate": "warn"}
    assert loaded.connections[OUTBOUND].dialects == ()
    assert loaded.connections[INBOUND].dialects == ("open-forms",)


def test_the_table_of_the_packs_is_that_of_the_files() -> None:
    """After a change: `python -m hub.cli.dialects`."""
    page = (MAPPINGS / FOLDER / README).read_text()

    assert page == with_tables(page, MAPPINGS)
