"""Which unfinished runs lie below a directory, how far each has come, and whether it can be gone on with.

Reads only, and opens no file that somebody may be writing.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

from pydantic import BaseModel, ConfigDict

from simulation.store.checkpoint import Facts, UnreadableError, read_facts, state_path, states
from simulation.store.files import companions, is_unowned, owner_of, store_of
from simulation.store.resumption import committed_steps

CensusDigest: TypeAlias = Callable[[Facts], str | None]
"""Says the digest of the census that a run would be gone on with; nothing if that is not known."""


class Unfinished(BaseModel):
    """An unfinished run that has committed years. Times are in UTC."""

    model_config = ConfigDict(frozen=True)

    store: Path
    scenario: str
    seed: int | None
    start_year: int | None = None
    end_year: int | None = None
    year: int | None = None
    """The last committed year; that of genesis is the one before the first."""
    events: int | None = None
    bytes: int
    committed: datetime
    age_seconds: float
    running: bool
    """Somebody may still be writing it."""
    resumable: bool
    obstacle: str | None = None
    """Why it cannot be resumed."""
    command: str
    """What resumes it, if the program was told."""


def find_checkpoints(root: str | Path, census_digest: CensusDigest = lambda _: None) -> list[Unfinished]:
    """Return the unfinished runs below a directory, the youngest commit first."""
    found = [_unfinished(draft, census_digest) for draft in _drafts(Path(root).expanduser().resolve())]
    return sorted(found, key=lambda one: one.committed, reverse=True)


def _drafts(root: Path) -> Iterator[Path]:
    for draft in root.rglob(".*.duckdb.*.tmp"):
        if draft.is_file() and states(draft) and not store_of(draft).exists():
            yield draft


def _unfinished(draft: Path, census_digest: CensusDigest) -> Unfinished:
    running = not is_unowned(draft)
    facts, obstacles = None, list[str]()
    try:
        facts = _facts(draft, running=running)
        obstacles = list(facts.obstacles(census_digest=census_digest(facts)))
    except UnreadableError as error:
        obstacles = [str(error)]
    if running:
        obstacles = [f"{owner_of(draft)} may still be writing it"]
    committed = facts.committed if facts else _written(draft)
    seed = store_of(draft).stem.removeprefix("seed_")
    return Unfinished(
        store=store_of(draft),
        scenario=facts.identity.scenario_id if facts else draft.parent.name,
        seed=facts.identity.seed if facts else int(seed) if seed.isdigit() else None,
        start_year=facts.identity.start_year if facts else None,
        end_year=facts.identity.end_year if facts else None,
        year=facts.year if facts else None,
        events=facts.events if facts else None,
        bytes=sum(file.stat().st_size for file in (draft, *companions(draft))),
        committed=committed,
        age_seconds=round((datetime.now(UTC).replace(tzinfo=None) - committed).total_seconds(), 1),
        running=running,
        resumable=not obstacles,
        obstacle="; ".join(obstacles) or None,
        command=shlex.join(facts.command) if facts else "",
    )


def _facts(draft: Path, *, running: bool) -> Facts:
    """Return what is told of a draft's checkpoint: the draft says which, or the newest while it is written.

    Raises:
        UnreadableError: nothing was committed, or it is damaged.
    """
    if running:
        return read_facts(states(draft)[0])
    steps = committed_steps(draft)
    if steps is None:
        raise UnreadableError("no year was committed")
    return read_facts(state_path(draft, steps))


def _written(draft: Path) -> datetime:
    return datetime.fromtimestamp(draft.stat().st_mtime, UTC).replace(tzinfo=None)
