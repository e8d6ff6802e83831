"""Which runs a verb is about, and what becomes of each: one that fails does not stop the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Generic, TypeVar

import typer

from app.verbs.printing import say

if TYPE_CHECKING:
    from simulation.catalogue import Entry, RunCatalogue

T = TypeVar("T")

Data = Annotated[Path, typer.Option("--data", metavar="DIR", help="The directory that all runs lie in.")]
Run = Annotated[
    str, typer.Argument(metavar="DIGEST_OR_PATH", help="A store, or the beginning of its digest.")
]
Runs = Annotated[
    list[str],
    typer.Argument(metavar="RUN...", help="Stores, directories of them, or the beginning of a digest."),
]


def catalogue_of(data: Path) -> RunCatalogue:
    """Return the catalogue of a data directory; what is wrong with its annotations is said."""
    from simulation.catalogue import RunCatalogue

    catalogue = RunCatalogue(data)
    for problem in catalogue.said.problems:
        say(f"warning: {problem}")
    return catalogue


def with_stores(entries: Sequence[Entry]) -> list[Entry]:
    """Return the runs that have a file.

    Raises:
        QueryError: none of them has: they failed.
    """
    found = [entry for entry in entries if entry.bytes]
    if not found:
        from simulation.errors import Problem, QueryError

        problems = [Problem(entry.store, f"it failed: {entry.problem}") for entry in entries]
        raise QueryError("there is no store", problems=problems)
    return found


@dataclass(slots=True)
class Outcome(Generic[T]):
    """What became of each run, and why the others failed."""

    done: list[tuple[Entry, T]] = field(default_factory=list)
    failed: list[dict[str, Any]] = field(default_factory=list)
    code: int = 0

    @property
    def entries(self) -> list[Entry]:
        """The runs that it was done to."""
        return [entry for entry, _ in self.done]

    def end(self) -> None:
        """End with the worst exit code, if any run failed.

        Raises:
            typer.Exit: one did.
        """
        if self.code:
            raise typer.Exit(self.code)


def each(entries: Sequence[Entry], work: Callable[[Entry], T]) -> Outcome[T]:
    """Do something to each run; why it failed for some is said, and kept."""
    from simulation.errors import PlanWiseError

    outcome = Outcome[T]()
    for entry in entries:
        try:
            outcome.done.append((entry, work(entry)))
        except PlanWiseError as error:
            say(f"planwise: {error}")
            outcome.failed.append({"store": entry.store, "error": str(error)})
            outcome.code = max(outcome.code, error.exit_code)
    return outcome
