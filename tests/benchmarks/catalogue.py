"""Every measurement in the order in which it is taken, with the targets of DESIGN section 5."""

from __future__ import annotations

from typing import Final

from tests.benchmarks import inside_stores, whole_processes
from tests.benchmarks.benchmark import Benchmark, Better, Samples, Target
from tests.benchmarks.calibration import calibrate
from tests.benchmarks.workshop import Workshop

CALIBRATION: Final = "calibration"


def _calibration(_: Workshop) -> Samples:
    """Seconds of the fixed work that every other value is held against."""
    return [calibrate() for _ in range(5)]


def _first_page(shop: Workshop) -> Samples:
    # A browser and its driver are wanted for this one alone.
    from tests.benchmarks.first_page import first_page

    return first_page(shop)


BENCHMARKS: Final = (
    Benchmark(CALIBRATION, "the fixed work that others are held against", "s", _calibration, quick=True),
    Benchmark("help", "planwise --help, cold", "s", whole_processes.show_help, Target(0.4), quick=True),
    Benchmark(
        "import", "import simulation, cold", "s", whole_processes.import_library, Target(0.5), quick=True
    ),
    Benchmark("event", "validation of one event", "µs", inside_stores.validate_event, Target(50), quick=True),
    Benchmark(
        "simulate-10k",
        "10,000 people × 5 years, paid once a year, cold process to sealed store",
        "s",
        whole_processes.ten_thousand,
        Target(3),
        quick=True,
    ),
    Benchmark(
        "simulate-10k-no-plan",
        "the same without a retirement plan",
        "s",
        whole_processes.without_plan,
        Target(3),
    ),
    Benchmark(
        "simulate-10k-biweekly", "the same, paid every other week", "s", whole_processes.biweekly, Target(8)
    ),
    Benchmark(
        "weekly-snapshots",
        "what all accounts on each Friday add to a run of 10,000 × 5 years",
        "s",
        whole_processes.weekly_snapshots,
        Target(5),
    ),
    Benchmark(
        "simulate-100k",
        "100,000 people × 5 years, paid once a year",
        "s",
        whole_processes.hundred_thousand,
        Target(15),
    ),
    Benchmark("memory-100k", "the same, peak memory", "MiB", whole_processes.peak_memory, Target(2048)),
    Benchmark(
        "history",
        "one person's five years of 3 million events, opening the store included",
        "ms",
        inside_stores.first_history,
        Target(50),
    ),
    Benchmark(
        "history-again",
        "somebody else's in the store that was read last",
        "ms",
        inside_stores.next_history,
        Target(50),
    ),
    Benchmark("as-of", "workforce of 100,000 as of a date", "s", inside_stores.workforce_as_of, Target(1)),
    Benchmark(
        "verify",
        "events verified in a store of 100,000 people, paid monthly",
        "events/s",
        inside_stores.verified,
        Target(2_000_000, Better.HIGHER),
    ),
    Benchmark(
        "verify-annual",
        "the same, paid once a year",
        "events/s",
        inside_stores.verified_annual,
        Target(2_000_000, Better.HIGHER),
    ),
    Benchmark(
        "plan-tests",
        "all plan tests of 100,000 over five years",
        "s",
        inside_stores.every_plan_test,
        Target(3),
    ),
    Benchmark(
        "failing-runs",
        "how often tests fail over 100 small runs",
        "s",
        inside_stores.failing_runs,
        Target(10),
    ),
    Benchmark(
        "ingest",
        "events from frames to a sealed store",
        "events/s",
        inside_stores.ingest,
        Target(1_000_000, Better.HIGHER),
    ),
    Benchmark("compare-200", "200 stores compared, warm", "s", inside_stores.compare_stores, Target(0.3)),
    Benchmark(
        "sweep-speedup",
        "sweep of 8 × 20,000 people, 2 workers over serial",
        "×",
        whole_processes.sweep_speedup,
        Target(1.8, Better.HIGHER),
    ),
    Benchmark(
        "sweep-1000",
        "1,000 runs of 1,000 people × 5 years, summaries kept, 2 workers",
        "s",
        whole_processes.thousand_small_runs,
        Target(180),
    ),
    Benchmark(
        "sweep-overhead",
        "a run of that sweep beyond simulating and writing",
        "ms",
        whole_processes.run_overhead,
        Target(20),
    ),
    Benchmark("first-page", "the dashboard's first page, warm server", "s", _first_page, Target(2)),
)
