"""``python -m tests.benchmarks.scaling``: what a sweep costs here, and what it would take on more workers.

``--measure`` runs small sweeps and keeps what they cost in ``benchmarks/scaling.json``; without it table and
figure of docs/scaling.md are made anew from that file.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

import psutil

from simulation.census import generate_census
from simulation.parameters import load_scenario
from simulation.store.files import remove_temporary
from simulation.sweep import SweepPlan, SweepProgress, SweepResult, run_sweep
from simulation.sweep.afar import pieces
from simulation.sweep.arrival import Arrivals
from simulation.sweep.inputs import Inputs
from simulation.sweep.task import Block, RunOutcome, Steps, YearDone
from simulation.sweep.work import simulate_block
from tests.benchmarks import chart
from tests.benchmarks.scheduler import Costs, makespan

ROOT: Final = Path(__file__).parents[2]
KEPT: Final = ROOT / "benchmarks" / "scaling.json"
NOTE: Final = ROOT / "docs" / "scaling.md"
FIGURE: Final = ROOT / "docs" / "images" / "scaling.svg"

PEOPLE: Final = 1_000
YEARS: Final = (2025, 2029)
BLOCK: Final = 16
FEW, MANY = 128, 512
"""Runs between which the sweep's own cost is taken: starting and warming up lie before."""

MILLION: Final = 1_000_000
WORKERS: Final = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048)


@dataclass(frozen=True, slots=True)
class Measured:
    """What sweeps of 1,000 people and five years cost here, in seconds of a processor or as it is said."""

    run_seconds: list[float]
    """To simulate and write each run of a block: its share of the block."""
    driver_seconds: float
    """Of the driver, a run."""
    overhead_seconds: float
    """Of all processes, the driver among them, a run: beyond simulating and writing."""
    start_seconds: float
    """On the clock, until the workers were up."""
    store_bytes: int
    """Of a run whose summaries are kept."""
    full_bytes: int
    """Of a run whose events are kept."""
    return_seconds: float
    """For 100 MB of stores that are sent back: taken apart, checked and written."""
    load: float
    """Processes that wanted a core while this was measured, a core."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure if asked to, then write table and figure."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.scaling", description=__doc__)
    parser.add_argument("--measure", action="store_true", help="run sweeps and keep what they cost")
    if parser.parse_args(arguments).measure:
        with tempfile.TemporaryDirectory(prefix="planwise-scaling-") as directory:
            KEPT.write_text(json.dumps(asdict(measure(Path(directory))), indent=1) + "\n", encoding="utf-8")
    measured = kept()
    FIGURE.write_text(figure(measured), encoding="utf-8")
    NOTE.write_text(noted(NOTE.read_text(encoding="utf-8"), measured), encoding="utf-8")
    return 0


def kept() -> Measured:
    """Return what was measured last."""
    return Measured(**json.loads(KEPT.read_text(encoding="utf-8")))


def measure(directory: Path) -> Measured:
    """Simulate a block here, sweep over runs that do nothing, and send a store from here to here."""
    simulated = _simulated(directory / "simulated", BLOCK, "summary")
    full = _simulated(directory / "full", 1, "full").runs[0].store
    driver, everything, start = _overhead(directory / "empty")
    if full is None:
        raise RuntimeError("a run did not end well")
    return Measured(
        run_seconds=[round(run.seconds, 4) for run in simulated.runs],
        driver_seconds=round(driver, 6),
        overhead_seconds=round(everything, 6),
        start_seconds=round(start, 2),
        store_bytes=sum(run.store.stat().st_size for run in simulated.runs if run.store) // BLOCK,
        full_bytes=full.stat().st_size,
        return_seconds=round(_returned(full), 4),
        load=round(os.getloadavg()[0] / (os.cpu_count() or 1), 1),
    )


def by_processor(block: Block, inputs: Inputs) -> Steps:
    """Simulate a block; what each outcome says that it took is its share of the processor's time."""
    before = time.process_time()
    outcomes = []
    for step in simulate_block(block, inputs):
        if isinstance(step, RunOutcome):
            outcomes.append(step)
        else:
            yield step
    share = (time.process_time() - before) / len(block)
    yield from (replace(outcome, seconds=share) for outcome in outcomes)


def nothing(block: Block, inputs: Inputs) -> Steps:
    """Tell of years and outcomes, and do nothing: what it costs is the sweep's own."""
    years = YEARS[1] - YEARS[0] + 1
    for year in range(1, years + 1):
        yield YearDone(year, years)
    for task in block:
        yield RunOutcome(task.seed, "0" * 64, events=0, seconds=0.0)


def _plan(runs: int, keep: str) -> SweepPlan:
    scenario = load_scenario("baseline", years=YEARS, set=[f"output.keep={keep}"])
    census = generate_census(PEOPLE, seed=1)
    return SweepPlan(scenarios=(scenario,), seeds=tuple(range(1, runs + 1)), census=census, block_size=BLOCK)


