from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from simulation.rules.gateway import (
    five_percent_amounts,
    gateway_amounts,
    gateway_rate,
    gateway_third,
    third_amounts,
)


@pytest.mark.parametrize(
    ("highest", "rate"),
    [
        (Fraction(20, 100), Fraction(5, 100)),
        (Fraction(15, 100), Fraction(5, 100)),
        (Fraction(10, 100), Fraction(1, 30)),
    ],
)
def test_the_gateway_is_the_lower_of_a_third_and_five_percent(highest: Fraction, rate: Fraction) -> None:
    assert gateway_rate(highest) == rate


def test_a_third_is_exact_in_amounts() -> None:
    assert gateway_third(Fraction(1, 5)) == Fraction(1, 15)
    assert third_amounts(np.array([40_000_00, 25_000_00]), Fraction(1, 10)).tolist() == [1_333_33, 833_33]


def test_either_amount_opens_the_gate_though_they_look_at_other_pay() -> None:
    pay_414s, pay_415 = np.array([25_000_00, 40_000_00]), np.array([35_000_00, 35_000_00])
    assert five_percent_amounts(pay_415).tolist() == [1_750_00, 1_750_00]
    assert gateway_amounts(pay_414s, pay_415, Fraction(1, 5)).tolist() == [1_666_67, 1_750_00]
