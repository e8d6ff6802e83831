"""The fields of a census as an analyst names them: kind, column, default, known names, allowed units.

The one table that mapping, parsing, imputing and checking read. Knows no file and no value.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

import polars as pl

from simulation.frames import CensusFrame

FULL_TIME_HOURS: Final = 2080
"""Scheduled hours of a full-time year: 40 a week, 52 weeks."""


class Kind(StrEnum):
    """What a cell of a field holds."""

    IDENTITY = "id"
    DATE = "date"
    LEVEL = "level"
    TEXT = "text"
    MONEY = "money"
    HOURS = "hours"
    RATE = "rate"
    CHOICE = "choice"
    FLAG = "flag"


@dataclass(frozen=True)
class Unit:
    """How a number in a file becomes the number in the column: read with ``places``, times, divided by.

    Attributes:
        name: The word in a mapping's ``units``.
        places: Decimal places kept of the text.
        times: Factor of the whole number so read.
        over: Divisor of it, halves away from zero.
        words: Words in a column's name that say this unit.
    """

    name: str
    places: int
    times: int = 1
    over: int = 1
    words: tuple[str, ...] = ()


MONEY_UNITS: Final = (Unit("dollars", 2), Unit("cents", 0, words=("cents",)))
RATE_UNITS: Final = (
    Unit("percent", 2, words=("percent", "pct", "%", "percentage")),
    Unit("fraction", 4, words=("fraction",)),
    Unit("basis_points", 0, words=("bp", "bps")),
)
HOURS_UNITS: Final = (
    Unit("year", 0, words=("year", "annual", "yearly")),
    Unit("week", 2, 52, 100, words=("week", "weekly", "wk")),
    Unit("fte", 4, FULL_TIME_HOURS, 10_000, words=("fte",)),
)


@dataclass(frozen=True)
class Field:
    """One field of a census.

    Attributes:
        name: What mappings and messages call it.
        kind: What its cells hold.
        column: The column of ``CensusFrame``, or its name where it only helps to read the file.
        meaning: One line for a person.
        required: Every employee has it.
        default: What an absent optional field becomes.
        units: Units that its numbers may come in; the first is assumed for money.
        choices: Words allowed, and the spellings that mean them.
        names: Column names known to mean it.
    """

    name: str
    kind: Kind
    column: str
    meaning: str
    required: bool = False
    default: Any = None
    units: tuple[Unit, ...] = ()
    choices: dict[str, tuple[str, ...]] = field(default_factory=dict)
    names: tuple[str, ...] = ()

    @property
    def in_frame(self) -> bool:
        """Return whether the field is part of the census, not only of the reading."""
        return self.column in CensusFrame.column_names()

    @property
    def dtype(self) -> pl.DataType:
        """Return the Polars type of the parsed column."""
        return CensusFrame.columns()[self.column].dtype if self.in_frame else _READING_TYPES[self.kind]


_READING_TYPES: Final[dict[Kind, pl.DataType]] = {Kind.DATE: pl.Date(), Kind.CHOICE: pl.String()}

_CLASS_WORDS = {
    "regular": ("regular", "reg", "non union", "nonunion"),
    "union": ("union", "collectively bargained", "cba"),
    "temporary": ("temporary", "temp", "seasonal"),
    "leased": ("leased", "agency"),
}
_STATUS_WORDS = {
    "active": ("active", "a", "employed", "current", "leave", "on leave", "l", "loa"),
    "former": ("former", "terminated", "term", "t", "separated", "retired", "r", "deceased", "inactive"),
}


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split(", "))


FIELDS: Final = (
    Field(
        "employee_id",
        Kind.IDENTITY,
        "employee_id",
        "the employee's own number or code",
        required=True,
        names=_names(
            "employee number, employee code, employee, person id, person number, worker id, staff id, "
            "payroll id, payroll number, personnel number, badge number, associate id, participant id, "
            "file number, id"
        ),
    ),
    Field(
        "birth_date",
        Kind.DATE,
        "birth_date",
        "date of birth",
        required=True,
        names=_names("date of birth, birthday, dob, date born, born"),
    ),
    Field(
        "hire_date",
        Kind.DATE,
        "hire_date",
        "first day of work",
        required=True,
        names=_names(
            "date of hire, hired, hired on, doh, date hired, date first hired, first hired, "
            "original hire date, first day of work, start date, employment date, employment start date, "
            "date of employment, date of entry, entry date, join date, date joined, joining date, "
            "date started, service date, original date of hire"
        ),
    ),
    Field(
        "job_level",
        Kind.LEVEL,
        "job_level",
        "level of the job, 1 (entry) to 5 (executive)",
        required=True,
        names=_names("level, grade, job grade, pay grade, salary grade, band, job band, career level"),
    ),
    Field(
        "department",
        Kind.TEXT,
        "department",
        "department, for filters and layoffs",
        required=True,
        names=_names(
            "department name, department code, division, business unit, org unit, organization, "
            "cost center, function, team"
        ),
    ),
    Field(
        "compensation",
        Kind.MONEY,
        "compensation_cents",
        "annual rate of base pay for the scheduled hours",
        required=True,
        units=MONEY_UNITS,
        names=_names(
            "annual compensation, current compensation, salary, annual salary, current salary, "
            "current annual salary, base salary, annual base salary, base pay, annual pay, "
            "annual base pay, annual rate, annualized pay, pay rate annual, pay, gross salary"
        ),
    ),
    Field(
        "scheduled_hours",
        Kind.HOURS,
        "scheduled_hours",
        "hours scheduled a year; 2,080 is full time",
        required=True,
        units=HOURS_UNITS,
        names=_names(
            "scheduled annual hours, annual hours, hours per year, standard hours, weekly hours, "
            "hours per week, scheduled weekly hours, standard weekly hours, hours, fte, "
            "full time equivalent"
        ),
    ),
    Field(
        "performance_rating",
        Kind.LEVEL,
        "performance_rating",
        "last rating, 1 (low) to 5 (high)",
        names=_names("rating, performance, performance score, review rating, review score"),
    ),
    Field(
        "employee_class",
        Kind.CHOICE,
        "employee_class",
        "regular, union, temporary or leased",
        default="regular",
        choices=_CLASS_WORDS,
        names=_names("class, employee type, employment type, worker type, employment class"),
    ),
    Field(
        "ownership",
        Kind.RATE,
        "ownership_bp",
        "share of the firm that the employee owns",
        default=0,
        units=RATE_UNITS,
        names=_names("ownership share, owner share, ownership percent, percent owned, owner percent"),
    ),
    Field(
        "is_officer",
        Kind.FLAG,
        "is_officer",
        "officer of the firm, for the key-employee test",
        default=False,
        names=_names("officer, officer flag, corporate officer, officer indicator"),
    ),
    Field(
        "family_of",
        Kind.IDENTITY,
        "family_of",
        "id of the owner whose spouse, child, parent or grandparent the employee is",
        names=_names("family of owner, owner relative of, related to, related owner id"),
    ),
    Field(
        "prior_year_compensation",
        Kind.MONEY,
        "prior_year_compensation_cents",
        "pay of the last calendar year that was over on the as-of date (the lookback year)",
        units=MONEY_UNITS,
        names=_names(
            "prior year pay, prior year salary, prior year wages, previous year compensation, "
            "last year compensation, lookback compensation, lookback pay, prior compensation"
        ),
    ),
    Field(
        "deferral_rate",
        Kind.RATE,
        "deferral_bp",
        "pre-tax elective deferral; blank means never elected",
        units=RATE_UNITS,
        names=_names(
            "deferral, deferral percent, pre tax deferral, pre tax deferral rate, pretax deferral rate, "
            "elective deferral, elective deferral rate, deferral election, contribution rate, 401k rate, "
            "401k deferral"
        ),
    ),
    Field(
        "roth_deferral_rate",
        Kind.RATE,
        "roth_deferral_bp",
        "Roth elective deferral, on top of the pre-tax one",
        units=RATE_UNITS,
        names=_names("roth deferral, roth rate, roth percent, roth election, roth contribution rate"),
    ),
    Field(
        "balance_pre_tax",
        Kind.MONEY,
        "balance_pre_tax_cents",
        "account balance from pre-tax deferrals",
        default=0,
        units=MONEY_UNITS,
        names=_names("pre tax balance, pretax balance, deferral balance, 401k balance"),
    ),
    Field(
        "balance_roth",
        Kind.MONEY,
        "balance_roth_cents",
        "account balance from Roth deferrals",
        default=0,
        units=MONEY_UNITS,
        names=_names("roth balance, roth account balance"),
    ),
    Field(
        "balance_match",
        Kind.MONEY,
        "balance_match_cents",
        "account balance from employer match",
        default=0,
        units=MONEY_UNITS,
        names=_names("match balance, employer match balance, matching balance"),
    ),
    Field(
        "balance_nonelective",
        Kind.MONEY,
        "balance_nonelective_cents",
        "account balance from nonelective contributions and profit sharing",
        default=0,
        units=MONEY_UNITS,
        names=_names("nonelective balance, profit sharing balance, employer nonelective balance"),
    ),
    Field(
        "termination_date",
        Kind.DATE,
        "termination_date",
        "last day of work; blank while employed",
        names=_names("date of termination, term date, separation date, end date, date left, leave date"),
    ),
    Field(
        "employment_status",
        Kind.CHOICE,
        "employment_status",
        "active or former",
        choices=_STATUS_WORDS,
        names=_names("status, employee status, active status, work status"),
    ),
)

BY_NAME: Final = {field.name: field for field in FIELDS}
BY_COLUMN: Final = {field.column: field for field in FIELDS}
