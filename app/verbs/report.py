"""``planwise report``: runs as a page to read and to print, for people who were not there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from app.verbs.options import Json
from app.verbs.printing import print_json, say, show, shown_path

if TYPE_CHECKING:
    from simulation.export.report import Document

EXAMPLE: Final = (
    "Example: planwise report data/sweeps/demo --baseline baseline --format html,pdf --out reports"
)

NAME: Final = "report"


class Paper(StrEnum):
    """The sheet that the PDF is for."""

    LETTER = "letter"
    A4 = "a4"


def report(
    paths: Annotated[
        list[Path], typer.Argument(metavar="SWEEP_OR_STORES...", help="A sweep's directory, or stores.")
    ],
    *,
    baseline: Annotated[
        str | None, typer.Option(metavar="NAME", help="What the others are compared with.")
    ] = None,
    format: Annotated[str, typer.Option(metavar="html,pdf", help="One of them, or both.")] = "html,pdf",  # noqa: A002
    paper: Annotated[Paper, typer.Option(help="The sheet that the PDF is for.")] = Paper.LETTER,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Where report.html and report.pdf go; by default into the sweep."),
    ] = None,
    json: Json = False,
) -> None:
    """Write a report of runs: what was asked, what came out, how surely, and how to make it again."""
    kinds = _kinds(format)
    place = out or (paths[0] if len(paths) == 1 and paths[0].is_dir() else Path())
    written = write_report(paths, place.expanduser(), baseline=baseline, kinds=kinds, paper=paper)
    if json:
        print_json({"written": written})
    else:
        for path in written:
            show(shown_path(path))


def write_report(
    paths: Sequence[Path],
    directory: Path,
    *,
    baseline: str | None = None,
    kinds: Sequence[str] = ("html", "pdf"),
    paper: Paper = Paper.LETTER,
) -> list[Path]:
    """Write the report of runs into a directory, each file whole or not at all, and return the files.

    Raises:
        QueryError: there is no run, or no such baseline.
        WriteError: the directory or the disk refused.
    """
    from app.asked import asked_of
    from app.verbs.files import whole
    from simulation.export.report import document
    from simulation.query import open_sweep

    sweep = open_sweep(paths)
    told = asked_of(paths, sweep)
    if told.missing:
        say(f"note: {len(told.missing)} of {told.runs_asked} runs are missing; the report says so")
    found = document(sweep, told, baseline)
    return [whole(directory / f"{NAME}.{kind}", partial(_WRITERS[kind], found, paper)) for kind in kinds]


def _kinds(text: str) -> list[str]:
    from simulation.errors import InputError, Problem, nearest

    asked = list(dict.fromkeys(part.strip().lower() for part in text.split(",")))
    problems = [
        Problem("--format", repr(kind), ", ".join(_WRITERS), nearest(kind, list(_WRITERS)))
        for kind in asked
        if kind not in _WRITERS
    ]
    if problems:
        raise InputError("a report cannot be written so", problems=problems)
    return asked


def _html(document: Document, _: Paper, path: Path) -> None:
    from simulation.export.report import html

    path.write_text(html(document), encoding="utf-8")


def _pdf(document: Document, paper: Paper, path: Path) -> None:
    from simulation.export.report import write_pdf

    write_pdf(document, path, paper.value)


_WRITERS: Final[Mapping[str, Callable[[Document, Paper, Path], None]]] = {"html": _html, "pdf": _pdf}
