from __future__ import annotations

import numpy as np

from simulation.rules.bands import band_of
from simulation.rules.nonelective import nonelective


def test_the_safe_harbour_gives_three_percent() -> None:
    assert nonelective(np.array([360_000_00, 16])).tolist() == [10_800_00, 0]


def test_rates_may_differ_by_person() -> None:
    rates = np.array([200, 400])
    pay = np.array([50_000_00, 50_000_00])
    assert nonelective(pay, rates[band_of([0, 45], np.array([44, 45]))]).tolist() == [1_000_00, 2_000_00]
