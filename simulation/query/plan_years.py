"""The plan years of a sealed run as tests look at them, folded from its events and year-end tables.

Each table is read once, for all years. Columns of everybody are arrays by employee number, from which a year
takes those of its people: joining a dozen tables a year would cost more than the tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from simulation.compliance import PlanYear, PlanYearFrame
from simulation.errors import Problem, QueryError
from simulation.family import owned_bp
from simulation.parameters.restored import restored
from simulation.query.plan_amounts import PlanAmounts
from simulation.query.reading import reading
from simulation.rules.rounding import Truths, Whole
from simulation.store import Store

Days: TypeAlias = NDArray[np.datetime64]

_PEOPLE: Final = """
SELECT employee_id AS code, birth_date, hire_date, employee_class, is_officer,
    prior_year_compensation_cents, annual_compensation_cents, ownership_bp, family_of,
    balance_pre_tax_cents + balance_roth_cents + balance_match_cents + balance_nonelective_cents
        AS balance_cents
FROM event_census
UNION ALL BY NAME
SELECT employee_id AS code, birth_date, hire_date, employee_class, false AS is_officer FROM event_hire
"""

_LEFT: Final = """
SELECT simulation_year AS year, employee_id AS code, termination_date,
    coalesce(termination_reason, -1) AS termination_reason
FROM workforce_snapshot WHERE termination_date IS NOT NULL AND simulation_year <= $last
"""

_ENTERED: Final = """
SELECT simulation_year AS year, employee_id AS code, event_sequence, entry_date, employer_entry_date
FROM event_eligibility WHERE simulation_year <= $last
"""

_REHIRED: Final = """
SELECT simulation_year AS year, employee_id AS code, event_sequence, service_date
FROM event_rehire WHERE simulation_year <= $last
"""

_VESTED: Final = """
SELECT simulation_year AS year, employee_id AS code, event_sequence,
    vested_match_bp, vested_nonelective_bp, vested_profit_sharing_bp
