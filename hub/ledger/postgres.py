"""The ledger in PostgreSQL: for production, and for workers on several machines. The only file here that knows asyncpg.

Lists travel as arrays, one statement per list (measured: 48,000 rows/s against 2,900 one by one). A lost connection is
replaced by the pool at the next call. The password is in the URL, and the URL is never printed.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar

import asyncpg
import orjson
import structlog
from pydantic import SecretStr

from hub.clock import Clock
from hub.config.policy import (
    LEDGER_CONNECT_TIMEOUT_S,
    LEDGER_CONNECTIONS_MAX,
    LEDGER_RACES_MAX,
    LEDGER_STATEMENT_TIMEOUT_S,
)
from hub.errors import ConfigurationWrong, HubUnavailable
from hub.ledger.migrate import migrate
from hub.ledger.rows import Cell, Cells, Row, fitting
from hub.ledger.statements import statements_for
from hub.ledger.store.base import Raced, Transaction
from hub.ledger.store.ledger import SqlLedger

log = structlog.get_logger()
T = TypeVar("T")

_STATEMENTS = statements_for("postgres")

# Strict, so that what is printed (host and database) can't hold a piece of a password that was not percent-encoded.
_URL = re.compile(r"postgresql://(?:[^@/?#]*@)?(?P<host>[^@/?#]*)(?P<database>/[^@?#]*)?(?:\?[^#]*)?")

_SESSION = {
    "application_name": "zaakhub",
    # Every statement looks a few hundred keys up by index: compiling it costs more than running it.
    "jit": "off",
    # And it should stay that way: a plan made while a table was small, or before it had statistics, reads all of it
    # (measured: a sixth of the look-ups per second at 12,000 rows already).
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
}

_LOST_RACE = (Raced, asyncpg.DeadlockDetectedError, asyncpg.SerializationError)

_UNAVAILABLE = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,  # the connection or the pool was closed under our hands
    asyncpg.InternalClientError,  # the server has just said goodbye on it, and the driver has not read that yet
    asyncpg.OperatorInterventionError,  # shutting down, starting up, cancelled
    asyncpg.InsufficientResourcesError,  # disk full, too many connections
    asyncpg.ObjectNotInPrerequisiteStateError,  # the database takes no connections
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.InsufficientPrivilegeError,
    asyncpg.ReadOnlySQLTransactionError,  # a standby, after a fail-over
    asyncpg.PostgresIOError,
)


_UNFIT = (
    asyncpg.DataError,  # NUL; and what the driver can't encode
    UnicodeError,
    orjson.JSONEncodeError,
    asyncpg.ProgramLimitExceededError,  # a row too large for its index
)


class PostgresLedger(SqlLedger):
    """See the contract. `url` is a connection URI as libpq reads it."""

    def __init__(self, url: str, clock: Clock) -> None:
        """Open nothing yet; raises ValueError for a URL that is none."""
        super().__init__(clock, _moment)
        parts = _URL.fullmatch(url)
        if parts is None:
            raise ValueError("not a connection URI")
        self._url = SecretStr(url)
        self.name = f"postgresql://{parts['host']}{parts['database'] or ''}"
        self._pool: asyncpg.Pool | None = None

    def __repr__(self) -> str:
        return f"<PostgresLedger {self.name}>"

    async def start(self) -> None:
        """Connect and migrate."""
        try:
            self._pool = await asyncpg.create_pool(
                self._url.get_secret_value(),
                min_size=1,
                max_size=LEDGER_CONNECTIONS_MAX,
                timeout=LEDGER_CONNECT_TIMEOUT_S,
                command_timeout=LEDGER_STATEMENT_TIMEOUT_S,
                max_cached_statement_lifetime=0,
                server_settings=_SESSION,
                connection_class=_Connection,
                init=_prepare_session,
            )
            await self.run(lambda tx: migrate(tx, "postgres", now=self._clock.now(), database=self.name), write=True)
        except asyncpg.ClientConfigurationError:
            # Its words can repeat the URL.
            raise ConfigurationWrong(
                "the URL of the ledger says what PostgreSQL does not know", file=self.name
            ) from None
        except _UNAVAILABLE as error:
            await self.stop()
            raise self._unavailable(error) from error
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Disconnect, at once when the server does not answer."""
        pool, self._pool = self._pool, None
        if pool is None:
            return
        try:
            async with asyncio.timeout(LEDGER_CONNECT_TIMEOUT_S):
                await pool.close()
        except _UNAVAILABLE:
            pool.terminate()

    async def run(self, work: Callable[[Transaction], Awaitable[T]], *, write: bool) -> T:
        """Run `work` in one transaction; a read is one statement and needs none."""
        if self._pool is None:
            raise HubUnavailable("the ledger is not started", code="ledger")
        cleaned = False
        for _ in range(LEDGER_RACES_MAX):
            try:
                async with self._pool.acquire(timeout=LEDGER_CONNECT_TIMEOUT_S) as connection:
                    tx = _PostgresTransaction(connection, cleaned=cleaned)
                    if not write:
                        return await work(tx)
                    async with connection.transaction():
                        return await work(tx)
            except _LOST_RACE:
                continue
            except _NotText as error:
                if cleaned:
                    raise
                log.warning("ledger_text_cleaned", statement=error.statement)
                cleaned = True
            except _UNAVAILABLE as error:
                raise self._unavailable(error) from error
        raise HubUnavailable(f"ledger {self.name}: other workers hold the same rows", code="ledger")

    def _unavailable(self, error: BaseException) -> HubUnavailable:
        # The kind of error and no more: the words of a server can repeat what it was sent.
        return HubUnavailable(
            f"ledger {self.name}: {type(error).__name__}",
            code="ledger",
            advice="is PostgreSQL up, and are host, database, user, password and rights as they should be?",
        )


