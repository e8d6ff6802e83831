"""The error tree: every failure that PlanWise reports on purpose, drawn in one place.

    PlanWiseError                 anything PlanWise says no to; carries a context (scenario, seed, year)
    ├── InputError                what was given cannot be used: exit code 2; holds every problem found
    │   ├── CensusError           a census file, its mapping or its rows
    │   ├── ScenarioError         a scenario, an overlay, a levers file or a --set
    │   ├── StoreError            a store that is foreign, damaged, locked, of another version
    │   ├── SweepError            a sweep's plan or its directory
    │   └── QueryError            a metric, a date, an employee that the stores do not hold
    └── RunError                  the work was sound and failed while running: exit code 1
        ├── InvariantError        a run broke a promise of the model; nothing was sealed
        ├── WriteError            the disk or the directory refused
        └── ClusterError          Ray could not be started or reached

This module knows nothing of the rest of the package.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Final, NamedTuple

INTERRUPTED: Final = 130
"""The exit code of a command that somebody interrupted, as shells have it."""


class Problem(NamedTuple):
    """One thing that is wrong: where it stands, what was found, what is allowed, what to do."""

    where: str
    found: str
    allowed: str = ""
    hint: str = ""

    def __str__(self) -> str:
        """Return the problem as one line for a person."""
        parts = [f"{self.where}: {self.found}" if self.where else self.found]
        if self.allowed:
            parts.append(f"allowed: {self.allowed}")
        if self.hint:
            parts.append(self.hint)
        return "; ".join(parts)


def gathered(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return problems with those as one that many places share: the first place, and how many more."""
    places: dict[Problem, list[str]] = {}
    for problem in problems:
        places.setdefault(problem._replace(where=""), []).append(problem.where)
    return tuple(
        problem._replace(where=where)
        for problem, found in places.items()
        for where in ([f"{found[0]} and {len(found) - 1:,} more"] if len(found) > FEW else found)
    )


FEW: Final = 3
"""Places of one problem that are named each."""


class PlanWiseError(Exception):
    """A failure that PlanWise reports on purpose, with the context that it happened in."""

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, problems: Iterable[Problem] = (), **context: Any) -> None:
        """Take the headline, every problem behind it, and the context (scenario, seed, year)."""
        super().__init__(message)
        self.message = message
        self.problems = tuple(problems)
        self.context = {key: value for key, value in context.items() if value is not None}

    def __str__(self) -> str:
        """Return the headline, the context in brackets, and one indented line a problem."""
        context = ", ".join(f"{key} {value}" for key, value in self.context.items())
        head = f"{self.message} [{context}]" if context else self.message
        return "\n".join([head, *(f"  - {problem}" for problem in self.problems)])

    def __reduce__(self) -> tuple[Any, ...]:
        """Survive the trip from a worker process with problems and context intact."""
        return _rebuild, (type(self), self.message, self.problems, self.context)


def _rebuild(
    kind: type[PlanWiseError], message: str, problems: tuple[Problem, ...], context: dict[str, Any]
) -> PlanWiseError:
    return kind(message, problems=problems, **context)


class InputError(PlanWiseError):
    """What was given cannot be used."""

    exit_code = 2


class CensusError(InputError):
    """A census file, its mapping or its rows cannot be used."""


class ScenarioError(InputError):
    """A scenario, an overlay, a levers file or a ``--set`` cannot be used."""


class StoreError(InputError):
    """A store is foreign, damaged, locked or of another version."""


class SweepError(InputError):
    """A sweep's plan or its directory cannot be used."""


class QueryError(InputError):
    """A metric, a date or an employee is not in the stores."""


class RunError(PlanWiseError):
    """The work was sound and failed while running."""


class InvariantError(RunError):
    """A run broke a promise of the model; nothing was sealed."""


class WriteError(RunError):
    """The disk or the directory refused to take a file."""


class ClusterError(RunError):
    """Ray could not be started or reached."""


CERTAIN_TO_FAIL_AGAIN: Final = (InputError, InvariantError)
"""A run is a function of its inputs: another attempt would only say these two again."""


def nearest(name: str, candidates: Sequence[str]) -> str:
    """Return ``did you mean 'x'?`` for the candidate nearest to a name, or nothing."""
    found = difflib.get_close_matches(name, candidates, n=1, cutoff=0.6)
    return f"did you mean {found[0]!r}?" if found else ""
