"""The census object: its contract, its digest, and the file that keeps it."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from simulation.census import Census, generate_census, read_census, write_census
from simulation.census.canonical import METADATA_KEY
from simulation.errors import CensusError, WriteError

SMALL = generate_census(40, seed=7)


def changed(**columns: pl.Expr) -> pl.DataFrame:
    return SMALL.frame.with_columns(**columns)


def test_rows_are_sorted_by_id_whatever_order_they_come_in() -> None:
    census = Census(SMALL.frame.reverse(), SMALL.as_of, "a test")
    assert census.frame.equals(SMALL.frame)


def test_the_order_of_rows_and_columns_does_not_change_the_digest() -> None:
    turned = SMALL.frame.reverse().select(reversed(SMALL.frame.columns))
    assert Census(turned, SMALL.as_of, "elsewhere", ("a note",)).digest == SMALL.digest


def test_the_census_date_is_part_of_the_digest() -> None:
    assert Census(SMALL.frame, date(2025, 1, 1), "a test").digest != SMALL.digest


@pytest.mark.parametrize(
    "column", [name for name in SMALL.frame.columns if name not in {"employee_id", "family_of"}]
)
def test_one_changed_cell_changes_the_digest(column: str) -> None:
    first = pl.int_range(pl.len()) == 20
    old = pl.col(column)
    new = {
        "department": pl.lit("Elsewhere"),
        "employee_class": pl.when(old == "leased").then(pl.lit("union")).otherwise(pl.lit("leased")),
        "is_officer": ~old,
        "job_level": 6 - old + (old == 3).cast(pl.Int8),
        "performance_rating": pl.when(old == 5).then(4).otherwise(5),
        "birth_date": old.dt.offset_by("-1d"),
        "hire_date": old.dt.offset_by("-1d"),
    }.get(column, old.fill_null(0) + 1)
    census = Census(changed(**{column: pl.when(first).then(new).otherwise(old)}), SMALL.as_of, "a test")
    assert census.digest != SMALL.digest


def test_nothing_and_nought_have_different_digests() -> None:
    nothing = Census(changed(deferral_bp=pl.lit(None, pl.Int32)), SMALL.as_of, "a test")
    nought = Census(changed(deferral_bp=pl.lit(0, pl.Int32)), SMALL.as_of, "a test")
    assert nothing.digest != nought.digest


def test_text_moved_from_one_person_to_the_next_changes_the_digest() -> None:
    two = SMALL.frame.head(2).with_columns(family_of=pl.lit(None, pl.String))
    one = Census(two.with_columns(department=pl.Series(["ab", "c"])), SMALL.as_of, "a test")
    other = Census(two.with_columns(department=pl.Series(["a", "bc"])), SMALL.as_of, "a test")
    assert one.digest != other.digest


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"compensation_cents": pl.lit(0)}, "compensation_cents"),
        ({"job_level": pl.lit(6)}, "job_level"),
        ({"employee_id": pl.lit("twin")}, "primary_key"),
        ({"birth_date": pl.col("hire_date")}, "born_before_hired"),
        ({"hire_date": pl.lit(date(2025, 1, 1))}, "hired after the census date 2024-12-31"),
        (
            {"employee_id": pl.format("H2025-L1-{}", pl.int_range(10_000, 10_040))},
            "reserved for future hires",
        ),
    ],
)
def test_a_frame_that_breaks_the_contract_is_refused(change: dict[str, pl.Expr], message: str) -> None:
    with pytest.raises(CensusError, match=message):
        Census(changed(**change), SMALL.as_of, "a test")


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (SMALL.frame.drop("department"), "department"),
        (SMALL.frame.with_columns(job_level=pl.lit("high")), "job_level"),
        (SMALL.frame.clear(), "no employees"),
    ],
)
def test_a_frame_of_another_shape_is_refused(frame: pl.DataFrame, message: str) -> None:
    with pytest.raises(CensusError, match=message):
        Census(frame, SMALL.as_of, "a test")


def test_a_written_census_comes_back_whole(tmp_path: Path) -> None:
    census = Census(SMALL.frame, SMALL.as_of, "a test", ("one note", "two"))
    back = read_census(write_census(census, tmp_path / "new" / "census.parquet"))
    assert back.frame.equals(census.frame)
    assert (back.digest, back.as_of) == (census.digest, census.as_of)
    assert (back.source, back.notes) == ("a test", ("one note", "two"))
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["census.parquet"]


def test_a_census_changed_behind_our_back_is_refused(tmp_path: Path) -> None:
    path = write_census(SMALL, tmp_path / "census.parquet")
    record = pl.read_parquet_metadata(path)[METADATA_KEY]
    raised = pl.read_parquet(path).with_columns(pl.col("compensation_cents") + 1)
    raised.write_parquet(path, metadata={METADATA_KEY: record})
    with pytest.raises(CensusError, match="not as it was written"):
        read_census(path)


def test_a_census_of_another_version_is_refused_with_its_version(tmp_path: Path) -> None:
    path = tmp_path / "census.parquet"
    SMALL.frame.write_parquet(path, metadata={METADATA_KEY: '{"format": 99}'})
    with pytest.raises(CensusError, match="census format 99"):
        read_census(path)


@pytest.mark.parametrize("kept", [0.05, 0.5, 0.99])
def test_a_census_cut_short_is_refused(tmp_path: Path, kept: float) -> None:
    path = write_census(SMALL, tmp_path / "census.parquet")
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept)])
    with pytest.raises(CensusError, match="damaged"):
        read_census(path)


@pytest.fixture
def small_disk() -> Iterator[None]:
    """Let no file grow beyond 20 kB, as a full disk would."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_is_told_and_leaves_no_half_census(tmp_path: Path, small_disk: None) -> None:
    with pytest.raises(WriteError, match="the census was not written"):
        write_census(generate_census(3_000), tmp_path / "census.parquet")
    assert list(tmp_path.iterdir()) == []


def test_a_refused_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "census.parquet"
    target.mkdir()
    with pytest.raises(WriteError, match="not written"):
        write_census(SMALL, target)
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(WriteError, match="not written"):
        write_census(SMALL, tmp_path / "file" / "census.parquet")
