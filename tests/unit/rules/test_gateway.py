from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from simulation.rules.gateway import gateway_amounts, gateway_rate, gateway_third


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
    assert gateway_amounts(np.array([40_000_00, 25_000_00]), Fraction(1, 10)).tolist() == [1_333_33, 833_33]
