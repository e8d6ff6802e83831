"""Declared imputation: deterministic, keyed by person, and only where something is missing."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.census.fields import BY_NAME
from simulation.census.impute import AgeAtHire, Imputed, impute
from simulation.census.mapping import check_mapping
from simulation.dates import completed_years

AS_OF = date(2024, 12, 31)
SERIAL = (AS_OF - date(1970, 1, 1)).days


def frame_of(count: int, **columns: Any) -> pl.DataFrame:
    """Return parsed rows E0 …, hired in 2010 for 50,000 dollars and full time unless said otherwise."""
    given_columns: dict[str, Any] = {
        "employee_id": [f"E{number}" for number in range(count)],
        "hire_date": [date(2010, 1, 1)] * count,
        "compensation_cents": [5_000_000] * count,
        "scheduled_hours": [2080] * count,
    } | columns
    frame = pl.DataFrame({"row": list(range(2, count + 2))})
    for name, field in BY_NAME.items():
        values = given_columns.get(field.column, [None] * count)
        text = pl.lit(None, pl.String).alias(f"text:{name}")
        frame = frame.with_columns(pl.Series(field.column, values, dtype=field.dtype), text)
    return frame


def filled(frame: pl.DataFrame, seed: int = 42, **rules: Any) -> tuple[pl.DataFrame, tuple[Imputed, ...]]:
    cells = frame.select("row").cast(pl.String)
    mapping = check_mapping({"impute": rules}, "map")
    return impute(frame, cells, mapping.impute, seed=seed, as_of=SERIAL)


def test_only_gaps_are_filled_and_what_was_filled_is_said() -> None:
    frame = frame_of(4, department=["Sales", None, None, "Legal"])
    result, (done,) = filled(frame, department={"by": "constant", "value": "Unknown"})
    assert result["department"].to_list() == ["Sales", "Unknown", "Unknown", "Legal"]
    assert str(done) == "department: imputed for 2 rows by constant, value Unknown"


def test_a_text_that_cannot_be_read_is_no_gap() -> None:
    frame = frame_of(2).with_columns(pl.Series("text:job_level", ["chief", None]))
    result, _ = filled(frame, job_level={"by": "constant", "value": "3"})
    assert result["job_level"].to_list() == [None, 3]


def test_row_numbers_make_ids() -> None:
    result, _ = filled(frame_of(2, employee_id=[None, None]), employee_id="row_number")
    assert result["employee_id"].to_list() == ["R000002", "R000003"]


def test_ids_from_content_do_not_depend_on_the_order_and_number_twins() -> None:
    cells = pl.DataFrame({"name": ["Ann", "Bob", "Ann", "Cyd"], "pay": ["1", "2", "1", None]})
    rules = check_mapping({"impute": {"employee_id": {"by": "row_content", "prefix": "M"}}}, "map").impute
    frame = frame_of(4, employee_id=[None] * 4)
    one, (done,) = impute(frame, cells, rules, seed=1, as_of=None)
    other, _ = impute(frame, cells.reverse(), rules, seed=1, as_of=None)
    ids = one["employee_id"].to_list()
    assert sorted(ids) == sorted(other["employee_id"].to_list())
    assert ids[2] == f"{ids[0]}-2"
    assert len(set(ids)) == 4
    assert done.remark == "1 rows repeat an earlier one cell for cell and were taken for other people"


RULES: dict[str, Any] = {
    "birth_date": {"by": "age_at_hire", "low": "20", "mode": "27", "high": "60"},
    "department": {"by": "shares", "shares": {"A": "0.3", "B": "0.7"}},
}


def test_draws_depend_on_the_person_and_on_nobody_else() -> None:
    large, _ = filled(frame_of(300), **RULES)
    few = frame_of(300).filter(pl.col("row") % 3 == 0).reverse()
    small, _ = filled(few, **RULES)
    assert small.sort("row").equals(large.filter(pl.col("row") % 3 == 0))


def test_another_seed_gives_other_values() -> None:
    one, other = filled(frame_of(300), seed=1, **RULES)[0], filled(frame_of(300), seed=2, **RULES)[0]
    assert (one["birth_date"] == other["birth_date"]).sum() < 10


def test_two_fields_do_not_share_their_luck() -> None:
    rule = {"by": "shares", "shares": {"1": "0.5", "2": "0.5"}}
    result, _ = filled(frame_of(2000), job_level=rule, performance_rating=rule)
    assert (result["job_level"] == result["performance_rating"]).sum() == pytest.approx(1000, abs=100)


def test_shares_are_met() -> None:
    result, _ = filled(frame_of(4000), **RULES)
    assert (result["department"] == "A").sum() == pytest.approx(1200, abs=100)


def test_ages_at_hire_follow_the_triangle() -> None:
    result, _ = filled(frame_of(4000), **RULES)
    age = (
        result.select((pl.col("hire_date") - pl.col("birth_date")).dt.total_days() / 365.2425)
        .to_series()
        .to_numpy()
    )
    assert age.min() >= 20
    assert age.max() <= 60
    assert age.mean() == pytest.approx((20 + 27 + 60) / 3, abs=0.5)
    assert np.median(age) == pytest.approx(60 - np.sqrt(0.5 * 40 * 33), abs=0.6)


def test_nobody_is_past_the_maximum_age_however_long_ago_the_hire() -> None:
    hired = [date(1965 + number % 60, 6, 1) for number in range(600)]
    result, _ = filled(frame_of(600, hire_date=hired), **RULES)
    ages = result.select(completed_years("birth_date", AS_OF)).to_series()
    assert (ages > 80).sum() == 0
    assert ((result["hire_date"] - result["birth_date"]).dt.total_days() >= 20 * 365).all()


@settings(max_examples=50)
@given(st.tuples(*[st.floats(14, 100)] * 3).map(sorted), st.floats(0, 1, exclude_max=True))
def test_the_triangle_is_inverted_exactly(corners: list[float], share: float) -> None:
    low, mode, high = corners
    if high - low < 0.5:
        return
    rule = AgeAtHire(by="age_at_hire", low=low, mode=mode, high=high, maximum_age=75)
    age = rule._age(np.float64(share))
    assert low - 1e-6 <= age <= high + 1e-6
    assert rule._share_below(age) == pytest.approx(share, abs=1e-6)


def test_pay_quantiles_give_the_shares_and_equal_pay_equal_levels() -> None:
    pay = [5_000_000 + 1_000 * (number // 4) for number in range(1000)]
    shares = ["0.42", "0.28", "0.18", "0.09", "0.03"]
    result, _ = filled(
        frame_of(1000, compensation_cents=pay), job_level={"by": "pay_quantile", "shares": shares}
    )
    counts = result["job_level"].value_counts().sort("job_level")["count"].to_list()
    assert counts == [420, 280, 180, 88, 32]
    assert (result.group_by("compensation_cents").agg(pl.n_unique("job_level"))["job_level"] == 1).all()


def test_pay_quantiles_look_at_the_full_time_rate() -> None:
    frame = frame_of(
        3, compensation_cents=[3_000_000, 4_000_000, 5_000_000], scheduled_hours=[1040, 2080, None]
    )
    shares = ["0.2", "0.2", "0.2", "0.2", "0.2"]
    rules: dict[str, Any] = {
        "job_level": {"by": "pay_quantile", "shares": shares},
        "scheduled_hours": {"by": "constant", "value": "2080"},
    }
    result, _ = filled(frame, **rules)
    assert result["job_level"].to_list() == [5, 1, 3]


def test_who_has_no_pay_gets_no_level() -> None:
    frame = frame_of(2, compensation_cents=[None, 5_000_000])
    result, _ = filled(frame, job_level={"by": "pay_quantile", "shares": ["1", "0", "0", "0", "0"]})
    assert result["job_level"].to_list() == [None, 1]


def test_who_has_no_hire_date_gets_no_birth_date() -> None:
    result, _ = filled(frame_of(2, hire_date=[None, date(2010, 1, 1)]), birth_date=RULES["birth_date"])
    assert result["birth_date"].is_null().to_list() == [True, False]
