from __future__ import annotations

import math
import statistics
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from scipy import stats

from simulation.errors import Problem, QueryError
from simulation.query import COMPARISON_COLUMNS, Sweep, compare, comparison
from simulation.query.index import Index
from tests.unit.query.made_up import run, sweep_of, sweep_of_runs

BASE = {1: 100, 2: 110, 3: 90, 4: 105}
OTHER = {1: 103, 2: 110, 3: 99, 4: 101}
DIFFERENCES = [3, 0, 9, -4]


def only(frame: pl.DataFrame) -> dict[str, float]:
    assert frame.height == 1
    return frame.row(0, named=True)


def test_differences_are_taken_seed_by_seed() -> None:
    row = only(compare(sweep_of({"baseline": BASE, "b": OTHER})))
    mean, deviation = statistics.mean(DIFFERENCES), statistics.stdev(DIFFERENCES)
    low, high = stats.t.interval(0.95, df=3, loc=mean, scale=deviation / 2)
    assert row["baseline_mean"] == statistics.mean(BASE.values())
    assert row["scenario_mean"] == statistics.mean(OTHER.values())
    assert row["difference_mean"] == mean
    assert row["difference_sd"] == pytest.approx(deviation)
    assert row["se"] == pytest.approx(deviation / 2)
    assert row["ci_low"] == pytest.approx(low)
    assert row["ci_high"] == pytest.approx(high)
    assert row["n"] == 4


def test_a_tie_counts_one_half() -> None:
    assert only(compare(sweep_of({"baseline": BASE, "b": OTHER})))["p_greater"] == 2.5 / 4
    assert only(compare(sweep_of({"baseline": BASE, "b": BASE})))["p_greater"] == 0.5


def test_one_pair_has_no_interval() -> None:
    row = only(compare(sweep_of({"baseline": {1: 5}, "b": {1: 7}})))
    assert (row["difference_mean"], row["n"]) == (2, 1)
    assert [row[name] for name in ("difference_sd", "se", "ci_low", "ci_high")] == [None] * 4


def test_equal_differences_have_an_interval_of_no_width() -> None:
    row = only(compare(sweep_of({"baseline": {1: 5, 2: 9}, "b": {1: 7, 2: 11}})))
    assert (row["difference_sd"], row["ci_low"], row["ci_high"]) == (0, 2, 2)


def test_only_common_seeds_are_paired_and_the_others_are_told() -> None:
    found = comparison(sweep_of({"baseline": {1: 1, 2: 2, 3: 3}, "b": {2: 4, 3: 5, 9: 100}}))
    row = only(found.frame)
    assert (row["n"], row["baseline_mean"], row["scenario_mean"]) == (2, 2.5, 4.5)
    assert found.notes == ("'b' and 'baseline' do not share the seeds 1, 9",)


def test_sums_of_money_are_exact() -> None:
    cents = {1: "90071992547409.93", 2: "0.01"}
    row = only(compare(sweep_of({"baseline": cents, "b": {1: "90071992547409.94", 2: "0.01"}})))
    assert row["difference_mean"] == 0.005
    assert row["p_greater"] == 0.75


def test_a_value_that_is_missing_is_not_paired() -> None:
    row = only(compare(sweep_of({"baseline": {1: None, 2: 1}, "b": {1: 1, 2: 2}})))
    assert row["n"] == 1


def test_the_columns_are_those_of_the_command_line() -> None:
    assert compare(sweep_of({"baseline": BASE, "b": OTHER})).columns == list(COMPARISON_COLUMNS)


def test_metrics_come_in_the_order_of_the_registry_then_by_name() -> None:
    metrics = {"zebra": 1, "hires": 1, "apple": 1, "headcount_start": 1}
    sweep = sweep_of_runs([run("baseline", 1, metrics), run("b", 1, metrics)])
    assert compare(sweep)["metric"].to_list() == ["headcount_start", "hires", "apple", "zebra"]
    assert compare(sweep, metrics=["zebra", "hires"])["metric"].to_list() == ["zebra", "hires"]


