"""Small runs to report on, and reports read back."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pypdf import PdfReader

from simulation.census import generate_census
from simulation.export.report import Asked
from simulation.parameters import load_scenario
from simulation.sealing import simulate_batch

SCENARIOS = ("baseline", "high_growth")
MADE = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory of two scenarios with three seeds each, of two years and sixty people."""
    out, census = tmp_path_factory.mktemp("reported"), generate_census(60, seed=3)
    for name in SCENARIOS:
        simulate_batch(load_scenario(name, years=(2025, 2026)), census, [1, 2, 3], out=out)
    return out


@pytest.fixture
def told() -> Asked:
    """What somebody asked for."""
    return Asked("Growth or not", MADE, "Ann Lee", commands=("planwise sweep --seeds 1-3",))


def text_of(path: Path) -> str:
    """Return the words of a PDF, however they were set."""
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(path).pages))
