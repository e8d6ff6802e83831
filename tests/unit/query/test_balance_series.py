"""What is refused of balances on many dates, and what a side file may be."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from simulation.errors import QueryError, StoreError, WriteError
from simulation.query import balance_series, balances, reconstructed_balances, write_balance_series
from simulation.store import open_store
from simulation.store.files import temporary_path
from tests.stores import make_stores

JUNE = date(2025, 6, 30)


@pytest.fixture
def store(directory: Path, tmp_path: Path) -> Path:
    """A store in a directory of its own."""
    return Path(shutil.copy(directory / "growth" / "seed_3.duckdb", tmp_path / "seed_3.duckdb"))


def test_a_side_file_lies_beside_the_store_unless_another_place_is_asked_for(
    store: Path, tmp_path: Path
) -> None:
    beside, rows = write_balance_series(store, "quarter_end")
    assert beside == tmp_path / "seed_3.quarter_end.parquet"
    elsewhere, again = write_balance_series(store, "quarter_end", tmp_path / "deep" / "quarters.parquet")
    assert pl.read_parquet(beside).equals(pl.read_parquet(elsewhere))
    assert rows == again
    assert pl.read_parquet(beside)["snapshot_date"].n_unique() == 9


def test_the_columns_are_those_of_the_relation(store: Path) -> None:
    with open_store(store) as opened:
        known = opened.sql("FROM fct_participant_balance_snapshots LIMIT 0")
        assert balance_series(opened, "year_end").schema == known.schema


def test_a_later_snapshot_of_the_side_file_is_started_from(store: Path, tmp_path: Path) -> None:
    beside, _ = write_balance_series(store, "month_end")
    emptied = pl.read_parquet(beside).with_columns(pl.col("balance_pre_tax") * 0)
    spoilt = tmp_path / "spoilt.parquet"
    emptied.write_parquet(spoilt, metadata=_said(beside))
    day = date(2026, 6, 15)
    whole = reconstructed_balances(store, day)
    assert balances(store, day, beside=beside).equals(whole)
    assert not balances(store, day, beside=spoilt).equals(whole)


def _said(path: Path) -> dict[str, str]:
    said = pl.read_parquet_metadata(path)
    return {key: value for key, value in said.items() if key.startswith("planwise")}


def test_a_side_file_of_another_store_is_refused(store: Path, directory: Path, tmp_path: Path) -> None:
    other, _ = write_balance_series(
        directory / "baseline" / "seed_2.duckdb", "month_end", tmp_path / "x.parquet"
    )
    with pytest.raises(StoreError, match="of another run") as caught:
        balances(store, JUNE, beside=other)
    assert "baseline, seed 2" in str(caught.value)
    assert "growth, seed 3" in str(caught.value)


@pytest.mark.parametrize("made", ["missing", "text", "a frame of somebody's"])
def test_what_is_no_side_file_is_refused(store: Path, tmp_path: Path, made: str) -> None:
    path = tmp_path / "some.parquet"
    if made == "text":
        path.write_text("hello")
    elif made != "missing":
        pl.DataFrame({"snapshot_date": [JUNE]}).write_parquet(path)
    with pytest.raises(StoreError, match="no file of balance snapshots") as caught:
        balances(store, JUNE, beside=path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(("asked", "said"), [("weekli", "did you mean 'weekly'"), ("daily", "month_end")])
def test_dates_that_nobody_knows_are_refused(store: Path, asked: str, said: str) -> None:
    with pytest.raises(QueryError, match="choice of snapshot dates") as caught:
        balance_series(store, asked)
    assert said in str(caught.value)


@pytest.mark.parametrize("day", [date(2024, 12, 30), date(2027, 1, 1)])
@pytest.mark.parametrize("of", [balances, reconstructed_balances])
def test_a_day_outside_the_run_is_refused(store: Path, day: date, of: object) -> None:
    assert callable(of)
    with pytest.raises(QueryError, match="outside the run"):
        of(store, day)


def test_another_kind_of_file_is_refused(store: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"\.parquet"):
        write_balance_series(store, "weekly", tmp_path / "weeks.xlsx")


def test_a_place_that_cannot_be_written_to_is_a_write_error(store: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(WriteError, match="cannot be written"):
        write_balance_series(store, "year_end", tmp_path / "file" / "x.parquet")


def test_a_run_that_is_not_sealed_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "seed_1.duckdb"
    temporary_path(path).touch()
    with pytest.raises(StoreError, match="the run is not finished"):
        balances(path, JUNE)


def test_a_store_without_postings_cannot_tell(tmp_path: Path) -> None:
    run = make_stores(tmp_path, values={"output.keep": "lifecycle"}, years=(2025, 2025))[0]
    with pytest.raises(QueryError, match=r"output\.keep: full"):
        balance_series(run.store, "weekly")


def test_the_census_date_is_the_opening(store: Path) -> None:
    first = date(2024, 12, 31)
    opening = balance_series(store, "year_end").filter(pl.col("snapshot_date") == first)
    assert opening["vested_balance"].null_count() == opening.height > 0
    day_after = balances(store, first + timedelta(days=1))
    assert set(day_after["employee_id"]) <= set(opening["employee_id"])
