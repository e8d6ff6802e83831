"""From a file of somebody else's making to a census: read, map, parse, impute, check, then write or refuse.

Every problem is collected before anything is refused, and nothing is written unless every row is good or the
caller accepts the loss. Knows no screen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from simulation.census.anonymise import anonymise
from simulation.census.canonical import Census, write_census
from simulation.census.check import Findings
from simulation.census.impute import Imputed
from simulation.census.likeness import Match
from simulation.census.mapping import Mapping, load_mapping
from simulation.census.read import RawTable, read_raw
from simulation.census.rejects import remove_stale, write_rejects
from simulation.census.suggest import Suggestion, suggest_mapping
from simulation.census.understand import understand
from simulation.errors import CensusError, Problem


@dataclass(frozen=True)
class ImportReport:
    """What an import did, for a person and for ``--json``.

    Attributes:
        census: The result.
        source: The file's name.
        out: Where it was written; None when it was not asked for.
        rows_read: Records in the file, the header and blank rows not counted.
        rows_rejected: Rows left out because they break a rule (only with ``accept_rejects``).
        rows_skipped: Former employees left out because the mapping asks for it.
        matches: Which column became which field, with score and reason.
        imputations: What was imputed, by which rule, for how many rows.
        facts: Format, encoding, separator, sheet.
        notes: Everything else that a person should know.
        as_of_reason: How the census date was determined.
        rejects: The reject file, when there is one.
        problems: What is wrong with the rejected rows.
    """

    census: Census
    source: str
    out: Path | None
    rows_read: int
    rows_rejected: int
    rows_skipped: int
    matches: tuple[Match, ...]
    imputations: tuple[Imputed, ...]
    facts: dict[str, str]
    notes: tuple[str, ...]
    as_of_reason: str
    rejects: Path | None
    problems: tuple[Problem, ...]

    @property
    def rows_accepted(self) -> int:
        """Return the number of employees of the census."""
        return self.census.headcount

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain values, ready for JSON."""
        return {
            "source": self.source,
            "out": str(self.out) if self.out else None,
            "as_of": self.census.as_of.isoformat(),
            "as_of_reason": self.as_of_reason,
            "digest": self.census.digest,
            "rows_read": self.rows_read,
            "rows_accepted": self.rows_accepted,
            "rows_rejected": self.rows_rejected,
            "rows_skipped": self.rows_skipped,
            "rejects": str(self.rejects) if self.rejects else None,
            "mapping": [vars(match) for match in self.matches],
            "imputations": [vars(each) for each in self.imputations],
            "facts": self.facts,
            "notes": list(self.notes),
            "problems": [str(problem) for problem in self.problems],
        }


def import_census(  # noqa: PLR0913  the options of one command, all by name
    path: str | Path,
    *,
    out: str | Path | None,
    mapping: str | Path | Mapping | None = None,
    as_of: date | None = None,
    anonymize: bool = False,
    key: str | None = None,
    rejects: str | Path | None = None,
    accept_rejects: bool = False,
) -> ImportReport:
    """Return what became of a census file, written to ``out`` as canonical Parquet.

    Args:
        path: CSV, Parquet or XLSX.
        out: The Parquet file to write; None writes nothing at all.
        mapping: A mapping file, or one that was loaded; without it columns are suggested.
        as_of: The census date; without it the end of the year of the latest hire.
        anonymize: Replace ids and move dates within their months.
        key: The secret behind the pseudonyms; see ``anonymise``.
        rejects: The reject file; by default beside ``out``, ending in ``.rejects.csv``.
        accept_rejects: Write the good rows even if others were rejected.

    Raises:
        CensusError: Everything that is wrong with file, mapping and rows; nothing was written but the
            reject file, or a mapping to complete (ending in ``.map.yaml``) where columns are in question.
        WriteError: The directory or the disk refused.
    """
    rules = mapping if isinstance(mapping, Mapping) else load_mapping(mapping) if mapping else Mapping()
    target = Path(out) if out is not None else None
    reject_path = _reject_path(target, rejects)
    _refuse_to_overwrite(Path(path), target, reject_path)
    raw = read_raw(path, rules.sheet)
    suggestion = suggest_mapping(raw, rules.columns, rules.impute)
    try:
        job = understand(raw, suggestion, rules, as_of)
    except CensusError as error:
        draft = _draft(raw, suggestion, target) if target and not mapping else None
        if draft is None:
            raise
        message = f"{error.message}; a mapping to complete and pass with --map is in {draft}"
        raise CensusError(message, problems=error.problems) from error
    bad = job.findings
    written = _write_rejects(raw, bad, reject_path, own=rejects is None)
    if bad.rows.len() and (not accept_rejects or job.frame.is_empty()):
        raise _refusal(raw, bad, written, nothing_left=accept_rejects)
    census = Census(job.frame, job.as_of, raw.name, (*job.notes, *job.assumed))
    if anonymize:
        # How the file was read may quote its cells: only what was assumed of everybody goes along.
        census = anonymise(replace(census, notes=job.assumed), key)
    return ImportReport(
        census=census,
        source=raw.name,
        out=write_census(census, target) if target else None,
        rows_read=raw.frame.height,
        rows_rejected=bad.rows.len(),
        rows_skipped=job.skipped,
        matches=suggestion.matches,
        imputations=job.imputations,
        facts=raw.facts,
        notes=(*job.notes, *job.assumed),
        as_of_reason=job.as_of_reason,
        rejects=written,
        problems=tuple(bad.problems(raw.name)),
    )


def _reject_path(out: Path | None, rejects: str | Path | None) -> Path | None:
    if rejects is not None:
        return Path(rejects)
    return out.with_suffix(".rejects.csv") if out else None


def _write_rejects(raw: RawTable, bad: Findings, path: Path | None, *, own: bool) -> Path | None:
    """Write the reject file if there is reason to; else remove the one of an earlier import."""
    if path and bad.rows.len():
        return write_rejects(raw, bad.reasons(), path)
    if path and own:
        remove_stale(path)
    return None


def _draft(raw: RawTable, suggestion: Suggestion, out: Path) -> Path | None:
    """Write a mapping to complete beside ``out``, unless there is nothing to complete or one stands there."""
    path = out.with_suffix(".map.yaml")
    if not suggestion.problems or path.exists():
        return None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(suggestion.as_yaml(raw.name), encoding="utf-8")
    except OSError:
        return None
    return path


def _refusal(raw: RawTable, bad: Findings, rejects: Path | None, *, nothing_left: bool) -> CensusError:
    where = f"; all of them with their reasons are in {rejects}" if rejects else ""
    way_out = "no row is left" if nothing_left else "correct them, or leave them out with --accept-rejects"
    message = f"{bad.rows.len():,} of {raw.frame.height:,} rows cannot be used, and no census was written"
    return CensusError(f"{message}{where}; {way_out}", problems=bad.problems(raw.name))


def _refuse_to_overwrite(path: Path, *targets: Path | None) -> None:
    for target in targets:
        if target is not None and target.exists() and path.exists() and target.samefile(path):
            problem = Problem(str(target), "it is the file that is imported", hint="write to another file")
            raise CensusError("the census cannot be written", problems=[problem])
