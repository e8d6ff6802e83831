"""Whole runs pinned: the digest of every event, and totals to the cent.

A change here means that every stored run would no longer repeat. Make it on purpose, with its reason in
the changelog, or not at all.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from simulation.census import generate_census
from simulation.parameters import load_scenario
from simulation.sealing import simulate

GOLDEN = {
    "baseline": (
        "d30d8f2cb298d074008745fe165628339fa049688745d2d6df16aa706a3c40b3",
        10997,
        ["40075729.51", "42539034.10", "46331248.74", "49760987.22", "53251844.15"],
    ),
    "high_growth": (
        "87ccf037af2a5a5461430d33607023c467c8022eef0b4e361daf0dab7154b82d",
        12655,
        ["41456683.67", "46335825.15", "53147621.29", "59827636.04", "68079229.88"],
    ),
    "cost_control": (
        "ccb4f36a738c36c126803f28bcb5f3a92008daed3bd07dcb474cc9efd8c84cb4",
        10061,
        ["38446756.35", "38475900.39", "40087820.47", "41120940.98", "42233006.68"],
    ),
    "hiring_freeze": (
        "f56251ad4dda55d0f32e4772143a32963160298d0741408c69018a8d8e95ee16",
        6140,
        ["35108934.79", "30109523.71", "26863257.88", "24905586.29", "24257662.82"],
    ),
}
"""Scenario → digest, events, total compensation by year; 500 generated people, seed 42."""


@pytest.mark.parametrize("name", list(GOLDEN))
def test_a_shipped_scenario_runs_as_it_always_has(name: str, tmp_path: Path) -> None:
    digest, events, paid = GOLDEN[name]
    result = simulate(load_scenario(name), generate_census(500), out=tmp_path)
    totals = result.summary.filter(pl.col("metric") == "total_compensation")["value"]
    assert [str(value.quantize(Decimal("0.01"))) for value in totals] == paid
    assert (result.digest, result.events) == (digest, events)
