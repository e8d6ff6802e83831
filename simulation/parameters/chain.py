"""The files that a scenario is made of: itself and what it extends, each checked for keys that do not exist.

Knows keys and lines; what the values may be is checked after they are laid over one another.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from simulation.errors import Problem, ScenarioError, nearest
from simulation.parameters.canonical import described
from simulation.parameters.document import Document, read_document
from simulation.parameters.form import SLUG
from simulation.parameters.overlay import Flat, branches, leaves, parameters, tables
from simulation.parameters.places import display, locate, read_bytes
from simulation.parameters.provenance import BASELINE


class Source(NamedTuple):
    """One layer of a scenario: its values by dotted key, and where a key of it stands."""

    origin: str
    flat: Flat
    digest: str
    where: Callable[[str], str]
    path: Path | None = None

    def sets(self, key: str) -> bool:
        """Say whether the layer sets a key, or a value that a key such as ``tiers[0].rate`` is part of."""
        outer = re.split(r"[\[]", key, maxsplit=1)[0]
        return outer in self.flat or outer.rpartition(".")[0] in self.flat


def read_chain(reference: str) -> tuple[list[Source], list[Problem]]:
    """Return the layers of a scenario file, lowest first, and what is wrong with their keys.

    Raises:
        ScenarioError: A file is missing, or files extend one another in a circle.
    """
    documents = _documents(reference)
    problems = [problem for _, document in documents for problem in document.problems]
    sources = []
    for position, (path, document) in enumerate(documents):
        flat = dict(outlined(document.tree, document.where, problems))
        name = _name(flat, path)
        if position < len(documents) - 1:
            flat = {key: value for key, value in flat.items() if not _identifies(key)}
        else:
            flat = {"name": name, "title": name, "description": "", **flat}
        sources.append(Source(_origin(name), flat, document.digest, document.where, path))
    return sources, problems


def _documents(reference: str) -> list[tuple[Path, Document]]:
    """Return the file and those it extends, lowest first, each once."""
    found: dict[Path, tuple[Path, Document]] = {}
    _gather(found, reference, Path.cwd(), "", ())
    return list(found.values())


def _gather(
    found: dict[Path, tuple[Path, Document]], reference: str, base: Path, where: str, above: tuple[Path, ...]
) -> None:
    """Add a file to those found, after what it extends: one that several extend lies below them all."""
    path = locate(reference, base, where)
    if path in above:
        circle = " → ".join(display(seen) for seen in (*above, path))
        problem = Problem(where, f"extends {reference!r}: {circle}", "a chain that ends")
        raise ScenarioError("Scenarios extend one another in a circle", problems=[problem])
    if path.resolve() in found:
        return
    document = read_document(read_bytes(path, where), display(path))
    for extended in _extended(document.tree.get("extends")):
        _gather(found, extended, path.parent, document.where("extends"), (*above, path))
    found[path.resolve()] = (path, document)


def _extended(value: Any) -> list[str]:
    """Return the files that a document extends; a value of a wrong form is reported elsewhere."""
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]


def _identifies(key: str) -> bool:
    return key in parameters() and parameters()[key].identity


def _name(flat: Flat, path: Path) -> str:
    """Return the name that a file gives itself, else one made from the file's name."""
    given = flat.get("name")
    if isinstance(given, str) and re.fullmatch(SLUG, given):
        return given
    return re.sub(r"[^a-z0-9_-]+", "-", path.stem.lower()).strip("-_")[:64] or "scenario"


def _origin(name: str) -> str:
    return BASELINE if name == BASELINE else f"overlay:{name}"


def outlined(
    tree: Mapping[Any, Any], where: Callable[[str], str], problems: list[Problem], prefix: str = ""
) -> Iterator[tuple[str, Any]]:
    """Yield each value of a nested overlay with its dotted key, and add what has no place to the problems."""
    for name, value in tree.items():
        key = f"{prefix}{name}"
        if key in leaves():
            yield key, value
        elif key not in branches():
            problems.append(unknown(key, where(key)))
        elif isinstance(value, Mapping):
            yield from outlined(value, where, problems, f"{key}.")
        elif value is not None:  # a group whose every line is commented out says nothing
            problems.append(Problem(where(key), described(value), _inside(key)))


def _inside(key: str) -> str:
    if key in tables():
        return tables()[key].allowed
    return f"a mapping with the keys {', '.join(branches()[key])}"


def unknown(key: str, where: str) -> Problem:
    """Return the problem of a key that does not exist, with the nearest one that does."""
    group, _, name = key.rpartition(".")
    beside = branches().get(group, ())
    allowed = f"one of {', '.join(beside)}" if beside else "a key of the reference"
    return Problem(
        where, "unknown key", allowed, _nearest_key(key, name, [f"{group}.{one}" for one in beside])
    )


def _nearest_key(key: str, name: str, beside: Sequence[str]) -> str:
    """Return a hint at a near key beside it, else the only key so named, else any near one."""
    if name.isdecimal():  # a level or rating: the numbers that there are stand beside it
        return ""
    if nearest(name, [one.rpartition(".")[2] for one in beside]):
        return nearest(key, [one.lstrip(".") for one in beside])
    every = [*leaves(), *tables(), *filter(None, branches())]
    for ending in (f".{key}", f".{name}"):
        named = sorted({real for real in every if real.endswith(ending)})
        if len(named) == 1:
            return f"did you mean {named[0]!r}?"
    return nearest(key, every)
