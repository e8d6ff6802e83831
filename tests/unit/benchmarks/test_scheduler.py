"""The play of the scheduler agrees with what can be worked out by hand."""

from __future__ import annotations

import pytest

from tests.benchmarks.scheduler import Costs, makespan, speedup


@pytest.mark.parametrize(
    ("workers", "seconds"), [(1, 24.0), (2, 12.0), (3, 8.0), (5, 6.0), (12, 2.0), (99, 2.0)]
)
def test_without_a_driver_equal_blocks_take_as_many_rounds_as_they_fill(workers: int, seconds: float) -> None:
    assert makespan(Costs([2.0], 0.0), blocks=12, workers=workers) == pytest.approx(seconds)


def test_the_longest_block_bounds_the_sweep_from_below() -> None:
    assert makespan(Costs([1.0, 1.0, 9.0], 0.0), blocks=3, workers=8) == pytest.approx(9.0)


def test_many_workers_wait_for_the_driver() -> None:
    costs = Costs([1.0], 0.1)
    assert makespan(costs, blocks=1000, workers=500) == pytest.approx(1000 * 0.1, rel=0.05)


def test_few_workers_do_not_notice_the_driver_for_blocks_wait_for_them() -> None:
    assert makespan(Costs([1.0], 0.1), blocks=100, workers=2) == pytest.approx(50.0, rel=0.01)


def test_one_block_takes_its_time_and_the_drivers() -> None:
    assert makespan(Costs([3.0], 0.5), blocks=1, workers=4) == pytest.approx(3.5)


def test_a_speedup_is_at_most_the_workers_and_what_the_driver_can_hand_out() -> None:
    costs = Costs([1.0], 0.01)
    assert speedup(costs, blocks=10_000, workers=16) == pytest.approx(16, rel=0.02)
    assert speedup(costs, blocks=10_000, workers=1000) == pytest.approx(100, rel=0.05)
