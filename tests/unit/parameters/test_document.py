"""YAML read without surprises."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from simulation.parameters.document import LARGEST_FILE, Document, read_document, read_value


def document(text: str | bytes) -> Document:
    return read_document(text.encode() if isinstance(text, str) else text, "s.yaml")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", 5),
        ("010", 10),
        ("-3", -3),
        ("0.015", Decimal("0.015")),
        ("1e-3", Decimal("0.001")),
        (".5", Decimal("0.5")),
        ("1.5%", "1.5%"),
        ("1.5 %", "1.5 %"),
        ("true", True),
        ("no", "no"),
        ("on", "on"),
        ("null", None),
        ("~", None),
        ("", None),
        ("04-01", "04-01"),
        ("2026-03-01", "2026-03-01"),
        ("12:30:45", "12:30:45"),
        ('"5"', "5"),
        ("[1, 2]", [1, 2]),
        ("{1: 20%, 2: 0.8}", {1: "20%", 2: Decimal("0.8")}),
    ],
)
def test_a_value_is_what_it_looks_like(text: str, value: Any) -> None:
    found, problems = read_value(text, "--set x")
    assert problems == ()
    assert found == value
    assert type(found) is type(value)


def test_lines_are_known_down_to_the_columns_of_a_list() -> None:
    found = document("# head\na:\n  b:\n    - {c: 1}\n    - c: 2\n  d: 3\n")
    assert found.where("a.d") == "s.yaml:6 a.d"
    assert found.where("a.b[1].c") == "s.yaml:5 a.b[1].c"
    assert found.where("a.b[1].missing") == "s.yaml:5 a.b[1].missing"
    assert found.where("a.d.deeper") == "s.yaml:6 a.d.deeper"


@pytest.mark.parametrize(
    ("content", "where", "found"),
    [
        ("a: 1\nb: 2\na: 3\n", "s.yaml:3 a", "given twice, first on line 1"),
        ("x:\n  1: 0.1\n  '1': 0.2\n", "s.yaml:3 x.1", "given twice, first on line 2"),
        ("a: [1, 2\nb: 3\n", "s.yaml:2", "no valid YAML"),
        ("a:\n\tb: 1\n", "s.yaml:2", "no valid YAML"),
        ("just words\n", "s.yaml:1", "no mapping at the top"),
        ("- 1\n- 2\n", "s.yaml:1", "no mapping at the top"),
        ("a: 1\n---\nb: 2\n", "s.yaml:2", "no valid YAML"),
        ("a: !!python/object/apply:os.system [ls]\n", "s.yaml:1 a", "the tag"),
        ("a: !secret x\n", "s.yaml:1 a", "the tag !secret"),
        ("a: !!int x\n", "s.yaml:1 a", "'x'"),
        ("? [1, 2]\n: 3\n", "s.yaml:1", "a key that is neither"),
        ("null: 3\n", "s.yaml:1", "a key that is neither"),
        (f"a: {'9' * 5000}\n", "s.yaml:1 a", "a number of 5000 digits"),
        (b"a: 1\nb: \xe9t\xe9\n", "s.yaml:2", "byte 0xe9, which is not UTF-8"),
        (b"a: 1\x00\n", "s.yaml", "no valid YAML"),
        ("a: 1\n".encode("utf-16"), "s.yaml:1", "not UTF-8"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_line(content: str | bytes, where: str, found: str) -> None:
    problems = document(content).problems
    assert problems[0].where == where
    assert found in problems[0].found


def test_a_byte_order_mark_and_windows_line_ends_are_no_matter() -> None:
    found = document("\ufeffa: 1\r\nb: 2\r\n")
    assert dict(found.tree) == {"a": 1, "b": 2}
    assert found.problems == ()


def test_an_empty_file_is_an_empty_overlay() -> None:
    assert document("# nothing\n").tree == {}
    assert document("").problems == ()


def test_aliases_do_not_unfold_without_bound() -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10)
    )
    assert "too many values" in document(bomb).problems[0].found
    assert "too many values" in document("a: &a\n  b: *a\n").problems[0].found
    assert "too many values" in document("a: " + "[" * 200 + "]" * 200).problems[0].found


def test_nesting_at_the_limit_of_a_file_ends_in_a_problem() -> None:
    assert document("a: " + "[" * (LARGEST_FILE // 100)).problems
