"""A mapping backwards: what each rule becomes, which are one-way, and that what is written reads back the same."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from textwrap import dedent
from typing import Any, NamedTuple

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from adapters.stuf_zds.forms import forms
from hub.config.shipped import shipped
from hub.mapping.compile import load_mappings
from hub.mapping.functions import FUNCTIONS
from hub.mapping.invert import Inverted, invert
from hub.mapping.read import Files
from hub.mapping.resolve import resolve
from hub.mapping.rules import Fill, Group, Rule, Sheet, read_mapping
from hub.mapping.run import Mapping
from tests.support.written_rules import file_of, rules_of, sheet_of, written


def _inverted(rules: str, **head: Any) -> Inverted:  # noqa: ANN401 - YAML
    return invert(sheet_of(yaml.safe_load(dedent(rules)), **head))


def _back(rules: str) -> list[Any]:
    inverted = _inverted(rules)
    assert inverted.one_way == ()
    return rules_of(inverted.sheet)


def _reasons(rules: str) -> list[tuple[str, str]]:
    return [(each.target, each.reason) for each in _inverted(rules).one_way]


@pytest.mark.parametrize(
    ("forward", "backward"),
    [
        ("- {to: zaak.naam, from: object/omschrijving}", "- {to: object.omschrijving, from: zaak/naam}"),
        (
            "- {to: datum, from: startdatum, via: [stuf-datum], required: true}",
            "- {to: startdatum, from: datum, via: [naar-stuf-datum], required: true}",
        ),
        (
            "- {to: x, from: a, via: [kvk-nummer, {tekst: {max: 8, longer: cut}}, {code: {table: t}}]}",
            "- {to: a, from: x, via: [{code-terug: {table: t}}, {tekst: {max: 8, longer: cut}}, kvk-nummer]}",
        ),
        ("- {to: x, from: a, lookup: t}", "- {to: a, from: x, via: [{code-terug: {table: t}}]}"),
        ("- {to: soort, from: a/@verwerkingssoort}", "- {to: a.@verwerkingssoort, from: soort}"),
        ("- {to: 'namen[]', from: a/naam}", "- {to: 'a.naam[]', from: namen}"),
        ("- {to: x, first-of: [a, b]}", "- {to: a, from: x}"),
        ("- {to: x, from: 'a[1]/b'}", "- {to: a.b, from: x}"),
        ("- {to: x, from: a, empty: omit}", "- {to: a, from: x, empty: {geenWaarde: omit}}"),
        ("- {to: x, from: a, default: 1}", "- {to: a, from: x}"),
        (
            "- {to: x, from: a, via: [stuf-datum], default: '2024-01-01'}",
            "- {to: a, from: x, via: [naar-stuf-datum], when: {not: {path: x, equals: '2024-01-01'}}}",
        ),
        (
            "- {to: x, at: a/b, rules: [{to: y, from: c}]}",
            "- {to: a.b, at: x, rules: [{to: c, from: y}]}",
        ),
        ("- {at: a/b, rules: [{to: y, from: c}]}", "- {to: a.b, rules: [{to: c, from: y}]}"),
        ("- {to: x, rules: [{to: y, from: c}]}", "- {at: x, rules: [{to: c, from: y}], empty: {geenWaarde: omit}}"),
        (
            "- {to: 'x[]', each: a/b, rules: [{to: y, from: c}]}",
            "- {to: 'a.b[]', each: x, rules: [{to: c, from: y}]}",
        ),
        ("- {to: 'x[]', each: a, rules: [{to: y, from: .}]}", "- {to: 'a[]', from: x/y}"),
        (
            "- {to: 'x[]', each: a, rules: [{to: n, from: '@naam'}, {to: y, from: .}]}",
            "- {to: 'a[]', each: x, rules: [{to: '@naam', from: n}, {to: ., from: y}]}",
        ),
        (
            "- {to: 'x[]', each: ., when: {path: c, exists: true}, rules: [{to: y, from: c}]}",
            "- {at: 'x[1]', rules: [{to: c, from: y}]}",
        ),
        (
            "- {to: x, at: a, rules: [{to: y, from: /kop/naam}, {to: z, from: c}]}",
            "[{to: a, at: x, rules: [{to: c, from: z}]}, {to: kop.naam, from: x/y}]",
        ),
        (
            "[{to: k, from: 'e[@n=a]'}, {to: t, from: 'e[@n=b]'}]",
            """
            - to: e[]
              each: .
              when: {path: k, exists: true}
              empty: {geenWaarde: omit}
              rules: [{to: '@n', value: a}, {to: ., from: k}]
            - to: e[]
              each: .
              when: {path: t, exists: true}
              empty: {geenWaarde: omit}
              rules: [{to: '@n', value: b}, {to: ., from: t}]
            """,
        ),
        (
            "[{to: x, from: 'e[soort=a]/x'}, {to: y, from: 'e[soort=a]/y'}]",
            """
            - to: e[]
              each: .
              when: {any: [{path: x, exists: true}, {path: y, exists: true}]}
              empty: {geenWaarde: omit}
              rules: [{to: soort, value: a}, {to: x, from: x}, {to: y, from: y}]
            """,
        ),
        (
            """
            - {to: 'rollen[]', each: initiator, rules: [{to: soort, value: initiator}, {to: naam, from: naam}]}
            - {to: 'rollen[]', each: derde, rules: [{to: soort, value: derde}, {to: naam, from: naam}]}
            """,
            """
            - {to: 'initiator[]', each: rollen, when: {path: soort, equals: initiator}, rules: [{to: naam, from: naam}]}
            - {to: 'derde[]', each: rollen, when: {path: soort, equals: derde}, rules: [{to: naam, from: naam}]}
            """,
        ),
        (
            """
            - {to: 'x[]', each: a, rules: [{to: s, value: a}, {to: n, from: n}]}
            - to: x[]
              each: b
              rules:
                - {to: s, value: c, when: {path: n, exists: true}}
                - {to: s, value: d, when: {path: m, exists: true}}
                - {to: n, from: n}
                - {to: m, from: m}
            """,
            """
            - {to: 'a[]', each: x, when: {path: s, equals: a}, rules: [{to: n, from: n}]}
            - {to: 'b[]', each: x, when: {not: {path: s, equals: a}}, rules: [{to: n, from: n}, {to: m, from: m}]}
            """,
        ),
        (
            """
            - {to: soort, value: pand, when: {path: pand, exists: true}}
            - {to: soort, value: wijk, when: {path: wijk, exists: true}}
            - {to: gegevens, at: pand, rules: [{to: code, from: id}]}
            - {to: gegevens, at: wijk, rules: [{to: code, from: nr}]}
            """,
            """
            - when: {path: soort, equals: pand}
              rules: [{to: pand, at: gegevens, rules: [{to: id, from: code}]}]
            - when: {path: soort, equals: wijk}
              rules: [{to: wijk, at: gegevens, rules: [{to: nr, from: code}]}]
            """,
        ),
        (
            """
            - {to: kvk, from: nummer, when: {path: nummer, matches: kvk-nummer}}
            - {to: rsin, from: nummer, via: [rsin], when: {path: nummer, matches: rsin}}
            """,
            """
            - {to: nummer, from: kvk, when: {path: kvk, matches: kvk-nummer}}
            - to: nummer
              from: rsin
              via: [rsin]
              when: {all: [{path: rsin, matches: rsin}, {path: kvk, exists: false}]}
            """,
        ),
        (
            "[{to: x, from: a, when: {path: b, equals: J}}, {to: y, from: b}]",
            "[{to: a, from: x}, {to: b, from: y}]",
        ),
    ],
)
def test_a_rule_backwards(forward: str, backward: str) -> None:
    """Each kind of rule, and what it becomes."""
    assert _back(forward) == yaml.safe_load(dedent(backward))


@pytest.mark.parametrize(
    ("rules", "target", "reason"),
    [
        (
            "- {to: x, value: v, when: {path: b, exists: true}}",
            "x",
            "its `when` looks at `b`, which nothing writes back",
        ),
        ("- {to: x, from: a, via: [kleine-letters]}", "x", "no function undoes `kleine-letters`"),
        ("- {to: x, from: $zender}", "x", "`$zender` comes with the message and is not in it"),
        ("- {to: x, from: 'a[2]'}", "x", "`a[2]` cannot be written: its place among its sisters is not known"),
        ("[{to: x, from: a}, {to: y, from: a}]", "y", "`a` is written back by the rule at proef.map.yaml:5"),
        ("[{to: x, from: a}, {to: y, from: a/b}]", "y", "`a` is written back by the rule at proef.map.yaml:5"),
        (
            """
            - {to: x, from: a, when: {path: b, exists: true}}
            - {to: x, from: c, when: {path: d, exists: true}}
            - {to: b, from: b}
            - {to: d, from: d}
            """,
            "x",
            "several rules fill `x`, and its value does not say which",
        ),
        (
            "[{to: 'x[]', from: a}, {to: 'x[]', from: b}]",
            "x[]",
            "several rules append to `x[]`, and nothing in a value says which",
        ),
        (
            "[{to: 'x[]', each: a, rules: [{to: y, from: c}]}, {to: 'x[]', each: b, rules: [{to: y, from: c}]}]",
            "x[].y",
            "several rules append to `x[]`, and nothing in an item says which",
        ),
        (
            "- {to: x, from: a, when: {path: b, equals: J}}",
            "x",
            "its `when` looks at `b`, which nothing writes back",
        ),
        (
            "- {to: x, from: a, when: {path: $kind, equals: J}}",
            "x",
            "its `when` looks at `$kind`, which nothing writes back",
        ),
        (
            "- {to: x, at: a, when: {path: b, exists: true}, rules: [{to: y, from: c}]}",
            "x.y",
            "its `when` looks at `b`, which nothing writes back",
        ),
        (
            "- {to: 'x[]', each: a, rules: [{to: y, from: /kop/naam}]}",
            "x[].y",
            "`/kop/naam` is there once, and this rule fills a list",
        ),
        (
            "- {to: x, from: a, empty: {geenWaarde: omit, waardeOnbekend: 'null'}}",
            "x",
            "it gives null for a field that is not cleared, and there is no way to write that back",
        ),
        (
            "- {to: x, from: a, via: [stuf-datum], default: d, empty: {geenWaarde: default, afwezig: omit}}",
            "x",
            "its `default` is not a value that can be written back",
        ),
    ],
)  # fmt: skip
def test_a_rule_that_is_one_way_is_named(rules: str, target: str, reason: str) -> None:
    """With its place, what it fills, and why."""
    inverted = _inverted(rules)

    assert (target, reason) in [(each.target, each.reason) for each in inverted.one_way]
    assert all(each.place.line for each in inverted.one_way)


def test_what_looks_at_what_is_not_written_back_falls_out_too() -> None:
    """`b` is lost, so `x` is, so `y` is: each with the reason of its own."""
    rules = """
        - {to: b, from: b, via: [kleine-letters]}
        - {to: x, from: x, when: {path: b, exists: true}}
        - {to: y, from: y, when: {path: x, exists: true}}
        """

    assert [target for target, _ in _reasons(rules)] == ["b", "x", "y"]


def test_the_message_and_what_it_gives_change_places() -> None:
    """Nothing is ignored backwards; the zaaktype is found where the mapping put it."""
    inverted = _inverted(
        "- {to: zaak, at: object, rules: [{to: zaaktype, from: isVan/code}]}",
        zaaktype="object/isVan/code",
        ignore=[{"path": "object/x", "reason": "nobody reads it"}],
        allow=["jsonata"],
    )

    sheet = inverted.sheet
    assert (sheet.message, sheet.gives, sheet.ignore, sheet.allow) == ("proef", "bericht", (), ("jsonata",))
    assert sheet.zaaktype
    assert sheet.zaaktype.text == "zaak/zaaktype"


def test_a_constant_is_said_again_by_itself() -> None:
    """It is not written, and nobody needs to read it: the mapping gives it once more."""
    inverted = _inverted("- {to: 'x[]', each: a, rules: [{to: s, value: v}, {to: n, from: n}]}")

    assert inverted.one_way == ()
    assert [each.steps for each in inverted.sheet.ignore] == [("x", "s")]
    assert all(each.reason for each in inverted.sheet.ignore)


def test_what_the_definition_does_not_have_is_one_way() -> None:
    """`oud` is made by the adapter and never written; a name that isn't there can't be."""
    rules = """
        - {to: naam, from: object/omschrijving}
        - {to: soort, from: object/@verwerkingssoort}
        - {to: straat, from: object/heeftAlsInitiator/gerelateerde/natuurlijkPersoon/verblijfsadres/gor.straatnaam}
        - {to: oud, from: oud/identificatie}
        - {to: geheel, from: object/isVan}
        - {to: los, from: object/@los}
        - {to: weg, from: object/weg}
        """
    inverted = invert(sheet_of(yaml.safe_load(dedent(rules))), forms()["creeerZaak_Lk01"])

    assert [each.target for each in inverted.one_way] == ["oud", "geheel", "los", "weg"]


# Round trips over mappings that are made here.


Values = st.SearchStrategy[Any]


class Made(NamedTuple):
    """Rules, and what a message for them may hold: a strategy for the fields of their item."""

    rules: list[Any]
    fields: dict[str, Values]

    def message(self) -> st.SearchStrategy[dict[str, Any]]:
        """Give items that hold some of the fields."""
        return st.fixed_dictionaries({}, optional=self.fields)


DEPTH = 2
DATE = st.dates().map(lambda each: f"{each.year:04}{each:%m%d}")
WORD = st.text("abcXYZ 012", min_size=1, max_size=6).filter(str.strip)
VIA: list[tuple[list[Any], Values]] = [
    ([], WORD | st.integers(-5, 5) | st.booleans()),
    (["stuf-datum"], DATE),
    (["stuf-datum", "datum-naar-onvolledige-datum"], DATE),
    (["stuf-indicatie"], st.sampled_from("JN")),
    (["geheel-getal"], st.integers(0, 999).map(lambda each: f"{each:05}")),
    (["stuf-tijdstip"], DATE.filter(lambda each: "1950" < each < "2100")),
    ([{"code": "kleuren"}], st.sampled_from(["R", "B", "rood"])),
    ([{"tekst": {"max": 3, "longer": "cut"}}, {"tekst-ervoor": "Z-"}], WORD),
    (["huisnummer-splitsen"], st.sampled_from(["12 a", "3bis", "4-2"])),
]


class Maker:
    """Makes rules that can all be done backwards, each kind of them, and a message to match."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.number = 0

    def item(self, depth: int) -> Made:
        """Make the rules of one item."""
        made = Made([], {})
        kinds = [self.fill, self.fill, self.many, self.chosen, self.first, self.conditional]
        deep = [self.at, self.into, self.each, self.shared, self.one_of]
        for _ in range(self.draw(st.integers(1, 3))):
            self.number += 1
            name = f"n{self.number}"
            target = f"t{name}" + self.draw(st.sampled_from(["", ".diep"]))
            if depth and self.draw(st.booleans()):
                self.draw(st.sampled_from(deep))(made, f"s{name}", target, self.item(depth - 1))
            else:
                via, values = self.draw(st.sampled_from(VIA))
                rule = {"to": target, "from": f"s{name}", **({"via": via} if via else {})}
                self.draw(st.sampled_from(kinds))(made, rule, values, depth)
        return made

    def fill(self, made: Made, rule: dict[str, Any], values: Values, depth: int) -> None:
        more: list[dict[str, Any]] = [{}, {"empty": "omit"}, {"when": {"path": rule["from"], "exists": True}}]
        if "via" not in rule or depth == DEPTH:
            more.append({"default": "R"})
        made.rules.append(rule | self.draw(st.sampled_from(more)))
        made.fields[rule["from"]] = values | st.none()

    def many(self, made: Made, rule: dict[str, Any], values: Values, _depth: int) -> None:
        made.rules.append(rule | {"to": f"{rule['to']}[]"})
        made.fields[rule["from"]] = st.lists(values, max_size=3)

    def chosen(self, made: Made, rule: dict[str, Any], values: Values, _depth: int) -> None:
        made.rules.append(rule | {"from": f"{rule['from']}[soort=eerste]/waarde"})
        other = st.fixed_dictionaries({"soort": st.just("ander"), "waarde": WORD})
        one = st.fixed_dictionaries({"soort": st.just("eerste"), "waarde": values})
        made.fields[rule["from"]] = st.tuples(other, one).map(list) | st.tuples(other).map(list)

    def first(self, made: Made, rule: dict[str, Any], values: Values, _depth: int) -> None:
        source = rule.pop("from")
        made.rules.append(rule | {"first-of": [source, f"{source}b"]})
        made.fields[source] = made.fields[f"{source}b"] = values

    def conditional(self, made: Made, rule: dict[str, Any], values: Values, _depth: int) -> None:
        source = rule["from"]
        made.rules.append(rule | {"when": {"path": f"{source}o", "equals": "J"}})
        made.rules.append({"to": f"o{source}", "from": f"{source}o"})
        made.fields.update({source: values | st.none(), f"{source}o": st.sampled_from(["J", "N"])})

    def at(self, made: Made, source: str, target: str, inner: Made) -> None:
        to = self.draw(st.sampled_from([{"to": target}, {}]))
        made.rules.append({**to, "at": source, "rules": inner.rules})
        made.fields[source] = inner.message() | st.none() if to else inner.message()

    def into(self, made: Made, _source: str, target: str, inner: Made) -> None:
        made.rules.append({"to": target, "rules": inner.rules})
        made.fields.update(inner.fields)

    def one_of(self, made: Made, source: str, target: str, inner: Made) -> None:
        for kind in ("pand", "wijk"):
            place = f"{source}/{kind}"
            exists = {"path": place, "exists": True}
            made.rules.append({"to": f"soort{source}", "value": kind, "when": exists})
            made.rules.append({"to": target, "at": place, "rules": [{"to": "id", "from": "id"}, *inner.rules]})
        one = st.fixed_dictionaries({"id": WORD}, optional=inner.fields)
        made.fields[source] = st.sampled_from(["pand", "wijk"]).flatmap(lambda kind: st.fixed_dictionaries({kind: one}))

    def each(self, made: Made, source: str, target: str, inner: Made) -> None:
        made.rules.append({"to": f"{target}[]", "each": f"{source}/item", "rules": inner.rules})
        made.fields[source] = st.fixed_dictionaries({"item": st.lists(inner.message(), max_size=3)})

    def shared(self, made: Made, source: str, target: str, inner: Made) -> None:
        for side in ("links", "rechts"):
            rules = [{"to": "kant", "value": side}, {"to": "id", "from": "id"}, *inner.rules]
            made.rules.append({"to": f"{target}[]", "each": f"{source}{side}", "rules": rules})
            # An item of which only the constant is known leaves nothing to write.
            one = st.fixed_dictionaries({"id": WORD}, optional=inner.fields)
            made.fields[f"{source}{side}"] = st.lists(one, max_size=2)


