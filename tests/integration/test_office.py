"""Every workbook opens clean in LibreOffice: read there and written again, no cell, sheet or chart is lost.

Part of ``make test-office`` only: LibreOffice is half a gigabyte that nobody needs for running PlanWise.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from app.cli import main
from simulation.census import generate_census, write_census
from tests.workbooks import read_workbook

pytestmark = [pytest.mark.office, pytest.mark.slow, pytest.mark.xdist_group("office")]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a directory with the workbooks of a batch, of a comparison and of a plan's tests."""
    place = tmp_path_factory.mktemp("written")
    census = write_census(generate_census(400, seed=11), place / "census.parquet")
    out = place / "batch"
    scenarios = ["baseline", "high_growth", "cost_control"]
    asked = ["--scenarios", *scenarios, "--census", str(census), "--export-format", "excel"]
    assert main(["batch", *asked, "--out", str(out), "--json"]) == 0
    store = next(out.rglob("*.duckdb"))
    assert main(["test-plan", str(store), "--export", str(out / "tests.xlsx")]) == 0
    return out


@pytest.fixture(scope="module")
def opened(written: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[Path, Path]:
    """Return what LibreOffice makes of each workbook."""
    office = shutil.which("soffice")
    assert office, "LibreOffice is missing: apt install libreoffice-calc-nogui, or the like"
    home = tmp_path_factory.mktemp("office")
    made = {}
    for number, workbook in enumerate(sorted(written.rglob("*.xlsx"))):
        target = home / str(number)
        profile = f"-env:UserInstallation={(home / 'profile').as_uri()}"
        convert = [office, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(target)]
        subprocess.run([*convert, str(workbook)], check=True, capture_output=True, timeout=300)
        made[workbook] = target / workbook.name
    return made


TRUTH = {"=TRUE()": True, "=FALSE()": False}
"""How LibreOffice writes what is true or not."""


def cells(workbook: Any) -> dict[tuple[str, str], Any]:
    return {
        (sheet.title, cell.coordinate): TRUTH.get(cell.value, cell.value)
        for sheet in workbook
        for row in sheet.iter_rows()
        for cell in row
        if cell.value not in {None, ""}
    }


def test_every_cell_sheet_and_chart_is_there(opened: dict[Path, Path]) -> None:
    assert len(opened) == 5
    for workbook, again in opened.items():
        before, after = read_workbook(workbook), read_workbook(again)
        assert after.sheetnames == before.sheetnames
        expected, found = cells(before), cells(after)
        assert found.keys() == expected.keys(), workbook.name
        for place, value in expected.items():
            assert found[place] == (pytest.approx(value) if isinstance(value, float) else value), place
        for sheet in before:
            assert len(after[sheet.title]._charts) == len(sheet._charts)
