"""The read door of the Time machine page: a run as it stood when a day ended, and one person's life in it.

Stores never change, so an answer is kept under the digest of the run's manifest. A moment has a row a person:
the last few are kept, and no more; of the facts about it, which are small, many are.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import and_
from typing import Final, NamedTuple

import polars as pl

from app.kept import Kept
from simulation.dates import year_end
from simulation.events.sources import SOURCES
from simulation.query import PlanRun, account, balances, happened, history, plan_status, snapshot, with_vested
from simulation.snapshot import AGE_BOUNDS, band, band_names
from simulation.store import Store, open_store

MOMENTS_KEPT: Final = 4
"""Each up to tens of megabytes."""

FOLDS: Final = 3
"""Folds of one day that are asked for side by side: each runs on one core for most of its time."""

FACTS_KEPT: Final = 1_000
LIVES_KEPT: Final = 64

BREAKDOWNS: Final = {"job_level": "Level", "department": "Department", "age_band": "Age"}
"""By what active people are counted."""

MONEY: Final = (
    *(f"balance_{source}" for source in SOURCES),
    "total_balance",
    "vested_balance",
    "loan_balance",
)


class Span(NamedTuple):
    """The days that a run can be asked about."""

    first: date
    last: date

    @property
    def credited(self) -> date:
        """The first day on which everybody's service has been credited."""
        return year_end((self.first + timedelta(days=1)).year)

    def within(self, day: date | None) -> date:
        """Return a day of the run: the one asked for, the nearest to it, or the last."""
        return self.last if day is None else min(max(day, self.first), self.last)


class Facts(NamedTuple):
    """A run's people and accounts when a day ended, in numbers. Money in dollars, rates as shares."""

    headcount: int
    average_pay: float | None
    eligible: int
    participants: int
    participation: float | None
    deferral: float | None
    money: dict[str, float | None]
    """Of all accounts, those of former employees too, by the names of ``MONEY``. What is vested is not known
    before the first year of the run has ended: only then is service credited to everybody."""
    counts: dict[str, list[tuple[str, int]]]
    """Active people by each of ``BREAKDOWNS``."""


@dataclass(frozen=True)
class Moment:
    """The people of a run when a day ended, one row a person by id, with what the page says of them."""

    day: date
    people: pl.DataFrame
    facts: Facts


@dataclass(frozen=True)
class Life:
    """One person: every event, oldest first, and the account by source after each day that moved it."""

    employee_id: str
    events: pl.DataFrame
    account: pl.DataFrame


class Wanted(NamedTuple):
    """Which people of a moment are looked for; an empty text or nought looks for all."""

    text: str = ""
    status: str = ""
    department: str = ""
    level: int = 0

    def of(self, people: pl.DataFrame) -> pl.DataFrame:
        """Return the people who are meant."""
        tests = [
            pl.col("employee_id").str.to_lowercase().str.contains(self.text.strip().lower(), literal=True),
            *([pl.col("employment_status") == self.status] if self.status else []),
            *([pl.col("department") == self.department] if self.department else []),
            *([pl.col("job_level") == self.level] if self.level else []),
        ]
        return people.filter(reduce(and_, tests))


class Moments:
    """Reads for all sessions; answers are shared."""

    def __init__(self) -> None:
        """Begin with nothing kept."""
        self._spans: Kept[str, Span] = Kept(FACTS_KEPT)
        self._moments: Kept[tuple[str, date], Moment] = Kept(MOMENTS_KEPT)
        self._facts: Kept[tuple[str, date], Facts] = Kept(FACTS_KEPT)
        self._happened: Kept[tuple[str, date], pl.DataFrame] = Kept(FACTS_KEPT)
        self._lives: Kept[tuple[str, str], Life] = Kept(LIVES_KEPT)

    def span(self, run: PlanRun) -> Span:
        """Return the days that a run can be asked about.

        Raises:
            StoreError: its store cannot be read.
        """
        return self._spans.get(run.manifest_digest, lambda: _span(run))

    def at(self, run: PlanRun, day: date) -> Moment:
        """Return a run as it stood when a day ended.

        Raises:
            PlanWiseError: the store cannot be read, kept no events, or does not reach the day.
        """
        return self._moments.get((run.manifest_digest, day), lambda: _moment(run, day))

    def facts(self, run: PlanRun, day: date) -> Facts:
        """Return the numbers of a day; see `at`."""
        return self._facts.get((run.manifest_digest, day), lambda: self.at(run, day).facts)

    def happened(self, run: PlanRun, day: date) -> pl.DataFrame:
        """Return what happened from the run's start to a day; see `simulation.query.happened`."""
        return self._happened.get((run.manifest_digest, day), lambda: happened(run.store, day))

    def life(self, run: PlanRun, employee_id: str) -> Life:
        """Return what happened to one person.

        Raises:
            QueryError: the run knows no such person.
        """
        return self._lives.get((run.manifest_digest, employee_id), lambda: _life(run, employee_id))


def _span(run: PlanRun) -> Span:
    with open_store(run.store) as store:
        return _span_of(store)


def _span_of(store: Store) -> Span:
    return Span(store.manifest.census_as_of, year_end(store.manifest.end_year))


def _moment(run: PlanRun, day: date) -> Moment:
    with open_store(run.store) as store:
        people = _people(store, day)
        credited = _span_of(store).credited
    return Moment(day, people, facts_of(people, vesting_known=day >= credited))


def _people(store: Store, day: date) -> pl.DataFrame:
    """Return everybody who ever worked there by a day, as they stood, with their accounts."""
    with ThreadPoolExecutor(FOLDS, thread_name_prefix="moment") as pool:
        asked = (
            pool.submit(snapshot, store, day, former=True),
            pool.submit(plan_status, store, day, former=True),
            pool.submit(balances, store, day),
        )
        here, status, held = (future.result() for future in asked)
    owned = with_vested(held, status).drop("as_of")
    # Both have everybody who ever worked there, by id.
    everybody = here.drop("as_of").hstack(status.drop("employee_id", "as_of"))
    together = everybody.join(owned, on="employee_id", how="left", maintain_order="left")
    return together.with_columns(
        band("age", AGE_BOUNDS).alias("age_band"),
        *(pl.col(name).fill_null(0) for name in MONEY),
    )


def facts_of(people: pl.DataFrame, *, vesting_known: bool) -> Facts:
    """Return the numbers of people as they stood when a day ended."""
    active = people.filter(pl.col("employment_status") == "active")
    eligible = active.filter("is_eligible")
    participants = eligible.filter("is_enrolled")
    return Facts(
        headcount=active.height,
        average_pay=_mean(active["annual_compensation"]),
        eligible=eligible.height,
        participants=participants.height,
        participation=participants.height / eligible.height if eligible.height else None,
        deferral=_mean(participants["deferral_rate"]),
        money={name: float(people[name].sum()) for name in MONEY}
        | ({} if vesting_known else {"vested_balance": None}),
        counts={column: _counts(active, column) for column in BREAKDOWNS},
    )


def _mean(values: pl.Series) -> float | None:
    """Return the mean of exact numbers; of none there is none."""
    return float(values.sum()) / len(values) if len(values) else None


def _counts(active: pl.DataFrame, column: str) -> list[tuple[str, int]]:
    counted = active.group_by(column).len().drop_nulls().sort(column)
    found = {str(name): count for name, count in counted.iter_rows()}
    order = band_names(AGE_BOUNDS) if column == "age_band" else found
    return [(name, found.get(name, 0)) for name in order]


def _life(run: PlanRun, employee_id: str) -> Life:
    events = history(run.store, employee_id)
    return Life(employee_id, events, account(events))
