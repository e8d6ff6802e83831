"""How single values may be written."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from simulation.parameters.form import Date, Flag, Money, Multiplier, Name, Rate, Whole

RATE = TypeAdapter(Rate)

basis_points = st.integers(min_value=-20_000, max_value=20_000)


@given(basis_points)
def test_a_rate_reads_the_same_as_number_text_and_percentage(points: int) -> None:
    exact = Decimal(points).scaleb(-4)
    percent = f"{Decimal(points).scaleb(-2)}%"
    written = [exact, str(exact), float(exact), percent, percent.replace("%", " %"), f" {exact} "]
    assert {RATE.validate_python(form) for form in written} == {exact}


@given(basis_points)
def test_a_rate_read_again_is_itself(points: int) -> None:
    rate = RATE.validate_python(Decimal(points).scaleb(-4))
    assert RATE.validate_python(rate) == rate
    assert rate.as_tuple().exponent == -4


@given(st.integers(-(10**8), 10**8).filter(lambda millionths: millionths % 100))
def test_a_rate_finer_than_a_basis_point_is_refused(millionths: int) -> None:
    with pytest.raises(ValidationError):
        RATE.validate_python(Decimal(millionths).scaleb(-6))


def test_a_float_counts_by_its_shortest_text() -> None:
    assert RATE.validate_python(0.0123) == Decimal("0.0123")
    assert RATE.validate_python(1e-4) == Decimal("0.0001")


@pytest.mark.parametrize(
    "value", [True, None, "", "abc", "1,5", "1.5%%", "nan", float("nan"), float("inf"), []]
)
def test_what_is_no_rate_is_refused_with_an_example(value: Any) -> None:
    with pytest.raises(ValidationError, match=r"such as 0\.015 or 1\.5%"):
        RATE.validate_python(value)


@pytest.mark.parametrize("value", [Decimal("1e999999"), Decimal("-1e400"), Decimal("1e-999999"), 10**30])
def test_an_enormous_or_minute_number_is_refused_unexpanded(value: Any) -> None:
    with pytest.raises(ValidationError):
        RATE.validate_python(value)


def test_a_multiplier_is_no_percentage() -> None:
    assert TypeAdapter(Multiplier).validate_python("1.25") == Decimal("1.25")
    with pytest.raises(ValidationError):
        TypeAdapter(Multiplier).validate_python("125%")


def test_money_has_cents_and_no_less() -> None:
    assert TypeAdapter(Money).validate_python("52000.5") == Decimal("52000.50")
    with pytest.raises(ValidationError):
        TypeAdapter(Money).validate_python("0.001")


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Whole, True),
        (Whole, "5"),
        (Whole, 5.0),
        (Flag, "yes"),
        (Flag, 1),
        (Date, "2026-02-30"),
        (Date, 20260101),
        (Name, "a/b"),
        (Name, "../up"),
        (Name, "x" * 65),
        (Name, 7),
    ],
)
def test_values_of_another_kind_are_refused(kind: Any, value: Any) -> None:
    with pytest.raises(ValidationError, match="allowed"):
        TypeAdapter(kind).validate_python(value)
