"""What every executor promises, whichever way it runs tasks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simulation.errors import ClusterError, RunError, ScenarioError
from simulation.sweep.cluster import ONE_THREAD, cluster
from simulation.sweep.executor import MAX_ATTEMPTS, Executor
from simulation.sweep.on_ray import AHEAD, RayExecutor
from simulation.sweep.serial import SerialExecutor
from simulation.sweep.task import Work
from tests.contract import sweep_work
from tests.contract.sweep_work import Recorder, tasks


class ExecutorContract:
    """The promises; a subclass says which executor."""

    limit: int
    """The most tasks that are under way at once."""

    @pytest.fixture
    def executor(self) -> Executor:
        raise NotImplementedError

    def heard(
        self,
        executor: Executor,
        work: Work,
        *seeds: int,
        inputs: Any = "in",
        stop_at: str = "",
        largest: int = 1,
    ) -> Recorder:
        recorder = Recorder(stop_at)
        executor.run(tasks(*seeds), inputs, work, recorder, largest=largest)
        return recorder

    def test_every_task_is_finished_once_with_what_all_share(self, executor: Executor) -> None:
        heard = self.heard(executor, sweep_work.steady, *range(1, 8))
        assert heard.of("finished") == [(seed, f"in-{seed}") for seed in range(1, 8)]
        assert heard.workers >= 1

    def test_a_run_is_told_from_start_over_its_years_to_the_end(self, executor: Executor) -> None:
        story = self.heard(executor, sweep_work.steady, 5, 6).story(5)
        assert story == [("started", 1), ("year", 1), ("year", 2), ("year", 3), ("finished", "in-5")]

    def test_no_tasks_are_no_trouble(self, executor: Executor) -> None:
        assert self.heard(executor, sweep_work.steady).heard == []

    def test_its_workers_can_be_kept_from_one_round_to_the_next(self, executor: Executor) -> None:
        with executor.kept():
            rounds = [self.heard(executor, sweep_work.steady, *seeds) for seeds in ((1, 2), (3,))]
        assert [heard.of("finished") for heard in rounds] == [[(1, "in-1"), (2, "in-2")], [(3, "in-3")]]

    def test_one_failing_seed_does_not_keep_the_others_from_finishing(self, executor: Executor) -> None:
        heard = self.heard(executor, sweep_work.unlucky, 1, 2, 3)
        assert [seed for seed, _ in heard.of("finished")] == [1, 3]
        assert "seed 2 has no luck" in str(heard.errors[2])
        assert isinstance(heard.errors[2], ValueError)

    def test_a_failure_is_tried_again_a_bounded_number_of_times_and_each_is_told(
        self, executor: Executor
    ) -> None:
        heard = self.heard(executor, sweep_work.unlucky, 2)
        assert heard.of("retry") == [(2, attempt) for attempt in range(1, MAX_ATTEMPTS)]
        assert heard.of("failed") == [(2, MAX_ATTEMPTS)]

    def test_a_passing_trouble_is_overcome(self, executor: Executor, tmp_path: Path) -> None:
        heard = self.heard(executor, sweep_work.flaky, 1, 2, inputs=str(tmp_path))
        assert heard.of("retry") == [(1, 1), (2, 1)]
        assert [seed for seed, _ in heard.of("finished")] == [1, 2]

    def test_bad_input_is_not_tried_again_and_its_problems_arrive(self, executor: Executor) -> None:
        heard = self.heard(executor, sweep_work.refused, 1, 2)
        assert heard.of("failed") == [(2, 1)]
        error = heard.errors[2]
        assert isinstance(error, ScenarioError)
        assert (error.problems[0].where, error.context["seed"]) == ("horizon", 2)

    def test_a_run_without_an_outcome_has_failed(self, executor: Executor) -> None:
        heard = self.heard(executor, sweep_work.silent, 1)
        assert isinstance(heard.errors[1], RunError)
        assert heard.of("finished") == []

    def test_of_a_block_each_run_is_told_from_start_to_end(self, executor: Executor) -> None:
        heard = self.heard(executor, sweep_work.steady, *range(1, 9), largest=4)
        for seed in range(1, 9):
            years = [("year", year) for year in (1, 2, 3)]
            assert heard.story(seed) == [("started", 1), *years, ("finished", f"in-{seed}")]

    def test_a_block_has_as_many_runs_as_it_may(self, executor: Executor) -> None:
        heard = self.heard(executor, sweep_work.together, *range(40), largest=4)
        assert {detail for _, detail in heard.of("finished")[:16]} == {"in-4"}

    @pytest.mark.parametrize("work", [sweep_work.unlucky, sweep_work.late])
    def test_one_failing_seed_of_a_block_fails_alone(self, executor: Executor, work: Work) -> None:
        heard = self.heard(executor, work, *range(8), largest=4)
        assert [seed for seed, _ in heard.of("finished")] == [0, 1, 3, 4, 5, 6, 7]
        assert heard.of("failed") == [(2, MAX_ATTEMPTS)]
        assert heard.of("retry").count((2, 1)) == 1

    def test_what_a_block_had_finished_before_it_failed_is_not_done_again(self, executor: Executor) -> None:
        heard = self.heard(executor, sweep_work.late, 1, 2, 3, largest=2)
        assert heard.of("started")[0] == (1, 1)
        assert len(heard.story(1)) == 2

    def test_bad_input_of_one_seed_is_no_final_word_on_its_block(self, executor: Executor) -> None:
        heard = self.heard(executor, sweep_work.refused, *range(1, 5), largest=4)
        assert [seed for seed, _ in heard.of("finished")] == [1, 3, 4]
        assert heard.of("failed") == [(2, 2)]

    def test_a_block_that_misses_an_outcome_is_done_again_for_that_run(self, executor: Executor) -> None:
        heard = self.heard(executor, sweep_work.silent, 1, 2, largest=2)
        assert [seed for seed, _ in heard.of("failed")] in ([2], [1, 2])
        assert isinstance(heard.errors[2], RunError)

    def test_a_stop_drops_whole_blocks(self, executor: Executor, tmp_path: Path) -> None:
        heard = self.heard(
            executor, sweep_work.endless, *range(64), inputs=str(tmp_path), stop_at="year", largest=8
        )
        assert 1 <= len(heard.of("started")) <= 8 * self.limit
        assert heard.of("finished") == heard.of("failed") == []

    def test_a_stop_leaves_what_is_under_way_and_begins_nothing_more(
        self, executor: Executor, tmp_path: Path
    ) -> None:
        heard = self.heard(executor, sweep_work.endless, *range(20), inputs=str(tmp_path), stop_at="year")
        assert 1 <= len(heard.of("started")) <= self.limit
        assert heard.of("finished") == heard.of("failed") == []

    def test_a_stop_frees_the_workers_for_others(self, executor: Executor, tmp_path: Path) -> None:
        self.heard(executor, sweep_work.endless, *range(4), inputs=str(tmp_path), stop_at="year")
        assert len(self.heard(executor, sweep_work.steady, 1, 2, 3).of("finished")) == 3

    def test_an_error_of_whoever_watches_is_no_failed_run(self, executor: Executor, tmp_path: Path) -> None:
        class Broken(Recorder):
            def year_done(self, *_: object) -> None:
                raise ZeroDivisionError

        recorder = Broken()
        with pytest.raises(ZeroDivisionError):
            executor.run(tasks(1), str(tmp_path), sweep_work.endless, recorder)
        assert recorder.errors == {}


class TestSerialExecutor(ExecutorContract):
    limit = 1

    @pytest.fixture
    def executor(self) -> Executor:
        return SerialExecutor()

    def test_a_dropped_run_is_closed_in_good_order(self, executor: Executor, tmp_path: Path) -> None:
        self.heard(executor, sweep_work.endless, 1, inputs=str(tmp_path), stop_at="year")
        assert (tmp_path / "closed_1").exists()


@pytest.fixture(scope="module")
def ray_of_the_module() -> Iterator[None]:
    with cluster(2):
        yield


@pytest.mark.xdist_group("ray")
@pytest.mark.usefixtures("ray_of_the_module")
class TestRayExecutor(ExecutorContract):
    limit = 2 * AHEAD

    @pytest.fixture
    def executor(self) -> Executor:
        return RayExecutor(2)

    def test_a_worker_that_dies_is_replaced_and_its_run_tried_again(
        self, executor: Executor, tmp_path: Path
    ) -> None:
        heard = self.heard(executor, sweep_work.crashing, 1, 2, 3, inputs=str(tmp_path))
        assert [seed for seed, _ in heard.of("finished")] == [1, 2, 3]
        assert heard.of("retry") == [(1, 1), (2, 1), (3, 1)]
        assert "worker process died" in str(heard.errors[1])

    def test_the_runs_of_a_worker_that_dies_are_all_tried_again(
        self, executor: Executor, tmp_path: Path
    ) -> None:
        heard = self.heard(executor, sweep_work.crashing, *range(8), inputs=str(tmp_path), largest=4)
        assert [seed for seed, _ in heard.of("finished")] == [*range(8)]
        assert heard.of("retry") == [(seed, 1) for seed in range(8)]

    @pytest.mark.parametrize("variable", sorted(ONE_THREAD))
    def test_a_worker_takes_one_core_and_no_more(self, executor: Executor, variable: str) -> None:
        assert self.heard(executor, sweep_work.environment, 1, inputs=variable).of("finished") == [(1, "1")]

    def test_workers_that_cannot_run_the_program_are_found_before_any_task(self, executor: Executor) -> None:
        recorder = Recorder()
        with pytest.raises(ClusterError, match="no such program on this machine"):
            executor.run(tasks(1), sweep_work.OnlyHere(), sweep_work.steady, recorder)
        assert recorder.heard == []

    def test_ten_thousand_waiting_tasks_are_not_all_in_flight(
        self, executor: Executor, tmp_path: Path
    ) -> None:
        heard = self.heard(executor, sweep_work.endless, *range(10_000), inputs=str(tmp_path), stop_at="year")
        assert len(heard.of("started")) <= self.limit
