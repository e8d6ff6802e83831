"""Any file as a table of texts: what it is, where its header stands, which rows do not fit."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from simulation.census.read import read_raw
from simulation.errors import CensusError
from tests.unit.census.conftest import Write


def test_the_content_decides_not_the_name(tmp_path: Path, write_xlsx: Write) -> None:
    book = write_xlsx({"Staff": [["id", "pay"], [1, 2]]}, name="staff.csv")
    assert read_raw(book).facts["format"] == "XLSX"
    parquet = tmp_path / "staff.xlsx"
    pl.DataFrame({"id": ["1"], "pay": [2]}).write_parquet(parquet)
    assert read_raw(parquet).facts["format"] == "Parquet"


def test_parquet_cells_become_exact_texts(tmp_path: Path) -> None:
    path = tmp_path / "staff.parquet"
    pl.DataFrame(
        {
            "hired": [date(2015, 3, 1)],
            "pay": [69222.18],
            "rate": [Decimal("0.0650")],
            "officer": [True],
            "tags": [["a"]],
        }
    ).write_parquet(path)
    raw = read_raw(path)
    assert raw.frame.row(0) == ("2015-03-01", "69222.18", "0.0650", "true")
    assert raw.notes == ("columns that hold lists or structures were left out: tags",)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"  \r\n\r\n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"id,pay\n", r"a header \(2 columns\) and no rows"),
        (b"id,pay\n,\n\n", r"a header \(2 columns\) and no rows"),
        (b"employee\n1\n2\n", "one column, 'employee'.*separated by comma, semicolon, tab"),
        (b"\xd0\xcf\x11\xe0 rest", "password-protected workbook.*unprotected .xlsx"),
        (b"\x1f\x8b rest", "gzip archive.*unpack it first"),
        (b"%PDF-1.7", "a PDF"),
        (b"PAR1 and nothing more PAR1", "Parquet file is damaged"),
        (b"PK\x03\x04 and nothing more", "workbook cannot be read"),
    ],
)
def test_a_file_without_a_table_is_refused(write: Write, content: bytes, message: str) -> None:
    with pytest.raises(CensusError, match=message):
        read_raw(write(content))


def test_a_file_that_is_not_there_or_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CensusError, match=r"cannot be opened\n.*nowhere.csv: No such file"):
        read_raw(tmp_path / "nowhere.csv")
    with pytest.raises(CensusError, match="directory"):
        read_raw(tmp_path)


def test_cells_are_stripped_and_blanks_are_null(write: Write) -> None:
    raw = read_raw(write("id , pay\n 1 ,\u00a0 \n2, 5\n"))
    assert raw.frame.rows() == [("1", None), ("2", "5")]
    assert raw.frame.columns == ["id", "pay"]


def test_titles_above_the_header_are_left_out_and_said(write: Write) -> None:
    raw = read_raw(write("Acme,,\nprinted 2025-01-02,,\n\nid,pay,rate\n1,2,3\n4,5,6\n"))
    assert raw.frame.columns == ["id", "pay", "rate"]
    assert raw.rows.to_list() == [5, 6]
    assert raw.notes == ("row 4 was taken as the header; 2 rows above it were left out",)


def test_twin_and_nameless_columns_get_names_of_their_own(write: Write) -> None:
    raw = read_raw(write("id,Pay,,Pay,Pay #1\n1,2,3,4,5\n"))
    assert raw.frame.columns == ["id", "Pay #1", "column 3", "Pay #2", "Pay #1'"]
    with pytest.raises(CensusError, match="2 columns are named 'Pay'; allowed: one of Pay #1, Pay #2"):
        raw.column("Pay")


def test_a_column_that_is_not_there_is_named_with_the_nearest(write: Write) -> None:
    with pytest.raises(CensusError, match=r"no column 'salery'.*did you mean 'salary'"):
        read_raw(write("id,salary\n1,2\n")).column("salery")


def test_rows_of_another_width_are_set_apart(write: Write) -> None:
    raw = read_raw(write("id,pay\n1,52,000\n2,60\n3\n4,70,,\n"))
    assert raw.ragged == {2: ("000",), 4: ()}
    assert raw.frame.height == 4


def test_a_header_is_one_line_of_words(write: Write) -> None:
    assert read_raw(write('"Hire\nDate", Pay  rate \n1,2\n')).frame.columns == ["Hire Date", "Pay rate"]


def test_a_sheet_of_a_file_that_has_none_is_refused(write: Write) -> None:
    with pytest.raises(CensusError, match="sheet 'Staff' of a file that is no workbook"):
        read_raw(write("id,pay\n1,2\n"), "Staff")


def test_two_hundred_columns_are_no_trouble(write: Write) -> None:
    names = [f"c{number}" for number in range(200)]
    raw = read_raw(write(",".join(names) + "\n" + ",".join("x" * 200) + "\n"))
    assert raw.frame.shape == (1, 200)
