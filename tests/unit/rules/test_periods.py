from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.dates import completed_years
from simulation.rules.periods import months_after, period_end


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2024, 2, 29), 12, date(2025, 3, 1)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2025, 1, 31), 1, date(2025, 3, 1)),
        (date(2025, 8, 31), 6, date(2026, 3, 1)),
        (date(2025, 7, 1), -12, date(2024, 7, 1)),
        (date(2025, 3, 15), 0, date(2025, 3, 15)),
    ],
)
def test_a_day_that_a_month_does_not_have_falls_on_the_first_of_the_next(
    day: date, months: int, expected: date
) -> None:
    assert pl.select(months_after(pl.lit(day), months)).item() == expected


@given(st.dates(date(1930, 1, 1), date(2030, 12, 31)), st.integers(1, 90))
def test_an_anniversary_is_the_day_on_which_the_years_are_completed(day: date, years: int) -> None:
    frame = pl.DataFrame({"day": [day]}).with_columns(
        anniversary=months_after(pl.col("day"), 12 * years), eve=period_end(pl.col("day"), 12 * years)
    )
    on = completed_years("day", pl.col("anniversary"))
    before = completed_years("day", pl.col("eve"))
    assert frame.select(on.alias("on"), before.alias("before")).row(0) == (years, years - 1)
