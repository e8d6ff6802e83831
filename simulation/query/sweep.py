"""Runs to ask questions of: a sweep's directory, any directory of stores, or stores one by one.

Opening reads names and the summary index, not the events. Nothing here knows how the runs were made.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, TypeAlias

import polars as pl

from simulation.errors import Problem, QueryError, gathered
from simulation.quality.warnings import warnings_of
from simulation.query.index import Index, index_of
from simulation.store import Store, open_store
from simulation.store.relations import PARAMETERS, QUALITY, STATUS_SUMMARY, SUMMARY

Places: TypeAlias = str | Path | Sequence[str | Path]

_STORE_NAME: Final = re.compile(r"seed_\d+\.duckdb")

BASELINE: Final = "baseline"


@dataclass(frozen=True)
class Sweep:
    """Sealed runs and their small relations. Frames have ``scenario`` and ``seed`` in front.

    ``problems`` are the stores that could not be read; the others are there all the same.
    """

    index: Index

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Return what is wrong with the stores that could not be read."""
        return self.index.problems

    @cached_property
    def runs(self) -> pl.DataFrame:
        """Return one row a sealed run: scenario, seed, store, digests, horizon, events, versions, times."""
        return self.index.runs()

    @property
    def scenarios(self) -> list[str]:
        """Return the scenarios by name, the baseline first."""
        names = self.runs["scenario"].unique().sort().to_list()
        return sorted(names, key=lambda name: name != BASELINE)

    @property
    def seeds(self) -> list[int]:
        """Return every seed that any scenario was run with."""
        return self.runs["seed"].unique().sort().to_list()

    def summaries(self) -> pl.DataFrame:
        """Return one row a run, year and metric: ``simulation_year``, ``metric``, ``value``."""
        return self.index.rows(SUMMARY.name)

    def status_totals(self) -> pl.DataFrame:
        """Return one row a run, year, detailed status code and total (see ``simulation.snapshot``)."""
        return self.index.rows(STATUS_SUMMARY.name)

    def parameters(self) -> pl.DataFrame:
        """Return one row a run, year, parameter and job level (null: all levels)."""
        return self.index.rows(PARAMETERS.name)

    def warnings(self) -> pl.DataFrame:
        """Return one row a run, year and soft gate of data quality that did not pass."""
        return warnings_of(self.index.rows(QUALITY.name))

    def open(self, scenario: str, seed: int) -> Store:
        """Return the store of one run.

        Raises:
            QueryError: there is no such run.
        """
        found = self.runs.filter((pl.col("scenario") == scenario) & (pl.col("seed") == seed))
        if found.is_empty():
            allowed = f"scenarios {', '.join(self.scenarios)}; seeds {', '.join(map(str, self.seeds))}"
            raise QueryError(
                "there is no such run", problems=[Problem("run", f"{scenario} seed {seed}", allowed)]
            )
        return open_store(found["store"][0])


def open_sweep(places: Places) -> Sweep:
    """Return the runs of a directory (a sweep's, a scenario's, an ``--out``), or of stores one by one.

    Raises:
        QueryError: nothing was found, or two different runs have one scenario name and seed.
    """
    given = [places] if isinstance(places, str | Path) else list(places)
    paths = [Path(place).expanduser() for place in given]
    alone = [path for path in paths if not path.is_dir()]
    parts = [index_of(sorted(_stores(path)), path) for path in paths if path.is_dir()]
    parts += [index_of(alone)] if alone else []
    frame = pl.concat([part.frame for part in parts]).unique(
        ["scenario_id", "seed", "digest"], keep="first", maintain_order=True
    )
    problems = gathered(problem for part in parts for problem in part.problems)
    files = tuple(content for part in parts for content in part.files)
    if frame.is_empty():
        _nothing_found(given, problems)
    _refuse_doubles(frame)
    return Sweep(Index(frame.sort("scenario_id", "seed"), problems, files))


def _stores(directory: Path) -> Iterator[Path]:
    for pattern in ("seed_*.duckdb", "*/seed_*.duckdb"):
        yield from (path for path in directory.glob(pattern) if _STORE_NAME.fullmatch(path.name))


def _nothing_found(given: Sequence[str | Path], problems: tuple[Problem, ...]) -> None:
    missing = [
        Problem(str(place), "no sealed store of a run here", hint=_where(Path(place))) for place in given
    ]
    raise QueryError("there is nothing to read", problems=problems or missing)


def _where(place: Path) -> str:
    """Return what to name instead: the sweeps in a directory of sweeps, if it is one."""
    sweeps = sorted({store.parent.parent.name for store in place.glob("*/*/seed_*.duckdb")})
    if sweeps:
        return f"it holds the sweeps {', '.join(sweeps)}: name one of them, as {place / sweeps[0]}"
    return "give a sweep's directory or the path of a seed_<n>.duckdb file"


def _refuse_doubles(frame: pl.DataFrame) -> None:
    doubles = frame.filter(pl.struct("scenario_id", "seed").is_duplicated())
    if doubles.height:
        problems = [
            Problem(f"{scenario} seed {seed}", store, hint="give one sweep at a time, or name the stores")
            for scenario, seed, store in doubles.select("scenario_id", "seed", "store").iter_rows()
        ]
        raise QueryError("different runs share a scenario name and a seed", problems=problems)
