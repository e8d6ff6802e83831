"""Whether a process sees the directory that a sweep's driver writes to: it looks for a token of the driver's.

A path alone proves nothing, for every machine has a /tmp. Knows files only.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from simulation.errors import Problem, WriteError


@dataclass(frozen=True, slots=True)
class Probe:
    """A token, and the file that says it to whoever shares the file system."""

    path: Path
    token: str

    @classmethod
    @contextmanager
    def laid(cls, directory: Path) -> Iterator[Self]:
        """Yield a probe in a directory, and take it away afterwards.

        Raises:
            WriteError: the disk or the directory refuses.
        """
        token = secrets.token_hex(16)
        probe = cls(directory / f".probe.{token}.tmp", token)
        try:
            probe.path.write_text(token, encoding="ascii")
        except OSError as error:
            problem = Problem(str(directory), error.strerror or str(error), hint="make room, then --resume")
            raise WriteError("the directory of the sweep cannot be used", problems=[problem]) from error
        try:
            yield probe
        finally:
            probe.path.unlink(missing_ok=True)

    @property
    def seen(self) -> bool:
        """Whether this process sees what the driver wrote; a machine that cannot tell does not."""
        try:
            return self.path.read_text(encoding="ascii") == self.token
        except (OSError, ValueError):
            return False
