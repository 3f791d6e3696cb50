"""Lint finds every planted mistake, at the word that is wrong, with what was meant; and nothing where all is right."""

from __future__ import annotations

import re
from textwrap import dedent, indent
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.stuf_bg.forms import forms as bg_forms
from adapters.stuf_zds.forms import forms
from hub.config.yaml import Place
from hub.errors import ConfigurationWrong
from hub.event.catalogue import EVENT_TYPES
from hub.mapping.lint.findings import RULES, Edit, Finding, Severity
from hub.mapping.lint.fix import edited, fix
from hub.mapping.lint.lint import Subject, Texts, lint

IN, OUT = "mappings/in/creeerZaak_Lk01.map.yaml", "mappings/uit/nl.zaken.zaak-bijgewerkt.v1.map.yaml"
LAYER = "mappings/in/creeerZaak_Lk01.balie.layer.yaml"
CODES, PART, CONNECTION = "mappings/_codes/kleuren.csv", "mappings/_parts/adres.yaml", "mappings/in/connection.yaml"
BACKWARDS = "mappings/heen/nl.zaken.zaak-aangemaakt.v1.map.yaml"
HEAD = "message: creeerZaak_Lk01\ngives: nl.zaken.zaak-aangemaakt.v1\n"
IDENTIFICATIE = "  - {to: zaak.identificatie, from: object/identificatie, required: true}\n"
BAG = {
    "mappings/bag/connection.yaml": "direction: ask\n",
    "mappings/bag/nl.adressen.adressen-opvragen.v1.antwoord.map.yaml": """
message: nl.adressen.adressen-opvragen.v1.antwoord
gives: nl.adressen.adressen-opvragen.v1.antwoord
rules: [{to: "adressen[]", each: adressen, rules: [{to: postcode, from: postcode}]}]
""",
}
"""A connection that answers questions about addresses."""
SUBJECTS = {
    "in": Subject(forms(), tuple(forms()), inbound=True),
    "uit": Subject({}, tuple(EVENT_TYPES)),
    "heen": Subject(forms(), tuple(EVENT_TYPES)),
}


class Planted(NamedTuple):
    """A mistake: the files that hold it, and the one finding that must come of it."""

    rule_id: str
    files: dict[str, str]
    line: int
    column: int
    message: str
    advice: str = ""
    file: str = IN


def rules(
    rule_id: str, text: str, column: int, message: str, advice: str = "", *, line: int = 5, **more: str
) -> Planted:
    """Plant rules in an inbound mapping, from line 5; `ignore` may follow them."""
    written = HEAD + "rules:\n" + IDENTIFICATIE + indent(dedent(text).strip("\n"), "  ") + "\n" + more.get("ignore", "")
    return Planted(rule_id, {IN: written}, line, column, message, advice)


def of_event(rule_id: str, text: str, column: int, message: str, advice: str = "", *, line: int = 4) -> Planted:
    """Plant rules in an outbound mapping, from line 4."""
    head = "message: nl.zaken.zaak-bijgewerkt.v1\ngives: zgw-zaak\nrules:\n"
    return Planted(
        rule_id, {OUT: head + indent(dedent(text).strip("\n"), "  ") + "\n"}, line, column, message, advice, OUT
    )


def looking_up(  # noqa: PLR0917 - a row of a table
    rule_id: str, said: str, line: int, column: int, message: str, advice: str = "", *, take: str = "postcode"
) -> Planted:
    """Plant a lookup in an outbound mapping, of which `said` differs from what is right."""
    keys = {
        "asks": "bag",
        "question": "nl.adressen.adressen-opvragen.v1",
        "by": "{zoekterm: zaak/omschrijving}",
        "take": take,
        "unavailable": "retry",
        "nothing": "omit",
        "several": "first",
    }
    name, _, value = said.partition(": ")
    lines = [f"      {key}: {each}" for key, each in (keys | ({name: value} if said else {})).items() if each]
    head = "message: nl.zaken.zaak-bijgewerkt.v1\ngives: zgw-zaak\nrules:\n  - to: postcode\n    lookup:\n"
    return Planted(rule_id, {OUT: head + "\n".join(lines) + "\n", **BAG}, line, column, message, advice, OUT)


def whole(  # noqa: PLR0917 - a row of a table
    rule_id: str, text: str, line: int, column: int, message: str, advice: str = ""
) -> Planted:
    """Plant a whole inbound mapping."""
    return Planted(rule_id, {IN: dedent(text).lstrip("\n")}, line, column, message, advice)