def _simulated(directory: Path, runs: int, keep: str) -> SweepResult:
    result = run_sweep(_plan(runs, keep), out=directory, workers=1, work=by_processor)
    if not result.complete:
        raise RuntimeError(f"a sweep did not end well: {result.failed[0].error}")
    return result


def _overhead(directory: Path) -> tuple[float, float, float]:
    """Return what the driver and what all processes spend on a run, and the seconds until workers are up."""
    spent: dict[int, tuple[float, float]] = {}

    def told(progress: SweepProgress) -> None:
        if progress.runs_done in {FEW, MANY} and progress.last is not None:
            driver = time.process_time()
            spent[progress.runs_done] = driver, driver + _of_children()

    result = run_sweep(_plan(MANY, "summary"), out=directory, workers=2, work=nothing, on_progress=told)
    driver, everything = (
        (after - before) / (MANY - FEW) for before, after in zip(spent[FEW], spent[MANY], strict=True)
    )
    return driver, everything, result.startup_seconds


def _of_children() -> float:
    spent = [child.cpu_times() for child in psutil.Process().children(recursive=True)]
    return sum(one.user + one.system for one in spent)


def _returned(store: Path) -> float:
    """Return the seconds of the processor for taking apart, checking and writing 100 MB of a store."""
    rounds = -(-(100 * 2**20) // store.stat().st_size)
    arrived = store.with_name("arrived.duckdb")
    before = time.process_time()
    for _ in range(rounds):
        arrivals = Arrivals({1: arrived})
        for piece in pieces(store, 1):
            arrivals.take(piece)
        arrived.chmod(0o600)
        remove_temporary(arrived)
    return time.process_time() - before


def costs(measured: Measured, people: int = PEOPLE) -> Costs:
    """Return what blocks cost: runs of more people take as much longer as there are more of them."""
    size = max(1, min(BLOCK, 18_000 // people))
    besides = max(0.0, measured.overhead_seconds - measured.driver_seconds)
    seconds = [one * people / PEOPLE + besides for one in measured.run_seconds]
    blocks = [sum(seconds[at : at + size]) for at in range(0, len(seconds) - size + 1, size)]
    return Costs(blocks, measured.driver_seconds * size)


def _hours(measured: Measured, workers: int) -> float:
    return makespan(costs(measured), blocks=MILLION // BLOCK, workers=workers) / 3600


def table(measured: Measured) -> str:
    """Return hours and efficiency of a million runs on so many workers, as Markdown."""
    alone = _hours(measured, 1)
    lines = ["| workers | hours for 10⁶ runs | speed-up | of what is ideal |", "|---:|---:|---:|---:|"]
    for workers in WORKERS:
        hours = _hours(measured, workers)
        lines.append(f"| {workers:,} | {hours:,.1f} | {alone / hours:,.1f} | {alone / hours / workers:.0%} |")
    shown = "![Speed-up of a sweep by workers, for 1,000 and for 20,000 people](images/scaling.svg)"
    return "\n".join([*lines, "", shown])


def numbers(measured: Measured) -> str:
    """Return what was measured, as Markdown."""
    runs = sum(measured.run_seconds) / len(measured.run_seconds)
    rows = {
        f"to simulate and write a run of {PEOPLE:,} people and five years": f"{runs * 1000:,.0f} ms",
        "what the sweep adds to a run, all processes": f"{measured.overhead_seconds * 1000:,.1f} ms",
        "of that the driver": f"{measured.driver_seconds * 1000:,.2f} ms",
        "until the workers are up, on the clock": f"{measured.start_seconds:,.1f} s",
        "a store that keeps summaries": f"{measured.store_bytes / 1e6:,.2f} MB",
        "a store that keeps everything": f"{measured.full_bytes / 1e6:,.2f} MB",
        "100 MB of stores sent back": f"{measured.return_seconds:,.2f} s",
        "load while this was measured": f"{measured.load:.1f} processes a core",
    }
    return "\n".join(
        ["| what | cost |", "|---|---:|", *(f"| {name} | {cost} |" for name, cost in rows.items())]
    )


def figure(measured: Measured) -> str:
    """Return the speed-up by workers as an SVG: runs of two sizes, and what is ideal."""
    lines = {"ideal": [(float(workers), float(workers)) for workers in WORKERS]}
    for people in (PEOPLE, 20 * PEOPLE):
        cost = costs(measured, people)
        alone = makespan(cost, blocks=20_000, workers=1)
        lines[f"{people:,} people"] = [
            (float(workers), alone / makespan(cost, blocks=20_000, workers=workers)) for workers in WORKERS
        ]
    return chart.log_log(lines, x="workers", y="speed-up", title="Expected speed-up of a sweep by workers")


def noted(text: str, measured: Measured) -> str:
    """Return the note with its tables made anew."""
    for name, content in {"numbers": numbers(measured), "scaling": table(measured)}.items():
        begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
        head, _, rest = text.partition(begin)
        text = f"{head}{begin}\n{content}\n{end}{rest.partition(end)[2]}"
    return text


if __name__ == "__main__":
    sys.exit(main())
