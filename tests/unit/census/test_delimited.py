"""Delimited text: encodings, separators, quotes."""

from __future__ import annotations

import pytest

from simulation.census.delimited import read_delimited
from simulation.errors import CensusError

NAMES = "id,name\n1,Zoë\n2,Ñandú\n3,Bob\n"


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8 with byte order mark"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16 without byte order mark"),
        ("utf-16-be", "UTF-16 without byte order mark"),
        ("utf-32", "UTF-32"),
        ("cp1252", "Windows-1252"),
        ("latin-1", "Windows-1252"),
    ],
)
def test_an_encoding_is_found_and_said(encoding: str, said: str) -> None:
    grid = read_delimited(NAMES.encode(encoding), "staff.csv")
    assert grid.records == [["id", "name"], ["1", "Zoë"], ["2", "Ñandú"], ["3", "Bob"]]
    assert grid.facts["encoding"] == said


def test_a_guess_at_windows_letters_shows_the_first_of_them() -> None:
    (note,) = read_delimited(NAMES.encode("cp1252"), "staff.csv").notes
    assert "not UTF-8: line 2 has '1,Zoë'" in note


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            ("id,name\n" + "1,Zoë\n" * 5).encode() + b"6,Zo\xff\n",
            "UTF-8 with 1 damaged characters, the first in line 7",
        ),
        (b"id,name\n1,\x81\x8d\n", "line 2 that are not Windows-1252"),
        (b"\xff\xfei\x00d\x00,", "bytes in line 1 that are not UTF-16"),
        (b"id\x00\x00,name\x00\x00\x01\x02,\n1,2,3,4,5,6,7\n", "bytes that are no text"),
    ],
)
def test_what_is_no_text_is_refused_with_its_place(content: bytes, message: str) -> None:
    with pytest.raises(CensusError, match=message) as refused:
        read_delimited(content, "staff.csv")
    assert "save the file again as CSV UTF-8" in str(refused.value)


@pytest.mark.parametrize(
    ("separator", "said"), [(",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "|")]
)
def test_a_separator_is_found_and_said(separator: str, said: str) -> None:
    text = "\n".join(separator.join(cells) for cells in [["id", "pay"], ["1", "50000"], ["2", "60000"]])
    grid = read_delimited(text.encode(), "staff.csv")
    assert grid.records[2] == ["2", "60000"]
    assert grid.facts["separator"] == said


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("id;pay;rate\n1;1.234,50;6,5\n2;999,00;4,0\n", ["2", "999,00", "4,0"]),
        ('id,team\n1,"R&D; east"\n2,"R&D; west"\n', ["2", "R&D; west"]),
        ("Staff of Acme; all of it\nid,pay\n1,5\n2,6\n3,7\n", ["2", "6"]),
        ("id;where, exactly\n1;a\n2;b, c\n3;d\n", ["2", "b, c"]),
        ("sep=|\nid|pay\n1|a;b\n2|c;d\n", ["2", "c;d"]),
    ],
)
def test_commas_and_semicolons_inside_values_do_not_mislead(text: str, row: list[str]) -> None:
    assert row in read_delimited(text.encode(), "staff.csv").records


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_any_line_end_will_do(newline: str) -> None:
    text = newline.join(["id,pay", "1,5", "2,6"])
    assert read_delimited(text.encode(), "staff.csv").rows == [1, 2, 3]


def test_rows_are_numbered_as_a_spreadsheet_shows_them() -> None:
    text = 'id,note\n\n1,"two\nlines"\n,\n2,b\n'
    grid = read_delimited(text.encode(), "staff.csv")
    assert dict(zip(grid.rows, grid.records, strict=True))[5] == ["2", "b"]


def test_a_quotation_mark_that_is_never_closed_is_refused_with_its_row() -> None:
    text = 'id,name\n1,Ann\n2,"Bob\n3,Cyd\n'
    with pytest.raises(CensusError, match=r"staff.csv, row 3 .*quotation mark that is not closed"):
        read_delimited(text.encode(), "staff.csv")


def test_blank_lines_only_are_an_empty_file() -> None:
    with pytest.raises(CensusError, match="blank lines only"):
        read_delimited(b"\n ,\n\n", "staff.csv")
