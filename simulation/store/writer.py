"""Writes one run: year by year into a file of another name, sealed at the end or removed.

A sealed store is never opened for writing again. What the events mean is not known here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import duckdb
import polars as pl

from simulation import ledger
from simulation.cores import threads_asked
from simulation.errors import CERTAIN_TO_FAIL_AGAIN, Problem, StoreError
from simulation.ledger import Digest
from simulation.lexicon import Lexicon, Words
from simulation.quality.warnings import NO_WARNINGS
from simulation.run import Reached
from simulation.state import State
from simulation.store.batch import Batch
from simulation.store.checkpoint import Checkpoint, Facts, forget_states
from simulation.store.checkpointing import Checkpointing
from simulation.store.coding import CodedYear, Lexicons
from simulation.store.draft import Draft
from simulation.store.files import remove_abandoned, write_error
from simulation.store.manifest import Manifest, PartEntry, RunIdentity, YearEntry, surroundings
from simulation.store.relations import EVENTS, LEXICONS, QUALITY
from simulation.year import YearRecord

if TYPE_CHECKING:
    from simulation.store.resumption import Resumed


class StoreWriter:
    """Takes the records of one seed in order and seals them: ``with``, ``write`` each, ``seal``.

    Leaving the ``with`` block without ``seal`` leaves the years that were committed to a later resumption,
    and nothing at all if there is none or the run would only fail again.
    """

    def __init__(
        self,
        path: Path,
        identity: RunIdentity,
        *,
        threads: int | None = None,
        checkpointing: Checkpointing | None = None,
    ) -> None:
        """Take the store's path, what the run is made from, and how many threads DuckDB may use."""
        self._path = path
        self.identity = identity
        self.alone = (threads or threads_asked()) == 1
        self._threads = threads
        self._checkpointing = checkpointing or Checkpointing()
        self._pace = self._checkpointing.pace()
        self._reached: Reached | None = None
        self._sealed = False
        self.lexicons: Lexicons = {name: Lexicon() for name in LEXICONS}
        self._chain = ledger.opening(identity.run_key)
        self._years: list[YearEntry] = []
        self._summaries: list[pl.DataFrame] = []
        self._warnings = [NO_WARNINGS]
        self._started = _now()
        self._draft: Draft | None = None
        self.batch: Batch | None = None

    def __enter__(self) -> Self:
        """Create the file under its temporary name, or make the one ours that is to be gone on with.

        Raises:
            WriteError: the directory cannot be made or written to.
        """
        try:
            self._draft = self._resumed() or self._begun()
        except (OSError, duckdb.Error) as error:
            raise write_error(self._path, error) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Clear away what was not sealed; a refusal of the disk is raised as a ``WriteError``."""
        draft = self._open()
        if self.batch is not None:
            self.batch.abandon()
        if self._sealed or isinstance(error, CERTAIN_TO_FAIL_AGAIN):
            draft.abandon()
        else:
            draft.lay_aside()
            if draft.committed:
                self._checkpointing.tell(f"{self._path}: unfinished; its committed years stay for --resume")
        if isinstance(error, OSError | duckdb.Error):
            raise write_error(self._path, error, committed=draft.committed) from error

    @property
    def reached(self) -> Reached | None:
        """Return how far the run had come that is gone on with; nothing if it begins."""
        return self._reached

    def write(self, record: YearRecord) -> None:
        """Take a year of this seed alone; it is written while the caller makes the next one."""
        self._open()
        (self.batch or Batch([self])).write_later(lambda: record)

    @property
    def summary(self) -> pl.DataFrame:
        """Return one row a metric of the years of a sealed store."""
        return pl.concat(self._summaries)

    @property
    def warnings(self) -> pl.DataFrame:
        """Return what soft gates found in the years of a sealed store."""
        return pl.concat(self._warnings)

    def take(self, coded: CodedYear) -> None:
        """Append a year that is coded: its relations with ids, as far as they are kept, digested all.

        What is not kept is digested like the rest, so that no digest depends on what is kept.
        """
        draft = self._open()
        self._summaries.append(coded.summary)
        self._warnings.append(coded.warnings)
        self._append_year(coded.year, coded.digests)
        for name, rows in coded.new.items():
            draft.append(name, rows)
        contents = [kept.content for kept in coded.kept if kept.content]
        ids = iter(ledger.identify(self.identity.run_key, contents))
        for kept in coded.kept:
            rows = _identified(kept.rows, next(ids)) if kept.content else kept.rows
            draft.append(kept.relation.name, rows)
        if coded.year == self.identity.end_year - 1 and not self.alone:
            draft.hurry()  # another core has time while the last year is lived and told
        if self._commit_due(draft, coded.year):
            checkpoint = self._checkpoint(coded.state)
            draft.commit(checkpoint.save, partial(forget_states, but=checkpoint.facts.steps))

    def seal(self) -> Manifest:
        """Add the manifest, flush the file and give it its name; return the manifest.

        A store of the same digest that is there already is left as it is.

        Raises:
            StoreError: the name is taken by another run or by something else.
        """
        draft = self._open()
        if self.batch is not None:
            self.batch.finish()
        manifest = self._manifest()
        draft.finish(("run_manifest", manifest.model_dump()))
        if not draft.publish():
            self._accept_existing(manifest)
        self._sealed = True
        return manifest

    def _begun(self) -> Draft:
        remove_abandoned(self._path)
        return Draft(self._path, self.identity.census_rows, self._threads)

    def _resumed(self) -> Draft | None:
        """Return the draft of an earlier writer of this run, and know what that one knew."""
        found = self._found()
        if found is None:
            return None
        facts = found.checkpoint.facts
        self.lexicons = dict(found.lexicons)
        self._years, self._summaries = list(facts.years), [found.checkpoint.summary]
        self._warnings = [found.warnings]
        self._chain, self._started = bytes.fromhex(facts.years[-1].digest), facts.started
        self._reached = found.checkpoint.reached
        return Draft(self._path, self.identity.census_rows, self._threads, committed=True)

    def _found(self) -> Resumed | None:
        chosen = self._checkpointing
        if not chosen.resume:
            return None
        from simulation.store.resumption import take_up

        return take_up(self._path, self.identity, chosen.tell, self._threads)

    def _commit_due(self, draft: Draft, year: int) -> bool:
        """Return whether to commit after a year; after the last one if that saves the earlier commits."""
        return draft.committed if year == self.identity.end_year else self._pace.due()

    def _checkpoint(self, state: State) -> Checkpoint:
        facts = Facts(
            identity=self.identity,
            dependency_versions=surroundings()["dependency_versions"],
            years=tuple(self._years),
            started=self._started,
            committed=_now(),
            command=self._checkpointing.command,
        )
        return Checkpoint(facts, state, self.summary)

    def _append_year(self, year: int, parts: Mapping[str, Digest]) -> None:
        """Chain a year: the digests of its relations, and of the texts that are new in each lexicon."""
        events = {name: parts[relation.name] for name, relation in EVENTS.items() if relation.name in parts}
        new = {name: parts[name] for name in LEXICONS if name in parts}
        self._chain = ledger.chain(self._chain, year, {**events, **new})
        entries = tuple(
            PartEntry(name=name, rows=part.rows, digest=part.value.hex()) for name, part in parts.items()
        )
        total = sum(part.rows for part in events.values())
        self._years.append(YearEntry(year=year, events=total, digest=self._chain.hex(), parts=entries))

    def _manifest(self) -> Manifest:
        return Manifest(
            **self.identity.model_dump(),
            **surroundings(),
            digest=self._chain.hex(),
            events=sum(year.events for year in self._years),
            years=tuple(self._years),
            started=self._started,
            finished=_now(),
        ).sealed()

    def _accept_existing(self, manifest: Manifest) -> None:
        from simulation.store.reader import open_store

        with open_store(self._path) as store:
            existing = store.manifest
        hint = "choose another --out, or remove the store if it is no longer wanted"
        found = ""
        if existing.digest != manifest.digest:
            found = f"holds a run with digest {existing.digest[:12]}, not {manifest.digest[:12]}"
        elif existing.balance_snapshots != manifest.balance_snapshots:
            found = f"holds this run with output.balance_snapshots: {existing.balance_snapshots}"
            hint = "choose another --out, or write them beside it: planwise snapshot STORE --every"
        elif _judgement(existing) != _judgement(manifest):
            found = "holds this run, held against other thresholds of quality"
        if found:
            problem = Problem(str(self._path), found, hint=hint)
            raise StoreError("a store is written once", problems=[problem])

    def _open(self) -> Draft:
        if self._draft is None:
            raise RuntimeError("a StoreWriter writes inside its with block")
        return self._draft


def _identified(rows: pl.DataFrame, ids: Words) -> pl.DataFrame:
    return rows.hstack([pl.Series("id_high", ids[:, 0]), pl.Series("id_low", ids[:, 1])])


def _judgement(manifest: Manifest) -> list[PartEntry | None]:
    """Return, year by year, what stands for the results of the gates."""
    return [year.part(QUALITY.name) for year in manifest.years]


def _now() -> datetime:
    """Return the time in UTC without saying so, as DuckDB keeps it."""
    return datetime.now(UTC).replace(tzinfo=None)
