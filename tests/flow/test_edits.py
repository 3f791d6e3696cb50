"""A failed message is corrected in whichever shape the mistake is: foretold, and by two where that is asked."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import orjson
import pytest

from hub.config.policy import ConnectionPolicy
from hub.desk.display import JSON
from hub.desk.edit import Proposal
from hub.desk.replay import Operator, version_of
from hub.errors import ActRefused, HubError, HubUnavailable, TargetRefused, TargetUnavailable
from hub.flow.fingerprint import in_common
from hub.ledger.edits import EditPart, EditState
from hub.ledger.entries import Failure, FailureState, WaitState
from hub.ledger.groups import FailureFilter
from hub.mapping.compile import load_mappings
from hub.ports.contracts import Document, Exchange
from hub.security.personal import HIDDEN
from hub.testkit.memory import MemoryHub, memory_hub
from tests.support.toy import IN, OUT, ToyInbound, ToyTarget, message, no_client, toy_configuration

WRONG_DATE = "20269999"
TYPO = "typing error in the form"
STRICT = ConnectionPolicy(second_person=True)


@pytest.fixture
def target() -> ToyTarget:
    """Give a target that refuses what is wrong."""
    target = ToyTarget()

    async def refuse(_zaak: str, what: str, _exchange: Exchange) -> None:
        if what.startswith("fout"):
            raise TargetRefused(f'omschrijving "{what}" is wrong', code="invalid")

    target.before = refuse
    return target


@pytest.fixture
def limits() -> ConnectionPolicy:
    """Give the policy of both connections; a test overrides it."""
    return ConnectionPolicy()


@pytest.fixture
async def hub(tmp_path: Path, target: ToyTarget, limits: ConnectionPolicy) -> AsyncIterator[MemoryHub]:
    configuration = toy_configuration(tmp_path / "mappings", target, limits=limits)
    settings = configuration.settings.model_copy(update={"home": tmp_path})
    async with memory_hub(configuration._replace(settings=settings), no_client) as hub:
        yield hub


async def _refused(hub: MemoryHub, *whats: str, zaak: str = "A") -> Failure:
    for number, what in enumerate(whats or ("fout",)):
        await hub.accept(message(zaak, what, reference=f"{zaak}{number}"), connection=IN)
    await hub.settle()
    [failure] = [each for each in await hub.failures() if each.zaak == zaak]
    return failure


async def _untranslated(hub: MemoryHub) -> Failure:
    await hub.accept(message("A", "een", reference="1", startdatum=WRONG_DATE), connection=IN)
    await hub.settle()
    [failure] = await hub.failures()
    return failure


async def _propose(hub: MemoryHub, failure: Failure, part: EditPart, by: str = "jan", **changes: Any) -> Proposal:  # noqa: ANN401 - JSON
    given = {name.replace("__", "."): value for name, value in changes.items()}
    return await hub.app.editor().propose(failure.id, part, changes=given, by=by, reason=TYPO)


# What is kept


async def test_a_failure_is_one_record_of_all_shapes(hub: MemoryHub) -> None:
    """What came in, the event, what was to go out, the error, how it came about, and what happens next."""
    failure = await _refused(hub)

    shapes = await hub.app.contents().of(failure.id[:8])

    assert (shapes.message, shapes.connection, shapes.failure) == (failure.item_id, OUT, failure)
    assert shapes.raw.content == message("A", "fout", reference="A0")
    assert orjson.loads(shapes.event.content or b"") == {"zaak": {"identificatie": "A", "omschrijving": "fout"}}
    assert orjson.loads(shapes.request.content or b"") == {"zaak": "A", "omschrijving": "fout"}
    assert (shapes.request.media, shapes.request.note) == (JSON, "")
    assert shapes.to_request is not None
    assert shapes.to_request.kept
    assert shapes.to_event is not None
    assert {each.target for each in shapes.to_event.explanation.fields} >= {"zaak.identificatie", "zaak.omschrijving"}
    assert (failure.code, failure.target, failure.advice[:7]) == ("invalid", "doel", "correct")
    masked = shapes.request.shown(masked=True)
    assert masked is not None
    assert orjson.loads(masked.text) == {"zaak": HIDDEN, "omschrijving": HIDDEN}


async def test_a_message_that_is_no_event_yet_has_no_request(hub: MemoryHub) -> None:
    """What is not there says why; the message itself and how far the mapping came are there."""
    failure = await _untranslated(hub)

    shapes = await hub.app.contents().of(failure.id)

    assert shapes.raw.content is not None
    assert (shapes.event.content, "zaak.startdatum" in shapes.event.note) == (None, True)
    assert WRONG_DATE not in shapes.event.note
    assert shapes.request.content is None
    assert shapes.to_event is not None
    assert shapes.to_event.explanation.failure


async def test_a_message_that_went_well_shows_what_became_of_it(hub: MemoryHub) -> None:
    """By the id of the message: the event as it was published; by that of the event: where it came from."""
    seen = await hub.accept(message("A", "goed", reference="1"), connection=IN)
    await hub.settle()

    came = await hub.app.contents().of(seen.message_id)
    [delivery] = [each for each in await hub.app.ledger.whereabouts(came.message) if each.stage == IN]
    event_id = (await hub.app.recall().last(OUT, 1))[0].id
    went = await hub.app.contents().of(event_id)

    assert delivery.item_id == seen.message_id
    assert came.event.content == went.event.content is not None
    assert went.raw.content == came.raw.content
    assert went.request.note.startswith("made anew")
    assert went.failure is None


async def test_what_was_corrected_stays_to_be_seen_when_it_went_on(hub: MemoryHub, target: ToyTarget) -> None:
    """The bus has it as it came; the record of the failure as it went."""
    failure = await _refused(hub)
    await hub.app.editor().correct(failure.id, changes={"zaak.omschrijving": "goed"}, by="jan", reason=TYPO)
    await hub.app.operator().replay(failure.id, by="jan", reason=TYPO)
    await hub.let_pass(2)

    shapes = await hub.app.contents().of(failure.id)

    assert target.of("A") == ["goed"]
    assert b"goed" in (shapes.event.content or b"")
    assert b"goed" in (shapes.request.content or b"")
    assert b"fout" in (shapes.raw.content or b"")


async def test_failures_that_look_alike_are_one_group(hub: MemoryHub) -> None:
    """Whatever zaak they hit and whatever they quote; counted while they wait."""
    for zaak, what in (("A", "fout 1"), ("B", "fout 22"), ("C", "fout drie")):
        await _refused(hub, what, zaak=zaak)

    [group] = await hub.app.ledger.groups()

    assert (group.stage, group.open, group.zaken, group.target) == (OUT, 3, 3, "doel")
    assert in_common(group.reason) == "omschrijving … is wrong"
    assert await hub.app.ledger.count_failures(FailureFilter(group=group.id)) == 3


# Each shape


async def test_an_edited_event_goes_out_as_corrected(hub: MemoryHub, target: ToyTarget) -> None:
    """Told before it is sent: what differs, that it fits, and the steps; applying tries it at once, order holds."""
    failure = await _refused(hub, "een", "fout", "drie")

    proposal = await _propose(hub, failure, EditPart.EVENT, zaak__omschrijving="twee")
    assert target.of("A") == ["een"]
    applied = await hub.app.editor().apply(proposal.edit.id, by="jan", reason=TYPO)
    await hub.let_pass(2)

    assert [(each.path, each.kind, each.before, each.after) for each in proposal.differences] == [
        ("zaak.omschrijving", "anders", "fout", "twee")
    ]
    assert (proposal.problems, proposal.needs_approval) == ((), False)
    assert proposal.outcome == "it goes out in 1 step: zet"
    assert applied.edit.state is EditState.APPLIED
    assert target.of("A") == ["een", "twee", "drie"]
    [resolved] = await hub.failures()
    assert resolved.state is FailureState.RESOLVED


async def test_an_edited_request_goes_out_instead_of_what_the_mapping_makes(hub: MemoryHub, target: ToyTarget) -> None:
    """The event stays what it is; also after a next failure, until the event itself is corrected."""
    failure = await _refused(hub, "fout")
    editor = hub.app.editor()

    first = await _propose(hub, failure, EditPart.REQUEST, omschrijving="fout b")
    await editor.apply(first.edit.id, by="jan", reason=TYPO)
    await hub.let_pass(2)
    again = await hub.app.contents().of(failure.id)
    second = await _propose(hub, failure, EditPart.REQUEST, omschrijving="goed")
    await editor.apply(second.edit.id, by="jan", reason=TYPO)
    await hub.let_pass(2)

    assert (again.request.note, orjson.loads(again.request.content or b"")["omschrijving"]) == (
        "corrected by hand",
        "fout b",
    )
    assert orjson.loads(again.event.content or b"")["zaak"]["omschrijving"] == "fout"
    assert target.of("A") == ["goed"]


async def test_a_corrected_event_is_mapped_anew(hub: MemoryHub, target: ToyTarget) -> None:
    """A request that was corrected before was made for the event of before."""
    failure = await _refused(hub, "fout")
    editor = hub.app.editor()
    request = await _propose(hub, failure, EditPart.REQUEST, omschrijving="fout b")
    await editor.apply(request.edit.id, by="jan", reason=TYPO)
    await hub.let_pass(2)

    event = await _propose(hub, failure, EditPart.EVENT, zaak__omschrijving="goed")
    await editor.apply(event.edit.id, by="jan", reason=TYPO)
    await hub.let_pass(2)

    assert target.of("A") == ["goed"]


async def test_an_edited_message_is_translated_anew(hub: MemoryHub, target: ToyTarget) -> None:
    """Where it failed before it was an event."""
    failure = await _untranslated(hub)

    proposal = await _propose(hub, failure, EditPart.RAW, startdatum="20261123")
    await hub.app.editor().apply(proposal.edit.id, by="jan", reason=TYPO)
    await hub.let_pass(2)

    assert proposal.outcome.startswith("it becomes nl.zaken.zaak-bijgewerkt.v1, by mapping ")
    assert target.of("A") == ["een"]


async def test_a_message_that_is_an_event_already_is_corrected_as_it_came(hub: MemoryHub, target: ToyTarget) -> None:
    """The event is made anew of it: the same event, with other data, in its place in the queue."""
    failure = await _refused(hub, "een", "fout", "drie")

    proposal = await _propose(hub, failure, EditPart.RAW, omschrijving="twee")
    await hub.app.editor().apply(proposal.edit.id, by="jan", reason=TYPO)
    await hub.let_pass(2)

    assert proposal.edit.before == message("A", "fout", reference="A1")
    assert proposal.outcome == "it goes out in 1 step: zet"
    assert target.of("A") == ["een", "twee", "drie"]


async def test_what_waits_behind_another_follows_by_itself(hub: MemoryHub, target: ToyTarget) -> None:
    """A corrected message does not overtake the one in front of it."""
    failure = await _refused(hub, "fout", "fout 2")
    ledger, editor = hub.app.ledger, hub.app.editor()
    _, behind = await ledger.queue(OUT, "A")
    await ledger.end(failures=[failure._replace(id="f-behind", item_id=behind.item_id)])
    await ledger.end(parked=[behind._replace(state=WaitState.PERSON, failure_id="f-behind")])

    later = await editor.propose(
        "f-behind", EditPart.EVENT, changes={"zaak.omschrijving": "twee"}, by="jan", reason=TYPO
    )
    await editor.apply(later.edit.id, by="jan", reason=TYPO)
    await hub.let_pass(2)
    assert target.of("A") == []
    await editor.correct(failure.id, changes={"zaak.omschrijving": "een"}, by="jan", reason=TYPO)
    await hub.app.operator().replay(failure.id, by="jan", reason=TYPO)
    await hub.let_pass(2)

    assert target.of("A") == ["een"]


@pytest.mark.parametrize(
    "wrong",
    [
        ActRefused("plan 1 has this zaak", code="in-plan", advice="look at the plan"),
        HubUnavailable("the bus does not answer", code="bus"),
    ],
)
async def test_an_edit_that_was_applied_is_answered_so(
    hub: MemoryHub, monkeypatch: pytest.MonkeyPatch, wrong: HubError
) -> None:
    """Trying it again is a second act: what goes wrong there is told, and is no error of the first."""
    failure = await _refused(hub)
    proposal = await _propose(hub, failure, EditPart.EVENT, zaak__omschrijving="goed")

    async def refuse(*_: object, **__: object) -> None:
        raise wrong

    monkeypatch.setattr(Operator, "replay", refuse)
    applied = await hub.app.editor().apply(proposal.edit.id, by="jan", reason=TYPO)

    assert applied.edit.state is EditState.APPLIED
    assert applied.outcome == f"it is applied, and was not tried again: {wrong.reason}"


# What is refused


@pytest.mark.parametrize(
    ("part", "text", "told"),
    [
        (EditPart.EVENT, b'{"zaak": {"identificatie": "A", "startdatum": "morgen"}}', r"zaak\.startdatum does not fit"),
        (EditPart.EVENT, b'{"zaak": {"identificatie": "A"}, "bsn": 1}', "bsn does not fit"),
        (EditPart.EVENT, b"{", "not JSON at line 1"),
        (EditPart.EVENT, b'{"a":' * 150 + b"1" + b"}" * 150, "nests deeper"),
        (EditPart.REQUEST, b'["fout"]', "no JSON object"),
        (EditPart.REQUEST, b'{"zaak": "A"}', "KeyError"),
        (EditPart.RAW, b"{", "no JSON|not JSON"),
        (EditPart.RAW, b'{"zaak": "B", "kind": "wijzig", "reference": "1", "sender": "S"}', "another zaak"),
        (EditPart.RAW, b'{"zaak": "A", "kind": "maak", "reference": "1", "sender": "S"}', "another kind"),
        (EditPart.RAW, message("A", "x", reference="A0", startdatum=WRONG_DATE), "stops at zaak.startdatum"),
        (EditPart.EVENT, b'{"zaak":{"identificatie":"A","omschrijving":"fout"}}', "changes nothing"),
    ],
)
async def test_an_edit_that_does_not_fit_is_not_kept(hub: MemoryHub, part: EditPart, text: bytes, told: str) -> None:
    """It says where, and never what stood there."""
    failure = await _refused(hub)

    with pytest.raises(ActRefused, match=told) as refused:
        await hub.app.editor().propose(failure.id, part, text=text, by="jan", reason=TYPO)

    assert "morgen" not in str(refused.value)
    assert await hub.app.ledger.proposals(failure.id) == []
    assert await hub.app.ledger.original(OUT, failure.item_id) is None


async def test_there_is_no_event_to_correct_before_there_is_one(hub: MemoryHub) -> None:
    """The message itself is; what is resolved is not corrected at all."""
    failure = await _untranslated(hub)

    for part in (EditPart.EVENT, EditPart.REQUEST):
        with pytest.raises(ActRefused, match="before it was an event"):
            await _propose(hub, failure, part, startdatum="20261123")
    with pytest.raises(ActRefused, match="no failure"):
        await hub.app.editor().propose("unknown", EditPart.RAW, text=b"{}", by="jan", reason=TYPO)
    with pytest.raises(ActRefused, match="no edit"):
        await hub.app.editor().view("unknown")


async def test_of_two_operators_the_second_is_told(hub: MemoryHub) -> None:
    """Whoever acts on what is not so any more: replay, drop and edit alike."""
    failure = await _refused(hub)
    operator, editor = hub.app.operator(), hub.app.editor()
    seen = version_of(failure)
    await editor.correct(failure.id, changes={"zaak.omschrijving": "fout b"}, by="jan", reason=TYPO, expected=seen)

    for act in (
        operator.replay(failure.id, by="piet", reason=TYPO, expected=seen),
        operator.drop(failure.id, by="piet", reason=TYPO, expected=seen),
        editor.correct(failure.id, changes={"zaak.omschrijving": "x"}, by="piet", reason=TYPO, expected=seen),
    ):
        with pytest.raises(ActRefused) as refused:
            await act
        assert refused.value.code == "gewijzigd"

    [still] = await hub.failures()
    await operator.replay(failure.id, by="piet", reason=TYPO, expected=version_of(still))


async def test_an_edit_of_what_changed_meanwhile_is_overtaken(hub: MemoryHub, target: ToyTarget) -> None:
    """Another edit was applied first, or the message went on: it must be made anew."""
    failure = await _refused(hub)
    editor = hub.app.editor()
    one = await _propose(hub, failure, EditPart.EVENT, zaak__omschrijving="goed")
    other = await _propose(hub, failure, EditPart.EVENT, by="piet", zaak__omschrijving="beter")

    await editor.apply(one.edit.id, by="jan", reason=TYPO)
    with pytest.raises(ActRefused) as refused:
        await editor.apply(other.edit.id, by="piet", reason=TYPO)
    await hub.let_pass(2)

    assert refused.value.code in {"ingehaald", "beoordeeld"}
    assert (await editor.view(other.edit.id)).edit.state is EditState.OVERTAKEN
    assert target.of("A") == ["goed"]


# A second person


async def test_an_edit_of_what_is_at_the_target_is_overtaken_when_that_takes_it(
    hub: MemoryHub, target: ToyTarget
) -> None:
    """It went out as it was: the edit does not stand as applied."""
    states: list[EditState] = []
    tries: list[str] = []

    async def correct(_zaak: str, what: str, _exchange: Exchange) -> None:
        tries.append(what)
        if len(tries) <= ConnectionPolicy().inline_attempts:
            raise TargetUnavailable("slow", code="503")
        if states:
            return
        [failure] = await hub.failures()
        corrected = await hub.app.editor().correct(
            failure.id, EditPart.EVENT, changes={"zaak.omschrijving": "goed"}, by="jan", reason=TYPO
        )
        states.append(corrected.edit.state)

    target.before = correct
    await hub.accept(message("A", "een", reference="1"), connection=IN)
    await hub.settle()
    await hub.let_pass(3600)

    [failure] = await hub.failures()
    [edit] = await hub.app.ledger.proposals(failure.id)
    assert (failure.state, target.of("A")) == (FailureState.RESOLVED, ["een"])
    assert (states, edit.state) == ([EditState.APPLIED], EditState.OVERTAKEN)


@pytest.mark.parametrize("limits", [STRICT])
async def test_nobody_approves_an_edit_of_their_own(hub: MemoryHub, target: ToyTarget) -> None:
    """Not applied before somebody else agreed; then by either of them."""
    failure = await _refused(hub)
    editor = hub.app.editor()
    proposal = await editor.correct(failure.id, changes={"zaak.omschrijving": "goed"}, by="jan", reason=TYPO)
    edit = proposal.edit.id

    with pytest.raises(ActRefused, match="second person"):
        await editor.apply(edit, by="jan", reason=TYPO)
    with pytest.raises(ActRefused, match="your own"):
        await editor.approve(edit, by="jan", reason=TYPO)
    approved = await editor.approve(edit, by="piet", reason="as the sender says")
    await editor.apply(edit, by="jan", reason=TYPO)
    await hub.let_pass(2)

    assert (proposal.needs_approval, proposal.edit.state) == (True, EditState.PROPOSED)
    assert (approved.needs_approval, approved.edit.approved_by) == (False, "piet")
    assert target.of("A") == ["goed"]
    acts = {each.what for each in await hub.app.ledger.timeline("A")}
    assert acts >= {"edit-propose", "edit-approve", "edit"}


@pytest.mark.parametrize("limits", [STRICT])
async def test_another_name_is_no_second_person_of_an_edit(hub: MemoryHub) -> None:
    """Who it is counts: one person under two names is one, two under one name are two."""
    failure = await _refused(hub)
    editor = hub.app.editor()
    changes = {"zaak.omschrijving": "goed"}
    made = await editor.correct(failure.id, changes=changes, by="jan", by_id="oidc:idp|1", reason=TYPO)

    with pytest.raises(ActRefused) as own:
        await editor.approve(made.edit.id, by="j.jansen", by_id="oidc:idp|1", reason=TYPO)
    with pytest.raises(ActRefused) as terminal:
        await editor.approve(made.edit.id, by="piet", by_id="os:1000", reason=TYPO)
    approved = await editor.approve(made.edit.id, by="jan", by_id="oidc:idp|2", reason=TYPO)

    assert (own.value.code, terminal.value.code) == ("zelfde-persoon", "andere-ingang")
    assert approved.edit.state is EditState.APPROVED


@pytest.mark.parametrize("limits", [STRICT])
async def test_a_rejected_edit_is_never_applied(hub: MemoryHub) -> None:
    """By somebody else, or taken back by who made it."""
    failure = await _refused(hub)
    editor = hub.app.editor()
    proposal = await _propose(hub, failure, EditPart.EVENT, zaak__omschrijving="goed")

    rejected = await editor.reject(proposal.edit.id, by="jan", reason="it was right")

    assert rejected.edit.state is EditState.REJECTED
    for act in (
        editor.approve(proposal.edit.id, by="piet", reason=TYPO),
        editor.apply(proposal.edit.id, by="piet", reason=TYPO),
    ):
        with pytest.raises(ActRefused):
            await act
    assert await hub.app.ledger.original(OUT, failure.item_id) is None


# What lasts


async def test_an_edit_becomes_a_rule_that_was_tried(hub: MemoryHub) -> None:
    """Of a text that is about nobody: with the files the mapping makes what was made by hand."""
    await hub.accept(message("A", "een", reference="1", zaaktype="B1062"), connection=IN)
    failure = await _refused(hub)
    proposal = await _propose(hub, failure, EditPart.EVENT, zaak__zaaktype="B1026")

    suggestion = await hub.app.rules().of(proposal.edit.id)

    assert suggestion.files == {
        f"{IN}/wijzig.s.layer.yaml": (
            "layer:\n  sender: S\nmessage: wijzig\nrules:\n- to: zaak.zaaktype\n  value: B1026\n"
        )
    }
    assert "zaak.zaaktype is always this" in suggestion.explanation


@pytest.mark.parametrize(
    ("rule", "files"),
    [
        (
            "{to: zaak.zaaktype, from: zaaktype, via: [{code: zaaktypen}]}",
            {f"{IN}/_codes/zaaktypen.csv": "van,naar\nA1,B1\nB1062,B1026\n"},
        ),
        (
            "{to: zaak.zaaktype, from: zaaktype}",
            {
                f"{IN}/_codes/zaak-zaaktype-correcties.csv": "van,naar\nB1062,B1026\n",
                f"{IN}/wijzig.s.layer.yaml": (
                    "layer:\n  sender: S\nmessage: wijzig\nrules:\n- to: zaak.zaaktype\n  from: zaaktype\n  via:\n"
                    "  - code:\n      table: zaak-zaaktype-correcties\n      otherwise: keep\n"
                ),
            },
        ),
        (
            "{to: zaak, use: zaak}",
            {
                f"{IN}/_codes/zaak-zaaktype-correcties.csv": "van,naar\nB1062,B1026\n",
                f"{IN}/zaak.s.layer.yaml": (
                    "layer:\n  sender: S\npart: zaak\nrules:\n- to: zaaktype\n  from: zaaktype\n  via:\n"
                    "  - code:\n      table: zaak-zaaktype-correcties\n      otherwise: keep\n"
                ),
            },
        ),
        ("{to: zaak, at: ., rules: [{to: zaaktype, from: zaaktype}]}", {}),
    ],
)
async def test_a_rule_follows_the_one_that_is_there(
    tmp_path: Path, target: ToyTarget, rule: str, files: dict[str, str]
) -> None:
    """Its table gets a line; a rule without one gets a table; in a part that is used the layer lies over the part."""
    configuration = toy_configuration(tmp_path / "mappings", target)
    root = tmp_path / "mappings"
    for name, text in {
        f"{IN}/wijzig.map.yaml": f"""
