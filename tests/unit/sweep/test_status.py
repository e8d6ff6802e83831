"""Where a sweep stands, read from its directory."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulation.errors import SweepError
from simulation.sweep import SweepPlan, SweepStatus, find_sweeps, run_sweep, sweep_status
from simulation.sweep.inputs import Inputs
from simulation.sweep.serial import SerialExecutor
from simulation.sweep.task import Block, Steps
from simulation.sweep.work import simulate_block


def unlucky(block: Block, inputs: Inputs) -> Steps:
    if any(task.seed == 2 for task in block):
        raise ValueError("no luck")
    yield from simulate_block(block, inputs)


def status_of(plan: SweepPlan, out: Path, **options: object) -> SweepStatus:
    result = run_sweep(plan, out=out, executor=SerialExecutor(), **options)  # type: ignore[arg-type]
    return sweep_status(result.directory)


def test_a_finished_sweep_is_complete(plan: SweepPlan, tmp_path: Path) -> None:
    status = status_of(plan, tmp_path)
    assert (status.name, status.state, status.pid) == ("small", "complete", None)
    assert (status.runs_done, status.runs_total, status.runs_failed) == (2, 2, 0)


def test_a_failed_run_is_counted_with_its_error_until_it_is_done(plan: SweepPlan, tmp_path: Path) -> None:
    status = status_of(plan, tmp_path, work=unlucky)
    assert (status.state, status.runs_done, status.runs_failed) == ("unfinished", 1, 1)
    assert "no luck" in str(status.last_error)
    status = status_of(plan, tmp_path, resume=True)
    assert (status.state, status.runs_failed, status.last_error) == ("complete", 0, None)


def test_a_running_sweep_names_its_process(plan: SweepPlan, tmp_path: Path) -> None:
    seen: list[SweepStatus] = []
    run_sweep(
        plan,
        out=tmp_path,
        executor=SerialExecutor(),
        on_progress=lambda _: seen.append(sweep_status(tmp_path / "small")),
    )
    assert {status.state for status in seen} == {"running"}


def test_sweeps_are_found_below_a_directory_or_in_it(plan: SweepPlan, tmp_path: Path) -> None:
    for name in ("a", "b"):
        run_sweep(plan.model_copy(update={"name": name}), out=tmp_path, executor=SerialExecutor())
    assert [status.name for status in find_sweeps(tmp_path)] == ["b", "a"]
    assert [status.name for status in find_sweeps(tmp_path / "a")] == ["a"]
    assert find_sweeps(tmp_path / "gone") == []


@pytest.mark.parametrize("content", [None, "", "{", "[]", '{"format": 99}'])
def test_what_is_no_sweep_is_refused(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "sweep.json").write_text(content)
    with pytest.raises(SweepError, match="no sweep"):
        sweep_status(tmp_path)
