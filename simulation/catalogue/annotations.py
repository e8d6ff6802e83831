"""What people say of runs and did to them: one JSON line an action, appended and never changed.

The one thing beside the stores that cannot be made again. An action names its runs by digest and beginning,
so that tags follow a store that is moved. A line that cannot be read is passed over and told.
"""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from simulation.catalogue.entry import Record, RunKey
from simulation.errors import Problem, WriteError

NAME: Final = "annotations.jsonl"


class Action(StrEnum):
    """What was said or done."""

    TAG = "tag"
    UNTAG = "untag"
    NOTE = "note"
    ARCHIVE = "archive"
    UNARCHIVE = "unarchive"
    REDUCED = "reduced"
    REMADE = "remade"
    DELETED = "deleted"


class RunNamed(BaseModel):
    """A run as an action names it; a store without a readable manifest has a path only."""

    model_config = ConfigDict(frozen=True)

    store: str
    digest: str = ""
    started: datetime | None = None

    @classmethod
    def of(cls, record: Record) -> RunNamed:
        """Return how to name a run of the catalogue."""
        return cls(store=record.store, digest=record.digest, started=record.started)

    @property
    def key(self) -> RunKey | None:
        """Return what sets the run apart."""
        return (self.digest, self.started) if self.digest and self.started else None


class Annotation(BaseModel):
    """One action: when (UTC), by whom, what, on which runs, and its tag or text."""

    model_config = ConfigDict(frozen=True)

    at: datetime
    by: str
    what: Action
    value: str = ""
    runs: tuple[RunNamed, ...]
    became: RunKey | None = None
    """What the one run is now that was remade."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What stands of a run after all that was said."""

    tags: tuple[str, ...] = ()
    note: str = ""
    archived: bool = False


@dataclass(slots=True)
class Annotations:
    """All actions, oldest first, and the lines that could not be read."""

    path: Path
    actions: list[Annotation] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def facts(self) -> dict[RunKey, Facts]:
        """Return what stands of every run that something was said of."""
        facts: dict[RunKey, Facts] = {}
        for action in self.actions:
            for key in (run.key for run in action.runs):
                if key is not None:
                    facts[action.became or key] = _after(facts.pop(key, Facts()), action)
        return facts

    def of(self, key: RunKey | None) -> Iterator[Annotation]:
        """Yield what was said of a run and done to it, also before it was remade, the latest first."""
        for action in reversed(self.actions):
            keys = [run.key for run in action.runs]
            if key is not None and key in (action.became, *keys):
                yield action
                key = keys[0] if key == action.became else key


def _after(facts: Facts, action: Annotation) -> Facts:
    """Return what stands of a run after one more action."""
    match action.what:
        case Action.TAG:
            return Facts(tuple(sorted({*facts.tags, action.value})), facts.note, facts.archived)
        case Action.UNTAG:
            left = tuple(tag for tag in facts.tags if tag != action.value)
            return Facts(left, facts.note, facts.archived)
        case Action.NOTE:
            return Facts(facts.tags, action.value, facts.archived)
        case Action.ARCHIVE | Action.UNARCHIVE:
            return Facts(facts.tags, facts.note, action.what is Action.ARCHIVE)
        case _:
            return facts


def read_annotations(path: Path) -> Annotations:
    """Return all actions of a file; none if there is no file."""
    found = Annotations(path)
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return found
    except OSError as error:
        found.problems.append(Problem(str(path), error.strerror or str(error), hint="tags are not shown"))
        return found
    for number, line in enumerate(lines, start=1):
        try:
            if line.strip():
                found.actions.append(Annotation.model_validate_json(line))
        except ValidationError:
            hint = "it is passed over and stays in the file"
            found.problems.append(Problem(f"{path}, line {number}", "cannot be read", hint=hint))
    return found


def annotate(
    path: Path,
    what: Action,
    runs: Iterable[Record],
    *,
    by: str,
    value: str = "",
    became: RunKey | None = None,
) -> Annotation:
    """Append one action, safe on the disk, and return it.

    Raises:
        WriteError: the disk or the directory refused; nothing was said.
    """
    action = Annotation(
        at=datetime.now(UTC),
        by=by,
        what=what,
        value=value,
        runs=tuple(RunNamed.of(run) for run in runs),
        became=became,
    )
    try:
        _append(path, action.model_dump_json(exclude_defaults=True).encode())
    except OSError as error:
        hint = "make room, or choose a data directory that you may write to"
        problem = Problem(str(path), error.strerror or str(error), hint=hint)
        raise WriteError("the annotations cannot be written", problems=[problem]) from error
    return action


def _append(path: Path, line: bytes) -> None:
    """Add a line of its own to a file, whatever a crash has left of the last one."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        size = os.fstat(descriptor).st_size
        cut = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
        whole = (b"\n" if cut else b"") + line + b"\n"
        if os.write(descriptor, whole) < len(whole):
            os.ftruncate(descriptor, size)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
