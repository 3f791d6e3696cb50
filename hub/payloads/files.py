"""The payload store in a folder: one file per content, in 256 shards.

    <folder>/<first two digits>/<reference>    a whole content, mode 0600
    <folder>/parts/<reference>                 one that is being written; its writer holds a lock on it

A content is written and synced as a part, renamed into its shard, and the shard is synced: after a power cut it is
there whole or not at all. What a killed process left in `parts` is removed at the next start.
It knows files; it refuses to know what is in them.
"""

from __future__ import annotations

import asyncio
import errno
import fcntl
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import BinaryIO, TypeVar

from hub.config.policy import PAYLOAD_CHUNK_BYTES
from hub.errors import HubUnavailable
from hub.payloads.contract import Writer
from hub.payloads.reference import checked, missing, new_reference

T = TypeVar("T")


class FilePayloads:
    """See `hub.payloads.contract.Payloads`."""

    def __init__(self, folder: Path) -> None:
        """Make the folder where needed and remove what nobody is writing any more; raises OSError."""
        self._folder = folder
        self._parts = folder / "parts"
        self._parts.mkdir(parents=True, exist_ok=True, mode=0o700)
        for left in self._parts.iterdir():
            _remove_unlocked(left)

    def new_reference(self) -> str:
        """Make a reference."""
        return new_reference()

    @asynccontextmanager
    async def writer(self, reference: str) -> AsyncIterator[Writer]:
        """Write one content; synced when the block ends, gone when it raises."""
        final = self._path(reference)
        part = self._parts / reference
        file = await _in_thread(lambda: _create(part, final))
        writer = _PartWriter(file)
        try:
            yield writer
            await _in_thread(lambda: _commit(file, bytes(writer.waiting), part, final))
        except BaseException:
            # Also on cancellation: the message is not accepted, so its content must not stay. A commit that had
            # finished when the cancellation came is undone.
            await _in_thread(lambda: _abandon(file, part, final))
            raise

    async def open(self, reference: str) -> AsyncIterator[bytes]:
        """Give the content in chunks of PAYLOAD_CHUNK_BYTES."""
        path = self._path(reference)
        if not await self.exists(reference):
            raise missing()
        file = await _in_thread(lambda: path.open("rb"))
        try:
            while chunk := await _in_thread(lambda: file.read(PAYLOAD_CHUNK_BYTES)):
                yield chunk
        finally:
            file.close()

    async def exists(self, reference: str) -> bool:
        """Say whether a content is there, whole."""
        path = self._path(reference)
        return await _in_thread(path.is_file)

    async def delete(self, reference: str) -> None:
        """Forget a content."""
        path = self._path(reference)
        await _in_thread(lambda: path.unlink(missing_ok=True))

    async def healthy(self) -> bool:
        """Say whether the folder can be written."""
        return await _in_thread(lambda: os.access(self._parts, os.W_OK))

    def _path(self, reference: str) -> Path:
        return self._folder / checked(reference)[:2] / reference


class _PartWriter:
    """Collects small chunks, so that a thread is asked for a whole buffer."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.waiting = bytearray()

    async def write(self, chunk: bytes) -> None:
        self.waiting += chunk
        if len(self.waiting) >= PAYLOAD_CHUNK_BYTES:
            full = bytes(self.waiting)
            self.waiting.clear()
            await _in_thread(lambda: self._file.write(full))


async def _in_thread(work: Callable[[], T]) -> T:
    """Do blocking work in a thread, to its end even when cancelled: nobody closes a file under a running write."""
    task = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        with suppress(Exception):
            await task
        raise
    except OSError as error:
        raise HubUnavailable(
            f"the payload store fails: {error.strerror}", code="payload-store", advice="look at the disk of the hub"
        ) from error


def _create(part: Path, final: Path) -> BinaryIO:
    if final.exists():
        raise FileExistsError(errno.EEXIST, "a content is written once")
    file = os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return file


def _commit(file: BinaryIO, rest: bytes, part: Path, final: Path) -> None:
    with file:
        file.write(rest)
        file.flush()
        os.fsync(file.fileno())
        if not final.parent.is_dir():
            final.parent.mkdir(exist_ok=True, mode=0o700)
            _sync(final.parent.parent)
        part.rename(final)
        _sync(final.parent)


def _abandon(file: BinaryIO, part: Path, final: Path) -> None:
    part.unlink(missing_ok=True)
    final.unlink(missing_ok=True)
    with suppress(OSError):  # closing writes what was buffered, and the disk may be full
        file.close()


def _sync(folder: Path) -> None:
    """Make the names in a folder durable: fsync of a file says nothing of its name."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove_unlocked(part: Path) -> None:
    with suppress(FileNotFoundError, BlockingIOError), part.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        part.unlink()
