"""Commands as a person types them, run in this process."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import pytest

from app.cli import main


class Ended(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    error: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


Planwise: TypeAlias = Callable[..., Ended]
"""Runs ``planwise`` with the arguments that it is given."""


def commands(capsys: pytest.CaptureFixture[str], *verb: str) -> Planwise:
    """Return what runs ``planwise``, or one verb of it, and hears what it says."""

    def run(*arguments: str | Path) -> Ended:
        code = main([*verb, *(str(argument) for argument in arguments)])
        return Ended(code, *capsys.readouterr())

    return run
