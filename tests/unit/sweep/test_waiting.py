"""Blocks: how many runs a worker takes at once, and that the last ones end nearly together."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulation.sweep.attempt import Attempt
from simulation.sweep.task import RunTask
from simulation.sweep.waiting import MOST_AT_ONCE, PEOPLE_AT_ONCE, SMALLEST, Waiting, largest_block


def task(seed: int, scenario: str = "baseline") -> RunTask:
    return RunTask(scenario, seed, Path(f"seed_{seed}.duckdb"))


def sizes(runs: int, *, largest: int = 16, workers: int = 2) -> list[int]:
    waiting = Waiting([task(seed) for seed in range(runs)], largest=largest, workers=workers)
    return [len(attempt.block) for attempt in iter(lambda: waiting.take() if waiting else None, None)]


@pytest.mark.parametrize(
    ("people", "runs"), [(0, 16), (1, 16), (1_000, 16), (2_000, 9), (5_000, 3), (10_000, 1), (100_000, 1)]
)
def test_small_workforces_share_and_large_ones_do_not(people: int, runs: int) -> None:
    assert largest_block(people) == runs
    assert people * runs <= max(PEOPLE_AT_ONCE, people)


@pytest.mark.parametrize("workers", [1, 2, 3, 16, 2**31])
@pytest.mark.parametrize("runs", [0, 1, 2, 7, 16, 33, 1_000])
def test_every_run_is_handed_out_once_and_in_order(runs: int, workers: int) -> None:
    waiting = Waiting([task(seed) for seed in range(runs)], largest=16, workers=workers)
    seeds = []
    while waiting:
        block = waiting.take().block
        assert 1 <= len(block) <= MOST_AT_ONCE
        seeds += [one.seed for one in block]
    assert seeds == [*range(runs)]


def test_one_worker_has_nobody_to_wait_for() -> None:
    assert sizes(33, workers=1) == [16, 16, 1]


def test_blocks_get_smaller_towards_the_end() -> None:
    found = sizes(1_000)
    assert found[:50] == [16] * 50
    assert found == sorted(found, reverse=True)
    assert max(found[-2:]) <= SMALLEST


@pytest.mark.parametrize("workers", [2, 3, 8])
@pytest.mark.parametrize("runs", [8, 20, 32, 100])
def test_no_worker_is_left_with_a_large_block_while_others_have_none(runs: int, workers: int) -> None:
    free = [0] * workers
    for size in sizes(runs, workers=workers):
        free[free.index(min(free))] += size
    assert max(free) <= -(-runs // workers) + SMALLEST


def test_a_few_runs_are_shared_among_all_workers() -> None:
    assert sizes(4, workers=4) == [1, 1, 1, 1]
    assert sizes(8, workers=2) == [4, 4]
    assert sizes(5, workers=2) == [3, 2]


def test_a_block_is_of_one_scenario() -> None:
    names = [*["a"] * 5, *["b"] * 3]
    waiting = Waiting([task(seed, name) for seed, name in enumerate(names)], largest=16, workers=1)
    assert [len(waiting.take().block) for _ in range(2)] == [5, 3]


def test_what_failed_is_tried_again_when_the_others_are_done() -> None:
    waiting = Waiting([task(1), task(2)], largest=1, workers=1)
    first = waiting.take()
    waiting.put_back([Attempt(first.block, 2)])
    assert [(one.block[0].seed, one.number) for one in (waiting.take(), waiting.take())] == [(2, 1), (1, 2)]
    assert not waiting