def with_file(  # noqa: PLR0917 - a row of a table
    rule_id: str,
    name: str,
    text: str,
    line: int,
    column: int,
    message: str,
    advice: str = "",
    rule: str = "",
    other: str = "",
) -> Planted:
    """Plant a file beside a mapping that is right, or has `rule`, and perhaps another layer."""
    mapping = HEAD + "rules:\n" + IDENTIFICATIE + (f"  - {rule}\n" if rule else "")
    files = {IN: mapping, LAYER.replace("balie", "balie2"): other} if other else {IN: mapping}
    return Planted(rule_id, {**files, name: dedent(text).lstrip("\n")}, line, column, message, advice, name)


def written(rule_id: str, text: str, column: int, message: str, advice: str) -> Planted:
    """Plant a rule in a mapping that writes XML; it lacks nearly all that the message must have."""
    head = "message: nl.zaken.zaak-aangemaakt.v1\ngives: creeerZaak_Lk01\nrules:\n  "
    return Planted(rule_id, {BACKWARDS: head + text + "\n"}, 4, column, message, advice, BACKWARDS)


SOMEBODY = "".join(str(each) for each in (*range(1, 9), 2))
"""A number that passes the 11-test and is not of the range for tests; it stands in no file."""
USE_CODES = "{to: zaak.zaaktype, from: object/isVan/gerelateerde/code, lookup: kleuren}"
USE_PART = "{to: zaak.opschorting, at: object, use: adres}"
BASE_LAYER = "message: creeerZaak_Lk01\n"

