"""A run as files that any program reads: a directory of Parquet or CSV, with a data dictionary."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

import polars as pl

from simulation.export.dictionary import RELATIONS, dictionary
from simulation.inert import inert_texts
from simulation.store import Store

DICTIONARY: Final = "data_dictionary.csv"
MANIFEST: Final = "run_manifest"
EVENTS: Final = "fct_yearly_events"
"""Kept in a file a year, for there are millions of them."""


def write_bundle(store: Store, directory: Path, kind: str) -> None:
    """Write every relation of a run to a directory, as ``parquet`` or ``csv``, and what its columns mean.

    Raises:
        OSError: the directory or the disk refused.
    """
    directory.mkdir(parents=True, exist_ok=True)
    write, types = WRITERS[kind], {relation: store.column_types(relation) for relation in RELATIONS}
    for relation in types:
        if relation == EVENTS:
            for year in store.manifest.stored_years:
                write(store.events(year=year), directory / f"{relation}_{year}.{kind}")
        elif relation != MANIFEST:
            write(store.sql(f"FROM {relation}"), directory / f"{relation}.{kind}")
    manifest = store.manifest.model_dump(mode="json")
    (directory / f"{MANIFEST}.json").write_text(json.dumps(manifest, indent=1, ensure_ascii=False), "utf-8")
    _csv(dictionary(types), directory / DICTIONARY)


def _csv(frame: pl.DataFrame, path: Path) -> None:
    inert_texts(frame).write_csv(path, line_terminator="\n")


def _parquet(frame: pl.DataFrame, path: Path) -> None:
    frame.write_parquet(path, compression="zstd", statistics=True)


WRITERS: Final[Mapping[str, Callable[[pl.DataFrame, Path], None]]] = MappingProxyType(
    {"parquet": _parquet, "csv": _csv}
)
