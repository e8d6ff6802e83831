"""The plan years of a sealed run as tests look at them, folded from its events and year-end tables.

Each table is read once, by years and employees; columns of everybody are then arrays by employee number, for
joining a dozen tables a year would cost more than the tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

import dataframely as dy
import numpy as np
import polars as pl

from simulation.compliance import PlanYear, PlanYearFrame
from simulation.errors import Problem, QueryError
from simulation.family import owned_bp
from simulation.parameters.restored import restored
from simulation.query.reading import reading
from simulation.rules.rounding import Truths, Whole
from simulation.store import Store

_PEOPLE: Final = """
SELECT employee_id AS code, birth_date, hire_date, employee_class, is_officer,
    prior_year_compensation_cents, annual_compensation_cents
FROM event_census
UNION ALL BY NAME
SELECT employee_id AS code, birth_date, hire_date, employee_class FROM event_hire
"""

_OWNERS: Final = """
SELECT person.text AS employee_id, c.employee_id AS code, family.text AS family_of, c.ownership_bp,
    c.simulation_year AS year, c.balance_pre_tax_cents + c.balance_roth_cents + c.balance_match_cents
        + c.balance_nonelective_cents AS balance_cents
FROM event_census AS c JOIN employee AS person ON person.code = c.employee_id
LEFT JOIN lexicon AS family ON family.code = c.family_of
"""

_OF_YEAR: Final = "SELECT simulation_year AS year, employee_id AS code"


def _word(text: str) -> str:
    return f"(SELECT code FROM lexicon WHERE text = '{text}')"  # noqa: S608  words of our own


_YEARLY: Final[Mapping[str, str]] = {
    "worked": f"""{_OF_YEAR}, termination_date, termination_reason,
            prorated_annual_compensation_cents AS pay_cents
        FROM workforce_snapshot WHERE simulation_year <= $last""",
    "balances": f"""{_OF_YEAR}, total_balance_cents AS balance_cents, loan_balance_cents AS loans_cents
        FROM balance_snapshot
        WHERE simulation_year <= $last AND snapshot_date = make_date(simulation_year, 12, 31)""",
    "entered": f"""{_OF_YEAR}, arg_max(entry_date, event_sequence) AS entry_date,
            arg_max(employer_entry_date, event_sequence) AS employer_entry_date
        FROM event_eligibility WHERE simulation_year <= $last GROUP BY ALL""",
    "paid_out": f"""{_OF_YEAR}, CAST(sum(amount_cents) AS BIGINT) AS withdrawn_cents,
            CAST(sum(CASE WHEN reason = {_word("permissible")} THEN pre_tax_cents + roth_cents ELSE 0 END)
                AS BIGINT) AS taken_back_cents
        FROM event_withdrawal WHERE simulation_year <= $last GROUP BY ALL""",
    "gone": f"""SELECT year, code, CAST(sum(cents) AS BIGINT) AS distributed_cents FROM (
            {_OF_YEAR}, amount_cents AS cents FROM event_distribution WHERE simulation_year <= $last
            UNION ALL
            {_OF_YEAR}, amount_cents AS cents FROM event_rollover WHERE simulation_year <= $last
        ) GROUP BY ALL""",  # noqa: S608  made of constants
    "lost": f"""{_OF_YEAR}, CAST(sum(amount_cents) AS BIGINT) AS match_taken_back_cents
        FROM event_forfeiture WHERE simulation_year <= $last
            AND reason = {_word("permissible_withdrawal")}
            AND forfeited_from_source = {_word("employer_match")}
        GROUP BY ALL""",
    "reallocated": f"""{_OF_YEAR}, CAST(sum(amount_cents) AS BIGINT) AS reallocated_cents
        FROM event_forfeiture_use WHERE simulation_year <= $last AND "use" = {_word("reallocate")}
        GROUP BY ALL""",
    "earned": f"""{_OF_YEAR}, CAST(sum(amount_cents) AS BIGINT) AS returns_cents
        FROM event_investment_return WHERE simulation_year <= $last GROUP BY ALL""",
    "vested": f"""{_OF_YEAR}, {", ".join(
        f"arg_max(vested_{source}_bp, event_sequence) AS vested_{source}_bp"
        for source in ("match", "nonelective", "profit_sharing")
    )} FROM event_vesting WHERE simulation_year <= $last GROUP BY ALL""",
    "paid": f"""{_OF_YEAR}, CAST(sum(hours) AS BIGINT) AS hours
        FROM event_hours WHERE simulation_year <= $last GROUP BY ALL""",
    "status": f"""{_OF_YEAR}, bool_or(is_hce) AS is_hce
        FROM event_hce_status WHERE simulation_year <= $last GROUP BY ALL""",
}  # fmt: skip
"""Tables by year and employee: at most one row of each a year."""

_CONTRIBUTED: Final = {
    "pre_tax_cents": ("source", "employee_pre_tax"),
    "roth_cents": ("source", "employee_roth"),
    "catchup_cents": ("kind", "catch_up"),
    "match_cents": ("source", "employer_match"),
    "nonelective_cents": ("source", "employer_nonelective"),
    "profit_sharing_cents": ("source", "employer_profit_sharing"),
}
"""Which contributions add up to a column; catch-up is counted in its source, too."""

_TABLE_OF: Final = {
    "withdrawn_cents": "paid_out",
    "taken_back_cents": "paid_out",
    "distributed_cents": "gone",
    "match_taken_back_cents": "lost",
    "reallocated_cents": "reallocated",
    "returns_cents": "earned",
    "hours": "paid",
}
"""Where columns come from that are nought for who has no row."""

_NO_DAY: Final = -(2**31)
"""Stands in an array of days for none."""


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
        log = _Log(opened, last or end)
        years: list[PlanYear] = []
        for year in range(first, (last or end) + 1):
            people = log.people(year, first=year == first)
            years.append(PlanYear(year, people, scenario, years[-1] if years else None))
        return years


class _Log:
    """What a store tells of its years: frames by year, and arrays of everybody by employee number."""

    def __init__(self, store: Store, last: int) -> None:
        """Read the tables up to a last year."""
        self._store = store
        self._ids, self._words = (store.lexicons[name].texts() for name in ("employee", "lexicon"))
        self._frames = {
            name: store.sql(query, {"last": last}).partition_by("year", as_dict=True, include_key=False)
            for name, query in _YEARLY.items()
        }
        self._people = store.sql(_PEOPLE).sort("code")
        self._owners = store.sql(_OWNERS)
        seeded = self._owners.with_columns(seed=pl.lit(store.manifest.seed))
        self._owned = self._spread(self._owners["code"], pl.Series(owned_bp(seeded)))
        self._entry = {
            name: np.full(len(self._ids), _NO_DAY) for name in ("entry_date", "employer_entry_date")
        }
        self._vested = {
            f"vested_{source}_bp": np.zeros(len(self._ids), dtype=np.int64)
            for source in ("match", "nonelective", "profit_sharing")
        }

    def _of(self, table: str, year: int) -> pl.DataFrame | None:
        return self._frames[table].get((year,))

    def _spread(self, codes: pl.Series, values: pl.Series) -> Whole:
        """Return values by employee number, nought where there is none."""
        whole = np.zeros(len(self._ids), dtype=np.int64)
        whole[codes.to_numpy()] = values.fill_null(0).cast(pl.Int64).to_numpy()
        return whole

    def _column(self, table: str, year: int, name: str) -> Whole:
        found = self._of(table, year)
        if found is None:
            return np.zeros(len(self._ids), dtype=np.int64)
        return self._spread(found["code"], found[name])

    def people(self, year: int, *, first: bool) -> pl.DataFrame:
        """Return ``PlanYearFrame`` of a year; years are asked for in their order, for some things last."""
        self._carry(year)
        opening = {name: self._column("balances", year - 1, f"{name}_cents") for name in ("balance", "loans")}
        told = self._owners.filter(pl.col("year") == year - 1)
        opening["balance"] += self._spread(told["code"], told["balance_cents"])
        closing = {name: self._column("balances", year, f"{name}_cents") for name in ("balance", "loans")}
        summed = {name: self._column(table, year, name) for name, table in _TABLE_OF.items()}
        worked = self._of("worked", year)
        here = np.zeros(len(self._ids), dtype=np.bool_)
        if worked is not None:
            here[worked["code"].to_numpy()] = True
        known = here | (opening["balance"] > 0) | (closing["balance"] > 0) | (summed["distributed_cents"] > 0)
        whole: dict[str, Whole | Truths] = {
            **summed,
            **self._contributed(year),
            **self._vested,
            "owned_bp": self._owned,
            "pay_cents": self._column("worked", year, "pay_cents"),
            "before_cents": self._column("worked", year - 1, "pay_cents"),
            "is_hce": self._column("status", year, "is_hce"),
            "opening_balance_cents": opening["balance"],
            "closing_balance_cents": closing["balance"],
            "opening_loans_cents": opening["loans"],
            "closing_loans_cents": closing["loans"],
            "worked": here,
        }
        return self._framed(year, known, whole, first=first)

    def _carry(self, year: int) -> None:
        """Take what stays as it was told last: entry dates and vested percentages."""
        for table, kept in (("entered", self._entry), ("vested", self._vested)):
            found = self._of(table, year)
            if found is None:
                continue
            for name, whole in kept.items():
                told = found.select("code", pl.col(name).to_physical()).drop_nulls()
                whole[told["code"].to_numpy()] = told[name].to_numpy()

    def _contributed(self, year: int) -> dict[str, Whole]:
        conditions = {name: self._is(*which) for name, which in _CONTRIBUTED.items()}
        sums = ", ".join(
            f"CAST(sum(CASE WHEN {which} THEN amount_cents ELSE 0 END) AS BIGINT) AS {name}"
            for name, which in conditions.items()
        )
        regular = f"{self._is('source', 'employer_nonelective')} AND {self._is('kind', 'regular')}"
        behind = (
            ("sum", regular),
            ("max", self._is("source", "employer_profit_sharing")),
            ("max", self._is("kind", "top_heavy")),
        )
        allotted = ", ".join(
            f"{fold}(CASE WHEN {which} THEN compensation_cents END)" for fold, which in behind
        )
        query = (
            f"SELECT employee_id AS code, {sums}, CAST(greatest({allotted}) AS BIGINT) AS allotted_pay_cents "  # noqa: S608  codes of the store's own
            "FROM event_contribution WHERE simulation_year = $year GROUP BY employee_id"
        )
        found = self._store.sql(query, {"year": year})
        return {name: self._spread(found["code"], found[name]) for name in found.columns[1:]}

    def _is(self, column: str, word: str) -> str:
        """Return the condition that a coded column holds a word; one that never holds where it is unknown."""
        found = self._words.index_of(word)
        return f"{column} = {-1 if found is None else found}"

    def _framed(
        self, year: int, known: Truths, whole: Mapping[str, Whole | Truths], *, first: bool
    ) -> pl.DataFrame:
        """Return the rows of some people, in the order of their numbers."""
        people = self._people.filter(pl.Series(known[self._people["code"].to_numpy()]))
        codes = people["code"].to_numpy()
        worked = self._of("worked", year)
        left = np.full(len(self._ids), _NO_DAY)
        reason = np.full(len(self._ids), -1)
        if worked is not None:
            at = worked["code"].to_numpy()
            left[at] = worked["termination_date"].to_physical().fill_null(_NO_DAY).to_numpy()
            reason[at] = worked["termination_reason"].fill_null(-1).to_numpy()
        days = {**self._entry, "termination_date": left}
        last = date(year, 12, 31)
        before = pl.coalesce(
            "prior_year_compensation_cents",
            pl.when(pl.col("hire_date") <= date(year - 1, 1, 1)).then("annual_compensation_cents"),
            pl.lit(0),
        )
        framed = people.with_columns(
            *(pl.Series(name, column[codes]) for name, column in whole.items()),
            *(_days(name, column[codes]) for name, column in days.items()),
            employee=people["code"],
            employee_id=self._ids.gather(people["code"]),
            employee_class=self._words.gather(people["employee_class"]),
            termination_reason=self._words.gather(_known_codes(reason[codes])),
            is_officer=pl.col("is_officer").fill_null(value=False),
        ).with_columns(
            employed_at_end=pl.col("worked")
            & (pl.col("termination_date").is_null() | (pl.col("termination_date") == last)),
            lookback_pay_cents=before if first else pl.col("before_cents"),
        )
        columns: dict[str, dy.Column] = PlanYearFrame.columns()
        return framed.select(pl.col(name).cast(column.dtype) for name, column in columns.items())


def _days(name: str, values: Whole) -> pl.Series:
    return pl.Series(name, values).replace(_NO_DAY, None).cast(pl.Int32).cast(pl.Date)


def _known_codes(codes: Whole) -> pl.Series:
    return pl.Series(codes).replace(-1, None)
