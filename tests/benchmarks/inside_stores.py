"""Measurements of writing events and of asking sealed stores, in this process."""

from __future__ import annotations

import time
import timeit
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path

from simulation.census import Census, generate_census, read_census
from simulation.events import Occasion, SimulationEvent, WorkforceEventFactory
from simulation.parameters import Scenario, load_scenario
from simulation.query import compare, failure_rates, history, plan_tests, snapshot
from simulation.run import run
from simulation.sealing import simulate_batch
from simulation.store import RunIdentity, StoreWriter, open_store, verify
from simulation.store.attached import let_go
from simulation.year import YearRecord
from tests.benchmarks.benchmark import Samples
from tests.benchmarks.workshop import LARGE, Workshop

SEEDS = range(1, 101)
"""Of each of two scenarios: two hundred stores."""

SMALL = 60
VALIDATIONS = 5_000


def ingest(shop: Workshop) -> Samples:
    """Events a second from ready frames to a sealed store: ids, digests, snapshots and sealing included."""
    scenario, census = load_scenario("baseline"), read_census(shop.census(LARGE))
    records = list(run(scenario, census, [1]))
    events = sum(frame.height for record in records for frame in record.events.values())
    return [events / _write(shop.new_place() / "seed_1.duckdb", scenario, census, records) for _ in range(2)]


def _write(path: Path, scenario: Scenario, census: Census, records: list[YearRecord]) -> float:
    identity = RunIdentity(
        scenario_id=scenario.name,
        plan_design_id=scenario.plan_design_id,
        seed=1,
        start_year=scenario.horizon.start_year,
        end_year=scenario.horizon.end_year,
        scenario_digest=scenario.digest,
        scenario_json="{}",
        census_digest=census.digest,
        census_as_of=census.as_of,
        census_source=census.source,
        census_rows=census.frame.height,
        code_version="benchmark",
        keep="full",
    )
    begun = time.perf_counter()
    with StoreWriter(path, identity) as writer:
        for record in records:
            writer.write(record)
        writer.seal()
    return time.perf_counter() - begun


def compare_stores(shop: Workshop) -> Samples:
    """Seconds to compare two hundred sealed runs whose summaries have been read before.

    A summary has every metric, with a plan or without; without one the runs are sooner made.
    """
    out, census = shop.new_place(), generate_census(SMALL)
    for name in ("baseline", "high_growth"):
        scenario = load_scenario(name, set=["output.keep=summary", "plan.enabled=false"])
        simulate_batch(scenario, census, list(SEEDS), out=out)
    compare(out)
    return _seconds(lambda: compare(out), times=7)


def validate_event(_: Workshop) -> Samples:
    """Microseconds to validate one event that came as plain values."""
    pay = Decimal("61800.000000")
    event = WorkforceEventFactory("baseline", "standard").raise_(
        Occasion("E000001", date(2025, 4, 1)),
        kind="merit",
        rate=Decimal("0.03"),
        previous_compensation=Decimal(60_000),
        new_compensation=pay,
    )
    values = event.model_dump(mode="json")
    timer = timeit.Timer(lambda: SimulationEvent.model_validate(values))
    return [seconds / VALIDATIONS * 1e6 for seconds in timer.repeat(5, VALIDATIONS)]


def first_history(shop: Workshop) -> Samples:
    """Milliseconds for one person's history in a store of 3 million events, opening the store included."""
    return _histories(shop.store_of_millions, before=let_go)


def next_history(shop: Workshop) -> Samples:
    """Milliseconds for the history of somebody else, of the store that was read last."""
    return _histories(shop.store_of_millions, before=lambda _: None)


def _histories(store: Path, *, before: Callable[[Path], None]) -> Samples:
    """Return the milliseconds for each of several people, after something was done to the store."""
    with open_store(store) as opened:
        people = opened.tuples("SELECT text FROM employee WHERE code % 10000 = 4321 ORDER BY code")
    milliseconds = []
    for (someone,) in people:
        before(store)
        milliseconds += [seconds * 1e3 for seconds in _seconds(partial(history, store, someone), times=1)]
    return milliseconds


def workforce_as_of(shop: Workshop) -> Samples:
    """Seconds for the workforce of 100,000 as of a day in the fifth year."""
    return _seconds(lambda: snapshot(shop.large_store, date(2029, 6, 30)), times=5)


def verified(shop: Workshop) -> Samples:
    """Events a second that ``verify`` proves, in a store of 100,000 people paid monthly."""
    return _proved(shop.simulate(LARGE, frequency="monthly")[1])


def verified_annual(shop: Workshop) -> Samples:
    """The same, paid once a year: of fewer events more tell of pay, which the snapshot is held against."""
    return _proved(shop.large_store)


def _proved(store: Path) -> Samples:
    events = verify(store).events
    return [events / seconds for seconds in _seconds(lambda: verify(store), times=3)]


def every_plan_test(shop: Workshop) -> Samples:
    """Seconds for all tests of the plan of 100,000 people over five years, opening the store included."""
    return _seconds(lambda: plan_tests(shop.large_store), times=3)


def failing_runs(shop: Workshop) -> Samples:
    """Seconds to tell how often each test of the plan fails over a hundred small runs of five years."""
    out = shop.new_place()
    simulate_batch(load_scenario("baseline"), generate_census(SMALL), list(SEEDS), out=out)
    return _seconds(lambda: failure_rates(out), times=2)


def _seconds(work: Callable[[], object], *, times: int) -> Samples:
    return timeit.repeat(work, number=1, repeat=times)
