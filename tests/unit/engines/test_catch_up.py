from __future__ import annotations

from datetime import date
from typing import Any, Final

import pytest

from simulation.engines import catch_up
from tests.accounts import equal_one_by_one
from tests.plan_years import in_plan, the_year
from tests.populations import census_of

NO_ROTH: Final = {"plan.deferral.roth_feature": False}


def told(person: dict[str, Any], *, year: int = 2025, **values: Any) -> list[tuple[str, int]]:
    """Return what is told of somebody in the plan, with the limit."""
    census = census_of(person, as_of=date(year - 1, 12, 31))
    context, state = the_year(census, [in_plan("E1", date(year, 1, 1))], values, year=year)
    return (
        catch_up.decide(context, state)["compliance"]
        .select("compliance_type", "applicable_limit_cents")
        .rows()
    )


@pytest.mark.parametrize(
    ("born", "limit"),
    [
        (date(1976, 1, 1), None),
        (date(1975, 12, 31), 7_500_00),
        (date(1965, 12, 31), 11_250_00),
        (date(1962, 1, 1), 11_250_00),
        (date(1961, 12, 31), 7_500_00),
    ],
    ids=["49", "50 on the last day", "60", "63", "64"],
)
def test_the_limit_goes_by_the_age_reached_in_the_year(born: date, limit: int | None) -> None:
    assert told({"birth_date": born}) == ([("catch_up_eligible", limit)] if limit else [])


@pytest.mark.parametrize(
    ("wages", "year", "required"),
    [(150_000_01, 2026, True), (150_000_00, 2026, False), (None, 2026, False), (900_000_00, 2025, False)],
    ids=["above", "at it", "not stated, and paid less", "not enforced yet"],
)
def test_catch_up_has_to_be_roth_above_the_wages_of_the_year_before(
    wages: int | None, year: int, *, required: bool
) -> None:
    person = {"birth_date": date(1970, 1, 1), "prior_year_compensation_cents": wages}
    kinds = [kind for kind, _ in told(person, year=year)]
    assert kinds == ["catch_up_eligible", *["roth_catch_up_required"] * required]


@pytest.mark.parametrize(("hired", "required"), [(date(2025, 1, 1), True), (date(2025, 1, 2), False)])
def test_wages_that_are_not_stated_are_the_pay_of_who_was_there_all_year(
    hired: date, *, required: bool
) -> None:
    person = {"birth_date": date(1970, 1, 1), "hire_date": hired, "compensation_cents": 150_000_01}
    kinds = [kind for kind, _ in told({**person, "prior_year_compensation_cents": None}, year=2026)]
    assert kinds == ["catch_up_eligible", *["roth_catch_up_required"] * required]


def test_without_a_roth_feature_who_has_to_use_it_may_not_catch_up() -> None:
    person = {"birth_date": date(1970, 1, 1), "prior_year_compensation_cents": 200_000_00}
    assert told(person, year=2026, **NO_ROTH) == [("roth_catch_up_required", 150_000_00)]


def test_who_is_not_in_the_plan_or_has_left_it_is_told_nothing() -> None:
    context, state = the_year(census_of({"birth_date": date(1970, 1, 1)}))
    assert catch_up.decide(context, state)["compliance"].is_empty()


@pytest.mark.parametrize("values", [{"plan.enabled": False}, {"plan.deferral.catch_up": False}])
def test_a_plan_without_catch_up_tells_nobody(values: dict[str, Any]) -> None:
    assert catch_up.decide(*the_year(census_of({"birth_date": date(1970, 1, 1)}), (), values)) == {}


def test_a_batch_of_seeds_is_told_as_each_alone() -> None:
    people = census_of({"birth_date": date(1970, 1, 1)}, {}, {"birth_date": date(1963, 1, 1)})
    assert equal_one_by_one(catch_up.decide, people, [in_plan(f"E{n}") for n in (1, 2, 3)], {})