PLANTED = [
    # The file
    whole("yaml", HEAD + "rules: []\ngives: x\n", 4, 1, "the key gives stands here twice", "the first is on line 2"),
    whole("yaml", HEAD + "rules:\n\t- {to: a}\n", 4, 1, "is not YAML"),
    whole(
        "yaml", HEAD + "rules: &alle\n  - {to: a, from: b}\nignore: *alle\n", 5, 9, "an alias (*name) is not supported"
    ),
    whole("yaml", HEAD + "rules: " + "[" * 5000 + "\n", 3, 68, "nests deeper than 60 levels"),
    whole("yaml", HEAD + "rules: !!python/object:os.system []\n", 3, 8, "the tag"),
    # The language
    rules("grammar", "- {to: zaak.toelichting}", 5, "a rule needs a source", "`from`, `first-of`"),
    rules("grammar", "- {to: zaak.toelichting, from: ../toelichting}", 34, "`..` is not supported"),
    rules("grammar", "- {to: zaak.toelichting, from: 7}", 34, "expected a text", "put it in quotes"),
    # Looking something up
    looking_up("lookup", "asks: bga", 6, 13, "`bga` does not answer", "did you mean bag?"),
    looking_up(
        "lookup", "question: nl.adressen.adres-opvragen.v1", 7, 17, "is no question", "did you mean nl.adressen"
    ),
    looking_up("lookup", "question: nl.zaken.nummer-reserveren.v1", 7, 17, "changes something"),
    looking_up("grammar", "several: eerste", 12, 16, "`several` is not `eerste`"),
    looking_up("grammar", "nothing: ", 6, 7, "a `lookup` of another connection needs `nothing`", "omit or fail"),
    looking_up("dead-source", "take: postkode", 9, 13, "no field `postkode`", "did you mean postcode?"),
    looking_up("dead-source", "by: {zoekterm: zaak/omschrijvng}", 8, 22, "no field `omschrijvng`"),
    looking_up("unknown-target", "by: {zoektrem: zaak/omschrijving}", 8, 22, "no field `zoektrem`"),
    rules(
        "lookup",
        """
        - to: zaak.toelichting
          lookup:
            asks: bag
            question: nl.adressen.adressen-opvragen.v1
            by: {postcode: object/omschrijving}
            take: postcode
            unavailable: retry
            nothing: omit
            several: fail
        """,
        7,
        "this mapping may not ask anybody",
        "outbound connection",
        line=7,
    ),
    rules(
        "unknown-key",
        "- {to: zaak.toelichting, form: object/toelichting}",
        28,
        "has no key `form`",
        "did you mean from?",
    ),
    whole("unknown-key", HEAD + "rule: []\nrules:\n" + IDENTIFICATIE, 3, 1, "has no key `rule`", "did you mean rules?"),
    rules(
        "unknown-function",
        "- {to: zaak.startdatum, from: object/startdatum, via: [stuf-datm]}",
        58,
        "there is no function `stuf-datm`",
        "did you mean stuf-datum?",
    ),
    rules(
        "function-setting",
        "- {to: zaak.toelichting, from: object/toelichting, via: [{tekst: {mx: 5}}]}",
        69,
        "`tekst` has no setting `mx`",
        "did you mean max?",
    ),
    rules(
        "function-setting",
        "- {to: zaak.toelichting, from: object/toelichting, via: [{tekst: {max: 5, longer: ct}}]}",
        85,
        "`longer` is not `ct`",
        "did you mean cut?",
    ),
    rules(
        "function-setting",
        "- {to: zaak.toelichting, from: object/toelichting, via: [tekst]}",
        60,
        "`tekst` needs `max`",
    ),
    with_file(
        "unknown-table",
        CODES,
        "van,naar\nr,rood\n",
        5,
        71,
        "there is no lookup table `kleurn`",
        "did you mean kleuren?",
        "{to: zaak.zaaktype, from: object/isVan/gerelateerde/code, lookup: kleurn}",
    )._replace(file=IN),
    with_file(
        "lookup-table", CODES, "van;naar\nr;rood\n", 1, 1, "begins with the line `van,naar`", "write commas", USE_CODES
    ),
    with_file("lookup-table", CODES, "van,naar\nr,rood,roze\n", 2, 1, "two fields", 'in "quotes"', USE_CODES),
    with_file(
        "lookup-table", CODES, "van,naar\nr,rood\nr,roze\n", 3, 1, "stands in this table twice", "line 2", USE_CODES
    ),
    with_file(
        "unknown-part",
        PART,
        "rules: [{to: reden, value: x}]\n",
        5,
        45,
        "there is no part `adrs`",
        "did you mean adres?",
        "{to: zaak.opschorting, at: object, use: adrs}",
    )._replace(file=IN),
    with_file("part-cycle", PART, "rules: [{use: adres}]\n", 1, 15, "uses itself: adres > adres", "", USE_PART),
    whole(
        "unknown-message",
        "message: creeerZaak_LK01\ngives: nl.zaken.zaak-aangemaakt.v1\nrules:\n" + IDENTIFICATIE,
        1,
        10,
        "this connection gets no message `creeerZaak_LK01`",
        "did you mean creeerZaak_Lk01?",
    ),
    whole(
        "unknown-event",
        "message: creeerZaak_Lk01\ngives: nl.zaken.zaak-aangemakt.v1\nrules:\n" + IDENTIFICATIE,
        2,
        8,
        "there is no event or question `nl.zaken.zaak-aangemakt.v1`",
        "did you mean nl.zaken.zaak-aangemaakt.v1?",
    ),
    # Targets
    rules(
        "unknown-target",
        "- {to: zaak.startdatm, from: object/startdatum, via: [stuf-datum]}",
        15,
        "`zaak` has no field `startdatm`",
        "did you mean startdatum?",
    ),
    rules(
        "unknown-target",
        "- to: zaak.kenmerken[]\n  each: object/kenmerk\n  rules:\n    - {to: kenmerk, from: kenmerk}\n"
        "    - {to: bron, from: bron}\n    - {to: brn, from: bron}",
        14,
        "`kenmerken` has no field `brn`",
        "did you mean bron?",
        line=10,
    ),
    rules(
        "unknown-target",
        "- {to: zaak.omschrijving.kort, from: object/omschrijving}",
        28,
        "`omschrijving` is a single value and has no field `kort`",
    ),
    rules(
        "duplicate-target",
        "- {to: zaak.toelichting, from: object/toelichting}\n- {to: zaak.toelichting, from: object/omschrijving}",
        10,
        "`zaak.toelichting` is already filled at",
        "use `first-of`",
        line=6,
    ),
    rules(
        "duplicate-target",
        "- {to: zaak.toelichting, from: object/toelichting, when: {path: object/toelichting, exists: true}}\n"
        "- {to: zaak.toelichting, value: geen, when: {path: object/toelichting, exists: true}}",
        10,
        "is already filled at",
        "give each another `when`",
        line=6,
    ),
    rules(
        "unmapped-required",
        "- to: zaak.kenmerken[]\n  each: object/kenmerk\n  rules:\n    - {to: kenmerk, from: kenmerk}",
        9,
        "`zaak.kenmerken[]` must have `bron`",
        "add a rule with `to: bron`",
    ),
    whole(
        "unmapped-required",
        HEAD + "rules:\n  - {to: zaak.toelichting, from: object/toelichting}\n",
        4,
        10,
        "`zaak` must have `identificatie`",
    ),
    # Sources
    rules(
        "dead-source",
        "- {to: zaak.toelichting, from: object/toelichtng}",
        41,
        "`object` has no element `toelichtng`",
        "did you mean toelichting?",
    ),
    rules(
        "dead-source",
        "- {to: zaak.zaaktype, from: object/isVan/code}",
        44,
        "`isVan` has no element `code`",
        "did you mean gerelateerde/code?",
    ),
    rules(
        "dead-source",
        "- {to: zaak.toelichting, from: object/toelichting, when: {path: object/toelichtin, exists: true}}",
        74,
        "`object` has no element `toelichtin`",
        "did you mean toelichting?",
    ),
    rules(
        "dead-source",
        '- {to: zaak.toelichting, from: "object/heeft[codee=1]/toelichting"}',
        48,
        "`heeft` has no element `codee`",
    ),
    rules(
        "dead-source",
        "- to: zaak.statussen[]\n  each: object/heeft\n  rules:\n    - {to: mutatie, from: '@verwerkingsoort'}",
        31,
        "`heeft` has no attribute `verwerkingsoort`",
        "did you mean verwerkingssoort?",
        line=8,
    ),
    rules("dead-source", "- {to: zaak.toelichting, from: $zendr}", 35, "there is no `$zendr`", "did you mean zender?"),
    of_event(
        "dead-source",
        '- {to: initiator, from: "zaak/rollen[omschrijvingGeneriek=initator]/omschrijving"}',
        61,
        "`omschrijvingGeneriek` is never `initator`",
        "did you mean initiator?",
    ),
    rules(
        "dead-ignore",
        "- {to: zaak.toelichting, from: object/toelichting}",
        12,
        "nothing of this message is at `object/isvan`",
        "did you mean isVan?",
        line=7,
        ignore='ignore:\n  - {path: object/isvan, reason: "fixed in this connection"}\n',
    ),
    rules(
        "duplicate-ignore",
        "- {to: zaak.toelichting, from: object/toelichting}",
        12,
        "this is ignored already, on line 7",
        "remove one",
        line=8,
        ignore="ignore:\n" + '  - {path: object/isVan, reason: "fixed in this connection"}\n' * 2,
    ),
    rules(
        "missing-reason",
        "- {to: zaak.toelichting, from: object/toelichting}",
        5,
        "nobody says why `object/isVan` is ignored",
        "in a sentence",
        line=7,
        ignore="ignore:\n  - {path: object/isVan}\n",
    ),
    rules(
        "missing-reason",
        "- {to: zaak.toelichting, from: object/toelichting}",
        34,
        "nobody says why",
        "in a sentence",
        line=7,
        ignore="ignore:\n  - {path: object/isVan, reason: todo}\n",
    ),
    # Kinds
    rules(
        "type-mismatch",
        "- {to: zaak.zaakniveau, from: object/zaakniveau}",
        10,
        "`zaakniveau` is a number",
        "`geheel-getal`",
    ),
    rules(
        "type-mismatch",
        "- {to: zaak.startdatum, from: object/startdatum}",
        10,
        "`startdatum` is a date",
        "`stuf-datum`",
    ),
    rules(
        "type-mismatch",
        "- {to: zaak.deelzakenIndicatie, from: object/deelzakenIndicatie}",
        10,
        "`deelzakenIndicatie` is true or false",
        "`stuf-indicatie`",
    ),
    rules(
        "type-mismatch",
        "- {to: zaak.opschorting, from: object/toelichting}",
        10,
        "`opschorting` is an object",
        "`rules`",
    ),
    rules(
        "type-mismatch",
        "- {to: zaak.kenmerken, from: object/toelichting}",
        15,
        "`kenmerken` is a list",
        "write `kenmerken[]`",
    ),
    rules(
        "type-mismatch",
        "- {to: 'zaak.toelichting[]', from: object/toelichting}",
        16,
        "`toelichting` is not a list",
        "leave out `[]`",
    ),
    rules(
        "type-mismatch",
        "- {to: zaak.toelichting, from: object/isVan, via: [kleine-letters]}",
        54,
        "`kleine-letters` takes text, but `isVan` holds other elements",
        "go on to the element",
    ),
    rules(
        "type-mismatch",
        "- {to: zaak.startdatum, from: object/startdatum, via: [stuf-onvolledige-datum]}",
        10,
        "`startdatum` is a date",
    ),
    rules(
        "type-mismatch", "- {to: zaak.archiefnominatie, value: bewaren}", 40, "`archiefnominatie` is never `bewaren`"
    ),
    rules("type-mismatch", "- {to: zaak.zaaktype, value: 12}", 32, "`zaaktype` is a text", "put it in quotes"),
    rules(
        "type-mismatch",
        "- {to: zaak.zaakniveau, from: object/zaakniveau, via: [geheel-getal], default: geen}",
        82,
        "`zaakniveau` is a number, and this default is not",
    ),
    with_file(
        "type-mismatch",
        CODES,
        "van,naar\nJ,vernietigen\nN,bewaren\n",
        3,
        3,
        "`bewaren` can come out, and `archiefnominatie` is never that",
        "",
        "{to: zaak.archiefnominatie, from: object/archiefnominatie, lookup: kleuren}",
    ),
    rules(
        "may-repeat",
        "- {to: zaak.toelichting, from: object/kenmerk/bron}",
        41,
        "there may be more than one `kenmerk`",
        "[1] or [-1]",
    ),
    # Conditions
    of_event(
        "never-holds",
        "- {to: a, from: zaak/zaaktype, when: {path: zaak/archiefnominatie, equals: vernietign}}",
        78,
        "`zaak/archiefnominatie` is never `vernietign`",
        "did you mean vernietigen?",
    ),
    of_event(
        "never-holds",
        "- {to: a, value: b, when: {all: [{path: zaak/zaaktype, equals: x}, {path: zaak/zaaktype, equals: y}]}}",
        29,
        "no message meets this condition",
    ),
    of_event(
        "always-holds",
        "- {to: a, from: zaak/zaaktype, when: {path: zaak/identificatie, exists: true}}",
        40,
        "every message meets this condition",
        "remove it",
    ),
    rules(
        "unreachable-branch",
        "- {to: zaak.toelichting, first-of: [object/toelichting, object/omschrijving, object/toelichting]}",
        80,
        "`object/toelichting` stands here twice",
        "remove it",
    ),
    of_event(
        "unreachable-branch",
        "- {to: a, first-of: [zaak/identificatie, zaak/zaaktype]}",
        44,
        "`zaak/identificatie` always has a value",
        "remove it",
    ),
    rules(
        "required-with-default",
        "- {to: zaak.toelichting, from: object/toelichting, default: geen, required: true}",
        69,
        "`required` changes nothing",
        "leave out one",
    ),
    rules(
        "default-unused",
        "- {to: zaak.toelichting, from: object/toelichting, default: geen, empty: omit}",
        54,
        "`empty` never asks for this `default`",
        "write `empty: default`",
    ),
    # Literals
    with_file(
        "secret-literal",
        CONNECTION,
        "connection: in\ntarget:\n  auth: {kind: bearer, token: geheim}\n",
        3,
        31,
        "the value of `token` is a secret",
        "${NAME}",
    ),
    rules(
        "secret-literal",
        "- {to: zaak.toelichting, value: Bearer Zm9vYmFyMTIzNDU2Nzg5}",
        35,
        "looks like a token",
        "${NAME}",
    ),
    rules("secret-literal", "# wachtwoord: Welkom01!", 5, "a password or token", "${NAME}"),
    rules(
        "personal-literal",
        f"- {{to: zaak.toelichting, value: 'BSN {SOMEBODY}'}}",
        40,
        "a BSN that could be somebody's",
        "9999",
    ),
    rules(
        "personal-literal", "# vraag jan.jansen@gemeente-elders.nl", 11, "an e-mail address of a person", "fictitious"
    ),
    rules("personal-literal", "- {to: zaak.toelichting, value: bel 06-12345678}", 39, "a telephone number"),
    rules("personal-literal", "- {to: zaak.toelichting, value: NL91ABNA0417164300}", 35, "a bank account number"),
    # Layers
    with_file(
        "dead-layer", LAYER, "layer: {sender: BALIE}\n" + BASE_LAYER + "rules: []\n", 3, 1, "this layer has no rules"
    ),
    with_file(
        "dead-layer",
        LAYER,
        "layer: {sender: BALIE}\n" + BASE_LAYER + "rules:\n" + IDENTIFICATIE,
        4,
        5,
        "this says the same as what it replaces, at mappings/in/creeerZaak_Lk01.map.yaml:4",
    ),
    with_file(
        "dead-layer",
        LAYER,
        "layer: {zaaktype: B1}\n" + BASE_LAYER + "rules:\n  - {to: zaak.toelichting, value: x}\n",
        1,
        1,
        "does not say where the message names its zaaktype",
        "`zaaktype: <path>`",
    ),
    with_file(
        "dead-layer",
        LAYER,
        "layer: {sender: BALIE}\nmessage: creeerZaak_LK01\nrules:\n  - {to: zaak.toelichting, value: x}\n",
        2,
        1,
        "there is no mapping for `creeerZaak_LK01`",
        "did you mean creeerZaak_Lk01?",
    ),
    with_file(
        "dead-layer",
        LAYER,
        "layer: {sender: BALIE}\n" + BASE_LAYER + "rules:\n  - {to: zaak.toelichting, value: x}\n",
        4,
        5,
        "balie2.layer.yaml replaces this for every message of this layer",
        "remove one of the two",
        other="layer: {sender: [BALIE, WEB]}\n" + BASE_LAYER + "rules:\n  - {to: zaak.toelichting, value: y}\n",
    ),
    # Messages that are written
    written(
        "type-mismatch",
        "- {to: object.startdatum, from: zaak/startdatum}",
        10,
        "`startdatum` is a StUF datum",
        "`naar-stuf-datum`",
    ),
    written(
        "unknown-target",
        "- {to: object.startdatm, from: zaak/startdatum, via: [naar-stuf-datum]}",
        17,
        "`object` has no field `startdatm`",
        "did you mean startdatum?",
    ),
    written(
        "type-mismatch",
        "- {to: object.isVan, from: zaak/zaaktype}",
        10,
        "`isVan` holds other elements and no value",
        "fill its elements",
    ),
    # The escape hatch, and what nobody reads or uses
    rules(
        "jsonata-not-allowed",
        "- {to: zaak.toelichting, from: object/toelichting, via: [{jsonata: '$'}]}",
        61,
        "does not allow",
    ),
    whole(
        "jsonata-used",
        HEAD
        + "allow: [jsonata]\nrules:\n"
        + IDENTIFICATIE
        + "  - {to: zaak.toelichting, from: object/toelichting, via: [{jsonata: '$'}]}\n",
        6,
        61,
        "cannot be checked or inverted",
    ),
    rules("unread-source", "# no rule more", 1, "nothing reads `object/resultaat`", "ignore it with a reason", line=1),
    with_file(
        "one-way",
        BACKWARDS,
        "message: nl.zaken.zaak-aangemaakt.v1\ngives: creeerZaak_Lk01\ninverts: in/creeerZaak_Lk01\n",
        5,
        5,
        "this is not done backwards in mappings/heen/nl.zaken.zaak-aangemaakt.v1.map.yaml",
        "a rule of its own",
        "{to: zaak.toelichting, from: object/toelichting, via: [kleine-letters]}",
    )._replace(file=IN),
    with_file(
        "unknown-message",
        BACKWARDS,
        "message: nl.zaken.zaak-aangemaakt.v1\ngives: creeerZaak_Lk01\ninverts: in/creerZaak_Lk01\n",
        3,
        10,
        "there is no mapping `in/creerZaak_Lk01`",
        "did you mean in/creeerZaak_Lk01?",
    ),
    with_file("unused-part", PART, "rules: [{to: straat, from: straat}]\n", 1, 1, "no mapping uses this part"),
    with_file("unused-table", CODES, "van,naar\nr,rood\n", 1, 1, "no mapping uses this table"),
    with_file(
        "unused-code",
        CODES,
        "van,naar\nrood,r\nRoze,r\n",
        3,
        1,
        "`Roze` is never looked up here",
        "write roze",
        "{to: zaak.zaaktype, from: object/isVan/gerelateerde/code, via: [kleine-letters], lookup: kleuren}",
    ),
]


