"""How verbs speak."""

from __future__ import annotations

import json
import math
import sys
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from app.verbs.printing import clean, plain, print_json, print_table, say, show, shown_path, sized


class Colour(Enum):
    RED = "red"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Decimal("12.00"), 12),
        (Decimal("0.25"), 0.25),
        (math.nan, None),
        (math.inf, None),
        (1.5, 1.5),
        (date(2025, 12, 31), "2025-12-31"),
        (Path("/a/b"), "/a/b"),
        (Colour.RED, "red"),
        ((1, {2: Decimal(3)}), [1, {"2": 3}]),
        (None, None),
        (True, True),
    ],
)
def test_every_value_has_a_word_in_json(value: Any, expected: Any) -> None:
    assert plain(value) == expected
    assert type(plain(value)) is type(expected)


def test_a_document_is_one_json_text_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"name": "naïve", "value": math.nan})
    printed, said = capsys.readouterr()
    assert json.loads(printed) == {"name": "naïve", "value": None}
    assert said == ""


@pytest.mark.parametrize("hostile", ["\x1b[31mred", "a\rb", "a\x00b", "a\x9b31m", "a\u202eb"])
def test_a_text_cannot_steer_the_terminal(hostile: str, capsys: pytest.CaptureFixture[str]) -> None:
    say(hostile)
    show(hostile)
    print_table(["name"], [[hostile]])
    printed, said = capsys.readouterr()
    assert not {"\x1b", "\r", "\x00", "\x9b", "\u202e"} & set(printed + said)


def test_markup_in_a_text_is_text(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(["name"], [["[bold]x[/bold]"]])
    assert "[bold]x[/bold]" in capsys.readouterr().out


def test_a_wide_table_is_not_cut_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(["a", "b"], [["x" * 300, 1], ["y", 2]])
    assert "x" * 300 in capsys.readouterr().out


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1234567, "1,234,567"),
        (0.0312345, "0.0312"),
        (1234.5, "1,234.50"),
        (Decimal("2.000"), "2"),
        (None, ""),
        (True, "yes"),
    ],
)
def test_numbers_are_shown_for_people(value: Any, shown: str, capsys: pytest.CaptureFixture[str]) -> None:
    print_table(["value"], [[value]])
    assert capsys.readouterr().out.splitlines()[3].strip() == shown


def test_lines_are_kept_where_a_message_has_several() -> None:
    assert clean("a\nb", lines=True) == "a\nb"
    assert clean("a\nb") == "ab"


def test_a_path_is_shown_as_one_would_type_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert shown_path(tmp_path / "runs" / "x") == "runs/x"
    assert shown_path(Path("/elsewhere/x")) == "/elsewhere/x"


def test_a_pipe_gets_the_table_that_a_terminal_with_room_shows(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    table = ["name", "number"], [("naïve 模型", 1), ("[b]x[/b]\x1b[31m", -20_000), ("", None)]
    print_table(*table)
    piped = capsys.readouterr().out
    print_table(*table, title="Runs")
    assert capsys.readouterr().out == f"Runs\n{piped}"
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    print_table(*table)
    assert capsys.readouterr().out == piped


def test_a_table_of_many_rows_looks_like_one_of_few(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    row = ("naïve 模型", 1, None)
    print_table(["name", "number", "text"], [row])
    few = capsys.readouterr().out.splitlines()
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    print_table(["name", "number", "text"], [row] * 300)
    assert capsys.readouterr().out.splitlines() == [*few[:3], *few[3:4] * 300, few[4]]


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0.0 KiB"), (1536, "1.5 KiB"), (2**20, "1.0 MiB"), (5 * 2**30, "5.0 GiB")]
)
def test_bytes_are_said_in_the_unit_that_fits(count: int, said: str) -> None:
    assert sized(count) == said
