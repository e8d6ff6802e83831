"""What the benchmark table says of a value: its target, and the committed one on the scale of the machine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks import __main__ as bench
from tests.benchmarks import results
from tests.benchmarks.benchmark import Benchmark, Better, Measured, Target
from tests.benchmarks.catalogue import BENCHMARKS
from tests.benchmarks.results import change, row, save
from tests.benchmarks.table import lines

CLOCK = 0.05


def measured(
    *samples: float, unit: str = "s", better: Better = Better.LOWER, calibration: float = CLOCK
) -> Measured:
    benchmark = Benchmark("made-up", "a made-up one", unit, lambda _: samples, Target(3.0, better))
    return Measured.of(benchmark, samples, calibration)


def before(value: float, *, noise: float = 0.0, calibration: float = CLOCK) -> dict[str, Any]:
    return {"name": "made-up", "value": value, "noise": noise, "calibration": calibration}


def test_a_value_is_the_median_and_its_noise_the_distance_of_the_extremes() -> None:
    taken = measured(2.0, 1.0, 4.0)
    assert (taken.value, taken.noise) == (2.0, 1.5)


@pytest.mark.parametrize(
    ("value", "better", "misses"),
    [
        (3.0, Better.LOWER, False),
        (3.1, Better.LOWER, True),
        (3.1, Better.HIGHER, False),
        (2.9, Better.HIGHER, True),
    ],
)
def test_a_target_is_missed_on_the_worse_side_of_it(value: float, better: Better, misses: bool) -> None:
    assert measured(value, better=better).misses is misses


@pytest.mark.parametrize(
    ("unit", "better", "value", "calibration", "worse"),
    [
        ("s", Better.LOWER, 2.0, CLOCK, 1.0),
        ("s", Better.LOWER, 2.0, 2 * CLOCK, 0.0),
        ("events/s", Better.HIGHER, 0.5, 2 * CLOCK, 0.0),
        ("events/s", Better.HIGHER, 0.5, CLOCK, 1.0),
        ("MiB", Better.LOWER, 1.5, 2 * CLOCK, 0.5),
        ("×", Better.HIGHER, 0.5, 2 * CLOCK, 1.0),
    ],
)
def test_a_slower_machine_is_no_regression(
    unit: str, better: Better, value: float, calibration: float, worse: float
) -> None:
    taken = measured(value, unit=unit, better=better, calibration=calibration)
    assert change(taken, before(1.0)).worse == pytest.approx(worse)


@pytest.mark.parametrize(("noise", "regression"), [(0.0, True), (0.4, False)])
def test_a_change_within_the_noise_of_either_is_no_regression(noise: float, regression: bool) -> None:
    assert change(measured(1.5), before(1.0, noise=noise)).is_regression is regression


def test_the_table_says_what_misses_its_target_and_what_got_worse() -> None:
    heading, line = lines([measured(4.0)], {"made-up": before(2.0)})
    assert heading.split()[:2] == ["value", "target"]
    assert line.endswith("misses target, worse than the commit")
    assert "≤ 3 s" in line
    assert "+100% ± 15%" in line


def test_saving_replaces_what_was_measured_and_keeps_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    other = {"name": "other", "value": 7}
    save([other, row(measured(4.0), "abc")], path)
    save([row(measured(2.0), "def")], path)
    kept = json.loads(path.read_text("utf-8"))
    assert kept[0] == other
    assert {"name", "value", "unit", "target", "commit"} <= kept[1].keys()
    assert (kept[1]["value"], kept[1]["target"], kept[1]["commit"]) == (2.0, 3.0, "def")


def test_every_measurement_has_a_name_of_its_own() -> None:
    assert len({benchmark.name for benchmark in BENCHMARKS}) == len(BENCHMARKS)


@pytest.mark.parametrize(("fails", "code"), [(False, 0), (True, 1)])
def test_slow_is_no_failure_but_what_cannot_be_measured_is(
    fails: bool, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def take(_: object) -> list[float]:
        if fails:
            raise RuntimeError("no such thing")
        return [99.0]

    slow = Benchmark("made-up", "a made-up one", "s", take, Target(3.0))
    monkeypatch.setattr(bench, "BENCHMARKS", (slow,))
    monkeypatch.setattr(results, "save", lambda rows: save(rows, tmp_path / "results.json"))
    assert bench.main([]) == code
