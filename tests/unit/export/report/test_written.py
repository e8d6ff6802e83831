"""Numbers as a report writes them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from simulation.export.report.written import counted, difference, interval, listed, number, to_the_cent
from simulation.metrics import Unit


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (9412, Unit.PEOPLE, "9,412"),
        (9412.25, Unit.PEOPLE, "9,412.3"),
        (Decimal("1234567.50"), Unit.DOLLARS, "$1,234,568"),
        (-0.4, Unit.DOLLARS, "$0"),
        (-1234.5, Unit.DOLLARS, "−$1,235"),
        (0.04105, Unit.RATE, "4.11 %"),
        (None, Unit.RATE, "–"),
    ],
)
def test_a_number_has_its_unit(value: float | None, unit: Unit, said: str) -> None:
    assert number(value, unit) == said


def test_dollars_to_the_cent_are_rounded_half_up_and_never_by_floats() -> None:
    assert to_the_cent(Decimal("90071992547409.935"), Unit.DOLLARS) == "$90,071,992,547,409.94"
    assert to_the_cent(Decimal("0.005"), Unit.DOLLARS) == "$0.01"


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (834.0, Unit.PEOPLE, "+834"),
        (-834.5, Unit.PEOPLE, "−834.5"),
        (0.0123, Unit.RATE, "+1.23 pts"),
        (0.00001, Unit.RATE, "±0.00 pts"),
        (-0.2, Unit.DOLLARS, "±$0"),
        (None, Unit.DOLLARS, "–"),
    ],
)
def test_a_difference_has_its_sign(value: float | None, unit: Unit, said: str) -> None:
    assert difference(value, unit) == said


def test_an_interval_that_is_not_known_is_not_written() -> None:
    assert interval(None, None, Unit.PEOPLE) == "–"
    assert interval(-1, 2, Unit.PEOPLE) == "−1 to +2"


def test_things_are_counted_and_listed() -> None:
    assert [counted(number, "run") for number in (0, 1, 2_000)] == ["0 runs", "1 run", "2,000 runs"]
    assert listed(["a", "b", "c"], 2) == "a, b and 1 more"
