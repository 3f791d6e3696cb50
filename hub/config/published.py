"""The XSDs of a standard as it is published: a folder, or a zip that may be anybody's.

It knows paths and limits; it refuses to know what is in a document, to leave the folder, and to unpack to disk.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NoReturn

from hub.config.policy import SCHEMA_BYTES_MAX, SCHEMA_FILES_MAX
from hub.errors import ConfigurationWrong

_SUFFIX = ".xsd"
_ENCRYPTED = 0x1


def documents_at(source: Path) -> dict[str, bytes]:
    """Give every XSD in a folder or zip by its path in it; raises ConfigurationWrong."""
    if source.is_dir():
        return _taken(source, _in_folder(source))
    if not source.is_file():
        _refuse(source, "there is no such folder or zip", "give the path of what you downloaded")
    try:
        with zipfile.ZipFile(source) as archive:
            return _taken(source, _in_zip(source, archive))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError):
        _refuse(source, "is not a zip that can be read", "give a folder or a zip, and see whether it is complete")


def _taken(source: Path, found: Iterator[tuple[str, bytes]]) -> dict[str, bytes]:
    taken: dict[str, bytes] = {}
    room = SCHEMA_BYTES_MAX
    for path, content in found:
        room -= len(content)
        if room < 0 or len(taken) >= SCHEMA_FILES_MAX:
            limits = f"more than {SCHEMA_FILES_MAX} XSDs or {SCHEMA_BYTES_MAX // 1024**2} MB of them"
            _refuse(source, f"holds {limits}", "import one standard at a time")
        taken[path] = content
    return taken


def _in_folder(folder: Path) -> Iterator[tuple[str, bytes]]:
    for file in sorted(folder.rglob("*")):
        if file.suffix.lower() != _SUFFIX or not file.is_file():
            continue
        path = file.relative_to(folder).as_posix()
        if not file.resolve().is_relative_to(folder.resolve()):
            _refuse(folder, f"{path} is a link to outside it", "copy the document itself into the folder")
        with file.open("rb") as opened:
            content = opened.read(SCHEMA_BYTES_MAX + 1)
        yield path, content


def _in_zip(source: Path, archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    seen: set[str] = set()
    for entry in archive.infolist():
        path = PurePosixPath(entry.filename)
        if path.is_absolute() or ".." in path.parts or "\\" in entry.filename or ":" in entry.filename:
            _refuse(
                source, "holds a path that leaves it", "do not trust this file: download it again from the publisher"
            )
        if entry.is_dir() or path.suffix.lower() != _SUFFIX:
            continue
        if entry.flag_bits & _ENCRYPTED:
            _refuse(source, f"{path} is encrypted", "unpack it yourself and give the folder")
        if str(path) in seen:
            _refuse(source, f"holds {path} twice", "do not trust this file: download it again from the publisher")
        seen.add(str(path))
        with archive.open(entry) as opened:
            content = opened.read(SCHEMA_BYTES_MAX + 1)
        yield str(path), content


def _refuse(source: Path, reason: str, advice: str) -> NoReturn:
    raise ConfigurationWrong(reason, file=source, code="schemas", advice=advice)
