"""What an editor says of a file is what the hub says of it: schemas and readers agree."""

from __future__ import annotations

import json
from collections.abc import Callable
from fnmatch import fnmatch
from pathlib import Path

import jsonschema
import pytest

from hub.cli.schemas import schemas, write_all, written
from hub.config.connection import Connection
from hub.config.dialects import Dialect
from hub.config.validate import validated
from hub.config.yaml import parse_yaml, read_yaml
from hub.errors import ConfigurationWrong
from hub.event.catalogue import EVENT_TYPES
from hub.event.models import ANSWERS, MODELS
from hub.mapping import grammar
from hub.mapping.functions import FUNCTIONS
from hub.mapping.paths import PathError, read_ignored, read_source, read_target
from hub.mapping.rules import read_layer, read_mapping, read_part
from hub.ports.manifest import Manifest
from hub.ports.registry import Registry

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "schemas" / "config"
SETTINGS = json.loads((ROOT / ".vscode" / "settings.json").read_text())
SCHEMAS = {name.partition(".")[0]: schema for name, schema in schemas(Registry()).items()}
READERS: dict[str, Callable[[str, str], object]] = {
    "connection": lambda name, text: validated(Connection, parse_yaml(text, name=name)),
    "mapping": read_mapping,
    "layer": read_layer,
    "part": read_part,
    "dialect": lambda name, text: validated(Dialect, parse_yaml(text, name=name)),
    "manifest": lambda name, text: validated(Manifest, parse_yaml(text, name=name)),
}
SHIPPED = [*(ROOT / "mappings").rglob("*.yaml"), *(ROOT / "adapters").rglob("manifest.yaml")]


def kinds_of(path: Path) -> list[str]:
    """Give the schemas that the editor takes for a file."""
    globs = {Path(schema).name.partition(".")[0]: glob for schema, glob in SETTINGS["yaml.schemas"].items()}
    return [kind for kind, glob in globs.items() if fnmatch(f"/{path.relative_to(ROOT)}", glob.replace("**/", "*/"))]


def complaints(kind: str, data: object) -> list[str]:
    """Give what an editor says of a file."""
    return [each.message for each in jsonschema.Draft7Validator(SCHEMAS[kind]).iter_errors(data)]


def test_the_schemas_in_the_repository_are_those_of_the_code(tmp_path: Path) -> None:
    """After a change: `python -m hub.cli.schemas`."""
    write_all(tmp_path, Registry())

    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        path.name: path.read_text() for path in FOLDER.iterdir()
    }


@pytest.mark.parametrize("kind", SCHEMAS)
def test_a_schema_is_a_schema(kind: str) -> None:
    """Of draft 7, and given to the editor for some files."""
    jsonschema.Draft7Validator.check_schema(SCHEMAS[kind])

    assert f"./schemas/config/{kind}.schema.json" in SETTINGS["yaml.schemas"]
    assert json.loads(written(SCHEMAS[kind])) == SCHEMAS[kind]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_that_comes_with_the_hub_fits_the_one_schema_that_the_editor_takes_for_it(path: Path) -> None:
    """Every YAML file among the mappings, and every manifest."""
    [kind] = kinds_of(path)

    assert complaints(kind, read_yaml(path).plain()) == []


def _rules(*rules: str) -> str:
    return "".join(["rules:\n", *(f"  - {each}\n" for each in rules)])


_HEAD = "message: proef\ngives: vrij\n"
_INBOUND = "connection: proef\ndirection: inbound\nadapter: stuf_zds\naccess: {kind: none}\n"
_OUTBOUND = "connection: proef\ndirection: outbound\nadapter: zgw\n"
_TARGET = "target: {services: {zaken: 'http://zaken.test/'}}\n"
_PACK = "dialect: proef\ntitle: Proef\nversions: '1'\nadapter: stuf_zds\nover: proef\n"
_MANIFEST = "name: proef\nversion: '1'\ntitle: Proef\ndirections: [inbound]\npersonal_data: geen\n"

