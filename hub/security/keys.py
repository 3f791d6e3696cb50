"""The keys of an installation: one secret of 32 bytes in a file, and from it one key for each purpose.

It knows where the secret lies, and how a key is derived (HKDF-SHA256, RFC 5869), so that what one key gives away says
nothing of another. It refuses to know what is done with them, and shows none of them.
"""

from __future__ import annotations

import binascii
import hmac
import os
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import SecretStr

from hub.errors import ConfigurationWrong
from hub.security.personal import HIDDEN, Bsn

VARIABLE = "ZAAKHUB_KEY_FILE"
KEY_BYTES = 32

SUBJECT_CHARS = 32
"""128 bits of a keyed hash in hex: no two of the 900 million BSNs share one, and half the index of all 256."""

Purpose = Literal["bsn", "logboek", "replay", "session", "cursor", "answer", "limiet", "vulling"]


class Keys:
    """The keys, read when the first is needed: a command that signs and finds nothing needs none."""

    def __init__(self, master: Callable[[], bytes]) -> None:
        """Take what gives the secret; it may raise ConfigurationWrong."""
        self._master = cache(master)
        self.of = cache(self._derived)

    @classmethod
    def at(cls, file: Path | None, *, made_at: Path | None) -> Keys:
        """Take the file of the setting; without one, the file that is made where `made_at` says, if anywhere."""
        if file is not None:
            return cls(partial(_read, file))
        return cls(_missing if made_at is None else partial(_read_or_made, made_at))

    def subject(self, bsn: Bsn) -> str:
        """Give what stands in the ledger for a person: nobody finds the BSN from it without the key."""
        return hmac.digest(self.of("bsn"), bsn.reveal().encode(), "sha256").hex()[:SUBJECT_CHARS]

    def sealed(self, bsn: Bsn) -> str:
        """Encrypt a person for the Logboek Dataverwerkingen: the same one gives the same text (AES-SIV, RFC 5297)."""
        return urlsafe_b64encode(AESSIV(self.of("logboek")).encrypt(bsn.reveal().encode(), None)).decode()

    def unsealed(self, sealed: str) -> Bsn:
        """Tell who that was; raises ValueError when it was not written with this key."""
        try:
            return Bsn(AESSIV(self.of("logboek")).decrypt(urlsafe_b64decode(sealed), None).decode())
        except (InvalidTag, binascii.Error):
            raise ValueError("this was not written with the key of this installation") from None

    def alias(self, secret: SecretStr) -> str:
        """Give what stands in the ledger for what a source knows us by: nobody finds it from that without the key."""
        return hmac.digest(self.of("limiet"), secret.get_secret_value().encode(), "sha256").hex()[:SUBJECT_CHARS]

    def __repr__(self) -> str:
        return f"Keys({HIDDEN})"

    def _derived(self, purpose: Purpose) -> bytes:
        """Give the key for a purpose, 32 bytes; raises ConfigurationWrong when there is no usable secret."""
        derivation = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=f"zaakhub {purpose}".encode())
        return derivation.derive(self._master())


def _missing() -> bytes:
    raise ConfigurationWrong(
        "is missing: required outside ontwikkel",
        file=VARIABLE,
        advice=f"name a file of {KEY_BYTES} random bytes that every process of the installation reads",
    )


def _read(file: Path) -> bytes:
    try:
        secret = file.read_bytes()
    except OSError as error:
        raise ConfigurationWrong(f"cannot be read: {error.strerror}", file=file, advice=f"see {VARIABLE}") from None
    if len(secret) != KEY_BYTES:
        raise ConfigurationWrong(
            f"holds {len(secret)} bytes, not {KEY_BYTES}",
            file=file,
            advice=f"make one with: openssl rand -out {file.name} {KEY_BYTES}",
        )
    return secret


def _read_or_made(file: Path) -> bytes:
    if not file.exists():
        _make(file)
    return _read(file)


def _make(file: Path) -> None:
    """Make the file whole or not at all; of two processes that start at once, one makes it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    made = file.with_name(f"{file.name}.{os.getpid()}")
    with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as writing:
        writing.write(secrets.token_bytes(KEY_BYTES))
        writing.flush()
        os.fsync(writing.fileno())
    try:
        os.link(made, file)
    except FileExistsError:
        return
    finally:
        made.unlink()
