"""The reject file: complete, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest

from simulation.census.read import read_raw
from simulation.census.rejects import remove_stale, write_rejects
from simulation.errors import WriteError
from tests.unit.census.conftest import Write


def test_rejected_rows_keep_their_cells_and_get_reasons(write: Write, tmp_path: Path) -> None:
    raw = read_raw(write('id,name,pay\n1,"=HYPERLINK(""x"")",5\n2,Zoë,\n3,Bob,7,8,9\n'))
    reasons = pl.DataFrame(
        {"row": [2, 4], "reasons": ["pay is absurd: 5", "more or fewer cells than the header"]}
    )
    path = write_rejects(raw, reasons, tmp_path / "new" / "rejects.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [
            ["row", "reasons", "id", "name", "pay", "cells beyond the header"],
            ["2", "pay is absurd: 5", "1", '\'=HYPERLINK("x")', "5", ""],
            ["4", "more or fewer cells than the header", "3", "Bob", "7", "8 | 9"],
        ]


def test_a_reject_file_that_cannot_be_written_is_an_error(write: Write, tmp_path: Path) -> None:
    raw = read_raw(write("id,pay\n1,5\n"))
    with pytest.raises(WriteError, match="reject file was not written"):
        write_rejects(raw, pl.DataFrame({"row": [2], "reasons": ["x"]}), tmp_path)


def test_only_a_reject_file_of_our_own_is_removed(tmp_path: Path) -> None:
    ours, theirs = tmp_path / "a.csv", tmp_path / "b.csv"
    ours.write_text("row,reasons,id\n", encoding="utf-8-sig")
    theirs.write_text("notes of mine\n", encoding="utf-8")
    for path in (ours, theirs, tmp_path / "none.csv"):
        remove_stale(path)
    assert list(tmp_path.iterdir()) == [theirs]
