"""Texts that no spreadsheet takes for a formula: the one rule, for a cell and for a column.

An apostrophe says that what follows is text; it is not shown. Numbers stay as they are, for they compute
nothing. Sources: OWASP, "CSV Injection"; the full-width forms of = + - @ are calculated too.
"""

from __future__ import annotations

import re
from typing import Final

import polars as pl

FORMULA: Final = r"^[=+\-@\t\r\n＝＋－＠]"  # noqa: RUF001  the full-width signs are meant
"""How a text begins that a spreadsheet would compute."""

NUMBER: Final = r"^[+\-][0-9,]*(?:[0-9],*\.?|\.,*[0-9])[0-9,]*$"
"""A number with its sign, thousands apart or not."""

_FORMULA: Final = re.compile(FORMULA)
_NUMBER: Final = re.compile(NUMBER.removesuffix("$"))


def inert(text: str) -> str:
    """Return a text such that no spreadsheet takes it for a formula."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def inert_texts(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame each of whose texts is ``inert``, its columns' names too."""
    text = pl.col(pl.String, pl.Categorical, pl.Enum).cast(pl.String)
    risky = text.str.contains(FORMULA) & ~text.str.contains(NUMBER)
    return frame.with_columns(pl.when(risky).then(text.str.replace("^", "'")).otherwise(text)).rename(inert)
