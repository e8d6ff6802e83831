"""A file of balance snapshots beside a sealed store: Parquet that says of which run it is.

Written whole or not at all. The store is never opened for writing.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from simulation.errors import Problem, StoreError, WriteError
from simulation.rules.snapshot_dates import SNAPSHOTS
from simulation.store.manifest import Manifest

_KEY: Final = "planwise.balance_snapshots"
"""Where the file's own metadata say of which run it is."""

SUFFIX: Final = ".parquet"


def side_path(store: Path, every: str) -> Path:
    """Return where the snapshots of a store lie unless another place is asked for."""
    return store.with_suffix(f".{every}{SUFFIX}")


def side_files(store: Path) -> list[Path]:
    """Return the files of snapshots that lie beside a store."""
    return [path for every in SNAPSHOTS if (path := side_path(store, every)).is_file()]


def write_beside(rows: pl.DataFrame, path: Path, manifest: Manifest, every: str) -> Path:
    """Write the columns of ``fct_participant_balance_snapshots``, marked as of the run; return the path.

    Raises:
        StoreError: the path ends as another kind of file does.
        WriteError: the directory or the disk refused.
    """
    if path.suffix.lower() != SUFFIX:
        problem = Problem(str(path), f"the suffix {path.suffix!r}", SUFFIX)
        raise StoreError("snapshots are written as Parquet", problems=[problem])
    partial = path.with_name(f".{path.name}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            rows.write_parquet(partial, metadata={_KEY: json.dumps({**_run(manifest), "every": every})})
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        problem = Problem(
            str(path), error.strerror or str(error), hint="choose a place that you may write to"
        )
        raise WriteError("the file cannot be written", problems=[problem]) from error
    return path


def nearest_beside(path: Path, manifest: Manifest, as_of: date) -> tuple[date, pl.DataFrame] | None:
    """Return the last date of a side file up to a day, and its rows; nothing if it begins later.

    Raises:
        StoreError: the file is no such file, cannot be read, or is of another run.
    """
    said = _said(path)
    if said.get("digest") != manifest.digest:
        found = (
            f"snapshots of {said.get('scenario_id')}, seed {said.get('seed')}, {str(said.get('digest'))[:12]}"
        )
        allowed = f"those of {manifest.scenario_id}, seed {manifest.seed}, {manifest.digest[:12]}"
        hint = "write them again: planwise snapshot STORE --every"
        raise StoreError(
            "the snapshots are of another run", problems=[Problem(str(path), found, allowed, hint)]
        )
    try:
        dates = pl.scan_parquet(path).filter(pl.col("snapshot_date") <= as_of)
        since: date | None = dates.select(pl.col("snapshot_date").max()).collect().item()
        return None if since is None else (since, dates.filter(pl.col("snapshot_date") == since).collect())
    except (OSError, pl.exceptions.PolarsError) as error:
        raise _unread(path, str(error).splitlines()[0]) from error


def _said(path: Path) -> dict[str, object]:
    """Return what a file says of its run."""
    try:
        said = pl.read_parquet_metadata(path).get(_KEY)
    except OSError as error:
        raise _unread(path, error.strerror or "cannot be read") from error
    except pl.exceptions.PolarsError as error:
        raise _unread(path, str(error).splitlines()[0]) from error
    if said is None:
        raise _unread(path, "it does not say of which run it is")
    known: dict[str, object] = json.loads(said)
    return known


def _run(manifest: Manifest) -> dict[str, object]:
    return {
        "digest": manifest.digest,
        "scenario_id": manifest.scenario_id,
        "seed": manifest.seed,
        "schema_version": manifest.schema_version,
    }


def _unread(path: Path, found: str) -> StoreError:
    hint = "name a file that planwise snapshot STORE --every wrote"
    return StoreError("this is no file of balance snapshots", problems=[Problem(str(path), found, hint=hint)])
