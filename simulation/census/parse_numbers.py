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
_SPACED: Final = rf"^[0-9]{{1,3}}(?:[{_SPACES}][0-9]{{3}})+(?:[.,][0-9]*)?$"
_PLAIN: Final = r"^[0-9]+(?:[.,][0-9]*)?$"
_DIGITS: Final = r"^[0-9]+$"
_FORMS: Final[dict[Mark, str]] = {
    ".": r"^(?:(?:[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+)(?:\.[0-9]*)?|\.[0-9]+)$",
    ",": r"^(?:(?:[0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+)(?:,[0-9]*)?|,[0-9]+)$",
}
_GROUP: Final[dict[Mark, str]] = {".": ",", ",": "."}
_LONGEST: Final = 15
"""Digits before the mark: more is no pay, no balance and no rate, and would not fit 64 bits."""

_HALF: Final = 5
"""The digit from which the one before it is rounded up."""


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
    bodies = _undressed(texts.str.strip_suffix("%"))["body"]
    return bodies.str.contains(_FORMS["."]) | bodies.str.contains(_FORMS[","])


def decimal_mark(texts: pl.Series) -> MarkFound:
    """Return the decimal mark of a column, from the texts that can be read in one way only.

    Where every text that has a mark could be thousands (``1,234``), it is thousands if none of the texts
    without a mark has four digits: no money has exactly three decimals throughout.
    """
    bodies = _undressed(texts)["body"].drop_nulls()
    marked = bodies.filter(~bodies.str.contains(_DIGITS))
    point, comma = (marked.str.contains(_FORMS[mark]) for mark in (".", ","))
    only_point, only_comma = marked.filter(point & ~comma), marked.filter(comma & ~point)
    if len(only_point) and len(only_comma):
        return MarkFound(None, f"decimal points ({only_point[0]!r}) and commas ({only_comma[0]!r}) are mixed")
    if len(only_point) or len(only_comma):
        return MarkFound("." if len(only_point) else ",")
    either = marked.filter(point & comma)
    if either.is_empty():
        return MarkFound(".")
    ungrouped = bodies.str.contains(r"^[0-9]{4,}$").any()
    marks = {"," if "," in text else "." for text in either}
    if len(marks) == 1 and not ungrouped:
        return MarkFound("." if marks == {","} else ",")
    return MarkFound(None, f"is {either[0]!r} in thousands or with three decimals?")


def read_numbers(texts: pl.Series, mark: Mark, places: int) -> NumberColumn:
    """Return texts as whole numbers of ``10 ** -places``, half-up in the text's own digits.

    ``1,234.565`` with two places is 123457; ``1e5``, ``12 %`` and words are null.
    """
    body, whole, decimals = pl.col("body"), pl.col("whole"), pl.col("decimals")
    next_digit = decimals.str.slice(places, 1).cast(pl.Int64, strict=False).fill_null(0)
    kept = (whole + decimals.str.slice(0, places).str.pad_end(places, "0")).cast(pl.Int64, strict=False)
    fits = whole.str.strip_chars_start("0").str.len_chars() <= _LONGEST
    read = (
        _undressed(texts)
        .with_columns(pl.when(body.str.contains(_FORMS[mark])).then(body))
        .with_columns(body.str.replace_all(_GROUP[mark], "", literal=True).str.split_exact(mark, 1))
        .select("negative", body.struct.rename_fields(["whole", "decimals"]))
        .unnest("body")
        .with_columns(decimals.fill_null(""))
        .with_columns(pl.when(fits).then(kept + (next_digit >= _HALF).cast(pl.Int64)).alias("size"))
        .select(
            pl.when("negative").then(-pl.col("size")).otherwise("size").alias("value"),
            (pl.col("size").is_not_null() & decimals.str.slice(places).str.contains("[1-9]")).alias(
                "rounded"
            ),
        )
    )
    return NumberColumn(read["value"], int(read["rounded"].sum()))


def convert(values: pl.Series, times: int, over: int) -> pl.Series:
    """Return ``values x times / over``, halves away from zero."""
    return values.alias("value").to_frame().select(divide_half_up(pl.col("value") * times, over))["value"]


def _undressed(texts: pl.Series) -> pl.DataFrame:
    """Return ``body``, the digits and marks of amounts without currency, sign and spaces, and ``negative``.

    Step by step, because one expression of it all would run each pattern dozens of times; a column of plain
    numbers, which most are, needs no step.
    """
    frame = pl.DataFrame({"body": texts}).with_columns(pl.lit(value=False).alias("negative"))
    if texts.str.contains(_PLAIN).all():
        return frame
    body = pl.col("body")
    bare = body.str.strip_chars().str.replace(_LEADING_CURRENCY, "$1").str.replace(_TRAILING_CURRENCY, "$1")
    spaced = body.str.replace_all(rf"[{_SPACES}]", "")
    return (
        frame.with_columns(bare)
        .with_columns(body.str.contains(_NEGATIVE).alias("negative"))
        .with_columns(pl.coalesce(*(body.str.extract(form, 1) for form in _SIGNED), body).alias("body"))
        .with_columns(pl.when(body.str.contains(_SPACED)).then(spaced).otherwise(body).alias("body"))
    )
