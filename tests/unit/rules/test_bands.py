from __future__ import annotations

import numpy as np

from simulation.rules.bands import band_of


def test_a_band_begins_at_its_start() -> None:
    assert band_of([0, 3, 10], np.array([0, 2, 3, 9, 10, 40])).tolist() == [0, 0, 1, 1, 2, 2]


def test_one_band_holds_all() -> None:
    assert band_of([0], 7).tolist() == [0]
