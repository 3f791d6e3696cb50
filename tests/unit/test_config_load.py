"""Connections from their folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.config.connection import Direction
from hub.config.load import load_connection, load_connections
from hub.errors import ConfigurationWrong

INBOUND = "connection: formulieren\ndirection: inbound\nadapter: stuf_zds\naccess: {kind: none}\n"

OUTBOUND = """\
connection: zaken-naar-zgw
direction: outbound
adapter: zgw
domain: zaken
target:
  services: {zaken: "${ZGW_URL}/zaken"}
  auth: {kind: zgw-jwt, client_id: zaakhub, secret: "${ZGW_SECRET}"}
options: {rsin: "002564440"}
policy:
  inline_attempts: 5
"""

ENVIRON = {"ZGW_URL": "https://zgw.example.nl", "ZGW_SECRET": "zeer-geheim"}


def write(mappings: Path, name: str, text: str) -> Path:
    """Write the connection.yaml of a connection."""
    folder = mappings / name
    folder.mkdir()
    (folder / "connection.yaml").write_text(text, encoding="utf-8")
    return folder


def problems(mappings: Path, environ: dict[str, str] | None = None) -> list[str]:
    """Load connections that are wrong and give what is said, from the name of the folder on."""
    with pytest.raises(ConfigurationWrong) as caught:
        load_connections(mappings, ENVIRON if environ is None else environ)
    return [str(problem).removeprefix(f"{mappings}/") for problem in caught.value.problems]


def test_a_connection_is_what_its_file_says(tmp_path: Path) -> None:
    """Values, the environment and the policy come together; the file is remembered."""
    folder = write(tmp_path, "zaken-naar-zgw", OUTBOUND)

    connection = load_connections(tmp_path, ENVIRON)["zaken-naar-zgw"]

    assert connection.direction is Direction.OUTBOUND
    assert connection.domain == "zaken"
    assert connection.options == {"rsin": "002564440"}
    assert connection.policy.inline_attempts == 5
    assert connection.policy.retry_wait_s == 30.0
    assert connection.target is not None
    assert connection.target.services == {"zaken": "https://zgw.example.nl/zaken/"}
    assert connection.file == folder / "connection.yaml"
    assert connection.options_node.mapping()["rsin"].place.line == 8


def test_a_secret_does_not_print(tmp_path: Path) -> None:
    """A connection may be shown."""
    connection = load_connection(write(tmp_path, "zaken-naar-zgw", OUTBOUND), ENVIRON)

    assert "zeer-geheim" not in f"{connection} {connection!r}"


def test_folders_with_parts_and_codes_are_no_connections(tmp_path: Path) -> None:
    """`_codes` and `_parts` are shared by connections."""
    write(tmp_path, "formulieren", INBOUND)
    (tmp_path / "_codes").mkdir()
    (tmp_path / ".git").mkdir()
    (tmp_path / "README.md").write_text("x", encoding="utf-8")

    assert list(load_connections(tmp_path, {})) == ["formulieren"]


def test_an_unset_variable_is_an_error_at_its_line(tmp_path: Path) -> None:
    """Every one of them is told, with a near name where there is one."""
    write(tmp_path, "zaken-naar-zgw", OUTBOUND)

    assert problems(tmp_path, {"ZGW_SECRETS": "x"}) == [
        "zaken-naar-zgw/connection.yaml:6:21: the environment has no ZGW_URL (set it, or write the value here)",
        "zaken-naar-zgw/connection.yaml:7:53: the environment has no ZGW_SECRET (did you mean ZGW_SECRETS?)",
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("adapter: zgw", "adpter: zgw", "3:1: unknown key adpter (did you mean adapter?)"),
        ("adapter: zgw\n", "", "1:1: the key adapter is missing"),
        ("domain: zaken\n", "", "1:1: domain is missing: a connection that is outbound must say it"),
        (
            "direction: outbound",
            "direction: outbond",
            "2:12: direction must be 'inbound', 'outbound' or 'ask' (did you",
        ),
        ("inline_attempts: 5", "inline_attempts: 0", "10:20: inline_attempts must be greater than or equal to 1"),
        ("inline_attempts: 5", "inline_atempts: 5", "10:3: unknown key inline_atempts (did you mean inline_attempts?)"),
        ("kind: zgw-jwt", "kind: zgwjwt", "7:9: auth is none of the known kinds (did you mean zgw-jwt?)"),
        ("client_id: zaakhub", "client_id: 12", "7:36: client_id must be a valid string (put it in quotes)"),
        ("secret:", "secrt:", "7:9: the key secret is missing"),
        ("connection: zaken-naar-zgw", "connection: zaken", "1:13: connection must be the name of its folder, zaken-"),
        ("options: {", "options: [", "8:28: is not YAML: while parsing a flow sequence"),
        ('options: {rsin: "002564440"}', "options: [rsin]", "8:10: options must be a valid dictionary"),
        ("policy:\n", "policy:\n  inline_attempts: 4\n", "11:3: the key inline_attempts stands here twice"),
    ],
)
def test_a_mistake_is_an_error_at_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    """File, line, column, what is wrong, and the likely correction."""
    write(tmp_path, "zaken-naar-zgw", OUTBOUND.replace(old, new))

    expected = f"zaken-naar-zgw/connection.yaml:{said}"
    assert [line for line in problems(tmp_path) if line.startswith(expected)]


def test_no_error_repeats_a_secret(tmp_path: Path) -> None:
    """A wrong value is described, not shown."""
    text = OUTBOUND.replace("kind: zgw-jwt, client_id: zaakhub", "kind: bearer").replace(
        "secret:", "token: ''\n   , x:"
    )
    write(tmp_path, "zaken-naar-zgw", text)

    assert "zeer-geheim" not in "\n".join(problems(tmp_path))


def test_an_inbound_connection_has_no_target(tmp_path: Path) -> None:
    """What an outbound connection needs is refused where it would do nothing."""
    write(tmp_path, "formulieren", INBOUND + "domain: zaken\n")

    assert problems(tmp_path) == ["formulieren/connection.yaml:5:9: domain is only for an outbound connection"]


def test_problems_of_all_connections_are_told_at_once(tmp_path: Path) -> None:
    """Nobody has to start three times to find three mistakes."""
    write(tmp_path, "a", "connection: a\n")
    write(tmp_path, "b", "x: [")
    (tmp_path / "c").mkdir()

    found = problems(tmp_path)

    assert [line.partition(": ")[0] for line in found] == [
        "a/connection.yaml:1:1",
        "a/connection.yaml:1:1",
        "b/connection.yaml:1:5",
        "c/connection.yaml",
    ]


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """The message says which setting names it."""
    with pytest.raises(ConfigurationWrong, match=r"no such folder of connections \(set ZAAKHUB_MAPPINGS\)"):
        load_connections(tmp_path / "weg", {})


def test_an_inbound_connection_says_who_may_send(tmp_path: Path) -> None:
    """Leaving it out would leave the door open without anybody having said so."""
    (tmp_path / "formulieren").mkdir()
    (tmp_path / "formulieren" / "connection.yaml").write_text(INBOUND.replace("access: {kind: none}\n", ""))

    with pytest.raises(ConfigurationWrong, match=r"access is missing: .* access: \{kind: none\} for anybody"):
        load_connections(tmp_path, {})


def test_a_mistake_in_a_list_of_checks_is_told_at_its_place(tmp_path: Path) -> None:
    """With what was probably meant, and without the secret."""
    (tmp_path / "formulieren").mkdir()
    rules = "access:\n  - {kind: basick, user: a}\n  - {kind: addresses, allow: [10.0.0.300]}\n"
    (tmp_path / "formulieren" / "connection.yaml").write_text(INBOUND.replace("access: {kind: none}\n", rules))

    with pytest.raises(ConfigurationWrong) as caught:
        load_connections(tmp_path, {})

    assert [str(each).partition("connection.yaml:")[2] for each in caught.value.problems] == [
        "5:5: 0 is none of the known kinds (did you mean basic?)",
        "6:31: 0 must be an address or a network, like 10.1.2.3 or 10.1.0.0/16",
    ]
