"""Texts as dates: ISO, European, American, with a month's name, Excel serials.

Day and month are never guessed: a column says its order by a value that fits only one, or the file's other
date columns do, or the mapping does. Knows nothing of what a date is for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

from simulation.errors import Problem

Order = Literal["dmy", "mdy", "ymd"]

TIME_OF_DAY: Final = (
    r"[T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?( ?[AaPp][Mm])?(Z|[+-][0-9]{2}:?[0-9]{2})?$"
)
NUMERIC: Final = r"^(?<a>[0-9]{1,2})(?<s>[-/.])(?<b>[0-9]{1,2})[-/.](?<year>[0-9]{4})$"
SHORT_YEAR: Final = r"^[0-9]{1,2}[-/. ]([0-9]{1,2}|[A-Za-z]{3,9})[-/. ][0-9]{2}$"
SERIAL: Final = r"^([0-9]{5})(\.[0-9]+)?$"
EXCEL_EPOCH_DAYS: Final = -25_569
"""Excel counts from 30 December 1899 (its 29 February 1900 included), so many days before 1970."""

_YEAR, _DAY, _NAME = r"(?<year>[0-9]{4})", r"(?<day>[0-9]{1,2})", r"(?<month>[A-Za-z]{3})[A-Za-z]*"
_STYLES: Final = {
    "ISO": rf"^{_YEAR}[-/.](?<month>[0-9]{{1,2}})[-/.]{_DAY}$",
    "yyyymmdd": r"^(?<year>(?:19|20)[0-9]{2})(?<month>[0-9]{2})(?<day>[0-9]{2})$",
    "day month-name year": rf"^{_DAY}[-/. ]*{_NAME}[-/., ]*{_YEAR}$",
    "month-name day, year": rf"^{_NAME}[-/. ]*{_DAY}[-/., ]+{_YEAR}$",
}
_MONTHS: Final = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH_NUMBERS: Final = {name: str(number) for number, name in enumerate(_MONTHS, start=1)}
_ORDERS: Final = {"dmy": "day/month/year", "mdy": "month/day/year"}
_NUMERIC_ORDERS: Final = {
    "dmy": NUMERIC.replace("<a>", "<day>").replace("<b>", "<month>"),
    "mdy": NUMERIC.replace("<a>", "<month>").replace("<b>", "<day>"),
}
_LAST_MONTH: Final = 12


@dataclass(frozen=True)
class DateColumn:
    """A column's dates, null where blank or unreadable, and how they were read."""

    values: pl.Series
    style: str


def looks_like_date(texts: pl.Series) -> pl.Series:
    """Return which texts have the form of a date in any style, whether or not the day exists."""
    forms = [*_STYLES.values(), NUMERIC, SHORT_YEAR, SERIAL]
    cell = pl.col("text")
    return _without_time(texts).select(pl.any_horizontal(cell.str.contains(form) for form in forms))["text"]


def read_dates(texts: pl.Series, order: Order | None) -> DateColumn:
    """Return the dates of a column of texts, numeric ones in the order given.

    Style after style, until every text is read: most columns have one style and cost one pattern.
    """
    cells = _without_time(texts)
    values = pl.repeat(None, len(texts), dtype=pl.Date, eager=True)
    used = []
    for style, date in _styles(order).items():
        if values.null_count() == texts.null_count():
            break
        found = cells.select(date).to_series()
        if found.null_count() < len(found):
            used.append(style)
            values = values.zip_with(values.is_not_null(), found)
    return DateColumn(values, " and ".join(used))


def _styles(order: Order | None) -> dict[str, pl.Expr]:
    """Return each style's dates as an expression of ``text``."""
    cell = pl.col("text")
    parts = {style: cell.str.extract_groups(form) for style, form in _STYLES.items()}
    if order in _NUMERIC_ORDERS:
        parts[_ORDERS[order]] = cell.str.extract_groups(_NUMERIC_ORDERS[order])
    serial = cell.str.extract(SERIAL, 1).cast(pl.Int32) + EXCEL_EPOCH_DAYS
    return {style: _date(part) for style, part in parts.items()} | {"Excel serial": serial.cast(pl.Date)}