RIGHT_RULES = (
    "{to: a, from: b}",
    "{to: a.b.c, from: /b/c/@d}",
    "{to: 'a[]', from: 'b[-1]/c[@naam=kanaal]'}",
    "{to: a, from: $zender}",
    "{to: a, first-of: [b, c], default: 1}",
    "{to: a, value: null}",
    "{to: a, value: x, when: {path: b, exists: false}}",
    "{to: a, from: b, via: [bsn]}",
    "{to: a, from: b, via: [kleine-letters, {code: kleuren}]}",
    "{to: a, from: b, via: [{code: {table: kleuren, otherwise: omit}}]}",
    "{to: a, from: b, via: [{tekst: 4}]}",
    "{to: a, from: b, lookup: kleuren}",
    "{to: a, from: b, lookup: {table: kleuren, otherwise: keep}}",
    "{to: a, from: b, empty: omit, required: true}",
    "{to: a, from: b, empty: {geenWaarde: fail, leeg: null}}",
    "{to: a, from: b, when: {path: c, in: [1, twee]}}",
    "{to: a, from: b, when: {path: c, matches: {tekst: {max: 4}}}}",
    "{to: a, from: b, when: {any: [{path: c, equals: 1}, {not: {all: [{path: d, matches: bsn}]}}]}}",
    "{use: adres}",
    "{to: a, use: adres}",
    "{to: 'a[]', each: b, empty: omit, rules: [{to: c, from: d}]}",
    "{at: b, use: adres}",
    "{when: {path: c, exists: true}, rules: [{to: c, from: d}]}",
)
WRONG_RULES = (
    "{to: a, form: b}",
    "{to: a}",
    "{from: a}",
    "{to: a, from: b, value: c}",
    "{to: a, from: b, at: c, use: d}",
    "{to: a, from: ../b}",
    "{to: a, from: b//c}",
    "{to: 'a[].b', from: c}",
    "{to: a, from: 7}",
    "{to: a, from: b, via: bsn}",
    "{to: a, from: b, via: [{bsn: 9, kleine-letters: 1}]}",
    "{to: a, from: b, empty: weg}",
    "{to: a, from: b, empty: {geenwaarde: omit}}",
    "{to: a, value: b, via: [bsn]}",
    "{to: a, first-of: [b]}",
    "{to: a, from: b, required: ja}",
    "{to: a, at: b}",
    "{each: b, use: adres}",
    "{to: a, at: b, use: adres, via: [bsn]}",
    "{to: a, from: b, when: {path: c}}",
    "{to: a, from: b, when: {exists: true}}",
    "{to: a, from: b, when: {path: c, exist: true}}",
    "{to: a, from: b, when: {path: c, exists: true, equals: d}}",
    "{to: a, from: b, when: {all: [], any: []}}",
    "[a]",
    "{}",
)
FILES = [
    *(("mapping", _HEAD + _rules(each), True) for each in RIGHT_RULES),
    *(("mapping", _HEAD + _rules(each), False) for each in WRONG_RULES),
    ("mapping", _HEAD + "inverts: a/b\nzaaktype: object/isVan/code\nallow: [jsonata]\n", True),
    ("mapping", _HEAD + "rules: []\nignore: [{path: '**/@exact', reason: alleen in een vraag}]\n", True),
    ("mapping", _HEAD, False),
    ("mapping", "gives: vrij\nrules: []\n", False),
    ("mapping", _HEAD + "rules: {}\n", False),
    ("mapping", _HEAD + "rules: []\nregels: []\n", False),
    ("mapping", _HEAD + "rules: []\nallow: [python]\n", False),
    ("mapping", _HEAD + "rules: []\nignore: [{path: a}]\n", False),
    ("mapping", _HEAD + "rules: []\nignore: [{path: a/../b, reason: weg}]\n", False),
    ("mapping", "message: 7\ngives: vrij\nrules: []\n", False),
    ("layer", "layer: {sender: OF}\nmessage: proef\nrules: []\n", True),
    ("layer", "layer: {zaaktype: [B1, B2]}\nmessage: proef\nrules: [{to: a, from: b}]\n", True),
    ("layer", "layer: {sender: OF, zaaktype: B1}\nmessage: proef\nrules: []\n", False),
    ("layer", "layer: {dialect: proef}\npart: adres\nrules: [{to: a, from: b}]\n", True),
    ("layer", "layer: {sender: OF}\npart: adres\nmessage: proef\nrules: []\n", False),
    ("layer", "layer: {sender: OF}\nrules: []\n", False),
    ("dialect", _PACK, True),
    ("dialect", _PACK + "differs: [{what: Anders, source: gezien, handled: pack, case: anders}]\n", True),
    ("dialect", _PACK + "differs: [{what: Anders, source: gezien, handled: hub}]\n", False),
    ("dialect", "dialect: proef\n", False),
    ("connection", _INBOUND + "dialects: [proef]\n", True),
    ("connection", _INBOUND + "dialects: {1900/OF: [proef]}\n", True),
    ("connection", _INBOUND + "dialects: proef\n", False),
    ("layer", "layer: {afzender: OF}\nmessage: proef\nrules: []\n", False),
    ("layer", "layer: OF\nmessage: proef\nrules: []\n", False),
    ("layer", "layer: {sender: OF}\nmessage: proef\n", False),
    ("layer", "layer: {sender: OF}\nmessage: proef\ngives: vrij\nrules: []\n", False),
    ("part", _rules("{to: a, from: b}"), True),
    ("part", "rules: []\nignore: [{path: a, reason: weg}]\n", True),
    ("part", "ignore: []\n", False),
    ("part", _HEAD + "rules: []\n", False),
    ("connection", _INBOUND, True),
    ("connection", _INBOUND + "options: {validate: accept}\npolicy: {inline_attempts: 5}\n", True),
    ("connection", _OUTBOUND + "domain: zaken\noptions: {rsin: '002220647'}\n" + _TARGET, True),
    ("connection", _INBOUND + "policy: {inline_attempts: 0}\n", False),
    ("connection", _INBOUND + "policy: {inline_attempt: 1}\n", False),
    ("connection", _INBOUND + "domain: zaken\n", False),
    ("connection", _INBOUND + "acknowledge: later\n", False),
    ("connection", _INBOUND.replace("inbound", "inwaarts"), False),
    ("connection", _INBOUND.replace("proef", "Proef"), False),
    ("connection", _INBOUND.replace("adapter: stuf_zds\n", ""), False),
    ("connection", _OUTBOUND + "options: {rsin: '002220647'}\n" + _TARGET, False),
    ("connection", _OUTBOUND + "domain: zaken\noptions: {rsin: '002220647'}\n", False),
    ("connection", _OUTBOUND + "domain: zaken\n" + _TARGET.replace("services", "diensten"), False),
    ("manifest", _MANIFEST, True),
    ("manifest", _MANIFEST + "messages: [proef_Lk01]\n", True),
    ("manifest", _MANIFEST.replace("[inbound]", "[]"), False),
    ("manifest", _MANIFEST.replace("'1'", "1"), False),
    ("manifest", _MANIFEST + "berichten: [a]\n", False),
]