def found(files: Texts) -> list[Finding]:
    """Lint files; what nobody reads is left out: an example maps little."""
    return [each for each in lint(files, SUBJECTS) if each.rule_id != "unread-source"]


@pytest.mark.parametrize("planted", PLANTED, ids=lambda each: f"{each.rule_id}-{each.message[:30]}")
def test_a_planted_mistake_is_found_where_it_stands(planted: Planted) -> None:
    """Rule, file, line, column, what was meant; and nothing else, but where a message is half written."""
    findings = lint(planted.files, SUBJECTS) if planted.rule_id == "unread-source" else found(planted.files)

    told = [each for each in findings if each.rule_id == planted.rule_id and planted.message in each.message]
    assert told, findings
    assert tuple(told[0].place) == (planted.file, planted.line, planted.column)
    assert planted.advice in told[0].advice
    if planted.rule_id != "unread-source":
        findings = [each for each in findings if each.place.file != BACKWARDS or each.rule_id != "unmapped-required"]
        assert [each for each in findings if each.severity is not Severity.NOTE and each not in told] == []


def test_every_rule_has_a_planted_mistake() -> None:
    """But two, which have a test of their own below: they come from elsewhere."""
    assert set(RULES) - {each.rule_id for each in PLANTED} == {"connection", "refused"}
    assert len(PLANTED) > 40


