"""Tables by level, service and age, and pay bands: what makes them whole."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from simulation.parameters.bands import AgeMultipliers, AgeRates, ServiceRate, ServiceRates, rows_of
from simulation.parameters.levels import LevelMix, LevelRates, RatingFactors, per_level
from simulation.parameters.pay_band import PayBands

BAND = {"minimum": 40_000, "midpoint": 50_000, "maximum": 60_000}


def test_a_table_by_level_has_every_level_in_order() -> None:
    table = TypeAdapter(LevelRates).validate_python(
        {5: 0, 1: "4%", 3: "0.032", 2: 0.035, 4: Decimal("0.028")}
    )
    assert list(table) == [1, 2, 3, 4, 5]
    assert table[1] == Decimal("0.0400")


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (LevelRates, {1: 0.1}),
        (LevelRates, dict.fromkeys(range(1, 7), 0.1)),
        (LevelRates, dict.fromkeys(range(1, 6), 1.5)),
        (RatingFactors, dict.fromkeys(range(1, 6), 11)),
        (LevelMix, dict.fromkeys(range(1, 6), 0.3)),
        (LevelMix, {1: 1}),
        (PayBands, {1: BAND}),
        (PayBands, dict.fromkeys(range(1, 6), BAND | {"midpoint": 70_000})),
        (PayBands, {1: {"minimum": 1}}),
        (ServiceRates, []),
        (ServiceRates, [{"from_years": 1, "rate": 0.1}]),
        (ServiceRates, [{"from_years": 0, "rate": 0.1}, {"from_years": 0, "rate": 0.2}]),
        (ServiceRates, [{"from_years": 0}]),
        (ServiceRates, [{"from_years": 0, "rate": 0.1, "note": 1}]),
        (AgeMultipliers, [{"from_age": 30, "multiplier": 1}]),
        (AgeRates, [{"from_age": 65, "rate": 0.1}, {"from_age": 60, "rate": 0.1}]),
    ],
)
def test_tables_with_gaps_or_overlaps_are_refused(kind: Any, value: Any) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(value)


def test_hazards_by_age_may_begin_late_or_be_empty() -> None:
    assert TypeAdapter(AgeRates).validate_python([{"from_age": 60, "rate": "5%"}])[0].rate == Decimal("0.05")
    assert TypeAdapter(AgeRates).validate_python([]) == ()


def test_a_level_mix_adds_up_to_one() -> None:
    shares = per_level("0.4", "0.3", "0.15", "0.1", "0.05")
    assert TypeAdapter(LevelMix).validate_python(shares) == shares


def test_rows_are_made_of_pairs() -> None:
    rows = rows_of(ServiceRate, (0, "0.25"), (5, "9%"))
    assert [(row.from_years, row.rate) for row in rows] == [(0, Decimal("0.25")), (5, Decimal("0.09"))]
