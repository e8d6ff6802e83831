from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from simulation.census import generate_census
from tests.participating import Lived, events_of, live
from tests.plan_years import Stated
from tests.populations import census_of

NEW_YEAR = date(2025, 1, 1)
TURNS_21_IN_MAY = {"birth_date": date(2004, 5, 10), "hire_date": date(2024, 2, 5)}
BY_HOURS = {"plan.eligibility.service_method": "hours", "plan.eligibility.service_months": 12}


def _said(lived: list[Lived]) -> list[tuple[str, date, date, date | None]]:
    columns = ("employee_id", "effective_date", "entry_date", "employer_entry_date")
    return events_of(lived, "eligibility").select(columns).rows()


def _dates(values: dict[str, Any], *people: dict[str, Any], years: tuple[int, int] = (2025, 2027)) -> Any:
    return [rest for _, *rest in _said(live(census_of(*people), values, years=years))]


def _left(employee: str, on: date) -> Stated:
    return "termination", employee, on, {"reason": "voluntary"}


def _back(employee: str, on: date, service: date) -> Stated:
    return "rehire", employee, on, {"annual_compensation_cents": 6_000_000, "service_date": service}


def test_the_worked_example_of_the_method_note() -> None:
    values = {"plan.eligibility.employer_service_months": 12}
    person = {"birth_date": date(2004, 5, 10), "hire_date": date(2024, 9, 16)}
    # 21 on 10 May 2025 and no service to defer: 1 June. Twelve months from 16 September 2024: 1 October.
    assert _dates(values, person) == [[date(2025, 6, 1), date(2025, 6, 1), date(2025, 10, 1)]]


def test_people_who_could_join_long_since_are_told_so_on_the_first_day() -> None:
    assert _dates({}, {}) == [[NEW_YEAR, date(2018, 3, 1), date(2018, 3, 1)]]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("immediate", date(2025, 5, 10)),
        ("monthly", date(2025, 6, 1)),
        ("quarterly", date(2025, 7, 1)),
        ("semi_annual", date(2025, 7, 1)),
        ("annual", date(2026, 1, 1)),
    ],
)
def test_entry_is_on_the_first_entry_date_on_or_after_the_conditions(entry: str, expected: date) -> None:
    values = {"plan.eligibility.entry": entry, "plan.eligibility.minimum_age": 20}
    person = {"birth_date": date(2005, 5, 10), "hire_date": date(2024, 2, 5)}
    assert _dates(values, person) == [[expected, expected, expected]]


def test_a_leap_day_birthday_is_on_the_first_of_march() -> None:
    person = {"birth_date": date(2004, 2, 29), "hire_date": date(2024, 2, 5)}
    assert _dates({}, person)[0][0] == date(2025, 3, 1)


@pytest.mark.parametrize(("last_day", "enters"), [(date(2025, 5, 31), False), (date(2025, 6, 1), True)])
def test_who_leaves_before_the_entry_date_does_not_enter(last_day: date, *, enters: bool) -> None:
    lived = live(census_of(TURNS_21_IN_MAY), years=(2025, 2026), stated=[_left("E1", last_day)])
    assert bool(_said(lived)) is enters


def test_excluded_classes_stay_out_even_if_they_defer() -> None:
    people = [{"employee_class": name, "deferral_bp": 500} for name in ("leased", "union", "regular")]
    values = {"plan.eligibility.excluded_classes": ["union", "leased"]}
    assert [who for who, *_ in _said(live(census_of(*people), values))] == ["E3"]


def test_employer_money_has_a_wait_of_its_own_and_an_event_when_it_ends_in_a_later_year() -> None:
    values = {"plan.eligibility.employer_service_months": 12}
    # Hired on 20 December 2024: twelve months end on 19 December 2025, the next entry date is 1 January.
    assert _dates(values, {"hire_date": date(2024, 12, 20)}) == [
        [NEW_YEAR, NEW_YEAR, None],
        [date(2026, 1, 1), NEW_YEAR, date(2026, 1, 1)],
    ]


def test_who_defers_by_the_census_has_entered_whatever_the_design_asks_for() -> None:
    values = {"plan.eligibility.service_months": 12}
    saver = {"hire_date": date(2024, 12, 20), "deferral_bp": 500, "roth_deferral_bp": 0}
    other = {"hire_date": date(2024, 12, 20)}
    assert _said(live(census_of(saver, other), values, years=(2025, 2026))) == [
        ("E1", NEW_YEAR, NEW_YEAR, None),
        ("E1", date(2026, 1, 1), NEW_YEAR, date(2026, 1, 1)),
        ("E2", date(2026, 1, 1), date(2026, 1, 1), date(2026, 1, 1)),
    ]


