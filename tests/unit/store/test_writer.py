from __future__ import annotations

import os
import stat
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from simulation.errors import StoreError, WriteError
from simulation.sealing import RunResult
from simulation.store import RunIdentity, StoreWriter, open_store, verify
from simulation.store.files import temporary_path
from simulation.year import YearRecord
from tests.populations import run_all, scenario_of
from tests.stores import EVENTFUL, make_stores, small_census

DEAD = 2**22 + 1
"""No process has this id: Linux gives ids up to 4,194,304."""


@pytest.fixture(scope="module")
def records() -> list[YearRecord]:
    return run_all(scenario_of(EVENTFUL, years=(2025, 2026)), small_census(), [1])


@pytest.fixture
def identity(sealed: Path) -> RunIdentity:
    with open_store(sealed) as store:
        fields = set(RunIdentity.model_fields)
        return RunIdentity.model_validate(store.manifest.model_dump(include=fields))


def write(path: Path, identity: RunIdentity, records: list[YearRecord]) -> str:
    with StoreWriter(path, identity) as writer:
        for record in records:
            writer.write(record)
        return writer.seal().digest


def everything_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*"))


def test_a_sealed_store_is_read_only_and_alone(
    tmp_path: Path, identity: RunIdentity, records: list[YearRecord]
) -> None:
    write(tmp_path / "deep" / "seed_1.duckdb", identity, records)
    assert everything_in(tmp_path) == ["deep", "seed_1.duckdb"]
    assert stat.S_IMODE((tmp_path / "deep" / "seed_1.duckdb").stat().st_mode) == 0o444


def test_nothing_is_seen_before_the_seal(
    tmp_path: Path, identity: RunIdentity, records: list[YearRecord]
) -> None:
    path = tmp_path / "seed_1.duckdb"
    with StoreWriter(path, identity) as writer:
        for record in records:
            writer.write(record)
        assert not path.exists()
        assert all(name.startswith(".") for name in everything_in(tmp_path))
        writer.seal()
    assert path.exists()


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, GeneratorExit])
def test_nothing_is_left_of_a_run_that_failed(
    tmp_path: Path, identity: RunIdentity, records: list[YearRecord], error: type[BaseException]
) -> None:
    def fail() -> None:
        with StoreWriter(tmp_path / "seed_1.duckdb", identity) as writer:
            writer.write(records[0])
            raise error

    with pytest.raises(error):
        fail()
    assert everything_in(tmp_path) == []


def test_a_run_that_was_not_sealed_leaves_nothing(
    tmp_path: Path, identity: RunIdentity, records: list[YearRecord]
) -> None:
    with StoreWriter(tmp_path / "seed_1.duckdb", identity) as writer:
        writer.write(records[0])
    assert everything_in(tmp_path) == []


def test_a_disk_that_refuses_is_a_write_error(
    tmp_path: Path, identity: RunIdentity, records: list[YearRecord]
) -> None:
    def fill_the_disk() -> None:
        with StoreWriter(tmp_path / "seed_1.duckdb", identity) as writer:
            writer.write(records[0])
            raise OSError(28, "No space left on device")

    with pytest.raises(WriteError, match="disk is full") as caught:
        fill_the_disk()
    assert caught.value.exit_code == 1
    assert "--resume" in str(caught.value)
    assert everything_in(tmp_path) == []


def test_a_directory_that_cannot_be_made_is_a_write_error(tmp_path: Path, identity: RunIdentity) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(WriteError, match="could not be written"):
        StoreWriter(tmp_path / "file" / "seed_1.duckdb", identity).__enter__()


def test_the_same_run_is_kept_as_it_is(
    tmp_path: Path, identity: RunIdentity, records: list[YearRecord]
) -> None:
    path = tmp_path / "seed_1.duckdb"
    first = write(path, identity, records)
    before = path.stat()
    assert write(path, identity, records) == first
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert everything_in(tmp_path) == ["seed_1.duckdb"]


def test_another_run_never_replaces_a_store(
    tmp_path: Path, identity: RunIdentity, records: list[YearRecord]
) -> None:
    path = tmp_path / "seed_1.duckdb"
    write(path, identity, records)
    content = path.read_bytes()
    other = identity.model_copy(update={"census_digest": "another census"})
    with pytest.raises(StoreError, match="written once"):
        write(path, other, records)
    assert path.read_bytes() == content


def test_a_store_with_other_snapshots_is_not_taken_for_the_one_that_is_asked_for(
    tmp_path: Path, identity: RunIdentity, records: list[YearRecord]
) -> None:
    path = tmp_path / "seed_1.duckdb"
    write(path, identity, records)
    weekly = identity.model_copy(update={"balance_snapshots": "weekly"})
    with pytest.raises(StoreError, match=r"balance_snapshots: year_end.*planwise snapshot STORE --every"):
        write(path, weekly, records)


def test_a_store_has_the_rows_of_every_date(tmp_path: Path) -> None:
    run = make_stores(tmp_path, values={"output.balance_snapshots": "month_end"})[0]
    assert verify(run.store).ok
    with open_store(run.store) as store:
        dates = store.sql("SELECT DISTINCT snapshot_date AS day FROM fct_participant_balance_snapshots")[
            "day"
        ]
        assert (dates.n_unique(), dates.min()) == (25, date(2024, 12, 31))
        assert store.manifest.balance_snapshots == "month_end"
        parts = [entry.part("balance_snapshot") for entry in store.manifest.years[1:]]
        rows = store.sql("SELECT count(*) AS n FROM balance_snapshot")["n"].item()
        assert sum(part.rows for part in parts if part) == rows


