"""What sealed runs tell of their plan years: who is known, and columns of everybody by number.

Each table is read once, for all years of all runs. Columns of everybody are arrays, from which a year takes
those of its people: joining a dozen tables a year would cost more than the tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from simulation.compliance import People, PlanYearFrame
from simulation.family import owned_bp
from simulation.query.plan_amounts import PlanAmounts
from simulation.query.together import NOBODY, Together
from simulation.rules.rounding import Truths, Whole

Days: TypeAlias = NDArray[np.datetime64]

_PEOPLE: Final = """
SELECT {run} AS run, employee_id + {person} AS code, birth_date, hire_date,
    employee_class + {word} AS employee_class, is_officer, prior_year_compensation_cents,
    annual_compensation_cents, ownership_bp, family_of + {word} AS family_of,
    balance_pre_tax_cents + balance_roth_cents + balance_match_cents + balance_nonelective_cents
        AS balance_cents
FROM {at}event_census
UNION ALL
SELECT {run}, employee_id + {person}, birth_date, hire_date, employee_class + {word}, false,
    NULL, NULL, NULL, NULL, NULL
FROM {at}event_hire
"""

_LEFT: Final = """
SELECT simulation_year - {first} AS step, employee_id + {person} AS code, termination_date,
    coalesce(termination_reason + {word}, -1) AS termination_reason
FROM {at}workforce_snapshot WHERE termination_date IS NOT NULL AND simulation_year <= {last}
"""

_ENTERED: Final = """
SELECT simulation_year - {first} AS step, employee_id + {person} AS code, event_sequence, entry_date,
    employer_entry_date
FROM {at}event_eligibility WHERE simulation_year <= {last}
"""

_REHIRED: Final = """
SELECT simulation_year - {first} AS step, employee_id + {person} AS code, event_sequence, service_date
FROM {at}event_rehire WHERE simulation_year <= {last}
"""

_VESTED: Final = """
SELECT simulation_year - {first} AS step, employee_id + {person} AS code, event_sequence,
    vested_match_bp, vested_nonelective_bp, vested_profit_sharing_bp
FROM {at}event_vesting WHERE simulation_year <= {last}
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


