"""Which code is running: the release and a digest of the model's sources, so that a number can be traced.

Knows files of this package only.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

DISTRIBUTION: Final = "planwise-navigator"
_SUFFIXES: Final = frozenset({".py", ".csv"})
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
    for path in sorted(path for path in root.rglob("*") if path.suffix in _SUFFIXES):
        if path.relative_to(root).parts[0] in _NOT_THE_MODEL:
            continue
        digest.update(f"{path.relative_to(root)}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return f"{release()}+src.{digest.hexdigest()[:12]}"
