"""``planwise compare``: scenarios side by side, seed by seed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from app.verbs.options import Json
from app.verbs.printing import print_json, print_table, say, shown_path
from app.verbs.spreading import SpreadingCommand, is_no_path

EXAMPLE: Final = "Example: planwise compare data/sweeps/demo --baseline baseline --metric headcount_end hires"

_COLUMNS: Final = (
    ("metric", "metric"),
    ("year", "year"),
    ("scenario", "scenario"),
    ("baseline_mean", "baseline"),
    ("scenario_mean", "mean"),
    ("difference_mean", "difference"),
    ("ci_low", "95 % from"),
    ("ci_high", "to"),
    ("p_greater", "P(greater)"),
    ("n", "seeds"),
)
"""Columns of the table: where each comes from, and its heading."""


class Command(SpreadingCommand):
    """Takes ``--metric A B``; a path after it is a store again."""

    spreading: Final = {"--metric": is_no_path}  # type: ignore[misc]


def compare(
    paths: Annotated[
        list[Path], typer.Argument(metavar="DIR_OR_STORES...", help="A sweep's directory, or stores.")
    ],
    *,
    baseline: Annotated[
        str | None, typer.Option(metavar="NAME", help="What the others are compared with.")
    ] = None,
    metric: Annotated[list[str] | None, typer.Option(metavar="M ...", help="Only these metrics.")] = None,
    export: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the comparison to .xlsx, .csv or .parquet.")
    ] = None,
    json: Json = False,
) -> None:
    """Compare scenarios by metric and year, paired by seed, with 95 % intervals."""
    from simulation.query import comparison

    found = comparison(paths, baseline=baseline, metrics=metric or None)
    result = found.frame
    for note in found.notes:
        say(f"note: {note}")
    if export is not None:
        from app.verbs.files import write_frame

        say(f"wrote {shown_path(write_frame(result, export, 'Comparison'))}")
    if json:
        print_json(result.to_dicts())
        return
    sources = [source for source, _ in _COLUMNS]
    print_table(
        [heading for _, heading in _COLUMNS], ((_plain_year(row)) for row in result.select(sources).rows())
    )


def _plain_year(row: tuple[object, ...]) -> tuple[object, ...]:
    """Return a row whose year has no thousands separator."""
    return (row[0], str(row[1]), *row[2:])
