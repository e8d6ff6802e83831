"""Measurements of whole commands from a cold start: runs, their memory, help, import, sweeps."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.benchmarks.benchmark import Samples
from tests.benchmarks.stopwatch import timed
from tests.benchmarks.workshop import LARGE, PLANWISE, Workshop

SWEEP_PEOPLE = 20_000
SWEEP_SEEDS = "1-8"


def ten_thousand(shop: Workshop) -> Samples:
    """Seconds of ``planwise simulate`` for 10,000 people over five years, imports and sealing included."""
    shop.warm_up()
    return [shop.simulate(10_000)[0].seconds for _ in range(5)]


def without_plan(shop: Workshop) -> Samples:
    """Seconds of the same for a workforce without a retirement plan."""
    shop.warm_up()
    return [shop.simulate(10_000, "plans/no_plan")[0].seconds for _ in range(3)]


def biweekly(shop: Workshop) -> Samples:
    """Seconds of the same with a pay period every other week."""
    shop.warm_up()
    return [shop.simulate(10_000, frequency="biweekly")[0].seconds for _ in range(3)]


def weekly_snapshots(shop: Workshop) -> Samples:
    """Seconds that accounts on each Friday add to the same, each time against a run without them."""
    shop.warm_up()
    return [
        shop.simulate(10_000, snapshots="weekly")[0].seconds - shop.simulate(10_000)[0].seconds
        for _ in range(3)
    ]


def hundred_thousand(shop: Workshop) -> Samples:
    """Seconds of the same for 100,000 people."""
    shop.warm_up()
    return [shop.large_run[0].seconds, shop.simulate(LARGE)[0].seconds]


def peak_memory(shop: Workshop) -> Samples:
    """MiB that the run of 100,000 people held at its peak."""
    return [shop.large_run[0].peak_mib]


def show_help(shop: Workshop) -> Samples:
    """Seconds of ``planwise --help``."""
    shop.warm_up()
    return [timed([PLANWISE, "--help"]).seconds for _ in range(9)]


def import_library(shop: Workshop) -> Samples:
    """Seconds of a process that does nothing but ``import simulation``."""
    shop.warm_up()
    return [timed([sys.executable, "-c", "import simulation"]).seconds for _ in range(9)]


def sweep_speedup(shop: Workshop) -> Samples:
    """How many times as fast two workers are as one core, on eight runs; Ray's start is not counted.

    The serial sweep is held to one core, for that is what a worker is: left alone it would take part of
    the second one for writing.
    """
    serial = _sweep_seconds(shop, workers=1, cores=1)
    return [serial / _sweep_seconds(shop, workers=2)]


def thousand_small_runs(shop: Workshop) -> Samples:
    """Seconds of a thousand runs of 1,000 people with summaries kept; Ray's start is not counted."""
    said = shop.small_sweep
    return [said["seconds"] - said["startup_seconds"]]


def run_overhead(shop: Workshop) -> Samples:
    """Milliseconds that a run of that sweep costs a worker beyond simulating and writing it.

    What both workers had, less what the runs say that they took: handing out, telling, and the end at which
    one of the two has nothing left to do.
    """
    said = shop.small_sweep
    had = 2 * (said["seconds"] - said["startup_seconds"])
    spent = sum(run["seconds"] for run in said["runs"])
    return [(had - spent) / len(said["runs"]) * 1_000]


def _sweep_seconds(shop: Workshop, *, workers: int, cores: int | None = None) -> float:
    out: list[str | Path] = ["--census", shop.census(SWEEP_PEOPLE), "--out", shop.new_place()]
    plan = ["--scenarios", "baseline", "--seeds", SWEEP_SEEDS, "--workers", str(workers), "--json"]
    spent = timed([PLANWISE, "sweep", *plan, *out], cores=cores)
    result = json.loads(spent.output)
    return float(result["seconds"] - result["startup_seconds"])
