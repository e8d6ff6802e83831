from __future__ import annotations

import polars as pl
import pytest

from simulation.rules.service import break_in_service, parity_disregards, run_length, year_of_service

HOURS = pl.DataFrame({"hours": [2_080, 1_000, 999, 501, 500, 499, 0]})
LONG_TERM = pl.lit(value=True)


def test_exactly_1000_hours_are_a_year_of_service_and_exactly_500_a_break() -> None:
    found = HOURS.select(year=year_of_service(pl.col("hours")), gap=break_in_service(pl.col("hours")))
    assert found["year"].to_list() == [True, True, False, False, False, False, False]
    assert found["gap"].to_list() == [False, False, False, False, True, True, True]


def test_500_hours_are_a_vesting_year_of_a_long_term_part_timer_and_never_a_break() -> None:
    found = HOURS.select(
        year=year_of_service(pl.col("hours"), LONG_TERM), gap=break_in_service(pl.col("hours"), LONG_TERM)
    )
    assert found["year"].to_list() == [True, True, True, True, True, False, False]
    assert found["gap"].to_list() == [False, False, False, False, False, True, True]


def test_each_row_has_its_own_threshold() -> None:
    people = pl.DataFrame({"hours": [600, 600], "long_term": [True, False]})
    assert people.select(year_of_service(pl.col("hours"), pl.col("long_term"))).to_series().to_list() == [
        True,
        False,
    ]


def test_a_run_grows_by_one_or_starts_again() -> None:
    frame = pl.DataFrame({"run": [0, 3, 3], "met": [True, True, False]})
    assert frame.select(run_length(pl.col("run"), pl.col("met"))).to_series().to_list() == [1, 4, 0]


@pytest.mark.parametrize(
    ("years", "breaks", "vested_bp", "forgotten"),
    [(2, 5, 0, True), (2, 4, 0, False), (6, 5, 0, False), (6, 6, 0, True), (3, 9, 2_000, False)],
)
def test_parity_forgets_service_of_people_with_nothing_vested_only(
    years: int, breaks: int, vested_bp: int, forgotten: bool
) -> None:
    rule = parity_disregards(pl.lit(years), pl.lit(breaks), pl.lit(vested_bp))
    assert pl.select(rule).item() is forgotten
