"""What every test shares: markers by folder, Hypothesis without a clock, and an environment that is the same
everywhere. Fixtures for one part of the program live in the conftest of that part's folder.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, Phase, settings

from tools import chromium

TESTS: Final = Path(__file__).parent
MARKERS: Final = {"browser": "browser", "integration": "integration", "benchmarks": "benchmark"}
"""Folder of tests/ → marker of all that is in it, so that no test can forget its own."""

# A slow machine is no failing example: speed is measured by `make bench`. A failing one is shown as it was
# found: making it smaller would repeat whole simulations for minutes.
settings.register_profile(
    "planwise",
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
    database=None,
    print_blob=True,
)
settings.load_profile("planwise")

# Ray asks and reports nothing, and colours never get into captured output.
os.environ |= {"RAY_USAGE_STATS_ENABLED": "0", "NO_COLOR": "1", "TERM": "dumb"}
os.environ.pop("FORCE_COLOR", None)


def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    """Mark each test by the folder it stands in, and those of faults by the name of their file."""
    for item in items:
        if not item.path.is_relative_to(TESTS):
            continue
        if marker := MARKERS.get(item.path.relative_to(TESTS).parts[0]):
            item.add_marker(marker)
        if item.path.stem.endswith("_faults"):
            item.add_marker("fault")


@pytest.fixture(autouse=True)
def no_settings_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide the PLANWISE_* settings of whoever runs the tests, but not which browser they asked for."""
    for name in filter(lambda name: name.startswith("PLANWISE_"), list(os.environ)):
        if name != chromium.VARIABLE:
            monkeypatch.delenv(name)
