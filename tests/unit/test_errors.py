from __future__ import annotations

import copy
import inspect

import pytest

from simulation import errors
from simulation.errors import CensusError, InputError, PlanWiseError, Problem, RunError, gathered, nearest


def test_a_problem_reads_as_one_line() -> None:
    problem = Problem("row 7, pay", "-5", "more than 0", "correct the file")
    assert str(problem) == "row 7, pay: -5; allowed: more than 0; correct the file"


def test_what_many_places_share_is_said_once() -> None:
    stores = [Problem(f"seed_{seed}", "version 3", "version 4") for seed in range(1, 1_201)]
    cut = Problem("seed_0", "it ends too early")
    few = [Problem(f"seed_{seed}", "no rights") for seed in (7, 8, 9)]
    shared = Problem("seed_1 and 1,199 more", "version 3", "version 4")
    assert gathered([stores[0], cut, *stores[1:], *few]) == (shared, cut, *few)


def test_an_error_shows_its_context_and_every_problem() -> None:
    error = CensusError("unusable", problems=[Problem("a", "b"), Problem("c", "d")], scenario="x", seed=None)
    assert str(error) == "unusable [scenario x]\n  - a: b\n  - c: d"


def test_an_error_survives_the_trip_from_a_worker() -> None:
    # copy takes an object apart and puts it together as pickling between processes does.
    error = CensusError("unusable", problems=[Problem("a", "b")], seed=3)
    again = copy.copy(error)
    assert (type(again), str(again), again.problems) == (CensusError, str(error), error.problems)


ALL = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, PlanWiseError)]


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_bad_input_exits_2_and_failed_work_exits_1(kind: type[PlanWiseError]) -> None:
    assert kind.exit_code == (2 if issubclass(kind, InputError) else 1)
    assert kind is PlanWiseError or issubclass(kind, (InputError, RunError))


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_the_tree_at_the_top_of_the_module_names_every_error(kind: type[PlanWiseError]) -> None:
    assert kind.__name__ in (errors.__doc__ or "")


def test_the_nearest_name_is_offered_only_when_it_is_near() -> None:
    assert nearest("hedcount", ["headcount", "hires"]) == "did you mean 'headcount'?"
    assert nearest("zzz", ["headcount"]) == ""