FROM event_vesting WHERE simulation_year <= $last
"""

_SUMMED: Final = (
    "pay_cents",
    "hours",
    "is_hce",
    "pre_tax_cents",
    "roth_cents",
    "catchup_cents",
    "match_cents",
    "nonelective_cents",
    "profit_sharing_cents",
    "reallocated_cents",
    "taken_back_cents",
    "match_taken_back_cents",
    "returns_cents",
    "withdrawn_cents",
    "distributed_cents",
)
"""Columns of a plan year that are the sums of the year as they are read."""

_ALLOTTED: Final = ("nonelective_pay_cents", "profit_sharing_pay_cents", "top_heavy_pay_cents")
"""Pay that employer money was worked out on, by what it was."""


NOBODY: Final = -1
"""The code of no text: the place from the end at which there is none."""


def plan_years(store: Store | str | Path, *, last: int | None = None) -> list[PlanYear]:
    """Return the plan years of a run in order, each with the one before it, up to a last one.

    Raises:
        QueryError: the run kept too little (``output.keep: full`` keeps all that tests need), or it does not
            have the last year.
        ScenarioError: the run's scenario is of another version.
    """
    with reading(store) as opened:
        opened.require("event_contribution")
        manifest = opened.manifest
        first, end = manifest.start_year, manifest.end_year
        if last is not None and not first <= last <= end:
            problem = Problem("year", str(last), f"{first} to {end}")
            raise QueryError("the run does not have this year", problems=[problem])
        scenario = restored(manifest.scenario_json, manifest.scenario_digest)
        asked = range(first, (last or end) + 1)
        log = _Log(opened, asked)
        years: list[PlanYear] = []
        for year in asked:
            years.append(PlanYear(year, log.people(year), scenario, years[-1] if years else None))
        return years


class _Log:
    """What a store tells of its years: who is known, and arrays of everybody by employee number."""

    def __init__(self, store: Store, years: range) -> None:
        """Read the tables of some years."""
        last = {"last": years[-1]}
        self._first = years[0]
        self._ids = _Texts(store.lexicon_rows("employee")["text"])
        self._words = _Texts(store.lexicon_rows("lexicon")["text"])
        self._amounts = PlanAmounts(store, years, len(self._ids), self._words.codes())
        self._people = store.sql(_PEOPLE).sort("code")
        self._classes = _Texts(self._words.of(self._people["employee_class"].to_numpy()))
        self._owned = self._owned_bp(store.manifest.seed)
        self._left = _by_year(store.sql(_LEFT, last))
        self._entered = _by_year(store.sql(_ENTERED, last).sort("event_sequence"))
        self._rehired = _by_year(store.sql(_REHIRED, last).sort("event_sequence"))
        self._vesting = _by_year(store.sql(_VESTED, last).sort("event_sequence"))
        self._entry = {
            name: np.full(len(self._ids), np.datetime64("NaT", "D"))
            for name in ("entry_date", "employer_entry_date")
        }
        self._service = {"service_date": self._entry["entry_date"].copy()}
        self._service["service_date"][self._people["code"].to_numpy()] = self._people["hire_date"].to_numpy()
        self._vested = {
            f"vested_{source}_bp": np.zeros(len(self._ids), dtype=np.int64)
            for source in ("match", "nonelective", "profit_sharing")
        }

    def _owned_bp(self, seed: int) -> Whole:
        """Return what everybody owns of the employer, with the family's, by employee number."""
        census = self._people.filter(pl.col("ownership_bp").is_not_null())
        facts = census.select(
            "ownership_bp",
            seed=pl.lit(seed),
            employee_id=self._ids.of(census["code"].to_numpy()),
            family_of=self._words.of(census["family_of"].fill_null(NOBODY).to_numpy()),
        )
        whole = np.zeros(len(self._ids), dtype=np.int64)
        whole[census["code"].to_numpy()] = owned_bp(facts)
        return whole

    def people(self, year: int) -> pl.DataFrame:
        """Return ``PlanYearFrame`` of a year; years are asked for in their order, for some things last."""
        self._carry(year)
        of = self._amounts.of
        summed: dict[str, Whole] = {name: of(year, name) for name in _SUMMED}
        balances = {
            "opening_balance_cents": of(year - 1, "balance_cents") + self._told_before(year),
            "closing_balance_cents": of(year, "balance_cents"),
            "opening_loans_cents": of(year - 1, "loans_cents"),
            "closing_loans_cents": of(year, "loans_cents"),
        }
        worked = of(year, "worked") > 0
        known = worked | (balances["opening_balance_cents"] > 0) | (balances["closing_balance_cents"] > 0)
        known |= summed["distributed_cents"] > 0
        allotted = np.maximum.reduce([of(year, name) for name in _ALLOTTED])
        whole: dict[str, Whole | Truths] = {
            **summed,
            **balances,
            **self._vested,
            "worked": worked,
            "is_hce": summed["is_hce"] > 0,
            "owned_bp": self._owned,
            "allotted_pay_cents": allotted,
        }
        return self._framed(year, known, whole)

    def _told_before(self, year: int) -> Whole:
        """Return the accounts that the census told of at the end of the year before."""
        whole = np.zeros(len(self._ids), dtype=np.int64)
        if year == self._first:
            told = self._people["balance_cents"].fill_null(0)
            whole[self._people["code"].to_numpy()] = told.to_numpy()
        return whole

    def _carry(self, year: int) -> None:
        """Take what stays as it was told last: dates of entry and of service, and vested percentages."""
        told_last = (
            (self._entered, self._entry),
            (self._rehired, self._service),
            (self._vesting, self._vested),
        )
        for found, kept in told_last:
            if year not in found:
                continue
            for name, whole in kept.items():
                told, codes = found[year][name], found[year]["code"].to_numpy()
                known = ~told.is_null().to_numpy() if told.null_count() else slice(None)
                whole[codes[known]] = told.to_numpy()[known]

    def _lookback(self, year: int) -> Whole:
        """Return the pay of the year before by employee number, in the first year as the census tells it."""
        if year > self._first:
            return self._amounts.of(year - 1, "pay_cents")
        told = self._people.select(
            pl.coalesce(
                "prior_year_compensation_cents",
                pl.when(pl.col("hire_date") <= date(year - 1, 1, 1)).then("annual_compensation_cents"),
                pl.lit(0),
            )
        ).to_series()
        whole = np.zeros(len(self._ids), dtype=np.int64)
        whole[self._people["code"].to_numpy()] = told.to_numpy()
        return whole

    def _framed(self, year: int, known: Truths, whole: Mapping[str, Whole | Truths]) -> pl.DataFrame:
        """Return the rows of some people, in the order of their numbers."""
        rows = np.flatnonzero(known[self._people["code"].to_numpy()])
        people = self._people[rows]
        codes = people["code"].to_numpy().astype(np.intp)
        left = np.full(len(self._ids), np.datetime64("NaT", "D"))
        reason = np.full(len(self._ids), NOBODY)
        if year in self._left:
            at = self._left[year]["code"].to_numpy()
            left[at] = self._left[year]["termination_date"].to_numpy()
            reason[at] = self._left[year]["termination_reason"].to_numpy()
        gone = left[codes]
        here = np.isnat(gone) | (gone == np.datetime64(date(year, 12, 31)))
        columns: dict[str, pl.Series | NDArray[np.generic]] = {
            **{name: column[codes] for name, column in whole.items()},
            **{name: column[codes] for name, column in (self._entry | self._service).items()},
            "employee": codes,
            "employee_id": self._ids.of(codes),
            "birth_date": people["birth_date"],
            "hire_date": people["hire_date"],
            "employee_class": self._classes.of(rows),
            "is_officer": people["is_officer"],
            "termination_date": gone,
            "termination_reason": self._words.of(reason[codes]),
            "employed_at_end": whole["worked"][codes] & here,
            "lookback_pay_cents": self._lookback(year)[codes],
        }
        schema = PlanYearFrame.columns()
        return pl.DataFrame(
            [pl.Series(name, columns[name]).cast(column.dtype) for name, column in schema.items()]
        )


class _Texts:
    """Texts by their codes, and none for ``NOBODY``."""

    def __init__(self, texts: pl.Series) -> None:
        self._texts = pl.concat([texts, pl.Series([None], dtype=pl.String)]).to_frame("text")

    def __len__(self) -> int:
        return self._texts.height - 1

    def of(self, codes: Whole) -> pl.Series:
        """Return the text of each code."""
        return self._texts[codes]["text"]

    def codes(self) -> dict[str, int]:
        """Return the code of each text."""
        return {text: code for code, text in enumerate(self._texts["text"].to_list()[:-1])}


def _by_year(found: pl.DataFrame) -> dict[int, pl.DataFrame]:
    """Return rows by their year."""
    parts = found.partition_by("year", as_dict=True, include_key=False)
    return {int(year): part for (year,), part in parts.items()}