def _run(text: str, message: str, source: dict[str, Any], folder: Path) -> dict[str, Any]:
    return _load(text, message, folder).run(source).data


def _load(text: str, message: str, folder: Path) -> Mapping:
    connection = folder / "mappings" / message
    (connection / "_codes").mkdir(parents=True)
    (connection / "_codes" / "kleuren.csv").write_text("van,naar\nR,rood\nB,blauw\nrood,rood\n")
    (connection / f"{message}.map.yaml").write_text(text)
    return load_mappings(connection, root=connection.parent)[message]


@given(data=st.data())
def test_what_is_written_reads_back_the_same(data: st.DataObject) -> None:
    """For rules of every kind, in objects and lists: forward, backward and forward again gives what forward gave."""
    made = data.draw(st.composite(lambda draw: Maker(draw).item(DEPTH))())
    source = data.draw(made.message())
    sheet = sheet_of(made.rules)
    inverted = invert(sheet)

    with TemporaryDirectory() as folder:
        forward = _load(file_of(made.rules, message="bericht", gives="proef"), "bericht", Path(folder))
        gives = forward.run(source).data
        back = _run(written(inverted.sheet), "proef", gives, Path(folder))
        again = forward.run(back).data

    assert [each.reason for each in inverted.one_way] == []
    assert again == gives


