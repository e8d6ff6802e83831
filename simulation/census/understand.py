"""A foreign table as rows that a census can take, and everything that stands in the way of the others.

The order of the steps is the point: columns, texts, census date, former employees, imputation, rules.
Writes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import polars as pl

from simulation.census.check import Findings, check, is_former
from simulation.census.fields import FIELDS
from simulation.census.impute import Imputed, impute
from simulation.census.mapping import Mapping
from simulation.census.parse import parse
from simulation.census.read import RawTable
from simulation.census.suggest import Suggestion
from simulation.errors import CensusError, Problem
from simulation.frames import CensusFrame

_LONGEST_PAUSE: Final = timedelta(days=366)
"""A single latest hire that follows the one before by more may be a slip: no census date is taken from it."""

_EPOCH: Final = date(1970, 1, 1)
_SHOWN: Final = 25
"""How many columns a message lists."""


@dataclass(frozen=True)
class Understood:
    """A file whose columns are known: its good rows, and what is wrong with the others.

    Attributes:
        frame: The good rows, with the columns of a census.
        as_of: The census date.
        as_of_reason: How it was determined.
        findings: Which rows break which rules.
        skipped: How many former employees were left out on request.
        imputations: What was imputed.
        notes: How the file was read; may quote its cells.
        assumed: What was imputed or set to a default; quotes nothing.
    """

    frame: pl.DataFrame
    as_of: date
    as_of_reason: str
    findings: Findings
    skipped: int
    imputations: tuple[Imputed, ...]
    notes: tuple[str, ...]
    assumed: tuple[str, ...]


def understand(raw: RawTable, suggestion: Suggestion, rules: Mapping, as_of: date | None) -> Understood:
    """Return the rows as a census has them.

    Args:
        raw: The file's table.
        suggestion: Which column is which field.
        rules: The mapping.
        as_of: The census date, if it is given.

    Raises:
        CensusError: A question about columns or the date is open; what is wrong with rows is added.
    """
    frame, notes, questions = parse(raw, suggestion.columns, rules)
    day, reason, doubts = _census_date(raw, frame, as_of)
    frame, cells, skipped = _employed(frame, raw.frame, rules, day)
    serial = None if day is None else (day - _EPOCH).days
    frame, imputations = impute(frame, cells, rules.impute, seed=rules.seed, as_of=serial)
    findings = check(frame, day, raw.ragged)
    _refuse_open(raw, [*suggestion.problems, *questions, *doubts], findings.problems(raw.name))
    if day is None:
        message = "no hire date can be read, so that the census has no date"
        raise CensusError(message, problems=findings.problems(raw.name))
    good = frame.filter(~pl.col("row").is_in(findings.rows.to_list()))
    filled, defaults = _defaults(good, suggestion.columns, rules)
    return Understood(
        frame=filled,
        as_of=day,
        as_of_reason=reason,
        findings=findings,
        skipped=skipped,
        imputations=imputations,
        notes=(*raw.notes, *notes, *_unused(raw, suggestion), f"as of {day}: {reason}"),
        assumed=(*(str(each) for each in imputations), *defaults),
    )


def _unused(raw: RawTable, suggestion: Suggestion) -> list[str]:
    used = set(suggestion.columns.values())
    left = [column for column in raw.frame.columns if column not in used]
    more = f" and {len(left) - _SHOWN} more" if len(left) > _SHOWN else ""
    return [f"columns not used: {', '.join(left[:_SHOWN])}{more}"] if left else []


def _census_date(
    raw: RawTable, frame: pl.DataFrame, given: date | None
) -> tuple[date | None, str, list[Problem]]:
    """Return the census date and how it was found, or the question about it."""
    if given is not None:
        return given, "as given", []
    if raw.as_of is not None:
        return raw.as_of, "as the file states", []
    latest = frame.select("row", "hire_date").drop_nulls().sort("hire_date", "row", descending=[True, False])
    if latest.is_empty():
        return None, "", []
    last: date = latest["hire_date"][0]
    before = latest.filter(pl.col("hire_date") < last)["hire_date"].max()
    alone = (latest["hire_date"] == last).sum() == 1
    if alone and isinstance(before, date) and last - before > _LONGEST_PAUSE:
        where = f"{raw.name}, row {latest['row'][0]}, hire_date"
        found = f"the latest hire, {last}, is more than a year after the one before, {before}"
        return None, "", [Problem(where, found, hint="give the census date (`--as-of`), or correct the row")]
    return date(last.year, 12, 31), f"the end of the year of the latest hire, {last}", []


def _employed(
    frame: pl.DataFrame, cells: pl.DataFrame, rules: Mapping, as_of: date | None
) -> tuple[pl.DataFrame, pl.DataFrame, int]:
    """Return rows and cells, without former employees if the mapping asks for it, and how many those are."""
    if rules.former_employees == "reject":
        return frame, cells, 0
    stays = frame.select(~is_former(as_of)).to_series()
    return frame.filter(stays), cells.filter(stays), len(stays) - int(stays.sum())


def _refuse_open(raw: RawTable, questions: list[Problem], of_rows: list[Problem]) -> None:
    """Refuse a file with open questions, and say too what is wrong with rows in the fields that are clear."""
    asked = {_field(problem) for problem in questions}
    clear = [problem for problem in of_rows if _field(problem) not in asked]
    if questions:
        columns = ", ".join(raw.frame.columns[:_SHOWN]) + (" …" if raw.frame.width > _SHOWN else "")
        message = f"the census cannot be read without an answer; the columns of {raw.name} are: {columns}"
        raise CensusError(message, problems=[*questions, *clear])


NO_ELECTIONS: Final = (
    "no deferral elections: nobody starts as a participant of the plan; "
    "plan.auto_enrollment.scope: all_eligible enrols those who are there"
)


def _field(problem: Problem) -> str:
    return problem.where.rpartition(", ")[2]


def _defaults(frame: pl.DataFrame, columns: dict[str, str], rules: Mapping) -> tuple[pl.DataFrame, list[str]]:
    """Return the columns of a census, optional ones filled with their defaults, and which were absent."""
    optional = [each for each in FIELDS if each.in_frame and each.default is not None]
    absent = [each.name for each in optional if each.name not in columns and each.name not in rules.impute]
    filled = frame.with_columns(pl.col(each.column).fill_null(each.default) for each in optional)
    notes = [f"not in the file, set to their defaults: {', '.join(absent)}"] if absent else []
    if not filled.select(
        pl.any_horizontal(pl.col("deferral_bp", "roth_deferral_bp").is_not_null()).any()
    ).item():
        notes.insert(0, NO_ELECTIONS)
    return filled.select(CensusFrame.column_names()), notes
