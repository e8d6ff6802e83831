"""The harness of the worked examples: what passes, what fails, and how it says so."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.golden.__main__ import main, same
from tests.golden.formulas import match_tables
from tests.golden.money import basis_points, cents, money, ratio, shortest, whole_dollars
from tests.golden.registry import adapter_of, load_topics, topic

CASE = {
    "id": "OWN-1",
    "topic": "match_correction",
    "inputs": {"comp": "60000.00", "deferral": "3000.00", "formula": "50% to 6%", "match_made": "1000.00"},
    "expected": {"match_due": "1500.00", "shortfall": "500.00"},
}


def run(tmp_path: Path, *cases: object) -> int:
    path = tmp_path / "cases.json"
    path.write_text(json.dumps(cases), encoding="utf-8")
    return main([str(path)])


def test_a_case_that_comes_out_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, CASE) == 0
    assert capsys.readouterr().out == "1 passed, 0 failed\n"


def test_a_case_that_does_not_is_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = {**CASE, "expected": {"match_due": "1500.01"}}
    assert run(tmp_path, wrong, CASE) == 1
    assert capsys.readouterr().out.splitlines() == [
        'OWN-1 match_correction: expected {"match_due": "1500.01"}, actual {"match_due": "1500.00"}',
        "1 passed, 1 failed",
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"topic": "match_correctoin"}, "unknown topic; near it: match_correction"),
        ({"expected": {"nothing": "1"}}, "actual {}"),
        ({"expected": {}}, "expected {}"),
        ({"inputs": {}}, "KeyError: 'comp'"),
    ],
)
def test_whatever_cannot_be_compared_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], change: dict[str, Any], said: str
) -> None:
    assert run(tmp_path, {**CASE, **change}) == 1
    out = capsys.readouterr().out
    assert said in out
    assert out.endswith("0 passed, 1 failed\n")


@pytest.mark.parametrize("text", ["", "{}", '[{"id": "X"}]', "[1]"])
def test_a_file_of_another_shape_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    path = tmp_path / "cases.json"
    path.write_text(text, encoding="utf-8")
    assert main([str(path)]) == 2
    assert capsys.readouterr().err.startswith("No cases: ")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert main([str(tmp_path / "none.json")]) == 2


def test_a_topic_has_one_adapter() -> None:
    load_topics()
    with pytest.raises(ValueError, match="two adapters"):
        topic("match_correction")(adapter_of("match_cap"))


@pytest.mark.parametrize(
    ("expected", "actual", "agree"),
    [
        ("8000", "8000.00", True),
        ("0.05", "0.0500", True),
        ("0.05", "0.0501", False),
        ("fail", "pass", False),
        ("1", 1, False),
        (1, True, False),
        (None, None, True),
        (["1", True], ["1.0", True], True),
        (["1"], ["1", "1"], False),
        ({"a": {"b": 1}}, {"a": {"b": 1}}, True),
        ({"a": 1}, {"a": 1, "b": 2}, True),
        ({"a": 1, "b": 2}, {"a": 1}, False),
        ({}, {"a": 1}, False),
        ({}, {}, True),
        ([{"a": "1"}], [{"a": "1.0", "b": 2}], True),
    ],
)
def test_results_agree_in_shape_kind_and_value(expected: object, actual: object, agree: bool) -> None:
    assert same(expected, actual) is agree


def test_strings_become_cents_and_basis_points_exactly_or_not_at_all() -> None:
    assert (cents("1666.67"), basis_points("0.0325")) == (166_667, 325)
    with pytest.raises(ValueError, match="no whole number of cents"):
        cents("0.005")


def test_results_are_written_as_the_examples_write_them() -> None:
    assert (money(166_667), money(-5), whole_dollars(16_000_000)) == ("1666.67", "-0.05", "160000")
    assert (ratio(Fraction(1, 15)), ratio(Fraction(1, 24), places=6)) == ("0.0667", "0.041667")
    assert [shortest(Fraction(n, 1000)) for n in (0, 44, 100, 20_000)] == ["0", "0.044", "0.1", "20"]


@pytest.mark.parametrize(
    ("formula", "tiers"),
    [
        ("50% to 6%", [(600, 5_000)]),
        ("33.33% to 4.5%", [(450, 3_333)]),
        ("100% to 3%, 50% to 5%", [(300, 10_000), (500, 5_000)]),
        ("100% of first 3% plus 50% of next 2%", [(300, 10_000), (500, 5_000)]),
        ("safe harbor basic", [(300, 10_000), (500, 5_000)]),
    ],
)
def test_formulas_are_read_as_cumulative_tiers(formula: str, tiers: list[tuple[int, int]]) -> None:
    tables = match_tables(formula)
    assert list(zip(tables.bounds_bp[0].tolist(), tables.rates_bp[0].tolist(), strict=True)) == tiers


def test_a_formula_that_is_not_understood_is_refused() -> None:
    with pytest.raises(ValueError, match="not understood"):
        match_tables("as generous as we can")