def test_what_is_right_has_no_findings() -> None:
    """The base that the mistakes are planted in."""
    assert found({IN: HEAD + "rules:\n" + IDENTIFICATIE}) == []


def test_all_mistakes_of_a_file_are_found_at_once() -> None:
    """What cannot be read does not hide what is wrong elsewhere, and a rule has its own mistakes told once."""
    text = (
        HEAD
        + """\
rules:
  - {to: zaak.identificatie, from: object/identificatie, requird: true}
  - {to: zaak.toelichting}
  - to: zaak.kenmerken[]
    each: object/kenmerken
    rules:
      - {to: kenmerk, from: ../kenmerk}
      - {to: bron, from: bron}
  - {to: zaak.startdatm, from: object/startdatum, via: [stuf-datm]}
  - {use: adrs}
ignore:
  - {path: object/isVan}
  - {path: "object/heeft[1]", reason: "a choice has no place here"}
rule: []
"""
    )

    findings = [(each.rule_id, each.place.line) for each in found({IN: text})]

    assert findings == [
        ("unknown-key", 4),
        ("grammar", 5),
        ("dead-source", 7),
        ("grammar", 9),
        ("unknown-target", 11),
        ("unknown-function", 11),
        ("unknown-part", 12),
        ("missing-reason", 14),
        ("grammar", 15),
        ("unknown-key", 16),
    ]