# The mapping that is shipped.


@pytest.fixture(scope="module")
def creeer_zaak() -> Sheet:
    root = shipped("mappings")
    files = Files(root / "formulieren-naar-zaken", root)
    return resolve(read_mapping(*files.read(root / "formulieren-naar-zaken" / "creeerZaak_Lk01.map.yaml")), files)


def _fills(rules: tuple[Rule, ...]) -> list[Fill]:
    found: list[Fill] = []
    for rule in rules:
        if isinstance(rule, Fill):
            found.append(rule)
        elif isinstance(rule, Group):
            found += _fills(rule.rules)
    return found


def test_no_rule_of_the_shipped_mapping_is_dropped_silently(creeer_zaak: Sheet) -> None:
    """Each is done backwards, named as one-way, or a constant that comes back by itself."""
    inverted = invert(creeer_zaak)

    named = {each.place for each in inverted.one_way}
    back = {each.place for each in _fills(inverted.sheet.rules)}
    again = {each.place for each in inverted.sheet.ignore}
    rules = _fills(creeer_zaak.rules)
    assert [each for each in rules if each.sources and each.place not in named | back] == []
    assert [each for each in rules if not each.sources and each.place not in named | again] == []


def test_few_rules_of_the_shipped_mapping_are_one_way(creeer_zaak: Sheet) -> None:
    """What is one-way is a matter of a function, or of one element that two rules read."""
    one_way = invert(creeer_zaak).one_way

    reasons = {each.reason.partition(" by the rule at ")[0] for each in one_way}
    assert reasons == {"`anderZaakObject` is written back"}
    assert len(one_way) < 20 < len(_fills(creeer_zaak.rules))


