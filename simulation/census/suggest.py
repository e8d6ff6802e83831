"""Which column is taken for which field, and which question has to be asked instead.

One column a field; where two are equally good it asks. Knows no units and no values.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from simulation.census.fields import BY_NAME, FIELDS, Field
from simulation.census.impute import EXAMPLES
from simulation.census.likeness import CERTAIN, MENTIONED, Match, cells_could_be, score
from simulation.census.parse_dates import looks_like_date
from simulation.census.parse_numbers import looks_like_number
from simulation.census.read import RawTable
from simulation.errors import CensusError, Problem

ACCEPTED: Final = 80
"""The score from which a column is taken without asking."""

_CLOSE: Final = 2
"""Two columns whose scores are no further apart are equally good."""

_SAMPLE: Final = 1_000
_SHOWN: Final = 3


@dataclass(frozen=True)
class Suggestion:
    """The columns taken, and what has to be asked."""

    matches: tuple[Match, ...]
    problems: tuple[Problem, ...]

    @property
    def columns(self) -> dict[str, str]:
        """Return the column of each field that has one."""
        return {match.field: match.column for match in self.matches}

    def as_yaml(self, file: str) -> str:
        """Return a mapping to complete: what was found, what is missing, and the questions as comments."""
        found = self.columns
        lines = [
            f"  {field.name}: {_quoted(found.get(field.name, ''))}".rstrip()
            for field in FIELDS
            if field.name in found or field.required
        ]
        asked = [f"# {' '.join(str(problem).split())}" for problem in self.problems]
        head = f"# Which column of {file} is which field. Complete the lines that name none, or impute them."
        rules = [f"#  {name}: {rule}" for name, rule in EXAMPLES.items() if name not in found]
        return "\n".join([head, *asked, "columns:", *lines, *(["#impute:"] if rules else []), *rules, ""])


def suggest_mapping(
    raw: RawTable, stated: Mapping[str, str | None] | None = None, imputed: Iterable[str] = ()
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
    samples = {column: raw.frame[column].drop_nulls().head(_SAMPLE) for column in free}
    scores = _scores(samples, [field for field in FIELDS if field.name not in stated])
    taken, asked = _assign(scores)
    matches += taken
    named = {field for field, column in stated.items() if column is not None}
    have = {match.field for match in matches} | named | set(imputed) | {ask.where for ask in asked}
    missing = [field for field in FIELDS if field.required and field.name not in have]
    problems += [Problem(f"{raw.name}, {ask.where}", ask.found, ask.allowed, ask.hint) for ask in asked]
    used = {match.column for match in matches}
    left = {column: sample for column, sample in samples.items() if column not in used}
    problems += [_missing(raw.name, field, scores, left) for field in missing]
    if not matches and any(_is_data(name) for name in raw.frame.columns):
        found = f"the first row looks like data: {', '.join(raw.frame.columns[:_SHOWN])} …"
        problems.insert(0, Problem(raw.name, found, "a row of column names", "is the header missing?"))
    order = list(BY_NAME)
    return Suggestion(tuple(sorted(matches, key=lambda match: order.index(match.field))), tuple(problems))


def _stated_matches(raw: RawTable, stated: Mapping[str, str | None]) -> tuple[list[Match], list[Problem]]:
    matches: list[Match] = []
    problems: list[Problem] = []
    for field, name in stated.items():
        if name is None:
            continue
        try:
            matches.append(Match(field, raw.column(name), CERTAIN, "named in the mapping"))
        except CensusError as error:
            problems += [
                Problem(f"{raw.name}, {field}", problem.found, problem.allowed, problem.hint)
                for problem in error.problems
            ]
    return matches, problems


def _scores(samples: Mapping[str, pl.Series], fields: list[Field]) -> list[Match]:
    """Return every pair worth a mention, the best first."""
    pairs = [score(field, column, sample) for field in fields for column, sample in samples.items()]
    order = list(BY_NAME)
    worth = [match for match in pairs if match.score >= MENTIONED]
    return sorted(worth, key=lambda match: (-match.score, order.index(match.field)))


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


def _missing(file: str, field: Field, scores: list[Match], left: Mapping[str, pl.Series]) -> Problem:
    """Return the question for a required field, with the columns that come near by name or else by cells."""
    named = [match.column for match in scores if match.field == field.name and match.column in left]
    near = named or [column for column, sample in left.items() if cells_could_be(field, sample)]
    like = f"perhaps {' or '.join(map(repr, near[:_SHOWN]))}; " if near else ""
    example = EXAMPLES.get(field.name)
    impute = f", or impute it: `impute: {{{field.name}: {example}}}`" if example else ""
    found = f"no column for {field.name} ({field.meaning})"
    hint = f"{like}name it in the map: `columns: {{{field.name}: …}}`{impute}"
    return Problem(f"{file}, {field.name}", found, hint=hint)


def _is_data(name: str) -> bool:
    cell = pl.Series([name])
    return bool((looks_like_date(cell) | looks_like_number(cell)).all())


def _quoted(name: str) -> str:
    """Return a column's name as a YAML value."""
    if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_ ]*[A-Za-z0-9_]|", name):
        return name
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
