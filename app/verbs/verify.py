"""``planwise verify``: recompute what a store says of itself."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from app.verbs.options import Json
from app.verbs.printing import print_json, say, show, shown_path

if TYPE_CHECKING:
    from simulation.errors import PlanWiseError
    from simulation.store import VerifyReport

EXAMPLE: Final = "Example: planwise verify data/sweeps/demo"


def verify(
    stores: Annotated[
        list[Path], typer.Argument(metavar="STORE...", help="Stores, or directories of stores.")
    ],
    *,
    json: Json = False,
) -> None:
    """Recompute digests and invariants; name the first year and event that differ."""
    verdicts = [(path, _verdict(path)) for path in _files(stores)]
    if json:
        print_json([_as_dict(path, verdict) for path, verdict in verdicts])
    for path, verdict in verdicts:
        _say(path, verdict, quietly=json)
    code = max((_exit_code(verdict) for _, verdict in verdicts), default=0)
    if code:
        raise typer.Exit(code)


def _files(paths: Sequence[Path]) -> list[Path]:
    """Return the stores, and the stores in the directories.

    Raises:
        StoreError: a directory holds none.
    """
    from simulation.errors import Problem, StoreError

    found = {path: sorted(path.rglob("seed_*.duckdb")) if path.is_dir() else [path] for path in paths}
    problems = [Problem(str(path), "no store in it") for path, files in found.items() if not files]
    if problems:
        raise StoreError("there is nothing to verify", problems=problems)
    return [file for files in found.values() for file in files]


def _verdict(path: Path) -> VerifyReport | PlanWiseError:
    """Return the report on a store, or why it cannot be opened: the others are verified all the same."""
    from simulation.errors import PlanWiseError
    from simulation.store import verify as verify_store

    try:
        return verify_store(path)
    except PlanWiseError as error:
        return error


def _exit_code(verdict: VerifyReport | PlanWiseError) -> int:
    return verdict.exit_code if isinstance(verdict, Exception) else int(not verdict.ok)


def _as_dict(path: Path, verdict: VerifyReport | PlanWiseError) -> dict[str, Any]:
    if isinstance(verdict, Exception):
        return {"store": path, "ok": False, "error": str(verdict)}
    first = verdict.first.model_dump(mode="json") if verdict.first else None
    return {**verdict.model_dump(mode="json"), "first": first}


def _say(path: Path, verdict: VerifyReport | PlanWiseError, *, quietly: bool) -> None:
    if isinstance(verdict, Exception):
        say(f"planwise: {verdict}")
    elif not quietly:
        state = "as it was sealed" if verdict.ok else f"{len(verdict.findings)} finding(s)"
        show(f"{shown_path(path)}: {state}, {verdict.events:,} events, digest {verdict.digest[:12]}")
        for finding in verdict.findings:
            show(f"  - {finding}")
        for warning in verdict.warnings:
            show(f"  - warning: data quality, {warning}")
