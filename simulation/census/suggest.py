"""Which column is which field: by known names, by names that are nearly so, and by what the cells look like.

Suggests with a score and a reason; where two columns are equally good it asks. Knows no units and no values.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

import polars as pl
from rapidfuzz import fuzz

from simulation.census.fields import BY_NAME, FIELDS, Field, Kind
from simulation.census.parse_dates import looks_like_date
from simulation.census.parse_numbers import looks_like_number
from simulation.census.read import RawTable
from simulation.errors import CensusError, Problem

ACCEPTED: Final = 80
"""The score from which a column is taken without asking."""

_MENTIONED: Final = 65
"""The score from which a column that was not taken is worth a hint."""

_CLOSE: Final = 2
"""Two columns whose scores are no further apart are equally good."""

_SAMPLE: Final = 1_000
_FITS: Final = 0.5
_OWN, _SPELLED, _KNOWN = 100, 97, 84

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
_UNIT_WORDS: Final = frozenset({"usd", "cents", "bp", "bps", "percent", "%"})


@dataclass(frozen=True)
class Match:
    """A column taken for a field: how sure (0 to 100), and why."""

    field: str
    column: str
    score: int
    reason: str


@dataclass(frozen=True)
class Suggestion:
    """The columns taken, and what has to be asked."""

    matches: tuple[Match, ...]
    problems: tuple[Problem, ...]

    @property
    def columns(self) -> dict[str, str]:
        """Return the column of each field that has one."""
        return {match.field: match.column for match in self.matches}

    def as_yaml(self) -> str:
        """Return the beginning of a mapping file: what was found, and the required fields still to name."""
        found = {match.field: match.column for match in self.matches}
        lines = [
            f"  {field.name}: {_quoted(found.get(field.name, ''))}"
            for field in FIELDS
            if field.name in found or field.required
        ]
        return "\n".join(["columns:", *lines, ""])


def suggest_mapping(
    raw: RawTable, stated: dict[str, str | None] | None = None, imputed: Iterable[str] = ()
) -> Suggestion:
    """Return a column for each field that has one without doubt.

    Args:
        raw: The file's table.
        stated: What a mapping says already; a field stated as None is left out.
        imputed: Fields that need no column, because a rule fills them.
    """
    stated = stated or {}
    matches, problems = _stated_matches(raw, stated)
    free = [name for name in raw.frame.columns if name not in {match.column for match in matches}]
    scores = _scores(raw, free, [field for field in FIELDS if field.name not in stated])
    taken, asked = _assign(scores)
    matches += taken
    named = {field for field, column in stated.items() if column is not None}
    have = {match.field for match in matches} | named | set(imputed) | {ask.where for ask in asked}
    missing = [field for field in FIELDS if field.required and field.name not in have]
    problems += [Problem(f"{raw.name}, {ask.where}", ask.found, ask.allowed, ask.hint) for ask in asked]
    used = {match.column for match in matches}
    problems += [_missing(raw, field, [m for m in scores if m.column not in used]) for field in missing]
    order = list(BY_NAME)
    return Suggestion(tuple(sorted(matches, key=lambda match: order.index(match.field))), tuple(problems))


def _stated_matches(raw: RawTable, stated: dict[str, str | None]) -> tuple[list[Match], list[Problem]]:
    matches: list[Match] = []
    problems: list[Problem] = []
    for field, name in stated.items():
        if name is None:
            continue
        try:
            matches.append(Match(field, raw.column(name), _OWN, "named in the mapping"))
        except CensusError as error:
            problems += [
                Problem(f"{raw.name}, {field}", problem.found, problem.allowed, problem.hint)
                for problem in error.problems
            ]
    return matches, problems


def _scores(raw: RawTable, columns: list[str], fields: list[Field]) -> list[Match]:
    """Return every pair worth a mention, the best first."""
    samples = {column: raw.frame[column].drop_nulls().head(_SAMPLE) for column in columns}
    pairs = [_score(field, column, samples[column]) for field in fields for column in columns]
    order = list(BY_NAME)
    worth = [match for match in pairs if match.score >= _MENTIONED]
    return sorted(worth, key=lambda match: (-match.score, order.index(match.field)))


def _score(field: Field, column: str, sample: pl.Series) -> Match:
    """Return how well a column suits a field: a known name needs no proof, a similar one its cells."""
    words = _words(column)
    by_name, reason = _name_score(field, column, words)
    if by_name < _MENTIONED:
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
        return _OWN if column in {field.name, field.column} else _SPELLED, "the field's own name"
    known = [_words(name) for name in field.names]
    if words in known:
        return _KNOWN, f"a known name of {field.name}"
    likeness = max((fuzz.token_sort_ratio(words, name), name) for name in [own, *known])
    return min(round(likeness[0]), _KNOWN - 1), f"a name like {likeness[1]!r}"


def _words(name: str) -> str:
    """Return a column's name as plain words: ``EmpNo`` and ``EMP_NO`` are ``employee number``."""
    bare = re.sub(r" #\d+$", "", name)
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", bare)
    words = re.sub(r"[^a-z0-9%]+", " ", split.lower()).split()
    spelled = " ".join(_ABBREVIATIONS.get(word, word) for word in words)
    plain = [word for word in spelled.split() if word not in _UNIT_WORDS]
    return " ".join(plain)


def _assign(scores: list[Match]) -> tuple[list[Match], list[Problem]]:
    """Return the best column of each field, one field a column, and a question where two are as good."""
    taken: list[Match] = []
    asked: list[Problem] = []
    for best in scores:
        closed = {match.field for match in taken} | {problem.where for problem in asked}
        used = {match.column for match in taken}
        if best.score < ACCEPTED or best.field in closed or best.column in used:
            continue
        rivals = [
            match.column
            for match in scores
            if match.field == best.field
            and match.column not in used
            and match.score >= max(ACCEPTED, best.score - _CLOSE)
        ]
        if len(rivals) > 1:
            names = " or ".join(repr(column) for column in rivals)
            hint = f"name one in the map: `columns: {{{best.field}: {_quoted(rivals[0])}}}`"
            asked.append(Problem(best.field, f"{names}? they suit it equally well", hint=hint))
        else:
            taken.append(best)
    return taken, asked


def _missing(raw: RawTable, field: Field, near: list[Match]) -> Problem:
    candidates = [match.column for match in near if match.field == field.name][:3]
    like = f"perhaps {' or '.join(map(repr, candidates))}; " if candidates else ""
    ways = f"name it in the map: `columns: {{{field.name}: …}}`, or declare `impute: {{{field.name}: …}}`"
    found = f"no column for {field.name} ({field.meaning})"
    return Problem(f"{raw.name}, {field.name}", found, hint=f"{like}{ways}")


def _quoted(name: str) -> str:
    """Return a column's name as a YAML value."""
    return (
        name
        if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_ ]*[A-Za-z0-9_]|", name)
        else '"' + name.replace('"', '\\"') + '"'
    )


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
