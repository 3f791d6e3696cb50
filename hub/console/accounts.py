"""Local accounts: for who runs the hub on one machine and has no provider of identities.

It knows the file they lie in, and how a password is kept (scrypt, RFC 7914). It refuses to know when they count: only
for `zaakhub serve` on this machine itself (`hub.console.server`).
"""

from __future__ import annotations

import os
import re
import secrets
from datetime import datetime
from hashlib import scrypt
from hmac import compare_digest
from pathlib import Path
from typing import NamedTuple

import orjson

from hub.config.policy import (
    ACCOUNT_PASSWORD_MAX,
    ACCOUNT_PASSWORD_MIN,
    ACCOUNT_SCRYPT_N,
    ACCOUNT_SCRYPT_P,
    ACCOUNT_SCRYPT_R,
)
from hub.errors import ActRefused, ConfigurationWrong
from hub.security.roles import EVERY_CONNECTION, Actor, Grant, Role

FILE = "accounts.json"
NAME = re.compile(r"[a-z][a-z0-9._-]{1,39}")

_SALT_BYTES = 16
_NOBODYS = bytes(_SALT_BYTES)


class Account(NamedTuple):
    """One person. Whoever logged in before `changed_at` has to do so again."""

    name: str
    role: Role
    connections: tuple[str, ...]
    salt: bytes
    password: bytes
    changed_at: datetime

    @property
    def id(self) -> str:
        """Say who it is: a file has every name once."""
        return f"account:{self.name}"

    @property
    def actor(self) -> Actor:
        """Give who it is, for the rights."""
        return Actor(self.name, (Grant(self.role, frozenset(self.connections)),), self.id)


class Accounts:
    """The accounts in a file; it is looked at again when it was changed."""

    def __init__(self, path: Path) -> None:
        """Read nothing yet: the file need not be there."""
        self._path = path
        self._read: tuple[tuple[int, int, int], dict[str, Account]] | None = None

    def all(self) -> list[Account]:
        """Give all accounts by name; raises ConfigurationWrong for a file that is none of ours."""
        return [account for _, account in sorted(self._accounts().items())]

    def get(self, name: str) -> Account | None:
        """Give one account."""
        return self._accounts().get(name)

    def check(self, name: str, password: str) -> Account | None:
        """Give the account when the password is right. It takes as long for a name that nobody has."""
        account = self.get(name)
        made = _hashed(password, account.salt if account else _NOBODYS)
        return account if account is not None and compare_digest(made, account.password) else None

    def add(self, name: str, password: str, role: Role, connections: tuple[str, ...], now: datetime) -> None:
        """Add an account, or change it; raises ActRefused for a name or a password that cannot be."""
        if not NAME.fullmatch(name):
            raise ActRefused(
                "that is no name for an account",
                code="account",
                advice="2 to 40 of a-z, 0-9, and . _ - ; a letter first",
            )
        if not ACCOUNT_PASSWORD_MIN <= len(password) <= ACCOUNT_PASSWORD_MAX:
            raise ActRefused(
                f"a password has {ACCOUNT_PASSWORD_MIN} to {ACCOUNT_PASSWORD_MAX} characters",
                code="account",
                advice="some words in a row are easy to remember and hard to guess",
            )
        salt = secrets.token_bytes(_SALT_BYTES)
        account = Account(name, role, connections or (EVERY_CONNECTION,), salt, _hashed(password, salt), now)
        self._write({**self._accounts(), name: account})

    def remove(self, name: str) -> bool:
        """Remove an account, also for who is logged in now; says whether there was one."""
        kept = dict(self._accounts())
        if kept.pop(name, None) is None:
            return False
        self._write(kept)
        return True

    def _accounts(self) -> dict[str, Account]:
        try:
            status = self._path.stat()
        except FileNotFoundError:
            return {}
        stamp = (status.st_mtime_ns, status.st_size, status.st_ino)
        if self._read is None or self._read[0] != stamp:
            if status.st_mode & 0o077:
                raise self._wrong("can be read by others than its owner", f"chmod 600 {self._path.name}")
            try:
                text = self._path.read_bytes()
            except OSError as error:
                raise self._wrong(f"cannot be read: {error.strerror}", "let the user of the hub own it") from None
            self._read = (stamp, self._parsed(text))
        return self._read[1]

    def _parsed(self, text: bytes) -> dict[str, Account]:
        try:
            return {each["name"]: _account(each) for each in orjson.loads(text)["accounts"]}
        except (ValueError, KeyError, TypeError):
            raise self._wrong("is not a file of accounts", "remove it, and add the accounts again") from None

    def _write(self, accounts: dict[str, Account]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        written = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        listed = {"accounts": [_plain(accounts[name]) for name in sorted(accounts)]}
        with os.fdopen(os.open(written, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as writing:
            writing.write(orjson.dumps(listed, option=orjson.OPT_INDENT_2))
            writing.flush()
            os.fsync(writing.fileno())
        written.replace(self._path)

    def _wrong(self, reason: str, advice: str) -> ConfigurationWrong:
        return ConfigurationWrong(reason, file=self._path, advice=advice)


def _hashed(password: str, salt: bytes) -> bytes:
    n, r, p = ACCOUNT_SCRYPT_N, ACCOUNT_SCRYPT_R, ACCOUNT_SCRYPT_P
    given = password[: ACCOUNT_PASSWORD_MAX + 1].encode("utf-8", "surrogatepass")
    return scrypt(given, salt=salt, n=n, r=r, p=p, maxmem=128 * r * (n + p + 2))


def _account(said: dict[str, object]) -> Account:
    connections = said["connections"]
    if not isinstance(connections, list):
        raise TypeError
    return Account(
        name=str(said["name"]),
        role=Role(str(said["role"])),
        connections=tuple(map(str, connections)),
        salt=bytes.fromhex(str(said["salt"])),
        password=bytes.fromhex(str(said["scrypt"])),
        changed_at=datetime.fromisoformat(str(said["changed_at"])),
    )


def _plain(account: Account) -> dict[str, object]:
    return {
        "name": account.name,
        "role": account.role.value,
        "connections": list(account.connections),
        "salt": account.salt.hex(),
        "scrypt": account.password.hex(),
        "changed_at": account.changed_at.isoformat(),
    }
