"""The census as the model takes it: one frame, its date and its digest, and the Parquet file that keeps them.

Knows nothing of foreign files: whatever is not the canonical Parquet goes through ``importer``.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
from dataframely.exc import SchemaError

from simulation.errors import CensusError, Problem, WriteError
from simulation.frames import CensusFrame, types_of
from simulation.ids import SLOT_PATTERN

METADATA_KEY: Final = "planwise.census"
FORMAT: Final = 1
_SHOWN: Final = 3
"""How many employees a failing rule names."""


@dataclass(frozen=True, eq=False)
class Census:
    """The workforce on one day.

    Attributes:
        frame: One row an employee, the columns of ``CensusFrame``, sorted by employee id: the order of the
            rows of a file means nothing.
        as_of: The day that the census describes, its end included.
        source: Where it came from, for a person: a file's name or how it was generated.
        notes: What was imputed, converted or assumed on the way in.
    """

    frame: pl.DataFrame
    as_of: date
    source: str
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check the frame against its contract and put it in canonical order."""
        object.__setattr__(self, "frame", _conform(self.frame, self.as_of, self.source))

    @property
    def headcount(self) -> int:
        """Return the number of employees."""
        return self.frame.height

    @cached_property
    def digest(self) -> str:
        """Return the SHA-256, in hex, of the date and every cell; the same for any order of rows."""
        state = hashlib.sha256(f"{METADATA_KEY} {FORMAT} {self.as_of}\n".encode())
        for column in self.frame.iter_columns():
            state.update(f"{column.name} {column.dtype}\n".encode())
            for block in _blocks(column):
                state.update(block)
        return state.hexdigest()


def _conform(frame: pl.DataFrame, as_of: date, source: str) -> pl.DataFrame:
    try:
        # To cast what has its types already takes as long as to check it.
        good, failure = CensusFrame.filter(frame, cast=frame.schema != types_of(CensusFrame))
    except (SchemaError, pl.exceptions.PolarsError) as error:
        problem = Problem(source, str(error).splitlines()[0], "the columns of the census contract")
        raise CensusError("the census does not have the columns it must have", problems=[problem]) from error
    problems = [
        Problem(source, f"rule {rule!r} fails for {rows} employees")
        for rule, rows in sorted(failure.counts().items())
    ]
    problems += [
        Problem(f"{source}, {title}", f"{bad.height} employees: {', '.join(bad['employee_id'].head(_SHOWN))}")
        for title, bad in {
            f"hired after the census date {as_of}": good.filter(pl.col("hire_date") > as_of),
            "id reserved for future hires": good.filter(
                pl.col("employee_id").str.contains(SLOT_PATTERN.pattern)
            ),
        }.items()
        if bad.height
    ]
    if not frame.height:
        problems.append(Problem(source, "no employees"))
    if problems:
        raise CensusError("the census breaks its contract", problems=problems)
    return pl.DataFrame(good).select(CensusFrame.column_names()).sort("employee_id").rechunk()


def _blocks(column: pl.Series) -> list[bytes]:
    """Return the cells of a column as bytes that depend on no version of Polars: nulls, sizes, values."""
    blocks = [np.packbits(column.is_null().to_numpy()).tobytes()]
    if column.dtype == pl.String:
        texts = column.fill_null("")
        sizes = texts.str.len_bytes().to_numpy().astype("<u4")
        return [*blocks, sizes.tobytes(), "".join(texts.to_list()).encode()]
    return [*blocks, column.cast(pl.Int64).fill_null(0).to_numpy().astype("<i8").tobytes()]


def write_census(census: Census, path: str | Path) -> Path:
    """Write the canonical Parquet file, whole or not at all, and return its path.

    Date, source, notes and digest travel in the file's key-value metadata.

    Raises:
        WriteError: The directory or the disk refused.
    """
    target = Path(path)
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    record = {
        "format": FORMAT,
        "as_of": census.as_of.isoformat(),
        "source": census.source,
        "notes": list(census.notes),
        "digest": census.digest,
    }
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        census.frame.write_parquet(partial, metadata={METADATA_KEY: json.dumps(record)})
        partial.replace(target)
    except (OSError, pl.exceptions.PolarsError) as error:
        with contextlib.suppress(OSError):
            partial.unlink()
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise WriteError("the census was not written", problems=[Problem(str(target), reason)]) from error
    return target


def canonical_record(path: Path) -> dict[str, Any] | None:
    """Return what a Parquet file says of itself as a census, or nothing when it is no canonical census.

    Raises:
        CensusError: A canonical census of a format that this version does not know.
    """
    try:
        text = pl.read_parquet_metadata(path).get(METADATA_KEY)
    except (OSError, pl.exceptions.PolarsError):
        return None
    if text is None:
        return None
    record: dict[str, Any] = json.loads(text)
    if record.get("format") != FORMAT:
        found = f"census format {record.get('format')}"
        problem = Problem(str(path), found, f"format {FORMAT}", "import the original file again")
        raise CensusError("the census is of another version", problems=[problem])
    return record


def read_canonical(path: Path, record: dict[str, Any]) -> Census:
    """Return the census of a canonical Parquet file whose record has been read.

    Raises:
        CensusError: The rows are not the rows that were written, or break the contract.
    """
    try:
        frame = pl.read_parquet(path)
    except (OSError, pl.exceptions.PolarsError) as error:
        problem = Problem(str(path), str(error).splitlines()[0], hint="import the original file again")
        raise CensusError("the census file is damaged", problems=[problem]) from error
    as_of = date.fromisoformat(record["as_of"])
    census = Census(frame, as_of, record["source"], tuple(record["notes"]))
    if census.digest != record["digest"]:
        problem = Problem(
            str(path),
            f"digest {census.digest[:12]}",
            f"digest {record['digest'][:12]}",
            "rows were changed after the import: import the changed file with `planwise census import`",
        )
        raise CensusError("the census is not as it was written", problems=[problem])
    return census