@pytest.mark.parametrize(
    ("asked", "used"), [(None, "baseline"), ("a", "a"), ("baseline", "baseline"), ("c", "c")]
)
def test_the_baseline_is_the_one_asked_for_or_the_one_of_that_name(asked: str | None, used: str) -> None:
    sweep = sweep_of({"a": BASE, "baseline": BASE, "c": BASE})
    frame = compare(sweep, baseline=asked)
    assert frame["baseline"].unique().to_list() == [used]
    assert set(frame["scenario"]) == {"a", "baseline", "c"} - {used}


def test_without_a_baseline_the_first_by_name_is_it() -> None:
    assert comparison(sweep_of({"b": BASE, "a": BASE})).baseline == "a"


@pytest.mark.parametrize(
    ("difference", "said"),
    [
        ({"census_digest": "other"}, "different censuses"),
        ({"end_year": 2030}, "end in different years"),
        ({"start_year": 2020}, "begin in different years"),
        ({"code_version": "2"}, "different versions of PlanWise"),
    ],
)
def test_what_makes_runs_less_comparable_is_told(difference: dict[str, Any], said: str) -> None:
    rows = [run("baseline", 1, {"hires": 1}), run("b", 1, {"hires": 2}, **difference)]
    assert any(said in note for note in comparison(sweep_of_runs(rows)).notes)


def test_runs_of_a_scenario_that_changed_in_between_are_told() -> None:
    rows = [run("baseline", n, {"hires": 1}) for n in (1, 2)]
    rows += [run("b", n, {"hires": 1}, scenario_digest=f"s{n}") for n in (1, 2)]
    assert "different versions of the scenario" in comparison(sweep_of_runs(rows)).notes[0]


def test_stores_that_could_not_be_read_are_told() -> None:
    sweep = sweep_of({"baseline": BASE, "b": BASE})
    broken = Sweep(Index(sweep.index.frame, (Problem("b/seed_9.duckdb", "cut in half"),)))
    assert comparison(broken).notes == ("left out: b/seed_9.duckdb: cut in half",)


@pytest.mark.parametrize(
    ("values", "arguments", "said"),
    [
        ({"baseline": BASE}, {}, "only 'baseline'"),
        ({"baseline": {1: 1}, "b": {2: 1}}, {}, "nothing to pair"),
        ({"baseline": BASE, "b": BASE}, {"baseline": "baselin"}, "did you mean 'baseline'"),
        ({"baseline": BASE, "b": BASE}, {"metrics": ["headcount_ent"]}, "did you mean 'headcount_end'"),
        ({"baseline": BASE, "b": BASE}, {"status": ["actve"]}, "did you mean 'active'"),
    ],
)
def test_a_question_that_has_no_answer_says_why(
    values: dict[str, dict[int, int]], arguments: dict[str, Any], said: str
) -> None:
    with pytest.raises(QueryError, match=said) as caught:
        compare(sweep_of(values), **arguments)
    assert caught.value.exit_code == 2


def test_every_metric_that_is_asked_for_wrongly_is_named() -> None:
    with pytest.raises(QueryError) as caught:
        compare(sweep_of({"baseline": BASE, "b": BASE}), metrics=["x", "y"])
    assert len(caught.value.problems) == 2


def test_a_real_sweep_is_compared(directory: Path) -> None:
    frame = compare(directory, metrics=["headcount_end", "total_compensation"])
    assert frame.select("metric", "year", "n").rows() == [
        ("headcount_end", 2025, 2),
        ("headcount_end", 2026, 2),
        ("total_compensation", 2025, 2),
        ("total_compensation", 2026, 2),
    ]
    grown = frame.filter(pl.col("metric") == "headcount_end")
    assert grown["difference_mean"].to_list() == [14, 30]
    assert all(math.isfinite(value) for value in frame["ci_low"])


def test_a_status_restricts_the_people(directory: Path) -> None:
    everybody = compare(directory, metrics=["headcount_end"])
    active = compare(directory, metrics=["headcount"], status=["active"])
    assert active["scenario_mean"].to_list() == everybody["scenario_mean"].to_list()
