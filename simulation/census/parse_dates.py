"""Texts as dates: ISO, European, American, with a month's name, Excel serials.

Day and month are never guessed: a column says its order by a value that fits only one, or the file's other
date columns do, or the mapping does. Knows nothing of what a date is for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

from simulation.errors import Problem

Order = Literal["dmy", "mdy", "ymd"]

TIME_OF_DAY: Final = r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[AaPp][Mm])?(Z|[+-]\d{2}:?\d{2})?$"
NUMERIC: Final = r"^(?<a>\d{1,2})(?<s>[-/.])(?<b>\d{1,2})[-/.](?<year>\d{4})$"
SHORT_YEAR: Final = r"^\d{1,2}[-/. ](\d{1,2}|[A-Za-z]{3,9})[-/. ]\d{2}$"
SERIAL: Final = r"^(?<serial>\d{5})(\.\d+)?$"
EXCEL_EPOCH_DAYS: Final = -25_569
"""Excel counts from 30 December 1899 (its 29 February 1900 included), so many days before 1970."""

_STYLES: Final = {
    "ISO": r"^(?<year>\d{4})[-/.](?<month>\d{1,2})[-/.](?<day>\d{1,2})$",
    "yyyymmdd": r"^(?<year>(?:19|20)\d{2})(?<month>\d{2})(?<day>\d{2})$",
    "day month-name year": r"^(?<day>\d{1,2})[-/. ]*(?<month>[A-Za-z]{3})[A-Za-z]*[-/., ]*(?<year>\d{4})$",
    "month-name day, year": r"^(?<month>[A-Za-z]{3})[A-Za-z]*[-/. ]*(?<day>\d{1,2})[-/., ]+(?<year>\d{4})$",
}
_MONTHS: Final = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH_NUMBERS: Final = {name: str(number) for number, name in enumerate(_MONTHS, start=1)}
_ORDERS: Final = {"dmy": "day/month/year", "mdy": "month/day/year"}
_LAST_MONTH: Final = 12


@dataclass(frozen=True)
class DateColumn:
    """A column's dates, null where blank or unreadable, and how they were read."""

    values: pl.Series
    style: str


def looks_like_date(texts: pl.Series) -> pl.Series:
    """Return which texts have the form of a date in any style, whether or not the day exists."""
    cell = _without_time(pl.col("text"))
    forms = [*_STYLES.values(), NUMERIC, SHORT_YEAR, SERIAL]
    return (
        texts.alias("text").to_frame().select(pl.any_horizontal(cell.str.contains(f) for f in forms))["text"]
    )


def read_dates(texts: pl.Series, order: Order | None) -> DateColumn:
    """Return the dates of a column of texts, numeric ones in the order given."""
    cell = _without_time(pl.col("text"))
    parts = {style: cell.str.extract_groups(form) for style, form in _STYLES.items()}
    numeric = cell.str.extract_groups(NUMERIC)
    if order in _ORDERS:
        day, month = ("a", "b") if order == "dmy" else ("b", "a")
        parts[_ORDERS[order]] = pl.struct(
            numeric.struct.field("year"),
            numeric.struct.field(month).alias("month"),
            numeric.struct.field(day).alias("day"),
        )
    serial = cell.str.extract(SERIAL.replace("?<serial>", ""), 1).cast(pl.Int32) + EXCEL_EPOCH_DAYS
    dates = {style: _date(part) for style, part in parts.items()} | {"Excel serial": serial.cast(pl.Date)}
    read = texts.alias("text").to_frame().select(date.alias(style) for style, date in dates.items())
    used = [style for style in dates if read[style].null_count() < read.height]
    return DateColumn(read.select(pl.coalesce(pl.all())).to_series(), " and ".join(used))


def orders(columns: Mapping[str, pl.Series], file: str) -> tuple[dict[str, Order], list[str], list[Problem]]:
    """Return the order of day and month of each date column, what to say of it, and what must be asked.

    A column without evidence of its own follows the file's other columns when these agree.
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
    cell = _without_time(pl.col("text"))
    frame = texts.alias("text").to_frame()
    numeric = frame.select("text", cell.str.extract_groups(NUMERIC).alias("g")).unnest("g").drop_nulls("year")
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
    undecided = numeric.filter((first != second) & (first <= _LAST_MONTH))
    if undecided.is_empty() or undecided["s"].eq(".").all():
        # Points between the numbers are the European form; equal numbers read the same either way.
        return _Evidence(either_way=numeric.height > 0)
    return _Evidence(open_example=undecided["text"][0])


def _without_time(cell: pl.Expr) -> pl.Expr:
    return cell.str.replace(TIME_OF_DAY, "")


def _date(parts: pl.Expr) -> pl.Expr:
    """Return the date of a struct of texts; null for a day that does not exist."""
    name = parts.struct.field("month").str.to_lowercase()
    month = name.replace(_MONTH_NUMBERS)
    iso = pl.format("{}-{}-{}", parts.struct.field("year"), month, parts.struct.field("day"))
    return iso.str.to_date("%Y-%m-%d", strict=False)
