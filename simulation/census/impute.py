"""Values that a file does not have, by rules that its mapping declares: nothing is imputed unasked.

Each rule is a small model: what it is called in the mapping, its parameters, and one column expression or
array. Draws are keyed by employee id, so that nobody's value depends on the other rows.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Final, Literal, get_args

import numpy as np
import polars as pl
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from simulation.census.fields import BY_NAME, FIELDS, FULL_TIME_HOURS
from simulation.ids import person_keys
from simulation.rng import Purpose, uniform_array

DAYS_PER_YEAR: Final = 365.2425
_DRAW_YEAR: Final = 0
_LEVELS: Final = 5


@dataclass(frozen=True)
class Gap:
    """The rows that lack a field, and what a rule may look at to fill them.

    Attributes:
        field: The field that is filled.
        frame: All rows, typed, with ``row`` and every field parsed so far.
        cells: The original cells, for rules that look at the whole row.
        seed: The seed of the draws.
        as_of: The census date as days since 1970; null while unknown.
    """

    field: str
    frame: pl.DataFrame
    cells: pl.DataFrame
    seed: int
    as_of: int | None

    def draw(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Return one number in [0, 1) a row, keyed by employee id and field; 0 where there is no id."""
        ids = self.frame["employee_id"].fill_null("")
        number = [field.name for field in FIELDS].index(self.field)
        keys = person_keys(ids).to_numpy()
        return uniform_array(self.seed, Purpose.CENSUS_IMPUTE, _DRAW_YEAR, keys, number)


class _Rule(BaseModel):
    """What every rule of imputation has: strict keys, and the fields that it suits."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    suits: ClassVar[tuple[str, ...]] = ()

    def fill(self, gap: Gap) -> pl.Series:
        """Return a value for every row; only those of the rows that lack one are used."""
        raise NotImplementedError

    def remark(self, values: pl.Series) -> str:  # noqa: ARG002  most rules have nothing to remark
        """Return what a person should know of the values that were filled in."""
        return ""

    def describe(self) -> str:
        """Return the rule and its parameters in one line."""
        parameters = self.model_dump(mode="json", exclude={"by"})
        told = (f"{name} {_told(value)}" for name, value in parameters.items())
        return ", ".join([rule_name(type(self)), *told])


def _told(value: Any) -> str:
    """Return a parameter as a person would write it."""
    if isinstance(value, list):
        return "/".join(map(str, value))
    if isinstance(value, dict):
        return " ".join(f"{key}={each}" for key, each in value.items())
    return f"{value:g}" if isinstance(value, float) else str(value)


def rule_name(rule: type[_Rule]) -> str:
    """Return what a mapping calls a rule."""
    return str(get_args(rule.model_fields["by"].annotation)[0])


class RowNumber(_Rule):
    """An id from the row's number in the file: other rows or another order give other ids."""

    suits = ("employee_id",)
    by: Literal["row_number"]
    prefix: str = Field("R", max_length=8)

    def fill(self, gap: Gap) -> pl.Series:
        """Return ids such as ``R000017``."""
        return gap.frame.select(self.prefix + pl.col("row").cast(pl.String).str.zfill(6)).to_series()


class RowContent(_Rule):
    """An id from what the row says: the same in any order of rows; rows that say the same are numbered."""

    suits = ("employee_id",)
    by: Literal["row_content"]
    prefix: str = Field("R", max_length=8)

    def fill(self, gap: Gap) -> pl.Series:
        """Return ids such as ``R5f0c9a1be3d2``, a second person with the very same cells ``R5f…-2``."""
        content = gap.cells.select(pl.concat_str(pl.all().fill_null(""), separator="\x1f")).to_series()
        digests = [hashlib.blake2b(text.encode(), digest_size=6).hexdigest() for text in content]
        twin = pl.int_range(1, pl.len() + 1).over("id")
        suffix = pl.when(twin > 1).then("-" + twin.cast(pl.String)).otherwise(pl.lit(""))
        return pl.DataFrame({"id": digests}).select(self.prefix + pl.col("id") + suffix).to_series()

    def remark(self, values: pl.Series) -> str:
        """Return how many rows may be a person twice."""
        twins = int(values.str.contains(r"-[0-9]+$").sum())
        return f"{twins:,} rows repeat an earlier one cell for cell and were taken for other people" * (
            twins > 0
        )


