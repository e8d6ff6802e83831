"""``python -m tests.benchmarks``: measure, print a table, write ``benchmarks/results.json``.

A slow number is a result, not a failure: the exit code is 1 only where something could not be measured.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks import results
from tests.benchmarks.benchmark import Benchmark, Measured
from tests.benchmarks.calibration import calibrate
from tests.benchmarks.catalogue import BENCHMARKS
from tests.benchmarks.table import lines
from tests.benchmarks.workshop import Workshop

NAMES = [benchmark.name for benchmark in BENCHMARKS]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what was asked for and return the exit code."""
    asked, before, commit = _asked(arguments), results.committed(), results.commit()
    done: list[Measured] = []
    failed: list[str] = []
    with tempfile.TemporaryDirectory(prefix="planwise-bench-") as directory:
        shop = Workshop(Path(directory))
        for benchmark in asked:
            begun = time.perf_counter()
            try:
                done.append(_measure(benchmark, shop))
            except Exception as error:  # noqa: BLE001 (the others are measured all the same)
                failed.append(benchmark.name)
                _say(f"{benchmark.name}: not measured: {type(error).__name__}: {error}")
            else:
                _say(f"{benchmark.name}: measured in {time.perf_counter() - begun:.0f} s")
    print("\n".join(lines(done, before)))
    results.save(results.row(measured, commit) for measured in done)
    return 1 if failed else 0


def _asked(arguments: Sequence[str] | None) -> list[Benchmark]:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="only what takes seconds")
    parser.add_argument("--only", action="append", choices=NAMES, metavar="NAME", help=", ".join(NAMES))
    options = parser.parse_args(arguments)
    return [
        benchmark
        for benchmark in BENCHMARKS
        if (benchmark.name in options.only if options.only else benchmark.quick or not options.quick)
    ]


def _measure(benchmark: Benchmark, shop: Workshop) -> Measured:
    """Take a benchmark's samples between two calibrations."""
    first = calibrate()
    samples = benchmark.take(shop)
    return Measured.of(benchmark, samples, (first + calibrate()) / 2)


def _say(remark: str) -> None:
    print(remark, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
