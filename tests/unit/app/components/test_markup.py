"""Our own markup says what it must, and never runs what it is given."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from app.components.differences import difference_table
from app.components.parameters import parameter_table
from app.components.progress import chip, sweep_markup
from app.components.states import failure
from app.components.tables import legend, preview_table, table
from app.components.tiles import tiles_info, tiles_markup
from app.jobs import Job, JobProgress, JobState, RunCell, RunState, SweepSpec
from app.metrics import EVERYBODY, SUMMARY, chosen, key_metrics, offered
from simulation.errors import Problem, SweepError
from simulation.export.assumptions import parameter_info

EVIL = "<script>alert(1)</script>"


def job(state: JobState = JobState.RUNNING, error: str = "", **progress: object) -> Job:
    cells = (
        RunCell(scenario="baseline", seed=1, state=RunState.DONE),
        RunCell(scenario="baseline", seed=2, state=RunState.RUNNING, years_done=1, years=2),
        RunCell(scenario=EVIL, seed=1, state=RunState.FAILED, message=EVIL),
    )
    spec = SweepSpec(name="demo", scenarios=(Path("a.yaml"),), census=Path(f"{EVIL}.parquet"), seeds=(1, 2))
    return Job(
        id=1, name="demo", spec=spec, state=state, attempt=1, cancel_asked=False, submitted_at=0.0,
        started_at=0.0, finished_at=None, heartbeat_at=None, error=error,
        progress=JobProgress(runs=cells, seconds=65.0, eta_seconds=30.0),
    )  # fmt: skip


@pytest.mark.parametrize("state", list(JobState))
def test_a_state_has_a_sign_and_a_word(state: JobState) -> None:
    assert f"<span>{state}</span>" in chip(state)


def test_a_running_sweep_says_how_far_it_is_and_how_long_it_takes() -> None:
    html = sweep_markup(job())
    assert "1 of 3 runs finished, 1 failed" in html
    assert "elapsed 1 min 05 s · about 30 s left" in html
    assert 'aria-label="baseline, seed 2: running, year 1 of 2"' in html
    assert "<details open>" in html


def test_a_done_sweep_folds_its_runs_and_can_be_opened() -> None:
    html = sweep_markup(job(JobState.DONE))
    assert "<details>" in html
    assert 'href="compare?sweep=demo"' in html


@pytest.mark.parametrize(
    "html",
    [
        sweep_markup(job(JobState.FAILED, error=EVIL)),
        table(EVIL, [(EVIL, False)], [[EVIL]]),
        legend([EVIL]),
        failure(SweepError(EVIL, problems=[Problem(EVIL, EVIL)])).object,
    ],
)
def test_what_is_given_is_shown_and_not_run(html: str) -> None:
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_a_legend_keeps_the_colours_of_those_that_are_shown() -> None:
    both, second = legend(["a", "b"]), legend(["a", "b"], only=["b"])
    assert "a</li>" not in second
    assert second.removeprefix('<ul class="legend">') in both


def test_a_preview_says_its_unit_once_and_differences_with_signs() -> None:
    frame = pl.DataFrame(
        {"simulation_year": [2025], "metric": ["total_compensation"], "base": [2e6], "tuned": [1.5e6]}
    ).with_columns(difference=pl.col("tuned") - pl.col("base"))
    html = preview_table(frame)
    assert "million dollars" in html
    assert "<strong>−0.50</strong>" in html


COMPARED = pl.DataFrame(
    {
        "metric": ["hires"],
        "year": [2026],
        "scenario": ["up"],
        "baseline_mean": [100.0],
        "scenario_mean": [110.5],
        "difference_mean": [10.5],
        "ci_low": [8.0],
        "ci_high": [13.0],
        "difference_sd": [2.0],
        "se": [1.0],
        "n": [4],
        "p_greater": [1.0],
    }
)


def test_the_difference_table_says_what_a_number_rests_on() -> None:
    html = difference_table(COMPARED, SUMMARY["hires"], ["baseline", "up"])
    for said in ("+10.5", "+8 to +13", ">2<", ">1<", ">4<", "100.0 %", "seed by seed"):
        assert said in html


def test_a_tile_shows_the_baselines_mean_and_each_difference() -> None:
    values = pl.DataFrame({"simulation_year": [2026, 2026], "metric": ["hires"] * 2, "value": [90.0, 110.0]})
    metrics = [SUMMARY["hires"]]
    (tile,) = tiles_info(values, COMPARED, metrics, ["baseline", "up"], 2026)
    assert (tile.value, tile.differences[0].order, tile.differences[0].mean) == (100.0, 1, 10.5)
    html = tiles_markup([tile], year=2026, baseline="baseline", seeds_of=(4, 3))
    assert "2026: baseline, mean of 4 seeds; below it the differences, paired over 3 seeds" in html
    assert "+8 to +13" in html


def changes(levels: list[int | None], years: list[int]) -> pl.DataFrame:
    rows = [
        ("up", "compensation.cola.rate", year, level, "0.015", "0.02") for year in years for level in levels
    ]
    schema = {
        "scenario": pl.String,
        "parameter": pl.String,
        "simulation_year": pl.Int32,
        "job_level": pl.Int8,
        "baseline_value": pl.String,
        "scenario_value": pl.String,
    }
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.with_columns(pl.lit("share").alias("unit"), pl.lit("overlay:up").alias("origin"))


@pytest.mark.parametrize(
    ("levels", "years", "shown"),
    [
        ([1, 2, 3, 4, 5], [2025, 2026, 2027], ("1–5", "2025–2027")),
        ([None], [2025], ("", "2025")),
        ([1, 3], [2025, 2026, 2029], ("1, 3", "2025–2026, 2029")),
    ],
)
def test_years_and_levels_that_agree_are_one_row(
    levels: list[int | None], years: list[int], shown: tuple[str, str]
) -> None:
    info = parameter_info(changes(levels, years), ["baseline", "up"])
    assert info.select("levels", "years").rows() == [shown]
    assert "COLA" in parameter_table(info, "baseline")


@pytest.mark.parametrize(
    ("parameter", "before", "after", "shown"),
    [
        ("compensation.cola.rate", "0.015", "0.1", (">1.5 %<", ">10 %<")),
        ("compensation.cola.rate", None, "0", (">–<", ">0 %<")),
        ("workforce.hiring.pay_adjustment", "1", "1.03", (">× 1<", ">× 1.03<")),
        ("compensation.levers", "null", "levers.csv", (">–<", ">levers.csv<")),
        ("of.another.version", "7", "8", (">7<", ">8<")),
    ],
)
def test_a_value_is_shown_with_its_unit(
    parameter: str, before: str | None, after: str, shown: tuple[str, str]
) -> None:
    row = {"scenario": "up", "parameter": parameter, "levels": "", "years": "2025", "origin": "overlay:up"}
    info = pl.DataFrame([{**row, "baseline_value": before, "scenario_value": after}])
    html = parameter_table(info, "baseline")
    assert all(text in html for text in shown)


def test_scenarios_stand_in_the_order_of_their_colours() -> None:
    both = pl.concat([changes([1], [2025]), changes([1], [2025]).with_columns(scenario=pl.lit("down"))])
    assert parameter_info(both, ["up", "down"])["scenario"].to_list() == ["up", "down"]
    assert parameter_info(both, ["down", "up"])["scenario"].to_list() == ["down", "up"]


def test_scenarios_that_are_not_shown_have_no_rows() -> None:
    info = parameter_info(changes([1], [2025]), ["baseline"])
    assert "Nothing" in parameter_table(info, "baseline")


@pytest.mark.parametrize(
    ("name", "status", "found"),
    [
        ("hires", EVERYBODY, "hires"),
        ("headcount_end", "new_hire_active", "headcount"),
        ("headcount", EVERYBODY, "headcount_end"),
        ("hires", "new_hire_active", "headcount"),
        ("average_compensation", "continuous_active", "average_compensation"),
    ],
)
def test_a_metric_that_a_group_does_not_have_becomes_the_one_that_asks_the_same(
    name: str, status: str, found: str
) -> None:
    assert chosen(name, status).name == found
    assert all(metric.name in offered(status) for metric in key_metrics(status))
