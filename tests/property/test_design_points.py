"""Points of designs: in bounds, exact, reproducible, as many as asked for, and evenly spread."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from simulation.parameters import parameters
from simulation.sweep.design import Design
from simulation.sweep.spread import spread

NUMBERS = {
    "workforce.growth.rate": Decimal("0.0001"),
    "compensation.cola.rate": Decimal("0.0001"),
    "plan.accounts.fee_per_participant": Decimal("0.01"),
    "plan.auto_enrollment.window_days": Decimal(1),
}
"""Levers of every kind of number, each with its unit."""


@st.composite
def spans(draw: st.DrawFn, *, stepped: bool) -> dict[str, dict[str, Any]]:
    """Draw ranges within the bounds of some of the levers."""
    levers: dict[str, dict[str, Any]] = {}
    for key in draw(st.lists(st.sampled_from(sorted(NUMBERS)), min_size=1, max_size=3, unique=True)):
        unit, record = NUMBERS[key], parameters()[key]
        low, high = (int(Decimal(bound) / unit) for bound in (record.minimum, record.maximum))
        step = draw(st.integers(1, (high - low) // 64))
        count = draw(st.integers(2, 6 if stepped else 64))
        start = draw(st.integers(low, high - step * (count - 1)))
        span = {"start": start * unit, "stop": (start + step * (count - 1)) * unit, "step": step * unit}
        levers[key] = {name: int(number) if unit == 1 else number for name, number in span.items()}
    return levers


def check_values(design: Design, levers: dict[str, dict[str, Any]]) -> None:
    for point in design.points.values():
        assert list(point) == list(levers)
        for key, value in point.items():
            span = levers[key]
            assert span["start"] <= value <= span["stop"]
            assert (value - span["start"]) % span["step"] == 0
            assert not isinstance(value, float)


@given(spans(stepped=True))
def test_a_grid_has_each_combination_once_and_nothing_else(levers: dict[str, dict[str, Any]]) -> None:
    design = Design.model_validate({"levers": levers})
    check_values(design, levers)
    assert (
        len({tuple(point.values()) for point in design.points.values()}) == design.size == len(design.points)
    )


@given(
    spans(stepped=False), st.sampled_from(["latin_hypercube", "sobol"]), st.integers(0, 4), st.integers(0, 99)
)
def test_sampled_points_are_in_bounds_reproducible_and_as_many_as_asked(
    levers: dict[str, dict[str, Any]], method: str, power: int, seed: int
) -> None:
    fields = {"method": method, "levers": levers, "points": 2**power, "seed": seed}
    combinations = 1
    for span in levers.values():
        combinations *= int((span["stop"] - span["start"]) / span["step"]) + 1
    assume(combinations >= 2**power)
    design = Design.model_validate(fields)
    check_values(design, levers)
    assert len(design.points) == 2**power
    assert design.points == Design.model_validate(fields).points


@pytest.mark.parametrize("method", ["latin_hypercube", "sobol"])
@given(power=st.integers(0, 5), values=st.integers(1, 4), seed=st.integers(0, 99))
def test_each_value_comes_equally_often(method: str, power: int, values: int, seed: int) -> None:
    listed = [number / 100 for number in range(1, 2 ** (values - 1) + 1)]
    assume(len(listed) <= 2**power)
    levers = {"workforce.growth.rate": listed, "compensation.cola.rate": {"start": 0, "stop": 0.25}}
    fields = {"method": method, "levers": levers, "points": 2**power, "seed": seed}
    points = Design.model_validate(fields).points.values()
    counts = Counter(point["workforce.growth.rate"] for point in points)
    assert set(counts.values()) == {2**power // len(listed)}
    assert len(counts) == len(listed)


@given(number=st.integers(1, 40), seed=st.integers(0, 99))
def test_a_latin_hypercube_has_a_point_in_every_slice_of_every_side(number: int, seed: int) -> None:
    rows = spread("latin_hypercube", 3, number, seed)
    for column in zip(*rows, strict=True):
        assert sorted(int(share * number) for share in column) == list(range(number))


@given(power=st.integers(0, 6), seed=st.integers(0, 99))
def test_sobols_sequence_is_even_on_every_side_and_goes_on_where_it_was(power: int, seed: int) -> None:
    rows = spread("sobol", 4, 2**power, seed)
    for column in zip(*rows, strict=True):
        assert sorted(int(share * 2**power) for share in column) == list(range(2**power))
    assert spread("sobol", 4, 2 ** (power + 1), seed)[: 2**power] == rows


@pytest.mark.parametrize("method", ["latin_hypercube", "sobol"])
def test_another_seed_gives_other_points(method: str) -> None:
    assert spread(method, 2, 8, 1) != spread(method, 2, 8, 2)
