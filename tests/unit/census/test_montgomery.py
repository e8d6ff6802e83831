"""The real payroll of a county, read with the mapping that ships as an example."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import polars as pl
import pytest

from simulation.census import import_census
from simulation.dates import completed_years

ROOT: Final = Path(__file__).parents[3]
PAYROLL: Final = ROOT.parent / "shared" / "data" / "montgomery_md_salaries_2016.csv"
MAPPING: Final = ROOT / "scenarios" / "census" / "montgomery_map.yaml"

pytestmark = pytest.mark.skipif(
    not PAYROLL.exists(), reason=f"the public county payroll is not at ../shared/data/{PAYROLL.name}"
)


def test_the_county_payroll_comes_in_whole(tmp_path: Path) -> None:
    report = import_census(PAYROLL, out=tmp_path / "county.parquet", mapping=MAPPING)
    frame = report.census.frame
    assert (report.rows_read, report.rows_accepted, report.rows_rejected) == (9_228, 9_228, 0)
    assert report.census.as_of == date(2016, 12, 31)
    exact = pl.read_csv(PAYROLL, infer_schema=False)["current_annual_salary"].cast(pl.Decimal(18, 2)).sum()
    assert frame["compensation_cents"].sum() == int(exact * 100)
    assert (frame["scheduled_hours"] < 2080).sum() == 834
    assert frame["department"].n_unique() == 37
    assert {done.field: done.rows for done in report.imputations} == dict.fromkeys(
        ["employee_id", "birth_date", "job_level"], 9_228
    )
    shares = frame["job_level"].value_counts().sort("job_level")["count"] / 9_228
    assert shares.to_list() == pytest.approx([0.42, 0.28, 0.18, 0.09, 0.03], abs=0.01)
    ages = frame.select(completed_years("birth_date", report.census.as_of)).to_series()
    assert (ages > 75).sum() == 0
