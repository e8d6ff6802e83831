"""Options that take several values in a row."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.verbs.spreading import is_no_path, spread

OPTIONS = {"--scenarios": lambda _: True, "--metric": str.islower}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("--scenarios a b --seeds 1", "--scenarios a --scenarios b --seeds 1"),
        ("--scenarios a --scenarios b", "--scenarios a --scenarios b"),
        ("plan --seeds 1 --scenarios a b c", "plan --seeds 1 --scenarios a --scenarios b --scenarios c"),
        ("--metric hires DIR", "--metric hires DIR"),
        ("DIR --metric hires exits DIR2 more", "DIR --metric hires --metric exits DIR2 more"),
        ("--metric Odd one", "--metric Odd --metric one"),
        ("--seeds 1 2", "--seeds 1 2"),
        ("--scenarios", "--scenarios"),
        ("--scenarios --seeds 1", "--seeds 1"),
        ("", ""),
    ],
)
def test_each_value_gets_its_option(given: str, expected: str) -> None:
    assert " ".join(spread(given.split(), OPTIONS)) == expected


def test_a_path_is_no_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "runs").mkdir()
    assert [is_no_path(text) for text in ("hires", "runs", "a/b")] == [True, False, False]
