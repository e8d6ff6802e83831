"""A tuned scenario is a file that says what was tuned."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.jobs.overlay import write_overlay
from app.state.tuning import TuningState
from simulation.errors import SweepError
from simulation.parameters import load_scenario
from simulation.parameters.places import shipped_directory

BASELINE = shipped_directory() / "baseline.yaml"


def write(directory: Path, state: TuningState) -> Path:
    levers = state.levers_over(load_scenario(BASELINE))
    return write_overlay(directory, "tuned", base=BASELINE, values=state.values(), levers=levers)


def test_the_file_is_the_scenario_that_was_previewed(tmp_path: Path) -> None:
    state = TuningState(growth=500)
    state.move("merit_base", 1, 650)
    read = load_scenario(write(tmp_path / "job", state))
    assert read.digest == state.scenario(load_scenario(BASELINE)).digest
    assert read.name == "tuned"


def test_a_shipped_base_is_named_so_that_the_file_can_travel(tmp_path: Path) -> None:
    text = write(tmp_path / "job", TuningState(growth=500)).read_text()
    assert "extends: baseline\n" in text
    assert str(shipped_directory()) not in text


def test_the_files_of_another_sweep_are_left_alone(tmp_path: Path) -> None:
    first = write(tmp_path / "job", TuningState(growth=500)).read_text()
    with pytest.raises(SweepError, match="of that name"):
        write(tmp_path / "job", TuningState(growth=900))
    assert (tmp_path / "job" / "tuned.yaml").read_text() == first
