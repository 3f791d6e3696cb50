"""What lint finds: a rule by its name, a place, a sentence, advice, and perhaps the correction.

It knows which rules there are and how serious each is. It refuses to know how they are checked.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher
from enum import StrEnum
from typing import NamedTuple

from hub.config.likely import did_you_mean
from hub.config.yaml import Place


class Severity(StrEnum):
    """`error`: it will not do what is written. `warning`: it does nothing, or not always. `note`: good to know."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Edit(NamedTuple):
    """At `place` stands `old`; `new` should."""

    place: Place
    old: str
    new: str


class Finding(NamedTuple):
    """One thing found. `width` is how many characters it is about, 0 for the word that stands there.

    `secret`: the line must not be shown. `fix` is given only where nobody needs to think.
    """

    rule_id: str
    place: Place
    message: str
    advice: str = ""
    fix: tuple[Edit, ...] = ()
    width: int = 0
    secret: bool = False

    @property
    def severity(self) -> Severity:
        """How serious the rule is."""
        return RULES[self.rule_id].severity


class Rule(NamedTuple):
    """A rule of lint: `wrong` is a mistake that it finds, `right` what was meant."""

    severity: Severity
    summary: str
    wrong: str
    right: str


_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTE

RULES: dict[str, Rule] = {
    "yaml": Rule(
        _E, "The file is no YAML that the hub reads: a key twice, a tab, an alias, a file that nests too deep.",
        "{to: a, from: b, to: c}", "{to: a, from: b}",
    ),
    "grammar": Rule(
        _E, "The language has no such sentence: a rule without a source, a path that cannot be read.",
        "{to: zaak.omschrijving}", "{to: zaak.omschrijving, from: object/omschrijving}",
    ),
    "unknown-key": Rule(
        _E, "A key that the language does not have.", "{to: zaak.omschrijving, form: object/omschrijving}",
        "{to: zaak.omschrijving, from: object/omschrijving}",
    ),
    "unknown-function": Rule(
        _E, "A function that is not there.", "via: [stuf-datm]", "via: [stuf-datum]",
    ),
    "function-setting": Rule(
        _E, "A function is given a setting that it does not have, or not the one it needs.",
        "via: [{tekst: {longer: cut}}]", "via: [{tekst: {max: 80, longer: cut}}]",
    ),
    "unknown-table": Rule(_E, "A lookup table that is not there.", "lookup: documentstats", "lookup: documentstatus"),
    "lookup-table": Rule(
        _E, "A lookup table that cannot be read: another first line, a row of three, a code twice.",
        '"van;naar"', '"van,naar"',
    ),
    "lookup": Rule(
        _E, "A lookup at a connection that does not answer the question, of a question that there is not, or in a "
        "mapping that may not ask: of a message to an event, or of the answer of a source.",
        "lookup: {asks: adressen-uit-bga, ...}", "lookup: {asks: adressen-uit-bag, ...}",
    ),
    "unknown-part": Rule(_E, "A part that is not there.", "use: zak", "use: zaak"),
    "part-cycle": Rule(_E, "A part that uses itself, perhaps by way of others.", "use: zaak", "use: zaakverwijzing"),
    "unknown-message": Rule(
        _E, "The adapter of the connection has no message of this kind.",
        "message: creeerZaak_LK01", "message: creeerZaak_Lk01",
    ),
    "unknown-event": Rule(
        _E, "An inbound connection gives events and questions, an answer of a target the answer it is named after; "
        "there is none of this name.",
        "gives: nl.zaken.zaak-aangemakt.v1", "gives: nl.zaken.zaak-aangemaakt.v1",
    ),
    "unknown-target": Rule(
        _E, "The result has no such field.",
        "{to: zaak.startdatm, from: object/startdatum, via: [stuf-datum]}",
        "{to: zaak.startdatum, from: object/startdatum, via: [stuf-datum]}",
    ),
    "duplicate-target": Rule(
        _E, "Two rules fill one target, and both may apply to a message.",
        "[{to: bron, value: formulier}, {to: bron, from: object/bron}]",
        "[{to: bron, first-of: [object/bron, $zender]}]",
    ),
    "unmapped-required": Rule(
        _E, "A field that the result must have is filled by no rule.",
        "{to: 'zaak.kenmerken[]', each: object/kenmerk, rules: [{to: kenmerk, from: kenmerk}]}",
        "{to: 'zaak.kenmerken[]', each: object/kenmerk, rules: [{to: kenmerk, from: kenmerk}, {to: bron, from: bron}]}",
    ),
    "dead-source": Rule(
        _E, "The message has no such place: the path can never match. Of a part: wherever it is used.",
        "from: object/omschrijvng", "from: object/omschrijving",
    ),
    "dead-ignore": Rule(
        _W, "An ignored path that can never match.",
        '{path: object/isvan, reason: "fixed in this connection"}',
        '{path: object/isVan, reason: "fixed in this connection"}',
    ),
    "duplicate-ignore": Rule(
        _W, "A path is ignored twice in one file.",
        '[{path: object/isVan, reason: "fixed"}, {path: object/isVan, reason: "fixed"}]',
        '[{path: object/isVan, reason: "fixed"}]',
    ),
    "missing-reason": Rule(
        _E, "A path is ignored and nobody says why.", "{path: object/isVan}",
        '{path: object/isVan, reason: "fixed in this connection"}',
    ),
    "type-mismatch": Rule(
        _E, "What the source or a function gives is not what the next function, or the target, takes.",
        "{to: zaak.zaakniveau, from: object/zaakniveau}",
        "{to: zaak.zaakniveau, from: object/zaakniveau, via: [geheel-getal]}",
    ),
    "may-repeat": Rule(
        _W, "The message may have the field more than once, and the rule takes one: such a message fails.",
        "from: object/kenmerk/bron", "from: object/kenmerk[1]/bron",
    ),
    "never-holds": Rule(
        _W, "A condition that no message meets: a value outside those there are, or two that exclude each other.",
        "when: {path: mutatie, equals: verwijderd}", "when: {path: mutatie, equals: verwijderen}",
    ),
    "always-holds": Rule(
        _W, "A condition that every message meets.", "when: {path: zaak/identificatie, exists: true}", "no `when`",
    ),
    "unreachable-branch": Rule(
        _W, "A path of `first-of` that is never looked at: an earlier one is the same or always has a value.",
        "first-of: [object/omschrijving, object/toelichting, object/omschrijving]",
        "first-of: [object/omschrijving, object/toelichting]",
    ),
    "required-with-default": Rule(
        _W, "`required` beside a `default`: the default comes in its place, so it never fails.",
        "{to: bron, from: object/bron, default: onbekend, required: true}",
        "{to: bron, from: object/bron, required: true}",
    ),
    "default-unused": Rule(
        _W, "A `default` that `empty` never asks for.", "{to: bron, from: object/bron, default: onbekend, empty: omit}",
        "{to: bron, from: object/bron, default: onbekend, empty: default}",
    ),
    "secret-literal": Rule(
        _E, "A password, key or token stands in a file. The line is not shown.", 'secret: "hunter2hunter2"',
        'secret: "${ZGW_SECRET}"',
    ),
    "personal-literal": Rule(
        _E, "A BSN, bank account, telephone number or e-mail address stands in a file. The line is not shown.",
        "{to: contact, value: (name)@(provider)}", "{to: contact, value: info@gemeente.example}",
    ),
    "dead-layer": Rule(
        _W, "A layer that changes nothing: empty, the same as what it replaces, for no message, or replaced itself.",
        "layer: {sender: FORMULIEREN} with `rules: []`", "no such file",
    ),
    "one-way": Rule(
        _N, "A rule that cannot be done backwards, in a mapping that another one inverts.",
        "via: [kleine-letters]", "a rule of its own in the mapping that inverts",
    ),
    "jsonata-used": Rule(
        _N, "A rule uses the escape hatch: nobody can check or invert it.", "via: [{jsonata: ...}]", "a function",
    ),
    "jsonata-not-allowed": Rule(
        _E, "A rule uses the escape hatch, and the head of the mapping does not allow it.",
        "via: [{jsonata: ...}]", "allow: [jsonata]",
    ),
    "unread-source": Rule(
        _N, "A part of the message that no rule reads and nothing ignores. Told where it begins, not for each field.",
        "no rule for object/resultaat", '{path: object/resultaat, reason: "..."}',
    ),
    "unused-part": Rule(_W, "A part that no mapping uses.", "_parts/oud.yaml", "no such file"),
    "unused-table": Rule(_W, "A lookup table that no mapping uses.", "_codes/oud.csv", "no such file"),
    "unused-code": Rule(
        _W, "A row of a lookup table that is never found: what is looked up is in lower case, or one of a few words.",
        "Geheim,geheim", "geheim,geheim",
    ),
    "connection": Rule(
        _E, "The connection.yaml is wrong.", "direction: inbond", "direction: inbound",
    ),
    "refused": Rule(
        _E, "The hub refuses the mapping for a reason that no other rule tells.", "", "",
    ),
}  # fmt: skip
"""Every rule by its name."""


