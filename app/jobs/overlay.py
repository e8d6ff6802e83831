"""A tuned scenario as files: an overlay and its levers table, which anybody can read, keep and run again."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import yaml

from simulation.errors import Problem, SweepError, WriteError
from simulation.parameters import Levers, write_levers
from simulation.parameters.overlay import nest
from simulation.parameters.places import shipped_directory

LEVERS_FILE = "comp_levers.csv"


def write_overlay(
    directory: Path, name: str, *, base: Path, values: Mapping[str, Decimal], levers: Levers
) -> Path:
    """Write an overlay on a base scenario into a new directory; return its file.

    Raises:
        SweepError: the directory exists: a sweep of that name was given its files before.
        WriteError: the disk or the directory refused.
    """
    flat: dict[str, object] = {key: float(value) for key, value in values.items()}
    if levers.rows:
        flat["compensation.levers"] = LEVERS_FILE
    head = {"name": name, "title": f"{base.stem}, tuned", "extends": _reference(base)}
    path = directory / f"{name}.yaml"
    try:
        directory.mkdir(parents=True)
        if levers.rows:
            write_levers(directory / LEVERS_FILE, levers)
        path.write_text(yaml.safe_dump({**head, **nest(flat)}, sort_keys=False), encoding="utf-8")
    except FileExistsError as error:
        problem = Problem("name", f"{directory.name!r} is taken", hint="choose another name")
        raise SweepError("there is a sweep of that name", problems=[problem]) from error
    except OSError as error:
        raise WriteError(
            "the tuned scenario was not written", problems=[Problem(str(path), str(error))]
        ) from error
    return path


def _reference(base: Path) -> str:
    """Return how to name a base: a shipped one by its name, so that the overlay works on another machine."""
    return base.stem if base.parent == shipped_directory() else str(base)
