"""How well a column suits a field: by known names, by names that are nearly so, by what its cells look like.

Scores and gives reasons; decides nothing. Knows no units and no values.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Final

import polars as pl
from rapidfuzz import fuzz

from simulation.census.fields import Field, Kind
from simulation.census.parse_dates import looks_like_date
from simulation.census.parse_numbers import looks_like_number

CERTAIN: Final = 100
MENTIONED: Final = 65
"""The score from which a column is worth a hint."""

_SPELLED, _KNOWN, _FITS = 97, 84, 0.5

_ABBREVIATIONS: Final = {
    "emp": "employee",
    "empl": "employee",
    "ee": "employee",
    "dt": "date",
    "no": "number",
    "num": "number",
    "nbr": "number",
    "nr": "number",
    "sal": "salary",
    "comp": "compensation",
    "dept": "department",
    "hrs": "hours",
    "hr": "hours",
    "yr": "year",
    "lvl": "level",
    "pct": "percent",
    "perf": "performance",
    "birthdate": "birth date",
    "hiredate": "hire date",
    "startdate": "start date",
    "employeeid": "employee id",
    "empid": "employee id",
    "empno": "employee number",
    "ann": "annual",
    "sched": "scheduled",
    "term": "termination",
}
_UNIT_WORDS: Final = frozenset({"usd", "cents", "bp", "bps", "percent", "%", "dd", "mm", "yyyy"})


@dataclass(frozen=True)
class Match:
    """A column taken for a field: how sure (0 to 100), and why."""

    field: str
    column: str
    score: int
    reason: str


def score(field: Field, column: str, sample: pl.Series) -> Match:
    """Return how well a column suits a field: a known name needs no proof, a similar one its cells."""
    words = _words(column)
    by_name, reason = _name_score(field, column, words)
    if by_name < MENTIONED:
        return Match(field.name, column, 0, "")
    share = _CONTENT[field.kind](sample) if len(sample) else _FITS
    if by_name >= _SPELLED:
        score = by_name
    elif by_name == _KNOWN:
        score = _KNOWN + round(4 * share + 0.06 * fuzz.token_sort_ratio(words, _words(field.name)))
    else:
        score = round(by_name * (0.6 + 0.4 * share)) if share >= _FITS else 0
    return Match(field.name, column, score, f"{reason}; {share:.0%} of its cells look like {field.kind}")


def _name_score(field: Field, column: str, words: str) -> tuple[int, str]:
    own = _words(field.name)
    if words == own:
        return CERTAIN if column in {field.name, field.column} else _SPELLED, "the field's own name"
    known = [_words(name) for name in field.names]
    if words in known:
        return _KNOWN, f"a known name of {field.name}"
    likeness = max((fuzz.token_sort_ratio(words, name), name) for name in [own, *known])
    return min(round(likeness[0]), _KNOWN - 1), f"a name like {likeness[1]!r}"


@cache
def _words(name: str) -> str:
    """Return a column's name as plain words: ``EmpNo`` and ``EMP_NO`` are ``employee number``."""
    bare = re.sub(r" #\d+$", "", name)
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", bare)
    words = re.sub(r"[^\w%]+|_", " ", split.lower()).split()
    spelled = " ".join(_ABBREVIATIONS.get(word, word) for word in words)
    plain = [word for word in spelled.split() if word not in _UNIT_WORDS]
    return " ".join(plain)


def cells_could_be(field: Field, sample: pl.Series) -> bool:
    """Return whether a column has just the cells of a field, if the field is one that shows in its cells."""
    form = _TELLING.get(field.kind)
    if form is None or sample.is_empty():
        return False
    return _CONTENT[field.kind](sample) == 1 and bool(sample.str.contains(form).all())


def _share(flags: pl.Series) -> float:
    return int(flags.sum()) / len(flags)


def _words_of(sample: pl.Series) -> pl.Series:
    return sample.str.to_lowercase()


_LEVEL_TEXT: Final = r"^(l|lvl|level|grade|band)?[ -]?[1-5](\.0+)?$"
_FLAG_TEXT: Final = r"^(y|n|yes|no|t|f|true|false|0|1|x)$"

_CONTENT: Final[dict[Kind, Callable[[pl.Series], float]]] = {
    Kind.IDENTITY: lambda sample: sample.n_unique() / len(sample),
    Kind.DATE: lambda sample: _share(looks_like_date(sample)),
    Kind.LEVEL: lambda sample: _share(_words_of(sample).str.contains(_LEVEL_TEXT)),
    Kind.TEXT: lambda sample: 1 - _share(looks_like_date(sample) | looks_like_number(sample)),
    Kind.MONEY: lambda sample: _share(looks_like_number(sample)),
    Kind.HOURS: lambda sample: _share(looks_like_number(sample)),
    Kind.RATE: lambda sample: _share(looks_like_number(sample)),
    Kind.CHOICE: lambda sample: 1 - sample.n_unique() / len(sample),
    Kind.FLAG: lambda sample: _share(_words_of(sample).str.contains(_FLAG_TEXT)),
}
"""The share of a sample's cells that look like what a kind of field holds."""

_TELLING: Final = {
    Kind.IDENTITY: r"^[^\s.,/]*\d[^\s.,/]*$",
    Kind.DATE: r"\d",
    Kind.LEVEL: r"[1-5]",
    Kind.MONEY: r"\d\D?\d\D?\d\D?\d",
}
"""Kinds that cells alone can suggest, and a form that all of them have then."""
