"""A census without people: nothing leads back, and it still keeps every rule."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from simulation.census import Census, generate_census
from simulation.census.anonymise import anonymise

CENSUS = generate_census(1_500, seed=5)
HIDDEN = anonymise(CENSUS, "a key")


def side_by_side() -> pl.DataFrame:
    """Return original and anonymised rows of the same people, by their pay and balances."""
    same = ["compensation_cents", "balance_pre_tax_cents", "balance_match_cents", "department"]
    unique = CENSUS.frame.filter(~pl.struct(same).is_duplicated())
    return unique.join(HIDDEN.frame, on=same, how="inner", suffix="_hidden")


def test_no_id_is_left_anywhere() -> None:
    known = set(CENSUS.frame["employee_id"])
    texts = HIDDEN.frame.select(pl.col(pl.String))
    assert all(known.isdisjoint(column.to_list()) for column in texts.iter_columns())
    assert HIDDEN.frame["employee_id"].str.contains("^P[0-9a-f]{16}$").all()


def test_families_stay_together() -> None:
    owner = HIDDEN.frame.filter(pl.col("employee_id").is_in(HIDDEN.frame["family_of"].drop_nulls().to_list()))
    assert owner.height == CENSUS.frame["family_of"].drop_nulls().n_unique()
    assert (owner["ownership_bp"] > 0).all()


@pytest.mark.parametrize("column", ["birth_date", "hire_date"])
def test_dates_move_within_their_month(column: str) -> None:
    both = side_by_side()
    month = "%Y-%m"
    assert both.height > 1_000
    assert (both[column].dt.strftime(month) == both[f"{column}_hidden"].dt.strftime(month)).all()
    assert (both[column] == both[f"{column}_hidden"]).sum() < both.height / 10


def test_the_key_alone_decides() -> None:
    assert anonymise(CENSUS, "a key").digest == HIDDEN.digest
    assert anonymise(CENSUS, "another key").digest != HIDDEN.digest
    assert anonymise(CENSUS).digest != anonymise(CENSUS).digest


def test_the_notes_say_what_was_done_and_the_source_is_gone() -> None:
    assert HIDDEN.source == "anonymised census"
    assert HIDDEN.notes[-1].startswith("anonymised: ids replaced")
    assert not any("a key" in note for note in HIDDEN.notes)


@pytest.mark.parametrize("key", [f"key {number}" for number in range(8)])
def test_moved_dates_break_no_rule(key: str) -> None:
    people = CENSUS.frame.head(3).with_columns(
        hire_date=pl.Series([date(2024, 12, 31), date(2024, 12, 1), date(2014, 5, 31)]),
        birth_date=pl.Series([date(2010, 12, 31), date(1980, 2, 29), date(2000, 5, 31)]),
    )
    moved = anonymise(Census(people, CENSUS.as_of, "a test"), key).frame
    assert (moved["hire_date"] <= CENSUS.as_of).all()
    fourteen = moved["birth_date"].dt.offset_by("14y")
    assert (fourteen <= moved["hire_date"]).all()
