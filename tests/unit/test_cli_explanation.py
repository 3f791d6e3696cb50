"""An explanation on the screen: whatever the width, every field says value, conversion, reason and place."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from hub.cli.explanation import choose, show, summary
from hub.cli.screen import out
from hub.flow.explain import masked
from hub.mapping.trace import NOTHING, Converted, Explained, Explanation

RULE = "mappings/_parts/zaak.yaml:10"
FIELDS = (
    Explained("zaak.identificatie", RULE, "connection", "object/identificatie", 12, "ZAAK-1", (), "ZAAK-1"),
    Explained(
        "zaak.startdatum",
        RULE,
        "sender formulierenmotor",
        "object/startdatum",
        14,
        "20240229",
        (Converted("stuf-datum", "20240229", "2024-02-29"),),
        "2024-02-29",
    ),
    Explained("zaak.einddatum", RULE, "connection", "object/einddatum", 0, None, (), NOTHING, "not in the message"),
    Explained("zaak.toelichting", RULE, "connection", "object/toelichting", 17, None, (), None, "geenWaarde"),
    Explained("zaak.rollen[0].betrokkeneType", "mappings/_parts/rollen.yaml:12", "connection", "", 0, None, (), "npo"),
    Explained(
        "zaak.rollen[0].natuurlijkPersoon.geslachtsnaam",
        "mappings/_parts/persoon.yaml:7",
        "connection",
        "object/heeftAlsInitiator/gerelateerde/natuurlijkPersoon/geslachtsnaam",
        30,
        "Teunissen",
        (),
        "Teunissen",
    ),
    Explained("zaak.rollen[1].naam.die.heel.diep.ligt", RULE, "connection", "x", 31, "a" * 500, (), "漢" * 500),
)
FAILED = Explained(
    "zaak.uiterlijkeEinddatumAfdoening",
    "mappings/_parts/zaak.yaml:14",
    "connection",
    "object/uiterlijkeEinddatum",
    19,
    "20269999",
    (Converted("stuf-datum", "20269999", None, "is no date"),),
    NOTHING,
    "is no date",
)
WHOLE = Explanation(FIELDS, ("object/anders", "stuurgegevens/functie"))
STOPPED = Explanation((*FIELDS, FAILED), ("object/anders",), "is no date")


def _shown(
    explanation: Explanation,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    *,
    width: int = 140,
    left_out: int = 0,
) -> list[str]:
    monkeypatch.setattr(out, "width", width)
    show(explanation, left_out=left_out)
    return [line.rstrip() for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize("width", [60, 80, 100, 140])
def test_no_line_is_wider_than_the_screen(
    width: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Long values, deep objects, long names, signs of two cells: nothing breaks the tree."""
    lines = _shown(STOPPED, capsys, monkeypatch, width=width)

    assert [line for line in lines if cell_len(line) > width] == []


