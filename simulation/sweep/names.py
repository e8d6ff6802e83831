"""Which names may become a directory of a sweep: they are part of paths, links, SQL aliases and tables.

Knows text only; that a name is taken is for the directory to say.
"""

from __future__ import annotations

import re
from typing import Final

from simulation.errors import Problem, SweepError

_SAFE: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?")
_POINT: Final = re.compile(r"-p\d{3,}$")
_ALLOWED: Final = "1 to 64 letters, digits, dots, dashes and underscores, a letter or digit at both ends"


def name_problem(name: str, where: str) -> Problem | None:
    """Return what is wrong with a name, if anything is."""
    return None if _SAFE.fullmatch(name) else Problem(where, f"{name!r}", _ALLOWED)


def safe_name(name: str, where: str = "name") -> str:
    """Return a name that is one harmless path component.

    Raises:
        SweepError: it could leave its directory or confuse a shell.
    """
    problem = name_problem(name, where)
    if problem:
        raise SweepError("this name cannot become a directory", problems=[problem])
    return name


def joined_name(names: list[str]) -> str:
    """Return a name for a sweep that was not given one: its scenarios', cut to the length that is allowed."""
    return "_vs_".join(names)[:64].rstrip("._-")


def at_point(scenario: str, point: str) -> str:
    """Return what a scenario is called at a point of a design: ``baseline-p003``."""
    return f"{scenario}-{point}"


def without_point(name: str) -> str:
    """Return the scenario's own name in what it is called at a point."""
    return _POINT.sub("", name)
