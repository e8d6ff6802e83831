from __future__ import annotations

import numpy as np
import pytest

from simulation.rules.key_employee import key_officers, key_owners, officer_cap

THRESHOLD = 230_000_00
OWNER_PAY = 150_000_00


@pytest.mark.parametrize(
    ("employees", "officers"), [(5, 3), (30, 3), (31, 4), (43, 5), (500, 50), (90_000, 50)]
)
def test_a_tenth_of_the_employees_can_be_key_officers_but_three_to_fifty(
    employees: int, officers: int
) -> None:
    assert officer_cap(employees) == officers


def test_trap_9_pay_at_the_threshold_is_not_above_it() -> None:
    officers = np.array([True, True, False])
    pay = np.array([THRESHOLD, THRESHOLD + 1, 900_000_00])
    assert key_officers(pay, officers, THRESHOLD).tolist() == [False, True, False]
    owned = np.array([101, 101, 100])
    assert key_owners(np.array([OWNER_PAY, OWNER_PAY + 1, 900_000_00]), owned, OWNER_PAY).tolist() == [
        False,
        True,
        False,
    ]


def test_trap_1_pay_of_the_year_of_the_determination_date_decides() -> None:
    pay_2025, pay_2026 = np.array([225_000_00]), np.array([260_000_00])
    officer = np.array([True])
    assert not key_officers(pay_2025, officer, THRESHOLD)[0]
    assert key_officers(pay_2026, officer, THRESHOLD + 5_000_00)[0]


def test_the_highest_paid_officers_are_key_when_there_are_too_many() -> None:
    pay = np.array([240_000_00, 300_000_00, 250_000_00, 250_000_00, 10_00])
    officers = np.array([True, True, True, True, True])
    assert key_officers(pay, officers, THRESHOLD, cap=2).tolist() == [False, True, True, False, False]


def test_large_owners_are_key_whatever_they_earn() -> None:
    assert key_owners(np.array([0, 0]), np.array([501, 500]), OWNER_PAY).tolist() == [True, False]
