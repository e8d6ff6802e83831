"""The worked examples of docs/method/: tests hold their numbers against what the code computes."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Final

from simulation.units import CENTS_PER_DOLLAR

NOTES: Final = Path(__file__).parents[1] / "docs" / "method"


def results(note: str) -> list[str]:
    """Return the last column of the table under a note's worked example, from top to bottom."""
    text = (NOTES / f"{note}.md").read_text(encoding="utf-8")
    example = text.split("\n## Worked example\n")[1].split("\n## ")[0]
    rows = [line for line in example.splitlines() if line.startswith("|")]
    return [row.strip("|").split("|")[-1].strip() for row in rows[2:]]


def money(cents: int) -> str:
    """Return an amount as the notes write it: 1,234.50."""
    whole, rest = divmod(int(cents), CENTS_PER_DOLLAR)
    return f"{whole:,}.{rest:02}"


def percent(share: Fraction | int | None) -> str:
    """Return a share as the notes write it, to 0.01 of a point: 7.50 %."""
    return "none" if share is None else f"{float(share):.2%}".replace("%", " %")
