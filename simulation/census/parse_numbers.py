"""Texts as whole numbers of a small unit (cents, basis points, hours), exactly: no float is ever made.

Decimal commas, thousands marks, currency signs, brackets for minus. What ``1,234`` means is never guessed
from one cell: the whole column decides, or the mapping does. Knows nothing of what is counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

from simulation.units import divide_half_up

Mark = Literal[".", ","]

_SPACES: Final = " \u00a0\u202f'’"
_CURRENCY: Final = r"(?i:US\$|[$€£]|USD|EUR|GBP)"
_LEADING_CURRENCY: Final = rf"^([-+−(]?)\s*{_CURRENCY}\s*"
_TRAILING_CURRENCY: Final = rf"\s*{_CURRENCY}\s*([-−)]?)$"
_NEGATIVE: Final = r"^\(.+\)$|^[-−]|[-−]$"
_SIGNED: Final = (r"^\(\s*(.+?)\s*\)$", r"^[-+−]\s*(.+)$", r"^(.+?)\s*[-−]$")
_SPACED: Final = rf"^\d{{1,3}}(?:[{_SPACES}]\d{{3}})+(?:[.,]\d*)?$"
_FORMS: Final[dict[Mark, str]] = {
    ".": r"^(?:(?:\d+|[1-9]\d{0,2}(?:,\d{3})+)(?:\.\d*)?|\.\d+)$",
    ",": r"^(?:(?:\d+|[1-9]\d{0,2}(?:\.\d{3})+)(?:,\d*)?|,\d+)$",
}
_GROUP: Final[dict[Mark, str]] = {".": ",", ",": "."}
_LONGEST: Final = 15
"""Digits before the mark: more is no pay, no balance and no rate, and would not fit 64 bits."""


@dataclass(frozen=True)
class NumberColumn:
    """A column's numbers in whole units, null where blank or unreadable, and how many had to be rounded."""

    values: pl.Series
    rounded: int


@dataclass(frozen=True)
class MarkFound:
    """The decimal mark that a column uses, or why that is a question."""

    mark: Mark | None
    question: str = ""


def looks_like_number(texts: pl.Series) -> pl.Series:
    """Return which texts are numbers under either decimal mark, a percent sign allowed."""
    cell = _undressed(pl.col("text").str.strip_suffix("%"))
    either = cell.str.contains(_FORMS["."]) | cell.str.contains(_FORMS[","])
    return texts.alias("text").to_frame().select(either)["text"]


def decimal_mark(texts: pl.Series) -> MarkFound:
    """Return the decimal mark of a column, from the texts that can be read in one way only.

    Where every text that has a mark could be thousands (``1,234``), it is thousands if none of the texts
    without a mark has four digits: no money has exactly three decimals throughout.
    """
    cells = texts.alias("text").to_frame().select(_undressed(pl.col("text"))).drop_nulls()
    point, comma = (pl.col("text").str.contains(_FORMS[mark]) for mark in (".", ","))
    same = pl.col("text").str.contains(r"^\d+$")
    only_point = cells.filter(point & ~comma)["text"]
    only_comma = cells.filter(comma & ~point)["text"]
    if len(only_point) and len(only_comma):
        return MarkFound(None, f"decimal points ({only_point[0]!r}) and commas ({only_comma[0]!r}) are mixed")
    if len(only_point) or len(only_comma):
        return MarkFound("." if len(only_point) else ",")
    open_cells = cells.filter(point & comma & ~same)["text"]
    if open_cells.is_empty():
        return MarkFound(".")
    ungrouped = cells.filter(same & (pl.col("text").str.len_chars() > 3))["text"]  # noqa: PLR2004  a group
    marks = {"," if "," in text else "." for text in open_cells}
    if len(marks) == 1 and ungrouped.is_empty():
        return MarkFound("." if marks == {","} else ",")
    return MarkFound(None, f"is {open_cells[0]!r} in thousands or with three decimals?")


def read_numbers(texts: pl.Series, mark: Mark, places: int) -> NumberColumn:
    """Return texts as whole numbers of ``10 ** -places``, half-up in the text's own digits.

    ``1,234.565`` with two places is 123457; ``1e5``, ``12 %`` and words are null.
    """
    cell = _without_currency(pl.col("text"))
    frame = (
        texts.alias("text")
        .to_frame()
        .select(cell.str.contains(_NEGATIVE).alias("negative"), _undressed(pl.col("text")).alias("body"))
    )
    body = pl.when(pl.col("body").str.contains(_FORMS[mark])).then(pl.col("body"))
    plain = body.str.replace_all(_GROUP[mark], "", literal=True)
    whole = plain.str.extract(rf"^(\d*)\{mark}?", 1)
    decimals = pl.coalesce(plain.str.extract(rf"\{mark}(\d*)$", 1), pl.lit(""))
    fits = whole.str.strip_chars_start("0").str.len_chars() <= _LONGEST
    kept = (whole + decimals.str.slice(0, places).str.pad_end(places, "0")).cast(pl.Int64, strict=False)
    next_digit = decimals.str.slice(places, 1).cast(pl.Int64, strict=False).fill_null(0)
    size = pl.when(fits).then(kept + (next_digit >= 5).cast(pl.Int64))  # noqa: PLR2004  half-up
    read = frame.select(
        pl.when("negative").then(-size).otherwise(size).alias("value"),
        (size.is_not_null() & decimals.str.slice(places).str.contains("[1-9]")).alias("rounded"),
    )
    return NumberColumn(read["value"], int(read["rounded"].sum()))


def convert(values: pl.Series, times: int, over: int) -> pl.Series:
    """Return ``values x times / over``, halves away from zero."""
    return values.alias("value").to_frame().select(divide_half_up(pl.col("value") * times, over))["value"]


def _without_currency(cell: pl.Expr) -> pl.Expr:
    """Return an amount without its currency, the sign on either side of it kept."""
    leading = cell.str.strip_chars().str.replace(_LEADING_CURRENCY, "$1")
    return leading.str.replace(_TRAILING_CURRENCY, "$1")


def _undressed(cell: pl.Expr) -> pl.Expr:
    """Return the digits and marks of an amount: no currency, no sign, no spaces between thousands."""
    amount = _without_currency(cell)
    bare = pl.coalesce(*(amount.str.extract(form, 1) for form in _SIGNED), amount)
    spaced = bare.str.replace_all(rf"[{_SPACES}]", "")
    return pl.when(bare.str.contains(_SPACED)).then(spaced).otherwise(bare)
