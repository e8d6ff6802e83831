"""Whether a person means what cannot be undone: asked on a terminal, said by ``--yes`` elsewhere."""

from __future__ import annotations

import sys
from typing import Annotated, Final

import typer

Yes = Annotated[bool, typer.Option("--yes", help="Do it without asking; needed where nobody can be asked.")]

_NOTHING: Final = 1
"""Exit code of somebody's no."""


def confirm(question: str, *, yes: bool) -> None:
    """Return if somebody wants it.

    Raises:
        InputError: nobody can be asked, and nobody said so.
        typer.Exit: they said no.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        from simulation.errors import InputError, Problem

        problem = Problem("--yes", "not given", hint="give it where no terminal is there to ask on")
        raise InputError(f"not confirmed: {question}", problems=[problem])
    if not typer.confirm(question, err=True):
        raise typer.Exit(_NOTHING)