class PlanLog:
    """The people of some runs and what is known of them, by number of person and by year.

    A year is told by its step: how many years it comes after the first one of its run.
    """

    def __init__(self, runs: Together) -> None:
        """Read what the runs tell."""
        ids, firsts = runs.people, [member.years.start for member in runs.members]
        self._ids, self._words = ids, runs.words
        self._new_year = ids.of_each_run([np.datetime64(f"{year}-01-01", "D") for year in firsts])
        self._amounts = PlanAmounts(runs)
        self._people = runs.rows(_PEOPLE).sort("code")
        self._classes = self._words.of(self._people["employee_class"].to_numpy()).to_frame()
        self._owned = self._owned_bp()
        self._left = _by_step(runs.rows(_LEFT))
        self._entered = _by_step(runs.rows(_ENTERED).sort("event_sequence"))
        self._rehired = _by_step(runs.rows(_REHIRED).sort("event_sequence"))
        self._vesting = _by_step(runs.rows(_VESTED).sort("event_sequence"))
        self._entry = {name: self._no_days() for name in ("entry_date", "employer_entry_date")}
        self._service = {"service_date": self._no_days()}
        self._service["service_date"][self._people["code"].to_numpy()] = self._people["hire_date"].to_numpy()
        self._vested = {
            f"vested_{source}_bp": self._noughts() for source in ("match", "nonelective", "profit_sharing")
        }

    def _noughts(self) -> Whole:
        return np.zeros(len(self._ids), dtype=np.int64)

    def _no_days(self) -> Days:
        return np.full(len(self._ids), np.datetime64("NaT", "D"))

    def _owned_bp(self) -> Whole:
        """Return what everybody owns of the employer, with the family's, by number."""
        census = self._people.filter(pl.col("ownership_bp").is_not_null())
        facts = census.select(
            "ownership_bp",
            seed="run",
            employee_id=self._ids.of(census["code"].to_numpy()),
            family_of=self._words.of(census["family_of"].fill_null(NOBODY).to_numpy()),
        )
        whole = self._noughts()
        whole[census["code"].to_numpy()] = owned_bp(facts)
        return whole

    def people(self, step: int) -> list[People]:
        """Return the people of a year of each run; steps are asked for in their order.

        For some things, such as a date of entry, what was told last is what holds.
        """
        self._carry(step)
        of = self._amounts.of
        summed: dict[str, Whole] = {name: of(step, name) for name in _SUMMED}
        balances = {
            "opening_balance_cents": of(step - 1, "balance_cents") if step else self._told_before(),
            "closing_balance_cents": of(step, "balance_cents"),
            "opening_loans_cents": of(step - 1, "loans_cents") if step else self._noughts(),
            "closing_loans_cents": of(step, "loans_cents"),
        }
        worked = of(step, "worked") > 0
        known = worked | (balances["opening_balance_cents"] > 0) | (balances["closing_balance_cents"] > 0)
        known |= summed["distributed_cents"] > 0
        allotted = np.maximum.reduce([of(step, name) for name in _ALLOTTED])
        whole: dict[str, Whole | Truths] = {
            **summed,
            **balances,
            **self._vested,
            "worked": worked,
            "is_hce": summed["is_hce"] > 0,
            "owned_bp": self._owned,
            "allotted_pay_cents": allotted,
            "lookback_pay_cents": of(step - 1, "pay_cents") if step else self._paid_before(),
        }
        return self._framed(step, known, whole)

    def _told_before(self) -> Whole:
        """Return the accounts that the census told of at the end of the year before the first one."""
        whole = self._noughts()
        whole[self._people["code"].to_numpy()] = self._people["balance_cents"].fill_null(0).to_numpy()
        return whole

    def _paid_before(self) -> Whole:
        """Return the pay of the year before the first one as the census tells it."""
        codes = self._people["code"].to_numpy()
        year_before = self._new_year[codes].astype("datetime64[Y]") - 1
        told = self._people.select(
            pl.coalesce(
                "prior_year_compensation_cents",
                pl.when(pl.col("hire_date") <= pl.Series(year_before.astype("datetime64[D]"))).then(
                    "annual_compensation_cents"
                ),
                pl.lit(0),
            )
        ).to_series()
        whole = self._noughts()
        whole[codes] = told.to_numpy()
        return whole

    def _carry(self, step: int) -> None:
        """Take what stays as it was told last: dates of entry and of service, and vested percentages."""
        told_last = (
            (self._entered, self._entry),
            (self._rehired, self._service),
            (self._vesting, self._vested),
        )
        for found, kept in told_last:
            if step not in found:
                continue
            for name, whole in kept.items():
                told, codes = found[step][name], found[step]["code"].to_numpy()
                known = ~told.is_null().to_numpy() if told.null_count() else slice(None)
                whole[codes[known]] = told.to_numpy()[known]

    def _framed(self, step: int, known: Truths, whole: Mapping[str, Whole | Truths]) -> list[People]:
        """Return some people, run by run, in the order of their numbers."""
        rows = np.flatnonzero(known[self._people["code"].to_numpy()])
        people = self._people[rows]
        codes = people["code"].to_numpy().astype(np.intp)
        left, reason = self._no_days(), np.full(len(self._ids), NOBODY)
        if step in self._left:
            at = self._left[step]["code"].to_numpy()
            left[at] = self._left[step]["termination_date"].to_numpy()
            reason[at] = self._left[step]["termination_reason"].to_numpy()
        gone = left[codes]
        last_day = (self._new_year[codes].astype("datetime64[Y]") + step + 1).astype("datetime64[D]") - 1
        columns: dict[str, pl.Series | NDArray[np.generic]] = {
            **{name: column[codes] for name, column in whole.items()},
            **{name: column[codes] for name, column in (self._entry | self._service).items()},
            "employee": codes - self._ids.of_each_run(self._ids.starts[:-1])[codes],
            "employee_id": self._ids.of(codes),
            "birth_date": people["birth_date"],
            "hire_date": people["hire_date"],
            "employee_class": self._classes[rows].to_series(),
            "is_officer": people["is_officer"],
            "termination_date": gone,
            "termination_reason": self._words.of(reason[codes]),
            "employed_at_end": whole["worked"][codes] & (np.isnat(gone) | (gone == last_day)),
        }
        schema = PlanYearFrame.columns()
        frame = pl.DataFrame(
            [pl.Series(name, columns[name]).cast(column.dtype) for name, column in schema.items()]
        )
        return People.apart(frame, np.searchsorted(codes, self._ids.starts).tolist())


def _by_step(found: pl.DataFrame) -> dict[int, pl.DataFrame]:
    """Return rows by their step."""
    parts = found.partition_by("step", as_dict=True, include_key=False)
    return {int(step): part for (step,), part in parts.items()}
