"""Seeds as people write them: ``42``, ``1-20``, ``1,5,9-12``, or a list of such.

Knows text and whole numbers only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final

from simulation.errors import Problem, SweepError

LARGEST_SEED: Final = 2**63 - 1
MOST_SEEDS: Final = 100_000
_PART: Final = re.compile(r"\s*(\d+)\s*(?:[-–]\s*(\d+)\s*)?")
_ALLOWED: Final = "a whole number (42), a range (1-20), or several with commas (1,5,9-12)"


def parse_seeds(given: int | str | Iterable[int | str], where: str = "seeds") -> tuple[int, ...]:
    """Return the seeds in the order given, each once.

    Raises:
        SweepError: a part is no seed or range; every such part is named.
    """
    parts = list(_parts(given))
    problems = [problem for part in parts if (problem := _problem(part, where))]
    if not parts:
        problems = [Problem(where, "there is none", _ALLOWED)]
    if not problems and sum(_size(part) for part in parts) > MOST_SEEDS:
        problems = [Problem(where, f"more than {MOST_SEEDS:,} seeds", f"at most {MOST_SEEDS:,}")]
    if problems:
        raise SweepError("these seeds cannot be used", problems=problems)
    return tuple(dict.fromkeys(seed for part in parts for seed in _range(part)))


def format_seeds(seeds: Iterable[int]) -> str:
    """Return seeds in the shortest form that `parse_seeds` reads: ``1-20,42``."""
    runs = groupby(enumerate(sorted(set(seeds))), key=lambda pair: pair[1] - pair[0])
    spans = [[seed for _, seed in run] for _, run in runs]
    return ",".join(str(span[0]) if len(span) == 1 else f"{span[0]}-{span[-1]}" for span in spans)


def _parts(given: int | str | Iterable[int | str]) -> Iterator[str]:
    if isinstance(given, bool):
        yield str(given)
    elif isinstance(given, int | str):
        yield from (part for part in str(given).split(",") if part.strip())
    else:
        for one in given:
            yield from _parts(one)


def _problem(part: str, where: str) -> Problem | None:
    match = _PART.fullmatch(part)
    if not match:
        return Problem(where, repr(part.strip()), _ALLOWED)
    span = _range(part)
    if not span:
        return Problem(where, f"{part.strip()!r} runs backwards", "the smaller seed first")
    if span[-1] > LARGEST_SEED:
        return Problem(where, f"{span[-1]}", f"seeds from 0 to {LARGEST_SEED}")
    return None


def _range(part: str) -> range:
    first, last = _PART.fullmatch(part).groups()  # type: ignore[union-attr]  # a part that matched before
    return range(int(first), int(last or first) + 1)


def _size(part: str) -> int:
    span = _range(part)
    return span.stop - span.start
