"""Vesting schedules by name and custom, as the rules want them."""

from __future__ import annotations

import pytest

from simulation.parameters.plan import Vesting


@pytest.mark.parametrize(
    ("name", "vested"),
    [
        ("immediate", (10_000,)),
        ("cliff2", (0, 0, 10_000)),
        ("cliff3", (0, 0, 0, 10_000)),
        ("graded_2_6", (0, 0, 2_000, 4_000, 6_000, 8_000, 10_000)),
    ],
)
def test_a_schedule_is_a_share_for_each_completed_year(name: str, vested: tuple[int, ...]) -> None:
    assert Vesting.model_validate({"nonelective": name}).vested_bp("nonelective") == vested


def test_a_custom_schedule_holds_from_year_to_year() -> None:
    rows = [
        {"from_years": 0, "vested": 0},
        {"from_years": 1, "vested": "33.33%"},
        {"from_years": 3, "vested": 1},
    ]
    vesting = Vesting.model_validate({"match": "custom", "custom": rows})
    assert vesting.vested_bp("match") == (0, 3_333, 3_333, 10_000)
    assert vesting.vested_bp("profit_sharing")[2] == 2_000
