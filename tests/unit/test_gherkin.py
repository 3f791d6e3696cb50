"""The reader of Dutch Gherkin: what belongs to which scenario."""

from __future__ import annotations

from pathlib import Path

from tests.support.gherkin import Step, scenarios_of

FEATURE = """# language: nl
@hele-feature
Functionaliteit: iets
  Als gemeente
  wil ik niets, want dit is geen stap

  Achtergrond:
    Gegeven iemand

  Regel: een regel met een tabel erbij
    | die | geen stap is |

    Achtergrond:
      En nog iemand

    @tag
    Abstract Scenario: met <wat>
      Als <wat> wordt gevraagd
        | naam   | waarde |
        | <wat>  | a\\|b   |
      Dan komt <wat>

      Voorbeelden:
        | wat |
        | een |
        |     |

  Regel: na voorbeelden
    | weer | geen voorbeeld |

    Scenario: zonder voorbeelden
      * gebeurt er niets
      Maar toch iets
"""


def test_an_outline_is_one_scenario_for_each_example(tmp_path: Path) -> None:
    """Values are filled in everywhere; an empty cell is an empty value, and a table of a rule is no example."""
    file = tmp_path / "iets.feature"
    file.write_text(FEATURE, encoding="utf-8")

    een, leeg, los = scenarios_of(file, tmp_path)

    assert [each.id for each in (een, leeg, los)] == ["iets.feature:17#1", "iets.feature:17#2", "iets.feature:31"]
    assert een.name == "met een"
    assert een.steps[2:] == [
        Step("Als", "een wordt gevraagd", (("naam", "waarde"), ("een", "a|b"))),
        Step("Dan", "komt een"),
    ]
    assert leeg.steps[3].text == "komt "


def test_backgrounds_and_tags_reach_the_scenarios_below_them(tmp_path: Path) -> None:
    """A rule adds its background to that of the feature, for its own scenarios only."""
    file = tmp_path / "iets.feature"
    file.write_text(FEATURE, encoding="utf-8")

    een, _, los = scenarios_of(file, tmp_path)

    assert [step.text for step in een.steps[:2]] == ["iemand", "nog iemand"]
    assert [(step.kind, step.text) for step in los.steps] == [
        ("Gegeven", "iemand"),
        ("Gegeven", "gebeurt er niets"),
        ("Gegeven", "toch iets"),
    ]
    assert een.tags == {"tag", "hele-feature"}
    assert los.tags == {"hele-feature"}
