"""``benchmarks/results.json``: what was measured, and how it stands against what was committed before."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.benchmarks.benchmark import Better, Measured

ROOT: Final = Path(__file__).parents[2]
PLACE: Final = "benchmarks/results.json"

LEAST_CHANGE: Final = 0.15
"""A change below this share is never reported: two runs of one commit differ by as much."""

CLOCKED: Final = {"s": -1, "ms": -1, "µs": -1, "events/s": 1}
"""Units that follow the speed of the machine, and the power of the calibration that takes that out."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """How much worse a value is than the committed one (0.2: by a fifth), and what noise explains."""

    worse: float
    noise: float

    @property
    def is_regression(self) -> bool:
        """Whether the value is worse beyond the noise."""
        return self.worse > self.noise


def row(measured: Measured, commit: str) -> dict[str, Any]:
    """Return a measurement as it is kept."""
    target = measured.benchmark.target
    return {
        "name": measured.benchmark.name,
        "value": _rounded(measured.value),
        "unit": measured.benchmark.unit,
        "target": target.value if target else None,
        "commit": commit,
        "noise": _rounded(measured.noise),
        "calibration": _rounded(measured.calibration),
    }


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")


def change(measured: Measured, before: Row) -> Change:
    """Return how a measurement compares with an earlier one, each on the scale of its own calibration."""
    power = CLOCKED.get(measured.benchmark.unit, 0)
    now = measured.value * measured.calibration**power
    then = before["value"] * before["calibration"] ** power
    target = measured.benchmark.target
    higher = target is not None and target.better is Better.HIGHER
    worse = (then / now if higher else now / then) - 1
    return Change(worse, LEAST_CHANGE + measured.noise + before["noise"])


def committed() -> dict[str, Row]:
    """Return the rows of the last commit by name; none where there is no commit or no such file."""
    shown = _git("show", f"HEAD:{PLACE}")
    return {each["name"]: each for each in json.loads(shown)} if shown else {}


def commit() -> str:
    """Return the commit that is measured, with a plus where the source differs from it."""
    head = _git("rev-parse", "--short=12", "HEAD") or "unknown"
    return head + "+" if _git("status", "--porcelain", "--", "simulation", "app") else head


def save(rows: Iterable[Row], path: Path = ROOT / PLACE) -> None:
    """Write rows in place of those of the same name; the others stay as they are."""
    kept = {each["name"]: each for each in json.loads(path.read_text("utf-8"))} if path.exists() else {}
    kept |= {each["name"]: each for each in rows}
    path.parent.mkdir(exist_ok=True)
    text = ",\n".join("  " + json.dumps(each, ensure_ascii=False) for each in kept.values())
    path.write_text(f"[\n{text}\n]\n", "utf-8")


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""
