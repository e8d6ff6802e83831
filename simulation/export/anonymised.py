"""Verdicts for sharing: pseudonyms for ids, days moved within their month, small numbers of people withheld.

Pay and amounts stay, as in an anonymised census, and so do the rows: who knows the pay of a person can still
find it, and who has the working can count it. What is withheld protects figures that go without their rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import numpy as np
import polars as pl

from simulation.census.anonymise import date_seed, day_of_month, pseudonym, secret_of
from simulation.compliance import Figure, Unit, Verdict
from simulation.ids import person_keys
from simulation.rng import Purpose, uniform_array

SMALL_CELL: Final = 5
"""Numbers of people from one to one less are withheld: of so few, those who are in it can tell the others.

Five is what statistical offices ask of tables of people; nought says nothing about anybody, and stays.
"""

_SMALL_IN_TEXT: Final = re.compile(rf"\b[1-{SMALL_CELL - 1}](?= (?:of|participants?|employees?)\b)")
"""A small number of people in a reason."""

_DRAW_YEAR: Final = 0


def anonymised(verdicts: Iterable[Verdict], key: str | None = None) -> list[Verdict]:
    """Return verdicts in which nobody has a name.

    Args:
        verdicts: What to anonymise.
        key: A secret that makes the same pseudonyms and days again, those of a census that was anonymised
            with it too; without one they are drawn from the operating system. It is stored nowhere.
    """
    secret = secret_of(key)
    return [_hidden(verdict, secret) for verdict in verdicts]


def _hidden(verdict: Verdict, secret: bytes) -> Verdict:
    return replace(
        verdict,
        reason=_SMALL_IN_TEXT.sub(f"<{SMALL_CELL}", verdict.reason),
        figures=tuple(map(withheld_if_small, verdict.figures)),
        working=lambda: _nameless(verdict.rows, secret),
    )


def withheld_if_small(figure: Figure) -> Figure:
    """Return a figure without its value where that is a small number of people."""
    if figure.unit is Unit.PEOPLE and figure.value is not None and 0 < figure.value < SMALL_CELL:
        return replace(figure, value=None, below=SMALL_CELL)
    return figure


def _nameless(rows: pl.DataFrame, secret: bytes) -> pl.DataFrame:
    if "employee_id" not in rows.columns:
        return rows
    ids = rows["employee_id"]
    # Seeds differ by column, so that two days of a person are not moved alike.
    moved = [
        day_of_month(pl.col(name), pl.col(name).dt.month_end(), _draws(secret, name, ids)).alias(name)
        for name in rows.select(pl.col(pl.Date)).columns
    ]
    names = pl.Series([pseudonym(secret, name) for name in ids], dtype=pl.String)
    return rows.with_columns(names.alias("employee_id"), *moved)


def _draws(secret: bytes, column: str, ids: pl.Series) -> np.typing.NDArray[np.float64]:
    keys = person_keys(ids).to_numpy()
    return uniform_array(date_seed(secret, column), Purpose.CENSUS_ANONYMISE, _DRAW_YEAR, keys, 0)
