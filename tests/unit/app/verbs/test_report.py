"""``planwise report`` and ``planwise batch --report``: files, and what a sweep's own files tell."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest
import yaml

from app.asked import CENSUS, asked_of
from app.cli import main
from simulation.census import generate_census
from simulation.query import open_sweep
from simulation.sweep import SweepPlan, run_sweep
from simulation.sweep.serial import SerialExecutor

NAMES = ("high_growth", "baseline")


@pytest.fixture(scope="module")
def sweep(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sweep of two scenarios and two seeds, one run of which was lost."""
    out = tmp_path_factory.mktemp("sweeps")
    plan = SweepPlan.of(
        {
            "scenarios": NAMES, "seeds": "1-2", "census": generate_census(40, seed=2), "years": (2025, 2025),
            "name": "growth", "set": ("workforce.growth.rate=0.02",),
        }
    )  # fmt: skip
    run_sweep(plan, out=out, executor=SerialExecutor())
    (out / "growth" / "baseline" / "seed_2.duckdb").unlink()
    return out / "growth"


def test_a_sweep_is_reported_into_its_directory(sweep: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(sweep), "--json"]) == 0
    captured = capsys.readouterr()
    written = [Path(path) for path in json.loads(captured.out)["written"]]
    assert [path.name for path in written] == ["report.html", "report.pdf"]
    assert written[1].read_bytes().startswith(b"%PDF-")
    page = written[0].read_text("utf-8")
    assert "This sweep is not finished: 3 of 4 runs are done" in page
    assert "baseline seed 2" in page
    assert "1 of 4 runs are missing" in captured.err


def test_what_was_asked_comes_from_the_record_of_the_sweep(sweep: Path) -> None:
    told = asked_of([sweep], open_sweep(sweep))
    assert (told.title, told.order, told.runs_asked) == ("growth", NAMES, 4)
    assert told.missing == (("baseline", 2),)
    (command,) = told.commands
    words = shlex.split(command)
    assert words[:5] == ["planwise", "sweep", "--scenarios", *NAMES]
    assert words[words.index("--census") + 1] == CENSUS
    assert words[words.index("--seeds") + 1] == "1-2"


def test_a_sweep_that_no_options_describe_is_told_as_a_sweep_file(tmp_path: Path) -> None:
    census = tmp_path / "census.parquet"
    assert main(["census", "generate", "--employees", "40", "--out", str(census)]) == 0
    design = {"levers": {"workforce.growth.rate": [0.01, 0.05]}}
    asked = {
        "scenarios": ["baseline"],
        "census": str(census),
        "years": (2025, 2025),
        "name": "grid",
        "design": design,
    }
    run_sweep(SweepPlan.of({**asked, "name": "grid"}), out=tmp_path, executor=SerialExecutor())
    told = asked_of([tmp_path / "grid"], open_sweep(tmp_path / "grid"))
    assert (told.commands[0], told.commands[-1]) == ("# sweep.yaml", "planwise sweep sweep.yaml")
    again = SweepPlan.of(yaml.safe_load("\n".join(told.commands[1:-2])))
    assert again.design is not None
    assert again.design.size == 2


def test_stores_alone_tell_a_command_a_run(sweep: Path, tmp_path: Path) -> None:
    stores = sorted(sweep.glob("*/*.duckdb"))
    told = asked_of(stores, open_sweep(stores))
    assert len(told.commands) == len(stores) == 3
    assert all(f"--census {CENSUS} --years 2025-2025" in command for command in told.commands)
    assert main(["report", *map(str, stores), "--format", "html", "--out", str(tmp_path / "new")]) == 0
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["report.html"]


def test_a_kind_that_there_is_not_is_refused(sweep: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(sweep), "--format", "html,pfd"]) == 2
    assert "did you mean 'pdf'" in capsys.readouterr().err


def test_nothing_is_written_of_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(tmp_path)]) == 2
    assert "there is nothing to read" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_place_that_cannot_be_written_to_is_said(
    sweep: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert main(["report", str(sweep), "--out", str(tmp_path / "file")]) == 1
    assert "the file cannot be written" in capsys.readouterr().err


def test_a_batch_is_reported_if_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--scenarios", *NAMES, "--years", "2025", "--export-format", "csv", "--out", str(tmp_path)]
    census = tmp_path / "census.parquet"
    assert main(["census", "generate", "--employees", "40", "--out", str(census)]) == 0
    capsys.readouterr()
    assert main(["batch", *arguments, "--census", str(census), "--report", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert [Path(path).name for path in answer["pages"]] == ["report.html", "report.pdf"]
    assert Path(answer["report"]).name == "comparison_report.xlsx"
    assert "no interval is given" in (tmp_path / "report.html").read_text("utf-8")
