"""The mappings of a connection as one piece: compiled, and packed with everything that they are made of.

A worker that gets the pack compiles the same mappings, whatever lies in its own folder. It knows which files a
mapping may come from; it refuses to know what is in them. `hub.mapping.compile` is the only compiler: a pack is laid
out in a folder of its own for it, which is gone afterwards.
"""

from __future__ import annotations

import hashlib
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import orjson

from hub.config import dialects, policy
from hub.config.yaml import read_yaml
from hub.errors import ConfigurationWrong
from hub.mapping.compile import load_mappings
from hub.mapping.read import CONNECTION, Folder
from hub.mapping.run import Mapping as FieldMapping
from hub.wire.form import Form

Mappings = Mapping[str, FieldMapping]
Forms = Mapping[str, Form]

_MAPPINGS = "*.map.yaml"
_PATTERNS = (_MAPPINGS, "*.layer.yaml", "_parts/*.yaml", "_codes/*.csv")
_SHARED = ("_parts/*.yaml", "_codes/*.csv")
_OF_DIALECTS = (dialects.FILE, "*.layer.yaml")
_TRIES = 3


class Bundle(NamedTuple):
    """`revision` changes with every file that one of the mappings uses; `files` is the pack."""

    revision: str
    mappings: Mappings
    files: bytes


def read_bundle(connection: str, root: Path, *, forms: Forms) -> Bundle:
    """Read, compile and pack the mappings of a connection as they lie below `root`; raises ConfigurationWrong."""
    for _ in range(_TRIES):
        files = pack(connection, root)
        mappings = load_mappings(root / connection, root=root, forms=forms)
        if pack(connection, root) == files:
            return Bundle(revision_of(mappings), mappings, files)
    raise ConfigurationWrong(
        "the files change while they are read",
        file=f"{root.name}/{connection}",
        advice="try again when all are in place",
    )


def compile_bundle(connection: str, files: bytes, *, root_name: str, home: Path, forms: Forms) -> Mappings:
    """Compile a pack; raises ConfigurationWrong as for the files themselves.

    `root_name` is what errors call the folder of connections; `home` a folder that may be written in.
    """
    with _laid_out(files, root_name, home) as root:
        return load_mappings(root / connection, root=root, forms=forms)


def revision_of(mappings: Mappings) -> str:
    """Give the revision of a connection: twelve hexadecimal digits that change when one of its mappings does."""
    said = "\n".join(f"{kind} {mappings[kind].revision}" for kind in sorted(mappings))
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def pack(connection: str, root: Path) -> bytes:
    """Pack all files that mappings of a connection may come from, also those of mappings that it inverts.

    Of a connection.yaml only which dialects it uses goes along: nothing else of it makes a mapping.
    """
    found: dict[str, Path] = {}
    said: dict[str, str] = {}
    waiting, seen = [connection], set[str]()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        found |= _files(root / name, root, _PATTERNS)
        if (used := Folder(root / name, root=root).dialects()).plain():
            said[f"{name}/{CONNECTION}"] = orjson.dumps({"dialects": used.plain()}).decode()
            for each in used.named():
                found |= _files(root / dialects.FOLDER / each.text(), root, _OF_DIALECTS)
        waiting += [inverted for path in (root / name).glob(_MAPPINGS) if (inverted := _inverts(path))]
    found |= _files(root, root, _SHARED)
    texts = said | {name: _text(found[name], f"{root.name}/{name}") for name in sorted(found)}
    if sum(map(len, texts.values())) > policy.REVISION_BYTES_MAX:
        raise ConfigurationWrong(
            f"the mappings and tables are larger than {policy.REVISION_BYTES_MAX} bytes together",
            file=f"{root.name}/{connection}",
            advice="what changes daily is no table of a mapping",
        )
    return packed(texts)


def _files(folder: Path, root: Path, patterns: tuple[str, ...]) -> dict[str, Path]:
    return {path.relative_to(root).as_posix(): path for pattern in patterns for path in folder.glob(pattern)}


def _inverts(path: Path) -> str:
    """Give the connection whose mapping this one does backwards, if any; a mistake in the file is the compiler's."""
    with suppress(ConfigurationWrong):
        said = read_yaml(path).mapping().get("inverts")
        return said.text().partition("/")[0] if said is not None else ""
    return ""


def _text(path: Path, name: str) -> str:
    try:
        return path.read_bytes().decode()
    except UnicodeDecodeError:
        raise ConfigurationWrong("the file is not UTF-8", file=name, code="mapping") from None


def packed(texts: Mapping[str, str]) -> bytes:
    """Pack texts, by path below the folder of connections."""
    return zlib.compress(orjson.dumps(dict(texts)), level=9)


def unpack(files: bytes) -> dict[str, str]:
    """Give the texts of a pack, by path below the folder of connections."""
    unpacking = zlib.decompressobj()
    # Escapes can double what was packed, and what is larger was never packed by us.
    texts: dict[str, str] = orjson.loads(unpacking.decompress(files, 2 * policy.REVISION_BYTES_MAX))
    return texts


@contextmanager
def _laid_out(files: bytes, root_name: str, home: Path) -> Iterator[Path]:
    texts = unpack(files)
    with tempfile.TemporaryDirectory(prefix="revision-", dir=home) as folder:
        root = Path(folder) / root_name
        for name, text in texts.items():
            assert not PurePosixPath(name).is_absolute(), name
            assert ".." not in PurePosixPath(name).parts, name
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        yield root
