"""Reading scenarios starts fast: no frame library before a frame is asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest

import simulation.parameters as package


def test_loading_a_scenario_does_not_load_polars() -> None:
    code = (
        "import sys; from simulation.parameters import load_scenario; "
        "load_scenario('baseline').digest; sys.exit('polars' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("name", package.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(package, name) is not None


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        package.no_such_name  # noqa: B018
