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
        "92bfacf3ba676dda279776dbfcca3852b1a5120702f4b2109a7465a655cf3b30",
        82099,
        ["40672526.13", "43460474.86", "46417618.43", "49810369.74", "53170422.24"],
        ["1288741.10", "1229418.94", "1397207.02", "1462621.24", "1586218.46"],
    ),
    "high_growth": (
        "ab73dbec1cbdc79bcd635b6f1e104cac4e13af5c9e3ee83721c790c8aed4afec",
        94017,
        ["42138974.53", "47435736.78", "53244464.25", "59672252.88", "67177526.09"],
        ["1333690.20", "1350398.13", "1601664.25", "1742734.31", "1977624.39"],
    ),
    "cost_control": (
        "63377df00c8183fa582a259faec7ddb8a01a35ae46d5f12da8701cb1db63db76",
        75657,
        ["39309947.01", "40006917.42", "40791094.93", "41659185.82", "42415303.93"],
        ["1248324.20", "1120506.28", "1223675.62", "1238296.23", "1277049.17"],
    ),
    "hiring_freeze": (
        "382a0c2068fe0f895ca437e792bba7b6b93c54a2b173c19dbdabd6f471fb840d",
        49914,
        ["36262304.55", "33169330.08", "30510274.96", "28632331.48", "28242291.35"],
        ["1153276.73", "909410.43", "922915.55", "865142.08", "875639.78"],
    ),
    "plans/qaca": (
        "7ad1696838d90712d31a39498e595628612dbb9b9de31622ea904e13489c80e8",
        81954,
        ["40672526.13", "43460474.86", "46417618.43", "49810369.74", "53170422.24"],
        ["1032346.56", "981513.18", "1100716.04", "1169718.01", "1252670.47"],
    ),
}
"""Scenario → digest, events, total compensation and employer cost by year; 500 generated people, seed 42."""


@pytest.mark.parametrize("name", list(GOLDEN))
def test_a_shipped_scenario_runs_as_it_always_has(name: str, tmp_path: Path) -> None:
    digest, events, paid, cost = GOLDEN[name]
    result = simulate(load_scenario(name), generate_census(500), out=tmp_path)
    for metric, expected in (("total_compensation", paid), ("employer_cost", cost)):
        values = result.summary.filter(pl.col("metric") == metric)["value"]
        assert [str(value.quantize(Decimal("0.01"))) for value in values] == expected
    assert (result.digest, result.events) == (digest, events)
