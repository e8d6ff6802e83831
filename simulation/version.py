"""Which code is running: the release and a digest of the model's sources, so that a number can be traced.

Knows files of this package only.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

DISTRIBUTION: Final = "planwise-navigator"
_SUFFIXES: Final = (".py", ".csv")
_NOT_THE_MODEL: Final = frozenset({"catalogue", "export", "optimize", "query", "retention", "sweep"})
"""They run the model or read its stores, and change no number in one."""


@cache
def release() -> str:
    """Return the installed release, or 0 where the library runs without an installation."""
    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:
        return "0"


@cache
def code_version() -> str:
    """Return release and source digest, such as ``0.1.0+src.1f6c0a9be2d4``: another model, another text."""
    root = Path(__file__).parent
    digest = hashlib.sha256()
    for name in sorted(_sources(root)):
        content = (root / name).read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return f"{release()}+src.{digest.hexdigest()[:12]}"


def _sources(root: Path) -> Iterator[str]:
    """Yield the model's files by their paths inside the package; `Path.rglob` takes several times as long."""
    for folder, inner, names in os.walk(root):
        within = folder[len(str(root)) + 1 :]
        inner[:] = set(inner) - _NOT_THE_MODEL if not within else inner
        yield from (f"{within}/{name}".lstrip("/") for name in names if name.endswith(_SUFFIXES))
