"""Drift against the census: what warns, what does not, and that every reader is told the same."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from app.components.quality import warnings_markup
from simulation.census import generate_census
from simulation.parameters import load_scenario
from simulation.quality.drift import DRIFT_GATES, drift
from simulation.quality.warnings import by_scenario, sentence, sentences, warnings_of
from simulation.query import open_sweep
from simulation.sealing import simulate
from simulation.store import open_store, verify
from simulation.store.relations import QUALITY
from tests.populations import QUIET, census_of, run_all, scenario_of
from tests.stores import make_stores
from tests.unit.quality.told import told_year, with_people

LEAVING = {"workforce.termination.total_rate": "60%"}


@pytest.mark.parametrize("name", ["baseline", "high_growth", "cost_control", "plans/qaca"])
def test_five_years_of_a_shipped_scenario_do_not_warn(name: str) -> None:
    records = run_all(load_scenario(name), generate_census(800))
    results = pl.concat([record.quality for record in records])
    assert warnings_of(results).is_empty()
    assert results.filter(layer="drift").height == 5 * len(DRIFT_GATES)


def test_a_workforce_that_turns_over_warns_by_its_service_in_the_first_year() -> None:
    records = run_all(scenario_of(LEAVING), generate_census(800))
    found = warnings_of(records[-1].quality)
    assert {"service_ks", "service_psi"} == set(found["gate"])
    assert (found["value"] > found["threshold"]).all()
    assert found["rows"].to_list() == [824, 824]


def test_pay_that_rises_with_the_structure_alone_has_not_moved() -> None:
    people = [{"compensation_cents": 4_000_000 + 37_123 * n} for n in range(60)]
    values = {**QUIET, "compensation.cola.rate": "10%"}
    records = run_all(scenario_of(values, years=(2025, 2027)), census_of(*people))
    paid = records[-1].state.people["compensation_cents"]
    assert paid[0] > 5_000_000
    pay = pl.concat([record.quality for record in records]).filter(pl.col("gate").str.starts_with("pay_"))
    assert pay["value"].max() == pytest.approx(0, abs=0.02)


def test_a_threshold_is_the_scenarios_and_rises_for_few_people() -> None:
    asked = scenario_of({"quality.drift.psi": "0.3", "quality.drift.deferral_ks": "0.9"})

    def thresholds(people: int) -> dict[str, float]:
        quality = run_all(asked, generate_census(people))[-1].quality
        return dict(quality.select("gate", "threshold").iter_rows())

    many, few = thresholds(600), thresholds(20)
    assert (many["age_psi"], many["age_ks"], many["deferral_ks"]) == (0.3, 0.2, 0.9)
    assert few["age_psi"] > 1
    assert few["age_ks"] > 0.5


def test_an_employer_whom_everybody_leaves_has_nothing_to_compare() -> None:
    gone = with_people(told_year(), termination_date=pl.lit(date(2025, 6, 30)))
    measured = list(drift(gone))
    assert {one.detail for one in measured} == {"nobody is left"}
    assert all(one.passed and one.value is None for one in measured)


@pytest.fixture(scope="module")
def warned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that warns and one that does not."""
    out = tmp_path_factory.mktemp("warned")
    census = generate_census(300)
    for name, values in (("baseline", {}), ("leaving", LEAVING)):
        simulate(scenario_of({"name": name, **values}), census, out=out, seed=1)
    return out


def test_a_store_and_its_verification_tell_of_warnings_without_calling_it_unsealed(warned: Path) -> None:
    store = warned / "leaving" / "seed_1.duckdb"
    report = verify(store)
    with open_store(store) as opened:
        found = opened.warnings()
        assert opened.rows(QUALITY).filter(~pl.col("passed")).height == found.height > 0
    assert report.ok
    assert list(report.warnings) == [sentence(row) for row in found.to_dicts()]
    assert "2025: service_ks" in str(report)
    assert verify(warned / "baseline" / "seed_1.duckdb").warnings == ()


def test_a_directory_of_runs_tells_which_of_them_warn(warned: Path) -> None:
    sweep = open_sweep(warned)
    for found in (sweep.warnings(), open_sweep(warned).warnings()):  # the second time from the index
        assert found["scenario"].unique().to_list() == ["leaving"]
    (line,) = sentences(sweep.warnings())
    assert line.startswith("leaving: 1 run carries data-quality warnings from 2025 on: ")


def test_the_badge_counts_runs_and_lists_gate_year_value_and_threshold(warned: Path) -> None:
    sweep = open_sweep(warned)
    shown = warnings_markup(sweep.warnings(), sweep.runs.height)
    assert "1 of 2 runs carries data-quality warnings" in shown
    row = by_scenario(sweep.warnings()).row(0, named=True)
    cells = (row["scenario"], "2025", row["gate"], f"{row['value']:.3f}", f"{row['threshold']:.3f}")
    assert all(f">{cell}<" in shown for cell in cells)
    assert not warnings_markup(sweep.warnings().clear(), 2)


def test_text_of_a_store_in_a_badge_is_never_markup(warned: Path) -> None:
    evil = open_sweep(warned).warnings().with_columns(scenario=pl.lit("<script>"), detail=pl.lit("<b>"))
    assert not {"<script>", "<b>"} & set(warnings_markup(evil, 1).split())
    assert "&lt;script&gt;" in warnings_markup(evil, 1)


def test_a_seed_of_a_batch_has_the_results_of_its_run_alone(tmp_path: Path) -> None:
    together = make_stores(tmp_path / "batch", seeds=[3, 1])[1]
    alone = make_stores(tmp_path / "alone", seeds=[1])[0]

    def digests(store: Path) -> list[object]:
        with open_store(store) as opened:
            return [year.part(QUALITY.name) for year in opened.manifest.years]

    assert digests(together.store) == digests(alone.store)
