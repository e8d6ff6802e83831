"""`run_sweep` without Ray: what it makes, what it refuses, what it continues."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from simulation.census import Census, generate_census, write_census
from simulation.errors import CensusError, ScenarioError, SweepError, WriteError
from simulation.parameters import Scenario, load_scenario
from simulation.sealing import simulate
from simulation.store.files import hand_over, store_of, temporary_path
from simulation.sweep import (
    RunStatus,
    SweepPlan,
    SweepProgress,
    SweepResult,
    read_plan,
    run_sweep,
    sweep_status,
)
from simulation.sweep.inputs import Inputs
from simulation.sweep.journal import read_journal
from simulation.sweep.serial import SerialExecutor
from simulation.sweep.task import Block, Steps
from simulation.sweep.work import simulate_block

Sweep = Callable[..., SweepResult]


@pytest.fixture
def sweep(plan: SweepPlan, tmp_path: Path) -> Sweep:
    def run(asked: SweepPlan = plan, **options: Any) -> SweepResult:
        defaults: dict[str, Any] = {"out": tmp_path / "out", "executor": SerialExecutor()}
        return run_sweep(asked, **defaults | options)

    return run


def digests(result: SweepResult) -> dict[tuple[str, int], str | None]:
    return {(run.scenario, run.seed): run.digest for run in result.runs}


def happenings(result: SweepResult, *what: str) -> list[tuple[str, object]]:
    entries = read_journal(result.directory / "journal.jsonl")
    return [(entry["what"], entry.get("seed")) for entry in entries if entry["what"] in what]


def without_seed_2(block: Block, inputs: Inputs) -> Steps:
    if any(task.seed == 2 for task in block):
        raise ScenarioError("seed 2 is out of luck", seed=2)
    yield from simulate_block(block, inputs)


def test_every_run_has_a_store_with_the_digest_of_a_single_run(
    sweep: Sweep, scenario: Scenario, census: Census, tmp_path: Path
) -> None:
    result = sweep()
    assert result.complete
    assert [(run.scenario, run.seed, run.attempts) for run in result.runs] == [
        ("baseline", 1, 1),
        ("baseline", 2, 1),
    ]
    for run in result.runs:
        assert run.store == tmp_path / "out" / "small" / "baseline" / f"seed_{run.seed}.duckdb"
        assert run.store.exists()
        assert run.digest == simulate(scenario, census, seed=run.seed, out=tmp_path / "alone").digest


def test_the_record_says_what_the_sweep_was_made_of(sweep: Sweep, scenario: Scenario, census: Census) -> None:
    record = json.loads((sweep().directory / "sweep.json").read_text())
    assert record["census"]["digest"] == census.digest
    assert [(one["name"], one["digest"]) for one in record["scenarios"]] == [("baseline", scenario.digest)]
    assert (record["seeds"], record["format"]) == ("1-2", 1)


def test_progress_tells_each_year_and_each_end_once(sweep: Sweep) -> None:
    reports: list[SweepProgress] = []
    sweep(on_progress=reports.append)
    assert [report.last.seed for report in reports if report.last] == [1, 2]
    assert any(report.current and report.current[0].year_done == 1 for report in reports)
    fractions = [report.fraction for report in reports]
    assert fractions == sorted(fractions)
    assert (fractions[0], fractions[-1]) == (0.0, 1.0)


def test_a_failing_seed_is_reported_and_the_others_finish(sweep: Sweep) -> None:
    result = sweep(work=without_seed_2)
    assert [run.status for run in result.runs] == [RunStatus.DONE, RunStatus.FAILED]
    assert "out of luck" in str(result.failed[0].error)
    assert result.failed[0].store is None
    assert happenings(result, "failed") == [("failed", 2)]


def test_a_resumed_sweep_does_what_is_missing_and_equals_one_without_a_break(
    sweep: Sweep, tmp_path: Path
) -> None:
    sweep(work=without_seed_2)
    resumed = sweep(resume=True)
    assert [run.attempts for run in resumed.runs] == [0, 1]
    assert digests(resumed) == digests(sweep(out=tmp_path / "other"))


def test_a_sweep_that_is_complete_is_resumed_without_work(sweep: Sweep) -> None:
    first = sweep()
    again = sweep(resume=True)
    assert digests(again) == digests(first)
    assert [run.attempts for run in again.runs] == [0, 0]
    assert happenings(again, "started") == [("started", 1), ("started", 2)]


def test_without_a_journal_the_stores_themselves_say_what_is_done(sweep: Sweep) -> None:
    first = sweep()
    (first.directory / "journal.jsonl").unlink()
    again = sweep(resume=True)
    assert digests(again) == digests(first)
    assert [run.attempts for run in again.runs] == [0, 0]


def test_a_store_cut_in_half_is_set_aside_and_made_again(sweep: Sweep) -> None:
    first = sweep()
    store = first.runs[0].store
    assert store is not None
    content = store.read_bytes()
    store.unlink()
    store.write_bytes(content[: len(content) // 2])
    again = sweep(resume=True)
    assert digests(again) == digests(first)
    assert [run.attempts for run in again.runs] == [1, 0]
    assert store.with_name("seed_1.duckdb.damaged").exists()


def test_a_resume_can_add_seeds_and_scenarios(sweep: Sweep, scenario: Scenario, census: Census) -> None:
    sweep()
    other = load_scenario("high_growth", years=(2025, 2025))
    plan = SweepPlan(name="small", scenarios=(scenario, other), seeds=(2, 3), census=census)
    added = sweep(plan, resume=True)
    assert [(run.scenario, run.seed, run.attempts) for run in added.runs] == [
        ("baseline", 2, 0),
        ("baseline", 3, 1),
        ("high_growth", 2, 1),
        ("high_growth", 3, 1),
    ]
    record = json.loads((added.directory / "sweep.json").read_text())
    assert record["seeds"] == "1-3"
    assert [one["name"] for one in record["scenarios"]] == ["baseline", "high_growth"]


def test_a_sweep_that_exists_is_not_begun_again(sweep: Sweep) -> None:
    sweep()
    with pytest.raises(SweepError, match="--resume, or choose another name"):
        sweep()


def test_a_sweep_that_does_not_exist_can_be_resumed(sweep: Sweep) -> None:
    assert sweep(resume=True).complete


def test_a_directory_of_something_else_is_left_alone(sweep: Sweep, tmp_path: Path) -> None:
    (tmp_path / "out" / "small").mkdir(parents=True)
    (tmp_path / "out" / "small" / "thesis.tex").touch()
    with pytest.raises(SweepError, match=r"thesis\.tex"):
        sweep()
    assert not (tmp_path / "out" / "small" / "sweep.json").exists()


def test_a_sweep_whose_first_process_died_before_it_began_is_begun(sweep: Sweep, tmp_path: Path) -> None:
    directory = tmp_path / "out" / "small"
    directory.mkdir(parents=True)
    (directory / ".lock").write_text("1")
    (directory / ".sweep.json.1.tmp").write_text("{")
    assert sweep(resume=True).complete
    assert not list(directory.glob("*.tmp"))


@pytest.mark.parametrize("changed", ["scenario", "census", "code version"])
def test_a_resume_with_other_inputs_is_refused_and_says_which(
    sweep: Sweep, scenario: Scenario, census: Census, monkeypatch: pytest.MonkeyPatch, changed: str
) -> None:
    sweep()
    other = (
        scenario
        if changed != "scenario"
        else load_scenario("baseline", set=["workforce.growth.rate=0.07"], years=(2025, 2025))
    )
    people = census if changed != "census" else generate_census(41)
    if changed == "code version":
        monkeypatch.setattr("simulation.sweep.driver.code_version", lambda: "9.9.9")
    with pytest.raises(SweepError, match="begun with other inputs") as caught:
        sweep(SweepPlan(name="small", scenarios=(other,), seeds=(1, 2), census=people), resume=True)
    assert [problem.where.startswith(changed) for problem in caught.value.problems] == [True]
    if changed != "code version":
        before, after = (scenario, other) if changed == "scenario" else (census, people)
        assert before.digest[:12] in str(caught.value)
        assert after.digest[:12] in str(caught.value)


@pytest.mark.parametrize("stop_after", [0, 1])
def test_a_cancelled_sweep_keeps_what_is_finished_and_says_what_is_not(sweep: Sweep, stop_after: int) -> None:
    done: list[int] = []
    result = sweep(
        on_progress=lambda progress: done.append(1) if progress.last else None,
        should_cancel=lambda: len(done) >= stop_after,
    )
    assert result.cancelled
    assert [run.status for run in result.runs].count(RunStatus.CANCELLED) == 2 - stop_after
    assert len(list(result.directory.rglob("*.duckdb"))) == stop_after
    assert not list(result.directory.rglob("*.tmp*"))
    assert sweep(resume=True).complete


def test_ctrl_c_keeps_what_is_finished_and_is_raised_on(sweep: Sweep, tmp_path: Path) -> None:
    def interrupt(progress: SweepProgress) -> None:
        if progress.runs_done and progress.current and progress.current[0].year_done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep(on_progress=interrupt)
    left = sorted(path.name for path in (tmp_path / "out").rglob("*") if path.is_file())
    assert left == [".lock", "journal.jsonl", "seed_1.duckdb", "sweep.json"]
    assert sweep(resume=True).complete


@pytest.mark.parametrize("owner", [None, "another-host-1"])
def test_runs_that_were_dropped_half_way_go_on_after_their_last_committed_year(
    sweep: Sweep, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, owner: str | None
) -> None:
    monkeypatch.setenv("PLANWISE_DUCKDB_THREADS", "1")
    monkeypatch.setenv("PLANWISE_COMMIT_SECONDS", "0")
    lived: list[int] = []

    def count(progress: SweepProgress) -> None:
        lived.extend(one.year_done for one in progress.current)

    half = sweep(on_progress=count, should_cancel=lambda: 1 in lived)
    assert half.cancelled
    (draft,) = half.directory.glob("baseline/.seed_1.duckdb.*.tmp")
    assert sweep_status(half.directory).runs_resumable == 2
    if owner:  # as a worker of another machine leaves it that is killed
        hand_over(draft, temporary_path(store_of(draft), owner))
    lived.clear()
    resumed = sweep(resume=True, on_progress=count)
    assert digests(resumed) == digests(sweep(out=tmp_path / "other"))
    for run in resumed.runs:
        assert run.note == f"{run.store}: going on after 2025"
    assert not list(resumed.directory.rglob(".seed*"))
    assert sweep_status(half.directory).runs_resumable == 0


def test_a_plan_of_names_can_be_continued_from_its_directory_alone(
    sweep: Sweep, census: Census, tmp_path: Path
) -> None:
    write_census(census, tmp_path / "census.parquet")
    plan = SweepPlan(
        name="named",
        scenarios=[
            "baseline",
            {"scenario": "baseline", "set": ["workforce.growth.rate=0.01"], "name": "slow"},
        ],
        seeds="1",
        census=tmp_path / "census.parquet",
        years=(2025, 2025),
    )
    first = sweep(plan)
    again = sweep(read_plan(first.directory), resume=True)
    assert digests(again) == digests(first)
    assert [run.scenario for run in again.runs] == ["baseline", "slow"]


def test_the_name_is_made_of_the_scenarios_when_there_is_none(
    sweep: Sweep, scenario: Scenario, census: Census
) -> None:
    assert sweep(SweepPlan(scenarios=(scenario,), seeds=(1,), census=census)).directory.name == "baseline"


def test_a_directory_that_cannot_be_written_to_is_refused_before_any_work(
    sweep: Sweep, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(WriteError, match="cannot be used"):
        sweep(out=tmp_path / "file")


def test_all_that_is_wrong_with_the_inputs_is_said_at_once(sweep: Sweep, tmp_path: Path) -> None:
    plan = SweepPlan(scenarios=["basline", "high_grwth"], seeds="1", census=tmp_path / "gone.parquet")
    with pytest.raises(SweepError) as caught:
        sweep(plan)
    text = str(caught.value)
    assert all(found in text for found in ("basline", "high_grwth", "gone.parquet"))


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"scenarios": ["basline"]}, ScenarioError),
        ({"scenarios": ["baseline"], "census": "gone.parquet"}, CensusError),
        ({"scenarios": ["baseline", "baseline"]}, SweepError),
        ({"scenarios": ["baseline"], "set": ["name=../up"]}, ScenarioError),
    ],
)
def test_a_single_trouble_keeps_its_own_kind(
    sweep: Sweep, census: Census, fields: dict[str, Any], kind: type[Exception]
) -> None:
    with pytest.raises(kind):
        sweep(SweepPlan.model_validate({"seeds": "1", "census": census} | fields))


def test_what_was_loaded_before_cannot_be_changed_by_the_plan(sweep: Sweep, plan: SweepPlan) -> None:
    with pytest.raises(SweepError, match="load_scenario"):
        sweep(plan.model_copy(update={"years": (2025, 2026)}))


@pytest.mark.parametrize("keep", ["lifecycle", "summary"])
def test_keeping_less_changes_no_digest(sweep: Sweep, census: Census, tmp_path: Path, keep: str) -> None:
    fields = {"scenarios": ["baseline"], "seeds": "1", "census": census, "years": "2025-2025"}
    full = sweep(SweepPlan.of(fields))
    less = sweep(SweepPlan.of(fields | {"keep": keep}), out=tmp_path / "less")
    assert digests(less) == digests(full)
