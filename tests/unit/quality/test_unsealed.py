"""An engine that is broken on purpose: its run must not become a store."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from simulation.census import generate_census
from simulation.context import YearContext
from simulation.errors import InvariantError
from simulation.phases import PHASES
from simulation.sealing import simulate, simulate_batch
from simulation.snapshot import workforce_snapshot
from simulation.state import State
from simulation.sweep import SweepPlan, run_sweep
from simulation.sweep.serial import SerialExecutor
from tests.populations import scenario_of
from tests.stores import EVENTFUL, small_census

Spoil = Callable[[pl.DataFrame], pl.DataFrame]


def with_broken(monkeypatch: pytest.MonkeyPatch, phase: str, kind: str, spoil: Spoil) -> None:
    """Let an engine decide something else than it would, from 2026 on."""
    sound = next(each for each in PHASES if each.name == phase)

    def decide(context: YearContext, state: State) -> Mapping[str, pl.DataFrame]:
        events = dict(sound.decide(context, state))
        if context.year > 2025 and kind in events:
            events[kind] = spoil(events[kind])
        return events

    broken = replace(sound, decide=decide)
    phases = tuple(broken if each is sound else each for each in PHASES)
    monkeypatch.setattr("simulation.year.PHASES", phases)


def tenfold(events: pl.DataFrame) -> pl.DataFrame:
    return events.with_columns(pl.col("amount_cents") * 10)


def next_year(events: pl.DataFrame) -> pl.DataFrame:
    return events.with_columns(effective_date=pl.lit(date(2027, 1, 1)))


def before_birth(events: pl.DataFrame) -> pl.DataFrame:
    return events.with_columns(effective_date=pl.lit(date(1999, 1, 1)))


def a_cent_more(events: pl.DataFrame) -> pl.DataFrame:
    return events.with_columns(pl.col("amount_cents") + 1)


@pytest.mark.parametrize(
    ("phase", "kind", "spoil", "gate"),
    [
        ("contribution", "contribution", tenfold, "additions_limit"),
        ("contribution", "contribution", tenfold, "deferral_limit"),
        ("hours", "hours", next_year, "event_days"),
        ("vesting", "vesting", before_birth, "after_hire"),
        ("eligibility", "eligibility", next_year, "inside_employment"),
        ("fee", "fee", a_cent_more, "amounts_by_source"),
    ],
)
def test_a_broken_engine_leaves_no_store_and_is_told_by_gate_year_and_people(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, phase: str, kind: str, spoil: Spoil, gate: str
) -> None:
    with_broken(monkeypatch, phase, kind, spoil)
    census = small_census()
    with pytest.raises(InvariantError, match="nothing is sealed") as caught:
        simulate(scenario_of(EVENTFUL, years=(2025, 2027)), census, out=tmp_path)
    assert (caught.value.context["year"], caught.value.exit_code) == (2026, 1)
    problem = next(problem for problem in caught.value.problems if problem.where == gate)
    named = problem.hint.removeprefix("first employees ").partition(" and ")[0].split(", ")
    assert 0 < len(named) <= 10
    assert {name for name in named if not name.startswith("H20")} <= set(census.frame["employee_id"])
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_one_broken_year_keeps_every_seed_of_a_batch_unsealed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with_broken(monkeypatch, "fee", "fee", a_cent_more)
    with pytest.raises(InvariantError, match="amounts_by_source"):
        simulate_batch(scenario_of(EVENTFUL, years=(2025, 2026)), small_census(), [1, 2], out=tmp_path)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_what_is_written_goes_through_its_gates_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def without_first(state: State, year: int) -> pl.DataFrame:
        return workforce_snapshot(state, year)[1:]

    monkeypatch.setattr("simulation.store.coding.workforce_snapshot", without_first)
    with pytest.raises(InvariantError, match="snapshot_rows: 1 row break it"):
        simulate(scenario_of(EVENTFUL, years=(2025, 2025)), small_census(), out=tmp_path)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_sweep_reports_the_gate_and_does_not_try_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with_broken(monkeypatch, "fee", "fee", a_cent_more)
    plan = SweepPlan(
        name="broken",
        scenarios=(scenario_of(EVENTFUL, years=(2025, 2026)),),
        seeds=(1,),
        census=small_census(),
    )
    result = run_sweep(plan, out=tmp_path, executor=SerialExecutor())
    assert [(run.attempts, run.store) for run in result.failed] == [(1, None)]
    assert "amounts_by_source" in str(result.failed[0].error)


def test_drift_is_hard_where_the_scenario_says_so(tmp_path: Path) -> None:
    leaving = {
        "workforce.termination.total_rate": "60%",
        "quality.drift.severity": "hard",
    }
    with pytest.raises(InvariantError, match=r"service_ks: 0\.\d+ with seed 42, of \d+ people"):
        simulate(scenario_of(leaving, years=(2025, 2025)), generate_census(400), out=tmp_path)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
