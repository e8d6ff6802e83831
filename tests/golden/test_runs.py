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
        "df4d0a4309d86f91643ebab065194c89315d4815bbf5411d869517b95ca38545",
        82725,
        ["40672526.13", "43460474.86", "46417618.43", "49810369.74", "53170422.24"],
        ["1288741.10", "1229418.94", "1397207.02", "1462621.24", "1586218.46"],
    ),
    "high_growth": (
        "5ee3dbcbeeed20931a492d8e2f0f2ee3b63f14316c2580f0e0b3e41f2f5d3371",
        94746,
        ["42138974.53", "47435736.78", "53244464.25", "59672252.88", "67177526.09"],
        ["1333690.20", "1350398.13", "1601664.25", "1742734.31", "1977624.39"],
    ),
    "cost_control": (
        "bd264e6aede3652add7ca6f6fc2ff48c2ccfe72b55eaf8bbe3d5e2e05e87b7f3",
        76221,
        ["39309947.01", "40006917.42", "40791094.93", "41659185.82", "42415303.93"],
        ["1248324.20", "1120506.28", "1223675.62", "1238296.23", "1277049.17"],
    ),
    "hiring_freeze": (
        "2a4ac95096352389ab805f7148050e0d9dbf5499c05ef47ba6729e518de7c5c2",
        50428,
        ["36262304.55", "33169330.08", "30510274.96", "28632331.48", "28242291.35"],
        ["1153276.73", "909410.43", "922915.55", "865142.08", "875639.78"],
    ),
    "plans/qaca": (
        "efaa5a384b663e712ecf1120f82991ded77d54cf9f3a358d7b947256cb8fec37",
        82580,
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