class AgeAtHire(_Rule):
    """A birth date: hire date less an age drawn from a triangle; nobody is past a limit at the as-of date."""

    suits = ("birth_date",)
    by: Literal["age_at_hire"]
    low: float = Field(20, ge=14, le=100)
    mode: float = Field(27, ge=14, le=100)
    high: float = Field(60, ge=14, le=100)
    maximum_age: float = Field(75, ge=14, le=110)

    @model_validator(mode="after")
    def _rising(self) -> AgeAtHire:
        if not self.low <= self.mode <= self.high or self.low == self.high:
            raise ValueError("low ≤ mode ≤ high must hold, and low < high")
        return self

    def fill(self, gap: Gap) -> pl.Series:
        """Return birth dates; the triangle is cut off above where the maximum age would be passed."""
        hired = gap.frame["hire_date"].cast(pl.Int32).cast(pl.Float64).to_numpy()
        served = (np.nan if gap.as_of is None else gap.as_of - hired) / DAYS_PER_YEAR
        oldest = np.clip(self.maximum_age - served, self.low, self.high)
        age = self._age(gap.draw() * self._share_below(oldest))
        days = pl.Series(hired - np.round(np.maximum(age, self.low) * DAYS_PER_YEAR)).fill_nan(None)
        return days.cast(pl.Int32).cast(pl.Date)

    def _share_below(self, age: Any) -> Any:
        """Return the triangle's distribution function."""
        span, left, right = self.high - self.low, self.mode - self.low, self.high - self.mode
        below = (age - self.low) ** 2 / (span * (left or 1.0))
        above = 1 - (self.high - age) ** 2 / (span * (right or 1.0))
        return np.where(age < self.mode, below, above)

    def _age(self, share: Any) -> Any:
        """Return the triangle's quantile function."""
        span, left, right = self.high - self.low, self.mode - self.low, self.high - self.mode
        young = self.low + np.sqrt(share * span * left)
        old = self.high - np.sqrt(np.clip((1 - share) * span * right, 0, None))
        return np.where(share * span < left, young, old)


class PayQuantile(_Rule):
    """A job level by where the full-time rate of pay stands among all: equal pay, equal level."""

    suits = ("job_level",)
    by: Literal["pay_quantile"]
    shares: tuple[Decimal, ...] = Field(min_length=_LEVELS, max_length=_LEVELS)

    @field_validator("shares")
    @classmethod
    def _whole(cls, shares: tuple[Decimal, ...]) -> tuple[Decimal, ...]:
        return _check_shares(shares)

    def fill(self, gap: Gap) -> pl.Series:
        """Return levels from 1; null where pay or hours are unknown."""
        hours = pl.col("scheduled_hours").fill_null(FULL_TIME_HOURS)
        rate = pl.col("compensation_cents") * FULL_TIME_HOURS // pl.when(hours > 0).then(hours)
        middle = (rate.rank("average") - 0.5) / rate.count()
        bounds = np.cumsum([float(share) for share in self.shares])[:-1]
        level = pl.sum_horizontal((middle >= bound).cast(pl.Int64) for bound in bounds) + 1
        return gap.frame.select(pl.when(middle.is_not_null()).then(level)).to_series()


class Constant(_Rule):
    """The same value for everybody."""

    suits = (
        "job_level",
        "department",
        "scheduled_hours",
        "performance_rating",
        "employee_class",
    )
    by: Literal["constant"]
    value: str = Field(min_length=1)

    @property
    def values(self) -> tuple[str, ...]:
        """Return the values that it can give."""
        return (self.value,)

    def fill(self, gap: Gap) -> pl.Series:
        """Return the value, as the field holds it."""
        return pl.repeat(self.value, gap.frame.height, eager=True).cast(
            BY_NAME[gap.field].dtype, strict=False
        )


