"""Options that several verbs share, written once; and how their texts are read.

Imports nothing heavy: the help of every verb is made from here.
"""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path
from typing import Annotated, Final

import typer

DATA: Final = Path(os.environ.get("PLANWISE_DATA", "data"))
"""Where everything is kept unless an option says otherwise."""

SWEEPS: Final = DATA / "sweeps"
RUNS: Final = DATA / "runs"

_YEARS: Final = re.compile(r"\s*(\d{4})\s*(?:[-–]\s*(\d{4})\s*)?")


ScenarioName = Annotated[str, typer.Argument(help="Path of a scenario file, or the name of a shipped one.")]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Change a parameter; may be repeated."),
]
CensusFile = Annotated[
    Path | None, typer.Option("--census", metavar="FILE", help="The census; without it, the demo census.")
]
Years = Annotated[
    str | None,
    typer.Option("--years", metavar="FIRST-LAST", help="Years to simulate instead of the scenario's."),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output.")]
StoreFile = Annotated[Path, typer.Argument(metavar="STORE", help="The .duckdb file of a run.")]


def read_years(text: str | None) -> tuple[int, int] | None:
    """Return first and last year of ``2025-2029``.

    Raises:
        typer.BadParameter: this is no span of years.
    """
    if text is None:
        return None
    match = _YEARS.fullmatch(text)
    if match is None or match[1] > (match[2] or match[1]):
        raise typer.BadParameter(f"{text!r} is no span of years; write it as 2025-2029", param_hint="--years")
    return int(match[1]), int(match[2] or match[1])


def read_date(text: str | None) -> date | None:
    """Return the date of an ISO text, if there is one.

    Raises:
        typer.BadParameter: this is no date.
    """
    return None if text is None else parse_date(text)


def parse_date(text: str, option: str = "--as-of") -> date:
    """Return the date of an ISO text.

    Raises:
        typer.BadParameter: this is no date.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no date; write it as 2025-12-31", param_hint=option) from None
