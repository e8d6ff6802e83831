"""Texts as the typed columns of a census: one parser a kind, units found in names and values or asked for.

What cannot be read becomes null beside its text, for ``check`` to report; what could mean two things becomes
a question about the column. Knows nothing of what is plausible.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from simulation.census.fields import BY_NAME, FIELDS, Field, Kind, Unit
from simulation.census.mapping import Mapping
from simulation.census.parse_dates import orders, read_dates
from simulation.census.parse_numbers import Mark, convert, decimal_mark, read_numbers
from simulation.census.read import RawTable
from simulation.errors import Problem

BLANKS: Final = ("-", "--", "n/a", "na", "#n/a", "null", "none", "nan", "nil", "0000-00-00", "00/00/0000")
"""Cells that say nothing, except where every text counts."""

_EVERY_TEXT_COUNTS: Final = ("employee_id", "department")

_YES: Final = ("y", "yes", "true", "t", "1", "1.0", "x")
_NO: Final = ("n", "no", "false", "f", "0", "0.0")
_LEVEL: Final = r"^(?i:l|lvl|level|grade|band)?[ -]?([1-5])(?:\.0+)?$"
_MONEY_SIGN: Final = r"[$€£]"
_HUNDRED: Final = 100
_FRACTION_PLACES: Final = 4
_LONGEST_WEEK: Final = 168


@dataclass
class Reading:
    """The columns read so far, and what there is to say and to ask about them."""

    file: str
    mapping: Mapping
    columns: dict[str, pl.Series] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def ask(self, name: str, question: str, hint: str) -> None:
        """Note a question that only a mapping can answer."""
        self.problems.append(Problem(f"{self.file}, {name}", question, hint=hint))


def parse(
    raw: RawTable, columns: dict[str, str], mapping: Mapping
) -> tuple[pl.DataFrame, tuple[str, ...], tuple[Problem, ...]]:
    """Return the typed frame, notes, and questions about whole columns.

    The frame has ``row``, a typed column for every field (null where the file has none) and, for every
    field, its text in the file as ``text:<field>``.
    """
    reading = Reading(raw.name, mapping)
    texts = {
        name: _texts(raw.frame[column], name, mapping, reading.notes) for name, column in columns.items()
    }
    date_texts = {name: text for name, text in texts.items() if BY_NAME[name].kind is Kind.DATE}
    date_orders, notes, problems = orders(date_texts, raw.name)
    if mapping.dates.order:
        date_orders, notes, problems = dict.fromkeys(date_texts, mapping.dates.order), [], []
    reading.notes += notes
    reading.problems += problems
    for name, text in texts.items():
        if name in date_texts:
            found = read_dates(text, date_orders.get(name))
            reading.columns[name] = found.values
            reading.notes += _style_notes(raw, name, found.style)
        else:
            _PARSERS[BY_NAME[name].kind](reading, BY_NAME[name], text, columns[name])
    return _frame(raw, reading.columns, texts), tuple(reading.notes), tuple(reading.problems)


def _style_notes(raw: RawTable, name: str, style: str) -> list[str]:
    """Return what to say of how dates were read, and of the trap of a workbook that has both kinds."""
    notes = [f"{name}: dates read as {style}"] if style else []
    if raw.facts.get("format") == "XLSX" and "ISO" in style and "/" in style:
        trap = "where Excel made dates of such texts itself it may have swapped day and month: check some"
        notes.append(f"{name}: real dates and texts such as 31/12/2024 are mixed; {trap}")
    return notes


def _frame(raw: RawTable, read: dict[str, pl.Series], texts: dict[str, pl.Series]) -> pl.DataFrame:
    height = raw.frame.height
    frame = pl.DataFrame({"row": raw.rows})
    for each in FIELDS:
        values = read.get(each.name, pl.repeat(None, height, eager=True))
        text = texts.get(each.name, pl.repeat(None, height, dtype=pl.String, eager=True))
        frame = frame.with_columns(
            values.cast(each.dtype, strict=False).alias(each.column), text.alias(f"text:{each.name}")
        )
    return frame


def _texts(cells: pl.Series, name: str, mapping: Mapping, notes: list[str]) -> pl.Series:
    """Return a field's cells: what the mapping says that they mean, and null for those that say nothing."""
    meant = {text: meaning or None for text, meaning in mapping.values.get(name, {}).items()}
    idle = [text for text in meant if text not in set(cells.unique().drop_nulls())]
    if idle:
        notes.append(f"{name}: `values` names texts that the file does not have: {', '.join(idle)}")
    texts = cells.replace(meant) if meant else cells
    frame = texts.str.replace_all(r"\s+", " ").alias("text").to_frame()
    if name in _EVERY_TEXT_COUNTS:
        return frame["text"].alias(cells.name)
    silent = pl.col("text").str.to_lowercase().is_in(BLANKS)
    return frame.select(pl.when(~silent).then(pl.col("text")))["text"].alias(cells.name)


def _text(reading: Reading, which: Field, texts: pl.Series, _column: str) -> None:
    reading.columns[which.name] = texts


def _level(reading: Reading, which: Field, texts: pl.Series, _column: str) -> None:
    reading.columns[which.name] = texts.str.extract(_LEVEL, 1).cast(pl.Int8)


def _flag(reading: Reading, which: Field, texts: pl.Series, _column: str) -> None:
    words = dict.fromkeys(_YES, True) | dict.fromkeys(_NO, False)
    reading.columns[which.name] = texts.str.to_lowercase().replace_strict(
        words, default=None, return_dtype=pl.Boolean
    )