class Shares(_Rule):
    """One of several values, drawn by shares."""

    suits = Constant.suits
    by: Literal["shares"]
    shares: dict[str, Decimal] = Field(min_length=1)

    @field_validator("shares")
    @classmethod
    def _whole(cls, shares: dict[str, Decimal]) -> dict[str, Decimal]:
        _check_shares(tuple(shares.values()))
        return shares

    @property
    def values(self) -> tuple[str, ...]:
        """Return the values that it can give."""
        return tuple(self.shares)

    def fill(self, gap: Gap) -> pl.Series:
        """Return drawn values, as the field holds them."""
        bounds = np.cumsum([float(share) for share in self.shares.values()])[:-1]
        picked = np.searchsorted(bounds, gap.draw(), side="right")
        return pl.Series(list(self.shares)).gather(picked).cast(BY_NAME[gap.field].dtype, strict=False)


def _check_shares(shares: tuple[Decimal, ...]) -> tuple[Decimal, ...]:
    if any(share < 0 for share in shares) or sum(shares) != 1:
        raise ValueError(f"shares must not be negative and must add up to 1; these add up to {sum(shares)}")
    return shares


Rule = Annotated[
    RowNumber | RowContent | AgeAtHire | PayQuantile | Constant | Shares, Field(discriminator="by")
]
RULES: Final[dict[str, type[_Rule]]] = {
    rule_name(rule): rule for rule in (RowNumber, RowContent, AgeAtHire, PayQuantile, Constant, Shares)
}

_ORDER: Final = ("employee_id", "scheduled_hours", "job_level")
"""Ids first, since draws are keyed by them; hours before the level that looks at pay for full time."""


EXAMPLES: Final = {
    "employee_id": "row_content",
    "birth_date": "{by: age_at_hire, low: 20, mode: 27, high: 60}",
    "job_level": "{by: pay_quantile, shares: [0.42, 0.28, 0.18, 0.09, 0.03]}",
    "department": "{by: constant, value: Everyone}",
    "scheduled_hours": "{by: constant, value: 2080}",
}
"""How a mapping imputes the required fields that can be imputed, ready to copy."""


def rules_for(field: str) -> list[str]:
    """Return the names of the rules that suit a field."""
    return [name for name, rule in RULES.items() if field in rule.suits]


@dataclass(frozen=True)
class Imputed:
    """What was imputed: the field, the rule with its parameters, and how many rows it filled."""

    field: str
    rule: str
    rows: int
    remark: str = ""

    def __str__(self) -> str:
        """Return one line for a person."""
        line = f"{self.field}: imputed for {self.rows:,} rows by {self.rule}"
        return f"{line}; {self.remark}" if self.remark else line


def impute(
    frame: pl.DataFrame, cells: pl.DataFrame, rules: dict[str, Any], *, seed: int, as_of: int | None
) -> tuple[pl.DataFrame, tuple[Imputed, ...]]:
    """Return the frame with its gaps filled where a rule is declared, and what was filled."""
    done = []
    for name in sorted(rules, key=lambda name: _ORDER.index(name) if name in _ORDER else len(_ORDER)):
        column = BY_NAME[name].column
        lacking = pl.col(column).is_null() & pl.col(f"text:{name}").is_null()
        filled = rules[name].fill(Gap(name, frame, cells, seed, as_of)).alias("filled")
        rows = frame.select(lacking.sum()).item()
        value = pl.when(lacking).then(pl.lit(filled)).otherwise(pl.col(column))
        remark = rules[name].remark(filled.filter(frame.select(lacking).to_series()))
        frame = frame.with_columns(value.cast(BY_NAME[name].dtype).alias(column))
        done.append(Imputed(name, rules[name].describe(), rows, remark))
    return frame, tuple(done)
