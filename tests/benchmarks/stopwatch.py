"""Time a command in a process of its own: ``python stopwatch.py COMMAND...`` prints one JSON object.

A small process starts the command, because Linux counts the memory of the process that starts another as the
peak of the new one. Imports nothing of the project, for the same reason.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Spent:
    """What a command and the processes that it waited for took, and what it printed."""

    seconds: float
    cpu_seconds: float
    peak_mib: float
    output: str


class CommandError(Exception):
    """A command that was to be measured failed."""


def timed(
    command: Sequence[str | Path], *, environment: Mapping[str, str] | None = None, cores: int | None = None
) -> Spent:
    """Return what a command took; ``cores`` holds it to as many.

    Raises:
        CommandError: it did not end well; says how it was called and its last words.
    """
    words = [str(word) for word in command]
    watch = [sys.executable, __file__, str(cores or 0), *words]
    surroundings = {**_installed_environment(), **(environment or {})}
    done = subprocess.run(watch, capture_output=True, text=True, check=False, env=surroundings)
    if done.returncode:
        raise CommandError(f"{' '.join(words)}\n{done.stderr.strip()[-2000:]}")
    return Spent(**json.loads(done.stdout))


def _installed_environment() -> dict[str, str]:
    """Return the environment without what no user has: compiling the source anew in every process."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _watch(cores: int, command: Sequence[str]) -> int:
    if cores and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])
    begun = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        output = process.stdout.read() if process.stdout else ""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - begun
    unit = 1 if sys.platform == "darwin" else 1024
    spent = Spent(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit / 2**20, output)
    print(json.dumps({name: getattr(spent, name) for name in Spent.__slots__}))
    return process.returncode


if __name__ == "__main__":
    sys.exit(_watch(int(sys.argv[1]), sys.argv[2:]))
