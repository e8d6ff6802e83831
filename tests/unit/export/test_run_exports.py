"""A run's workbook and files hold what its store holds; a comparison's report what ``compare`` finds."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import polars as pl
import pytest

from simulation.census import generate_census
from simulation.export import comparison_workbook, run_workbook
from simulation.export.bundle import DICTIONARY, write_bundle
from simulation.export.dictionary import MEANINGS, RELATIONS
from simulation.export.run_workbook import write_run
from simulation.parameters import load_scenario
from simulation.query import compare, open_sweep
from simulation.sealing import simulate
from simulation.store import open_store
from tests.workbooks import read_workbook, rows_of

SCENARIOS = ("baseline", "high_growth")


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with a run of each of two scenarios, of two years and sixty people."""
    out, census = tmp_path_factory.mktemp("runs"), generate_census(60, seed=3)
    for name in SCENARIOS:
        simulate(load_scenario(name, years=(2025, 2026)), census, out=out)
    return out


@pytest.fixture(scope="module")
def store(runs: Path) -> Path:
    return runs / "baseline" / "seed_42.duckdb"


def test_a_workbook_has_the_six_sheets_and_the_numbers_of_the_store(store: Path, tmp_path: Path) -> None:
    path = tmp_path / "run.xlsx"
    with open_store(store) as opened:
        write_run(opened, path)
        people = opened.sql("FROM fct_workforce_snapshot")
        events = opened.sql("SELECT count(*) AS n, sum(amount) AS amount FROM fct_yearly_events")
        summary = opened.summary()
    assert read_workbook(path).sheetnames == list(run_workbook.SHEETS)
    shown = rows_of(path, "Workforce Snapshot")
    assert len(shown) == people.height
    assert sum(round(row["Current compensation"] * 100) for row in shown) == int(
        people["current_compensation"].sum() * 100
    )
    counted = rows_of(path, "Event Summary")
    assert sum(row["Events"] for row in counted) == events["n"][0]
    assert sum(round((row["Amount"] or 0) * 100) for row in counted) == int(events["amount"][0] * 100)
    metrics = {row["Name"]: row for row in rows_of(path, "Headcount Metrics")}
    for metric, value in summary.filter(pl.col("simulation_year") == 2026).select("metric", "value").rows():
        assert metrics[metric]["2026"] == pytest.approx(float(value), abs=1e-9)
    assert metrics["headcount_end"]["Unit"] == "people"
    facts = {row["Fact"]: row["Value"] for row in rows_of(path, "Git Information")}
    assert len(str(facts["Run digest"])) == 64


def test_the_configuration_gathers_years_with_one_value(store: Path, tmp_path: Path) -> None:
    with open_store(store) as opened:
        write_run(opened, tmp_path / "run.xlsx")
        used = opened.parameters()
    shown = rows_of(tmp_path / "run.xlsx", "Configuration")
    covered = sum(row["Last year"] - row["First year"] + 1 for row in shown)
    assert covered == used.height
    assert len(shown) < used.height
    growth = next(row for row in shown if row["Parameter"] == "workforce.growth.rate")
    assert (growth["First year"], growth["Last year"], growth["Job level"]) == (2025, 2026, None)


def test_a_run_that_keeps_summaries_only_has_a_workbook_too(tmp_path: Path) -> None:
    scenario = load_scenario("baseline", set=["output.keep=summary"], years=(2025, 2025))
    kept = simulate(scenario, generate_census(30), out=tmp_path)
    with open_store(kept.store) as opened:
        write_run(opened, tmp_path / "run.xlsx")
    assert "summaries only" in read_workbook(tmp_path / "run.xlsx")["Workforce Snapshot"]["A2"].value
    assert sum(row["Events"] for row in rows_of(tmp_path / "run.xlsx", "Event Summary")) == kept.events


def test_the_report_has_the_differences_that_compare_finds(runs: Path, tmp_path: Path) -> None:
    path, sweep = tmp_path / "report.xlsx", open_sweep(runs)
    comparison_workbook.write_comparison(sweep, path)
    assert read_workbook(path).sheetnames == list(comparison_workbook.SHEETS)
    found, shown = compare(sweep), rows_of(path, "Differences")
    assert [row["Difference"] for row in shown] == pytest.approx(found["difference_mean"].to_list())
    assert [row["Year"] for row in shown] == found["year"].to_list()
    changed = {row["Parameter"] for row in rows_of(path, "Assumptions")}
    assert "workforce.growth.rate" in changed
    assert len(read_workbook(path)["By Year"]._charts) == len(comparison_workbook.CHARTED)


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_files_hold_the_relations_and_say_what_columns_mean(store: Path, tmp_path: Path, kind: str) -> None:
    with open_store(store) as opened:
        write_bundle(opened, tmp_path, kind)
        people, events = opened.sql("FROM fct_workforce_snapshot"), opened.events()
        digest = opened.manifest.digest
    read = pl.read_parquet if kind == "parquet" else pl.read_csv
    assert read(tmp_path / f"fct_workforce_snapshot.{kind}").height == people.height
    years = [read(tmp_path / f"fct_yearly_events_{year}.{kind}") for year in (2024, 2025, 2026)]
    assert sum(year.height for year in years) == events.height
    if kind == "parquet":
        assert pl.concat(years).equals(events)
    assert json.loads((tmp_path / "run_manifest.json").read_text("utf-8"))["digest"] == digest
    told = list(csv.DictReader((tmp_path / DICTIONARY).read_text("utf-8").splitlines()))
    assert {row["relation"] for row in told} == set(RELATIONS)
    assert all(row["meaning"] for row in told)
    amounts = {(row["relation"], row["column"]): row["unit"] for row in told}
    assert amounts["fct_yearly_events", "amount"] == "US dollars"


def test_every_meaning_is_of_a_column(store: Path) -> None:
    with open_store(store) as opened:
        columns = {name for relation in RELATIONS for name in opened.column_types(relation)}
    assert columns == set(MEANINGS)
