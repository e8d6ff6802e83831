"""Options that take several values in a row: ``--scenarios A B C`` besides ``--scenarios A --scenarios B``.

Click knows the second form only; the first is turned into it before it reads the arguments.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from typer.core import TyperCommand

Accepts = Callable[[str], bool]


def spread(arguments: Sequence[str], options: Mapping[str, Accepts]) -> list[str]:
    """Return arguments with each such option repeated before each of its values.

    An option goes on taking values until one begins with a dash or is not of its kind.
    """
    spread_out: list[str] = []
    taking, first = "", False
    for argument in arguments:
        if argument.startswith("-"):
            taking, first = (argument, True) if argument in options else ("", False)
            if not taking:
                spread_out.append(argument)
        elif taking and (first or options[taking](argument)):
            spread_out += [taking, argument]
            first = False
        else:
            spread_out.append(argument)
            taking = ""
    return [*spread_out, taking] if first else spread_out


def is_no_path(text: str) -> bool:
    """Say whether a text can be a name and is no file or directory."""
    return "/" not in text and not Path(text).exists()


class SpreadingCommand(TyperCommand):
    """A command some of whose options take several values in a row."""

    spreading: ClassVar[Mapping[str, Accepts]] = {}

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the arguments."""
        return super().parse_args(ctx, spread(args, self.spreading))
