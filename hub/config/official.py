"""The message definitions that an operator imported: where they lie, and whether they are still what was imported.

Below ZAAKHUB_HOME, one folder for each set: its documents, and `manifest.json` with the SHA-256 of each of them and of
what they were made of. It knows files and checksums; it refuses to know what is in a document.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp

from pydantic import BaseModel, ConfigDict, ValidationError

from hub.config.likely import did_you_mean
from hub.config.settings import PREFIX, Settings
from hub.errors import ActRefused, ConfigurationWrong

_MANIFEST = "manifest.json"
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,49}").fullmatch


class Manifest(BaseModel):
    """What was imported. `published`: SHA-256 of each document as published; `documents`: of each as it is kept."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    imported: datetime
    source: str
    entries: tuple[str, ...]
    notes: tuple[str, ...] = ()
    published: dict[str, str]
    documents: dict[str, str]


def folder() -> Path:
    """Give the folder of all sets."""
    return Path(os.environ.get(f"{PREFIX}HOME") or Settings.model_fields["home"].default) / "schemas"


def name_for(source: Path) -> str:
    """Give a set the name of the folder or zip that it comes from."""
    return re.sub(r"[^a-z0-9._-]+", "-", source.resolve().stem.lower()).strip("-._")[:50] or "schemas"


def check_name(name: str) -> None:
    """Refuse a name that is no name of a folder here; raises ConfigurationWrong."""
    if not _NAME(name):
        raise ConfigurationWrong(
            "the name of a set has at most 50 small letters, digits, dots and hyphens", file="", code="schemas",
            advice="give another one with --name",
        )  # fmt: skip


def keep(manifest: Manifest, documents: Mapping[str, bytes]) -> bool:
    """Keep a set, whole or not at all; False when it is there already. Raises ActRefused when another one has its name.

    `manifest.documents` must hold the checksums of `documents`.
    """
    check_name(manifest.name)
    place = folder() / manifest.name
    if place.exists():
        if changes(manifest.name) or manifest_of(manifest.name).published != manifest.published:
            raise ActRefused(
                f"there is another set with the name {manifest.name}, and connections may use it", code="schemas",
                advice=f"give this one another --name, or remove {place} first",
            )  # fmt: skip
        return False
    folder().mkdir(parents=True, exist_ok=True)
    making = Path(mkdtemp(prefix=".making-", dir=folder()))
    try:
        for name, content in documents.items():
            (making / name).write_bytes(content)
        (making / _MANIFEST).write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")
        making.chmod(0o755)
        making.rename(place)
    except OSError as error:
        raise ConfigurationWrong(f"cannot be written: {error.strerror}", file=place, code="schemas") from None
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return True


def names() -> list[str]:
    """Give the names of all sets."""
    return sorted(each.parent.name for each in folder().glob(f"*/{_MANIFEST}") if _NAME(each.parent.name))


def manifest_of(name: str) -> Manifest:
    """Read the manifest of a set; raises ConfigurationWrong when there is none."""
    check_name(name)
    file = folder() / name / _MANIFEST
    try:
        return Manifest.model_validate_json(file.read_bytes())
    except FileNotFoundError:
        raise ConfigurationWrong(
            f"no message definitions were imported under the name {name}", file=folder(), code="schemas",
            advice=did_you_mean(name, names()) or "import them: zaakhub schemas import <folder or zip>",
        ) from None  # fmt: skip
    except (ValidationError, OSError):
        raise ConfigurationWrong(
            "is no manifest of a set", file=file, code="schemas", advice="remove its folder and import the set again"
        ) from None


def changes(name: str) -> list[str]:
    """Say of each document what happened to it since the import; nothing when all is as it was."""
    manifest = manifest_of(name)
    there = {each.name for each in (folder() / name).glob("*.xsd")}
    missing = [f"{each} is gone" for each in manifest.documents if each not in there]
    added = [f"{each} was added" for each in sorted(there - manifest.documents.keys())]
    changed = [
        f"{each} changed"
        for each, said in manifest.documents.items()
        if each in there and checksum((folder() / name / each).read_bytes()) != said
    ]
    return missing + changed + added


def documents_of(name: str) -> dict[str, bytes]:
    """Read the documents of a set; raises ConfigurationWrong when they are not what was imported."""
    if found := changes(name):
        raise ConfigurationWrong(
            f"is not what was imported: {found[0]}" + (f" (and {len(found) - 1} more)" if len(found) > 1 else ""),
            file=folder() / name, code="schemas", advice="remove the folder and import the set again",
        )  # fmt: skip
    return {each: (folder() / name / each).read_bytes() for each in manifest_of(name).documents}


def checksum(content: bytes) -> str:
    """Give the SHA-256 of a document."""
    return sha256(content).hexdigest()
