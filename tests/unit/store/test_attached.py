"""What stays open of files that were read: one sealed store, as long as it is the file that was read."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from simulation.errors import StoreError
from simulation.retention.removal import remove_store
from simulation.store import open_store, verify
from simulation.store.attached import KEPT, Attached, let_go
from simulation.store.files import READ_ONLY
from simulation.store.reduction import reduce_store
from simulation.store.relations import EVENTS
from tests.stores import copies_of, damaged_block, held, tampered

COUNT = "SELECT count(*) FROM fct_yearly_events"
HIRES = "SELECT count(*) > 0 FROM event_hire"


@pytest.fixture
def copies(sealed: Path, tmp_path: Path) -> list[Path]:
    """Return more sealed copies of a store than engines are kept."""
    return copies_of(sealed, tmp_path, KEPT + 2)


@pytest.fixture
def read(copies: list[Path]) -> Path:
    """Return a sealed store that somebody has read and closed."""
    events(copies[0])
    assert held(copies[0]) == 1
    return copies[0]


def events(path: Path, threads: int | None = None) -> int:
    """Return how many events a store has, held against its manifest."""
    with open_store(path, threads=threads) as store:
        assert store.tuples(COUNT) == [(store.manifest.events,)]
        return store.manifest.events


def has_hires(path: Path) -> bool:
    """Return whether anybody was hired, as the file says."""
    with open_store(path) as store:
        return bool(store.tuples(HIRES)[0][0])


class TestStaysOpen:
    def test_one_sealed_store_the_one_that_was_read_last(self, copies: list[Path]) -> None:
        for path in copies * 2:
            events(path)
            assert [copy for copy in copies if held(copy)] == [path]
            assert held(path) == 1

    def test_no_store_that_is_closed_answers(self, read: Path) -> None:
        store = open_store(read)
        store.close()
        store.close()
        assert held(read) == 1
        with pytest.raises(StoreError, match="already closed"):
            store.tuples(COUNT)

    def test_the_next_reader_finds_it_attached(self, read: Path) -> None:
        with open_store(read) as one:
            alias, manifest = one.alias, one.manifest
        with open_store(read) as other:
            assert other.alias == alias
            assert other.manifest is manifest

    def test_readers_at_once_share_it(self, read: Path) -> None:
        with open_store(read) as one, open_store(read) as other:
            assert one.tuples(COUNT) == other.tuples(COUNT)
            one.close()
            assert other.tuples(COUNT) == [(other.manifest.events,)]
            assert held(read) == 1

    def test_two_that_are_read_with_different_threads_are_one(self, read: Path) -> None:
        for threads in (1, 2, 1):
            events(read, threads)
            assert held(read) == 1

    def test_threads_open_ask_and_close_as_they_like(self, copies: list[Path]) -> None:
        together = Barrier(4)

        def asked(first: int) -> set[int]:
            together.wait()
            return {events(copies[each % 3], threads=1) for each in range(first, first + 12)}

        with ThreadPoolExecutor(max_workers=4) as pool:
            assert len(set.union(*pool.map(asked, range(4)))) == 1
        assert sum(map(held, copies)) == 1


class TestIsReadAnew:
    def test_a_file_that_was_replaced(self, read: Path, sealed: Path, tmp_path: Path) -> None:
        (tmp_path / "other").mkdir()
        other = tampered(sealed, tmp_path / "other", "DELETE FROM event_hire")
        other.chmod(READ_ONLY)
        assert has_hires(read)
        other.rename(read)
        assert not has_hires(read)
        assert held(read) == 1

    def test_a_file_that_was_replaced_while_somebody_reads_it(
        self, read: Path, sealed: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "other").mkdir()
        other = tampered(sealed, tmp_path / "other", "DELETE FROM event_hire")
        with open_store(read) as before:
            other.rename(read)
            assert not has_hires(read)
            assert before.tuples(HIRES) == [(True,)]
        assert held(read) == 0

    @pytest.mark.parametrize("hidden", [False, True])
    def test_a_file_that_was_written_to(
        self, read: Path, sealed: Path, tmp_path: Path, *, hidden: bool
    ) -> None:
        (tmp_path / "other").mkdir()
        other = tampered(sealed, tmp_path / "other", "DELETE FROM event_hire")
        assert has_hires(read)
        before = read.stat()
        read.chmod(0o644)
        read.write_bytes(other.read_bytes())
        read.chmod(READ_ONLY)
        if hidden:
            os.utime(read, ns=(before.st_atime_ns, before.st_mtime_ns))
        assert read.stat().st_ino == before.st_ino
        assert not has_hires(read)

    def test_a_file_that_is_gone(self, read: Path) -> None:
        read.unlink()
        with pytest.raises(StoreError, match="No such file"):
            open_store(read)

    def test_by_verify_whoever_reads_it_besides(self, read: Path) -> None:
        with open_store(read) as store, open_store(read, anew=True) as proved:
            assert proved.alias != store.alias or held(read) > 1
            assert proved.manifest is not store.manifest
            assert verify(read).ok
        assert verify(read).ok

    def test_by_verify_which_leaves_nothing_open(self, read: Path) -> None:
        assert verify(read).ok
        assert held(read) == 0


class TestIsNotHeld:
    def test_what_may_be_written(self, copies: list[Path]) -> None:
        copies[0].chmod(0o644)
        events(copies[0])
        assert held(copies[0]) == 0

    def test_what_nobody_asked_to_keep(self, copies: list[Path]) -> None:
        with Attached(copies[0]) as attached, attached.cursor() as cursor:
            assert cursor.execute(HIRES).fetchall() == [(True,)]
        assert held(copies[0]) == 0

    def test_what_is_no_store(self, sealed: Path, tmp_path: Path) -> None:
        copy = tampered(sealed, tmp_path, "DELETE FROM run_manifest")
        copy.chmod(READ_ONLY)
        with pytest.raises(StoreError, match="of 0 rows"):
            open_store(copy)
        assert held(copy) == 0

    def test_what_could_not_be_read(self, sealed: Path, tmp_path: Path) -> None:
        copy = damaged_block(sealed, tmp_path)
        copy.chmod(READ_ONLY)
        for _ in range(2):
            with open_store(copy) as store, pytest.raises(StoreError, match="damaged"):
                store.coded_rows(EVENTS["hours"])
            assert held(copy) == 0

    def test_what_was_removed_while_it_was_read(self, copies: list[Path]) -> None:
        with open_store(copies[0]):
            copies[0].rename(copies[1])
        assert held(copies[1]) == 0

    def test_what_is_let_go(self, read: Path, copies: list[Path]) -> None:
        let_go(copies[1])
        assert held(read) == 1
        let_go(read)
        assert held(read) == 0
        assert events(read) > 0

    def test_what_is_removed_here(self, read: Path, tmp_path: Path) -> None:
        os.link(read, tmp_path / "inode")
        events(read)
        remove_store(read)
        assert held(tmp_path / "inode") == 0

    def test_what_is_made_smaller_here(self, read: Path, tmp_path: Path) -> None:
        os.link(read, tmp_path / "inode")
        events(read)
        reduce_store(read, "summary")
        assert held(tmp_path / "inode") == 0
