"""Frames as files that people open."""

from __future__ import annotations

import zipfile
from pathlib import Path

import polars as pl
import pytest

from app.verbs.files import write_frame
from simulation.errors import InputError, WriteError

HOSTILE = ["=1+1", "+1+1", "-A1", "@SUM(A1)", "\t=1", "http://x.example", "plain"]


@pytest.fixture
def frame() -> pl.DataFrame:
    return pl.DataFrame({"id": HOSTILE, "pay": range(7)})


def test_parquet_keeps_every_value(frame: pl.DataFrame, tmp_path: Path) -> None:
    assert pl.read_parquet(write_frame(frame, tmp_path / "f.parquet", "S")).equals(frame)


def test_no_cell_of_a_csv_begins_like_a_formula(frame: pl.DataFrame, tmp_path: Path) -> None:
    read = pl.read_csv(write_frame(frame, tmp_path / "f.csv", "S"))
    assert read["id"].to_list() == [*(f"'{text}" for text in HOSTILE[:5]), *HOSTILE[5:]]
    assert read["pay"].to_list() == list(range(7))


def test_no_cell_of_a_workbook_is_a_formula_or_a_link(frame: pl.DataFrame, tmp_path: Path) -> None:
    path = write_frame(frame, tmp_path / "new" / "f.xlsx", "S")
    with zipfile.ZipFile(path) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert pl.read_excel(path)["id"].to_list() == HOSTILE


def test_another_kind_of_file_is_refused(frame: pl.DataFrame, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"\.parquet, \.csv, \.xlsx"):
        write_frame(frame, tmp_path / "f.pdf", "S")


@pytest.mark.parametrize("suffix", [".parquet", ".csv", ".xlsx"])
def test_a_place_that_cannot_be_written_to_is_said_and_leaves_nothing(
    frame: pl.DataFrame, tmp_path: Path, suffix: str
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(WriteError, match="cannot be written"):
        write_frame(frame, tmp_path / "file" / f"f{suffix}", "S")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
