"""``planwise compare``: scenarios side by side, seed by seed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final

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

_IN_UNIT: Final = ("baseline_mean", "scenario_mean", "difference_mean", "ci_low", "ci_high")


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
    from simulation.quality.warnings import sentences
    from simulation.query import comparison, open_sweep

    runs = open_sweep(paths)
    found = comparison(runs, baseline=baseline, metrics=metric or None)
    result = found.frame
    for note in found.notes:
        say(f"note: {note}")
    for warning in sentences(runs.warnings()):
        say(f"warning: {warning}")
    if export is not None:
        from app.verbs.files import write_frame

        say(f"wrote {shown_path(write_frame(result, export, 'Comparison'))}")
    if json:
        print_json(result.to_dicts())
        return
    print_table([heading for _, heading in _COLUMNS], [_line(row) for row in result.to_dicts()])


def _line(row: Mapping[str, Any]) -> list[object]:
    """Return the cells of a row: the values in the metric's unit, the year without a separator."""
    from app.verbs.telling import metric_text

    shown = {source: metric_text(row["metric"], row[source]) for source in _IN_UNIT}
    return [{**row, **shown, "year": str(row["year"])}[source] for source, _ in _COLUMNS]