def test_a_file_that_is_no_store_is_not_replaced(
    tmp_path: Path, identity: RunIdentity, records: list[YearRecord]
) -> None:
    path = tmp_path / "seed_1.duckdb"
    path.write_text("my notes")
    with pytest.raises(StoreError, match="no store"):
        write(path, identity, records)
    assert path.read_text() == "my notes"


def test_only_what_a_dead_process_left_is_cleared_away(
    tmp_path: Path, identity: RunIdentity, records: list[YearRecord]
) -> None:
    path = tmp_path / "seed_1.duckdb"
    own = temporary_path(path).name
    abandoned = own.replace(f"-{os.getpid()}.", f"-{DEAD}.")
    alive = own.replace(f"-{os.getpid()}.", f"-{os.getppid()}.")
    elsewhere = f".seed_1.duckdb.another-host-{DEAD}.tmp"
    for name in (abandoned, f"{abandoned}.wal", alive, elsewhere):
        (tmp_path / name).touch()
    write(path, identity, records)
    assert everything_in(tmp_path) == sorted([alive, elsewhere, "seed_1.duckdb"])


def test_a_writer_outside_its_with_block_is_a_mistake(
    tmp_path: Path, identity: RunIdentity, records: list[YearRecord]
) -> None:
    with pytest.raises(RuntimeError, match="with block"):
        StoreWriter(tmp_path / "seed_1.duckdb", identity).write(records[0])


class TestDigest:
    def test_is_of_the_content_not_of_the_moment(self, tmp_path: Path, sealed: Path) -> None:
        again = make_stores(tmp_path)[0].store
        with open_store(sealed) as one, open_store(again) as other:
            assert one.manifest.digest == other.manifest.digest
            assert one.manifest.years == other.manifest.years
            assert one.manifest.started != other.manifest.started
            for query in (
                "FROM fct_workforce_snapshot",
                "SELECT * EXCLUDE created_at FROM fct_yearly_events",
            ):
                assert one.sql(query).equals(other.sql(query))

    def test_of_a_batch_is_that_of_single_runs(self, tmp_path: Path, sealed: Path) -> None:
        batch = make_stores(tmp_path, seeds=[3, 1])
        with open_store(sealed) as alone, open_store(batch[1].store) as one:
            assert {run.seed: run.digest for run in batch}[1] == alone.manifest.digest
            assert one.manifest.years == alone.manifest.years
        assert batch[0].digest != batch[1].digest

    def test_does_not_depend_on_threads(
        self, tmp_path: Path, sealed: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PLANWISE_DUCKDB_THREADS", "1")
        with open_store(sealed) as store:
            assert make_stores(tmp_path)[0].digest == store.manifest.digest
            assert store.sql("SELECT current_setting('threads') AS threads")["threads"].to_list() == [1]

    def test_does_not_depend_on_what_is_kept(self, tmp_path: Path, sealed: Path) -> None:
        kept = make_stores(tmp_path, values={"output.keep": "summary"})[0]
        with open_store(sealed) as store, open_store(kept.store) as summary:
            assert kept.digest == store.manifest.digest
            for year, other in zip(summary.manifest.years, store.manifest.years, strict=True):
                assert {part.name for part in set(year.parts) ^ set(other.parts)} <= {
                    "int_effective_parameters"
                }

    def test_changes_with_one_cent(
        self, tmp_path: Path, identity: RunIdentity, records: list[YearRecord]
    ) -> None:
        raised = records[1].events["raise"]
        cent = raised.with_columns(raised["amount_cents"].scatter(0, raised["amount_cents"][0] + 1))
        altered = replace(records[1], events={**records[1].events, "raise": cent})
        one = write(tmp_path / "one.duckdb", identity, records)
        assert write(tmp_path / "two.duckdb", identity, [records[0], altered, records[2]]) != one


@pytest.mark.parametrize(
    ("keep", "kept", "dropped"),
    [
        ("full", {"event_hours", "event_hire", "workforce_snapshot"}, set[str]()),
        (
            "lifecycle",
            {
                "event_hire",
                "event_termination",
                "event_eligibility",
                "event_enrollment",
                "event_opt_out",
                "event_deferral_change",
                "event_escalation",
                "event_vesting",
                "event_hce_status",
                "workforce_snapshot",
            },
            {
                "event_hours",
                "event_raise",
                "event_contribution",
                "event_investment_return",
                "event_fee",
                "event_compliance",
            },
        ),
        ("summary", set[str](), {"event_hours", "event_hire", "workforce_snapshot"}),
    ],
)
def test_a_run_keeps_what_was_asked(tmp_path: Path, keep: str, kept: set[str], dropped: set[str]) -> None:
    run: RunResult = make_stores(tmp_path, values={"output.keep": keep})[0]
    with open_store(run.store) as store:
        rows: dict[str, Any] = {
            name: store.sql(f"SELECT count(*) AS n FROM {name}")["n"][0] for name in kept | dropped
        }
        assert all(rows[name] > 0 for name in kept)
        assert all(rows[name] == 0 for name in dropped)
        assert store.summary().height > 0
        assert store.manifest.keep == keep