def test_a_part_is_wrong_where_no_use_of_it_is_right() -> None:
    """A path that leads somewhere in one of the places where a part is used is not dead."""
    part = "rules:\n  - {to: toelichting, from: toelichting}\n  - {to: omschrijving, from: nergens}\n"
    uses = (
        "  - {to: zaak.resultaat, at: object/resultaat, use: adres}\n"
        "  - {to: zaak.opschorting, at: object/opschorting, rules: [{to: reden, from: reden}]}\n"
        "  - {to: zaak, at: object, use: adres}\n"
        "  - to: zaak.statussen[]\n    each: object/heeft/gerelateerde\n    use: adres\n"
    )

    findings = found({IN: HEAD + "rules:\n" + IDENTIFICATIE + uses, PART: part})

    assert [(each.rule_id, each.place.line, each.place.column) for each in findings] == [("dead-source", 3, 30)]


def test_only_what_was_asked_for_is_told() -> None:
    """Of a connection: its own files, and the shared ones that it uses."""
    wrong = "rules: [{to: straat, from: straat}, {to: x, form: y}]\n"
    files = {
        IN: HEAD + "rules:\n" + IDENTIFICATIE + "  - {to: zaak.opschortng, at: object, use: adres}\n",
        OUT: "message: nl.zaken.zaak-bijgewerkt.v1\ngives: vrij\nrules: [{to: a, form: b}]\n",
        PART: wrong,
    }

    told = {name: {each.place.file for each in lint(files, SUBJECTS, only=[name])} for name in ("in", "uit")}

    assert told == {"in": {IN, PART}, "uit": {OUT}}


