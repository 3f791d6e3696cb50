"""One suite for both payload stores."""

from __future__ import annotations

import asyncio
import hashlib
import os
from abc import ABC, abstractmethod
from pathlib import Path

import pytest

from hub.config.policy import PAYLOAD_CHUNK_BYTES
from hub.errors import ConfigurationWrong, HubUnavailable
from hub.payloads import files
from hub.payloads.contract import Payloads
from hub.payloads.files import FilePayloads
from hub.payloads.memory import MemoryPayloads
from hub.payloads.open import open_payloads


async def put(store: Payloads, *chunks: bytes) -> str:
    """Write one content and give its reference."""
    reference = store.new_reference()
    async with store.writer(reference) as writer:
        for chunk in chunks:
            await writer.write(chunk)
    return reference


async def content(store: Payloads, reference: str) -> bytes:
    """Read a whole content."""
    return b"".join([chunk async for chunk in store.open(reference)])


class PayloadsSuite(ABC):
    """What every payload store promises."""

    @pytest.fixture
    @abstractmethod
    def store(self, tmp_path: Path) -> Payloads:
        """Give an empty store."""

    @pytest.mark.parametrize("size", [0, 1, PAYLOAD_CHUNK_BYTES - 1, PAYLOAD_CHUNK_BYTES, 3 * PAYLOAD_CHUNK_BYTES + 7])
    async def test_what_is_written_is_read_back(self, store: Payloads, size: int) -> None:
        """Of any size, in chunks that memory can bear."""
        written = os.urandom(size)

        reference = await put(store, *(written[at : at + 10_000] for at in range(0, size, 10_000)))

        chunks = [chunk async for chunk in store.open(reference)]
        assert hashlib.sha256(b"".join(chunks)).digest() == hashlib.sha256(written).digest()
        assert all(0 < len(chunk) <= PAYLOAD_CHUNK_BYTES for chunk in chunks)
        assert await store.exists(reference)

    async def test_nothing_is_there_before_the_block_ends(self, store: Payloads) -> None:
        """A half content is never read."""
        reference = store.new_reference()
        async with store.writer(reference) as writer:
            await writer.write(b"x" * 2 * PAYLOAD_CHUNK_BYTES)

            assert not await store.exists(reference)

    async def test_a_block_that_raises_leaves_nothing(self, store: Payloads) -> None:
        """The message was not accepted, so its content must not stay."""
        reference = store.new_reference()

        async def fail() -> None:
            async with store.writer(reference) as writer:
                await writer.write(b"x" * 2 * PAYLOAD_CHUNK_BYTES)
                raise RuntimeError

        with pytest.raises(RuntimeError):
            await fail()

        assert not await store.exists(reference)
        with pytest.raises(HubUnavailable):
            await content(store, reference)

    async def test_a_cancelled_block_leaves_nothing(self, store: Payloads) -> None:
        """A sender that hangs up leaves no content behind."""
        reference = store.new_reference()
        written = asyncio.Event()

        async def send() -> None:
            async with store.writer(reference) as writer:
                await writer.write(b"x")
                written.set()
                await asyncio.Event().wait()

        sender = asyncio.create_task(send())
        await written.wait()
        sender.cancel()
        await asyncio.wait([sender])

        assert sender.cancelled()
        assert not await store.exists(reference)

    async def test_a_content_that_is_gone_is_the_fault_of_the_hub(self, store: Payloads) -> None:
        """The delivery is tried again later, with a reason."""
        with pytest.raises(HubUnavailable, match="no such content") as caught:
            await content(store, store.new_reference())

        assert caught.value.code == "payload-missing"

    async def test_a_deleted_content_is_gone(self, store: Payloads) -> None:
        """Deleting twice is no error."""
        reference = await put(store, b"x")

        await store.delete(reference)
        await store.delete(reference)

        assert not await store.exists(reference)

    async def test_a_content_is_written_once(self, store: Payloads) -> None:
        """A second write of the same reference is refused and the first stays."""
        reference = await put(store, b"eerste")

        with pytest.raises(HubUnavailable):
            async with store.writer(reference) as writer:
                await writer.write(b"tweede")

        assert await content(store, reference) == b"eerste"

    @pytest.mark.parametrize("reference", ["../../etc/passwd", "", "parts/x", "0" * 32, "a" * 300, "\x00", "..%2f"])
    async def test_what_is_no_reference_reaches_nothing(self, store: Payloads, reference: str) -> None:
        """A path can't be smuggled in, and the error does not repeat it."""
        with pytest.raises(HubUnavailable) as caught:
            await content(store, reference)
        with pytest.raises(HubUnavailable):
            async with store.writer(reference):
                pass

        assert not reference or reference not in caught.value.reason

    async def test_references_are_never_given_twice(self, store: Payloads) -> None:
        """They are opaque: nothing of the content is in them."""
        assert len({store.new_reference() for _ in range(1000)}) == 1000

    async def test_many_contents_can_be_written_and_read_at_once(self, store: Payloads) -> None:
        """They do not mix."""
        contents = [bytes([number]) * (PAYLOAD_CHUNK_BYTES + number) for number in range(20)]

        references = await asyncio.gather(*(put(store, one[:100], one[100:]) for one in contents))

        assert await asyncio.gather(*(content(store, reference) for reference in references)) == contents

    async def test_a_store_that_can_be_written_is_healthy(self, store: Payloads) -> None:
        """Health asks before a sender does."""
        assert await store.healthy()


