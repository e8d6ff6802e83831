"""No text becomes a formula, in a cell or in a column; numbers stay numbers."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.inert import inert, inert_texts


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+1+2", "'+1+2"),
        ("-1+2", "'-1+2"),
        ("\tx", "'\tx"),
        ("＝1", "'＝1"),  # noqa: RUF001  the full-width sign is the point
        ("-5.00", "-5.00"),
        ("-1,234.50", "-1,234.50"),
        ("+5", "+5"),
        ("-", "'-"),
        ("Ann", "Ann"),
        ("", ""),
    ],
)
def test_a_cell_cannot_become_a_formula(cell: str, safe: str) -> None:
    assert inert(cell) == safe


@given(st.text(max_size=20))
def test_no_text_starts_a_formula(cell: str) -> None:
    safe = inert(cell)
    assert safe in {cell, f"'{cell}"}
    assert not safe.startswith(("=", "@", "\t", "\r"))
    assert not safe.startswith(("+", "-")) or safe[1:].replace(",", "").replace(".", "", 1).isdigit()


@given(st.lists(st.text(alphabet="=+-@\t\n\r＝－,.0159ab' ", max_size=8)))  # noqa: RUF001  the full-width signs are the point
def test_a_column_is_treated_as_each_of_its_cells(cells: list[str]) -> None:
    frame = pl.DataFrame({"text": cells}, schema={"text": pl.String})
    assert inert_texts(frame)["text"].to_list() == [inert(cell) for cell in cells]


def test_texts_of_every_kind_and_names_of_columns_are_inert_and_numbers_untouched() -> None:
    kinds = pl.DataFrame({"=name": ["=1", None], "enum": ["@x", "y"], "pay": [-1, 2]}).cast(
        {"enum": pl.Enum(["@x", "y"])}
    )
    safe = inert_texts(kinds)
    assert safe.columns == ["'=name", "enum", "pay"]
    assert safe.rows() == [("'=1", "'@x", -1), (None, "y", 2)]
