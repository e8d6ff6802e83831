"""Populations by status, quantiles over seeds, and parameters side by side."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from simulation.errors import QueryError
from simulation.query import (
    POPULATION_METRICS,
    STATUS_GROUPS,
    open_sweep,
    parameter_changes,
    population_metrics,
    quantiles,
)
from simulation.query.population import status_codes
from tests.unit.query.made_up import run, sweep_of, sweep_of_runs


class TestPopulation:
    @pytest.mark.parametrize("status", STATUS_GROUPS)
    def test_headcounts_are_rows_of_the_snapshot(self, directory: Path, status: str) -> None:
        sweep = open_sweep(directory)
        counted = population_metrics(sweep, [status]).filter(
            pl.col("metric") == "headcount", pl.col("scenario") == "growth", pl.col("seed") == 3
        )
        with sweep.open("growth", 3) as store:
            rows = store.snapshot_rows().filter(pl.col("detailed_status_code").is_in(STATUS_GROUPS[status]))
        years = [rows.filter(pl.col("simulation_year") == year).height for year in (2025, 2026)]
        assert counted["value"].to_list() == years

    def test_everybody_is_paid_what_the_summary_says(self, directory: Path) -> None:
        sweep = open_sweep(directory)
        paid = pl.col("metric") == "total_compensation"
        columns = ["scenario", "seed", "simulation_year", "value"]
        people, summary = population_metrics(sweep).filter(paid), sweep.summaries().filter(paid)
        assert people.select(columns).equals(summary.select(columns))

    def test_statuses_add_up(self, directory: Path) -> None:
        sweep = open_sweep(directory)
        whole = population_metrics(sweep, ["active", "terminated"])
        assert whole.equals(population_metrics(sweep))
        assert set(whole["metric"]) == set(POPULATION_METRICS)

    def test_a_status_that_nobody_has_counts_nought_and_has_no_average(self) -> None:
        who = {"simulation_year": 2025, "detailed_status_code": "continuous_active"}
        totals = [
            {**who, "metric": name, "value": value}
            for name, value in (("headcount", Decimal(2)), ("age", Decimal(90)))
        ]
        sweep = sweep_of_runs([run("baseline", 1, {}, fct_status_summary=totals)])
        gone = dict(population_metrics(sweep, ["terminated"]).select("metric", "value").iter_rows())
        here = dict(population_metrics(sweep, ["active"]).select("metric", "value").iter_rows())
        assert (gone["headcount"], gone["average_age"]) == (0, None)
        assert (here["headcount"], here["average_age"]) == (2, 45)

    def test_an_unknown_status_names_the_nearest(self) -> None:
        with pytest.raises(QueryError, match="did you mean 'new_hire_active'"):
            status_codes(["new_hire_actve"])


class TestQuantiles:
    def test_are_over_the_seeds(self) -> None:
        row = quantiles(sweep_of({"a": {n: n * 10 for n in range(1, 6)}})).row(0, named=True)
        assert row["n"] == 5
        assert row["mean"] == row["q50"] == 30
        assert (row["q25"], row["q75"]) == (20, 40)
        assert (row["q05"], row["q95"]) == (pytest.approx(12), pytest.approx(48))

    def test_may_be_others(self) -> None:
        frame = quantiles(sweep_of({"a": {1: 1, 2: 3}}), levels=[0, 1])
        assert frame.select("q00", "q100").row(0) == (1, 3)

    def test_are_of_the_metrics_and_people_asked_for(self, directory: Path) -> None:
        frame = quantiles(directory, ["headcount"], status=["active"])
        assert frame.select("scenario", "metric", "simulation_year", "n").rows() == [
            (name, "headcount", year, 3) for name in ("baseline", "growth") for year in (2025, 2026)
        ]


class TestParameters:
    def test_what_differs_is_told_by_year(self, directory: Path) -> None:
        changes = parameter_changes(directory)
        assert changes.select("scenario", "parameter", "simulation_year", "job_level").rows() == [
            ("growth", "workforce.growth.rate", 2025, None),
            ("growth", "workforce.growth.rate", 2026, None),
        ]
        assert changes["scenario_value"].unique().to_list() == ["0.2"]
        assert changes["baseline_value"].null_count() == 0

    def test_a_year_that_only_one_has_shows_as_null(self) -> None:
        def used(year: int, value: str) -> list[dict[str, object]]:
            plain = {"job_level": None, "unit": "rate", "origin": "overlay:b"}
            return [{"simulation_year": year, "parameter": "x", "value": value, **plain}]

        rows = [
            run("baseline", 1, {}, int_effective_parameters=used(2025, "1")),
            run("b", 1, {}, int_effective_parameters=used(2026, "1")),
        ]
        changes = parameter_changes(sweep_of_runs(rows))
        assert changes.select("simulation_year", "baseline_value", "scenario_value").rows() == [
            (2025, "1", None),
            (2026, None, "1"),
        ]

    def test_scenarios_that_agree_have_no_changes(self) -> None:
        assert parameter_changes(sweep_of({"baseline": {1: 1}, "b": {1: 1}})).is_empty()