def orders(columns: Mapping[str, pl.Series], file: str) -> tuple[dict[str, Order], list[str], list[Problem]]:
    """Return the order of day and month of each date column, what to say of it, and what must be asked.

    A column without evidence of its own follows the file's other columns when these agree. The name of each
    series is the column's name in the file, which may state the order.
    """
    evidence = {name: _evidence(texts) for name, texts in columns.items()}
    known = {name: found.order for name, found in evidence.items() if found.order}
    result: dict[str, Order] = known | {name: "dmy" for name, found in evidence.items() if found.either_way}
    notes, problems = [], []
    for name, found in evidence.items():
        if found.contradiction:
            problems.append(Problem(f"{file}, {name}", found.contradiction, "one order", _ASK))
        elif found.open_example and len(set(known.values())) == 1:
            result[name] = next(iter(known.values()))
            teacher = next(iter(known))
            notes.append(f"{name}: {_ORDERS[result[name]]}, as in {teacher} (its own dates fit both orders)")
        elif found.open_example:
            what = f"day/month or month/day? every date fits both, such as {found.open_example!r}"
            problems.append(Problem(f"{file}, {name}", what, hint=_ASK))
    return result, notes, problems


_ASK: Final = "say it in the map: `dates: {order: dmy}` or `dates: {order: mdy}`"


@dataclass(frozen=True)
class _Evidence:
    """What the numeric dates of a column say about their order."""

    order: Order | None = None
    either_way: bool = False
    open_example: str = ""
    contradiction: str = ""


def _evidence(texts: pl.Series) -> _Evidence:
    numeric = (
        _without_time(texts)
        .filter(pl.col("text").str.contains(NUMERIC))
        .with_columns(pl.col("text").str.extract_groups(NUMERIC).alias("parts"))
        .unnest("parts")
    )
    first, second = pl.col("a").cast(pl.Int32), pl.col("b").cast(pl.Int32)
    day_first = numeric.filter((first > _LAST_MONTH) & (second <= _LAST_MONTH))["text"]
    month_first = numeric.filter((second > _LAST_MONTH) & (first <= _LAST_MONTH))["text"]
    if len(day_first) and len(month_first):
        return _Evidence(
            contradiction=f"{len(day_first)} dates are day/month ({day_first[0]!r}), "
            f"{len(month_first)} are month/day ({month_first[0]!r})"
        )
    if len(day_first) or len(month_first):
        return _Evidence("dmy" if len(day_first) else "mdy")
    stated = _order_in_name(texts.name)
    if stated and numeric.height:
        return _Evidence(stated)
    undecided = numeric.filter((first != second) & (first <= _LAST_MONTH))
    if undecided.is_empty() or undecided["s"].eq(".").all():
        # Points between the numbers are the European form; equal numbers read the same either way.
        return _Evidence(either_way=numeric.height > 0)
    return _Evidence(open_example=undecided["text"][0])


def _order_in_name(column: str) -> Order | None:
    """Return the order that a column's name states, as ``Hire Date (DD/MM/YYYY)`` does."""
    day_first = re.search(r"\bdd?\W*mm?\b", column.lower())
    month_first = re.search(r"\bmm?\W*dd?\b", column.lower())
    if bool(day_first) == bool(month_first):
        return None
    return "dmy" if day_first else "mdy"


def _without_time(texts: pl.Series) -> pl.DataFrame:
    """Return one column, ``text``, without times of day."""
    return pl.DataFrame({"text": texts}).with_columns(pl.col("text").str.replace(TIME_OF_DAY, ""))


def _date(parts: pl.Expr) -> pl.Expr:
    """Return the date of a struct of texts; null for a day that does not exist."""
    name = parts.struct.field("month").str.to_lowercase()
    month = name.replace(_MONTH_NUMBERS)
    iso = pl.format("{}-{}-{}", parts.struct.field("year"), month, parts.struct.field("day"))
    return iso.str.to_date("%Y-%m-%d", strict=False)