message: wijzig
gives: nl.zaken.zaak-bijgewerkt.v1
rules:
  - {{to: zaak.identificatie, from: zaak, required: true}}
  - {{to: zaak.omschrijving, from: omschrijving}}
  - {rule}
ignore:
  - {{path: kind, reason: says which message it is}}
  - {{path: sender, reason: says who sent it}}
""",
        "_parts/zaak.yaml": "rules:\n  - {to: zaaktype, from: zaaktype}\n",
        f"{IN}/_codes/zaaktypen.csv": "van,naar\nA1,B1\nB1062,B1062\n",
    }.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text)
    mappings = configuration.mappings | {IN: load_mappings(root / IN, root=root)}
    settings = configuration.settings.model_copy(update={"home": tmp_path})
    changed = configuration._replace(settings=settings, mappings=mappings, inbound={IN: _WithZaaktype()})
    async with memory_hub(changed, no_client) as hub:
        body = message("A", "fout", reference="1", zaaktype="B1062")
        await hub.accept(body, connection=IN)
        await hub.settle()
        [failure] = await hub.failures()
        proposal = await _propose(hub, failure, EditPart.EVENT, zaak__zaaktype="B1026")

        suggestion = await hub.app.rules().of(proposal.edit.id)

    assert suggestion.files == files
    assert files or "within another rule: change it there" in suggestion.explanation


class _WithZaaktype(ToyInbound):
    """Leaves the zaaktype in the message."""

    def read(self, body: bytes, headers: Mapping[str, str], *, validate: bool) -> Document:
        document = super().read(body, headers, validate=validate)
        assert isinstance(document.body, dict)
        return document._replace(body={**document.body, "zaaktype": document.zaaktype})


async def test_what_is_about_one_person_becomes_no_rule(hub: MemoryHub) -> None:
    """A rule is for all messages; it says so instead."""
    failure = await _refused(hub)
    proposal = await _propose(hub, failure, EditPart.EVENT, zaak__omschrijving="Verhuizing van Jan")

    rule = await hub.app.rules().of(proposal.edit.id)
    case = await hub.app.cases().of(proposal.edit.id)

    assert (rule.files, case.files) == ({}, {})
    assert "about one person or one zaak" in rule.explanation
    assert "Jan" not in rule.explanation + case.explanation
    with pytest.raises(ActRefused, match="no edit"):
        await hub.app.rules().of("unknown")


async def test_an_edit_becomes_a_case_with_fictitious_persons(hub: MemoryHub) -> None:
    """The message as it came, and what it should become; the case differs until the mapping makes it so."""
    failure = await _refused(hub, "fout bij Jan de Tester")
    proposal = await _propose(hub, failure, EditPart.EVENT, zaak__zaaktype="B1026")

    suggestion = await hub.app.cases().of(proposal.edit.id)

    below = f"{IN}/cases/wijzig-{proposal.edit.id[:8]}"
    assert set(suggestion.files) == {f"{below}/input.json", f"{below}/expected.json"}
    expected = orjson.loads(suggestion.files[f"{below}/expected.json"])
    came = orjson.loads(suggestion.files[f"{below}/input.json"])
    assert expected["zaak"]["zaaktype"] == "B1026"
    assert expected["zaak"]["omschrijving"] == came["omschrijving"] != "fout bij Jan de Tester"
    assert "Tester" not in str(suggestion.files)
