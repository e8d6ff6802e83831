"""What must hold for every row of a census: named rules as one table, each with what is allowed.

A rule says which rows break it and what was found there; all rules speak, none hides behind another. Knows
no file format and mends nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from simulation.census.fields import BY_NAME, FIELDS, FULL_TIME_HOURS, Field, Kind
from simulation.census.impute import EXAMPLES
from simulation.dates import completed_years
from simulation.errors import Problem
from simulation.ids import SLOT_PATTERN
from simulation.units import BP, CENTS_PER_DOLLAR

YOUNGEST_HIRE: Final = 14
"""The age from which the Fair Labor Standards Act lets most people work."""

OLDEST_AGE: Final = 100
LOWEST_PAY: Final = 1_000
HIGHEST_PAY: Final = 50_000_000
"""Dollars a year at full time: below or above, the number is not a year's pay."""

HIGHEST_HOURS: Final = 8_784
LONGEST_TEXT: Final = 100
_SHOWN: Final = 5
"""How many rows a problem names."""

_UNSEEN: Final = {
    "employee_id": r"[\p{Cc}\p{Cf}]",
    # Joiners belong to the spelling of some languages; controls and turned writing to none.
    "department": r"[\p{Cc}\u{202a}-\u{202e}\u{2066}-\u{2069}]",
}
"""Characters that nobody sees, by the field that must not have them."""

_FIRST_DATE: Final = date(1900, 1, 1)


@dataclass(frozen=True)
class Rule:
    """One thing that must hold.

    Attributes:
        name: The label in reports and reject files.
        field: The field that is shown as found.
        breaks: Which rows break it; null counts as not.
        allowed: What is allowed.
        hint: What to do.
    """

    name: str
    field: str
    breaks: pl.Expr
    allowed: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Findings:
    """What is wrong with which rows: ``row``, ``rule`` and ``found``, one line a broken rule and row."""

    table: pl.DataFrame
    rules: dict[str, Rule]

    @property
    def rows(self) -> pl.Series:
        """Return the numbers of the rows that break any rule."""
        return self.table["row"].unique().sort()

    def reasons(self) -> pl.DataFrame:
        """Return the rows that break a rule with all their reasons in one text."""
        reason = pl.concat_str("rule", ": " + pl.col("found"), ignore_nulls=True)
        grouped = self.table.group_by("row", maintain_order=True).agg(reason.str.join("; ").alias("reasons"))
        return grouped.sort("row")

    def problems(self, file: str) -> list[Problem]:
        """Return one problem a rule: how many rows, the first of them, what was found there."""
        return [
            self._problem(file, rule, broken)
            for name, rule in self.rules.items()
            if (broken := self.table.filter(pl.col("rule") == name)).height
        ]

    @staticmethod
    def _problem(file: str, rule: Rule, broken: pl.DataFrame) -> Problem:
        first = broken.sort("row").head(_SHOWN)
        numbers = ", ".join(map(str, first["row"]))
        more = f" and {broken.height - _SHOWN:,} more" if broken.height > _SHOWN else ""
        values = ", ".join(f"{value!r}" for value in first["found"].unique(maintain_order=True).drop_nulls())
        rows = f"{file}, row{'s' * (broken.height > 1)} {numbers}{more}"
        where = f"{rows}, {rule.field}" if rule.field else rows
        return Problem(where, f"{rule.name}: {values}" if values else rule.name, rule.allowed, rule.hint)


def is_former(as_of: date | None) -> pl.Expr:
    """Return whether a row is of somebody who had left by the census date."""
    gone = pl.col("employment_status") == "former"
    left = pl.col("termination_date") <= as_of if as_of is not None else pl.lit(value=False)
    return (gone | left).fill_null(value=False)


def check(frame: pl.DataFrame, as_of: date | None, ragged: dict[int, tuple[str, ...]]) -> Findings:
    """Return every broken rule of a parsed frame.

    Args:
        frame: As ``parse`` and ``impute`` leave it.
        as_of: The census date; rules that need it are silent without one.
        ragged: Rows that have another number of cells than the header.
    """
    rules = [*_missing(), *_unreadable(), *_identity(), *_dates(as_of), *_amounts(), *_people(as_of)]
    askew = pl.col("row").is_in(list(ragged))
    by_name = {rule.name: rule for rule in (_RAGGED, *rules)}
    # In a row of another width every cell may stand under the wrong header: nothing else is said of it.
    flags = frame.with_columns(askew.alias(_RAGGED.name)).with_columns(
        (rule.breaks.fill_null(value=False) & ~pl.col(_RAGGED.name)).alias(rule.name) for rule in rules
    )
    table = pl.concat([_broken(flags, rule) for rule in by_name.values()])
    rejected = table["row"].unique()
    family = _lost_family(frame, rejected)
    while family.height:
        table = pl.concat([table, family])
        rejected = table["row"].unique()
        family = _lost_family(frame, rejected)
    return Findings(table, by_name | {_FAMILY.name: _FAMILY})


