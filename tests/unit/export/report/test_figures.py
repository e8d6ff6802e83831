"""Figures: where marks lie, and that SVG and PDF are given the same."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.export.report.drawing import drawing
from simulation.export.report.fan import APART, DASHES, MOST, apart, fan, shortened
from simulation.export.report.picture import Area, Label, Line
from simulation.export.report.svg import svg
from simulation.export.scale import round_ticks
from simulation.metrics import BY_NAME

HOSTILE = "</text><script>alert(1)</script>"


def spread(names: list[str], *, band: float = 5.0) -> pl.DataFrame:
    return pl.DataFrame(
        [
            (name, 2025 + year, 3, 100.0 + 10 * at + year, 100.0 - band, 100.0 + 10 * at + year + band)
            for at, name in enumerate(names)
            for year in range(3)
        ],
        schema=["scenario", "simulation_year", "n", "mean", "q10", "q90"],
        orient="row",
    )


def words(names: list[str]) -> list[str]:
    picture = fan(spread(names), names, BY_NAME["headcount_end"])
    return [mark.text for mark in picture.marks if isinstance(mark, Label)]


def test_each_scenario_is_named_at_its_line_and_drawn_with_a_dash_of_its_own() -> None:
    names = [f"plan_{at}" for at in range(MOST)]
    picture = fan(spread(names), names, BY_NAME["headcount_end"])
    lines = [mark for mark in picture.marks if isinstance(mark, Line) and mark.width > 1]
    assert len({mark.colour for mark in lines}) == len({mark.dashes for mark in lines}) == len(DASHES) == MOST
    assert set(names) < set(words(names))
    assert sum(isinstance(mark, Area) for mark in picture.marks) == MOST


def test_more_scenarios_than_colours_are_left_to_the_tables() -> None:
    names = [f"plan_{at}" for at in range(MOST + 2)]
    assert f"plan_{MOST}" not in words(names)


def test_one_seed_has_no_band() -> None:
    flat = spread(["only"]).with_columns(q10="mean", q90="mean")
    assert not any(isinstance(mark, Area) for mark in fan(flat, ["only"], BY_NAME["hires"]).marks)


def test_one_year_that_never_changes_is_drawn_too() -> None:
    one = spread(["only"]).head(1).with_columns(mean=0.0, q10=0.0, q90=0.0)
    assert fan(one, ["only"], BY_NAME["employer_cost"]).marks


@given(
    low=st.floats(-1e9, 1e9, allow_nan=False),
    reach=st.floats(0, 1e9, allow_nan=False),
    most=st.integers(4, 9),
)
def test_ticks_are_few_evenly_apart_and_reach_over_all_values(low: float, reach: float, most: int) -> None:
    ticks = round_ticks(low, low + reach, most)
    step = ticks[1] - ticks[0]
    assert 2 <= len(ticks) <= most
    assert ticks[0] - 1e-4 * step <= low
    assert low + reach <= ticks[-1] + 1e-4 * step
    assert all(after - before == pytest.approx(step, rel=1e-6) for before, after in pairwise(ticks))


@given(places=st.lists(st.floats(20, 180), min_size=1, max_size=MOST).map(sorted))
def test_names_never_lie_on_one_another(places: list[float]) -> None:
    moved = apart(places, 20, 180)
    assert all(after - before >= APART - 1e-6 for before, after in pairwise(moved))
    assert moved[0] >= 20 - 1e-6
    assert moved[-1] <= 180 + 1e-6


def test_a_long_name_keeps_both_its_ends() -> None:
    assert shortened("x" * 80 + "_end").endswith("_end")
    assert shortened("baseline") == "baseline"


def test_svg_is_well_formed_says_what_it_shows_and_runs_nothing() -> None:
    picture = fan(spread([HOSTILE]), [HOSTILE], BY_NAME["headcount_end"])
    root = ET.fromstring(str(svg(picture, "f1")))
    assert root.get("role") == "img"
    assert {child.tag for child in root} <= {"title", "desc", "polygon", "polyline", "circle", "text"}
    assert HOSTILE in (root.findtext("desc") or "")
    assert "100 in 2025" in (root.findtext("desc") or "")


def test_the_pdf_draws_as_many_marks_as_the_svg() -> None:
    picture = fan(spread(["a", "b"]), ["a", "b"], BY_NAME["headcount_end"])
    assert len(drawing(picture, 300).contents) == len(picture.marks)