def test_a_list_for_what_occurs_once_gives_its_first() -> None:
    """There is one handelsnaam; what the list holds more stays unread, and is reported."""
    ves = "object/heeftAlsInitiator[1]/gerelateerde/vestiging"
    rules = [{"to": "namen[]", "from": f"{ves}/handelsnaam"}]

    inverted = invert(sheet_of(rules), forms()["creeerZaak_Lk01"])

    target = "object.heeftAlsInitiator.gerelateerde.vestiging.handelsnaam"
    assert rules_of(inverted.sheet) == [{"to": target, "from": "namen[1]"}]


def test_what_was_before_is_read_and_never_written(creeer_zaak: Sheet) -> None:
    """With the definition at hand, `oud` is one-way too, and with it whatever the definition has no place for."""
    inverted = invert(creeer_zaak, forms()["creeerZaak_Lk01"])

    assert any(each.target.startswith("zaak.rollen[].vorige.") for each in inverted.one_way)
    assert not any("oud" in each.to.names for each in _fills(inverted.sheet.rules))


SHIPPED = {
    "creeerZaak_Lk01": "nl.zaken.zaak-aangemaakt.v1",
    "updateZaak_Lk01": "nl.zaken.zaak-bijgewerkt.v1",
    "actualiseerZaakstatus_Lk01": "nl.zaken.zaakstatus-gezet.v1",
    "voegZaakdocumentToe_Lk01": "nl.zaken.zaakdocument-toegevoegd.v1",
}


@pytest.mark.parametrize(("kind", "event"), SHIPPED.items())
def test_a_mapping_file_says_in_one_line_what_it_inverts(kind: str, event: str, tmp_path: Path) -> None:
    """The shipped mappings compile backwards, against the definition of the message that they write."""
    root = tmp_path / "mappings"
    copytree(shipped("mappings"), root)
    (root / "terug").mkdir()
    head = {"message": event, "gives": kind, "inverts": f"formulieren-naar-zaken/{kind}"}
    (root / "terug" / f"{event}.map.yaml").write_text(yaml.safe_dump(head))

    mapping = load_mappings(root / "terug", root=root, forms=forms())[event]

    assert (mapping.message, mapping.gives) == (event, kind)


def test_every_function_of_the_shipped_mapping_is_known(creeer_zaak: Sheet) -> None:
    """An inversion names functions that exist."""
    calls = [call for each in _fills(invert(creeer_zaak).sheet.rules) for call in each.via]

    assert calls
    assert all(call.name in FUNCTIONS for call in calls)