class TestMemoryPayloads(PayloadsSuite):
    """The store of the testkit."""

    @pytest.fixture
    def store(self, tmp_path: Path) -> Payloads:
        """Give an empty store."""
        del tmp_path
        return MemoryPayloads()


class TestFilePayloads(PayloadsSuite):
    """The store in a folder."""

    @pytest.fixture
    def store(self, tmp_path: Path) -> Payloads:
        """Give an empty store."""
        return FilePayloads(tmp_path / "payloads")

    async def test_only_the_hub_can_read_the_files(self, store: Payloads, tmp_path: Path) -> None:
        """Mode 0600, in folders of 0700."""
        reference = await put(store, b"x")

        file = tmp_path / "payloads" / reference[:2] / reference
        assert file.stat().st_mode & 0o777 == 0o600
        assert file.parent.stat().st_mode & 0o777 == 0o700

    async def test_content_and_name_are_synced_before_the_block_ends(
        self, store: Payloads, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """First the file, then the folders that hold its name: a power cut after that loses nothing."""
        synced: list[str] = []
        real = os.fsync

        def fsync(handle: int) -> None:
            synced.append(str(Path(f"/proc/self/fd/{handle}").readlink()))
            real(handle)

        monkeypatch.setattr(os, "fsync", fsync)
        reference = await put(store, b"x")

        folder = tmp_path / "payloads"
        assert synced == [str(folder / "parts" / reference), str(folder), str(folder / reference[:2])]

    async def test_a_failing_disk_is_told_and_leaves_nothing(
        self, store: Payloads, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The message is not accepted; the sender tries again."""

        def full(_handle: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(HubUnavailable, match="No space left on device"):
            await put(store, b"x")

        assert [file for file in (tmp_path / "payloads").rglob("*") if file.is_file()] == []

    async def test_a_cancellation_during_the_commit_leaves_nothing(
        self, store: Payloads, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The commit is finished in its thread, then undone."""
        sender: list[asyncio.Task[str]] = []
        loop = asyncio.get_running_loop()
        real = files._sync

        def cancelling(folder: Path) -> None:
            loop.call_soon_threadsafe(sender[0].cancel)
            real(folder)

        monkeypatch.setattr(files, "_sync", cancelling)
        sender.append(asyncio.create_task(put(store, b"x")))
        await asyncio.wait(sender)

        assert sender[0].cancelled()
        assert [file for file in (tmp_path / "payloads").rglob("*") if file.is_file()] == []

    async def test_what_a_killed_process_left_is_removed_and_what_is_being_written_stays(
        self, store: Payloads, tmp_path: Path
    ) -> None:
        """Another process may start while this one writes."""
        left = tmp_path / "payloads" / "parts" / store.new_reference()
        left.write_bytes(b"half")
        reference = store.new_reference()

        async with store.writer(reference) as writer:
            await writer.write(b"heel")
            FilePayloads(tmp_path / "payloads")

        assert not left.exists()
        assert await content(store, reference) == b"heel"

    async def test_a_restarted_hub_reads_what_was_written(self, store: Payloads, tmp_path: Path) -> None:
        """The folder is all there is."""
        reference = await put(store, b"x")

        assert await content(open_payloads(f"file:{tmp_path / 'payloads'}"), reference) == b"x"


@pytest.mark.parametrize("url", ["s3://emmer", "file:", "payloads", "file:/proc/niet/te/maken"])
def test_a_setting_that_names_no_store_is_refused(url: str) -> None:
    """The error names the setting."""
    with pytest.raises(ConfigurationWrong, match=r"^ZAAKHUB_PAYLOADS: "):
        open_payloads(url)