def _choice(reading: Reading, which: Field, texts: pl.Series, _column: str) -> None:
    spellings = {spelling: word for word, spellings in which.choices.items() for spelling in spellings}
    plain = texts.str.to_lowercase().str.replace_all(r"[-_\s]+", " ")
    reading.columns[which.name] = plain.replace_strict(spellings, default=None, return_dtype=pl.String)


def _number(reading: Reading, which: Field, texts: pl.Series, column: str) -> None:
    mark = _mark(reading, which, texts)
    if mark is None:
        return
    unit = _UNITS[which.kind](reading, which, texts, column, mark)
    if unit is not None:
        reading.columns[which.name] = _converted(reading, which, texts, mark, unit)


def _rate(reading: Reading, which: Field, texts: pl.Series, column: str) -> None:
    """A rate with a percent sign is in percent, whatever the unit of the others."""
    money = texts.filter(texts.str.contains(_MONEY_SIGN).fill_null(value=False))
    if len(money):
        hint = f"{which.name} is a share of pay: give it as one, or leave it out in the map"
        reading.ask(which.name, f"an amount of money? found {money[0]!r}", hint)
        return
    signed = texts.str.ends_with("%")
    bare = texts.set(signed.fill_null(value=False), None)
    mark = _mark(reading, which, texts.str.strip_suffix("%").str.strip_chars())
    if mark is None:
        return
    unit = _rate_unit(reading, which, bare, column, mark)
    if unit is None:
        return
    percent = _converted(
        reading,
        which,
        texts.set(~signed.fill_null(value=False), None).str.strip_suffix("%"),
        mark,
        which.units[0],
    )
    others = _converted(reading, which, bare, mark, unit)
    reading.columns[which.name] = percent.zip_with(signed.fill_null(value=False), others)


def _mark(reading: Reading, which: Field, texts: pl.Series) -> Mark | None:
    if reading.mapping.decimal:
        return reading.mapping.decimal
    found = decimal_mark(texts)
    if found.mark is None:
        reading.ask(which.name, found.question, 'say it in the map: `decimal: "."` or `decimal: ","`')
    return found.mark


def _converted(reading: Reading, which: Field, texts: pl.Series, mark: Mark, unit: Unit) -> pl.Series:
    numbers = read_numbers(texts, mark, unit.places)
    if numbers.rounded:
        step = {Kind.MONEY: "cent", Kind.RATE: "basis point"}.get(which.kind, "hour")
        reading.notes.append(f"{which.name}: {numbers.rounded} values were rounded half-up to the {step}")
    return convert(numbers.values, unit.times, unit.over)


def _stated_unit(reading: Reading, which: Field, column: str) -> Unit | None:
    """Return the unit that the mapping states, or the column's name."""
    stated = reading.mapping.units.get(which.name)
    if stated:
        return next(unit for unit in which.units if unit.name == stated)
    words = set(re.findall(r"[a-z]+|%", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", column).lower()))
    named = [unit for unit in which.units if words & set(unit.words)]
    return named[0] if len(named) == 1 else None


def _money_unit(reading: Reading, which: Field, _texts: pl.Series, column: str, _mark: Mark) -> Unit | None:
    return _stated_unit(reading, which, column) or which.units[0]


def _hours_unit(reading: Reading, which: Field, texts: pl.Series, column: str, mark: Mark) -> Unit | None:
    year, _week, fte = which.units
    numbers = read_numbers(texts, mark, _FRACTION_PLACES).values
    numbers = numbers.filter(numbers.fill_null(0) > 0).sort()
    one = 10**_FRACTION_PLACES
    stated = _stated_unit(reading, which, column)
    if stated:
        return stated
    if numbers.is_empty() or numbers[0] > _LONGEST_WEEK * one:
        return year
    if numbers[-1] <= one:
        return fte
    reading.ask(
        which.name,
        f"hours a week, a year, or a share of full time? found {texts.drop_nulls()[0]!r}",
        f"say it in the map: `units: {{{which.name}: week}}` (or year, fte)",
    )
    return None


def _rate_unit(reading: Reading, which: Field, texts: pl.Series, column: str, mark: Mark) -> Unit | None:
    """Return the unit of rates without a percent sign, if values or names leave no doubt."""
    percent, fraction, basis_points = which.units
    if which.name in reading.mapping.units:
        return _stated_unit(reading, which, column)
    one = 10**_FRACTION_PLACES
    values = read_numbers(texts, mark, _FRACTION_PLACES).values
    sizes = values.filter(values.fill_null(0) != 0).abs().sort()
    if sizes.is_empty():
        return percent
    low, high = sizes[0], sizes[-1]
    named = _stated_unit(reading, which, column)
    if named is basis_points:
        return named
    if high <= one and low < one and named is not percent and which.name != "ownership":
        return fraction
    if one <= low and one < high <= _HUNDRED * one and named is not fraction:
        return percent
    example = texts.filter(values.abs() == high)[0]
    reading.ask(
        which.name,
        f"percent, fraction or basis points? found {example!r}",
        f"say it in the map: `units: {{{which.name}: percent}}` (or fraction, basis_points)",
    )
    return None


_UNITS: Final = {Kind.MONEY: _money_unit, Kind.HOURS: _hours_unit}

_PARSERS: Final[dict[Kind, Callable[[Reading, Field, pl.Series, str], None]]] = {
    Kind.IDENTITY: _text,
    Kind.TEXT: _text,
    Kind.LEVEL: _level,
    Kind.FLAG: _flag,
    Kind.CHOICE: _choice,
    Kind.MONEY: _number,
    Kind.HOURS: _number,
    Kind.RATE: _rate,
}