class Near(NamedTuple):
    """Advice about an unknown word; `only` is the correction when there is just one candidate."""

    advice: str
    only: str = ""


def near(word: str, known: Iterable[str]) -> Near:
    """Say what is likely meant by a word that is not `known`."""
    names = sorted(set(known))
    alike = sorted(((SequenceMatcher(None, word.lower(), each.lower()).ratio(), each) for each in names), reverse=True)
    best, other = (*alike, (0.0, ""), (0.0, ""))[:2]
    sure = best[0] >= _ALIKE and best[0] - other[0] >= _AHEAD
    return Near(did_you_mean(word, names), best[1] if sure else "")


_ALIKE, _AHEAD = 0.75, 0.1
"""How much alike two words are (1: the same) when one is a typing error for the other, and no third may be meant."""


def reference() -> str:
    """Give the reference page, as Markdown."""
    rows = [f"| [`{name}`](#{name}) | {rule.severity} | {rule.summary} |" for name, rule in RULES.items()]
    parts = [_HEAD, "| Rule | | |", "|---|---|---|", *rows, ""]
    for name, rule in RULES.items():
        parts += [f"## `{name}`", "", f"{rule.severity.capitalize()}. {rule.summary}", ""]
        if rule.wrong:
            parts += [f"- finds: `{rule.wrong}`", f"- meant: `{rule.right}`", ""]
    return "\n".join(parts)


_HEAD = """# What `zaakhub map lint` finds

Generated from `hub/mapping/lint/findings.py`. `error`: it will not do what is written, and `zaakhub map lint` ends with
exit code 1. `warning`: it does nothing, or not for every message. `note`: good to know.

"""
