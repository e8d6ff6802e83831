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
        "8e94b6ce881308c31531e002fbd80a399d9dcc497f63092f0d0494e8ca903379",
        82099,
        ["40672526.13", "43460474.86", "46417618.43", "49810369.74", "53170422.24"],
        ["1288741.10", "1229418.94", "1397207.02", "1462621.24", "1586218.46"],
    ),
    "high_growth": (
        "6a0945138fd0ec7ad4c462f07f564c6e0cbb7f5bbfc8cebd589b8a53ba213d4f",
        94017,
        ["42138974.53", "47435736.78", "53244464.25", "59672252.88", "67177526.09"],
        ["1333690.20", "1350398.13", "1601664.25", "1742734.31", "1977624.39"],
    ),
    "cost_control": (
        "dbd32d28d809d446ef8be1ff3649c065041181ded9666b4cf99564cb566a2066",
        75657,
        ["39309947.01", "40006917.42", "40791094.93", "41659185.82", "42415303.93"],
        ["1248324.20", "1120506.28", "1223675.62", "1238296.23", "1277049.17"],
    ),
    "hiring_freeze": (
        "aae2e55d58d9bf1c2f9c33c31d664a4b34faa1528818b26f15ab80e2d100d509",
        49914,
        ["36262304.55", "33169330.08", "30510274.96", "28632331.48", "28242291.35"],
        ["1153276.73", "909410.43", "922915.55", "865142.08", "875639.78"],
    ),
    "plans/qaca": (
        "8269f9ffc8bb7322f8f25a9e87f0252be9742378c6c5ba4436d5984318fd998c",
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
