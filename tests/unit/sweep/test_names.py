"""Names that become directories."""

from __future__ import annotations

import pytest

from simulation.errors import SweepError
from simulation.sweep.names import joined_name, safe_name


@pytest.mark.parametrize("name", ["a", "night-batch", "2027_plan.v2", "A" * 64])
def test_a_plain_name_is_a_directory(name: str) -> None:
    assert safe_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../up",
        "a/b",
        "/etc",
        "a b",
        "-rf",
        ".hidden",
        "end.",
        "a\nb",
        "naïve",
        "A" * 65,
        "x;y",
    ],
)
def test_a_name_that_could_leave_its_directory_is_refused(name: str) -> None:
    with pytest.raises(SweepError, match="letters, digits"):
        safe_name(name)


def test_a_sweep_without_a_name_has_its_scenarios() -> None:
    assert joined_name(["baseline", "high_growth"]) == "baseline_vs_high_growth"


def test_many_scenarios_make_a_name_that_is_still_allowed() -> None:
    assert safe_name(joined_name([f"scenario_{number}_" for number in range(20)]))
