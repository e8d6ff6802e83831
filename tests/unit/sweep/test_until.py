"""Sweeps that stop when a difference is known: looks, blocks of seeds, the maximum, and going on later."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from simulation.census import Census
from simulation.errors import ScenarioError, SweepError
from simulation.parameters import load_scenario
from simulation.query import compare
from simulation.query.student import central_bound
from simulation.sweep import (
    Decision,
    Look,
    SweepPlan,
    SweepProgress,
    SweepResult,
    Until,
    format_seeds,
    read_plan,
    run_sweep,
    sweep_status,
)
from simulation.sweep.inputs import Inputs
from simulation.sweep.look import more_needed
from simulation.sweep.serial import SerialExecutor
from simulation.sweep.task import Block, Steps
from simulation.sweep.until import aim_of
from simulation.sweep.work import simulate_block

PAY = "total_compensation"
Sweep = Callable[..., SweepResult]


@pytest.fixture
def fields(census: Census) -> dict[str, Any]:
    base = load_scenario("baseline", years=(2025, 2025))
    return {"name": "u", "scenarios": [base, base.changed({"name": "grown", "workforce.growth.rate": "0.2"})],
            "census": census}  # fmt: skip


@pytest.fixture
def sweep(fields: dict[str, Any], tmp_path: Path) -> Sweep:
    def run(until: dict[str, Any], options: dict[str, Any] | None = None, **more: Any) -> SweepResult:
        plan = SweepPlan.of({**fields, "until": {"metric": PAY, **until}, **more})
        return run_sweep(plan, out=tmp_path / "out", executor=SerialExecutor(), **(options or {}))

    return run


def seeds(result: SweepResult) -> str:
    return format_seeds(run.seed for run in result.runs)


@pytest.mark.parametrize(
    ("pairs", "half_width", "within", "expected"),
    [
        (16, 100.0, 100.0, 0),
        (16, 99.0, 100.0, 0),
        (16, 200.0, 100.0, 48),
        (8, 100.1, 100.0, 1),
        (8, 0.0, 1.0, 0),
    ],
)
def test_what_is_needed_grows_with_the_square_of_the_width(
    pairs: int, half_width: float, within: float, expected: int
) -> None:
    assert more_needed(pairs, half_width, within) == expected


def stopped_at(differences: np.ndarray, within: float) -> tuple[float, float]:
    """Return mean and half-width where the rule stops: looks after 8 seeds and every 8."""
    for pairs in range(8, len(differences) + 1, 8):
        seen = differences[:pairs]
        half_width = central_bound(0.95, pairs - 1) * seen.std(ddof=1) / math.sqrt(pairs)
        if not more_needed(pairs, half_width, within):
            break
    return seen.mean(), half_width


@pytest.mark.parametrize("within", [0.7, 0.5, 0.3])
def test_the_interval_at_the_stop_holds_nearly_as_often_as_it_says(within: float) -> None:
    samples = stats.norm.rvs(size=(1500, 256), random_state=1)
    stops = [stopped_at(differences, within) for differences in samples]
    assert all(half_width <= within for _, half_width in stops)
    assert 0.92 < sum(abs(mean) <= half_width for mean, half_width in stops) / len(stops) < 0.97


def test_seeds_are_added_in_blocks_until_the_maximum(sweep: Sweep) -> None:
    reports: list[SweepProgress] = []
    until = {"within": 1, "minimum": 2, "every": 2, "maximum": 5}
    result = sweep(until, {"on_progress": reports.append})
    assert [(look.pairs, look.decision) for look in result.looks] == [
        (2, Decision.GO_ON),
        (4, Decision.GO_ON),
        (5, Decision.MAXIMUM),
    ]
    assert seeds(result) == "1-5"
    assert [(run.scenario, run.seed) for run in result.runs][:2] == [("baseline", 1), ("baseline", 2)]
    assert [report.look for report in reports if report.look] == list(result.looks)
    assert (reports[-1].runs_total, reports[-1].runs_done) == (10, 10)


def test_a_look_is_the_paired_interval_of_student(sweep: Sweep) -> None:
    result = sweep({"within": 1, "minimum": 3, "maximum": 3})
    (look,) = result.looks
    row = compare(result.directory, "baseline", [PAY]).row(0, named=True)
    half_width = stats.t.ppf(0.975, 2) * row["difference_sd"] / math.sqrt(3)
    assert look.half_width == pytest.approx(half_width)
    assert look.difference == pytest.approx(row["difference_mean"])
    assert look.needed == math.ceil(3 * half_width**2) - 3


def test_it_stops_at_the_first_look_that_knows(sweep: Sweep) -> None:
    result = sweep({"within": 10**9, "minimum": 2, "maximum": 50})
    assert [look.decision for look in result.looks] == [Decision.KNOWN]
    assert seeds(result) == "1-2"
    status = sweep_status(result.directory)
    assert (status.state, status.look) == ("complete", result.looks[-1])


def test_two_scenarios_that_are_alike_are_known_at_once(sweep: Sweep, fields: dict[str, Any]) -> None:
    base = fields["scenarios"][0]
    result = sweep({"within": 1, "minimum": 2}, scenarios=[base, base.changed({"name": "twin"})])
    assert [(look.half_width, look.decision) for look in result.looks] == [(0.0, Decision.KNOWN)]


def test_the_journal_tells_each_look(sweep: Sweep) -> None:
    result = sweep({"within": 10**9, "minimum": 2})
    lines = [json.loads(line) for line in (result.directory / "journal.jsonl").read_text().splitlines()]
    assert [Look.model_validate(line) for line in lines if line["what"] == "look"] == list(result.looks)


def test_a_resume_goes_on_where_it_was_and_a_narrower_wish_adds_seeds(sweep: Sweep) -> None:
    first = sweep({"within": 10**9, "minimum": 2, "every": 1, "maximum": 3})
    again = sweep({"within": 10**9, "minimum": 2, "every": 1, "maximum": 3}, {"resume": True})
    assert (seeds(again), [run.attempts for run in again.runs]) == ("1-2", [0, 0, 0, 0])
    more = sweep({"within": 1, "minimum": 2, "every": 1, "maximum": 3}, {"resume": True})
    assert [look.pairs for look in more.looks] == [2, 3]
    assert [run.attempts for run in more.runs] == [0, 0, 1, 0, 0, 1]
    assert {run.digest for run in first.runs} < {run.digest for run in more.runs}


def test_one_that_was_stopped_between_looks_is_unfinished_and_ends_as_without_a_break(
    sweep: Sweep, tmp_path: Path
) -> None:
    until = {"within": 1, "minimum": 2, "every": 2, "maximum": 4}
    looks: list[Look] = []

    def note(progress: SweepProgress) -> None:
        looks.extend([progress.look] if progress.look else [])

    half = sweep(until, {"on_progress": note, "should_cancel": lambda: bool(looks)})
    assert (half.cancelled, len(half.done)) == (True, 4)
    assert sweep_status(half.directory).state == "unfinished"
    resumed = sweep(until, {"resume": True})
    whole = sweep(until, name="whole")
    assert [run.digest for run in resumed.runs] == [run.digest for run in whole.runs]
    assert resumed.looks[-1] == whole.looks[-1]


def out_of_luck(block: Block, inputs: Inputs) -> Steps:
    if block[0].scenario == "grown":
        raise ScenarioError("no luck")
    yield from simulate_block(block, inputs)


def test_a_scenario_that_always_fails_ends_it_instead_of_using_up_every_seed(sweep: Sweep) -> None:
    result = sweep({"within": 1, "minimum": 2, "maximum": 50}, {"work": out_of_luck})
    assert [(look.pairs, look.decision) for look in result.looks] == [(0, Decision.NO_PAIRS)]
    assert (len(result.failed), seeds(result)) == (2, "1-2")


def test_the_first_seeds_are_those_asked_for_and_as_many_as_a_first_look_takes() -> None:
    def first(**fields: Any) -> str:
        until = {"metric": PAY, "within": 1, **fields.pop("until", {})}
        return format_seeds(SweepPlan.of({"scenarios": ["a", "b"], "until": until, **fields}).first_seeds)

    assert first() == "1-8"
    assert first(seeds="5") == "5-12"
    assert first(seeds="1-20") == "1-20"
    assert first(seeds="3,7", until={"minimum": 4}) == "3,7-9"


def refusal(until: Any, **fields: Any) -> str:
    with pytest.raises(SweepError) as caught:
        SweepPlan.of({"scenarios": ["baseline", "high_growth"], "seeds": "1", "until": until, **fields})
    return str(caught.value)


@pytest.mark.parametrize(
    ("until", "said"),
    [
        ({"metric": PAY}, "until.within: is missing"),
        ({"within": 1}, "until.metric: is missing"),
        ({"metric": "total_compensatoin", "within": 1}, f"did you mean '{PAY}'?"),
        ({"metric": PAY, "within": 0}, "until.within"),
        ({"metric": PAY, "within": "close"}, "until.within"),
        ({"metric": PAY, "within": 1, "between": ["baseline"]}, "until.between"),
        ({"metric": PAY, "within": 1, "minimum": 1}, "until.minimum"),
        ({"metric": PAY, "within": 1, "minimum": 9, "maximum": 8}, "until.maximum: 8, and the first look"),
        ({"metric": PAY, "within": 1, "max": 8}, "until.max: unknown key"),
        ("soon", "until"),
    ],
)
def test_a_wish_that_cannot_be_is_refused_and_says_why(until: Any, said: str) -> None:
    assert said in refusal(until)


def test_more_seeds_than_the_maximum_are_refused() -> None:
    text = refusal({"metric": PAY, "within": 1, "maximum": 16}, seeds="1-20")
    assert "until.maximum: 16, and there are 20 seeds already" in text


@pytest.mark.parametrize(("given", "read"), [(50_000, "50000"), ("0.5%", "0.005"), (0.001, "0.001")])
def test_a_width_is_a_number_or_a_percentage(given: Any, read: str) -> None:
    assert Until.model_validate({"metric": PAY, "within": given}).within == Decimal(read)


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"between": ["baseline", "grwn"]}, "did you mean 'grown'?"),
        ({"between": ["baseline", "baseline"]}, "'baseline' twice"),
        ({"year": 2026}, "from 2025 to 2025"),
    ],
)
def test_a_wish_that_the_scenarios_cannot_fulfil_is_refused_before_any_work(
    sweep: Sweep, tmp_path: Path, wish: dict[str, Any], said: str
) -> None:
    with pytest.raises(SweepError) as caught:
        sweep({"within": 1, **wish})
    assert said in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_of_more_than_two_scenarios_it_has_to_be_said_which(fields: dict[str, Any]) -> None:
    scenarios = dict.fromkeys(("a", "b", "c"), fields["scenarios"][0])
    with pytest.raises(SweepError, match=r"until\.between: missing, and there are 3 scenarios"):
        aim_of(Until.model_validate({"metric": PAY, "within": 1}), scenarios)


def test_single_fields_of_the_wish_are_overridden(tmp_path: Path) -> None:
    file = tmp_path / "u.yaml"
    file.write_text(
        f"scenarios: [a, b]\nuntil: {{metric: {PAY}, within: 5, maximum: 64}}\n", encoding="utf-8"
    )
    until = read_plan(file, {"until": {"within": "2"}}).until
    assert until is not None
    assert (until.within, until.maximum) == (Decimal(2), 64)
