"""Amounts to the cent from text, and what a comma may mean."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.census.parse_numbers import Mark, convert, decimal_mark, looks_like_number, read_numbers

CENTS = st.integers(-(10**15), 10**15)


def one(text: str, mark: Mark = ".", places: int = 2) -> int | None:
    value: int | None = read_numbers(pl.Series([text]), mark, places).values[0]
    return value


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("52000", 5_200_000),
        ("1,234.50", 123_450),
        ("$1,234.50", 123_450),
        ("$ 1,234.50 ", 123_450),
        ("USD 1,234.50", 123_450),
        ("1,234.50 USD", 123_450),
        ("US$1,234.5", 123_450),
        ("€1 234.50", 123_450),
        ("1\u202f234\u202f567.00", 123_456_700),
        ("1'234.50", 123_450),
        ("(1,234.50)", -123_450),
        ("-$5", -500),
        ("$-5", -500),
        ("- 5.00", -500),
        ("5.00-", -500),
        ("−5", -500),
        ("+5", 500),
        (".5", 50),
        ("5.", 500),
        ("007.10", 710),
        ("0.005", 1),
        ("0.0049999", 0),
        ("69222.18", 6_922_218),
        ("999999999999999.99", 99_999_999_999_999_999),
    ],
)
def test_an_amount_is_read_to_the_cent(text: str, cents: int) -> None:
    assert one(text) == cents


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("1.234,50", 123_450),
        ("1234,5", 123_450),
        ("(1.234,50) €", -123_450),
        ("€ (1.234,50)", -123_450),
        ("0,06", 6),
        ("1.234.567", 123_456_700),
    ],
)
def test_decimal_commas_are_read_as_such(text: str, cents: int) -> None:
    assert one(text, ",") == cents


@pytest.mark.parametrize(
    "text",
    [
        "1e5",
        "1E5",
        "12%",
        "1,23",
        "1,2345",
        "12,34,567",
        "1.2.3",
        "--5",
        "(5",
        "5)",
        "-(5)",
        "(-5)",
        "$",
        "",
        "abc",
        "0x10",
        "1_000",
        "inf",
        "NaN",
        "9" * 16,
        "$5 or so",
        "٣",
    ],
)
def test_what_is_no_amount_is_null(text: str) -> None:
    assert one(text) is None


def dressed(cents: int) -> list[str]:
    """Return an amount as several files would write it, the last with a decimal comma."""
    dollars = Decimal(cents).scaleb(-2)
    bracketed = f"(${-dollars:,})" if cents < 0 else f"${dollars:,}"
    return [f"{dollars}", f"{dollars:,}", bracketed, f"{dollars:,}".translate(str.maketrans(",.", ".,"))]


@settings(max_examples=25)
@given(st.lists(CENTS, min_size=1, max_size=50))
def test_every_amount_reads_back_from_every_dress(amounts: list[int]) -> None:
    for position, texts in enumerate(zip(*map(dressed, amounts), strict=True)):
        mark: Mark = "," if position == 3 else "."
        assert read_numbers(pl.Series(texts), mark, 2).values.to_list() == amounts


@settings(max_examples=25)
@given(st.lists(st.decimals(-(10**9), 10**9, places=6), min_size=1, max_size=50), st.integers(0, 4))
def test_rounding_is_half_up_in_the_digits_of_the_text(amounts: list[Decimal], places: int) -> None:
    step = Decimal(1).scaleb(-places)
    expected = [int(amount.quantize(step, ROUND_HALF_UP).scaleb(places)) for amount in amounts]
    texts = pl.Series([f"{amount:f}" for amount in amounts])
    assert read_numbers(texts, ".", places).values.to_list() == expected


@given(st.lists(CENTS, min_size=1, max_size=12), st.booleans(), st.booleans())
def test_the_decimal_mark_is_never_found_wrongly(amounts: list[int], grouped: bool, european: bool) -> None:
    texts = [f"{Decimal(cents).scaleb(-2):{',' if grouped else ''}}" for cents in amounts]
    if european:
        texts = [text.translate(str.maketrans(",.", ".,")) for text in texts]
    found = decimal_mark(pl.Series(texts))
    assert found.mark == ("," if european else ".")


@settings(max_examples=25)
@given(st.lists(st.text(max_size=12), min_size=1, max_size=50))
def test_no_text_makes_the_reader_fall(texts: list[str]) -> None:
    values = read_numbers(pl.Series(texts), ".", 2).values
    assert (values.is_null() | looks_like_number(pl.Series(texts))).all()


@pytest.mark.parametrize(
    ("texts", "mark"),
    [
        (["52000", "61000"], "."),
        (["1.50"], "."),
        (["1,50"], ","),
        (["0.125"], "."),
        (["0,125"], ","),
        (["52,000", "950"], "."),
        (["52.000", "61.500"], ","),
        (["1,234,567"], "."),
        (["52,000", "61,000.5"], "."),
        ([], "."),
    ],
)
def test_the_mark_follows_from_the_column(texts: list[str], mark: Mark) -> None:
    assert decimal_mark(pl.Series(texts, dtype=pl.String)).mark == mark


@pytest.mark.parametrize(
    ("texts", "question"),
    [
        (["1.5", "2,5"], "decimal points ('1.5') and commas ('2,5') are mixed"),
        (["52.125", "61000"], "is '52.125' in thousands or with three decimals?"),
        (["52,000", "52.000"], "is '52,000' in thousands or with three decimals?"),
    ],
)
def test_a_mark_in_doubt_is_a_question(texts: list[str], question: str) -> None:
    assert decimal_mark(pl.Series(texts)).question == question


def test_rounded_values_are_counted() -> None:
    assert read_numbers(pl.Series(["1.005", "1.500", "2.004", None, "x"]), ".", 2).rounded == 2


def test_conversion_rounds_half_away_from_zero() -> None:
    assert convert(pl.Series([3750, -1, 1, None]), 52, 100).to_list() == [1950, -1, 1, None]