_RAGGED: Final = Rule(
    "more or fewer cells than the header",
    "",
    pl.lit(value=False),
    hint="a separator inside a value needs quotation marks around the value",
)


def _broken(flags: pl.DataFrame, rule: Rule) -> pl.DataFrame:
    found = _found(BY_NAME[rule.field]) if rule.field in BY_NAME else pl.lit(None, dtype=pl.String)
    return flags.filter(rule.name).select("row", pl.lit(rule.name).alias("rule"), found.alias("found"))


def _found(which: Field) -> pl.Expr:
    """Return what the file says in a field, or else what was imputed."""
    typed = pl.col(which.column).cast(pl.String)
    return pl.coalesce(pl.col(f"text:{which.name}"), typed).str.slice(0, 60)


def _missing() -> Iterable[Rule]:
    for each in FIELDS:
        if each.required:
            blank = pl.col(each.column).is_null() & pl.col(f"text:{each.name}").is_null()
            example = EXAMPLES.get(each.name)
            way_out = f", or impute it in the map: `impute: {{{each.name}: {example}}}`" if example else ""
            yield Rule(f"{each.name} is missing", each.name, blank, each.meaning, f"fill it in{way_out}")


def _unreadable() -> Iterable[Rule]:
    for each in FIELDS:
        if each.kind in _ALLOWED:
            lost = pl.col(each.column).is_null() & pl.col(f"text:{each.name}").is_not_null()
            allowed, hint = _ALLOWED[each.kind]
            words = ", ".join(each.choices)
            yield Rule(
                f"{each.name} cannot be read", each.name, lost, allowed or words, hint.format(each.name)
            )


_VALUES_HINT: Final = "say what the text means in the map: `values: {{{}: {{text: value}}}}`"
_DATES_HINT: Final = "years need four digits, and day and month the order of their column"
_ALLOWED: Final = {
    Kind.DATE: ("2024-12-31, 12/31/2024, 31.12.2024, 31-Dec-2024, an Excel serial", _DATES_HINT),
    Kind.MONEY: ("an amount such as 52000, 52,000.50 or 52.000,50", "no words, no exponents (1e5)"),
    Kind.HOURS: ("a number of hours", _VALUES_HINT),
    Kind.RATE: ("a number, with or without %", ""),
    Kind.LEVEL: ("1 to 5", _VALUES_HINT),
    Kind.FLAG: ("yes or no", _VALUES_HINT),
    Kind.CHOICE: ("", _VALUES_HINT),
}


def _identity() -> Iterable[Rule]:
    name = pl.col("employee_id")
    reserved = name.str.contains(SLOT_PATTERN.pattern)
    yield Rule(
        "duplicate employee_id",
        "employee_id",
        name.is_not_null() & name.is_duplicated(),
        "once a file",
        "none of the rows is taken, because none is known to be the right one",
    )
    yield Rule("employee_id is reserved", "employee_id", reserved, "H2025-L1-00001 is a future hire")
    for each, unseen in _UNSEEN.items():
        odd = pl.col(each).str.contains(unseen) | (pl.col(each).str.len_chars() > LONGEST_TEXT)
        allowed = f"up to {LONGEST_TEXT} characters that can be seen"
        yield Rule(f"{each} is no plain text", each, odd, allowed)


def _dates(as_of: date | None) -> Iterable[Rule]:
    born, hired = pl.col("birth_date"), pl.col("hire_date")
    ordered = born < hired
    too_young = ordered & (completed_years("birth_date", hired) < YOUNGEST_HIRE)
    hint = "check the century and the order of day and month"
    yield Rule("born on or after the hire date", "birth_date", ~ordered, "before hire_date", hint)
    yield Rule(f"hired before age {YOUNGEST_HIRE}", "hire_date", too_young, f"{YOUNGEST_HIRE} or older", hint)
    yield Rule("born before 1900", "birth_date", born < _FIRST_DATE, f"from {_FIRST_DATE}", hint)
    yield Rule("hired before 1900", "hire_date", hired < _FIRST_DATE, f"from {_FIRST_DATE}", hint)
    if as_of is not None:
        old = (born >= _FIRST_DATE) & (completed_years("birth_date", as_of) > OLDEST_AGE)
        yield Rule(
            f"hired after {as_of}", "hire_date", hired > as_of, f"until {as_of}", "or give another --as-of"
        )
        yield Rule(f"older than {OLDEST_AGE}", "birth_date", old, f"up to {OLDEST_AGE} years", hint)


