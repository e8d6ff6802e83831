from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from simulation.rules.coverage import REQUIRED, Coverage, coverage, excludable, nhce_share_needed
from simulation.rules.highly_compensated import highly_compensated
from simulation.rules.nondiscrimination import contribution_ratios
from simulation.rules.service import YEAR_OF_SERVICE_HOURS
from simulation.rules.top_heavy import key_share


def test_trap_9_seventy_percent_is_enough() -> None:
    assert Coverage(35, 50, 10, 10).passes_ratio
    assert not Coverage(34, 50, 10, 10).passes_ratio


@pytest.mark.parametrize(("benefiting", "ratio"), [(69_995, "0.7000"), (69_994, "0.6999")])
def test_coverage_is_decided_on_hundredths_of_a_point(benefiting: int, ratio: str) -> None:
    found = Coverage(benefiting, 100_000, 1, 1)
    assert found.ratio == Fraction(ratio)
    assert found.passes_ratio is (found.ratio == REQUIRED)


@pytest.mark.parametrize("counts", [Coverage(0, 5, 0, 3), Coverage(0, 0, 3, 3), Coverage(0, 5, 0, 0)])
def test_without_two_groups_that_could_differ_there_is_nothing_to_fail(counts: Coverage) -> None:
    assert counts.ratio is None
    assert counts.passes_ratio


def test_leavers_are_left_out_with_few_hours_and_only_a_rule_in_the_way() -> None:
    left = np.array([True, True, True, False])
    hours, by_rule = np.array([500, 501, 400, 400]), np.array([True, True, False, True])
    none = np.zeros(4, dtype=bool)
    assert excludable(none, none, left, hours, by_rule).tolist() == [True, False, False, False]
    assert excludable(none, ~none, left, hours, by_rule).all()
    assert excludable(~none, none, left, hours, by_rule).all()


def test_shares_needed_follow_the_highly_compensated() -> None:
    assert nhce_share_needed(Fraction(40, 100)) == Fraction(28, 100)


def test_trap_8_vesting_deferrals_coverage_and_top_heaviness_each_count_other_people() -> None:
    # An owner, a participant, a leaver of the year, somebody long gone with an account, a new hire under 21.
    owners = np.array([True, False, False, False, False])
    hours = np.array([2_080, 2_080, 450, 0, 900])
    eligible = np.array([True, True, True, False, False])
    left = np.array([False, False, True, True, False])
    unmet = np.array([False, False, False, False, True])
    worked = hours > 0
    highest = highly_compensated(np.zeros(5, dtype=np.int64), 160_000_00, owners)

    vesting_year = hours >= YEAR_OF_SERVICE_HOURS
    assert vesting_year.sum() == 2

    tested = contribution_ratios(np.full(5, 1_00), np.full(5, 100_00), 350_000_00).rows(eligible & ~highest)
    assert len(tested) == 2

    out = excludable(unmet, ~worked, left, hours, lost_by_rule=left)
    allocated = eligible & ~left
    assert coverage(allocated, highest, out) == Coverage(1, 1, 1, 1)
    may_defer = coverage(eligible, highest, excludable(unmet, ~worked, left, hours, np.zeros(5, dtype=bool)))
    assert may_defer == Coverage(2, 2, 1, 1)

    balances = np.array([500_00, 300_00, 200_00, 900_00, 0])
    shares = key_share(balances, owners, np.zeros(5, dtype=bool), worked)
    assert (shares.key_cents, shares.all_cents) == (500_00, 1_000_00)