def test_what_the_hub_refuses_is_told_unless_lint_said_so_already() -> None:
    """One mistake, one finding; and nothing that the start would stop at goes untold."""
    text = HEAD + "rules:\n" + IDENTIFICATIE + "  - {to: zaak.startdatm, from: object/startdatum}\n"
    refused = [
        ConfigurationWrong("`zaak` has no field `startdatm`", file=IN, line=5, column=5),
        ConfigurationWrong("something else", file=IN, line=4, column=5),
        ConfigurationWrong("the key adapter is missing", file=CONNECTION, line=1),
    ]

    findings = [each for each in lint({IN: text}, SUBJECTS, refused=refused) if each.rule_id != "unread-source"]

    assert [(each.rule_id, each.place.line) for each in findings] == [
        ("connection", 1),
        ("refused", 4),
        ("unknown-target", 5),
    ]


@pytest.mark.parametrize(
    "planted", [each for each in PLANTED if each.file.endswith("yaml")], ids=lambda each: each.rule_id
)
def test_no_half_written_file_stops_lint(planted: Planted) -> None:
    """Whoever types has a wrong file most of the time: all that comes is findings."""
    text = planted.files[planted.file]
    for part in (0.3, 0.7, 0.9, 0.97):
        lint({**planted.files, planted.file: text[: int(len(text) * part)]}, SUBJECTS)


def test_bytes_that_are_not_utf8_are_found_with_their_place() -> None:
    """A table out of a spreadsheet often is not."""
    files: dict[str, str | bytes] = {IN: HEAD + "rules:\n" + IDENTIFICATIE, CODES: b"van,naar\nr,ros\xe9\n"}

    (finding,) = [each for each in found(files) if each.rule_id == "yaml"]

    assert tuple(finding.place) == (CODES, 2, 6)


def test_parts_that_multiply_are_refused() -> None:
    """Ten parts that each use the next one ten times would make ten thousand million rules."""
    parts: dict[str, str | bytes] = {
        f"mappings/_parts/p{number}.yaml": "rules:\n" + f"  - {{use: p{number + 1}}}\n" * 10 for number in range(10)
    }
    parts["mappings/_parts/p10.yaml"] = "rules: [{to: a, value: b}]\n"

    findings = found({**parts, IN: HEAD + "rules:\n" + IDENTIFICATIE + "  - {use: p0}\n"})

    assert [each.rule_id for each in findings] == ["refused"]
    assert "used more than" in findings[0].message


FIXABLE = [each for each in PLANTED if fix(each.files, found).edits]