@pytest.mark.parametrize(
    ("hours", "expected"), [(2080, date(2025, 10, 1)), (1000, date(2025, 10, 1)), (999, None)]
)
def test_a_thousand_hours_in_the_first_twelve_months_are_a_year_of_service(
    hours: int, expected: date | None
) -> None:
    values = {**BY_HOURS, "plan.eligibility.long_term_part_time": False}
    told = _dates(values, {"hire_date": date(2024, 9, 16), "scheduled_hours": hours})
    assert [entry for _, entry, _ in told] == ([expected] if expected else [])


def test_two_years_of_service_by_hours_end_with_the_plan_year_of_the_anniversary() -> None:
    values: dict[str, Any] = {**BY_HOURS, "plan.vesting.match": "immediate"}
    values["plan.eligibility.employer_service_months"] = 24
    assert _dates(values, {"hire_date": date(2024, 9, 16)}) == [
        [date(2025, 10, 1), date(2025, 10, 1), None],
        [date(2026, 1, 1), date(2025, 10, 1), date(2026, 1, 1)],
    ]


@pytest.mark.parametrize(
    ("hire", "hours", "expected"),
    [
        (date(2022, 3, 1), 900, NEW_YEAR),
        (date(2023, 3, 1), 900, date(2026, 1, 1)),
        (date(2023, 3, 1), 500, date(2026, 1, 1)),
        (date(2022, 3, 1), 499, None),
    ],
)
def test_two_part_time_years_let_people_defer_and_give_no_employer_money(
    hire: date, hours: int, expected: date | None
) -> None:
    told = _dates(BY_HOURS, {"hire_date": hire, "scheduled_hours": hours})
    assert told == ([[expected, expected, None]] if expected else [])


def test_a_long_term_part_timer_is_21_by_the_close_of_the_last_year() -> None:
    young = {"birth_date": date(2004, 6, 1), "hire_date": date(2022, 3, 1), "scheduled_hours": 900}
    assert _dates(BY_HOURS, young) == [[date(2026, 1, 1), date(2026, 1, 1), None]]


def test_a_part_timer_who_leaves_in_spring_had_entered_on_the_first_of_january() -> None:
    person = {"hire_date": date(2022, 3, 1), "scheduled_hours": 900}
    lived = live(census_of(person), BY_HOURS, stated=[_left("E1", date(2025, 3, 3))])
    assert _said(lived) == [("E1", NEW_YEAR, NEW_YEAR, None)]


@pytest.mark.parametrize("changed", [{"service_method": "elapsed"}, {"long_term_part_time": False}])
def test_long_term_part_time_asks_for_a_plan_that_counts_hours_and_its_switch(
    changed: dict[str, Any],
) -> None:
    values = {**BY_HOURS, **{f"plan.eligibility.{key}": value for key, value in changed.items()}}
    told = _dates(values, {"hire_date": date(2023, 3, 1), "scheduled_hours": 900})
    by_elapsed_time = [[NEW_YEAR, date(2024, 3, 1), date(2024, 3, 1)]]
    assert told == (by_elapsed_time if "service_method" in changed else [])


def test_a_former_participant_re_enters_on_the_day_of_rehire() -> None:
    stated = [_left("E1", date(2025, 3, 31)), _back("E1", date(2026, 5, 12), date(2019, 4, 11))]
    lived = live(census_of({}), years=(2025, 2027), stated=stated)
    back = date(2026, 5, 12)
    assert _said(lived) == [("E1", NEW_YEAR, date(2018, 3, 1), date(2018, 3, 1)), ("E1", back, back, back)]


def test_who_left_before_entry_enters_on_the_next_entry_date_after_rehire() -> None:
    stated = [_left("E1", date(2025, 5, 20)), _back("E1", date(2026, 2, 10), date(2024, 10, 28))]
    lived = live(census_of(TURNS_21_IN_MAY), years=(2025, 2026), stated=stated)
    assert [entry for _, _, entry, _ in _said(lived)] == [date(2026, 3, 1)]


def test_nobody_is_told_twice_and_without_a_plan_nobody_is_told() -> None:
    census = generate_census(300)
    slow = {"plan.eligibility.employer_service_months": 24, "plan.vesting.match": "immediate"}
    lived = live(census, slow, years=(2025, 2028))
    told = events_of(lived, "eligibility")
    assert not told.select("person", "effective_date").is_duplicated().any()
    assert told.group_by("person").len()["len"].max() == 2
    assert "eligibility" not in live(census, {"plan.enabled": False})[0].events


def test_a_batch_of_seeds_is_its_seeds_one_by_one() -> None:
    census = generate_census(200)
    both = events_of(live(census, years=(2025, 2026), seeds=(1, 2)), "eligibility")
    for seed in (1, 2):
        alone = events_of(live(census, years=(2025, 2026), seeds=(seed,)), "eligibility")
        assert both.filter(pl.col("seed") == seed).equals(alone)
