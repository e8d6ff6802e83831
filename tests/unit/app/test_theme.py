"""How numbers are written, and that colours can be read in light and in dark."""

from __future__ import annotations

import pytest

from app.theme import DARK, LIGHT, axis, difference, duration, number, seeds
from simulation.export.palette import SERIES
from simulation.metrics import Unit


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colour", SERIES)
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_every_series_stands_out_from_the_surface(colour: str, theme: dict[str, str]) -> None:
    assert contrast(colour, theme["surface"]) >= 3


@pytest.mark.parametrize("ink", ["text", "muted", "accent", "good", "bad"])
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_every_text_can_be_read_on_surface_and_page(ink: str, theme: dict[str, str]) -> None:
    assert min(contrast(theme[ink], theme[ground]) for ground in ("surface", "page")) >= 4.5


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        (9412, Unit.PEOPLE, "9,412"),
        (639.125, Unit.PEOPLE, "639.1"),
        (2320.4, Unit.PEOPLE, "2,320"),
        (612_400_000, Unit.DOLLARS, "$612.40 M"),
        (1_250_000_000, Unit.DOLLARS, "$1.25 B"),
        (75_376.76, Unit.DOLLARS, "$75,377"),
        (-2_000_000, Unit.DOLLARS, "−$2.00 M"),
        (0.0426, Unit.RATE, "4.26 %"),
        (None, Unit.RATE, "–"),
    ],
)
def test_a_number_is_written_with_its_unit(value: float | None, unit: Unit, written: str) -> None:
    assert number(value, unit) == written


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        (620, Unit.PEOPLE, "+620"),
        (-320, Unit.PEOPLE, "−320"),
        (0, Unit.DOLLARS, "±$0"),
        (0.0001, Unit.PEOPLE, "±0.0"),
        (-0.0184, Unit.RATE, "−1.84 pts"),
        (None, Unit.PEOPLE, "–"),
    ],
)
def test_a_difference_has_its_sign(value: float | None, unit: Unit, written: str) -> None:
    assert difference(value, unit) == written


@pytest.mark.parametrize(
    ("seconds", "written"),
    [(0.4, "0 s"), (59.6, "1 min 00 s"), (200, "3 min 20 s"), (7500, "2 h 05 min"), (None, "–"), (-3, "0 s")],
)
def test_a_span_of_time_is_written_for_a_person(seconds: float | None, written: str) -> None:
    assert duration(seconds) == written


@pytest.mark.parametrize(("count", "written"), [(1, "1 seed"), (8, "8 seeds"), (1200, "1,200 seeds")])
def test_seeds_are_counted(count: int, written: str) -> None:
    assert seeds(count) == written


def test_an_axis_of_rates_is_in_percent() -> None:
    assert axis(Unit.RATE, 0.05).divisor == pytest.approx(0.01)
