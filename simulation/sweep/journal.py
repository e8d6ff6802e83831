"""The diary of a sweep: one JSON line a happening, appended by the process that drives it and by no other.

It is for people, for `planwise status`, and to find finished runs again without opening their stores; what is
true of a run is its sealed store. A line that a crash cut off is passed over.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from simulation.errors import Problem, WriteError


class Journal:
    """Appends to a journal; a context manager."""

    def __init__(self, path: Path) -> None:
        """Take the file, which need not exist."""
        self.path = path
        self._descriptor = -1

    def __enter__(self) -> Self:
        try:
            self._descriptor = os.open(
                self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644
            )
            self._end_cut_line()
        except OSError as error:
            problem = Problem(
                str(self.path), error.strerror or str(error), hint="make room or rights, then --resume"
            )
            raise WriteError("the journal of the sweep cannot be written", problems=[problem]) from error
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)

    def write(self, what: str, **details: Any) -> None:
        """Append one line: when, what, and the details that are not none.

        On a full disk the line is lost, and the sweep goes on: the stores are the truth.
        """
        line = {"at": datetime.now(UTC).isoformat(timespec="milliseconds"), "what": what}
        line |= {key: value for key, value in details.items() if value is not None}
        with contextlib.suppress(OSError):
            os.write(self._descriptor, (json.dumps(line, default=str) + "\n").encode())

    def _end_cut_line(self) -> None:
        """Put what a crash left of a line on a line of its own."""
        with self.path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            if size and file.seek(size - 1) >= 0 and file.read(1) != b"\n":
                os.write(self._descriptor, b"\n")


def read_journal(path: Path) -> Iterator[Mapping[str, Any]]:
    """Yield the lines of a journal, oldest first; none if there is no file."""
    if not path.is_file():
        return
    with path.open(encoding="utf-8", errors="replace") as file:
        for line in file:
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            if isinstance(entry, dict):
                yield entry
