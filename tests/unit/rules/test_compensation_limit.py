from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.rules.compensation_limit import countable_pay, countable_pay_in_period
from simulation.rules.deferral_limits import split_deferral
from simulation.rules.limit_years import short_period_limit

CAP = 360_000_00


def test_the_cap_is_never_prorated_for_somebody_hired_in_the_middle_of_a_year() -> None:
    paid_from_july = 200_000_00
    assert countable_pay(paid_from_july, CAP).tolist() == [paid_from_july]
    assert countable_pay(paid_from_july, short_period_limit(CAP, 6)).tolist() == [180_000_00]


def test_the_cap_does_not_stop_deferrals() -> None:
    pay_ytd, desired = CAP + 1, 2_000_00
    assert countable_pay_in_period(20_000_00, pay_ytd, CAP).tolist() == [0]
    assert split_deferral(desired, 24_500_00, 0).regular.tolist() == [desired]


@settings(max_examples=50)
@given(st.lists(st.integers(0, 10**11), min_size=1, max_size=8))
def test_periods_add_up_to_the_countable_pay_of_the_year(periods: list[int]) -> None:
    pay = np.array(periods, dtype=np.int64)
    before = np.cumsum(pay) - pay
    assert countable_pay_in_period(pay, before, CAP).sum() == countable_pay(pay.sum(), CAP)[0]
