"""The index: what every store and journal told when it was last read, a JSON line a file.

Disposable: made from them, brought up to date when files come, change or go, ignored where it cannot be read
or written. A file counts as unchanged while its size and time of change are.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from simulation.catalogue.entry import Record
from simulation.catalogue.files import Source

NAME: Final = "catalogue.jsonl"

FORMAT: Final = 1
"""Part of every line, so that an index of another layout is made anew."""


class Line(BaseModel):
    """What one file told."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int
    source: Source
    records: tuple[Record, ...]


Lines = Mapping[Source, tuple[Record, ...]]


def brought_up_to_date(root: Path, sources: Mapping[str, Source], *, anew: bool = False) -> Lines:
    """Return what each file tells; read are only those that the index does not know as they are now.

    With ``anew`` nothing of the index is believed.
    """
    known = {} if anew else load(root)
    wanted = set(sources.values())
    lines = {source: records for source, records in known.items() if source in wanted}
    missing = sorted(wanted - set(lines), key=lambda source: source.path)
    if missing:
        from simulation.catalogue.reading import read_records

        lines |= read_records(root, missing)
    if missing or len(lines) != len(known):
        _save(root, lines)
    return lines


def load(root: Path) -> dict[Source, tuple[Record, ...]]:
    """Return what the index holds; a line that cannot be understood is as if it were not there."""
    try:
        text = (root / NAME).read_bytes()
    except OSError:
        return {}
    found: dict[Source, tuple[Record, ...]] = {}
    for row in text.splitlines():
        with contextlib.suppress(ValidationError):
            line = Line.model_validate_json(row)
            if line.format == FORMAT:
                found[line.source] = line.records
    return found


def _save(root: Path, lines: Lines) -> None:
    """Write the index whole, so that a reader sees the old one or the new one; the disk may be read-only."""
    told = (Line(format=FORMAT, source=source, records=records) for source, records in lines.items())
    rows = [line.model_dump_json(exclude_defaults=True) for line in told]
    temporary = root / f".{NAME}.{os.getpid()}.tmp"
    with contextlib.suppress(OSError):
        try:
            temporary.write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")
            temporary.replace(root / NAME)
        finally:
            temporary.unlink(missing_ok=True)
