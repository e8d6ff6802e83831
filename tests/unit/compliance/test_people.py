from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from simulation.compliance.people import Column, People
from simulation.compliance.plan_year import PlanYear, once
from tests.tested_years import year_of

YEAR = year_of(
    {"pre_tax_cents": 1_00, "roth_cents": 2_00, "is_hce": True, "birth_date": date(1960, 2, 29)},
    {"pre_tax_cents": 5_00, "entry_date": None, "termination_reason": "layoff"},
    {"pre_tax_cents": 7_00, "termination_reason": "death", "employee_class": "union"},
)
PEOPLE = YEAR.everybody


def test_some_people_have_their_columns_and_their_rows_among_everybody() -> None:
    some = PEOPLE.where(np.array([False, True, True]))
    last = some.where(np.array([False, True]))
    assert (len(PEOPLE), len(some), len(last)) == (3, 2, 1)
    assert some["pre_tax_cents"].tolist() == [5_00, 7_00]
    assert (last["pre_tax_cents"].tolist(), last.rows.tolist()) == ([7_00], [2])


def test_everybody_chosen_is_everybody() -> None:
    assert PEOPLE.where(np.ones(3, dtype=np.bool_)) is PEOPLE
    assert PEOPLE.rows.tolist() == [0, 1, 2]


def test_a_day_that_is_not_known_is_neither_before_nor_after_another() -> None:
    day = np.datetime64("2024-01-01")
    assert (PEOPLE["entry_date"] <= day).tolist() == [True, False, True]
    assert (PEOPLE["entry_date"] > day).tolist() == [False, False, False]


def test_columns_are_added_up_and_years_and_words_told() -> None:
    assert PEOPLE.sum_of("pre_tax_cents", "roth_cents").tolist() == [3_00, 5_00, 7_00]
    assert PEOPLE.sum_of().tolist() == [0, 0, 0]
    assert PEOPLE.year_of("birth_date").tolist() == [1960, 1985, 1985]
    assert PEOPLE.among("termination_reason", ["layoff"]).tolist() == [False, True, False]
    assert PEOPLE.among("employee_class", []).tolist() == [False, False, False]


def test_working_has_columns_of_people_and_those_worked_out_for_them() -> None:
    some = PEOPLE.where(PEOPLE["pre_tax_cents"] > 2_00)
    rows = some.frame("employee_id", paid_cents=np.array([1, 2]), deferred_cents="pre_tax_cents")
    assert rows.columns == ["employee_id", "paid_cents", "deferred_cents"]
    assert rows.rows() == [("E2", 1, 5_00), ("E3", 2, 7_00)]


@pytest.mark.parametrize(("large", "rows"), [(3, 3), (2, 1)])
def test_what_takes_long_is_made_once_of_few_rows_and_for_those_alone_of_many(
    monkeypatch: pytest.MonkeyPatch, large: int, rows: int
) -> None:
    monkeypatch.setattr("simulation.compliance.people.LARGE", large)
    asked = []

    def doubled(frame: pl.DataFrame) -> Column:
        asked.append(frame.height)
        return 2 * frame["pre_tax_cents"].to_numpy()

    last = YEAR.everybody.where(np.array([False, False, True]))
    assert last.worked_out(("doubled", large), doubled, "pre_tax_cents").tolist() == [14_00]
    assert asked == [rows]


def test_people_of_several_years_share_a_frame_and_each_is_numbered_from_nought() -> None:
    first, nobody, others = People.apart(YEAR.people, [0, 1, 1, 3])
    assert [len(people) for people in (first, nobody, others)] == [1, 0, 2]
    assert (first["pre_tax_cents"].tolist(), others["pre_tax_cents"].tolist()) == ([1_00], [5_00, 7_00])
    last = others.where(others["pre_tax_cents"] > 6_00)
    assert (last.rows.tolist(), last.frame("employee_id").rows()) == ([1], [("E3",)])
    assert others.among("termination_reason", ["layoff"]).tolist() == [True, False]
    assert not nobody.frame("employee_id").height


def test_an_unknown_column_is_named() -> None:
    with pytest.raises(Exception, match="shoe_size"):
        PEOPLE["shoe_size"]


def test_what_several_tests_ask_for_is_worked_out_once_for_each_year() -> None:
    asked = []

    @once
    def headcount(year: PlanYear) -> int:
        asked.append(year.year)
        return len(year.everybody)

    other = year_of({}, year=2026)
    assert [headcount(year) for year in (YEAR, other, YEAR)] == [3, 1, 3]
    assert asked == [2025, 2026]