class _Connection(asyncpg.Connection):  # type: ignore[misc] # asyncpg brings no types
    """A connection that is given back as it is: we leave nothing behind in a session, and it saves a round trip."""

    def get_reset_query(self) -> str:
        return ""


async def _prepare_session(connection: asyncpg.Connection) -> None:
    await connection.fetch(_STATEMENTS["session"])


class _PostgresTransaction:
    """Statements on a connection of the pool."""

    def __init__(self, connection: asyncpg.Connection, *, cleaned: bool = False) -> None:
        self._connection = connection
        self._cleaned = cleaned
        self.moment = _moment

    async def rows(self, name: str, *values: Cell) -> Sequence[Row]:
        return await self._fetch(name, *values)

    async def match(self, name: str, keys: Collection[Cells], *values: Cell) -> Sequence[Row]:
        return await self._fetch(name, *_columns(keys), *values)

    async def change(self, name: str, *values: Cell) -> int:
        return await self._execute(name, *values)

    async def write(self, name: str, cells: Collection[Cells]) -> int:
        return await self._execute(name, *_columns(cells)) if cells else 0

    async def alone(self, names: Collection[Cells]) -> None:
        with _discreet("alone"):
            locks: list[Cell] = [
                orjson.dumps(fitting(name) if self._cleaned else name).decode() for name in sorted(names)
            ]
        if locks:
            await self._fetch("alone", locks)

    async def script(self, statements: Sequence[str]) -> None:
        for statement in statements:
            await self._connection.execute(statement)

    async def _fetch(self, name: str, *values: Cell | list[Cell]) -> Sequence[Row]:
        with _discreet(name):
            found: Sequence[Row] = await self._connection.fetch(_STATEMENTS[name], *self._fitting(values))
        return found

    async def _execute(self, name: str, *values: Cell | list[Cell]) -> int:
        with _discreet(name):
            tag: str = await self._connection.execute(_STATEMENTS[name], *self._fitting(values))
        count = tag.rpartition(" ")[2]  # `UPDATE 3`, `INSERT 0 3`, `CREATE TABLE`
        return int(count) if count.isdigit() else 0

    def _fitting(self, values: Sequence[Cell | list[Cell]]) -> Sequence[Cell | list[Cell]]:
        if not self._cleaned:
            return values
        return [list(fitting(each)) if isinstance(each, list) else fitting((each,))[0] for each in values]


class _NotText(ValueError):
    """PostgreSQL does not take a value: the text may hold what is no text, which can be cleaned."""

    def __init__(self, statement: str, error: str) -> None:
        super().__init__(f"{statement}: {error}: a value does not fit its column")
        self.statement = statement


@contextmanager
def _discreet(name: str) -> Iterator[None]:
    """Replace errors that repeat the value that they do not like: it may be somebody's."""
    try:
        yield
    except _UNFIT as error:
        raise _NotText(name, type(error).__name__) from None
    except asyncpg.IntegrityConstraintViolationError as error:
        raise ValueError(f"{name}: {type(error).__name__}: a value does not fit its column") from None


def _moment(value: datetime) -> datetime:
    """Give it as it is: asyncpg makes aware datetimes."""
    return value


def _columns(cells: Collection[Cells]) -> list[list[Cell]]:
    return [list(column) for column in zip(*cells, strict=True)]
