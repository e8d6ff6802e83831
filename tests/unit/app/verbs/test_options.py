"""How the texts of shared options are read."""

from __future__ import annotations

from datetime import date

import pytest
import typer

from app.verbs.options import parse_date, read_date, read_years


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2025-2029", (2025, 2029)), ("2025 – 2026", (2025, 2026)), ("2025", (2025, 2025)), (None, None)],
)
def test_years_are_a_span(text: str | None, expected: tuple[int, int] | None) -> None:
    assert read_years(text) == expected


@pytest.mark.parametrize("text", ["", "25-29", "2029-2025", "2025-", "2025-2029-2030", "soon"])
def test_what_is_no_span_of_years_is_bad_input(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="2025-2029"):
        read_years(text)


def test_a_date_is_iso_and_may_be_missing() -> None:
    assert read_date("2024-02-29") == date(2024, 2, 29)
    assert read_date(None) is None


@pytest.mark.parametrize("text", ["", "29.02.2024", "2023-02-29", "today"])
def test_what_is_no_date_is_bad_input(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="2025-12-31"):
        parse_date(text)
