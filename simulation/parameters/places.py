"""Where scenario files and the demo census are: next to what names them, or among what is shipped.

Reads bytes within a size limit and says what is missing; knows nothing of what the bytes mean.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import simulation.errors
from simulation.errors import Problem, ScenarioError, nearest
from simulation.parameters.canonical import described
from simulation.parameters.document import LARGEST_FILE

SUFFIXES = (".yaml", ".yml")


@cache
def shipped_directory() -> Path:
    """Return the directory of the shipped scenarios: inside an installed package, else of the checkout."""
    package = Path(simulation.errors.__file__).parent
    installed = package / "_scenarios"
    return installed if installed.is_dir() else package.parent / "scenarios"


def demo_census() -> Path:
    """Return the census that is shipped, for whoever names none."""
    return shipped_directory() / "census" / "demo.parquet"


def shipped() -> tuple[str, ...]:
    """Return the names of the shipped scenarios, and of the plan designs as ``plans/NAME``."""
    root = shipped_directory()
    found = (path.relative_to(root) for pattern in ("*.yaml", "plans/*.yaml") for path in root.glob(pattern))
    return tuple(sorted(path.with_suffix("").as_posix() for path in found))


def display(path: Path) -> str:
    """Return a path as a person would write it: relative where it is below the working directory."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def locate(reference: str, base: Path, where: str = "") -> Path:
    """Return the scenario file that a path relative to a directory or a shipped name stands for.

    Raises:
        ScenarioError: There is no such file; names the nearest one.
    """
    path = Path(os.path.normpath(base / Path(reference).expanduser()))
    candidates = [path, *(path.with_name(path.name + suffix) for suffix in SUFFIXES)]
    if reference in shipped():
        candidates.append(shipped_directory() / f"{reference}.yaml")
    for candidate in candidates:
        if _is_file(candidate):
            return candidate
    raise _missing(reference, path, where)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name longer than the file system allows is no file
        return False


def _is_directory(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _missing(reference: str, path: Path, where: str) -> ScenarioError:
    beside = _siblings(path.parent)
    hint = nearest(path.name, beside) or nearest(reference, shipped()) or _design(path.stem)
    found = (
        f"{described(reference)} is a directory" if _is_directory(path) else f"no file {described(reference)}"
    )
    allowed = f"the path of a scenario file, or one of {', '.join(shipped())}"
    return ScenarioError("No such scenario", problems=[Problem(where, found, allowed, hint)])


def _design(stem: str) -> str:
    """Return a hint at the plan design of a name that lacks its directory."""
    return next((f"did you mean {name!r}?" for name in shipped() if name.endswith(f"/{stem}")), "")


def _siblings(directory: Path) -> list[str]:
    try:
        return sorted(path.name for path in directory.iterdir() if path.suffix in SUFFIXES)
    except OSError:
        return []


def read_bytes(path: Path, where: str = "") -> bytes:
    """Return a file's content.

    Raises:
        ScenarioError: The file cannot be read or is larger than any scenario.
    """
    where = where or display(path)
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except OSError as error:
        problem = Problem(where, f"cannot be read: {error.strerror or error}", "a readable file")
        raise ScenarioError("A file cannot be read", problems=[problem]) from error
    if len(content) > LARGEST_FILE:
        problem = Problem(where, "a file of more than 1 MB", "at most 1 MB")
        raise ScenarioError("A file is too large", problems=[problem])
    return content
