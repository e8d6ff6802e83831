"""``planwise verify``: recompute what a store says of itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from app.verbs.options import Json
from app.verbs.printing import print_json, show

EXAMPLE: Final = "Example: planwise verify data/sweeps/demo/*/seed_*.duckdb"


def verify(
    stores: Annotated[
        list[Path], typer.Argument(metavar="STORE...", help="Stores, or directories of stores.")
    ],
    *,
    json: Json = False,
) -> None:
    """Recompute digests and invariants; name the first year and event that differ."""
    from simulation.store import verify as verify_store

    reports = [verify_store(path) for path in _files(stores)]
    if json:
        print_json([report.as_dict() for report in reports])
    else:
        for report in reports:
            show(str(report))
    if not all(report.ok for report in reports):
        raise typer.Exit(1)


def _files(paths: list[Path]) -> list[Path]:
    found = [sorted(path.rglob("seed_*.duckdb")) if path.is_dir() else [path] for path in paths]
    return [file for files in found for file in files]
