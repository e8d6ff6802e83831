"""Makes the draft that another process left ours: found, taken, proved, or removed with a reason.

What is gone on with is verified like a sealed store first: its rows are those that its checkpoint tells of.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from simulation.errors import StoreError
from simulation.lexicon import Lexicon
from simulation.store.attached import Attached
from simulation.store.checkpoint import (
    Checkpoint,
    UnreadableError,
    forget_states,
    read_checkpoint,
    state_path,
)
from simulation.store.files import (
    hand_over,
    is_unowned,
    owner_of,
    remove_abandoned,
    remove_temporary,
    store_of,
    temporary_path,
    unfinished,
)
from simulation.store.manifest import RunIdentity
from simulation.store.reader import Store
from simulation.store.verification import content_findings


@dataclass(frozen=True, slots=True)
class Resumed:
    """A checkpoint whose draft is ours now, and what the draft knows: texts, and warnings of its years."""

    checkpoint: Checkpoint
    lexicons: Mapping[str, Lexicon]
    warnings: pl.DataFrame


def take_up(
    path: Path, identity: RunIdentity, tell: Callable[[str], None], threads: int | None = None
) -> Resumed | None:
    """Return what a dead writer of a run has committed, its draft now under our name; or nothing.

    What cannot be gone on with is removed, and told why in a line.
    """
    ours = temporary_path(path)
    for left in unfinished(path):
        if not is_unowned(left):
            tell(f"{path}: {owner_of(left)} may still be writing it, so its years are left alone")
        elif hand_over(left, ours):
            try:
                resumed = _proved(ours, identity, threads)
            except UnreadableError as reason:
                remove_temporary(ours)
                tell(f"{path}: started from the beginning, for the unfinished run cannot be used: {reason}")
            else:
                remove_abandoned(path, but=ours)
                tell(f"{path}: going on after {resumed.checkpoint.facts.year}")
                return resumed
    return None


def committed_steps(draft: Path) -> int | None:
    """Return how many years a draft holds, genesis not counted; none if not even that was committed.

    Raises:
        UnreadableError: it is damaged, or somebody has it open.
    """
    query = "SELECT (SELECT count(*) FROM employee), count(DISTINCT simulation_year) FROM fct_year_summary"
    try:
        with Attached(draft) as attached, attached.cursor() as database:
            people, steps = database.execute(query).fetchall()[0]
    except duckdb.CatalogException:
        return None
    except duckdb.Error as error:
        raise UnreadableError(f"its file is damaged ({str(error).splitlines()[0]})") from error
    return int(steps) if people else None


def _state(draft: Path, steps: int) -> Path:
    """Return where the state of a draft lies: a kill may have kept it from following the draft to us."""
    own = state_path(draft, steps)
    for stray in own.parent.glob(f".{store_of(draft).name}.*.tmp.{steps}"):
        if not own.exists() and is_unowned(stray.with_suffix("")):
            stray.rename(own)
    return own


def _proved(draft: Path, identity: RunIdentity, threads: int | None) -> Resumed:
    """Return a draft's checkpoint if it is of this run, and its rows are those that it tells of."""
    steps = committed_steps(draft)
    if steps is None:
        raise UnreadableError("no year was committed")
    checkpoint = read_checkpoint(_state(draft, steps))
    for obstacle in checkpoint.facts.obstacles_of_run(identity):
        raise UnreadableError(f"it was begun with {obstacle}")
    try:
        with Store(draft, Attached(draft, threads=threads), checkpoint.facts.manifest()) as rows:
            for finding in content_findings(rows):
                raise UnreadableError(f"its rows are damaged ({finding})")
            lexicons, warnings = rows.lexicons, rows.warnings()
    except (StoreError, duckdb.Error) as error:
        raise UnreadableError(f"its rows are damaged ({str(error).splitlines()[0]})") from error
    forget_states(draft, but=steps)
    return Resumed(checkpoint, lexicons, warnings)