@pytest.mark.parametrize(("kind", "text", "right"), FILES)
def test_the_schema_and_the_reader_agree(kind: str, text: str, right: bool) -> None:  # noqa: FBT001 - a table
    """A file that one takes the other takes too, and the same for what they refuse."""
    try:
        READERS[kind]("proef.yaml", text)
        read = True
    except ConfigurationWrong:
        read = False

    assert (read, complaints(kind, parse_yaml(text, name="proef.yaml").plain()) == []) == (right, right)


@pytest.mark.parametrize(
    ("options", "right"),
    [("{}", True), ("{validate: accept}", True), ("{validate: maybe}", False), ("{valdate: accept}", False)],
)
def test_the_options_of_an_adapter_are_checked_with_those_of_that_adapter(options: str, *, right: bool) -> None:
    """An outbound adapter's are not an inbound one's."""
    data = parse_yaml(f"{_INBOUND}options: {options}\n", name="proef.yaml").plain()

    assert (complaints("connection", data) == []) is right
    assert complaints("connection", parse_yaml(f"{_OUTBOUND}domain: zaken\n{_TARGET}", name="x").plain()) != []
    assert complaints("connection", data | {"direction": "outbound"}) != []


@pytest.mark.parametrize("call", ["kvk", "code", "{bsn: 9}", "{code: {tabel: x}}", "{tekst: {max: 1, longer: snij}}"])
def test_a_mistake_in_a_function_is_seen_while_one_types(call: str) -> None:
    """Also where the reader leaves it to the compiler, which knows the functions."""
    data = parse_yaml(_HEAD + _rules(f"{{to: a, from: b, via: [{call}]}}"), name="proef.yaml").plain()

    assert complaints("mapping", data) != []


