from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any, Final

import numpy as np
import pytest

from simulation.compliance import Outcome, PlanYear
from simulation.compliance.general_test import equivalent, general_test, lowest_ratio, rate_group_bound
from simulation.rules.coverage import Coverage
from tests.tested_years import column_of, figure_of, verdict_of, year_of

BY_GROUP: Final = {"plan.profit_sharing.formula": "new_comparability"}


def shared(rate: int, born: int, **facts: Any) -> dict[str, Any]:
    """Return somebody paid 60,000 with so many percent of it, born in a year."""
    return {"birth_date": date(born, 1, 1), "profit_sharing_cents": 600_00 * rate, **facts}


def by_group(*people: dict[str, Any]) -> PlanYear:
    return year_of(*people, values=BY_GROUP)


def test_a_plan_that_gave_nothing_has_no_test() -> None:
    assert verdict_of(general_test, year_of({}, {"is_hce": True})).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("formula", ["pro_rata", "integrated"])
def test_a_uniform_formula_passes_by_design(formula: str) -> None:
    year = year_of(
        shared(9, 1960, is_hce=True), shared(1, 2000), values={"plan.profit_sharing.formula": formula}
    )
    found = verdict_of(general_test, year)
    assert (found.outcome, found.margin) == (Outcome.PASS, None)


def test_allocations_that_are_broad_as_they_are_need_no_gateway() -> None:
    # 9 % against 9 % for three of four others: 75 %; the fourth has less than a third.
    found = verdict_of(
        general_test, by_group(shared(9, 1995, is_hce=True), *[shared(9, 1965)] * 3, shared(1, 1965))
    )
    assert (found.outcome, found.cost_cents) == (Outcome.PASS, 0)
    assert figure_of(found, "Lowest ratio of a rate group, as given") == Fraction(3, 4)
    assert figure_of(found, "Others below the gateway") == 1


def test_without_the_gateway_nothing_is_cross_tested() -> None:
    # A third of 15 % is 5 %: 4 % of 60,000 lack 600, whatever age would make of them.
    found = verdict_of(
        general_test, by_group(shared(15, 1960, is_hce=True), shared(4, 2000), shared(5, 2000))
    )
    assert (found.outcome, found.cost_cents) == (Outcome.FAIL, 600_00)
    assert column_of(found, "below_gateway") == [False, True, False]


def test_the_gateway_is_never_above_five_percent() -> None:
    found = verdict_of(general_test, by_group(shared(24, 1960, is_hce=True), shared(5, 2000)))
    assert column_of(found, "gateway_cents") == [3_000_00, 3_000_00]
    assert found.outcome is Outcome.PASS


def test_who_has_longer_to_go_is_worth_more_at_the_testing_age() -> None:
    # 15 % with 5 years to go, and 5 % with 35, which grow 11.6 times more; the other way round it fails.
    found = verdict_of(general_test, by_group(shared(15, 1965, is_hce=True), shared(5, 1995)))
    assert (found.outcome, found.margin) == (Outcome.PASS, Fraction(3, 10))
    found = verdict_of(general_test, by_group(shared(15, 1995, is_hce=True), shared(5, 1965)))
    assert (found.outcome, found.margin) == (Outcome.FAIL, Fraction(-7, 10))


@pytest.mark.parametrize(("age", "times"), [(64, 10_850), (65, 10_000), (70, 10_000)])
def test_a_rate_grows_to_the_testing_age_and_not_beyond(age: int, times: int) -> None:
    assert equivalent(np.array([10_000]), np.array([2025 - age]), 2025).tolist() == [times]


def test_a_rate_group_is_everybody_at_or_above_a_highly_compensated_rate() -> None:
    worth = np.array([30, 10, 30, 20, 5])
    highly = np.array([True, True, False, False, False])
    # At 30: one of three against one of two, 66.67 %; at 10: two of three against both, 66.67 %.
    assert lowest_ratio(worth, highly) == Fraction(6667, 10_000)
    assert lowest_ratio(worth, np.zeros(5, dtype=np.bool_)) is None
    assert lowest_ratio(worth, np.ones(5, dtype=np.bool_)) is None


def test_with_the_average_benefit_the_midpoint_of_the_law_is_enough() -> None:
    # Four of ten others reach the chief's 9 %, and all ten get something: 90 % are others, so that 27.5 %
    # are safe and 20 % unsafe. (4 x 9 + 6 x 5) / 10 is 6.6 %, 73 % of 9 %.
    people = [shared(9, 1965)] * 4 + [shared(5, 1965)] * 6
    found = verdict_of(general_test, by_group(shared(9, 1965, is_hce=True), *people))
    assert found.outcome is Outcome.PASS
    assert figure_of(found, "Enough for a rate group") == Fraction(2375, 10_000)
    # (4 x 9 + 6 x 4) / 10 is 6 %, 67 % of 9 %.
    people = [shared(9, 1965)] * 4 + [shared(4, 1965)] * 6
    found = verdict_of(general_test, by_group(shared(9, 1965, is_hce=True), *people))
    assert found.outcome is Outcome.FAIL
    assert figure_of(found, "Enough for a rate group") == Fraction(7, 10)


def test_the_plans_own_ratio_lowers_the_bound() -> None:
    found = Coverage(nhce_benefiting=4, nhce=10, hce_benefiting=10, hce=10)
    assert rate_group_bound(found) == Fraction(4, 10)


def test_who_is_not_counted_in_coverage_is_in_no_rate_group() -> None:
    outside = {"employee_class": "union", "entry_date": None, "employer_entry_date": None}
    left = {"hours": 400, "employed_at_end": False, "termination_date": date(2025, 3, 31)}
    found = verdict_of(
        general_test,
        by_group(shared(9, 1965, is_hce=True), shared(9, 1965), outside, left, {"worked": False}),
    )
    assert found.rows["employee_id"].to_list() == ["E1", "E2"]


def test_a_nonparticipant_of_a_class_outside_is_in_every_denominator() -> None:
    outside = {"employee_class": "temporary", "entry_date": None, "employer_entry_date": None}
    values = {**BY_GROUP, "plan.eligibility.excluded_classes": ["temporary"]}
    people = (shared(9, 1965, is_hce=True), shared(9, 1965), outside)
    found = verdict_of(general_test, year_of(*people, values=values))
    assert figure_of(found, "Lowest ratio of a rate group, as given") == Fraction(1, 2)


def test_with_nobody_highly_compensated_every_allocation_is_broad() -> None:
    found = verdict_of(general_test, by_group(shared(9, 1965), shared(1, 1965)))
    assert (found.outcome, found.margin) == (Outcome.PASS, None)