def _amounts() -> Iterable[Rule]:
    pay, hours = pl.col("compensation_cents"), pl.col("scheduled_hours")
    worked = pl.when(hours.is_between(1, HIGHEST_HOURS)).then(hours).otherwise(FULL_TIME_HOURS)
    # Compared as products: pay x 2,080 against bound x hours needs no division.
    rate, bound = pay.cast(pl.Int128) * FULL_TIME_HOURS, worked.cast(pl.Int128) * CENTS_PER_DOLLAR
    absurd = (pay > 0) & ((rate < bound * LOWEST_PAY) | (rate > bound * HIGHEST_PAY))
    between = f"{LOWEST_PAY:,} to {HIGHEST_PAY:,} dollars a year at full time"
    yield Rule("pay is not above zero", "compensation", pay <= 0, "above zero")
    yield Rule("pay is absurd", "compensation", absurd, between, "a year's pay in dollars is meant")
    unworkable = ~hours.is_between(1, HIGHEST_HOURS)
    allowed = f"1 to {HIGHEST_HOURS:,} a year"
    yield Rule(
        "hours are absurd", "scheduled_hours", unworkable, allowed, "say the unit in the map: `units:`"
    )
    prior = ~pl.col("prior_year_compensation_cents").is_between(0, HIGHEST_PAY * CENTS_PER_DOLLAR)
    allowed = f"0 to {HIGHEST_PAY:,} dollars"
    yield Rule("prior-year pay is absurd", "prior_year_compensation", prior, allowed)
    for each in FIELDS:
        if each.name.startswith("balance_"):
            yield Rule(f"{each.name} is negative", each.name, pl.col(each.column) < 0, "0 or more")
        if each.kind is Kind.RATE:
            outside = ~pl.col(each.column).is_between(0, BP)
            hint = f"say the unit in the map: `units: {{{each.name}: …}}`"
            yield Rule(f"{each.name} is outside 0–100 %", each.name, outside, "0 % to 100 %", hint)


def _people(as_of: date | None) -> Iterable[Rule]:
    level = ~pl.col("job_level").is_between(1, 5)
    rating = ~pl.col("performance_rating").is_between(1, 5)
    both = pl.col("deferral_bp").clip(0, BP) + pl.col("roth_deferral_bp").clip(0, BP) > BP
    owned = pl.col("ownership_bp")
    too_much = (owned > 0) & (owned.clip(0, BP).sum() > BP)
    known_class = pl.col("employee_class").is_in(list(BY_NAME["employee_class"].choices))
    yield Rule("unknown job level", "job_level", level, "1 to 5")
    yield Rule("unknown rating", "performance_rating", rating, "1 to 5")
    yield Rule("unknown class", "employee_class", ~known_class, ", ".join(BY_NAME["employee_class"].choices))
    yield Rule("deferrals exceed 100 %", "deferral_rate", both, "pre-tax and Roth together up to 100 %")
    yield Rule("owners hold more than 100 %", "ownership", too_much, "up to 100 % in all")
    hint = "leave former employees out on purpose with `former_employees: skip` in the map"
    yield Rule("former employee", "termination_date", is_former(as_of), f"employed on {as_of}", hint)


_FAMILY: Final = Rule(
    "family_of is no employee of the census",
    "family_of",
    pl.lit(value=False),
    "the employee_id of an accepted row, not the row's own",
)


def _lost_family(frame: pl.DataFrame, rejected: pl.Series) -> pl.DataFrame:
    """Return the accepted rows whose relative is rejected, unknown or themselves."""
    accepted = frame.filter(~pl.col("row").is_in(rejected.to_list()))
    known = pl.col("family_of").is_in(accepted["employee_id"].to_list())
    lost = ~known | (pl.col("family_of") == pl.col("employee_id"))
    return _broken(accepted.with_columns(lost.fill_null(value=False).alias(_FAMILY.name)), _FAMILY)