@pytest.mark.parametrize("planted", FIXABLE, ids=lambda each: f"{each.rule_id}-{each.message[:30]}")
def test_a_correction_leaves_fewer_mistakes(planted: Planted) -> None:
    """Where one word is likely meant, --fix writes it; the file is YAML still, and the finding is gone."""
    fixed = fix(planted.files, found)

    assert [each for each in fixed.findings if each.rule_id == planted.rule_id] == []
    assert len(fixed.findings) < len(found(planted.files))


def test_the_corrections_are_the_words_that_were_meant() -> None:
    """And what is not sure is left to a person."""
    made = {(each.old, each.new) for planted in FIXABLE for each in fix(planted.files, found).edits}

    assert {
        ("form", "from"),
        ("stuf-datm", "stuf-datum"),
        ("startdatm", "startdatum"),
        ("toelichtng", "toelichting"),
        ("toelichting[]", "toelichting"),
        ("12", '"12"'),
        ("kleurn", "kleuren"),
        ("creeerZaak_LK01", "creeerZaak_Lk01"),
        ('  - {path: object/isVan, reason: "fixed in this connection"}', ""),
    } <= made
    assert not {old for old, _ in made} & {"geen", "codee", "bewaren"}
    assert len(FIXABLE) > 15


def test_a_correction_that_does_not_help_is_not_made() -> None:
    """The text stays as it was."""
    place = Place(IN, 1, 1)

    def never_content(texts: Texts) -> list[Finding]:
        del texts
        return [Finding("yaml", place, "wrong", fix=(Edit(place, "a", "b"),))]

    fixed = fix({IN: "a: 1\n"}, never_content)

    assert fixed.texts == {IN: "a: 1\n"}
    assert fixed.edits == []


def test_edits_of_one_line_do_not_move_each_other() -> None:
    """The last is written first; what is not there any more is left alone."""
    edits = [Edit(Place(IN, 1, 2), "aa", "b"), Edit(Place(IN, 1, 9), "cc", "ddd"), Edit(Place(IN, 1, 6), "x", "y")]

    assert edited("{aa: 1, cc: 2}\n", edits) == "{b: 1, ddd: 2}\n"


def test_a_head_in_which_nothing_is_a_text_ends() -> None:
    """Every key is told once, in whatever order they can be read."""
    findings = found({IN: "message: 12\ngives: 7\nrules: 3\nignore: x\n"})

    assert [(each.rule_id, each.place.line) for each in findings] == [("grammar", line) for line in (1, 2, 3, 4)]


ODD = ("[]", "{}", "null", "12", "''", "[a, b]", "{a: b}", "..", "a.b[]", "'@x'", "$x", "/", "**", "&a x", "<<", '"')


@given(st.sampled_from(PLANTED), st.lists(st.tuples(st.integers(0, 500), st.sampled_from(ODD)), min_size=1, max_size=4))
def test_no_garbled_file_stops_lint(planted: Planted, garbled: list[tuple[int, str]]) -> None:
    """Words replaced by others at random: all that comes is findings."""
    text = planted.files[planted.file]
    for at, odd in garbled:
        words = list(re.finditer(r"[\w.\-/@$\[\]*]+|[{}:,]", text))
        word = words[at % len(words)]
        text = text[: word.start()] + odd + text[word.end() :]

    assert isinstance(lint({**planted.files, planted.file: text}, SUBJECTS), list)


def test_a_name_with_dots_halfway_a_path_is_one_name_also_backwards() -> None:
    """`inp.verblijftIn` in the middle of what a part done backwards writes."""
    files = {
        "mappings/_parts/woning.yaml": "rules:\n  - {to: woning, from: inp.verblijftIn/gerelateerde/identificatie}\n",
        "mappings/heen/connection.yaml": "direction: outbound\n",
        "mappings/heen/vreemd.map.yaml": (
            "message: vreemd\ngives: npsLk01-T\nrules:\n  - {to: object, at: persoon, rules: [{undo: woning}]}\n"
        ),
    }

    assert [
        each for each in lint(files, {"heen": Subject(bg_forms(), ("vreemd",))}) if each.rule_id == "unknown-target"
    ] == []


def test_what_an_example_names_is_not_unused() -> None:
    """Itself, or by a part that it names: who copies the example finds it there."""
    parts = {
        "mappings/_parts/adres.yaml": "rules: [{to: x, from: x, lookup: {table: plaatsen, otherwise: keep}}]\n",
        "mappings/_parts/oud.yaml": "rules: [{to: straat, from: straat}]\n",
        "mappings/_codes/plaatsen.csv": "van,naar\na,b\n",
    }
    findings = lint(parts, SUBJECTS, examples=["rules: [{use: adres, at: object}]"])

    assert [(each.rule_id, each.place.file) for each in findings] == [("unused-part", "mappings/_parts/oud.yaml")]