def test_an_editor_can_complete_functions_messages_and_event_types() -> None:
    """Each with its line of explanation."""
    mapping = SCHEMAS["mapping"]
    plain, with_settings = mapping["definitions"]["call"]["anyOf"]

    assert {*plain["enum"], *with_settings["properties"]} == set(FUNCTIONS)
    assert len(plain["enum"]) == len(plain["enumDescriptions"])
    assert mapping["properties"]["gives"]["anyOf"][0]["enum"] == list(MODELS)
    assert {"creeerZaak_Lk01", *EVENT_TYPES, *ANSWERS} <= set(mapping["properties"]["message"]["anyOf"][0]["enum"])


def test_every_key_that_an_editor_shows_says_what_it_is_for() -> None:
    """Of the files themselves, of rules, and of what an adapter may be told."""
    silent = [
        f"{kind}: {name}"
        for kind, schema in SCHEMAS.items()
        for part in (schema, *schema["definitions"].values())
        for name, key in part.get("properties", {}).items()
        if not {"description", "const"} & key.keys()
    ]

    assert silent == []


PATHS = """
a a.b @a a.@b a.@b.c a.@b[] a[] a[].b a.b[] a..b a. $x /@a a/@b a/@b/c . / /a //a a/ .. a/../b ./a
a[1] a[-1] a[-2] a[x] a[b='c/d']/e a[@x=1]/@y * ** **/@x a/*/b inp.bsn sub.adres/aoa.postcode
"""


@pytest.mark.parametrize("path", ["", "a b", "extraElement[@naam=soort zaak]", *PATHS.split()])
@pytest.mark.parametrize(
    ("kind", "read"), [("source", read_source), ("target", read_target), ("ignored", read_ignored)]
)
def test_a_path_is_one_for_the_editor_when_it_is_one_for_the_reader(
    path: str, kind: str, read: Callable[[str], object]
) -> None:
    """Of a message, of a result, and under `ignore`."""
    try:
        read(path)
        readable = True
    except PathError:
        readable = False

    assert jsonschema.Draft7Validator(SCHEMAS["mapping"]["definitions"][kind]).is_valid(path) is readable


@pytest.mark.parametrize("notation", grammar.SOURCE_PATHS + grammar.TARGET_PATHS + grammar.IGNORED_PATHS)
def test_a_notation_that_is_explained_can_be_read(notation: grammar.Notation) -> None:
    """By the reader of its kind."""
    for example in notation.examples:
        if notation in grammar.TARGET_PATHS:
            assert read_target(example).text == example
        elif notation in grammar.IGNORED_PATHS:
            assert read_ignored(example)
        else:
            assert read_source(example).text == example


def test_the_editor_is_told_which_extension_reads_the_schemas() -> None:
    """VS Code offers it when the folder is opened."""
    extensions = json.loads((ROOT / ".vscode" / "extensions.json").read_text())

    assert extensions == {"recommendations": ["redhat.vscode-yaml"]}
