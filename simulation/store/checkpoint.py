"""A checkpoint: what a half-done run needs to go on after a year that its draft holds.

The rows are in the draft; facts and state lie beside it, in one file a year. Which year counts is said by the
draft alone, so that a kill between the two mixes nothing. Knows no database.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final

import polars as pl
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from simulation.run import Reached
from simulation.state import State
from simulation.store.files import NOBODY, flush, hand_over, store_of, temporary_path
from simulation.store.manifest import Manifest, RunIdentity, YearEntry, surroundings
from simulation.store.relations import SCHEMA_VERSION
from simulation.version import code_version

_FACTS: Final = "facts.json"
_SUMMARY: Final = "summary"


class Facts(BaseModel):
    """What is told of a checkpoint: whose it is, how far it goes, and what resumes it. Times are in UTC."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    identity: RunIdentity
    schema_version: int = SCHEMA_VERSION
    dependency_versions: dict[str, str]
    years: tuple[YearEntry, ...] = Field(min_length=1)
    started: datetime
    committed: datetime
    command: tuple[str, ...] = ()

    @property
    def year(self) -> int:
        """Return the last committed year; that of genesis is the one before the first."""
        return self.years[-1].year

    @property
    def steps(self) -> int:
        """Return how many years are committed, genesis not counted."""
        return len(self.years) - 1

    @property
    def events(self) -> int:
        """Return the events of all committed years."""
        return sum(entry.events for entry in self.years)

    def obstacles(self, *, census_digest: str | None = None) -> Iterator[str]:
        """Yield why this version, or a census of this digest, cannot go on with it."""
        then = {"code version": self.identity.code_version, "schema version": str(self.schema_version)}
        here = {"code version": code_version(), "schema version": str(SCHEMA_VERSION)}
        yield from _differences(then | self.dependency_versions, here | surroundings()["dependency_versions"])
        if census_digest is not None:
            yield from _differences(
                {"census": self.identity.census_digest[:12]}, {"census": census_digest[:12]}
            )

    def obstacles_of_run(self, asked: RunIdentity) -> Iterator[str]:
        """Yield why it is not of the run that is asked for, and what ``obstacles`` says."""
        then, here = (
            {name: str(getattr(one, field)) for field, name in _SAME.items()}
            for one in (self.identity, asked)
        )
        yield from _differences(then, here)
        yield from self.obstacles()

    def manifest(self) -> Manifest:
        """Return the manifest of the committed years alone, as if the run had ended with them."""
        identity = self.identity.model_dump() | {"end_year": self.year}
        return Manifest(
            **identity,
            dependency_versions=self.dependency_versions,
            digest=self.years[-1].digest,
            events=self.events,
            years=self.years,
            started=self.started,
            finished=self.committed,
            host="",
            user="",
        ).sealed()


_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "scenario_id": "scenario's name",
        "scenario_digest": "scenario",
        "scenario_json": "wording or quality threshold of the scenario",
        "census_digest": "census",
        "census_as_of": "census date",
        "start_year": "first year",
        "end_year": "last year",
        "keep": "output.keep",
        "balance_snapshots": "output.balance_snapshots",
    }
)
"""What a person calls a part of a run's identity, where it is not its own name."""

_SAME: Final[Mapping[str, str]] = MappingProxyType(
    {
        field: _NAMES.get(field, field.replace("_", " "))
        for field in RunIdentity.model_fields
        if field not in {"census_source", "code_version"}
    }
)
"""What a run must share with the one that it goes on with, besides versions: all but where its census lies.

Thresholds of quality change no event and so no digest of a scenario; its JSON has them.
"""


def _differences(then: Mapping[str, str], here: Mapping[str, str]) -> Iterator[str]:
    for name, value in here.items():
        if then.get(name) != value:
            yield f"another {name} ({_short(then.get(name, 'none'))}, here {_short(value)})"


_DIGEST: Final = 64


def _short(text: str) -> str:
    """Return a text as it is, a digest's beginning, or that of a long text's digest."""
    digest = hashlib.sha256(text.encode()).hexdigest() if len(text) > _DIGEST else text
    return digest[:12] if len(text) >= _DIGEST else text


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Facts, the state that the last committed year left, and one row a metric of the years so far."""

    facts: Facts
    state: State
    summary: pl.DataFrame

    @property
    def reached(self) -> Reached:
        """Return what the next year needs: events are numbered from 1 on, without gap."""
        seed = pl.Series([self.facts.identity.seed], dtype=pl.UInt64)
        following = pl.DataFrame({"seed": seed, "next": pl.Series([self.facts.events + 1], dtype=pl.Int64)})
        return Reached(self.facts.year, self.state, following)

    def save(self, temporary: Path) -> None:
        """Write it beside a draft and have it safe on the disk, before the draft holds the year itself."""
        path = state_path(temporary, self.facts.steps)
        try:
            self._write(path)
        except OSError:
            path.unlink(missing_ok=True)
            raise

    def _write(self, path: Path) -> None:
        frames = {name: getattr(self.state, name) for name in State.__slots__} | {_SUMMARY: self.summary}
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(_FACTS, self.facts.model_dump_json())
            for name, frame in frames.items():
                content = io.BytesIO()
                frame.write_ipc(content, compression="lz4")
                archive.writestr(name, content.getvalue())
        flush(path)
        flush(path.parent)


class UnreadableError(Exception):
    """A checkpoint's file that is missing, damaged or of another version; says which."""


def read_facts(path: Path) -> Facts:
    """Return what is told of a checkpoint.

    Raises:
        UnreadableError: the file is missing, damaged or of another version.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return Facts.model_validate(json.loads(archive.read(_FACTS)))
    except ValidationError as error:
        raise UnreadableError("it is of another version") from error
    except _BROKEN as error:
        raise UnreadableError("its state is damaged or missing") from error


def read_checkpoint(path: Path) -> Checkpoint:
    """Return a checkpoint as it was saved.

    Raises:
        UnreadableError: the file is missing, damaged or of another version.
    """
    facts = read_facts(path)
    try:
        with zipfile.ZipFile(path) as archive:
            *state, summary = (pl.read_ipc(archive.read(name)) for name in (*State.__slots__, _SUMMARY))
    except _BROKEN as error:
        raise UnreadableError("its state is damaged or missing") from error
    return Checkpoint(facts, State(*state), summary)


_BROKEN: Final = (OSError, KeyError, ValueError, zipfile.BadZipFile, pl.exceptions.PolarsError)


def state_path(temporary: Path, steps: int) -> Path:
    """Return where the state after so many years lies beside a draft."""
    return temporary.with_name(f"{temporary.name}.{steps}")


def states(temporary: Path) -> list[Path]:
    """Return the states beside a draft, that after the most years first; none if nothing was committed."""
    found = temporary.parent.glob(f"{temporary.name}.[0-9]*")
    return sorted(found, key=lambda path: int(path.suffix[1:]), reverse=True)


def lay_aside(temporary: Path) -> Path | None:
    """Leave a dead writer's committed years to anybody, and return where; nothing if there are none.

    Only for who knows that the writer is dead.
    """
    aside = temporary_path(store_of(temporary), NOBODY)
    return aside if states(temporary) and hand_over(temporary, aside) else None


def forget_states(temporary: Path, *, but: int) -> None:
    """Remove the states beside a draft, but for the one after so many years."""
    kept = state_path(temporary, but)
    for path in states(temporary):
        if path != kept:
            path.unlink(missing_ok=True)