def test_value_conversion_and_place_stand_behind_the_field(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The value first, then how it came about, then where; a layer only when it is not the connection's."""
    lines = _shown(WHOLE, capsys, monkeypatch)

    assert lines[0] == "zaak"
    assert lines[1].split() == ["identificatie", '"ZAAK-1"', "object/identificatie,", "line", "12", RULE]
    start = next(at for at, line in enumerate(lines) if "startdatum" in line)
    assert ' "2024-02-29"  "20240229" → stuf-datum → "2024-02-29"  object/startdatum, line 14' in lines[start]
    assert lines[start].endswith(f"  {RULE}")
    assert lines[start + 1].strip() == "sender formulierenmotor"
    assert "connection" not in " ".join(lines)


def test_objects_are_headings_and_items_keep_their_numbers(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The result as it is nested."""
    lines = _shown(WHOLE, capsys, monkeypatch)

    headings = [line for line in lines[: lines.index("")] if len(line.split()) == 1 and '"' not in line]
    assert [line for line in headings if ".yaml" not in line] == [
        "zaak",
        "  rollen[0]",
        "    natuurlijkPersoon",
        "  rollen[1]",
        "    naam",
        "      die",
        "        heel",
        "          diep",
    ]


def test_an_empty_field_says_why(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing written and null are two things."""
    lines = _shown(WHOLE, capsys, monkeypatch)

    assert any("einddatum" in line and " -  not in the message  object/einddatum  " in line for line in lines)
    assert any("toelichting" in line and " null  geenWaarde  object/toelichting, line 17" in line for line in lines)


def test_what_nobody_read_and_why_it_stopped_stand_at_the_end(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rule that failed is named by its place; its reason stands once beside its field."""
    lines = _shown(STOPPED, capsys, monkeypatch)

    assert lines[-5:] == [
        "not read by any rule, nor ignored",
        "  object/anders",
        "",
        "✗ zaak.uiterlijkeEinddatumAfdoening: is no date",
        "→ mappings/_parts/zaak.yaml:14",
    ]
    assert " ".join(lines[:-5]).count("is no date") == 1
    assert any('"20269999" → stuf-datum ✗ is no date' in line for line in lines)


def test_fields_that_were_left_out_are_counted(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was too much to keep is not silently missing."""
    assert "… 3 fields are left out: it was too much to keep" in _shown(WHOLE, capsys, monkeypatch, left_out=3)


def test_a_masked_explanation_shows_no_value(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Steps, rules, lines and reasons stay."""
    text = "\n".join(_shown(masked(STOPPED), capsys, monkeypatch))

    for value in ("ZAAK-1", "20240229", "2024-02-29", "Teunissen", "20269999"):
        assert value not in text
    assert "***  *** → stuf-datum → ***  object/startdatum, line 14" in text
    assert "*** → stuf-datum ✗ is no date" in text


def test_a_value_commands_no_terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Escapes, C1 controls, right-to-left marks and markup of ours are shown as they are written."""
    nasty = "\x1b[31m\x9b2J\u202e[bold]"
    field = Explained("zaak.naam", RULE, "connection", "object/naam", 1, nasty, (), nasty)

    [_, line] = _shown(Explanation((field,), ()), capsys, monkeypatch)

    assert line.isprintable()
    assert "[bold]" in line


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("zaak.startdatum", ["zaak.startdatum"]),
        ("zaak.rollen", [each.target for each in FIELDS[4:]]),
        ("zaak.rollen[]", [each.target for each in FIELDS[4:]]),
        ("zaak.rollen[0]", [each.target for each in FIELDS[4:6]]),
        ("zaak.rollen.betrokkeneType", ["zaak.rollen[0].betrokkeneType"]),
        ("*datum", ["zaak.startdatum", "zaak.einddatum"]),
        ("zaak.*.geslachtsnaam", ["zaak.rollen[0].natuurlijkPersoon.geslachtsnaam"]),
        ("zaak.start", []),
        ("startdatum", []),
    ],
)
def test_a_field_is_asked_for_by_its_target(asked: str, found: list[str]) -> None:
    """A whole target, an object, an item, any item, a pattern; never half a name."""
    assert [each.target for each in choose(WHOLE, field=asked, empty=False).explanation.fields] == found


def test_a_field_that_no_rule_fills_is_told_with_the_likely_one() -> None:
    """What is typed may be wrong; what nobody read is of the whole message, and left out."""
    chosen = choose(WHOLE, field="zaak.startdatums", empty=False)

    assert chosen.advice == "did you mean zaak.startdatum?"
    assert chosen.explanation.unread == ()


def test_only_empty_fields_can_be_asked_for() -> None:
    """Null is empty too; together with a field both hold."""
    assert [each.target for each in choose(WHOLE, field=None, empty=True).explanation.fields] == [
        "zaak.einddatum",
        "zaak.toelichting",
    ]
    assert choose(WHOLE, field="zaak.startdatum", empty=True).explanation.fields == ()


def test_the_summary_counts() -> None:
    """What is filled, empty, and not read."""
    assert summary(WHOLE) == "5 filled, 2 empty, 2 not read"
    assert summary(WHOLE._replace(unread=())) == "5 filled, 2 empty"
